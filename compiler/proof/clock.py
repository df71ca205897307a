"""How long a verification may take: whatever can work for long asks, and stops there when the time is up.

>>> with until(time.monotonic() - 1):
...     check()
Traceback (most recent call last):
mgc.compiler.proof.clock.OutOfTime
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MOST_BITS = 1_000_000  # of one number, or elements of one list
_end: ContextVar[float] = ContextVar("end", default=math.inf)


class OutOfTime(Exception):
    """Nothing that is under way is finished: what is known by now is all that will be known."""


@contextmanager
def until(end: float) -> Iterator[None]:
    """What runs inside has time until then, by `time.monotonic`."""
    outside = _end.set(end)
    try:
        yield
    finally:
        _end.reset(outside)


def check() -> None:
    """Errors: OutOfTime."""
    if time.monotonic() > _end.get():
        raise OutOfTime


def check_bits(count: int) -> None:
    """Before a number or a list of that size is made, which could take any time at once. Errors: OutOfTime."""
    if count > MOST_BITS:
        raise OutOfTime
