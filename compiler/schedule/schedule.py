"""Graph -> loop nest, once for all scalar targets.

A statement joins the earliest loop or branch that fits; the only barrier is the use of a finished array or reduction
inside a loop that is still making it. A value is stored with exactly the axes that its readers do not share with it.

    def f(x[n]): return sum(exp(x[i]) for i)        out = 0.0
                                               ->   for i in range(n):
                                                        out += exp(x[i])
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from mgc.compiler.graph.graph import Graph, reopened
from mgc.compiler.graph.nodes import Node, ScatterLayout
from mgc.compiler.schedule import placement as placing
from mgc.compiler.schedule.freeze import freeze
from mgc.compiler.schedule.fusion import groups
from mgc.compiler.schedule.loopnest import Kind, LoopNest
from mgc.compiler.schedule.placement import Placement
from mgc.compiler.schedule.settle import settled
from mgc.compiler.schedule.statements import Assign, Container, For, If, Update, Variable, Work
from mgc.compiler.schedule.storage import store, view
from mgc.compiler.schedule.turns import take_turns
from mgc.compiler.schedule.works import Circular, dependencies, find_aliases, in_order, live, make_works, read_by


def _layouts(graph: Graph) -> dict[Node, tuple[Node, ...]]:
    """The axes of values in the author's order, and of their derivatives in the same."""
    layouts = dict(graph.layouts)
    for one in graph.adjoints:
        if one.node is not None and one.primal in layouts:
            layouts.setdefault(one.node, layouts[one.primal])
    return layouts


def schedule(graph: Graph) -> LoopNest:
    """The loop nest of a graph. Errors: TooDeep."""
    opened = reopened(graph)
    anyway: frozenset[Node] = frozenset()
    while True:
        try:
            return _schedule(placing.place(opened, anyway))
        except Circular as circle:  # then one of the two is computed in any case
            if circle.node in anyway:
                raise
            anyway |= {circle.node}


def _schedule(placement: Placement) -> LoopNest:
    graph = placement.graph
    aliases = find_aliases(placement)
    works = make_works(placement, aliases)
    makers: dict[Node, list[Work]] = defaultdict(list)
    for work in works:
        makers[work.node].append(work)
    readers = dependencies(works, makers, placement, aliases)
    roots = {aliases.get(node, node) for node in read_by(graph.roots(), placement)}
    works = live(in_order(works), readers, roots)
    if graph.kept:
        take_turns(graph, works, readers)
    root = Container([], None, None)
    _fuse(works, (root,), 0)
    order = _layouts(graph) | {body: (*array.axes, *array.args[1:]) for array, body in aliases.items()}
    variables = {}
    for node, making in makers.items():
        if not making[0].trail:
            continue
        trails = [reader.trail for reader in readers[node] if reader.trail]
        if node in roots:
            trails.append((root,))
        variables[node] = store(graph.builder, node, making, trails, order.get(node, ()))
    for array, body in aliases.items():
        if body in variables:
            variables[array] = view(array, variables[body])
    for container in dict.fromkeys(c for work in works for c in work.trail):
        items = container.items
        container.items[:] = [new for item in items for new in (*container.before[item], item, *container.after[item])]
    nest = freeze(graph, placement.order, root.items, variables)
    return settled(nest) if graph.kept else nest


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
    if _is_whole(work):
        return Assign(unknown, work.indices, work.value, work.step)
    if work.node.op in ("scatter", "total"):
        return Update(unknown, work.indices, "sum", work.value, work.step, _summed(work))
    return Assign(unknown, work.indices, work.value)


def _is_whole(work: Work) -> bool:
    """Whether what is added to an adjoint is all of it: no other step adds to it, and nothing is summed."""
    layout = work.node.attribute
    if not isinstance(layout, ScatterLayout) or len(layout.steps) != 1 or any(arm is not None for _, arm in work.path):
        return False
    inner = [axis for axis, _ in work.path[work.own :]]
    return len(inner) == len(work.indices) and set(inner) == set(work.indices)


def _summed(work: Work) -> tuple[Node, ...]:
    """The axes that a statement sums over."""
    kept = {axis for index in work.indices for axis in index.axes}
    return tuple(head for head, arm in work.path[work.own :] if arm is None and head not in kept)


def _kind(node: Node) -> Kind:
    assert node.op == "reduce"
    return node.attribute  # type: ignore[return-value]  # the kinds of reductions are those that lowering makes
