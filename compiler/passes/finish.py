"""Graph -> graph without dead code: `detach(x)` becomes x once no derivative follows."""

from __future__ import annotations

from msgspec.structs import replace

from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.nodes import Node
from mgc.compiler.passes.rebuild import copy, rebuild


def finish(graph: Graph) -> Graph:
    """Without dead code, and with `detach(x)` become x and zeros plain numbers: no derivative follows."""
    held = _held(graph) if "detach" in graph.builder.operations() else frozenset[Node]()

    def rewrite(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
        if node.op == "zero":
            return build.number(0.0)
        if node in held:
            build.origin = replace(build.origin, is_held=True)
        return args[0] if node.op == "detach" else copy(build, node, args)

    return rebuild(graph, rewrite)


def _held(graph: Graph) -> set[Node]:
    """What is read under a `detach` alone."""
    order = topological_order(graph.roots())
    free = set(graph.roots())
    for node in reversed(order):
        if node in free and node.op != "detach":
            free.update(node.args)
    return {node for node in order if node not in free}
