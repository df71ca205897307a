"""Names for rows, loop nest -> what to name before which item: `W_j = W[j]` outside the loop that runs along the row.

A list of lists is read one index at a time, so a row that an inner loop stays in is worth a name; and so is one number
of an input that a loop reads over and over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from mgc.compiler.emit.spelling import Key, key
from mgc.compiler.schedule.loopnest import (
    Allocate,
    Assign,
    Expression,
    For,
    If,
    Item,
    LoopNest,
    Pack,
    Update,
    Variable,
    expressions,
    loads,
)

Row = tuple[Variable, tuple[Expression, ...]]


class Level(Struct):
    """A list of items around the place that is being looked at."""

    loop: int | None
    item: Item | None = None  # the item of this level that the place is in
    arrays: set[int] = field(default_factory=set)  # arrays that are made here, or further in
    rows: dict[Key, Row] = field(default_factory=dict)
    uses: dict[Key, list[tuple[Item, bool]]] = field(default_factory=dict)  # under which item, in a loop of it?


def rows(nest: LoopNest) -> dict[int, list[Row]]:
    """The rows to name before each item, by the item's serial number."""
    before: dict[int, list[Row]] = {}
    _visit(nest.body, [Level(None)], before)
    return before


def _visit(items: Sequence[Item], levels: list[Level], before: dict[int, list[Row]]) -> None:
    here = levels[-1]
    for item in items:
        here.item = item
        if isinstance(item, Allocate) or (isinstance(item, Assign) and isinstance(item.value, Pack)):
            for level in levels:
                level.arrays.add(item.variable.serial)
        seen: set[Key] = set()
        for variable, indices in _references(item):
            plain = key(variable, indices)
            if plain not in seen:
                _note(levels, variable, indices, plain)
            if len(plain) > len(indices):
                seen.add(plain)
        if isinstance(item, For):
            _visit(item.body, [*levels, Level(item.serial)], before)
        elif isinstance(item, If):
            _visit(item.then, [*levels, Level(None)], before)
            _visit(item.otherwise, [*levels, Level(None)], before)
    for plain, uses in here.uses.items():
        if len(uses) > 1 or uses[0][1]:
            before.setdefault(uses[0][0].serial, []).append(here.rows[plain])


def _note(levels: list[Level], variable: Variable, indices: tuple[Expression, ...], plain: Key) -> None:
    """Enter the longest part of an element's indices that is settled outside the innermost loop around it."""
    if len(plain) > len(indices) and any(plain in level.rows for level in levels):
        return  # the element has a name: no row of it is read
    innermost = max([depth for depth, level in enumerate(levels) if level.loop is not None], default=0)
    longest = len(indices) if variable.is_input else len(indices) - 1  # whose elements never change
    for length in range(min(longest, len(plain) - 1), 0, -1):
        row = plain[: 1 + length]
        home = 0
        for depth, level in enumerate(levels):
            if level.loop in row[1:] or variable.serial in level.arrays:
                home = depth
        if home < innermost or (length < len(indices) and home == innermost and len(indices) > 1):
            item = levels[home].item
            assert item is not None
            levels[home].rows.setdefault(row, (variable, indices[:length]))
            levels[home].uses.setdefault(row, []).append((item, home < innermost))
            return


def _references(item: Item) -> Iterator[Row]:
    """Every element that an item mentions."""
    if isinstance(item, Assign | Update) and item.indices:
        yield item.variable, item.indices
    if not isinstance(item, Allocate):
        for load in loads(expressions(item)):
            if load.indices:
                yield load.variable, load.indices
