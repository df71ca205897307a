"""How to train, choices -> How: each choice with its default, and with what it means, in one table.

The keywords of `train` are its fields, and the options of `mgc train` are made of it.

>>> How(steps=50, optimizer="adam").lr
0.1
>>> How(optimizer="adm").check()
Traceback (most recent call last):
    ...
mgc.grammar.diagnostics.DataError: unknown optimizer 'adm'; did you mean 'adam'?
"""

from __future__ import annotations

import math
from typing import Annotated, TypedDict, get_type_hints

from msgspec import Struct

from mgc.grammar.diagnostics import DataError, did_you_mean, printable
from mgc.runtime.training.optimisers import OPTIMISERS
from mgc.runtime.training.schedules import SHAPES, Rates, rates

LBFGS = "lbfgs"
OF_STEPS = ("lr", "schedule", "warmup", "batch", "clip", "patience")  # what L-BFGS, which chooses its steps, has not


class Choice(Struct, frozen=True):
    """What a field of `How` may be: one of some names, or a number of at least so much; and what is said of it."""

    kind: type | tuple[str, ...]
    help: str
    metavar: str | None = None
    least: int | None = None  # it is finite, too


class How(Struct, frozen=True):
    """How to train: the keywords of `train`, the options of `mgc train`."""

    steps: Annotated[int, Choice(int, "At most so many.", "N", 1)] = 100
    lr: Annotated[float | str, Choice(str, "Learning rate; FROM:TO falls.", "RATE")] = 0.1
    schedule: Annotated[str, Choice(tuple(SHAPES), "How FROM:TO falls.")] = "linear"
    warmup: Annotated[int, Choice(int, "Steps in which the rate rises.", "N", 0)] = 0
    optimizer: Annotated[str, Choice((*OPTIMISERS, LBFGS), "lbfgs is SciPy's, on all rows.")] = "sgd"
    batch: Annotated[int | None, Choice(int, "Rows per step; all of them by default.", "B", 1)] = None
    clip: Annotated[float | None, Choice(float, "The largest norm of a gradient.", "NORM", 0)] = None
    decay: Annotated[float, Choice(float, "Weight decay; with adamw beside the gradient.", "D", 0)] = 0.0
    split: Annotated[float | None, Choice(float, "Hold out this part of the rows as validation data.", "PART")] = None
    patience: Annotated[
        int | None, Choice(int, "Stop after N epochs without a lower loss on the validation data.", "N", 1)
    ] = None
    seed: Annotated[int, Choice(int, "Of parameters, batches and --split.", "N", 0)] = 0

    def check(self) -> None:
        """Errors: DataError for a choice that is none."""
        for name, choice in CHOICES.items():
            value = getattr(self, name)
            if isinstance(choice.kind, tuple) and value not in choice.kind:
                hint = did_you_mean(value, choice.kind) or f"there are {', '.join(choice.kind)}"
                raise DataError(f"unknown {name} '{printable(value)}'; {hint}")
            if choice.least is not None and value is not None and not choice.least <= value < math.inf:
                least = f"{'a finite number of ' if choice.kind is float else ''}at least {choice.least}"
                raise DataError(f"{name}: expected {least}, found {value}")
        if self.split is not None and not 0.0 < self.split < 1.0:
            raise DataError(f"split: expected a part between 0 and 1, found {self.split}")
        self.rates()  # which says what is no rate
        if self.optimizer == LBFGS:
            for name in OF_STEPS:
                if str(getattr(self, name)) != str(getattr(BY_DEFAULT, name)):
                    raise DataError(f"lbfgs chooses its steps itself, on all rows: it has no {name}")

    def rates(self) -> Rates:
        """The learning rate of each step. Errors: DataError."""
        return rates(str(self.lr), self.schedule, self.warmup)


CHOICES: dict[str, Choice] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(How, include_extras=True).items()
}
BY_DEFAULT = How()


class Choices(TypedDict, total=False):
    """The fields of `How` as keywords, for type checkers."""

    steps: int
    lr: float | str
    schedule: str
    warmup: int
    optimizer: str
    batch: int | None
    clip: float | None
    decay: float
    split: float | None
    patience: int | None
    seed: int
