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
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from mgc.compiler.verify import clock
from mgc.compiler.verify.text.instances import Shapes, shape_of
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.trace.values import flat

PATTERNS = ((3, 2, 4, 5), (1,), (2,), (3,), (5,), (2, 3, 5, 4), (5, 4, 3, 2), (2, 13, 3, 5), (13, 2, 5, 3), (13,))
MOST_NUMBERS = 10  # of the text that are tried
RANGES = (13, 10, 5, 3, 2, 1)  # of whole numbers whose bound is not known
PLAIN = (0, 1, 2, 3, 5, 7, -1)  # whole numbers

Draw = Callable[[random.Random], float]


def _sized(low: float, high: float, signed: bool) -> Draw:
    """Powers of ten between two, of both signs or positive."""

    def draw(source: random.Random) -> float:
        size: float = 10.0 ** source.uniform(low, high)
        return -size if signed and source.random() < 0.5 else size

    return draw


def _uniform(low: float, high: float) -> Draw:
    return lambda source: source.uniform(low, high)


def _among(*numbers: float) -> Draw:
    return lambda source: source.choice(numbers)


def _below(bound: int) -> Draw:
    return lambda source: source.randrange(bound)


def _mixed(number: float) -> Draw:
    """The number, or one of ordinary size."""
    return lambda source: number if source.random() < 0.5 else source.uniform(0.1, 0.9)


NEARBY: tuple[Draw, ...] = (_uniform(-2, 2), _uniform(0.1, 0.9), _uniform(1.1, 3.0), _uniform(-6, -2))
TIED: tuple[Draw, ...] = (_among(0.75), _among(0.0), _among(1.0, 2.0), _among(-1.0, 0.0, 1.0), _among(-0.5, 0.5, 2.0))
AWAY: tuple[Draw, ...] = tuple(
    _sized(low, high, signed)
    for low, high in ((1, 3), (3, 6), (6, 12), (-9, -4), (-40, -17))
    for signed in (False, True)
)


def sizes_tried(names: Sequence[str], asked: Sequence[int] = ()) -> Iterator[dict[str, int]]:
    """Sizes, small ones first; then those `asked` for, one name at a time."""
    seen: list[dict[str, int]] = []
    patterns = [dict(zip(names, itertools.cycle(pattern), strict=False)) for pattern in PATTERNS]
    each = [{**patterns[0], name: size} for size in asked for name in names]
    for chosen in (*patterns, *each):
        if chosen not in seen:
            seen.append(chosen)
            yield chosen


class Given(Struct, frozen=True):
    """What both functions are called with: the arguments by name, and the parameters."""

    sizes: Mapping[str, int]
    arguments: Mapping[str, Any]
    parameters: Mapping[str, Any]


