"""A hand-written backward pass against the true derivatives: numbers -> a verdict for each, and the first mistake.

Every derivative is judged twice: against the truth, and against what the chain rule gives with the student's own
derivatives of what comes later. What fails the first and passes the second inherits a mistake and makes none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.verify.terms.terms import Term
from mgc.runtime.grade import chain_rule
from mgc.runtime.grade.backward import NOTHING, Adjoint, Point, Tape, sweep
from mgc.runtime.grade.exercise import Forward
from mgc.runtime.grade.forward_run import numbers, paths
from mgc.runtime.grade.likeness import APPROXIMATE, likenesses

Verdict = Literal["exact", "approximate", "not graded", "wrong", "wrong shape"]
EXACT = 2e-14  # of what is summed, at any depth: a hundred roundings
NONE = 1e-9  # what a finite difference makes of a derivative that is zero


class Grade(Struct, frozen=True):
    """One derivative. `difference` is the largest of its entries, the entry `worst` at `point`, where the student has
    `found` and the truth is `wanted`. `own`: it makes a mistake of its own. `note`: what is wrong besides
    its numbers."""

    name: str
    of: str
    shape: tuple[int, ...]
    verdict: Verdict
    own: bool = False
    difference: float = 0.0
    worst: str = ""
    point: int = 0
    found: float = 0.0
    wanted: float = 0.0
    right: int = 0
    count: int = 0
    note: str = ""
    like: str = ""

    @property
    def ok(self) -> bool:
        return self.verdict in ("exact", "approximate", "not graded")


class Given(Struct, frozen=True):
    """What a student computed at one point: entries in order, by the name they are derivatives of; `misshapen` says
    what is wrong with values that have another shape, and what that looks like."""

    entries: Mapping[str, Sequence[float]]
    misshapen: Mapping[str, tuple[str, str]]


def gradable(forward: Forward) -> list[str]:
    """The names whose derivatives can be graded, in the order in which a backward pass finds them."""
    return [name for name in chain_rule.backward_order(forward) if name not in forward.ends]


def graded(points: Sequence[Point], given: Sequence[Given]) -> list[Grade]:
    """A grade for each derivative that was given, in backward order; the worst of all points."""
    found: list[Grade] = []
    at = [_At(point, mine) for point, mine in zip(points, given, strict=True)]
    for name in gradable(points[0].tape.run.forward):
        if any(one.has(name) for one in at):
            grades = [one.grade(name, place) for place, one in enumerate(at)]
            worst = max(grades, key=lambda grade: (ORDER.index(grade.verdict), grade.own, _size(grade.difference)))
            own = any(grade.own for grade in grades)
            wrong = [one.like(name) for one, grade in zip(at, grades, strict=True) if grade.own]
            found.append(replace(worst, own=own, like=_common(wrong)))
    return [_forgiven(grade, found, points[0].tape) for grade in found]


def _forgiven(grade: Grade, grades: Sequence[Grade], tape: Tape) -> Grade:
    """What has the shape of one turn of a loop is no mistake where all that is made of it is right."""
    if grade.note != ONE_TURN:
        return grade
    made = {grade.of}
    for one in gradable(tape.run.forward):  # in backward order: what it needs stands before it
        if made & set(chain_rule.needed(tape.run.forward, one)):
            made.add(one)
    after = [one for one in grades if one.of in made and one.note != ONE_TURN]
    return replace(grade, verdict="not graded", own=False) if after and all(one.ok for one in after) else grade


ORDER: tuple[Verdict, ...] = ("exact", "approximate", "not graded", "wrong", "wrong shape")
ONE_TURN = "looks like that of one turn of the loop: give it another name"


def first_wrong(grades: Sequence[Grade]) -> Grade | None:
    """The first derivative that makes a mistake of its own."""
    wrong = [grade for grade in grades if not grade.ok]
    own = sorted((grade for grade in wrong if grade.own), key=lambda grade: grade.note == ONE_TURN)
    return next(iter(own or wrong), None)


class _At:
    """The truth at a point, and what the chain rule gives with the student's derivatives."""

    def __init__(self, point: Point, given: Given) -> None:
        self.tape, self.point, self.given = point.tape, point, given
        self.truth = sweep(point)
        student: dict[Term, Any] = {}
        for name, entries in given.entries.items():
            for term, entry in zip(self.terms(name), entries, strict=True):
                if term.op == "cell":
                    student[term] = mpf(entry)
        self.inherited = sweep(point, student)

    def terms(self, name: str) -> list[Term]:
        return [self.point.stored(term) for term in numbers(self.tape.run.entries[name])]

    def has(self, name: str) -> bool:
        return name in self.given.entries or name in self.given.misshapen

    def grade(self, name: str, place: int) -> Grade:
        shape = self.tape.run.shape(name)
        blank = Grade(self.tape.run.forward.derivative(name), name, shape, "wrong shape", True, point=place)
        if name in self.given.misshapen:
            return replace(blank, note=self.given.misshapen[name][0], difference=math.nan)
        if name not in self.given.entries:
            return replace(blank, verdict="wrong", note=f"not assigned at point {place + 1}", difference=math.nan)
        entries = self.given.entries[name]
        truth = [self.truth.get(term, NOTHING) for term in self.terms(name)]
        verdict = _verdict(entries, truth)
        inherited = [self.inherited.get(term, NOTHING) for term in self.terms(name)]
        own = verdict == "wrong" and _verdict(entries, inherited) == "wrong"
        gaps = [_gap(entry, adjoint) for entry, adjoint in zip(entries, truth, strict=True)]
        if not gaps:
            return replace(blank, verdict=verdict, own=own)
        worst = max(range(len(gaps)), key=lambda k: _size(gaps[k]))
        right = sum(_verdict([entry], [adjoint]) == "exact" for entry, adjoint in zip(entries, truth, strict=True))
        return replace(
            blank, verdict=verdict, own=own, difference=gaps[worst], worst=list(paths(shape))[worst],
            found=entries[worst], wanted=float(truth[worst].value), right=right, count=len(gaps),
        )  # fmt: skip

    def like(self, name: str) -> list[str]:
        """What the wrong numbers, or the wrong shape, look like."""
        if name in self.given.misshapen:
            return [self.given.misshapen[name][1]]
        if name not in self.given.entries:
            return []
        wanted = [self.inherited.get(term, NOTHING) for term in self.terms(name)]
        return list(likenesses(self.given.entries[name], wanted, self.tape, name))


