"""A point that shows that two expressions differ, and their values there, as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from mpmath import mp  # type: ignore[import-untyped]  # it carries no types
from msgspec.structs import replace

from mgc.compiler.verify import clock
from mgc.compiler.verify.blame.forward import Told
from mgc.compiler.verify.blame.neighbours import ASKED, LATTICE
from mgc.compiler.verify.certificate import Claim, Prover
from mgc.compiler.verify.equal.points import both_values, close, place
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term

STEPS = 800_000  # for the numbers of one
Shown = tuple[str, str, str]
NOTHING: Shown = ("", "", "")


def shown(prover: Prover, emitted: Term, truth: Term | None) -> Shown:
    """Point, found, wanted: a random point, or a special one, if only that shows it; empty where none does."""
    if truth is None:
        return NOTHING
    found = prover.samples.shown(emitted, truth)
    return found if any(found) else _at_special(prover, emitted, truth)


def with_numbers(told: Told, prover: Prover, false: Sequence[Claim]) -> Told:
    """Where a statement has no numbers of its own that differ, those of a derivative that it makes false."""
    _, own, right = told.shown
    for claim in false[:ASKED] if own == right else ():
        with suppress(clock.OutOfWork), clock.until(clock.now() + STEPS):
            where, found, wanted = shown(prover, claim.emitted, claim.truth)
            if found != wanted:
                return replace(told, shown=(f"{where}: the derivative by {claim.variable}", found, wanted))
    return told


def _at_special(prover: Prover, emitted: Term, truth: Term) -> Shown:
    emitted, truth = terms.bare(emitted), terms.bare(truth)
    points: Iterable[Evaluation] = [*prover.samples.lattice(LATTICE), *prover.special.edges()]
    for point in points:
        values = both_values(point.strictly, emitted, truth)
        if values is None or mp.isnan(values[1]) or close(*values):
            continue
        if not prover.special.agrees_at(point, emitted, truth):
            return place(point, [emitted, truth]), mp.nstr(values[0], 10), mp.nstr(values[1], 10)
    return NOTHING
