"""Graph -> loop nest, once for all scalar targets.

A statement joins the earliest loop or branch that fits; the only barrier is the use of a finished array or reduction
inside a loop that is still making it. A value is stored with exactly the axes that its readers do not share with it.

    def f(x[n]): return sum(exp(x[i]) for i)        out = 0.0
                                               ->   for i in range(n):
                                                        out += exp(x[i])
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from mgc.compiler import control, sizes
from mgc.compiler import placement as placing
from mgc.compiler.control import TooDeep
from mgc.compiler.freeze import freeze
from mgc.compiler.fusion import groups
from mgc.compiler.graph import Builder, Graph, Node, bound_axes, contributions, stored_sizes
from mgc.compiler.guards import Guards, added_under
from mgc.compiler.loopnest import Kind, LoopNest
from mgc.compiler.placement import Placement
from mgc.compiler.statements import (
    Allocate,
    Assign,
    Container,
    Declare,
    For,
    Head,
    If,
    Item,
    Update,
    Variable,
    Wait,
    Work,
)

_IDENTITY = {"sum": 0.0, "prod": 1.0, "max": -math.inf, "min": math.inf}
_LARGEST_INTEGER = 2**53


def schedule(graph: Graph) -> LoopNest:
    """The loop nest of a graph. Errors: placement.TooDeep."""
    placement = placing.place(graph)
    aliases = _aliases(placement)
    works = _works(placement, aliases)
    makers: dict[Node, list[Work]] = defaultdict(list)
    for work in works:
        makers[work.node].append(work)
    readers = _dependencies(works, makers, placement, aliases)
    roots = {aliases.get(node, node) for node in _read_by(graph.roots(), placement)}
    works = _live(_in_order(works), readers, roots)
    root = Container([], None, None)
    _fuse(works, (root,), 0)
    order = {body: (*array.axes, *array.args[1:]) for array, body in aliases.items()}
    variables = {}
    for node, making in makers.items():
        if not making[0].trail:
            continue
        trails = [reader.trail for reader in readers[node] if reader.trail]
        if node in roots:
            trails.append((root,))
        variables[node] = _store(graph.builder, node, making, trails, order.get(node, ()))
    for array, body in aliases.items():
        if body in variables:
            variables[array] = _view(array, variables[body])
    for container in dict.fromkeys(c for work in works for c in work.trail):
        items = container.items
        container.items[:] = [new for item in items for new in (*container.before[item], item, *container.after[item])]
    return freeze(graph, placement.order, root.items, variables)


def _in_order(works: Sequence[Work]) -> list[Work]:
    """The statements after all that they wait for: a condition may be younger than what it guards."""
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
    assert len(order) == len(works), "statements wait for each other"
    return order


def _live(works: Sequence[Work], readers: Mapping[Node, list[Work]], roots: set[Node]) -> list[Work]:
    """The statements that a result depends on: a branch that became part of a sum is not read as a value."""
    live: set[Work] = set()
    for work in reversed(works):
        if work.node in roots or any(reader in live for reader in readers.get(work.node, ())):
            live.add(work)
    return [work for work in works if work in live]


def _aliases(placement: Placement) -> dict[Node, Node]:
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


def _view(array: Node, body: Variable) -> Variable:
    """The array that a variable is when all its axes are taken together."""
    outer = len(body.axes) - (len(array.args) - 1)
    return Variable(array, body.home, body.axes[:outer], body.sizes, body)


def _works(placement: Placement, aliases: Mapping[Node, Node]) -> list[Work]:
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
    return [_inside(placement, node, value, indices, barrier) for value, indices in contributions(node)]


def _of_total(placement: Placement, node: Node) -> list[Work]:
    return [_inside(placement, node, value, (), frozenset()) for value in node.args]


def _inside(placement: Placement, node: Node, value: Node, indices: tuple[Node, ...], barrier: frozenset[Node]) -> Work:
    """A statement inside the loops that its node closes over; a sum's branches become branches of the statement."""
    guards = placement.guards[node]
    own_axes = node.axes
    inner = guards
    if node.op in ("scatter", "total") or node.attribute == "sum":
        branches, value = added_under(value)
        inner = control.tested(placement.control, (*guards, *branches))
    axes = set(own_axes) | {axis for part in (value, *indices) for axis in part.axes}
    axes |= {axis for condition, _ in inner for axis in condition.axes}
    if node.op != "scatter":
        axes |= {axis for bound in bound_axes(node) for axis in bound.axes}
    in_rank = sorted(own_axes, key=placement.rank.__getitem__)
    outer = [axis for axis in in_rank if node.op != "reduce" or _is_outside(placement, axis, node)]
    own_guards = _tested_in(guards, outer)
    own = _path(outer, own_guards)
    rest = sorted(axes - set(outer), key=placement.rank.__getitem__)
    path = (*own, *_path(rest, inner[len(own_guards) :], entered=outer))
    return Work(node, value, indices, path, len(own), barrier)