def _gap(entry: float, adjoint: Adjoint) -> float:
    """How far off an entry is: nothing where a derivative before it is not finite, and so is this one."""
    if not mp.isfinite(adjoint.value) and not math.isfinite(entry):
        return 0.0
    return float(abs(mpf(entry) - adjoint.value))


def _size(difference: float) -> float:
    return math.inf if math.isnan(difference) else difference


def _verdict(entries: Sequence[float], truth: Sequence[Adjoint]) -> Verdict:
    """Of several entries together: a finite difference is as good as the largest of them allows."""
    with mp.workdps(30):
        gaps = [_gap(entry, adjoint) for entry, adjoint in zip(entries, truth, strict=True)]
        if all(gap <= EXACT * float(adjoint.noise) for gap, adjoint in zip(gaps, truth, strict=True)):
            return "exact"
        largest = max(float(adjoint.scale) for adjoint in truth)
        slack = APPROXIMATE * largest if largest else NONE
        return "approximate" if all(gap <= slack for gap in gaps) else "wrong"


def _common(found: Sequence[Sequence[str]]) -> str:
    """What holds at every point, the most telling first: a factor alone tells the least."""
    shared = [said for said in found[0] if all(said in others for others in found)] if found else []
    return min(shared, key=lambda said: " times " in said, default="")
