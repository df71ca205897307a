"""Gradient descent, (model, loss, data) -> parameters: the emitted code in a loop, and nothing else.

Each step calls `LOSS_value_and_grad` on fresh lists, so there is no gradient to zero and none to forget. Where the loss
is native code, steps on the same rows are taken several in a call, to the same bits.
A `Position` is all that training is at between two steps; from it, training goes on as if it had never stopped.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from itertools import islice
from typing import NamedTuple, Unpack, cast

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from mgc.grammar.diagnostics import DataError
from mgc.runtime.arguments import Params
from mgc.runtime.callable import Descent, Function, Model, Rule
from mgc.runtime.conversion import flat, listed
from mgc.runtime.initial import initial
from mgc.runtime.see.debug import debug
from mgc.runtime.training.batches import batches, epoch, split
from mgc.runtime.training.gradients import clipped, norm, with_decay
from mgc.runtime.training.how import LBFGS, Choices, How
from mgc.runtime.training.lbfgs import minimised
from mgc.runtime.training.losses import Data, bound, evaluate, gradient, scalar_function, trainable
from mgc.runtime.training.optimisers import BETA1, BETA2, EPSILON, MOMENTUM, OPTIMISERS, State, decayed

PAUSE = 0.02  # seconds of steps in one call, until they are told, and Ctrl-C is heard


class Position(Struct, frozen=True):
    """Where training is after so many `steps`. `first`: the loss before the first.

    `best`: the least loss on the validation data so far, with its parameters; `waited`: how often none was less since.
    """

    steps: int
    parameters: Params
    state: State
    first: float = math.nan
    best: float = math.inf
    best_parameters: Params = field(default_factory=dict)
    waited: int = 0

    def moved(self, steps: int, loss: float, parameters: Params, state: State) -> Position:
        """The position so many steps further; `loss`: that before them."""
        first = loss if self.steps == 0 else self.first
        return replace(self, steps=self.steps + steps, parameters=parameters, state=state, first=first)


class Step(NamedTuple):
    """What `on_step` sees: the loss on this step's rows, before the parameters moved, and where that leads to."""

    number: int
    steps: int
    loss: float
    rate: float
    reached: Callable[[], Position]
    validation: float | None = None

    @property
    def position(self) -> Position:
        """Where training is after it, in numbers and lists; found when it is asked for."""
        return _listed(self.reached())


class Result(Struct, frozen=True):
    """Trained parameters after so many `steps`; `losses` of those that were taken now, `first` before the very first.

    `loss` and `metrics` are on all the data. `moved`: some parameter is another number than at the start.
    """

    parameters: Params
    losses: tuple[float, ...]
    loss: float
    metrics: dict[str, float]
    steps: int
    first: float
    moved: bool = True


Taken = tuple[list[float], Position]  # the losses of steps, and where they lead to


class Stretch(NamedTuple):
    """Steps on the same rows that were taken together: each one's loss and rate, and where they lead to."""

    losses: list[float]
    rates: list[float]
    position: Position
    validation: float | None
    again: Callable[[Position, Sequence[float]], Taken]  # takes steps on these rows
    known: list[tuple[int, Position]]  # where these began, and where so many of them lead to, as was asked last

    def steps(self, total: int) -> Iterator[Step]:
        """Each of them. Where it leads to is found by taking those since the last that was asked for again.

        The bits are the same.
        """
        last = len(self.losses) - 1
        first = self.position.steps - last
        for place, (loss, rate) in enumerate(zip(self.losses[:last], self.rates, strict=False)):
            yield Step(first + place, total, loss, rate, partial(self._behind, place + 1))
        reached = partial(replace, self.position)
        yield Step(first + last, total, self.losses[last], self.rates[last], reached, self.validation)

    def _behind(self, count: int) -> Position:
        taken, at = self.known[-1] if self.known[-1][0] <= count else self.known[0]
        if taken < count:
            _, at = self.again(at, self.rates[taken:count])
            self.known[1:] = [(count, at)]
        return at


class Interrupted(KeyboardInterrupt):
    """Training that was interrupted: its `position`, with the `parameters` after so many `steps`."""

    def __init__(self, position: Position) -> None:
        super().__init__(position)
        self.position, self.parameters, self.steps = position, position.parameters, position.steps


def train(
    model: Model,
    loss: str,
    data: Data,
    metrics: Sequence[str] = (),
    parameters: Params | None = None,
    validation: Data | None = None,
    on_step: Callable[[Step], None] | None = None,
    **how: Unpack[Choices],
) -> Result:
    """Minimise `loss` over the model's parameters; its other arguments are filled from `data` by name.

    steps: at most so many. optimizer: sgd, momentum, nesterov, adam, adamw or lbfgs (SciPy's, on all rows).
    lr: a number, or "1.0:0.1", which falls by the schedule, linear or cosine; warmup: steps in which it rises first.
    batch: rows per step, drawn without replacement and reshuffled each epoch by `seed`; None: all rows.
    clip: the largest norm of a gradient. decay: of weights, in the gradient; with adamw beside it.
    split: the part of the rows that `seed` holds out as validation data.
    patience: stop after so many epochs without a lower loss on the validation data; its best parameters are the result.
    parameters: where to start; `model.init(seed)` by default.
    Errors: DataError for data that do not fit or a loss or derivative that is not finite, ModelError for arithmetic,
    Interrupted (a KeyboardInterrupt that has the position).
    """
    trainer = Trainer(model, loss, data, How(**how), metrics, validation)
    return trainer.run(trainer.start(parameters), on_step)


