"""Conditions: the signs of polynomials as polynomials, comparisons and extremes by them.

What is not known of a sign becomes a condition e with the atoms P(e) = [e > 0] and Z(e) = [e = 0]; a sign that
follows from others (that of a maximum, of a quotient, of what a branch chooses) is written in theirs.

>>> space = Space()
>>> x = space.symbol("x")
>>> positive, zero = sign(space, x)
>>> space.plus(positive, zero) == compare("ge")(space, x, {})
True
>>> [space.polys[condition] == x for condition in conditions_in(space, positive)]
[True]
"""

from __future__ import annotations

from collections.abc import Callable

from mgc.compiler.verify.algebra.monomials import ONE, Key, Monomial, Poly, common_factor, multiplied, ratio
from mgc.compiler.verify.algebra.polynomials import Space

MOST_COUNTED = 6  # conditions of which it is asked whether any holds
MOST_CASES = 4  # and of which a count is told in each case
MOST_COMPARED = 9  # arguments of a maximum of which the sign is told


def sign(space: Space, poly: Poly) -> tuple[Poly, Poly]:
    """[poly > 0] and [poly = 0] as polynomials."""
    if not poly or set(poly) == {ONE}:
        value = poly.get(ONE, 0)
        return space.number(value > 0), space.number(value == 0)
    if len(poly) == 1:
        ((monomial, coefficient),) = poly.items()
        kept = tuple((a, e) for a, e in monomial if not space.is_positive(a))
        if len(kept) < len(monomial):
            return sign(space, {kept: coefficient})
        if any(e < 0 and e == int(e) for _, e in monomial):  # 1/u is never 0 and has the sign of u
            upright = tuple((a, -e if e < 0 and e == int(e) else e) for a, e in monomial)
            positive, _ = sign(space, {upright: coefficient})
            rest: Poly = {tuple((a, e) for a, e in monomial if e > 0): 1}
            return positive, sign(space, rest)[1] if ONE not in rest else {}
    divided = tuple((a, e) for a, e in common_factor(poly) if e < 0 and e == int(e) and space.kind(a) not in ("P", "Z"))
    if divided and len(poly) > 1:
        return _sign_of_quotient(space, poly, divided)
    settled = (
        _sign_of_squares(space, poly)
        or _sign_of_hypotenuse(space, poly)
        or _sign_of_extreme(space, poly)
        or _sign_by_cases(space, poly)
    )
    if settled is not None:
        return settled
    return _sign_of_product(space, poly)


def _sign_of_product(space: Space, poly: Poly) -> tuple[Poly, Poly]:
    """The sign of c*q for a condition c: positive where c holds and q is. That of anything else is new."""
    common = tuple((a, e) for a, e in common_factor(poly) if space.kind(a) in ("P", "Z"))
    if not common:
        return _new_condition(space, poly)
    rest = {tuple(pair for pair in m if pair not in common): c for m, c in poly.items()}
    p, z = sign(space, rest)
    holds: Poly = {common: 1}
    return space.product(holds, p), space.plus(space.minus(space.number(1), holds), space.product(holds, z))


def _new_condition(space: Space, poly: Poly) -> tuple[Poly, Poly]:
    """The atoms of a condition: of e and of any multiple of e the same ones."""
    lead = poly[min(poly)]
    key: Key = frozenset(space.shared({m: ratio(c, lead) for m, c in poly.items()}).items())
    positive, zero = space.atom("P", key), space.atom("Z", key)
    space.polys[positive] = space.polys[zero] = dict(key)
    p: Poly = {((positive, 1),): 1}
    z: Poly = {((zero, 1),): 1}
    if lead < 0:
        p = space.minus(space.minus(space.number(1), p), z)
    return p, z


def largest(space: Space, a: Poly, b: Poly) -> Poly:
    """max(a, b): by its condition where one is a number, else one atom for the set of all that are compared."""
    if set(a) <= {ONE} or set(b) <= {ONE}:
        return select(space, sign(space, space.minus(a, b))[0], a, b)
    keys = _compared(space, a) | _compared(space, b)
    if len(keys) == 1:
        return a
    atom = space.atom("max", keys)
    return {((atom, 1),): 1}


def _compared(space: Space, poly: Poly) -> frozenset[Key]:
    """What a maximum is taken of; the polynomial alone where it is none."""
    atom = _bare_max(space, poly)
    if atom is not None:
        found: frozenset[Key] = space.atoms[atom][1]  # type: ignore[assignment]
        return found
    return frozenset({frozenset(space.shared(poly).items())})


def _bare_max(space: Space, poly: Poly) -> int | None:
    if len(poly) == 1:
        ((monomial, coefficient),) = poly.items()
        if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1 and space.kind(monomial[0][0]) == "max":
            return monomial[0][0]
    return None


