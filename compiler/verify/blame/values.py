"""Values of terms at a few points, to the digits that tell one number from another."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.equal.adjoints import Adjoints
from mgc.compiler.verify.equal.points import Samples, close
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import DIGITS, Dependents, Evaluation, NoValue
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.instances import Instance
from mgc.compiler.verify.trace.values import Stored

Values = tuple[float | None, ...]
NOTHING = Dependents()  # of a point at which nothing was evaluated yet
MILD = ((0.2, 1.3), (-1.1, 1.2), (1.1, 1.9), (-1.3, -0.2))
POINTS = 4
DRAWN = 16  # so that every branch is taken at some
RIDGE = mpf(10) ** -36  # relative: cells that act alike share what is needed
FINE = 1e-12  # relative: numbers that differ by less are taken to be the same


class Known:
    """Numbers that are known to be right, at each point."""

    def __init__(self, points: Sequence[Evaluation]) -> None:
        self.points = points
        self._known: list[set[float]] = [set() for _ in points]

    def add(self, nodes: Iterable[Term]) -> None:
        for node in nodes:
            for known, value in zip(self._known, values(self.points, node), strict=True):
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
    for attempt in range(POINTS * count):
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


def right_values(instance: Instance, adjoints: Adjoints, points: Sequence[Evaluation]) -> tuple[Known, Known]:
    """What flows, adjoints and contributions to them; and with it all that is computed on the way."""
    flowing = [product for parts in adjoints.contributions.values() for _, product in parts]
    known, every = Known(points), Known(points)
    known.add([terms.ONE, *instance.seeds, *flowing, *(adjoints.of(node) for node in adjoints.contributions)])
    every.add(terms.topological([*instance.again, *flowing]))
    every.add_known(known)
    return known, every


def can_mend(point: Evaluation, cells: Sequence[Term], pairs: Sequence[tuple[Term, Term]]) -> bool:
    """Whether other numbers in some cells make all pairs equal at a point, where what flows is linear in them."""

    def results(numbers: Sequence[Any]) -> list[Any]:
        there = overridden(point, dict(zip(cells, numbers, strict=True)))
        return [there.value(emitted) for emitted, _ in pairs]

    try:
        with mp.workdps(DIGITS):
            now = [point.value(cell) for cell in cells]
            found, wanted = results(now), [point.value(truth) for _, truth in pairs]
            errors = mp.matrix([a - b for a, b in zip(wanted, found, strict=True)])
            effects = mp.matrix(len(pairs), len(cells))
            for place in range(len(cells)):
                moved = results([number + (k == place) for k, number in enumerate(now)])
                for row, (a, b) in enumerate(zip(moved, found, strict=True)):
                    effects[row, place] = a - b
            square = effects.T * effects + RIDGE * mp.norm(effects) ** 2 * mp.eye(len(cells))
            change = mp.lu_solve(square, effects.T * errors)
            mended = results([a + b for a, b in zip(now, change, strict=True)])
            return all(close(a, b, 1) for a, b in zip(mended, wanted, strict=True))
    except (NoValue, ZeroDivisionError):
        return False
