"""Cases of our own making, own.json: `python -m cases.own`, from this folder's parent, computes them anew.

Values by mpmath from the text, derivatives by central differences at 160 digits: no rule of differentiation.

>>> case(("own/square", {"x": [3.0]}, (), "x**2"))["points"][0]["grad"]
{'x': '6.0'}
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from cases.notation import DEFINITIONS, parse
from support import oracle

PATH = Path(__file__).with_name("own.json")
Row = tuple[str, dict[str, list[float]], Sequence[tuple[str, str]], str]

# Name, arguments with their values at each point, lines before the result, result.
ROWS: tuple[Row, ...] = (
    (
        "own/neuron",
        {"w1": [0.5, -1.25], "w2": [1.0, 0.75], "b": [-0.25, 3.0]},
        (("n", "2*w1 - 3*w2 + b"),),
        "tanh(n)",
    ),
    ("own/logistic regression", {"params": [0.75, -2.0], "gamma": [1.5, 0.125]}, (), "softplus(-params*gamma)"),
    ("own/pendulum", {"theta": [0.5, 1.5], "length": [0.25, 2.0]}, (), "9.81*length*(1 - cos(theta))"),
    ("own/branches", {"x": [-2.0, 0.5, 3.0]}, (), "where(x < 0, x**2, where(x <= 1, sin(x), 1/x))"),
    (
        "own/both",
        {"x": [0.5, -3.0], "y": [2.0, 4.0]},
        (),
        "where(x > 0 and not y > 3 or x*y < -10, x*y, x - y)",
    ),
    (
        "own/cosecants",
        {"x": [0.625, 2.5], "y": [1.25, -0.75]},
        (),
        "csc(x)*sec(y) + cot(x*y) + coth(x) - sech(y)*csch(x)",
    ),
    ("own/powers", {"x": [1.5, 0.25], "y": [2.5, -0.5]}, (), "x**y + y**3 - x**-2 + 2**x + (x*x)**0.5"),
    ("own/roots", {"x": [2.0, 5.0], "y": [3.0, -7.0]}, (), "sqrt(x) + cbrt(y) + hypot(x, y) + atan2(y, x)"),
    ("own/special", {"x": [0.75, 2.5]}, (), "erf(x) - erfc(x/2) + lgamma(x) + digamma(x + 1) + gamma(x)"),
    ("own/remainders", {"x": [5.25, -7.5], "y": [1.5, 2.25]}, (), "fmod(x, y) + x*floor(y) + max(x, y)*min(x, 0.5)"),
    ("own/logarithms", {"x": [0.375, 40.0]}, (), "log(x) + log1p(x)*log2(x) - log10(x) + expm1(-x)/exp2(x)"),
    ("own/arcs", {"x": [0.375, -0.625]}, (), "asin(x) - acos(x)*atan(x) + asinh(x) + atanh(x)*acosh(1 + x*x)"),
    (
        "own/shared lines",
        {"a": [1.25, 0.5], "b": [0.75, 2.0]},
        (("s", "a*b + sin(a)"), ("t", "s*s - b"), ("u", "exp(-t*t) + s")),
        "u*t/s + u**2",
    ),
)
FUNCTIONS = {**oracle.FUNCTIONS, **{name: getattr(mp, name) for name in DEFINITIONS}}
OPERATORS: dict[type, str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.Mod: "mod",
    ast.Pow: "pow",
}


def exact(text: str, at: Mapping[str, Any]) -> Any:
    """The value of an expression: numbers by mpmath, conditions as bool."""
    return _value(parse(text), {"pi": mpf(3.141592653589793), **at})


def _value(node: ast.expr, at: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value):
            return mpf(str(value)) if isinstance(value, int) else mpf(float(str(value)))
        case ast.Name(name):
            return at[name]
        case ast.UnaryOp(operator, operand):
            value = _value(operand, at)
            return not value if isinstance(operator, ast.Not) else -value if isinstance(operator, ast.USub) else value
        case ast.BinOp(left, operator, right):
            return FUNCTIONS[OPERATORS[type(operator)]](_value(left, at), _value(right, at))
        case ast.BoolOp(operator, operands):
            combine = all if isinstance(operator, ast.And) else any
            return combine(_value(operand, at) for operand in operands)
        case ast.Compare(left, operators, comparators):
            values = [_value(operand, at) for operand in (left, *comparators)]
            return all(map(_compared, operators, values, values[1:]))
        case ast.Call(ast.Name("where"), [condition, then, otherwise], []):
            return _value(then if _value(condition, at) else otherwise, at)
        case ast.Call(ast.Name(name), arguments, []):
            return FUNCTIONS[name](*(_value(argument, at) for argument in arguments))
    raise AssertionError(ast.dump(node))


def _compared(operator: ast.cmpop, x: Any, y: Any) -> bool:
    signs = {ast.Lt: x < y, ast.LtE: x <= y, ast.Gt: x > y, ast.GtE: x >= y, ast.Eq: x == y, ast.NotEq: x != y}
    return bool(signs[type(operator)])


def case(row: Row) -> dict[str, Any]:
    """The row with its points, in the form of the other collections."""
    name, variables, lets, text = row

    def value(*at: Any) -> Any:
        known = dict(zip(variables, at, strict=True))
        for target, expression in lets:
            known[target] = exact(expression, known)
        return exact(text, known)

    points = []
    for at in zip(*variables.values(), strict=True):
        with mp.workdps(4 * oracle.DIGITS):
            place = tuple(map(mpf, at))
            slopes = [oracle.slope(value, place, axis) for axis in range(len(at))]
            numbers = [mp.nstr(number, oracle.DIGITS) for number in (value(*place), *slopes)]
        points.append(
            {
                "x": dict(zip(variables, map(repr, at), strict=True)),
                "value": numbers[0],
                "grad": dict(zip(variables, numbers[1:], strict=True)),
                "naive_ulp_value": None,
                "naive_ulp_grad": dict.fromkeys(variables),
            }
        )
    return {
        "id": name,
        "vars": [{"name": variable} for variable in variables],
        "lets": [list(let) for let in lets],
        "expr": text,
        "points": points,
    }


def document() -> str:
    """The text of own.json: one case a line."""
    lines = ",\n".join(json.dumps(case(row)) for row in ROWS)
    return f'{{"cases": [\n{lines}\n]}}\n'


if __name__ == "__main__":
    PATH.write_text(document(), encoding="utf-8")
