"""`mgc train`: a loss and data -> trained parameters, with the emitted Python."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, cast

import click
from msgspec import Struct

from mgc.cli.columns import column_mapping
from mgc.cli.compile import write_module
from mgc.cli.how import training_options
from mgc.cli.options import Settings, compile_options, listed, runner_option
from mgc.cli.output import echo_table
from mgc.cli.progress import progress
from mgc.cli.termination import terminated_as_interrupted
from mgc.cli.train_outputs import Outputs, output_options
from mgc.grammar.diagnostics import DataError

if TYPE_CHECKING:
    from mgc.runtime.arguments import Params
    from mgc.runtime.callable import Function
    from mgc.runtime.load import Runner
    from mgc.runtime.model import Model
    from mgc.runtime.training.how import How
    from mgc.runtime.training.plot import Curve
    from mgc.runtime.training.training import Interrupted, Result, Step, Trainer

Rows = Mapping[str, object]


class Plan(Struct, frozen=True):
    """What the other options of training say, each called as here."""

    loss: str
    data: str | None
    columns: tuple[str, ...]
    more_columns: tuple[str, ...]
    validation: str | None
    metrics: tuple[str, ...]
    checkpoint: str | None
    outputs: Outputs
    runner: Runner
    how: How

    def check(self, model: Model, file: str) -> None:
        """Refuse what cannot be written, before the work. Errors: DataError, click.UsageError."""
        if self.how.split is not None and self.validation is not None:
            raise click.UsageError("--split and --validation both give validation data")
        if self.how.optimizer == "lbfgs" and self.outputs.snapshot is not None:
            raise click.UsageError("lbfgs keeps what it learned to itself: it has no checkpoints")
        if self.how.patience is not None and self.how.split is None and self.validation is None:
            raise click.UsageError("--patience needs --validation or --split: it watches the loss on those data")
        self.outputs.check(model, (file, self.data, self.validation), self.checkpoint)


@click.command("train", short_help="Train a model's parameters on data.")
@click.argument("file", metavar="FILE")
@click.argument("more_columns", metavar="[ARG=COLUMNS]...", nargs=-1)
@click.option("--loss", required=True, metavar="FN", help="The function to minimise.")
@click.option("--data", metavar="D", help="A .csv or .parquet with named columns, or an .npz.")
@click.option("--columns", multiple=True, metavar="ARG=COLUMNS", help="The columns of an argument, by their names.")
@click.option("--validation", metavar="V", help="Report loss and metrics on these data, too.")
@training_options
@click.option("--metric", "metrics", multiple=True, metavar="FN", help="Report this function at the end (repeatable).")
@click.option("--params", "checkpoint", metavar="P", help="Start from these parameters (.json, .safetensors).")
@output_options
@runner_option("auto")
@compile_options
@terminated_as_interrupted()
def command(settings: Settings, file: str, **choices: object) -> None:
    """Minimise function --loss of FILE over its parameters, on the rows of a data file.

    The loss's arguments are filled from the data by name: column `y` is vector y, columns X0, X1, … are
    matrix X. --columns names others. Interrupted by Ctrl-C or SIGTERM, it saves what --save asks for.

    \b
    Examples:
      mgc train moons.mg --loss loss --data moons.csv --lr 1.0:0.1 --metric accuracy
      mgc train digits.mg --loss loss --data digits.csv --optimizer adam --lr 0.003 --save digits.json
      mgc train iris.mg --loss loss --data iris.csv --columns X='sepal length,sepal width' y=species
    """
    from mgc.runtime.training import checkpoint as files
    from mgc.runtime.training.losses import scalar_function, trainable
    from mgc.runtime.training.plot import Curve
    from mgc.runtime.training.training import Trainer

    plan = cast("Callable[..., Plan]", Plan)(**choices)  # click has checked the types
    model = settings.load(file, plan.runner)
    functions = [trainable(model, plan.loss), *(scalar_function(model, name) for name in listed(plan.metrics))]
    plan.check(model, file)
    rows, held_out = _data(plan, functions)
    trainer = Trainer(model, plan.loss, rows, plan.how, listed(plan.metrics), held_out)
    start = files.load(plan.checkpoint, model.parameters) if plan.checkpoint is not None else None
    if plan.outputs.emit is not None:
        write_module(model.python(), plan.outputs.emit, file, plan.outputs.force)
    began, curve = time.perf_counter(), Curve()
    result = _trained(plan, trainer, start, curve)
    table = _measured(functions, result, trainer.validation)
    table.append(("run as", model.runs_as))
    table.append(("time", f"{time.perf_counter() - began:.2f} s, {result.steps} steps"))
    echo_table(("trained", ""), table + _written(model, plan, trainer.data, result, curve))


def _data(plan: Plan, functions: Sequence[Function]) -> tuple[Rows, Rows | None]:
    """The data by argument name, none where there is no file: a loss may need none; and those to validate with.

    Errors: DataError.
    """
    from mgc.runtime.training.data import load

    arguments = {argument.name: argument for function in functions for argument in function.info.arguments}
    mapping = column_mapping((*plan.columns, *plan.more_columns))
    rows, held_out = (
        None if path is None else load(path, list(arguments.values()), mapping) for path in (plan.data, plan.validation)
    )
    return rows or {}, held_out


def _trained(plan: Plan, trainer: Trainer, start: Params | None, curve: Curve) -> Result:
    """The parameters that training ends with. Errors: DataError, ModelError, and Exit where it is interrupted."""
    from mgc.runtime.training import log, snapshot
    from mgc.runtime.training.training import Interrupted

    kept, every = plan.outputs.snapshot, plan.outputs.every
    going_on = plan.outputs.resume and kept is not None and Path(kept).exists()
    at = snapshot.load(cast("str", kept), trainer) if going_on else trainer.start(start)
    try:
        with progress(plan.how.steps, at.steps) as show, log.opened(plan.outputs.log, at.steps) as write:

            def on_step(step: Step) -> None:
                write(step)
                if kept is not None and (step.number % every == 0 or step.number == step.steps):
                    snapshot.save(kept, step.position, trainer)
                curve.add(step)
                show(step)

            result = trainer.run(at, on_step)
    except Interrupted as interrupted:
        _leave(plan, trainer, interrupted)
    _check_fallen(result)
    if not result.moved:
        click.echo(f"note: no parameter moved: the derivatives of {plan.loss} are 0, or the rate is", err=True)
    return result


def _leave(plan: Plan, trainer: Trainer, interrupted: Interrupted) -> NoReturn:
    """Keep what is to be kept of training that was interrupted, say so, and exit. Errors: DataError, Exit."""
    from mgc.runtime.training import checkpoint as files
    from mgc.runtime.training import snapshot

    said, outputs = list[str](), plan.outputs
    if outputs.save is not None:
        files.save(outputs.save, interrupted.parameters, trainer.function.model.parameters)
        said.append(f"the parameters are in {outputs.save}")
    if outputs.snapshot is not None:
        snapshot.save(outputs.snapshot, interrupted.position, trainer)
        said.append(f"--resume goes on from {outputs.snapshot}")
    kept = "; ".join(said) or "nothing is saved: there is no --save"
    click.echo(f"interrupted after {interrupted.steps} of {plan.how.steps} steps; {kept}", err=True)
    raise click.exceptions.Exit(130) from None


def _written(model: Model, plan: Plan, rows: Rows, result: Result, curve: Curve) -> list[tuple[str, str]]:
    """What was written, and where: the parameters first, which are worth most."""
    from mgc.runtime.training import checkpoint as files
    from mgc.runtime.training.plot import draw, plane

    outputs, written = plan.outputs, list[tuple[str, str]]()
    if outputs.save is not None:
        files.save(outputs.save, result.parameters, model.parameters)
        written.append(("parameters", outputs.save))
    if outputs.emit is not None:
        written.append(("generated code", outputs.emit))
    if outputs.plot is not None:
        draw(outputs.plot, curve, plane(model, model[plan.loss], result.parameters, rows))
        written.append(("plot", outputs.plot))
    return written


def _check_fallen(result: Result) -> None:
    """A loss that is twice what it was is no success, and its parameters are not saved. Errors: DataError."""
    first = result.first
    if not result.loss - first <= abs(first) + 1e-6:
        raise DataError(f"the loss rose from {first:.6g} to {result.loss:.6g}: try a smaller learning rate")


def _measured(functions: Sequence[Function], result: Result, held_out: Rows | None) -> list[tuple[str, str]]:
    """The loss and the metrics at the end; those on the validation data beside them."""
    from mgc.runtime.training.losses import evaluate

    loss, *metrics = functions
    values = [(loss, result.loss), *((metric, result.metrics[metric.info.name]) for metric in metrics)]
    rows = [(function.info.name, f"{value:.6g}") for function, value in values]
    for function in functions if held_out is not None else ():
        value = evaluate(function, result.parameters, cast("Rows", held_out))
        rows.append((f"{function.info.name} (validation)", f"{value:.6g}"))
    return rows
