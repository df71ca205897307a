"""A random point of finite fields: what stands there for symbols, for functions of an argument, and for conditions.

Three fields: numbers, their exponents, and the exponents of these. Powers of a generator of the first two are as many
as the next one has elements.

>>> point = Point(0)
>>> point.drawn(0, "symbol", "x") == point.drawn(0, "symbol", "x") != point.drawn(0, "symbol", "y")
True
"""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Collection, Mapping
from fractions import Fraction

from mgc.compiler.verify import clock
from mgc.compiler.verify.equal.folded import Numbers, fraction_of
from mgc.compiler.verify.equal.points import symbols_in
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term

_SMALLEST = 2**128 - 21377
_MIDDLE = 2 * 55201 * _SMALLEST + 1
FIELDS = (2 * 14221 * _MIDDLE + 1, _MIDDLE, _SMALLEST)  # primes; 2, 3, 5, 7, 11 and 13 are squares, -1 is none
GENERATORS = (pow(3, 2 * 14221, FIELDS[0]), pow(3, 2 * 55201, FIELDS[1]))
INNERMOST = len(GENERATORS)  # there an exponential is drawn
AT_ONCE = 8  # terms that are looked at in a step
MOST_CLASSES = 40  # conditions of which a new one may be a multiple; of others it may be the opposite

Residue = int | None  # None where there is none: at a pole, or where a root has none at this point


class Point:
    """What was drawn: a number for each symbol, for a function of each argument, and for each condition."""

    def __init__(self, seed: int, symbols: dict[Term, list[object]] | None = None) -> None:
        """`symbols`: those that terms depend on, as far as they were asked for: several points may share them."""
        self._source = random.Random(seed)
        self._symbols = {} if symbols is None else symbols
        self._drawn: dict[tuple[object, ...], int] = {}
        self.numbers = Numbers()
        self.work = 0  # residues that were computed
        self.has_roots = False  # of squares, too, where a root is one of two numbers by chance
        self.heights: dict[int, tuple[int, int]] = {}  # of each condition what it is about, and the inverse of that
        self._count = itertools.count()  # of conditions
        self._places: dict[int, tuple[int, int]] = {}
        self.scaled: dict[int, int] = {}
        self.plain: tuple[dict[Term, Residue], ...] = ({}, {}, {})  # what depends on no condition
        self.no_square: tuple[int, Term, int] | None = None  # a level, what has no root there, and its residue
        self.squares: dict[tuple[int, int], int] = {}  # what is drawn, so that it has a root, in place of a residue
        self._roots: dict[Term, None] = {}  # what has one

    def note(self, level: int, base: Term, residue: int) -> None:
        """Note what a root is taken of that does not exist."""
        if self.no_square is None and not is_square(residue, FIELDS[level]):
            self.no_square = level, base, residue

    def keep(self, base: Term) -> None:
        """Note what a root is taken of that exists."""
        self.has_roots = True
        self._roots[base] = None

    def redrawn(self) -> Term | None:
        """Draw a symbol once more on which the root depends that does not exist, and as few others as can be."""
        names = self._under(self.no_square[1]) if self.no_square is not None else []
        if not names:
            return None
        roots = Counter(name for base in self._roots for name in self._under(base))
        name = min(names, key=lambda one: roots[one])
        for level in range(len(FIELDS)):
            self._drawn.pop((level, "symbol", name), None)
        self._roots = {base: None for base in self._roots if name not in self._under(base)}
        self.no_square = None
        return terms.symbol(str(name))

    def squared(self) -> tuple[int, tuple[int, int]] | None:
        """Draw a square where a residue has no root, and its inverse for that of it: the level, and what was there.

        What is equal whatever that number is, is equal where it is what it has to be.
        """
        level, _, residue = self.no_square or (0, None, 0)
        if self.no_square is None or (level, residue) in self.squares:
            return None
        p = FIELDS[level]
        inverse, square = pow(residue, -1, p), self.drawn(level, "square", residue) ** 2 % p
        self.squares |= {(level, residue): square, (level, inverse): pow(square, -1, p)}
        self.no_square = None
        return level, (residue, inverse)

    def forget(self, conditions: Collection[int]) -> None:
        """Forget conditions, which are about what is no longer so."""
        self.heights = {place: height for place, height in self.heights.items() if place not in conditions}
        self._places = {height: found for height, found in self._places.items() if found[0] not in conditions}
        self.scaled = {}

    def _under(self, base: Term) -> list[object]:
        """The names of the symbols that a term depends on."""
        if base not in self._symbols:
            self._symbols[base] = [node.payload for node in symbols_in([base])]
        return self._symbols[base]

    def drawn(self, level: int, *key: object) -> int:
        found = self._drawn.get((level, *key))
        if found is None:
            found = self._drawn[level, *key] = self._source.randrange(1, FIELDS[level])
        return found

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
            p, place = FIELDS[0], next(self._count)
            known = self._places[height] = place, 1
            self._places[-height % p] = place, -1
            self.heights[place] = height, pow(height, -1, p)
        return known


def independent(
    known: Mapping[Term, Residue], stale: Collection[Term], others: Collection[Term] = ()
) -> dict[Term, Residue]:
    """What is known and does not depend on what is stale: no argument does, of those known before or of `others`."""
    clock.check(len(known) // AT_ONCE)
    kept: dict[Term, Residue] = {}
    for node, value in known.items():
        if value is not None and node not in stale and all(one in kept or one in others for one in node.args):
            kept[node] = value
    return kept


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
