"""The points at which a backward pass is tried: where most derivatives are not zero, and in every arm that is reached.

Points are sought in doubles, where a run takes no time; those that are chosen are then evaluated to 50 digits.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec.structs import replace

from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation, NoValue
from mgc.compiler.verify.terms.terms import Term
from mgc.runtime.conversion import flat
from mgc.runtime.grade.arms import Arm
from mgc.runtime.grade.backward import Point, Tape, sweep, tape
from mgc.runtime.grade.exercise import NoExercise
from mgc.runtime.grade.forward_run import Run, is_copy, numbers
from mgc.runtime.grade.places import SPANS, Place, Places

CANDIDATES = 6
ATTEMPTS = 12
TRIES = 240
MOST = 14  # points
CHOICE = 4  # places from which each point in an arm is chosen
LARGE = 12_000  # cells: of a large function fewer points are drawn to choose from
KINKED = terms.COMPARISONS | {"max", "min", "abs", "relu"}
OFF_KINKS = 1e-3  # the sides of every comparison differ by this at least: a finite difference stays on one side

VARIETY = 40  # runs on symbols: each has integers of its own
Trace = Callable[[Mapping[str, Any]], Run]  # integers by name -> the forward pass on symbols


def variety(run: Run) -> int:
    """With how many different integers a function of this size is tried."""
    cells = sum(len(numbers(entry)) for entry in run.entries.values())
    return max(2, min(VARIETY, 2 * LARGE // (cells + 1)))


class Points:
    """Points of a forward pass. `source` draws what comes in for several results."""

    def __init__(self, places: Places, trace: Trace, source: random.Random) -> None:
        self._places, self._trace, self._source = places, trace, source
        self._tapes: dict[str, Tape | None] = {}
        self.found: list[Point] = []
        self.met: set[Arm | str] = set()

    def choose(self, count: int) -> None:
        """Points off all kinks, `count` where most derivatives are not zero, then more in arms that these do not take.
        Errors: NoExercise (the function has a value nowhere that was tried)."""
        distance, first = self._first(count)
        for point, place in first:
            self._add(point, place)
        cells = len(self.found[0].tape.order) + 1
        pool = sorted(self._places.wide(min(TRIES, 100 * LARGE // cells)), key=lambda place: place.largest)
        most, choice = min(MOST, count + LARGE // cells), min(CHOICE, 1 + LARGE // cells)
        wanted: list[Arm | str] = [
            *self._places.watch.arms,
            *sorted({t for p in pool for t in p.met if isinstance(t, str)}),
        ]
        for one in wanted:
            if one not in self.met and len(self.found) < most:
                fitting = [place for place in pool if one in place.met][: 4 * choice]
                for pair in self._best(fitting, 1, choice, distance):
                    self._add(*pair)

    @property
    def untried(self) -> Sequence[Arm]:
        """The arms that no point takes."""
        return [arm for arm in self._places.watch.arms if arm not in self.met]

    def _add(self, point: Point, place: Place) -> None:
        self.found.append(point)
        self.met |= place.met

    def _first(self, count: int) -> tuple[float, list[tuple[Point, Place]]]:
        for distance in (OFF_KINKS, 0.0):
            for span in SPANS:
                best = self._best(self._places.near(span, ATTEMPTS), count, CANDIDATES, distance)
                if len(best) == count:
                    return distance, best
            best = self._best(itertools.islice(self._places.wide(TRIES), ATTEMPTS), count, CANDIDATES, distance)
            if len(best) == count:
                return distance, best
        raise NoExercise("the function has a value at no point that was tried: give values, NAME=VALUE")

    def _best(self, places: Iterable[Place], count: int, among: int, distance: float) -> list[tuple[Point, Place]]:
        """Of the first ones that have a value those with the most derivatives that are not zero."""
        found: list[tuple[Point, Place]] = []
        for place in places:
            point = self._point(place, distance)
            if point is not None:
                found.append((point, place))
                if len(found) >= max(count, min(among, LARGE // (len(point.tape.order) + 1))):
                    break
        return sorted(found, key=lambda pair: -_alive(pair[0]))[:count]

    def _point(self, place: Place, distance: float) -> Point | None:
        """None where the function has no value, or the sides of a condition are no further apart than `distance`."""
        given = self._tape(place)
        if given is None:
            return None
        evaluation = Evaluation(_symbols(given.run, place.values))
        results = [term for _, entry in given.run.results() for term in numbers(entry)]
        try:
            for term in results:
                evaluation.value(term)
            if distance and any(_gap(evaluation, node) < distance for node in terms.topological(results)):
                return None
            slopes = _slopes(given, evaluation)
        except NoValue:
            return None
        return Point(given, evaluation, _seeds(given.run, self._source), slopes)

    def _tape(self, place: Place) -> Tape | None:
        """That of the place's integers; None where the function does not accept them."""
        names = self._places.forward.names
        integers = {name: value for name, value in place.values.items() if names[name].whole}
        key = repr(integers)
        if key not in self._tapes:
            try:
                run = self._trace(integers)
            except NoExercise:
                self._tapes[key] = None
            else:
                self._tapes[key] = tape(run)
        return self._tapes[key]


