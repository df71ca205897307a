"""The rows of a report: for each variable the numbers at one point that illustrate its claim.

The point is one of doubles at which as many derivatives as possible are not 0. CPython is called there, and what it
gets must be what the text's own expressions give, but for rounding: this checks the machine that read the text.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.verify import clock
from mgc.compiler.verify.certificate import Claim, Prover
from mgc.compiler.verify.findings import Falsehood, Row
from mgc.compiler.verify.numbers import cpython
from mgc.compiler.verify.numbers.cpython import Called, Raised
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import DIGITS, FINE, Dependents, Evaluation, NoValue
from mgc.compiler.verify.terms.terms import Term

STEPS = (mpf(10) ** -12, mpf(10) ** -18)  # of a central difference: the error is 1e-24 of the third derivative, or less
CLOSE = mpf(10) ** -9  # relative, of what needs no second look
ENOUGH = 0.5  # share of derivatives that are not 0 at a point that is taken at once
LARGEST = 200_000  # terms of an instance of which no differences are formed
ROUNDING = 1000  # what CPython's rounding may be, in units of what the same operations lose when they are done once
Role = Literal["argument", "parameter", "intermediate"]


class Place(Struct, frozen=True):
    """A point, what CPython got there, and the derivatives there that have a value, by variable."""

    point: Evaluation
    called: Called | None
    truths: Mapping[Term, Any]

    @property
    def telling(self) -> float:
        """The share of the derivatives that are not 0."""
        return sum(1 for value in self.truths.values() if value) / max(1, len(self.truths))


class Numbers:
    """Rows of one instance. `notes` and `falsehoods` are what was noticed on the way."""

    def __init__(self, prover: Prover, claims: Sequence[Claim], namespace: Mapping[str, Any] | None) -> None:
        self.prover = prover
        self.instance = prover.instance
        self.claims = claims
        self.namespace = namespace
        self.notes: list[str] = []
        self.falsehoods: list[Falsehood] = []
        self.dependents = Dependents()
        self._value = [terms.bare(result) for result in self.instance.value]
        self.dependents.add([*self._value, *self.instance.again])
        self._raised: list[Raised] = []
        self.place = self._chosen()
        if self.place is not None and self.place.called is not None:
            self._judge_cpython(self.place)

    @cached_property
    def active(self) -> set[Term]:
        """All that depends on what is differentiated by."""
        variables = self.instance.variables()
        return {*variables, *self.dependents.of(*variables)}

    # --- the point

    def _chosen(self) -> Place | None:
        """The place with the most derivatives that are not 0, of those through which CPython gets."""
        places: list[Place] = []
        for place in self._places():
            places.append(place)
            is_run = place.called is not None or self.namespace is None
            if is_run and (place.telling >= ENOUGH or clock.now() > self.prover.deadline):
                break
        run = [place for place in places if place.called is not None or self.namespace is None]
        if places and not run:
            self._not_run()
        return max(run or places[:1], key=lambda one: one.telling, default=None)

    def _places(self) -> Iterator[Place]:
        """Points where the function has a value, one at a time: each is a whole evaluation."""
        for count in range(1, self.prover.tried + 1):
            for point in self.prover.samples.first(count)[count - 1 :]:
                found = self._at(point)
                if found is not None:
                    yield found

    def _at(self, point: Evaluation) -> Place | None:
        """None where the function has no value, or none that doubles have."""
        if not all(_is_double(point.get(result)) for result in (*self._value, *self.instance.guards)):
            return None
        values = {
            claim.variable: point.get(terms.bare(claim.truth)) for claim in self.claims if claim.truth is not None
        }
        truths = {variable: value for variable, value in values.items() if _is_double(value)}
        if not truths and self.claims:
            return None
        called = self._called(point)
        return Place(point, called, truths) if called is None or all(map(math.isfinite, called.value)) else None

    def _called(self, point: Evaluation) -> Called | None:
        if self.namespace is None or self.instance.signature.derivative is None:
            return None
        try:
            return cpython.called(self.namespace, self.instance, point)
        except Raised as raised:
            self._raised.append(raised)
            return None

    def _not_run(self) -> None:
        """CPython got through at none of the points: the text is accused of what is not about these numbers."""
        of_text = next((one for one in self._raised if not one.is_of_numbers), None)
        if of_text is not None:
            self._false(f"{of_text}, wherever it was called", of_text.line)
        else:
            self.notes.append(f"{self._raised[-1]}, at every point that was tried; `emitted` is left out")

    def _false(self, what: str, line: int | None = None) -> None:
        signature = self.instance.signature
        name = signature.derivative or signature.name
        self.falsehoods.append(Falsehood(name, what, line or signature.line_of(name), signature.source_line))

    # --- CPython against the text's expressions

    def _judge_cpython(self, place: Place) -> None:
        """One point may be where doubles overflow: the text is accused for what happens at two."""
        first = self._differing(place)
        if first is None:
            return
        others = [other for other in self._places() if other.called is not None and other.point is not place.point]
        agreeing = [other for other in others if self._differing(other) is None]
        self.place = next(iter(agreeing), place)
        what, got, exact = first
        said = f"CPython gets {got!r} for {what} where the text's expressions give {mp.nstr(exact, 17)}"
        if len(agreeing) < len(others):
            self._false(said)
        else:
            self.notes.append(f"at one point {said}")

    def _differing(self, place: Place) -> tuple[str, float, Any] | None:
        """The first number of CPython that is not its expression's value but for rounding: (what, got, exact)."""
        assert place.called is not None
        compared = [
            ("the value", got, term) for got, term in zip(place.called.value, self.instance.value, strict=False)
        ]
        compared += [
            ("the value", got, term) for got, term in zip(place.called.again, self.instance.again, strict=False)
        ]
        for claim in self.claims:
            name = str(claim.variable.payload)
            if name in place.called.gradients:
                compared.append((f"the derivative by {name}", place.called.gradients[name], claim.emitted))
        rough = Evaluation(place.point.point, 15)  # digits of mpmath that are 53 bits
        for what, got, term in compared:
            try:
                exact = place.point.value(terms.bare(term))
            except NoValue:
                continue
            if abs(exact) < sys.float_info.max and not _same(got, exact) and not self._rounded(got, exact, rough, term):
                return what, got, exact
        return None

    def _rounded(self, got: float, exact: Any, rough: Evaluation, term: Term) -> bool:
        """Whether rounding explains a difference: as much as the same operations, in their order, have in 53 bits."""
        try:
            with mp.workdps(DIGITS):
                slack = abs(rough.value(term) - exact) + sys.float_info.epsilon  # what is folded is rounded nowhere
                return bool(abs(mpf(got) - exact) <= ROUNDING * slack)
        except NoValue:
            return False

    # --- rows

    def rows(self) -> list[Row]:
        """One for each variable."""
        params = self.instance.inputs.get("params", {})
        rows = []
        for name, of_name in by_name(self.claims).items():
            role: Role = "parameter" if name in params else "argument"
            rows.append(self._row(name, role, of_name))
        for name, pairs in self.instance.gradients.items():
            if not pairs:
                role = "parameter" if name in params else "argument"
                rows.append(Row(name, role, "proved", "nothing to differentiate", count=0))
        return rows

    def _row(self, name: str, role: Role, claims: list[Claim]) -> Row:
        first = claims[0]
        plain = Row(name, role, first.status, first.method, count=len(claims))
        if self.place is None:
            return plain
        found = [self._entry(plain, claim) for claim in claims if claim.variable in self.place.truths]
        if not found:
            return plain
        row, variable = max(found, key=lambda pair: badness(pair[0]))
        return row if self.instance.signature.is_detached else self._differenced(row, variable)

    def _entry(self, row: Row, claim: Claim) -> tuple[Row, Term]:
        assert self.place is not None
        name = str(claim.variable.payload)
        emitted = self.place.called.gradients.get(name) if self.place.called is not None else None
        exact = self.place.truths[claim.variable]
        value = float(self.place.point.point[name])
        note = "" if name == row.variable else name
        return numbered(row, value, emitted, exact, note), claim.variable

    def _differenced(self, row: Row, variable: Term) -> Row:
        """The row with its central difference, which no rule of differentiation has touched."""
        (truth,) = [claim.truth for claim in self.claims if claim.variable is variable]
        assert truth is not None
        difference, agrees = self.difference(variable, terms.bare(truth))
        if difference is not None and not agrees:
            of = row.note or row.variable
            self._false(f"{of}: the symbolic derivative {row.symbolic} is not the central difference {difference}")
            row = replace(row, status="false")
        return replace(row, difference=difference)

    def difference(self, node: Term, truth: Term) -> tuple[float | None, bool]:
        """The central difference of the results by a symbol or a cell, and whether it is the truth; with more digits
        where large terms cancel. None where it has no value."""
        if self.place is None or len(self.dependents) > LARGEST:
            return None, False
        here = self.place.point
        steep = STEPS[-1] / max(1, abs(here.get(truth) or 0))  # a steep function may turn within a fixed step
        fine = Evaluation(here.point, digits=FINE)
        shown = math.nan
        for point, step in ((here, STEPS[0]), (here, STEPS[1]), (here, steep), (fine, STEPS[1])):
            found, exact = self._difference(point, node, step), point.get(truth)
            if found is None:
                return None, False
            shown = float(found) if point is here else shown
            if exact is not None and _same(found, exact):
                return shown, True
        return shown, False

    def _difference(self, point: Evaluation, node: Term, step: Any) -> Any:
        results = self._value if node.op == "symbol" else self.instance.again
        ends = []
        with mp.workdps(point.digits):
            for sign in (1, -1):
                there = point.having(node, point.value(node) + sign * step, self.dependents)
                try:
                    pairs = zip(self.instance.seeds, results, strict=False)
                    ends.append(sum((there.value(seed) * there.value(result) for seed, result in pairs), mpf(0)))
                except NoValue:
                    return None
            return (ends[0] - ends[1]) / (2 * step)


