"""Where two expressions that are equal almost everywhere could still differ: zeros, ties, bounds, edges of conditions.

A lattice meets many of them at once; the edges of the conditions that an emitted text has are looked for one by one.
There it must give what the truth gives. A truth without a value says nothing but by its limit, and one that is the same
all around is a gap of the formula, which the text may fill.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct, field

from mgc.compiler.verify.equal import folded
from mgc.compiler.verify.equal.points import (
    STEP,
    Samples,
    both_values,
    close,
    near,
    place,
    rounded,
    scale_of,
    symbols_in,
)
from mgc.compiler.verify.equal.subgradients import Subgradients
from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.evaluation import DIGITS, FINE, Evaluation, NotReal, NoValue
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.trace.values import Stored

NEAR = mpf(10) ** -30  # what is as near as this to an edge is on it
ROUNDING = mpf(10) ** -12  # what an edge may be off by where constants were folded in doubles
FOLDED = mpf(1) / folded.ROUNDING.denominator  # and of a threshold that was
BESIDE = mpf(10) ** -15  # relative: how far from a root a term is seen to be none
DIRECTIONS = 6
MOST_EDGES = 24
MOST_SYMBOLS = 4  # along which a point of an edge is looked for
STARTS = 2  # points from which


class SpecialPoints(Struct):
    """Those of one instance: `forward` has its results, `slopes` what the text says their derivatives are.

    `of_few`: constants in it are sums over nothing, or quotients of one number by itself.
    """

    samples: Samples
    forward: Sequence[Term]
    slopes: Sequence[Term]
    of_few: bool = False
    subgradients: Subgradients | None = None  # where gradients are compared
    _edges: list[Evaluation] | None = field(default=None)

    def agree(self, emitted: Term, truth: Term, lattice: int, edges: bool = False) -> bool:
        """Whether what is emitted is the truth, or its limit, at that many points of a lattice (and on edges)."""
        points = self.samples.lattice(lattice)
        if edges:
            points = [*points, *self.edges()]
        return all(self.agrees_at(point, emitted, truth) for point in points)

    def failing(
        self,
        stored: Sequence[Stored],
        plain: Sequence[Stored],
        truths: Sequence[Term | None],
        lattice: int,
        beside: Sequence[Evaluation] = (),
    ) -> str:
        """A statement that fails where the derivatives have a value, and the point; empty where there is none.

        `plain`: the function's own statements: none fails there. `beside`: points besides those of the lattice.
        """
        for point in (*self.samples.lattice(lattice), *beside):
            if all(truth is not None and has_value(point, truth) for truth in truths) and not self.is_singular(point):
                for one in stored:
                    if fails(point.strictly, one) and not any(fails(point.strictly, own) for own in plain):
                        return f"line {one.line}, at {place(point, [one.guard, one.cell])}"
        return ""

    def edges(self) -> list[Evaluation]:
        """A point on the edge of each condition of the text and on each tie of the function, where one is found."""
        if self._edges is None:
            heights: dict[Term, None] = {}
            for node in terms.topological(self.slopes):
                if node.op in terms.COMPARISONS and len(heights) < MOST_EDGES:
                    a, b = node.args
                    heights[a - b] = None
            found = [self._on_edge(height) for height in heights if height.args or height.op == "symbol"]
            found += [self._on_tie(*tie) for tie in _ties(self.forward)]
            self._edges = [point for point in found if point is not None]
        return self._edges

    def _on_tie(self, one: Term, other: Term, extreme: Term) -> Evaluation | None:
        """A point at which two of several are the largest, or the smallest."""
        found = (point for _, point in roots(one - other, self.samples.points) if self.samples.works(point))
        tied = (at for at in found if has_value(at, extreme) and abs(at.value(one) - at.value(extreme)) <= NEAR)
        return next(tied, None)

    def _on_edge(self, height: Term) -> Evaluation | None:
        found = (point for _, point in roots(height, self.samples.first(STARTS)) if self.samples.works(point))
        point = next(found, None) or root_between(height, self.samples.points)
        return point if point is not None and self.samples.works(point) else None

    def agrees_at(self, point: Evaluation, emitted: Term, truth: Term) -> bool:
        """The same at one point, or part of a subgradient there."""
        return self._is_same(point, emitted, truth) or self.is_subgradient(point)

    def accepts_on(self, heights: Sequence[Term], emitted: Term, truth: Term) -> bool | None:
        """Whether what is emitted is right at points where some terms are all 0; None where none has a value there."""
        accepted = None
        for start in self.samples.points:
            here = meeting(start, heights)
            values = [here.get(height) for height in heights]
            if all(value is not None and abs(value) <= NEAR for value in values) and self.samples.works(here):
                if not self.agrees_at(here, emitted, truth):
                    return False
                if both_values(here, emitted, truth) is not None:
                    accepted = True
        return accepted

    def is_subgradient(self, point: Evaluation) -> bool:
        return self.subgradients is not None and self.subgradients.accepts(point)

    def _is_same(self, point: Evaluation, emitted: Term, truth: Term) -> bool:
        found = both_values(point, emitted, truth)
        if found is None or close(*found, 0):
            return True
        given, exact = found
        if mp.isnan(given):
            return self.is_singular(point)
        scale = scale_of(self.samples.points, truth)
        limit = limit_of(point, truth, scale)
        if mp.isnan(exact):
            return limit is None or near(given, limit, scale)
        if limit is not None and near(given, limit, scale):
            return True
        if point.near:
            return _on_both_edges(point, emitted, truth, ROUNDING, scale)
        within = FOLDED * max([1, *map(abs, point.point.values())])
        return _on_both_edges(point, emitted, truth, within, scale) or rounded(point, emitted, truth)

    def is_singular(self, point: Evaluation) -> bool:
        """Whether an operation of the function has no derivative at a point, as sqrt at 0: there nothing is claimed."""
        for node in terms.topological(self.forward, lambda node: _chosen(node, point)):
            if node.op in derivatives.ELEMENTARY or node.op in ("sqrt", "cbrt", "pow", "hypot", "atan2"):
                try:
                    values = {terms.symbol(f"v{k}"): point.value(given) for k, given in enumerate(node.args)}
                except NoValue:
                    continue
                if not _has_slopes(node, values, self.of_few):
                    return True
        return False


def _ties(roots: Sequence[Term]) -> list[tuple[Term, Term, Term]]:
    """Any two of what a maximum or a minimum is taken of, and that."""
    found: dict[tuple[Term, Term, Term], None] = {}
    inner: set[Term] = set()
    for node in reversed(list(terms.topological(map(terms.bare, roots)))):
        if node.op in ("max", "min") and node not in inner:
            compared = list(node.args)
            while nested := [one for one in compared if one.op == node.op]:
                inner.update(nested)
                compared = [one for one in compared if one.op != node.op] + [a for one in nested for a in one.args]
            found |= {(a, b, node): None for a, b in itertools.combinations(compared, 2) if (a - b).args}
    return list(found)[:MOST_EDGES]


def _chosen(node: Term, point: Evaluation) -> tuple[Term, ...]:
    """The arguments that a derivative can flow to at a point: of a choice the arm that is taken."""
    if node.op == "select" and has_value(point, node.args[0]):
        return (node.args[1] if point.value(node.args[0]) else node.args[2],)
    return derivatives.flowing(node)


def _has_slopes(node: Term, values: dict[Term, Any], of_few: bool) -> bool:
    holes = [given if given.op == "constant" else hole for given, hole in zip(node.args, values, strict=True)]
    if of_few and holes[0].op == "constant":  # a sum or a quotient of sums, at other sizes
        holes[0] = next(iter(values))
    alone = terms.make(node.op, *holes)
    at = Evaluation({str(hole.payload): value for hole, value in values.items()})
    try:
        for hole in holes:
            if hole.op == "symbol":
                at.value(derivatives.derivative(alone, hole, frozenset(holes)))
    except (NoValue, derivatives.Untranslated):
        return False
    return True


def _on_both_edges(point: Evaluation, emitted: Term, truth: Term, within: Any, scale: Any) -> bool:
    """Whether the two agree where constants that were folded in doubles put their edges in one place."""
    found = both_values(Evaluation(point.point, digits=FINE, near=within), emitted, truth)
    return found is None or close(*found, scale)


def roots(height: Term, starts: Iterable[Evaluation], used: Container[str] = ()) -> Iterator[tuple[str, Evaluation]]:
    """Points where a term is 0, found from others by moving one symbol that is not `used`, each with that symbol."""
    names = [str(symbol.payload) for symbol in symbols_in([height])]
    for start in starts:
        if start.point.keys() >= set(names):  # else it is of generalised terms, in which a symbol stands for a part
            for name in [name for name in names if name not in used][:MOST_SYMBOLS]:
                found = root(height, start, name)
                if found is not None:
                    yield name, found


def meeting(start: Evaluation, heights: Iterable[Term]) -> Evaluation:
    """A point where terms are 0 at once, each solved for a symbol of its own, one that is in no other if it can be."""
    here, used, met = start, set[str](), set[str]()
    for height in heights:
        value = here.get(height)
        if value is None or abs(value) > NEAR:
            name, here = next(itertools.chain(roots(height, [here], met), roots(height, [here], used)), ("", here))
            used.add(name)
        met |= {str(symbol.payload) for symbol in symbols_in([height])}
    return here


def root(height: Term, start: Evaluation, name: str) -> Evaluation | None:
    """The point where a term is 0, found from another one by moving one symbol; None where none is found."""
    return _solved(height, lambda value: {**start.point, name: value}, start.point[name], "secant")


def root_between(height: Term, points: Sequence[Evaluation]) -> Evaluation | None:
    """The point where a term is 0, on the line between two points where its signs are opposite."""
    names = {str(symbol.payload) for symbol in symbols_in([height])}
    known = [point for point in points if point.point.keys() >= names and has_value(point, height)]
    signs = {bool(point.value(height) > 0): point.point for point in known}
    if len(signs) < 2:
        return None
    low, high = signs.values()
    line = {name: (value, high[name] - value) for name, value in low.items()}
    return _solved(height, lambda t: {name: a + t * b for name, (a, b) in line.items()}, (mpf(0), mpf(1)), "anderson")


def _solved(height: Term, place: Callable[[Any], dict[str, Any]], guess: Any, solver: str) -> Evaluation | None:
    """The point of a line where a term is 0: `place` takes the number that is solved for."""

    def at(value: Any) -> Any:
        return Evaluation(place(value)).value(height)

    try:
        with mp.workdps(DIGITS):
            found = mp.findroot(at, guess, solver=solver, tol=mpf(10) ** (10 - 2 * DIGITS))
            if not _leads_away(at, found):
                return None
            return Evaluation(place(found), digits=FINE, near=NEAR)
    except (ValueError, ZeroDivisionError, NoValue, TypeError):
        return None


def _leads_away(at: Callable[[Any], Any], found: Any) -> bool:
    """Whether what is 0 at a number is so there alone, or all around: exp(-x) is as small as one likes, and never 0."""
    step = BESIDE * (1 + abs(found))
    return bool(abs(at(found)) <= mpf(10) ** -6 * max(abs(at(found - step)), abs(at(found + step))))


def limit_of(point: Evaluation, truth: Term, scale: Any = 1) -> Any:
    """What a term tends to from all sides on which it has a value; None where it tends to several numbers, or none."""
    values = [value for moved in _around(point) if (value := moved.get(truth)) is not None]
    if len(values) < 2 or not all(near(value, values[0], scale) for value in values):
        return None
    return values[0]


def _around(point: Evaluation) -> Iterator[Evaluation]:
    """Points beside one, in pairs on opposite sides, off every edge that it is on."""
    for turn in range(DIRECTIONS):
        with mp.workdps(FINE):
            moved = {
                name: value + STEP * (-1) ** (turn + (place >> turn // 2)) * (3 + (5 * place + turn) % 7)
                for place, (name, value) in enumerate(point.point.items())
            }
        yield Evaluation(moved, digits=FINE)


def has_value(point: Evaluation, term: Term) -> bool:
    return point.get(term) is not None


def fails(point: Evaluation, stored: Stored) -> bool:
    """Whether CPython gets to a statement at a point, and raises there."""
    if stored.merged or stored.cell.op != "cell" or not has_value(point, stored.guard) or not point.value(stored.guard):
        return False
    try:
        point.value(stored.cell)
    except NotReal:
        return False
    except NoValue:
        return True
    return False
