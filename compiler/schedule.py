"""Graph -> loop nest, once for all scalar targets.

A statement joins the earliest loop or branch that fits; the only barrier is the use of a finished array or reduction
inside a loop that is still making it. A value is stored with exactly the axes that its readers do not share with it.

    def f(x[n]): return sum(exp(x[i]) for i)        out = 0.0
                                               ->   for i in range(n):
                                                        out += exp(x[i])
"""

from __future__ import annotations

import bisect
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mgc.compiler import placement as placing
from mgc.compiler.graph import Builder, Graph, Node, ScatterLayout, bound_axes, contributions
from mgc.compiler.loopnest import Allocate, Assign, Declare, For, If, Item, Kind, LoopNest, Update, Variable
from mgc.compiler.placement import Guards, Placement

Head = tuple[Node, bool | None]  # a loop (axis, None), or a branch (condition, the arm taken)

_IDENTITY = {"sum": 0.0, "prod": 1.0, "max": -math.inf, "min": math.inf}
_LARGEST_INTEGER = 2**53


@dataclass(frozen=True, slots=True, eq=False)
class Wait:
    """A statement to wait for, and the loops of it that must be over."""

    work: Work
    barrier: frozenset[Node]


@dataclass(slots=True, eq=False)
class Work:
    """One statement before it has a place: the node it makes, its path, and what it has to wait for."""

    node: Node
    value: Node
    indices: tuple[Node, ...]
    path: tuple[Head, ...]
    own: int  # how much of the path is the node's own: the rest lies inside the reduction that makes it
    barrier: frozenset[Node]  # loops that must be over before the result is read
    after: list[Wait] = field(default_factory=list)
    trail: tuple[Container, ...] = ()
    item: Assign | Update | None = None


@dataclass(slots=True, eq=False)
class Container:
    """A list of items in the making: the body of `owner`, or of the function."""

    items: list[Item]
    owner: Item | None
    axis: Node | None
    before: dict[int, list[Item]] = field(default_factory=lambda: defaultdict(list))  # by the id of an item
    after: dict[int, list[Item]] = field(default_factory=lambda: defaultdict(list))
    places: dict[int, int] = field(default_factory=dict)


def schedule(graph: Graph) -> LoopNest:
    """The loop nest of a graph. Errors: placement.TooDeep."""
    placement = placing.place(graph)
    aliases = _aliases(placement)
    works = _works(placement, aliases)
    makers: dict[Node, list[Work]] = defaultdict(list)
    for work in works:
        makers[work.node].append(work)
    readers = _dependencies(works, makers, placement, aliases)
    root = Container([], None, None)
    _fuse(works, (root,), 0)
    roots = set(graph.roots())
    variables = {}
    arrays = {body: array for array, body in aliases.items()}
    for node, making in makers.items():
        trails = [reader.trail for reader in readers[node]]
        if node in roots or arrays.get(node) in roots:
            trails.append((root,))
        variables[node] = _store(graph.builder, placement, node, making, trails)
    for array, body in aliases.items():
        variables[array] = _view(graph.builder, array, variables[body])
    for container in dict.fromkeys(c for work in works for c in work.trail):
        items = container.items
        container.items[:] = [
            new for item in items for new in (*container.before[id(item)], item, *container.after[id(item)])
        ]
    return LoopNest(graph, root.items, variables)


def _aliases(placement: Placement) -> dict[Node, Node]:
    """Stored arrays whose elements have a variable anyway: that variable, with all its axes, is the array."""
    aliases: dict[Node, Node] = {}
    taken: set[Node] = set()
    for node in placement.order:
        if node.op != "array" or node not in placement.named:
            continue
        body, axes = node.args[0], node.args[1:]
        ranks = [placement.rank[axis] for axis in (*placement.loops[node], *axes)]
        if (
            body in placement.named
            and body not in taken
            and body.op not in ("array", "pack", "scatter")
            and placement.guards[body] == placement.guards[node]
            and set(placement.loops[body]) == {*placement.loops[node], *axes}
            and ranks == sorted(ranks)
        ):
            aliases[node] = body
            taken.add(body)
    return aliases


def _view(build: Builder, array: Node, body: Variable) -> Variable:
    """The array that a variable is when all its axes are taken together."""
    outer = len(body.axes) - (len(array.args) - 1)
    return Variable("", array, array.dtype, body.axes[:outer], body.sizes, body)


def _works(placement: Placement, aliases: Mapping[Node, Node]) -> list[Work]:
    works = []
    for node in placement.order:
        if node in placement.named and node not in aliases:
            works.extend(_WORKS.get(node.op, _of_value)(placement, node))
    return works


