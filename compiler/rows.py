"""Names for rows, loop nest -> what to name before which item: `W_j = W[j]` outside the loop that runs along the row.

A list of lists is read one index at a time, so a row that an inner loop stays in is worth a name; and so is one number
of an input that a loop reads over and over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeGuard

from mgc.compiler.graph import Node
from mgc.compiler.loopnest import Allocate, Assign, For, If, Item, LoopNest, Update, Variable
from mgc.compiler.names import Naming

Row = tuple[object, ...]  # the array's name, then indices


@dataclass(slots=True)
class Level:
    """A list of items around the place that is being looked at."""

    axis: Node | None
    item: Item | None = None  # the item of this level that the place is in
    arrays: set[str] = field(default_factory=set)  # arrays that are made here, or further in
    found: dict[Row, list[tuple[Item, bool]]] = field(default_factory=dict)  # uses: under which item, in a loop of it?


def rows(nest: LoopNest, naming: Naming) -> dict[int, list[Row]]:
    """The rows to name before each item, by the item's id."""
    before: dict[int, list[Row]] = {}
    outermost = Level(None)
    _visit(nest, naming, nest.body, [outermost], before)
    return before


def _visit(
    nest: LoopNest, naming: Naming, items: list[Item], levels: list[Level], before: dict[int, list[Row]]
) -> None:
    here = levels[-1]
    for item in items:
        here.item = item
        if isinstance(item, Allocate) or _is_literal(item):
            for level in levels:
                level.arrays.add(item.variable.name)
        for name, indices, whole in _references(nest, naming, item):
            _note(levels, name, indices, whole)
        if isinstance(item, For):
            _visit(nest, naming, item.body, [*levels, Level(item.axis)], before)
        elif isinstance(item, If):
            _visit(nest, naming, item.then, [*levels, Level(None)], before)
            _visit(nest, naming, item.otherwise, [*levels, Level(None)], before)
    for row, uses in here.found.items():
        if len(uses) > 1 or uses[0][1]:
            before.setdefault(id(uses[0][0]), []).append(row)


def _is_literal(item: Item) -> TypeGuard[Assign]:
    """Whether an array literal is made, or put in place of a row."""
    return isinstance(item, Assign) and isinstance(item.value, Node) and item.value.op == "pack"


def _note(levels: list[Level], name: str, indices: tuple[Node, ...], whole: bool) -> None:
    """Enter the longest part of an element's indices that is settled outside the innermost loop around it."""
    if any((name, *indices) in level.found for level in levels):  # the element has a name: no row of it is read
        return
    innermost = max((depth for depth, level in enumerate(levels) if level.axis is not None), default=0)
    for length in range(len(indices) if whole else len(indices) - 1, 0, -1):
        part = indices[:length]
        if not all(index.op in ("index", "const") for index in part):
            continue
        home = 0
        for depth, level in enumerate(levels):
            if level.axis in part or name in level.arrays:
                home = depth
        if home < innermost or (length < len(indices) and home == innermost and len(indices) > 1):
            item = levels[home].item
            assert item is not None
            levels[home].found.setdefault((name, *part), []).append((item, home < innermost))
            return


def _references(nest: LoopNest, naming: Naming, item: Item) -> Iterator[tuple[str, tuple[Node, ...], bool]]:
    """(array, indices, whether its elements never change) for every element that a statement mentions."""
    roots: list[Node] = []
    match item:
        case Assign() | Update():
            if item.indices:
                yield item.variable.name, item.indices, False
            value = item.value
            if isinstance(value, Node):
                roots = list(value.args) if value is item.variable.node else [value]
            roots += item.indices
        case For():
            roots = list(item.axis.args)
        case If():
            roots = [item.condition]
    seen: set[Node] = set()
    while roots:
        node = roots.pop()
        if node in seen or node.op == "index":
            continue
        seen.add(node)
        variable = nest.variables.get(node)
        if variable is not None:
            if variable.axes:
                yield variable.name, variable.axes, False
            continue
        if node.op == "read":
            source, *indices = node.args
            stored: Variable | None = nest.variables.get(source)
            if source.op == "input":
                yield naming.inputs[source], tuple(indices), True
            elif stored is not None:
                yield stored.name, (*stored.axes, *indices), False
            roots.extend(reversed(indices))
        else:
            roots.extend(reversed(node.args))
