"""The options of `mgc train` that say how to train: one for each choice of the runtime, collected as one value."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from mgc.cli.options import usage
from mgc.runtime.training.how import BY_DEFAULT, CHOICES, How


def training_options(command: Callable[..., object]) -> Callable[..., object]:
    """Add these options to a command, which gets them as `how`, checked."""

    @functools.wraps(command)
    def collected(**choices: Any) -> object:
        how = How(**{name: choices.pop(name) for name in CHOICES})
        with usage():
            how.check()
        return command(how=how, **choices)

    made: Callable[..., object] = collected
    for name in reversed(CHOICES):
        made = _option(name, getattr(BY_DEFAULT, name))(made)
    return made


def _option(name: str, default: Any) -> Callable[[Callable[..., object]], Callable[..., object]]:
    choice = CHOICES[name]
    kind: Any = choice.kind
    if isinstance(kind, tuple):
        kind = click.Choice(kind)
    elif choice.least is not None:
        kind = (click.IntRange if kind is int else click.FloatRange)(choice.least)
    return click.option(
        f"--{name}", type=kind, default=default, show_default=True, metavar=choice.metavar, help=choice.help
    )
