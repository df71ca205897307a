"""Symbolic sizes: integer node -> polynomial, to compare extents and to prove that an index stays inside.

>>> from mgc.compiler.graph import algebra
>>> from mgc.compiler.graph.builder import Builder
>>> build = Builder()
>>> n, one = build.size("n"), build.integer(1)
>>> equal(algebra.sub(build, algebra.add(build, n, one), one), n)
True
>>> i = build.axis("i", build.integer(0), algebra.sub(build, n, one))
>>> inside(algebra.add(build, i, one), n), inside(algebra.add(build, i, n), n)
(True, False)
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from mgc.compiler.graph import algebra
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.graph import topological_order
from mgc.compiler.graph.nodes import AxisName, Node, axis_order

Monomial = tuple[tuple[Node, int], ...]  # (atom, power), atoms in the order in which they were made
Coefficient = Any  # int, or Fraction once there is a division; importing fractions costs as much as a parse
Polynomial = dict[Monomial, Coefficient]

_GROWING = frozenset({"size", "const", "add", "mul", "floordiv"})  # of which n // 2 is made, and nothing below 0
MAX_TERMS = 64  # a product of many sums is treated as one unknown


def equal(left: Node, right: Node) -> bool:
    """Whether two integer expressions are equal for every value of their sizes and indices."""
    return left is right or polynomial(left) == polynomial(right)


def differ(left: Node, right: Node) -> bool:
    """Whether two integer expressions differ by a constant other than zero."""
    difference = _sum(polynomial(left), _scale(polynomial(right), -1))
    return bool(difference) and set(difference) == {()}


def polynomial(node: Node) -> Polynomial:
    """The expression as a sum of monomials over sizes, indices and whatever else is opaque here."""
    done: dict[Node, Polynomial] = {}
    for current in topological_order([node]):
        done[current] = _polynomial(current, done)
    return done[node]


def inside(index: Node, size: Node) -> bool:
    """Whether 0 <= index < size is sure, for all indices in their ranges and all sizes >= 0."""
    if index.op == "bound" and equal(index.args[1], size):
        return True
    value = polynomial(index)
    lowest, _ = _bounds(value, sorted(index.axes, key=axis_order, reverse=True))
    return lowest is not None and _nonnegative(lowest) and below(index, size)


def below(index: Node, size: Node) -> bool:
    """Whether index < size is sure, for all indices in their ranges and all sizes >= 0."""
    axes = sorted(index.axes, key=axis_order, reverse=True)
    _, highest = _bounds(polynomial(index), [axis for axis in axes if axis not in size.axes])  # in one turn of those
    if highest is None:
        return False
    slack = _sum(polynomial(size), _scale(highest, -1), {(): -1})
    least = _bounds(slack, sorted(size.axes, key=axis_order, reverse=True))[0]
    return _nonnegative(slack) or (least is not None and _nonnegative(least))


def outside(index: Node, size: Node) -> bool:
    """Whether the index is sure to fall outside: a negative constant, or size + k with k >= 0."""
    value = polynomial(index)
    excess = _sum(value, _scale(polynomial(size), -1))
    if set(value) <= {()} and value.get((), 0) < 0:
        return True
    return set(excess) <= {()} and excess.get((), 0) >= 0


def nonnegative(value: Node) -> bool:
    """Whether an integer expression is sure not to be negative."""
    return _nonnegative(polynomial(value))


def is_larger(left: Node, right: Node) -> bool:
    """Whether an integer expression is sure to be larger than another."""
    return _nonnegative(_sum(polynomial(left), _scale(polynomial(right), -1), {(): -1}))


def positive(build: Builder, value: Node) -> Node:
    """Whether an integer expression is above 0, its number on the other side: `n > 1` for n - 1."""
    terms = polynomial(value)
    number = int(terms.get((), 0))
    rest = _node(build, _sum(terms, {(): -number}))
    return algebra.apply(build, None, (rest, build.integer(-number)), "gt")


def count(sizes: Sequence[Node]) -> bool:
    """Whether the product of sizes is how many elements there are: where one is negative, another is 0.

    So it is for n*(n - 1) and not for n - 1, the length of range(n - 1), at n = 0.
    """
    values = [polynomial(size) for size in sizes if size.op != "bound"]  # a bound was checked when it was made
    atoms = dict.fromkeys(atom for value in values for monomial in value for atom, _ in monomial)
    return all(map(_nonnegative, values)) or any(
        not all(_replace(value, atom, {}) for value in values)
        and all(_nonnegative(_replace(value, atom, {((atom, 1),): 1, (): 1})) for value in values)
        for atom in atoms
    )


def counted(build: Builder, extents: Sequence[Node]) -> list[Node]:
    """Factors of how many elements sizes make: of n - 1 there are none where n is 0."""
    if count(extents):
        return list(extents)
    none = build.integer(0)
    return [s if count([s]) else algebra.apply(build, None, (s, none), "max") for s in extents]


def largest(build: Builder, value: Node, axes: Collection[Node] | None = None) -> Node | None:
    """The largest value over the ranges of its axes, or of these among them, as an expression without them.

    None where it is not monotone in them, or read from data.
    """
    over = value.axes if axes is None else [axis for axis in value.axes if axis in axes]
    bound = _bounds(polynomial(value), sorted(over, key=axis_order, reverse=True))[1]
    found = None if bound is None else _node(build, bound)
    return found if found is not None and set(over).isdisjoint(found.axes) else None  # no bound of entries is known


def unchecked(build: Builder, value: Node) -> Node:
    """A size without its run-time checks: how much to store is asked before they are made."""
    order = topological_order([value])
    if not any(node.op == "bound" for node in order):
        return value
    done: dict[Node, Node] = {}
    for node in order:
        args = tuple(done[argument] for argument in node.args)
        if node.op == "bound":
            done[node] = args[0]
        elif node.op == "index" or args == node.args:  # an index stays the one that the loop counts
            done[node] = node
        else:
            done[node] = algebra.apply(build, node, args)
    return done[value]


def _node(build: Builder, value: Polynomial) -> Node:
    denominator = math.lcm(*[coefficient.denominator for coefficient in value.values()])
    total = build.integer(0)
    for monomial, coefficient in value.items():
        term = build.integer(int(coefficient * denominator))
        for atom, power in monomial:
            for _ in range(power):
                term = algebra.apply(build, None, (term, atom), "mul")
        total = algebra.apply(build, None, (total, term), "add")
    return algebra.apply(build, None, (total, build.integer(denominator)), "exactdiv")


def _polynomial(node: Node, done: Mapping[Node, Polynomial]) -> Polynomial:
    match node.op:
        case "const" if isinstance(node.attribute, int):
            return {(): node.attribute} if node.attribute else {}
        case "add":
            return _sum(done[node.args[0]], done[node.args[1]])
        case "sub":
            return _sum(done[node.args[0]], _scale(done[node.args[1]], -1))
        case "neg":
            return _scale(done[node.args[0]], -1)
        case "mul" if len(done[node.args[0]]) * len(done[node.args[1]]) <= MAX_TERMS:
            return _product(done[node.args[0]], done[node.args[1]])
        case "exactdiv":
            divisor = done[node.args[1]]
            if set(divisor) == {()}:
                from fractions import Fraction

                return _scale(done[node.args[0]], 1 / Fraction(divisor[()]))
        case "bound":
            return done[node.args[0]]
    return {((node, 1),): 1}


def _sum(*terms: Polynomial) -> Polynomial:
    total: Polynomial = {}
    for term in terms:
        for monomial, coefficient in term.items():
            total[monomial] = total.get(monomial, 0) + coefficient
    return {monomial: coefficient for monomial, coefficient in total.items() if coefficient}


def _scale(value: Polynomial, factor: Coefficient) -> Polynomial:
    return {monomial: coefficient * factor for monomial, coefficient in value.items()}


def _product(left: Polynomial, right: Polynomial) -> Polynomial:
    return _sum(*[{_times(m, k): a * b} for m, a in left.items() for k, b in right.items()])


def _times(left: Monomial, right: Monomial) -> Monomial:
    powers: dict[Node, int] = dict(left)
    for atom, power in right:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items(), key=lambda item: item[0].serial))


def _nonnegative(value: Polynomial) -> bool:
    """Sizes and axes are >= 0, so a sum of monomials with positive coefficients is (sufficient, not necessary)."""
    return all(c >= 0 and all(_is_count(atom) for atom, _ in m) for m, c in value.items())


def _is_count(atom: Node) -> bool:
    if atom.op in ("size", "index"):
        return True
    return all(part.op in _GROWING and (algebra.number(part) or 0) >= 0 for part in topological_order([atom]))


def _bounds(value: Polynomial, axes: list[Node]) -> tuple[Polynomial | None, Polynomial | None]:
    """Lower and upper bound: inner axes are put at the end of their range where the value is monotone in them."""
    lowest: Polynomial | None = value
    highest: Polynomial | None = value
    for axis in axes:
        start = _sum(polynomial(axis.args[0]), {(): int(_runs_under(axis, axes))})
        last = _sum(polynomial(axis.args[1]), {(): -1})
        lowest = _extreme(lowest, axis, start, last, direction=-1)
        highest = _extreme(highest, axis, start, last, direction=1)
    return lowest, highest


def _runs_under(axis: Node, axes: list[Node]) -> bool:
    """Whether another axis runs over range(axis): then the axis is at least 1 wherever that one runs."""
    zero = axis.args[0].attribute == 0
    return zero and any(inner.args[1] is axis and inner.args[0].attribute == 0 for inner in axes)


def _extreme(
    value: Polynomial | None, axis: Node, start: Polynomial, last: Polynomial, direction: int
) -> Polynomial | None:
    if value is None or not any(atom is axis for monomial in value for atom, _ in monomial):
        return value
    shifted = _replace(value, axis, _sum(start, {((axis, 1),): 1}))  # axis = start + t with t >= 0
    slope = {m: c for m, c in shifted.items() if any(atom is axis for atom, _ in m)}
    if _nonnegative(slope):
        rising = 1
    elif _nonnegative(_scale(slope, -1)):
        rising = -1
    else:
        return None
    return _replace(value, axis, last if rising == direction else start)


def _replace(value: Polynomial, axis: Node, by: Polynomial) -> Polynomial:
    total: Polynomial = {}
    for monomial, coefficient in value.items():
        term: Polynomial = {tuple((a, p) for a, p in monomial if a is not axis): coefficient}
        for _ in range(sum(p for a, p in monomial if a is axis)):
            term = _product(term, by)
        total = _sum(total, term)
    return total


def dimensions_text(dimensions: Sequence[Node]) -> str:
    return f"[{', '.join(size_text(size) for size in dimensions)}]"


def size_text(size: Node, called: Mapping[str, str] = {}) -> str:
    """An integer expression as a person writes it: `n`, `2*n`, `d*(d - 1)/2`; `called`: names that sizes have there."""
    return _text(size, 0, called)


def _text(node: Node, level: int, called: Mapping[str, str]) -> str:
    spelled = {"add": (" + ", 1), "sub": (" - ", 1), "mul": ("*", 2), "exactdiv": ("/", 2), "floordiv": ("//", 2)}
    if node.op in spelled and level < 20:
        symbol, strength = spelled[node.op]
        left, right = (_text(argument, level + 1, called) for argument in node.args)
        if node.op == "add" and right.startswith("-"):  # a number below zero: n - 1 and not n + -1
            return f"{left} - {right[1:]}"
        parts = [
            f"({text})" if _strength(a, spelled) < strength + place else text
            for place, (text, a) in enumerate(zip((left, right), node.args, strict=True))
        ]
        return symbol.join(parts)
    if node.op == "bound":
        return _text(node.args[0], level, called)
    if node.op == "index" and isinstance(node.attribute, AxisName):
        return node.attribute.name
    said = str(node.attribute) if node.op in ("const", "size", "input") else "..."
    return called.get(said, said) if node.op == "size" else said


def _strength(node: Node, spelled: dict[str, tuple[str, int]]) -> int:
    return spelled[node.op][1] if node.op in spelled else 9
