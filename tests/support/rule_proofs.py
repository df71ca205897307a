"""The rules of ops.mg, proved: a rule equals the derivative by sympy of what its operation means, case by case.

In a region where no condition is at its edge the difference is simplified to 0. On an edge the derivative of the
meaning is taken on both sides: the rule is their common limit, or there is a row in the table of kinks, which names
both and what is taken. Nothing of the compiler is used but the parser.

>>> from mgc.compiler.language import library
>>> relu = library.operation("relu")
>>> str(verdict(relu, relu.derivatives[0]))
'proved in 3 cases'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Literal

import sympy
from msgspec import Struct
from sympy import Expr, Integer, Rational, Symbol, oo

from mgc.compiler.verify.terms.oracle import KINKS, MEANINGS, Convention, derivative
from mgc.grammar import tree
from support.regions import Place, Region, Sign, cases, exact_sign, resolved
from support.rule_language import TURN, Scope, at_place, meant, mentions_ieee, parsed, returned, true

DIGITS = 50
STEP = Rational(1, 10**6)
POINTS = 3
SERIES_POINTS = 8
# bodies that use x in remainder(x, 2) only: both sides have period 2, so that -1 <= x <= 1, where it is x, is enough
BODIES_TESTED = {
    "sinc_slope": "a power series where abs(x) < 0.4: tested to 1e-15",
    "digamma": "an asymptotic series: tested to 1e-15",
    "trigamma": "an asymptotic series: tested to 1e-15",
    "tetragamma": "an asymptotic series: tested to 1e-15",
}
RULES_TESTED: Mapping[tuple[str, str, bool], str] = {}  # (operation, argument, accurate): why it is not proved
PERIODIC = ("sin_pi", "cos_pi")
CLOSE, NOTHING, SMALL = Rational(1, 10**15), Rational(1, 10**40), Rational(1, 10**25)


# --- verdicts


class Verdict(Struct, frozen=True):
    """`status`: proved; tested, at exact points to 50 digits; or false, and where. `cases`: how many regions."""

    status: Literal["proved", "tested", "false"]
    cases: int = 0
    where: str = ""

    def __str__(self) -> str:
        if self.status == "false":
            return f"false: {self.where}"
        return f"{self.status} in {self.cases} case{'s' * (self.cases != 1)}"


class Claim(Struct, frozen=True):
    """What is to be shown of one rule in one region: values there in the arguments' symbols.

    `difference`: what has to vanish. `problem`: a failure that was seen already.
    """

    region: Region
    differences: tuple[Expr, ...] = ()
    problem: str = ""


class Rule:
    """One derivative of one row."""

    def __init__(self, op: tree.Op, rule: tree.Derivative, ieee: bool) -> None:
        self.op, self.rule, self.ieee = op, rule, ieee
        self.symbols = tuple(Symbol(argument.identifier, real=True) for argument in op.arguments)
        self.names = {str(symbol): symbol for symbol in self.symbols}
        self.by = self.names[rule.argument]
        self.kinks = [kink for kink in KINKS.get(op.name, ()) if kink.argument == rule.argument]

    def scope(self, sign: Sign) -> Scope:
        return Scope(self.names, sign, self.ieee)

    def inside(self, sign: Sign) -> bool:
        return self.op.domain is None or true(self.scope(sign), self.op.domain)

    def meaning(self, sign: Sign) -> Expr:
        return resolved(MEANINGS[self.op.name](*self.symbols), sign)

    def value(self, sign: Sign) -> Expr:
        return meant(self.scope(sign), self.rule.rule)

    def found(self, sign: Sign) -> tuple[bool, Expr, Expr, tuple[Convention, ...]]:
        """In the domain or not, the meaning and the rule there, and the rows of the table of kinks that apply."""
        if not self.inside(sign):
            return False, sympy.nan, self.value(sign), ()
        kinks = tuple(kink for kink in self.kinks if true(self.scope(sign), parsed(kink.where)))
        return True, self.meaning(sign), self.value(sign), kinks

    def claims(self) -> Iterator[Claim]:
        for region, (inside, meaning, value, kinks) in cases(self.found):
            edges = [expression for expression, sign in region.asked if sign == 0]
            if not inside:
                yield Claim(region, problem=self.outside(region, value, bool(edges)) if self.ieee else "")
            elif kinks:
                yield self.at_kink(region, value, kinks)
            elif all(edge.free_symbols <= set(self.symbols) - {self.by} for edge in edges):
                yield Claim(region, (value - derivative(meaning, self.by),))
            else:
                yield self.on_edge(region, value)

    def outside(self, region: Region, value: Expr, edge: bool) -> str:
        """With ieee a rule is nan outside the domain: some part of it is no real number. An end may be infinite."""
        if edge and value is not sympy.nan:
            return ""
        for place in region.places(self.symbols, POINTS):
            unreal = any(part.subs(place).is_extended_real is False for part in sympy.preorder_traversal(value))
            if not edge and not unreal and value is not sympy.nan:
                return f"{value} at {place}, outside the domain"
            if edge and value is sympy.nan and any(infinite(self.slope(place, step)) for step in (-STEP, STEP)):
                return f"nan at {place}, where the limit is infinite"
        return ""

    def at_kink(self, region: Region, value: Expr, kinks: tuple[Convention, ...]) -> Claim:
        if len(kinks) > 1:
            return Claim(region, problem=f"{len(kinks)} rows of the table of kinks apply")
        (kink,) = kinks
        places = region.places(self.symbols, POINTS)
        if not places:
            return Claim(region, problem="no point of the kink was found")
        for place in places:
            for text, step in ((kink.below, -STEP), (kink.above, STEP)):
                wanted = self.written(text, place) if text else None
                slope = self.slope(place, step)
                if slope != wanted:
                    return Claim(region, problem=f"the slope at {place} is {slope} from one side, not {wanted}")
            if kink.kind != "singular" and self.jumps(place) != (kink.kind == "jump"):
                return Claim(region, problem=f"not a {kink.kind} at {place}")
        taken = meant(self.scope(region.sign), parsed(kink.taken))
        here = region.here(value)
        if taken is sympy.nan:
            real = here.is_extended_real is not False and here is not sympy.nan
            return Claim(region, problem=f"{here} is not nan" if real else "")
        if taken.is_infinite:
            return Claim(region, problem="" if self.infinite(places, value, taken) else f"{here} is not {taken}")
        return Claim(region, (value - taken,))

    def on_edge(self, region: Region, value: Expr) -> Claim:
        """The rule is the limit of the derivatives on both sides, as far as those are in the domain."""
        places = region.places(self.symbols, POINTS)
        branches = set()
        for place in places:
            for step in (-STEP, STEP):
                slope = self.slope(place, step)
                if slope is not None and exact_sign(value.subs(place) - slope) != 0:
                    return Claim(region, problem=f"{value} is not {slope} at {place}")
                branches.add(self.branch(place, step))
        if branches <= {None}:
            return Claim(region, problem="the argument cannot move here, and the table of kinks has no row for it")
        slopes = [sympy.powsimp(derivative(branch, self.by)) for branch in sorted(branches - {None}, key=str)]
        return Claim(region, tuple(value - slope for slope in slopes))

    def branch(self, place: Place, step: Expr) -> Expr | None:
        """The meaning beside a point, with floors in terms of those at the point; None outside the domain."""
        beside = {**place, self.by: place[self.by] + step}
        sign = at_place(beside)
        if not self.inside(sign):
            return None
        meaning = self.meaning(sign)
        floors = meaning.atoms(sympy.floor, sympy.ceiling)
        return meaning.xreplace({floor: floor + floor.subs(beside) - floor.subs(place) for floor in floors})

    def along(self, place: Place, step: Expr) -> Expr | None:
        """The branch as a function of the argument alone, floors as they are at the point."""
        branch = self.branch(place, step)
        if branch is None:
            return None
        still = {floor: floor.subs(place) for floor in branch.atoms(sympy.floor, sympy.ceiling)}
        others = {symbol: number for symbol, number in place.items() if symbol != self.by}
        line = branch.xreplace(still).subs(others)
        # 0**y, which sympy takes no derivative of: it is 0 for all y > 0
        return Integer(0) if line.is_Pow and line.base == 0 else line

    def slope(self, place: Place, step: Expr) -> Expr | None:
        """The limit of the derivative from one side; None outside the domain."""
        line = self.along(place, step)
        return None if line is None else sympy.limit(line.diff(self.by), self.by, place[self.by], side(step))

    def jumps(self, place: Place) -> bool:
        """Whether the value differs from one of its limits along the argument."""
        here = self.meaning(at_place(place)).subs(place)
        lines = [(self.along(place, step), side(step)) for step in (-STEP, STEP)]
        return any(
            line is not None and sympy.limit(line, self.by, place[self.by], direction) != here
            for line, direction in lines
        )

    def written(self, text: str, place: Place) -> Expr:
        return meant(
            Scope({str(symbol): number for symbol, number in place.items()}, at_place(place), True), parsed(text)
        )

    def infinite(self, places: list[Place], value: Expr, taken: Expr) -> bool:
        """The rule divides by 0 at these points, and has the right sign all around them."""
        for place in places:
            if value.subs(place) not in (sympy.zoo, oo, -oo):
                return False
            for beside in around(place):
                near = value.subs(beside)
                if self.inside(at_place(beside)) and near.is_extended_real and near.is_finite and near * taken != oo:
                    return False
        return True


def side(step: Expr) -> str:
    return "+" if step > 0 else "-"


def infinite(slope: Expr | None) -> bool:
    return slope is not None and bool(slope.is_infinite)


def around(place: Place) -> Iterator[Place]:
    for moves in sympy.utilities.iterables.cartes((-STEP, 0, STEP), repeat=len(place)):
        yield {symbol: place[symbol] + move for symbol, move in zip(place, moves, strict=True)}


def verdict(op: tree.Op, rule: tree.Derivative) -> Verdict:
    """Whether a rule is the derivative, on the whole domain, for bare Python and with ieee."""
    forms = (Rule(op, rule, ieee) for ieee in (True, False) if ieee or mentions_ieee(rule.rule))
    return settled((claim, form.symbols) for form in forms for claim in form.claims())


def body_verdict(op: tree.Op) -> Verdict:
    """Whether a row's statements compute what the operation is, in real numbers: proved, or tested to CLOSE."""
    symbols = tuple(Symbol(argument.identifier, real=True) for argument in op.arguments)
    periodic = op.name in PERIODIC
    names = {TURN: symbols[0]} if periodic else {str(symbol): symbol for symbol in symbols}
    found: list[tuple[Region, Expr]] = []
    exact = True
    for ieee in (True, False) if mentions_ieee(op.body) else (True,):

        def both(sign: Sign, ieee: bool = ieee) -> tuple[Expr, Expr]:
            scope = Scope(names, sign, ieee)
            if op.domain is not None and not true(scope, op.domain):
                return Integer(0), Integer(0)
            if periodic and sign(1 - symbols[0]) * sign(1 + symbols[0]) < 0:
                return Integer(0), Integer(0)
            return returned(scope, op.body), resolved(MEANINGS[op.name](*symbols), sign)

        for region, (value, meaning) in cases(both):
            for place in region.places(symbols, SERIES_POINTS):
                wanted = sympy.N(meaning.subs(place), DIGITS)
                error = abs(sympy.N(value.subs(place), DIGITS) - wanted)
                if not error <= CLOSE * abs(wanted):
                    return Verdict("false", len(found), f"{value} at {place} ({region})")
                exact = exact and bool(error <= NOTHING * abs(wanted))
            found.append((region, value - meaning))
    proved = exact and all(vanishes(region.here(difference)) for region, difference in found)
    return Verdict("proved" if proved else "tested", len({region.asked for region, _ in found}))


