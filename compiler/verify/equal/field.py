"""A random point of finite fields: what stands there for symbols, for functions of an argument, and for conditions.

Three fields: numbers, their exponents, and the exponents of these. Powers of a generator of the first two are as many
as the next one has elements.

>>> point = Point()
>>> point.drawn(0, "symbol", "x") == point.drawn(0, "symbol", "x") != point.drawn(0, "symbol", "y")
True
"""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from mgc.compiler.verify.equal.folded import Numbers, fraction_of
from mgc.compiler.verify.equal.points import symbols_in
from mgc.compiler.verify.terms.terms import Term

_SMALLEST = 2**128 - 21377
_MIDDLE = 2 * 55201 * _SMALLEST + 1
FIELDS = (2 * 14221 * _MIDDLE + 1, _MIDDLE, _SMALLEST)  # primes; 2, 3, 5, 7, 11 and 13 are squares, -1 is none
GENERATORS = (pow(3, 2 * 14221, FIELDS[0]), pow(3, 2 * 55201, FIELDS[1]))
INNERMOST = len(GENERATORS)  # there an exponential is drawn
MOST_CLASSES = 40  # conditions of which a new one may be a multiple; of others it may be the opposite

Residue = int | None  # None where there is none, at a pole


class Point:
    """What was drawn: a number for each symbol, for a function of each argument, and for each condition."""

    def __init__(self) -> None:
        self._source = random.Random(0)
        self._drawn: dict[tuple[object, ...], int] = {}
        self.numbers = Numbers()
        self.work = 0  # residues that were computed
        self.heights: dict[int, tuple[int, int]] = {}  # of each condition what it is about, and the inverse of that
        self._places: dict[int, tuple[int, int]] = {}
        self.scaled: dict[int, int] = {}
        self.squares: set[tuple[int, int]] = set()  # residues whose roots are known to be new numbers, by their level

    def drawn(self, level: int, *key: object) -> int:
        found = self._drawn.get((level, *key))
        if found is None:
            found = self._drawn[level, *key] = self._source.randrange(1, FIELDS[level])
        return found

    def redraw(self, term: Term, others: Iterable[Term]) -> bool:
        """Draw a symbol once more on which a term depends, and as few others as can be; False where there is none."""
        names = [node.payload for node in symbols_in([term])]
        if names:
            uses = Counter(node.payload for other in others for node in symbols_in([other]))
            name = min(names, key=lambda one: (uses[one], self._source.random()))
            for level in range(len(FIELDS)):
                self._drawn.pop((level, "symbol", name), None)
        return bool(names)

    def found(self, height: int) -> tuple[int, int] | None:
        """The number of a condition, and the sign of the factor between what it is about and `height`."""
        p = FIELDS[0]
        if height not in self._places:
            for place, (_, inverse) in itertools.islice(self.heights.items(), MOST_CLASSES):
                factor = fraction_of(height * inverse % p, p)
                if factor:
                    self._places[height] = place, 1 if factor > 0 else -1
                    break
        return self._places.get(height)

    def known(self, height: int) -> tuple[int, int] | None:
        """The same, only of what was asked for already."""
        return self._places.get(height)

    def condition(self, height: int) -> tuple[int, int]:
        """The same, of a new condition too."""
        known = self.found(height)
        if known is None:
            p, place = FIELDS[0], len(self.heights)
            known = self._places[height] = place, 1
            self._places[-height % p] = place, -1
            self.heights[place] = height, pow(height, -1, p)
        return known


def is_square(residue: int, p: int) -> bool:
    return residue == 0 or pow(residue, (p - 1) // 2, p) == 1


def root_of(base: int, exponent: Fraction, p: int) -> Residue:
    """A power with a fraction for exponent; a square root is a square itself, so that roots are multiplicative."""
    if exponent.denominator == 1:
        return pow(base, exponent.numerator, p) if base or exponent >= 0 else None
    even = exponent.denominator % 2 == 0
    order = (p - 1) // 2 if even else p - 1
    if not base or (even and not is_square(base, p)) or math.gcd(exponent.denominator, order) != 1:
        return 0 if not base and exponent > 0 else None
    return pow(base, exponent.numerator * pow(exponent.denominator, -1, order) % order, p)
