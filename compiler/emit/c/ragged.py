"""Rows as long as data says, named loop nest -> named loop nest: the longest is found first, so that all have room.

`sum(sin(x*k)**2 for k in range(m[i]))` keeps m[i] sines for each i, and C must know how many before it begins.
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.names.names import NamedNest
from mgc.compiler.names.words import take
from mgc.compiler.schedule.loopnest import (
    Allocate,
    Apply,
    Assign,
    Expression,
    For,
    If,
    Item,
    Load,
    LoopIndex,
    Number,
    Pack,
    RowIndex,
    Size,
    Update,
    Variable,
    loads,
    parts,
    variables,
    walk,
)

Index = LoopIndex | RowIndex
_ZERO = Number(0, "int")


class Ragged(Struct, frozen=True):
    """A nest that begins with `searches` items that find the longest rows, and the arrays that have bounds now."""

    named: NamedNest
    searches: int
    bounded: Mapping[int, Variable]


def with_bounds(named: NamedNest) -> Ragged:
    """The nest with bounds for its rows; those that depend on what it computes have none still."""
    nest = named.nest
    wanted = [variable for variable in variables(nest) if variable.sizes and variable.bounds is None]
    if not wanted:
        return Ragged(named, 0, {})
    search = _Search(named)
    bounded = {one.serial: found for one in wanted if (found := search.bounded(one)) is not None}
    whole = replace(nest, body=(*search.items, *nest.body))
    names = replace(named, nest=whole, variables=search.called, loops=search.loop_names, taken=tuple(search.taken))
    return Ragged(names, len(search.items), bounded)


class _Search:
    """The items that find the longest rows, one for each length, and the names that they need."""

    def __init__(self, named: NamedNest) -> None:
        nest = named.nest
        self.loops = {item.serial: item for item in walk(nest.body) if isinstance(item, For)}
        self.numbers = _numbers(nest.body)
        self.serials = itertools.count(1 + max(item.serial for item in walk(nest.body)))
        known = [variable.serial for variable in (*variables(nest), *nest.inputs)]
        self.variables = itertools.count(1 + max(known))
        self.called, self.loop_names = dict(named.variables), dict(named.loops)
        self.taken = dict.fromkeys(named.taken)
        self.items: list[Item] = []
        self.found: dict[tuple[Expression, ...], Variable] = {}

    def bounded(self, variable: Variable) -> Variable | None:
        bounds: list[Expression] = []
        row = replace(variable, sizes=tuple([_renamed(size, {}, self.numbers) for size in variable.sizes]))
        for size in row.sizes:
            indices = self._indices(size, row)
            if not _is_given([size, *[end for index in indices for end in self._range(index, row)]]):
                return None
            bounds.append(Load(self._longest(size, indices, row), ()) if indices else size)
        counts = tuple([one if isinstance(one, Size | Number | Load) else _at_least_0(one) for one in bounds])
        return replace(variable, bounds=tuple(bounds), counts=counts, room=counts)

    def _range(self, index: Index, variable: Variable) -> tuple[Expression, Expression]:
        if isinstance(index, LoopIndex):
            loop = self.loops[index.loop]
            return _renamed(loop.start, {}, self.numbers), _renamed(loop.stop, {}, self.numbers)
        return _ZERO, variable.sizes[index.dimension]

    def _indices(self, size: Expression, variable: Variable) -> list[Index]:
        """The indices that a length depends on, and those on which their ranges do, outer ones first."""
        found: dict[Index, None] = {}
        stack = [size]
        while stack:
            for part in parts([stack.pop()]):
                if isinstance(part, Index) and part not in found:
                    found[part] = None
                    stack += self._range(part, variable)
        return sorted(found, key=lambda one: (0, one.loop) if isinstance(one, LoopIndex) else (1, one.dimension))

    def _longest(self, size: Expression, indices: Sequence[Index], variable: Variable) -> Variable:
        """The number that will be the greatest length."""
        alike = self._search(size, variable, {index: LoopIndex(-1 - place) for place, index in enumerate(indices)})
        if alike not in self.found:
            longest = self.found[alike] = Variable(next(self.variables), "value", "int")
            self.called[longest.serial] = take("longest", self.taken)
            places = {index: LoopIndex(next(self.serials)) for index in indices}
            length, *ends = self._search(size, variable, places)
            item: Item = Update(next(self.serials), longest, (), "max", length)
            stops: dict[Expression, Expression] = dict(zip(places.values(), ends[1::2], strict=True))
            if conditions := [*_inside(length, stops)]:
                both = functools.reduce(lambda left, right: Apply("and", (left, right), "bool"), conditions)
                item = If(next(self.serials), both, (item,))
            for index, start, stop in [*zip(indices, ends[::2], ends[1::2], strict=True)][::-1]:
                self.loop_names[places[index].loop] = self._name(index)
                item = For(places[index].loop, "", start, stop, (item,))
            self.items += [Allocate(next(self.serials), longest, 0), item]
        return self.found[alike]

    def _name(self, index: Index) -> str:
        """That of the loop that it stands for, or a free one."""
        return self.loop_names[index.loop] if isinstance(index, LoopIndex) else take(index.name or "row", self.taken)

    def _search(
        self, size: Expression, variable: Variable, places: Mapping[Index, LoopIndex]
    ) -> tuple[Expression, ...]:
        """A length, and where the indices that it depends on start and stop."""
        ends = [end for index in places for end in self._range(index, variable)]
        return tuple([_renamed(one, places) for one in (size, *ends)])


def _is_given(expressions: Sequence[Expression]) -> bool:
    """Whether it is read from inputs alone."""
    return all(load.variable.is_input and load.indices for load in loads(expressions) if load.variable.sizes) and all(
        load.variable.is_input for load in loads(expressions)
    )


def _at_least_0(size: Expression) -> Expression:
    return Apply("max", (size, _ZERO), "int")


def _inside(length: Expression, stops: Mapping[Expression, Expression]) -> Iterator[Expression]:
    """That what is read lies in its array: a place outside is told where the model reads it."""
    for load in [*loads([length])][::-1]:  # inner ones first
        for index, size in zip(load.indices, load.variable.sizes, strict=True):
            if not isinstance(index, LoopIndex):
                yield Apply("le", (_ZERO, index), "bool")
            if stops.get(index) != size:
                yield Apply("lt", (index, size), "bool")


def _renamed(
    expression: Expression, indices: Mapping[Index, LoopIndex], numbers: Mapping[int, Expression] = MappingProxyType({})
) -> Expression:
    """The expression with other indices, and with the values of the variables that hold `numbers`."""
    match expression:
        case LoopIndex() | RowIndex():
            return indices.get(expression, expression)
        case Load() if expression.variable.serial in numbers:
            return _renamed(numbers[expression.variable.serial], indices, numbers)
        case Load():
            return Load(expression.variable, tuple([_renamed(index, indices, numbers) for index in expression.indices]))
        case Apply():
            args = tuple([_renamed(one, indices, numbers) for one in expression.args])
            return Apply(expression.op, args, expression.dtype)
    return expression


def _numbers(body: Sequence[Item]) -> dict[int, Expression]:
    """The values of the integers that are assigned in one place."""
    stored = [item for item in walk(body) if isinstance(item, Assign | Update) and item.variable.dtype == "int"]
    times = Counter(item.variable.serial for item in stored)
    return {
        item.variable.serial: item.value
        for item in stored
        if times[item.variable.serial] == 1 and not item.variable.sizes and not isinstance(item, Update)
        if not isinstance(item.value, Pack)
    }
