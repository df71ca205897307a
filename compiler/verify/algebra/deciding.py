"""Whether a polynomial is zero as a function: expansion, common denominators and case distinctions.

>>> from mgc.compiler.verify.terms import terms
>>> from mgc.compiler.verify.algebra.normal import normal
>>> x, y = terms.symbol("x"), terms.symbol("y")
>>> space = Space()
>>> a, b = normal(space, (x + y) * (x - y)), normal(space, x * x - y * y)
>>> a == b, settle(space, space.minus(a, b))
(False, 'zero')
>>> settle(space, normal(space, terms.select(x > y, x, y) - terms.select(x >= y, y, x)))
'open'
>>> settle(space, normal(space, terms.select(x > y, 1, 0) - terms.select(x >= y, 1, 0)))
'zero off kinks'
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Literal

from mgc.compiler.verify.algebra.assumptions import assuming
from mgc.compiler.verify.algebra.conditions import conditions_in
from mgc.compiler.verify.algebra.monomials import ONE, Exponent, Monomial, Poly, multiplied, ratio
from mgc.compiler.verify.algebra.polynomials import Space, TooLarge

Verdict = Literal["zero", "zero off kinks", "open"]
FLAT = frozenset({"P", "Z", "max", "floor", "ceil", "round", "trunc", "floordiv"})  # may be constant
MOST_CASES = 7  # conditions that one case distinction may go through


def settle(space: Space, poly: Poly, signs: Mapping[int, int] = {}) -> Verdict:  # never changed
    """Whether a polynomial is zero as a function, wherever it is defined; `open` where that is not shown.

    `signs` are those of conditions that are known already (by atom P(e)).
    """
    space.budget = space.most_work
    try:
        return _settle(space, poly, dict(signs))
    except (TooLarge, ZeroDivisionError, RecursionError):
        return "open"


def _settle(space: Space, poly: Poly, signs: dict[int, int]) -> Verdict:
    poly = cleared(space, poly)
    if not poly:
        return "zero"
    conditions = conditions_in(space, poly)
    if not conditions:
        return "zero" if _contradict(space, signs) else "open"
    bare = {m: c for m, c in poly.items() if not any(space.kind(a) == "Z" and _is_thin(space, a) for a, _ in m)}
    if not bare:
        return "zero off kinks"
    if len(signs) >= MOST_CASES:
        return "open"
    chosen = conditions[0]
    worst: Verdict = "zero"
    for sign in (1, -1, 0):
        case = {**signs, chosen: sign}
        if _contradict(space, case):
            continue
        try:
            verdict = _settle(space, assuming(space, poly, {chosen: sign}), case)
        except ZeroDivisionError:
            verdict = "open"
        if sign == 0 and verdict != "zero" and _is_thin(space, chosen):
            verdict = "zero off kinks"
        if verdict == "open":
            return verdict
        worst = verdict if verdict != "zero" else worst
    return worst


def _is_thin(space: Space, condition: int) -> bool:
    """Whether e = 0 holds on no open set: true where e is analytic, and not where it is flat, as floor(x) - 1 is."""
    inner = space.atoms_in(space.polys[condition])
    return not any(space.kind(a) in FLAT or (space.kind(a) == "function" and space.atoms[a][1] in FLAT) for a in inner)


def _contradict(space: Space, signs: Mapping[int, int]) -> bool:
    """Whether no point has these signs: x > low, high > x and low > high add up to 0 > 0, x > 3 and 2 > x to -1 > 0."""
    scaled = [(_scaled(space.polys[atom]), sign) for atom, sign in signs.items()]
    positive = [(p if s > 0 else space.minus({}, p), s) for p, s in scaled]
    either = positive + [(space.minus({}, p), s) for p, s in positive if s == 0]
    for size in (2, 3):
        for chosen in itertools.combinations(either, size):
            total: Poly = {}
            for one, _ in chosen:
                total = space.plus(total, one)
            strict = any(sign != 0 for _, sign in chosen)
            if not total.keys() - {ONE} and (total.get(ONE, 0) < 0 or (strict and not total)):
                return True
    return False


def _scaled(poly: Poly) -> Poly:
    """The polynomial with 1 or -1 before its first monomial, so that those of two bounds of one thing cancel."""
    first = poly[min(poly.keys() - {ONE})]
    lead = first if first > 0 else -first
    return {monomial: ratio(coefficient, lead) for monomial, coefficient in poly.items()}


def cleared(space: Space, poly: Poly) -> Poly:
    """The numerator over the common denominator, expanded. Errors: TooLarge."""
    poly = space.expanded(poly)
    while poly:
        lowest: dict[int, Exponent] = {}
        for monomial in poly:
            for atom, exponent in monomial:
                if exponent < 0 and space.kind(atom) == "sum":
                    lowest[atom] = min(lowest.get(atom, 0), exponent)
        if not lowest:
            return poly
        atom, exponent = max(lowest.items())
        factor: Monomial = ((atom, -exponent),)
        scaled: Poly = {}
        for monomial, coefficient in poly.items():
            space.add(scaled, {multiplied(monomial, factor): coefficient})
        poly = space.expanded(scaled)
    return poly
