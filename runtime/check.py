"""Derivatives against differences, (function, arguments) -> report: each exact one beside a numerical one.

The numerical one is a central difference refined by one step of Richardson's extrapolation (Richardson 1911),
D = (16 D(h/4) - D(h)) / 15, at several h around cbrt(epsilon) and cbrt(epsilon)*|x|. The h is chosen by the
difference's own error estimate, never by the answer that it is to check. Where that estimate is too large to tell, or
the two differ, differences in fifty digits decide (`finer.py`); where those cannot, nothing is decided. NaN fails.

A float32 has no digits for differences: the derivatives of native code in float32 are held to those of emitted Python,
at the numbers that float32 has for the arguments.
"""

from __future__ import annotations

import math
import random
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from msgspec.structs import replace

from mgc.grammar.diagnostics import DataError, ModelError
from mgc.runtime.arguments import Gradients, in_signature_order
from mgc.runtime.conversion import Nested, flat
from mgc.runtime.model import Function, gradients_by_name

if TYPE_CHECKING:
    from mgc.runtime.finer import Finer, Slopes

EPSILON = sys.float_info.epsilon
STEPS = tuple(math.cbrt(EPSILON) * 4.0**power for power in (3, 2, 1, 0, -1))
TOLERANCE = 1e-6  # five digits more than a wrong rule would leave, four fewer than a good difference gives
SINGLE = 1e-3  # the same for float32, which has seven digits: sums of some thousand terms leave three of them
NOISE = 64.0  # roundings of the function's value, in units of its last place, that a difference may carry
CERTAIN = 10.0  # times its doubt is what no difference is off by


class Row(Struct, frozen=True):
    """One derivative. `error` is |exact - numerical| relative to the larger; `note` says why a row is as it is.

    `undecided`: the numerical one has too few digits to tell. It has passed then.
    """

    variable: str
    value: float
    exact: float
    numerical: float
    error: float
    passed: bool
    note: str = ""
    undecided: bool = False


class Report(Struct, frozen=True):
    """`rows` of the `total` derivatives: large arrays are sampled.

    `weights`: of array or several results, one for each number; the derivatives are those of the weighted sum.
    """

    rows: tuple[Row, ...]
    total: int
    weights: tuple[float, ...] = ()

    @property
    def passed(self) -> bool:
        return all(row.passed for row in self.rows)

    @property
    def worst(self) -> float:
        """The largest relative error of what is decided; nan where there is one."""
        return max(
            (row.error for row in self.rows if not row.undecided),
            key=lambda e: math.inf if math.isnan(e) else e,
            default=0.0,
        )


def check(
    function: Function,
    arguments: Sequence[object],
    tolerance: float | None = None,
    per_variable: int = 50,
    seed: int = 0,
) -> Report:
    """Compare each derivative with differences; of an array with more than `per_variable` elements, a sample.

    Array and several results are checked through sum(adjoint * result) with random adjoints. The tolerance is `SINGLE`
    for a model in float32, else `TOLERANCE`.
    Errors: DataError for arguments that do not fit, for a function without derivatives, and for no such tolerance.
    """
    generator = random.Random(seed)
    is_single = function.model.module.options.dtype == "float32"
    bound = [_nearest(one) for one in function.checked(*arguments)] if is_single else function.checked(*arguments)
    tolerance = tolerance if tolerance is not None else SINGLE if is_single else TOLERANCE
    check_tolerance(tolerance)
    objective, gradients = _objective(function, bound, generator)
    lost_digits = tolerance * _largest(function, gradients) if is_single else math.inf
    value = objective.at(bound)
    lost = "" if math.isfinite(value) or _is_finite(bound) else f"the value is {value} at what is given"
    rows = []
    total = 0
    for name, container, key, gradient in _variables(function, bound, gradients):
        elements = list(_elements(container, key, gradient, name))
        total += len(elements)
        chosen = sorted(generator.sample(range(len(elements)), min(per_variable, len(elements))))
        for element in (elements[index] for index in chosen):
            said = lost if math.isfinite(element.value) else "no differences at what is not finite"
            row = _untold(element, said) if said else _row(element, objective, bound, value, tolerance)
            rows.append(
                row
                if row.passed or not math.isfinite(row.exact)
                else _excused(row, element, objective, bound, tolerance, lost_digits)
            )
    return Report(tuple(rows), total, () if function.info.results == ((),) else tuple(objective.weights))


