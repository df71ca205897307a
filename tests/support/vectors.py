"""Reductions, functions of vectors and layers by their definitions: lists of numbers -> numbers with their slopes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from support.duals import Scalar, apply, chain, slopes, value
from support.values import Array, Frame, Later, Machine, Place, Unfit, applied, given_array, of

FOLDS = ("sum", "mean", "prod", "max", "min", "argmax", "argmin")


def fold(machine: Machine, kind: str, terms: Sequence[Scalar]) -> Scalar:
    """The reduction of numbers in order. Errors: as Python's; IndexError for the place of the largest of none."""
    plain = [value(term) for term in terms]
    match kind:
        case "sum" | "prod":
            total: Scalar = 0 if kind == "sum" else 1
            for term in terms:
                total = apply(machine.operations, "add" if kind == "sum" else "mul", total, term)
            return total
        case "mean":
            return apply(machine.operations, "div", fold(machine, "sum", terms), len(terms))
        case "argmax" | "argmin":
            if not terms:
                raise IndexError("the place of the largest of none")
            return plain.index(max(plain) if kind == "argmax" else min(plain))
    if not terms:
        return -math.inf if kind == "max" else math.inf
    extreme = max(plain) if kind == "max" else min(plain)
    tied = [term for term in terms if value(term) == extreme]
    if any(slopes(term) for term in tied) and not all(slopes(term) for term in tied):
        machine.doubts.append("a tie with what carries no slope")
    share = float(1) / len(tied)
    return chain(extreme, [(term, lambda: share) for term in tied])


def product(frame: Frame, left: Array, right: Array) -> Array:
    if not (1 <= len(left.shape) <= 2 and 1 <= len(right.shape) <= 2 and left.shape[-1] == right.shape[0]):
        raise Unfit(f"{left.shape} @ {right.shape}")

    def entry(place: Place) -> Scalar:
        row, column = place[: len(left.shape) - 1], place[len(left.shape) - 1 :]
        terms = [
            apply(frame.machine.operations, "mul", left[(*row, k)], right[(k, *column)]) for k in range(right.shape[0])
        ]
        return fold(frame.machine, "sum", terms)

    return Array((*left.shape[:-1], *right.shape[1:]), entry)


# --- functions of vectors, by their definitions


def _vector(function: Callable[..., Sequence[Scalar]]) -> Callable[..., Array]:
    """A function of lists that gives a list, as one of arrays."""

    def made(machine: Machine, *given: Array) -> Array:
        numbers = Later(
            lambda: function(lambda name, *a: apply(machine.operations, name, *a), *(v.flat() for v in given))
        )
        return Array(given[0].shape, lambda place: numbers.get()[place[0]])

    return made


def _scalar(function: Callable[..., Scalar]) -> Callable[..., Array]:
    """A function of lists that gives a number, as one of arrays."""

    def made(machine: Machine, *given: Array) -> Array:
        return Array(
            (), lambda _: function(lambda name, *a: apply(machine.operations, name, *a), *(v.flat() for v in given))
        )

    return made


Do = Callable[..., Scalar]


def _total(do: Do, terms: Sequence[Scalar]) -> Scalar:
    total: Scalar = 0
    for term in terms:
        total = do("add", total, term)
    return total


def _log_weights(do: Do, v: list[Scalar]) -> tuple[Scalar, list[Scalar], Scalar]:
    """The largest entry, each less it, and the logarithm of the sum of the exponentials of these."""
    if not v:
        raise ValueError("a logarithm of no weights")
    largest = max(map(value, v))
    rest = [do("sub", x, largest) for x in v]
    first = max(range(len(v)), key=lambda k: value(v[k]))
    others = _total(do, [do("exp", x) for k, x in enumerate(rest) if k != first])
    # log(exp(a) + others) with a = 0 here, but for its slope: a + log1p(others*exp(-a))
    return largest, rest, do("add", rest[first], do("log1p", do("mul", others, do("exp", do("neg", rest[first])))))


def _logsumexp(do: Do, v: list[Scalar]) -> Scalar:
    largest, _, log_total = _log_weights(do, v)
    return do("add", log_total, largest)


def _log_softmax(do: Do, v: list[Scalar]) -> list[Scalar]:
    _, rest, log_total = _log_weights(do, v)
    return [do("sub", x, log_total) for x in rest]


def _softmax(do: Do, v: list[Scalar]) -> list[Scalar]:
    weights = [do("exp", do("sub", x, max(map(value, v)))) for x in v]
    return [do("div", weight, _total(do, weights)) for weight in weights]


def _norm(do: Do, v: list[Scalar]) -> Scalar:
    length: Scalar = 0.0
    for x in v:
        length = do("hypot", length, x)
    return length


def _mean(do: Do, v: Sequence[Scalar]) -> Scalar:
    return do("div", _total(do, v), len(v))


def _std(do: Do, v: list[Scalar]) -> Scalar:
    centre = _mean(do, v)
    return do("div", _norm(do, [do("sub", x, centre) for x in v]), do("sqrt", len(v)))


def _dot(do: Do, a: list[Scalar], b: list[Scalar]) -> Scalar:
    return _total(do, [do("mul", x, y) for x, y in zip(a, b, strict=True)])


def _mse(do: Do, a: list[Scalar], b: list[Scalar]) -> Scalar:
    return _mean(do, [do("pow", do("sub", x, y), 2) for x, y in zip(a, b, strict=True)])


def _cross_entropy(do: Do, v: list[Scalar], target: list[Scalar]) -> Scalar:
    if not 0 <= target[0] < len(v):
        raise IndexError(f"class {target[0]} of {len(v)}")
    return do("neg", _log_softmax(do, v)[target[0]])


VECTORS: dict[str, Callable[..., Array]] = {
    "dot": _scalar(_dot),
    "norm": _scalar(_norm),
    "std": _scalar(_std),
    "logsumexp": _scalar(_logsumexp),
    "softmax": _vector(_softmax),
    "log_softmax": _vector(_log_softmax),
    "mse": _scalar(_mse),
    "cross_entropy": _scalar(_cross_entropy),
}


def _linear(frame: Frame, path: str, sizes: Sequence[int], x: Array) -> Array:
    params = frame.machine.params
    weights, bias = (given_array(frame.machine, f"{path}.{n}", params[f"{path}.{n}"]) for n in ("W", "b"))
    return applied(frame, "add", product(frame, weights, x), bias)


def _mlp(frame: Frame, path: str, sizes: Sequence[int], x: Array) -> Array:
    for k in range(1, len(sizes) + 1):
        x = _linear(frame, f"{path}.linear{k}", (), x)
        x = applied(frame, "relu", x) if k < len(sizes) else x
    return x


def _layernorm(frame: Frame, path: str, sizes: Sequence[int], x: Array) -> Array:
    params = frame.machine.params
    gain, bias = (given_array(frame.machine, f"{path}.{n}", params[f"{path}.{n}"]) for n in ("gain", "bias"))
    mean = _scalar(_mean)
    centred = applied(frame, "sub", x, mean(frame.machine, x))
    variance = mean(frame.machine, applied(frame, "pow", centred, of(2)))
    spread = applied(frame, "sqrt", applied(frame, "add", variance, of(1e-5)))
    return applied(frame, "add", applied(frame, "div", applied(frame, "mul", gain, centred), spread), bias)


LAYERS: dict[str, Callable[..., Array]] = {"linear": _linear, "mlp": _mlp, "layernorm": _layernorm}
