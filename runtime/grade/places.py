"""Numbers for the arguments and parameters of a forward pass, drawn: a random source -> values by name.

Floats are drawn over wider and wider spans, and about the numbers that conditions compare with; integers below several
bounds, so that they repeat, skip and differ from place to place.
"""

from __future__ import annotations

import ast
import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from math import inf
from typing import Any

from msgspec import Struct, field

from mgc.compiler.verify.text.reading import size
from mgc.runtime.conversion import flat
from mgc.runtime.grade.arms import Arm, Watch
from mgc.runtime.grade.exercise import Forward, Name

Span = tuple[float, float]
SPANS: tuple[Span, ...] = ((-1.0, 1.0), (0.1, 0.9), (1.1, 2.0))  # in turn: everything, positive, beyond 1 (as of acosh)
WIDER: tuple[Span, ...] = (*SPANS, (-0.5, 0.5), (-3.0, 3.0), (0.1, 3.0), (-10.0, 10.0))
BOUNDS = (4, 2, 3, 1)  # of integers, besides the sizes
LARGEST = 100  # an integer that is drawn because something is compared with it
SMALL = 4  # integers below it are all tried where they are accepted


class Place(Struct, frozen=True):
    """`values` by name. `met`: what is tried here: arms, and as text their turns and what its integers are like."""

    values: Mapping[str, Any]
    met: frozenset[Arm | str]

    @property
    def largest(self) -> float:
        """The size of its largest number: of large ones a right derivative, as 1 - out*out, keeps few digits."""
        return max((abs(number) for value in self.values.values() for number in flat(value)), default=0.0)


class Places(Struct):
    """Where a forward pass can be tried. `given` are values that stay, `defaults` those that stay at most places;
    `variety`: how many different integers are drawn."""

    forward: Forward
    sizes: Mapping[str, int]
    watch: Watch
    given: Mapping[str, Any]
    defaults: Mapping[str, Any]
    source: random.Random
    variety: int
    _integers: list[dict[str, Any]] = field(default_factory=list)

    def near(self, span: Span, count: int) -> Iterator[Place]:
        """That many tries in one span, those that have a value."""
        found = self._with_values(20 * count, lambda turn: self._drawn(lambda: span, False))
        return itertools.islice(found, count)

    def wide(self, count: int) -> Iterator[Place]:
        """That many tries, from narrow spans to wide ones, in one span or in one for each name."""
        numbers = _constants(self.watch.tests)
        spans = [*WIDER, *[(number - 1, number + 1) for number in sorted(numbers) if 1 < abs(number) < inf]]

        def drawn(turn: int) -> dict[str, Any]:
            several = spans[: 2 + turn // 4]
            mixed: Callable[[], Span] = lambda: self.source.choice(several)  # noqa: E731
            one = mixed()
            return self._drawn(mixed if turn % 2 else lambda: one, turn % 3 == 0)

        return self._with_values(count, drawn)

    def _with_values(self, count: int, drawn: Callable[[int], dict[str, Any]]) -> Iterator[Place]:
        for turn in range(count):
            values = drawn(turn)
            taken = self.watch.taken(values)
            if taken is not None:
                self._keep({name: value for name, value in values.items() if self.forward.names[name].whole})
                yield Place(values, taken | frozenset(self._traits(values)))

    def _keep(self, integers: dict[str, Any]) -> None:
        if integers not in self._integers and len(self._integers) < self.variety:
            self._integers.append(integers)

    def _drawn(self, span: Callable[[], Span], moved: bool) -> dict[str, Any]:
        found: dict[str, Any] = {}
        known_integers = self.source.choice(self._integers) if len(self._integers) == self.variety else {}
        for name, known in self.forward.names.items():
            if known.role == "intermediate":
                continue
            if name in self.given:
                found[name] = self.given[name]
            elif name in known_integers:
                found[name] = known_integers[name]
            elif name in self.defaults and not moved:
                found[name] = self.defaults[name]
            elif known.whole:
                found[name] = _filled(self.shape(known), partial(self.source.randrange, self._bound()))
            elif name in self.defaults:
                start = self.defaults[name]
                found[name] = round(start + self.source.uniform(-0.5, 0.5) * (abs(start) or 0.2), 9)
            else:
                found[name] = self._floats(known, *span())
        return found

    def _floats(self, known: Name, low: float, high: float) -> Any:
        """Of a matrix of parameters smaller numbers, as at the start of a training."""
        shape = self.shape(known)
        fan = shape[-1] ** 0.5 if known.role == "parameter" and len(shape) > 1 and shape[-1] else 1.0
        return _filled(shape, lambda: round(self.source.uniform(low, high) / fan, 4))

    def _bound(self) -> int:
        """What an integer is drawn below: a small number, a size, or what it is compared with."""
        compared = {
            int(number) + 1
            for number in _constants(self.watch.tests)
            if 0 <= number < LARGEST and number == int(number)
        }
        bounds = sorted({*BOUNDS, *self.sizes.values(), *self.watch.extents.values(), *compared} - {0})
        return self.source.choice(bounds)

    def shape(self, known: Name) -> tuple[int, ...]:
        return tuple(max(0, size(str(text), self.sizes)) for text in known.shape)

    def _traits(self, values: Mapping[str, Any]) -> Iterator[str]:
        for name, known in self.forward.names.items():
            if name in self.defaults and values[name] != self.defaults[name]:
                yield f"{name} is not its default"
            if known.whole and known.role == "argument":
                yield from integer_traits(name, values[name])


def integer_traits(name: str, value: Any) -> Iterator[str]:
    """What can make a wrong derivative right by accident, and is not so here.

    >>> list(integer_traits("token", [1, 1, 2])), list(integer_traits("token", [1, 0, 2]))
    (['token repeats'], [])
    >>> list(integer_traits("token", [1, 2, 0])), list(integer_traits("k", 3))
    (['token is not its own inverse'], ['k is 3'])
    """
    if not isinstance(value, list):
        if value < SMALL:
            yield f"{name} is {value}"
        return
    rows = [row for row in value if isinstance(row, list)]
    for row in rows:
        yield from integer_traits(name, row)
    if rows:
        return
    if len(set(value)) < len(value):
        yield f"{name} repeats"
    elif any(k < len(value) and value[k] != place for place, k in enumerate(value)):
        yield f"{name} is not its own inverse"


def _filled(shape: Sequence[int], draw: Callable[[], Any]) -> Any:
    return [_filled(shape[1:], draw) for _ in range(shape[0])] if shape else draw()


def _constants(tests: Sequence[ast.expr]) -> set[float]:
    """The numbers that conditions compare with."""
    nodes = [node for test in tests for node in ast.walk(test)]
    return {
        float(node.value) for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    }
