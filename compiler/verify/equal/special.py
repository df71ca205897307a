"""Where two expressions that are equal almost everywhere could still differ: zeros, ties, bounds, edges of conditions.

A lattice meets many of them at once; the edges that an emitted text has are looked for one by one, and both sides of
them. There the text must give what the truth gives, as CPython runs it, where 0 times what has no value has none. A
truth without a value says nothing but by its limit, and one that is the same all around is a gap of the formula, which
the text may fill.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from mpmath import mp  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct, field

from mgc.compiler.verify.equal.arms import EQUALITIES, alternatives, is_missed, reaching, within_equalities
from mgc.compiler.verify.equal.domain import Unguarded
from mgc.compiler.verify.equal.edges import is_zero, meeting, of_conditions, of_ties, on_edge, on_tie
from mgc.compiler.verify.equal.points import (
    DIRECTIONS,
    FOLDED,
    MANY,
    SPECIAL,
    STEP,
    Samples,
    both_values,
    close,
    differ,
    has_value,
    near,
    rounded,
    scale_of,
)
from mgc.compiler.verify.equal.subgradients import Subgradients
from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.evaluation import FINE, Evaluation, NotReal, NoValue
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.trace.values import Stored


class SpecialPoints(Struct):
    """Those of one instance: `value` is the function, `forward` has all of its results, `slopes` what the text says
    their derivatives are, `unguarded` which choices stand for products.

    `of_few`: constants in it are sums over nothing, or quotients of one number by itself. `ordinary`: points off edges,
    on both sides of them.
    """

    samples: Samples
    value: Sequence[Term]
    forward: Sequence[Term]
    slopes: Sequence[Term]
    unguarded: Unguarded
    of_few: bool = False
    subgradients: Subgradients | None = None  # where gradients are compared
    ordinary: list[Evaluation] = field(default_factory=list)
    _edges: list[Evaluation] | None = field(default=None)
    _met: dict[Term, Evaluation | None] = field(default_factory=dict)

    def agree(self, emitted: Term, truth: Term, lattice: int, edges: bool = False) -> bool:
        """Whether what is emitted is the truth, or its limit, at that many points of a lattice (and on edges)."""
        points = self.samples.lattice(lattice)
        if edges:
            points = [*points, *self.edges()]
        return all(self.agrees_at(point, emitted, truth) for point in points)

    def failing(
        self, stored: Sequence[Stored], plain: Sequence[Stored], truths: Sequence[Term | None], lattice: int
    ) -> tuple[int, Evaluation] | None:
        """The line of a statement that fails where the derivatives have a value, and the point.

        `plain`: the function's own statements: none fails there.
        """
        for point in (*self.samples.lattice(lattice), *self.ordinary):
            if all(truth is not None and has_value(point, truth) for truth in truths) and not self.is_singular(point):
                for one in stored:
                    if fails(point.strictly, one) and not any(fails(point.strictly, own) for own in plain):
                        return one.line, point
        return None

    def edges(self) -> list[Evaluation]:
        """A point on the edge of each condition of the text and on each tie of the function, where one is found."""
        if self._edges is None:
            found = [on_edge(height, self.samples) for height in of_conditions(self.slopes)]
            found += [on_tie(*tie, self.samples) for tie in of_ties(self.forward)]
            self._edges = [point for point in found if point is not None]
        return self._edges

    def agrees_at(self, point: Evaluation, emitted: Term, truth: Term) -> bool:
        """The same at one point, or part of a subgradient there."""
        return self._is_same(point, emitted, truth) or self.is_subgradient(point)

    def accepts_on(self, heights: Sequence[Term], emitted: Term, truth: Term) -> bool | None:
        """Whether what is emitted is right at points where some terms are all 0; None where none has a value there."""
        accepted = None
        for start in self.samples.points:
            here = meeting(start, heights)
            if all(is_zero(here, height) for height in heights) and self.samples.works(here):
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
        within = FOLDED * max([1, *map(abs, point.point.values())])
        if _on_both_edges(point, emitted, truth, within, scale):
            return True
        return not point.near and rounded(point, emitted, truth)

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

    def unmet(self, emitted: Term, truth: Term) -> list[Term] | None:
        """The conditions of arms of an emitted derivative that no point met, and that may need one; None where it is
        false at a point."""
        sides: dict[Term, set[bool]] = {node: set() for node in terms.topological([emitted]) if node.op == "select"}
        inner = within_equalities(sides)
        for point in self.ordinary:
            if self._differs(point, emitted, truth, sides):
                return None
        choices = (node for node, found in sides.items() if is_missed(node, found, inner))
        missed = [node for node in choices if not self.unguarded.is_guard(node)]
        for point in self._more(missed) if missed else ():
            if self._differs(point, emitted, truth, sides):
                return None
            missed = [node for node in missed if len(sides[node]) < 2]
            if not missed:
                break
        return [one for node in missed for one in alternatives(reaching(emitted, node, True not in sides[node]))]

    def _more(self, missed: Sequence[Term]) -> Iterator[Evaluation]:
        for choice in missed[:SPECIAL]:
            if choice not in self._met:
                self._met[choice] = self._meeting(choice)
            point = self._met[choice]
            if point is not None:
                yield point
        yield from self.samples.each_of_lattice(MANY)
        yield from itertools.islice(self.samples.each(MANY), len(self.ordinary), None)

    def _meeting(self, choice: Term) -> Evaluation | None:
        """A point where all equalities of a choice hold, as many as can be solved; None if that is none."""
        equalities = [node for node in terms.topological([terms.bare(choice)]) if node.op in EQUALITIES]
        for start in self.samples.first(1):
            point = meeting(start, [terms.bare(node.args[0] - node.args[1]) for node in equalities])
            if point is not start and self.samples.works(point):
                return point
        return None

    def _differs(self, point: Evaluation, emitted: Term, truth: Term, sides: dict[Term, set[bool]]) -> bool:
        """Whether the text gives another value, or none, at a point where the truth has one; on an edge, or none."""
        strict, is_ordinary = point.strictly, point in self.ordinary
        given = strict.get(emitted)
        if not has_value(point, truth):
            return False
        if given is None:
            if not all(has_value(strict, one) for one in self.value):
                return False  # the function itself fails there, as 0*f(x) does where f has no value
            return (has_value(point, emitted) or is_ordinary) and not self.is_singular(point)
        for node, found in sides.items():
            side = strict.chosen(node.args[0])
            if side is not None:
                found.add(side)
        if is_ordinary:
            return differ(point, terms.bare(emitted), truth, self.samples.points)
        return not self.agrees_at(point, terms.bare(emitted), truth)


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
