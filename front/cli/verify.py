"""`mgc verify`: models, or emitted files as they are on disk -> what is proved of their derivatives."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from mgc.cli.options import Settings, compile_options, functions_option
from mgc.cli.output import echo_table, is_terminal, working
from mgc.compiler.options import flag, given
from mgc.grammar.diagnostics import DataError, ModelError, printable

if TYPE_CHECKING:
    from mgc.compiler.options import Target
    from mgc.compiler.verify.report.report import Report

TARGET = "c: the emitted C is compiled, and compared with what --ieee emits, which is proved."
COLOURS = {"proved": "green", "tested": "cyan", "not checked": "yellow", "false": "red"}


def _seconds(context: click.Context, option: click.Parameter, value: float) -> float:
    if math.isnan(value):
        raise click.BadParameter("nan is no number of seconds")
    return value


@click.command("verify", short_help="Prove that emitted code is the derivative.")
@click.argument("files", metavar="FILE|OUT.py...", nargs=-1, required=True)
@functions_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=math.inf,
    metavar="S",
    callback=_seconds,
    help="Seconds after which a function is left, not checked. Without it, no verdict depends on the machine.",
)
@click.option("--all", "every", is_flag=True, help="Show the tables: a row for each derivative and named value.")
@click.option("--require", type=click.Choice(["proved"]), help="Exit with 1 also where a function is only tested.")
@click.option("--target", "emitted", type=click.Choice(["python", "c"]), default="python", help=TARGET)
@compile_options
def command(
    settings: Settings,
    files: tuple[str, ...],
    as_json: bool,
    time_limit: float,
    every: bool,
    require: str | None,
    emitted: Target,
) -> None:
    """Prove that the text emitted for FILE, or an emitted OUT.py as it is on disk, computes the derivatives.

    OUT.py is a name that ends in .py; the options of compiling are for models. What is proved, what is only tested
    and what is not checked is said of each function. Exit code 0 where all are proved or tested, else 1.

    \b
    Examples:
      mgc verify neuron.mg                    compile it, and verify the emitted text
      mgc verify moons.py --fn loss           a file that was written earlier, edited perhaps
      mgc verify models/*.mg --json           several, for a program to read
      mgc verify moons.mg --target c          the emitted C, beside the Python
    """
    reports: list[Report] = []
    problems: dict[str, str] = {}
    for file in files:
        try:
            with working(f"verifying {printable(file)}"):
                report = verified(file, settings, time_limit, emitted)
        except (ModelError, DataError) as error:
            problems[file] = str(error)
            click.echo(str(error) if isinstance(error, ModelError) else f"error: {error}", err=True)
            continue
        reports.append(report)
        if not as_json:
            echo_report(report, every)
    if as_json:
        click.echo(document(reports, problems))
    elif len(reports) > 1:
        echo_total(reports)
    if problems or not all(report.is_proved if require else report.ok for report in reports):
        raise click.exceptions.Exit(1)


def verified(file: str, settings: Settings, time_limit: float, target: Target = "python") -> Report:
    """The report on one file. Errors: ModelError, DataError, click.UsageError."""
    if file.endswith(".py"):
        from mgc.runtime.verification import verify_file

        options = settings.options
        chosen = [flag(name) for name in given(replace(options, functions=()))]
        for option in [*chosen, *(["--target"] if target != "python" else [])]:
            raise click.UsageError(f"{printable(file)} is compiled already: {option} is for models")
        return verify_file(file, options.functions, time_limit=time_limit)
    return settings.load(file).verify(time_limit=time_limit, target=target)


def echo_report(report: Report, every: bool) -> None:
    """Print a report; tables and verdicts are coloured in a terminal."""
    from mgc.compiler.verify.report import rendering

    if not is_terminal():
        click.echo(rendering.text(report, every=every, tables=every))
        return
    width = min(rendering.WIDTH, shutil.get_terminal_size().columns)
    for block in rendering.blocks(report, every=every, tables=every):
        match block:
            case rendering.Heading(verdict):
                word = rendering.VERDICTS[verdict]
                said = rendering.spelled(block, width).removeprefix(word)
                click.echo(f"{click.style(word, fg=COLOURS[verdict], bold=True)}{said}")
            case rendering.Table(headings, rows, _, numeric) if _fits(headings, rows):
                echo_table(headings, rows, numeric)
            case _:
                click.echo(rendering.spelled(block, width))


def _fits(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a terminal as wide as this one shows the table without breaking its numbers."""
    widths = [max(len(line[column]) for line in (headings, *rows)) for column in range(len(headings))]
    return sum(widths) + 3 * len(widths) + 2 <= shutil.get_terminal_size().columns


def echo_total(reports: list[Report]) -> None:
    from mgc.compiler.verify.report.rendering import summary

    click.echo(summary(reports))


def document(reports: list[Report], problems: dict[str, str]) -> str:
    """One JSON document: the reports, and what was wrong with the files that have none."""
    from mgc.compiler.verify.report.report import record

    content = {
        "format": "mgc verification 1",
        "ok": not problems and all(report.ok for report in reports),
        "reports": [record(report) for report in reports],
        "errors": [{"path": path, "message": message} for path, message in problems.items()],
    }
    return json.dumps(content, indent=2, allow_nan=False)
