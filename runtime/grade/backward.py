"""The true derivatives of an exercise at a point, and what they would be given a student's: cells -> numbers.

d v = sum over the statements r that read v of (d r) * (d r / d v), each local derivative by sympy, to 50 digits.
Source: Griewank and Walther, Evaluating Derivatives (2008), section 3.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct, field

from mgc.compiler.verify.equal.adjoints import local_derivatives
from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.evaluation import DIGITS, Evaluation, NoValue
from mgc.compiler.verify.terms.terms import Term
from mgc.runtime.conversion import flat
from mgc.runtime.grade.exercise import NoExercise
from mgc.runtime.grade.forward_run import Run, numbers

CANCELLED = mpf(10) ** (10 - DIGITS)  # what is left where terms of 50 digits cancel


class Tape(Struct, frozen=True):
    """The cells that results depend on, readers first, each with what it reads and the derivative by that."""

    run: Run
    order: tuple[Term, ...]
    local: Mapping[Term, Sequence[tuple[Term, Term]]]


class Point(Struct, frozen=True):
    """Numbers for the inputs of a run, whose integers are those of its tape. `seeds` are the derivatives that come in,
    for each result in order; `slopes` the local derivatives here, and what they
    would be if nothing cancelled in them."""

    tape: Tape
    evaluation: Evaluation
    seeds: Mapping[str, Any]
    slopes: Mapping[Term, Sequence[tuple[Term, Any, Any]]]

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


class Adjoint(Struct, frozen=True):
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
    except derivatives.Untranslated as error:
        raise NoExercise(f"the derivative of {error} is not known here") from None
    return Tape(run, tuple(reversed(cells)), local)


def sweep(point: Point, student: Mapping[Term, Any] = {}) -> dict[Term, Adjoint]:
    """The derivative by every cell and symbol. Where a `student` has one, what lies before is computed from theirs."""
    parts: dict[Term, list[tuple[Term | None, Any]]] = {}
    noises: dict[Term, Any] = {}
    with mp.workdps(DIGITS):
        for name, entry in point.tape.run.results():
            for term, seed in zip(numbers(entry), flat(point.seeds[name]), strict=True):
                parts.setdefault(term, []).append((None, mpf(seed)))
                noises[term] = noises.get(term, 0) + abs(mpf(seed))
        for node in point.tape.order:
            noise = noises.get(node, 0)
            own = student[node] if node in student else _value(parts.get(node, ()))
            if own != 0 or noise != 0:
                for leaf, slope, uncancelled in point.slopes[node]:
                    parts.setdefault(leaf, []).append((node, own * slope))
                    noises[leaf] = noises.get(leaf, 0) + noise * uncancelled
        return {node: Adjoint(_value(found), _scale(found), noises[node], found) for node, found in parts.items()}


def _scale(parts: Sequence[tuple[Term | None, Any]]) -> Any:
    return mp.fsum(abs(part) for _, part in parts)


def _value(parts: Sequence[tuple[Term | None, Any]]) -> Any:
    value = mp.fsum(part for _, part in parts)
    return mpf(0) if abs(value) < CANCELLED * _scale(parts) else value


def _called(cell: Term) -> object:
    return cell.payload[0] if isinstance(cell.payload, tuple) else None
