"""Operations that have no number somewhere, node -> whether it may raise by itself, or in what it is made of.

>>> from mgc.compiler.graph.builder import Builder
>>> build = Builder()
>>> x = build.make("input", (), "x")
>>> log, half = build.make("log", (x,)), build.make("div", (x, build.number(2.0)))
>>> may_raise(log), may_raise(half), is_partial(build.make("neg", (log,))), is_partial(half)
(True, False, True, False)
"""

from __future__ import annotations

from collections.abc import Iterable

from mgc.compiler.graph.graph import topological_order
from mgc.compiler.graph.nodes import COMPARISONS, LOGIC, Node
from mgc.compiler.language import library

DIVIDING = {"div": 1, "floordiv": 1, "exactdiv": 1, "mod": 1, "fmod": 1, "remainder": 1}  # the divisor's place
_STRUCTURAL = (
    frozenset("const zero size index input read array pack scatter reduce total select detach checked".split())
    | COMPARISONS
    | LOGIC
)


def may_raise(node: Node) -> bool:
    """Whether an operation may raise, or be infinite: x**2 does so only where all of the result overflows."""
    if node.op in DIVIDING:
        divisor = node.args[1]
        return divisor.op != "const" or not divisor.attribute
    if node.op == "pow":
        exponent = node.args[1].attribute
        return not isinstance(exponent, int) or exponent < 0
    return node.op not in _STRUCTURAL and library.may_fail(node.op)


def is_steep(node: Node) -> bool:
    """Whether the slope of an operation may be infinite where its value is not: that of a whole power never is."""
    return library.is_steep(node.op) and not (node.op == "pow" and isinstance(node.args[1].attribute, int))


def is_partial(node: Node) -> bool:
    """Whether a value, or something that it is made of, may raise."""
    return any(map(may_raise, topological_order([node])))


def without_number(order: Iterable[Node]) -> set[Node]:
    """The nodes that may be outside of a domain, or made of what is; not those that overflow."""
    found: set[Node] = set()
    for node in order:
        outside = node.op != "bound" and may_raise(node) and library.has_domain(node.op)
        if outside or (node.dtype == "float" and any(argument in found for argument in node.args)):
            found.add(node)
    return found
