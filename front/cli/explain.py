"""`mgc explain`: a function of a model, at a point -> one HTML file with source, graph, code, mathematics and a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mgc.cli.options import Settings, by_commas, compile_options, parameter_options, read_values, the_function
from mgc.cli.output import working
from mgc.cli.targets import check_target
from mgc.grammar.diagnostics import DataError, printable

if TYPE_CHECKING:
    from mgc.compiler.verify.report.report import Report
    from mgc.runtime.model import Function

MARK = b'<meta name="generator" content="mgc explain">'  # in the head of every page


@click.command("explain", short_help="Write a page that shows how a derivative comes about.")
@click.argument("file", metavar="FILE")
@click.argument("assignments", metavar="[NAME=VALUE]...", nargs=-1)
@click.option(
    "--fn",
    "functions",
    multiple=True,
    callback=by_commas,
    metavar="NAME",
    help="The function, where the file has several.",
)
@click.option("--data", metavar="D", help="Take arguments from a row of a data file (.csv, .parquet, .npz).")
@click.option("--row", type=click.IntRange(0), default=0, show_default=True, help="Which row of the data.")
@click.option("-o", "--output", metavar="OUT.html", help="Where to write the page; FILE with .html by default.")
@click.option("--force", is_flag=True, help="Overwrite a file that is no such page.")
@click.option("--no-verify", is_flag=True, help="Leave out what verify finds.")
@parameter_options
@compile_options
def command(
    settings: Settings,
    file: str,
    assignments: tuple[str, ...],
    data: str | None,
    row: int,
    output: str | None,
    force: bool,
    no_verify: bool,
    checkpoint: str | None,
    seed: int,
) -> None:
    """Write one page, which needs no network, about a function of FILE and its derivatives.

    Source, graph, forward and backward code, mathematics and what verify finds stand side by side; what belongs
    together lights up. A stepper plays a run at the values given; those that are not given are drawn by --seed.
    The code is in the style of a lesson, unless --style says otherwise.

    \b
    Examples:
      mgc explain neuron.mg x1=2 x2=0 w1=-3 w2=1 b=6.88
      mgc explain moons.mg --fn loss --data moons.csv --row 3 -o loss.html
    """
    from mgc.cli.points import completed
    from mgc.runtime.explain.data import page
    from mgc.runtime.explain.page import html_of
    from mgc.runtime.files import write_atomically

    settings = settings.as_lesson()
    target = output or f"{Path(file).stem if file != '-' else 'page'}.html"
    check_target(target, force, (file, data, checkpoint), _no_page)
    function = the_function(settings.load(file))
    values = _rows(function, data, row) | read_values(assignments, function)
    bound, drawn = completed(function, values, checkpoint, seed)
    report = None if no_verify else _verified(function)
    shown = page(function, bound, list(drawn), file if file != "-" else "<stdin>", settings.options.style, report)
    write_atomically(target, html_of(shown).encode("utf-8"))
    click.echo(f"wrote {target}")


def _verified(function: Function) -> Report:
    with working(f"verifying {function.info.name}"):
        return function.verify()


def _rows(function: Function, data: str | None, row: int) -> dict[str, object]:
    """The arguments that a row of the data gives, as data of one row. Errors: DataError."""
    if data is None:
        return {}
    from mgc.runtime.training.data import load

    found: dict[str, object] = {}
    for name, read in load(data, function.info.arguments).items():
        values = read if isinstance(read, list) else getattr(read, "tolist", lambda: None)()
        if not isinstance(values, list):
            raise DataError(f"{printable(data)}: '{name}' is one number: it has no rows")
        if row >= len(values):
            raise DataError(f"{printable(data)} has {len(values)} rows: there is no row {row}, the first is row 0")
        found[name] = values[row : row + 1]
    return found


def _no_page(target: Path) -> str | None:
    with target.open("rb") as existing:
        return None if MARK in existing.read(1000) else f"{printable(str(target))} exists and is no page of mgc"
