"""The graph behind a `Value`: as sets of nodes and edges, and as a picture.

>>> a = Value(2.0, label="a")
>>> nodes, edges = trace(a * 3)
>>> list(nodes), len(edges)
([Value(data=6.0, grad=0), Value(data=2.0, grad=0), Value(data=3, grad=0)], 2)
"""

from __future__ import annotations

import re
from collections.abc import KeysView
from typing import TYPE_CHECKING

from mgc.grammar.diagnostics import DataError
from mgc.micrograd.engine import Value

if TYPE_CHECKING:
    from graphviz import Digraph

_SPECIAL = re.compile(r"[\\{}|<>]")  # of graphviz's record labels


def trace(root: Value) -> tuple[KeysView[Value], KeysView[tuple[Value, Value]]]:
    """Every value behind `root`, itself first, and an edge from each to what is computed from it."""
    nodes = {root: None}
    edges: dict[tuple[Value, Value], None] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for operand in node._prev:
            edges[operand, node] = None
            if operand not in nodes:
                nodes[operand] = None
                waiting.append(operand)
    return nodes.keys(), edges.keys()


def draw_dot(root: Value, format: str = "svg", rankdir: str = "LR") -> Digraph:
    """The graph behind `root`: in each node its label, data and gradient, and before it the operation that made it.

    format: what `render()` writes, "svg" or "png". rankdir: "LR" from left to right, "TB" from top to bottom.
    Errors: ValueError for another `rankdir`; DataError where the package graphviz is not installed.
    """
    if rankdir not in ("LR", "TB"):
        raise ValueError(f"rankdir is 'LR' (left to right) or 'TB' (top to bottom), not {rankdir!r}")
    nodes, edges = trace(root)
    names = {node: str(place) for place, node in enumerate(nodes)}
    dot = _digraph(format, rankdir)
    for node, name in names.items():
        dot.node(name, _label(node), shape="record")
        if node._op:
            dot.node(name + node._op, node._op)
            dot.edge(name + node._op, name)
    for operand, node in edges:
        dot.edge(names[operand], names[node] + node._op)
    return dot


def _digraph(format: str, rankdir: str) -> Digraph:
    try:
        from graphviz import Digraph
    except ImportError:
        raise DataError("draw_dot needs the package graphviz: pip install 'mgc[draw]'") from None
    return Digraph(format=format, graph_attr={"rankdir": rankdir})


def _label(node: Value) -> str:
    label = _SPECIAL.sub(r"\\\g<0>", node.label)
    return f"{{ {label + ' | ' if label else ''}data {float(node.data):.4f} | grad {float(node.grad):.4f} }}"
