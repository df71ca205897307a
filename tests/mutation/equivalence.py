"""Whether a mutant is another function at all: two texts -> how their results compare at many valid points.

The points are random, on a coarse grid, where ties and zeros are met, and on the constants of the text; sizes are all
different, and 2, 1 and 0. Where the original raises, or a result is infinite or no number, there is nothing to compare:
`mgc verify` speaks of real numbers. Nothing here knows about derivatives.
"""

from __future__ import annotations

import ast
import copy
import functools
import math
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import FrameType
from typing import Any, Literal

from msgspec import Struct

from mgc.compiler.module import FunctionInfo
from mgc.grammar import tree
from mutation.expressions import INTEGER, Shape
from support import emitted
from support.arrays import flat
from support.emitted import Emitted, Point

Comparison = Literal["same", "rounding", "tied", "other", "crash"]  # from the best to the worst
COMPARISONS: tuple[Comparison, ...] = ("same", "rounding", "tied", "other", "crash")
ROUNDING = 1e-12  # of a number, or of 1: more is another function
STYLES = ("uniform", "grid", "grid", "bounds", "positive", "wide")
MANY, FEW = 50, 4  # turns of each style at sizes that all differ; few where there are parameters, which are many
Call = tuple[Any, ...]


class Trial(Struct, frozen=True):
    """A compiled case with points of the domain of each function to mutate, and what the original gives there."""

    emitted: Emitted
    info: FunctionInfo
    points: dict[str, tuple[tuple[Call, object], ...]]

    @property
    def derivative(self) -> dict[str, dict[str, Shape]]:
        """The derivative's function by name, with the shapes of its variables."""
        return {str(self.info.gradient_name): _shapes(self)}

    def helpers(self, names: Sequence[str]) -> dict[str, dict[str, Shape]]:
        """These helpers of the file with their variables: all numbers."""
        return {name: dict.fromkeys(_numbers(_definition(self.emitted, name)), ()) for name in names}


def _definition(compiled: Emitted, name: str) -> ast.FunctionDef:
    body = ast.parse(compiled.module.text).body
    return next(node for node in body if isinstance(node, ast.FunctionDef) and node.name == name)


def _numbers(node: ast.FunctionDef) -> Iterator[str]:
    """The variables of a helper: all of them numbers."""
    for part in ast.walk(node):
        if isinstance(part, ast.arg):
            yield part.arg
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id


def trial(compiled: Emitted, name: str, helpers: Sequence[str] = (), seed: int = 0) -> Trial:
    info = compiled.info(name)
    source = random.Random(seed)
    points = {str(info.gradient_name): _domain(compiled, str(info.gradient_name), _calls(compiled, info, source))}
    for helper in helpers:
        counts = _argument_counts(_definition(compiled, helper).args)
        calls = [
            tuple(_number(compiled, style, source) for _ in range(count)) for count in counts for style in STYLES * MANY
        ]
        points[helper] = _domain(compiled, helper, calls)
    return Trial(compiled, info, points)


def _argument_counts(arguments: ast.arguments) -> tuple[int, ...]:
    """With how many numbers it is called: also with more of them, where it takes any number."""
    count = len(arguments.args)
    return (count, count + 2) if arguments.vararg else (count,)


def _domain(compiled: Emitted, name: str, calls: Iterable[Call]) -> tuple[tuple[Call, object], ...]:
    tried = [(at, _result(compiled.names[name], at)) for at in calls]
    points = [(at, result) for at, result in tried if not isinstance(result, Exception) and _is_finite(result)]
    assert points, f"{name}: no point of its domain was found"
    return tuple(points)


def compare(original: Trial, text: str, function: str) -> tuple[Comparison, str]:
    """How the results of the function that was mutated differ at the worst point, and that point.

    A crash counts where it is met everywhere; `tied` are those that differ where numbers are tied or on the grid alone.
    """
    names: dict[str, Any] = {}
    exec(compile(text, "mutant.py", "exec"), names)  # a mutant of our own text
    found: list[tuple[Comparison, Call]] = []
    for at, wanted in original.points[function]:
        result = _result(names[function], at)
        kind = "crash" if isinstance(result, Exception) else _compared(result, wanted)
        found.append(("tied" if kind == "other" and not _is_generic(at, original) else kind, at))
    if all(kind == "crash" for kind, _ in found):
        return "crash", ""
    worst, at = max(found, key=lambda one: COMPARISONS.index(one[0]))
    return ("other" if worst == "crash" else worst), ("" if worst == "same" else f"{at!r:.300}")


def _is_generic(at: Call, original: Trial) -> bool:
    """Whether no two numbers are equal, and none is on the grid or a constant of the text."""
    numbers = [abs(number) for number in flat(at) if isinstance(number, float)]
    constants = _constants(original.emitted.module.text)
    return len(set(numbers)) == len(numbers) and not any(2 * x % 1 == 0 or x in constants for x in numbers)


