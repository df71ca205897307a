"""Emitted Python, run on symbols: syntax tree and arguments -> the terms that it computes, statement by statement.

This reads the text alone, whose forms are known (`text/forms.py`). Where a condition is not decided both arms run and
what they wrote is chosen by it, so one run covers every path. Each number that a statement stores is a `cell`: a name
for it, and the place in the text.

>>> tree = ast.parse("def f(x):\\n    y = x * x\\n    return y + 1.0 if y > 2.0 else 0.0")
>>> str(Machine(tree).call("f", [terms.symbol("x")]))
'y + 1 if y > 2 else 0'
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Container, Mapping, Sequence
from functools import cache
from typing import Any, cast

from mgc.compiler.verify import clock
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term, function
from mgc.compiler.verify.text import reading
from mgc.compiler.verify.text.library import is_library
from mgc.compiler.verify.trace.expressions import FAILING, branch, decide, elements, evaluate, store
from mgc.compiler.verify.trace.operations import LIBRARY, binary, choose
from mgc.compiler.verify.trace.run import Frame, Run, Written, literal
from mgc.compiler.verify.trace.values import (
    UNDEFINED,
    NotRun,
    Row,
    Value,
    WrongType,
    is_number,
    not_followed,
)

MOST_CALLS = 50  # of functions inside functions


class _Returned(Exception):
    def __init__(self, value: Value) -> None:
        self.value = value


class Machine(Run):
    """Runs the functions of one emitted text. `primitives` are helpers that stand for the function of their name.

    `unset`: a name may be read that no arm has set; its value is UNDEFINED.
    """

    def __init__(self, tree: ast.Module, primitives: Container[str] = (), unset: bool = False) -> None:
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        library = {name for name in LIBRARY if name in functions and is_library(functions[name])}
        super().__init__(functions, primitives, _call, library, unset=unset, imported=reading.imported(tree))

    def call(self, name: str, arguments: Sequence[Value]) -> Value:
        """The result. Errors: NotRun; ZeroDivisionError, IndexError, ValueError, OverflowError, UnboundLocalError,
        WrongType as the text itself raises them."""
        for argument in arguments:
            _give(self, argument)
        return _call(self, name, arguments)

    def value(self, expression: ast.expr, names: Mapping[str, Value]) -> Value:
        """Of an expression in which the given names are known. Errors: as those of `call`."""
        return evaluate(self, Frame(dict(names), ""), expression)


def _give(run: Run, argument: Value) -> None:
    """Note that a list or a dictionary is the caller's."""
    if isinstance(argument, Row):
        argument.given = True
    elif isinstance(argument, dict):
        run.given.add(id(argument))
    else:
        return
    for inner in argument.values() if isinstance(argument, dict) else argument:
        _give(run, inner)


def _call(run: Run, name: str, arguments: Sequence[Value]) -> Value:
    node = run.functions[name]
    frame = Frame(_bound(run, node, list(arguments)), name)
    run.depth += 1
    if run.depth > MOST_CALLS:
        raise NotRun(node.lineno, f"{name} calls itself too often")
    try:
        _block(run, frame, node.body)
    except _Returned as returned:
        return returned.value
    finally:
        run.depth -= 1
    return None


def _bound(run: Run, node: ast.FunctionDef, arguments: list[Value]) -> dict[str, Value]:
    names = [argument.arg for argument in node.args.args]
    more: dict[str, Value] = {}
    if node.args.vararg:
        more[node.args.vararg.arg] = arguments[len(names) :]
        arguments = arguments[: len(names)]
    missing = len(names) - len(arguments)
    defaults = node.args.defaults[len(node.args.defaults) - missing :] if missing > 0 else []
    values = arguments + [evaluate(run, Frame({}, node.name), default) for default in defaults]
    if len(values) != len(names):
        raise NotRun(node.lineno, f"{node.name} needs {len(names)} arguments")
    return dict(zip(names, values, strict=True)) | more


