"""Whether a nest stores every value before it reads it, decided from the nest alone.

What reads a value stands after all that sets it. Inside a loop around both, the value must begin anew in each turn, or
the loop's index must tell its elements apart.

>>> from mgc.compiler.schedule.loopnest import Assign, Load, Number, Size, Update, Variable
>>> total, mean = Variable(0, "value", "float"), Variable(1, "value", "float")
>>> start, add = Allocate(0, total, 0.0), Update(2, total, (), "sum", Number(1.0, "float"))
>>> read = Assign(3, mean, (), Load(total, ()))
>>> read_too_early(LoopNest("f", (), ("n",), (start, For(1, "i", Number(0, "int"), Size("n"), (add,)), read), ()))
()
>>> read_too_early(LoopNest("f", (), ("n",), (start, For(1, "i", Number(0, "int"), Size("n"), (add, read)),), ()))
(0,)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from mgc.compiler.schedule.loopnest import (
    Allocate,
    Declare,
    Expression,
    For,
    If,
    Item,
    LoopIndex,
    LoopNest,
    Statement,
    expressions,
    loads,
)

Path = tuple[tuple[int, int], ...]  # from the outside inwards: the place in a list, and the loop whose body that is
NO_LOOP, ARMS = -1, -2  # instead of a loop: the function's or an arm's own list, and the arms of a branch


class Uses(Struct):
    """Where a variable begins, is set and is read, the latter two with the indices of the element."""

    begins: list[Path] = field(default_factory=list)
    sets: list[tuple[Path, tuple[Expression, ...]]] = field(default_factory=list)
    reads: list[tuple[Path, tuple[Expression, ...]]] = field(default_factory=list)


def read_too_early(nest: LoopNest) -> tuple[int, ...]:
    """The serial numbers of the variables that something reads before all that sets them is done."""
    return tuple([serial for serial, uses in _uses(nest).items() if not _is_ordered(uses)])


def _uses(nest: LoopNest) -> dict[int, Uses]:
    found: dict[int, Uses] = defaultdict(Uses)

    def read(path: Path, roots: Sequence[Expression]) -> None:
        for load in loads(roots):
            if not load.variable.is_input:
                found[load.variable.serial].reads.append((path, load.indices))

    for path, item in _walk(nest.body, (), NO_LOOP):
        read(path, expressions(item))
        if isinstance(item, Statement):
            found[item.variable.serial].sets.append((path, item.indices))
        elif isinstance(item, Allocate | Declare):
            found[item.variable.serial].begins.append(path)
    read(((len(nest.body), NO_LOOP),), nest.roots())
    return found


def _walk(items: Sequence[Item], around: Path, loop: int) -> Iterator[tuple[Path, Item]]:
    for place, item in enumerate(items):
        path = (*around, (place, loop))
        yield path, item
        if isinstance(item, For):
            yield from _walk(item.body, path, item.serial)
        elif isinstance(item, If):
            yield from _walk(item.then, (*path, (0, ARMS)), NO_LOOP)
            yield from _walk(item.otherwise, (*path, (1, ARMS)), NO_LOOP)


def _is_ordered(uses: Uses) -> bool:
    begins = uses.begins or [path for path, _ in uses.sets]
    if any(path < min(begins, default=path) for path, _ in [*uses.sets, *uses.reads]):
        return False
    return all(
        _are_exclusive(writing, reading)
        or (writing < reading and all(_is_apart(loop, begins, at, read) for loop in _common_loops(writing, reading)))
        for writing, at in uses.sets
        for reading, read in uses.reads
    )


def _common_loops(one: Path, other: Path) -> Iterator[int]:
    """The loops that are around both places."""
    for mine, theirs in zip(one, other, strict=False):
        if mine[1] not in (NO_LOOP, ARMS):
            yield mine[1]
        if mine != theirs:
            return


def _are_exclusive(one: Path, other: Path) -> bool:
    """Whether the places are in different arms of a branch."""
    parted = next((mine for mine, theirs in zip(one, other, strict=False) if mine != theirs), None)
    return parted is not None and parted[1] == ARMS


def _is_apart(loop: int, begins: Sequence[Path], at: Sequence[Expression], read: Sequence[Expression]) -> bool:
    """Whether what a turn of the loop reads is all set in the same turn."""
    if any(around == loop for path in begins for _, around in path):
        return True
    return any(mine == theirs == LoopIndex(loop) for mine, theirs in zip(at, read, strict=False))
