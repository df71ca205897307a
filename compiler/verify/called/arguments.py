"""What the functions are called with: sizes, whole numbers and doubles, the same ones each time.

Sizes are 1, 2, 3, 5 and 13 for all axes, unequal ones, and those that the text names. Doubles are of both signs and of
one, small, huge, equal, 0, at ties, and at and between the numbers that the text itself has.

>>> [list(sizes.values()) for sizes in sizes_tried(["n", "k"])]
[[3, 2], [1, 1], [2, 2], [3, 3], [5, 5], [2, 3], [5, 4], [2, 13], [13, 2], [13, 13]]
"""

from __future__ import annotations

import ast
import itertools
import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from random import Random
from typing import Any

from msgspec import Struct

from mgc.compiler.verify import clock
from mgc.compiler.verify.equal.required import LARGEST
from mgc.compiler.verify.text.instances import Shapes, shape_of
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.trace.values import flat

PATTERNS = ((3, 2, 4, 5), (1,), (2,), (3,), (5,), (2, 3, 5, 4), (5, 4, 3, 2), (2, 13, 3, 5), (13, 2, 5, 3), (13,))
MOST_NUMBERS = 10  # of the text that are tried
LARGEST_SIZE = 70  # that the text names, and that is tried
PLAIN = (0, 1, 2, 3, 5, 7, -1)  # whole numbers

OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
Draw = Callable[[Random], Any]


def _sized(low: float, high: float, signs: Sequence[int]) -> Draw:
    """Powers of ten between two."""
    return lambda source: 10.0 ** source.uniform(low, high) * source.choice(signs)


def _uniform(low: float, high: float) -> Draw:
    return lambda source: source.uniform(low, high)


def _among(*numbers: float) -> Draw:
    return lambda source: source.choice(numbers)


def _mixed(number: float) -> Draw:
    """The number, or one of ordinary size."""
    return lambda source: number if source.random() < 0.5 else source.uniform(0.1, 0.9)


NEARBY: tuple[Draw, ...] = (_uniform(-2, 2), _uniform(0.1, 0.9), _uniform(1.1, 3.0), _uniform(-6, -2))
TIED: tuple[Draw, ...] = (_among(0.75), _among(0.0), _among(1.0, 2.0), _among(-1.0, 0.0, 1.0), _among(-0.5, 0.5, 2.0))
ALIKE: tuple[Draw, ...] = (
    *(_uniform(sign * far - 1, sign * far + 1) for far in (800, 300, 650, 1e5) for sign in (1, -1)),  # by an overflow
    _among(1.0, -1.0, 1.000000001, -0.999999999),  # nearly equal, and nearly opposite
    _among(-740.0, -1.0),  # of which an exponential nearly vanishes
)
POWERS = (1, 3), (-6, -3), (3, 6), (-9, -6), (6, 12), (-40, -17), (12, 40), (-300, -150)  # of ten, far from 0
ABOVE, BELOW, AWAY = (tuple(_sized(low, high, signs) for low, high in POWERS) for signs in ((1,), (-1,), (1, -1)))
SEEDS = (*NEARBY, *TIED, *AWAY)


class Recipe(Struct, frozen=True):
    """How doubles are drawn: `special` for one argument or parameter, `plain` for the others."""

    plain: Draw
    special: Draw | None = None
    place: int = 0


AT_EVERY_SIZE = (Recipe(NEARBY[1]), Recipe(NEARBY[0]), Recipe(TIED[0]))


class Given(Struct, frozen=True):
    """What both functions are called with: the arguments by name, and the parameters."""

    sizes: Mapping[str, int]
    arguments: Mapping[str, Any]
    parameters: Mapping[str, Any]

    def changed(self, change: Callable[[str, Any], Any]) -> Given:
        """With other numbers in the place of doubles, of which `change` gets the names: `x[0][1]`."""
        arguments, parameters = (
            {name: _changed(part, change, name) for name, part in parts.items()}
            for parts in (self.arguments, self.parameters)
        )
        return Given(self.sizes, arguments, parameters)

    def numbers(self) -> dict[str, Any]:
        """The doubles, or what stands in their place, by name."""
        every = {at: one for n, part in {**self.arguments, **self.parameters}.items() for at, one in flat(part, n)}
        return {at: one for at, one in every.items() if not isinstance(one, int)}


def _changed(given: Any, change: Callable[[str, Any], Any], name: str) -> Any:
    if isinstance(given, list):
        return [_changed(inner, change, f"{name}[{place}]") for place, inner in enumerate(given)]
    return given if isinstance(given, int) else change(name, given)


