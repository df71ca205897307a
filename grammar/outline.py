"""Syntax tree -> text: a whole file as an indented outline.

>>> from mgc.grammar.parser import parse
>>> print(dump(parse("def f(a, b): return (a - (b*2)) ** (-1)", "f.mg")))
def f (line 1)
    argument a
    argument b
    return (line 1)
        (a - b*2)**-1
"""

from __future__ import annotations

from collections.abc import Iterator

from mgc.grammar.spelling import format_condition, format_expression
from mgc.grammar.tree import (
    Argument,
    Assign,
    Const,
    Declaration,
    File,
    For,
    Function,
    Import,
    Op,
    Param,
    Return,
    Statement,
)


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
            for one in node.requirements:
                yield f"    require {format_condition(one.condition)} (line {one.span.line})"
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
