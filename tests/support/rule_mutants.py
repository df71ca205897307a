"""Wrong rules: an expression with one thing changed, for tests of the proofs.

>>> from support.rule_language import parsed
>>> [format_expression(wrong) for wrong in mutants(parsed("1 - tanh(x)**2"))]
['-(1 - tanh(x)**2)', '1 - tanh(x)**2 + 1', '1 + tanh(x)**2', '2 - tanh(x)**2', '1 - tanh(x)**3']
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from mgc.grammar import tree
from mgc.grammar.spelling import format_expression

__all__ = ["format_expression", "mutants"]

SIGN = {"+": "-", "-": "+"}
EDGE = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}


def mutants(rule: tree.Expression) -> Iterator[tree.Expression]:
    """The rule negated, with 1 added, and with one part of it changed."""
    yield tree.Unary("-", rule, rule.span)
    yield tree.Binary("+", rule, tree.Number(1, rule.span), rule.span)
    yield from changed(rule)


def changed(node: tree.Expression) -> Iterator[tree.Expression]:
    """One number or sign replaced, one factor or minus dropped, or one comparison's edge moved, anywhere."""
    yield from changed_here(node)
    for name in node.__struct_fields__:
        part = getattr(node, name)
        if isinstance(part, tuple) and name in ("arguments", "operands"):
            for place, inner in enumerate(part):
                for other in changed(inner):
                    yield replace(node, **{name: (*part[:place], other, *part[place + 1 :])})
        elif name != "span" and hasattr(part, "span"):
            for other in changed(part):
                yield replace(node, **{name: other})


def changed_here(node: tree.Expression) -> Iterator[tree.Expression]:
    match node:
        case tree.Number():
            yield replace(node, value=node.value + 1)
        case tree.Unary(operator="-"):
            yield node.operand
        case tree.Binary(operator="*"):
            yield from (node.left, node.right)
        case tree.Binary(operator="/"):
            yield node.left
        case tree.Binary(operator="+" | "-"):
            yield replace(node, operator=SIGN[node.operator])
        case tree.Comparison(operators=operators):
            for place, operator in enumerate(operators):
                others = (*operators[:place], EDGE[operator], *operators[place + 1 :])
                yield replace(node, operators=others)
