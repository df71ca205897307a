"""The true derivatives of an exercise at a point, and what they would be given a student's: cells -> numbers.

d v = sum over the statements r that read v of (d r) * (d r / d v), each local derivative by sympy, to 50 digits.
Source: Griewank and Walther, Evaluating Derivatives (2008), section 3.2.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.grade.exercise import NoExercise
from mgc.compiler.grade.forward_run import Run, extents_of, is_copy, numbers
from mgc.compiler.proof import symbolic
from mgc.compiler.proof.adjoints import local_derivatives
from mgc.compiler.proof.algebra import terms
from mgc.compiler.proof.algebra.terms import Term
from mgc.compiler.proof.numeric import DIGITS, Evaluation, NoValue

RANGES = ((-1.0, 1.0), (0.1, 0.9), (1.1, 2.0))  # tried in turn: everything, positive, beyond 1 (as acosh needs)
CANDIDATES = 6
ATTEMPTS = 12
LARGE = 12_000  # cells: of a large function fewer points are drawn to choose from
KINKED = terms.COMPARISONS | {"max", "min", "abs", "relu"}
CANCELLED = mpf(10) ** (10 - DIGITS)  # what is left where terms of 50 digits cancel
OFF_KINKS = 1e-3  # the sides of every comparison differ by this at least: a finite difference stays on one side


@dataclass(frozen=True, slots=True)
class Tape:
    """The cells that results depend on, readers first, each with what it reads and the derivative by that."""

    run: Run
    order: tuple[Term, ...]
    local: Mapping[Term, Sequence[tuple[Term, Term]]]


@dataclass(frozen=True, slots=True)
class Point:
    """Numbers for the inputs. `seeds` are the derivatives that come in, for each result in order; `slopes` the
    local derivatives here."""

    evaluation: Evaluation
    seeds: Mapping[str, Any]
    slopes: Mapping[Term, Sequence[tuple[Term, Any]]]

    def value(self, entry: Term | int) -> float | int:
        """An entry's number; 0 of one that is computed in an arm that is not taken."""
        try:
            return float(self.evaluation.value(entry)) if isinstance(entry, Term) else entry
        except NoValue:
            return 0.0

    def stored(self, entry: Term) -> Term:
        """The cell that an entry has here: after a branch, what the arm that was taken stored."""
        while entry.op == "cell" and entry.args[0].op == "select":
            condition, *arms = entry.args[0].args
            arm = arms[0] if self.evaluation.value(condition) else arms[1]
            if arm.op != "cell" or _called(arm) != _called(entry):
                break
            entry = arm
        return entry


@dataclass(frozen=True, slots=True)
class Adjoint:
    """A derivative: the sum of `parts`, each with the cell that it comes through. `scale` is the sum of their sizes,
    and `noise` what it would be if nothing had cancelled before either: roundings are in proportion to that."""

    value: Any
    scale: Any
    noise: Any
    parts: Sequence[tuple[Term | None, Any]] = field(default=())


NOTHING = Adjoint(mpf(0), mpf(0), mpf(0))


def tape(run: Run) -> Tape:
    """Errors: NoExercise (a function of no known derivative)."""
    results = [term for _, entry in run.results() for term in numbers(entry)]
    nodes = [node for node in terms.topological(results) if node.op in ("cell", "symbol")]
    every = frozenset(nodes)
    cells = [node for node in nodes if node.op == "cell"]
    try:
        local = {node: local_derivatives(node.args[0], every) for node in cells}
    except symbolic.Untranslated as error:
        raise NoExercise(f"the derivative of {error} is not known here") from None
    return Tape(run, tuple(reversed(cells)), local)


