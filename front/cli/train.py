"""`mgc train`: a loss and data -> trained parameters, with the emitted Python."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from mgc.cli.options import Settings, compile_options, listed, runner_option
from mgc.cli.output import echo_table, is_terminal
from mgc.grammar.diagnostics import DataError, printable

if TYPE_CHECKING:
    from mgc.runtime.arguments import Params
    from mgc.runtime.load import Runner
    from mgc.runtime.model import Function, Model
    from mgc.runtime.training.training import Result, Step

LINES = 10  # of progress in a pipe


@dataclass(frozen=True, slots=True)
class Plan:
    """What the options of training say, each called as here."""

    loss: str
    data: str | None
    columns: tuple[str, ...]
    more_columns: tuple[str, ...]
    validation: str | None
    steps: int
    lr: str
    optimizer: str
    batch: int | None
    seed: int
    metrics: tuple[str, ...]
    checkpoint: str | None
    save: str | None
    emit: str | None
    force: bool
    runner: Runner


@click.command("train", short_help="Train a model's parameters on data.")
@click.argument("file", metavar="FILE")
@click.argument("more_columns", metavar="[ARG=COLUMNS]...", nargs=-1)
@click.option("--loss", required=True, metavar="FN", help="The function to minimise.")
@click.option("--data", metavar="D", help="A .csv with named columns, or an .npz.")
@click.option("--columns", multiple=True, metavar="ARG=COLUMNS", help="The columns of an argument, by their names.")
@click.option("--validation", metavar="V", help="Report loss and metrics on these data, too.")
@click.option("--steps", type=click.IntRange(1), default=100, show_default=True, metavar="N")
@click.option("--lr", default="0.1", show_default=True, metavar="RATE", help="Learning rate; FROM:TO decays linearly.")
@click.option("--optimizer", type=click.Choice(["sgd", "momentum", "adam"]), default="sgd", show_default=True)
@click.option("--batch", type=click.IntRange(1), metavar="B", help="Rows per step; all of them by default.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the parameters and of the batches.")
@click.option("--metric", "metrics", multiple=True, metavar="FN", help="Report this function at the end (repeatable).")
@click.option("--params", "checkpoint", metavar="P", help="Start from these parameters (.json, .safetensors).")
@click.option("--save", metavar="P", help="Write the trained parameters (.json, .safetensors).")
@click.option("--emit", metavar="PATH", help="Write the emitted Python of the model.")
@click.option("--force", is_flag=True, help="Overwrite files that do not belong to this model.")
@runner_option("auto")
@compile_options
def command(settings: Settings, file: str, **choices: object) -> None:
    """Minimise function --loss of FILE over its parameters, on the rows of a data file.

    The loss's arguments are filled from the data by name: column `y` is vector y, columns X0, X1, … are
    matrix X. --columns names others. Interrupted by Ctrl-C, it saves what --save asks for.

    \b
    Examples:
      mgc train moons.mg --loss loss --data moons.csv --lr 1.0:0.1 --metric accuracy
      mgc train digits.mg --loss loss --data digits.csv --optimizer adam --lr 0.003 --save digits.json
      mgc train iris.mg --loss loss --data iris.csv --columns X='sepal length,sepal width' y=species
    """
    from mgc.cli.compile import write_module
    from mgc.runtime.training import checkpoint as files
    from mgc.runtime.training.training import scalar_function, trainable

    plan = cast("Callable[..., Plan]", Plan)(**choices)  # click has checked the types
    model = settings.load(file, plan.runner)
    functions = [trainable(model, plan.loss), *(scalar_function(model, name) for name in listed(plan.metrics))]
    _check_outputs(model, plan)
    mapping = _mapping((*plan.columns, *plan.more_columns))
    rows, held_out = (_read(path, functions, mapping) for path in (plan.data, plan.validation))
    start = files.load(plan.checkpoint, model.parameters) if plan.checkpoint is not None else None
    if plan.emit is not None:
        write_module(model.python(), plan.emit, file, plan.force)
    began = time.perf_counter()
    result = _trained(model, plan, rows or {}, start)
    table = _measured(functions, result, held_out)
    table.append(("run as", model.runs_as))
    table.append(("time", f"{time.perf_counter() - began:.2f} s, {plan.steps} steps"))
    if plan.save is not None:
        files.save(plan.save, result.parameters, model.parameters)
        table.append(("parameters", plan.save))
    if plan.emit is not None:
        table.append(("generated code", plan.emit))
    echo_table(("trained", ""), table)


def _trained(model: Model, plan: Plan, rows: dict[str, object], start: Params | None) -> Result:
    """The parameters that training ends with. Errors: DataError, ModelError, and Exit where it is interrupted."""
    from mgc.runtime.training import checkpoint as files
    from mgc.runtime.training.training import Interrupted, train

    try:
        with _progress(plan.steps) as on_step:
            result = train(
                model, plan.loss, rows, plan.steps, plan.lr, plan.optimizer, plan.batch, plan.seed,
                listed(plan.metrics), start, on_step,
            )  # fmt: skip
    except Interrupted as interrupted:
        if plan.save is not None:
            files.save(plan.save, interrupted.parameters, model.parameters)
        kept = f"the parameters are in {plan.save}" if plan.save is not None else "nothing is saved: there is no --save"
        click.echo(f"interrupted after {interrupted.steps} of {plan.steps} steps; {kept}", err=True)
        raise click.exceptions.Exit(130) from None
    _check_fallen(result)
    if not result.moved:
        click.echo(f"note: no parameter moved: the derivatives of {plan.loss} are 0, or the rate is", err=True)
    return result


def _check_outputs(model: Model, plan: Plan) -> None:
    """Refuse what cannot be written, before the work. Errors: DataError, click.UsageError."""
    from mgc.runtime.files import check_writable
    from mgc.runtime.training.checkpoint import check_target

    save, emit = plan.save, plan.emit
    if save is not None and emit is not None and Path(save).resolve() == Path(emit).resolve():
        raise click.UsageError(f"--save and --emit both write {printable(save)}: give them names of their own")
    if save is not None:
        check_target(save, model.parameters, plan.force)
    if emit is not None:
        check_writable(emit)


def _mapping(texts: Sequence[str]) -> dict[str, list[str]]:
    """`X='sepal length,sepal width'` -> {"X": ["sepal length", "sepal width"]}. Errors: click.UsageError."""
    mapping = {}
    for text in texts:
        name, equals, columns = text.partition("=")
        if not equals or not columns:
            raise click.UsageError(f"expected ARG=COLUMN,COLUMN, found {printable(text)[:80]!r}")
        mapping[name.strip()] = [column.strip() for column in columns.split(",")]
    return mapping


def _read(path: str | None, functions: Sequence[Function], mapping: dict[str, list[str]]) -> dict[str, object] | None:
    """The data by argument name, None where there is no file: a loss may need none. Errors: DataError."""
    from mgc.runtime.training.data import load

    if path is None:
        return None
    arguments = {argument.name: argument for function in functions for argument in function.info.arguments}
    return load(path, list(arguments.values()), mapping)


def _check_fallen(result: Result) -> None:
    """A loss that is twice what it was is no success, and its parameters are not saved. Errors: DataError."""
    first = result.losses[0]
    if not result.loss - first <= abs(first) + 1e-6:
        raise DataError(f"the loss rose from {first:.6g} to {result.loss:.6g}: try a smaller learning rate")


def _measured(
    functions: Sequence[Function], result: Result, held_out: dict[str, object] | None
) -> list[tuple[str, str]]:
    """The loss and the metrics at the end; those on the validation data beside them."""
    from mgc.runtime.training.training import evaluate

    loss, *metrics = functions
    values = [(loss, result.loss), *((metric, result.metrics[metric.info.name]) for metric in metrics)]
    rows = [(function.info.name, f"{value:.6g}") for function, value in values]
    for function in functions if held_out is not None else ():
        value = evaluate(function, result.parameters, cast("dict[str, object]", held_out))
        rows.append((f"{function.info.name} (validation)", f"{value:.6g}"))
    return rows


@contextmanager
def _progress(steps: int) -> Iterator[Callable[[Step], None]]:
    """A bar with the live loss in a terminal, a line now and then in a pipe."""
    if not is_terminal():
        every = max(1, steps // LINES)
        yield lambda step: _line(step, every)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("step"), MofNCompleteColumn(), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("loss {task.fields[loss]}")) as bar:
        task = bar.add_task("training", total=steps, loss="")
        yield lambda step: bar.update(task, completed=step.number, loss=f"{step.loss:.6g}")


def _line(step: Step, every: int) -> None:
    if step.number % every == 0 or step.number in (1, step.steps):
        click.echo(f"step {step.number:>{len(str(step.steps))}} of {step.steps}  loss {step.loss:.6g}")