def _path(placement: Placement, axes: Iterable[Node], guards: Guards) -> tuple[Head, ...]:
    """Loops in order, each condition after the last loop that it needs."""
    heads: list[Head] = []
    left = list(guards)
    entered: set[Node] = set()
    for axis in (None, *axes):
        if axis is not None:
            heads.append((axis, None))
            entered.add(axis)
        while left and entered.issuperset(placement.loops[left[0][0]]):
            heads.append(left.pop(0))
    return (*heads, *left)


def _of_value(placement: Placement, node: Node) -> list[Work]:
    guards = placement.guards[node]
    axes = placing.statement_loops(placement, node, guards)
    if node.op == "select" and placement.splits(node):
        arms = []
        for arm, value in ((True, node.args[1]), (False, node.args[2])):
            inner = (*guards, (node.args[0], arm))
            path = _path(placement, placing.statement_loops(placement, node, inner), inner)
            arms.append(Work(node, value, (), path, len(path), frozenset()))
        return arms
    path = _path(placement, axes, guards)
    return [Work(node, node, (), path, len(path), frozenset())]


def _of_array(placement: Placement, node: Node) -> list[Work]:
    body, axes = node.args[0], node.args[1:]
    return [_inside(placement, node, body, axes, frozenset(axes))]


def _of_reduction(placement: Placement, node: Node) -> list[Work]:
    return [_inside(placement, node, node.args[0], (), frozenset(node.args[1:]))]


def _of_scatter(placement: Placement, node: Node) -> list[Work]:
    barrier = frozenset(bound_axes(node))
    return [_inside(placement, node, value, indices, barrier) for value, indices in contributions(node)]


def _inside(
    placement: Placement, node: Node, value: Node, indices: tuple[Node, ...], barrier: frozenset[Node]
) -> Work:
    """A statement inside the loops that its node closes over; a sum's branches become branches of the statement."""
    guards = placement.guards[node]
    own_axes = placement.loops[node]
    inner = guards
    adds = node.op == "scatter" or node.attribute == "sum"
    while adds and value.op == "select" and _is_zero(value.args[2]) != _is_zero(value.args[1]):
        arm = _is_zero(value.args[2])
        inner = (*inner, (value.args[0], arm))
        value = value.args[1] if arm else value.args[2]
    axes = set(own_axes) | {axis for part in (value, *indices) for axis in placement.loops[part]}
    axes |= {axis for condition, _ in inner for axis in placement.loops[condition]}
    if node.op != "scatter":
        axes |= {axis for bound in bound_axes(node) for axis in bound.axes}
    path = _path(placement, sorted(axes, key=placement.rank.__getitem__), inner)
    own = 0
    while own < len(path) and (path[own][0] in own_axes if path[own][1] is None else path[own] in guards):
        own += 1
    return Work(node, value, indices, path, own, barrier)


def _is_zero(node: Node) -> bool:
    return node.op == "const" and node.attribute == 0.0


