"""What each operation is, to 40 digits by mpmath: name and point -> value and derivatives.

A derivative is a central difference at 160 digits or more: no rule, of whoever's, is used to check a rule.

>>> float(reference("log", (2.0,)).derivatives[0])
0.5
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct

Point = tuple[float, ...]
Ranges = tuple[tuple[float, float], ...]

DIGITS = 40


def log_add(x: mpf, y: mpf) -> mpf:
    larger, smaller = max(x, y), min(x, y)
    return larger + mp.log1p(mp.exp(smaller - larger))


def nearest(x: mpf) -> mpf:
    """Half to even."""
    return mp.nint(x)


def sinc(x: mpf) -> mpf:
    return mp.sincpi(x)


def sinc_slope(x: mpf) -> mpf:
    if x == 0:
        return mpf(0)
    with mp.extradps(60):
        return (mp.cospi(x) - mp.sincpi(x)) / x


FUNCTIONS: dict[str, Callable[..., mpf]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "neg": lambda x: -x,
    "div": lambda x, y: x / y,
    "pow": lambda x, y: x**y,
    "mod": lambda x, y: x - y * mp.floor(x / y),
    "fmod": lambda x, y: x - y * (mp.floor(x / y) if x / y > 0 else mp.ceil(x / y)),
    "remainder": lambda x, y: x - y * nearest(x / y),
    "fma": lambda x, y, z: x * y + z,
    "abs": abs,
    "sign": mp.sign,
    "copysign": lambda x, y: abs(x) if y > 0 else -abs(x),
    "floor": mp.floor,
    "ceil": mp.ceil,
    "trunc": lambda x: mp.floor(x) if x > 0 else mp.ceil(x),
    "round": nearest,
    "relu": lambda x: max(x, mpf(0)),
    "max": max,
    "min": min,
    "max_const": lambda x: max(x, mpf(1)),
    "min_const": lambda x: min(x, mpf(1)),
    "clip": lambda x, low, high: min(max(x, low), high),
    "sqrt": mp.sqrt,
    "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
    "hypot": lambda x, y: mp.sqrt(x * x + y * y),
    "atan2": mp.atan2,
    "exp": mp.exp,
    "exp2": lambda x: mpf(2) ** x,
    "expm1": mp.expm1,
    "log": mp.log,
    "log1p": mp.log1p,
    "log2": lambda x: mp.log(x) / mp.log(2),
    "log10": lambda x: mp.log(x) / mp.log(10),
    "xlogy": lambda x, y: x * mp.log(y),
    "xlog1py": lambda x, y: x * mp.log1p(y),
    "logaddexp": log_add,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: log_add(x, mpf(0)),
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "asin": mp.asin,
    "acos": mp.acos,
    "atan": mp.atan,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "asinh": mp.asinh,
    "acosh": mp.acosh,
    "atanh": mp.atanh,
    "sin_pi": mp.sinpi,
    "cos_pi": mp.cospi,
    "sinc": sinc,
    "sinc_slope": sinc_slope,
    "erf": mp.erf,
    "erfc": mp.erfc,
    "gamma": mp.gamma,
    "lgamma": lambda x: mp.log(abs(mp.gamma(x))),
    "digamma": lambda x: mp.psi(0, x),
    "trigamma": lambda x: mp.psi(1, x),
    "tetragamma": lambda x: mp.psi(2, x),
    "silu": lambda x: x / (1 + mp.exp(-x)),
    "gelu": lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2,
    "elu": lambda x: x if x > 0 else mp.expm1(x),
    "leaky_relu": lambda x: x if x > 0 else mpf(0.01) * x,
    "hinge": lambda s, y: max(1 - s * y, mpf(0)),
    "binary_cross_entropy": lambda x, t: t * log_add(-x, mpf(0)) + (1 - t) * log_add(x, mpf(0)),
}


class Samples(Struct, frozen=True):
    """Where an operation is tried, and the ulp it may be off there.

    A scale is the size below which a result counts as this large: an error is measured in units in the last
    place of max(|exact|, scale). It is set where a function crosses zero between doubles, or saturates.
    """

    ranges: tuple[Ranges, ...]
    extremes: tuple[Point, ...]
    value_ulp: float
    slope_ulp: float
    accurate_ulp: float
    value_scale: float = 0.0
    slope_scale: float = 0.0
    accurate_scale: float = 0.0


class Exact(Struct, frozen=True):
    value: mpf
    derivatives: tuple[mpf, ...]


def reference(name: str, point: Point) -> Exact:
    """The value and the partial derivatives of operation `name` at doubles, to DIGITS digits."""
    function = FUNCTIONS[name]
    with mp.workdps(4 * DIGITS):
        exact = tuple(mpf(x) for x in point)
        return Exact(function(*exact), tuple(slope(function, exact, axis) for axis in range(len(exact))))


def slope(function: Callable[..., mpf], point: tuple[mpf, ...], axis: int) -> mpf:
    """The partial derivative by argument `axis`."""
    smallness = -math.frexp(float(point[axis]))[1] // 3
    coarse = difference(function, point, axis, 4 * DIGITS + max(smallness, 0))
    if abs(coarse) > mpf(10) ** -DIGITS:
        return coarse
    # Nothing, or a function so flat here that all digits cancelled (the least double is 5e-324).
    return difference(function, point, axis, 3 * DIGITS + 700)


def difference(function: Callable[..., mpf], point: tuple[mpf, ...], axis: int, digits: int) -> mpf:
    """A central difference whose step is far below a double's last digit."""
    step = mpf(10) ** -DIGITS * (abs(point[axis]) or mpf(10) ** -DIGITS)
    ends = [tuple(x + sign * step * (i == axis) for i, x in enumerate(point)) for sign in (-1, 1)]
    with mp.workdps(digits):
        return (function(*ends[1]) - function(*ends[0])) / (2 * step)


def ulps(found: float, exact: mpf, scale: float = 0.0) -> float:
    """The error in units in the last place of max(|exact|, scale); inf where only one is infinite or nan."""
    rounded = float(exact)
    if math.isnan(found) or math.isinf(found) or math.isinf(rounded):
        return 0.0 if found == rounded else math.inf
    return float(abs(mpf(found) - exact) / math.ulp(max(abs(rounded), scale)))


def points(samples: Samples, count: int, seed: int = 0) -> Iterator[Point]:
    """`count` points spread over the ranges, then the extremes."""
    source = random.Random(seed)
    for turn in range(count):
        chosen = samples.ranges[turn % len(samples.ranges)]
        yield tuple(source.uniform(low, high) for low, high in chosen)
    yield from samples.extremes
