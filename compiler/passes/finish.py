"""Graph -> graph without dead code: `detach(x)` becomes x once no derivative follows."""

from __future__ import annotations

from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.graph import Graph
from mgc.compiler.graph.nodes import Node
from mgc.compiler.passes.rebuild import copy, rebuild


def finish(graph: Graph) -> Graph:
    """Without dead code, and with `detach(x)` become x and zeros plain numbers: no derivative follows."""

    def rewrite(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
        if node.op == "zero":
            return build.number(0.0)
        return args[0] if node.op == "detach" else copy(build, node, args)

    return rebuild(graph, rewrite)
