"""Work counted, not timed: how many functions Python calls, which is the same however busy the machine is.

>>> with counted() as calls:
...     total = sum(map(abs, [1, -2, 3]))
>>> 3 < calls() < 10
True
"""

from __future__ import annotations

import cProfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def counted() -> Iterator[Callable[[], int]]:
    """How many functions were called in the block, Python's own among them."""
    profile = cProfile.Profile()
    profile.enable(subcalls=False)
    try:
        yield lambda: sum(entry.callcount for entry in profile.getstats())
    finally:
        profile.disable()


@contextmanager
def limited(most: int) -> Iterator[None]:
    """Fail where the block calls more functions."""
    with counted() as calls:
        yield
    assert calls() <= most, f"{calls():,} calls, {most:,} allowed"
