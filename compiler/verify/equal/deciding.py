"""Whether two terms are the same function off the edges of their conditions, and on which edges they may differ.

>>> x, y = terms.symbol("x"), terms.symbol("y")
>>> residues = Residues()
>>> residues.equal((x + y) * (x - y), x * x - y * y)
True
>>> residues.settle(terms.select(x > y, x, y), terms.select(x >= y, y, x)).verdict
'open'
>>> settled = residues.settle(terms.select(x > y, 1, 0), terms.select(x >= y, 1, 0))
>>> settled.verdict, len(settled.edges)
('zero off kinks', 1)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from mgc.compiler.verify.equal.facts import FLAT
from mgc.compiler.verify.equal.field import FIELDS, Point
from mgc.compiler.verify.equal.folded import fraction_of
from mgc.compiler.verify.equal.points import symbols_in
from mgc.compiler.verify.equal.residues import View
from mgc.compiler.verify.equal.roots import rooted
from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.terms import Term

MOST_WORK = 100_000  # residues that one case distinction may compute


class TooMuch(Exception):
    """A case distinction would compute more residues."""


class Settled(Struct, frozen=True):
    """`zero`, or `zero off kinks`: but for edges, on each of which some terms are 0; `open`, where neither is shown."""

    verdict: Literal["zero", "zero off kinks", "open"]
    edges: tuple[tuple[Term, ...], ...] = ()


class Residues:
    """What is known of the terms of one instance at the point where they are compared, no condition having a sign."""

    def __init__(self) -> None:
        self.view = View(Point())

    def equal(self, a: Term, b: Term) -> bool:
        """Whether two terms are the same function on every path and on every edge. Errors: clock.OutOfWork."""
        return _difference(self.view, terms.bare(a), terms.bare(b)) == 0

    def settle(self, a: Term, b: Term) -> Settled:
        """Errors: clock.OutOfWork."""
        compared = terms.bare(a), terms.bare(b)
        found = _settled_at(self.view, *compared)
        if found.verdict == "open" and any(map(takes_roots, compared)):
            point = rooted(compared, MOST_WORK)
            found = found if point is None else _settled_at(View(point), *compared)
        return found


def takes_roots(term: Term) -> bool:
    """Whether a root is taken in a term, but for those of what is written as a square."""
    alone = View(Point())
    return alone.value(term) is None or bool(alone.radicands)


def _settled_at(view: View, a: Term, b: Term) -> Settled:
    difference = _difference(view, a, b)
    if difference == 0 or difference is None:
        return Settled("open" if difference is None else "zero")
    try:
        return _settled(View(view.point), a, b)  # whose conditions are those of a and b
    except TooMuch:
        return Settled("open")


def _settled(view: View, a: Term, b: Term) -> Settled:
    """Errors: TooMuch."""
    edges: dict[tuple[Term, ...], None] = {}
    until = view.point.work + MOST_WORK
    likely = list(_mattering(view, a, b, (), until))
    for at, met in _differing(view, a, b, {}, likely, until):
        heights = (met[place] for place, sign in at.signs.items() if sign == 0)
        zeros = tuple(height for height in heights if _is_thin(at, height))
        if not zeros:
            return Settled("open")
        edges[zeros] = None
    return Settled("zero off kinks", tuple(edges)) if edges else Settled("zero")


def _differing(
    view: View, a: Term, b: Term, known: Mapping[int, Term], likely: Sequence[int], until: int
) -> Iterator[tuple[View, Mapping[int, Term]]]:
    """The cases in which two terms are not shown to be equal, with the terms that their conditions are about.

    `likely`: conditions that matter where no case is distinguished, which are asked about first. `until`: the work of
    the point after which no case is split into others. Errors: TooMuch.
    """
    if _difference(view, a, b) == 0:
        return
    met = {**view.met, **known}
    chosen = next(_mattering(view, a, b, likely, until), None)
    if chosen is None:
        yield view, met
        return
    for sign in (1, -1, 0):
        case = {**view.signs, chosen: sign}
        if not _contradict(view, case, met):
            yield from _differing(View(view.point, case), a, b, met, likely, until)


def _mattering(view: View, a: Term, b: Term, likely: Sequence[int], until: int) -> Iterator[int]:
    """The conditions on which a difference depends. Errors: TooMuch."""
    here = _difference(view, a, b)
    for place in sorted(view.met, key=lambda place: place not in likely) if here != 0 else ():
        if view.point.work > until:
            raise TooMuch
        if here is None or _difference(View(view.point, view.signs, place), a, b) != here:
            yield place


def _difference(view: View, a: Term, b: Term) -> int | None:
    x, y = view.value(a), view.value(b)
    return None if x is None or y is None else (x - y) % FIELDS[0]


def _contradict(view: View, case: Mapping[int, int], met: Mapping[int, Term]) -> bool:
    """Whether no point has these signs: x > y, y > z and z > x add up to 0 > 0, x > 3 and 4 > 2*x to -1 > 0."""
    p = FIELDS[0]
    signed = [(_scaled(view, place, met[place]) * (sign or 1), sign) for place, sign in case.items()]
    signed += [(-height, 0) for height, sign in signed if sign == 0]
    for size in (2, 3):
        for chosen in itertools.combinations(signed, size):
            total = fraction_of(sum(height for height, _ in chosen) % p, p)
            if total is not None and (total < 0 or (total == 0 and any(sign for _, sign in chosen))):
                return True
    return False


def _scaled(view: View, place: int, term: Term) -> int:
    """What a condition is about, with a factor of 1 or -1 before a symbol, so that those of two bounds of it cancel."""
    point = view.point
    if place not in point.scaled:
        slope = abs(next((slope for _, _, slope in _lines(view, term)), Fraction(1)))
        factor = slope.denominator * pow(slope.numerator, -1, FIELDS[0])
        point.scaled[place] = point.heights[place][0] * factor % FIELDS[0]
    return point.scaled[place]


def _lines(view: View, term: Term) -> Iterator[tuple[Term, Term, Fraction]]:
    """The symbols by which a term is linear, each with what the term is where it is 0, and its factor: a number."""
    for node in () if takes_roots(term) else sorted(symbols_in([term]), key=lambda node: node.serial):
        with suppress(ZeroDivisionError):
            rest, there = (terms.bare(derivatives.substituted(term, {node: terms.constant(n)})) for n in (0, 1))
            rise = _difference(view, there, rest)
            slope = fraction_of(rise, FIELDS[0]) if rise else None
            if slope and _difference(view, term, terms.bare(rest + node * slope)) == 0:
                yield node, rest, slope


def _is_thin(view: View, height: Term) -> bool:
    """Whether a term is 0 on no open set: true where it is analytic, and not where it is flat, as floor(x) - 1 is.

    Where a root is taken, as in sqrt(2*x**2) - sqrt(2)*x, it may be.
    """
    if takes_roots(height):
        return False
    reached = terms.topological([height], view.chosen)
    return not any(node.op in FLAT and len(view.chosen(node)) == len(node.args) for node in reached)


def on_edge(residues: Residues, height: Term, *of: Term) -> list[Term] | None:
    """Terms where another one is 0, if that is a number times a symbol and the rest: without the symbol.

    >>> x, y = terms.symbol("x"), terms.symbol("y")
    >>> on_edge(Residues(), 7 * x - 5, x + y) == [terms.bare(y + Fraction(5, 7))]
    True
    """
    for node, rest, slope in _lines(residues.view, terms.bare(height)):
        with suppress(ZeroDivisionError):
            return [terms.bare(derivatives.substituted(one, {node: -rest / slope})) for one in of]
    return None