class _Fitting(NamedTuple):
    """What was checked to fit these parameters: the loss's other arguments, as the model takes them fastest."""

    parameters: Params
    columns: list[object]
    descent: Descent | None


class Trainer:
    """A loss, data, and how to train: makes positions from positions."""

    def __init__(
        self,
        model: Model,
        loss: str,
        data: Data,
        how: How,
        metrics: Sequence[str] = (),
        validation: Data | None = None,
    ) -> None:
        """Errors: DataError for a choice that is none."""
        self.function = trainable(model, loss)
        self.measures = [scalar_function(model, name) for name in metrics]
        self.data, self.how, self.validation = data, how, validation
        how.check()
        if how.split is not None:
            if validation is not None:
                raise DataError("split and validation both give validation data")
            self.data, self.validation = split(self.function, data, how.split, how.seed)
        if how.patience is not None and self.validation is None:
            raise DataError("patience needs validation data, whose loss it watches")
        self._rate = how.rates()
        self._fits: _Fitting | None = None
        self.rule = OPTIMISERS.get(how.optimizer, OPTIMISERS["sgd"])

    @cached_property
    def identity(self) -> dict[str, str]:
        """What must be the same for training to go on from a checkpoint: the model, the data, and how it is trained."""
        how = {**asdict(self.how), "loss": self.function.info.name}
        data = json.dumps([self.data, self.validation], sort_keys=True, default=lambda array: array.tolist())
        return {
            "model": _hash(self.function.model.python().text),
            "how": json.dumps(how, sort_keys=True),  # before the data, which a split and its seed divide
            "data": _hash(data),
        }

    def start(self, parameters: Params | None = None) -> Position:
        """Before the first step. Errors: DataError for parameters and data that do not fit."""
        given = initial(self.function, self.how.seed, self.data) if parameters is None else parameters
        checked, *columns = cast("list[Params]", bound(self.function, given, self.data))
        self._fits = self._fitting(checked, columns)
        for measure in self.measures:
            bound(measure, checked, self.data)  # what does not fit is told before the work
        return Position(0, checked, self.rule.start(checked))

    def run(self, at: Position, on_step: Callable[[Step], None] | None = None) -> Result:
        """All steps from a position on. Errors: as `train`."""
        start, losses = at, list[float]()
        reached: Callable[[], Position] = partial(replace, at)

        def taken(step: Step) -> None:
            nonlocal reached
            reached = step.reached
            losses.append(step.loss)
            if on_step is not None:
                on_step(step)

        try:
            if self.how.optimizer == LBFGS:
                self._by_scipy(at, taken)
            elif on_step is not None:
                for step in self.steps(at):
                    taken(step)
            else:
                for stretch in self._stretches(at):
                    reached = partial(replace, stretch.position)
                    losses += stretch.losses
        except KeyboardInterrupt:
            raise Interrupted(_listed(reached())) from None
        at = _listed(reached())
        trained = at.best_parameters or at.parameters
        measured = {measure.info.name: evaluate(measure, trained, self.data) for measure in self.measures}
        value = evaluate(self.function, trained, self.data)
        moved = trained != start.parameters or start.steps > 0
        return Result(trained, tuple(losses), value, measured, at.steps, at.first, moved)

    def _by_scipy(self, at: Position, taken: Callable[[Step], None]) -> None:
        if at.steps:
            raise DataError(
                "lbfgs keeps what it learned to itself: it starts from parameters, and goes on from no step"
            )
        _, *columns = bound(self.function, at.parameters, self.data)
        first, _ = gradient(self.function, at.parameters, columns)

        def on_step(number: int, value: float, parameters: Params) -> None:
            position, validation = self._validated(Position(number, parameters, State(number, {}, {}), first))
            taken(Step(number, self.how.steps, value, 1.0, lambda: position, validation))

        minimised(self.function, at.parameters, columns, self.how, on_step)

    def steps(self, at: Position) -> Iterator[Step]:
        """One step after the other, until all are taken or patience ends."""
        for stretch in self._stretches(at):
            yield from stretch.steps(self.how.steps)

    def _stretches(self, at: Position) -> Iterator[Stretch]:
        """Steps that were taken together, until all are taken or patience ends."""
        if self._fits is None or self._fits.parameters is not at.parameters:
            self._fits = self._fitting(at.parameters, bound(self.function, at.parameters, self.data)[1:])
        _, columns, descent = self._fits
        at = _packed(self.function.model, at)
        rows_of = islice(batches(self.function, columns, self.how.batch, self.how.seed), at.steps, None)
        in_epoch = epoch(self.function, columns, self.how.batch)
        most = 1
        while at.steps < self.how.steps:
            if self.how.patience is not None and at.waited >= self.how.patience:
                return
            clock, rows = time.perf_counter(), next(rows_of)
            taken, began = partial(self._taken, descent, rows), at
            rates = self._rates(at.steps, most if self.validation is None else min(most, in_epoch))
            losses, at = taken(at, rates)
            if self.how.batch is None and descent is not None:
                most = max(1, int(len(losses) * PAUSE / (time.perf_counter() - clock)))
            at, validation = self._validated(at) if at.steps % in_epoch == 0 else (at, None)
            yield Stretch(losses, rates, at, validation, taken, [(0, began)])

    def _fitting(self, parameters: Params, columns: Sequence[object]) -> _Fitting:
        """What fits the parameters; `columns`: the other arguments, checked."""
        model = self.function.model
        packed = cast("Params", model.packed([parameters])[0])
        descent = None if self.how.clip is not None else model.descent(self.function.info, packed)
        return _Fitting(parameters, [*model.packed(columns)], descent)

    def _rates(self, first: int, count: int) -> list[float]:
        """The rates of so many steps, as far as there are any."""
        return [self._rate(number, self.how.steps) for number in range(first, min(first + count, self.how.steps))]

    def _taken(self, descent: Descent | None, rows: Sequence[object], at: Position, rates: Sequence[float]) -> Taken:
        """Steps by these rates on the same rows, or the first of them: their losses, and the position behind them."""
        if descent is not None:
            groups = [at.parameters, *[means for means in (at.state.first, at.state.second) if means]]
            losses, (parameters, *moved) = descent(self._rule(), groups, rows, rates, at.state.steps)
            if losses:
                state = State(at.state.steps + len(losses), *[*moved, {}, {}][:2])
                return losses, at.moved(len(losses), losses[0], parameters, state)
        value, position = self._moved(at, rows)
        return [value], position

    def _rule(self) -> Rule:
        return [*OPTIMISERS].index(self.how.optimizer), MOMENTUM, BETA1, BETA2, EPSILON, self.how.decay

    def _moved(self, at: Position, rows: Sequence[object]) -> tuple[float, Position]:
        """The loss on the rows, and the position after a step against its gradient."""
        how = self.how
        value, slopes = gradient(self.function, at.parameters, rows)
        if not math.isfinite(value) or not math.isfinite(norm(slopes)):
            lists = [listed(row) for row in rows]
            self.function.model.tell(str(self.function.info.gradient_name), [listed(at.parameters), *lists])
            raise DataError(_not_finite(self.function, _listed(at), lists, value, cast("Params", listed(slopes))))
        rate = self._rate(at.steps, how.steps)
        beside = how.optimizer == "adamw"
        if how.decay and not beside:
            slopes = with_decay(slopes, at.parameters, how.decay)
        if how.clip is not None:
            slopes = clipped(slopes, how.clip)
        before = decayed(at.parameters, rate, how.decay) if beside else at.parameters
        parameters, state = self.rule.step(before, slopes, at.state, rate)
        return value, at.moved(1, value, parameters, state)

    def _validated(self, at: Position) -> tuple[Position, float | None]:
        """The position with what the validation data say of it."""
        if self.validation is None:
            return at, None
        value = evaluate(self.function, at.parameters, self.validation)
        if self.how.patience is None or not value < at.best:
            return replace(at, waited=at.waited + 1), value
        return replace(at, best=value, best_parameters=at.parameters, waited=0), value


