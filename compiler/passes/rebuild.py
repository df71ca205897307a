"""Graph -> graph: every node made anew by a rewrite. A pass makes a new graph and leaves the old one as it is.

`inline` undoes arrays that are read once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from mgc.compiler.graph import algebra
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.nodes import Adjoint, AxisName, Node
from mgc.compiler.graph.substitution import substitute

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
