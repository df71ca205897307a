"""Graph -> graph that keeps every value that the author named: what a lesson computes one after the other.

>>> from mgc.compiler.graph.builder import Builder
>>> from mgc.compiler.graph.graph import finished
>>> build = Builder()
>>> x = build.make("input", (), "x")
>>> n = build.make("mul", (x, x))
>>> build.name(n, "n")
>>> sorted(node.op for node in keep(finished(build, "f", (), (build.make("exp", (n,)),))).kept)
['exp', 'mul']
>>> both = build.make("add", (build.make("exp", (x,)), n))
>>> len(keep(finished(build, "f", (), (both,))).kept), len(keep_numbers(finished(build, "f", (), (both,))).kept)
(2, 3)
"""

from __future__ import annotations

from msgspec.structs import replace

from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.nodes import Node

_NO_OPERATION = frozenset({"read", "pack", "scatter", "zero", "bound"})


def keep(graph: Graph) -> Graph:
    """The same graph, which keeps the results and whatever has a name."""
    results = [output.args[0] if output.op == "array" else output for output in graph.outputs]
    named = [node for node in topological_order(graph.outputs) if node in graph.names]
    arrays = [(output.args[0], output.args[1:]) for output in graph.outputs if output.op == "array"]
    returned = {body: tuple(axis for axis in axes if axis in body.axes) for body, axes in arrays}
    kept = frozenset(node for node in (*named, *results) if not _is_there_anyway(node))
    hints = {result: f"out_{place}" if results[1:] else "out" for place, result in enumerate(results, 1)}
    return replace(graph, kept=kept, hints={**graph.hints, **hints}, layouts={**returned, **graph.layouts})


def keep_numbers(graph: Graph) -> Graph:
    """The same graph, which keeps every number, too, that no loop is around: a statement for each operation."""
    kept = keep(graph)
    numbers = (node for node in topological_order(graph.outputs) if not node.axes and node.dtype == "float")
    plain = (node for node in numbers if node.op not in _NO_OPERATION and not _is_there_anyway(node))
    return replace(kept, kept=kept.kept.union(plain))


def _is_there_anyway(node: Node) -> bool:
    """Whether a value has a variable already: a number, an argument, or an array by another index."""
    if node.op == "read":
        return node.args[0].op != "array" and all(index.op == "index" for index in node.args[1:])
    return node.op in ("const", "input", "index", "size", "array")
