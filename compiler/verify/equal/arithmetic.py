"""Arithmetic of residues and of signs, and functions that are written with others.

>>> opposite(POSITIVE, 7), inverse(3, 7)
((0, 0), 5)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from mgc.compiler.verify.equal.folded import fraction_of
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term

Sign = tuple[int, int]  # [e > 0] and [e = 0]
POSITIVE: Sign = (1, 0)


class NoResidue(Exception):
    """A pole, or a root of a number below 0."""


def _half(u: Term) -> Term:
    return terms.function("half_tan", u)


BY_OTHERS: Mapping[str, Callable[..., Term]] = {
    "sin": lambda u: 2 * _half(u) / (1 + _half(u) ** 2),
    "cos": lambda u: (1 - _half(u) ** 2) / (1 + _half(u) ** 2),
    "tan": lambda u: 2 * _half(u) / (1 - _half(u) ** 2),
    "sinh": lambda u: (terms.function("exp", u) - terms.function("exp", -u)) / 2,
    "cosh": lambda u: (terms.function("exp", u) + terms.function("exp", -u)) / 2,
    "tanh": lambda u: 1 - 2 / (terms.function("exp", 2 * u) + 1),
    "floordiv": lambda a, b: terms.function("floor", a / b),
}


def number_of(term: Term, residue: int, p: int) -> Fraction | None:
    number = terms.number(term)
    return fraction_of(residue, p) if number is None else number


def inverse(residue: int, p: int) -> int:
    if not residue:
        raise NoResidue
    return pow(residue, -1, p)


def mixed(condition: int, then: int, otherwise: int) -> int:
    return otherwise + condition * (then - otherwise)


def opposite(sign: Sign, p: int) -> Sign:
    positive, zero = sign
    return (1 - positive - zero) % p, zero


def of_product(a: Sign, b: Sign, p: int) -> Sign:
    (up, zero), (other, none) = a, b
    down, under = 1 - up - zero, 1 - other - none
    return (up * other + down * under) % p, (zero + none - zero * none) % p


def of_quotient(a: Sign, b: Sign, p: int) -> Sign:
    """That of a product, but that b is not 0 where there is one."""
    return of_product(a, b, p)[0], a[1]


ARITHMETIC: Mapping[str, Callable[..., int]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "neg": lambda a: -a,
    "and": lambda a, b: a * b, "or": lambda a, b: a + b - a * b, "not": lambda a: 1 - a,
}  # fmt: skip
