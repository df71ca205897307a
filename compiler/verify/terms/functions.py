"""The name of an operation -> what computes it on mpmath's numbers, to as many digits as these have.

>>> FUNCTIONS["fmod"](mpf(-7), mpf(2))
mpf('-1.0')
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.terms.oracle import SHARED
from mgc.compiler.verify.terms.terms import COMPARISONS


def _pow(x: Any, y: Any) -> Any:
    if x == 0 and y < 0:
        raise ZeroDivisionError
    if x < 0 and y != int(y):
        raise ValueError("a power that is not real")
    return mpf(1) if y == 0 else x**y


def _log_add(x: Any, y: Any) -> Any:
    return max(x, y) + mp.log1p(mp.exp(-abs(x - y)))


def _reflected(order: int, x: mpf) -> mpf:
    """The polygamma function of order 1 or 2; mpmath climbs up from a negative number step by step (DLMF 5.15.6)."""
    sine = mp.sinpi(x)
    if x > 0 or sine == 0:
        return mp.psi(order, x)
    mirrored = mp.psi(order, 1 - x)
    return (mp.pi / sine) ** 2 - mirrored if order == 1 else mirrored - 2 * mp.pi**3 * mp.cospi(x) / sine**3


def _sinc_slope(x: Any) -> Any:
    if x == 0:
        return mpf(0)
    with mp.extradps(mp.dps):
        return (mp.cospi(x) - mp.sincpi(x)) / x


def _atan2(y: Any, x: Any) -> Any:
    return mp.atan2(y, x) if x or y else mpf(0)


def _log(x: Any) -> Any:
    if x <= 0:
        raise ValueError("log outside its domain")
    return mp.log(x)


def _log1p(x: Any) -> Any:
    if x <= -1:
        raise ValueError("log1p outside its domain")
    return mp.log1p(x)


def _truncated(x: Any) -> Any:
    return mp.floor(x) if x > 0 else mp.ceil(x)


RING = {"add": operator.add, "sub": operator.sub, "mul": operator.mul}  # finite and real where their arguments are
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **RING,
    **{op: getattr(operator, op) for op in COMPARISONS},
    "div": operator.truediv,
    "neg": operator.neg,
    "pow": _pow,
    "and": lambda x, y: bool(x and y),
    "or": lambda x, y: bool(x or y),
    "not": lambda x: not x,
    "mod": lambda x, y: x - y * mp.floor(x / y),
    "floordiv": lambda x, y: mp.floor(x / y),
    "fmod": lambda x, y: x - y * _truncated(x / y),
    "remainder": lambda x, y: x - y * mp.nint(x / y),
    "fma": lambda x, y, z: x * y + z,
    "abs": abs,
    "sign": mp.sign,
    "copysign": lambda x, y: abs(x) if y >= 0 else -abs(x),
    "floor": mp.floor,
    "ceil": mp.ceil,
    "trunc": _truncated,
    "round": mp.nint,
    "relu": lambda x: max(x, mpf(0)),
    "max": max,
    "min": min,
    "clip": lambda x, low, high: min(max(x, low), high),
    "sqrt": mp.sqrt,
    "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
    "hypot": lambda x, y: mp.sqrt(x * x + y * y),
    "atan2": _atan2,
    **{name: getattr(mp, name) for name in SHARED},
    "exp2": lambda x: mpf(2) ** x,
    "expm1": mp.expm1,
    "log": _log,
    "log1p": _log1p,
    "log2": lambda x: _log(x) / mp.log(2),
    "log10": lambda x: _log(x) / mp.log(10),
    "xlogy": lambda x, y: x * _log(y) if x else mpf(0),
    "xlog1py": lambda x, y: x * _log1p(y) if x else mpf(0),
    "logaddexp": _log_add,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: _log_add(x, mpf(0)),
    "sin_pi": mp.sinpi,
    "cos_pi": mp.cospi,
    "sinc": mp.sincpi,
    "sinc_slope": _sinc_slope,
    "lgamma": lambda x: mp.log(abs(mp.gamma(x))),
    "digamma": lambda x: mp.psi(0, x),
    "trigamma": lambda x: _reflected(1, x),
    "tetragamma": lambda x: _reflected(2, x),
}
