"""Arrays of the interpreter: a shape and a flat tuple of numbers, with the operations of whole arrays.

>>> to_lists(matmul(from_lists([[1, 2], [3, 4]], 2), from_lists([1, 1], 1)))
[3.0, 7.0]
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

Scalar = float | int | bool
Result = Any  # a number, nested lists of them, or a tuple of results


class Misfit(Exception):
    """Shapes that do not fit, or an index outside its axis."""


@dataclass(frozen=True, slots=True)
class Array:
    shape: tuple[int, ...]
    flat: tuple[Scalar, ...]

    def row(self, place: int) -> Value:
        width = math.prod(self.shape[1:])
        part = self.flat[place * width : (place + 1) * width]
        return part[0] if len(self.shape) == 1 else Array(self.shape[1:], part)


Value = Scalar | Array


def from_lists(given: Result, rank: int) -> Value:
    if rank == 0:
        return cast(Scalar, given)
    rows = [from_lists(row, rank - 1) for row in given]
    if rank == 1:
        return Array((len(rows),), tuple(cast(Scalar, row) for row in rows))
    inner = cast(Array, rows[0]).shape if rows else (0,) * (rank - 1)
    return Array((len(rows), *inner), tuple(x for row in rows for x in cast(Array, row).flat))


def to_lists(value: Any) -> Result:
    if isinstance(value, Array):
        return [to_lists(value.row(place)) for place in range(value.shape[0])]
    return value


def flat(result: Result) -> list[float]:
    """All numbers of nested lists, tuples and dicts, in order."""
    if isinstance(result, dict):
        return [x for part in result.values() for x in flat(part)]
    return [x for part in result for x in flat(part)] if isinstance(result, list | tuple) else [result]


def shape_of(value: object) -> tuple[int, ...]:
    return value.shape if isinstance(value, Array) else ()


def elementwise(function: Callable[..., Scalar], *values: Value) -> Value:
    longest = max((shape_of(value) for value in values), key=len)
    if not longest:
        return function(*values)
    columns: list[tuple[Scalar, ...]] = []
    count = math.prod(longest)
    for value in values:
        shape = shape_of(value)
        if shape != longest[len(longest) - len(shape) :]:
            raise Misfit(f"{shape} and {longest}")
        part = value.flat if isinstance(value, Array) else (value,)
        columns.append(part * (count // len(part)) if part else ())
    return Array(longest, tuple(function(*row) for row in zip(*columns, strict=True)))


def stack(rows: list[Value]) -> Array:
    inner = shape_of(rows[0])
    if any(shape_of(row) != inner for row in rows):
        raise Misfit("rows differ")
    return Array((len(rows), *inner), tuple(x for r in rows for x in (r.flat if isinstance(r, Array) else (r,))))


def transpose(array: Array) -> Array:
    shape = array.shape[::-1]
    places = itertools.product(*[range(size) for size in shape])
    strides = [math.prod(array.shape[k + 1 :]) for k in range(len(array.shape))]
    picked = (sum(p * s for p, s in zip(place[::-1], strides, strict=True)) for place in places)
    return Array(shape, tuple(array.flat[k] for k in picked))


def matmul(left: Array, right: Array) -> Value:
    if left.shape[-1] != right.shape[0]:
        raise Misfit(f"{left.shape} @ {right.shape}")
    rows = [left] if len(left.shape) == 1 else [cast(Array, left.row(k)) for k in range(left.shape[0])]
    columns = [right]
    if len(right.shape) == 2:
        turned = transpose(right)
        columns = [cast(Array, turned.row(k)) for k in range(turned.shape[0])]
    products = tuple(math.fsum(a * b for a, b in zip(r.flat, c.flat, strict=True)) for r in rows for c in columns)
    shape = (*left.shape[:-1], *right.shape[1:])
    return Array(shape, products) if shape else products[0]