def _is_finite(result: object) -> bool:
    return all(math.isfinite(number) for number in flat(result))


def _result(run: Callable[..., object], at: Call) -> object:
    try:
        return run(*copy.deepcopy(at))
    except Exception as problem:  # a mutant may do anything; an original raises outside of its domain
        return problem


def _compared(found: object, wanted: object) -> Comparison:
    match found, wanted:
        case (dict(), dict()):
            if found.keys() != wanted.keys():
                return "other"
            return _worst(_compared(found[key], wanted[key]) for key in wanted)
        case (list() | tuple(), list() | tuple()):
            if type(found) is not type(wanted) or len(found) != len(wanted):
                return "other"
            return _worst(_compared(a, b) for a, b in zip(found, wanted, strict=True))
        case (float() | int(), float() | int()):
            if found == wanted or (math.isnan(found) and math.isnan(wanted)):
                return "same"
            return "rounding" if abs(found - wanted) <= ROUNDING * max(1.0, abs(wanted)) else "other"
    return "other"


def _worst(kinds: Iterator[Comparison]) -> Comparison:
    return max(kinds, key=COMPARISONS.index, default="same")


# --- points


def _calls(compiled: Emitted, info: FunctionInfo, source: random.Random) -> Iterator[Call]:
    """Arguments of the derivative's function."""
    names = _size_names(compiled, info.name)
    for style in STYLES:
        plans: list[dict[str, int]] = [{}] * (FEW if info.parameters else MANY)
        if names:
            plans += [dict.fromkeys(names, size) for size in (2, 1, 0)]
        for sizes in plans:
            try:
                at = _point(compiled, info, style, sizes, source)
                yield _arguments(compiled, info, at, source)
            except (ArithmeticError, ValueError, IndexError, emitted.Misfit):
                continue  # no such sizes, or the result there (whose shape its adjoint needs) has no value


def _size_names(compiled: Emitted, name: str) -> list[str]:
    declared = emitted.declaration(compiled, name)
    dimensions = [dimension for argument in declared.arguments for dimension in argument.dimensions]
    return list(dict.fromkeys(d.identifier for d in dimensions if isinstance(d, tree.Name)))


def _point(compiled: Emitted, info: FunctionInfo, style: str, sizes: Mapping[str, int], source: random.Random) -> Point:
    at = emitted.point(compiled, info.name, source, sizes, 0.1 if style == "positive" else -1.5)

    def moved(x: float) -> float:
        return x if isinstance(x, int) or style == "positive" else _number(compiled, style, source)

    return Point(
        {name: emitted.mapped(moved, value) for name, value in at.arguments.items()},
        {name: emitted.mapped(moved, value) for name, value in at.params.items()},
    )


def _number(compiled: Emitted, style: str, source: random.Random) -> float:
    match style:
        case "grid":
            return source.randrange(-3, 4) / 2
        case "bounds":
            return source.choice(_constants(compiled.module.text))
        case "positive":
            return source.uniform(0.1, 1.5)
        case "wide":
            return source.uniform(-4.5, 4.5)
    return source.uniform(-1.5, 1.5)


@functools.cache
def _constants(text: str) -> list[float]:
    """What the conditions of the text compare with, of either sign, and 0."""
    compared = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Compare)]
    numbers = {part.value for node in compared for part in ast.walk(node) if isinstance(part, ast.Constant)}
    small = {abs(number) for number in numbers if isinstance(number, float) and abs(number) < 100} | {0.0, 0.5}
    return sorted(small | {-number for number in small})


def _arguments(compiled: Emitted, info: FunctionInfo, at: Point, source: random.Random) -> Call:
    seeds = emitted.seeds_for(compiled, info.name, at, source)
    plain = [at.arguments[a.name] for a in info.arguments if not seeds or a.default is None]
    optional = [at.arguments[a.name] for a in info.arguments if seeds and a.default is not None]
    return (*((at.params,) if info.parameters else ()), *plain, *seeds, *optional)


# --- shapes


def _shapes(trial: Trial) -> dict[str, Shape]:
    """The shape of each variable of the derivative's function, as it is when that returns."""
    name = str(trial.info.gradient_name)
    seen: dict[str, Shape] = {}

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "return" and frame.f_code.co_name == name:
            seen.update({key: _shape(value) for key, value in frame.f_locals.items() if not key.startswith(".")})

    for at, _ in trial.points[name][:1]:
        sys.setprofile(watch)
        try:
            trial.emitted.names[name](*copy.deepcopy(at))
        finally:
            sys.setprofile(None)
    return {key: shape for key, shape in seen.items() if shape != NO_NUMBERS}


NO_NUMBERS: Shape = (-2,)  # stands for the shape of a dictionary or a tuple


def _shape(value: object) -> Shape:
    if isinstance(value, list):
        return (len(value), *(_shape(value[0]) if value else ()))
    if isinstance(value, dict | tuple):
        return NO_NUMBERS
    return INTEGER if isinstance(value, int) else ()
