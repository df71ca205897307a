"""What is read of expressions: the kinds of syntax nodes, one row each; what has none is not.

>>> scope = Scope({}, frozenset(), frozenset(), False)
>>> [ast.unparse(part) for part in unread(ast.parse("{x: 1.0}[x] + y", mode="eval").body, scope)]
['{x: 1.0}']
"""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

BUILTINS = frozenset({"abs", "float", "len", "list", "max", "min", "pow"})
CONSTANTS = frozenset({"inf", "nan", "pi", "e"})
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
OF_INDICES = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)
COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)


class Scope(Struct, frozen=True):
    """What is known where a node stands: how many arguments the file's functions take, and the names from `math`."""

    functions: dict[str, tuple[int, int]]
    imported: frozenset[str]
    arguments: frozenset[str]
    is_model: bool


def unread(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    """What is not read of an expression: itself, or a part."""
    stack: list[ast.AST] = [node]
    while stack:
        part = stack.pop()
        check = _EXPRESSIONS.get(type(part))
        parts = check(part, scope) if check is not None else None
        if parts is None:
            yield part
        else:
            stack += parts[::-1]


def _operation(node: ast.BinOp, scope: Scope) -> list[ast.expr] | None:
    if not isinstance(node.op, ARITHMETIC):
        return None
    for row, times in ((node.left, node.right), (node.right, node.left)):
        if isinstance(row, ast.List):  # [0.0] * n
            return [row] if isinstance(node.op, ast.Mult) and is_index(times) else None
    return [node.left, node.right]


def _call(node: ast.Call, scope: Scope) -> list[ast.expr] | None:
    if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
        return None
    match node.func:
        case ast.Name(id=name) if name in scope.functions:
            fewest, most = scope.functions[name]
            return list(node.args) if fewest <= len(node.args) <= most else None
        case ast.Name(id=name) if name in BUILTINS or (name in scope.imported and callable(getattr(math, name, None))):
            return list(node.args)
        case ast.Name(id=name) if name not in scope.imported and not hasattr(builtins, name):
            return list(node.args)  # which no one knows: it is not run, and told so
        case ast.Attribute(value=ast.Name(id="math"), attr=name) if callable(getattr(math, name, None)):
            return list(node.args)
    return None


def _comprehension(node: ast.ListComp, scope: Scope) -> list[ast.expr] | None:
    if len(node.generators) != 1:
        return None
    (turn,) = node.generators
    targets = turn.target.elts if isinstance(turn.target, ast.Tuple) else [turn.target]
    is_plain = not turn.ifs and not turn.is_async and all(isinstance(target, ast.Name) for target in targets)
    return [node.elt] if is_plain and not list(turns(turn.iter, len(targets), scope)) else None


def _element(node: ast.Subscript, scope: Scope) -> list[ast.expr] | None:
    if is_key(node):
        return [node.value]
    return [node.value] if is_index(node.slice) else None


_EXPRESSIONS: dict[type[ast.AST], Callable[[Any, Scope], list[Any] | None]] = {
    ast.Name: lambda node, scope: [],
    ast.Constant: lambda node, scope: [] if isinstance(node.value, bool | int | float) else None,
    ast.Attribute: lambda node, scope: [] if ast.unparse(node) in {f"math.{one}" for one in CONSTANTS} else None,
    ast.BinOp: _operation,
    ast.UnaryOp: lambda node, scope: [node.operand] if isinstance(node.op, ast.USub | ast.Not) else None,
    ast.BoolOp: lambda node, scope: node.values,
    ast.Compare: lambda node, scope: (
        [node.left, *node.comparators] if all(isinstance(op, COMPARISONS) for op in node.ops) else None
    ),
    ast.IfExp: lambda node, scope: [node.test, node.body, node.orelse],
    ast.Call: _call,
    ast.List: lambda node, scope: node.elts,
    ast.ListComp: _comprehension,
    ast.Subscript: _element,
}


def is_number(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=bool()):
            return False
        case ast.Constant(value=int() | float()):
            return True
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return is_number(operand)
    return False


def is_key(node: ast.Subscript) -> bool:
    """Of the dictionary of parameters."""
    match node:
        case ast.Subscript(value=ast.Name(id="params"), slice=ast.Constant(value=str())):
            return True
    return False


def is_index(node: ast.expr) -> bool:
    """A whole number: names, numbers, elements of lists, lengths, and arithmetic of them that leaves none behind."""
    match node:
        case ast.Name() | ast.Constant(value=int()):
            return not (isinstance(node, ast.Constant) and isinstance(node.value, bool))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return is_index(operand)
        case ast.BinOp(left=left, op=op, right=right):
            return isinstance(op, OF_INDICES) and is_index(left) and is_index(right)
        case ast.IfExp(body=body, orelse=orelse):
            return is_index(body) and is_index(orelse)
        case ast.Subscript(value=value, slice=place):
            return is_row(value) and is_index(place)
        case ast.Call(func=ast.Name(id="len"), args=[row], keywords=[]):
            return is_row(row)
        case ast.Call(func=ast.Name(id="element" | "max" | "min"), args=parts, keywords=[]):
            return all(map(is_index, parts[0].elts if isinstance(parts[0], ast.List) else parts))
    return False


def turns(node: ast.expr, targets: int, scope: Scope) -> Iterator[ast.AST]:
    """`range(…)`, `reversed(range(…))`, `zip` of rows, or a row."""
    match node:
        case ast.Call(func=ast.Name(id="reversed"), args=[ast.Call(func=ast.Name(id="range"))], keywords=[]):
            yield from turns(node.args[0], targets, scope)
        case ast.Call(func=ast.Name(id="range"), args=[_, *_], keywords=[]) if targets == 1:
            yield from (end for end in node.args if not is_index(end))
        case ast.Call(func=ast.Name(id="zip"), args=rows, keywords=[]) if targets == len(rows):
            yield from (row for row in rows if not is_row(row))
        case _ if targets != 1 or not is_row(node):
            yield node


def is_row(node: ast.expr) -> bool:
    """A list by its name, or one that lies in another."""
    match node:
        case ast.Name():
            return True
        case ast.Subscript():
            return is_row(node.value) and (is_index(node.slice) or is_key(node))
    return False
