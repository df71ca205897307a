"""Rows for the named values of the forward half: how the result depends on each, and what the text holds for it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from mgc.compiler.verify import clock
from mgc.compiler.verify.certificate import STATEMENTS, Prover
from mgc.compiler.verify.equal.points import both_values, close
from mgc.compiler.verify.findings import NO_ADJOINT, Row, Status, worst
from mgc.compiler.verify.numbers.numbers import Numbers, badness, numbered
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import DIGITS, NoValue
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.names import BOOKKEEPING
from mgc.compiler.verify.trace.values import Stored

MOST = 16  # entries of one name that are compared


def rows(numbers: Numbers) -> list[Row]:
    """One for each name of the forward half that stands for something, in the order of the text."""
    prover = numbers.prover
    if prover.adjoints is None or numbers.place is None:
        return []
    held = _held(prover)
    found = []
    for base, entries in _named(numbers).items():
        if clock.now() > prover.deadline:
            break
        row = _row(numbers, base, entries, held)
        if row is not None:
            found.append(row)
    return found


def _named(numbers: Numbers) -> Mapping[str, list[Stored]]:
    """What the forward half stored under each name and differentiates."""
    results = set(numbers.instance.again)
    last: dict[tuple[object, ...], Stored] = {}
    for stored in _final(numbers.prover):
        kept = stored.cell
        if (
            kept.op == "cell"
            and _is_own(stored)
            and kept in numbers.active
            and kept not in results
            and not BOOKKEEPING.fullmatch(stored.base)
        ):
            last[stored.name, stored.turn] = stored
    found: dict[str, list[Stored]] = {}
    for stored in last.values():
        found.setdefault(stored.base, []).append(stored)
    return found


def _held(prover: Prover) -> Mapping[str, list[Stored]]:
    """What was stored under each name that begins with d; the last is what the name ends with."""
    found: dict[str, list[Stored]] = {}
    for stored in _final(prover):
        if stored.base.startswith("d"):
            found.setdefault(stored.name, []).append(stored)
    return found


def _final(prover: Prover) -> list[Stored]:
    """What was stored without the partial sums of what was stored later, and the arms of what a branch chose."""
    passed = {(stored.name, stored.before) for stored in prover.instance.stored}
    for stored in prover.instance.stored:
        if stored.cell.op == "cell" and stored.cell.args[0].op == "select":
            passed.update((stored.name, arm) for arm in stored.cell.args[0].args[1:])
    return [one for one in prover.instance.stored if (one.name, one.cell) not in passed]


def _is_own(stored: Stored) -> bool:
    """Whether it is a number of its own, and no second name of another."""
    return stored.cell.op != "cell" or (
        isinstance(stored.cell.payload, tuple) and stored.cell.payload[0] == stored.name
    )


def _row(numbers: Numbers, base: str, entries: list[Stored], held: Mapping[str, list[Stored]]) -> Row | None:
    """The row of one name; None where nothing flows to any of its entries."""
    prover, place = numbers.prover, numbers.place
    assert prover.adjoints is not None
    assert place is not None
    flowing = [one for one in entries if prover.adjoints.of(one.cell) is not terms.ZERO]
    if not flowing:
        return None
    pairs = {one.cell: _adjoint_in_text(numbers, one, held) for one in flowing[:: max(1, len(flowing) // MOST)]}
    whole = all(pair is not None for pair in pairs.values())
    status: Status = worst("proved", *(pair[1] for pair in pairs.values() if pair is not None)) if whole else "tested"
    method = STATEMENTS if status == "proved" else f"1 point, {DIGITS} digits" if whole else ""
    plain = Row(base, "intermediate", status, method, count=len(entries))
    found = []
    for one in flowing:
        if one.cell in pairs:
            kept = pairs[one.cell]
            ends = kept is not None and whole and held[f"d{one.name}"][-1] is kept[0]
            found += list(_entry(numbers, plain, one, ends))
    if not found:
        return None if not whole else plain
    row, cell = max(found, key=lambda one: badness(one[0]))
    difference, _ = numbers.difference(cell, prover.adjoints.of(cell))
    if whole:
        return replace(row, difference=difference)
    if difference is None:
        return replace(row, status="not checked", method="", note=NO_ADJOINT)
    return replace(row, method=f"difference, {DIGITS} digits", difference=difference, note=NO_ADJOINT)


def _entry(numbers: Numbers, row: Row, stored: Stored, ends: bool) -> Iterator[tuple[Row, Term]]:
    """The row with the numbers of one entry; `ends`: CPython's variable holds its adjoint when the function returns."""
    assert numbers.place is not None
    assert numbers.prover.adjoints is not None
    point = numbers.place.point
    try:
        value = float(point.value(stored.cell))
        exact = point.value(numbers.prover.adjoints.of(stored.cell))
    except NoValue:
        return
    if not (math.isfinite(value) and math.isfinite(exact)):
        return  # no doubles have it
    called = numbers.place.called
    emitted = _looked_up(called.names, f"d{stored.name}") if ends and called is not None else None
    note = "" if stored.name == stored.base else stored.name
    yield numbered(row, value, emitted, exact, note), stored.cell


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


def _adjoint_in_text(
    numbers: Numbers, stored: Stored, held: Mapping[str, list[Stored]]
) -> tuple[Stored, Status] | None:
    """What the text stored under d<name> that is the adjoint of a cell, and how well that is known; else None."""
    assert numbers.prover.adjoints is not None
    adjoint = numbers.prover.adjoints.of(stored.cell)
    candidates = held.get(f"d{stored.name}", [])[::-1]
    for one in sorted(candidates, key=lambda one: one.turn != stored.turn)[:MOST]:
        status = _equal(numbers, one, adjoint)
        if status is not None:
            return one, status
    return None


def _equal(numbers: Numbers, held: Stored, adjoint: Term) -> Status | None:
    """How well it is known that something held is an adjoint; None where it is not, as a point shows."""
    assert numbers.place is not None
    guarded = terms.select(held.guard, held.cell, 0)
    if guarded is adjoint:
        return "proved"
    found = both_values(numbers.place.point, guarded, adjoint)
    if found is None or not close(*found):
        return None
    return "proved" if numbers.prover.residues.equal(guarded, adjoint) else "tested"
