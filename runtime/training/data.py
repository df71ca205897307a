"""Data files -> the arguments of a loss: `.csv` with a header, or `.npz`.

    X0,X1,y            loss(X[n, 2], y[n])    ->  {"X": [[1.0, 2.0], [3.0, 4.0]], "y": [1.0, -1.0]}
    1.0,2.0,1
    3.0,4.0,-1

A column named as an argument is that vector; columns `X0, X1, …` (or `X[0]`, `X.0`, `X_0`; from 0 or 1) are
the columns of matrix `X`. Where the first row is numbers too (no header) and the loss takes one matrix and
one vector, the last column is the vector and the others are the matrix.
"""

from __future__ import annotations

import csv
import io
import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mgc.grammar.diagnostics import DataError, printable
from mgc.runtime.arguments import name_and_shape
from mgc.runtime.files import read_regular

if TYPE_CHECKING:
    from mgc.compiler.module import ArgumentInfo

MAX_BYTES = 2**30
MAX_NAME = 100  # characters of a name and its index: the pattern below takes the square of it
INDEXED = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_]*?)(?:\[(?P<a>\d+)\]|[._](?P<b>\d+)|(?P<c>\d+))", re.ASCII)
NUMBER = re.compile(r"[ \t]*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?[ \t]*", re.ASCII)
Vector = list[float]
Column = Vector | list[Vector]


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file: `names` is None where it has no header; `columns` as they stand in the file."""

    path: str
    names: tuple[str, ...] | None
    columns: tuple[Vector, ...]


def load(path: str | os.PathLike[str], arguments: Sequence[ArgumentInfo]) -> dict[str, object]:
    """The data of a file by argument name. Errors: DataError with file, line and column.

    Arguments that the file has nothing for are left out; columns that no argument takes are ignored.
    """
    match Path(path).suffix.lower():
        case ".csv":
            return dict(columns_by_argument(read_csv(path), arguments))
        case ".npz":
            from mgc.runtime.training.archive import read_npz  # needs NumPy

            return read_npz(path, [argument.name for argument in arguments], MAX_BYTES)
        case _:
            raise DataError(f"{printable(os.fspath(path))}: data are read from .csv and .npz files")


def read_csv(path: str | os.PathLike[str]) -> Table:
    """A table of finite numbers. Errors: DataError with line and column."""
    shown = printable(os.fspath(path))
    try:
        text = read_regular(path, MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{shown}: not a text file: byte {error.start} is not UTF-8") from None
    names: tuple[str, ...] | None = None
    columns: list[Vector] = []
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in rows:
            if not row or row == [""]:
                continue
            where = f"{shown}:{rows.line_num}"
            if not columns:
                columns = [[] for _ in row]
                if not all(NUMBER.fullmatch(cell) for cell in row):
                    names = _header(row, where)
                    continue
            _append(columns, row, names, where)
    except csv.Error as error:
        raise DataError(f"{shown}:{rows.line_num}: {error}") from None
    if not columns or not columns[0]:
        raise DataError(f"{shown}: it has no rows of numbers")
    return Table(os.fspath(path), names, tuple(columns))


def columns_by_argument(table: Table, arguments: Sequence[ArgumentInfo]) -> dict[str, Column]:
    """Vectors and matrices for the arguments that the table has columns for. Errors: DataError."""
    if table.names is None:
        return _by_position(table, arguments)
    by_name = dict(zip(table.names, table.columns, strict=True))
    found: dict[str, Column] = {}
    for argument in arguments:
        if len(argument.shape) == 2 and (numbered := _numbered(table, argument.name)):
            found[argument.name] = _transposed(numbered)
        elif len(argument.shape) == 1 and argument.name in by_name:
            found[argument.name] = by_name[argument.name]
    missing = [a for a in arguments if a.shape and a.default is None and a.name not in found]
    if missing:
        raise DataError(_missing_message(table, missing[0]))
    return found


def _append(columns: list[Vector], row: list[str], names: tuple[str, ...] | None, where: str) -> None:
    if len(row) != len(columns):
        raise DataError(f"{where}: expected {len(columns)} columns as in the first row, found {len(row)}")
    for position, cell in enumerate(row):
        value = float(cell) if NUMBER.fullmatch(cell) else math.nan
        if not math.isfinite(value):
            name = f" ('{printable(names[position])}')" if names else ""
            raise DataError(
                f"{where}:{position + 1}: column {position + 1}{name}: "
                f"expected a finite number, found '{printable(cell[:40])}'"
            )
        columns[position].append(value)


def _header(row: list[str], where: str) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in row)
    for position, name in enumerate(names):
        if not name:
            raise DataError(f"{where}:{position + 1}: column {position + 1} has no name")
        if name in names[:position]:
            raise DataError(f"{where}:{position + 1}: a second column named '{printable(name)}'")
    return names


def _numbered(table: Table, name: str) -> list[Vector]:
    """The columns `name0, name1, …` in order; empty where there are none. Errors: DataError for a gap."""
    found: dict[int, Vector] = {}
    for column_name, column in zip(table.names or (), table.columns, strict=True):
        match = INDEXED.fullmatch(column_name) if len(column_name) <= MAX_NAME else None
        if match is None or match["name"] != name:
            continue
        index = int((match["a"] or match["b"] or match["c"])[:9])
        if index in found:
            raise DataError(f"{printable(table.path)}: two columns are number {index} of '{name}'")
        found[index] = column
    if not found:
        return []
    first = min(found)
    indices = range(first, first + len(found))
    if first > 1 or set(found) != set(indices):
        gap = next((i for i in range(min(first, 1), max(found)) if i not in found), 0)
        raise DataError(f"{printable(table.path)}: column '{name}{gap}' is missing between the columns of '{name}'")
    return [found[index] for index in indices]


def _by_position(table: Table, arguments: Sequence[ArgumentInfo]) -> dict[str, Column]:
    arrays = [argument for argument in arguments if argument.shape and argument.default is None]
    matrices = [argument for argument in arrays if len(argument.shape) == 2]
    vectors = [argument for argument in arrays if len(argument.shape) == 1]
    if (len(matrices), len(vectors), len(arrays)) != (1, 1, 2) or len(table.columns) < 2:
        raise DataError(
            f"{printable(table.path)}:1: the first row has no column names; only a loss of one matrix and "
            "one vector can do without (all columns but the last, and the last)"
        )
    return {matrices[0].name: _transposed(table.columns[:-1]), vectors[0].name: table.columns[-1]}


def _transposed(columns: Sequence[Vector]) -> list[Vector]:
    return [list(row) for row in zip(*columns, strict=True)]


def _missing_message(table: Table, argument: ArgumentInfo) -> str:
    name = argument.name
    wanted = {1: f"a column '{name}'", 2: f"columns '{name}0', '{name}1', …"}.get(len(argument.shape))
    place = f"{printable(table.path)}:1"
    if wanted is None:
        return f"{place}: {name_and_shape(name, argument.shape)} has too many axes for a .csv file; use .npz"
    names = ", ".join(table.names or ())
    shown = printable(names if len(names) <= 80 else names[:79] + "…")
    return f"{place}: expected {wanted} for {name_and_shape(name, argument.shape)}; the columns are: {shown}"
