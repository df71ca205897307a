"""Points that show that two expressions differ, and their values there, as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mpmath import mp  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.certificate import Prover
from mgc.compiler.verify.equal.points import MANY, both_values, close, differ
from mgc.compiler.verify.findings import NOISE
from mgc.compiler.verify.pasted import call_at, repr_of
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term

ASKED = 12  # false derivatives of which a point is sought
Shown = tuple[str, str, str]
NOTHING: Shown = ("", "", "")


def shown(prover: Prover, emitted: Term, truth: Term, name: str | None = None) -> Shown:
    """Call, found, wanted: at a random point, or a special one, if only that shows it; empty where none does.

    `name`: of the function that is called, where that is not the derivative's.
    """
    emitted, truth = terms.bare(emitted), terms.bare(truth)
    seen = prover.samples.counterexample(emitted, truth, MANY)
    point = seen[0] if seen is not None else _special(prover, emitted, truth)
    if point is None:
        return NOTHING
    values = seen[1:] if seen is not None else both_values(point.strictly, emitted, truth)
    assert values is not None
    found, wanted = ("0.0" if abs(value) < NOISE else repr_of(value) for value in values)
    return (call_at(prover.instance, point, name), found, wanted) if found != wanted else NOTHING


def _special(prover: Prover, emitted: Term, truth: Term) -> Evaluation | None:
    points: Iterable[Evaluation] = [*prover.samples.lattice(MANY), *prover.special.edges()]
    for point in points:
        values = both_values(point.strictly, emitted, truth)
        if values is None or mp.isnan(values[1]) or close(*values):
            continue
        if not prover.special.agrees_at(point, emitted, truth):
            return point
    return None


def showing(prover: Prover, false: Sequence[tuple[Term, Term]]) -> list[Evaluation]:
    """Points at which some results are seen to be false."""
    found: list[Evaluation] = []
    for emitted, truth in [(terms.bare(one), terms.bare(right)) for one, right in false[:ASKED]]:
        if not any(differ(point, emitted, truth) for point in found):
            seen = prover.samples.counterexample(emitted, truth)
            point = seen[0] if seen is not None else _special(prover, emitted, truth)
            found += [] if point is None else [point]
    return found
