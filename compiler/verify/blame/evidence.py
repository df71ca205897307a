"""Points that show that two expressions differ, and their values there, as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mpmath import mp  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.certificate import Prover
from mgc.compiler.verify.equal.points import MANY, both_values, close, differ, place
from mgc.compiler.verify.findings import NOISE
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term

ASKED = 12  # false derivatives of which a point is sought
Shown = tuple[str, str, str]
NOTHING: Shown = ("", "", "")


def shown(prover: Prover, emitted: Term, truth: Term) -> Shown:
    """Point, found, wanted: a random point, or a special one, if only that shows it; empty where none does."""
    emitted, truth = terms.bare(emitted), terms.bare(truth)
    point, found, wanted = prover.samples.shown(emitted, truth)
    special = None if point else _special(prover, emitted, truth)
    if special is not None:
        values = both_values(special.strictly, emitted, truth)
        assert values is not None
        point, found, wanted = place(special, [emitted, truth]), mp.nstr(values[0], 10), mp.nstr(values[1], 10)
    found, wanted = _without_noise(found), _without_noise(wanted)
    return (point, found, wanted) if found != wanted else NOTHING


def _special(prover: Prover, emitted: Term, truth: Term) -> Evaluation | None:
    points: Iterable[Evaluation] = [*prover.samples.lattice(MANY), *prover.special.edges()]
    for point in points:
        values = both_values(point.strictly, emitted, truth)
        if values is None or mp.isnan(values[1]) or close(*values):
            continue
        if not prover.special.agrees_at(point, emitted, truth):
            return point
    return None


def _without_noise(number: str) -> str:
    """0 where only the last of the digits is not."""
    try:
        return "0.0" if number and abs(float(number)) < NOISE else number
    except ValueError:
        return number


def showing(prover: Prover, false: Sequence[tuple[Term, Term]]) -> list[Evaluation]:
    """Points at which some results are seen to be false."""
    found: list[Evaluation] = []
    for emitted, truth in [(terms.bare(one), terms.bare(right)) for one, right in false[:ASKED]]:
        if not any(differ(point, emitted, truth) for point in found):
            seen = prover.samples.counterexample(emitted, truth)
            point = seen[0] if seen is not None else _special(prover, emitted, truth)
            found += [] if point is None else [point]
    return found
