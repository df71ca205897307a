"""Points that meet what a function requires: others are moved until they do, a condition at a time.

Two symbols that stand the wrong way round are swapped, what is compared is solved for one symbol, and else a symbol is
drawn anew, or all that a condition speaks of is made smaller or larger; what breaks more than it mends is not done. So
also numbers meet `x[i] < x[i+1]`, or add up to 1, that would hardly ever do so as they are drawn. What is moved comes
inside of what is allowed, where that has an inside: on its end `sqrt(1 - x - y)` has no derivative.

>>> x, y = terms.symbol("x"), terms.symbol("y")
>>> found = moved({"x": 3.0, "y": -1.0}, [x < y, x > 0], random.Random(0))
>>> found is not None and 0 < found["x"] < found["y"]
True
>>> moved({"x": 1.0}, [x < 0, x > 0], random.Random(0)) is None
True
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term

MOVES = 300  # of one point
INSIDE = MOVES // 2  # of these, before numbers are put on the end of what is allowed
NEAR = 4  # a power that makes parts small: most moves are short, so that narrow ranges are met
PATIENCE = 20  # points of which none was brought to meet what is required: then none is looked for
RANGES = ((0.1, 0.9), (1.1, 3.0), (-1.0, 1.0), (-3.0, -1.1))  # around 0, and around the numbers of a condition
FACTORS = (0.1, 0.5, 2.0, 10.0)
SWAPPED = 0.8  # how often what can be is
EXACT = terms.COMPARISONS | terms.LOGIC | frozenset("symbol constant add sub mul neg abs max min select".split())
SMALLEST, LARGEST = 1e-300, 1e300  # magnitudes that doubles surely have
CLEAR = mpf(10) ** -9  # relative: nearer than that, doubles may compare two sums the other way

Numbers = dict[str, float]


def holds(point: Evaluation, condition: Term) -> bool:
    """Whether it has a value there, and is true."""
    return bool(point.get(condition) or False)


def moved(values: Mapping[str, float], required: Sequence[Term], source: random.Random) -> Numbers | None:
    """The numbers, moved until all that is required holds; None where they are not brought to do so."""
    numbers = dict(values)
    required = [part for condition in required for part in parts(condition)]
    broken = _broken(numbers, required)
    if any(not list(_symbols(condition)) for condition in broken):
        return None
    for turn in range(MOVES):
        if not broken:
            return numbers
        condition = source.choice(broken)
        other = _swapped(numbers, condition) if source.random() < SWAPPED else {}
        is_swapped = bool(other)  # which sorts in the end, whatever it breaks
        other = other or _changed(numbers, condition, source, on_end=turn >= INSIDE)
        still = _broken(other, required)
        if is_swapped or len(still) <= len(broken):
            numbers, broken = other, still
    return None if broken else numbers


def parts(condition: Term) -> list[Term]:
    """What a condition says, one thing after the other."""
    if condition.op == "not" and condition.args[0].op == "eq":
        return [terms.unequal(*condition.args[0].args)]
    if condition.op != "and":
        return [condition]
    return [part for one in condition.args for part in parts(one)]


def _broken(numbers: Numbers, required: Sequence[Term]) -> list[Term]:
    point = Evaluation({name: mpf(value) for name, value in numbers.items()})
    return [condition for condition in required if not holds(point, condition)]


def _swapped(numbers: Numbers, condition: Term) -> Numbers:
    """Two symbols that are compared, each with the number of the other; nothing where it is not so."""
    sides = [str(side.payload) for side in condition.args if side.op == "symbol"]
    if condition.op not in terms.COMPARISONS or len(sides) < 2:
        return {}
    return numbers | dict(zip(sides, [numbers[side] for side in reversed(sides)], strict=True))


def _symbols(condition: Term) -> Iterator[str]:
    return (str(node.payload) for node in terms.topological([condition]) if node.op == "symbol")


def _changed(numbers: Numbers, condition: Term, source: random.Random, on_end: bool) -> Numbers:
    """Other numbers for what a condition speaks of."""
    symbols = list(_symbols(condition))
    compared = [node for node in terms.topological([condition]) if node.op in terms.COMPARISONS]
    name = source.choice(symbols)
    way = source.randrange(3)
    if way == 0 and compared:
        comparison = source.choice(compared)
        is_exact = on_end or comparison.op in ("eq", "ne")
        return numbers | _solved(numbers, comparison, name, 0 if is_exact else source.random() ** NEAR)
    if way == 1:
        factor = source.choice(FACTORS)
        return numbers | {one: numbers[one] * factor for one in symbols}
    known = [float(n) for node in compared for side in node.args if (n := terms.number(side)) is not None]
    low, high = source.choice(RANGES)
    return {**numbers, name: source.choice([0.0, *known]) + source.uniform(low, high)}


def _solved(numbers: Numbers, comparison: Term, name: str, depth: float) -> Numbers:
    """The number at which a comparison would hold, were its sides lines in it; nothing where there is none.

    `depth`: how far inside, as a part of how far outside it was; of a magnitude, as a part of its bound. 0 is on the
    end, and where the magnitude is 0.
    """
    a, b = comparison.args
    height = a.args[0] if a.op == "abs" else a - b
    point, beside = (
        Evaluation({**{key: mpf(value) for key, value in numbers.items()}, name: mpf(numbers[name]) + step})
        for step in (0, 1)
    )
    here, there, bound = point.get(height), beside.get(height), point.get(b)
    if here is None or there is None or bound is None or here == there:
        return {}
    wanted = mp.sign(here) * bound * depth if a.op == "abs" else -here * depth
    return {name: float(numbers[name] + (wanted - here) / (there - here))}


def is_clear(point: Evaluation, condition: Term) -> bool:
    """Whether doubles decide a condition as exact numbers do: sides are no sums, or far from each other, and nothing in
    them overflows or vanishes."""
    nodes = list(terms.topological([condition]))
    if not all(node.op in EXACT and _is_double(point.get(node)) for node in nodes):
        return False
    return all(_is_apart(point, *node.args) for node in nodes if node.op in terms.COMPARISONS)


def _is_double(value: Any | None) -> bool:
    return not value or SMALLEST < abs(value) < LARGEST


def _is_apart(point: Evaluation, a: Term, b: Term) -> bool:
    x, y = point.get(a), point.get(b)
    if all(side.op in ("symbol", "constant") for side in (a, b)):
        return x is None or y is None or x == y or float(x) != float(y)  # 1.8 is 9/5 in a text, and the double is not
    return x is None or y is None or bool(abs(x - y) > CLEAR * max(abs(x), abs(y)))
