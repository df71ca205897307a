"""The options of `mgc train` that say how to train, collected as one value."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

OPTIMISERS = ("sgd", "momentum", "nesterov", "adam", "adamw", "lbfgs")  # a test compares this with the runtime's
OPTIONS = (
    click.option("--steps", type=click.IntRange(1), default=100, show_default=True, metavar="N"),
    click.option("--lr", default="0.1", show_default=True, metavar="RATE", help="Learning rate; FROM:TO falls."),
    click.option("--schedule", type=click.Choice(["linear", "cosine"]), default="linear", show_default=True,
                 help="How FROM:TO falls."),
    click.option("--warmup", type=click.IntRange(0), default=0, metavar="N", help="Steps in which the rate rises."),
    click.option("--optimizer", type=click.Choice(OPTIMISERS), default="sgd", show_default=True),
    click.option("--batch", type=click.IntRange(1), metavar="B", help="Rows per step; all of them by default."),
    click.option("--clip", type=float, metavar="NORM", help="The largest norm of a gradient."),
    click.option("--decay", type=float, default=0.0, metavar="D", help="Weight decay; with adamw beside the gradient."),
    click.option("--patience", type=click.IntRange(1), metavar="N",
                 help="Stop after N epochs without a lower loss on the validation data."),
    click.option("--seed", type=click.IntRange(0), default=0, show_default=True,
                 help="Of parameters, batches and --split."),
)  # fmt: skip


def training_options(command: Callable[..., object]) -> Callable[..., object]:
    """Add these options to a command, which gets them as `how`."""

    @functools.wraps(command)
    def collected(**choices: Any) -> object:
        from mgc.runtime.training.training import How

        return command(how=How(**{name: choices.pop(name) for name in How.__slots__}), **choices)

    for option in reversed(OPTIONS):
        collected = option(collected)
    return collected