def _packed(model: Model, at: Position) -> Position:
    """The position as the model computes with it: native code has its parameters in arrays."""
    parameters, first, second = cast("list[Params]", model.packed([at.parameters, at.state.first, at.state.second]))
    return replace(at, parameters=parameters, state=replace(at.state, first=first, second=second))


def _listed(at: Position) -> Position:
    """The position as all others see it: numbers and lists."""
    parts = (at.parameters, at.state.first, at.state.second, at.best_parameters)
    parameters, first, second, best = (cast("Params", listed(part)) for part in parts)
    return replace(at, parameters=parameters, state=replace(at.state, first=first, second=second), best_parameters=best)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _not_finite(function: Function, at: Position, rows: Sequence[object], value: float, slopes: Params) -> str:
    """The step, the parameter and the statement of the first number that is not finite."""
    what = f"the loss is {value}"
    broken = [name for name, slope in slopes.items() if not all(map(math.isfinite, flat(slope)))]
    if math.isfinite(value):
        what = f"the derivative by {broken[0]} is not finite" if broken else "the gradient is too large for a double"
    elif broken:
        what += f" and the derivative by {broken[0]} is not finite"
    said = f"{what} at step {at.steps + 1}: try a smaller learning rate"
    problem = debug(function, [at.parameters, *rows]).problem
    return said if problem is None else f"{said}; it began here:\n{problem}"
