"""Rows for the named values of the forward half: how the result depends on each, and what the text holds for it."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from types import FrameType
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


class _Inside(Struct, frozen=True, dict=True):
    """`held`: what was stored under each name that begins with d; the last is what the name ends with."""

    numbers: Numbers
    adjoints: Adjoints
    place: Place
    held: Mapping[str, list[Stored]]

    @cached_property
    def variables(self) -> Mapping[str, Any]:
        """Those of the derivative's function, as they are when it returns to CPython."""
        pair, called = self.numbers.pair, self.place.called
        if pair is None or called is None:
            return {}
        return _variables_of(pair.namespace[str(pair.signature.derivative)], called.passed)

    def row(self, base: str, entries: Sequence[Stored]) -> Iterator[Row]:
        """The row of one name; none where nothing flows to any of its entries."""
        flowing = [one for one in entries if self.adjoints.of(one.cell) is not terms.ZERO]
        pairs = [(one, self._in_text(one)) for one in flowing[:: max(1, len(flowing) // MOST)]]
        if not pairs:
            return
        known = [kept[1] for _, kept in pairs if kept is not None]
        whole = len(known) == len(pairs)
        status: Status = worst("proved", *known) if whole else "not checked"
        method = STATEMENTS if status == "proved" else f"1 point, {DIGITS} digits" if whole else ""
        plain = Row(base, "intermediate", status, method, count=len(entries), note="" if whole else NO_ADJOINT)
        found = []
        for one, kept in pairs:
            ends = kept is not None and whole and self.held[f"d{one.name}"][-1] is kept[0]
            found += [(row, one.cell) for row in self._entry(plain, one, ends)]
        if not found:
            yield from [plain] if whole else []
            return
        row, cell = max(found, key=lambda one: badness(one[0]))
        difference, _ = self.numbers.difference(cell, self.adjoints.of(cell))
        if not whole and difference is not None:
            row = replace(row, status="tested", method=f"difference, {DIGITS} digits")
        yield replace(row, difference=difference)

    def _in_text(self, stored: Stored) -> tuple[Stored, Status] | None:
        """What the text stored under d<name> that is the adjoint of a cell, and how well that is known; else None."""
        candidates = self.held.get(f"d{stored.name}", [])[::-1]
        adjoint = self.adjoints.of(stored.cell)
        first: tuple[Stored, Status] | None = None
        for one in sorted(candidates, key=lambda one: one.turn != stored.turn)[:MOST]:
            held = terms.select(one.guard, one.cell, 0)
            values = both_values(self.place.point, held, adjoint)
            if held is adjoint or (values is not None and close(*values)):
                if held is adjoint or self.numbers.prover.residues.equal(held, adjoint):
                    return one, "proved"
                first = first or (one, "tested")
        return first

    def _entry(self, row: Row, stored: Stored, ends: bool) -> Iterator[Row]:
        """With the numbers of one entry; `ends`: CPython's variable holds its adjoint when the function returns."""
        value, exact = (self.place.point.get(one) for one in (stored.cell, self.adjoints.of(stored.cell)))
        if value is not None and exact is not None and math.isfinite(float(value)) and math.isfinite(exact):
            emitted = _looked_up(self.variables, f"d{stored.name}") if ends else None
            note = row.note or ("" if stored.name == stored.base else stored.name)
            yield numbered(row, float(value), emitted, exact, note)


def _variables_of(function: Callable[..., Any], passed: Sequence[Any]) -> Mapping[str, Any]:
    """A function's own variables as they are when it returns."""
    found: dict[str, Any] = {}

    def watch(frame: FrameType, event: str, argument: object) -> None:
        if event == "return" and frame.f_code is getattr(function, "__code__", None):
            found.update(frame.f_locals)

    if sys.getprofile() is None:  # else someone measures this run: leave that alone
        sys.setprofile(watch)
        try:
            function(*passed)
        finally:
            sys.setprofile(None)
    return found


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
