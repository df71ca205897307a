"""What an expression of the language stands for: syntax tree and symbols -> an expression of sympy, in real numbers.

Which arm of a branch is taken is asked of `sign`, so that a proof by cases can cut the plane there.

>>> x = sympy.Symbol("x", real=True)
>>> meant(Scope({"x": x}, sign=lambda condition: 1, ieee=False), parsed("x * tanh(x) if x > 0 else 0"))
x*tanh(x)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import sympy
from msgspec import Struct
from sympy import Expr, Integer, Rational, oo

from mgc.compiler.verify.terms.oracle import MEANINGS
from mgc.grammar import tree
from mgc.grammar.parser import parse
from support.regions import Place, Sign, exact_sign, resolved
from support.trees import flattened

BINARY: Mapping[str, Callable[..., Expr]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "%": MEANINGS["mod"],
}
COMPARE: Mapping[str, Callable[[int], bool]] = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
    "==": lambda sign: sign == 0,
    "!=": lambda sign: sign != 0,
}
TURN = "remainder(x, 2)"  # may be a name of a scope: then this call stands for it
CONSTANTS = {"pi": sympy.pi, "inf": oo, "nan": sympy.nan}


class Scope(Struct, frozen=True):
    names: Mapping[str, Expr]
    sign: Sign
    ieee: bool


def meant(scope: Scope, expression: tree.Expression) -> Expr:
    """The real number that an expression stands for; of a branch only the arm taken."""
    match expression:
        case tree.Number(value=value):
            return Rational(repr(value))
        case tree.Name(identifier=name):
            return scope.names[name] if name in scope.names else CONSTANTS[name]
        case tree.Unary(operator="-", operand=operand):
            return -meant(scope, operand)
        case tree.Binary(operator=operator, left=left, right=right):
            return resolved(BINARY[operator](meant(scope, left), meant(scope, right)), scope.sign)
        case tree.Conditional(value=value, condition=condition, otherwise=otherwise):
            return meant(scope, value if true(scope, condition) else otherwise)
        case tree.Call(function="remainder", arguments=(tree.Name(), tree.Number(value=2))) if TURN in scope.names:
            return scope.names[TURN]
        case tree.Call(function=function, arguments=arguments):
            return resolved(MEANINGS[function](*[meant(scope, argument) for argument in arguments]), scope.sign)
        case tree.Reduction(
            function="sum", body=body, clauses=(tree.Clause(names=(name,), iterable=tree.Call() as call),)
        ):
            count = int(meant(scope, call.arguments[0]))
            turns = [Scope({**scope.names, name: Integer(turn)}, scope.sign, scope.ieee) for turn in range(count)]
            return sympy.Add(*[meant(turn, body) for turn in turns])
    raise NotImplementedError(type(expression).__name__)


def true(scope: Scope, condition: tree.Expression) -> bool:
    match condition:
        case tree.Logical(operator="and", left=left, right=right):
            return true(scope, left) and true(scope, right)
        case tree.Logical(operator="or", left=left, right=right):
            return true(scope, left) or true(scope, right)
        case tree.Unary(operator="not", operand=operand):
            return not true(scope, operand)
        case tree.Name(identifier="ieee"):
            return scope.ieee
        case tree.Comparison(operators=operators, operands=operands):
            values = [meant(scope, operand) for operand in operands]
            links = zip(operators, values, values[1:], strict=False)
            return all(COMPARE[operator](scope.sign(left - right)) for operator, left, right in links)
    raise NotImplementedError(type(condition).__name__)


@cache
def parsed(text: str) -> tree.Expression:
    """An expression of the language."""
    function = parse(f"def f():\n    return {text}\n", "table of kinks").declarations[0]
    assert isinstance(function, tree.Function)
    assert isinstance(function.body[0], tree.Return)
    return function.body[0].values[0]


def at_place(place: Place) -> Sign:
    """The signs of expressions at a point."""

    def sign(expression: Expr) -> int:
        found = exact_sign(expression.subs(place))
        assert found is not None, f"{expression} at {place}"
        return found

    return sign


def returned(scope: Scope, body: tuple[tree.Statement, ...]) -> Expr:
    for statement in body:
        match statement:
            case tree.Assign(targets=(target,), value=value):
                scope = Scope({**scope.names, target.identifier: meant(scope, value)}, scope.sign, scope.ieee)
            case tree.Return(values=(value,)):
                return meant(scope, value)
    raise NotImplementedError("a body without return")


def mentions_ieee(part: object) -> bool:
    return ("str", "ieee") in flattened(part)
