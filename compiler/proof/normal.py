"""A normal form of terms in which equal is identical, for what emitted derivatives are made of.

A term becomes a polynomial over *atoms*, with exact coefficients: symbols, functions of polynomials, and two kinds that
keep it small and exact. A sum that is used as a factor becomes one atom (its content taken out), so that a chain of
layers stays as long as its code. A condition is the sign of a polynomial e, and its atoms P(e) = [e > 0] and
Z(e) = [e = 0] are numbers with P*P = P, Z*Z = Z, P*Z = 0: a branch is c*a + (1 - c)*b, and every path is covered.

Two polynomials that differ may still be the same function: `Space.settle` decides what expansion, common denominators
and case distinctions decide.

>>> x, y = terms.symbol("x"), terms.symbol("y")
>>> space = Space()
>>> space.normal((x + y) * (x - y)) == space.normal(x * x - y * y)
False
>>> space.settle(space.minus(space.normal((x + y) * (x - y)), space.normal(x * x - y * y)))
'zero'
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any, Literal

from mgc.compiler.proof import terms
from mgc.compiler.proof.terms import Term

Exponent = int | Fraction
Monomial = tuple[tuple[int, Exponent], ...]
Coefficient = int | Fraction  # an int where it is whole: most are, and ints are faster
Poly = dict[Monomial, Coefficient]
Verdict = Literal["zero", "zero off kinks", "open"]
Template = Callable[[str, int], "tuple[tuple[str, ...], Term] | None"]

ONE: Monomial = ()
LARGEST = 3000  # monomials of an expansion
MOST_WORK = 40_000  # products of monomials in one decision, unless told otherwise; ten times that in one normal form
MOST_CASES = 7  # conditions that one case distinction may go through
ROUNDING = Fraction(1, 2**46)  # what folding constants in doubles may be off by
ODD = frozenset("sin tan asin atan sinh tanh asinh atanh erf".split())
POLES = frozenset("log gamma lgamma digamma trigamma tetragamma".split())  # at 0
EVEN = frozenset("cos cosh".split())


class TooLarge(Exception):
    """An expansion or a power beyond what is reasonable."""


def _no_template(name: str, count: int) -> None:
    return None


class Space:
    """The atoms of one comparison, and the polynomials over them.

    `template` gives the meaning of a function as a term of elementary ones; `constant` the value of an elementary
    function at numbers. Both are passed in, so that this module is algebra and nothing else.
    """

    def __init__(
        self,
        template: Template = _no_template,
        constant: Callable[[str, tuple[Fraction, ...]], Fraction | None] = lambda name, values: None,
    ) -> None:
        self._template = template
        self._constant = constant
        self._ids: dict[tuple[object, ...], int] = {}
        self.atoms: list[tuple[object, ...]] = []
        self._polys: dict[int, Poly] = {}  # what a sum, a root's base or a condition's e stands for
        self._factored: dict[int, tuple[Poly, Poly]] = {}
        self._memo: dict[Term, Poly] = {}
        self.most_work = MOST_WORK
        self.deadline = math.inf
        self._legs: dict[frozenset[tuple[Monomial, Coefficient]], tuple[Poly, Poly]] = {}
        self._budget = MOST_WORK

    # --- atoms

    def _atom(self, *key: object) -> int:
        found = self._ids.get(key)
        if found is None:
            found = self._ids[key] = len(self.atoms)
            self.atoms.append(key)
        return found

    def _kind(self, atom: int) -> str:
        return str(self.atoms[atom][0])

    def number(self, value: Coefficient) -> Poly:
        return {ONE: value.numerator if value.denominator == 1 else value} if value else {}

    def symbol(self, name: str) -> Poly:
        return {((self._atom("symbol", name), 1),): 1}

    # --- arithmetic

    def plus(self, a: Poly, b: Poly, scale: Coefficient = 1) -> Poly:
        """a + scale * b. What cancels but for the rounding of constants is gone."""
        if not a and scale == 1:
            return b
        result = dict(a)
        self._add(result, b, scale)
        return result

    def _add(self, result: Poly, b: Poly, scale: Coefficient = 1) -> None:
        """The same, into `result`."""
        for monomial, coefficient in b.items():
            old = result.get(monomial)
            added = coefficient if scale == 1 else coefficient * scale
            if old is None:
                result[monomial] = added
                continue
            new = old + added
            if not new or (new.denominator > 1 and abs(new) <= ROUNDING * abs(old)):
                del result[monomial]
            else:
                result[monomial] = new

    def minus(self, a: Poly, b: Poly) -> Poly:
        return self.plus(a, b, -1)

    def times(self, a: Poly, b: Poly) -> Poly:
        if not a or not b:
            return {}
        if len(a) > len(b):
            a, b = b, a
        if len(a) == 1 and ONE in a:
            return b if a[ONE] == 1 else {m: c * a[ONE] for m, c in b.items()}
        if len(b) > 1:
            if self._is_condition(a) or self._is_condition(b):
                return self._product(a, b)
            a, b = self.factored(a), self.factored(b)
        return self._product(a, b)

    def _product(self, a: Poly, b: Poly) -> Poly:
        """Every monomial with every other."""
        if len(a) * len(b) > LARGEST:
            raise TooLarge
        self._spend(len(a) * len(b))
        result: Poly = {}
        for m, c in a.items():
            for n, d in b.items():
                self._add(result, self._joined(m, n, c * d))
        return result

    def _spend(self, work: int) -> None:
        self._budget -= work
        if self._budget < 0 or time.monotonic() > self.deadline:
            raise TooLarge

    def _joined(self, m: Monomial, n: Monomial, coefficient: Coefficient) -> Poly:
        """The product of two monomials: a polynomial only where a sum or a root's base is left bare."""
        if not m or not n:
            joined = m or n
        else:
            powers: dict[int, Exponent] = dict(m)
            for atom, exponent in n:
                powers[atom] = powers.get(atom, 0) + exponent
            for atom, _ in m:
                if self._kind(atom) in ("P", "Z") and powers[atom] != 1:
                    powers[atom] = 1
            joined = tuple(sorted((atom, exponent) for atom, exponent in powers.items() if exponent))
            if self._contradictory(powers):
                return {}
        return self._bared(joined, coefficient)

    def _contradictory(self, powers: Mapping[int, Exponent]) -> bool:
        """Whether a condition excludes another or makes a factor 0: P(e)*Z(e), Z(e)*e."""
        for atom in powers:
            key = self.atoms[atom]
            if key[0] != "Z":
                continue
            if self._ids.get(("P", key[1]), -1) in powers:
                return True
            poly = self._polys[atom]
            if len(poly) == 1:
                (monomial,) = poly
                if all(powers.get(base, 0) > 0 for base, _ in monomial):
                    return True
        return False

    def _bared(self, monomial: Monomial, coefficient: Coefficient) -> Poly:
        for place, (atom, exponent) in enumerate(monomial):
            kind = self._kind(atom)
            if kind == "root" and exponent == int(exponent):
                rest = {monomial[:place] + monomial[place + 1 :]: coefficient}
                return self.times(rest, self.power(self._polys[atom], int(exponent)))
            if kind == "sum" and len(monomial) == 1 and exponent == 1:
                return {m: c * coefficient for m, c in self._polys[atom].items()}
        return {monomial: coefficient}

    def _is_condition(self, poly: Poly) -> bool:
        return all(self._kind(atom) in ("P", "Z") for monomial in poly for atom, _ in monomial)

    def factored(self, poly: Poly) -> Poly:
        """The polynomial as one monomial: its content times the sum that is left, which becomes an atom."""
        if len(poly) <= 1:
            return poly
        known = self._factored.get(id(poly))
        if known is not None and known[0] is poly:
            return known[1]
        content = _content(poly)
        inverse = tuple((atom, -exponent) for atom, exponent in content)
        rest: Poly = {}
        for monomial, coefficient in poly.items():
            self._add(rest, self._bared(_raised(monomial, inverse), coefficient))
        if len(rest) <= 1:
            result = self._product({content: 1}, rest)
        else:
            lead = rest[min(rest)]
            rest = {m: _rounded(_ratio(c, lead)) for m, c in rest.items()}
            atom = self._atom("sum", frozenset(rest.items()))
            self._polys[atom] = rest
            result = {_raised(content, ((atom, 1),)): lead}
        self._factored[id(poly)] = (poly, result)
        return result

    def power(self, poly: Poly, exponent: Exponent) -> Poly:
        """Errors: ZeroDivisionError; TooLarge."""
        if exponent == 0:
            return self.number(1)
        if exponent == 1:
            return poly
        if not poly:
            if exponent < 0:
                raise ZeroDivisionError
            return {}
        one = self.factored(poly)
        if len(one) > 1:  # a condition's polynomial and the like
            one = self._sum_atom(poly)
        ((monomial, coefficient),) = one.items()
        if exponent == int(exponent):
            exponent = int(exponent)
            if abs(exponent) > 1000:
                raise TooLarge
            if any(self._kind(atom) in ("P", "Z") for atom, _ in monomial) and exponent < 0:
                ((monomial, coefficient),) = self._sum_atom(poly).items()
            raised = tuple((a, e if self._kind(a) in ("P", "Z") else e * exponent) for a, e in monomial)
            return self._bared(raised, _whole(Fraction(coefficient) ** exponent))
        return self._root(poly, exponent)

    def _root(self, poly: Poly, exponent: Exponent) -> Poly:
        """A power with a fraction for exponent: of an atom, of a square (which is that of a magnitude), of the rest."""
        base = self._expanded_or_same(poly)
        one = self.factored(base)
        ((monomial, coefficient),) = one.items() if len(one) == 1 else self._sum_atom(base).items()
        scale = self._constant("pow", (Fraction(coefficient), Fraction(exponent))) if coefficient > 0 else None
        if scale is not None:
            if not monomial:
                return self.number(scale)
            if len(monomial) == 1 and (monomial[0][1] == 1 or self._is_positive(monomial[0][0])):
                atom, own = monomial[0]
                return self._bared(((atom, own * exponent),), scale)
            if all(e == int(e) and e % 2 == 0 for _, e in monomial) and abs(exponent) == Fraction(1, 2):
                return self._product(self._magnitude(monomial, exponent > 0), self.number(scale))
        atom = self._atom("root", frozenset(base.items()))
        self._polys[atom] = base
        return {((atom, exponent),): 1}

    def _magnitude(self, square: Monomial, upright: bool) -> Poly:
        """|m| or 1/|m| of the monomial m whose square is given."""
        half: Poly = {tuple((a, e // 2) for a, e in square): 1}
        positive, zero = self.sign(half)
        sign = self.plus(self.minus(self.plus(positive, positive), self.number(1)), zero)
        return self._product(sign, half if upright else self.power(half, -1))

    def _is_positive(self, atom: int) -> bool:
        """Whether an atom is known to be positive: exp, cosh, a sum of nothing but positive summands."""
        kind = self._kind(atom)
        if kind == "function":
            return self.atoms[atom][1] in ("exp", "cosh")
        return kind == "sum" and self._all_positive(self._polys[atom])

    def _all_positive(self, poly: Poly) -> bool:
        return all(
            c > 0 and all(self._is_positive(a) or (e == int(e) and e % 2 == 0 and not self._vanishes(m)) for a, e in m)
            for m, c in poly.items()
        ) and any(all(self._is_positive(a) for a, _ in m) for m in poly)

    def _vanishes(self, monomial: Monomial) -> bool:
        return any(self._kind(a) in ("P", "Z") for a, _ in monomial)

    def _sum_atom(self, poly: Poly) -> Poly:
        atom = self._atom("sum", frozenset(poly.items()))
        self._polys[atom] = poly
        return {((atom, 1),): 1}

    # --- conditions

    def sign(self, poly: Poly) -> tuple[Poly, Poly]:
        """[poly > 0] and [poly = 0] as polynomials."""
        if not poly or set(poly) == {ONE}:
            value = poly.get(ONE, 0)
            return self.number(value > 0), self.number(value == 0)
        if len(poly) == 1:
            ((monomial, coefficient),) = poly.items()
            kept = tuple((a, e) for a, e in monomial if not self._is_positive(a))
            if len(kept) < len(monomial):
                return self.sign({kept: coefficient})
            if any(e < 0 and e == int(e) for _, e in monomial):  # 1/u is never 0 and has the sign of u
                upright = tuple((a, -e if e < 0 and e == int(e) else e) for a, e in monomial)
                positive, zero = self.sign({upright: coefficient})
                rest: Poly = {tuple((a, e) for a, e in monomial if e > 0): 1}
                return positive, self.sign(rest)[1] if ONE not in rest else {}
        divided = tuple((a, e) for a, e in _content(poly) if e < 0 and e == int(e) and self._kind(a) not in ("P", "Z"))
        if divided and len(poly) > 1:
            return self._sign_of_quotient(poly, divided)
        settled = self._sign_of_hypotenuse(poly) or self._sign_of_extreme(poly) or self._sign_by_cases(poly)
        if settled is not None:
            return settled
        common = tuple((a, e) for a, e in _content(poly) if self._kind(a) in ("P", "Z"))
        if common:  # c*q for a condition c: positive where c holds and q is
            rest = {tuple(pair for pair in m if pair not in common): c for m, c in poly.items()}
            p, z = self.sign(rest)
            holds: Poly = {common: 1}
            return self._product(holds, p), self.plus(self.minus(self.number(1), holds), self._product(holds, z))
        lead = poly[min(poly)]
        key = frozenset((m, _rounded(_ratio(c, lead))) for m, c in poly.items())
        positive, zero = self._atom("P", key), self._atom("Z", key)
        scaled = dict(key)
        self._polys[positive] = self._polys[zero] = scaled
        p, z = {((positive, 1),): 1}, {((zero, 1),): 1}
        if lead < 0:
            p = self.minus(self.minus(self.number(1), p), z)
        return p, z

    def largest(self, a: Poly, b: Poly) -> Poly:
        """max(a, b): by its condition where one is a number, else one atom for the set of all that are compared."""
        if set(a) <= {ONE} or set(b) <= {ONE}:
            return _select(self, self.sign(self.minus(a, b))[0], a, b)
        keys = self._compared(a) | self._compared(b)
        if len(keys) == 1:
            return a
        atom = self._atom("max", keys)
        return {((atom, 1),): 1}

    def _compared(self, poly: Poly) -> frozenset[frozenset[tuple[Monomial, Coefficient]]]:
        atom = self._bare_max(poly)
        if atom is not None:
            found: frozenset[frozenset[tuple[Monomial, Coefficient]]] = self.atoms[atom][1]  # type: ignore[assignment]
            return found
        return frozenset({frozenset(poly.items())})

    def _bare_max(self, poly: Poly) -> int | None:
        if len(poly) == 1:
            ((monomial, coefficient),) = poly.items()
            if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1 and self._kind(monomial[0][0]) == "max":
                return monomial[0][0]
        return None

    def _sign_of_extreme(self, poly: Poly) -> tuple[Poly, Poly] | None:
        """The sign of v - max(a, b, ..): v is larger where it is larger than each."""
        for monomial, coefficient in poly.items():
            if len(monomial) != 1 or monomial[0][1] != 1 or self._kind(monomial[0][0]) != "max":
                continue
            rest = {m: _ratio(c, -coefficient) for m, c in poly.items() if m != monomial}
            compared: frozenset[frozenset[tuple[Monomial, Coefficient]]] = self.atoms[monomial[0][0]][1]  # type: ignore[assignment]
            if len(compared) > MOST_CASES + 2 or any(self._kind(a) == "max" for m in rest for a, _ in m):
                continue
            above = at_least = self.number(1)
            for other in sorted(compared, key=sorted):
                larger, equal = self.sign(self.minus(rest, dict(other)))
                above, at_least = self.times(above, larger), self.times(at_least, self.plus(larger, equal))
            equal = self.minus(at_least, above)
            return (above, equal) if coefficient < 0 else (self.minus(self.number(1), at_least), equal)
        return None

    def _sign_of_quotient(self, poly: Poly, divided: Monomial) -> tuple[Poly, Poly]:
        """The sign of q/u, wherever u is not 0: that of q*u, and zero where q is."""
        upright = tuple((atom, -exponent) for atom, exponent in divided)
        numerator: Poly = {}
        for monomial, coefficient in poly.items():
            self._add(numerator, self._bared(_raised(monomial, upright), coefficient))
        positive, zero = self.sign(numerator)
        odd = tuple((atom, 1) for atom, exponent in divided if exponent % 2 and not self._is_positive(atom))
        if not odd:
            return positive, zero
        upper, _ = self.sign({odd: 1})
        negative = self.minus(self.minus(self.number(1), positive), zero)
        lower = self.minus(self.number(1), upper)
        return self.plus(self.times(upper, positive), self.times(lower, negative)), zero

    def hypotenuse(self, a: Poly, b: Poly) -> Poly:
        """sqrt(a**2 + b**2), of which it is remembered that it is 0 only where both are."""
        result = self.power(self.plus(self.times(a, a), self.times(b, b)), Fraction(1, 2))
        self._legs[frozenset(result.items())] = (a, b)
        return result

    def _sign_of_hypotenuse(self, poly: Poly) -> tuple[Poly, Poly] | None:
        legs = self._legs.get(frozenset(poly.items()))
        if legs is None:
            return None
        both = self.times(*(self.sign(leg)[1] for leg in legs))
        return self.minus(self.number(1), both), both

    def _sign_by_cases(self, poly: Poly) -> tuple[Poly, Poly] | None:
        """The sign of what one condition chooses, as the sign of each choice: that of abs(x) is [x != 0]."""
        conditions = {self._atom("P", self.atoms[a][1]) for m in poly for a, _ in m if self._kind(a) in ("P", "Z")}
        if len(conditions) != 1:
            return None
        (condition,) = conditions
        p, z = {((condition, 1),): 1}, {((self._atom("Z", self.atoms[condition][1]), 1),): 1}
        below = self.minus(self.minus(self.number(1), p), z)
        above: Poly = {}
        equal: Poly = {}
        for sign, holds in ((1, p), (-1, below), (0, z)):
            chosen: Poly = {}
            for monomial, coefficient in poly.items():
                kept = tuple((a, e) for a, e in monomial if self._kind(a) not in ("P", "Z"))
                kinds = {self._kind(a) for a, _ in monomial} & {"P", "Z"}
                if not kinds or (kinds == {"P"} and sign > 0) or (kinds == {"Z"} and sign == 0):
                    chosen = self.plus(chosen, {kept: coefficient})
            positive, zero = self.sign(chosen)
            above = self.plus(above, self._product(holds, positive))
            equal = self.plus(equal, self._product(holds, zero))
        return above, equal

    # --- terms

    def normal(self, term: Term, known: Mapping[Term, Poly] | None = None) -> Poly:
        """The normal form. `known` gives those of some subterms. Errors: TooLarge, ZeroDivisionError."""
        if known is None:
            self._budget = 10 * MOST_WORK
        memo = self._memo if known is None else dict(known)
        stack = [term]
        while stack:
            node = stack[-1]
            missing = [argument for argument in node.args if argument not in memo] if node not in memo else []
            if missing:
                stack += missing
                continue
            stack.pop()
            if node not in memo:
                memo[node] = self._one(node, [memo[argument] for argument in node.args])
        return memo[term]

    def _one(self, node: Term, args: list[Poly]) -> Poly:
        rule = _RULES.get(node.op)
        if rule is not None:
            return rule(self, *args)
        if node.op == "constant":
            value = terms.number(node)
            return self.number(value) if value is not None else self.symbol(str(node.payload))
        if node.op == "symbol":
            return self.symbol(str(node.payload))
        return self.function(node.op, args)

    def function(self, name: str, args: list[Poly]) -> Poly:
        template = self._template(name, len(args))
        if template is not None:
            names, body = template
            return self.normal(body, {terms.symbol(n): a for n, a in zip(names, args, strict=True)})
        args = [self._expanded_or_same(a) for a in args]
        if all(set(a) <= {ONE} for a in args):
            value = self._constant(name, tuple(Fraction(a.get(ONE, 0)) for a in args))
            if value is not None:
                return self.number(value)
            if name in POLES and not args[0]:
                raise ZeroDivisionError
        if name == "exp":
            return self._exponential(args[0])
        sign = 1
        if name in ODD | EVEN and args[0] and args[0][min(args[0])] < 0:
            args = [{m: -c for m, c in args[0].items()}]
            sign = -1 if name in ODD else sign
        atom = self._atom("function", name, *(frozenset(a.items()) for a in args))
        self._arguments(atom, args)
        return {((atom, 1),): sign}

    def _arguments(self, atom: int, args: list[Poly]) -> None:
        self._polys[atom] = args[0] if args else {}

    def _exponential(self, poly: Poly) -> Poly:
        """exp(a + 2*b) = exp(a) * exp(b)**2: one atom per monomial, or the whole where there are many."""
        result = self.number(1)
        parts = [{m: c} for m, c in poly.items()] if len(poly) <= 8 else [poly]
        for part in parts:
            lead = part[min(part)]
            scaled = {m: _rounded(_ratio(c, lead)) for m, c in part.items()}
            if set(scaled) == {ONE}:
                value = self._constant("exp", (Fraction(lead),))
                if value is not None:
                    result = self.times(result, self.number(value))
                    continue
            atom = self._atom("function", "exp", frozenset(scaled.items()))
            self._polys[atom] = scaled
            exponent = int(lead) if lead.denominator == 1 else lead
            result = self.times(result, {((atom, exponent),): 1})
        return result

    def symbolic_power(self, base: Poly, exponent: Poly) -> Poly:
        """base ** exponent; of the exponent's constant part an ordinary power."""
        if set(exponent) <= {ONE}:
            value = _snapped(Fraction(exponent.get(ONE, 0)))
            if value.denominator != 1 or set(base) <= {ONE}:
                folded = None
                if set(base) <= {ONE}:
                    folded = self._constant("pow", (Fraction(base.get(ONE, 0)), value))
                if folded is not None:
                    return self.number(folded)
            return self.power(base, int(value) if value.denominator == 1 else value)
        if not base:
            raise ZeroDivisionError
        rest = {m: c for m, c in exponent.items() if m}
        atom = self._atom("power", frozenset(base.items()), frozenset(rest.items()))
        self._polys[atom] = rest
        result: Poly = {((atom, 1),): 1}
        if ONE in exponent:
            result = self.times(result, self.symbolic_power(base, {ONE: exponent[ONE]}))
        return result

    # --- deciding whether a polynomial is zero

    def _expanded_or_same(self, poly: Poly) -> Poly:
        try:
            expanded = self.expanded(poly, 64)
        except TooLarge:
            return poly
        return expanded

    def expanded(self, poly: Poly, largest: int = LARGEST) -> Poly:
        """Every power of a sum multiplied out. Errors: TooLarge."""
        while True:
            result: Poly = {}
            changed = False
            for monomial, coefficient in poly.items():
                place = next((i for i, (a, e) in enumerate(monomial) if self._multiplies_out(a, e)), None)
                if place is None:
                    self._add(result, {monomial: coefficient})
                    continue
                changed = True
                atom, exponent = monomial[place]
                left: Monomial = ((atom, exponent - 1),) if exponent != 1 else ()
                rest = monomial[:place] + left + monomial[place + 1 :]
                self._spend(len(self._polys[atom]))
                for inner, c in self._polys[atom].items():
                    self._add(result, self._joined(rest, inner, c * coefficient))
                if len(result) > largest:
                    raise TooLarge
            if not changed:
                return result
            poly = result

    def _multiplies_out(self, atom: int, exponent: Exponent) -> bool:
        """A whole power of a sum; and r**(1/2) as r * r**(-1/2), so that one form of every root is left."""
        kind = self._kind(atom)
        return exponent > 0 and ((kind == "sum" and exponent == int(exponent)) or kind == "root")

    def cleared(self, poly: Poly) -> Poly:
        """The numerator over the common denominator, expanded. Errors: TooLarge."""
        poly = self.expanded(poly)
        while poly:
            lowest: dict[int, Exponent] = {}
            for monomial in poly:
                for atom, exponent in monomial:
                    if exponent < 0 and self._kind(atom) == "sum":
                        lowest[atom] = min(lowest.get(atom, 0), exponent)
            if not lowest:
                return poly
            atom, exponent = max(lowest.items())
            factor: Monomial = ((atom, -exponent),)
            raised: Poly = {}
            for monomial, coefficient in poly.items():
                self._add(raised, {_raised(monomial, factor): coefficient})
            poly = self.expanded(raised)
        return poly

    def conditions(self, poly: Poly) -> list[int]:
        """The atoms P(e) of all conditions in a polynomial, those inside its sums and functions too."""
        found: dict[int, None] = {}
        seen: set[int] = set()
        stack = [poly]
        while stack:
            for monomial in stack.pop():
                for atom, _ in monomial:
                    if atom in seen:
                        continue
                    seen.add(atom)
                    key = self.atoms[atom]
                    if key[0] in ("P", "Z"):
                        found[self._atom("P", key[1])] = None
                    stack.extend(self._inside(atom))
        return list(found)

    def _inside(self, atom: int) -> Iterable[Poly]:
        if self._kind(atom) == "max":
            return [dict(part) for part in self.atoms[atom][1]]  # type: ignore[attr-defined]
        return [dict(part) for part in self.atoms[atom][1:] if isinstance(part, frozenset)]

    def spelled(self, condition: int) -> str:
        """The e of a condition, for a person: symbols by name, other factors as dots."""
        parts = []
        for monomial, coefficient in list(self._polys[condition].items())[:6]:
            factors = [str(self.atoms[a][1]) if self._kind(a) == "symbol" else "..." for a, _ in monomial]
            number = [] if coefficient == 1 and factors else [str(coefficient)]
            parts.append("*".join([*number, *factors]))
        return " + ".join(parts)

    def settle(self, poly: Poly, signs: Mapping[int, int] = {}) -> Verdict:  # never changed
        """Whether a polynomial is zero as a function, wherever it is defined; `open` where that is not shown.

        `signs` are those of conditions that are known already (by atom P(e)).
        """
        self._budget = self.most_work
        try:
            return self._settle(poly, dict(signs))
        except (TooLarge, ZeroDivisionError, RecursionError):
            return "open"

    def _settle(self, poly: Poly, signs: dict[int, int]) -> Verdict:
        poly = self.cleared(poly)
        if not poly:
            return "zero"
        conditions = self.conditions(poly)
        if not conditions:
            return "zero" if self._contradict(signs) else "open"
        bare = {m: c for m, c in poly.items() if not any(self._kind(a) == "Z" for a, _ in m)}
        if not bare:
            return "zero off kinks"
        if len(signs) >= MOST_CASES:
            return "open"
        chosen = conditions[0]
        worst: Verdict = "zero"
        for sign in (1, -1, 0):
            case = {**signs, chosen: sign}
            if self._contradict(case):
                continue
            try:
                verdict = self._settle(self.assuming(poly, {chosen: sign}), case)
            except ZeroDivisionError:
                verdict = "open"
            if sign == 0 and verdict != "zero":
                verdict = "zero off kinks"
            if verdict == "open":
                return verdict
            worst = verdict if verdict != "zero" else worst
        return worst

    def _contradict(self, signs: Mapping[int, int]) -> bool:
        """Whether no point has these signs: x > low, high > x and low > high add up to 0 > 0."""
        positive = [(p if s > 0 else self.minus({}, p), s) for p, s in ((self._polys[a], s) for a, s in signs.items())]
        either = positive + [(self.minus({}, p), s) for p, s in positive if s == 0]
        for size in (2, 3):
            for chosen in itertools.combinations(either, size):
                if all(sign == 0 for _, sign in chosen):
                    continue
                total: Poly = {}
                for one, _ in chosen:
                    total = self.plus(total, one)
                if not total:
                    return True
        return False

    def assuming(self, poly: Poly, signs: Mapping[int, int]) -> Poly:
        """The polynomial where the given conditions' e have the given signs (by atom P(e))."""
        return self._rebuilt(poly, signs, {})

    def on_edge(self, poly: Poly, condition: int) -> Poly:
        """The polynomial where e = 0: what that says of a symbol is put in its place. Errors: ZeroDivisionError."""
        edge = self._polys[condition]
        solved = self.solved(condition)
        if solved is not None:
            return self._rebuilt(poly, {condition: 0}, {solved[0]: solved[1]})
        if len(edge) == 1:
            (monomial,) = edge
            return self._rebuilt(poly, {condition: 0}, {monomial[0][0]: {}})
        key = frozenset(edge.items())
        whole = [self._ids[kind, key] for kind in ("sum", "root") if (kind, key) in self._ids]
        return self._rebuilt(poly, {condition: 0}, {atom: {} for atom in whole})

    def solved(self, condition: int) -> tuple[int, Poly] | None:
        """A symbol's atom and what it is where e = 0, if e is linear in one: x = -rest / (what multiplies x)."""
        edge = self._polys[condition]
        for monomial, coefficient in sorted(edge.items(), key=lambda pair: len(pair[0])):
            for atom, exponent in monomial:
                if exponent != 1 or self._kind(atom) != "symbol":
                    continue
                factor = tuple(pair for pair in monomial if pair[0] != atom)
                rest = {m: c for m, c in edge.items() if m != monomial}
                if self._depends(factor, atom) or any(self._depends(m, atom) for m in rest):
                    continue
                divisor = self.power({factor: coefficient}, -1)
                return atom, self.minus({}, self.times(rest, divisor))
        return None

    def symbol_name(self, atom: int) -> str:
        return str(self.atoms[atom][1])

    def evaluated(self, poly: Poly, evaluation: Callable[[str, list[Any]], Any]) -> Any:
        """The value of a polynomial; `evaluation` gives those of symbols and of functions of values."""
        known: dict[int, Any] = {}

        def value(one: Poly) -> Any:
            total: Any = 0
            for monomial, coefficient in one.items():
                product: Any = evaluation("constant", [Fraction(coefficient)])
                for atom, exponent in monomial:
                    if atom not in known:
                        known[atom] = self._atom_value(atom, evaluation, value)
                    product = product * evaluation("pow", [known[atom], evaluation("constant", [Fraction(exponent)])])
                total = total + product
            return total

        return value(poly)

    def _atom_value(self, atom: int, evaluation: Callable[[str, list[Any]], Any], value: Callable[[Poly], Any]) -> Any:
        key = self.atoms[atom]
        if key[0] == "symbol":
            return evaluation(str(key[1]), [])
        if key[0] in ("P", "Z"):
            inner = value(self._polys[atom])
            return evaluation("constant", [Fraction(int(inner > 0 if key[0] == "P" else inner == 0))])
        if key[0] == "max":
            return max(value(dict(one)) for one in key[1])  # type: ignore[attr-defined]
        parts = [value(dict(part)) for part in key[1:] if isinstance(part, frozenset)]
        if key[0] in ("sum", "root"):
            return parts[0]
        return evaluation("pow" if key[0] == "power" else str(key[1]), parts)

    def _depends(self, monomial: Monomial, symbol: int) -> bool:
        stack: list[Poly] = [{monomial: 1}]
        seen: set[int] = set()
        while stack:
            for one in stack.pop():
                for atom, _ in one:
                    if atom == symbol:
                        return True
                    if atom not in seen:
                        seen.add(atom)
                        stack.extend(self._inside(atom))
        return False

    def _rebuilt(self, poly: Poly, signs: Mapping[int, int], values: Mapping[int, Poly]) -> Poly:
        memo: dict[int, Poly] = dict(values)

        def rebuilt(one: Poly) -> Poly:
            result: Poly = {}
            for monomial, coefficient in one.items():
                product = self.number(coefficient)
                for atom, exponent in monomial:
                    if atom not in memo:
                        memo[atom] = self._reassumed(atom, signs, rebuilt)
                    product = self.times(product, self.power(memo[atom], exponent))
                self._add(result, product)
            return result

        return rebuilt(poly)

    def _reassumed(self, atom: int, signs: Mapping[int, int], rebuilt: Callable[[Poly], Poly]) -> Poly:
        key = self.atoms[atom]
        if key[0] in ("P", "Z"):
            sign = signs.get(self._atom("P", key[1]))
            if sign is not None:
                return self.number(sign > 0 if key[0] == "P" else sign == 0)
            inner = rebuilt(self._polys[atom])
            return self.sign(inner)[0 if key[0] == "P" else 1]
        if key[0] == "max":
            return self._largest_of(key[1], signs, rebuilt)
        if key[0] in ("sum", "root"):
            return rebuilt(self._polys[atom])
        parts = [rebuilt(dict(part)) for part in key[1:] if isinstance(part, frozenset)]
        if key[0] == "power":
            return self.symbolic_power(*parts)
        if key[0] == "function":
            return self.function(str(key[1]), parts)
        return {((atom, 1),): 1}

    def _largest_of(self, keys: Any, signs: Mapping[int, int], rebuilt: Callable[[Poly], Poly]) -> Poly:
        """max of several under assumptions: whatever is known to be smaller than another is left out."""
        kept = [dict(key) for key in sorted(keys, key=sorted)]
        for one in list(kept):
            for other in kept:
                if other is not one and self._known_above(other, one, signs):
                    kept = [each for each in kept if each is not one]
                    break
        result = rebuilt(kept[0])
        for one in kept[1:]:
            result = self.largest(result, rebuilt(one))
        return result

    def _known_above(self, a: Poly, b: Poly, signs: Mapping[int, int]) -> bool:
        """Whether the assumptions say a >= b."""
        above, equal = self.sign(self.minus(a, b))
        known: Poly = {}
        for monomial, coefficient in self.plus(above, equal).items():
            value = coefficient
            for atom, _ in monomial:
                sign = signs.get(self._atom("P", self.atoms[atom][1]))
                if sign is None:
                    return False
                value *= (sign > 0) if self._kind(atom) == "P" else (sign == 0)
            known = self.plus(known, self.number(value))
        return known == self.number(1)


def _snapped(value: Fraction) -> Fraction:
    """An exponent that was folded in doubles, 1/3 - 1, as the fraction that is meant, -2/3."""
    if value.denominator < 10**6:
        return value
    near = value.limit_denominator(10**4)
    return near if abs(near - value) <= ROUNDING * abs(value) else value


def _ratio(a: Coefficient, b: Coefficient) -> Coefficient:
    return a if b == 1 else -a if b == -1 else _whole(Fraction(a) / b)


def _whole(value: Coefficient) -> Coefficient:
    return value.numerator if value.denominator == 1 else value


def _content(poly: Poly) -> Monomial:
    """The greatest monomial that divides all others."""
    first, *others = (dict(monomial) for monomial in poly)
    for other in others:
        for atom in [*first]:
            first[atom] = min(first[atom], other.get(atom, 0))
        for atom, exponent in other.items():
            if exponent < 0 and atom not in first:
                first[atom] = exponent
    return tuple(sorted((atom, exponent) for atom, exponent in first.items() if exponent))


def _raised(monomial: Monomial, by: Monomial) -> Monomial:
    powers: dict[int, Exponent] = dict(monomial)
    for atom, exponent in by:
        powers[atom] = powers.get(atom, 0) + exponent
    return tuple(sorted((atom, exponent) for atom, exponent in powers.items() if exponent))


def _rounded(value: Coefficient) -> Coefficient:
    """A coefficient in the form that equal ones share: long fractions are constants folded in doubles."""
    if value.denominator < 10**7 and abs(value.numerator) < 10**12:
        return value
    return terms.simplest(float(f"{float(value):.15g}"))


def _compare(name: str) -> Callable[[Space, Poly, Poly], Poly]:
    def rule(space: Space, a: Poly, b: Poly) -> Poly:
        p, z = space.sign(space.minus(a, b))
        one = space.number(1)
        match name:
            case "gt":
                return p
            case "ge":
                return space.plus(p, z)
            case "lt":
                return space.minus(space.minus(one, p), z)
            case "le":
                return space.minus(one, p)
            case "eq":
                return z
        return space.minus(one, z)

    return rule


def _select(space: Space, condition: Poly, then: Poly, otherwise: Poly) -> Poly:
    return space.plus(otherwise, space.times(condition, space.minus(then, otherwise)))


_RULES: dict[str, Callable[..., Poly]] = {
    "cell": lambda space, a: a,
    "add": Space.plus,
    "sub": Space.minus,
    "mul": Space.times,
    "div": lambda space, a, b: space.times(a, space.power(b, -1)),
    "neg": lambda space, a: space.minus({}, a),
    "pow": Space.symbolic_power,
    "select": _select,
    "cbrt": lambda space, a: space.power(a, Fraction(1, 3)),  # the real root: powers of it multiply as others do
    "max": lambda space, *of: reduce(space.largest, of),
    "hypot": Space.hypotenuse,
    "min": lambda space, *of: space.minus({}, reduce(space.largest, [space.minus({}, one) for one in of])),
    "and": lambda space, a, b: space.times(a, b),
    "or": lambda space, a, b: space.minus(space.plus(a, b), space.times(a, b)),
    "not": lambda space, a: space.minus(space.number(1), a),
    **{name: _compare(name) for name in ("lt", "le", "gt", "ge", "eq", "ne")},
}
