"""Values -> the statements that compute them, with the loops and branches that each needs, in order."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from mgc.compiler.graph import control
from mgc.compiler.graph.control import TooDeep
from mgc.compiler.graph.guards import Guards, added_under
from mgc.compiler.graph.nodes import Node, ScatterLayout, Step, bound_axes, contributions, serial
from mgc.compiler.schedule import placement as placing
from mgc.compiler.schedule.placement import Placement
from mgc.compiler.schedule.statements import Head, Wait, Work


class Circular(Exception):
    """Two values are each needed to tell whether the other is: `node` is one of them."""

    def __init__(self, node: Node) -> None:
        self.node = node


def in_order(works: Sequence[Work]) -> list[Work]:
    """The statements after all that they wait for: a condition may be younger than what it guards. Errors: Circular."""
    place = {work: here for here, work in enumerate(works)}
    followers: list[list[int]] = [[] for _ in works]
    waiting = [len(work.after) for work in works]
    for here, work in enumerate(works):
        for wait in work.after:
            followers[place[wait.work]].append(here)
    ready = [here for here, count in enumerate(waiting) if not count]  # ascending, so it is a heap
    order = []
    while ready:
        here = heapq.heappop(ready)
        order.append(works[here])
        for follower in followers[here]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(ready, follower)
    if len(order) < len(works):
        raise Circular(min([work.node for work, count in zip(works, waiting, strict=True) if count], key=serial))
    return order


def live(works: Sequence[Work], readers: Mapping[Node, list[Work]], roots: set[Node]) -> list[Work]:
    """The statements that a result depends on: a branch that became part of a sum is not read as a value."""
    live: set[Work] = set()
    for work in reversed(works):
        if work.node in roots or any(reader in live for reader in readers.get(work.node, ())):
            live.add(work)
    return [work for work in works if work in live]


def find_aliases(placement: Placement) -> dict[Node, Node]:
    """Stored arrays whose elements have a variable anyway: that variable, with all its axes, is the array."""
    aliases: dict[Node, Node] = {}
    taken: set[Node] = set()
    for node in placement.order:
        if node.op != "array" or node not in placement.named:
            continue
        body, axes = node.args[0], node.args[1:]
        if (
            body in placement.named
            and body not in taken
            and body.op not in ("array", "pack", "scatter")
            and placement.guards[body] == placement.guards[node]
            and set(body.axes) == {*node.axes, *axes}
        ):
            aliases[node] = body
            taken.add(body)
    return aliases


def make_works(placement: Placement, aliases: Mapping[Node, Node]) -> list[Work]:
    works = []
    for node in placement.order:
        if node in placement.named and node not in aliases:
            works.extend(_WORKS.get(node.op, _of_value)(placement, node))
    return works


def _path(axes: Iterable[Node], guards: Guards, entered: Iterable[Node] = ()) -> tuple[Head, ...]:
    """Loops in order, each condition after the last loop that it needs; some loops are entered already."""
    heads: list[Head] = []
    left = list(guards)
    inside = set(entered)
    for axis in (None, *axes):
        if axis is not None:
            heads.append((axis, None))
            inside.add(axis)
        while left and inside.issuperset(left[0][0].axes):
            heads.append(left.pop(0))
    if len(inside) > placing.MAX_LOOPS:
        raise TooDeep
    return (*heads, *left)


def _of_value(placement: Placement, node: Node) -> list[Work]:
    guards = placement.guards[node]
    axes = placing.statement_loops(placement, node)
    if node.op == "select" and placement.splits(node):
        arms = []
        for arm, value in ((True, node.args[1]), (False, node.args[2])):
            inner = control.tested(placement.control, (*guards, (node.args[0], arm)))
            path = _path(axes, inner)
            arms.append(Work(node, value, (), path, len(path), frozenset()))
        return arms
    path = _path(axes, guards)
    return [Work(node, node, (), path, len(path), frozenset())]


def _of_array(placement: Placement, node: Node) -> list[Work]:
    body, axes = node.args[0], node.args[1:]
    return [_inside(placement, node, body, axes, frozenset(axes))]


def _of_reduction(placement: Placement, node: Node) -> list[Work]:
    return [_inside(placement, node, node.args[0], (), frozenset(node.args[1:]))]


def _of_scatter(placement: Placement, node: Node) -> list[Work]:
    barrier = frozenset(bound_axes(node))
    assert isinstance(node.attribute, ScatterLayout)
    added = itertools.zip_longest(contributions(node), node.attribute.steps)
    return [_inside(placement, node, value, indices, barrier, step) for (value, indices), step in added]


def _of_total(placement: Placement, node: Node) -> list[Work]:
    return [_inside(placement, node, value, (), frozenset()) for value in node.args]


def _inside(
    placement: Placement,
    node: Node,
    value: Node,
    indices: tuple[Node, ...],
    barrier: frozenset[Node],
    step: Step | None = None,
) -> Work:
    """A statement inside the loops that its node closes over; a sum's branches become branches of the statement."""
    guards = placement.guards[node]
    own_axes = node.axes
    inner = guards
    if node.op in ("scatter", "total") or node.attribute in ("sum", "prod") or _starts_at_zero(node):
        branches, value = added_under(value, 1.0 if node.attribute == "prod" else 0.0)
        inner = control.tested(placement.control, (*guards, *branches))
    axes = set(own_axes) | {axis for part in (value, *indices) for axis in part.axes}
    axes |= {axis for condition, _ in inner for axis in condition.axes}
    if node.op != "scatter":
        axes |= {axis for bound in bound_axes(node) for axis in bound.axes}
    key = placing.loop_key(placement, placement.told.get(node, ()) if step is None else step.loops)
    inside = min([key(axis) for axis in bound_axes(node)], default=None) if node.op == "reduce" else None
    outer = [axis for axis in sorted(own_axes, key=key) if inside is None or key(axis) < inside]
    own_guards = _tested_in(guards, outer)
    own = _path(outer, own_guards)
    rest = sorted(axes - set(outer), key=key)
    path = (*own, *_path(rest, inner[len(own_guards) :], entered=outer))
    return Work(node, value, indices, path, len(own), barrier, step)