def by_name(claims: Sequence[Claim]) -> Mapping[str, list[Claim]]:
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.name, []).append(claim)
    return found


def _is_double(value: Any | None) -> bool:
    """Whether a number is one that doubles have, but for its rounding."""
    return value is not None and math.isfinite(value)


def numbered(row: Row, value: float, emitted: float | None, exact: Any, note: str) -> Row:
    """The row with its numbers; false where CPython got NaN."""
    symbolic = float(exact)
    found = replace(row, value=value, emitted=emitted, symbolic=symbolic, note=note, ulp=_ulp(emitted, exact))
    return replace(found, status="false") if emitted is not None and math.isnan(emitted) else found


def _ulp(emitted: float | None, exact: Any) -> float | None:
    """|emitted - exact| in units in the last place of the latter; none between numbers that are as good as 0."""
    if emitted is None:
        return None
    symbolic = float(exact)
    if emitted == symbolic or (abs(emitted) <= 1e-300 and abs(symbolic) <= 1e-300):
        return 0.0
    if not math.isfinite(emitted) or not math.isfinite(symbolic):
        return math.inf if emitted == emitted else math.nan
    with mp.workdps(DIGITS):
        return float(abs(mpf(emitted) - exact) / mpf(math.ulp(symbolic or 5e-324)))


def badness(row: Row) -> tuple[bool, float, bool]:
    """What makes an entry worth showing: it is false or NaN, it is far off, it is not 0."""
    ulp = -1.0 if row.ulp is None else math.inf if math.isnan(row.ulp) else row.ulp
    return row.verdict == "false", ulp, bool(row.symbolic)


def _same(a: Any, b: Any) -> bool:
    """Equal but for a small part of the second; NaN is not."""
    with mp.workdps(DIGITS):
        return bool(abs(mpf(a) - mpf(b)) <= CLOSE * max(abs(mpf(b)), CLOSE))