_WORKS: dict[str, Callable[[Placement, Node], list[Work]]] = {
    "array": _of_array,
    "reduce": _of_reduction,
    "scatter": _of_scatter,
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
    for head, members in _groups(works, level):
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


def _groups(works: Sequence[Work], level: int) -> list[tuple[Node | None, list[Work]]]:
    """Loops and branches in order, and between them the statements that stand alone."""
    groups: list[tuple[Node, list[Work]]] = []
    by_head: dict[Node, list[int]] = defaultdict(list)
    earliest: dict[int, int] = {}  # by the id of a statement: the first group that it may be in, or stand before
    natural: dict[int, int] = {}
    for work in works:
        head, arm = work.path[level] if level < len(work.path) else (None, None)
        first = max((_after_group(other, head, arm, groups, earliest, level) for other in work.after), default=0)
        if head is None:
            earliest[id(work)], natural[id(work)] = first, len(groups)
            continue
        candidates = by_head[head]
        at = bisect.bisect_left(candidates, first)
        while at < len(candidates) and not _belongs(work, groups[candidates[at]][1]):
            at += 1
        if at == len(candidates):
            candidates.append(len(groups))
            groups.append((head, []))
        groups[candidates[at]][1].append(work)
        earliest[id(work)] = candidates[at]
    return _with_statements(works, groups, earliest, natural, level)


def _after_group(
    wait: Wait,
    head: Node | None,
    arm: bool | None,
    groups: Sequence[tuple[Node, list[Work]]],
    earliest: dict[int, int],
    level: int,
) -> int:
    """The first group that may read what the other statement makes."""
    place = earliest.get(id(wait.work), 0)
    if id(wait.work) not in earliest or level >= len(wait.work.path):
        return place
    joins = groups[place][0] is head and not (arm is None and head in wait.barrier)
    return place if joins else place + 1


def _belongs(work: Work, members: Sequence[Work]) -> bool:
    """A backward statement joins a forward loop only for values that it would otherwise have to store."""
    if work.node.section == "forward" or any(member.node.section == "backward" for member in members):
        return True
    return any(wait.work in members for wait in work.after)


def _with_statements(
    works: Sequence[Work],
    groups: list[tuple[Node, list[Work]]],
    earliest: dict[int, int],
    natural: dict[int, int],
    level: int,
) -> list[tuple[Node | None, list[Work]]]:
    """Put the statements that stand alone between the groups, in the author's order where their readers allow it."""
    latest: dict[int, int] = {}
    slots: list[list[Work]] = [[] for _ in range(len(groups) + 1)]
    for work in reversed(works):
        place = earliest[id(work)]
        if level >= len(work.path):
            place = min(max(natural[id(work)], place), latest.get(id(work), len(groups)))
            slots[place].append(work)
        for wait in work.after:
            if level >= len(wait.work.path):
                latest[id(wait.work)] = min(latest.get(id(wait.work), place), place)
    result: list[tuple[Node | None, list[Work]]] = [(None, slots[0][::-1])]
    for group, slot in zip(groups, slots[1:], strict=True):
        result += [group, (None, slot[::-1])]
    return [(head, members) for head, members in result if members]


def _statement(work: Work) -> Assign | Update:
    """The statement without its variable: storage is decided when every statement has its place."""
    unknown = Variable("", work.node, work.node.dtype)
    if work.node.op == "reduce":
        return Update(unknown, work.indices, _kind(work.node), work.value)
    if work.node.op == "scatter":
        return Update(unknown, work.indices, "sum", work.value)
    return Assign(unknown, work.indices, work.value)


def _kind(node: Node) -> Kind:
    assert node.op == "reduce"
    return node.attribute  # type: ignore[return-value]  # the kinds of reductions are those that lowering makes


def _store(
    build: Builder, placement: Placement, node: Node, works: Sequence[Work], readers: Sequence[tuple[Container, ...]]
) -> Variable:
    """Decide the axes that a value is stored with, and put its declaration and initial value in their places."""
    homes = [work.trail[: 1 + work.own] for work in works]
    common = _shared([*homes, *readers])
    axes = [container.axis for container in homes[0][len(common) :] if container.axis is not None]
    if node.op == "reduce":
        return _store_reduction(placement, node, works[0], common, axes)
    variable = Variable("", node, node.dtype, tuple(axes), (*[axis.args[1] for axis in axes], *_sizes(build, node)))
    for work in works:
        assert work.item is not None
        work.item.variable = variable
        work.item.indices = (*axes, *work.indices)
    first = min(works, key=lambda work: _place(common, work))
    if variable.sizes:
        _before(common, first, Allocate(variable, 0 if node.dtype == "int" else 0.0))
    elif any(work.trail[-1] is not common[-1] for work in works):
        _before(common, first, Declare(variable))
    return variable


def _store_reduction(
    placement: Placement, node: Node, work: Work, common: tuple[Container, ...], outer: list[Node]
) -> Variable:
    """A reduction adds to its variable directly, or to a number of its own that is stored when the loop is over."""
    inner = [axis for axis, arm in work.path[work.own :] if arm is None and axis in placement.loops[node]]
    axes = (*outer, *inner)
    variable = Variable("", node, node.dtype, axes, tuple(axis.args[1] for axis in axes))
    assert work.item is not None
    fill = _identity(node)
    if axes:
        _before(common, work, Allocate(variable, fill))
    home = work.trail[: 1 + work.own]
    if outer and not inner:
        running = Variable("", node, node.dtype)
        _before(home, work, Assign(running, (), fill))
        _after(home, work, Assign(variable, tuple(outer), running))
        work.item.variable = running
        return variable
    if not axes:
        _before(home, work, Assign(variable, (), fill))
    work.item.variable = variable
    work.item.indices = axes
    return variable


def _sizes(build: Builder, node: Node) -> tuple[Node, ...]:
    """The sizes of a stored array; a number has none."""
    match node.op:
        case "array":
            return tuple(axis.args[1] for axis in node.args[1:])
        case "pack":
            assert isinstance(node.attribute, tuple)
            return tuple(build.integer(int(size)) for size in node.attribute)
        case "scatter":
            assert isinstance(node.attribute, ScatterLayout)
            return node.args[: node.attribute.rank]
    return ()


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
        container.places = {id(item): place for place, item in enumerate(container.items)}
    return container.places[id(_leading(trail, work))]


def _before(trail: tuple[Container, ...], work: Work, new: Item) -> None:
    trail[-1].before[id(_leading(trail, work))].append(new)


def _after(trail: tuple[Container, ...], work: Work, new: Item) -> None:
    trail[-1].after[id(_leading(trail, work))].append(new)


def _identity(node: Node) -> float | int:
    assert isinstance(node.attribute, str)
    if node.dtype == "int":
        return {"sum": 0, "prod": 1, "max": -_LARGEST_INTEGER, "min": _LARGEST_INTEGER}[node.attribute]
    return _IDENTITY[node.attribute]
