"""Graph -> hints: what a value without a name of its author's may be called, by what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.nodes import Node


def hints(graph: Graph) -> Graph:
    """The graph with hints for all its unnamed values, from the statements that they are parts of."""
    found = dict(graph.hints)
    statement: dict[Node, str] = {output: graph.names.get(output, "out") for output in graph.outputs}
    for node in reversed(topological_order(graph.outputs)):
        name = graph.names.get(node) or statement.get(node, "out")
        for argument in node.args:
            statement.setdefault(argument, name)
        if len(node.args) == 1 and node.args[0].op != "reduce":
            found.setdefault(node.args[0], f"{name}_in")
        if node not in graph.names:
            found.setdefault(node, _describe(node, name, graph.names))
    return replace(graph, hints=found)


_NOUNS = {"mul": "product", "add": "sum", "sub": "difference", "div": "ratio", "neg": "negated", "pow": "power",
          "floordiv": "quotient", "select": "chosen", "read": "element", "array": "values", "pack": "list"}  # fmt: skip


def _describe(node: Node, statement: str, names: Mapping[Node, str]) -> str:
    if node.op == "read" and node.args[0].op == "input":
        return f"{str(node.args[0].attribute).rsplit('.', 1)[-1]}_element"
    if node.op == "bound":
        return "place"
    if node.op == "reduce":
        return f"{statement}_{node.attribute}"
    operand = node.args[0] if len(node.args) == 1 else None
    if operand is not None and (operand in names or operand.op == "input"):
        return f"{node.op.split(':')[-1]}_{names.get(operand, str(operand.attribute).rsplit('.', 1)[-1])}"
    return f"{statement}_{_NOUNS.get(node.op, node.op.split(':')[-1])}"