def check_tolerance(tolerance: float) -> None:
    """Refuse what is no share of a number. Errors: DataError."""
    if not 0.0 <= tolerance < math.inf:
        raise DataError(f"tolerance: expected a finite number from 0 on, found {tolerance}")


class Element(Struct, frozen=True):
    """One number inside the arguments, which a difference moves: `row[index]`."""

    name: str
    row: list[Nested]
    index: int
    exact: float

    @property
    def value(self) -> float:
        return cast("float", self.row[self.index])

    def put(self, value: float) -> None:
        self.row[self.index] = value


class Objective(Struct):
    """The scalar to differentiate: a function's results, weighted."""

    function: Function
    weights: list[float]
    adjoints: list[Nested]
    _finer: Finer | None = None

    def at(self, arguments: list[object]) -> float:
        model = self.function.model
        model = model.emitted if model.module.options.dtype == "float32" else model
        found = model.run(self.function.info.emitted_name, arguments)
        numbers = [x for part in (found if isinstance(found, tuple) else (found,)) for x in flat(cast("Nested", part))]
        return math.fsum(weight * number for weight, number in zip(self.weights, numbers, strict=True))

    @property
    def finer(self) -> Finer:
        """The same in more digits."""
        if self._finer is None:
            from mgc.runtime.finer import Finer  # slow to import: mpmath

            self._finer = Finer(self.function.model.python().text, self.function.info.emitted_name, self.weights)
        return self._finer

    def derivative(self, element: Element, bound: list[object]) -> float | None:
        """The emitted derivative by that number in fifty digits, where it can be had."""
        info = self.function.info
        found = self.finer.derivative(
            element.put,
            element.value,
            info.gradient_name or "",
            lambda: in_signature_order(info, bound, self.adjoints),
        )
        for name, container, key, gradient in _variables(self.function, bound, found[1]) if found else ():
            for one in _elements(container, key, gradient, name):
                if one.name == element.name:
                    return float(getattr(one.exact, "value", one.exact))
        return None


def _objective(function: Function, bound: list[object], generator: random.Random) -> tuple[Objective, Gradients]:
    """The scalar to differentiate, and its exact gradients."""
    info = function.info
    if info.results == ((),):
        return Objective(function, [1.0], []), function.value_and_grad(*bound)[1]
    result = cast("Nested | tuple[Nested, ...]", function.model.run(info.emitted_name, bound))
    adjoints = [_random_like(item, generator) for item in (result if isinstance(result, tuple) else (result,))]
    weights = [weight for adjoint in adjoints for weight in flat(adjoint)]
    return Objective(function, weights, adjoints), function.vjp(*bound, *adjoints)[1]


def _random_like(value: Nested, generator: random.Random) -> Nested:
    if isinstance(value, list):
        return [_random_like(item, generator) for item in value]
    return generator.uniform(-1.0, 1.0)


def _variables(
    function: Function, bound: list[object], gradients: Gradients
) -> Iterator[tuple[str, list[Nested] | dict[str, Nested], int | str, Nested]]:
    """(name, where its value is kept, under which key, its gradient) of each differentiated variable."""
    info = function.info
    positions = {argument.name: place for place, argument in enumerate(info.arguments, bool(info.parameters))}
    values = cast("list[Nested]", bound)
    for name, gradient in gradients_by_name(function, gradients).items():
        if name in positions:
            yield name, values, positions[name], gradient
        else:
            yield name, cast("dict[str, Nested]", bound[0]), name, gradient


def _elements(
    container: list[Nested] | dict[str, Nested], key: int | str, gradient: Nested, name: str
) -> Iterator[Element]:
    """The numbers under one key; recursion as deep as the array has axes."""
    place = cast("list[Nested]", container)
    index = cast("int", key)
    value = place[index]
    if not isinstance(value, list):
        yield Element(name, place, index, cast("float", gradient))
        return
    for position, part in enumerate(cast("list[Nested]", gradient)):
        yield from _elements(value, position, part, f"{name}[{position}]")


