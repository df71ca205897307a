"""What may raise, or be infinite, graph -> its nodes: what must not be computed where nothing needs it.

A divisor that is divided by in any case cannot be 0 where it is divided by again.

>>> from mgc.compiler.graph.builder import Builder
>>> from mgc.compiler.graph.graph import topological_order
>>> build = Builder()
>>> c, x, y = (build.make("input", (), name) for name in "cxy")
>>> log, ratio = build.make("log", (x,)), build.make("div", (build.number(1.0), y))
>>> chosen = build.make("select", (build.make("gt", (c, x)), log, ratio))
>>> def ops(*outputs): return [node.op for node in raising(Graph(build, "f", (), outputs), topological_order(outputs))]
>>> ops(chosen), ops(chosen, build.make("div", (x, y)))
(['log', 'div', 'select'], ['log', 'select'])
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mgc.compiler.graph import algebra
from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.guards import handed_on, is_plain
from mgc.compiler.graph.loops import has_turns
from mgc.compiler.graph.nodes import Node
from mgc.compiler.graph.partial import DIVIDING, is_steep, may_raise

_POSITIVE = frozenset({"log", "log2", "log10"})
_OF_SIZES = frozenset({"size", "const", "add", "mul", "sqrt"})
_CHOOSING = frozenset({"select", "and", "or", "scatter", "reduce", "total", "index"})  # not all they read is needed

Divisors = Mapping[Node, list[Node]]  # what is not 0 in any case, as these nodes divide by it or take its logarithm


def raising(graph: Graph, order: list[Node]) -> dict[Node, bool]:
    """The nodes that may raise, or be infinite, or read what may; and which must not be computed without need.

    x**2 does so only where all of the result overflows. What only reads what may raise can be computed wherever that
    is, unless it is a choice.
    """
    certain = _certain(graph, order, {node for node in order if node.op == "index" and has_turns(node)})
    nonzero, of_sizes = _divisors(order, certain), _of_sizes(order)
    found: dict[Node, bool] = {}
    for node in order:
        raises = node not in of_sizes and (_may_raise(node, nonzero, of_sizes) or is_steep(node))
        if raises or (found and any(argument in found and argument not in certain for argument in node.args)):
            found[node] = raises or node.op in _CHOOSING
    return found


def failing_sizes(graph: Graph, order: list[Node]) -> dict[Node, frozenset[Node]]:
    """For each number that fails where some size is 0, and what reads it: these sizes."""
    every = frozenset(node for node in order if node.op == "size")
    if not every:
        return {}
    certain = _certain(graph, order, ())
    nonzero, of_sizes = _divisors(order, certain), _of_sizes(order)
    found: dict[Node, frozenset[Node]] = {}
    for node in order:
        if node in certain:
            continue
        own = frozenset[Node]()
        if node.op == "bound" and not node.axes:
            own = every
        elif node.op in DIVIDING and node.args[1] in of_sizes and not node.axes and not _is_known(node, nonzero):
            own = frozenset(part for part in topological_order([node.args[1]]) if part.op == "size")
        own = own.union(*[found.get(argument, frozenset()) for argument in node.args])
        if own:
            found[node] = own
    return found


def _certain(graph: Graph, order: list[Node], turning: Collection[Node]) -> set[Node]:
    """What is computed in any case, where some loops are sure to have turns: if it raises, nothing else matters."""
    certain = set(graph.roots())
    for node in reversed(order):
        if node in certain and is_plain(node):
            certain.update(node.args)
        elif node in certain:
            for argument, chain, loops in handed_on(node, ()):
                if not chain and all(axis in argument.axes or axis in turning for axis in loops):
                    certain.add(argument)
    return certain


def _divisors(order: list[Node], certain: Collection[Node]) -> Divisors:
    nonzero: dict[Node, list[Node]] = {}
    for node in order:
        if node in certain and (node.op in DIVIDING or node.op in _POSITIVE):
            nonzero.setdefault(node.args[DIVIDING.get(node.op, 0)], []).append(node)
    return nonzero


def _may_raise(node: Node, nonzero: Divisors, of_sizes: Collection[Node]) -> bool:
    if node.op in DIVIDING and (_is_known(node, nonzero) or node.args[1] in of_sizes):
        return False
    return may_raise(node)


def _is_known(node: Node, nonzero: Divisors) -> bool:
    """Whether the same divisor is divided by, wherever this is, in any case."""
    return any(set(sure.axes) <= set(node.axes) for sure in nonzero.get(node.args[DIVIDING[node.op]], ()))


def _of_sizes(order: list[Node]) -> set[Node]:
    """The numbers that are made of sizes alone: they are 0 only where loops over these have no turns."""
    found: set[Node] = set()
    for node in order:
        is_sure = node.op != "const" or (algebra.number(node) or 0) > 0
        if node.op in _OF_SIZES and is_sure and all(argument in found for argument in node.args):
            found.add(node)
    return found
