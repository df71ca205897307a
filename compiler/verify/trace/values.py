"""What emitted text computes with on symbols: numbers as terms, lists that know their names, and what was stored.

>>> row = symbols("W", (2, 2))
>>> [name for name, _ in flat(row, "W")]
['W[0][0]', 'W[0][1]', 'W[1][0]', 'W[1][1]']
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import Struct

from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term, function, symbol

Value = Any  # int, bool, str, Term, Row, tuple, dict or None: whatever the text computes
NUMBERS = (Term, int, float)
UNDEFINED = function("undefined")


class NotRun(Exception):
    """The text does what this machine cannot follow (or no reasonable number of steps): it is not checked."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")


def not_followed(node: ast.stmt | ast.expr) -> NotRun:
    return NotRun(node.lineno, f"`{ast.unparse(node).splitlines()[0]}` is not followed")


class WrongType(TypeError):
    """A TypeError that the text raises. Any other one is of this machine, which does not follow the text."""

    def __repr__(self) -> str:
        return f"TypeError({str(self)!r})"


class Refused(ValueError):
    """The text raises, as it does where its arguments are not as it requires."""


def is_number(value: Value) -> bool:
    return isinstance(value, Term | int | float)


class Either(Struct, frozen=True):
    """Two arms of a branch left different lists under one name: it may be read only where it is known which."""

    line: int
    condition: Term
    then: Value
    otherwise: Value


class Row(list[Value]):
    """A list of the text, with the name it was first stored under: `dW[2]` for a row of `dW`."""

    name: str = ""
    given: bool = False  # an argument, which is not the function's to change


class Chosen(Row):
    """The row at a place that symbols decide: one of several, each with its condition. It is read and written there."""

    def __init__(self, rows: Sequence[tuple[Term, Row]]) -> None:
        super().__init__([None] * len(rows[0][1]))
        self.rows = rows

    def __getitem__(self, place: Any) -> Value:
        return picked([(condition, row[place]) for condition, row in self.rows])

    def __iter__(self) -> Iterator[Value]:
        return (self[place] for place in range(len(self)))


def picked(values: Sequence[tuple[Term, Value]]) -> Value:
    """That of several values, all numbers or all rows, whose condition holds; undefined where none does."""
    if values and isinstance(values[0][1], Row):
        return Chosen(values)
    result: Value = UNDEFINED
    for condition, value in reversed(values):
        result = terms.select(condition, value, result)
    return result


class Stored(NamedTuple):
    """One execution of a statement: what was stored where, in which turn of its loops, under which conditions."""

    cell: Term
    name: str
    line: int
    turn: tuple[tuple[str, int], ...]
    guard: Term
    before: Term | None
    merged: bool = False  # no statement of its own: what a branch leaves, from both of its arms

    @property
    def base(self) -> str:
        """The name without indices."""
        return self.name.split("[")[0]


class Arm(Struct, frozen=True, eq=False):
    """One arm of a branch that was met: the condition as the text has it, whether it is the arm where that holds, and
    the conditions under which it is taken; None where those outside exclude it."""

    condition: ast.expr
    holds: bool
    path: Mapping[Term, bool] | None


def symbols(name: str, shape: Sequence[int]) -> Value:
    """An array of symbols `name[0][1]`, or one symbol for shape ()."""
    if not shape:
        return symbol(name)
    row = Row(symbols(f"{name}[{place}]", shape[1:]) for place in range(shape[0]))
    row.name, row.given = name, True
    return row


def flat(value: Value, name: str = "") -> Iterator[tuple[str, Value]]:
    """The numbers of nested lists with their names: `dW[0][1]`."""
    if isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from flat(inner, f"{name}[{place}]")
    else:
        yield name, value


def named(row: Row, name: str) -> None:
    """Give a fresh list its name, and its rows theirs."""
    if not row.name:
        row.name = name
        for place, inner in enumerate(row):
            if isinstance(inner, Row):
                named(inner, f"{name}[{place}]")


def whole(index: Value) -> Value:
    """A list index: a term that is a whole number as an int."""
    if isinstance(index, Term):
        value = terms.number(index)
        return int(value) if value is not None and value.denominator == 1 else index
    return index
