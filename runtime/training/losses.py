"""Losses and metrics of a model: found by name, bound to data, evaluated, differentiated.

trainable(model, "loss")           ->  the function, if parameters can be trained by it
evaluate(function, params, data)   ->  0.25
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import cast

from mgc.grammar.diagnostics import DataError
from mgc.runtime.arguments import Params, name_and_shape
from mgc.runtime.callable import Function, Model

Data = Mapping[str, object]


def trainable(model: Model, name: str) -> Function:
    """The loss by name: one scalar result, differentiated with respect to parameters. Errors: DataError."""
    function = scalar_function(model, name)
    if not function.info.parameters or function.info.wrt != ("params",) or function.info.gradient_name is None:
        raise DataError(f"'{name}' cannot be trained: it has no derivative with respect to parameters (`param`)")
    return function


def scalar_function(model: Model, name: str) -> Function:
    """A loss or metric by name. Errors: DataError."""
    function = model[name]
    if function.info.results != ((),):
        raise DataError(f"'{name}' must have one scalar result to be a loss or a metric: {function.signature}")
    return function


def evaluate(function: Function, parameters: Params, data: Data) -> float:
    """A loss or metric on all the data. Errors: DataError where a column is missing or does not fit."""
    params, columns = _given(function, parameters, data)
    value = cast("float", function(*params, **columns))
    if not math.isfinite(value):
        function.model.tell(function.info.emitted_name, function.checked(*params, **columns))
    return value


def bound(function: Function, parameters: Params, data: Data) -> list[object]:
    """The arguments of a loss or metric, its parameters and its columns, checked. Errors: DataError."""
    params, columns = _given(function, parameters, data)
    return function.checked(*params, **columns)


def _given(function: Function, parameters: Params, data: Data) -> tuple[list[Params], dict[str, object]]:
    """The parameters, where the function has any, and the data that it takes. Errors: DataError."""
    arguments = function.info.arguments
    missing = [a for a in arguments if a.name not in data and a.default is None]
    if missing and not data and not any(argument.shape for argument in arguments):
        names = ", ".join(argument.name for argument in missing)
        said = f"one number {names}" if len(missing) == 1 else f"the numbers {names}"
        raise DataError(f"{function.info.name} takes {said}, not a column: a loss of data takes arrays, such as x[n]")
    if missing:
        wanted = ", ".join(name_and_shape(a.name, a.shape) for a in missing)
        raise DataError(f"the data lack {wanted} for {function.signature}; they have: {', '.join(data) or 'nothing'}")
    columns = {argument.name: data[argument.name] for argument in arguments if argument.name in data}
    return [parameters] if function.info.parameters else [], columns


def gradient(function: Function, parameters: Params, rows: Sequence[object]) -> tuple[float, Params]:
    """The loss on these rows and its derivatives by the parameters."""
    assert function.info.gradient_name is not None
    return cast("tuple[float, Params]", function.model.run(function.info.gradient_name, [parameters, *rows]))
