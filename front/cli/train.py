"""`mgc train`: a loss and data -> trained parameters, with the emitted Python."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from mgc.cli.options import Settings, compile_options
from mgc.cli.output import echo_table, is_terminal

if TYPE_CHECKING:
    from mgc.runtime.training.training import Step

LINES = 10  # of progress in a pipe


@click.command("train", short_help="Train a model's parameters on data.")
@click.argument("file", metavar="FILE")
@click.option("--loss", required=True, metavar="FN", help="The function to minimise.")
@click.option("--data", required=True, metavar="D", help="A .csv with named columns, or an .npz.")
@click.option("--steps", type=click.IntRange(1), default=100, show_default=True, metavar="N")
@click.option("--lr", default="0.1", show_default=True, metavar="RATE", help="Learning rate; FROM:TO decays linearly.")
@click.option("--optimizer", type=click.Choice(["sgd", "momentum", "adam"]), default="sgd", show_default=True)
@click.option("--batch", type=click.IntRange(1), metavar="B", help="Rows per step; all of them by default.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the parameters and of the batches.")
@click.option("--metric", "metrics", multiple=True, metavar="FN", help="Report this function at the end (repeatable).")
@click.option("--params", "checkpoint", metavar="P", help="Start from these parameters (.json, .safetensors).")
@click.option("--save", metavar="P", help="Write the trained parameters (.json, .safetensors).")
@click.option("--emit", metavar="PATH", help="Write the emitted Python that trained.")
@click.option("--force", is_flag=True, help="Let --emit overwrite a file that mgc did not emit from this model.")
@compile_options
def command(
    settings: Settings,
    file: str,
    loss: str,
    data: str,
    steps: int,
    lr: str,
    optimizer: str,
    batch: int | None,
    seed: int,
    metrics: tuple[str, ...],
    checkpoint: str | None,
    save: str | None,
    emit: str | None,
    force: bool,
) -> None:
    """Minimise function --loss of FILE over its parameters, on the rows of a data file.

    The loss's arguments are filled from the data by name: column `y` is vector y, columns X0, X1, … are
    matrix X.

    \b
    Examples:
      mgc train moons.mg --loss loss --data moons.csv --lr 1.0:0.1 --metric accuracy
      mgc train digits.mg --loss loss --data digits.csv --optimizer adam --lr 0.003 --save digits.json
    """
    from mgc.cli.compile import write_module
    from mgc.runtime.training import checkpoint as files
    from mgc.runtime.training.data import load
    from mgc.runtime.training.training import scalar_function, train, trainable

    if save is not None:
        files.check_suffix(save)
    model = settings.load(file)
    functions = [trainable(model, loss), *(scalar_function(model, name) for name in metrics)]
    columns = load(data, list({a.name: a for function in functions for a in function.info.arguments}.values()))
    if emit is not None:
        write_module(model.module, emit, file, force)
    start = files.load(checkpoint, model.parameters) if checkpoint is not None else None
    began = time.perf_counter()
    with _progress(steps) as on_step:
        result = train(model, loss, columns, steps, lr, optimizer, batch, seed, metrics, start, on_step)
    rows = [(loss, f"{result.loss:.6g}")]
    rows += [(name, f"{value:.6g}") for name, value in result.metrics.items()]
    rows += [("time", f"{time.perf_counter() - began:.2f} s, {steps} steps")]
    if save is not None:
        files.save(save, result.parameters, model.parameters)
        rows.append(("parameters", save))
    if emit is not None:
        rows.append(("generated code", emit))
    echo_table(("trained", ""), rows)


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
