"""Values of terms at a few points, to the digits that tell one number from another."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.equal.adjoints import Adjoints
from mgc.compiler.verify.equal.points import Samples
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import DIGITS, Dependents, Evaluation, NoValue
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.instances import Instance
from mgc.compiler.verify.trace.values import Stored

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


STEPS = 9
MOST_CELLS = 40  # that are solved for together
STEP = mpf(10) ** -20
RIDGE = mpf(10) ** -36  # relative: cells that act alike share what is needed
EXACT = mpf(10) ** -13
LINEAR = mpf(10) ** -9

Pairs = Sequence[tuple[Term, Term]]  # what is emitted, and what is true


def repair(point: Evaluation, cells: Sequence[Term], pairs: Pairs) -> Mapping[Term, Any] | None:
    """Values of the cells that make all pairs equal at the point, None where there are none; empty where that is not
    known, because the pairs do not depend on the cells in a simple way."""
    if not cells or len(cells) > MOST_CELLS:
        return None
    try:
        with mp.workdps(DIGITS):
            wanted = [point.value(truth) for _, truth in pairs]
            now = [point.value(cell) for cell in cells]
            left: list[Any] | None = None
            for _ in range(STEPS):
                found = _results(point, cells, now, pairs)
                errors = [a - b for a, b in zip(wanted, found, strict=True)]
                if all(abs(e) <= EXACT * max(1, abs(w)) for e, w in zip(errors, wanted, strict=True)):
                    return dict(zip(cells, now, strict=True))
                if left is not None and _close(errors, left):
                    return None  # linear, and this was the best
                change, left = _change(point, cells, now, pairs, found, errors)
                now = [a + b for a, b in zip(now, change, strict=True)]
    except (NoValue, ZeroDivisionError):
        return None
    return {}


def _close(errors: Sequence[Any], others: Sequence[Any]) -> bool:
    size = max(map(abs, errors))
    return all(abs(a - b) <= LINEAR * size for a, b in zip(errors, others, strict=True))


def _results(point: Evaluation, cells: Sequence[Term], given: Sequence[Any], pairs: Pairs) -> list[Any]:
    there = overridden(point, dict(zip(cells, given, strict=True)))
    return [there.value(emitted) for emitted, _ in pairs]


def _change(
    point: Evaluation, cells: Sequence[Term], now: list[Any], pairs: Pairs, found: list[Any], errors: list[Any]
) -> tuple[list[Any], list[Any]]:
    """The step of least squares, of least size where several would do; and the errors that it leaves if all is linear.

    Errors: ZeroDivisionError, where no cell matters.
    """
    columns = []
    for place in range(len(cells)):
        moved = [value + (STEP if k == place else 0) for k, value in enumerate(now)]
        columns.append([(a - b) / STEP for a, b in zip(_results(point, cells, moved, pairs), found, strict=True)])
    size = max(abs(slope) for column in columns for slope in column)
    matrix = mp.matrix(len(cells), len(cells))
    for i, one in enumerate(columns):
        for j, other in enumerate(columns):
            matrix[i, j] = sum(a * b for a, b in zip(one, other, strict=True)) + (RIDGE * size * size if i == j else 0)
    right = mp.matrix([sum(a * b for a, b in zip(column, errors, strict=True)) for column in columns])
    step = list(mp.lu_solve(matrix, right))
    effects = [sum(column[k] * one for column, one in zip(columns, step, strict=True)) for k in range(len(errors))]
    return step, [error - effect for error, effect in zip(errors, effects, strict=True)]


PATHS = 16  # products along paths from the result that are followed to one variable


def right_values(instance: Instance, adjoints: Adjoints, points: Sequence[Evaluation]) -> tuple[Known, Known]:
    """What flows, a contribution or one path's share of it; and with it all that is computed on the way."""
    known, every = Known(points), Known(points)
    flowing = [product for parts in adjoints.contributions.values() for _, product in parts]
    every.add(terms.topological([*instance.again, *flowing]))
    known.add([*instance.seeds, *flowing])
    known.add([terms.ONE])
    known.add([adjoints.of(node) for node in adjoints.contributions])
    shares = [_shares(instance, adjoints, point) for point in points]
    for node in adjoints.contributions:
        columns = [share.get(node, []) for share in shares]
        for numbers in zip(*columns, strict=False):
            known.add_values(tuple(None if one is None else float(one) for one in numbers))
    every.add_known(known)
    return known, every


def whole_values(instance: Instance, adjoints: Adjoints, points: Sequence[Evaluation]) -> Known:
    """Adjoints and contributions, without the share of single paths."""
    known = Known(points)
    known.add([*instance.seeds, *(product for parts in adjoints.contributions.values() for _, product in parts)])
    known.add([adjoints.of(node) for node in adjoints.contributions])
    return known


def _shares(instance: Instance, adjoints: Adjoints, point: Evaluation) -> dict[Term, list[Any]]:
    """For each node what single paths from the results contribute to its adjoint."""
    found: dict[Term, list[Any]] = {}
    computed = dict.fromkeys(reversed(list(terms.topological(instance.again))))
    outputs = [node for node in adjoints.contributions if node not in computed]
    for node in (*outputs, *(node for node in computed if node in adjoints.contributions)):
        shares: list[Any] = []
        for reader, product in adjoints.contributions[node]:
            whole, above = point.get(product), point.get(adjoints.of(reader))
            shares.append(whole)
            if whole is not None and above and reader in found:
                with mp.workdps(point.digits):
                    shares += [None if one is None else one * whole / above for one in found[reader]]
        found[node] = shares[:PATHS]
    return found
