"""Rows for step after step: all of them, or minibatches that a seed shuffles anew each epoch; and a part held out.

An epoch takes each row once; its last batch may be smaller.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from mgc.grammar.diagnostics import DataError
from mgc.runtime.callable import Function
from mgc.runtime.conversion import Nested

if TYPE_CHECKING:
    import numpy as np


def batches(function: Function, columns: Sequence[object], batch: int | None, seed: int) -> Iterator[list[object]]:
    """The loss's arguments for step after step, endlessly."""
    if batch is None:
        while True:
            yield list(columns)
    batched, rows = batch_axis(function, columns)
    generator = random.Random(seed)
    while True:
        order = list(range(rows))
        generator.shuffle(order)
        for start in range(0, rows, batch):
            chosen = order[start : start + batch]
            yield [
                _rows(column, chosen) if is_batched else column
                for column, is_batched in zip(columns, batched, strict=True)
            ]


def _rows(column: object, chosen: list[int]) -> object:
    """These rows of a list, or of an array."""
    if isinstance(column, list):
        return [column[row] for row in chosen]
    return cast("np.ndarray", column)[chosen]


def epoch(function: Function, columns: Sequence[object], batch: int | None) -> int:
    """How many steps see each row once. Errors: DataError for a batch that the rows do not fill."""
    if batch is None:
        return 1
    _, rows = batch_axis(function, columns)
    if not 1 <= batch <= rows:
        raise DataError(f"batch: expected 1 to {rows}, the number of rows, found {batch}")
    return -(-rows // batch)


def batch_axis(function: Function, columns: Sequence[object]) -> tuple[list[bool], int]:
    """Which arguments have a row per sample (their first size is the first free name), and how many rows."""
    leading = [argument.shape[0] if argument.shape else "" for argument in function.info.arguments]
    name = next((size for size in leading if size.isidentifier()), None)
    if name is None:
        raise DataError(f"batch: no argument of {function.signature} has a free number of rows")
    batched = [size == name for size in leading]
    return batched, len(cast("list[Nested]", columns[batched.index(True)]))


def split(
    function: Function, data: Mapping[str, object], part: float, seed: int
) -> tuple[dict[str, object], dict[str, object]]:
    """The data without a part of their rows, which the seed draws, and those rows. Errors: DataError."""
    own = [argument.name for argument in function.info.arguments]
    batched, rows = batch_axis(function, [data.get(name, []) for name in own])
    count = round(part * rows) if 0.0 < part < 1.0 else 0
    if not 1 <= count < rows:
        raise DataError(f"validation: {part} of {rows} rows leaves none to train on, or none to validate with")
    order = list(range(rows))
    random.Random(seed).shuffle(order)
    by_rows = {name for name, is_batched in zip(own, batched, strict=True) if is_batched}

    def taken(places: Sequence[int]) -> dict[str, object]:
        return {
            name: [cast("list[Nested]", column)[row] for row in places] if name in by_rows else column
            for name, column in data.items()
        }

    return taken(sorted(order[count:])), taken(sorted(order[:count]))
