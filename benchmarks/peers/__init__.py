"""The benchmarks' functions as the users of other tools write them.

A module of a peer has `made(work)`, and `steps(work)` where it can train: what the peer makes, by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Made(NamedTuple):
    """A call that is done when it returns, and how to read the value and the derivatives from what it returns."""

    call: Callable[[], Any]
    read: Callable[[Any], tuple[Any, Any]] = lambda found: found
    keep: object = None
