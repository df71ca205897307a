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
        on_edge = space.assuming(difference, {condition: 0}) if _defined(space, difference, condition) else None
        if on_edge is not None and space.settle(on_edge) == "zero":
            continue
        found.append(_judged(space, emitted, truth, condition))
    return found


def _defined(space: Space, poly: Poly, condition: int) -> bool:
    try:
        space.assuming(poly, {condition: 0})
    except ZeroDivisionError:
        return False
    return True


def _judged(space: Space, emitted: Poly, truth: Poly, condition: int) -> Boundary:
    try:
        here = space.assuming(emitted, {condition: 0})
        above, below = (space.assuming(truth, {condition: sign}) for sign in (1, -1))
    except ZeroDivisionError:
        return Boundary(condition, True, "singular")
    if singular(space, truth, condition):
        return Boundary(condition, True, "singular")
    both = space.plus(above, below)
    for how, one in (("one side", above), ("one side", below)):
        if space.settle(space.minus(here, one)) != "open":
            return Boundary(condition, True, how)
    doubled = space.plus(here, here)
    if space.settle(space.minus(doubled, both)) != "open":
        return Boundary(condition, True, "mean of both sides")
    return Boundary(condition, False, "")


def singular(space: Space, truth: Poly, condition: int) -> bool:
    """Whether the true derivative has no finite value where e = 0: it divides by e, or takes its logarithm."""
    edge = space.conditions_of(condition)
    bases = {atom for monomial in edge for atom, _ in monomial}
    for monomial in truth:
        for atom, exponent in monomial:
            if atom in bases and (exponent < 0 or exponent != int(exponent)):
                return True
            if space.is_singular_at(atom, edge):
                return True
    return False
