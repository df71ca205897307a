"""Rewrites, graph -> graph: each makes a new graph and leaves the old one as it is.

`finish` drops what nothing reads, `inline` undoes arrays that are read once, `unroll` writes small loops out, and
`share` makes values that differ only in the names of their axes one value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace

from mgc.compiler import algebra, control
from mgc.compiler.graph import Adjoint, AxisName, Builder, Graph, Node, TooLarge, bound_axes, topological_order
from mgc.compiler.placement import loop_order
from mgc.compiler.substitution import substitute

MAX_UNROLLED = 100_000  # terms that one sum may be written out to

Rewrite = Callable[[Builder, Node, tuple[Node, ...]], Node]


def rebuild(graph: Graph, rewrite: Rewrite) -> Graph:
    """The graph in a builder of its own, each node remade by `rewrite(build, node, new arguments)`."""
    build = Builder()
    done: dict[Node, Node] = {}
    inputs = [given.node for given in graph.inputs]
    for node in topological_order([*graph.roots(), *inputs]):
        build.span, build.section = node.span, node.section
        new = rewrite(build, node, tuple([done[argument] for argument in node.args]))
        done[node] = new
        if node in graph.builder.names and new.op not in ("const", "input", "index"):
            build.names.setdefault(new, graph.builder.names[node])
        if node in graph.builder.hints:
            build.hints.setdefault(new, graph.builder.hints[node])
    build.span, build.section = None, "forward"
    build.adjoints = _moved(graph.builder.adjoints, done)
    moved = {given: replace(given, node=done[given.node]) for given in graph.inputs}
    return Graph(
        build,
        graph.name,
        tuple(moved[given] for given in graph.inputs),
        tuple(done[output] for output in graph.outputs),
        tuple((moved[given], None if adjoint is None else done[adjoint]) for given, adjoint in graph.gradients),
    )


def _moved(adjoints: Sequence[Adjoint], done: Mapping[Node, Node]) -> list[Adjoint]:
    """The same among the new nodes; of values that became one value, none has the whole derivative."""
    found: dict[Adjoint, None] = {}
    first: dict[Node, Node] = {}
    mixed: set[Node] = set()
    for node, primal, branches in adjoints:
        new = None if primal is None else done.get(primal)
        if primal is not None and new is not None and first.setdefault(new, primal) is not primal:
            mixed.add(new)
        if node is not None and node in done and all(condition in done for condition, _ in branches):
            found[Adjoint(done[node], new, tuple((done[condition], arm) for condition, arm in branches))] = None
        elif new is not None:
            found[Adjoint(None, new)] = None
    return [one._replace(primal=None) if one.primal in mixed else one for one in found]


def copy(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
    """The same node in another builder, simplified."""
    if node.op == "index":
        return build.same_axis(node, *args)
    return algebra.apply(build, node, args)


def finish(graph: Graph) -> Graph:
    """Without dead code, and with `detach(x)` become x and zeros plain numbers: no derivative follows."""

    def rewrite(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
        if node.op == "zero":
            return build.number(0.0)
        return args[0] if node.op == "detach" else copy(build, node, args)

    return rebuild(graph, rewrite)


def is_finished(graph: Graph) -> bool:
    """Whether `finish` would only leave out what is dead, which all that follows the roots does anyway."""
    return not any(node.op in ("zero", "detach") for node in topological_order(graph.roots()))


def unify(graph: Graph) -> Graph:
    """An index that runs along a stored value as the value's own does is that index: then they can share a loop."""
    order = topological_order(graph.roots())
    beside: dict[Node, set[Node]] = {node: set() for node in order if node.op == "index"}
    for node in order:
        for axis in node.axes if len(node.axes) > 1 else ():
            beside[axis].update(node.axes)
    same: dict[Node, Node] = {}
    for node in order:
        if node.op == "read" and node.args[0].op == "array":
            for index, axis in zip(node.args[1:], node.args[0].args[1:], strict=True):
                index, axis = _representative(same, index), _representative(same, axis)
                if index.op == "index" and index is not axis and _may_be_one(index, axis, beside):
                    kept, left = (axis, index) if _is_called(axis) or not _is_called(index) else (index, axis)
                    same[left] = kept
                    beside[kept] |= beside[left]
                    for other in list(beside[left]):
                        beside[other].add(kept)
    if not same:
        return graph

    def rewrite(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
        kept = _representative(same, node)
        return copy(build, kept, args) if node.op == "index" else copy(build, node, args)

    return rebuild(graph, rewrite)


def _representative(same: Mapping[Node, Node], axis: Node) -> Node:
    while axis in same:
        axis = same[axis]
    return axis


def _may_be_one(index: Node, axis: Node, beside: Mapping[Node, set[Node]]) -> bool:
    """Whether two indices have one range and never meet in one value."""
    return index.args == axis.args and len(index.axes) == len(axis.axes) == 1 and axis not in beside[index]


def _is_called(axis: Node) -> bool:
    assert isinstance(axis.attribute, AxisName)
    return bool(axis.attribute.name)


def inline(graph: Graph) -> Graph:
    """Arrays that are stored only to be read at one place are computed at that place instead."""
    order = topological_order(graph.roots())
    reads: dict[Node, list[Node]] = {}
    read_whole = set(graph.roots())
    for node in order:
        for argument in node.args:
            if node.op == "read" and argument.op == "array" and argument is node.args[0]:
                reads.setdefault(argument, []).append(node)
            elif node.op != "array":
                read_whole.add(argument)
    moved = {
        found[0]
        for array, found in reads.items()
        if len(found) == 1
        and not {array, array.args[0]} & read_whole
        and (_is_point(found[0]) or _is_renamed(found[0]))
    }
    if not moved:
        return graph

    def rewrite(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
        if node in moved and args[0].op == "array":
            body, *axes = args[0].args
            return substitute(build, body, dict(zip(axes, args[1:], strict=True)))
        return copy(build, node, args)

    return rebuild(graph, rewrite)


def _is_point(read: Node) -> bool:
    """Whether the indices of a read run over nothing that its array does not run over."""
    inside = set(read.args[0].axes)
    return all(axis in inside for index in read.args[1:] for axis in index.axes)


def _is_renamed(read: Node) -> bool:
    """Whether a read takes every element once, by axes of its own."""
    indices = read.args[1:]
    return len(set(indices)) == len(indices) and all(
        index.op == "index" and index.args == axis.args
        for index, axis in zip(indices, read.args[0].args[1:], strict=True)
    )


def unroll(graph: Graph, limit: int) -> Graph:
    """Loops of a known length up to `limit` written out, as long as every array that they read allows it."""
    order = topological_order(graph.roots())
    bound = {axis for node in order if node.op == "reduce" or node.op == "array" for axis in _unrollable(node, limit)}
    if not bound:
        return graph
    short = {node for node in order if node.op == "index" and _length(node) <= limit}

    def rewrite(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
        axes = [
            new for old, new in zip(node.args[1:], args[1:], strict=True) if old in bound_axes(node) and old in short
        ]
        if node.op == "reduce" and axes:
            return _unrolled_reduction(build, node, args, axes)
        if node.op == "array" and len(axes) == len(node.args) - 1:
            elements = tuple(substitute(build, args[0], point) for point in _points(build, axes))
            return build.make("pack", elements, tuple(int(_length(axis)) for axis in axes), node.dtype)
        return copy(build, node, args)

    return unroll(rebuild(graph, rewrite), limit)  # a range that depended on a loop now written out may be known


def _unrollable(node: Node, limit: int) -> tuple[Node, ...]:
    """The axes of a reduction that are short, or those of an array if all of them are."""
    short = tuple(axis for axis in node.args[1:] if _length(axis) <= limit)
    return short if node.op == "reduce" or len(short) == len(node.args) - 1 else ()


def _length(axis: Node) -> float:
    start, stop = axis.args[0].attribute, axis.args[1].attribute
    if axis.args[0].op == axis.args[1].op == "const" and isinstance(start, int) and isinstance(stop, int):
        return stop - start
    return float("inf")


def _points(build: Builder, axes: list[Node]) -> list[dict[Node, Node]]:
    """Every value of the axes, the last one running fastest."""
    if math.prod(int(_length(axis)) for axis in axes) > MAX_UNROLLED:
        raise TooLarge
    points: list[dict[Node, Node]] = [{}]
    for axis in axes:
        start, stop = axis.args[0].attribute, axis.args[1].attribute
        assert isinstance(start, int) and isinstance(stop, int)
        points = [{**point, axis: build.integer(place)} for point in points for place in range(start, stop)]
    return points


def _unrolled_reduction(build: Builder, node: Node, args: tuple[Node, ...], axes: list[Node]) -> Node:
    rest = [axis for axis in args[1:] if axis not in axes]
    kind = str(node.attribute)
    inner = build.make("reduce", (args[0], *rest), kind, node.dtype) if rest else args[0]
    terms = [substitute(build, inner, point) for point in _points(build, axes)]
    combine = {"sum": "add", "prod": "mul"}.get(kind, kind)
    if not terms:
        if node.dtype == "int" and kind in ("sum", "prod"):
            return build.integer({"sum": 0, "prod": 1}[kind])
        return build.number({"sum": 0.0, "prod": 1.0, "max": float("-inf"), "min": float("inf")}[kind])
    total = terms[0]
    for term in terms[1:]:
        total = algebra.apply(build, None, (total, term), combine)
    return total


def share(graph: Graph) -> Graph:
    """Values that differ only in the names of their axes are computed once, stored, and read twice."""
    order = topological_order(graph.roots())
    if not any(node.op == "index" for node in order):
        return graph
    classes, axes_of = _alpha_classes(order)
    rank = loop_order(order)
    guards = control.analyse(graph, order, rank).guards
    first: dict[int, Node] = {}
    stored: dict[Node, tuple[Node, ...]] = {}  # a representative and the axes that it is stored over
    reads: dict[Node, Node] = {}
    for node in order:
        known = first.setdefault(classes[node], node)
        if known is not node and _is_worth_storing(node) and not guards[known]:
            moved = [(a, b) for a, b in zip(axes_of[known], axes_of[node], strict=True) if a is not b]
            if moved and not any(_is_ragged(axis) for pair in moved for axis in pair):
                outermost = min(rank[a] for a in (*(a for a, _ in moved), *stored.get(known, ())))
                stored[known] = tuple(sorted((a for a in axes_of[known] if rank[a] >= outermost), key=rank.__getitem__))
                reads[node] = known
    if not reads:
        return graph

    def rewrite(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
        known = reads.get(node)
        if known is None:
            made[node] = copy(build, node, args)
            return made[node]
        here = dict(zip(axes_of[known], axes_of[node], strict=True))
        array = build.array(made[known], [made[axis] for axis in stored[known]])
        if known in graph.builder.names or known in graph.builder.hints:
            build.hints.setdefault(array, graph.builder.names.get(known) or graph.builder.hints[known])
        made[node] = build.read(array, *[made[here[axis]] for axis in stored[known]])
        return made[node]

    made: dict[Node, Node] = {}
    shared = rebuild(graph, rewrite)
    _reassign_adjoints(graph, shared, made, {node: first[number] for node, number in classes.items()})
    return shared


def _reassign_adjoints(
    graph: Graph, shared: Graph, made: Mapping[Node, Node], representative: Mapping[Node, Node]
) -> None:
    """Where one value now stands for several, the only derivative by any of these is by it; of two, neither is."""
    live = set(topological_order(shared.roots()))
    owners: dict[Node, list[Node]] = {}
    for primal in dict.fromkeys(one.primal for one in graph.builder.adjoints):
        known = representative.get(primal) if primal is not None else None
        if primal is not None and known is not None and (known is primal or not _stays(made[primal], live)):
            owners.setdefault(known, []).append(primal)
    moved = {made[p]: made[known] if len(ps) == 1 else None for known, ps in owners.items() for p in ps}
    adjoints = shared.builder.adjoints
    adjoints[:] = [
        one if one.primal is None else one._replace(primal=moved.get(one.primal, one.primal)) for one in adjoints
    ]


def _stays(node: Node, live: Container[Node]) -> bool:
    """Whether a value is still computed on its own."""
    return node in live and node.op != "read"


def _is_ragged(axis: Node) -> bool:
    return len(axis.axes) > 1 or axis.args[0].op != "const"


def _is_worth_storing(node: Node) -> bool:
    return (
        node.op not in ("const", "size", "index", "input", "read", "array", "pack", "bound")
        and node.dtype == "float"
        and not (
            node.op in ("neg", "select") or (node.op == "mul" and any(argument.op == "const" for argument in node.args))
        )
    )


def _alpha_classes(order: list[Node]) -> tuple[dict[Node, int], dict[Node, tuple[Node, ...]]]:
    """For each node a number that is equal for nodes equal up to their axes, and its free axes in order of mention."""
    numbers: dict[tuple[object, ...], int] = {}
    classes: dict[Node, int] = {}
    mentioned: dict[Node, tuple[Node, ...]] = {}
    for node in order:
        if node.op == "index":
            key: tuple[object, ...] = ("index", *[classes[a] for a in node.args])
            mentioned[node] = tuple(dict.fromkeys([*[x for a in node.args for x in mentioned[a]], node]))
        else:
            places: dict[Node, int] = {}
            for argument in node.args:
                for axis in mentioned[argument]:
                    places.setdefault(axis, len(places))
            parts = tuple((classes[a], tuple(places[axis] for axis in mentioned[a])) for a in node.args)
            attribute = (type(node.attribute), node.attribute) if node.op != "const" else repr(node.attribute)
            key = (node.op, attribute, node.dtype, parts)
            free = set(node.axes)
            mentioned[node] = tuple(axis for axis in places if axis in free)
        classes[node] = numbers.setdefault(key, len(numbers))
    return classes, mentioned
