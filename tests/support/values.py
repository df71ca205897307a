"""Arrays whose entries are computed when they are first read, and what the evaluation of a definition carries along.

>>> squares = Array((2,), lambda place: place[0] ** 2)
>>> squares.flat()
[0, 1]
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from mgc.grammar import tree
from support.duals import PLAIN, Dual, Operations, Scalar, apply, value

Place = tuple[int, ...]


class Unfit(Exception):
    """Shapes that do not fit, or what the language has no meaning for."""


class Array(Struct, frozen=True):
    """Entries by place, each computed when it is first read; a number is an array without axes.

    Where the rows differ in length, `row` gives each, and the shape says only how many there are.
    """

    shape: Place
    compute: Callable[[Place], Scalar]
    row: Callable[[int], Array] | None = None
    known: dict[Place, Scalar] = field(default_factory=dict)

    def __getitem__(self, place: Place) -> Scalar:
        if place not in self.known:
            self.known[place] = self.compute(place)
        return self.known[place]

    def places(self) -> Iterator[Place]:
        if self.row is None:
            return itertools.product(*map(range, self.shape))
        return ((k, *place) for k in range(self.shape[0]) for place in self.row(k).places())

    def flat(self) -> list[Scalar]:
        return [self[place] for place in self.places()]

    def number(self) -> Scalar:
        if self.shape:
            raise Unfit(f"a number is wanted, not an array of {self.shape}")
        return self[()]

    def plain(self) -> Any:
        return value(self.number())


def of(scalar: Scalar) -> Array:
    return Array((), lambda _: scalar)


def ragged(count: int, row: Callable[[int], Array]) -> Array:
    """An array whose rows differ in length."""
    rows: dict[int, Array] = {}

    def one(k: int) -> Array:
        if k not in rows:
            rows[k] = row(k)
        return rows[k]

    def entry(place: Place) -> Scalar:
        if len(place) < 2:
            raise Unfit("a row where a number is wanted")
        return one(place[0])[place[1:]]

    return Array((count,), entry, one)


class Later:
    """A value that is computed when it is first asked for: what nobody reads cannot fail."""

    def __init__(self, compute: Callable[..., Any], *arguments: Any) -> None:
        self._compute: Callable[..., Any] | None = compute
        self._arguments = arguments
        self._found: Any = None

    def get(self) -> Any:
        if self._compute is not None:
            self._found, self._compute = self._compute(*self._arguments), None
        return self._found


def _same(found: Any) -> Any:
    return found


class Machine(Struct, frozen=True):
    """The declarations, parameters by dotted name, and the operations. `doubts`: ties whose slope is a convention.

    `whole`: of a named array of which an entry is read, every entry is computed; `strict`: and has to have a value,
    in a literal, too.
    `assumed`: what a condition that has no value is taken for.
    """

    declared: Mapping[str, tree.Declaration]
    params: Mapping[str, Any]
    operations: Operations
    doubts: list[str] = field(default_factory=list)
    whole: bool = False
    strict: bool = False
    assumed: bool | None = None


class Frame(Struct, frozen=True):
    """Names of one definition; `path` and `calls` name the parameters of a model or layer."""

    machine: Machine
    names: dict[str, Later]
    path: str | None = None
    calls: dict[Any, str] = field(default_factory=dict)

    def having(self, **more: Any) -> Frame:
        later = {name: found if isinstance(found, Later) else Later(_same, found) for name, found in more.items()}
        return replace(self, names={**self.names, **later})

    def of_indices(self) -> Frame:
        """The frame for the arithmetic of indices, which counts nothing."""
        return replace(self, machine=replace(self.machine, operations=PLAIN)) if self.machine.whole else self


def _trailing(place: Place, operand: Array) -> Place:
    return place[len(place) - len(operand.shape) :]


def elementwise(function: Callable[..., Scalar], *operands: Array) -> Array:
    """The function of numbers, each given as what computes it, at places of shapes that align at their last axes."""
    shape: Place = max((operand.shape for operand in operands), key=len)
    for operand in operands:
        if operand.shape and operand.shape != shape[len(shape) - len(operand.shape) :]:
            raise Unfit(f"shapes {operand.shape} and {shape}")

    def entry(place: Place) -> Scalar:
        return function(*[partial(operand.__getitem__, _trailing(place, operand)) for operand in operands])

    return Array(shape, entry)


def applied(frame: Frame, name: str, *operands: Array) -> Array:
    return elementwise(lambda *all_: apply(frame.machine.operations, name, *[a() for a in all_]), *operands)


def given_array(
    machine: Machine, name: str, nested: Any, dtype: str = "float", sizes: Sequence[int] | None = None
) -> Array:
    """An array of nested lists, whose float entries carry slopes by (name, place)."""
    shape = list(sizes or ())
    row = nested
    while isinstance(row, list) and sizes is None:
        shape.append(len(row))
        row = row[0] if row else 0.0

    def entry(place: Place) -> Scalar:
        number = nested
        for k in place:
            number = number[k]
        if dtype == "int":
            return number
        flat = sum(k * math.prod(shape[axis + 1 :]) for axis, k in enumerate(place))
        return Dual(float(number), {(name, flat): float(1)})

    return Array(tuple(shape), entry)
