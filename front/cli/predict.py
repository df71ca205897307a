"""`mgc predict`: a function of a model on each row of a data file -> a column."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import click

from mgc.cli.columns import column_mapping
from mgc.cli.options import Settings, compile_options
from mgc.cli.targets import check_target
from mgc.grammar.diagnostics import DataError, printable

LONGEST = 2**20  # characters of a heading


@click.command("predict", short_help="Compute a function on each row of a data file.")
@click.argument("file", metavar="FILE")
@click.argument("name", metavar="FN")
@click.argument("more_columns", metavar="[ARG=COLUMNS]...", nargs=-1)
@click.option("--data", required=True, metavar="D", help="A .csv or .parquet with named columns, or an .npz.")
@click.option("--columns", multiple=True, metavar="ARG=COLUMNS", help="The columns of an argument, by their names.")
@click.option("--params", "checkpoint", metavar="P", help="The parameters (.json, .safetensors).")
@click.option("-o", "--output", metavar="OUT.csv", help="Where to; standard output by default.")
@click.option("--force", is_flag=True, help="Overwrite a file that is no such prediction.")
@compile_options
def command(
    settings: Settings,
    file: str,
    name: str,
    more_columns: tuple[str, ...],
    data: str,
    columns: tuple[str, ...],
    checkpoint: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Compute function FN of FILE on the rows of a data file, with trained parameters.

    FN takes one row, or all of them and gives a result for each. The numbers are written as they are, to the last bit.

    \b
    Examples:
      mgc predict moons.mg score --params moons.safetensors --data new.csv --columns x=X0,X1 -o scores.csv
    """
    from mgc.runtime.files import write_atomically
    from mgc.runtime.training import checkpoint as files
    from mgc.runtime.training.data import load
    from mgc.runtime.training.predict import check_rows, columns_wanted, predicted

    model = settings.load(file)
    function = model[name]
    if output is not None:
        check_target(output, force, (file, data, checkpoint), partial(_no_prediction, function.info.name))
    if function.info.parameters and checkpoint is None:
        raise DataError(f"{name} has parameters: --params names the file that they are in")
    check_rows(function, data)
    parameters = files.load(checkpoint, model.parameters) if checkpoint is not None else None
    rows = load(data, columns_wanted(function), column_mapping((*columns, *more_columns)))
    found = predicted(function, parameters if function.info.parameters else None, rows)
    text = _csv(found)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_atomically(output, text.encode())


def _csv(columns: Mapping[str, Sequence[float]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(map(repr, column) for column in columns.values()), strict=True))
    return text.getvalue()


def _no_prediction(name: str, target: Path) -> str | None:
    """Why a file is no prediction of this function: its heading has other names than `score`, or `score0,score1`."""
    with target.open(encoding="utf-8", errors="replace") as existing:
        columns = existing.readline(LONGEST).rstrip("\n").split(",")
    if columns in ([name], [""], [f"{name}{place}" for place in range(len(columns))]):
        return None
    return f"{printable(str(target))} exists and is no prediction of {name}"
