"""Numbers that carry their slopes: an operation of the language and its operands -> the result with its slopes.

Forward mode, from a table of textbook derivatives that shares nothing with the compiler's. Values are Python's own,
exceptions included; a slope that has no finite value is nan.

>>> x, y = Dual(3.0, {"x": 1.0}), Dual(2.0, {"y": 1.0})
>>> apply(PLAIN, "mul", x, apply(PLAIN, "sin", y)).slopes["x"] == math.sin(2.0)
True
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import mpmath  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct

Key = Any  # what a slope is by: a name and a place
Slopes = Mapping[Key, Any]
NOTHING = None  # the slope of what does not flow: no number, so that it cannot spoil one


class Dual(Struct, frozen=True):
    value: Any
    slopes: Slopes


Scalar = Any  # int, bool, float (or mpf), or a Dual of one

# name(operands): value | slope by the first operand | by the second ...; `nothing` where nothing flows.
_TABLE = """
add(x, y):                x + y                          | 1                               | 1
sub(x, y):                x - y                          | 1                               | -1
mul(x, y):                x * y                          | y                               | x
div(x, y):                x / y                          | 1 / y                           | -(x / y) / y
floordiv(x, y):           x // y                         | nothing                         | nothing
mod(x, y):                x % y                          | 1                               | (x % y - x) / y
pow(x, y):                power(x, y)                    | y*power(x, y - 1) if y else nothing | power_slope(x, y)
neg(x):                   -x                             | -1
abs(x):                   abs(x)                         | sign(x)
sign(x):                  sign(x)                        | nothing
floor(x):                 number(floor(x))               | nothing
ceil(x):                  number(ceil(x))                | nothing
trunc(x):                 number(int(x))                 | nothing
round(x):                 number(round(x))     | nothing
relu(x):                  number(0) if x <= 0 else x     | 1 if x > 0 else nothing
fmod(x, y):               fmod(x, y)                     | 1                               | (fmod(x, y) - x) / y
remainder(x, y):          remainder(x, y)                | 1                               | (remainder(x, y) - x) / y
copysign(x, y):           copysign(x, y)                 | sign(x)*copysign(1, y)          | nothing
fma(x, y, z):             fused(x, y, z)                 | y                               | x          | 1
clip(x, a, b):            min(max(x, a), b)              | 1 if a < x < b else nothing
                                                         | 1 if x <= a and a < b else nothing
                                                         | 1 if x >= b or a >= b else nothing
sqrt(x):                  sqrt(x)                        | 1 / (2*sqrt(x))
cbrt(x):                  cbrt(x)                        | 1 / (3*cbrt(x)**2)
hypot(x, y):              hypot(x, y)                    | x/hypot(x, y) if x or y else nothing
                                                         | y/hypot(x, y) if x or y else nothing
atan2(y, x):              atan2(y, x)                    | x/hypot(x, y)/hypot(x, y) if x or y else nothing
                                                         | -y/hypot(x, y)/hypot(x, y) if x or y else nothing
exp(x):                   exp(x)                         | exp(x)
exp2(x):                  exp2(x)                        | exp2(x)*log(2)
expm1(x):                 expm1(x)                       | exp(x)
log(x):                   log(x)                         | 1 / x
log1p(x):                 log1p(x)                       | 1 / (1 + x)
log2(x):                  log2(x)                        | 1 / (x*log(2))
log10(x):                 log10(x)                       | 1 / (x*log(10))
xlogy(x, y):              x*log(y) if x else number(0)   | log(y)                          | x/y if x else nothing
xlog1py(x, y):            x*log1p(y) if x else number(0) | log1p(y)                        | x/(1 + y) if x else nothing
logaddexp(x, y):          max(x, y) + log1p(exp(-abs(x - y))) | logistic(x - y)            | logistic(y - x)
sigmoid(x):               logistic(x)                    | logistic(x)*logistic(-x)
softplus(x):              max(x, 0) + log1p(exp(-abs(x))) | logistic(x)
sin(x):                   sin(x)                         | cos(x)
cos(x):                   cos(x)                         | -sin(x)
tan(x):                   tan(x)                         | 1 + tan(x)**2
asin(x):                  asin(x)                        | 1 / sqrt((1 - x)*(1 + x))
acos(x):                  acos(x)                        | -1 / sqrt((1 - x)*(1 + x))
atan(x):                  atan(x)                        | 1 / (1 + x*x)
sinh(x):                  sinh(x)                        | cosh(x)
cosh(x):                  cosh(x)                        | sinh(x)
tanh(x):                  tanh(x)                        | 1 / cosh(x)**2 if abs(x) < 300 else 0
asinh(x):                 asinh(x)                       | 1 / hypot(1, x)
acosh(x):                 acosh(x)                       | 1 / (sqrt(x - 1)*sqrt(x + 1))
atanh(x):                 atanh(x)                       | 1 / ((1 - x)*(1 + x))
sin_pi(x):                sin_pi(x)                      | pi*cos_pi(x)
cos_pi(x):                cos_pi(x)                      | -pi*sin_pi(x)
sinc(x):                  sinc(x)                        | (cos_pi(x) - sinc(x))/x if abs(x) > 1e-3 else -pi**2*x/3
erf(x):                   erf(x)                         | 2/sqrt(pi)*exp(-x*x)
erfc(x):                  erfc(x)                        | -2/sqrt(pi)*exp(-x*x)
gamma(x):                 gamma(x)                       | gamma(x)*digamma(x)
lgamma(x):                lgamma(x)                      | digamma(x)
digamma(x):               digamma(x)                     | trigamma(x)
trigamma(x):              trigamma(x)                    | tetragamma(x)
silu(x):                  x*logistic(x)                  | logistic(x)*(1 + x*logistic(-x))
gelu(x):                  x*erfc(-x/sqrt(2))/2           | erfc(-x/sqrt(2))/2 + x*exp(-x*x/2)/sqrt(2*pi)
elu(x, alpha):            x if x > 0 else alpha*expm1(x) | 1 if x > 0 else alpha*exp(x)
                                                         | nothing if x > 0 else expm1(x)
