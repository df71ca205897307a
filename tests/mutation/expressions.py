"""Operators on expressions: one expression of emitted code, and the names in scope there -> its mutants.

>>> [ast.unparse(m.node) for m in variants(expression("2.0 * tanh(x)"), Scope({"x": (), "y": ()}, ()))]
['3.0 * tanh(x)', '2.0 * sinh(x)', '2.0 * tanh(y)']
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from msgspec import Struct

from mutation.edits import replaced

Shape = tuple[int, ...]  # of a nested list; () for a float
INTEGER: Shape = (-1,)  # stands for the shape of an int

OTHER_FUNCTION = {
    "exp": "expm1", "expm1": "exp", "log": "log1p", "log1p": "log", "sin": "cos", "cos": "sin", "tan": "sin",
    "tanh": "sinh", "sinh": "cosh", "cosh": "sinh", "sqrt": "cbrt", "cbrt": "sqrt", "max": "min", "min": "max",
    "asin": "acos", "acos": "asin", "atan": "asin", "erf": "erfc", "erfc": "erf", "floor": "ceil", "ceil": "floor",
    "hypot": "fmod", "fmod": "remainder", "remainder": "fmod", "lgamma": "gamma", "gamma": "lgamma",
    "log2": "log10", "log10": "log2", "exp2": "exp", "abs": "float", "copysign": "fmod", "asinh": "atan",
    "acosh": "log", "atanh": "tan", "pow": "fmod", "digamma": "log", "sin_pi": "cos_pi", "cos_pi": "sin_pi",
    "trigamma": "digamma", "sign": "float", "relu": "float",
}  # fmt: skip  # a rule taken for another
SYMMETRIC = frozenset({"hypot", "max", "min", "logaddexp"})
FROM_PYTHON = frozenset({"abs", "max", "min", "pow", "round", "float"})
WEAKER: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
}  # fmt: skip


class Scope(Struct, frozen=True):
    """The variables that have a value here by name, and the indices of the loops around."""

    names: Mapping[str, Shape]
    indices: tuple[str, ...]
    functions: frozenset[str] = frozenset()  # defined in the file


class Variant(Struct, frozen=True):
    """What replaces the whole expression; `imported`: a function of `math` that it needs."""

    kind: str
    node: ast.expr
    imported: str = ""


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def variants(root: ast.expr, scope: Scope) -> Iterator[Variant]:
    """Every mutant of the expression with one change somewhere in it."""
    for node, is_index in _nodes(root, False):
        changes = _of_index(node, scope) if is_index else _of_node(node, scope)
        for change in changes:
            yield Variant(change.kind, replaced(root, node, change.node), change.imported)


def _nodes(node: ast.expr, is_index: bool) -> Iterator[tuple[ast.expr, bool]]:
    """The parts that may change, each with whether it is the index of an element.

    Tests for nan stay, and so do the bounds of an index: they tell valid arguments from others.
    """
    if _is_nan_test(node):
        return
    yield node, is_index
    bounded = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "element"
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.Call) and (child is node.func or (bounded and child is node.args[1])):
            continue
        if isinstance(child, ast.expr):
            yield from _nodes(child, isinstance(node, ast.Subscript) and child is node.slice)
        elif isinstance(child, ast.comprehension):
            yield from _nodes(child.iter, False)


def _is_nan_test(node: ast.expr) -> bool:
    match node:
        case ast.Compare(left=left, comparators=[right]):
            return ast.unparse(left) == ast.unparse(right)
        case ast.Call(func=ast.Attribute(attr="isnan") | ast.Name(id="isnan")):
            return True
    return False


def _of_node(node: ast.expr, scope: Scope) -> Iterator[Variant]:
    match node:
        case ast.BinOp():
            yield from _of_binary(node)
        case ast.UnaryOp(op=ast.USub()):
            yield Variant("sign", node.operand)
        case ast.Call(func=ast.Name(id="range")):
            yield from _of_range(node)
        case ast.Call(func=ast.Name(id=name)):
            yield from _of_call(node, name, scope)
        case ast.Constant(value=float() | int()):
            yield from _of_constant(node)
        case ast.Name():
            yield from _of_name(node, scope)
        case ast.Compare() | ast.BoolOp() | ast.IfExp():
            yield from _of_condition(node)


def _of_binary(node: ast.BinOp) -> Iterator[Variant]:
    swapped: dict[type[ast.operator], ast.operator] = {ast.Add: ast.Sub(), ast.Sub: ast.Add()}
    if type(node.op) in swapped:
        yield Variant("sign", ast.BinOp(node.left, swapped[type(node.op)], node.right))
    if isinstance(node.op, ast.Sub | ast.Div | ast.Pow | ast.FloorDiv | ast.Mod):
        yield Variant("operands", ast.BinOp(node.right, node.op, node.left))


def _of_range(node: ast.Call) -> Iterator[Variant]:
    """The last turn dropped, and the first."""
    first, last = (node.args[0], node.args[1]) if len(node.args) > 1 else (ast.Constant(0), node.args[0])
    one = ast.Constant(1)
    short = [ast.BinOp(last, ast.Sub(), one)] if len(node.args) == 1 else [first, ast.BinOp(last, ast.Sub(), one)]
    yield Variant("loop", ast.Call(node.func, [*short, *node.args[2:]], []))
    late = one if len(node.args) == 1 else ast.BinOp(first, ast.Add(), one)
    yield Variant("loop", ast.Call(node.func, [late, last, *node.args[2:]], []))


def _of_call(node: ast.Call, name: str, scope: Scope) -> Iterator[Variant]:
    if name in ("len", "element"):
        return
    if len(node.args) > 1 and name not in SYMMETRIC:
        yield Variant("operands", ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], []))
    other = OTHER_FUNCTION.get(name)
    if other is None or (other.endswith(("_pi", "gamma")) and name not in FROM_PYTHON and other not in scope.functions):
        return
    known = other in FROM_PYTHON or other in scope.functions
    yield Variant("rule", ast.Call(ast.Name(other), node.args, []), "" if known else other)


def _of_constant(node: ast.Constant) -> Iterator[Variant]:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    yield Variant("constant", ast.Constant(value + 1))


def _of_condition(node: ast.expr) -> Iterator[Variant]:
    negated = ast.Not()
    match node:
        case ast.Compare(ops=ops):
            for place, op in enumerate(ops):
                weaker = [*ops[:place], WEAKER[type(op)](), *ops[place + 1 :]]  # no other comparison is emitted
                yield Variant("guard", ast.Compare(node.left, weaker, node.comparators))
            if len(ops) == 1:  # the comparison itself turned round: not the same as its negation for nan
                yield Variant("guard", ast.UnaryOp(negated, node))
        case ast.BoolOp(op=op, values=values):
            yield Variant("guard", ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values))
            for place in (place for place, value in enumerate(values) if not _is_nan_test(value)):
                rest = values[:place] + values[place + 1 :]
                yield Variant("guard", rest[0] if len(rest) == 1 else ast.BoolOp(op, rest))
        case ast.IfExp():
            yield Variant("guard", node.body)
            yield Variant("guard", node.orelse)


def _of_index(node: ast.expr, scope: Scope) -> Iterator[Variant]:
    """The neighbours, the first, and an index of another loop."""
    match node:
        case ast.Constant(value=int(value)):
            yield Variant("index", ast.Constant(value + 1))
            if value:
                yield Variant("index", ast.Constant(value - 1))
        case ast.Constant():
            return
        case ast.Name(id=name):
            yield from _neighbours(node)
            yield Variant("index", ast.Constant(0))
            for other in scope.indices:
                if other != name:
                    yield Variant("index", ast.Name(other))
        case _:
            yield from _neighbours(node)


def _neighbours(node: ast.expr) -> Iterator[Variant]:
    for op in (ast.Sub(), ast.Add()):
        yield Variant("index", ast.BinOp(node, op, ast.Constant(1)))


def _of_name(node: ast.Name, scope: Scope) -> Iterator[Variant]:
    """The variable of the same shape with the most similar name, and the most recent other one."""
    own = scope.names.get(node.id)
    others = [name for name, shape in scope.names.items() if name != node.id and shape == own]
    if own is None or not others:
        return
    alike = max(others, key=lambda name: (_likeness(node.id, name), name))
    for other in dict.fromkeys((alike, others[-1])):
        yield Variant("name", ast.Name(other))


def _likeness(one: str, other: str) -> float:
    stems = [re.sub(r"[\d_]+$", "", name) for name in (one, other)]
    return SequenceMatcher(None, one, other).ratio() + (stems[0] == stems[1])
