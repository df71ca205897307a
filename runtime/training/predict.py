"""A function for each row of a data file: (function, parameters, data) -> columns of numbers.

score(x[2]), X0,X1 = 1,2 / 3,4  ->  score = 0.25 / -1.5
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from mgc.grammar.diagnostics import DataError, printable
from mgc.runtime.arguments import Params, name_and_shape
from mgc.runtime.callable import Function
from mgc.runtime.conversion import Nested, flat, shape_of

if TYPE_CHECKING:
    from mgc.compiler.module import ArgumentInfo

ROWS = "rows"


def takes_rows(function: Function) -> bool:
    """Whether the function takes many rows at once: some argument's first size, that of its result, is free."""
    leading = {argument.shape[0] for argument in function.info.arguments if argument.shape}
    return any(shape and shape[0].isidentifier() and shape[0] in leading for shape in function.info.results)


def columns_wanted(function: Function) -> list[ArgumentInfo]:
    """What a data file has to have: the arguments, one for each row where the function takes a single one."""
    arguments = function.info.arguments
    if takes_rows(function):
        return list(arguments)
    return [replace(argument, shape=(ROWS, *argument.shape)) for argument in arguments if argument.default is None]


def check_rows(function: Function, path: str) -> None:
    """Refuse a function of a matrix for the rows of a table, where it has one result for all. Errors: DataError."""
    matrices = [argument for argument in function.info.arguments if len(argument.shape) > 1]
    if takes_rows(function) or not matrices or Path(path).suffix.lower() == ".npz":
        return
    given = ", ".join(name_and_shape(one.name, one.shape) for one in matrices)
    raise DataError(
        f"{function.signature} makes no column: it has one result for all of {given}; predict takes a function of one "
        "row of the table, or of all that has a result for each (a matrix for each result is in an .npz)"
    )


def predicted(function: Function, parameters: Params | None, data: Mapping[str, object]) -> dict[str, list[float]]:
    """The results as columns, by name: `score`, or `score0`, `score1`, … where a row has several. Errors: DataError."""
    first = [parameters] if parameters is not None else []
    if takes_rows(function):
        result = function(*first, **data)
        return _columns(function.info.name, cast("list[Nested]", result[0] if isinstance(result, tuple) else result))
    if not data:
        raise DataError(f"{function.signature} takes nothing from the data")
    columns = [value if isinstance(value, list) else [] for value in data.values()]
    if len({len(column) for column in columns}) > 1:
        found = ", ".join(f"{len(column)} of {printable(name)}" for name, column in zip(data, columns, strict=True))
        raise DataError(f"{function.signature} takes one row of each argument, found {found}")
    rows = [dict(zip(data, row, strict=True)) for row in zip(*columns, strict=True)]
    results = [function(*first, **row) for row in rows]
    return _columns(function.info.name, [list(one) if isinstance(one, tuple) else one for one in results])


def _columns(name: str, rows: Sequence[Nested]) -> dict[str, list[float]]:
    """Errors: DataError where there are no rows."""
    if not rows:
        raise DataError("the data has no rows")
    table = [list(flat(row)) for row in rows]
    names = [name] if shape_of(rows[0]) == () else [f"{name}{place}" for place in range(len(table[0]))]
    return dict(zip(names, map(list, zip(*table, strict=True)), strict=True))
