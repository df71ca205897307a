"""`mgc train`: a loss and data -> trained parameters, with the emitted Python."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from mgc.cli.how import training_options
from mgc.cli.options import Settings, compile_options, listed, runner_option
from mgc.cli.output import echo_table, is_terminal
from mgc.cli.targets import begins_otherwise, check_target
from mgc.grammar.diagnostics import DataError, printable

if TYPE_CHECKING:
    from mgc.runtime.arguments import Params
    from mgc.runtime.callable import Function
    from mgc.runtime.load import Runner
    from mgc.runtime.model import Model
    from mgc.runtime.training.how import How
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
    split: float | None
    metrics: tuple[str, ...]
    checkpoint: str | None
    snapshot: str | None
    every: int
    resume: bool
    log: str | None
    save: str | None
    emit: str | None
    force: bool
    runner: Runner
    how: How


@click.command("train", short_help="Train a model's parameters on data.")
@click.argument("file", metavar="FILE")
@click.argument("more_columns", metavar="[ARG=COLUMNS]...", nargs=-1)
@click.option("--loss", required=True, metavar="FN", help="The function to minimise.")
@click.option("--data", metavar="D", help="A .csv with named columns, or an .npz.")
@click.option("--columns", multiple=True, metavar="ARG=COLUMNS", help="The columns of an argument, by their names.")
@click.option("--validation", metavar="V", help="Report loss and metrics on these data, too.")
@click.option("--split", type=float, metavar="PART", help="Hold out this part of the rows as validation data.")
@training_options
@click.option("--metric", "metrics", multiple=True, metavar="FN", help="Report this function at the end (repeatable).")
@click.option("--params", "checkpoint", metavar="P", help="Start from these parameters (.json, .safetensors).")
@click.option("--checkpoint", "snapshot", metavar="C", help="Keep training in this .safetensors, to be resumed.")
@click.option("--every", type=click.IntRange(1), default=100, show_default=True, help="Steps between checkpoints.")
@click.option("--resume", is_flag=True, help="Go on from --checkpoint, where it is, to the same bits.")
@click.option("--log", metavar="LOG", help="Write each step's loss and rate, as .csv or .jsonl.")
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
    from mgc.runtime.training.batches import split
    from mgc.runtime.training.losses import scalar_function, trainable

    plan = cast("Callable[..., Plan]", Plan)(**choices)  # click has checked the types
    if plan.resume and plan.snapshot is None:
        raise click.UsageError("--resume needs --checkpoint, which says from where")
    model = settings.load(file, plan.runner)
    functions = [trainable(model, plan.loss), *(scalar_function(model, name) for name in listed(plan.metrics))]
    _check_outputs(model, plan, file)
    mapping = column_mapping((*plan.columns, *plan.more_columns))
    rows, held_out = (_read(path, functions, mapping) for path in (plan.data, plan.validation))
    if plan.split is not None:
        rows, held_out = split(functions[0], rows or {}, plan.split, plan.how.seed)
    start = files.load(plan.checkpoint, model.parameters) if plan.checkpoint is not None else None
    if plan.emit is not None:
        write_module(model.python(), plan.emit, file, plan.force)
    began = time.perf_counter()
    result = _trained(model, plan, rows or {}, held_out, start)
    table = _measured(functions, result, held_out)
    table.append(("run as", model.runs_as))
    table.append(("time", f"{time.perf_counter() - began:.2f} s, {result.steps} steps"))
    if plan.save is not None:
        files.save(plan.save, result.parameters, model.parameters)
        table.append(("parameters", plan.save))
    if plan.emit is not None:
        table.append(("generated code", plan.emit))
    echo_table(("trained", ""), table)


def _trained(
    model: Model, plan: Plan, rows: dict[str, object], held_out: dict[str, object] | None, start: Params | None
) -> Result:
    """The parameters that training ends with. Errors: DataError, ModelError, and Exit where it is interrupted."""
    from mgc.runtime.training import checkpoint as files
    from mgc.runtime.training import log, snapshot
    from mgc.runtime.training.training import Interrupted, Trainer

    trainer = Trainer(model, plan.loss, rows, plan.how, listed(plan.metrics), held_out)
    going_on = plan.resume and plan.snapshot is not None and Path(plan.snapshot).exists()
    at = snapshot.load(cast("str", plan.snapshot), trainer) if going_on else trainer.start(start)
    try:
        with _progress(plan.how.steps) as show, log.opened(plan.log, at.steps) as write:

            def on_step(step: Step) -> None:
                write(step)
                if plan.snapshot is not None and (step.number % plan.every == 0 or step.number == step.steps):
                    snapshot.save(plan.snapshot, step.position, trainer)
                show(step)

            result = trainer.run(at, on_step)
    except Interrupted as interrupted:
        if plan.snapshot is not None:
            snapshot.save(plan.snapshot, interrupted.position, trainer)
        if plan.save is not None:
            files.save(plan.save, interrupted.parameters, model.parameters)
        kept = [f"the parameters are in {plan.save}"] if plan.save is not None else []
        kept += [f"--resume goes on from {plan.snapshot}"] if plan.snapshot is not None else []
        said = "; ".join(kept) or "nothing is saved: there is no --save"
        click.echo(f"interrupted after {interrupted.steps} of {plan.how.steps} steps; {said}", err=True)
        raise click.exceptions.Exit(130) from None
    _check_fallen(result)
    if not result.moved:
        click.echo(f"note: no parameter moved: the derivatives of {plan.loss} are 0, or the rate is", err=True)
    return result


def _check_outputs(model: Model, plan: Plan, file: str) -> None:
    """Refuse what cannot be written, before the work. Errors: DataError, click.UsageError."""
    written = {"--save": plan.save, "--emit": plan.emit, "--checkpoint": plan.snapshot, "--log": plan.log}
    own: dict[Path, tuple[str, str]] = {}
    for option, path in written.items():
        other, name = own.setdefault(Path(path).resolve(), (option, path)) if path is not None else (option, "")
        if other != option:
            raise click.UsageError(f"{other} and {option} both write {printable(name)}: give them names of their own")
    if plan.split is not None and plan.validation is not None:
        raise click.UsageError("--split and --validation both give validation data")
    _check_targets(model, plan, (file, plan.data, plan.validation))


def _check_targets(model: Model, plan: Plan, read: tuple[str | None, ...]) -> None:
    """Refuse to write over what is no former output; --save may write over the parameters that it started from."""
    from mgc.cli.compile import no_emission
    from mgc.runtime.training.checkpoint import check_suffix
    from mgc.runtime.training.log import BEGINNINGS, check_log

    no_parameters = partial(_no_parameters, model)
    if plan.save is not None:
        check_suffix(plan.save)
        check_target(plan.save, plan.force, read, no_parameters)
    read = (*read, plan.checkpoint)
    if plan.snapshot is not None:
        _check_snapshot(plan.snapshot, plan)
        check_target(plan.snapshot, plan.force, read, no_parameters if plan.resume else _another_run)
    if plan.emit is not None:
        check_target(plan.emit, plan.force, read, partial(no_emission, model.python().text))
    if plan.log is not None:
        check_log(plan.log)
        check_target(plan.log, plan.force, read, begins_otherwise(*BEGINNINGS, what="log of mgc"))


def _no_parameters(model: Model, target: Path) -> str | None:
    from mgc.runtime.training.checkpoint import load

    try:
        load(target, model.parameters)
    except DataError as error:
        return f"{error}; it holds no parameters of this model"
    return None


def _another_run(target: Path) -> str:
    return f"{printable(str(target))} exists; --resume goes on from it"


def _check_snapshot(snapshot: str, plan: Plan) -> None:
    if Path(snapshot).suffix != ".safetensors":
        raise DataError(f"{printable(snapshot)}: a checkpoint is a .safetensors")
    if plan.how.optimizer == "lbfgs":
        raise click.UsageError("lbfgs keeps what it learned to itself: it has no checkpoints")


def column_mapping(texts: Sequence[str]) -> dict[str, list[str]]:
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
    first = result.first
    if not result.loss - first <= abs(first) + 1e-6:
        raise DataError(f"the loss rose from {first:.6g} to {result.loss:.6g}: try a smaller learning rate")


def _measured(
    functions: Sequence[Function], result: Result, held_out: dict[str, object] | None
) -> list[tuple[str, str]]:
    """The loss and the metrics at the end; those on the validation data beside them."""
    from mgc.runtime.training.losses import evaluate

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
