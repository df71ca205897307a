"""A statement -> the same with one small change, as a person may have to make it; the likeliest kinds first.

>>> (statement,) = ast.parse("dx = dy * sin(x)").body
>>> near = Near([ast.Name("dy"), ast.Name("x")], functions=["sin", "cos"])
>>> list(changed(statement, near))[:4]
['dx = -dy * sin(x)', 'dx += dy * sin(x)', 'dx -= dy * sin(x)', 'dx = dy * sin(dy)']
"""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeGuard

from msgspec import Struct

from mgc.compiler.verify import clock

NUMBERS = (0.0, 1.0, 2.0, 3.0, 0.5)
OF_NODE = 2  # steps of work to copy and to write one
OPERATIONS = (ast.Mult, ast.Div, ast.Add, ast.Sub)
COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.NotEq)
STRICT = (ast.Lt, ast.Gt)
OTHER_SIGN = {ast.Add: ast.Sub, ast.Sub: ast.Add}


class Near(Struct):
    """What stands around a statement, and may be meant in it.

    `operands`: numbers that nothing reads, and those that others compute with, the nearest first; `sums`: of several;
    `indices`: loops around it, and sizes; `targets`: arrays and numbers that are stored to; `tests`: conditions;
    `turns`: what loops run over; `missing`: keys of a dictionary that it lacks, each with the name of what should stand
    there. `is_wrong`: whether it may store what no statement should; else only which entry it is of, or where it is
    stored, can be wrong.
    """

    operands: Sequence[ast.expr] = ()
    sums: Sequence[ast.expr] = ()
    indices: Sequence[str] = ()
    targets: Sequence[str] = ()
    functions: Sequence[str] = ()
    tests: Sequence[ast.expr] = ()
    turns: Sequence[ast.expr] = ()
    missing: Sequence[tuple[str, str]] = ()
    is_wrong: bool = True


def changed(statement: ast.stmt, near: Near) -> Iterator[str]:
    """Each once; of a loop or a branch the head alone."""
    seen = {head(statement)}
    size = sum(1 for _ in ast.walk(_headed(statement, [], [])))
    for one in _changed(statement, near):
        clock.check(OF_NODE * size)
        text = head(one)
        if text not in seen:
            seen.add(text)
            yield text
    if isinstance(statement, ast.AugAssign) and near.is_wrong:  # what is lacking may be another statement
        own = head(statement)
        for other in (statement.value, *near.operands):
            clock.check(OF_NODE * size)
            yield f"{own}\n{head(ast.AugAssign(statement.target, statement.op, other))}"


def head(statement: ast.stmt) -> str:
    """The statement on one line, without its block."""
    if isinstance(statement, ast.Return) and isinstance(statement.value, ast.Tuple):
        return f"return {', '.join(map(ast.unparse, statement.value.elts))}"
    return ast.unparse(_headed(statement, [ast.Pass()], [])).splitlines()[0]


def _headed(statement: ast.stmt, body: list[ast.stmt], orelse: list[ast.stmt]) -> ast.stmt:
    """A loop or a branch with another block."""
    if isinstance(statement, ast.For | ast.If):
        statement = copy.copy(statement)
        statement.body, statement.orelse = body, orelse
    return statement


def rewritten(statement: ast.stmt, text: str) -> list[ast.stmt]:
    """What stands in the place of a statement that is written in another way; a loop or a branch keeps its block."""
    new = ast.parse(f"{text} pass" if text.endswith(":") else text).body
    for node in (node for one in new for node in ast.walk(one)):
        if isinstance(node, ast.stmt | ast.expr):
            node.lineno = node.end_lineno = statement.lineno
    return [_headed(one, getattr(statement, "body", []), getattr(statement, "orelse", [])) for one in new]


def _changed(statement: ast.stmt, near: Near) -> Iterator[ast.stmt]:
    match statement:
        case ast.For(iter=over):
            for turns in (*near.turns, ast.Call(ast.Name("reversed"), [over], [])):
                yield _with(statement, over, turns)
            yield from _computed(statement, over, near)
            yield from _read(statement, over, near)
        case ast.If(test=test):
            for other in near.tests:
                yield _with(statement, test, other)
            yield from _computed(statement, test, near)
            yield from _read(statement, test, near)
            yield _with(statement, test, _opposite(test))
        case ast.Return(value=ast.expr() as value) | ast.Assign(value=ast.Dict() as value):
            yield from [ast.Pass()] if isinstance(statement, ast.Return) else []  # another may stand after it
            yield from _results(statement, value, near)
        case ast.Assign(targets=[target], value=value) | ast.AugAssign(target=target, value=value):
            is_wrong = near.is_wrong and not _is_of_zeros(value)
            if is_wrong:
                yield from _signs(statement, value)
            yield from _stored(statement, value)
            yield from _read(statement, value, near)
            yield from _renamed(statement, target, near)
            if is_wrong or (isinstance(value, ast.Constant) and value.value):
                yield from _computed(statement, value, near)
            if is_wrong:
                others = itertools.chain.from_iterable(_products(term, near) for term in _terms(value))
                yield from itertools.starmap(partial(_with, statement), others)
                more = _more(value, near) if isinstance(statement, ast.Assign) else [_half(value)]
                yield from (_with(statement, value, other) for other in more)