leaky_relu(x, slope):     x if x > 0 else slope*x        | 1 if x > 0 else slope           | nothing if x > 0 else x
hinge(score, label):      max(1 - label*score, 0)        | -label if label*score < 1 else nothing
                                                         | -score if label*score < 1 else nothing
binary_cross_entropy(logit, target): max(logit, 0) - target*logit + log1p(exp(-abs(logit)))
                                                         | logistic(logit) - target        | -logit
"""
DEFAULTS = {"elu": 1, "leaky_relu": 0.01}  # of the last operand


def _sign(x: Any) -> Any:
    if x != x:
        return x
    return (x > 0) - (x < 0) if isinstance(x, int) else type(x)((x > 0) - (x < 0))


def _power(x: Any, y: Any) -> Any:
    if x < 0 and y != int(y):
        raise ValueError("a root of a negative number")
    return x**y


def _polygamma(order: int, x: float) -> float:
    if x <= 0 and x == int(x):
        raise ValueError("a pole")
    return float(mpmath.psi(order, x))


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _sin_pi(x: float) -> float:
    return float(mpmath.sinpi(x))


def _library() -> dict[str, Any]:
    """What the rules are made of: the `math` module, which raises where it has no finite answer, and a few more."""
    return {
        **{name: getattr(math, name) for name in dir(math) if not name.startswith("_")},
        "digamma": partial(_polygamma, 0),
        "trigamma": partial(_polygamma, 1),
        "tetragamma": partial(_polygamma, 2),
        "number": float,
        "power": _power,
        "fused": lambda x, y, z: float(Fraction(x) * Fraction(y) + Fraction(z)),
        "sin_pi": _sin_pi,
        "sinc": lambda x: _sin_pi(x) / (math.pi * x) if x else 1.0,
        "nothing": NOTHING,
        "sign": _sign,
        "logistic": _logistic,
        "power_slope": lambda x, y: _power(x, y) * math.log(x) if x else NOTHING if y >= 0 else math.nan,
        "cos_pi": lambda x: float(mpmath.cospi(x)),
    }


Operations = Mapping[str, tuple[Callable[..., Any], tuple[Callable[..., Any], ...]]]


def _operations() -> Operations:
    operations = {}
    library = _library()
    for row in _TABLE.replace("\n   ", "   ").strip().splitlines():
        head, rules = row.split("):", 1)
        name, operands = head.split("(")
        value, *slopes = [eval(f"lambda {operands}: {rule}", library) for rule in rules.split(" | ")]
        operations[name] = (value, tuple(slopes))
    return operations


def _trembling(compute: Callable[..., Any], phase: int) -> Callable[..., Any]:
    """The operation with an error of some hundred ulp, the same for the same result.

    A value that is a short fraction stays exact (phase 0); a slope does not, as terms of a sum of them may cancel.
    """

    def computed(*numbers: Any) -> Any:
        result = compute(*numbers)
        if not isinstance(result, float | int) or not math.isfinite(result):
            return result
        if not phase and (result * 4096) % 1 == 0:
            return result
        return result * (1 + 1e-13 * math.sin(1e6 * math.frexp(result)[0] + phase))

    return computed


PLAIN = _operations()
TREMBLING = {
    name: (_trembling(compute, 0), tuple(_trembling(rule, phase) for phase, rule in enumerate(rules, 1)))
    for name, (compute, rules) in PLAIN.items()
}


def value(scalar: Scalar) -> Any:
    return scalar.value if isinstance(scalar, Dual) else scalar


def slopes(scalar: Scalar) -> Slopes:
    return scalar.slopes if isinstance(scalar, Dual) else {}


def apply(operations: Operations, name: str, *operands: Scalar) -> Scalar:
    """The operation. Errors: whatever Python's arithmetic raises (and ValueError for a complex power)."""
    compute, rules = operations[name]
    numbers = [value(operand) for operand in operands]
    result = compute(*numbers)
    return chain(result, [(operand, partial(rule, *numbers)) for operand, rule in zip(operands, rules, strict=True)])


def chain(result: Any, parts: Sequence[tuple[Scalar, Callable[[], Any]]]) -> Scalar:
    """The result with the slopes that the chain rule gives it: each operand with the local slope by it."""
    total: dict[Key, Any] = {}
    for operand, rule in parts:
        if not (flowing := slopes(operand)) or (local := _finite(rule)) is NOTHING:
            continue
        for key, slope in flowing.items():
            total[key] = total.get(key, 0) + local * slope
    return Dual(result, total) if total else result


def _finite(rule: Callable[[], Any]) -> Any:
    try:
        return rule()
    except (ArithmeticError, ValueError):
        return math.nan
