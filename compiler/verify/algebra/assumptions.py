"""Polynomials where something is known: under assumed signs of conditions, on the edge of one.

>>> space = Space()
>>> x, y = space.symbol("x"), space.symbol("y")
>>> size = largest(space, x, y)
>>> positive, _ = sign(space, space.minus(x, y))
>>> ((((condition, _),), _),) = positive.items()
>>> [assuming(space, size, {condition: side}) == one for side, one in ((1, x), (-1, y))]
[True, True]
>>> on_edge(space, size, condition) == y
True
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mgc.compiler.verify.algebra.conditions import largest, sign
from mgc.compiler.verify.algebra.monomials import Poly
from mgc.compiler.verify.algebra.normal import function
from mgc.compiler.verify.algebra.polynomials import Space
from mgc.compiler.verify.algebra.powers import power, symbolic_power


def assuming(space: Space, poly: Poly, signs: Mapping[int, int]) -> Poly:
    """The polynomial where the given conditions' e have the given signs (by atom P(e))."""
    return _rebuilt(space, poly, signs, {})


def on_edge(space: Space, poly: Poly, condition: int) -> Poly:
    """The polynomial where e = 0: what that says of a symbol is put in its place. Errors: ZeroDivisionError."""
    edge = space.polys[condition]
    explicit = solved(space, condition)
    if explicit is not None:
        return _rebuilt(space, poly, {condition: 0}, dict([explicit]))
    if len(edge) == 1:
        (monomial,) = edge
        return _rebuilt(space, poly, {condition: 0}, {monomial[0][0]: {}})
    key = frozenset(edge.items())
    whole = [space.ids[kind, key] for kind in ("sum", "root") if (kind, key) in space.ids]
    return _rebuilt(space, poly, {condition: 0}, {atom: {} for atom in whole})


def solved(space: Space, condition: int) -> tuple[int, Poly] | None:
    """A symbol's atom and what it is where e = 0, if e is linear in one: x = -rest / (what multiplies x)."""
    edge = space.polys[condition]
    for monomial, coefficient in sorted(edge.items(), key=lambda pair: len(pair[0])):
        for atom, exponent in monomial:
            if exponent != 1 or space.kind(atom) != "symbol":
                continue
            factor = tuple(pair for pair in monomial if pair[0] != atom)
            rest = {m: c for m, c in edge.items() if m != monomial}
            if atom in space.atoms_in({factor: 1, **rest}):
                continue
            divisor = space.whole_power({factor: coefficient}, -1)
            return atom, space.minus({}, space.times(rest, divisor))
    return None


def _rebuilt(space: Space, poly: Poly, signs: Mapping[int, int], memo: dict[int, Poly]) -> Poly:
    """The polynomial from its atoms up; `memo` has those of some atoms, and gets more."""
    result: Poly = {}
    for monomial, coefficient in poly.items():
        product = space.number(coefficient)
        for atom, exponent in monomial:
            if atom not in memo:
                memo[atom] = _reassumed(space, atom, signs, memo)
            product = space.times(product, power(space, memo[atom], exponent))
        space.add(result, product)
    return result


def _reassumed(space: Space, atom: int, signs: Mapping[int, int], memo: dict[int, Poly]) -> Poly:
    key = space.atoms[atom]
    if key[0] in ("P", "Z"):
        known = signs.get(space.atom("P", key[1]))
        if known is not None:
            return space.number(known > 0 if key[0] == "P" else known == 0)
        inner = _rebuilt(space, space.polys[atom], signs, memo)
        return sign(space, inner)[0 if key[0] == "P" else 1]
    if key[0] == "max":
        return _largest_of(space, key[1], signs, memo)
    if key[0] in ("sum", "root"):
        return _rebuilt(space, space.polys[atom], signs, memo)
    parts = [_rebuilt(space, dict(part), signs, memo) for part in key[1:] if isinstance(part, frozenset)]
    if key[0] == "power":
        return symbolic_power(space, *parts)
    if key[0] == "function":
        return function(space, str(key[1]), parts)
    return {((atom, 1),): 1}


def _largest_of(space: Space, keys: Any, signs: Mapping[int, int], memo: dict[int, Poly]) -> Poly:
    """max of several under assumptions: whatever is known to be smaller than another is left out."""
    kept = [dict(key) for key in sorted(keys, key=sorted)]
    for one in list(kept):
        for other in kept:
            if other is not one and _known_above(space, other, one, signs):
                kept = [each for each in kept if each is not one]
                break
    result = _rebuilt(space, kept[0], signs, memo)
    for one in kept[1:]:
        result = largest(space, result, _rebuilt(space, one, signs, memo))
    return result


def _known_above(space: Space, a: Poly, b: Poly, signs: Mapping[int, int]) -> bool:
    """Whether the assumptions say a >= b."""
    above, equal = sign(space, space.minus(a, b))
    known: Poly = {}
    for monomial, coefficient in space.plus(above, equal).items():
        value = coefficient
        for atom, _ in monomial:
            side = signs.get(space.atom("P", space.atoms[atom][1]))
            if side is None:
                return False
            value *= (side > 0) if space.kind(atom) == "P" else (side == 0)
        known = space.plus(known, space.number(value))
    return known == space.number(1)
