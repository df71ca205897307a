"""How far training is: a bar in a terminal, a line now and then in a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from mgc.cli.output import is_terminal

if TYPE_CHECKING:
    from mgc.runtime.training.training import Step

LINES = 10  # of progress in a pipe


@contextmanager
def progress(steps: int, taken: int = 0) -> Iterator[Callable[[Step], None]]:
    """Shows each step. taken: how many there were before."""
    if is_terminal():
        from mgc.cli.bar import bar

        with bar(steps, taken) as show:
            yield show
        return
    every = max(1, steps // LINES)
    yield lambda step: _line(step, every)


def _line(step: Step, every: int) -> None:
    if step.number % every == 0 or step.number in (1, step.steps):
        click.echo(f"step {step.number:>{len(str(step.steps))}} of {step.steps}  loss {step.loss:.6g}")
