"""A graph as text, one node a line."""

from __future__ import annotations

from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.nodes import AxisName, Node
from mgc.compiler.graph.sizes import dimensions_text


def describe(graph: Graph) -> str:
    """A graph, one node a line: number, operation, arguments, dtype, axes, and the author's name and line."""
    order = topological_order([*graph.roots(), *[given.node for given in graph.inputs]])
    number = {node: f"%{place}" for place, node in enumerate(order)}
    rows = [(number[node], _operation(node, number), node) for node in order]
    width = max((len(text) for _, text, _ in rows), default=0)
    width = min(max(16, width), 40)
    lines = [f"{graph.name}({', '.join(given.name for given in graph.inputs)})"]
    for label, text, node in rows:
        axes = f"  over {' '.join(number[axis] for axis in node.axes)}" if node.axes and node.op != "index" else ""
        called = f"  {graph.builder.names[node]}" if node in graph.builder.names else ""
        place = f"  line {node.span.line}" if node.span is not None and node.op != "input" else ""
        lines.append(f"    {label:<3} {text:<{width}} {node.dtype}{axes}{called}{place}")
    lines += [f"    return {number[output]}" for output in graph.outputs]
    lines += [
        f"    d{given.name} = {number[adjoint] if adjoint is not None else '0'}" for given, adjoint in graph.gradients
    ]
    return "\n".join(lines)


def _operation(node: Node, number: dict[Node, str]) -> str:
    if node.op == "input":
        return f"input {node.attribute}{dimensions_text(node.args) if node.args else ''}"
    if node.op == "index" and isinstance(node.attribute, AxisName):
        return f"index {node.attribute.name or '_'} in {number[node.args[0]]} .. {number[node.args[1]]}"
    said = [node.op]
    if node.op in ("const", "size", "reduce"):
        said.append(str(node.attribute))
    return " ".join([*said, *[number[argument] for argument in node.args]])