def _is_outside(placement: Placement, axis: Node, reduction: Node) -> bool:
    return all(placement.rank[axis] < placement.rank[bound] for bound in bound_axes(reduction))


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


def _dependencies(
    works: Sequence[Work], makers: dict[Node, list[Work]], placement: Placement, aliases: Mapping[Node, Node]
) -> dict[Node, list[Work]]:
    """What each statement waits for; returns the statements that read each variable."""
    readers: dict[Node, list[Work]] = defaultdict(list)
    for work in works:
        roots = [work.value, *work.indices] if work.value is not work.node else list(work.node.args)
        for head, arm in work.path:
            roots.extend(head.args if arm is None else [head])
        for read in _read_by(roots, placement):
            made = aliases.get(read, read)
            if made is not work.node:
                readers[made].append(work)
                finished = frozenset(bound_axes(read)) if made is not read else frozenset[Node]()
                work.after.extend(Wait(maker, maker.barrier | finished) for maker in makers[made])
    return readers


def _read_by(roots: Sequence[Node], placement: Placement) -> list[Node]:
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


def _fuse(works: Sequence[Work], trail: tuple[Container, ...], level: int) -> None:
    """Group statements by the next head of their paths, each joining the earliest group that fits; recur inside."""
    items = trail[-1].items
    for head, members in groups(works, level):
        if head is None:
            for work in members:
                work.trail = trail
                work.item = _statement(work)
                items.append(work.item)
        elif members[0].path[level][1] is None:
            loop = For(head)
            items.append(loop)
            _fuse(members, (*trail, Container(loop.body, loop, head)), level + 1)
        else:
            branch = If(head)
            items.append(branch)
            for arm, body in ((True, branch.then), (False, branch.otherwise)):
                taken = [work for work in members if work.path[level][1] is arm]
                if taken:
                    _fuse(taken, (*trail, Container(body, branch, None)), level + 1)


def _statement(work: Work) -> Assign | Update:
    """The statement without its variable: storage is decided when every statement has its place."""
    unknown = Variable(work.node, ())
    if work.node.op == "reduce":
        return Update(unknown, work.indices, _kind(work.node), work.value)
    if work.node.op in ("scatter", "total"):
        return Update(unknown, work.indices, "sum", work.value)
    return Assign(unknown, work.indices, work.value)


def _kind(node: Node) -> Kind:
    assert node.op == "reduce"
    return node.attribute  # type: ignore[return-value]  # the kinds of reductions are those that lowering makes


def _store(
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
    if node.op == "pack" and here:
        pass  # a literal is made where it is set
    elif variable.sizes:
        _before(common, first, Allocate(variable, 0 if node.dtype == "int" else 0.0))
    elif node.op == "total":
        _before(common, first, Allocate(variable, 0.0))
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
    if outer and not inner and not read_inside:
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
