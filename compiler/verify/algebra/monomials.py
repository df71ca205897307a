"""Monomials and what holds of them alone: products of powers of atoms, and the coefficients before them.

An atom is a number that a `Space` keeps: what it stands for does not matter here.

>>> multiplied(((0, 1), (1, 2)), ((0, -1),))
((1, 2),)
>>> common_factor({((0, 3), (1, 1)): 2, ((0, 2),): 5})
((0, 2),)
"""

from __future__ import annotations

from fractions import Fraction

Exponent = int | Fraction
Monomial = tuple[tuple[int, Exponent], ...]
Coefficient = int | Fraction  # an int where it is whole: most are, and ints are faster
Poly = dict[Monomial, Coefficient]
Key = frozenset[tuple[Monomial, Coefficient]]  # a polynomial that can be looked up

ONE: Monomial = ()
LARGEST = 1 << 62  # more than any exponent
ROUNDING = Fraction(1, 2**48)  # what folding constants in doubles may be off by


def ratio(a: Coefficient, b: Coefficient) -> Coefficient:
    """a / b. Errors: ZeroDivisionError."""
    return a if b == 1 else -a if b == -1 else whole(Fraction(a) / b)


def whole(value: Coefficient) -> Coefficient:
    """A fraction that is a whole number as an int."""
    return value.numerator if value.denominator == 1 else value


def common_factor(poly: Poly) -> Monomial:
    """The greatest monomial that divides all others."""
    lowest: dict[int, Exponent] = {}
    found: dict[int, int] = {}
    for monomial in poly:
        for atom, exponent in monomial:
            found[atom] = found.get(atom, 0) + 1
            if exponent < lowest.get(atom, LARGEST):
                lowest[atom] = exponent
    of_all = ((atom, e if found[atom] == len(poly) else min(e, 0)) for atom, e in lowest.items())
    return tuple(sorted((atom, exponent) for atom, exponent in of_all if exponent))


def multiplied(monomial: Monomial, by: Monomial) -> Monomial:
    """The exponents added up, with no rule for any atom."""
    powers = dict(monomial + by)
    if len(powers) == len(monomial) + len(by):
        return tuple(sorted(monomial + by))
    powers = dict(monomial)
    for atom, exponent in by:
        powers[atom] = powers.get(atom, 0) + exponent
    return tuple(sorted((atom, exponent) for atom, exponent in powers.items() if exponent))


def is_short(value: Coefficient) -> bool:
    """Whether a number is as a person writes it: a long fraction is a constant that was folded in doubles."""
    return value.denominator < 10**7 and abs(value.numerator) < 10**12


def snapped(value: Fraction) -> Fraction:
    """An exponent that was folded in doubles, 1/3 - 1, as the fraction that is meant, -2/3."""
    if value.denominator < 10**6:
        return value
    near = value.limit_denominator(10**4)
    return near if abs(near - value) <= ROUNDING * abs(value) else value
