"""Powers of polynomials: roots, hypotenuses, and powers with a polynomial for exponent.

>>> space = Space()
>>> x = space.symbol("x")
>>> power(space, x, -1) == {((0, -1),): 1}
True
>>> space.times(symbolic_power(space, x, x), x) == symbolic_power(space, x, space.plus(x, space.number(1)))
True
"""

from __future__ import annotations

from fractions import Fraction

from mgc.compiler.verify.algebra.conditions import sign
from mgc.compiler.verify.algebra.monomials import ONE, Exponent, Monomial, Poly, snapped
from mgc.compiler.verify.algebra.polynomials import Space


def power(space: Space, poly: Poly, exponent: Exponent) -> Poly:
    """Errors: ZeroDivisionError; TooLarge."""
    if exponent.denominator == 1:
        return space.whole_power(poly, exponent.numerator)
    if poly:
        return _root(space, poly, exponent)
    if exponent < 0:
        raise ZeroDivisionError
    return {}


def _root(space: Space, poly: Poly, exponent: Exponent) -> Poly:
    """A power with a fraction for exponent: of an atom, of a square (which is that of a magnitude), of the rest."""
    base = space.expanded_or_same(poly)
    ((monomial, coefficient),) = space.one_monomial(base).items()
    scale = space.constant("pow", (Fraction(coefficient), Fraction(exponent))) if coefficient > 0 else None
    if scale is not None:
        if not monomial:
            return space.number(scale)
        if len(monomial) == 1 and (monomial[0][1] == 1 or space.is_positive(monomial[0][0])):
            atom, own = monomial[0]
            return space.bared(((atom, own * exponent),), scale)
        if all(e == int(e) and e % 2 == 0 for _, e in monomial) and abs(exponent) == Fraction(1, 2):
            return space.product(_magnitude(space, monomial, exponent > 0), space.number(scale))
    base = space.shared(base)
    atom = space.atom("root", frozenset(base.items()))
    space.polys[atom] = base
    return {((atom, exponent),): 1}


def _magnitude(space: Space, square: Monomial, upright: bool) -> Poly:
    """|m| or 1/|m| of the monomial m whose square is given."""
    half: Poly = {tuple((a, e // 2) for a, e in square): 1}
    positive, zero = sign(space, half)
    signum = space.plus(space.minus(space.plus(positive, positive), space.number(1)), zero)
    return space.product(signum, half if upright else space.whole_power(half, -1))


def hypotenuse(space: Space, a: Poly, b: Poly) -> Poly:
    """sqrt(a**2 + b**2), of which it is remembered that it is 0 only where both are."""
    result = power(space, space.plus(space.times(a, a), space.times(b, b)), Fraction(1, 2))
    space.legs[frozenset(result.items())] = (a, b)
    return result


def symbolic_power(space: Space, base: Poly, exponent: Poly) -> Poly:
    """base ** exponent; of the exponent's constant part an ordinary power."""
    if set(exponent) <= {ONE}:
        value = snapped(Fraction(exponent.get(ONE, 0)))
        if value.denominator != 1 or set(base) <= {ONE}:
            folded = None
            if set(base) <= {ONE}:
                folded = space.constant("pow", (Fraction(base.get(ONE, 0)), value))
            if folded is not None:
                return space.number(folded)
        return power(space, base, int(value) if value.denominator == 1 else value)
    if not base:
        raise ZeroDivisionError
    rest = space.shared({m: c for m, c in exponent.items() if m})
    atom = space.atom("power", frozenset(space.shared(base).items()), frozenset(rest.items()))
    space.polys[atom] = rest
    result: Poly = {((atom, 1),): 1}
    if ONE in exponent:
        result = space.times(result, symbolic_power(space, base, {ONE: exponent[ONE]}))
    return result
