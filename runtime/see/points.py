"""The arguments that nobody gave, drawn at small sizes: for what depends on sizes more than on numbers.

>>> import mgc
>>> f = mgc.loads("def f(W[m, n], x[n], k: int): return sum(W[i, j]*x[j] for i, j)*k").f
>>> values, sizes = drawn(f, {"x": [1.0, 2.0]}, seed=0)
>>> len(values["W"]), len(values["W"][0]), values["x"], values["k"], sizes
(4, 2, [1.0, 2.0], 1, {'m': 4, 'n': 2})
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mgc.runtime.conversion import DType, Nested, Sizes, convert

if TYPE_CHECKING:
    from mgc.runtime.see.subject import Function


def drawn(function: Function, given: Mapping[str, object], seed: int) -> tuple[dict[str, object], dict[str, int]]:
    """A value for each argument without a default, and the sizes: what is given, else numbers between 0.3 and 2.3.

    Whole numbers are 0 or 1, inside most axes; sizes that nothing shows are 3 or 4. Errors: DataError.
    """
    source, sizes = random.Random(seed), Sizes()
    arguments = function.info.arguments
    for argument in arguments:
        if argument.name in given:
            convert(given[argument.name], argument.shape, argument.dtype, argument.name, sizes)
    shapes = [*[argument.shape for argument in arguments], *function.info.parameter_shapes]
    free = {name for shape in shapes for size in shape for name in re.findall(r"[^\W\d]\w*", size)}
    for place, name in enumerate(sorted(free)):
        sizes.bind(name, 4 - place % 2, "drawn")
    values = dict(given)
    for argument in arguments:
        if argument.name not in given and argument.default is None:
            extents = [sizes.value(size) or 0 for size in argument.shape]
            values[argument.name] = _numbers(source, extents, argument.dtype)
    return values, {name: size for name, (size, _) in sorted(sizes.bound.items())}


def _numbers(source: random.Random, extents: Sequence[int], dtype: DType) -> Nested:
    if extents:
        return [_numbers(source, extents[1:], dtype) for _ in range(extents[0])]
    return source.randrange(2) if dtype == "int" else source.uniform(0.3, 2.3)
