"""Faults of emitted Python, text -> (fault, line, what): read from its syntax tree, told without mgc's own code.

>>> text = "def f(x, n):\\n    for i in range(1):\\n        x += -n\\n    return x * 2.0 * 3.0 + -1.0\\n"
>>> for fault in faults(text):
...     print(*fault)
one turn 2 range(1)
sign 3 x += -n
sign 4 x * 2.0 * 3.0 + -1.0
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

WIDTH = 88
_OPPOSITE = {ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}


class Fault(NamedTuple):
    kind: str
    line: int
    what: str


def faults(text: str) -> list[Fault]:
    """All faults of a file, by line."""
    tree = ast.parse(text)
    found = [Fault("long line", n, line) for n, line in enumerate(text.splitlines(), 1) if len(line) > WIDTH]
    for node in ast.walk(tree):
        found += _of_node(node)
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            found += _unread(function)
            found += _decided(function.body, {})
            whole = _whole_numbers(function)
            for block in _blocks(function):
                found += _repeated(block, whole)
                found += _parted(block)
            for loop in ast.walk(function):
                if isinstance(loop, ast.For):
                    found += _invariant(loop, whole)
    return sorted(set(found), key=lambda fault: (fault.line, fault))


# --- one node


def _of_node(node: ast.AST) -> Iterator[Fault]:
    match node:
        case ast.For(iter=ast.Call(args=args)) if _turns(args) == 1:
            yield _fault("one turn", node.iter)
        case ast.Compare(left=left, comparators=[right]) if _number(left) is not None and _number(right) is not None:
            yield _fault("constants compared", node)
        case ast.If(test=test) | ast.IfExp(test=test) if isinstance(test, ast.Constant):
            yield _fault("constant test", test)
        case ast.BinOp(left=left, op=ast.Mult(), right=right) if _number(left) is not None is not _number(right):
            yield _fault("constants not multiplied", node)
        case ast.BinOp(op=ast.Add() | ast.Sub(), right=right) if _is_negative(right):
            yield _fault("sign", node)
        case ast.AugAssign(op=ast.Add() | ast.Sub(), value=value) if _is_negative(value):
            yield _fault("sign", node)
        case ast.UnaryOp(op=ast.USub(), operand=operand) if _is_negative(operand):
            yield _fault("sign", node)
        case ast.UnaryOp(op=ast.Not(), operand=ast.UnaryOp(op=ast.Not())):
            yield _fault("sign", node)


def _fault(kind: str, node: ast.stmt | ast.expr) -> Fault:
    return Fault(kind, node.lineno, ast.unparse(node))


def _number(node: ast.expr) -> float | None:
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand) if _number(operand) is not None:
            return -float(_number(operand) or 0.0)
    return None


def _is_negative(node: ast.expr) -> bool:
    """Whether a term begins with a minus sign that the sign before it could take in."""
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        node = node.left
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)


def _turns(args: Sequence[ast.expr]) -> float | None:
    """How many turns a loop has, where its range says so."""
    ends = [_number(argument) for argument in args]
    match args:
        case [_]:
            return ends[0]
        case [_, _] if None not in ends:
            return float(ends[1] or 0) - float(ends[0] or 0)
        case [start, ast.BinOp(left=left, op=ast.Add(), right=ast.Constant(value=1))]:
            return 1 if ast.dump(start) == ast.dump(left) else None
    return None


# --- names


def _unread(function: ast.FunctionDef) -> Iterator[Fault]:
    """Names that are set and not read; `x += 1` alone reads nothing."""
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    turns = {loop.target.id for loop in ast.walk(function) if isinstance(loop, ast.For | ast.comprehension)
             and isinstance(loop.target, ast.Name)}  # fmt: skip
    read = {name.id for name in names if isinstance(name.ctx, ast.Load)}
    for name in names:
        if isinstance(name.ctx, ast.Store) and name.id not in read | turns | {"_"}:
            yield Fault("unread", name.lineno, name.id)


# --- branches

Known = dict[str, tuple[bool, frozenset[str]]]  # a condition -> whether it holds, and what it depends on


def _decided(body: Sequence[ast.stmt], known: Known) -> Iterator[Fault]:
    """Tests inside a branch that has decided them."""
    known = dict(known)
    for statement in body:
        match statement:
            case ast.If(test=test):
                yield from _tested(test, known)
                yield from _decided(statement.body, _with(known, test, True))
                yield from _decided(statement.orelse, _with(known, test, False))
            case ast.For():
                set_ = _set_in(statement)
                kept = {text: fact for text, fact in known.items() if not fact[1] & set_}
                yield from _decided(statement.body, kept)
            case ast.Assign(value=value) | ast.AugAssign(value=value) | ast.Return(value=value) if value is not None:
                yield from _decided_in(value, known)
        changed = _set_in(statement)
        known = {text: fact for text, fact in known.items() if not fact[1] & changed}


def _decided_in(expression: ast.expr, known: Known) -> Iterator[Fault]:
    if isinstance(expression, ast.IfExp):
        yield from _tested(expression.test, known)
        yield from _decided_in(expression.body, _with(known, expression.test, True))
        yield from _decided_in(expression.orelse, _with(known, expression.test, False))
        return
    for child in ast.iter_child_nodes(expression):
        if isinstance(child, ast.expr):
            yield from _decided_in(child, known)


def _tested(test: ast.expr, known: Known) -> Iterator[Fault]:
    if ast.unparse(test) in known:
        yield _fault("decided test", test)
    if isinstance(test, ast.BoolOp):
        for part in test.values:
            yield from _tested(part, known)
    elif isinstance(test, ast.UnaryOp):
        yield from _tested(test.operand, known)


def _with(known: Known, test: ast.expr, holds: bool) -> Known:
    """What is known in an arm: the test, its parts where they follow, and its opposite where no nan may stand."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            known = _with(known, operand, not holds)
        case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And) is holds:
            for value in values:
                known = _with(known, value, holds)
    names = frozenset(node.id for node in ast.walk(test) if isinstance(node, ast.Name))
    known = {**known, ast.unparse(test): (holds, names)}
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and holds:
        other = ast.Compare(test.left, [_OPPOSITE[type(test.ops[0])]()], test.comparators)
        known[ast.unparse(other)] = (False, names)
    return known


