"""The rows of a report: for each variable the numbers at one point that illustrate, and check, its claim."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.proof import terms
from mgc.compiler.proof.certificate import UNDECIDED, Claim, Prover, by_name
from mgc.compiler.proof.execution import Stored, flat
from mgc.compiler.proof.numeric import DIGITS, Evaluation, NoValue
from mgc.compiler.proof.report import Row
from mgc.compiler.proof.terms import Term

STEP = mpf(10) ** -12  # of the central difference, whose error is then 1e-24 and its cancellation 1e-38
SHOWN = 4  # entries of an array that are evaluated
LARGE = 2000  # statements of an instance of which one entry an array is evaluated
AGREES = 1e-9  # relative, of a central difference to 50 digits
ROUGHLY = 1e-5  # of one in doubles
Role = Literal["argument", "parameter", "intermediate"]


class Numbers:
    """Rows of one instance, at the first of its points where all numbers exist."""

    def __init__(self, prover: Prover, namespace: Mapping[str, Any] | None) -> None:
        self.prover = prover
        self.instance = prover.instance
        self.point = next(iter(prover.samples.first(1)), None)
        self.namespace = namespace
        self.large = len(prover.instance.stored) > LARGE
        self.native = self._called(namespace) if namespace is not None and self.point is not None else None

    def rows(self, claims: Sequence[Claim]) -> list[Row]:
        """One row per variable, then one per intermediate whose adjoint the text holds under its name."""
        params = self.instance.inputs.get("params", {})
        rows = []
        for name, of_name in by_name(claims).items():
            role: Role = "parameter" if name in params else "argument"
            rows.append(self._row(name, role, of_name))
        for name, pairs in self.instance.gradients.items():
            if not pairs:
                role = "parameter" if name in params else "argument"
                rows.append(Row(name, role, "proved", "nothing to differentiate", count=0))
        return rows + self._intermediates()

    def _row(self, name: str, role: Role, claims: list[Claim]) -> Row:
        first = claims[0]
        plain = Row(name, role, first.status, first.method, count=len(claims))
        if self.point is None or first.truth is None:
            return plain
        count = 1 if self.large else SHOWN
        chosen = claims[:: max(1, len(claims) // count)][:count]
        found = [row for row in (self._entry(plain, claim) for claim in chosen) if row is not None]
        return max(found, key=_badness, default=plain)

    def _entry(self, row: Row, claim: Claim) -> Row | None:
        assert self.point is not None
        assert claim.truth is not None
        try:
            exact = self.point.value(claim.truth)
            value = float(self.point.point[str(claim.variable.payload)])
        except NoValue:
            return None
        native = (self.native or {}).get(str(claim.variable.payload))
        emitted = native if native is not None else self._rounded(claim.emitted)
        difference = self._difference(claim.variable)
        symbolic = float(exact)
        note = "" if claim.variable.payload == row.variable else str(claim.variable.payload)
        status = row.status
        if difference is not None and not abs(difference - symbolic) <= (
            ROUGHLY if self.large else AGREES
        ) * max(1.0, abs(symbolic)):
            status, note = "false", f"the symbolic derivative {symbolic} is not the central difference {difference}"
        ulp = None
        if emitted is not None:
            ulp = float(abs(mpf(emitted) - exact) / mpf(math.ulp(symbolic or 5e-324))) if emitted != symbolic else 0.0
            ulp = 0.0 if abs(emitted) <= 1e-300 and abs(symbolic) <= 1e-300 else ulp
        return Row(
            row.variable, row.role, status, row.method, value, emitted, symbolic, difference, ulp, row.count, note
        )

    def _rounded(self, term: Term) -> float | None:
        assert self.point is not None
        try:
            return float(self.point.value(term))
        except NoValue:
            return None

    def _difference(self, variable: Term) -> float | None:
        """The central difference of the function's own text, which no rule of differentiation has touched."""
        assert self.point is not None
        name = str(variable.payload)
        if self.large and self.namespace is not None:
            return self._difference_by_cpython(self.namespace, name)
        ends = []
        for sign in (1, -1):
            with mp.workdps(DIGITS):
                moved = {**self.point.point, name: self.point.point[name] + sign * STEP}
                there = Evaluation(moved)
                try:
                    ends.append(sum((there.value(s) * there.value(v) for v, s in self._results()), mpf(0)))
                except NoValue:
                    return None
        with mp.workdps(DIGITS):
            return float((ends[0] - ends[1]) / (2 * STEP))

    def _difference_by_cpython(self, namespace: Mapping[str, Any], name: str) -> float | None:
        """The same of a large function: it is called on doubles, and the difference is good to some nine digits."""
        assert self.point is not None
        signature = self.instance.signature
        function, step = namespace[signature.name], 2.0**-16
        ends = []
        for sign in (1, -1):
            moved = {name: float(self.point.point[name]) + sign * step}
            head = [self._floats(self.instance.inputs["params"], moved)] if signature.takes_params else []
            try:
                value = function(*head, *[self._floats(self.instance.inputs[a.name], moved) for a in signature.arguments])
            except (ArithmeticError, ValueError, IndexError):
                return None
            weights = [float(self.point.value(seed)) for seed in self.instance.seeds]
            ends.append(math.fsum(w * float(part) for w, (_, part) in zip(weights, flat(value), strict=False)))
        return (ends[0] - ends[1]) / (2 * step)

    def _results(self) -> list[tuple[Term, Term]]:
        return list(zip(self.instance.value, self.instance.seeds, strict=False))

    # --- what CPython gets

    def _called(self, namespace: Mapping[str, Any]) -> dict[str, float] | None:
        """The derivatives by variable name, of the emitted function called on doubles; None where it raises."""
        assert self.point is not None
        signature = self.instance.signature
        function = namespace.get(str(signature.derivative))
        if function is None:
            return None
        head = [self._floats(self.instance.inputs["params"])] if signature.takes_params else []
        try:
            _, gradients = function(*head, *[self._floats(self.instance.inputs[name]) for name in signature.order])
        except (ArithmeticError, ValueError, IndexError):
            return None
        by = {"params": gradients} if signature.wrt == ("params",) else dict(zip(signature.wrt, gradients, strict=False))
        found: dict[str, float] = {}
        for name, gradient in by.items():
            given = self.instance.inputs[name]
            pairs = [(given[k], gradient[k]) for k in given] if isinstance(given, dict) else [(given, gradient)]
            for one, slopes in pairs:
                for (_, variable), (_, slope) in zip(flat(one), flat(slopes), strict=False):
                    found[str(variable.payload)] = float(slope)
        return found

    def _floats(self, value: Any, moved: Mapping[str, float] = {}) -> Any:  # noqa: B006  # never changed
        assert self.point is not None
        if isinstance(value, dict):
            return {key: self._floats(inner, moved) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._floats(inner, moved) for inner in value]
        if not isinstance(value, Term):
            return value
        name = str(value.payload)
        return moved[name] if name in moved else float(self.point.point[name])

    # --- intermediates

    def _intermediates(self) -> list[Row]:
        """`dn` beside `n`: those that hold the whole adjoint, shown as proved; a partial sum is not a claim."""
        known = {**self.instance.inputs, **self.instance.inputs.get("params", {})}
        forward: dict[tuple[str, tuple[tuple[str, int], ...]], Stored] = {}
        rows: dict[str, Row] = {}
        last: dict[tuple[object, ...], Stored] = {}
        for stored in self.instance.stored:
            forward[stored.name, stored.turn] = stored
            last[(*stored.place, stored.turn if stored.name == stored.base else ())] = stored
        for stored in last.values():
            base = stored.base[1:]
            if not stored.base.startswith("d") or base in known or rows.get(base, None) is not None:
                continue
            of = forward.get((stored.name[1:], stored.turn))
            if of is not None and self._is_adjoint(stored, of):
                rows[base] = self._intermediate(base, stored, of)
        return list(rows.values())

    def _is_adjoint(self, stored: Stored, of: Stored) -> bool:
        if self.prover.adjoints is None:
            return False
        space = self.prover.space
        try:
            held = space.times(space.normal(stored.guard), space.normal(stored.cell))
            return held == space.normal(self.prover.adjoints.of(of.cell))
        except UNDECIDED:
            return False

    def _intermediate(self, base: str, stored: Stored, of: Stored) -> Row:
        assert self.prover.adjoints is not None
        claim = Claim(base, of.cell, "proved", "sympy.diff of each statement", stored.cell, None)
        row = Row(base, "intermediate", claim.status, claim.method)
        if self.point is None:
            return row
        truth = self.prover.adjoints.of(of.cell)
        try:
            value, symbolic = float(self.point.value(of.cell)), float(self.point.value(truth))
        except NoValue:
            return row
        note = "" if of.name == base else of.name
        return Row(base, row.role, row.status, row.method, value, None, symbolic, None, None, 1, note)


def _badness(row: Row) -> tuple[bool, float]:
    return row.status == "false", -1.0 if row.ulp is None else row.ulp


__all__ = ["Numbers", "terms"]
