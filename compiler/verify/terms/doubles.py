"""The fraction that a double stands for: 0.1 is meant as 1/10, and is not exactly that.

>>> simplest(0.1)
Fraction(1, 10)
"""

from __future__ import annotations

import math
from fractions import Fraction

ROUNDING = Fraction(1, 2**48)  # relative: what a constant may be off by that was folded in doubles
SHORT = 2**40


def simplest(value: float) -> Fraction:
    """The fraction of least denominator among all that round to this double (Stern-Brocot tree).

    Source: Graham, Knuth and Patashnik, Concrete Mathematics (1994), section 4.5.

    >>> simplest(0.1), simplest(0.3333333333333333)
    (Fraction(1, 10), Fraction(1, 3))
    """
    exact = Fraction(value)
    if exact.denominator == 1:
        return exact
    half = Fraction(math.ulp(value)) / 2
    return _between(exact - half, exact + half) if value > 0 else -_between(-exact - half, -exact + half)


def is_short(value: Fraction) -> bool:
    """Whether a number is as a person writes it: what rounds to one of 2**53 doubles is so by accident in 2**-13.

    >>> is_short(Fraction(1, 10**9)), is_short(simplest(math.pi)), is_short(simplest(math.exp(12)))
    (True, False, False)
    """
    return abs(value.numerator) * value.denominator < SHORT


def _between(low: Fraction, high: Fraction) -> Fraction:
    """The simplest fraction with 0 < low <= f <= high."""
    quotients: list[int] = []
    while True:
        whole = low.numerator // low.denominator
        if low == whole:
            quotients.append(whole)
            break
        if whole + 1 <= high:
            quotients.append(whole + 1)
            break
        quotients.append(whole)
        low, high = 1 / (high - whole), 1 / (low - whole)
    result = Fraction(quotients.pop())
    while quotients:
        result = quotients.pop() + 1 / result
    return result
