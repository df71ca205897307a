"""A `.csv` file -> its columns by name: finite numbers, or what is wrong with the first cell that is none.

Where the first row is numbers, the file has no header and its columns have no names.
"""

from __future__ import annotations

import csv
import io
import math
import os
import re
from collections.abc import Sequence

from msgspec import Struct

from mgc.grammar.diagnostics import DataError, did_you_mean, printable
from mgc.runtime.files import read_regular

NUMBER = re.compile(r"[ \t]*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?[ \t]*", re.ASCII)
DELIMITERS = {";": "`;`", "\t": "a tab"}  # of files that a comma was expected in
Vector = list[float]


class Table(Struct, frozen=True):
    """The columns as they stand in the file. `names` is None where it has no header; `problems` are of what is used."""

    path: str
    names: tuple[str, ...] | None
    columns: tuple[Vector, ...]
    problems: tuple[str, ...]  # of each column: why it is no column of numbers, or ""

    def column(self, position: int) -> Vector:
        """The numbers of a column. Errors: DataError at the first cell that is none."""
        if self.problems[position]:
            raise DataError(self.problems[position])
        return self.columns[position]

    def named(self, name: str) -> Vector:
        """The numbers of a column by its name. Errors: DataError."""
        names = self.names or ()
        if name not in names:
            hint = did_you_mean(name, names) or f"the columns are: {self.listed}"
            raise DataError(f"{printable(self.path)}:1: no column '{printable(name)}'; {hint}")
        return self.column(names.index(name))

    @property
    def listed(self) -> str:
        """The names of the columns, for a message."""
        names = ", ".join(self.names or ())
        return printable(names if len(names) <= 80 else names[:79] + "…")


def read_csv(path: str | os.PathLike[str], limit: int) -> Table:
    """A table of at most `limit` bytes. Errors: DataError with line and column."""
    shown = printable(os.fspath(path))
    try:
        text = read_regular(path, limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{shown}: not a text file: byte {error.start} is not UTF-8") from None
    names: tuple[str, ...] | None = None
    columns: list[Vector] = []
    problems: list[str] = []
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in rows:
            if not row or row == [""]:
                continue
            where = f"{shown}:{rows.line_num}"
            if not columns:
                _check_delimiter(row, where)
                columns, problems = [[] for _ in row], ["" for _ in row]
                if not all(NUMBER.fullmatch(cell) for cell in row):
                    names = checked_names([cell.strip() for cell in row], where)
                    continue
            _append(columns, problems, row, names, where)
    except csv.Error as error:
        raise DataError(f"{shown}:{rows.line_num}: {error}") from None
    if not any(columns) and not any(problems):
        raise DataError(f"{shown}: it has no rows of numbers")
    return Table(os.fspath(path), names, tuple(columns), tuple(problems))


def _check_delimiter(row: list[str], where: str) -> None:
    for sign, spelt in DELIMITERS.items():
        if len(row) == 1 and sign in row[0]:
            raise DataError(f"{where}: the columns are separated by {spelt}; a .csv has commas between them")


def _append(
    columns: list[Vector], problems: list[str], row: list[str], names: tuple[str, ...] | None, where: str
) -> None:
    if len(row) != len(columns):
        raise DataError(f"{where}: expected {len(columns)} columns as in the first row, found {len(row)}")
    for position, cell in enumerate(row):
        value = float(cell) if NUMBER.fullmatch(cell) else math.nan
        columns[position].append(value)
        if not math.isfinite(value) and not problems[position]:
            name = f" ('{printable(names[position])}')" if names else ""
            problems[position] = (
                f"{where}:{position + 1}: column {position + 1}{name}: "
                f"expected a finite number, found '{printable(cell[:40])}'"
            )


def checked_names(names: Sequence[str], where: str) -> tuple[str, ...]:
    """Names of columns. Errors: DataError for one that is empty, or stands there twice."""
    seen = set[str]()
    for position, name in enumerate(names, 1):
        if not name:
            raise DataError(f"{where}:{position}: column {position} has no name")
        if name in seen:
            raise DataError(f"{where}:{position}: a second column named '{printable(name)}'")
        seen.add(name)
    return tuple(names)
