"""What is stored, with which axes, and where it is declared and gets its first value."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from mgc.compiler.graph import sizes
from mgc.compiler.graph.builder import Builder, stored_sizes
from mgc.compiler.graph.nodes import Node
from mgc.compiler.graph.partial import is_partial
from mgc.compiler.schedule.statements import Allocate, Assign, Container, Declare, Item, Update, Variable, Work

_IDENTITY = {"sum": 0.0, "prod": 1.0, "max": -math.inf, "min": math.inf}
_LARGEST_INTEGER = 2**53


def view(array: Node, body: Variable) -> Variable:
    """The array that a variable is when all its axes are taken together."""
    outer = len(body.axes) - (len(array.args) - 1)
    return Variable(array, body.home, body.axes[:outer], body.sizes, body)


def store(
    build: Builder,
    node: Node,
    works: Sequence[Work],
    readers: Sequence[tuple[Container, ...]],
    order: Sequence[Node],
) -> Variable:
    """Decide the axes that a value is stored with, and put its declaration and initial value in their places.

    `order` is that of the array whose elements they are: the author's.
    """
    homes = [work.trail[: 1 + work.own] for work in works]
    common = _shared([*homes, *readers])
    axes = [container.axis for container in homes[0][len(common) :] if container.axis is not None]
    if node.op == "reduce":
        return _store_reduction(build, node, works[0], common, axes, readers, order)
    axes = _ordered(axes, order)
    extents = (*[axis.args[1] for axis in axes], *stored_sizes(build, node))
    variable = Variable(node, common, tuple(axes), tuple(sizes.unchecked(build, size) for size in extents))
    for work in works:
        assert work.item is not None
        work.item.variable = variable
        work.item.indices = (*axes, *work.indices)
    first = min(works, key=lambda work: _place(common, work))
    here = all(work.trail[-1] is common[-1] for work in works)
    adds = any(isinstance(work.item, Update) for work in works)
    if node.op == "pack" and here:
        pass  # a literal is made where it is set
    elif variable.sizes:
        known = _where_known(variable, common, homes)
        _before(known, first, Allocate(variable, 0 if node.dtype == "int" else 0.0, sum(bool(w.step) for w in works)))
    elif adds:
        _before(common, first, Allocate(variable, 0.0, sum(bool(w.step) for w in works)))
    elif not here:
        _before(common, first, Declare(variable))
    return variable


def _store_reduction(
    build: Builder,
    node: Node,
    work: Work,
    common: tuple[Container, ...],
    outer: list[Node],
    readers: Sequence[tuple[Container, ...]],
    order: Sequence[Node],
) -> Variable:
    """A reduction adds to its variable directly, or to a number of its own that is stored when the loop is over.

    A number of its own is stored after the branch that adds to it, so it is none where a reader stands in that branch.
    """
    inner = [axis for axis, arm in work.path[work.own :] if arm is None and axis in node.axes]
    axes = tuple(_ordered([*outer, *inner], order))
    variable = Variable(node, common, axes, tuple(sizes.unchecked(build, axis.args[1]) for axis in axes))
    assert work.item is not None
    fill = _identity(node)
    if axes:
        _before(common, work, Allocate(variable, fill))
    home = work.trail[: 1 + work.own]
    read_inside = any(len(_shared([work.trail, reader])) > len(home) for reader in readers)
    if outer and not inner and not read_inside and not work.turn:
        running = Variable(node, home, of=variable)
        _before(home, work, Allocate(running, fill))
        _after(home, work, Assign(variable, axes, running))
        work.item.variable = running
        return variable
    if not axes:
        if home[-1] is not common[-1]:
            _before(common, work, Declare(variable))
        _before(home, work, Allocate(variable, fill))
    work.item.variable = variable
    work.item.indices = axes
    return variable


def _where_known(
    variable: Variable, common: tuple[Container, ...], homes: Sequence[tuple[Container, ...]]
) -> tuple[Container, ...]:
    """Where an array is made: in the branch that fills it, where its size may have no value outside."""
    if not any(map(is_partial, variable.sizes)):
        return common
    inner = itertools.takewhile(lambda container: container.axis is None, _shared(homes)[len(common) :])
    return (*common, *inner)


def _ordered(axes: list[Node], order: Sequence[Node]) -> list[Node]:
    return sorted(axes, key=order.index) if set(axes) <= set(order) else axes


def _shared(trails: Sequence[tuple[Container, ...]]) -> tuple[Container, ...]:
    """The containers that all trails go through."""
    common = trails[0]
    for trail in trails[1:]:
        depth = 0
        for a, b in zip(common, trail, strict=False):
            if a is not b:
                break
            depth += 1
        common = common[:depth]
    return common


def _leading(trail: tuple[Container, ...], work: Work) -> Item:
    """The item of a trail's last container in which, or as which, the statement stands."""
    item = work.item if len(work.trail) == len(trail) else work.trail[len(trail)].owner
    assert item is not None
    return item


def _place(trail: tuple[Container, ...], work: Work) -> int:
    container = trail[-1]
    if not container.places:
        container.places = {item: place for place, item in enumerate(container.items)}
    return container.places[_leading(trail, work)]


def _before(trail: tuple[Container, ...], work: Work, new: Item) -> None:
    trail[-1].before[_leading(trail, work)].append(new)


def _after(trail: tuple[Container, ...], work: Work, new: Item) -> None:
    trail[-1].after[_leading(trail, work)].append(new)


def _identity(node: Node) -> float | int:
    assert isinstance(node.attribute, str)
    if node.dtype == "int":
        return {"sum": 0, "prod": 1, "max": -_LARGEST_INTEGER, "min": _LARGEST_INTEGER}[node.attribute]
    return _IDENTITY[node.attribute]
