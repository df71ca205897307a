"""Operators, comparisons and functions of emitted text, on values: numbers fold, and of symbols terms are made.

>>> str(binary(ast.Mult(), terms.symbol("x"), 2, 1)), binary(ast.FloorDiv(), 7, 2, 1)
('x*2', 3)
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from functools import cache, partial

from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify import clock
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation, NoValue
from mgc.compiler.verify.terms.functions import FUNCTIONS
from mgc.compiler.verify.terms.terms import Term, function, make
from mgc.compiler.verify.trace.values import Either, NotRun, Row, Value, WrongType, is_number, whole

_NAMES: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Pow: "pow",
}  # fmt: skip
COMPARE: dict[type[ast.cmpop], str] = {
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne",
}  # fmt: skip


def binary(op: ast.operator, a: Value, b: Value, line: int) -> Value:
    name = _NAMES.get(op.__class__)
    if a.__class__ is b.__class__ is Term and name is not None:  # most are of these
        return make(name, a, b)
    if isinstance(op, ast.Mult) and isinstance(b, Row):
        a, b = b, a
    if isinstance(op, ast.Mult) and isinstance(a, Row) and isinstance(b, int):
        times = range(b)
        clock.check_bits(len(times) * len(a))
        return Row(element for _ in times for element in a)
    if not (is_number(a) and is_number(b)):
        known = not isinstance(a, Either) and not isinstance(b, Either)
        if known and (is_number(a) or is_number(b)) and isinstance(op, ast.Add | ast.Sub | ast.Div | ast.Pow):
            raise WrongType(f"line {line} computes with a {_kind(a)} and a {_kind(b)}")
        raise NotRun(line, f"operator {type(op).__name__} of a {_kind(a)} and a {_kind(b)}")
    if name is None:
        raise NotRun(line, f"operator {type(op).__name__}")
    if isinstance(a, int) and isinstance(b, int) and name != "div":
        clock.check_bits((abs(b) if name == "pow" else 2) * max(a.bit_length(), b.bit_length()))
        return getattr(operator, name)(a, b)
    return make(name, terms.term(a), terms.term(b))


def _kind(value: Value) -> str:
    return "number" if is_number(value) else "list" if isinstance(value, Row) else type(value).__name__


def comparison(op: ast.cmpop, a: Value, b: Value, line: int) -> bool | Term:
    if type(op) not in COMPARE or not (is_number(a) and is_number(b)):
        raise NotRun(line, f"the comparison {type(op).__name__} of a {_kind(a)} and a {_kind(b)}")
    result = make(COMPARE[type(op)], terms.term(a), terms.term(b))
    return bool(result) if result.op == "constant" else result


def choose(condition: Term, then: Value, otherwise: Value, line: int, update: bool = False) -> Value:
    """What a branch leaves. An `update` that keeps the larger (`if x > m: m = x`) is a maximum: ties are shared."""
    if then is otherwise:
        return then
    if isinstance(then, Term | int | float) and isinstance(otherwise, Term | int | float):
        chosen = _choice if update else terms.select
        return chosen(condition, terms.term(then), terms.term(otherwise))
    return Either(line, condition, then, otherwise)


def _choice(condition: Term, then: Term, otherwise: Term) -> Term:
    """`select`, and where it chooses the larger or the smaller one of what it compares, `max` or `min`."""
    if condition.op in ("gt", "ge", "lt", "le") and terms.number(then) is None and terms.number(otherwise) is None:
        larger, smaller = condition.args if condition.op in ("gt", "ge") else condition.args[::-1]
        if then is larger and otherwise is smaller:
            return function("max", then, otherwise)
        if then is smaller and otherwise is larger:
            return function("min", then, otherwise)
    return terms.select(condition, then, otherwise)


def applied(name: str, arguments: Sequence[Value]) -> Term:
    """A function of `math`, or a primitive. Errors: ValueError where it has no value at numbers, as in CPython;
    TypeError for anything but numbers, and for as many as it is not followed with."""
    if not all(map(is_number, arguments)) or not takes(name, len(arguments)):
        raise TypeError(name)
    result = function(name, *arguments)
    if result.args and all(argument.op == "constant" for argument in result.args) and name in FUNCTIONS:
        try:
            Evaluation({}).value(result)
        except NoValue:
            raise ValueError(f"{name} has no value at {', '.join(map(str, result.args))}") from None
    return result


@cache
def takes(name: str, count: int) -> bool:
    """Whether a function is known of so many numbers."""
    try:
        FUNCTIONS[name](*[mpf(0.5)] * count)
    except TypeError:
        return False
    except (ArithmeticError, ValueError):
        pass
    return True


def extreme(name: str, *given: Value) -> Value:
    """`max` or `min`, of its arguments or of one list; of known numbers it is one. Errors: ValueError for no number."""
    numbers = list(given[0]) if len(given) == 1 else list(given)
    if not numbers:
        raise ValueError(f"{name}() of nothing")
    known = [number for one in numbers if (number := terms.number(terms.term(one))) is not None]
    if len(known) == len(numbers):
        return numbers[known.index(max(known) if name == "max" else min(known))]
    return applied(name, numbers) if len(numbers) > 1 else numbers[0]


def _number(value: Value) -> Value:
    if not is_number(value):
        raise TypeError(value)
    return value


def check_shape(name: str, array: Value, *sizes: int) -> None:
    """As the emitted one does. Errors: ValueError."""
    if len(array) != sizes[0]:
        raise ValueError(f"{name} has {len(array)} entries where {sizes[0]} are needed")
    if len(sizes) > 1:
        for row in array:
            check_shape(f"a row of {name}", row, *sizes[1:])


def inside(index: Value, size: int) -> Value:
    if isinstance(index, Term) and index.op != "constant":
        return index
    if 0 <= whole(index) < size:
        return whole(index)
    raise IndexError(f"index {index} is outside an axis of size {size}")


def is_truth(value: Term) -> bool:
    """Whether a term is a condition, 1 where it holds and 0 where not, or is not set on some path."""
    while value.op == "cell":
        value = value.args[0]
    if value.op == "select":
        return all(is_truth(arm) for arm in value.args[1:])
    is_condition = value.op in terms.COMPARISONS or value.op in terms.LOGIC
    return is_condition or value.op == "undefined" or value in (terms.ZERO, terms.ONE)


def _listed(value: Value) -> Row:
    if is_number(value):
        raise WrongType(f"{value} has no elements")
    return Row(value)


BUILTINS: dict[str, Callable[..., Value]] = {
    "len": len,
    "range": lambda *ends: range(*map(whole, ends)),
    "float": lambda x: terms.term(_number(x)),
    "max": partial(extreme, "max"),
    "min": partial(extreme, "min"),
    "reversed": reversed,
    "zip": zip,
    "enumerate": enumerate,
    "list": _listed,
    "abs": lambda x: function("abs", x) if isinstance(x, Term) else abs(x),
    "isnan": lambda x: terms.term(x).payload == "nan",  # a symbol is a real number
    "isfinite": lambda x: not isinstance(terms.term(x).payload, float) and terms.term(x).payload != "nan",
    "isinf": lambda x: isinstance(terms.term(x).payload, float),
}
LIBRARY: dict[str, Callable[..., Value]] = {"check_shape": check_shape, "element": inside}
