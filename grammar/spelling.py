"""Syntax tree -> text: an expression with the fewest parentheses, and a whole file as an indented outline.

>>> from mgc.grammar.parser import parse
>>> tree = parse("def f(a, b): return (a - (b*2)) ** (-1)", "f.mg")
>>> (returned,) = tree.declarations[0].body
>>> format_expression(returned.values[0])
'(a - b*2)**-1'
>>> print(dump(tree))
def f (line 1)
    argument a
    argument b
    return (line 1)
        (a - b*2)**-1
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from mgc.grammar.tree import (
    Argument,
    ArrayLiteral,
    Assign,
    Binary,
    Call,
    Clause,
    Comparison,
    Comprehension,
    Conditional,
    Const,
    Declaration,
    Expression,
    File,
    For,
    Function,
    Import,
    Index,
    Logical,
    Name,
    Number,
    Op,
    Param,
    Reduction,
    Return,
    Slice,
    Statement,
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


def format_expression(expression: Expression) -> str:
    """The expression as text that parses to the same tree, on one line, in time linear in its size."""
    written: list[str] = []
    pending: list[Piece] = [Part(expression, CONDITIONAL, False)]
    while pending:
        piece = pending.pop()
        if isinstance(piece, str):
            written.append(piece)
            continue
        strength, pieces = _pieces(piece.node, piece.close)
        if strength < piece.wanted:
            pieces = ["(", *pieces, ")"]
        pending.extend(reversed(pieces))
    return "".join(written)


def _pieces(node: Expression | Slice, close: bool) -> tuple[int, list[Piece]]:
    """The binding strength of a node, and its text with its operands still as nodes."""
    match node:
        case Number(value=value):
            return SIGN if math.copysign(1, value) < 0 else PRIMARY, [repr(value)]
        case Name(identifier=identifier):
            return PRIMARY, [identifier]
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


# --- the outline of a file


def dump(file: File) -> str:
    """The tree as indented lines, one for each declaration, argument and statement."""
    return "\n".join(line for declaration in file.declarations for line in _declaration(declaration))


def _declaration(node: Declaration) -> Iterator[str]:
    at = f"(line {node.span.line})"
    match node:
        case Import():
            yield f"import {node.path!r} {at}"
        case Const():
            yield f"const {node.name} {at}"
            yield f"    {format_expression(node.value)}"
        case Param():
            yield from _statements((node,), 0)
        case Function():
            yield f"{node.kind} {node.name} {at}"
            yield from (f"    size {'*' * size.variadic}{size.name}" for size in node.sizes)
            yield from (f"    argument {_argument(argument)}" for argument in node.arguments)
            yield from _docstring(node.docstring)
            yield from _statements(node.body, 1)
        case Op():
            yield f"op {node.name} {at}"
            yield from (f"    argument {argument.identifier}" for argument in node.arguments)
            yield from _docstring(node.docstring)
            if node.domain is not None:
                yield f"    domain {format_expression(node.domain)}"
            if node.native is not None:
                spelt = [f"{target} as {name}" if name else target for target, name in node.native.spellings]
                yield f"    native {', '.join(spelt)}"
            yield from (f"    {fact.identifier}" for fact in node.facts)
            for derivative in node.derivatives:
                kind = "accurate derivative" if derivative.accurate else "derivative"
                yield f"    {kind} by {derivative.argument} (line {derivative.span.line})"
                yield f"        {format_expression(derivative.rule)}"
            yield from _statements(node.body, 1)


def _argument(argument: Argument) -> str:
    shape = ", ".join(map(format_expression, argument.dimensions))
    return (
        argument.name
        + (f"[{shape}]" if argument.dimensions else "")
        + (": int" if argument.dtype == "int" else "")
        + (f" = {format_expression(argument.default)}" if argument.default is not None else "")
    )


def _docstring(docstring: str | None) -> Iterator[str]:
    if docstring is not None:
        yield f"    docstring {docstring!r}"


def _statements(body: tuple[Statement, ...], depth: int) -> Iterator[str]:
    """Iterative: `pending` holds the statements to be shown and the depth of each, the next one last."""
    pending = [(statement, depth) for statement in reversed(body)]
    while pending:
        statement, level = pending.pop()
        indent, at = "    " * level, f"(line {statement.span.line})"
        match statement:
            case Assign():
                yield f"{indent}assign {', '.join(name.identifier for name in statement.targets)} {at}"
                yield f"{indent}    {format_expression(statement.value)}"
            case Return():
                yield f"{indent}return {at}"
                yield from (f"{indent}    {format_expression(value)}" for value in statement.values)
            case Param():
                shape = ", ".join(map(format_expression, statement.dimensions))
                yield f"{indent}param {statement.name}{f'[{shape}]' if shape else ''} {at}"
                yield f"{indent}    {format_expression(statement.initialiser)}"
            case For():
                names = ", ".join(name.identifier for name in statement.names)
                yield f"{indent}for {names} in {format_expression(statement.iterable)} {at}"
                pending += [(inner, level + 1) for inner in reversed(statement.body)]
