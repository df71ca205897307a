"""Graph -> graph in which an array that is stored only to be read at one place is computed at that place instead.

In `y = [exp(i) for i]; sum(y[j] for j)` the sum is over exp(j). An index that the value reads only in a branch, or in a
loop that may have no turns, is `checked` all the same.

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
>>> print(describe(inline(graph)))
f()
    %0  const 0             int
    %1  size n              int
    %2  index j in %0 .. %1 int
    %3  exp %2              float  over %2
    %4  reduce sum %3 %2    float
    return %4
"""

from __future__ import annotations

from collections.abc import Collection

from mgc.compiler.graph import algebra
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.guards import handed_on
from mgc.compiler.graph.nodes import Node
from mgc.compiler.graph.substitution import substitute
from mgc.compiler.passes.rebuild import copy, rebuild


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
        if len(found) == 1 and not {array, array.args[0]} & read_whole and _is_once(graph, found[0])
    }
    if not moved:
        return graph

    shared = _shared(graph, order, moved)

    def rewrite(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
        if node in shared:
            new = copy(build, node, args)
            serials = [axis.attribute for axis in graph.layouts[node]]
            build.bind(new, tuple(axis for axis in new.axes if axis.attribute in serials))
            return new
        if node in moved and args[0].op == "array":
            body, *axes = args[0].args
            value = substitute(build, body, dict(zip(axes, args[1:], strict=True)))
            sure = _sure(body)
            checks = [i for axis, i in zip(axes, args[1:], strict=True) if i.op == "bound" and axis not in sure]
            return build.make("checked", (value, *checks)) if checks else value
        return copy(build, node, args)

    return rebuild(graph, rewrite)


def _shared(graph: Graph, order: list[Node], moved: Collection[Node]) -> set[Node]:
    """The named values in what is moved that something else reads, too: they are stored, not computed twice."""
    readers: dict[Node, list[Node]] = {node: [] for node in order}
    for node in order:
        for argument in node.args:
            readers[argument].append(node)
    found: set[Node] = set()
    for read in moved:
        body, *axes = read.args[0].args
        made_anew = {node for node in topological_order([body]) if not set(axes).isdisjoint(node.axes)}
        found |= {node for node in made_anew & graph.layouts.keys() if not made_anew.issuperset(readers[node])}
    return found - {read.args[0].args[0] for read in moved}


def _sure(body: Node) -> set[Node]:
    """What a value is made of in any case: in no branch, and in no loop of its own, which may have no turns."""
    found: set[Node] = set()
    stack = [body]
    while stack:
        node = stack.pop()
        if node not in found:
            found.add(node)
            stack.extend(a for a, chain, loops in handed_on(node, ()) if not chain and set(loops) <= set(body.axes))
    return found


def _is_once(graph: Graph, read: Node) -> bool:
    """Whether a read takes no element twice, and all its indices to be checked stay.

    An index runs over nothing that the array does not run over, or it takes the place of the array's own; so does one
    that runs along an axis otherwise, as those of a slice do, where what is read has no name.
    """
    array = read.args[0]
    inside, body = set(array.axes), array.args[0]
    moving = []
    for index, axis in zip(read.args[1:], array.args[1:], strict=True):
        if index.op == "bound" and axis not in body.axes:
            return False
        if not inside.issuperset(index.axes):
            is_whole = index.op == "index" and index.args == axis.args
            if not is_whole and (body in graph.names or not _runs_along(index)):
                return False
            moving.append(index.axes)
    return len(set(moving)) == len(moving)


def _runs_along(index: Node) -> bool:
    """Whether an index runs along the one axis that it has, and comes nowhere twice: 2*i + 1."""
    if index.op == "index":
        return len(index.axes) == 1
    parts = [part for part in index.args if part.axes]
    steps = index.op in ("add", "sub") or (index.op == "mul" and any(algebra.number(part) for part in index.args))
    return steps and len(parts) == 1 and _runs_along(parts[0])
