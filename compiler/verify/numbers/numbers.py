"""The rows of a report: for each variable the numbers at one point that illustrate its claim.

The point is one of doubles at which as many derivatives as possible are not 0. CPython is called there, and what it
gets is judged as it is elsewhere, however long the function is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from random import Random
from typing import Any, Literal

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.verify import clock
from mgc.compiler.verify.called.arguments import Given
from mgc.compiler.verify.called.judging import told
from mgc.compiler.verify.called.named import SLACK
from mgc.compiler.verify.called.pair import RAISED, Outside, Pair, Wrong, numbers_in
from mgc.compiler.verify.called.tape import LEAST, TooLong, working
from mgc.compiler.verify.certificate import LARGE, Claim, Prover
from mgc.compiler.verify.findings import Falsehood, Row
from mgc.compiler.verify.numbers.arms import inside, poles
from mgc.compiler.verify.pasted import call_at
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import DIGITS, FINE, Dependents, Evaluation, NoValue
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.reading import Argument

STEP = mpf(10) ** -18  # of a central difference: the error is its square times the third derivative
ENOUGH = 0.5  # share of derivatives that are not 0 at a point that is taken at once
LARGEST = 200_000  # terms of an instance of which no differences are formed
Role = Literal["argument", "parameter", "intermediate"]


class Called(Struct, frozen=True):
    """What CPython gets: the function's value, and the derivatives by the variables' names; `passed`: what the
    derivative's function is called with."""

    value: list[float]
    gradients: Mapping[str, float]
    passed: list[Any]


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
    """Rows of one instance; `notes` and `falsehoods` are what was noticed on the way."""

    def __init__(self, prover: Prover, claims: Sequence[Claim], pair: Pair | None) -> None:
        self.prover = prover
        self.instance = prover.instance
        self.claims = claims
        self.notes: list[str] = []
        self.falsehoods: list[Falsehood] = []
        self.dependents = Dependents()
        self.pair = pair if self.instance.signature.derivative is not None else None
        self._value = [terms.bare(result) for result in self.instance.value]
        self.dependents.add([*self._value, *self.instance.again])
        self._raised = ""
        self.place = self._chosen()

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
            if self._is_run(place) and (place.telling >= ENOUGH or clock.now() > self.prover.deadline):
                break
        run = list(filter(self._is_run, places))
        if places and not run:
            self.notes.append(f"{self._raised}, at every point that was tried; `emitted` is left out")
        return max(run or places[:1], key=lambda one: one.telling, default=None)

    def _is_run(self, place: Place) -> bool:
        return place.called is not None or self.pair is None

    def _places(self) -> Iterator[Place]:
        """Points where the function has a value that doubles have, one at a time: each is a whole evaluation."""
        for count in range(1, self.prover.tried + 1):
            for point in self.prover.samples.first(count)[count - 1 :]:
                if not all(_is_double(point.get(result)) for result in (*self._value, *self.instance.guards)):
                    continue
                known = {one.variable: point.get(terms.bare(one.truth)) for one in self.claims if one.truth is not None}
                truths = {variable: value for variable, value in known.items() if _is_double(value)}
                called = self._called(point) if truths or not self.claims else None
                if (truths or not self.claims) and (called is None or all(map(math.isfinite, called.value))):
                    yield Place(point, called, truths)

    def _symbols(self, arguments: Sequence[Argument]) -> Given:
        inputs = self.instance.inputs
        return Given(self.instance.sizes, {one.name: inputs[one.name] for one in arguments}, inputs.get("params", {}))

    def _called(self, point: Evaluation) -> Called | None:
        """None where CPython does not get through."""
        if self.pair is None:
            return None
        signature = self.instance.signature
        symbols, name = self._symbols(signature.arguments), signature.name
        given = _at(symbols, point)
        seeds = list(_at(self._symbols(signature.adjoints), point).arguments.values())
        try:
            value, name = self.pair.call(name, given), str(signature.derivative)
            _, gradients = self.pair.returned(given, seeds)
            pairs = [(one, slope) for _, found, of in self.pair.paired(gradients, symbols)
                     for one, slope in zip(numbers_in(of), numbers_in(found), strict=False)]  # fmt: skip
            slopes = {str(variable.payload): float(slope) for variable, slope in pairs}
            return Called([float(one) for one in numbers_in(value)], slopes, self.pair.passed(given, seeds))
        except Wrong as wrong:
            self._raised = str(wrong)
        except RAISED as error:
            self._raised = str(self.pair.raising(name, error))
        return None

    # --- CPython against the truth

    def judged(self) -> list[Falsehood]:
        """At the point that is shown, in arms that random points do not enter, and at poles."""
        if self.pair is None:
            return []
        for point in (*([self.place.point] if self.place is not None else []), *self._in_arms()):
            given = _at(self._symbols(self.instance.signature.arguments), point)
            try:
                with working(), suppress(Outside, TooLong):
                    clock.check(self.pair.judge(given, Random(0), clock.left()))
            except Wrong as wrong:
                return [told(self.instance.signature, given, wrong)]
        return []

    def _in_arms(self) -> Iterator[Evaluation]:
        if len(self.instance.stored) <= LARGE:
            again = [one for one in map(terms.bare, self.instance.again) if one not in self._value]
            emitted = [*again, *(terms.bare(claim.emitted) for claim in self.claims)]
            known = self.prover.samples.first(self.prover.tried)
            yield from inside(emitted, known, self.instance.required)
            yield from poles(emitted, self._value, known)

    # --- rows

    def rows(self) -> list[Row]:
        """One for each variable."""
        params, gradients = self.instance.inputs.get("params", {}), self.instance.gradients
        roles: dict[str, Role] = {name: "parameter" if name in params else "argument" for name in gradients}
        rows = [self._row(name, roles[name], of_name) for name, of_name in by_name(self.claims).items()]
        empty = [name for name, pairs in gradients.items() if not pairs]
        return rows + [Row(name, roles[name], "proved", "nothing to differentiate", count=0) for name in empty]

    def _row(self, name: str, role: Role, claims: list[Claim]) -> Row:
        """With the numbers of the entry that is worst, and the central difference: no rule has touched that."""
        plain = Row(name, role, claims[0].status, claims[0].method, count=len(claims))
        shown = [claim for claim in claims if self.place is not None and claim.variable in self.place.truths]
        found = [(self._entry(plain, claim), claim) for claim in shown]
        if not found:
            return plain
        row, claim = max(found, key=lambda pair: badness(pair[0]))
        if self.instance.signature.is_detached:
            return row
        assert claim.truth is not None and self.place is not None
        difference, agrees = self.difference(claim.variable, terms.bare(claim.truth))
        if difference is not None and not agrees:
            of = row.note or row.variable
            signature, what = self.instance.signature, f"the symbolic derivative {row.symbolic}"
            name = signature.derivative or signature.name
            what = f"{of}: {what} is not the central difference {difference}"
            where = call_at(self.instance, self.place.point)
            self.falsehoods.append(Falsehood(name, what, signature.line_of(name), signature.source_line, where=where))
            row = replace(row, status="false")
        return replace(row, difference=difference)

    def _entry(self, row: Row, claim: Claim) -> Row:
        assert self.place is not None
        name = str(claim.variable.payload)
        emitted = self.place.called.gradients.get(name) if self.place.called is not None else None
        note = "" if name == row.variable else name
        return numbered(row, float(self.place.point.point[name]), emitted, self.place.truths[claim.variable], note)

    def difference(self, node: Term, truth: Term) -> tuple[float | None, bool]:
        """The central difference of the results by a symbol or a cell, and whether it is the truth; with more digits
        where large terms cancel. None where it has no value."""
        if self.place is None or len(self.dependents) > LARGEST:
            return None, False
        here, shown = self.place.point, None
        for point in (here, Evaluation(here.point, digits=FINE)):
            found, exact = self._difference(point, node, truth), point.get(truth)
            shown = float(found) if shown is None and found is not None else shown
            if found is not None and exact is not None and _same(found, exact):
                return shown, True
        return shown, False

    def _difference(self, point: Evaluation, node: Term, truth: Term) -> Any:
        """None where the results have no value, or where the step is lost in the digits of the point."""
        results = self._value if node.op == "symbol" else self.instance.again
        pairs = tuple(zip(self.instance.seeds, results, strict=False))
        with mp.workdps(point.digits):
            try:
                size, at = abs(_total(pairs, point)), point.value(node)
                step = STEP / max(1, abs(point.get(truth) or 0) / max(1, size))  # a steep function may turn within STEP
                above, below = (
                    _total(pairs, point.having(node, at + sign * step, self.dependents)) for sign in (1, -1)
                )
            except NoValue:
                return None
            return (above - below) / (2 * step) if at + step != at else None


