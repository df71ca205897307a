"""A Parquet file -> its columns by name, as `table` has them: only those of numbers are read, and none past a bound."""

from __future__ import annotations

import io
import math
import os
from typing import TYPE_CHECKING, Any

from mgc.grammar.diagnostics import DataError, printable
from mgc.runtime.files import read_regular
from mgc.runtime.training.table import Table, Vector, checked_names

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile


def read_parquet(path: str | os.PathLike[str], limit: int) -> Table:
    """A table whose file and numbers take at most `limit` bytes each. Errors: DataError (no pyarrow, damage, size)."""
    shown = printable(os.fspath(path))
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise DataError(f"{shown}: reading .parquet needs pyarrow: pip install 'mgc[parquet]'") from None
    content = io.BytesIO(read_regular(path, limit))
    try:
        return _table(ParquetFile(content), os.fspath(path), limit)
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError):  # the last, where a name is no text
        raise DataError(f"{shown}: damaged, or not a Parquet file") from None


def _table(file: ParquetFile, path: str, limit: int) -> Table:
    import pyarrow

    shown, schema, rows = printable(path), file.schema_arrow, file.metadata.num_rows
    leaves = [file.schema.column(place).path for place in range(len(file.schema))]  # those inside columns, too
    checked_names(leaves, shown)
    names = checked_names(schema.names, shown)
    kinds = dict(zip(names, schema.types, strict=True))
    numeric = [
        name for name, kind in kinds.items() if pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind)
    ]
    if rows * len(numeric) * 8 > limit:
        raise DataError(f"{shown}: its numbers unpack to more than the limit of {limit} bytes")
    if not rows or not numeric:
        raise DataError(f"{shown}: it has no rows of numbers")
    found = file.read(columns=numeric)
    columns, problems = list[Vector](), list[str]()
    for name, kind in kinds.items():
        values = found.column(name).to_pylist() if name in numeric else []
        columns.append([math.nan if value is None else float(value) for value in values])
        where = f"{shown}: column '{printable(name)}'"
        problems.append(_problem(values, where) if name in numeric else f"{where}: expected numbers, found {kind}")
    return Table(path, names, tuple(columns), tuple(problems))


def _problem(values: list[Any], where: str) -> str:
    """What is wrong with the first value that is no finite number, or nothing."""
    for row, value in enumerate(values, 1):
        if value is None or not math.isfinite(value):
            said = "none" if value is None else repr(float(value))
            return f"{where}, row {row}: expected a finite number, found {said}"
    return ""
