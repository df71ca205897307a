"""Arrays of the evaluator of syntax trees: a shape and a flat tuple of numbers or terms, and operations on them.

Shapes are equal, or align at the trailing axes, or one is a number; a size-1 axis never stretches. Where rows have
shapes of their own, as those of a triangle, the tuple of these stands for the second axis: `(2, ((1,), (2,)))`.

>>> to_lists(transpose(cast(Array, from_lists([[1, 2], [3, 4]], 2))))
[[1, 3], [2, 4]]
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any, cast

from msgspec import Struct

from mgc.compiler.verify.terms.terms import Term

Scalar = int | float | Term  # and bool, which is an int: a condition that is decided
Nested = Any  # a number, nested lists of them, or a tuple of results


class Misfit(Exception):
    """Shapes that do not fit."""


class Outside(Misfit):
    """An index outside its axis."""


class Array(Struct, frozen=True):
    shape: tuple[Any, ...]
    flat: tuple[Scalar, ...]

    def row(self, place: int) -> Value:
        if is_ragged(self.shape):
            shape, start = self.shape[1][place], sum(map(size_of, self.shape[1][:place]))
            return Array(shape, self.flat[start : start + size_of(shape)])
        width = math.prod(self.shape[1:])
        part = self.flat[place * width : (place + 1) * width]
        return part[0] if len(self.shape) == 1 else Array(self.shape[1:], part)


Value = int | float | Term | Array


def from_lists(given: Nested, rank: int) -> Value:
    """Nested lists as an array. What has no rows has no columns either: nothing tells how many there would be."""
    if rank == 0:
        return cast(Scalar, given)
    rows = [from_lists(row, rank - 1) for row in given]
    return stack(rows) if rows else Array((0,) * rank, ())


def to_lists(value: Value) -> Nested:
    if isinstance(value, Array):
        return [to_lists(value.row(place)) for place in range(value.shape[0])]
    return value


def flat(result: Nested) -> list[Any]:
    """All numbers of nested lists, tuples and dicts, in order."""
    if isinstance(result, dict):
        return [x for part in result.values() for x in flat(part)]
    return [x for part in result for x in flat(part)] if isinstance(result, list | tuple) else [result]


def shape_of(value: object) -> tuple[Any, ...]:
    return value.shape if isinstance(value, Array) else ()


def is_ragged(shape: tuple[Any, ...]) -> bool:
    """Whether the rows have shapes of their own."""
    return len(shape) > 1 and isinstance(shape[1], tuple)


def size_of(shape: tuple[Any, ...]) -> int:
    """How many numbers an array has. Errors: Misfit."""
    if not is_ragged(shape):
        return math.prod(shape)
    if len(shape) > 2:
        raise Misfit("rows differ")
    return sum(map(size_of, shape[1]))


def aligned(values: Sequence[Value]) -> tuple[tuple[Any, ...], list[tuple[Scalar, ...]]]:
    """The common shape, and at each of its places the element of every value. Errors: Misfit."""
    longest = max((shape_of(value) for value in values), key=len)
    if not longest:
        return (), [tuple(value for value in values if not isinstance(value, Array))]
    columns: list[tuple[Scalar, ...]] = []
    count = size_of(longest)
    for value in values:
        shape = shape_of(value)
        if shape != longest[len(longest) - len(shape) :]:
            raise Misfit(f"{shape} and {longest}")
        part = value.flat if isinstance(value, Array) else (value,)
        columns.append(part * (count // len(part)) if part else ())
    return longest, list(zip(*columns, strict=True))


def elementwise(function: Callable[..., Scalar], *values: Value) -> Value:
    """The function at each element. Errors: Misfit."""
    if not any(isinstance(value, Array) for value in values):
        return function(*values)
    shape, rows = aligned(values)
    return Array(shape, tuple(function(*row) for row in rows)) if shape else function(*rows[0])


def stack(rows: Sequence[Value]) -> Array:
    """An array of the rows, of which there must be one. Errors: Misfit."""
    shapes = tuple(map(shape_of, rows))
    numbers = tuple(x for row in rows for x in elements(row))
    if len(set(shapes)) == 1 and not is_ragged(shapes[0]):
        return Array((len(rows), *shapes[0]), numbers)
    if len({len(shape) for shape in shapes}) != 1 or () in shapes:
        raise Misfit("rows differ")
    return Array((len(rows), shapes), numbers)


def elements(value: Value) -> tuple[Scalar, ...]:
    """The numbers of an array, or the one number."""
    return value.flat if isinstance(value, Array) else (value,)


def element(array: Array, places: Sequence[int | range]) -> Value:
    """`array[i, 2:5]`: a number drops its axis, a range keeps it; axes beyond the last place stay whole."""
    whole = [*places, *[range(size) for size in array.shape[len(places) :]]]
    shape = tuple(len(place) for place in whole if isinstance(place, range))
    picked = [0]
    for place, size in zip(whole, array.shape, strict=True):
        along = place if isinstance(place, range) else (place,)
        picked = [before * size + here for before in picked for here in along]
    found = tuple(array.flat[k] for k in picked)
    return Array(shape, found) if shape else found[0]


def transpose(array: Array) -> Array:
    """Errors: Misfit."""
    if is_ragged(array.shape):
        raise Misfit("rows differ")
    shape = array.shape[::-1]
    strides = [math.prod(array.shape[k + 1 :]) for k in range(len(array.shape))]
    places = itertools.product(*[range(size) for size in shape])
    picked = (sum(p * s for p, s in zip(place[::-1], strides, strict=True)) for place in places)
    return Array(shape, tuple(array.flat[k] for k in picked))


def matmul(left: Value, right: Value, dot: Callable[[Sequence[Scalar], Sequence[Scalar]], Scalar]) -> Value:
    """`left @ right` of vectors and matrices; `dot` sums the products. Errors: Misfit."""
    if not isinstance(left, Array) or not isinstance(right, Array):
        raise Misfit("@ of a number")
    if left.shape[-1] != right.shape[0]:
        raise Misfit(f"{left.shape} @ {right.shape}")
    turned = transpose(right) if len(right.shape) == 2 else right
    rows = [left.flat] if len(left.shape) == 1 else [elements(left.row(k)) for k in range(left.shape[0])]
    columns = [right.flat] if turned is right else [elements(turned.row(k)) for k in range(turned.shape[0])]
    products = tuple(dot(row, column) for row in rows for column in columns)
    shape = (*left.shape[:-1], *right.shape[1:])
    return Array(shape, products) if shape else products[0]
