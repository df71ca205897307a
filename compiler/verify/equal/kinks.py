"""What holds exactly on a kink, where left and right derivatives differ: the edge of a condition.

Emitted code takes the derivative of one side, or the mean of both (equal shares for a tie; 0 of abs), which is the
subgradient of least norm there; where the derivative is singular it takes the convention of the table of kinks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mgc.compiler.verify.algebra.assumptions import on_edge
from mgc.compiler.verify.algebra.conditions import conditions_in
from mgc.compiler.verify.algebra.deciding import settle
from mgc.compiler.verify.algebra.monomials import Poly
from mgc.compiler.verify.algebra.normal import term_of
from mgc.compiler.verify.algebra.polynomials import Space, TooLarge
from mgc.compiler.verify.equal.edges import NEAR, SpecialPoints, meeting, near
from mgc.compiler.verify.equal.points import both_values, scale_of
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term

FEW = 3  # conditions whose edges are also settled by algebra


@dataclass(frozen=True, slots=True)
class Edge:
    """Where some terms are all 0, and whether what is emitted there is accepted; None where no point was found."""

    heights: Sequence[Term]
    accepted: bool | None

    def __str__(self) -> str:
        return ", ".join(f"{height} = 0" for height in self.heights)


def edges(space: Space, special: SpecialPoints, emitted: Term, truth: Term, difference: Poly) -> Iterator[Edge]:
    """Every edge on which the two may differ, and all that meet where a difference is."""
    conditions = conditions_in(space, difference)
    for condition in conditions:
        edge = _tried(space, special, emitted, truth, (condition,))
        if edge.accepted is not None or len(conditions) > FEW or not _vanishes(space, difference, condition):
            yield edge
    for monomial in difference:
        zeros = tuple(space.atom("P", space.atoms[a][1]) for a, _ in monomial if space.kind(a) == "Z")
        if len(zeros) > 1:
            yield _tried(space, special, emitted, truth, zeros)


def _tried(space: Space, special: SpecialPoints, emitted: Term, truth: Term, conditions: Sequence[int]) -> Edge:
    """What is emitted at points where the edges of conditions meet."""
    heights = [term_of(space, space.polys[condition]) for condition in conditions]
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


def _vanishes(space: Space, difference: Poly, condition: int) -> bool:
    """Whether nothing is left of a difference on the edge of one condition, away from the edges of others."""
    try:
        return settle(space, on_edge(space, difference, condition), {condition: 0}) != "open"
    except (ZeroDivisionError, TooLarge):
        return False
