"""One function and its derivatives, here and through other libraries, side by side, with the differences in ulp.

All run the emitted text of the value, with numbers of their own; the derivatives are theirs: PyTorch and JAX
differentiate what it computes, NumPy takes differences in more digits.

>>> import mgc
>>> report = mgc.loads("def f(x, y): return tanh(x*y)").f.compare(0.5, 2.0, libraries=["numpy"])
>>> [row.name for row in report.rows], report.worst < 100
(['f', 'x', 'y'], True)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

from mgc.compiler.text_table import plain_table
from mgc.runtime.arguments import Params, gradients_by_name, is_one_number
from mgc.runtime.callable import Function
from mgc.runtime.conversion import Nested, filled, flat, ones_like
from mgc.runtime.libraries import Many, library
from mgc.runtime.lifted import Lifted, lowered, over

if TYPE_CHECKING:
    from mgc.compiler.module import ArgumentInfo


class Row(Struct, frozen=True):
    """A value (under the function's name) or a derivative (under that of what it is by): `ours`, and each library's."""

    name: str
    ours: float
    theirs: tuple[float, ...]

    @property
    def ulps(self) -> tuple[float, ...]:
        """How far each is from ours, in units of the last place of the larger."""
        return tuple(_ulps(self.ours, other) for other in self.theirs)


class Comparison(Struct, frozen=True):
    """The rows, each with a column for each of the libraries."""

    libraries: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def worst(self) -> float:
        """The largest difference, in ulp; inf where one of two is no number."""
        return max((ulps for row in self.rows for ulps in row.ulps), default=0.0)

    def __str__(self) -> str:
        return plain_table(*self.table(self.rows))

    def table(self, rows: Sequence[Row]) -> tuple[list[str], list[list[str]], frozenset[int]]:
        """Headings, cells, and which columns are numbers."""
        headings = ["", "mgc", *(heading for name in self.libraries for heading in (name, "ulp"))]
        cells = [
            [row.name, repr(row.ours), *(c for pair in zip(row.theirs, row.ulps, strict=True) for c in _cells(*pair))]
            for row in rows
        ]
        return headings, cells, frozenset(range(1, len(headings)))


def compare(function: Function, arguments: Sequence[object], libraries: Sequence[str]) -> Comparison:
    """The values of a function and the derivatives of their sum, beside those of each library: torch, jax or numpy.

    Errors: DataError for a library that is not installed, for arguments that do not fit, and where a library lacks a
    function that is needed.
    """
    found = [library(name) for name in libraries]
    bound = function.checked(*arguments)
    values, gradients = _own(function, bound)
    inputs = _inputs(function, bound, gradients)
    point = [number for value in inputs.values() for number in flat(value)]
    theirs: list[list[float]] = []
    for name, other in zip(libraries, found, strict=True):
        emitted = over(function.model.python().text, function.info.emitted_name, name, other.functions())
        their_values, slopes = other.derivative(_flattened(function, emitted, bound, inputs), point)
        theirs.append([*their_values, *slopes])
    results = values[0] if len(values) == 1 else values
    entries = [*_entries(results, function.info.name), *(e for n, g in gradients.items() for e in _entries(g, n))]
    rows = [Row(name, number, tuple(row)) for (name, number), *row in zip(entries, *theirs, strict=True)]
    return Comparison(tuple(libraries), tuple(rows))


def _own(function: Function, bound: Sequence[object]) -> tuple[list[Nested], dict[str, Nested]]:
    """The values, and the derivatives of their sum, by name."""
    if is_one_number(function.info):
        value, gradients = function.value_and_grad(*bound)
        return [value], gradients_by_name(function.info, gradients)
    result = function(*bound)
    values = list(result) if isinstance(result, tuple) else [result]
    _, gradients = function.vjp(*bound, *map(ones_like, values))
    return values, gradients_by_name(function.info, gradients)


def _inputs(function: Function, bound: Sequence[object], names: Iterable[str]) -> dict[str, Nested]:
    """What is differentiated by, as it was passed."""
    given = {argument.name: value for argument, value in _arguments(function, bound)}
    parameters = bound[0] if function.info.parameters else {}
    assert isinstance(parameters, dict)
    return {name: cast("Nested", parameters[name] if name in parameters else given[name]) for name in names}


def _arguments(function: Function, bound: Sequence[object]) -> list[tuple[ArgumentInfo, object]]:
    """The arguments but for the parameters, which come first."""
    own = bound[1:] if function.info.parameters else bound
    return list(zip(function.info.arguments, own, strict=True))


def _flattened(
    function: Function, emitted: Callable[..., object], bound: Sequence[object], inputs: Mapping[str, Nested]
) -> Many:
    """The function of the numbers of its inputs alone, in their order, giving those of its results."""

    def call(numbers: Sequence[Any]) -> Sequence[Any]:
        rest = map(Lifted, numbers)
        moved = {name: filled(value, rest) for name, value in inputs.items()}
        own = [moved.get(argument.name, value) for argument, value in _arguments(function, bound)]
        if function.info.parameters:
            own.insert(0, {name: moved.get(name, value) for name, value in cast("Params", bound[0]).items()})
        result = emitted(*own)
        return [lowered(number) for number in flat(list(result) if isinstance(result, tuple) else result)]

    return call


def _entries(value: Nested, name: str) -> Iterator[tuple[str, float]]:
    """Each number of a value, and its name: `X[0][1]`."""
    if isinstance(value, list):
        for place, row in enumerate(value):
            yield from _entries(row, f"{name}[{place}]")
    else:
        yield name, float(value)


def _cells(other: float, ulps: float) -> tuple[str, str]:
    return repr(other), f"{ulps:.3g}"


def _ulps(ours: float, other: float) -> float:
    if ours == other or (math.isnan(ours) and math.isnan(other)):
        return 0.0
    gap = abs(ours - other)
    return gap / math.ulp(max(abs(ours), abs(other))) if math.isfinite(gap) else math.inf
