"""A graph as text, one node a line."""

from __future__ import annotations

from collections.abc import Mapping

from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.nodes import AxisName, Node, Origin
from mgc.compiler.graph.sizes import dimensions_text


def describe(graph: Graph) -> str:
    """A graph, one node a line: number, operation, arguments, dtype, axes, the author's name, and where it is from."""
    order = topological_order([*graph.roots(), *[given.node for given in graph.inputs]])
    number = {node: f"%{place}" for place, node in enumerate(order)}
    rows = [(number[node], _operation(node, number), node) for node in order]
    width = max((len(text) for _, text, _ in rows), default=0)
    width = min(max(16, width), 40)
    lines = [f"{graph.name}({', '.join(given.name for given in graph.inputs)})"]
    for label, text, node in rows:
        axes = f"  over {' '.join(number[axis] for axis in node.axes)}" if node.axes and node.op != "index" else ""
        called = f"  {graph.names[node]}" if node in graph.names else ""
        place = _origin(node.origin, number) if node.op != "input" else ""
        lines.append(f"    {label:<3} {text:<{width}} {node.dtype}{axes}{called}{place}")
    lines += [f"    return {number[output]}" for output in graph.outputs]
    lines += [
        f"    d{given.name} = {number[adjoint] if adjoint is not None else '0'}" for given, adjoint in graph.gradients
    ]
    return "\n".join(lines)


def _origin(origin: Origin, number: Mapping[Node, str]) -> str:
    """The line, the innermost call, and of which operation by which argument a derivative is: `d%3/d%1`."""
    said = [f"line {origin.span.line}"] if origin.span is not None else []
    said += [f"in {call.name}" for call in origin.calls[-1:]]
    primal, rule = origin.primal, origin.rule
    if primal is not None and primal in number:
        said.append(f"d{number[primal]}" + (f"/d{number[primal.args[rule.place]]}" if rule is not None else ""))
    return "".join(f"  {part}" for part in said)


def _operation(node: Node, number: dict[Node, str]) -> str:
    if node.op == "input":
        return f"input {node.attribute}{dimensions_text(node.args) if node.args else ''}"
    if node.op == "index" and isinstance(node.attribute, AxisName):
        return f"index {node.attribute.name or '_'} in {number[node.args[0]]} .. {number[node.args[1]]}"
    said = [node.op]
    if node.op in ("const", "size", "reduce"):
        said.append(str(node.attribute))
    return " ".join([*said, *[number[argument] for argument in node.args]])