def _set_in(statement: ast.stmt) -> set[str]:
    """The names that a statement, and what is in it, sets; arrays of which it sets elements too."""
    found = set()
    for node in ast.walk(statement):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(
            node, ast.AugAssign | ast.For) else []  # fmt: skip
        for target in targets:
            for part in target.elts if isinstance(target, ast.Tuple) else [target]:
                while isinstance(part, ast.Subscript):
                    part = part.value
                if isinstance(part, ast.Name):
                    found.add(part.id)
    return found


def _parted(block: Sequence[ast.stmt]) -> Iterator[Fault]:
    """Branches that follow each other and test one condition: they are one branch."""
    for first, second in itertools.pairwise(block):
        if isinstance(first, ast.If) and isinstance(second, ast.If):
            one, other = (
                test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else test
                for test in (first.test, second.test)
            )
            if ast.dump(one) == ast.dump(other) and not _names_in(one) & _set_in(first):
                yield _fault("parted branch", second.test)


# --- what is computed more often than it need be


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for child in ast.walk(node):
        for name in ("body", "orelse"):
            block = getattr(child, name, None)
            if isinstance(block, list) and block:
                yield block


def _repeated(block: Sequence[ast.stmt], whole: frozenset[str]) -> Iterator[Fault]:
    """Subexpressions that stand twice in statements that follow each other, nothing they read being set between."""
    seen: dict[str, frozenset[str]] = {}
    for statement in block:
        for part in _computed(statement, whole):
            text = ast.unparse(part)
            if text in seen:
                yield _fault("computed twice", part)
            seen[text] = _names_in(part)
        changed = _set_in(statement)
        seen = {text: names for text, names in seen.items() if not names & changed}


def _invariant(loop: ast.For, whole: frozenset[str]) -> Iterator[Fault]:
    """Arithmetic in a loop that is the same in each turn, outside all branches."""
    changed = _set_in(loop)
    for statement in loop.body:
        for part in _computed(statement, whole):
            if not _names_in(part) & changed:
                yield _fault("same in each turn", part)


def _computed(statement: ast.stmt, whole: frozenset[str]) -> Iterator[ast.expr]:
    """What a statement itself computes for certain, in pieces that cost more than an index."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            stack: list[ast.AST] = [*targets, value]
        case ast.AugAssign(target=target, value=value):
            stack = [target, value]
        case ast.If(test=root) | ast.For(iter=root) | ast.Return(value=ast.expr() as root):
            stack = [root]
        case _:
            stack = []
    while stack:
        node = stack.pop()
        match node:
            case ast.IfExp(test=test):
                stack.append(test)
            case ast.BoolOp(values=[first, *_]):
                stack.append(first)
            case _ if not isinstance(node, ast.ListComp):
                stack.extend(ast.iter_child_nodes(node))
        if isinstance(node, ast.expr) and costs(node, whole):
            yield node


def costs(node: ast.expr, whole: frozenset[str]) -> bool:
    """Whether a value is worth a name: no negation, no power of a name, no sum or product of whole numbers."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name not in ("range", "len")
        case ast.BinOp(left=ast.List() | ast.ListComp()):
            return False
        case ast.BinOp():
            return not _names_in(node) <= whole and len({ast.dump(part) for part in _operands(node)}) > 1
    return False


def _operands(product: ast.expr) -> Iterator[ast.expr]:
    """The factors of a product, the base of a power."""
    match product:
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            yield from _operands(left)
            yield from _operands(right)
        case ast.BinOp(left=left, op=ast.Pow()):
            yield from _operands(left)
        case _:
            yield product


def _names_in(node: ast.AST) -> frozenset[str]:
    return frozenset(part.id for part in ast.walk(node) if isinstance(part, ast.Name))


def _whole_numbers(function: ast.FunctionDef) -> frozenset[str]:
    """The names of sizes and indices, whose arithmetic costs next to nothing."""
    found = {loop.target.id for loop in ast.walk(function) if isinstance(loop, ast.For)
             and isinstance(loop.target, ast.Name)}  # fmt: skip
    for statement in ast.walk(function):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if any(
                isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in ("len", "element")
                for part in ast.walk(value)
            ):
                found.add(name)
    documented = re.findall(r"^ *(\w+): int$", ast.get_docstring(function) or "", re.MULTILINE)
    return frozenset({*found, *documented})