def _sign_of_extreme(space: Space, poly: Poly) -> tuple[Poly, Poly] | None:
    """The sign of v - max(a, b, ..): v is larger where it is larger than each."""
    for monomial, coefficient in poly.items():
        if len(monomial) != 1 or monomial[0][1] != 1 or space.kind(monomial[0][0]) != "max":
            continue
        rest = {m: ratio(c, -coefficient) for m, c in poly.items() if m != monomial}
        compared: frozenset[Key] = space.atoms[monomial[0][0]][1]  # type: ignore[assignment]
        if len(compared) > MOST_COMPARED or any(space.kind(a) == "max" for m in rest for a, _ in m):
            continue
        above = at_least = space.number(1)
        for other in sorted(compared, key=sorted):
            larger, equal = sign(space, space.minus(rest, dict(other)))
            above, at_least = space.times(above, larger), space.times(at_least, space.plus(larger, equal))
        equal = space.minus(at_least, above)
        return (above, equal) if coefficient < 0 else (space.minus(space.number(1), at_least), equal)
    return None


def _sign_of_quotient(space: Space, poly: Poly, divided: Monomial) -> tuple[Poly, Poly]:
    """The sign of q/u, wherever u is not 0: that of q*u, and zero where q is."""
    upright = tuple((atom, -exponent) for atom, exponent in divided)
    numerator: Poly = {}
    for monomial, coefficient in poly.items():
        space.add(numerator, space.bared(multiplied(monomial, upright), coefficient))
    positive, zero = sign(space, numerator)
    odd = tuple((atom, 1) for atom, exponent in divided if exponent % 2 and not space.is_positive(atom))
    if not odd:
        return positive, zero
    upper, _ = sign(space, {odd: 1})
    negative = space.minus(space.minus(space.number(1), positive), zero)
    lower = space.minus(space.number(1), upper)
    return space.plus(space.times(upper, positive), space.times(lower, negative)), zero


def _sign_of_squares(space: Space, poly: Poly) -> tuple[Poly, Poly] | None:
    """The sign of c + x*x, or of c*x*x alone, or of a count: that of the coefficients, but where each summand is 0."""
    up = {coefficient > 0 for coefficient in poly.values()}
    atoms = {pair for monomial in poly for pair in monomial}
    counted = any(space.kind(atom) in ("P", "Z") for atom, _ in atoms)
    if len(up) > 1 or (counted and not 1 < len(poly) <= MOST_COUNTED):
        return None
    if not all(exponent % 2 == 0 or space.is_positive(a) or space.kind(a) in ("P", "Z") for a, exponent in atoms):
        return None
    zero = space.number(1)
    for monomial in poly:
        zero = space.times(zero, sign(space, {tuple((atom, 1) for atom, _ in monomial): 1})[1])
    return (space.minus(space.number(1), zero) if up == {True} else {}), zero


def _sign_of_hypotenuse(space: Space, poly: Poly) -> tuple[Poly, Poly] | None:
    legs = space.legs.get(frozenset(poly.items()))
    if legs is None:
        return None
    both = space.times(*(sign(space, leg)[1] for leg in legs))
    return space.minus(space.number(1), both), both


def _sign_by_cases(space: Space, poly: Poly) -> tuple[Poly, Poly] | None:
    """The sign of what one condition chooses, or of a count, as the sign of each choice: that of abs(x) is [x != 0]."""
    atoms = {a for monomial in poly for a, _ in monomial}
    conditions = {space.atom("P", space.atoms[a][1]) for a in atoms if space.kind(a) in ("P", "Z")}
    is_count = all(space.kind(a) in ("P", "Z") for a in atoms)
    if not 1 <= len(conditions) <= (MOST_CASES if is_count else 1):
        return None
    condition = min(conditions)
    zero_atom = space.atom("Z", space.atoms[condition][1])
    p: Poly = {((condition, 1),): 1}
    z: Poly = {((zero_atom, 1),): 1}
    below = space.minus(space.minus(space.number(1), p), z)
    above: Poly = {}
    equal: Poly = {}
    for side, holds in ((1, p), (-1, below), (0, z)):
        chosen: Poly = {}
        for monomial, coefficient in poly.items():
            kept = tuple((a, e) for a, e in monomial if a not in (condition, zero_atom))
            asked = {a for a, _ in monomial} - {a for a, _ in kept}
            if not asked or (asked == {condition} and side > 0) or (asked == {zero_atom} and side == 0):
                chosen = space.plus(chosen, {kept: coefficient})
        positive, zero = sign(space, chosen)
        above = space.plus(above, space.product(holds, positive))
        equal = space.plus(equal, space.product(holds, zero))
    return above, equal


def select(space: Space, condition: Poly, then: Poly, otherwise: Poly) -> Poly:
    """What a branch is: both arms, by the condition's numbers 0 and 1."""
    return space.plus(otherwise, space.times(condition, space.minus(then, otherwise)))


def compare(name: str) -> Callable[[Space, Poly, Poly], Poly]:
    """The rule of a comparison: 0 or 1 by the sign of a - b."""

    def rule(space: Space, a: Poly, b: Poly) -> Poly:
        p, z = sign(space, space.minus(a, b))
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


def conditions_in(space: Space, poly: Poly) -> list[int]:
    """The atoms P(e) of all conditions in a polynomial, those inside its sums and functions too."""
    found = [space.atoms[atom] for atom in space.atoms_in(poly)]
    return list(dict.fromkeys(space.atom("P", key[1]) for key in found if key[0] in ("P", "Z")))
