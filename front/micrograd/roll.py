"""Terms -> blocks: operations that are the same up to the indices that they read become one array of them.

The products `w[3*j + k] * x[i, k]` of all neurons j, inputs k and samples i are one block of three axes, and each
neuron's sum over k is one sum over its last axis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import chain, product
from typing import NamedTuple

from msgspec import Struct

from mgc.micrograd.terms import Operand, Place, Term

FEW = 3  # so many of a kind, at least, are rolled: two are read more easily as they are
COMPARISONS = ("<", "<=", ">", ">=")

Vector = tuple[int, ...]


class Grid(NamedTuple):
    """Vectors of integers that are `offset` plus a step for each axis, times the place along it."""

    offset: Vector
    shape: Vector
    steps: tuple[Vector, ...]  # by axis

    @property
    def size(self) -> int:
        return _product(self.shape)


class Read(NamedTuple):
    """Entries of an array, by the axes of the reader, and then by those over which a sum runs."""

    array: int | str  # the number of a block, or an argument
    grid: Grid
    over: Vector = ()


class Block(Struct, frozen=True):
    """An operation at each point of a shape; `values` are those of a block of constants, which has no operands.

    members: the terms that it holds, in the order of its entries. single: each entry is read once.
    """

    op: str
    shape: Vector
    operands: tuple[Read | float, ...]
    name: str
    single: bool
    members: tuple[int, ...] = ()
    values: tuple[float, ...] = ()


class Rolled(Struct):
    """The blocks, operands first, and where each term is: in which block, at which indices."""

    blocks: list[Block]
    places: dict[int, tuple[int, Vector]]

    def read(self, operand: int | Place) -> tuple[int | str, Vector]:
        """The array that an operand is an entry of, and its indices there."""
        return operand if isinstance(operand, Place) else self.places[operand]


class _Summand(NamedTuple):
    """An operand, or a run of them that go along a grid: from which array, or which constant."""

    array: int | str | None
    constant: float
    grid: Grid


def roll(terms: Sequence[Term]) -> Rolled:
    """The blocks of the terms that were not taken into others."""
    rolled = Rolled([], {})
    for level in _levels(terms):
        groups: dict[Hashable, list[tuple[int, tuple[_Summand, ...]]]] = {}
        for number in level:
            summands = tuple(_summands(terms[number], rolled))
            groups.setdefault(_kind(terms[number].op, summands), []).append((number, summands))
        for group in groups.values():
            _add(rolled, terms, group)
    return rolled


def grids(vectors: Sequence[Vector]) -> Iterator[tuple[int, Grid]]:
    """The vectors, cut into grids: where each begins, and the grid. The longest comes first; few of a kind are alone.

    >>> [grid.shape for _, grid in grids([(0,), (1,), (2,), (10,), (11,), (12,), (99,)])]
    [(2, 3), ()]
    """
    start = 0
    while start < len(vectors):
        grid = _grid(vectors, start)
        yield start, grid
        start += grid.size


def _grid(vectors: Sequence[Vector], start: int) -> Grid:
    shape: Vector = ()
    steps: tuple[Vector, ...] = ()
    size = 1
    while start + 2 * size <= len(vectors):
        step = _minus(vectors[start + size], vectors[start])
        count = 1 + _repeats(vectors, start, size, step)
        if count == 1:
            break
        shape, steps, size = (count, *shape), (step, *steps), size * count
    return Grid(vectors[start], shape, steps) if size >= FEW else Grid(vectors[start], (), ())


def _repeats(vectors: Sequence[Vector], start: int, size: int, step: Vector) -> int:
    """How often the vectors from `start` come again, moved by `step` each time."""
    count = 0
    for place in range(start + size, len(vectors)):
        if _minus(vectors[place], vectors[place - size]) != step:
            break
        count += 1
    return count // size


def _levels(terms: Sequence[Term]) -> list[list[int]]:
    """The terms by how many operations lie below them."""
    heights: list[int] = []
    levels: list[list[int]] = []
    for number, term in enumerate(terms):
        height = 1 + max((heights[operand] for operand in term.operands if type(operand) is int), default=-1)
        heights.append(height)
        if term.operands:
            levels += [[] for _ in range(height + 1 - len(levels))]
            levels[height].append(number)
    return levels


def _summands(term: Term, rolled: Rolled) -> Iterator[_Summand]:
    """The operands; those of a sum that read one array along a grid are one."""
    alone = Grid((), (), ())
    for array, run in _runs(term.operands, rolled):
        if array is None:
            yield from (_Summand(None, constant, alone) for constant in run if isinstance(constant, float))
        elif term.op != "sum":
            yield from (_Summand(array, 0.0, Grid(vector, (), ())) for vector in run if isinstance(vector, tuple))
        else:
            vectors = [vector for vector in run if isinstance(vector, tuple)]
            yield from (_Summand(array, 0.0, grid) for _, grid in grids(vectors))


def _runs(operands: Iterable[Operand], rolled: Rolled) -> Iterator[tuple[int | str | None, list[Vector | float]]]:
    """Consecutive operands of the same array, or that are constants."""
    last: int | str | None = None
    run: list[Vector | float] = []
    for operand in operands:
        array, entry = (None, operand) if isinstance(operand, float) else rolled.read(operand)
        if run and array != last:
            yield last, run
            run = []
        last = array
        run.append(entry)
    yield last, run


def _kind(op: str, summands: Sequence[_Summand]) -> Hashable:
    """What terms of one block have in common."""
    kept = op in ("**", *COMPARISONS)  # the exponent decides how a power is computed
    return op, tuple(
        (summand.array, summand.constant if kept else 0.0, len(summand.grid.offset), *summand.grid[1:])
        for summand in summands
    )


def _add(rolled: Rolled, terms: Sequence[Term], group: Sequence[tuple[int, tuple[_Summand, ...]]]) -> None:
    """The blocks of terms of one kind."""
    vectors = [tuple(chain.from_iterable(summand.grid.offset for summand in summands)) for _, summands in group]
    for start, grid in grids(vectors):
        members = group[start : start + grid.size]
        numbers = tuple(number for number, _ in members)
        operands = tuple(_operands(rolled, [summands for _, summands in members], grid))
        names = Counter(terms[number].name for number in numbers)
        single = all(terms[number].uses == 1 for number in numbers)
        for number, indices in zip(numbers, product(*map(range, grid.shape)), strict=True):
            rolled.places[number] = len(rolled.blocks), indices
        rolled.blocks.append(
            Block(terms[numbers[0]].op, grid.shape, operands, max(names, key=names.__getitem__), single, numbers)
        )


def _operands(rolled: Rolled, members: Sequence[tuple[_Summand, ...]], grid: Grid) -> Iterator[Read | float]:
    """What the block reads, by its own axes and those of its sums."""
    at = 0
    for place, summand in enumerate(members[0]):
        if summand.array is None:
            yield _constant(rolled, [summands[place].constant for summands in members], grid.shape)
            continue
        width = len(summand.grid.offset)
        steps = tuple(step[at : at + width] for step in grid.steps)
        at += width
        inner = summand.grid
        yield Read(summand.array, Grid(inner.offset, grid.shape, (*steps, *inner.steps)), inner.shape)


def _constant(rolled: Rolled, values: Sequence[float], shape: Vector) -> Read | float:
    """One number for all entries, or a block of them, along the axes on which they differ."""
    at = dict(zip(product(*map(range, shape)), values, strict=True))
    axes = [axis for axis in range(len(shape)) if any(repr(at[i]) != repr(at[_first(i, axis)]) for i in at)]
    if not axes:
        return values[0]
    kept = [value for i, value in at.items() if not any(i[axis] for axis in range(len(shape)) if axis not in axes)]
    rolled.blocks.append(Block("constants", tuple(shape[axis] for axis in axes), (), "", False, (), tuple(kept)))
    steps = tuple(tuple(int(axis == other) for other in axes) for axis in range(len(shape)))
    return Read(len(rolled.blocks) - 1, Grid((0,) * len(axes), shape, steps))


def _first(indices: Vector, axis: int) -> Vector:
    return (*indices[:axis], 0, *indices[axis + 1 :])


def _minus(left: Vector, right: Vector) -> Vector:
    return tuple(a - b for a, b in zip(left, right, strict=True))


def _product(shape: Vector) -> int:
    size = 1
    for count in shape:
        size *= count
    return size