def _starts_at_zero(node: Node) -> bool:
    """Whether an array's entries are set only in the branches in which they are not 0: an adjoint's flow or do not."""
    return node.op == "array" and node.origin.section == "backward"


def _tested_in(guards: Guards, loops: Sequence[Node]) -> Guards:
    """The outer guards whose conditions need no other loops than these."""
    for depth, (condition, _) in enumerate(guards):
        if not set(condition.axes) <= set(loops):
            return guards[:depth]
    return guards


_WORKS: dict[str, Callable[[Placement, Node], list[Work]]] = {
    "array": _of_array,
    "reduce": _of_reduction,
    "scatter": _of_scatter,
    "total": _of_total,
}


def dependencies(
    works: Sequence[Work], makers: dict[Node, list[Work]], placement: Placement, aliases: Mapping[Node, Node]
) -> dict[Node, list[Work]]:
    """What each statement waits for; returns the statements that read each variable."""
    readers: dict[Node, list[Work]] = defaultdict(list)
    for work in works:
        roots = [work.value, *work.indices] if work.value is not work.node else list(work.node.args)
        for head, arm in work.path:
            roots.extend(head.args if arm is None else [head])
        for read in read_by(roots, placement):
            made = aliases.get(read, read)
            if made is not work.node:
                readers[made].append(work)
                finished = frozenset(bound_axes(read)) if made is not read else frozenset[Node]()
                work.after.extend(Wait(maker, maker.barrier | finished) for maker in makers[made])
    return readers


def read_by(roots: Sequence[Node], placement: Placement) -> list[Node]:
    """The variables that expressions read when they are written out."""
    found: dict[Node, None] = {}
    seen: set[Node] = set()
    stack = list(reversed(roots))
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if node in placement.named:
            found[node] = None
        else:
            stack.extend(reversed(node.args))
    return list(found)