def _block(run: Run, frame: Frame, body: Sequence[ast.stmt]) -> None:
    for statement in body:
        clock.check(_operations(statement))
        run.line = statement.lineno
        execute = _STATEMENTS.get(type(statement))
        if execute is None:
            raise not_followed(statement)
        try:
            execute(run, frame, statement)
        except (TypeError, KeyError, AttributeError) as error:
            if isinstance(error, WrongType):
                raise
            raise not_followed(statement) from error


@cache
def _operations(statement: ast.stmt) -> int:
    """How many a statement is, without those in its body."""
    own = [part for part in ast.iter_child_nodes(statement) if isinstance(part, ast.expr)]
    return 1 + sum(isinstance(inner, ast.expr) for part in own for inner in ast.walk(part))


def _assign(run: Run, frame: Frame, statement: ast.Assign) -> None:
    value = evaluate(run, frame, statement.value)
    for target in statement.targets:
        store(run, frame, target, value, statement.lineno)


def _aug_assign(run: Run, frame: Frame, statement: ast.AugAssign) -> None:
    before = evaluate(run, frame, statement.target)
    if not is_number(before):
        raise NotRun(statement.lineno, "an augmented assignment to a list")
    added = evaluate(run, frame, statement.value)
    result = binary(statement.op, before, added, statement.lineno)
    store(run, frame, statement.target, result, statement.lineno, before)


def _if(run: Run, frame: Frame, statement: ast.If) -> None:
    if isinstance(statement.body[0], ast.Raise):
        _require(run, frame, statement)
        return
    kept = _keeps(statement)
    if kept is not None and _keep(run, frame, statement, kept):
        return
    condition = branch(run, frame, statement.test)
    if isinstance(condition, bool):
        _block(run, frame, statement.body if condition else statement.orelse)
        return
    then = _arm(run, frame, statement.body, condition)
    otherwise = _arm(run, frame, statement.orelse, terms.negation(condition))
    places = {**{k: v[:2] for k, v in then.items()}, **{k: v[:2] for k, v in otherwise.items()}}
    for place, (owner, key) in places.items():
        now = owner.get(key, UNDEFINED) if isinstance(owner, dict) else owner[key]
        a = then[place][2] if place in then else now
        b = otherwise[place][2] if place in otherwise else now
        chosen = choose(condition, a, b, statement.lineno, update=not statement.orelse)
        if isinstance(chosen, Term) and chosen.args:
            name = str(key) if isinstance(owner, dict) else f"{owner.name}[{key}]"
            chosen = run.kept(frame, chosen, name, statement.lineno, merged=True)
        run.write(owner, key, chosen)


def _require(run: Run, frame: Frame, statement: ast.If) -> None:
    """`if not x > 0.0: raise ValueError(...)`: here the text ends, or what it requires holds."""
    match statement:
        case ast.If(body=[ast.Raise(exc=ast.Call(func=ast.Name(id="ValueError"), args=[said]))], orelse=[]):
            decided, run.decided = run.decided, {}  # of what is refused nothing is asked
            failed = decide(run, frame, statement.test)
            run.decided = decided
            if isinstance(failed, bool):
                run.refusing.setdefault(statement.test, set()).add(failed)
            words = [part.value for part in ast.walk(said) if isinstance(part, ast.Constant)]
            run.requires(terms.negation(terms.term(failed)), str(words[0]).split(", and ")[0] if words else "")
        case _:
            raise not_followed(statement)


@cache
def _keeps(statement: ast.If) -> str | None:
    """`max` for `if x > m or x != x: m = x`, `min` for `<`, None for any other branch."""
    test = statement.test.values[0] if isinstance(statement.test, ast.BoolOp) else statement.test
    match test, statement.body, statement.orelse:
        case ast.Compare(left=left, ops=[op], comparators=[right]), [ast.Assign()], []:
            x, m = ast.unparse(left), ast.unparse(right)
            if isinstance(op, ast.Gt | ast.Lt) and ast.unparse(statement) in (
                f"if {x} {sign} {m}{nan}:\n    {m} = {x}"
                for sign, nan in itertools.product("><", ("", f" or {x} != {x}"))
            ):
                return "max" if isinstance(op, ast.Gt) else "min"
    return None


