"""Emitted Python, run on symbols: syntax tree and arguments -> the terms that it computes, statement by statement.

This reads the text alone. Where a condition is not decided both arms run and what they wrote is chosen by it, so one
run covers every path. Each number that a statement stores is a `cell`: a name for it, and the place in the text.

>>> tree = ast.parse("def f(x):\\n    y = x * x\\n    return y + 1.0 if y > 2.0 else 0.0")
>>> str(Machine(tree).call("f", [symbol("x")]))
'y + 1 if y > 2 else 0'
"""

from __future__ import annotations

import ast
import itertools
import math
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from mgc.compiler.proof import terms
from mgc.compiler.proof.numeric import FUNCTIONS, Evaluation, NoValue
from mgc.compiler.proof.terms import Term, cell, constant, function, make, symbol

Value = Any  # int, bool, str, Term, Row, tuple, dict or None: whatever the text computes
UNDEFINED = function("undefined")
MOST_STEPS = 3_000_000


class NotRun(Exception):
    """The text does what this machine cannot follow (or no reasonable number of steps): it is not checked."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")


@dataclass(frozen=True, slots=True)
class Either:
    """Two arms of a branch left different lists under one name: nobody may read it after the branch."""

    line: int


class Row(list[Value]):
    """A list of the text, with the name it was first stored under: `dW[2]` for a row of `dW`."""

    name: str = ""
    given: bool = False  # an argument, which is not the function's to change


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """One execution of a statement: what was stored where, in which turn of its loops, under which conditions."""

    cell: Term
    name: str
    base: str
    place: tuple[object, ...]
    line: int
    turn: tuple[tuple[str, int], ...]
    guard: Term
    before: Term | None
    merged: bool = False  # no statement of its own: what a branch leaves, from both of its arms


@dataclass(slots=True)
class Frame:
    names: dict[str, Value]
    function: str
    turn: dict[str, int] = field(default_factory=dict)


class _Returned(Exception):
    def __init__(self, value: Value) -> None:
        self.value = value


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


class Machine:
    """Runs the functions of one emitted text. `primitives` are helpers that stand for the function of their name."""

    def __init__(self, tree: ast.Module, primitives: Container[str] = ()) -> None:
        self.functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        self.primitives = primitives
        self.stored: list[Stored] = []
        self._guards: list[Term] = [terms.ONE]
        self._journal: list[dict[tuple[int, object], tuple[Any, object, Value]]] = []
        self._assumed: dict[Term, bool] = {}
        self._serial = 0
        self._steps = 0
        self._depth = 0

    def call(self, name: str, arguments: Sequence[Value]) -> Value:
        """The result. Errors: NotRun; ZeroDivisionError, IndexError, ValueError as the text itself raises them."""
        node = self.functions[name]
        frame = Frame(self._bound(node, list(arguments)), name)
        self._depth += 1
        if self._depth > 50:
            raise NotRun(node.lineno, f"{name} calls itself too often")
        try:
            self._block(frame, node.body)
        except _Returned as returned:
            return returned.value
        finally:
            self._depth -= 1
        return None

    def _bound(self, node: ast.FunctionDef, arguments: list[Value]) -> dict[str, Value]:
        names = [argument.arg for argument in node.args.args]
        missing = len(names) - len(arguments)
        defaults = node.args.defaults[len(node.args.defaults) - missing :] if missing > 0 else []
        values = arguments + [self._value(Frame({}, node.name), default) for default in defaults]
        if len(values) != len(names):
            raise NotRun(node.lineno, f"{node.name} needs {len(names)} arguments")
        return dict(zip(names, values, strict=True))

    # --- statements

    def _block(self, frame: Frame, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise NotRun(statement.lineno, "too many steps")
            run = _STATEMENTS.get(type(statement))
            if run is None:
                raise NotRun(statement.lineno, f"a {type(statement).__name__} statement")
            run(self, frame, statement)

    def _assign(self, frame: Frame, statement: ast.Assign) -> None:
        value = self._value(frame, statement.value)
        for target in statement.targets:
            self._store(frame, target, value, statement.lineno)

    def _aug_assign(self, frame: Frame, statement: ast.AugAssign) -> None:
        before = self._value(frame, statement.target)
        added = self._value(frame, statement.value)
        result = _binary(statement.op, before, added, statement.lineno)
        self._store(frame, statement.target, result, statement.lineno, before)

    def _store(self, frame: Frame, target: ast.expr, value: Value, line: int, before: Value | None = None) -> None:
        match target:
            case ast.Name(id=name):
                value = self._kept(frame, value, name, name, (frame.function, name), line, before)
                self._write(frame.names, name, value)
            case ast.Tuple() | ast.List():
                for part, element in zip(target.elts, value, strict=True):
                    self._store(frame, part, element, line)
            case ast.Subscript():
                row = self._value(frame, target.value)
                index = self._value(frame, target.slice)
                if isinstance(row, Row) and isinstance(index, Term) and index.op != "constant":
                    for place in range(len(row)):
                        chosen = terms.select(terms.equal(index, place), value, row[place])
                        self._element(frame, row, place, chosen, line, row[place])
                else:
                    self._element(frame, row, _whole(index), value, line, before)
            case _:
                raise NotRun(line, f"a store to {type(target).__name__}")

    def _element(self, frame: Frame, row: Value, index: Value, value: Value, line: int, before: Value | None) -> None:
        if isinstance(row, Row):
            if not -len(row) <= index < len(row):
                raise IndexError("list assignment index out of range")
            if row.given:
                raise TypeError(f"line {line} writes to {row.name}, which is an argument")
            index %= len(row)
            base = row.name.split("[")[0]
            value = self._kept(frame, value, f"{row.name}[{index}]", base, (id(row), index), line, before)
        self._write(row, index, value)

    def _kept(
        self,
        frame: Frame,
        value: Value,
        name: str,
        base: str,
        place: tuple[object, ...],
        line: int,
        before: Value,
        merged: bool = False,
    ) -> Value:
        """The value as it is stored: a number becomes a cell, a new list takes the name."""
        if isinstance(value, Row):
            _named(value, name)
            return value
        if isinstance(value, Term):
            if value.op != "cell" and self._depth == 1:
                self._serial += 1
                value = cell(value, name, line, self._serial)
            if self._depth == 1:
                turn = tuple(frame.turn.items())
                old = terms.term(before) if isinstance(before, Term | int | float) else None
                self.stored.append(Stored(value, name, base, place, line, turn, self._guards[-1], old, merged))
        return value

    def _write(self, owner: Any, key: object, value: Value) -> None:
        if self._journal:
            old = owner.get(key, UNDEFINED) if isinstance(owner, dict) else owner[key]
            self._journal[-1].setdefault((id(owner), key), (owner, key, old))
        owner[key] = value

    def _if(self, frame: Frame, statement: ast.If) -> None:
        kept = _keeps(statement)
        if kept is not None and self._keep(frame, statement, kept):
            return
        condition = self._condition(frame, statement.test)
        if isinstance(condition, bool):
            self._block(frame, statement.body if condition else statement.orelse)
            return
        then = self._arm(frame, statement.body, condition)
        otherwise = self._arm(frame, statement.orelse, terms.negation(condition))
        places = {**{k: v[:2] for k, v in then.items()}, **{k: v[:2] for k, v in otherwise.items()}}
        for place, (owner, key) in places.items():
            now = owner.get(key, UNDEFINED) if isinstance(owner, dict) else owner[key]
            a = then[place][2] if place in then else now
            b = otherwise[place][2] if place in otherwise else now
            chosen = _chosen(condition, a, b, statement.lineno, update=not statement.orelse)
            if isinstance(chosen, Term) and chosen.op != "constant":
                name = str(key) if isinstance(owner, dict) else f"{owner.name}[{key}]"
                base = name.split("[")[0]
                at = (frame.function, name) if isinstance(owner, dict) else (id(owner), key)
                chosen = self._kept(frame, chosen, name, base, at, statement.lineno, None, merged=True)
            self._write(owner, key, chosen)

    def _keep(self, frame: Frame, statement: ast.If, kept: str) -> bool:
        """`if x > m: m = x` as m = max(x, m), also where x and m are the same: in a tie each of them has a share."""
        update = cast(ast.Assign, statement.body[0])
        value, before = self._value(frame, update.value), self._value(frame, update.targets[0])
        numbers = [terms.term(one) for one in (value, before) if isinstance(one, Term | int | float)]
        if len(numbers) != 2 or any(isinstance(one.payload, float) for one in numbers):
            return False  # the start is an infinity
        if all(one.op == "constant" for one in numbers):
            return False
        self._store(frame, update.targets[0], function(kept, *numbers), statement.lineno)
        return True

    def _arm(
        self, frame: Frame, body: Sequence[ast.stmt], condition: Term
    ) -> dict[tuple[int, object], tuple[Any, object, Value]]:
        """What one arm writes; everything is put back as it was before."""
        self._guards.append(terms.both(self._guards[-1], condition))
        outside = dict(self._assumed)
        self._assume(condition)
        self._journal.append({})
        try:
            self._block(frame, body)
        except _Returned:
            raise NotRun(body[0].lineno, "a return inside a branch") from None
        finally:
            journal = self._journal.pop()
            self._guards.pop()
            self._assumed = outside
        written = {}
        for place, (owner, key, old) in journal.items():
            written[place] = (owner, key, owner[key])
            if old is UNDEFINED and isinstance(owner, dict):
                del owner[key]
            else:
                owner[key] = old
        return written

    def _assume(self, condition: Term) -> None:
        holds = condition.op != "not"
        self._assumed[condition if holds else condition.args[0]] = holds

    def _for(self, frame: Frame, statement: ast.For) -> None:
        if statement.orelse:
            raise NotRun(statement.lineno, "an `else` of a loop")
        outside = dict(frame.turn)
        for element in self._value(frame, statement.iter):
            if isinstance(statement.target, ast.Name) and isinstance(element, int):
                frame.turn[statement.target.id] = element
                self._write(frame.names, statement.target.id, element)
            else:
                self._store(frame, statement.target, element, statement.lineno)
            self._block(frame, statement.body)
        frame.turn = outside

    def _return(self, frame: Frame, statement: ast.Return) -> None:
        raise _Returned(self._value(frame, statement.value) if statement.value else None)

    def _nothing(self, frame: Frame, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            self._value(frame, statement.value)

    # --- expressions

    def _value(self, frame: Frame, node: ast.expr) -> Value:
        evaluate = _EXPRESSIONS.get(type(node))
        if evaluate is None:
            raise NotRun(node.lineno, f"a {type(node).__name__} expression")
        return evaluate(self, frame, node)

    def _name(self, frame: Frame, node: ast.Name) -> Value:
        if node.id in frame.names:
            found = frame.names[node.id]
            if isinstance(found, Either):
                raise NotRun(node.lineno, f"{node.id} is one of two lists, by the branch of line {found.line}")
            return self._known(found)
        if node.id in ("inf", "nan"):
            return constant(float(node.id))
        raise UnboundLocalError(f"{node.id} has no value on line {node.lineno}")

    def _known(self, value: Value) -> Value:
        """What a value is under the conditions of the arms that are running."""
        while isinstance(value, Term):
            chosen = value.args[0] if value.op == "cell" else value
            if chosen.op != "select" or chosen.args[0] not in self._assumed:
                break
            value = chosen.args[1 if self._assumed[chosen.args[0]] else 2]
        return value

    def _attribute(self, frame: Frame, node: ast.Attribute) -> Value:
        if node.attr in ("inf", "nan", "pi", "e"):
            return constant(getattr(math, node.attr))
        raise NotRun(node.lineno, f"the attribute {node.attr}")

    def _constant(self, frame: Frame, node: ast.Constant) -> Value:
        return constant(node.value) if isinstance(node.value, float) else node.value

    def _binop(self, frame: Frame, node: ast.BinOp) -> Value:
        spine: list[ast.BinOp] = []
        first: ast.expr = node
        while isinstance(first, ast.BinOp):  # a long sum leans to the left
            spine.append(first)
            first = first.left
        value = self._value(frame, first)
        for step in reversed(spine):
            value = _binary(step.op, value, self._value(frame, step.right), step.lineno)
        return value

    def _unary(self, frame: Frame, node: ast.UnaryOp) -> Value:
        if isinstance(node.op, ast.Not):
            condition = self._condition(frame, node.operand)
            return not condition if isinstance(condition, bool) else terms.negation(condition)
        value = self._value(frame, node.operand)
        return -value if isinstance(node.op, ast.USub) else value

    def _condition(self, frame: Frame, node: ast.expr) -> bool | Term:
        value = self._value(frame, node)
        if isinstance(value, Term) and value.op != "constant" and not _is_truth(value):
            value = terms.unequal(value, 0)
        if isinstance(value, Term) and value in self._assumed:
            return self._assumed[value]
        if isinstance(value, Term):
            return bool(value) if value.op == "constant" else value
        return bool(value)

    def _compare(self, frame: Frame, node: ast.Compare) -> Value:
        operands = [self._value(frame, part) for part in (node.left, *node.comparators)]
        result: Value = True
        for op, a, b in zip(node.ops, operands, operands[1:], strict=False):
            link = _comparison(op, a, b)
            result = link if result is True else terms.both(result, link)
            if result is False:
                return False
        return result

    def _boolop(self, frame: Frame, node: ast.BoolOp) -> Value:
        conjunction = isinstance(node.op, ast.And)
        result: bool | Term = conjunction
        for part in node.values:
            given = self._value(frame, part)
            if isinstance(given, Term) and not _is_truth(given):
                raise NotRun(node.lineno, "a number as a condition of `and` or `or`")
            value = self._condition(frame, part)
            if isinstance(value, bool):
                if value is not conjunction:
                    return value
                continue
            join = terms.both if conjunction else terms.either
            result = value if isinstance(result, bool) else join(result, value)
        return result

    def _ifexp(self, frame: Frame, node: ast.IfExp) -> Value:
        condition = self._condition(frame, node.test)
        if isinstance(condition, bool):
            return self._value(frame, node.body if condition else node.orelse)
        then = self._attempt(frame, node.body, condition)
        otherwise = self._attempt(frame, node.orelse, terms.negation(condition))
        return _chosen(condition, then, otherwise, node.lineno)

    def _attempt(self, frame: Frame, arm: ast.expr, condition: Term) -> Value:
        """The value of an arm under its condition, where it has one."""
        outside = dict(self._assumed)
        self._assume(condition)
        try:
            return self._value(frame, arm)
        except (ZeroDivisionError, IndexError, UnboundLocalError, ValueError):
            return UNDEFINED
        finally:
            self._assumed = outside

    def _subscript(self, frame: Frame, node: ast.Subscript) -> Value:
        row, index = self._value(frame, node.value), self._value(frame, node.slice)
        if isinstance(index, Term) and index.op != "constant" and isinstance(row, Row):
            result = UNDEFINED
            for place in reversed(range(len(row))):
                result = terms.select(terms.equal(index, place), row[place], result)
            return result
        return self._known(row[_whole(index)])

    def _list(self, frame: Frame, node: ast.List) -> Value:
        return Row(self._value(frame, element) for element in node.elts)

    def _tuple(self, frame: Frame, node: ast.Tuple) -> Value:
        return tuple(self._value(frame, element) for element in node.elts)

    def _dict(self, frame: Frame, node: ast.Dict) -> Value:
        keys = [self._value(frame, cast(ast.expr, key)) for key in node.keys]
        return dict(zip(keys, [self._value(frame, value) for value in node.values], strict=True))

    def _listcomp(self, frame: Frame, node: ast.ListComp | ast.GeneratorExp) -> Value:
        clause = node.generators[0]
        if len(node.generators) > 1 or clause.ifs:
            raise NotRun(node.lineno, "a comprehension of several clauses")
        inner = Frame(dict(frame.names), frame.function, frame.turn)
        result = Row()
        for element in self._value(frame, clause.iter):
            if isinstance(clause.target, ast.Name):
                inner.names[clause.target.id] = element
            else:
                self._store(inner, clause.target, element, node.lineno)
            result.append(self._value(inner, node.elt))
        return result

    def _call(self, frame: Frame, node: ast.Call) -> Value:
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        own = name in self.functions and isinstance(node.func, ast.Name)  # `math.floor` is not the file's `floor`
        arguments = [self._value(frame, argument) for argument in node.args]
        if node.keywords:
            raise NotRun(node.lineno, "a keyword argument")
        if isinstance(node.func, ast.Attribute):
            return _REAL[name] if name in _REAL else _applied(name, arguments)
        if name == "check_shape":
            return _check_shape(*arguments)
        if name == "element":
            return _inside(*arguments)
        if own and name not in self.primitives:
            return self.call(name, arguments)
        if name in _BUILTINS and not own:
            return _BUILTINS[name](*arguments)
        return _applied(name, arguments)


def _applied(name: str, arguments: Sequence[Value]) -> Term:
    """A function of `math`, or a primitive. Errors: ValueError where it has no value at numbers, as in CPython."""
    result = function(name, *arguments)
    if result.args and all(argument.op == "constant" for argument in result.args) and name in FUNCTIONS:
        try:
            Evaluation({}).value(result)
        except NoValue:
            raise ValueError(f"{name} has no value at {', '.join(map(str, result.args))}") from None
    return result


def _check_shape(name: str, array: Value, *sizes: int) -> None:
    """As the emitted one does. Errors: ValueError."""
    if len(array) != sizes[0]:
        raise ValueError(f"{name} has {len(array)} entries where {sizes[0]} are needed")
    if len(sizes) > 1:
        for row in array:
            _check_shape(f"a row of {name}", row, *sizes[1:])


def _is_truth(value: Term) -> bool:
    """Whether a term is a condition, 1 where it holds and 0 where not."""
    while value.op == "cell":
        value = value.args[0]
    if value.op == "select":
        return all(_is_truth(arm) for arm in value.args[1:])
    return value.op in terms.COMPARISONS or value.op in terms.LOGIC or value in (terms.ZERO, terms.ONE)


def _inside(index: Value, size: int) -> Value:
    if isinstance(index, Term) and index.op != "constant":
        return index
    if 0 <= _whole(index) < size:
        return _whole(index)
    raise IndexError(f"index {index} is outside an axis of size {size}")


_BUILTINS: dict[str, Callable[..., Value]] = {
    "len": len,
    "range": lambda *ends: range(*map(_whole, ends)),
    "float": terms.term,
    "zip": zip,
    "enumerate": enumerate,
    "abs": lambda x: function("abs", x) if isinstance(x, Term) else abs(x),
    "isnan": lambda x: terms.term(x).payload == "nan",  # a symbol is a real number
    "isfinite": lambda x: not isinstance(terms.term(x).payload, float) and terms.term(x).payload != "nan",
    "isinf": lambda x: isinstance(terms.term(x).payload, float),
}


_REAL = {"isfinite": True, "isnan": False, "isinf": False}  # a symbol stands for a real number


def _named(row: Row, name: str) -> None:
    """Give a fresh list its name, and its rows theirs."""
    if not row.name:
        row.name = name
        for place, inner in enumerate(row):
            if isinstance(inner, Row):
                _named(inner, f"{name}[{place}]")


def _whole(index: Value) -> Value:
    """A list index: a term that is a whole number as an int."""
    if isinstance(index, Term):
        value = terms.number(index)
        return int(value) if value is not None and value.denominator == 1 else index
    return index


def _chosen(condition: Term, then: Value, otherwise: Value, line: int, update: bool = False) -> Value:
    """What a branch leaves. An `update` that keeps the larger (`if x > m: m = x`) is a maximum: ties are shared."""
    if then is otherwise:
        return then
    if isinstance(then, Term | int | float) and isinstance(otherwise, Term | int | float):
        choose = terms.choice if update else terms.select
        return choose(condition, terms.term(then), terms.term(otherwise))
    for one, other in ((then, otherwise), (otherwise, then)):
        if other is UNDEFINED:  # a name for a row that only this arm uses
            return one
    return Either(line)


_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: lambda a, b: make("floordiv", terms.term(a), terms.term(b)) if _symbolic(a, b) else a // b,
    ast.Mod: lambda a, b: a % b,
    ast.Pow: lambda a, b: a**b,
}


def _symbolic(a: Value, b: Value) -> bool:
    return isinstance(a, Term) or isinstance(b, Term)


def _binary(op: ast.operator, a: Value, b: Value, line: int) -> Value:
    if isinstance(op, ast.Div):
        return terms.term(a) / terms.term(b)
    if isinstance(op, ast.Mult) and isinstance(a, Row):
        return Row(element for _ in range(b) for element in a)
    apply = _OPERATORS.get(type(op))
    if apply is None:
        raise NotRun(line, f"operator {type(op).__name__}")
    return apply(a, b)


_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne",
}  # fmt: skip


def _comparison(op: ast.cmpop, a: Value, b: Value) -> bool | Term:
    result = make(_COMPARE[type(op)], terms.term(a), terms.term(b))
    return bool(result) if result.op == "constant" else result


_STATEMENTS: dict[type[ast.stmt], Callable[[Machine, Frame, Any], None]] = {
    ast.Assign: Machine._assign,
    ast.AugAssign: Machine._aug_assign,
    ast.If: Machine._if,
    ast.For: Machine._for,
    ast.Return: Machine._return,
    ast.Expr: Machine._nothing,
    ast.Pass: Machine._nothing,
}
_EXPRESSIONS: dict[type[ast.expr], Callable[[Machine, Frame, Any], Value]] = {
    ast.Name: Machine._name,
    ast.Constant: Machine._constant,
    ast.Attribute: Machine._attribute,
    ast.BinOp: Machine._binop,
    ast.UnaryOp: Machine._unary,
    ast.Compare: Machine._compare,
    ast.BoolOp: Machine._boolop,
    ast.IfExp: Machine._ifexp,
    ast.Subscript: Machine._subscript,
    ast.List: Machine._list,
    ast.Tuple: Machine._tuple,
    ast.Dict: Machine._dict,
    ast.ListComp: Machine._listcomp,
    ast.GeneratorExp: Machine._listcomp,
    ast.Call: Machine._call,
}


def symbols(name: str, shape: Sequence[int]) -> Value:
    """An array of symbols `name[0][1]`, or one symbol for shape ()."""
    if not shape:
        return symbol(name)
    row = Row(symbols(f"{name}[{place}]", shape[1:]) for place in range(shape[0]))
    row.name, row.given = name, True
    return row


def flat(value: Value, name: str = "") -> Iterator[tuple[str, Value]]:
    """The numbers of nested lists with their names: `dW[0][1]`."""
    if isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from flat(inner, f"{name}[{place}]")
    else:
        yield name, value
