"""Graph -> graph in which values that differ only in the names of their axes are one value."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.control import analyse
from mgc.compiler.graph.graph import Graph, reopened, topological_order
from mgc.compiler.graph.loops import loop_order
from mgc.compiler.graph.nodes import Adjoint, Node
from mgc.compiler.passes.rebuild import copy, rebuild


def share(graph: Graph) -> Graph:
    """Values that differ only in the names of their axes are computed once, stored, and read twice."""
    if "index" not in graph.builder.operations():
        return graph
    order = topological_order(graph.roots())
    classes, axes_of = _alpha_classes(order)
    alike = _alike(graph, order, classes, axes_of)
    if not alike.reads and not alike.same:
        return graph
    made: dict[Node, Node] = {}

    def rewrite(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
        if node in alike.same:
            made[node] = made[alike.same[node]]
        elif node in alike.reads:
            made[node] = read(build, node, alike.reads[node])
        else:
            made[node] = copy(build, node, args)
        return made[node]

    def read(build: Builder, node: Node, known: Node) -> Node:
        axes = alike.stored[known]
        here = dict(zip(axes_of[known], axes_of[node], strict=True))
        array = build.array(made[known], [made[axis] for axis in axes])
        if known in graph.names or known in graph.hints:
            build.hints.setdefault(array, graph.names.get(known) or graph.hints[known])
        return build.read(array, *[made[here[axis]] for axis in axes])

    shared = rebuild(graph, rewrite)
    adjoints = _reassigned(graph, shared, made, {node: alike.first[number] for node, number in classes.items()})
    return replace(shared, adjoints=adjoints)


def merge(graph: Graph) -> Graph:
    """Values that are the same but for the axes that they sum over are one, which has one derivative."""
    if "reduce" not in graph.builder.operations():
        return graph
    order = topological_order(graph.roots())
    classes, axes_of = _alpha_classes(order)
    first: dict[int, Node] = {}
    same = {node: known for node in order if (known := first.setdefault(classes[node], node)) is not node}
    same = {a: b for a, b in same.items() if a.op != "index" and axes_of[a] == axes_of[b] and a not in graph.names}
    made: dict[Node, Node] = {}

    def rewrite(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
        made[node] = made[same[node]] if node in same else copy(build, node, args)
        return made[node]

    return rebuild(graph, rewrite) if same else graph


class _Alike(NamedTuple):
    """Values that are one: each either the same node as the first of its class, or a read of its array."""

    first: dict[int, Node]  # of each class, the value that stands for it
    stored: dict[Node, tuple[Node, ...]]  # a representative and the axes that it is stored over
    reads: dict[Node, Node]
    same: dict[Node, Node]  # a value, and the one that it is but for the axes that it sums over


def _alike(
    graph: Graph, order: list[Node], classes: Mapping[Node, int], axes_of: Mapping[Node, Sequence[Node]]
) -> _Alike:
    rank = loop_order(order)
    guards = analyse(reopened(graph), order, rank).guards
    first, stored, reads, same = found = _Alike({}, {}, {}, {})
    for node in order:
        known = first.setdefault(classes[node], node)
        if known is not node and known.op != "index" and axes_of[known] == axes_of[node]:
            same[node] = known
        elif known is not node and _is_worth_storing(node) and not guards[known]:
            moved = [(a, b) for a, b in zip(axes_of[known], axes_of[node], strict=True) if a is not b]
            if not any(_is_ragged(axis) for pair in moved for axis in pair):
                outermost = min(rank[a] for a in (*(a for a, _ in moved), *stored.get(known, ())))
                stored[known] = tuple(sorted((a for a in axes_of[known] if rank[a] >= outermost), key=rank.__getitem__))
                reads[node] = known
    return found


def _reassigned(
    graph: Graph, shared: Graph, made: Mapping[Node, Node], representative: Mapping[Node, Node]
) -> tuple[Adjoint, ...]:
    """Where one value now stands for several, the only derivative by any of these is by it; of two, neither is."""
    live = set(topological_order(shared.roots()))
    owners: dict[Node, list[Node]] = {}
    for primal in dict.fromkeys(one.primal for one in graph.adjoints):
        known = representative.get(primal) if primal is not None else None
        if primal is not None and known is not None and (known is primal or not _stays(made[primal], live)):
            owners.setdefault(known, []).append(primal)
    moved = {made[p]: made[known] if len(ps) == 1 else None for known, ps in owners.items() for p in ps}
    return tuple(
        [
            one if one.primal is None else one._replace(primal=moved.get(one.primal, one.primal))
            for one in shared.adjoints
        ]
    )


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
