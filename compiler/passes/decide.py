"""Graph -> graph in which no test is made again where the branches around it have decided it.

>>> from mgc.compiler.graph import algebra
>>> from mgc.compiler.graph.builder import Builder
>>> build = Builder()
>>> c, x, y, zero = build.make("input", (), "c", "bool"), *[build.make("input", (), n) for n in "xy"], build.number(0.0)
>>> inner = algebra.select(build, c, x, y)
>>> outer = algebra.select(build, c, build.make("log", (inner,)), zero)
>>> decided = decide(Graph(build, "f", (), (outer,))).outputs[0]
>>> [node.op for node in (decided, decided.args[1], *decided.args[1].args)]
['select', 'log', 'input']
"""

from __future__ import annotations

from collections.abc import Sequence

from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.conditions import holding, implies
from mgc.compiler.graph.control import analyse
from mgc.compiler.graph.graph import Graph, reopened, topological_order
from mgc.compiler.graph.loops import loop_order
from mgc.compiler.graph.nodes import Node
from mgc.compiler.passes.rebuild import copy, rebuild

_TESTING = frozenset(("select", "and", "or"))


def decide(graph: Graph) -> Graph:
    """A choice is the arm that is taken wherever it is read; of `a and b`, where a holds, b is left."""
    if _TESTING.isdisjoint(graph.builder.operations()):
        return graph
    taken = _taken(graph, topological_order(graph.roots()))
    if not taken:
        return graph

    def rewrite(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
        return args[taken[node]] if node in taken else copy(build, node, args)

    return rebuild(graph, rewrite)


def _taken(graph: Graph, order: Sequence[Node]) -> dict[Node, int]:
    """The nodes that are one of their arguments wherever they are read, and the place of that argument."""
    found: dict[Node, int] = {}
    control = analyse(reopened(graph), list(order), loop_order(list(order)))
    for node in order:
        around = control.guards[node]
        if node.op not in _TESTING or not around:
            continue
        held = holding(around)
        for arm in (True, False):
            if implies(held, node.axes, (node.args[0], arm), control.turns):
                found[node] = (1 if arm else 2) if node.op == "select" else int(arm == (node.op == "and"))
    return found
