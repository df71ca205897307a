"""Points at which a function has a value, and comparison of two expressions there to 50 digits."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.equal.required import PATIENCE, SMALLEST, moved
from mgc.compiler.verify.findings import Status
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.doubles import ROUNDING
from mgc.compiler.verify.terms.evaluation import DIGITS, Evaluation, is_guard
from mgc.compiler.verify.terms.terms import Term

RANGES = ((-2.0, 2.0), (0.1, 0.9), (1.1, 3.0), (-1.0, 1.0), (2.0, 6.0), (-6.0, -2.0))
LATTICES = ((0.0, 1.0), (-1.0, 0.0, 1.0), (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0), (0.5, 1.0, 2.0))
SHIFTS = frozenset({"add", "sub", "max", "min"})
FAR, FARTHEST = 4, 10_000  # thresholds of this size have ranges of their own
MOST_NUMBERS = 6
POINTS = 8
SPECIAL = 24  # points of a lattice, and edges of each kind on which one is looked for
DIRECTIONS = 12  # in which points beside one are looked at
MANY = 60  # points where algebra leaves it open and the expressions are small
SMALL = 400  # nodes of a small expression
ATTEMPTS = 200
STEP = mpf(10) ** -30  # to points around one: a fifth of the digits that are kept there
STEPPED = mpf(10) ** -12  # relative: how near values there are to those at the point, or to their limit
TINY = mpf(10) ** (15 - DIGITS)
FOLDED = mpf(1) / ROUNDING.denominator  # relative: what constants that were folded in doubles may be off by
SHRUNK = mpf(10) ** -6  # what more digits leave of a difference that is rounding
JUMPING = terms.COMPARISONS | frozenset("sign floor ceil round trunc floordiv".split())
NO_POINT = "no point was found where it has a value"

Spared = Callable[[Evaluation], bool]


def nowhere(point: Evaluation) -> bool:
    return False


class Samples:
    """Random points of a function, its symbols by name. The same seed gives the same points.

    `slopes`: what is compared there besides the results; the thresholds in it tell where to look, too.
    `required`: what is to hold at random points, which are moved until it does; those of the lattice are not.
    """

    def __init__(
        self,
        inputs: Iterable[Term],
        results: Sequence[Term],
        seed: int = 0,
        slopes: Sequence[Term] = (),
        required: Sequence[Term] = (),
    ) -> None:
        self._source = random.Random(seed)
        self._names = [str(symbol.payload) for symbol in inputs]
        self._results = results
        self._required = required
        self._found: list[Evaluation] = []
        self._thresholds = [float(number) for number in thresholds(map(terms.bare, (*results, *slopes)))]
        self._ranges = (*RANGES, *((number - 2, number + 2) for number in self._thresholds if abs(number) >= FAR))
        self._lattice: list[Evaluation] = []
        self._crossings = _crossed(self._names, self._thresholds)
        self._attempts = iter(range(ATTEMPTS))

    def first(self, count: int) -> list[Evaluation]:
        """That many points, or as many as are found."""
        while len(self._found) < count:
            attempt = next(self._attempts, None)
            if attempt is None or (self._required and not self._found and attempt > PATIENCE):
                break
            point = self._met(self._drawn(*self._ranges[attempt % len(self._ranges)]))
            if point is not None and self.works(point):
                self._found.append(point)
        return self._found[:count]

    def each(self, count: int) -> Iterator[Evaluation]:
        """The same, one at a time: a large function is evaluated for each."""
        for place in range(count):
            yield from self.first(place + 1)[place:]

    @property
    def found(self) -> list[Evaluation]:
        """Those that were looked for by now, random ones and of the lattice."""
        return [*self._found, *self._lattice]

    @property
    def points(self) -> list[Evaluation]:
        """All of them: none where the function has a value nowhere that was tried."""
        return self.first(POINTS)

    def _met(self, point: Evaluation) -> Evaluation | None:
        """The point, or one at which what is required holds."""
        if not self._required:
            return point
        found = moved({name: float(value) for name, value in point.point.items()}, self._required, self._source)
        return None if found is None else Evaluation({name: mpf(value) for name, value in found.items()})

    def _drawn(self, low: float, high: float) -> Evaluation:
        """Full doubles: no two are equal, and no condition is met by accident."""
        values = {}
        mixed = bool(self._source.getrandbits(1))
        for name in self._names:
            if mixed:
                low, high = self._source.choice(self._ranges)
            values[name] = mpf(self._source.uniform(low, high))
        return Evaluation(values)

    def lattice(self, count: int) -> list[Evaluation]:
        """Points of few values, all zero and all equal first: there ties, bounds and zeros are met exactly."""
        while len(self._lattice) < count:
            point = next(self._crossings, None)
            if point is None:
                break
            if self.works(point):
                self._lattice.append(point)
        return self._lattice[:count]

    def each_of_lattice(self, count: int) -> Iterator[Evaluation]:
        for place in range(count):
            yield from self.lattice(place + 1)[place:]

    def works(self, point: Evaluation) -> bool:
        """Whether the function has a value at a point, as CPython runs it: 0 times what has no value has none."""
        if self._is_guarded:
            return all(point.strictly.get(result) is not None for result in self._results)
        return all(point.get(terms.bare(result)) is not None for result in self._results)

    @cached_property
    def _is_guarded(self) -> bool:
        """Whether 0 times what has no value may stand in it."""
        products = (node for node in terms.topological(self._results) if node.op == "mul")
        return any(is_guard(factor) for product in products for factor in product.args)

    def compare(self, a: Term, b: Term, count: int = 0, spared: Spared = nowhere) -> tuple[Status, str]:
        """Whether the two agree wherever both have a value. A point where one alone has none is a falsehood.

        `count`: at how many points; without it, at more where the terms are small. `spared`: points at which that
        is none.
        """
        small = not count and sum(1 for _ in terms.topological([a, b])) <= SMALL
        points = self.first(count or (MANY if small else POINTS))
        if any(differ(point, a, b, points, spared) for point in points):
            return "false", "differs at a point"
        both = [found for point in points if (found := both_values(point, a, b)) is not None]
        agreed = sum(not abs(x - y) > SHRUNK * max(1, abs(x), abs(y)) for x, y in both)
        if not agreed:
            return "not checked", "the rounding of constants hides it at every point" if both else NO_POINT
        return "tested", f"{agreed} points, {DIGITS} digits"

    def counterexample(
        self, a: Term, b: Term, count: int = POINTS, spared: Spared = nowhere
    ) -> tuple[Evaluation, Any, Any] | None:
        """A point where the two differ, of the first `count`, and their values."""
        for place, point in enumerate(self.each(count)):
            if differ(point, a, b, self.first(place + 1), spared):
                found = both_values(point, a, b)
                assert found is not None
                return point, *found
        return None


def _crossed(names: Sequence[str], thresholds: Sequence[float]) -> Iterator[Evaluation]:
    for value in (0, 1, -0.5):
        yield Evaluation({name: mpf(value) for name in names})
    source = random.Random(1)
    for turn in range(ATTEMPTS):
        values = source.choice(LATTICES) if turn % 4 or not thresholds else (0.0, 1.0, *thresholds)
        yield Evaluation({name: mpf(source.choice(values)) for name in names})


def has_value(point: Evaluation, term: Term) -> bool:
    return point.get(term) is not None


def both_values(point: Evaluation, a: Term, b: Term) -> tuple[Any, Any] | None:
    """The values of both; nan for one that has none where the other has."""
    values = [mpf("nan") if (value := point.get(term)) is None else value for term in (a, b)]
    return None if all(mp.isnan(value) for value in values) else (values[0], values[1])


def scale_of(points: Iterable[Evaluation], truth: Term) -> Any:
    """The largest value that a term has at points, where that is below 1: beside it what cancels is as good as 0."""
    values = [abs(found[0]) for point in points if (found := both_values(point, truth, truth)) is not None]
    return min(1, max(values, default=0)) or 1


def differ(point: Evaluation, a: Term, b: Term, others: Sequence[Evaluation] = (), spared: Spared = nowhere) -> bool:
    """Whether two terms have different values at a point, or one of them none; more than rounding can make them.

    `others`: points that tell how large `b` is.
    """
    found = both_values(point, a, b)
    if found is None or close(*found, 0) or (any(map(mp.isnan, found)) and spared(point)):
        return False
    scale = scale_of(others, b) if close(*found) else 1
    return not close(*found, scale) and not rounded(point, a, b)


def rounded(point: Evaluation, a: Term, b: Term) -> bool:
    """Whether the two differ by no more than rounding can make them, where terms cancel: rounding in the evaluation,
    of which more digits leave less, or that of folded constants.
    """
    with mp.workdps(DIGITS):
        values = both_values(point, a, b)
        assert values is not None
        largest = max(map(abs, values))
        if largest < SMALLEST:
            return True
        more = int(-mp.log10(largest)) if largest < 1 else 0
        finer = both_values(Evaluation(point.point, digits=3 * DIGITS + more), a, b)
        if finer is None or close(*finer, 0) or abs(finer[0] - finer[1]) <= SHRUNK * abs(values[0] - values[1]):
            return True
        slack = 8 * _slack(point, (a, b), values)
        return bool(mp.isinf(slack) or abs(values[0] - values[1]) <= slack)


def _slack(point: Evaluation, compared: tuple[Term, Term], values: tuple[Any, Any]) -> Any:
    """By how much the rounding of constants moves two values, at their slopes there; infinity where it takes one away.

    Where it makes a condition another one nothing is told: a jump is no slope.
    """
    jumping = [node for node in terms.topological(compared) if node.op in JUMPING]
    slack = mpf(0)
    for slip in (1, -1, 2, -2):
        there = Evaluation(point.point, slip=slip)
        if all(there.get(node) == point.get(node) for node in jumping):
            moved = both_values(there, *compared)
            if moved is None or [*map(mp.isnan, moved)] != [*map(mp.isnan, values)]:
                return mp.inf
            slack += sum(abs(x - y) for x, y in zip(moved, values, strict=True))
    return slack


def close(a: Any, b: Any, scale: Any = 1) -> bool:
    """Equal but for the rounding of constants; nan is close to nothing. `scale`: that of terms that cancel."""
    if isinstance(a, bool) or isinstance(b, bool):
        return bool(a) == bool(b)
    slack = FOLDED * max(abs(a), abs(b)) + TINY * scale  # few digits are enough: a - b is exact but for them
    return bool(abs(a - b) <= slack)


def near(a: Any, b: Any, scale: Any = 1) -> bool:
    """Equal but for what a STEP changes; `scale`: of the values around."""
    return bool(abs(a - b) <= STEPPED * max(scale, abs(a), abs(b)))


def symbols_in(roots: Iterable[Term]) -> list[Term]:
    """The symbols that terms depend on, in a fixed order."""
    return [node for node in terms.topological(roots) if node.op == "symbol"]


def thresholds(roots: Iterable[Term]) -> list[Fraction]:
    """Numbers that something is compared with or shifted by, other than 0 and 1; the first few."""
    found: dict[Fraction, None] = {}
    for node in terms.topological(roots):
        if node.op in terms.COMPARISONS or node.op in SHIFTS:
            sign = -1 if node.op == "add" else 1  # x + 40 changes its sign at -40
            numbers = (terms.number(argument) for argument in node.args)
            found |= {sign * number: None for number in numbers if number is not None and abs(number) <= FARTHEST}
    return [number for number in found if number not in (0, 1)][:MOST_NUMBERS]
