"""The functions of a text called by CPython on random doubles, at sizes at which the text was not run on symbols.

No proof, but what a proof at small sizes cannot see: an index that is out of range at larger ones, a term that is 0 at
the sizes that were run.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mgc.compiler.verify import clock
from mgc.compiler.verify.numbers.native import Raised, guarded
from mgc.compiler.verify.text.instances import Shapes, shape_of
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.trace.values import flat

STEPS = (1e-5, 1e-6)  # of central differences, which have to agree with each other
RELIABLE = 1e-3  # relative difference of the two
WRONG = 1e-2  # and of the derivative from them
POINTS = 3
NARROW, WIDE = (0.125, 0.875), (-2.0, 2.0)


@dataclass(frozen=True, slots=True)
class Trial:
    """What is needed to call the functions of a text without having run it on symbols."""

    namespace: Mapping[str, Any]
    signature: Signature
    sizes: Mapping[str, int]
    integers: Mapping[str, Any]
    parameters: Shapes
    seed: int = 0
    wide: bool = False  # whether numbers of both signs are tried: no domain is sure to hold them

    def point(self, seed: int) -> Point:
        """Random numbers for all that is no integer."""
        source = random.Random(seed)
        arrays = {one.name: self._drawn(shape_of(one, self.sizes), source) for one in self.signature.arguments}
        arrays.update(self.integers)
        parameters = {name: self._drawn(shape, source) for name, shape in self.parameters.items()}
        return Point(self, arrays, parameters)

    def _drawn(self, shape: Sequence[int], source: random.Random) -> Any:
        if shape:
            return [self._drawn(shape[1:], source) for _ in range(shape[0])]
        return source.uniform(*(WIDE if self.wide else NARROW))

    def run(self) -> None:
        """Call both functions, as what reads the text would. Errors: Raised."""
        point = self.point(self.seed)
        value = point.value()
        if self.signature.derivative is not None:
            point.derivative(value)

    def wrong_slope(self) -> str:
        """Where the derivative is not the slope along a random direction, at most points; else empty."""
        wrong = [said for seed in range(self.seed, self.seed + POINTS) if (said := self._wrong_slope(seed))]
        return wrong[0] if len(wrong) > POINTS // 2 else ""

    def _wrong_slope(self, seed: int) -> str:
        point, towards = self.point(seed), self.point(seed + POINTS)
        value = point.value()
        gradients = point.derivative(value)[1]
        clock.check_time()
        slope = point.along(gradients, towards)
        first, second = (point.difference(towards, value, step) for step in STEPS)
        size = max(abs(first), abs(second), 1e-3 * point.total(value, value), 1e-9)
        are_reliable = abs(first - second) <= RELIABLE * size  # and no nans
        if not are_reliable or abs(slope - second) <= WRONG * size:
            return ""
        return f"{slope:.6g} along a direction in which differences give {second:.6g}"


@dataclass(frozen=True, slots=True)
class Point:
    """Arguments of a trial's functions."""

    trial: Trial
    arrays: dict[str, Any]
    parameters: dict[str, Any] = field(default_factory=dict)

    def value(self) -> Any:
        """The function's results. Errors: Raised."""
        signature = self.trial.signature
        given = [self.arrays[argument.name] for argument in signature.arguments]
        return guarded(self.trial.namespace[signature.name], signature.name, [*self._head(), *given])

    def derivative(self, value: Any) -> Any:
        """What the derivative's function returns; `value` stands for the adjoints. Errors: Raised."""
        signature = self.trial.signature
        name = str(signature.derivative)
        parts = value if len(signature.adjoints) > 1 else (value,)
        arrays = {**self.arrays, **{one.name: part for one, part in zip(signature.adjoints, parts, strict=False)}}
        returned = guarded(self.trial.namespace[name], name, [*self._head(), *[arrays[one] for one in signature.order]])
        if not isinstance(returned, tuple) or len(returned) != 2:
            raise Raised(name, TypeError(), f"{name} does not return (value, derivatives)")
        try:
            list(flat(returned))
        except RecursionError:
            raise Raised(name, TypeError(), f"{name} returns a list inside itself") from None
        return returned

    def _head(self) -> list[Any]:
        return [self.parameters] if self.trial.signature.takes_params else []

    def along(self, gradients: Any, towards: Point) -> float:
        """The derivatives times a direction."""
        wrt = self.trial.signature.wrt
        pairs = [(gradients, towards.parameters)] if wrt == ("params",) else []
        if not pairs:
            whole = {**towards.arrays, "params": towards.parameters}
            pairs = [(gradient, whole[name]) for name, gradient in zip(wrt, gradients, strict=False)]
        return sum(_dot(gradient, direction) for gradient, direction in pairs)

    def difference(self, towards: Point, adjoints: Any, step: float) -> float:
        """The central difference of adjoints times results along a direction."""
        ends = [self._moved(towards, sign * step).value() for sign in (1, -1)]
        return (self.total(ends[0], adjoints) - self.total(ends[1], adjoints)) / (2 * step)

    def total(self, value: Any, adjoints: Any) -> float:
        """The results times their adjoints, which are 1 for a single number."""
        return _dot(value, adjoints) if self.trial.signature.adjoints else float(value)

    def _moved(self, towards: Point, step: float) -> Point:
        wrt = self.trial.signature.wrt
        arrays = {
            name: _shifted(given, towards.arrays[name], step) if name in wrt else given
            for name, given in self.arrays.items()
        }
        parameters = _shifted(self.parameters, towards.parameters, step) if "params" in wrt else self.parameters
        return Point(self.trial, arrays, parameters)


def _shifted(given: Any, direction: Any, step: float) -> Any:
    if isinstance(given, dict):
        return {name: _shifted(one, direction[name], step) for name, one in given.items()}
    if isinstance(given, list):
        return [_shifted(one, other, step) for one, other in zip(given, direction, strict=True)]
    return given + step * direction


def _dot(a: Any, b: Any) -> float:
    if isinstance(a, dict):
        return sum(_dot(given, b[name]) for name, given in a.items())
    return sum(float(x) * float(y) for (_, x), (_, y) in zip(flat(a), flat(b), strict=True))
