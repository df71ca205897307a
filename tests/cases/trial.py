"""A case on trial: compiled, run at its points, scored against the exact numbers -> an outcome.

>>> from cases.sources import cases
>>> outcome = attempt(cases("own")[0])
>>> outcome.values, outcome.slopes, outcome.unsound
(Tally(right=2, total=2), Tally(right=6, total=6), ())
"""

from __future__ import annotations

import math
import time
from typing import Any

from msgspec import Struct

import mgc
from cases.case import Case, Point
from cases.scores import Score, error, is_right, is_sound


class Tally(Struct, frozen=True):
    right: int = 0
    total: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.total + other.total)


class Outcome(Struct, frozen=True):
    """`problem`: why the case does not compile. `raised`: at how many points the derivatives raised.

    `unsound`: numbers beyond the bound that holds for all, at points where nothing raised.
    """

    case: Case
    problem: str = ""
    values: Tally = Tally()
    slopes: Tally = Tally()
    raised: int = 0
    unsound: tuple[str, ...] = ()
    seconds: float = 0.0


def compiled(case: Case) -> mgc.Function:
    """The case's function. Errors: ModelError."""
    return mgc.loads(case.text, case.id, functions=[case.function], wrt=case.wrt)[case.function]


def attempt(case: Case) -> Outcome:
    start = time.perf_counter()
    try:
        function = compiled(case)
    except mgc.ModelError as problem:
        return Outcome(case, str(problem), seconds=time.perf_counter() - start)
    values, slopes, raised, unsound = Tally(), Tally(), 0, []
    for point in case.points:
        value, gradient, problem_here = run(function, point)
        raised += problem_here
        exact = [("value", point.value, value), *zip(point.slopes, point.slopes.values(), gradient, strict=True)]
        values += Tally(is_right(point.value, value), 1)
        slopes += Tally(sum(is_right(score, found) for _, score, found in exact[1:]), len(exact) - 1)
        if not problem_here:
            unsound += [told(name, score, found) for name, score, found in exact if not is_sound(score, found)]
    return Outcome(case, "", values, slopes, raised, tuple(unsound), time.perf_counter() - start)


def run(function: mgc.Function, point: Point) -> tuple[float, list[float], bool]:
    """The value, the derivatives in one list, and whether they raised: they are nan then."""
    try:
        value, gradient = function.value_and_grad(*point.arguments)
    except mgc.ModelError:
        return number(function(*point.arguments)), [math.nan] * len(point.slopes), True
    return number(value), flat(gradient), False


def number(value: Any) -> float:
    assert isinstance(value, float)
    return value


def flat(nested: Any) -> list[float]:
    return [number for part in nested for number in flat(part)] if isinstance(nested, list | tuple) else [nested]


def told(name: str, score: Score, found: float) -> str:
    return f"{name}: {found!r}, {float(score.exact)!r} to be exact: {error(score, found):.3g} ulp off"
