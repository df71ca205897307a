"""Numbers of terms: which fraction is meant by one that was folded in doubles, and how folded ones go together.

>>> numbers = Numbers()
>>> root = Fraction(2**0.5)
>>> numbers.meaning(root), numbers.meaning(Fraction(0.1 + 0.2))
(((Fraction(1, 1), ((Fraction(2, 1), 1),)),), ((Fraction(3, 10), ()),))
>>> numbers.meaning(Fraction(3.141592653589793)), numbers.meaning(Fraction(6.283185307179586))
(((Fraction(1, 1), ((0, 1),)),), ((Fraction(2, 1), ((0, 1),)),))
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from mgc.compiler.verify.terms.doubles import ROUNDING, is_short

LARGEST = 1000  # the denominator of a number that is meant where another is as near as rounding
MOST = 8  # numbers of which others may be made

Monomial = tuple[tuple[Fraction | int, int], ...]  # powers: of the root of a fraction, of a number by its place
Meaning = tuple[tuple[Fraction, Monomial], ...]  # a sum of products


class Numbers:
    """The long fractions that were met, in their order."""

    def __init__(self) -> None:
        self._bases: list[tuple[Fraction, Monomial]] = []
        self._known: dict[Fraction, Meaning] = {}

    def meaning(self, value: Fraction) -> Meaning:
        if value not in self._known:
            self._known[value] = self._meaning(value)
        return self._known[value]

    def _meaning(self, value: Fraction) -> Meaning:
        near = _meant(value, value, LARGEST)
        if near is not None:
            return ((near, ()),)
        square = _meant(value * value, value * value, LARGEST)
        if square is not None:
            return ((Fraction(1 if value > 0 else -1), ((square, 1),)),)
        for base, monomial in self._products():
            factor = _meant(value / base, value / base, LARGEST)
            if factor:
                return ((factor, monomial),)
        for base, monomial in self._bases[:MOST]:
            rest = _meant(value - base, value, LARGEST)
            if rest is not None:
                return ((Fraction(1), monomial), (rest, ()))
        self._bases.append((value, ((len(self._bases), 1),)))
        return ((Fraction(1), self._bases[-1][1]),)

    def _products(self) -> Iterator[tuple[Fraction, Monomial]]:
        """The numbers that were met, their inverses, and the products of two of those."""
        single = [one for base, ((key, _),) in self._bases[:MOST] for one in ((base, key, 1), (1 / base, key, -1))]
        yield from ((base, ((key, exponent),)) for base, key, exponent in single)
        for (a, i, k), (b, j, m) in itertools.combinations_with_replacement(single, 2):
            if i != j or k == m:
                yield a * b, ((i, k), (j, m))


def _meant(value: Fraction, scale: Fraction, largest: int) -> Fraction | None:
    near = value.limit_denominator(largest)
    return near if abs(near.numerator) < largest**2 and abs(near - value) <= ROUNDING * abs(scale) else None


def snapped(value: Fraction) -> Fraction:
    """An exponent that was folded in doubles, 1/3 - 1, as the fraction that is meant, -2/3."""
    return value if is_short(value) else _meant(value, value, LARGEST) or value


@lru_cache(1 << 16)
def fraction_of(residue: int, p: int) -> Fraction | None:
    """The fraction that a residue is, so small that it is none by accident but in 2**-100; None where it is none.

    Source: Wang, A p-adic algorithm for univariate partial fractions (1981): Euclid's algorithm, stopped half-way.
    """
    small = 1 << (p.bit_length() - 101) // 2
    a, b, s, t = p, residue, 0, 1
    while b > small:
        quotient = a // b
        a, b, s, t = b, a - quotient * b, t, s - quotient * t
    return Fraction(b, t) if 0 < abs(t) <= small else None
