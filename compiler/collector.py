"""The collector of cycles, and where it is switched off: many objects are made there, and next to none in a cycle.

>>> import gc
>>> with without_collector():
...     gc.isenabled()
False
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """It would walk all that was made, again and again: half of the time that compiling takes."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
