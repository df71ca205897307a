"""A function at a point -> its run, step by step: what each statement of the emitted text sets, in the order of time.

f(x): n = x*x; return n + 1   at x = 3   ->   n = 9.0, out = 10.0
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct, field

from mgc.grammar.diagnostics import DataError, ModelError
from mgc.runtime.conversion import Nested
from mgc.runtime.explain.places import Index, Rows
from mgc.runtime.model import Function
from mgc.runtime.see.events import Event
from mgc.runtime.see.events import run as traced
from mgc.runtime.subscripts import root_name

MAX_RUN = 1_000_000  # statements and turns of loops of a run: about a second, which a live page can wait for
MAX_STEPS = 12_000  # a page of so many opens at once
MAX_NUMBERS = 200_000  # that the steps set, all together
_APPLIED: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
}


class Step(Struct, frozen=True):
    """An executed statement, by its line, in which turn of the loops around it; what it sets, and to what."""

    line: int
    turn: tuple[int, ...]
    name: str
    at: tuple[int, ...]
    value: Nested


class Run(Struct, frozen=True):
    """`returned` is what the function gives. `left_out`: how many steps came after the last that is kept; `failure`:
    what stopped the function, if it was stopped.
    """

    steps: tuple[Step, ...]
    returned: object
    left_out: int
    failure: str


def run(function: Function, bound: Sequence[object], rows: Rows, given: Mapping[str, Nested]) -> Run:
    """A run of value and derivatives. `bound`: the arguments as `Function.checked` gives them; `given` by name."""
    kept, failure, returned = _Kept(rows, {name: _copied(value) for name, value in given.items()}), "", None
    try:
        returned = traced(function, bound, kept.visit, MAX_RUN)
    except (ModelError, DataError) as error:
        failure = str(error)
    return Run(tuple(kept.steps), returned, kept.left_out, failure)


class _Kept(Struct):
    """The steps so far, and what the names hold after them."""

    rows: Rows
    held: dict[str, Nested]
    steps: list[Step] = field(default_factory=list)
    left_out: int = 0
    numbers: int = 0

    def visit(self, event: Event) -> None:
        if len(self.steps) == MAX_STEPS or self.numbers > MAX_NUMBERS:
            self.left_out += 1
            return
        name, at = self.element(event)
        self.steps.append(Step(event.step.line, event.turn, name, at, _copied(event.value)))
        self.numbers += _count(event.value)
        self.hold(name, at, _copied(event.value))

    def element(self, event: Event) -> tuple[str, tuple[int, ...]]:
        """The variable and the place in it, where the text may say a row by a name of its own."""
        root = root_name(event.step.target)
        array, before = self.rows.get(root, (root, ()))
        names = self.held | dict(zip(event.step.loops, event.turn, strict=True))
        return array, (*[_number(index, names) for index in before], *event.element)

    def hold(self, name: str, at: tuple[int, ...], value: Nested) -> None:
        if not at:
            self.held[name] = value
            return
        inner = _entry(self.held[name], at[:-1])
        assert isinstance(inner, list)
        inner[at[-1]] = value


def _number(index: Index, names: Mapping[str, Nested]) -> int:
    if isinstance(index, int):
        return index
    if isinstance(index, str):
        found = names[index]
    elif index[0] == "[]":
        found = _entry(names[str(index[1])], [_number(inner, names) for inner in index[2:]])
    else:
        found = _APPLIED[str(index[0])](_number(index[1], names), _number(index[2], names))
    assert isinstance(found, int)
    return found


def _entry(array: Nested, at: Sequence[int]) -> Nested:
    for index in at:
        assert isinstance(array, list)
        array = array[index]
    return array


def _copied(value: Nested) -> Nested:
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def _count(value: Nested) -> int:
    return sum(map(_count, value)) if isinstance(value, list) else 1
