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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from mgc.grammar.diagnostics import DataError, ModelError
from mgc.runtime.conversion import Nested, Sizes, convert
from mgc.runtime.see.events import TooMany, value

if TYPE_CHECKING:
    from mgc.compiler.module import ArgumentInfo
    from mgc.runtime.model import Function

FREE_SIZE = 3  # of an argument that is not given: small, and not 1
WHOLE = (FREE_SIZE, 2, 1)  # what whole numbers are below, tried in turn: they may be indices
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
    whole = any(one.dtype == "int" and one.name not in given for one in function.info.arguments)
    for (low, high), below in itertools.product(RANGES, WHOLE if whole else WHOLE[:1]):
        drawn = _drawn(function, given, _Drawing(random.Random(seed), low, high, below))
        values = given | drawn
        if function.info.check_name is not None:
            values = _as_required(function, values, drawn, parameters, seed)
            drawn = {name: cast("Nested", values[name]) for name in drawn}
        try:
            arguments = function.checked(*parameters(values), **values)
            if most == math.inf:
                function.model.run(function.info.emitted_name, arguments)
            else:
                value(function, arguments, most)
        except TooMany:
            raise
        except (ModelError, DataError) as error:
            failure = failure or error
            continue
        return arguments, drawn
    assert failure is not None
    raise failure


def _as_required(
    function: Function,
    values: dict[str, object],
    drawn: Mapping[str, object],
    parameters: Callable[[Mapping[str, object]], list[object]],
    seed: int,
) -> dict[str, object]:
    """The values, of which those that were drawn are moved until they are as the function requires."""
    from mgc.runtime.required import as_required  # slow to import, and seldom needed

    known = cast("list[dict[str, Nested]]", parameters(values))
    return as_required(function, values, drawn, known[0] if known else {}, seed)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """How numbers are drawn: between two, whole ones from 0 to less than `below`."""

    source: random.Random
    low: float
    high: float
    below: int

    def one(self, dtype: str) -> float:
        return (
            self.source.randrange(self.below) if dtype == "int" else round(self.source.uniform(self.low, self.high), 3)
        )


def _drawn(function: Function, given: dict[str, object], drawing: _Drawing) -> dict[str, Nested]:
    sizes = Sizes()
    for argument in function.info.arguments:
        if argument.name in given:
            convert(given[argument.name], argument.shape, argument.dtype, argument.name, sizes)
    missing = [a for a in function.info.arguments if a.name not in given and a.default is None]
    for size in (size for argument in missing for size in argument.shape):
        if size.isidentifier():
            sizes.bind(size, FREE_SIZE, "a free choice")
    for argument in missing:
        count = math.prod(sizes.value(size) or 1 for size in argument.shape)
        if count > MAX_DRAWN:
            raise DataError(f"give a value for {argument.name}: {count:,} numbers are too many to draw and check")
    return {argument.name: _random(argument, 0, sizes, drawing) for argument in missing}


def _random(argument: ArgumentInfo, axis: int, sizes: Sizes, drawing: _Drawing) -> Nested:
    if axis == len(argument.shape):
        return drawing.one(argument.dtype)
    size = sizes.value(argument.shape[axis])
    if size is None:
        raise DataError(f"give a value for {argument.name}: its size {argument.shape[axis]} is not known")
    return [_random(argument, axis + 1, sizes, drawing) for _ in range(size)]
