"""Proof by cases: the plane cut along the conditions that a computation asks about, each piece with its own symbols.

A computation asks for the sign of an expression. What sympy's assumptions leave open is tried as +, 0 and -, and what
was assumed is built into the symbols where it is linear: after `x - y > 0` was assumed, x is y + p with p positive.
No part of the plane is left out: a piece goes only where its assumptions contradict each other.

>>> x, y = sympy.symbols("x y", real=True)
>>> def larger(sign): return x if sign(x - y) > 0 else y
>>> [(str(region), result) for region, result in cases(larger)]
[('x - y < 0', y), ('x - y == 0', y), ('x - y > 0', x)]
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import sympy
from msgspec import Struct
from sympy import Expr, Symbol, ceiling, floor

T = TypeVar("T")
Sign = Callable[[Expr], int]
Place = Mapping[Symbol, Expr]
RELATION = {1: ">", 0: "==", -1: "<"}
MOST_CASES = 2000


class Undecided(Exception):
    """The sign of this expression is open."""

    def __init__(self, expression: Expr) -> None:
        self.expression = expression


class Region(Struct, frozen=True):
    """Where each expression of `asked` has its sign.

    `solved`: what the first symbols are in the symbols that now carry the assumptions, and `facts`: the assumptions
    that those do not carry.
    """

    asked: tuple[tuple[Expr, int], ...] = ()
    solved: tuple[tuple[Symbol, Expr], ...] = ()
    facts: tuple[tuple[Expr, int], ...] = ()

    def here(self, expression: Expr) -> Expr:
        return sympy.expand(expression.subs(dict(self.solved), simultaneous=True))

    def sign(self, expression: Expr) -> int:
        """Errors: Undecided."""
        for form in (expression, self.here(expression)):
            parts = factors(form)
            if len(parts) > 1 or parts[0] != form:
                signs = [self.sign(part) for part in parts]
                return 0 if 0 in signs else -1 if signs.count(-1) % 2 else 1
            if isinstance(form, sympy.sin):
                turns = form.args[0] / sympy.pi
                side = self.sign(turns)
                if self.sign(1 - side * turns) >= 0:  # at most half a turn
                    return side * self.sign(1 - side * turns)
        known = sign_of(form)
        if known is not None:
            return known
        for fact, sign in self.facts:
            if form in (fact, -fact):
                return sign if form == fact else -sign
        raise Undecided(expression)

    def assume(self, expression: Expr, sign: int) -> Region | None:
        """The part of this region where `expression` has this sign; None if there is none."""
        now = self.here(expression)
        if not possible(now, sign):
            return None
        solution = zero(now) if sign == 0 else one_sided(now, sign)
        asked = (*self.asked, (expression, sign))
        if not solution:
            return Region(asked, self.solved, (*self.facts, (now, sign)))
        lost = tuple((symbol, 1) for symbol in solution if symbol.is_positive)
        moved = {symbol: value.subs(solution) for symbol, value in self.solved}
        return Region(asked, tuple((moved | solution).items()))._with((*self.facts, *lost), solution)

    def _with(self, facts: tuple[tuple[Expr, int], ...], solution: Place) -> Region | None:
        kept = []
        for fact, sign in facts:
            now = sympy.expand(fact.subs(solution))
            known = sign_of(now)
            if known is None and possible(now, sign):
                kept.append((now, sign))
            elif known != sign:
                return None
        return Region(self.asked, self.solved, tuple(kept))

    def places(self, symbols: tuple[Symbol, ...], count: int, seed: int = 0) -> list[Place]:
        """Up to `count` exact points of the region."""
        source = random.Random(seed)
        found: list[Place] = []
        values = [self.here(symbol) for symbol in symbols]
        free = sorted(
            set().union(*(value.free_symbols for value in values), *(fact.free_symbols for fact, _ in self.facts)),
            key=str,
        )
        for _ in range(40 * count):
            choice = {symbol: drawn(source, symbol) for symbol in free}
            place = {symbol: value.subs(choice) for symbol, value in zip(symbols, values, strict=True)}
            if all(exact_sign(fact.subs(choice)) == sign for fact, sign in self.facts):
                found.append(place)
                if len(found) == count:
                    break
        return found

    def __str__(self) -> str:
        return " and ".join(f"{expression} {RELATION[sign]} 0" for expression, sign in self.asked)


def cases(compute: Callable[[Sign], T]) -> Iterator[tuple[Region, T]]:
    """Every region that `compute` tells apart, with its result there."""
    open_ = [Region()]
    for _ in range(MOST_CASES):
        if not open_:
            return
        region = open_.pop()
        try:
            yield region, compute(region.sign)
        except Undecided as undecided:
            parts = (region.assume(undecided.expression, sign) for sign in (1, 0, -1))
            open_ += [part for part in parts if part is not None]
    raise AssertionError("too many cases")


# --- signs


def factors(expression: Expr) -> list[Expr]:
    """Expressions whose signs multiply to the sign of this one."""
    parts = []
    for factor in sympy.Mul.make_args(expression):
        base, exponent = factor.as_base_exp()
        odd = exponent.is_Integer and exponent % 2 == 1
        root = exponent == sympy.Rational(1, 2)
        parts.append(base if odd or root else factor)
    return parts


def sign_of(expression: Expr) -> int | None:
    for sign, known in ((0, "is_zero"), (1, "is_extended_positive"), (-1, "is_extended_negative")):
        if getattr(expression, known):
            return sign
    return None


def exact_sign(number: Expr) -> int | None:
    """The sign of a constant; None where it is no number, as 1/0 is."""
    number = sympy.nsimplify(number) if number.has(sympy.Float) else number
    return sign_of(number)


def possible(expression: Expr, sign: int) -> bool:
    """Whether an expression that is not known can have this sign."""
    if sign == 0 and expression.is_nonzero:
        return False
    part = fraction(expression)
    if part is not None:
        _, scale, least = part
        ends = sorted((least, least + scale))  # a fraction is 0 at the least, and less than 1
        reached = -1 if ends[0] < 0 else 0 if ends[0] == 0 and scale > 0 else 1
        most = 1 if ends[1] > 0 else 0 if ends[1] == 0 and scale < 0 else -1
        return reached <= sign <= most
    return not (expression.is_nonnegative and sign < 0) and not (expression.is_nonpositive and sign > 0)


# --- solving


def fraction(expression: Expr) -> tuple[Expr, Expr, Expr] | None:
    """(u, k, c) for k * (u - floor(u)) + c, with numbers k and c."""
    for step in expression.atoms(floor):
        scale = -expression.coeff(step)
        constant = sympy.expand(expression - scale * (step.args[0] - step))
        if constant.is_Rational and scale.is_Rational and scale != 0:
            return step.args[0], scale, constant
    return None


def zero(expression: Expr) -> dict[Symbol, Expr]:
    """A solution of expression == 0, nothing where none is seen."""
    part = fraction(expression)
    if part is not None:
        inner, scale, constant = part
        return linear(inner, sympy.Dummy("n", integer=True) - constant / scale)
    squares = sympy.Add.make_args(expression)
    if len(squares) > 1 and all(square.is_Pow and square.exp == 2 and square.base.is_Symbol for square in squares):
        return {square.base: sympy.Integer(0) for square in squares}
    return linear(expression, sympy.Integer(0))


def one_sided(expression: Expr, sign: int) -> dict[Symbol, Expr]:
    """A solution of sign * expression > 0."""
    part = fraction(expression)
    if part is not None and part[2] == 0 and (2 * part[0]).is_integer:  # a half of a whole number is not whole
        return linear(part[0], sympy.Dummy("n", integer=True) + sympy.Rational(1, 2))
    return {} if expression.has(floor) else linear(expression, sign * sympy.Dummy("p", positive=True))


def linear(expression: Expr, value: Expr) -> dict[Symbol, Expr]:
    """A symbol that makes `expression` the value; of several the one that carries the least assumptions."""
    ranked = sorted(expression.free_symbols, key=lambda s: (bool(s.is_integer), bool(s.is_positive), str(s)))
    for symbol in ranked:
        slope = expression.diff(symbol) if not expression.has(floor, ceiling) else sympy.nan
        if slope.is_nonzero and not slope.has(symbol):
            solution = sympy.expand((value - expression.subs(symbol, 0)) / slope)
            if solution.is_integer or not symbol.is_integer:
                return {symbol: solution}
    return {}


def drawn(source: random.Random, symbol: Symbol) -> Expr:
    if symbol.is_integer:
        return sympy.Integer(source.randint(-3, 3))
    number = sympy.Rational(source.randint(1, 30), source.choice((1, 2, 3, 7, 10)))
    return number if symbol.is_positive or source.random() < 0.5 else -number


# --- expressions of pieces


def holds(condition: sympy.Basic, sign: Sign) -> bool:
    match condition:
        case sympy.And():
            return all(holds(part, sign) for part in condition.args)
        case sympy.Or():
            return any(holds(part, sign) for part in condition.args)
        case sympy.Not():
            return not holds(condition.args[0], sign)
        case sympy.core.relational.Relational():
            return bool(condition.func(sign(resolved(condition.lhs - condition.rhs, sign)), 0))
    return bool(condition)


def resolved(expression: Expr, sign: Sign) -> Expr:
    """The expression without Piecewise, Abs and sign. Of floor and ceiling it is asked whether they jump here."""
    if isinstance(expression, sympy.Piecewise):
        return resolved(next(arm for arm, condition in expression.args if holds(condition, sign)), sign)
    if not expression.args:
        return expression
    parts = [resolved(part, sign) for part in expression.args]
    if isinstance(expression, sympy.Abs):
        return sign(parts[0]) * parts[0]
    if isinstance(expression, sympy.sign):
        return sympy.Integer(sign(parts[0]))
    if isinstance(expression, floor | ceiling) and not parts[0].is_number:
        sign(parts[0] - floor(parts[0]))
    return expression.func(*parts)
