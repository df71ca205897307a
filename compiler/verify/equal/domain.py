"""What is known wherever a function has a value, as of log(u) that u is positive -> terms without those branches.

Emitted code that computes as IEEE 754 does says nan where an argument lies outside, which is where nothing is claimed.

>>> x = terms.symbol("x")
>>> known = Domain([terms.function("log", x)])
>>> str(known.within(terms.select(x >= 0, 1 / x, terms.constant(float("nan")))))
'1/x'
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from typing import Literal

from mgc.compiler.verify.equal.facts import factors, is_partial, is_positive
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import ONE, ZERO, Term

# Of the first argument: on which side of a number it lies, and whether it may be that number.
RULES: dict[str, tuple[tuple[Literal["above", "below"], int, bool], ...]] = {
    **dict.fromkeys(("log", "log2", "log10"), (("above", 0, False),)), "log1p": (("above", -1, False),),
    "sqrt": (("above", 0, True),), "acosh": (("above", 1, True), ("above", 0, False)),
    **dict.fromkeys(("asin", "acos"), (("above", -1, True), ("below", 1, True))),
    "atanh": (("above", -1, False), ("below", 1, False)),
}  # fmt: skip


DIVIDING = frozenset("div mod fmod remainder floordiv".split())


def _rules(node: Term) -> tuple[tuple[Literal["above", "below"], int, bool], ...]:
    number = _exponent(node)
    return RULES.get(node.op, ()) if number is None or number.denominator == 1 else (("above", 0, number > 0),)


def _exponent(node: Term) -> Fraction | None:
    return terms.number(node.args[1]) if node.op == "pow" else None


def ends(node: Term) -> list[Term]:
    """What is below 0 where an operation has no value: of log1p(u) it is u + 1, of asin(u) also 1 - u."""
    if node.op == "pow" and _exponent(node) is None:
        return [node.args[0]]
    return [node.args[0] - bound if side == "above" else bound - node.args[0] for side, bound, _ in _rules(node)]


def poles(node: Term) -> list[Term]:
    """What is 0 where an operation has no value, but for what is below 0 beside that."""
    if node.op in DIVIDING:
        return [node.args[1]]
    return [node.args[0]] if node.op in ("gamma", "lgamma", "digamma") or (_exponent(node) or 0) < 0 else []


def _facts(node: Term) -> dict[Term, Term]:
    """Conditions that are settled where an operation has a value."""
    found: dict[Term, Term] = {}
    number = _exponent(node)
    for side, bound, is_closed in _rules(node):
        u = node.args[0]
        inside, outside = (u, terms.constant(bound)) if side == "above" else (terms.constant(bound), u)
        found |= {inside < outside: ZERO, inside >= outside: ONE}
        if not is_closed:
            found |= {inside <= outside: ZERO, inside > outside: ONE, terms.equal(u, bound): ZERO}
    if node.op == "div" or (number is not None and number < 0):
        found[terms.equal(node.args[1 if node.op == "div" else 0], 0)] = ZERO
    return found


class Domain:
    """What holds wherever these values exist, told of terms without their cells."""

    def __init__(self, values: Iterable[Term]) -> None:
        self._known: dict[Term, Term] = {}
        self._within: dict[Term, Term] = {}
        for node in terms.topological(map(terms.bare, values), _needed):
            self._known |= {terms.bare(condition): holds for condition, holds in _facts(node).items()}

    @cached_property
    def of_choices(self) -> list[Term]:
        """What is known of choices, as one condition each: that a length is not 0 which is 0 in one of its arms."""
        facts = [condition if holds is ONE else terms.negation(condition) for condition, holds in self._known.items()]
        return [fact for fact in facts if any(node.op == "select" for node in terms.topological([fact]))]

    def within(self, term: Term) -> Term:
        """The same function there, with no branch by what is known."""
        if not self._known:
            return term
        for node in terms.topological([term], lambda one: () if one in self._within else one.args):
            if node not in self._within:
                self._within[node] = self._rebuilt(node)
        return self._within[term]

    def _rebuilt(self, node: Term) -> Term:
        if terms.bare(node) in self._known:
            return self._known[terms.bare(node)]
        args = tuple(self._within[argument] for argument in node.args)
        if args == node.args:
            return node
        if node.op == "cell" and args[0].args:
            return terms.intern("cell", args, node.payload)
        return args[0] if node.op == "cell" else terms.make(node.op, *args)


def _needed(node: Term) -> tuple[Term, ...]:
    """What has a value wherever a term has: of a branch not its arms, nor what a lazy condition need not ask."""
    return node.args[:1] if node.op in ("select", "and", "or") else node.args


class Unguarded:
    """Terms in which `u*v if u != 0 else 0` is u*v, as it stands in IEEE code where v may be infinite.

    Only where v has a value whatever u is: each part of it that may have none, as w/u, is in the function's `values`
    as well, which then has none, or divides by what is positive.

    >>> x, y = terms.symbol("x"), terms.symbol("y")
    >>> for v in (y, y / x, y / terms.function("exp", x)):
    ...     print(Unguarded([]).is_guard(terms.select(terms.unequal(x, 0), x * v, 0)))
    True
    False
    True
    """

    def __init__(self, values: Iterable[Term]) -> None:
        self._own = set(terms.topological(map(terms.bare, values), _needed))
        self._found: dict[Term, Term] = {}

    def of(self, term: Term) -> Term:
        for node in terms.topological([term], lambda one: () if one in self._found else one.args):
            if node not in self._found:
                args = tuple(self._found[argument] for argument in node.args)
                rebuilt = node if args == node.args else terms.bare(terms.make(node.op, *args))
                self._found[node] = self._plain(rebuilt)
        return self._found[term]

    def is_guard(self, choice: Term) -> bool:
        """Whether a choice stands for a product."""
        flat = terms.bare(choice)
        rebuilt = terms.bare(terms.make("select", *map(self.of, flat.args))) if flat.op == "select" else flat
        return self._plain(rebuilt) is not rebuilt

    def _plain(self, choice: Term) -> Term:
        if choice.op != "select" or choice.args[0].op != "eq" or choice.args[1] is not ZERO:
            return choice
        compared = [side for side in choice.args[0].args if side is not ZERO]
        found = list(factors(choice.args[2], is_positive))
        if len(compared) != 1 or compared[0] not in found:
            return choice
        return choice.args[2] if all(self._has_value(one) for one in found if one is not compared[0]) else choice

    def _has_value(self, factor: Term) -> bool:
        return all(node in self._own or not is_partial(node) for node in terms.topological([factor]))