def _nearest(value: object) -> object:
    """The numbers that float32 has for these; integers are what they are."""
    if isinstance(value, dict):
        return {name: _nearest(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_nearest(one) for one in value]
    return array("f", [value])[0] if isinstance(value, float) else value


def _largest(function: Function, gradients: Gradients) -> float:
    return max([abs(x) for one in gradients_by_name(function, gradients).values() for x in flat(one)], default=0.0)


def _is_finite(bound: list[object]) -> bool:
    inputs = [part for given in bound for part in (given.values() if isinstance(given, dict) else (given,))]
    return all(math.isfinite(number) for part in inputs for number in flat(part))


def _untold(element: Element, note: str) -> Row:
    return Row(element.name, element.value, element.exact, math.nan, math.nan, True, note, undecided=True)


def _row(element: Element, objective: Objective, bound: list[object], value: float, tolerance: float) -> Row:
    x, exact = element.value, element.exact
    numerical, doubt = _difference(element, lambda: objective.at(bound), x, value)
    if not math.isfinite(exact):
        return Row(element.name, x, exact, numerical, math.nan, False)
    scale = max(abs(exact), abs(numerical))
    if abs(exact - numerical) <= tolerance * scale and doubt <= tolerance * scale:
        return Row(element.name, x, exact, numerical, _error(exact, numerical), True)
    slopes = objective.finer.slopes(element.put, x, bound)
    if slopes is not None:
        return _judged(element.name, x, exact, slopes, tolerance)
    wrong = abs(exact - numerical) > tolerance * scale + CERTAIN * doubt
    note = "" if wrong else "too few digits" if math.isfinite(numerical) else "no value on both sides"
    return Row(element.name, x, exact, numerical, _error(exact, numerical), not wrong, note, undecided=not wrong)


def _judged(name: str, x: float, exact: float, slopes: Slopes, tolerance: float) -> Row:
    """What differences in many digits say of a derivative; on a kink any slope between the two sides is right."""
    low, high = sorted((slopes.left, slopes.right))
    numerical = (low + high) / 2
    share = tolerance * max(abs(exact), abs(low), abs(high))
    slack = share + slopes.noise
    kinked = slopes.kinks and high - low > 2 * slack
    nearest = min(max(exact, low), high) if kinked else numerical
    passed = abs(exact - nearest) <= slack
    if slopes.jumps:
        return Row(name, x, exact, numerical, math.nan, True, "the value jumps", undecided=True)
    if exact and slopes.noise > abs(share):
        return Row(name, x, exact, numerical, _error(exact, numerical), True, "too few digits", undecided=True)
    note = f"a kink: the slopes beside it are {slopes.left:.6g} and {slopes.right:.6g}" if kinked else ""
    error = 0.0 if abs(exact - nearest) <= slopes.noise else _error(exact, nearest)
    return Row(name, x, exact, nearest, error, passed, note)


def _excused(
    row: Row, element: Element, objective: Objective, bound: list[object], tolerance: float, most: float
) -> Row:
    """A row that failed, passed where the emitted text is right in fifty digits: terms cancel, of which doubles leave
    the roundings; floats may leave so much and no more."""
    found = objective.derivative(element, bound) if abs(row.exact - row.numerical) <= most else None
    if found is None or not abs(found - row.numerical) <= tolerance * max(abs(row.numerical), math.ulp(row.exact)):
        return row
    note = f"{found:.9g} in fifty digits: terms cancel"
    return replace(row, error=_error(found, row.numerical), passed=True, note=note)


def _error(exact: float, numerical: float) -> float:
    gap, scale = abs(exact - numerical), max(abs(exact), abs(numerical))
    return 0.0 if gap == 0.0 else gap / scale if scale > 0.0 else math.nan


def _difference(element: Element, evaluate: Callable[[], float], x: float, value: float) -> tuple[float, float]:
    """The numerical derivative, and how far it may be off; nan and infinity where the function has no values."""
    best, doubt = math.nan, math.inf
    for scale in (1.0, abs(x)) if x not in (0.0, 1.0, -1.0) else (1.0,):
        sides = [_sides(element, evaluate, x, step * scale) for step in STEPS]
        for (width, up, down), (finer, finer_up, finer_down) in pairwise(one for one in sides if one[0] > 0.0):
            coarse, fine = (up - down) / width, (finer_up - finer_down) / finer
            refined = fine + (fine - coarse) / 15.0
            off = abs(refined - fine) + NOISE * EPSILON * max(abs(value), abs(up), abs(down)) / finer
            if off < doubt:
                best, doubt = refined, off
    return best, doubt


def _sides(element: Element, evaluate: Callable[[], float], x: float, h: float) -> tuple[float, float, float]:
    """How far the two sides of a number are apart, as doubles have it, and the function's values there; nan outside."""
    values = []
    for moved in (x + h, x - h):
        element.put(moved)
        try:
            values.append(evaluate())
        except (ModelError, DataError):
            values.append(math.nan)
        finally:
            element.put(x)
    return (x + h) - (x - h), values[0], values[1]
