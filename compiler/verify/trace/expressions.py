"""Expressions of emitted text -> the values that they compute on symbols; and the targets that values are stored to."""

from __future__ import annotations

import ast
import builtins
import itertools
import math
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, cast

from mgc.compiler.verify import clock
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.functions import FUNCTIONS
from mgc.compiler.verify.terms.terms import Term, constant
from mgc.compiler.verify.trace.operations import BUILTINS, LIBRARY, applied, binary, choose, comparison, is_truth
from mgc.compiler.verify.trace.run import Frame, Run
from mgc.compiler.verify.trace.values import (
    UNDEFINED,
    Either,
    NotRun,
    Row,
    Value,
    WrongType,
    is_number,
    not_followed,
    picked,
    whole,
)

FAILING = (ZeroDivisionError, IndexError, UnboundLocalError, ValueError)  # of an arm, which then has no value


def evaluate(run: Run, frame: Frame, node: ast.expr) -> Value:
    evaluate = _EXPRESSIONS.get(type(node))
    if evaluate is None:
        raise not_followed(node)
    return evaluate(run, frame, node)


def _name(run: Run, frame: Frame, node: ast.Name) -> Value:
    found = frame.names.get(node.id, frame)  # itself where there is none: None is a value
    if found is not frame:
        if run.assumed:
            found = run.known(found)
        if found.__class__ is Either:
            raise NotRun(node.lineno, f"{node.id} is one of two lists, by the branch of line {found.line}")
        if found is UNDEFINED and not run.unset:
            raise UnboundLocalError(f"{node.id} has no value on line {node.lineno}")
        return found
    if run.imports(node.id, frame.function) and isinstance(getattr(math, node.id, None), float):
        return constant(getattr(math, node.id))
    _check_bound(run, frame, node)
    raise NotRun(node.lineno, f"{node.id} as a value")


def _check_bound(run: Run, frame: Frame, node: ast.Name) -> None:
    """Errors: UnboundLocalError, where CPython would not know a name that is none of the function's own."""
    if not (run.imports(node.id, frame.function) or node.id in run.functions or hasattr(builtins, node.id)):
        raise UnboundLocalError(f"{node.id} has no value on line {node.lineno}")


def _attribute(run: Run, frame: Frame, node: ast.Attribute) -> Value:
    if node.attr in ("inf", "nan", "pi", "e") and _is_math(run, frame, node):
        return constant(getattr(math, node.attr))
    raise NotRun(node.lineno, f"the attribute {node.attr}")


def _is_math(run: Run, frame: Frame, node: ast.expr) -> bool:
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "math"):
        return False
    _check_bound(run, frame, node.value)
    return True


def _constant(run: Run, frame: Frame, node: ast.Constant) -> Value:
    if not isinstance(node.value, int | float | str | None):
        raise NotRun(node.lineno, f"the constant {node.value!r}")
    return constant(node.value) if isinstance(node.value, float) else node.value


