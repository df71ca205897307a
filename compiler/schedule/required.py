"""Loop nest of conditions -> one that computes nothing, and fails where a condition does not hold.

for i in range(n):               for i in range(n):
    out[i] = x[i] > 0    ->          require x[i] > 0
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.schedule.loopnest import (
    Allocate,
    Assign,
    Expression,
    For,
    If,
    Item,
    Load,
    LoopNest,
    Pack,
    Require,
    Variable,
    loads,
    reads,
    walk,
)
from mgc.grammar.spelling import format_condition
from mgc.grammar.tree import Requirement


class _Checks(Struct, frozen=True):
    """The arrays of conditions, what else is read, and the serial numbers that are left."""

    arrays: Mapping[Variable, Requirement]
    read: frozenset[Variable]
    serials: Iterator[int]

    def of(self, condition: Expression, requirement: Requirement) -> Require:
        said = format_condition(requirement.condition)
        return Require(next(self.serials), condition, said, requirement.span)


def require_all(nest: LoopNest, requirements: Sequence[Requirement]) -> LoopNest:
    """The nest that checks its results, one for each requirement, and returns nothing."""
    pairs = list(zip(nest.outputs, requirements, strict=True))
    arrays = {one.variable: said for one, said in pairs if isinstance(one, Load) and one.variable.sizes}
    read = frozenset([variable for item in nest.body for variable in reads(item)])
    checks = _Checks(arrays, read, count(1 + max([item.serial for item in walk(nest.body)], default=-1)))
    numbers = [(one, said) for one, said in pairs if not (isinstance(one, Load) and one.variable.sizes)]
    first = [checks.of(condition, said) for condition, said in numbers if _is_given(condition)]
    last = [checks.of(condition, said) for condition, said in numbers if not _is_given(condition)]
    return replace(nest, body=(*first, *_items(nest.body, checks), *last), outputs=())


def _is_given(condition: Expression) -> bool:
    """Whether nothing need be computed before: such a condition may be what the others rely on."""
    return all(load.variable.is_input for load in loads([condition]))


def _items(items: Sequence[Item], checks: _Checks) -> tuple[Item, ...]:
    return tuple([one for item in items for one in _checked(item, checks)])


def _checked(item: Item, checks: _Checks) -> tuple[Item, ...]:
    """An item with the check of what it sets; without itself, where nothing reads that."""
    match item:
        case For():
            return (replace(item, body=_items(item.body, checks)),)
        case If():
            return (replace(item, then=_items(item.then, checks), otherwise=_items(item.otherwise, checks)),)
        case Allocate() if item.variable in checks.arrays and item.variable not in checks.read:
            return ()
        case Assign() if item.variable in checks.arrays:
            requirement, value = checks.arrays[item.variable], item.value
            assert not isinstance(value, Pack)
            if item.variable in checks.read:
                return item, checks.of(Load(item.variable, item.indices), requirement)
            return (checks.of(value, requirement),)
    return (item,)