def settled(claims: Iterable[tuple[Claim, tuple[Symbol, ...]]]) -> Verdict:
    """All problems and numbers first: they are quick, and what is false is mostly seen there."""
    seen: list[Claim] = []
    for claim, symbols in claims:
        seen.append(claim)
        problem = claim.problem or disproof(claim, symbols)
        if problem:
            return Verdict("false", len(seen), f"{problem} ({str(claim.region) or 'everywhere'})")
    proved = all(vanishes(claim.region.here(difference)) for claim in seen for difference in claim.differences)
    return Verdict("proved" if proved else "tested", len({claim.region.asked for claim in seen}))


def disproof(claim: Claim, symbols: tuple[Symbol, ...], count: int = POINTS) -> str:
    for difference in claim.differences:
        for place in claim.region.places(symbols, count):
            number = difference.subs(place)
            small = abs(sympy.N(number, 30)) < SMALL if number is not sympy.nan else False
            if not small:
                return f"off by {sympy.N(number, 6)} at {place}"
    return ""


@cache
def vanishes(difference: Expr) -> bool:
    """Whether sympy shows that this is 0 everywhere, by the cheapest means first."""
    return any(bool(rewritten(difference).is_zero) for rewritten in REWRITTEN)


def numerator(difference: Expr) -> Expr:
    return sympy.expand(sympy.fraction(sympy.together(difference))[0])


def in_exponentials(difference: Expr) -> Expr:
    return numerator(difference.rewrite(sympy.exp))


REWRITTEN = (sympy.expand, numerator, in_exponentials, sympy.simplify)
