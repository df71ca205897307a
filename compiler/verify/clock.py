"""How much a verification may do, in steps of work: they are the same on every machine, and so is what is proved.

What can work for long counts its steps here, and stops where there are too many. A step takes one to two microseconds.

>>> with until(now() + 2):
...     check(2)
...     check()
Traceback (most recent call last):
mgc.compiler.verify.clock.OutOfWork
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 256  # steps that are counted together where each takes little
MOST_BITS = 1_000_000  # of one number, or elements of one list


class OutOfWork(Exception):
    """Nothing that is under way is finished: what is known by now is all that will be known."""


class OutOfTime(OutOfWork):
    """The same, for all that follows: the seconds that were given are over."""


class _Clock(threading.local):
    """Steps taken and steps allowed; when to stop, by `time.monotonic`."""

    now: int = 0
    end: float = math.inf
    stop: float = math.inf


_clock = _Clock()


def now() -> int:
    """The steps taken so far."""
    return _clock.now


def left() -> float:
    """The steps that are left."""
    return _clock.end - _clock.now


@contextmanager
def until(end: float) -> Iterator[None]:
    """What runs inside has steps until then, by `now`, if what runs around it has."""
    outside, _clock.end = _clock.end, min(end, _clock.end)
    try:
        yield
    finally:
        _clock.end = outside


@contextmanager
def as_far_as(end: float) -> Iterator[None]:
    """The same, but what runs inside is left undone where its steps end. Errors: OutOfTime."""
    try:
        with until(end):
            yield
    except OutOfTime:
        raise
    except OutOfWork:
        pass


@contextmanager
def seconds(limit: float) -> Iterator[None]:
    """What runs inside is stopped after as many seconds."""
    outside, _clock.stop = _clock.stop, min(time.monotonic() + limit, _clock.stop)
    try:
        yield
    finally:
        _clock.stop = outside


@contextmanager
def uncounted() -> Iterator[None]:
    """For what is kept once it is known: whether it is known already depends on what was verified before."""
    outside = _clock.now, _clock.end
    _clock.end = math.inf
    try:
        yield
    finally:
        _clock.now, _clock.end = outside


def check(steps: int = 1) -> None:
    """Count what was done. Errors: OutOfWork, OutOfTime."""
    _clock.now += steps
    if _clock.now > _clock.end:
        raise OutOfWork
    check_time()


def check_time() -> None:
    """Errors: OutOfTime."""
    if _clock.stop < math.inf and time.monotonic() > _clock.stop:
        raise OutOfTime


def check_bits(count: int) -> None:
    """Before a number or a list of that size is made, which could take any time at once. Errors: OutOfWork."""
    if count > MOST_BITS:
        raise OutOfWork