def sweep(given: Tape, point: Point, student: Mapping[Term, Any] = {}) -> dict[Term, Adjoint]:
    """The derivative by every cell and symbol. Where a `student` has one, what lies before is computed from theirs."""
    parts: dict[Term, list[tuple[Term | None, Any]]] = {}
    noises: dict[Term, Any] = {}
    with mp.workdps(DIGITS):
        for name, entry in given.run.results():
            for term, seed in zip(numbers(entry), _flat(point.seeds[name]), strict=True):
                parts.setdefault(term, []).append((None, mpf(seed)))
                noises[term] = noises.get(term, 0) + abs(mpf(seed))
        for node in given.order:
            noise = noises.get(node, 0)
            own = student[node] if node in student else _value(parts.get(node, ()))
            if own != 0 or noise != 0:
                for leaf, slope in point.slopes[node]:
                    parts.setdefault(leaf, []).append((node, own * slope))
                    noises[leaf] = noises.get(leaf, 0) + noise * abs(slope)
        return {node: Adjoint(_value(found), _scale(found), noises[node], found) for node, found in parts.items()}


def _scale(parts: Sequence[tuple[Term | None, Any]]) -> Any:
    return mp.fsum(abs(part) for _, part in parts)


def _value(parts: Sequence[tuple[Term | None, Any]]) -> Any:
    value = mp.fsum(part for _, part in parts)
    return mpf(0) if abs(value) < CANCELLED * _scale(parts) else value


def _called(cell: Term) -> object:
    return cell.payload[0] if isinstance(cell.payload, tuple) else None


def points(given: Tape, values: Mapping[str, Any], seed: int, count: int = 2) -> list[Point]:
    """Points off all kinks where most derivatives are not zero. `values` are those of some arguments, given.
    Errors: NoExercise (the function has a value nowhere that was tried)."""
    source = random.Random(seed)
    wanted = max(count, min(CANDIDATES, LARGE // (len(given.order) + 1)))
    for distance in (OFF_KINKS, 0.0):
        for low, high in RANGES:
            drawn = (
                _point(given, _drawn(given.run, values, source, low, high), source, distance) for _ in range(ATTEMPTS)
            )
            found = list(itertools.islice((point for point in drawn if point is not None), wanted))
            if len(found) >= count:
                return sorted(found, key=lambda point: -_alive(given, point))[:count]
    raise NoExercise("the function has a value at no point that was tried: give values, NAME=VALUE")


def _alive(given: Tape, point: Point) -> int:
    """How many derivatives are not zero."""
    return sum(adjoint.value != 0 for adjoint in sweep(given, point).values())


def _drawn(run: Run, values: Mapping[str, Any], source: random.Random, low: float, high: float) -> dict[str, Any]:
    """A number for every symbol; of a matrix smaller ones, as at the start of a training."""
    found: dict[str, Any] = {}
    for name, known in run.forward.names.items():
        if known.role == "intermediate" or known.whole:
            continue
        entry, shape = run.entries[name], extents_of(run.entries[name])
        fan = shape[-1] ** 0.5 if known.role == "parameter" and len(shape) > 1 and shape[-1] else 1.0
        given = list(_flat(values[name])) if name in values else None
        for place, term in enumerate(numbers(entry)):
            drawn = round(source.uniform(low, high) / fan, 4)
            found[str(term.payload)] = mpf(drawn if given is None else given[place])
    return found


def _point(given: Tape, place: Mapping[str, Any], source: random.Random, distance: float) -> Point | None:
    """None where the function has no value, or the sides of a condition are no further apart than `distance`."""
    results = [term for _, entry in given.run.results() for term in numbers(entry)]
    evaluation = Evaluation(place)
    try:
        for term in results:
            evaluation.value(term)
        if distance and any(_gap(evaluation, node) < distance for node in terms.topological(results)):
            return None
        slopes = {node: [(leaf, evaluation.value(local)) for leaf, local in given.local[node]] for node in given.order}
    except NoValue:
        return None
    return Point(evaluation, _seeds(given.run, source), slopes)


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


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for inner in value:
            yield from _flat(inner)
    else:
        yield value
