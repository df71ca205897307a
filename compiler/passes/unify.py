"""Graph -> graph in which indices that run along each other are one, so that they can share a loop.

In `y = [exp(i) for i]; sum(y[j] for j)` the j runs along y as its own i does, so both are i. In `sum(x[i] for i) +
sum(y[i] for i)`, where x and y have one length, both sums run over one i.

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

from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.loops import length
from mgc.compiler.graph.nodes import Node, axis_name, bound_axes
from mgc.compiler.passes.rebuild import copy, rebuild

_ARITHMETIC = frozenset({"add", "sub", "mul", "div", "neg"})


class _Axes(Struct, frozen=True):
    """Which axes are one, and which meet in a value or an array."""

    beside: Mapping[Node, set[Node]]
    same: dict[Node, Node] = field(default_factory=dict)

    def representative(self, axis: Node) -> Node:
        while axis in self.same:
            axis = self.same[axis]
        return axis

    def may_be_one(self, index: Node, axis: Node) -> bool:
        """Whether two indices have one range and never meet."""
        return index.args == axis.args and len(index.axes) == len(axis.axes) == 1 and axis not in self.beside[index]

    def unite(self, kept: Node, left: Node) -> None:
        self.same[left] = kept
        self.beside[kept].update(self.beside[left])
        for other in list(self.beside[left]):
            self.beside[other].add(kept)


def unify(graph: Graph) -> Graph:
    """An index that runs along a stored value as the value's own does is that index, and so are those of sums that are
    added: then they can share a loop."""
    order = topological_order(graph.roots())
    axes = _Axes({node: set() for node in order if node.op == "index"})
    for node in order:
        together = (*node.axes, *bound_axes(node))
        for axis in together if len(together) > 1 else ():
            axes.beside[axis].update(together)
    _unite_reads(axes, order)
    for reductions in _siblings(order):
        _unite_siblings(axes, reductions)
    if not axes.same:
        return graph

    def rewrite(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
        return copy(build, axes.representative(node) if node.op == "index" else node, args)

    return rebuild(graph, rewrite)


def _unite_reads(axes: _Axes, order: list[Node]) -> None:
    for node in order:
        if node.op == "read" and node.args[0].op == "array":
            for index, axis in zip(node.args[1:], node.args[0].args[1:], strict=True):
                index, axis = axes.representative(index), axes.representative(axis)
                if index.op == "index" and index is not axis and axes.may_be_one(index, axis):
                    axes.unite(*((axis, index) if axis_name(axis) or not axis_name(index) else (index, axis)))


def _siblings(order: list[Node]) -> Iterator[list[Node]]:
    """The reductions that one expression is made of, none of which is inside another: each is as deep as the others."""
    depth: dict[Node, int] = {}
    for node in order:
        depth[node] = max([depth[argument] for argument in node.args], default=0) + (node.op == "reduce")
    inner = {argument for node in order if node.op in _ARITHMETIC for argument in node.args}
    for whole in order:
        if whole.op in _ARITHMETIC and whole not in inner:
            found: dict[tuple[int, tuple[Node, ...]], list[Node]] = defaultdict(list)
            for node in _terms(whole):
                found[depth[node], node.axes].append(node)
            yield from (reductions for reductions in found.values() if len(reductions) > 1)


def _terms(whole: Node) -> list[Node]:
    """The reductions that an expression adds, multiplies or divides, in the order in which they were made.

    Those of a filter stay by themselves: what two of them have in common would be computed for either, and stored.
    """
    found, seen, stack = [], {whole}, [whole]
    while stack:
        for argument in stack.pop().args:
            if argument not in seen:
                seen.add(argument)
                if argument.op in _ARITHMETIC:
                    stack.append(argument)
                elif argument.op == "reduce" and argument.args[0].op != "select":
                    found.append(argument)
    return sorted(found, key=lambda node: node.serial)


def _unite_siblings(axes: _Axes, reductions: list[Node]) -> None:
    """Have reductions share their loops, from the outermost inwards, as far as ranges and names are the same."""
    known: dict[tuple[Node, ...], list[Node]] = defaultdict(list)  # inside which loops -> the loops there
    for node in reductions:
        around: tuple[Node, ...] = ()
        for axis in [axes.representative(axis) for axis in node.args[1:] if length(axis) != 1]:
            same = (other for other in known[around] if axis_name(other) == axis_name(axis))
            loop = next((other for other in same if other is axis or axes.may_be_one(other, axis)), axis)
            if loop is not axis:
                axes.unite(loop, axis)
            elif axis not in known[around]:
                known[around].append(axis)
            around = (*around, loop)