def _total(pairs: Sequence[tuple[Term, Term]], point: Evaluation) -> Any:
    return sum((point.value(seed) * point.value(result) for seed, result in pairs), mpf(0))


def _at(symbols: Given, point: Evaluation) -> Given:
    """What symbols stand for at a point, as doubles."""
    return symbols.changed(lambda _, symbol: float(point.point[str(symbol.payload)]))


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
    found = replace(row, value=value, emitted=emitted, symbolic=float(exact), note=note, ulp=_ulp(emitted, exact))
    return replace(found, status="false") if emitted is not None and math.isnan(emitted) else found


def _ulp(emitted: float | None, exact: Any) -> float | None:
    """|emitted - exact| in units in the last place of the latter; none between numbers that are as good as 0."""
    if emitted is None:
        return None
    symbolic = float(exact)
    if emitted == symbolic or max(abs(emitted), abs(symbolic)) <= LEAST:
        return 0.0
    if not math.isfinite(emitted) or not math.isfinite(symbolic):
        return math.nan if math.isnan(emitted) else math.inf
    with mp.workdps(DIGITS):
        return float(abs(mpf(emitted) - exact) / math.ulp(symbolic))


def badness(row: Row) -> tuple[bool, float, bool]:
    """What makes an entry worth showing: it is false or NaN, it is far off, it is not 0."""
    ulp = -1.0 if row.ulp is None else math.inf if math.isnan(row.ulp) else row.ulp
    return row.verdict == "false", ulp, bool(row.symbolic)


def _same(a: Any, b: Any) -> bool:
    """Equal but for a small part of the second; NaN is not."""
    with mp.workdps(DIGITS):
        return bool(abs(mpf(a) - mpf(b)) <= SLACK * max(abs(mpf(b)), SLACK))
