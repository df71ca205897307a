"""A term's residue at a random point of a finite field, under signs of conditions: equal residues, equal functions.

Two different rational functions of degree d agree at a random point of a field of p elements with probability d/p
(Schwartz 1980, Zippel 1979). The exponential is a power of a generator, whose exponents are residues of a field whose
order divides p - 1 (Gonnet 1986); of another function the value at each argument is drawn, once. A comparison is made
of two numbers of what it compares, e = a - b: of [e > 0] and [e = 0]. Where the sign of e is not given they are drawn,
once for e and its multiples: what agrees then agrees on every path and on every edge.

The square root of a residue r is a number that is drawn: what is equal whatever it is, is equal where it is the root.
That its square is r is known only where `rooted` has found a point at which r is a square, and shown that its root is a
new number: then either of the two roots gives the same equations, and which of them is taken never matters.

>>> x, y = terms.symbol("x"), terms.symbol("y")
>>> view = View(Point())
>>> view.value((x + y) * terms.function("exp", y + y)) == view.value(terms.function("exp", y) ** 2 * (y + x))
True
>>> view.value(terms.select(x > y, 1, 0)) == view.value(1 - terms.select(2 * y >= x + x, 1, 0))
True
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce

from mgc.compiler.verify import clock
from mgc.compiler.verify.equal.arithmetic import (
    ARITHMETIC,
    BY_OTHERS,
    POSITIVE,
    NoResidue,
    Sign,
    inverse,
    mixed,
    number_of,
    of_product,
    of_quotient,
    opposite,
)
from mgc.compiler.verify.equal.facts import is_not_negative, is_positive, root_of_square, summands
from mgc.compiler.verify.equal.field import FIELDS, GENERATORS, INNERMOST, Point, Residue, root_of
from mgc.compiler.verify.equal.folded import Monomial, fraction_of, snapped
from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.doubles import is_short
from mgc.compiler.verify.terms.oracle import ODD
from mgc.compiler.verify.terms.terms import ZERO, Term

STEPS = 2  # of work: what else is counted takes half the time
MOST_COMPARED = 9  # arguments of a maximum of which the sign is told


class View:
    """Residues at a point where some conditions have known signs. `moved`: a condition that is drawn once more."""

    def __init__(self, point: Point, signs: Mapping[int, int] = {}, moved: int = -1) -> None:  # never changed
        self.point = point
        self.signs = signs
        self.moved = moved
        self.met: dict[int, Term] = {}  # the conditions that are drawn, with what they are about
        self.radicands: dict[tuple[int, int], Term] = {}  # what roots are taken of
        self._known: tuple[dict[Term, Residue], ...] = ({}, {}, {})
        self._signs: tuple[dict[Term, Sign], ...] = ({}, {}, {})
        self._members: tuple[dict[Term, dict[int, Term]], ...] = ({}, {}, {})

    def value(self, root: Term, level: int = 0) -> Residue:
        """The residue, in the field of numbers or, of level 1 and 2, of exponents. Errors: clock.OutOfWork."""
        known, p = self._known[level], FIELDS[level]
        stack = [root]
        while stack:
            node = stack[-1]
            if node in known:
                stack.pop()
                continue
            args = () if level and node.op in terms.COMPARISONS else node.args
            missing = [a for a in args if a not in known]
            if missing:
                stack += missing
                continue
            clock.check(STEPS)
            self.point.work += 1
            given, rule = [known[a] for a in args], ARITHMETIC.get(node.op)
            if rule is None:
                known[node] = self._residue(node, given, level)
            else:
                known[node] = None if None in given else rule(*given) % p
        return known[root]

    def chosen(self, node: Term) -> tuple[Term, ...]:
        """What the value of a term is made of: of a choice that is made, the arm."""
        condition = self.value(node.args[0]) if node.op == "select" else None
        return node.args if condition not in (0, 1) else node.args[1:2] if condition else node.args[2:]

    def _there(self, term: Term, level: int) -> int:
        """The residue. Errors: NoResidue."""
        found = self.value(term, level)
        if found is None:
            raise NoResidue
        return found

    def _residue(self, node: Term, given: Sequence[Residue], level: int) -> Residue:
        """That of a node, from those of its arguments."""
        try:
            if node.op in terms.COMPARISONS:
                return self._compared(node, level)
            if node.op == "select":
                chosen = [self._there(one, level) for one in self.chosen(node)]
                return chosen[0] if len(chosen) == 1 else mixed(*chosen) % FIELDS[level]
            there = [value for value in given if value is not None]
            return self._function(node, there, level) if len(there) == len(given) else None
        except (NoResidue, ZeroDivisionError, RecursionError):
            return None

    def _function(self, node: Term, given: list[int], level: int) -> int:
        op, p = node.op, FIELDS[level]
        if op == "constant":
            value = terms.number(node)
            return self.point.drawn(level, str(node.payload)) if value is None else self._number(value, level)
        if op == "symbol":
            return self.point.drawn(level, "symbol", node.payload)
        if op == "exp":
            return self._exponential(node.args[0], level)
        if op == "div":
            return given[0] * inverse(given[1], p) % p
        numbers = [number_of(a, value, p) for a, value in zip(node.args, given, strict=True)]
        known = tuple(number for number in numbers if number is not None)
        folded = derivatives.constant(op, known) if known and len(known) == len(numbers) else None
        if folded is not None:
            return self._number(folded, level)
        if op in ("max", "min"):
            return self._extreme(node, given, level)
        if op == "pow":
            return self._power(node, given[0], level)
        written = self._written_out(node)
        if written is not None:
            return self._there(written, level)
        if op in ODD or op == "half_tan":
            turned = min(given[0], -given[0] % p)
            return (1 if turned == given[0] else -1) * self.point.drawn(level, op, turned) % p if turned else 0
        return self.point.drawn(level, op, *given)

    def _written_out(self, node: Term) -> Term | None:
        """A function by elementary ones."""
        if node.op in BY_OTHERS:
            return terms.bare(BY_OTHERS[node.op](*node.args))
        found = derivatives.template(node.op, len(node.args))
        if found is None:
            return None
        return terms.bare(
            derivatives.substituted(found[1], dict(zip(map(terms.symbol, found[0]), node.args, strict=True)))
        )

    # --- numbers and powers

    def _number(self, value: Fraction, level: int) -> int:
        p = FIELDS[level]
        if is_short(value):
            return value.numerator * pow(value.denominator, -1, p) % p
        return sum(self._product(part, level) for part in self.point.numbers.meaning(value)) % p

    def _product(self, part: tuple[Fraction, Monomial], level: int) -> int:
        """A fraction times powers of numbers of which nothing is known but, of some, the square."""
        factor, monomial = part
        p = FIELDS[level]
        result = factor.numerator * pow(factor.denominator, -1, p)
        for key, exponent in monomial:
            square = key.numerator * pow(key.denominator, -1, p) % p if isinstance(key, Fraction) else -1
            base = root_of(square, Fraction(1, 2), p) or self.point.drawn(level, "number", key)
            result = result * pow(base, exponent, p) % p
        return result

    def _square(self, residue: int, level: int, of: Term) -> int:
        """The square of the root of a term: what that has for residue, or a number that is drawn."""
        number = fraction_of(residue, FIELDS[level])
        if number is not None and number < 0:
            raise NoResidue
        if number is not None or (level, residue) in self.point.squares:
            return residue
        self.radicands[level, residue] = of
        return self.point.drawn(level, "root", residue) ** 2 % FIELDS[level]

    def _power(self, node: Term, base: int, level: int) -> int:
        """A power, of which the constant part of the exponent is an ordinary one."""
        p = FIELDS[level]
        constant, _, rest = self._summands(node.args[1])
        if not base and rest is not None:
            return self.sign(node.args[1], level)[1]  # 1 where the exponent is 0, else 0 where it has a value
        whole = self._constant_power(node.args[0], base, snapped(constant), level)
        if rest is None:
            return whole
        power = self._there(rest, min(level + 1, INNERMOST))
        if level == INNERMOST:
            return whole * self.point.drawn(level, "pow", base, power) % p
        return whole * pow(self._square(base, level, node.args[0]), (p - 1) // FIELDS[level + 1] * power, p) % p

    def _summands(self, total: Term) -> tuple[Fraction, list[tuple[Term, int]], Term | None]:
        """The numbers in a sum, its logarithms, of what and how often, and the rest, None where nothing is left."""
        constant, logarithms, rest = Fraction(0), [], []
        stack = [(total, 1)]
        while stack:
            node, side = stack.pop()
            arms = self.chosen(node)
            number = terms.number(node)
            if number is not None:
                constant += side * number
            elif node.op in ("add", "sub", "neg"):
                first, last = -side if node.op == "neg" else side, side if node.op == "add" else -side
                stack += zip(node.args, (first, last), strict=False)
            elif node.op == "select" and len(arms) == 1:
                stack.append((arms[0], side))
            elif node.op in ("log", "log1p"):
                logarithms.append((node.args[0] + (1 if node.op == "log1p" else 0), side))
            else:
                rest.append(node if side > 0 else -node)
        return constant, logarithms, terms.bare(reduce(lambda a, b: a + b, rest)) if rest else None

    def _constant_power(self, of: Term, base: int, exponent: Fraction, level: int) -> int:
        p = FIELDS[level]
        half = root_of_square(of) if exponent.denominator % 2 == 0 else None
        if half is not None:
            positive, zero = self.sign(half, level)
            of, base, exponent = half, (2 * positive + zero - 1) * self._there(half, level) % p, 2 * exponent
        whole = Fraction(math.trunc(exponent)) if exponent.denominator % 2 == 0 else exponent
        rest = exponent - whole
        found = root_of(base, whole, p), root_of(self._square(base, level, of) if rest else 1, rest, p)
        if found[0] is None or found[1] is None:
            raise NoResidue
        return found[0] * found[1] % p

    def _exponential(self, argument: Term, level: int) -> int:
        p = FIELDS[level]
        constant, logarithms, rest = self._summands(argument)
        folded = derivatives.constant("exp", (constant,))
        if folded is None:
            logarithms, rest, folded = [], argument, Fraction(1)
        result = self._number(folded, level)
        for of, side in logarithms:
            value = self._there(terms.bare(of), level)
            result = result * (value if side > 0 else inverse(value, p)) % p
        if rest is None:
            return result
        power = self._there(rest, min(level + 1, INNERMOST))
        found = self.point.drawn(level, "exp", power) if level == INNERMOST else pow(GENERATORS[level], power, p)
        return result * found % p

    # --- conditions

    def _extreme(self, node: Term, given: list[int], level: int) -> int:
        """Of several the largest: a number of their set, from which what is known to be smaller is left out."""
        side = 1 if node.op == "max" else -1
        members: dict[int, Term] = {}
        for argument, value in zip(node.args, given, strict=True):
            inner = self._members[level].get(argument) if argument.op == node.op else None
            members |= inner or {value: argument}
        self._members[level][node] = members
        least = [number for one in members.values() if (number := terms.number(one)) is not None]
        kept = {value: one for value, one in members.items() if terms.number(one) is None}
        for value, one in list(kept.items()) if self.signs else ():
            if any(other != value and self._is_above(kept[other], one, side) for other in kept):
                del kept[value]
        largest, value = self._largest(node.op, kept, level)
        if not least:
            return value
        bound = terms.constant(max(least) if side > 0 else min(least))
        above, _ = self.sign(largest - bound if side > 0 else bound - largest, level)
        return mixed(above, value, self._there(bound, level)) % FIELDS[level]

    def _largest(self, op: str, kept: Mapping[int, Term], level: int) -> tuple[Term, int]:
        """Of several of which nothing is known: a term, and its residue."""
        side, p = 1 if op == "max" else -1, FIELDS[level]
        if len(kept) == 1:
            ((value, largest),) = kept.items()
            return largest, value
        largest = reduce(lambda a, b: terms.make(op, a, b), kept.values())
        value = side * self.point.drawn(level, "max", frozenset(side * one % p for one in kept)) % p
        self._known[level][largest] = value
        self._members[level][largest] = dict(kept)
        return largest, value

    def _is_above(self, a: Term, b: Term, side: int) -> bool:
        """Whether the known signs say that a >= b, or with side -1 that a <= b."""
        found = self.point.known((self._there(a, 0) - self._there(b, 0)) % FIELDS[0])
        return found is not None and side * found[1] * self.signs.get(found[0], -side * found[1]) >= 0

    def _compared(self, node: Term, level: int) -> int:
        a, b = node.args
        height = a if b is ZERO else -b if a is ZERO else a - b
        positive, zero = self.sign(terms.bare(height), level)
        value = {"gt": positive, "ge": positive + zero, "lt": 1 - positive - zero, "le": 1 - positive, "eq": zero,
                 "ne": 1 - zero}[node.op]  # fmt: skip
        return value % FIELDS[level]

    def sign(self, node: Term, level: int) -> Sign:
        """[e > 0] and [e = 0] of a term e without cells, by those of its parts where they tell."""
        found = self._signs[level].get(node)
        if found is None:
            found = self._signs[level][node] = self._sign(node, level)
        return found

    def _sign(self, node: Term, level: int) -> Sign:
        height = self._there(node, 0)
        number = fraction_of(height, FIELDS[0])
        if number is not None:
            return int(number > 0), int(number == 0)
        if is_positive(node):
            return POSITIVE
        p, args = FIELDS[level], node.args
        match node.op:
            case "neg":
                return opposite(self.sign(args[0], level), p)
            case "mul" | "div" if args[0] is not args[1]:
                rule = of_product if node.op == "mul" else of_quotient
                return rule(self.sign(args[0], level), self.sign(args[1], level), p)
            case "select":
                condition = self._there(args[0], level)
                (up, zero), (other, none) = (self.sign(one, level) for one in args[1:])
                return mixed(condition, up, other) % p, mixed(condition, zero, none) % p
            case "sub" if args[1].op in ("max", "min"):
                return self._beside(args[0], args[1], level)
            case "sub" if args[0].op in ("max", "min"):
                return opposite(self._beside(args[1], args[0], level), p)
        if is_not_negative(node):
            zero = self._zero(node, level) % p
            return (1 - zero) % p, zero
        return self._by_condition(node, height, level)

    def _beside(self, one: Term, extreme: Term, level: int) -> Sign:
        """The sign of v - max(a, b, ..): v is larger where it is larger than each."""
        members, p = list(self._members[0].get(extreme, {}).values()), FIELDS[level]
        if not 1 < len(members) <= MOST_COMPARED:
            return self._by_condition(one - extreme, self._there(one - extreme, 0), level)
        side = 1 if extreme.op == "max" else -1
        above = at_least = 1
        for each in members:
            positive, zero = self.sign(one - each if side > 0 else each - one, level)
            above, at_least = above * positive % p, at_least * (positive + zero) % p
        found = above, (at_least - above) % p
        return found if side > 0 else opposite(found, p)

    def _zero(self, node: Term, level: int) -> int:
        """Where a term that is not negative is 0."""
        match node.op, node.args:
            case "add" | "max", _:
                parts = summands(node) if node.op == "add" else node.args
                return math.prod(self._zero(one, level) for one in parts) % FIELDS[level]
            case "select", (condition, a, b):
                return mixed(self._there(condition, level), self._zero(a, level), self._zero(b, level))
            case "hypot", (a, b):
                return self._zero(a * a + b * b, level)
            case (("pow" | "sqrt" | "abs" | "mul"), (a, *_)):
                return self.sign(a, level)[1]
        return int(node is ZERO)  # what is left is positive

    def _by_condition(self, node: Term, height: int, level: int) -> Sign:
        place, side = self.point.condition(height)
        if place in self.signs:
            given = side * self.signs[place]
            return int(given > 0), int(given == 0)
        self.met.setdefault(place, node)
        again = ("again",) if place == self.moved else ()
        positive, zero = (self.point.drawn(level, kind, place, *again) for kind in ("P", "Z"))
        return (positive, zero) if side > 0 else opposite((positive, zero), FIELDS[level])
