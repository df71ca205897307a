"""Fresh parameters for a function: (function, seed, arguments that are given) -> parameters."""

from __future__ import annotations

from collections.abc import Mapping

from mgc.runtime.arguments import Params
from mgc.runtime.callable import Function
from mgc.runtime.conversion import Sizes, convert


def initial(function: Function, seed: int, given: Mapping[str, object]) -> Params:
    """Fresh parameters for a function; sizes that the file leaves free are read off the `given` arguments."""
    info, sizes = function.info, Sizes()
    for argument in info.arguments:
        if argument.name in given:
            convert(given[argument.name], argument.shape, argument.dtype, argument.name, sizes)
    own = dict(zip(info.parameters, info.parameter_shapes, strict=True))
    declared = [(p.shape, own[p.name]) for p in function.model.parameters if p.name in own]
    pairs = {free: size for shape, own_shape in declared for free, size in zip(shape, own_shape, strict=True)}
    known = {name: sizes.value(pairs.get(name, name)) for name in function.model.free_sizes}
    return function.model.init(seed, **{name: size for name, size in known.items() if size is not None})
