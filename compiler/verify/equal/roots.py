"""Points of finite fields at which square roots exist that are new numbers.

>>> from mgc.compiler.verify.terms import terms
>>> x = terms.symbol("x")
>>> root = terms.function("sqrt", x)
>>> View(Point()).value(x / root - root) == 0, View(rooted([x / root], 1000) or Point()).value(x / root - root) == 0
(False, True)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence

from mgc.compiler.verify.equal.field import FIELDS, Point, is_square
from mgc.compiler.verify.equal.folded import fraction_of
from mgc.compiler.verify.equal.residues import View
from mgc.compiler.verify.terms.terms import Term

MOST_MOVES = 20  # of a point for the root of one term: one that is new is there at all of them with chance 2**-20


class _Search(View):
    """Residues at a point where roots exist, but those of terms that are given up."""

    def __init__(self, point: Point, given_up: Container[Term]) -> None:
        super().__init__(point)
        self.given_up = given_up
        self.there: dict[tuple[int, int], Term] = {}  # what has a root

    def _square(self, residue: int, level: int, of: Term) -> int:
        if of in self.given_up or fraction_of(residue, FIELDS[level]) is not None:
            return super()._square(residue, level, of)
        if not is_square(residue, FIELDS[level]):
            raise _Missing(of)
        self.there.setdefault((level, residue), of)
        return residue


class _Missing(Exception):
    """What a root is taken of, which is no square at this point."""


def rooted(compared: Sequence[Term], most: int) -> Point | None:
    """A point at which roots in terms exist, as many as can be, and are new numbers; None where it takes more work.

    A root is new where what it is taken of was no square at some point at which those before it were: so that is no
    square in their field. What is a square at each point, as x*x + 2*x + 1 is, is given up.
    """
    point = Point()
    are_new: set[Term] = set()
    moves: Counter[Term] = Counter()
    while point.work < most:
        found = _Search(point, {of for of, count in moves.items() if count > MOST_MOVES})
        try:
            for one in compared:
                found.value(one)
            others = [of for of in found.there.values() if of not in are_new]
            if not others:
                point.squares.update(found.there)
                return point
            of = others[0]
        except _Missing as missing:
            (of,) = missing.args
            are_new.add(of)
        moves[of] += 1 if point.redraw(of, found.there.values()) else MOST_MOVES + 1
    return None
