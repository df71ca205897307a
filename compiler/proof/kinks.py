"""What holds exactly on a kink, where left and right derivatives differ: the boundary of a condition.

Emitted code takes the derivative of one side, or the mean of both (equal shares for a tie; 0 of abs), which is the
subgradient of least norm there; where the derivative is singular it takes the convention of the table of kinks.
"""

from __future__ import annotations

from dataclasses import dataclass

from mgc.compiler.proof.normal import Poly, Space


@dataclass(frozen=True, slots=True)
class Boundary:
    """A condition's edge e = 0 (by the atom of e > 0), and whether what is emitted there is a subgradient."""

    condition: int
    accepted: bool
    how: str


def boundaries(space: Space, emitted: Poly, truth: Poly, difference: Poly) -> list[Boundary]:
    """Every edge on which the emitted derivative is not simply that of the branch taken."""
    found = []
    for condition in space.conditions(difference):
        try:
            if space.settle(space.on_edge(difference, condition), {condition: 0}) != "open":
                continue
        except ZeroDivisionError:
            pass
        found.append(_judged(space, emitted, truth, condition))
    return found


def _judged(space: Space, emitted: Poly, truth: Poly, condition: int) -> Boundary:
    try:
        here = space.on_edge(emitted, condition)
        above, below = (space.on_edge(space.assuming(truth, {condition: sign}), condition) for sign in (1, -1))
    except ZeroDivisionError:
        return Boundary(condition, True, "singular")
    for one in (above, below):
        if space.settle(space.minus(here, one), {condition: 0}) != "open":
            return Boundary(condition, True, "one side")
    if space.settle(space.minus(space.plus(here, here), space.plus(above, below)), {condition: 0}) != "open":
        return Boundary(condition, True, "mean of both sides")
    return Boundary(condition, False, "")
