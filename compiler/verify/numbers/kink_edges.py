"""Where a statement has kinks: its operations and branches -> the edges on which a derivative jumps.

>>> x = terms.symbol("x")
>>> size = terms.function("abs", x)
>>> y = terms.function("max", size, 1)
>>> [(str(edge.condition), edge.convention) for edge in edges(y, {x, size, y})]
[('x == 0', "abs'(0) = 0"), ('abs(x) == 1', 'max_const(x, c): dx = 0 where x == c')]
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mgc.compiler.verify.equal import adjoints
from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.oracle import KINKS, Convention, spelled
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.trace.trace import Machine
from mgc.compiler.verify.trace.values import NotRun

ARM = 60  # operations of the arm of a branch that is differentiated
TAKEN = "the branch taken"
ORDERED = frozenset({"gt", "ge", "lt", "le"})


@dataclass(frozen=True, slots=True)
class Edge:
    """The set on which a statement has a kink, and the derivatives by `leaf` on its two sides and on it.

    Of a branch `switch` is the condition as it stands; `above` is then the slope where its left side is the larger one,
    and what is taken on the edge is the arm that it chooses.
    """

    condition: Term
    leaf: Term
    below: Term
    above: Term
    taken: Term | None
    convention: str
    switch: Term | None = None


def edges(statement: Term, active: set[Term]) -> Iterator[Edge]:
    """Of one statement; `active`: what is differentiated, and all that depends on it."""
    for node in terms.topological([statement], adjoints.within):
        if node not in active:
            continue
        for one, held in _of_two(node, active):
            operation, arguments = _operation(one, held)
            for convention in KINKS.get(operation, ()):
                if convention.kind in ("kink", "jump") and convention.below and convention.above:
                    yield from _of_convention(convention, arguments, held)
            if operation == "select" and node.args[0].op in ORDERED:
                yield from _of_branch(node, active)


def _of_two(node: Term, active: set[Term]) -> Iterator[tuple[Term, set[Term]]]:
    """The operation; of the largest of several, each beside the largest of the others."""
    if node.op not in ("max", "min") or len(node.args) == 2:
        yield node, active
        return
    for place, one in enumerate(node.args):
        others = node.args[:place] + node.args[place + 1 :]
        rest = terms.function(node.op, *others)
        yield terms.function(node.op, one, rest), active | ({rest} if active.intersection(others) else set())


def _operation(node: Term, active: set[Term]) -> tuple[str, tuple[Term, ...]]:
    """What an operation is called in the table: `0 if x <= 0 else x` is relu(x), max(x, 1) max_const(x, 1)."""
    name, arguments = node.op, node.args
    if node.op == "select" and node.args[0].op in ORDERED:
        condition, then, otherwise = node.args
        larger, smaller = condition.args if condition.op in ("gt", "ge") else condition.args[::-1]
        if {larger, smaller} == {then, otherwise}:
            name, arguments = ("max" if then is larger else "min"), (then, otherwise)
    if name in ("max", "min"):
        constant = [argument for argument in arguments if argument not in active]
        if constant:
            (free,) = [argument for argument in arguments if argument in active]
            if name == "max" and constant[0] is terms.ZERO:
                return "relu", (free,)
            return f"{name}_const", (free, constant[0])
    return name, arguments


def _of_convention(convention: Convention, arguments: Sequence[Term], active: set[Term]) -> Iterator[Edge]:
    names = dict(zip(convention.arguments.split(", "), arguments, strict=True))
    leaf = names[convention.argument]
    if leaf not in active:
        return
    try:
        where, below, above, taken = [
            _evaluated(text, names) for text in (convention.where, convention.below, convention.above, convention.taken)
        ]
    except (NotRun, ZeroDivisionError):
        return
    if where.op != "constant":  # max(x, 1) has no tie of two constants
        yield Edge(where, leaf, below, above, taken, spelled(convention))


def _evaluated(text: str, names: dict[str, Term]) -> Term:
    """An expression of the table on terms. Errors: NotRun, ZeroDivisionError."""
    expression = ast.parse(text, mode="eval").body
    return terms.term(Machine(ast.Module([], [])).value(expression, names))


def _of_branch(node: Term, active: set[Term]) -> Iterator[Edge]:
    """The edge of `a if p > q else b`, by each thing that the condition reads."""
    condition, *arms = node.args
    opened = [_opened(one, set()) for one in (*condition.args, *arms)]
    if any(one is None for one in opened):  # too large: down to the cells that the condition reads
        stops = set(adjoints.leaves(condition))
        opened = [_opened(one, stops) for one in (*condition.args, *arms)]
    if any(one is None for one in opened):
        return
    p, q, then, otherwise = [one for one in opened if one is not None]
    for leaf in adjoints.leaves(p - q):
        if leaf not in active:
            continue
        try:
            slopes = [dict(adjoints.local_derivatives(arm, {leaf})).get(leaf, terms.ZERO) for arm in (then, otherwise)]
        except derivatives.Untranslated:
            return
        inner, outer = slopes if condition.op in ("gt", "ge") else slopes[::-1]
        if inner is not outer:
            yield Edge(terms.equal(p, q), leaf, outer, inner, None, TAKEN, condition)


def _opened(term: Term, stops: set[Term]) -> Term | None:
    """The term with its cells written out, down to those where to stop; None where that is too large."""
    known: dict[Term, Term] = {}
    for node in terms.topological([term], lambda t: () if t in stops else t.args):
        if node in stops or not node.args:
            known[node] = node
            continue
        args = [known[argument] for argument in node.args]
        known[node] = args[0] if node.op == "cell" else terms.make(node.op, *args)
        if len(known) > ARM:
            return None
    return known[term]
