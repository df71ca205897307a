"""Changes to a piece of text at places of its syntax tree: text, edits -> text with every other line as it was.

>>> tree = ast.parse("x = 1.0  # one\\ny = 2.0")
>>> edited("x = 1.0  # one\\ny = 2.0", [over(tree.body[0], "x = 3.0")])
'x = 3.0  # one\\ny = 2.0'
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import cast

from msgspec import Struct


class Edit(Struct, frozen=True, order=True):
    """New text from one place (line from 1, column in bytes, as `ast` counts) to another."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str


def over(node: ast.stmt | ast.expr, text: str) -> Edit:
    """The node replaced, with as many lines as it had."""
    start, end = (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
    return Edit(start, end, text + "\n" * (end[0] - start[0]))


def without(statement: ast.stmt) -> Edit:
    """The lines of the statement taken out."""
    return Edit((statement.lineno, 0), ((statement.end_lineno or 0) + 1, 0), "")


def ahead_of(statement: ast.stmt, text: str) -> Edit:
    """A statement put on a line of its own before another, in its block."""
    return Edit((statement.lineno, 0), (statement.lineno, 0), " " * statement.col_offset + text + "\n")


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits that do not overlap."""
    lines = text.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    content = text.encode()
    for edit in sorted(edits, reverse=True):
        first, last = (starts[min(line - 1, len(lines))] + column for line, column in (edit.start, edit.end))
        content = content[:first] + edit.text.encode() + content[last:]
    return content.decode()


def replaced(root: ast.expr, old: ast.expr, new: ast.expr) -> ast.expr:
    """A copy of the expression with one node (by identity) replaced."""
    return cast("ast.expr", _copied(root, old, new))


def _copied(value: object, old: ast.expr, new: ast.expr) -> object:
    if value is old:
        return new
    if isinstance(value, list):
        return [_copied(item, old, new) for item in value]
    if isinstance(value, ast.AST):
        return type(value)(**{name: _copied(field, old, new) for name, field in ast.iter_fields(value)})
    return value