def at(given: Tape, values: Mapping[str, Any], seeds: Mapping[str, Any]) -> Point:
    """The point of these inputs, and of these derivatives that come in for the results. Errors: NoValue."""
    evaluation = Evaluation(_symbols(given.run, values))
    for _, entry in given.run.results():
        for term in numbers(entry):
            evaluation.value(term)
    reached = [node for node in given.order if _has_value(node, evaluation)]
    return Point(given, evaluation, seeds, _slopes(replace(given, order=tuple(reached)), evaluation))


def _has_value(node: Term, evaluation: Evaluation) -> bool:
    """Whether a cell has a value here: one in an arm that is not taken need not, and no derivative comes to it."""
    try:
        evaluation.value(node)
    except NoValue:
        return False
    return True


def _slopes(given: Tape, evaluation: Evaluation) -> dict[Term, list[tuple[Term, Any, Any]]]:
    return {
        node: [(leaf, evaluation.value(local), _uncancelled(local, evaluation)) for leaf, local in given.local[node]]
        for node in given.order
    }


def _uncancelled(slope: Term, evaluation: Evaluation) -> Any:
    """What a slope would be if nothing cancelled in it: 2 of a 1 - h**2 whose h is near 1."""
    match slope.op:
        case "add" | "sub":
            return mp.fsum(_uncancelled(part, evaluation) for part in slope.args)
        case "mul":
            return mp.fprod(_uncancelled(part, evaluation) for part in slope.args)
        case "neg":
            return _uncancelled(slope.args[0], evaluation)
    return abs(evaluation.value(slope))


def _alive(point: Point) -> int:
    """How many derivatives are not zero."""
    return sum(adjoint.value != 0 for adjoint in sweep(point).values())


def _symbols(run: Run, values: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for name, value in values.items():
        if not run.forward.names[name].whole:
            for term, number in zip(numbers(run.entries[name]), flat(value), strict=True):
                found[str(term.payload)] = mpf(number)
    return found


def _gap(evaluation: Evaluation, node: Term) -> Any:
    """How far apart the sides of a comparison are; inf of anything else, and of a branch that is not taken."""
    if node.op not in KINKED or is_copy(node):
        return mpf("inf")
    try:
        first, *others = [evaluation.value(argument) for argument in node.args]
    except NoValue:
        return mpf("inf")
    return abs(first - (others[0] if others else 0))


def _seeds(run: Run, source: random.Random) -> dict[str, Any]:
    """1 for a function of one number, else random numbers."""
    results = run.results()
    if len(results) == 1 and not isinstance(results[0][1], list):
        return {results[0][0]: 1.0}
    return {name: _random_like(entry, source) for name, entry in results}


def _random_like(entry: Any, source: random.Random) -> Any:
    if isinstance(entry, list):
        return [_random_like(inner, source) for inner in entry]
    return round(source.uniform(0.25, 1.25), 4)