class Recipe(Struct, frozen=True):
    """How doubles are drawn: `special` for one argument or parameter, `plain` for the others."""

    plain: Draw
    special: Draw | None = None
    place: int = 0

    def made(
        self,
        signature: Signature,
        sizes: Mapping[str, int],
        integers: Mapping[str, Any],
        shapes: Shapes,
        source: random.Random,
    ) -> Given:
        """Errors: reading.UnknownSize, ValueError, clock.OutOfWork."""
        wanted = {one.name: shape_of(one, sizes) for one in signature.arguments if one.dtype == "float"}
        count = len(wanted) + len(shapes)
        clock.check(sum(map(math.prod, (*wanted.values(), *shapes.values()))) // 4)
        drawn = []
        for place, shape in enumerate((*wanted.values(), *shapes.values())):
            chosen = self.special is not None and place == self.place % max(count, 1)
            drawn.append(filled(shape, self.special if chosen and self.special is not None else self.plain, source))
        named = dict(zip(wanted, drawn, strict=False))
        arguments = {one.name: integers.get(one.name, named.get(one.name)) for one in signature.arguments}
        return Given(sizes, arguments, dict(zip(shapes, drawn[len(wanted) :], strict=True)))


AT_EVERY_SIZE = (Recipe(NEARBY[1]), Recipe(NEARBY[0]), Recipe(TIED[0]))


def filled(shape: Sequence[int], draw: Callable[[random.Random], Any], source: random.Random) -> Any:
    """Nested lists of that shape."""
    if len(shape) == 1:
        return [draw(source) for _ in range(shape[0])]
    return [filled(shape[1:], draw, source) for _ in range(shape[0])] if shape else draw(source)


def at_first(arguments: int, numbers: Sequence[float]) -> Iterator[Recipe]:
    """What is tried at the first sizes: all alike, then each argument far away on its own, or at the text's numbers."""
    for draw in (*NEARBY, *TIED):
        yield Recipe(draw)
    for number in around(numbers):
        yield Recipe(_mixed(number))
    for draw in AWAY:
        yield Recipe(draw)
    for place in range(arguments):
        for plain, special in itertools.product((*NEARBY[:2], TIED[0]), AWAY):
            yield Recipe(plain, special, place)
    for plain in (NEARBY[1], NEARBY[0], _mixed(0.0), _mixed(0.0)):
        for place, number in itertools.product(range(arguments), around(numbers)):
            yield Recipe(plain, _among(number), place)


def around(numbers: Sequence[float]) -> list[float]:
    """The numbers, others on both sides of each, and those between."""
    found: dict[float, None] = {}
    for number in numbers:
        beside = (number, number * 1.25 + 0.25, number * 0.75 - 0.25, -number, number * 3, -number * 3)
        found.update(dict.fromkeys(beside))
        if number > 0:
            found[math.sqrt(number) * 1.01] = None
    for low, high in itertools.pairwise(sorted(numbers)):
        found[low + (high - low) / 2] = None
    return [number for number in found if math.isfinite(number) and abs(number) < 1e90]


def numbers_of(functions: Sequence[ast.AST]) -> list[float]:
    """The numbers that stand in a text, other than the smallest whole ones; those of conditions first."""
    found: dict[float, None] = {}
    nodes = [node for function in functions for node in ast.walk(function)]
    compared = [part for node in nodes if isinstance(node, ast.Compare) for part in ast.walk(node)]
    for kinds, parts in (((float,), compared), ((float,), nodes), ((int,), compared), ((int,), nodes)):
        for node in parts:
            number = node.value if isinstance(node, ast.Constant) else None
            if isinstance(number, int | float) and type(number) in kinds and math.isfinite(number):
                found[float(number)] = None
    return [number for number in found if number not in (0.0, 1.0, 2.0, 0.5)][:MOST_NUMBERS]


def integers_tried(
    signature: Signature, sizes: Mapping[str, int], asked: Sequence[int], source: random.Random
) -> Iterator[dict[str, Any]]:
    """Values of the int arguments: each up to one bound or another, all alike, and those that the text names."""
    wanted = [(one.name, shape_of(one, sizes)) for one in signature.arguments if one.dtype == "int"]
    if not wanted:
        yield {}
        return
    for bound in sorted({*RANGES, *(size for size in sizes.values() if size)}, reverse=True):
        yield {name: filled(shape, _below(bound), source) for name, shape in wanted}
    for number in (*PLAIN, *asked):
        yield {name: filled(shape, _among(number), source) for name, shape in wanted}


def with_another_entry(
    integers: Mapping[str, Any], numbers: Sequence[int], source: random.Random
) -> Iterator[dict[str, Any]]:
    """The same with one entry of an array changed, of each array that has one: it may be refused for that alone."""
    for name, value in integers.items():
        if isinstance(value, list) and any(True for _ in flat(value, name)):
            yield {**integers, name: _changed(value, source.choice(numbers), source)}


def _changed(value: Any, number: int, source: random.Random) -> Any:
    if not isinstance(value, list):
        return number
    place = source.choice([place for place, inner in enumerate(value) if inner != []])
    return [*value[:place], _changed(value[place], number, source), *value[place + 1 :]]
