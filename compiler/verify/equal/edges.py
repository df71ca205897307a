"""Where terms have edges -> points on each, and on both sides of it, where some are found.

An edge is where a condition changes, where two of several are the largest, where a root or a logarithm begins to have
a value, and where something is divided by 0. Random points meet few of them.

>>> x, y = terms.symbol("x"), terms.symbol("y")
>>> samples = Samples([x, y], [x * y])
>>> point = on_edge(x - 40, samples)
>>> point is not None and float(point.point["x"])
40.0
>>> [bool(one.value(x) > 40) for one in beside_edge(x - 40, samples, set())]
[True, False]
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.equal.domain import ends, poles
from mgc.compiler.verify.equal.facts import factors, is_not_negative
from mgc.compiler.verify.equal.points import SHRUNK, SPECIAL, STEP, Samples, has_value, symbols_in
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import DIGITS, FINE, Evaluation, NoValue
from mgc.compiler.verify.terms.oracle import ODD
from mgc.compiler.verify.terms.terms import Term

BESIDE = mpf(10) ** -15  # relative: how far from a root a term is seen to be none
STEPS = (mpf("1e-9"), mpf("0.001"), mpf("0.1"), mpf(1))  # relative, to either side of an edge
MOST_SYMBOLS = 4  # along which a point of an edge is looked for
STARTS = 2  # points from which
ORDERED = frozenset({"lt", "le", "gt", "ge"})
AT_ZERO = frozenset({"abs", "sqrt", "pow"})  # 0 where what they are of is


# --- what is 0 on edges


def of_conditions(roots: Iterable[Term]) -> list[Term]:
    """The differences that conditions are about, the first few."""
    heights = {node.args[0] - node.args[1]: None for node in terms.topological(roots) if node.op in terms.COMPARISONS}
    return [height for height in list(heights)[:SPECIAL] if _varies(height)]


def of_domains(value: Sequence[Term], computed: Sequence[Term]) -> dict[Term, bool]:
    """What conditions are about, and what a text divides by and takes roots of, where the function itself does not;
    with whether the text has no value below 0. Those first."""
    found: dict[Term, bool] = {}
    own = set(terms.topological(map(terms.bare, value)))
    for node in terms.topological([*map(terms.bare, value), *map(terms.bare, computed)]):
        if node.op in ORDERED:
            found.setdefault(node.args[0] - node.args[1], False)
        elif node not in own:
            found |= dict.fromkeys(ends(node), True)
            for height in (zero for pole in poles(node) for zero in zeros(pole)):
                found.setdefault(height, False)
    return {height: found[height] for height in sorted(found, key=lambda one: not found[one]) if _varies(height)}


def of_ties(roots: Sequence[Term]) -> list[tuple[Term, Term, Term]]:
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
    return list(found)[:SPECIAL]


def zeros(term: Term) -> Iterator[Term]:
    """What is 0 where a term is, or part of that, as u where u*u, abs(u) or sin(u) is."""
    for factor in factors(term, lambda _: True):
        if factor.op in AT_ZERO:
            yield from zeros(factor.args[0])
        elif _varies(factor):
            yield factor
            if factor.op in ODD:
                yield from zeros(factor.args[0])


def _varies(height: Term) -> bool:
    return bool(height.args) or height.op == "symbol"


# --- points


def on_edge(height: Term, samples: Samples) -> Evaluation | None:
    """A point where a term is 0 and the function has a value."""
    found = (point for _, point in roots(height, samples.first(STARTS)) if samples.works(point))
    point = next(found, None) or root_between(height, samples.points)
    return point if point is not None and samples.works(point) else None


def on_tie(one: Term, other: Term, extreme: Term, samples: Samples) -> Evaluation | None:
    """A point at which two of several are the largest, or the smallest."""
    found = (point for _, point in roots(one - other, samples.points) if samples.works(point))
    return next((point for point in found if is_zero(point, one - extreme)), None)


def beside_edge(height: Term, samples: Samples, sides: set[bool]) -> Iterator[Evaluation]:
    """A point on each side that has none, where one is found."""
    for point in _around(height, samples):
        if len(sides) == 2:
            return
        if has_value(point, height) and (side := bool(point.value(height) > 0)) not in sides and samples.works(point):
            sides.add(side)
            yield point


def _around(height: Term, samples: Samples) -> Iterator[Evaluation]:
    for name, found in roots(height, samples.first(STARTS)):
        edge = found.point[name]
        for step, sign in itertools.product(STEPS, (1, -1)):
            yield Evaluation({**found.point, name: edge + sign * step * (1 + abs(edge))})


def on_both_sides(heights: dict[Term, bool], samples: Samples, points: list[Evaluation]) -> list[Term]:
    """Add points next to the edges where a text ends, and on sides of others that have none. What is 0 on edges below
    which the text may have no value, and below which no point was found."""
    found = []
    for place, (height, is_end) in enumerate(heights.items()):
        if place < SPECIAL and is_end:
            for zero in dict.fromkeys(zeros(height)):
                points += beside_edge(zero, samples, set())
        elif place < SPECIAL and len(sides := _sides(height, points)) < 2:
            points += beside_edge(height, samples, sides)
        if is_end and False not in _sides(height, points) and not is_not_negative(height):
            found.append(height)
    return found


def _sides(height: Term, points: Iterable[Evaluation]) -> set[bool]:
    """Those on which there are points."""
    return {bool(point.value(height) > 0) for point in points if has_value(point, height)}


def is_zero(point: Evaluation, term: Term) -> bool:
    """Whether a term is 0 there but for the last digits."""
    value = point.get(term)
    return value is not None and bool(abs(value) <= STEP)


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
        if not is_zero(here, height):
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
            return Evaluation(place(found), digits=FINE, near=STEP)
    except (ValueError, ZeroDivisionError, NoValue, TypeError):
        return None


def _leads_away(at: Callable[[Any], Any], found: Any) -> bool:
    """Whether what is 0 at a number is so there alone, or all around: exp(-x) is as small as one likes, and never 0."""
    step = BESIDE * (1 + abs(found))
    return bool(abs(at(found)) <= SHRUNK * max(abs(at(found - step)), abs(at(found + step))))
