"""What holds exactly on a kink, where left and right derivatives differ: the boundary of a condition.

Emitted code takes the derivative of one side, or the mean of both (equal shares for a tie; 0 of abs), which is the
subgradient of least norm there; where the derivative is singular it takes the convention of the table of kinks.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.algebra.assumptions import evaluated, on_edge, solved, symbol_name
from mgc.compiler.verify.algebra.conditions import conditions_in
from mgc.compiler.verify.algebra.deciding import settle
from mgc.compiler.verify.algebra.monomials import Poly
from mgc.compiler.verify.algebra.polynomials import Space, TooLarge
from mgc.compiler.verify.equal.edges import NEAR, SpecialPoints, near
from mgc.compiler.verify.equal.points import scale_of
from mgc.compiler.verify.terms.evaluation import DIGITS, FUNCTIONS, Evaluation, NoValue
from mgc.compiler.verify.terms.terms import Term

NOT_CHECKED = "not checked"
NO_VALUE = "emitted has no value"
MOST_SYMBOLS = 6  # along which a point of an edge is looked for
FEW = 3  # conditions whose edges are also settled by algebra
STEP = mpf(10) ** -12  # to either side of an edge


@dataclass(frozen=True, slots=True)
class Boundary:
    """A condition's edge e = 0 (by the atom of e > 0), and whether what is emitted there is a subgradient, and how
    that was found: a point where it is not, for one that is not accepted."""

    condition: int
    accepted: bool
    how: str


def boundaries(space: Space, special: SpecialPoints, emitted: Term, truth: Term, difference: Poly) -> list[Boundary]:
    """Every edge on which the emitted derivative is not simply the one that statement by statement is expected."""
    conditions = conditions_in(space, difference)
    found = []
    for condition in conditions:
        boundary = _witnessed(space, special, emitted, truth, condition)
        if boundary.accepted and len(conditions) <= FEW and _vanishes(space, difference, condition):
            continue
        found.append(boundary)
    return found + [_of_several(space, special, emitted, truth, several) for several in _at_once(space, difference)]


def _at_once(space: Space, difference: Poly) -> list[tuple[int, ...]]:
    """The conditions whose edges meet where a difference is: those of each of its monomials that has several."""
    found: dict[tuple[int, ...], None] = {}
    for monomial in difference:
        zeros = tuple(space.atom("P", space.atoms[a][1]) for a, _ in monomial if space.kind(a) == "Z")
        if len(zeros) > 1:
            found[zeros] = None
    return list(found)


def _of_several(space: Space, special: SpecialPoints, emitted: Term, truth: Term, several: Sequence[int]) -> Boundary:
    """What is emitted at points where several edges meet."""
    how = NOT_CHECKED
    for start in special.samples.points:
        here = _meeting(space, start, several)
        if here is None:
            continue
        if not special.samples.works(here):
            how = "singular" if how == NOT_CHECKED else how
        elif special.agrees_at(here, emitted, truth):
            how = "as expected at points"
        else:
            return Boundary(several[0], False, "where several edges meet")
    return Boundary(several[0], True, how)


def _meeting(space: Space, start: Evaluation, several: Sequence[int]) -> Evaluation | None:
    """A point where several edges meet, found by solving one after the other; None where none is found."""
    here, used = start, set[str]()
    try:
        with mp.workdps(DIGITS):
            for condition in several:
                name, value = _point_of_edge(space, condition, here, used)
                here = Evaluation({**here.point, name: value}, near=NEAR)
                used.add(name)
            edges = (space.polys[condition] for condition in several)
            heights = [evaluated(space, edge, lambda op, args: _value(op, args, here)) for edge in edges]
    except (NoValue, ZeroDivisionError, NotFound):
        return None
    return here if all(abs(height) <= NEAR for height in heights) else None


def _vanishes(space: Space, difference: Poly, condition: int) -> bool:
    """Whether nothing is left of a difference on the edge of one condition, away from the edges of others."""
    try:
        return settle(space, on_edge(space, difference, condition), {condition: 0}) != "open"
    except (ZeroDivisionError, TooLarge):
        return False


def _witnessed(space: Space, special: SpecialPoints, emitted: Term, truth: Term, condition: int) -> Boundary:
    """What is emitted at a point of the edge, against the limits from both sides and what is between."""
    how, samples = NOT_CHECKED, special.samples
    scale = scale_of(samples.points, truth)
    for point in samples.points:
        try:
            with mp.workdps(DIGITS):
                name, value = _point_of_edge(space, condition, point)
                here = Evaluation({**point.point, name: value}, near=NEAR)
                sides = [Evaluation({**point.point, name: value + step}).value(truth) for step in (STEP, -STEP)]
        except NoValue:
            how = "singular" if how == NOT_CHECKED else how
            continue
        except (ZeroDivisionError, NotFound):
            continue
        if not samples.works(here):
            how = "singular" if how == NOT_CHECKED else how
            continue
        place = f"{name} = {mp.nstr(value, 8)}"
        said = _disagreement(here, emitted, truth, sides, scale)
        if said and not special.is_subgradient(here):
            return Boundary(condition, False, f"at {place}: {said}")
        how = "as expected at points"
    return Boundary(condition, True, how)


def _disagreement(here: Evaluation, emitted: Term, truth: Term, sides: Sequence[Any], scale: Any) -> str:
    """How what is emitted on an edge is not what is expected there; empty where it is."""
    smooth = near(sides[0], sides[1], scale)
    try:
        exact = here.value(truth)
    except NoValue:
        if not smooth:
            return ""
        exact = sides[0]  # only the formula has a gap there
    try:
        given = here.value(emitted)
    except NoValue:
        return NO_VALUE
    if near(given, exact, scale) or (smooth and near(given, sides[0], scale)):
        return ""
    return f"emitted {mp.nstr(given, 8)}, one-sided {mp.nstr(sides[1], 8)} and {mp.nstr(sides[0], 8)}"


class NotFound(Exception):
    """No point of an edge was found."""


def _point_of_edge(space: Space, condition: int, point: Evaluation, used: Container[str] = ()) -> tuple[str, Any]:
    """A symbol that is not `used` and its value that put a point on an edge. Errors: NotFound, NoValue,
    ZeroDivisionError."""
    explicit = solved(space, condition)
    if explicit is not None and symbol_name(space, explicit[0]) not in used:
        return symbol_name(space, explicit[0]), evaluated(space, explicit[1], lambda op, args: _value(op, args, point))
    edge = space.polys[condition]
    for name in [name for name in point.point if name not in used][:MOST_SYMBOLS]:

        def height(value: Any, name: str = name) -> Any:
            moved = Evaluation({**point.point, name: value})
            return evaluated(space, edge, lambda op, args: _value(op, args, moved))

        try:
            return name, mp.findroot(height, point.point[name], tol=mpf(10) ** (10 - 2 * DIGITS))
        except (ValueError, ZeroDivisionError, NoValue, TypeError):
            continue
    raise NotFound


def _value(op: str, args: list[Any], point: Evaluation) -> Any:
    if op == "constant":
        return mpf(args[0].numerator) / args[0].denominator
    if op in point.point:
        return point.point[op]
    try:
        return FUNCTIONS[op](*args)
    except (ValueError, OverflowError, KeyError) as error:
        raise NoValue(str(error)) from None
