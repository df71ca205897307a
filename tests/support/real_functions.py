"""Functions of real numbers and of vectors, by name, from the `math` module: what the interpreter calls.

>>> FLOATS.operation("relu", -1.0), FLOATS.reduction("sum", [(True, 1.0), (True, 2.0)])
(0.0, 3.0)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

from mgc.compiler.verify.reference.arrays import Array, Scalar, Value, elementwise
from mgc.compiler.verify.reference.scalars import Domain, Guarded


def total(function: Callable[..., float]) -> Callable[..., float]:
    """nan where the function has no value, inf where it is too large."""

    def guarded(*values: float) -> float:
        try:
            return function(*values)
        except (ValueError, ZeroDivisionError):
            return math.nan
        except OverflowError:
            return math.inf

    return guarded


def _power(x: float, y: float) -> float:
    return math.pow(x, y)


def _log_add(x: float, y: float) -> float:
    return max(x, y) + math.log1p(math.exp(-abs(x - y)))


def _log_sum(v: list[float]) -> float:
    return max(v) + math.log(math.fsum(math.exp(x - max(v)) for x in v))


def _softmax(v: Array) -> Array:
    shift = _log_sum([cast(float, x) for x in v.flat])
    return Array(v.shape, tuple(math.exp(cast(float, x) - shift) for x in v.flat))


def _sign(x: float) -> float:
    return float((x > 0) - (x < 0))


ARITHMETIC: dict[str, Callable[..., Scalar]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": total(lambda a, b: a / b),
    "floordiv": total(lambda a, b: a // b),
    "mod": total(lambda a, b: a % b),
    "pow": total(_power),
    "neg": lambda a: -a,
}
CONDITIONS: dict[str, Callable[..., bool]] = {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "not": lambda a: not a,
}
WHOLE: dict[str, Callable[[list[Any]], Scalar]] = {
    "sum": lambda v: math.fsum(v),
    "prod": lambda v: math.prod(v),
    "mean": lambda v: math.fsum(v) / len(v) if v else math.nan,
    "max": lambda v: max(v, default=-math.inf),
    "min": lambda v: min(v, default=math.inf),
    "argmax": lambda v: v.index(max(v)),
    "argmin": lambda v: v.index(min(v)),
}
_MATH = """sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp exp2 expm1 log log1p log2 log10 sqrt cbrt
erf erfc gamma lgamma hypot atan2 copysign fmod remainder""".split()
FUNCTIONS: dict[str, Callable[..., Scalar]] = {
    **{name: total(getattr(math, name)) for name in _MATH},
    "abs": abs,
    "sign": _sign,
    "floor": lambda x: float(math.floor(x)),
    "ceil": lambda x: float(math.ceil(x)),
    "trunc": lambda x: float(math.trunc(x)),
    "round": lambda x: float(round(x)),
    "max": max,
    "min": min,
    "relu": lambda x: max(x, 0.0),
    "clip": lambda x, low, high: min(max(x, low), high),
    "fma": lambda x, y, z: x * y + z,
    "xlogy": total(lambda x, y: 0.0 if x == 0 else x * math.log(y)),
    "sigmoid": lambda x: 0.5 * (1.0 + math.tanh(0.5 * x)),
    "softplus": lambda x: _log_add(x, 0.0),
    "logaddexp": _log_add,
}
ACTIVATIONS: dict[str, Callable[..., Scalar]] = {
    "silu": lambda x: x * 0.5 * (1.0 + math.tanh(0.5 * x)),
    "gelu": lambda x: 0.5 * x * (1.0 + math.erf(x / math.sqrt(2.0))),
    "elu": lambda x, alpha=1.0: x if x > 0 else alpha * math.expm1(x),
    "leaky_relu": lambda x, slope=0.01: x if x > 0 else slope * x,
    "hinge": lambda score, label: max(0.0, 1.0 - label * score),
    "binary_cross_entropy": lambda x, t: t * _log_add(-x, 0.0) + (1.0 - t) * _log_add(x, 0.0),
}
VECTORS: dict[str, Callable[..., Value]] = {
    "dot": lambda a, b: math.fsum(x * y for x, y in zip(a.flat, b.flat, strict=True)),
    "norm": lambda v: math.hypot(*v.flat),
    "logsumexp": lambda v: _log_sum(list(v.flat)),
    "softmax": _softmax,
    "log_softmax": lambda v: Array(v.shape, tuple(x - _log_sum(list(v.flat)) for x in v.flat)),
    "mse": lambda a, b: math.fsum((x - y) ** 2 for x, y in zip(a.flat, b.flat, strict=True)) / len(a.flat),
    "cross_entropy": lambda logits, k: _log_sum(list(logits.flat)) - logits.flat[k],
}


def _operation(name: str, *args: Any) -> Scalar:
    return (ARITHMETIC.get(name) or CONDITIONS.get(name) or FUNCTIONS[name])(*args)


def _reduction(kind: str, guarded: Guarded) -> Scalar:
    return WHOLE[kind]([value for _, value in guarded])


def _at_elements(function: Callable[..., Scalar]) -> Callable[..., Value]:
    return lambda *values: elementwise(function, *values)


FLOATS = Domain(
    literal=lambda x: x,
    operation=_operation,
    reduction=_reduction,
    direct={**{name: _at_elements(function) for name, function in ACTIVATIONS.items()}, **VECTORS},
)
