"""Syntax tree -> text: an expression with the fewest parentheses.

>>> from mgc.grammar.parser import parse
>>> tree = parse("def f(a, b): return (a - (b*2)) ** (-1)", "f.mg")
>>> (returned,) = tree.declarations[0].body
>>> format_expression(returned.values[0])
'(a - b*2)**-1'
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from mgc.grammar.tree import (
    ArrayLiteral,
    Binary,
    Call,
    Clause,
    Comparison,
    Comprehension,
    Conditional,
    Expression,
    Index,
    Logical,
    Name,
    Number,
    Reduction,
    Slice,
    Transpose,
    Unary,
)

# Binding strengths, from the loosest to the tightest, as in mg.lark.
CONDITIONAL, OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, POWER, PRIMARY = range(10)
STRENGTH = {
    "or": OR,
    "and": AND,
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "//": PRODUCT,
    "%": PRODUCT,
    "@": PRODUCT,
    "**": POWER,
}
TIGHT = ("*", "/", "//", "%", "**")  # signs without spaces around them


class Part(NamedTuple):
    """A node to be written: how strongly it has to bind there, and whether sums are close, as in `x[i+1]`."""

    node: Expression | Slice
    wanted: int
    close: bool


Piece = str | Part


def format_expression(expression: Expression, called: Mapping[str, str] = {}) -> str:
    """The expression as text that parses to the same tree, on one line, in time linear in its size.

    `called` has other names for some of its names.
    """
    written: list[str] = []
    pending: list[Piece] = [Part(expression, CONDITIONAL, False)]
    while pending:
        piece = pending.pop()
        if isinstance(piece, str):
            written.append(piece)
            continue
        if isinstance(piece.node, Name):
            written.append(called.get(piece.node.identifier, piece.node.identifier))
            continue
        strength, pieces = _pieces(piece.node, piece.close)
        if strength < piece.wanted:
            pieces = ["(", *pieces, ")"]
        pending.extend(reversed(pieces))
    return "".join(written)


def format_condition(condition: Expression) -> str:
    """As it stands after `require`: of every entry without brackets, `x[i] > 0 for i`."""
    said = format_expression(condition)
    return said[1:-1] if isinstance(condition, Comprehension) else said


def _pieces(node: Expression | Slice, close: bool) -> tuple[int, list[Piece]]:
    """The binding strength of a node, and its text with its operands still as nodes."""
    match node:
        case Number(value=value):
            return SIGN if math.copysign(1, value) < 0 else PRIMARY, [repr(value)]
        case Unary(operator="not"):
            return NOT, ["not ", Part(node.operand, NOT, close)]
        case Unary():
            return SIGN, [node.operator, Part(node.operand, SIGN, close)]
        case Binary(operator="**"):
            return POWER, [Part(node.left, PRIMARY, close), "**", Part(node.right, SIGN, close)]
        case Binary(operator=sign) | Logical(operator=sign):
            strength = STRENGTH[sign]
            spaced = sign if sign in TIGHT or (close and strength == SUM) else f" {sign} "
            return strength, [Part(node.left, strength, close), spaced, Part(node.right, strength + 1, close)]
        case Comparison(operators=signs, operands=(first, *others)):
            links: list[Piece] = [Part(first, SUM, close)]
            for link, other in zip(signs, others, strict=True):
                links += [f" {link} ", Part(other, SUM, close)]
            return COMPARISON, links
        case Conditional():
            choice: list[Piece] = [Part(node.value, OR, close), " if ", Part(node.condition, OR, close)]
            return CONDITIONAL, [*choice, " else ", Part(node.otherwise, CONDITIONAL, close)]
        case Slice():
            step = [] if node.step is None else [":", *_optional(node.step)]
            return CONDITIONAL, [*_optional(node.start), ":", *_optional(node.stop), *step]
        case Call() | Reduction() | Comprehension() | Index() | Transpose() | ArrayLiteral():
            return PRIMARY, _primary(node)
        case _:
            raise AssertionError(node)


def _primary(node: Call | Reduction | Comprehension | Index | Transpose | ArrayLiteral) -> list[Piece]:
    match node:
        case Call(sizes=sizes):
            brackets: list[Piece] = [] if sizes is None else ["[", *_listed(sizes, True), "]"]
            inputs = _listed(node.arguments, False)
            for name, value in node.keywords:
                inputs += [", " if inputs else "", f"{name}=", Part(value, CONDITIONAL, False)]
            return [node.function, *brackets, "(", *inputs, ")"]
        case Reduction():
            return [f"{node.function}(", Part(node.body, CONDITIONAL, False), *_clauses(node.clauses), ")"]
        case Comprehension():
            return ["[", Part(node.body, CONDITIONAL, False), *_clauses(node.clauses), "]"]
        case Index():
            return [Part(node.base, PRIMARY, False), "[", *_listed(node.items, True), "]"]
        case Transpose(base=Number()):  # `1.T` would read as one number
            return ["(", Part(node.base, CONDITIONAL, False), ").T"]
        case Transpose():
            return [Part(node.base, PRIMARY, False), ".T"]
        case ArrayLiteral():
            return ["[", *_listed(node.elements, False), "]"]


def _listed(nodes: tuple[Expression | Slice, ...], close: bool) -> list[Piece]:
    pieces: list[Piece] = []
    for node in nodes:
        pieces += [", ", Part(node, CONDITIONAL, close)]
    return pieces[1:]


def _optional(node: Expression | None) -> list[Piece]:
    return [] if node is None else [Part(node, CONDITIONAL, True)]


def _clauses(clauses: tuple[Clause, ...]) -> list[Piece]:
    pieces: list[Piece] = []
    for clause in clauses:
        pieces.append(f" for {', '.join(clause.names)}")
        if clause.iterable is not None:
            pieces += [" in ", Part(clause.iterable, OR, False)]
        for condition in clause.conditions:
            pieces += [" if ", Part(condition, OR, False)]
    return pieces
