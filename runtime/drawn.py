"""Arguments that nobody gave -> numbers drawn by a seed, at which the function has a value.

>>> import mgc
>>> function = mgc.loads("def f(x, w): return x*w").f
>>> complete(function, {"x": 2.0}, lambda values: [], seed=0)
([2.0, 0.689], {'w': 0.689})
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from mgc.grammar.diagnostics import DataError, ModelError
from mgc.runtime.conversion import Nested, Sizes, convert, flat
from mgc.runtime.see.events import TooMany, value

if TYPE_CHECKING:
    from mgc.compiler.module import ArgumentInfo
    from mgc.runtime.model import Function
    from mgc.runtime.required import Requirements

FREE_SIZE = 3  # the least of an argument that is not given: small, and not 1
WHOLE = (FREE_SIZE, 2, 1)  # what whole numbers are below, tried in turn: they may be indices
SIZES = range(1, 10)  # what else is tried where something is required
LONGEST = 200
MORE = 300  # times
MAX_DRAWN = 10_000  # numbers of one argument: each is checked by differences of its own
RANGES = (
    (-1.0, 1.0),
    (0.1, 0.9),
    (1.1, 2.0),
)  # tried in turn: everything, positive, beyond 1 (as acosh needs)


def complete(
    function: Function,
    given: dict[str, object],
    parameters: Callable[[Mapping[str, object]], list[object]],
    seed: int,
    most: float = math.inf,
) -> tuple[list[object], dict[str, Nested]]:
    """The arguments in order, and those of them that were drawn. `parameters`: what stands before, given the others.

    most: so many statements and turns of loops of a run are waited for.

    Errors: ModelError or DataError, where the function has a value at none of the points that were tried.
    """
    failure: ModelError | DataError | None = None
    without: tuple[list[object], dict[str, Nested]] | None = None  # a point without a number, as outside a domain
    requirements = _requirements(function)
    for drawing in _drawings(function, given, requirements, seed):
        try:
            drawn = _drawn(function, given, drawing)
            values = given | drawn
            if requirements is not None:
                found = requirements.met(values, drawn, parameters(values), seed)
                if found is None and failure is not None:
                    continue
                values = values if found is None else found
                drawn = {name: cast("Nested", values[name]) for name in drawn}
            arguments = function.checked(*parameters(values), **values)
            if most == math.inf:
                result = function.model.run(function.info.emitted_name, arguments)
            else:
                result = value(function, arguments, most)
        except TooMany:
            raise
        except (ModelError, DataError) as error:
            failure = failure or error
            continue
        if not drawn or _is_finite(result):
            return arguments, drawn
        without = without or (arguments, drawn)
    if without is not None:
        return without
    assert failure is not None
    is_open = any(one.name not in given for one in function.info.arguments)
    if is_open and requirements is not None and ": requires " in str(failure):
        raise DataError(f"no point was found that is as {function.info.name} requires, give one: {failure}")
    raise failure


def _is_finite(result: object) -> bool:
    results = result if isinstance(result, tuple) else (result,)
    return all(math.isfinite(number) for one in results for number in flat(one))


def _requirements(function: Function) -> Requirements | None:
    if function.info.check_name is None:
        return None
    from mgc.runtime.required import Requirements  # slow to import, and seldom needed

    return Requirements.of(function)


def _drawings(
    function: Function, given: Mapping[str, object], requirements: Requirements | None, seed: int
) -> Iterator[_Drawing]:
    """How to draw, in turn; where something is required also other sizes and whole numbers, those that it names."""
    whole = any(one.dtype == "int" and one.name not in given for one in function.info.arguments)
    for sizes, (low, high), below in itertools.product(((), (FREE_SIZE,)), RANGES, WHOLE if whole else WHOLE[:1]):
        yield _Drawing(random.Random(seed), low, high, below, sizes=sizes)
    if requirements is None:
        return
    source = random.Random(seed)
    signed = {sign * int(number) for number in requirements.numbers() for sign in (1, -1)}
    near = sorted({number + step for number in signed for step in (-FREE_SIZE, -1, 0, 1)})
    sizes = (*SIZES, *[number for number in near if max(SIZES) < number < LONGEST])
    for turn in range(MORE):
        yield _Drawing(source, *RANGES[turn % len(RANGES)], FREE_SIZE, (0, 1, *near), sizes)


class _Drawing(Struct, frozen=True):
    """How numbers are drawn: between two; `below` as many whole ones, from one of `starts` on; sizes of `sizes`.

    Without these each size is another, since equal ones would hide that axes are swapped.
    """

    source: random.Random
    low: float
    high: float
    below: int
    starts: Sequence[int] = (0,)
    sizes: Sequence[int] = ()

    def one(self, dtype: str, start: int) -> float:
        if dtype == "int":
            return start + self.source.randrange(self.below)
        return round(self.source.uniform(self.low, self.high), 3)

    def among(self, numbers: Sequence[int]) -> int:
        return self.source.choice(numbers) if len(numbers) > 1 else numbers[0]


def _drawn(function: Function, given: dict[str, object], drawing: _Drawing) -> dict[str, Nested]:
    sizes = Sizes()
    for argument in function.info.arguments:
        if argument.name in given:
            convert(given[argument.name], argument.shape, argument.dtype, argument.name, sizes)
    missing = [a for a in function.info.arguments if a.name not in given and a.default is None]
    for size in (size for argument in missing for size in argument.shape):
        if size.isidentifier() and size not in sizes.bound:
            sizes.bind(size, drawing.among(drawing.sizes or [_another(function, sizes)]), "a free choice")
    for argument in missing:
        count = math.prod(sizes.value(size) or 1 for size in argument.shape)
        if count > MAX_DRAWN:
            raise DataError(f"give a value for {argument.name}: {count:,} numbers are too many to draw and check")
    return {argument.name: _random(argument, 0, sizes, drawing, drawing.among(drawing.starts)) for argument in missing}


def _another(function: Function, sizes: Sizes) -> int:
    """The least size that is none of these, and none that the function has as a number."""
    shapes = (*[argument.shape for argument in function.info.arguments], *function.info.parameter_shapes)
    numbers = {int(size) for shape in shapes for size in shape if size.isdecimal()}
    taken = numbers.union(size for size, _ in sizes.bound.values())
    return next(size for size in itertools.count(FREE_SIZE) if size not in taken)


def _random(argument: ArgumentInfo, axis: int, sizes: Sizes, drawing: _Drawing, start: int) -> Nested:
    if axis == len(argument.shape):
        return drawing.one(argument.dtype, start)
    size = sizes.value(argument.shape[axis])
    if size is None:
        raise DataError(f"give a value for {argument.name}: its size {argument.shape[axis]} is not known")
    return [_random(argument, axis + 1, sizes, drawing, start) for _ in range(size)]
