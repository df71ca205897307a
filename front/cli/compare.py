"""`mgc compare`: a function and its derivatives beside PyTorch's, JAX's or NumPy's, with the differences in ulp."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mgc.cli.options import Settings, compile_options, listed, parameter_options
from mgc.cli.output import echo_table, working

if TYPE_CHECKING:
    from mgc.runtime.compare import Row

MAX_ROWS = 20


@click.command("compare", short_help="Compare derivatives with PyTorch, JAX or NumPy.")
@click.argument("file", metavar="FILE")
@click.argument("words", metavar="[FN] [NAME=VALUE]...", nargs=-1)
@click.option("--with", "libraries", multiple=True, metavar="LIBRARY", help="torch, jax or numpy (repeatable).")
@click.option("--all", "every", is_flag=True, help="Show every derivative, not only those that differ most.")
@parameter_options
@compile_options
def command(
    settings: Settings,
    file: str,
    words: tuple[str, ...],
    libraries: tuple[str, ...],
    every: bool,
    checkpoint: str | None,
    seed: int,
) -> None:
    """Compute function FN of FILE and its derivatives, and once more through other libraries.

    PyTorch and JAX differentiate the same arithmetic in their own way; NumPy takes differences in long doubles.
    FN may be left out where FILE has one function. Arguments that are not given are drawn at random by --seed.
    Of several results the derivatives are of their sum.

    \b
    Examples:
      mgc compare neuron.mg --with torch,numpy
      mgc compare moons.mg loss 'X=[[1, 0.5], [0, 2]]' 'y=[1, -1]' --with jax
    """
    from mgc.cli.points import completed_and_told
    from mgc.runtime.libraries import library

    chosen = listed(libraries) or ("numpy",)
    for one in chosen:
        library(one)
    function, given = settings.called(file, words)
    arguments = completed_and_told(function, given, checkpoint, seed)
    with working(f"comparing {function.info.name} with {', '.join(chosen)}"):
        report = function.compare(*arguments, libraries=chosen)
    rows = report.rows if every else report.rows[:1] + tuple(sorted(report.rows[1:], key=_distance))[: MAX_ROWS - 1]
    echo_table(*report.table(rows))
    hidden = f"; {len(rows)} of {len(report.rows)} rows are shown" if len(rows) < len(report.rows) else ""
    click.echo(f"the largest difference is {report.worst:.3g} ulp{hidden}")


def _distance(row: Row) -> float:
    return -max(row.ulps)
