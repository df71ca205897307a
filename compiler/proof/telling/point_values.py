"""Values of terms at a few points, to the digits that tell one number from another."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.proof.algebra import terms
from mgc.compiler.proof.algebra.terms import Term
from mgc.compiler.proof.machine.values import Stored
from mgc.compiler.proof.numeric import Dependents, Evaluation, NoValue
from mgc.compiler.proof.sampling import Samples

Values = tuple[float | None, ...]
NOTHING = Dependents()  # of a point at which nothing was evaluated yet
MILD = ((0.2, 1.3), (-1.1, 1.2), (1.1, 1.9), (-1.3, -0.2))
ATTEMPTS = 4  # for each point
POINTS = 4
FINE = 1e-12  # relative: numbers that differ by less are taken to be the same


class Known:
    """Numbers that are known to be right, at each point."""

    def __init__(self, points: Sequence[Evaluation]) -> None:
        self.points = points
        self._known: list[set[float]] = [set() for _ in points]

    def add(self, nodes: Iterable[Term]) -> None:
        for node in nodes:
            self.add_values(values(self.points, node))

    def add_values(self, numbers: Values) -> None:
        for known, value in zip(self._known, numbers, strict=True):
            if value is not None:
                known |= _digits(value)

    def add_known(self, other: Known) -> None:
        for mine, theirs in zip(self._known, other._known, strict=True):
            mine |= theirs

    def has(self, numbers: Values) -> bool:
        """Whether each of the numbers is known at its point; 0 alone says nothing."""
        pairs = zip(self._known, numbers, strict=True)
        return any(numbers) and all(
            value == 0 or (value is not None and _digits(value) & known) for known, value in pairs
        )


def mild_points(
    samples: Samples, inputs: Iterable[Term], results: Sequence[Term], count: int = POINTS
) -> list[Evaluation]:
    """A few points at which no number is huge or tiny, so that none hides another; else those of the samples."""
    source = random.Random(0)
    names = [str(symbol.payload) for symbol in inputs]
    found: list[Evaluation] = []
    for attempt in range(ATTEMPTS * count):
        low, high = MILD[attempt % len(MILD)]
        point = Evaluation({name: mpf(source.uniform(low, high)) for name in names})
        if len(found) < count and None not in [one for result in results for one in values([point], result)]:
            found.append(point)
    return [*found, *samples.first(count - len(found))]


def values(points: Sequence[Evaluation], node: Term, guard: Term = terms.ONE) -> Values:
    """At each point; 0 where the guard does not hold, None where there is no value."""
    found: list[float | None] = []
    for point in points:
        try:
            value = point.value(node) if bool(point.value(guard)) else mpf(0)
            found.append(float(value))  # a condition is 1 or 0
        except NoValue:
            found.append(None)
    return tuple(found)


def same(a: Values, b: Values) -> bool:
    return all(
        x == y or (x is not None and y is not None and abs(x - y) <= FINE * max(abs(x), abs(y)))
        for x, y in zip(a, b, strict=True)
    )


def added(stored: Stored) -> Term:
    """What a statement added to what stood there before."""
    return stored.cell if stored.before is None else stored.cell - stored.before


def overridden(point: Evaluation, given: Mapping[Term, Any]) -> Evaluation:
    """The point at which some terms have other values, and what depends on them with them."""
    there = Evaluation(point.point, point.digits)
    for node, value in given.items():
        there = there.having(node, value, NOTHING)
    return there


def _digits(value: float) -> set[float]:
    """A number to eleven digits, rounded both ways, so that neighbours share one."""
    return {float(f"{value * (1 + slip):.11g}") for slip in (-2e-12, 2e-12)}
