"""How far training is: a bar in a terminal, a line now and then in a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from mgc.cli.output import is_terminal

if TYPE_CHECKING:
    from rich.progress import Task

    from mgc.runtime.training.training import Step

LINES = 10  # of progress in a pipe


@contextmanager
def progress(steps: int, taken: int = 0) -> Iterator[Callable[[Step], None]]:
    """Shows each step: the live loss, the learning rate, and how many steps a second there are. taken: steps before."""
    if not is_terminal():
        every = max(1, steps // LINES)
        yield lambda step: _line(step, every)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("step"), MofNCompleteColumn(), BarColumn(), TimeRemainingColumn())
    texts = (
        TextColumn("loss {task.fields[loss]}"),
        TextColumn("rate {task.fields[rate]}"),
        TextColumn("{task.fields[speed]}"),
    )
    with Progress(*columns, *texts) as bar:
        at = bar.add_task("training", total=steps, completed=taken, loss="", rate="", speed="")
        (task,) = bar.tasks
        yield lambda step: bar.update(
            at, completed=step.number, loss=f"{step.loss:.6g}", rate=f"{step.rate:.3g}", speed=speed(task)
        )


def speed(task: Task) -> str:
    """`1,250 steps/s`, of the last half minute; nothing at first."""
    found = task.finished_speed or task.speed
    return "" if found is None else f"{found:,.3g} steps/s" if found < 100 else f"{found:,.0f} steps/s"


def _line(step: Step, every: int) -> None:
    if step.number % every == 0 or step.number in (1, step.steps):
        click.echo(f"step {step.number:>{len(str(step.steps))}} of {step.steps}  loss {step.loss:.6g}")
