"""Rows for the named values of the forward half: how the result depends on each, and what the text holds for it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.verify import clock
from mgc.compiler.verify.certificate import STATEMENTS, Prover
from mgc.compiler.verify.equal.adjoints import Adjoints
from mgc.compiler.verify.equal.points import both_values, close
from mgc.compiler.verify.findings import NO_ADJOINT, Row, Status, worst
from mgc.compiler.verify.numbers.numbers import Numbers, Place, badness, numbered
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import DIGITS
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.names import BOOKKEEPING
from mgc.compiler.verify.trace.values import Stored

MOST = 16  # entries of one name that are compared


def rows(numbers: Numbers) -> list[Row]:
    """One for each name of the forward half that stands for something, in the order of the text."""
    prover = numbers.prover
    if prover.adjoints is None or numbers.place is None:
        return []
    final = _final(prover)
    held: dict[str, list[Stored]] = {}
    for stored in final:
        if stored.base.startswith("d"):
            held.setdefault(stored.name, []).append(stored)
    inside = _Inside(numbers, prover.adjoints, numbers.place, held)
    found: list[Row] = []
    for base, entries in _named(numbers, final).items():
        if clock.now() > prover.deadline:
            break
        found += inside.row(base, entries)
    return found


def _final(prover: Prover) -> list[Stored]:
    """What was stored without the partial sums of what was stored later, and the arms of what a branch chose."""
    passed = {(stored.name, stored.before) for stored in prover.instance.stored}
    for stored in prover.instance.stored:
        if stored.cell.op == "cell" and stored.cell.args[0].op == "select":
            passed.update((stored.name, arm) for arm in stored.cell.args[0].args[1:])
    return [one for one in prover.instance.stored if (one.name, one.cell) not in passed]


def _named(numbers: Numbers, final: Sequence[Stored]) -> Mapping[str, list[Stored]]:
    """What the forward half stored under each name and differentiates, but for second names of another number."""
    results = set(numbers.instance.again)
    last: dict[tuple[object, ...], Stored] = {}
    for stored in final:
        kept = stored.cell
        is_own = kept.op == "cell" and isinstance(kept.payload, tuple) and kept.payload[0] == stored.name
        if is_own and kept in numbers.active and kept not in results and not BOOKKEEPING.fullmatch(stored.base):
            last[stored.name, stored.turn] = stored
    found: dict[str, list[Stored]] = {}
    for stored in last.values():
        found.setdefault(stored.base, []).append(stored)
    return found


class _Inside(Struct, frozen=True):
    """`held`: what was stored under each name that begins with d; the last is what the name ends with."""

    numbers: Numbers
    adjoints: Adjoints
    place: Place
    held: Mapping[str, list[Stored]]

    def row(self, base: str, entries: Sequence[Stored]) -> Iterator[Row]:
        """The row of one name; none where nothing flows to any of its entries."""
        flowing = [one for one in entries if self.adjoints.of(one.cell) is not terms.ZERO]
        if not flowing:
            return
        pairs = [(one, self._in_text(one)) for one in flowing[:: max(1, len(flowing) // MOST)]]
        known = [kept[1] for _, kept in pairs if kept is not None]
        whole = len(known) == len(pairs)
        status: Status = worst("proved", *known) if whole else "tested"
        method = STATEMENTS if status == "proved" else f"1 point, {DIGITS} digits" if whole else ""
        plain = Row(base, "intermediate", status, method, count=len(entries))
        found = []
        for one, kept in pairs:
            ends = kept is not None and whole and self.held[f"d{one.name}"][-1] is kept[0]
            found += [(row, one.cell) for row in self._entry(plain, one, ends)]
        if not found:
            yield from [plain] if whole else []
            return
        row, cell = max(found, key=lambda one: badness(one[0]))
        difference, _ = self.numbers.difference(cell, self.adjoints.of(cell))
        if whole:
            yield replace(row, difference=difference)
        elif difference is None:
            yield replace(row, status="not checked", method="", note=NO_ADJOINT)
        else:
            yield replace(row, method=f"difference, {DIGITS} digits", difference=difference, note=NO_ADJOINT)

    def _in_text(self, stored: Stored) -> tuple[Stored, Status] | None:
        """What the text stored under d<name> that is the adjoint of a cell, and how well that is known; else None."""
        candidates = self.held.get(f"d{stored.name}", [])[::-1]
        first = None
        for one in sorted(candidates, key=lambda one: one.turn != stored.turn)[:MOST]:
            status = self._equal(terms.select(one.guard, one.cell, 0), self.adjoints.of(stored.cell))
            if status == "proved":
                return one, status
            if status is not None and first is None:
                first = one, status
        return first

    def _equal(self, held: Term, adjoint: Term) -> Status | None:
        """How well it is known that something held is an adjoint; None where it is not, as a point shows."""
        if held is adjoint:
            return "proved"
        found = both_values(self.place.point, held, adjoint)
        if found is None or not close(*found):
            return None
        return "proved" if self.numbers.prover.residues.equal(held, adjoint) else "tested"

    def _entry(self, row: Row, stored: Stored, ends: bool) -> Iterator[Row]:
        """With the numbers of one entry; `ends`: CPython's variable holds its adjoint when the function returns."""
        value, exact = (self.place.point.get(one) for one in (stored.cell, self.adjoints.of(stored.cell)))
        if value is None or exact is None or not (math.isfinite(float(value)) and math.isfinite(exact)):
            return  # no doubles have it
        called = self.place.called
        emitted = _looked_up(called.names, f"d{stored.name}") if ends and called is not None else None
        note = "" if stored.name == stored.base else stored.name
        yield numbered(row, float(value), emitted, exact, note)


def _looked_up(names: Mapping[str, Any], path: str) -> float | None:
    """The number under a name as the text has it, `dh[3]`; None where the function has none there."""
    base, *places = re.split(r"\[|\]\[|\]", path)
    try:
        value = names[base]
        for place in places:
            value = value[int(place)] if place else value
        return float(value)
    except (LookupError, TypeError, ValueError):
        return None
