"""Gradient descent, (model, loss, data) -> parameters: the emitted code in a loop, and nothing else.

Each step calls `LOSS_value_and_grad` on fresh lists, so there is no gradient to zero and none to forget.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from mgc.grammar.diagnostics import DataError, did_you_mean
from mgc.runtime.arguments import Params, name_and_shape
from mgc.runtime.conversion import Nested
from mgc.runtime.model import Function, Model, initial
from mgc.runtime.training.optimisers import OPTIMISERS, Optimiser, learning_rates

if TYPE_CHECKING:
    import numpy as np

Data = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Step:
    """What `on_step` sees: the loss on this step's rows, before the parameters moved."""

    number: int
    steps: int
    loss: float
    rate: float


@dataclass(frozen=True, slots=True)
class Result:
    """Trained parameters; `losses` one per step, `loss` and `metrics` at the end on all the data.

    `moved`: some parameter is another number than at the start.
    """

    parameters: Params
    losses: tuple[float, ...]
    loss: float
    metrics: dict[str, float]
    moved: bool = True


class Interrupted(KeyboardInterrupt):
    """Training that was interrupted, with the `parameters` after so many `steps`."""

    def __init__(self, parameters: Params, steps: int) -> None:
        super().__init__(parameters, steps)
        self.parameters, self.steps = parameters, steps


def train(
    model: Model,
    loss: str,
    data: Data,
    steps: int = 100,
    lr: float | str = 0.1,
    optimizer: str = "sgd",
    batch: int | None = None,
    seed: int = 0,
    metrics: Sequence[str] = (),
    parameters: Params | None = None,
    on_step: Callable[[Step], None] | None = None,
) -> Result:
    """Minimise `loss` over the model's parameters; its other arguments are filled from `data` by name.

    lr: a number, or "1.0:0.1" for a linear decay over the steps. optimizer: sgd, momentum or adam.
    batch: rows per step, drawn without replacement and reshuffled each epoch by `seed`; None: all rows.
    parameters: where to start; `model.init(seed)` by default.
    Errors: DataError for data that do not fit or a loss that is not finite, ModelError for its arithmetic,
    Interrupted (a KeyboardInterrupt that has the parameters so far).
    """
    function = trainable(model, loss)
    measures = [scalar_function(model, name) for name in metrics]
    rule = _rule(optimizer)
    if steps < 1:
        raise DataError(f"steps: expected at least 1, found {steps}")
    rate_of = learning_rates(str(lr))
    start = initial(function, seed, data) if parameters is None else parameters
    start, *columns = cast("list[Params]", _bound(function, start, data))
    for measure in measures:
        _bound(measure, start, data)  # what does not fit is told before the work
    current, *columns = cast("list[Params]", model.packed([start, *columns]))
    batches = _batches(function, columns, batch, seed)
    taken = ((Step(number + 1, steps, math.nan, rate_of(number, steps)), next(batches)) for number in range(steps))
    trained, losses = _descended(function, current, rule, taken, on_step or (lambda _: None))
    measured = {measure.info.name: evaluate(measure, trained, data) for measure in measures}
    return Result(trained, losses, evaluate(function, trained, data), measured, trained != start)


def _rule(optimizer: str) -> Optimiser:
    if optimizer not in OPTIMISERS:
        hint = did_you_mean(optimizer, OPTIMISERS) or f"there are {', '.join(OPTIMISERS)}"
        raise DataError(f"unknown optimizer '{optimizer}'; {hint}")
    return OPTIMISERS[optimizer]


def _descended(
    function: Function,
    current: Params,
    rule: Optimiser,
    steps: Iterable[tuple[Step, list[object]]],
    on_step: Callable[[Step], None],
) -> tuple[Params, tuple[float, ...]]:
    """The parameters after the steps, each on rows of its own, and the loss before each. Errors: Interrupted."""
    state = rule.start(current)
    losses: list[float] = []
    try:
        for step, rows in steps:
            value, gradients = cast("tuple[float, Params]", _gradient(function, current, rows))
            if not math.isfinite(value):
                function.model.tell(str(function.info.gradient_name), [current, *rows])
                raise DataError(f"the loss is {value} at step {step.number}: try a smaller learning rate")
            current, state = rule.step(current, gradients, state, step.rate)
            losses.append(value)
            on_step(replace(step, loss=value))
    except KeyboardInterrupt:
        raise Interrupted(_listed(current), len(losses)) from None
    return _listed(current), tuple(losses)


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


def _bound(function: Function, parameters: Params, data: Data) -> list[object]:
    params, columns = _given(function, parameters, data)
    return function.checked(*params, **columns)


def _given(function: Function, parameters: Params, data: Data) -> tuple[list[Params], dict[str, object]]:
    """The parameters, where the function has any, and the data that it takes. Errors: DataError."""
    arguments = function.info.arguments
    missing = [a for a in arguments if a.name not in data and a.default is None]
    if missing:
        wanted = ", ".join(name_and_shape(a.name, a.shape) for a in missing)
        raise DataError(f"the data lack {wanted} for {function.signature}; they have: {', '.join(data) or 'nothing'}")
    columns = {argument.name: data[argument.name] for argument in arguments if argument.name in data}
    return [parameters] if function.info.parameters else [], columns


def _listed(parameters: Params) -> Params:
    """Parameters as numbers and lists, where they were arrays."""
    return {name: value.tolist() if hasattr(value, "tolist") else value for name, value in parameters.items()}


def _gradient(function: Function, parameters: Params, rows: Sequence[object]) -> object:
    assert function.info.gradient_name is not None
    return function.model.run(function.info.gradient_name, [parameters, *rows])


def _batches(function: Function, columns: Sequence[object], batch: int | None, seed: int) -> Iterator[list[object]]:
    """The loss's arguments for step after step, endlessly."""
    if batch is None:
        while True:
            yield list(columns)
    batched, rows = _batch_axis(function, columns)
    if not 1 <= batch <= rows:
        raise DataError(f"batch: expected 1 to {rows}, the number of rows, found {batch}")
    generator = random.Random(seed)
    while True:
        order = list(range(rows))
        generator.shuffle(order)
        for start in range(0, rows, batch):
            chosen = order[start : start + batch]
            yield [
                _rows(column, chosen) if is_batched else column
                for column, is_batched in zip(columns, batched, strict=True)
            ]


def _rows(column: object, chosen: list[int]) -> object:
    if isinstance(column, list):
        return [column[row] for row in chosen]
    return cast("np.ndarray", column)[chosen]


def _batch_axis(function: Function, columns: Sequence[object]) -> tuple[list[bool], int]:
    """Which arguments have a row per sample (their first size is the first free name), and how many rows."""
    leading = [argument.shape[0] if argument.shape else "" for argument in function.info.arguments]
    name = next((size for size in leading if size.isidentifier()), None)
    if name is None:
        raise DataError(f"batch: no argument of {function.signature} has a free number of rows")
    batched = [size == name for size in leading]
    return batched, len(cast("list[Nested]", columns[batched.index(True)]))
