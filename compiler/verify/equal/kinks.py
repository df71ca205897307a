"""What holds exactly on a kink, where left and right derivatives differ: the edge of a condition.

Emitted code takes the derivative of one side, or the mean of both (equal shares for a tie; 0 of abs), which is the
subgradient of least norm there; where the derivative is singular it takes the convention of the table of kinks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mgc.compiler.verify.equal.deciding import Residues, on_edge
from mgc.compiler.verify.equal.edges import NEAR, SpecialPoints, meeting, near
from mgc.compiler.verify.equal.points import both_values, scale_of
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term


@dataclass(frozen=True, slots=True)
class Edge:
    """Where some terms are all 0, and whether what is emitted there is accepted; None where no point was found."""

    heights: Sequence[Term]
    accepted: bool | None

    def __str__(self) -> str:
        return ", ".join(f"{height} = 0" for height in self.heights)


def edges(
    residues: Residues, special: SpecialPoints, emitted: Term, truth: Term, differing: Sequence[Sequence[Term]]
) -> Iterator[Edge]:
    """Every edge on which the two may differ: where all of some terms are 0."""
    for heights in differing:
        edge = _tried(special, emitted, truth, heights)
        if edge.accepted is not None or not _is_same_on(residues, heights, emitted, truth):
            yield edge


def _tried(special: SpecialPoints, emitted: Term, truth: Term, heights: Sequence[Term]) -> Edge:
    """What is emitted at points where some terms are 0."""
    accepted = None
    for start in special.samples.points:
        here = meeting(start, heights)
        values = [here.get(height) for height in heights]
        if all(value is not None and abs(value) <= NEAR for value in values):
            if special.samples.works(here) and not _agree(special, here, emitted, truth):
                return Edge(heights, False)
            accepted = True
    return Edge(heights, accepted)


def _agree(special: SpecialPoints, here: Evaluation, emitted: Term, truth: Term) -> bool:
    """Whether the two are as near as terms that cancel beside an edge can be, or one is right there all the same."""
    found = both_values(here, emitted, truth)
    is_near = found is None or near(*found, scale_of(special.samples.points, truth))
    return is_near or special.agrees_at(here, emitted, truth)


def _is_same_on(residues: Residues, heights: Sequence[Term], emitted: Term, truth: Term) -> bool:
    """Whether the two are equal where a term is 0, away from the edges of others."""
    found = on_edge(residues, heights[0], emitted, truth) if len(heights) == 1 else None
    return found is not None and residues.settle(*found).verdict != "open"
