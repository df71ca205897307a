"""Graph -> graph in which indices that run along each other are one, so that they can share a loop.

In `y = [exp(i) for i]; sum(y[j] for j)` the j runs along y as its own i does, so both are i.

>>> from mgc.compiler.graph.builder import Builder
>>> from mgc.compiler.graph.outline import describe
>>> build = Builder()
>>> i, j = (build.axis(name, build.integer(0), build.size("n")) for name in "ij")
>>> stored = build.array(build.make("exp", (i,)), [i])
>>> graph = Graph(build, "f", (), (build.reduce("sum", [j], build.read(stored, j)),))
>>> print(describe(graph))
f()
    %0  const 0             int
    %1  size n              int
    %2  index i in %0 .. %1 int
    %3  index j in %0 .. %1 int
    %4  exp %2              float  over %2
    %5  array %4 %2         float
    %6  read %5 %3          float  over %3
    %7  reduce sum %6 %3    float
    return %7
>>> print(describe(unify(graph)))
f()
    %0  const 0             int
    %1  size n              int
    %2  index i in %0 .. %1 int
    %3  exp %2              float  over %2
    %4  reduce sum %3 %2    float
    return %4
"""

from __future__ import annotations

from collections.abc import Mapping

from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.nodes import Node, axis_name, bound_axes
from mgc.compiler.passes.rebuild import copy, rebuild


def unify(graph: Graph) -> Graph:
    """An index that runs along a stored value as the value's own does is that index: then they can share a loop."""
    order = topological_order(graph.roots())
    beside: dict[Node, set[Node]] = {node: set() for node in order if node.op == "index"}
    for node in order:
        axes = (*node.axes, *bound_axes(node))
        for axis in axes if len(axes) > 1 else ():
            beside[axis].update(axes)
    same: dict[Node, Node] = {}
    for node in order:
        if node.op == "read" and node.args[0].op == "array":
            for index, axis in zip(node.args[1:], node.args[0].args[1:], strict=True):
                index, axis = _representative(same, index), _representative(same, axis)
                if index.op == "index" and index is not axis and _may_be_one(index, axis, beside):
                    kept, left = (axis, index) if axis_name(axis) or not axis_name(index) else (index, axis)
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
    """Whether two indices have one range and never meet in one value or array."""
    return index.args == axis.args and len(index.axes) == len(axis.axes) == 1 and axis not in beside[index]
