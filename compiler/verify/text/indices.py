"""Which expressions of emitted text are indices: whole numbers, and made of nothing else.

>>> [is_index(ast.parse(index, mode="eval").body) for index in ("t[i] + 1", "len(x) // 2", "n / 2")]
[True, True, False]
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

OF_INDICES = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)


def is_row(node: ast.expr) -> bool:
    """A list by its name, or one that lies in another."""
    match node:
        case ast.Name():
            return True
        case ast.Subscript():
            return is_row(node.value) and (is_index(node.slice) or is_key(node))
    return False


def is_key(node: ast.AST) -> bool:
    """Of the dictionary of parameters."""
    match node:
        case ast.Subscript(value=ast.Name(id="params"), slice=ast.Constant(value=str())):
            return True
    return False


def is_index(node: ast.expr) -> bool:
    return counted(node) is not None


def counted(index: ast.expr) -> frozenset[str] | None:
    """The names that a whole number is computed of, lists aside; None for what need not be one."""
    match index:
        case ast.Constant(value=int() as value):
            return None if isinstance(value, bool) else frozenset()
        case ast.Name(id=name):
            return frozenset({name})
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return counted(operand)
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, OF_INDICES):
            return _of_all(left, right)
        case ast.IfExp(body=body, orelse=orelse):
            return _of_all(body, orelse)
        case ast.Subscript(value=value, slice=place) if is_row(value):
            return counted(place)
        case ast.Call(func=ast.Name(id="len"), args=[row], keywords=[]) if is_row(row):
            return frozenset()
        case ast.Call(func=ast.Name(id="element" | "max" | "min"), args=parts, keywords=[]):
            return _of_all(*(parts[0].elts if isinstance(parts[0], ast.List) else parts))
    return None


def _of_all(*indices: ast.expr) -> frozenset[str] | None:
    found = [counted(index) for index in indices]
    return None if None in found else frozenset().union(*(names for names in found if names))


def without_whole_numbers(parts: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """What gives a name that indices are computed of anything else than a whole number."""
    stored = [part for part in parts if isinstance(part, ast.Assign | ast.AugAssign)]
    targets = [part.target if isinstance(part, ast.AugAssign) else part.targets[0] for part in stored]
    given = [(one.id, part.value) for one, part in zip(targets, stored, strict=True) if isinstance(one, ast.Name)]
    names = {name for part in parts for place in _places(part) for name in counted(place) or ()}
    while more := {name for one, value in given if one in names for name in counted(value) or ()} - names:
        names |= more
    yield from (value for name, value in given if name in names and not is_index(value))


def _places(node: ast.AST) -> Sequence[ast.expr]:
    """An index, or the ends of a range."""
    match node:
        case ast.Subscript(slice=place):
            return [place]
        case ast.Call(func=ast.Name(id="range"), args=ends):
            return ends
    return []
