"""`mgc check`: a function's derivatives beside central differences, with the error of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mgc.cli.options import (
    Settings,
    compile_options,
    parameter_options,
    runner_option,
    usage,
)
from mgc.cli.output import echo_table, working

if TYPE_CHECKING:
    from mgc.runtime.check import Report, Row
    from mgc.runtime.load import Runner

MAX_ROWS = 20
MAX_WEIGHTS = 8


@click.command("check", short_help="Check derivatives against central differences.")
@click.argument("file", metavar="FILE")
@click.argument("words", metavar="[FN] [NAME=VALUE]...", nargs=-1)
@click.option("--tolerance", type=float, help="Largest relative error that passes: 1e-6, or 1e-3 in float32.")
@click.option("--all", "every", is_flag=True, help="Show every derivative, not only the worst ones.")
@runner_option("python")
@parameter_options
@compile_options
def command(
    settings: Settings,
    file: str,
    words: tuple[str, ...],
    tolerance: float | None,
    every: bool,
    runner: Runner,
    checkpoint: str | None,
    seed: int,
) -> None:
    """Compare the derivatives of function FN of FILE with central differences.

    FN may be left out where FILE has one function. Arguments that are not given are drawn at random by --seed. Of array
    or several results, the derivatives are those of their sum with weights that --seed draws. Exit code 1 where a
    derivative fails; where digits do not suffice, the value jumps, or an argument is not finite, it is undecided.

    \b
    Examples:
      mgc check neuron.mg
      mgc check moons.mg loss 'X=[[1, 0.5], [0, 2]]' 'y=[1, -1]' --seed 3
    """
    from mgc.cli.points import completed_and_told
    from mgc.runtime.check import check, check_tolerance

    if tolerance is not None:
        with usage():
            check_tolerance(tolerance)
    function, given = settings.called(file, words, runner)
    name = function.info.name
    arguments = completed_and_told(function, given, checkpoint, seed)
    with working(f"checking the derivatives of {name}"):
        report = check(function, arguments, tolerance, seed=seed)
    _echo(report, every)
    if report.weights:
        click.echo(f"the derivatives are those of sum(weights * results); drawn by --seed {seed}: {_shown(report)}")
    failed = sum(not row.passed for row in report.rows)
    if failed and function.info.is_detached:
        click.echo(f"{name} says detach: there its derivatives stop, and are not those of its value")
    if failed:
        raise click.exceptions.Exit(1)


def _echo(report: Report, every: bool) -> None:
    """The table of the worst derivatives, or of all, and a line that sums it up."""
    rows = report.rows if every else sorted(report.rows, key=_badness)[:MAX_ROWS]
    headings = ("variable", "value", "exact", "difference", "relative error", "")
    echo_table(headings, [_cells(row) for row in rows], frozenset({1, 2, 3, 4}))
    failed, undecided = sum(not row.passed for row in report.rows), sum(row.undecided for row in report.rows)
    hidden = f"; the {len(rows)} worst are shown" if len(rows) < len(report.rows) else ""
    sampled = f" of {report.total}" if len(report.rows) < report.total else ""
    verdict = f"{failed} fail" if failed else "all pass" if not undecided else "none fails"
    verdict += f", {undecided} undecided" if undecided else ""
    click.echo(f"{len(report.rows)}{sampled} derivatives checked, {verdict}; worst error {report.worst:.1e}{hidden}")


def _shown(report: Report) -> str:
    """The weights of the results, of many the first."""
    first = ", ".join(f"{weight:.6g}" for weight in report.weights[:MAX_WEIGHTS])
    return f"[{first}{', …' if len(report.weights) > MAX_WEIGHTS else ''}]"


def _badness(row: Row) -> tuple[bool, bool, float]:
    """What fails first, then what is undecided, then by error."""
    return row.passed, not row.undecided, -row.error


def _cells(row: Row) -> tuple[str, ...]:
    verdict = "undecided" if row.undecided else "ok" if row.passed else "FAILED"
    verdict += f": {row.note}" if row.note else ""
    return (
        row.variable,
        f"{row.value:.6g}",
        f"{row.exact:.9g}",
        f"{row.numerical:.9g}",
        f"{row.error:.1e}",
        verdict,
    )
