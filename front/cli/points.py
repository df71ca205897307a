"""Where a function is looked at: `x=1 w=2`, parameters and turns of loops on the command line -> checked values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from mgc.cli.options import read_parameters, read_values
from mgc.grammar.diagnostics import printable

if TYPE_CHECKING:
    from mgc.runtime.model import Function, Model


@dataclass(frozen=True, slots=True)
class Point:
    """What the command line says of the arguments, before it is known of which function they are."""

    assignments: tuple[str, ...]
    turns: tuple[str, ...]
    checkpoint: str | None
    seed: int

    def function(self, model: Model) -> Function:
        """The function that is meant. Errors: click.UsageError where the file has several, and none is chosen."""
        return the_function(model)

    def bound(self, function: Function) -> list[object]:
        """The arguments, checked. Errors: click.UsageError, DataError."""
        values = read_values(self.assignments, function)
        given = [read_parameters(function, self.checkpoint, self.seed, values)] if function.info.parameters else []
        return function.checked(*given, **values)

    def drawn(self, function: Function) -> tuple[list[object], str]:
        """The arguments, those that are not given drawn, and where that is. Errors: click.UsageError, DataError."""
        from mgc.runtime.see.points import drawn

        values, sizes = drawn(function, read_values(self.assignments, function), self.seed)
        given = [read_parameters(function, self.checkpoint, self.seed, values)] if function.info.parameters else []
        said = ", ".join(f"{name} = {size}" for name, size in sizes.items())
        return function.checked(*given, **values), f" at {said}" if said else ""

    def chosen_turns(self) -> dict[str, tuple[int, ...]]:
        """`i=0,2` -> {"i": (0, 2)}. Errors: click.UsageError."""
        chosen = {}
        for said in self.turns:
            name, _, numbers = said.partition("=")
            try:
                chosen[name.strip()] = tuple(int(number) for number in numbers.split(","))
            except ValueError:
                raise click.UsageError(f"--at: expected INDEX=NUMBER, found {printable(said)[:80]!r}") from None
        return chosen


def the_function(model: Model) -> Function:
    """The only function of a model. Errors: click.UsageError where there are several."""
    if len(model.functions) != 1:
        names = ", ".join(function.info.name for function in model.functions)
        raise click.UsageError(f"which function? choose one with --fn: {names}")
    return model.functions[0]
