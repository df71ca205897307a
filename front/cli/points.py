"""Where a function is looked at: `x=1 w=2`, parameters and turns of loops on the command line -> checked values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from mgc.cli.options import read_parameters, read_values, the_function
from mgc.cli.output import cell
from mgc.grammar.diagnostics import printable

if TYPE_CHECKING:
    from mgc.runtime.conversion import Nested
    from mgc.runtime.model import Function, Model


class Point(Struct, frozen=True):
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
        return function.checked(*_parameters(function, values, self.checkpoint, self.seed), **values)

    def completed(self, function: Function) -> list[object]:
        """The arguments, checked; what is not given is drawn, and told beside the output. Errors: as `bound`."""
        bound, drawn = completed(function, read_values(self.assignments, function), self.checkpoint, self.seed)
        if drawn:
            said = ", ".join(f"{name} = {cell(value)}" for name, value in drawn.items())
            click.echo(f"{function.info.name}: drawn by --seed {self.seed}: {said}", err=True)
        return bound

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


def completed(
    function: Function, given: dict[str, object], checkpoint: str | None, seed: int
) -> tuple[list[object], dict[str, Nested]]:
    """The arguments in order, and those that were drawn. Errors: DataError."""
    from mgc.runtime.drawn import complete

    return complete(function, given, lambda values: _parameters(function, values, checkpoint, seed), seed)


def completed_and_told(function: Function, given: dict[str, object], checkpoint: str | None, seed: int) -> list[object]:
    """The arguments in order; those that were drawn are told. Errors: DataError."""
    arguments, drawn = completed(function, given, checkpoint, seed)
    for name, value in drawn.items():
        click.echo(f"{name} = {cell(value)}")
    return arguments


def _parameters(function: Function, values: Mapping[str, object], checkpoint: str | None, seed: int) -> list[object]:
    """What a function takes before its arguments: its parameters, if it has any."""
    return [read_parameters(function, checkpoint, seed, values)] if function.info.parameters else []
