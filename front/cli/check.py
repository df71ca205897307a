"""`mgc check`: a function's derivatives beside central differences, with the error of each."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import click

from mgc.cli.options import (
    Settings,
    compile_options,
    parameter_options,
    read_parameters,
    read_values,
    runner_option,
)
from mgc.cli.output import cell, echo_table, working
from mgc.grammar.diagnostics import DataError, ModelError

if TYPE_CHECKING:
    from mgc.compiler.module import ArgumentInfo
    from mgc.runtime.check import Row
    from mgc.runtime.conversion import Nested, Sizes
    from mgc.runtime.load import Runner
    from mgc.runtime.model import Function

FREE_SIZE = 3  # of an argument that is not given: small, and not 1
MAX_DRAWN = 10_000  # numbers of one argument: each is checked by differences of its own
RANGES = (
    (-1.0, 1.0),
    (0.1, 0.9),
    (1.1, 2.0),
)  # tried in turn: everything, positive, beyond 1 (as acosh needs)
MAX_ROWS = 20


@click.command("check", short_help="Check derivatives against central differences.")
@click.argument("file", metavar="FILE")
@click.argument("name", metavar="FN")
@click.argument("assignments", metavar="[NAME=VALUE]...", nargs=-1)
@click.option("--tolerance", type=float, default=1e-6, show_default=True, help="Largest relative error that passes.")
@click.option("--all", "every", is_flag=True, help="Show every derivative, not only the worst ones.")
@runner_option("python")
@parameter_options
@compile_options
def command(
    settings: Settings,
    file: str,
    name: str,
    assignments: tuple[str, ...],
    tolerance: float,
    every: bool,
    runner: Runner,
    checkpoint: str | None,
    seed: int,
) -> None:
    """Compare the derivatives of function FN of FILE with central differences.

    Arguments that are not given are drawn at random by --seed. Exit code 1 where a derivative fails.

    \b
    Examples:
      mgc check neuron.mg neuron
      mgc check moons.mg loss 'X=[[1, 0.5], [0, 2]]' 'y=[1, -1]' --seed 3
    """
    from mgc.runtime.check import check

    function = settings.load(file, runner)[name]
    given = read_values(assignments, function)
    arguments = _complete(function, given, checkpoint, seed)
    with working(f"checking the derivatives of {name}"):
        report = check(function, arguments, tolerance, seed=seed)
    rows = report.rows if every else sorted(report.rows, key=lambda row: (row.passed, -row.error))[:MAX_ROWS]
    echo_table(
        ("variable", "value", "exact", "difference", "relative error", ""),
        [_cells(row) for row in rows],
        frozenset({1, 2, 3, 4}),
    )
    failed = sum(not row.passed for row in report.rows)
    hidden = f"; the {len(rows)} worst are shown" if len(rows) < len(report.rows) else ""
    sampled = f" of {report.total}" if len(report.rows) < report.total else ""
    verdict = f"{failed} fail" if failed else "all pass"
    click.echo(f"{len(report.rows)}{sampled} derivatives checked, {verdict}; worst error {report.worst:.1e}{hidden}")
    if failed and function.info.is_detached:
        click.echo(f"{name} says detach: there its derivatives stop, and are not those of its value")
    if failed:
        raise click.exceptions.Exit(1)


def _cells(row: Row) -> tuple[str, ...]:
    verdict = "ok" if row.passed else f"FAILED{': ' + row.note if row.note else ''}"
    return (
        row.variable,
        f"{row.value:.6g}",
        f"{row.exact:.9g}",
        f"{row.numerical:.9g}",
        f"{row.error:.1e}",
        verdict,
    )


def _complete(function: Function, given: dict[str, object], checkpoint: str | None, seed: int) -> list[object]:
    """The arguments in order: those given, and others drawn so that the function has a value there."""
    failure: ModelError | DataError | None = None
    for low, high in RANGES:
        drawn = _drawn(function, given, random.Random(seed), low, high)
        values = given | drawn
        try:
            parameters = read_parameters(function, checkpoint, seed, values) if function.info.parameters else None
            arguments = function.checked(*([] if parameters is None else [parameters]), **values)
            function.model.run(function.info.emitted_name, arguments)
        except (ModelError, DataError) as error:
            failure = failure or error
            continue
        for name, value in drawn.items():
            click.echo(f"{name} = {cell(value)}")
        return arguments
    assert failure is not None
    raise failure


def _drawn(
    function: Function, given: dict[str, object], generator: random.Random, low: float, high: float
) -> dict[str, Nested]:
    from mgc.runtime.conversion import Sizes, convert

    sizes = Sizes()
    for argument in function.info.arguments:
        if argument.name in given:
            convert(given[argument.name], argument.shape, argument.dtype, argument.name, sizes)
    missing = [a for a in function.info.arguments if a.name not in given and a.default is None]
    for size in (size for argument in missing for size in argument.shape):
        if size.isidentifier():
            sizes.bind(size, FREE_SIZE, "a free choice")
    for argument in missing:
        count = math.prod(sizes.value(size) or 1 for size in argument.shape)
        if count > MAX_DRAWN:
            raise DataError(f"give a value for {argument.name}: {count:,} numbers are too many to draw and check")
    return {argument.name: _random(argument, 0, sizes, generator, low, high) for argument in missing}


def _random(
    argument: ArgumentInfo, axis: int, sizes: Sizes, generator: random.Random, low: float, high: float
) -> Nested:
    if axis == len(argument.shape):
        return 0 if argument.dtype == "int" else round(generator.uniform(low, high), 3)
    size = sizes.value(argument.shape[axis])
    if size is None:
        raise DataError(f"give a value for {argument.name}: its size {argument.shape[axis]} is not known")
    return [_random(argument, axis + 1, sizes, generator, low, high) for _ in range(size)]
