"""Data files -> the arguments of a loss: `.csv` with a header, `.parquet`, or `.npz`.

    X0,X1,y            loss(X[n, 2], y[n])    ->  {"X": [[1.0, 2.0], [3.0, 4.0]], "y": [1.0, -1.0]}
    1.0,2.0,1
    3.0,4.0,-1

A column named as an argument is that vector; columns `X0, X1, …` (or `X[0]`, `X.0`, `X_0`; from 0 or 1) are
the columns of matrix `X`. Others are mapped: {"X": ["sepal length", "sepal width"]}. Columns that no argument takes may
hold anything. Where the first row is numbers too (no header) and the loss takes one matrix and
one vector, the last column is the vector and the others are the matrix.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mgc.grammar.diagnostics import DataError, did_you_mean, printable
from mgc.runtime.arguments import name_and_shape
from mgc.runtime.training.table import Table, Vector, read_csv

if TYPE_CHECKING:
    from mgc.compiler.module import ArgumentInfo

MAX_BYTES = 2**30
MAX_NAME = 100  # characters of a name and its index: the pattern below takes the square of it
INDEXED = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_]*?)(?:\[(?P<a>\d+)\]|[._](?P<b>\d+)|(?P<c>\d+))", re.ASCII)
Column = Vector | list[Vector]


def load(
    path: str | os.PathLike[str],
    arguments: Sequence[ArgumentInfo],
    mapping: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, object]:
    """The data of a file by argument name. Errors: DataError with file, line and column.

    Arguments that the file has nothing for are left out; columns that no argument takes are ignored.
    mapping: the names of the columns of an argument, where they are others than its own.
    """
    match Path(path).suffix.lower():
        case ".csv":
            return dict(columns_by_argument(read_csv(path, MAX_BYTES), arguments, mapping or {}))
        case ".parquet":
            from mgc.runtime.training.parquet import read_parquet  # needs pyarrow

            return dict(columns_by_argument(read_parquet(path, MAX_BYTES), arguments, mapping or {}))
        case ".npz" if mapping:
            raise DataError(f"{printable(os.fspath(path))}: columns are those of a .csv or .parquet file")
        case ".npz":
            from mgc.runtime.training.archive import read_npz  # needs NumPy

            return read_npz(path, [argument.name for argument in arguments], MAX_BYTES)
        case _:
            raise DataError(f"{printable(os.fspath(path))}: data are read from .csv, .parquet and .npz files")


def columns_by_argument(
    table: Table, arguments: Sequence[ArgumentInfo], mapping: Mapping[str, Sequence[str]]
) -> dict[str, Column]:
    """Vectors and matrices for the arguments that the table has columns for. Errors: DataError."""
    _check_mapping(table, arguments, mapping)
    if table.names is None:
        return _by_position(table, arguments)
    found: dict[str, Column] = {}
    for argument in arguments:
        if argument.name in mapping:
            found[argument.name] = _mapped(table, argument, mapping[argument.name])
        elif len(argument.shape) == 2 and (numbered := _numbered(table, argument.name)):
            found[argument.name] = _transposed(numbered)
        elif len(argument.shape) == 1 and argument.name in table.names:
            found[argument.name] = table.named(argument.name)
    missing = [a for a in arguments if a.shape and a.default is None and a.name not in found]
    if missing:
        raise DataError(_missing_message(table, missing[0]))
    return found


def _check_mapping(table: Table, arguments: Sequence[ArgumentInfo], mapping: Mapping[str, Sequence[str]]) -> None:
    names = [argument.name for argument in arguments]
    for name in mapping:
        if name not in names:
            hint = did_you_mean(name, names) or f"there are {', '.join(names)}"
            raise DataError(f"no argument '{printable(name)}' to give columns to; {hint}")
    if mapping and table.names is None:
        raise DataError(f"{printable(table.path)}:1: the first row has no column names to choose from")


def _mapped(table: Table, argument: ArgumentInfo, names: Sequence[str]) -> Column:
    columns = [table.named(name) for name in names]
    if len(argument.shape) == 2:
        return _transposed(columns)
    if len(argument.shape) == 1 and len(columns) == 1:
        return columns[0]
    if not argument.shape:
        raise DataError(f"{argument.name} is one number, not a column: a loss of data takes arrays, such as x[n]")
    raise DataError(f"{name_and_shape(argument.name, argument.shape)} takes one column, not {len(columns)}")


def _numbered(table: Table, name: str) -> list[Vector]:
    """The columns `name0, name1, …` in order; empty where there are none. Errors: DataError for a gap."""
    found: dict[int, Vector] = {}
    for position, column_name in enumerate(table.names or ()):
        match = INDEXED.fullmatch(column_name) if len(column_name) <= MAX_NAME else None
        if match is None or match["name"] != name:
            continue
        index = int((match["a"] or match["b"] or match["c"])[:9])
        if index in found:
            raise DataError(f"{printable(table.path)}: two columns are number {index} of '{name}'")
        found[index] = table.column(position)
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
    *rows, last = [table.column(position) for position in range(len(table.columns))]
    return {matrices[0].name: _transposed(rows), vectors[0].name: last}


def _transposed(columns: Sequence[Vector]) -> list[Vector]:
    return [list(row) for row in zip(*columns, strict=True)]


def _missing_message(table: Table, argument: ArgumentInfo) -> str:
    name = argument.name
    wanted = {1: f"a column '{name}'", 2: f"columns '{name}0', '{name}1', …"}.get(len(argument.shape))
    place = f"{printable(table.path)}:1"
    if wanted is None:
        return f"{place}: {name_and_shape(name, argument.shape)} has too many axes for a table; use .npz"
    said = f"{place}: expected {wanted} for {name_and_shape(name, argument.shape)}; the columns are: {table.listed}"
    return f"{said}; to take others: --columns {name}={'COLUMN,COLUMN' if len(argument.shape) == 2 else 'COLUMN'}"
