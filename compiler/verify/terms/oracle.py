"""What each operation is, as mathematics: its name -> an expression of sympy; and what mgc takes at kinks.

`MEANINGS` is written from textbooks (DLMF 4, 5 and 7) and not from `ops.mg`: a rule is proved by differentiating a
meaning. Each is a plain function of real expressions of sympy, as many as its row in `ops.mg` has arguments.
Importing this imports sympy, which no other command needs.

>>> x = sympy.Symbol("x", real=True)
>>> sympy.diff(MEANINGS["tanh"](x), x)
1 - tanh(x)**2
>>> [spelled(convention) for convention in KINKS["relu"] + KINKS["max"]]
["relu'(0) = 0", 'max(x, y): dx = 0.5 where x == y', 'max(x, y): dy = 0.5 where x == y']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import sympy
from msgspec import Struct
from sympy import Abs, Eq, Expr, Ne, Piecewise, Rational, ceiling, cos, exp, floor, log, pi, sin, sqrt

HALF = Rational(1, 2)


# --- meanings


def trunc(x: Expr) -> Expr:
    """Towards zero."""
    return Piecewise((floor(x), x >= 0), (ceiling(x), True))


def nearest(x: Expr) -> Expr:
    """The nearest whole number, and of two the even one."""
    return Piecewise((2 * floor(x / 2 + Rational(1, 4)), Eq(x - floor(x), HALF)), (floor(x + HALF), True))


def larger(x: Expr, y: Expr) -> Expr:
    return Piecewise((x, x >= y), (y, True))


def smaller(x: Expr, y: Expr) -> Expr:
    return Piecewise((x, x <= y), (y, True))


def clip(x: Expr, low: Expr, high: Expr) -> Expr:
    """`high` where the bounds are the wrong way round."""
    return Piecewise((high, (x >= high) | (low >= high)), (low, x <= low), (x, True))


def sinc(x: Expr) -> Expr:
    return Piecewise((sin(pi * x) / (pi * x), Ne(x, 0)), (1, True))


def sinc_slope(x: Expr) -> Expr:
    return Piecewise(((pi * x * cos(pi * x) - sin(pi * x)) / (pi * x**2), Ne(x, 0)), (0, True))


MEANINGS: Mapping[str, Callable[..., Expr]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "neg": lambda x: -x,
    "div": lambda x, y: x / y,
    "pow": lambda x, y: x**y,
    "mod": lambda x, y: x - y * floor(x / y),
    "fmod": lambda x, y: x - y * trunc(x / y),
    "remainder": lambda x, y: x - y * nearest(x / y),
    "fma": lambda x, y, z: x * y + z,
    # kinks and jumps
    "abs": lambda x: Abs(x),
    "sign": lambda x: sympy.sign(x),
    "copysign": lambda x, y: Piecewise((Abs(x), y >= 0), (-Abs(x), True)),
    "floor": lambda x: floor(x),
    "ceil": lambda x: ceiling(x),
    "trunc": trunc,
    "round": nearest,
    "relu": lambda x: Piecewise((x, x > 0), (0, True)),
    "max": larger,
    "min": smaller,
    "max_const": larger,
    "min_const": smaller,
    "clip": clip,
    # roots
    "sqrt": lambda x: sqrt(x),
    "cbrt": lambda x: Piecewise((x ** Rational(1, 3), x >= 0), (-((-x) ** Rational(1, 3)), True)),
    "hypot": lambda x, y: sqrt(x**2 + y**2),
    "atan2": lambda y, x: sympy.atan2(y, x),
    # exponentials and logarithms
    "exp": lambda x: exp(x),
    "exp2": lambda x: 2**x,
    "expm1": lambda x: exp(x) - 1,
    "log": lambda x: log(x),
    "log1p": lambda x: log(1 + x),
    "log2": lambda x: log(x) / log(2),
    "log10": lambda x: log(x) / log(10),
    "xlogy": lambda x, y: Piecewise((0, Eq(x, 0)), (x * log(y), True)),
    "xlog1py": lambda x, y: Piecewise((0, Eq(x, 0)), (x * log(1 + y), True)),
    "logaddexp": lambda x, y: log(exp(x) + exp(y)),
    "sigmoid": lambda x: 1 / (1 + exp(-x)),
    "softplus": lambda x: log(1 + exp(x)),
    # circular and hyperbolic functions
    "sin": lambda x: sin(x),
    "cos": lambda x: cos(x),
    "tan": lambda x: sympy.tan(x),
    "asin": lambda x: sympy.asin(x),
    "acos": lambda x: sympy.acos(x),
    "atan": lambda x: sympy.atan(x),
    "sinh": lambda x: sympy.sinh(x),
    "cosh": lambda x: sympy.cosh(x),
    "tanh": lambda x: sympy.tanh(x),
    "asinh": lambda x: sympy.asinh(x),
    "acosh": lambda x: sympy.acosh(x),
    "atanh": lambda x: sympy.atanh(x),
    "sin_pi": lambda x: sin(pi * x),
    "cos_pi": lambda x: cos(pi * x),
    "sinc": sinc,
    "sinc_slope": sinc_slope,
    # error and gamma functions
    "erf": lambda x: sympy.erf(x),
    "erfc": lambda x: sympy.erfc(x),
    "gamma": lambda x: sympy.gamma(x),
    "lgamma": lambda x: log(sympy.gamma(x) ** 2) / 2,  # log(abs(gamma(x))), differentiable as it stands
    "digamma": lambda x: sympy.polygamma(0, x),
    "trigamma": lambda x: sympy.polygamma(1, x),
    "tetragamma": lambda x: sympy.polygamma(2, x),
}

# Names that sympy and mpmath share, and what holds of functions whatever their operands.
SHARED = tuple("exp sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc gamma".split())
ODD = frozenset("cbrt sin tan asin atan sinh tanh asinh atanh erf".split())
TOTAL = frozenset(  # have a value wherever their operands do
    """abs sign max min clip relu floor ceil round trunc exp expm1 sin cos tanh sinh cosh sigmoid softplus erf erfc atan
    asinh cbrt hypot fma""".split()
)


def derivative(expression: Expr, by: sympy.Symbol) -> Expr:
    """The derivative inside the pieces of an expression: between their jumps floor, ceiling and sign are constants.

    >>> x, y = sympy.symbols("x y", real=True)
    >>> derivative(MEANINGS["mod"](x, y), y)
    -floor(x/y)
    """
    steps = {step: sympy.Dummy(real=True) for step in expression.atoms(floor, ceiling, sympy.sign)}
    return expression.xreplace(steps).diff(by).xreplace({constant: step for step, constant in steps.items()})


# --- conventions


class Convention(Struct, frozen=True):
    """What the derivative by `argument` is on the set `where`, on which a textbook leaves it open.

    `below` and `above`: the limit of the derivative as the argument comes from either side, the others fixed; empty
    where there is no such limit. All are expressions in the language. `kind`: the slope is different on the two sides
    (kink), the value is (jump), the slope is infinite or there is none (singular), or the slope is an ordinary one
    that the formula cannot be evaluated for (removable).
    """

    operation: str
    arguments: str
    argument: str
    where: str
    below: str
    above: str
    taken: str
    kind: Literal["kink", "jump", "singular", "removable"]
    why: str


def spelled(convention: Convention) -> str:
    """`relu'(0) = 0`, or with all arguments where there are several."""
    point = convention.where.removeprefix(f"{convention.argument} == ")
    if convention.arguments == convention.argument and point.lstrip("-").isdigit():
        return f"{convention.operation}'({point}) = {convention.taken}"
    operation = convention.operation.removesuffix("_const")
    call = f"{operation}({convention.arguments}){' of a constant c' if operation != convention.operation else ''}"
    return f"{call}: d{convention.argument} = {convention.taken} where {convention.where}"


LEAST_NORM = "the subgradient of least norm"
TIES = "of least norm: equal shares for a tie"
NO_SHARE = "of least norm: the other argument is a constant"
BOUND = "at a bound the bound has it all"
UPPER = "of two equal bounds the upper has it all"
JUMP = "a jump has derivative 0"
PIECE = "the slope of the piece that the value lies on"
ORIGIN = "0 at the origin, the least of all directions"
INFINITE = "the limit; bare Python raises"
ALONG_Y = "the limit along y; bare Python raises"
ISOLATED = "defined at isolated points only: nan, and bare Python raises"
CONSTANT = "the function is constant along this line"
LIMIT = "the limit"

_WHOLE, _HALVES = "x == floor(x)", "x - 1/2 == floor(x - 1/2)"
_INSIDE = " and low < high"
_WHOLE_QUOTIENT = "x / y == floor(x / y)"
_HALF_QUOTIENT = "x / y - 1/2 == floor(x / y - 1/2)"
_ORIGIN = "x == 0 and y == 0"

# argument | where | below | above | taken | kind | why
_Line = tuple[str, str, str, str, str, Literal["kink", "jump", "singular", "removable"], str]
_TABLE: Mapping[str, tuple[str, tuple[_Line, ...]]] = {
    "pow": ("x, y", (
        ("x", "x == 0 and y == 0", "0", "0", "0", "removable", CONSTANT),
        ("x", "x == 0 and 0 < y < 1", "", "inf", "inf", "singular", INFINITE),
        ("y", "x == 0 and y > 0", "0", "0", "0", "removable", CONSTANT),
        ("y", "x == 0 and y == 0", "", "0", "0", "jump", JUMP),
        ("y", "x < 0 and y == floor(y)", "", "", "nan", "singular", ISOLATED),
    )),
    "mod": ("x, y", (
        ("x", _WHOLE_QUOTIENT, "1", "1", "1", "jump", PIECE),
        ("y", f"{_WHOLE_QUOTIENT} and x != 0", "-x / y if x > 0 else 1 - x / y", "1 - x / y if x > 0 else -x / y",
         "-x / y", "jump", PIECE),
    )),
    "fmod": ("x, y", (
        ("x", f"{_WHOLE_QUOTIENT} and x != 0", "1", "1", "1", "jump", PIECE),
        ("y", f"{_WHOLE_QUOTIENT} and x != 0", "-x / y if y > 0 else sign(x / y) - x / y",
         "sign(x / y) - x / y if y > 0 else -x / y", "-x / y", "jump", PIECE),
    )),
    "remainder": ("x, y", (
        ("x", _HALF_QUOTIENT, "1", "1", "1", "jump", PIECE),
        ("y", _HALF_QUOTIENT, "-x / y - 0.5 if x > 0 else 0.5 - x / y", "0.5 - x / y if x > 0 else -x / y - 0.5",
         "-round(x / y)", "jump", PIECE),
    )),
    "abs": ("x", (("x", "x == 0", "-1", "1", "0", "kink", LEAST_NORM),)),
    "sign": ("x", (("x", "x == 0", "0", "0", "0", "jump", JUMP),)),
    "copysign": ("x, y", (
        ("x", "x == 0", "-copysign(1, y)", "copysign(1, y)", "0", "kink", LEAST_NORM),
        ("y", "y == 0 and x != 0", "0", "0", "0", "jump", JUMP),
    )),
    "floor": ("x", (("x", _WHOLE, "0", "0", "0", "jump", JUMP),)),
    "ceil": ("x", (("x", _WHOLE, "0", "0", "0", "jump", JUMP),)),
    "trunc": ("x", (("x", f"{_WHOLE} and x != 0", "0", "0", "0", "jump", JUMP),)),
    "round": ("x", (("x", _HALVES, "0", "0", "0", "jump", JUMP),)),
    "relu": ("x", (("x", "x == 0", "0", "1", "0", "kink", LEAST_NORM),)),
    "max": ("x, y", (
        ("x", "x == y", "0", "1", "0.5", "kink", TIES),
        ("y", "x == y", "0", "1", "0.5", "kink", TIES),
    )),
    "min": ("x, y", (
        ("x", "x == y", "1", "0", "0.5", "kink", TIES),
        ("y", "x == y", "1", "0", "0.5", "kink", TIES),
    )),
    "max_const": ("x, c", (("x", "x == c", "0", "1", "0", "kink", NO_SHARE),)),
    "min_const": ("x, c", (("x", "x == c", "1", "0", "0", "kink", NO_SHARE),)),
    "clip": ("x, low, high", (
        ("x", "x == low" + _INSIDE, "0", "1", "0", "kink", BOUND),
        ("x", "x == high" + _INSIDE, "1", "0", "0", "kink", BOUND),
        ("low", "x == low" + _INSIDE, "0", "1", "1", "kink", BOUND),
        ("high", "x == high" + _INSIDE, "1", "0", "1", "kink", BOUND),
        ("low", "low == high and x < low", "1", "0", "0", "kink", UPPER),
        ("high", "low == high and x <= low", "1", "0", "1", "kink", UPPER),
    )),
    "sqrt": ("x", (("x", "x == 0", "", "inf", "inf", "singular", INFINITE),)),
    "cbrt": ("x", (("x", "x == 0", "inf", "inf", "inf", "singular", INFINITE),)),
    "hypot": ("x, y", (
        ("x", _ORIGIN, "-1", "1", "0", "kink", ORIGIN),
        ("y", _ORIGIN, "-1", "1", "0", "kink", ORIGIN),
    )),
    "atan2": ("y, x", (
        ("y", "y == 0 and x < 0", "1 / x", "1 / x", "1 / x", "jump", PIECE),
        ("y", _ORIGIN, "0", "0", "0", "jump", ORIGIN),
        ("x", _ORIGIN, "0", "0", "0", "jump", ORIGIN),
    )),
    "xlogy": ("x, y", (
        ("x", "x == 0 and y == 0", "", "", "-inf", "singular", ALONG_Y),
        ("x", "x == 0 and y < 0", "", "", "nan", "singular", ISOLATED),
        ("y", "x == 0", "0", "0", "0", "removable", CONSTANT),
    )),
    "xlog1py": ("x, y", (
        ("x", "x == 0 and y == -1", "", "", "-inf", "singular", ALONG_Y),
        ("x", "x == 0 and y < -1", "", "", "nan", "singular", ISOLATED),
        ("y", "x == 0", "0", "0", "0", "removable", CONSTANT),
    )),
    "asin": ("x", (
        ("x", "x == -1", "", "inf", "inf", "singular", INFINITE),
        ("x", "x == 1", "inf", "", "inf", "singular", INFINITE),
    )),
    "acos": ("x", (
        ("x", "x == -1", "", "-inf", "-inf", "singular", INFINITE),
        ("x", "x == 1", "-inf", "", "-inf", "singular", INFINITE),
    )),
    "acosh": ("x", (("x", "x == 1", "", "inf", "inf", "singular", INFINITE),)),
    "sinc": ("x", (("x", "x == 0", "0", "0", "0", "removable", LIMIT),)),
    "sinc_slope": ("x", (("x", "x == 0", "-pi**2 / 3", "-pi**2 / 3", "-pi**2 / 3", "removable", LIMIT),)),
}  # fmt: skip

KINKS: Mapping[str, tuple[Convention, ...]] = {
    operation: tuple(Convention(operation, arguments, *line) for line in lines)
    for operation, (arguments, lines) in _TABLE.items()
}
