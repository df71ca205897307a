"""The arms of choices in a derivative: under which condition each is computed, and which have to be met at a point."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import reduce

from mgc.compiler.verify.equal.facts import is_partial
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term

EQUALITIES = frozenset({"eq", "ne"})


def reaching(root: Term, choice: Term, side: bool) -> Term:
    """The condition under which one arm of a choice is computed on the way to a term."""
    known: dict[Term, Term] = {}
    for node in terms.topological([root]):
        reached = [known[argument] for argument in node.args]
        if node is choice:
            reached[1 if side else 2] = terms.ONE
        if node.op == "select":
            found = terms.either(reached[0], terms.select(node.args[0], *reached[1:]))
        else:
            found = reduce(terms.either, reached, terms.ZERO)
        known[node] = found
    return known[root]


def alternatives(condition: Term) -> Iterator[Term]:
    """Those of which one holds where a condition does: `a` and `b if c else 0` where it is `(a or b) if c else a`.

    >>> a, b, c = map(terms.symbol, "abc")
    >>> list(alternatives(terms.select(c, terms.either(a, b), a)))
    [<Term b if c else 0>, <Term a>]
    """
    stack = [condition]
    while stack:
        node = stack.pop()
        either = node.args[1].args if node.op == "select" and node.args[1].op == "or" else ()
        if node.op == "or":
            stack += node.args
        elif either and node.args[2] in either:
            when, _, other = node.args
            stack += [other, *(terms.select(when, one, terms.ZERO) for one in either if one is not other)]
        else:
            yield node


def within_equalities(choices: Iterable[Term]) -> set[Term]:
    """The choices by an equality in an arm where another one holds."""
    arms = [node.args[1 if node.args[0].op == "eq" else 2] for node in choices if node.args[0].op in EQUALITIES]
    inside = (node for arm in arms for node in terms.topological([arm]) if node.op == "select")
    return {node for node in inside if _has_equality(node.args[0])}


def is_missed(choice: Term, sides: set[bool], inner: Collection[Term]) -> bool:
    """Whether an arm has been met at no point that should be: of a tie, one that may have no value, or of several ties;
    of other conditions one in which something is computed, as doubles may lose there what algebra keeps.

    One inside an arm that has not been met is no more than that.
    """
    condition, *arms = choice.args
    if choice in inner:
        return len(sides) < 2
    if len(sides) != 1:
        return False
    there, other = reversed(arms) if True in sides else arms
    if condition.op in terms.LOGIC and _has_equality(condition):
        return True
    if condition.op in EQUALITIES:
        return any(is_partial(node) or _is_no_number(node) for node in terms.topological([there]))
    computed = set(terms.topological([there])).difference(terms.topological([other, condition]))
    return any(_is_no_number(node) or (node.args and node.op != "cell") for node in computed)


def _is_no_number(node: Term) -> bool:
    return node.op == "constant" and terms.number(node) is None


def _has_equality(condition: Term) -> bool:
    return any(node.op in EQUALITIES for node in terms.topological([condition]))
