"""A call that is watched: the comparisons of values that Python makes in it, and the names that it gives to values.

>>> from mgc.micrograd.engine import Value
>>> def larger(a, b):
...     return a if a > b else b
>>> result, seen = watched(larger, [Value(1.0), Value(2.0)], Value)
>>> [(comparison.sign, comparison.outcome) for comparison in seen.comparisons]
[('>', False)]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path
from types import FrameType
from typing import TypeVar

from msgspec import Struct, field

from mgc.micrograd.terms import Graph

_HERE = str(Path(__file__).parent)
_OWN = {str(Path(__file__).with_name(name)) for name in ("engine.py", "tracing.py", "watch.py")}
T = TypeVar("T")


class Comparison(Struct, frozen=True):
    """`left sign right`, what it gave, and the line of Python that asked."""

    left: Graph | float
    sign: str
    right: Graph | float
    outcome: bool
    file: str
    line: int


class Seen(Struct):
    """What was seen of a call; names are those of the outermost call that gives a value one."""

    comparisons: list[Comparison] = field(default_factory=list)
    names: dict[Graph, str] = field(default_factory=dict)


_SEEN: ContextVar[Seen | None] = ContextVar("_SEEN", default=None)


def compared(left: Graph | float, sign: str, right: Graph | float, outcome: bool) -> bool:
    """The outcome of a comparison, which is remembered if the call is watched."""
    seen = _SEEN.get()
    if seen is not None:
        frame = _asking()
        seen.comparisons.append(Comparison(left, sign, right, outcome, frame.f_code.co_filename, frame.f_lineno))
    return outcome


def is_watched() -> bool:
    return _SEEN.get() is not None


def watched(f: Callable[..., T], arguments: Sequence[object], kind: type) -> tuple[T, Seen]:
    """What `f` gives, and what was seen. kind: the class of values."""
    seen = Seen()
    here = sys._getframe()
    token, before = _SEEN.set(seen), sys.getprofile()

    def returning(frame: FrameType, event: str, argument: object) -> None:
        code = frame.f_code
        if event == "return" and code.co_filename not in _OWN and not code.co_name.startswith("<"):  # comprehensions
            _name(frame, kind, seen.names, frame.f_back is here)

    sys.setprofile(returning)
    try:
        return f(*arguments), seen
    finally:
        sys.setprofile(before)
        _SEEN.reset(token)


def _asking() -> FrameType:
    """The frame outside of this package that compares."""
    frame = sys._getframe(2)
    while frame.f_code.co_filename.startswith(_HERE) and frame.f_back is not None:
        frame = frame.f_back
    return frame


def _name(frame: FrameType, kind: type, names: dict[Graph, str], outermost: bool) -> None:
    """Values are called as the variables that hold them at the end of a call: those of the caller rather than its own.

    A list gives its name to what has none yet; in the outermost call, to all but what the lists before it named.
    """
    code = frame.f_code
    arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    own: set[Graph] = set()
    for name, held in frame.f_locals.items():
        listed = _listed(held)
        if name in arguments or not isinstance(listed, (list, tuple)):
            continue
        if outermost or next(_values(listed, kind), None) not in names:
            held_here = [value for value in _values(listed, kind) if value not in own]
            names.update(dict.fromkeys(held_here, name))
            own.update(held_here)
    held_values = {name: held for name, held in frame.f_locals.items() if isinstance(held, kind)}
    names.update({held: name for name, held in held_values.items() if name not in arguments})  # type: ignore[misc]


def _listed(held: object) -> object:
    """An array of objects as lists; arrays of numbers hold no values, and are not copied."""
    dtype = None if isinstance(held, type) else getattr(held, "dtype", None)
    return held.tolist() if getattr(dtype, "kind", None) == "O" else held  # type: ignore[attr-defined]  # an array


def _values(held: Sequence[object], kind: type) -> Iterator[Graph]:
    for one in held:
        if isinstance(one, kind):
            yield one  # type: ignore[misc]
        elif isinstance(one, (list, tuple)):
            yield from _values(one, kind)
