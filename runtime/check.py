"""Derivatives against differences, (function, arguments) -> report: each exact one beside a numerical one.

The numerical one is a central difference refined by one step of Richardson's extrapolation (Richardson 1911),
D = (16 D(h/4) - D(h)) / 15, at several h around cbrt(epsilon) * max(1, |x|). The h is chosen by the
difference's own error estimate, never by the answer that it is to check. NaN is a failure.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from mgc.grammar.diagnostics import DataError, ModelError
from mgc.runtime.arguments import Gradients
from mgc.runtime.conversion import Nested, flat
from mgc.runtime.model import Function, gradients_by_name

EPSILON = sys.float_info.epsilon
STEPS = tuple(math.cbrt(EPSILON) * 4.0**power for power in (3, 2, 1, 0, -1))
TOLERANCE = 1e-6  # five digits more than a wrong rule would leave, four fewer than a good difference gives
NOISE = 64.0  # roundings of the function's value, in units of its last place, that a difference may carry


@dataclass(frozen=True, slots=True)
class Row:
    """One derivative. `error` is |exact - numerical| relative to the larger; `note` says why a row fails."""

    variable: str
    value: float
    exact: float
    numerical: float
    error: float
    passed: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """`rows` of the `total` derivatives: large arrays are sampled."""

    rows: tuple[Row, ...]
    total: int

    @property
    def passed(self) -> bool:
        return all(row.passed for row in self.rows)

    @property
    def worst(self) -> float:
        """The largest relative error; nan where there is one."""
        return max((row.error for row in self.rows), key=lambda e: math.inf if math.isnan(e) else e, default=0.0)


def check(
    function: Function,
    arguments: Sequence[object],
    tolerance: float = TOLERANCE,
    per_variable: int = 50,
    seed: int = 0,
) -> Report:
    """Compare each derivative with differences; of an array with more than `per_variable` elements, a sample.

    Array and several results are checked through sum(adjoint * result) with random adjoints.
    Errors: DataError for arguments that do not fit and for a function without derivatives.
    """
    generator = random.Random(seed)
    bound = function.checked(*arguments)
    evaluate, gradients = _objective(function, bound, generator)
    value = evaluate(bound)
    rows = []
    total = 0
    for name, container, key, gradient in _variables(function, bound, gradients):
        elements = list(_elements(container, key, gradient, name))
        total += len(elements)
        chosen = sorted(generator.sample(range(len(elements)), min(per_variable, len(elements))))
        rows += [_row(elements[index], lambda: evaluate(bound), value, tolerance) for index in chosen]
    return Report(tuple(rows), total)


@dataclass(frozen=True, slots=True)
class Element:
    """One number inside the arguments, which a difference moves: `row[index]`."""

    name: str
    row: list[Nested]
    index: int
    exact: float


def _objective(
    function: Function, bound: list[object], generator: random.Random
) -> tuple[Callable[[list[object]], float], Gradients]:
    """The scalar to differentiate, and its exact gradients."""
    info, run = function.info, function.model.run
    if info.results == ((),):
        _, gradients = function.value_and_grad(*bound)
        return lambda arguments: cast("float", run(info.emitted_name, arguments)), gradients
    result = cast("Nested | tuple[Nested, ...]", run(info.emitted_name, bound))
    results = result if isinstance(result, tuple) else (result,)
    adjoints = [_random_like(item, generator) for item in results]
    _, gradients = function.vjp(*bound, *adjoints)

    def weighted(arguments: list[object]) -> float:
        found = run(info.emitted_name, arguments)
        return math.fsum(
            a * b
            for adjoint, item in zip(adjoints, found if isinstance(found, tuple) else (found,), strict=True)
            for a, b in zip(flat(adjoint), flat(cast("Nested", item)), strict=True)
        )

    return weighted, gradients


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


def _row(element: Element, evaluate: Callable[[], float], value: float, tolerance: float) -> Row:
    x = cast("float", element.row[element.index])
    numerical, noise, note = _difference(element, evaluate, x, value)
    exact = element.exact
    gap = abs(exact - numerical)
    scale = max(abs(exact), abs(numerical))
    error = 0.0 if gap == 0.0 else gap / scale if scale > 0.0 else math.nan
    passed = math.isfinite(gap) and gap <= tolerance * scale + noise
    return Row(element.name, x, exact, numerical, error, passed, note if not passed else "")


def _difference(element: Element, evaluate: Callable[[], float], x: float, value: float) -> tuple[float, float, str]:
    """The numerical derivative, the rounding noise that it carries, and what is odd about it."""
    sides = _sides(element, evaluate, x, max(1.0, abs(x)))
    if not any(math.isfinite(up - down) for _, up, down in sides) and x != 0.0:
        sides = _sides(element, evaluate, x, abs(x))  # x is small and near the end of the domain, as in log(1e-9)
    best, best_error, best_noise = math.nan, math.inf, 0.0
    for (_, up, down), (h, finer_up, finer_down) in pairwise(sides):
        coarse, fine = (up - down) / (8.0 * h), (finer_up - finer_down) / (2.0 * h)
        refined = (16.0 * fine - coarse) / 15.0
        noise = NOISE * EPSILON * abs(value) / h
        if abs(refined - fine) + noise < best_error:
            best, best_error, best_noise = refined, abs(refined - fine) + noise, noise
    if math.isnan(best):
        return best, 0.0, "the function has no finite value on both sides"
    return best, best_noise, _kink(sides[-1], value)


def _sides(element: Element, evaluate: Callable[[], float], x: float, scale: float) -> list[tuple[float, float, float]]:
    """(h, f(x + h), f(x - h)) for each step, the largest first."""
    return [
        (h, _moved(element, evaluate, x, h), _moved(element, evaluate, x, -h)) for h in (step * scale for step in STEPS)
    ]


def _kink(sides: tuple[float, float, float], value: float) -> str:
    h, up, down = sides
    right, left = (up - value) / h, (value - down) / h
    noise = 2.0 * NOISE * EPSILON * abs(value) / h
    kinked = abs(right - left) > 1e-2 * max(abs(right), abs(left)) + noise
    return "a kink or jump: the one-sided slopes differ" if kinked else ""


def _moved(element: Element, evaluate: Callable[[], float], x: float, step: float) -> float:
    """The function's value with one number moved; nan outside its domain."""
    element.row[element.index] = x + step
    try:
        return evaluate()
    except (ModelError, DataError):
        return math.nan
    finally:
        element.row[element.index] = x