def _keep(run: Run, frame: Frame, statement: ast.If, kept: str) -> bool:
    """`if x > m: m = x` as m = max(x, m), also where x and m are the same: in a tie each of them has a share."""
    update = cast(ast.Assign, statement.body[0])
    value, before = evaluate(run, frame, update.value), evaluate(run, frame, update.targets[0])
    numbers = [terms.term(one) for one in (value, before) if isinstance(one, Term | int | float)]
    if len(numbers) != 2 or any(isinstance(one.payload, float) for one in numbers):
        return False  # the start is an infinity
    if all(one.op == "constant" for one in numbers):
        run.tied = run.tied or numbers[0] is numbers[1]
        return False
    store(run, frame, update.targets[0], function(kept, *numbers), statement.lineno)
    run.decided[statement.test] = {True, False}
    return True


def _arm(run: Run, frame: Frame, body: Sequence[ast.stmt], condition: Term) -> Written:
    """What one arm writes; everything is put back as it was before."""
    run.journal.append({})
    try:
        with run.under(condition):
            _block(run, frame, body)
    except _Returned:
        raise NotRun(body[0].lineno, "a return inside a branch") from None
    except FAILING as error:
        known, holds = literal(condition)
        run.failing.append(({**run.assumed, known: holds}, error))
        if not _undefined(run, frame, body):
            raise
    finally:
        journal = run.journal.pop()
    written = {}
    for place, (owner, key, old) in journal.items():
        written[place] = (owner, key, owner[key])
        if old is UNDEFINED and isinstance(owner, dict):
            del owner[key]
        else:
            owner[key] = old
    return written


def _undefined(run: Run, frame: Frame, body: Sequence[ast.stmt]) -> bool:
    """Take the values from the names that an arm sets, which fails where it is taken; False where it sets more."""
    nodes = [node for statement in body for node in ast.walk(statement)]
    stored = [node for node in nodes if isinstance(getattr(node, "ctx", None), ast.Store)]
    for node in stored:
        if isinstance(node, ast.Name):
            run.write(frame.names, node.id, UNDEFINED)
    return all(isinstance(node, ast.Name) for node in stored)


def _for(run: Run, frame: Frame, statement: ast.For) -> None:
    if statement.orelse:
        raise NotRun(statement.lineno, "an `else` of a loop")
    outside = dict(frame.turn)
    idle = True
    for element in elements(evaluate(run, frame, statement.iter)):
        idle = False
        if isinstance(statement.target, ast.Name) and isinstance(element, int):
            frame.turn[statement.target.id] = element
            run.write(frame.names, statement.target.id, element)
        else:
            store(run, frame, statement.target, element, statement.lineno)
        _block(run, frame, statement.body)
    frame.turn = outside
    run.idle = run.idle or idle
    if run.depth == 1:
        run.decides(statement, not idle)


def _return(run: Run, frame: Frame, statement: ast.Return) -> None:
    raise _Returned(evaluate(run, frame, statement.value) if statement.value else None)


def _nothing(run: Run, frame: Frame, statement: ast.stmt) -> None:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            pass
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))) if name in run.functions:
            evaluate(run, frame, statement.value)
        case _:
            raise NotRun(statement.lineno, "an expression whose value is not used")


_STATEMENTS: dict[type[ast.stmt], Callable[[Run, Frame, Any], None]] = {
    ast.Assign: _assign,
    ast.AugAssign: _aug_assign,
    ast.If: _if,
    ast.For: _for,
    ast.Return: _return,
    ast.Expr: _nothing,
    ast.Pass: _nothing,
}
