"""A normal form of terms in which equal is identical, for what emitted derivatives are made of: term -> polynomial.

>>> x, y = terms.symbol("x"), terms.symbol("y")
>>> space = Space()
>>> normal(space, 2 * (x + y) / x) == normal(space, 2 + 2 * y / x)
False
>>> normal(space, (x + y) * terms.function("exp", x)) == normal(space, terms.function("exp", x) * (y + x))
True

Two polynomials that differ may still be the same function, as these first two are: see `deciding`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial, reduce
from typing import Any

from mgc.compiler.verify import clock
from mgc.compiler.verify.algebra.conditions import compare, largest, select
from mgc.compiler.verify.algebra.monomials import ONE, Monomial, Poly, ratio, whole
from mgc.compiler.verify.algebra.polynomials import MOST_WORK, Space
from mgc.compiler.verify.algebra.powers import hypotenuse, symbolic_power
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.oracle import EVEN, ODD
from mgc.compiler.verify.terms.terms import Term

POLES = frozenset("log gamma lgamma digamma trigamma tetragamma".split())  # at 0


def normal(space: Space, term: Term, known: Mapping[Term, Poly] | None = None) -> Poly:
    """The normal form. `known` gives those of some subterms. Errors: TooLarge, ZeroDivisionError."""
    if known is None:
        space.budget = 10 * MOST_WORK
    memo = space.memo if known is None else dict(known)
    term = terms.bare(term)
    stack = [term]
    while stack:
        node = stack[-1]
        if node in memo:
            stack.pop()
            continue
        args = [memo[argument] for argument in node.args if argument in memo]
        if len(args) < len(node.args):
            stack += [argument for argument in node.args if argument not in memo]
            continue
        clock.check()
        memo[node] = _one(space, node, args)
    return memo[term]


def _one(space: Space, node: Term, args: list[Poly]) -> Poly:
    rule = _RULES.get(node.op)
    if rule is not None:
        return rule(space, *args)
    if node.op == "constant":
        value = terms.number(node)
        return space.number(value) if value is not None else space.symbol(str(node.payload))
    if node.op == "symbol":
        return space.symbol(str(node.payload))
    return function(space, node.op, args)


def function(space: Space, name: str, args: list[Poly]) -> Poly:
    """A function of polynomials. Errors: TooLarge, ZeroDivisionError."""
    template = space.template(name, len(args))
    if template is not None:
        names, body = template
        return normal(space, body, {terms.symbol(n): a for n, a in zip(names, args, strict=True)})
    args = [space.shared(space.expanded_or_same(a)) for a in args]
    if all(set(a) <= {ONE} for a in args):
        value = space.constant(name, tuple(Fraction(a.get(ONE, 0)) for a in args))
        if value is not None:
            return space.number(value)
        if name in POLES and not args[0]:
            raise ZeroDivisionError
    if name == "exp":
        return _exponential(space, args[0])
    sign = 1
    if name in ODD | EVEN and args[0] and args[0][min(args[0])] < 0:
        args = [{m: -c for m, c in args[0].items()}]
        sign = -1 if name in ODD else sign
    atom = space.atom("function", name, *(frozenset(a.items()) for a in args))
    space.polys[atom] = args[0] if args else {}
    return {((atom, 1),): sign}


def term_of(space: Space, poly: Poly) -> Term:
    """A term whose normal form the polynomial is.

    >>> space = Space()
    >>> str(term_of(space, normal(space, terms.symbol("x") ** 2 / 3 - 1)))
    'x*x*(1/3) + -1'
    """
    return sum((_product(space, monomial) * coefficient for monomial, coefficient in poly.items()), start=terms.ZERO)


def _product(space: Space, monomial: Monomial) -> Term:
    result = terms.ONE
    for atom, exponent in monomial:
        result = result * terms.function("pow", _of_atom(space, atom), exponent)
    return result


def _of_atom(space: Space, atom: int) -> Term:
    key: Any = space.atoms[atom]
    kind, *rest = key
    match kind:
        case "symbol":
            return terms.symbol(str(rest[0]))
        case "sum" | "root":
            return term_of(space, space.polys[atom])
        case "P" | "Z":
            return terms.function("gt" if kind == "P" else "eq", term_of(space, space.polys[atom]), 0)
        case "power":
            return terms.function("pow", *(term_of(space, dict(part)) for part in rest))
        case "max":
            return terms.function("max", *(term_of(space, dict(part)) for part in rest[0]))
    return terms.function(str(rest[0]), *(term_of(space, dict(part)) for part in rest[1:]))


def _exponential(space: Space, poly: Poly) -> Poly:
    """exp(a + 2*b) = exp(a) * exp(b)**2: one atom per monomial, or the whole where there are many."""
    result = space.number(1)
    parts = [{m: c} for m, c in poly.items()] if len(poly) <= 8 else [poly]
    for part in parts:
        lead = part[min(part)]
        scaled = space.shared({m: ratio(c, lead) for m, c in part.items()})
        if set(scaled) == {ONE}:
            value = space.constant("exp", (Fraction(lead),))
            if value is not None:
                result = space.times(result, space.number(value))
                continue
        atom = space.atom("function", "exp", frozenset(scaled.items()))
        space.polys[atom] = scaled
        result = space.times(result, {((atom, whole(lead)),): 1})
    return result


_RULES: dict[str, Callable[..., Poly]] = {
    "add": Space.plus,
    "sub": Space.minus,
    "mul": Space.times,
    "div": lambda space, a, b: space.times(a, space.whole_power(b, -1)),
    "neg": lambda space, a: space.minus({}, a),
    "pow": symbolic_power,
    "select": select,
    "max": lambda space, *of: reduce(partial(largest, space), of),
    "hypot": hypotenuse,
    "min": lambda space, *of: space.minus({}, reduce(partial(largest, space), [space.minus({}, one) for one in of])),
    "and": lambda space, a, b: space.times(a, b),
    "or": lambda space, a, b: space.minus(space.plus(a, b), space.times(a, b)),
    "not": lambda space, a: space.minus(space.number(1), a),
    **{name: compare(name) for name in ("lt", "le", "gt", "ge", "eq", "ne")},
}
