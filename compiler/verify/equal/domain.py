"""What is known wherever a function has a value, as of log(u) that u is positive -> terms without those branches.

Emitted code that computes as IEEE 754 does says nan where an argument lies outside, which is where nothing is claimed.

>>> x = terms.symbol("x")
>>> known = Domain([terms.function("log", x)])
>>> str(known.within(terms.select(x >= 0, 1 / x, terms.constant(float("nan")))))
'1/x'
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Literal

from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import ONE, ZERO, Term

# Of the first argument: on which side of a number it lies, and whether it may be that number.
RULES: dict[str, tuple[tuple[Literal["above", "below"], int, bool], ...]] = {
    **dict.fromkeys(("log", "log2", "log10"), (("above", 0, False),)), "log1p": (("above", -1, False),),
    "sqrt": (("above", 0, True),), "acosh": (("above", 1, True), ("above", 0, False)),
    **dict.fromkeys(("asin", "acos"), (("above", -1, True), ("below", 1, True))),
    "atanh": (("above", -1, False), ("below", 1, False)),
}  # fmt: skip


def _facts(node: Term) -> dict[Term, Term]:
    """Conditions that are settled where an operation has a value."""
    found: dict[Term, Term] = {}
    rules = RULES.get(node.op, ())
    number = terms.number(node.args[1]) if node.op == "pow" else None
    if number is not None and number.denominator > 1:
        rules = (("above", 0, number > 0),)
    for side, bound, is_closed in rules:
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

    def about(self, condition: Term) -> list[Term]:
        """What is known of choices by what a condition compares, as of a length that is 0 in one of its arms."""
        compared = _compared(condition)
        return [fact for fact, by in self._of_choices if not compared.isdisjoint(by)]

    @cached_property
    def _of_choices(self) -> list[tuple[Term, set[frozenset[Term]]]]:
        """What is known, as one condition each, with what chooses in it."""
        facts = [condition if holds is ONE else terms.negation(condition) for condition, holds in self._known.items()]
        choices = [[node.args[0] for node in terms.topological([fact]) if node.op == "select"] for fact in facts]
        return [(fact, _compared(*made)) for fact, made in zip(facts, choices, strict=True) if made]

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


def _compared(*conditions: Term) -> set[frozenset[Term]]:
    """What is compared with what, in whatever order."""
    return {frozenset(node.args) for node in terms.topological(conditions) if node.op in terms.COMPARISONS}


def _needed(node: Term) -> tuple[Term, ...]:
    """What has a value wherever a term has: of a branch not its arms, nor what a lazy condition need not ask."""
    return node.args[:1] if node.op in ("select", "and", "or") else node.args
