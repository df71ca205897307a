"""The branches around a node."""

from __future__ import annotations

from mgc.compiler.graph.nodes import Node

Guards = tuple[tuple[Node, bool], ...]  # conditions and the arm taken, outermost first


def added_under(value: Node) -> tuple[Guards, Node]:
    """What a sum adds: the branches around a value that is 0 elsewhere, and the value inside them."""
    guards: Guards = ()
    while value.op == "select" and is_zero(value.args[2]) != is_zero(value.args[1]):
        arm = is_zero(value.args[2])
        guards = (*guards, (value.args[0], arm))
        value = value.args[1] if arm else value.args[2]
    return guards, value


def is_zero(node: Node) -> bool:
    """Whether a node is the number 0.0, of either sign."""
    return node.op == "const" and node.attribute == 0.0
