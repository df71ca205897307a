"""Polynomials over atoms, with exact coefficients: the arithmetic in which equal terms become identical.

An atom is a symbol, a function of polynomials or a symbolic power, or of two kinds that keep polynomials small. A sum
that is used as a factor becomes one atom (its content taken out), so that a chain of layers stays as long as its code.
A condition is the sign of a polynomial e, and its atoms P(e) = [e > 0] and Z(e) = [e = 0] are numbers with P*P = P,
Z*Z = Z, P*Z = 0: a branch is c*a + (1 - c)*b, and every path is covered.

>>> space = Space()
>>> x, y = space.symbol("x"), space.symbol("y")
>>> product = space.times(space.plus(x, y), space.minus(x, y))
>>> len(product), space.expanded(product) == space.minus(space.times(x, x), space.times(y, y))
(1, True)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from mgc.compiler.verify import clock
from mgc.compiler.verify.algebra.monomials import (
    ONE,
    ROUNDING,
    Coefficient,
    Exponent,
    Key,
    Monomial,
    Poly,
    common_factor,
    is_short,
    multiplied,
    ratio,
    whole,
)
from mgc.compiler.verify.terms.terms import Term

Template = Callable[[str, int], "tuple[tuple[str, ...], Term] | None"]
Constant = Callable[[str, tuple[Fraction, ...]], "Fraction | None"]

LARGEST = 3000  # monomials of an expansion
FEW = 64  # monomials of an expansion inside a function or a root
LARGEST_POWER = 1000
SIMPLE = 10_000  # the denominator of a number that is meant where another is as near as rounding
MOST_WORK = 40_000  # products of monomials in one decision, unless told otherwise; ten times that in one normal form


class TooLarge(Exception):
    """An expansion or a power beyond what is reasonable."""


def _no_template(name: str, count: int) -> None:
    return None


def _no_constant(name: str, values: tuple[Fraction, ...]) -> None:
    return None


def _is_rounding(rest: Coefficient, a: Coefficient, b: Coefficient) -> bool:
    bound = max(abs(ROUNDING * a), abs(ROUNDING * b))
    return rest.denominator > 1 and -bound <= rest <= bound


class Space:
    """The atoms of one comparison, and the polynomials over them.

    `template` gives the meaning of a function as a term of elementary ones; `constant` the value of an elementary
    function at numbers. Both are passed in, so that this package's algebra is algebra and nothing else.
    """

    def __init__(self, template: Template = _no_template, constant: Constant = _no_constant) -> None:
        self.template = template
        self.constant = constant
        self.ids: dict[tuple[object, ...], int] = {}
        self.atoms: list[tuple[object, ...]] = []
        self.polys: dict[int, Poly] = {}  # what a sum, a root's base or a condition's e stands for
        self.memo: dict[Term, Poly] = {}  # normal forms
        self.legs: dict[Key, tuple[Poly, Poly]] = {}  # of hypotenuses
        self.most_work = MOST_WORK
        self.deadline = math.inf
        self.budget = MOST_WORK
        self._factored: dict[int, tuple[Poly, Poly]] = {}
        self._conditions: set[int] = set()  # the atoms P(e) and Z(e)
        self._wrapped: set[int] = set()  # the sums and roots
        self._met: dict[tuple[int, int], Coefficient] = {}  # long fractions, by exponent and leading bits

    def atom(self, *key: object) -> int:
        """The number of what a key describes: its kind first."""
        found = self.ids.get(key)
        if found is None:
            found = self.ids[key] = len(self.atoms)
            self.atoms.append(key)
            if key[0] in ("P", "Z"):
                self._conditions.add(found)
            elif key[0] in ("sum", "root"):
                self._wrapped.add(found)
        return found

    def shared(self, poly: Poly) -> Poly:
        """The polynomial as atoms are known by: with one coefficient for all that differ by rounding alone."""
        return {m: c if is_short(c) else self._representative(c) for m, c in poly.items()}

    def _representative(self, value: Coefficient) -> Coefficient:
        """The simple number, else the first one met, that is within the rounding of folded constants."""
        near = Fraction(value).limit_denominator(SIMPLE)
        if _is_rounding(value - near, value, near):
            return whole(near)
        try:
            mantissa, exponent = math.frexp(value)
        except OverflowError:
            return value
        leading = int(mantissa / ROUNDING)
        for neighbour in (leading, leading - 1, leading + 1):
            met = self._met.get((exponent, neighbour))
            if met is not None and _is_rounding(value - met, value, met):
                return met
        return self._met.setdefault((exponent, leading), value)

    def kind(self, atom: int) -> str:
        """symbol, function, sum, root, power, max, P or Z."""
        return str(self.atoms[atom][0])

    def number(self, value: Coefficient) -> Poly:
        return {ONE: value.numerator if value.denominator == 1 else value} if value else {}

    def symbol(self, name: str) -> Poly:
        return {((self.atom("symbol", name), 1),): 1}

    def plus(self, a: Poly, b: Poly, scale: Coefficient = 1) -> Poly:
        """a + scale * b, exactly."""
        if not a and scale == 1:
            return b
        result = dict(a)
        self.add(result, b, scale)
        return result

    def add(self, result: Poly, b: Poly, scale: Coefficient = 1) -> None:
        """The same, into `result`."""
        for monomial, coefficient in b.items():
            old = result.get(monomial)
            added = coefficient if scale == 1 else coefficient * scale
            if old is None:
                result[monomial] = added
                continue
            new = old + added
            if not new:
                del result[monomial]
            else:
                result[monomial] = new

    def minus(self, a: Poly, b: Poly) -> Poly:
        return self.plus(a, b, -1)

    def compared(self, a: Poly, b: Poly) -> Poly:
        """a - b, without what is left of a monomial by the rounding of constants that were folded in doubles."""
        difference = self.minus(a, b)
        return {m: c for m, c in difference.items() if not _is_rounding(c, a.get(m, 0), b.get(m, 0))}

    def times(self, a: Poly, b: Poly) -> Poly:
        if not a or not b:
            return {}
        if len(a) > len(b):
            a, b = b, a
        if len(a) == 1 and ONE in a:
            return b if a[ONE] == 1 else {m: self.multiplied(c, a[ONE]) for m, c in b.items()}
        if len(b) > 1:
            if self._is_condition(a) or self._is_condition(b):
                return self.product(a, b)
            a, b = self.factored(a), self.factored(b)
        return self.product(a, b)

    def product(self, a: Poly, b: Poly) -> Poly:
        """Every monomial with every other."""
        if len(a) * len(b) > LARGEST:
            raise TooLarge
        self.spend(len(a) * len(b))
        if len(a) == len(b) == 1:
            ((m, c),), ((n, d),) = a.items(), b.items()
            return self.joined(m, n, self.multiplied(c, d))
        result: Poly = {}
        for m, c in a.items():
            for n, d in b.items():
                self.add(result, self.joined(m, n, self.multiplied(c, d)))
        return result

    def multiplied(self, c: Coefficient, d: Coefficient) -> Coefficient:
        """c * d, of long fractions the number that it stands for: the square of 1.4142135623730951 is 2."""
        return c * d if is_short(c) or is_short(d) else self._representative(c * d)

    def spend(self, work: int) -> None:
        """Errors: TooLarge, where a decision takes too much work; clock.OutOfWork."""
        self.budget -= work
        clock.check(work)
        if self.budget < 0 or clock.now() > self.deadline:
            raise TooLarge

    def joined(self, m: Monomial, n: Monomial, coefficient: Coefficient) -> Poly:
        """The product of two monomials: a polynomial only where a sum or a root's base is left bare."""
        if not m or not n:
            joined = m or n
        else:
            joined = multiplied(m, n)
            if not self._conditions.isdisjoint([atom for atom, _ in joined]):
                powers = {atom: 1 if atom in self._conditions else exponent for atom, exponent in joined}
                joined = tuple(powers.items())
                if self._contradictory(powers):
                    return {}
        return self.bared(joined, coefficient)

    def _contradictory(self, powers: Mapping[int, Exponent]) -> bool:
        """Whether a condition excludes another or makes a factor 0: P(e)*Z(e), Z(e)*e."""
        for atom in powers:
            key = self.atoms[atom]
            if key[0] != "Z":
                continue
            if self.ids.get(("P", key[1]), -1) in powers:
                return True
            poly = self.polys[atom]
            if len(poly) == 1:
                (monomial,) = poly
                if all(powers.get(base, 0) > 0 for base, _ in monomial):
                    return True
        return False

    def bared(self, monomial: Monomial, coefficient: Coefficient) -> Poly:
        """coefficient * monomial, without the atom around a root's base or a sum that stands alone."""
        for place, (atom, exponent) in enumerate(monomial):
            if atom not in self._wrapped:
                continue
            kind = self.kind(atom)
            if kind == "root" and exponent == int(exponent):
                rest = {monomial[:place] + monomial[place + 1 :]: coefficient}
                return self.times(rest, self.whole_power(self.polys[atom], int(exponent)))
            if kind == "sum" and len(monomial) == 1 and exponent == 1:
                return {m: self.multiplied(c, coefficient) for m, c in self.polys[atom].items()}
        return {monomial: coefficient}

    def _is_condition(self, poly: Poly) -> bool:
        return all(atom in self._conditions for monomial in poly for atom, _ in monomial)

    def factored(self, poly: Poly) -> Poly:
        """The polynomial as one monomial: its content times the sum that is left, which becomes an atom."""
        if len(poly) <= 1:
            return poly
        known = self._factored.get(id(poly))
        if known is not None and known[0] is poly:
            return known[1]
        content = common_factor(poly)
        inverse = tuple((atom, -exponent) for atom, exponent in content)
        rest: Poly = {}
        for monomial, coefficient in poly.items():
            self.add(rest, self.bared(multiplied(monomial, inverse), coefficient))
        if len(rest) <= 1:
            result = self.product({content: 1}, rest)
        else:
            lead = rest[min(rest)]
            rest = self.shared({m: ratio(c, lead) for m, c in rest.items()})
            atom = self.atom("sum", frozenset(rest.items()))
            self.polys[atom] = rest
            result = {multiplied(content, ((atom, 1),)): lead}
        self._factored[id(poly)] = (poly, result)
        return result

    def whole_power(self, poly: Poly, exponent: int) -> Poly:
        """Errors: ZeroDivisionError; TooLarge."""
        if exponent == 0:
            return self.number(1)
        if exponent == 1:
            return poly
        if not poly:
            if exponent < 0:
                raise ZeroDivisionError
            return {}
        if abs(exponent) > LARGEST_POWER:
            raise TooLarge
        ((monomial, coefficient),) = self.one_monomial(poly).items()
        if exponent < 0 and any(self.kind(atom) in ("P", "Z") for atom, _ in monomial):
            ((monomial, coefficient),) = self.sum_atom(poly).items()
        powers = tuple((a, e if self.kind(a) in ("P", "Z") else e * exponent) for a, e in monomial)
        return self.bared(powers, whole(Fraction(coefficient) ** exponent))

    def one_monomial(self, poly: Poly) -> Poly:
        """The polynomial as one monomial in any case: one of conditions, which is not factored, becomes an atom."""
        one = self.factored(poly)
        return one if len(one) == 1 else self.sum_atom(poly)

    def is_positive(self, atom: int) -> bool:
        """Whether an atom is known to be positive: exp, cosh, a sum of nothing but positive summands."""
        kind = self.kind(atom)
        if kind == "function":
            return self.atoms[atom][1] in ("exp", "cosh")
        return kind == "sum" and self._all_positive(self.polys[atom])

    def _all_positive(self, poly: Poly) -> bool:
        return all(
            c > 0 and all(self.is_positive(a) or (e == int(e) and e % 2 == 0 and not self._vanishes(m)) for a, e in m)
            for m, c in poly.items()
        ) and any(all(self.is_positive(a) for a, _ in m) for m in poly)

    def _vanishes(self, monomial: Monomial) -> bool:
        return any(self.kind(a) in ("P", "Z") for a, _ in monomial)

    def sum_atom(self, poly: Poly) -> Poly:
        """The whole polynomial as one atom."""
        poly = self.shared(poly)
        atom = self.atom("sum", frozenset(poly.items()))
        self.polys[atom] = poly
        return {((atom, 1),): 1}

    def inside(self, atom: int) -> Iterable[Poly]:
        """The polynomials that an atom is made of."""
        if self.kind(atom) == "max":
            return [dict(part) for part in self.atoms[atom][1]]  # type: ignore[attr-defined]
        return [dict(part) for part in self.atoms[atom][1:] if isinstance(part, frozenset)]

    def atoms_in(self, poly: Poly) -> list[int]:
        """Every atom of a polynomial, those inside others too."""
        found: dict[int, None] = {}
        stack = [poly]
        while stack:
            for monomial in stack.pop():
                for atom, _ in monomial:
                    if atom not in found:
                        found[atom] = None
                        stack.extend(self.inside(atom))
        return list(found)

    def expanded(self, poly: Poly, largest: int = LARGEST) -> Poly:
        """Every power of a sum multiplied out. Errors: TooLarge."""
        while True:
            result: Poly = {}
            changed = False
            for monomial, coefficient in poly.items():
                place = next((i for i, (a, e) in enumerate(monomial) if self._multiplies_out(a, e)), None)
                if place is None:
                    self.add(result, {monomial: coefficient})
                    continue
                changed = True
                atom, exponent = monomial[place]
                left: Monomial = ((atom, exponent - 1),) if exponent != 1 else ()
                rest = monomial[:place] + left + monomial[place + 1 :]
                self.spend(len(self.polys[atom]))
                for inner, c in self.polys[atom].items():
                    self.add(result, self.joined(rest, inner, self.multiplied(c, coefficient)))
                if len(result) > largest:
                    raise TooLarge
            if not changed:
                return result
            poly = result

    def _multiplies_out(self, atom: int, exponent: Exponent) -> bool:
        """A whole power of a sum; and r**(1/2) as r * r**(-1/2), so that one form of every root is left."""
        kind = self.kind(atom)
        return exponent > 0 and ((kind == "sum" and exponent == int(exponent)) or kind == "root")

    def expanded_or_same(self, poly: Poly) -> Poly:
        """Expanded where that is small."""
        try:
            return self.expanded(poly, FEW)
        except TooLarge:
            return poly