class Place(Struct, frozen=True):
    """The shapes that arguments and parameters have at some sizes."""

    signature: Signature
    sizes: Mapping[str, int]
    shapes: Mapping[str, tuple[int, ...]]
    parameters: Shapes

    @classmethod
    def at(cls, signature: Signature, sizes: Mapping[str, int], parameters: Shapes) -> Place:
        """Errors: reading.UnknownSize, ValueError."""
        return cls(signature, sizes, {one.name: shape_of(one, sizes) for one in signature.arguments}, parameters)

    @property
    def drawn(self) -> list[tuple[int, ...]]:
        """The shapes of all that is drawn as doubles."""
        floats = [self.shapes[one.name] for one in self.signature.arguments if one.dtype == "float"]
        return [*floats, *self.parameters.values()]

    def given(self, recipe: Recipe, integers: Mapping[str, Any], source: Random) -> Given:
        """A point. Errors: clock.OutOfWork."""
        shapes = self.drawn
        clock.check(sum(map(math.prod, shapes)) // 4)
        draws = [recipe.plain] * len(shapes)
        if recipe.special is not None and shapes:
            draws[recipe.place % len(shapes)] = recipe.special
        found = iter([filled(shape, draw, source) for shape, draw in zip(shapes, draws, strict=True)])
        arguments = {name: integers[name] if name in integers else next(found) for name in self.shapes}
        return Given(self.sizes, arguments, dict(zip(self.parameters, found, strict=True)))

    def integers(self, asked: Sequence[int], source: Random) -> Iterator[dict[str, Any]]:
        """Values of the int arguments: each up to one bound or another, all alike, and those that the text names; then
        each with one entry of an array changed: it may be refused for that alone."""
        shapes = {one.name: self.shapes[one.name] for one in self.signature.arguments if one.dtype == "int"}
        bounds = sorted({size for sizes in (self.sizes.values(), *PATTERNS) for size in sizes if size}, reverse=True)
        draws = [_among(*range(bound)) for bound in bounds] + [_among(number) for number in (*PLAIN, *asked)]
        found = [{name: filled(shape, draw, source) for name, shape in shapes.items()} for draw in draws]
        others = _among(-1), _among(*PLAIN, *asked, *self.sizes.values())
        beside = [
            {**one, name: _with_another_entry(value, other, source)}
            for one, other in itertools.product(found, others)
            for name, value in one.items()
            if isinstance(value, list) and any(True for _ in flat(value))
        ]
        yield from [one for at, one in enumerate(found) if one not in found[:at]]
        yield from beside


def filled(shape: Sequence[int], draw: Draw, source: Random) -> Any:
    """Nested lists of that shape."""
    return [filled(shape[1:], draw, source) for _ in range(shape[0])] if shape else draw(source)


def _with_another_entry(value: Any, draw: Draw, source: Random) -> Any:
    if not isinstance(value, list):
        return draw(source)
    place = source.choice([place for place, inner in enumerate(value) if inner != []])
    return [*value[:place], _with_another_entry(value[place], draw, source), *value[place + 1 :]]


def sizes_tried(names: Sequence[str], asked: Sequence[int] = ()) -> Iterator[dict[str, int]]:
    """Sizes, small ones first; then those `asked` for, one name at a time."""
    patterns = [dict(zip(names, itertools.cycle(pattern), strict=False)) for pattern in PATTERNS]
    every = [*patterns, *({**patterns[0], name: size} for size in asked if size <= LARGEST_SIZE for name in names)]
    yield from (one for at, one in enumerate(every) if one not in every[:at])


def at_first(arguments: int, numbers: Sequence[float]) -> Iterator[Recipe]:
    """What is tried at the first sizes, in an order in which a few show much: all far away, then each argument on its
    own, then at the text's numbers, then one far away beside others that are equal."""
    yield from map(Recipe, (NEARBY[0], *AWAY, *ALIKE, *ABOVE, *BELOW))
    yield from _one_far(arguments, NEARBY[:2])
    yield from map(Recipe, (*NEARBY[1:], *TIED, *map(_mixed, around(numbers))))
    for plain in (NEARBY[1], NEARBY[0], _mixed(0.0), _mixed(0.0)):
        for place, number in itertools.product(range(arguments), around(numbers)):
            yield Recipe(plain, _among(number), place)
    yield from _one_far(arguments, TIED[:1])


def _one_far(arguments: int, others: Sequence[Draw]) -> Iterator[Recipe]:
    for plain, special, place in itertools.product(others, (*AWAY, *ALIKE, *ABOVE), range(arguments)):
        yield Recipe(plain, special, place)


def around(numbers: Sequence[float]) -> list[float]:
    """The numbers, others on both sides of each, and those between."""
    found: list[float] = []
    for number in numbers:
        found += [number, number * 1.25 + 0.25, number * 0.75 - 0.25, -number, number * 3, -number * 3]
        found += [math.sqrt(number) * 1.01] if number > 0 else []
    found += [low + (high - low) / 2 for low, high in itertools.pairwise(sorted(numbers))]
    return [number for number in dict.fromkeys(found) if abs(number) < LARGEST]


def numbers_of(functions: Sequence[ast.AST]) -> list[float]:
    """The numbers that stand in a text, and are computed of such, other than the smallest whole ones; those of
    conditions first.

    >>> numbers_of([ast.parse("y = x + 7.0 if x > 2.0 * 31.0 else 0.0")])
    [62.0, 31.0, 7.0]
    """
    nodes = [node for function in functions for node in ast.walk(function)]
    compared = [part for node in nodes if isinstance(node, ast.Compare) for part in ast.walk(node)]
    known = {node: value for node in nodes if (value := _value(node)) is not None}
    found = [known[node] for kind, parts in itertools.product((float, int), (compared, nodes))
             for node in parts if type(known.get(node)) is kind]  # fmt: skip
    kept = [number for number in dict.fromkeys(map(float, found)) if math.isfinite(number)]
    return [number for number in kept if number not in (0.0, 1.0, 2.0, 0.5)][:MOST_NUMBERS]


def _value(node: ast.AST) -> float | None:
    """Of an expression of numbers."""
    match node:
        case ast.Constant(value=float() | int() as value):
            return value if abs(value) < LARGEST else None
        case ast.BinOp(left, op, right) if type(op) in OPERATORS:
            a, b = _value(left), _value(right)
            with suppress(ZeroDivisionError):
                return None if a is None or b is None else OPERATORS[type(op)](a, b)
    return None