def _is_of_zeros(value: ast.expr) -> bool:
    """Whether it is the list with which sums begin."""
    match value:
        case ast.BinOp(left=ast.List(elts=[inner]), op=ast.Mult()) | ast.ListComp(elt=inner):
            return ast.unparse(inner) == "0.0" or _is_of_zeros(inner)
    return False


def _with(statement: ast.stmt, old: ast.AST, new: ast.AST) -> ast.stmt:
    """A copy in which one node is another."""
    return copy.deepcopy(_headed(statement, [ast.Pass()], []), {id(old): new})


def _signs(statement: ast.Assign | ast.AugAssign, value: ast.expr) -> Iterator[ast.stmt]:
    if isinstance(statement, ast.AugAssign) and type(statement.op) in OTHER_SIGN:
        yield ast.AugAssign(statement.target, OTHER_SIGN[type(statement.op)](), value)
    else:
        yield _with(statement, value, _minus(value))
    for node in ast.walk(value):
        if isinstance(node, ast.BinOp) and type(node.op) in OTHER_SIGN:
            yield _with(statement, node, ast.BinOp(node.left, OTHER_SIGN[type(node.op)](), node.right))
            yield _with(statement, node, ast.BinOp(_minus(node.left), node.op, node.right))
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            yield _with(statement, node, node.operand)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
            yield _with(statement, node, _minus(node))


def _minus(value: ast.expr) -> ast.expr:
    """The value with the other sign, without two beside each other: `du[i]` for `-du[i]`, `2.0 * u` for `-2.0 * u`."""
    match value:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return operand
        case ast.BinOp(op=ast.Mult() | ast.Div()):
            return ast.BinOp(_minus(value.left), value.op, value.right)
    return ast.UnaryOp(ast.USub(), value)


def _stored(statement: ast.Assign | ast.AugAssign, value: ast.expr) -> Iterator[ast.stmt]:
    """Added for stored, and the other way."""
    if isinstance(statement, ast.Assign):
        (target,) = statement.targets
        yield from (ast.AugAssign(target, sign, value) for sign in (ast.Add(), ast.Sub()))  # type: ignore[arg-type]
    else:
        yield ast.Assign([statement.target], value, lineno=0)
        yield from (ast.AugAssign(statement.target, sign, value) for sign in (ast.Add(), ast.Sub(), ast.Mult()))


def _computed(statement: ast.stmt, root: ast.expr, near: Near) -> Iterator[ast.stmt]:
    """With one of the expressions in it changed, and all that it is made of left."""
    for kind in (_numbers, _conditions, _calls, _factors):
        for node in _parts(root):
            yield from (_with(statement, node, other) for other in kind(node, near))


def _read(statement: ast.stmt, root: ast.expr, near: Near) -> Iterator[ast.stmt]:
    """With another variable, or another entry, in the place of one."""
    yield from _renamed(statement, root, near)
    for node in operands(root):
        yield from (_with(statement, node, other) for other in near.operands)


def _parts(root: ast.expr) -> Iterator[ast.expr]:
    """The expressions in one, without the names that a comprehension gives."""
    for node in ast.walk(root):
        is_stored = isinstance(getattr(node, "ctx", None), ast.Store)
        if isinstance(node, ast.expr) and (node is root or not is_stored):
            yield node


def _renamed(statement: ast.stmt, root: ast.expr, near: Near) -> Iterator[ast.stmt]:
    """Another entry, or a row or number of another name."""
    for node in _parts(root):
        if isinstance(node, ast.Subscript):
            yield from (_with(statement, node, other) for other in _indices(node, near))
        if isinstance(node, ast.Name):
            yield from (_with(statement, node, ast.Name(other)) for other in (*near.targets, *near.indices))


def operands(value: ast.expr) -> Iterator[ast.expr]:
    """The variables and entries that something is computed of, as `W[i][j]`, but no row of one."""
    stack: list[ast.AST] = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name | ast.Subscript):
            yield node
        else:
            stack += node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node)


def _numbers(node: ast.expr, near: Near) -> Iterator[ast.expr]:
    match node:
        case ast.Constant(value=float() as value):
            yield from map(ast.Name, near.indices)
            yield from (ast.Constant(other) for other in (*NUMBERS, 2.0 * value, value / 2.0, value + 1.0, value - 1.0))
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            yield from (ast.Constant(other) for other in (value + 1, max(0, value - 1)))
            yield from map(ast.Name, near.indices)
        case ast.Name(id=name) if name in near.indices:
            return
        case ast.Name() | ast.Subscript():
            yield from (ast.BinOp(node, ast.Pow(), ast.Constant(power)) for power in (2, 3))