def _binop(run: Run, frame: Frame, node: ast.BinOp) -> Value:
    spine: list[ast.BinOp] = []
    first: ast.expr = node
    while isinstance(first, ast.BinOp):  # a long sum leans to the left
        spine.append(first)
        first = first.left
    value = evaluate(run, frame, first)
    for step in reversed(spine):
        other = evaluate(run, frame, step.right)
        if isinstance(step.op, ast.FloorDiv | ast.Mod) and value.__class__ is other.__class__ is int and other:
            run.decides(step, value // other != 0)  # else it does nothing yet
        value = binary(step.op, value, other, step.lineno)
    return value


def _unary(run: Run, frame: Frame, node: ast.UnaryOp) -> Value:
    if isinstance(node.op, ast.Not):
        condition = decide(run, frame, node.operand)
        return not condition if isinstance(condition, bool) else terms.negation(condition)
    value = evaluate(run, frame, node.operand)
    if isinstance(value, Row):
        raise WrongType("bad operand type for unary -: 'list'")
    if isinstance(node.op, ast.USub):
        return -value
    raise NotRun(node.lineno, f"the operator {type(node.op).__name__}")


def decide(run: Run, frame: Frame, node: ast.expr) -> bool | Term:
    return _truth(run, evaluate(run, frame, node))


def _truth(run: Run, value: Value) -> bool | Term:
    if isinstance(value, Term) and value.op != "constant" and not is_truth(value):
        value = terms.unequal(value, 0)
    if isinstance(value, Term) and value in run.assumed:
        return run.assumed[value]
    if isinstance(value, Term):
        return bool(value) if value.op == "constant" else value
    return bool(value)


def branch(run: Run, frame: Frame, test: ast.expr) -> bool | Term:
    """The condition of a branch, of which both arms are noted where it depends on symbols."""
    condition = free = decide(run, frame, test)
    if isinstance(condition, bool) and run.assumed and run.depth == 1:  # by the arms outside, perhaps
        assumed, run.assumed = run.assumed, {}
        free = decide(run, frame, test)
        run.assumed = assumed
    if isinstance(free, Term) and run.depth == 1:
        run.meets(test, condition)
    elif isinstance(free, Term):
        run.decided[test] = {True, False}
    elif run.depth == 1 or not run.assumed:
        run.sided = run.sided or run.depth == 1
        _note(run, test, free)
    return condition


def _note(run: Run, test: ast.expr, holds: bool) -> None:
    """Which way a condition went that sizes and whole numbers decide. That a list is empty says its size alone."""
    if run.depth != 1 or run.assumed or not _asks_lengths(test):
        run.decides(test, holds)


def _asks_lengths(test: ast.expr) -> bool:
    """Whether a condition is a list, or made of the lengths of lists."""
    match test:
        case ast.Name() | ast.Constant() | ast.Call(func=ast.Name(id="len")):
            return True
        case ast.Compare(left=left, comparators=[right]):
            return not isinstance(left, ast.Name) and _asks_lengths(left) and _asks_lengths(right)
        case ast.BoolOp(values=values):
            return all(map(_asks_lengths, values))
        case _:
            return False


def _compare(run: Run, frame: Frame, node: ast.Compare) -> Value:
    operands = [evaluate(run, frame, part) for part in (node.left, *node.comparators)]
    result: Value = True
    for op, part, (a, b) in zip(node.ops, _links(node), itertools.pairwise(operands), strict=True):
        link = comparison(op, a, b, node.lineno)
        if a.__class__ is b.__class__ is int and not run.assumed:
            _note(run, part, link is True)
        result = link if result is True else terms.both(result, link)
        if result is False:
            return False
    return result


@cache
def _links(node: ast.Compare) -> list[ast.Compare]:
    """`a < b` and `b < c` of `a < b < c`."""
    if len(node.ops) == 1:
        return [node]
    pairs = itertools.pairwise((node.left, *node.comparators))
    return [ast.copy_location(ast.Compare(a, [op], [b]), node) for op, (a, b) in zip(node.ops, pairs, strict=True)]


def _boolop(run: Run, frame: Frame, node: ast.BoolOp) -> Value:
    conjunction = isinstance(node.op, ast.And)
    result: bool | Term = conjunction
    for part in node.values:
        given = evaluate(run, frame, part)
        if not (is_truth(given) if isinstance(given, Term) else isinstance(given, bool)):
            raise NotRun(node.lineno, "a number as a condition of `and` or `or`")
        value = _truth(run, given)
        if isinstance(value, bool):
            if value is not conjunction:
                return value
            continue
        join = terms.both if conjunction else terms.either
        result = value if isinstance(result, bool) else join(result, value)
    return result


def _ifexp(run: Run, frame: Frame, node: ast.IfExp) -> Value:
    condition = branch(run, frame, node.test)
    if isinstance(condition, bool):
        return evaluate(run, frame, node.body if condition else node.orelse)
    then = _attempt(run, frame, node.body, condition)
    otherwise = _attempt(run, frame, node.orelse, terms.negation(condition))
    return choose(condition, then, otherwise, node.lineno)


def _attempt(run: Run, frame: Frame, arm: ast.expr, condition: Term) -> Value:
    """The value of an arm under its condition, where it has one."""
    try:
        with run.under(condition):
            return evaluate(run, frame, arm)
    except FAILING:
        return UNDEFINED


def _subscript(run: Run, frame: Frame, node: ast.Subscript) -> Value:
    if node.value.__class__ is node.slice.__class__ is ast.Name and not run.assumed:  # most are `row[i]`
        row, index = frame.names.get(node.value.id), frame.names.get(node.slice.id)
        if row.__class__ is Row and index.__class__ is int and index >= 0:
            return row[index]
    row, index = evaluate(run, frame, node.value), _place(run, frame, node.slice)
    if isinstance(index, Term) and index.op != "constant" and isinstance(row, Row):
        return picked([(terms.equal(index, place), element) for place, element in enumerate(row)])
    if is_number(row):
        raise WrongType(f"line {node.lineno} takes an element of the number {ast.unparse(node.value)}")
    return run.known(row[_from_the_start(row, index, node.lineno)])


def _place(run: Run, frame: Frame, node: ast.expr) -> Value:
    """A whole number that says where. One that a branch alone has set is that number: it is kept as if it were stored,
    and fails, as CPython does, where the branch was not taken."""
    index = evaluate(run, frame, node)
    while isinstance(index, Term):
        chosen = index.args[0] if index.op == "cell" else index
        if chosen.op != "select" or UNDEFINED not in chosen.args:
            break
        run.kept(frame, chosen, " place", node.lineno)
        index = next(arm for arm in chosen.args[1:] if arm is not UNDEFINED)
    return index


def _from_the_start(row: Value, index: Value, line: int) -> Value:
    """The index, which no element answers to that is counted from the end. Errors: NotRun."""
    place = whole(index)
    if isinstance(row, Row) and isinstance(place, int) and -len(row) <= place < 0:
        raise NotRun(line, f"the index {place} counts from the end")
    return place


def _dict(run: Run, frame: Frame, node: ast.Dict) -> Value:
    keys = [evaluate(run, frame, cast(ast.expr, key)) for key in node.keys]
    return dict(zip(keys, [evaluate(run, frame, value) for value in node.values], strict=True))


def elements(value: Value) -> Iterable[Value]:
    """Those of a list or a range. Errors: WrongType."""
    if is_number(value):
        raise WrongType(f"{value} has no elements")
    return cast(Iterable[Value], value)


def _listcomp(run: Run, frame: Frame, node: ast.ListComp) -> Value:
    clause = node.generators[0]
    if len(node.generators) > 1 or clause.ifs:
        raise NotRun(node.lineno, "a comprehension of several clauses")
    inner = Frame(dict(frame.names), frame.function, frame.turn)
    result = Row()
    for element in elements(evaluate(run, frame, clause.iter)):
        clock.check()
        if isinstance(clause.target, ast.Name):
            inner.names[clause.target.id] = element
        else:
            store(run, inner, clause.target, element, node.lineno)
        result.append(evaluate(run, inner, node.elt))
    return result


def _call(run: Run, frame: Frame, node: ast.Call) -> Value:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    own = name in run.functions
    if isinstance(node.func, ast.Name):
        _check_bound(run, frame, node.func)
    arguments = [(_place if name == "range" else evaluate)(run, frame, argument) for argument in node.args]
    if node.keywords:
        raise NotRun(node.lineno, "a keyword argument")
    if not isinstance(node.func, ast.Name):  # `math.floor` is not the file's `floor`
        if not _is_math(run, frame, node.func) or not hasattr(math, name) or name not in (*BUILTINS, *FUNCTIONS):
            raise NotRun(node.lineno, f"a call of {ast.unparse(node.func)}")
        return applied(name, arguments) if name in FUNCTIONS else BUILTINS[name](*arguments)
    if name in run.library:
        return LIBRARY[name](*arguments)
    if own and name not in run.primitives:
        return run.inner(run, name, arguments)
    if name in BUILTINS:  # or a helper that stands for it: of whole numbers it is one too
        result = BUILTINS[name](*arguments)
        if name in ("max", "min") and len(arguments) > 1 and all(one.__class__ is int for one in arguments):
            for place, one in enumerate(arguments):
                if one == result:
                    run.decides(node, place == 0)
        return result
    if name not in FUNCTIONS:
        raise NotRun(node.lineno, f"a call of {name}")
    return applied(name, arguments)


def store(run: Run, frame: Frame, target: ast.expr, value: Value, line: int, before: Value | None = None) -> None:
    match target:
        case ast.Name(id=name):
            run.write(frame.names, name, run.kept(frame, value, name, line, before))
        case ast.Tuple() | ast.List():
            for part, element in zip(target.elts, value, strict=True):
                store(run, frame, part, element, line)
        case ast.Subscript():
            row = evaluate(run, frame, target.value)
            index = _place(run, frame, target.slice)
            if isinstance(row, Row) and isinstance(index, Term) and index.op != "constant":
                for place in range(len(row)):
                    chosen = terms.select(terms.equal(index, place), value, row[place])
                    run.put(frame, row, place, chosen, line, row[place])
            else:
                run.put(frame, row, _from_the_start(row, index, line), value, line, before)
        case _:
            raise NotRun(line, f"a store to {type(target).__name__}")


_EXPRESSIONS: dict[type[ast.expr], Callable[[Run, Frame, Any], Value]] = {
    ast.Name: _name,
    ast.Constant: _constant,
    ast.Attribute: _attribute,
    ast.BinOp: _binop,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.BoolOp: _boolop,
    ast.IfExp: _ifexp,
    ast.Subscript: _subscript,
    ast.List: lambda run, frame, node: Row(evaluate(run, frame, element) for element in node.elts),
    ast.Tuple: lambda run, frame, node: tuple(evaluate(run, frame, element) for element in node.elts),
    ast.Dict: _dict,
    ast.ListComp: _listcomp,
    ast.Call: _call,
}