def _indices(node: ast.Subscript, near: Near) -> Iterator[ast.expr]:
    """Another entry: two indices exchanged, another one, the next or the last."""
    if isinstance(node.value, ast.Subscript):
        inner = node.value
        yield ast.Subscript(ast.Subscript(inner.value, node.slice), inner.slice)
    if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return
    for index in map(ast.Name, near.indices):
        yield ast.Subscript(node.value, index)
    if isinstance(node.slice, ast.Name):
        for sign in (ast.Add(), ast.Sub()):
            yield ast.Subscript(node.value, ast.BinOp(node.slice, sign, ast.Constant(1)))


def _conditions(node: ast.expr, near: Near) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        for test in (*near.tests, _opposite(node.test)):
            yield ast.IfExp(test, node.body, node.orelse)
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        is_strict = isinstance(node.ops[0], STRICT)
        for other in sorted(COMPARISONS, key=lambda one: issubclass(one, STRICT) != is_strict):
            yield ast.Compare(node.left, [other()], node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        yield from node.values


def _opposite(test: ast.expr) -> ast.expr:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    return ast.UnaryOp(ast.Not(), test)


def _calls(node: ast.expr, near: Near) -> Iterator[ast.expr]:
    match node:
        case ast.Call(func=ast.Name(id=name), args=args) if name in near.functions:
            yield from (ast.Call(ast.Name(other), args, []) for other in near.functions)
            yield from args


def _factors(node: ast.expr, near: Near) -> Iterator[ast.expr]:
    """An operand less, another operation, or a quotient upside down."""
    if isinstance(node, ast.BinOp):
        yield from (node.left, node.right)
        yield from (ast.BinOp(node.left, other(), node.right) for other in OPERATIONS)
        if isinstance(node.op, ast.Div):
            yield ast.BinOp(node.right, ast.Div(), node.left)
            yield ast.BinOp(node.left, ast.Div(), ast.BinOp(node.right, ast.Mult(), node.right))


def _terms(value: ast.expr) -> Iterator[ast.expr]:
    """The whole, and what is added up or listed anywhere in it."""
    yield value
    for node in ast.walk(value):
        if is_sum(node):
            yield from (node.left, node.right)
        elif isinstance(node, ast.List):
            yield node


def is_sum(node: ast.AST) -> TypeGuard[ast.BinOp]:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)


def _products(term: ast.expr, near: Near) -> Iterator[tuple[ast.expr, ast.expr]]:
    """A term, and what may stand in its place: the product with another, the quotient, or it under a condition."""
    sizes = [ast.Name(index) for index in near.indices]
    pairs = [ast.BinOp(a, ast.Mult(), b) for a, b in itertools.combinations(sizes, 2)]
    others = (*near.operands, *near.sums, *sizes, *pairs)
    for other in (term, *others):
        first, second = sorted((term, other), key=_rank)
        yield term, ast.BinOp(first, ast.Mult(), second)
    for other in others:
        yield term, ast.BinOp(term, ast.Div(), other)
    for test in near.tests:
        yield from ((term, ast.IfExp(test, term, ast.Constant(number))) for number in (0.0, 1.0))


def _more(value: ast.expr, near: Near) -> Iterator[ast.expr]:
    """Twice, or half of it, or with another summand."""
    yield from (ast.BinOp(ast.Constant(2.0), ast.Mult(), value), _half(value))
    yield from (ast.BinOp(value, ast.Add(), other) for other in near.operands)


def _half(value: ast.expr) -> ast.expr:
    return ast.BinOp(ast.Constant(0.5), ast.Mult(), value)


def _rank(factor: ast.expr) -> tuple[bool, bool, bool]:
    """Numbers and lists first, then adjoints, then other numbers that have a name."""
    text = ast.unparse(factor)
    return not isinstance(factor, ast.Constant | ast.List), text[0] != "d", not isinstance(factor, ast.Name)


def _results(statement: ast.stmt, value: ast.expr, near: Near) -> Iterator[ast.stmt]:
    """Two results exchanged, another one, or one more."""
    for node in ast.walk(value):
        parts = node.elts if isinstance(node, ast.Tuple) else node.values if isinstance(node, ast.Dict) else []
        for one, other in itertools.combinations(parts, 2):
            yield copy.deepcopy(statement, {id(one): other, id(other): one})
        for part in parts:
            if isinstance(part, ast.Name):
                yield from (_with(statement, part, ast.Name(name)) for name in near.targets)
        if isinstance(node, ast.Dict):
            for key, name in near.missing:
                given = ast.Constant(key)
                yield from (_with(statement, old, given) for old in node.keys if old is not None)
                yield _with(statement, node, ast.Dict([*node.keys, given], [*node.values, ast.Name(name)]))
