"""Emitted Python on trial: .mg text -> callable functions, points to try them at, and differences to hold them to.

The values are compared with the interpreter's, the derivatives with central differences of the interpreter's values.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.module import FunctionInfo, Module
from mgc.compiler.options import DEFAULTS, Options
from mgc.compiler.pipeline import compile_source
from mgc.grammar import tree
from mgc.grammar.parser import parse
from support import interpreter
from support.arrays import Misfit, flat
from support.interpreter import Machine

STEPS = (1e-2, 1e-3, 1e-4)  # of the sixth-order difference below: the first two that agree are believed
TOLERANCE = 1e-7


class Emitted(Struct, frozen=True):
    """A compiled module with what it was compiled from."""

    file: tree.File
    module: Module
    names: Mapping[str, Any]
    constants: Mapping[str, float]
    options: Options = DEFAULTS

    def info(self, name: str) -> FunctionInfo:
        return next(info for info in self.module.functions if info.name == name)


class Point(Struct, frozen=True):
    """Where a function is tried: its arguments by the author's names, and the parameters."""

    arguments: dict[str, Any]
    params: dict[str, Any]


def emit(text: str, path: str = "model.mg", options: Options | None = None) -> Emitted:
    options = options or Options()
    module = compile_source(text, path, options)
    return replace(execute(module, text, path, dict(options.constants)), options=options)


def execute(module: Module, text: str, path: str, constants: Mapping[str, float]) -> Emitted:
    names: dict[str, Any] = {}
    exec(compile(module.text, "emitted.py", "exec"), names)  # the emitted file of our own text
    return Emitted(parse(text, path), module, names, constants)


def declaration(emitted: Emitted, name: str) -> tree.Function:
    return next(d for d in emitted.file.declarations if isinstance(d, tree.Function) and d.name == name)


# --- points


def point(
    emitted: Emitted,
    name: str,
    source: random.Random,
    sizes: Mapping[str, int] | None = None,
    low: float = -1.5,
) -> Point:
    """Random arguments: sizes all different (so that a transposed index shows), integers that index any axis."""
    function = declaration(emitted, name)
    known = dict(sizes or {})
    fresh = iter(source.sample(range(2, 6), 4) + list(range(6, 40)))
    arguments = {}
    declared = {d.name: d for d in emitted.file.declarations if not isinstance(d, tree.Import)}
    machine = Machine(declared, {}, emitted.constants)
    for argument in function.arguments:
        for dimension in argument.dimensions:
            if isinstance(dimension, tree.Name) and not isinstance(declared.get(dimension.identifier), tree.Const):
                known.setdefault(dimension.identifier, next(fresh))
    least = min([2, *known.values()])
    draws: dict[str, Callable[[], float]] = {
        "int": lambda: source.randrange(max(1, least)),
        "float": lambda: source.uniform(low, 1.5),
    }
    for argument in function.arguments:
        frame = interpreter.Frame(machine, dict(known))
        shape = [interpreter.integer(dimension, frame) for dimension in argument.dimensions]
        draw = draws[argument.dtype]
        arguments[argument.name] = _random(shape, draw)
    return Point(arguments, parameters(emitted, source, known))


def parameters(emitted: Emitted, source: random.Random, known: Mapping[str, int]) -> dict[str, Any]:
    """Initial parameters, none of them zero."""
    if not emitted.module.parameters:
        return {}
    sizes = {size: known[size] for size in emitted.module.sizes}
    start = emitted.names["init_params"](seed=1, **sizes)
    return {name: mapped(lambda x: x + source.uniform(0.1, 0.5), array) for name, array in start.items()}


def _random(shape: Sequence[int], draw: Callable[[], float]) -> Any:
    return [_random(shape[1:], draw) for _ in range(shape[0])] if shape else draw()


def mapped(function: Callable[[float], float], array: Any) -> Any:
    return [mapped(function, row) for row in array] if isinstance(array, list) else function(array)


# --- values


def meaning(emitted: Emitted, name: str, at: Point) -> Any:
    """What the interpreter makes of the function."""
    used = emitted.info(name).parameters
    params = {dotted: at.params[dotted] for dotted in used}
    return interpreter.run(emitted.file, name, at.arguments, params, emitted.constants)


def call(emitted: Emitted, name: str, at: Point) -> Any:
    """What the emitted function gives."""
    info = emitted.info(name)
    head = (at.params,) if info.parameters else ()
    return emitted.names[info.emitted_name](*head, *_positional(info, at))


def gradient(emitted: Emitted, name: str, at: Point, seeds: Sequence[Any] = ()) -> tuple[Any, Any]:
    """(value, derivatives) of the emitted code; `seeds` are the adjoints of the results of a `_vjp`."""
    info = emitted.info(name)
    head = (at.params,) if info.parameters else ()
    function = emitted.names[str(info.gradient_name)]
    value, grads = function(*head, *_arranged(info, at, seeds))
    return value, grads


def _positional(info: FunctionInfo, at: Point) -> list[Any]:
    return [at.arguments[argument.name] for argument in info.arguments]


def _arranged(info: FunctionInfo, at: Point, seeds: Sequence[Any]) -> list[Any]:
    """Arguments and adjoints in the order of the signature: those with defaults come last."""
    required = [at.arguments[a.name] for a in info.arguments if not seeds or a.default is None]
    optional = [at.arguments[a.name] for a in info.arguments if seeds and a.default is not None]
    return [*required, *seeds, *optional]


def seeds_for(emitted: Emitted, name: str, at: Point, source: random.Random) -> list[Any]:
    """Adjoints for the results of a function, where it takes them."""
    info = emitted.info(name)
    if info.results == ((),):
        return []
    value = call(emitted, name, at)
    parts = value if len(info.results) > 1 else (value,)
    return [mapped(lambda _: source.uniform(0.5, 1.5), part) for part in parts]


# --- derivatives


def difference(emitted: Emitted, name: str, at: Point, seeds: Sequence[Any], direction: Point) -> float:
    """The central difference of the interpreter's result along a direction, nan where it has none."""

    def along(by: float) -> float:
        value = meaning(emitted, name, _moved(at, direction, by))
        if not seeds:
            return float(value)
        return math.fsum(a * b for a, b in zip(flat(value), flat(list(seeds)), strict=True))

    return slope(along)


def slope(along: Callable[[float], float]) -> float:
    """The derivative at 0, nan where no two steps agree to TOLERANCE (as across a kink).

    Source of the weights: Fornberg, Generation of finite difference formulas (1988), table 1.
    """
    tried: list[float] = []
    for step in STEPS:
        found = math.fsum(w * along(k * step) for k, w in _OFFSETS.items()) / step
        if any(close(before, found, TOLERANCE) for before in tried):
            return found
        tried.append(found)
    return math.nan


_OFFSETS = {-3: -1 / 60, -2: 3 / 20, -1: -3 / 4, 1: 3 / 4, 2: -3 / 20, 3: 1 / 60}


def _moved(at: Point, direction: Point, by: float) -> Point:
    """The point a little further along the direction."""
    return Point(
        {k: _sum(x, direction.arguments.get(k), by) for k, x in at.arguments.items()},
        {k: _sum(x, direction.params.get(k), by) for k, x in at.params.items()},
    )


def _sum(x: Any, direction: Any, by: float) -> Any:
    if direction is None:
        return x
    if isinstance(x, list):
        return [_sum(a, b, by) for a, b in zip(x, direction, strict=True)]
    return x + by * direction


def _direction(info: FunctionInfo, at: Point, source: random.Random) -> Point:
    """A random direction in everything that is differentiated."""
    by_params = bool(info.parameters) and "params" in info.wrt
    named = [name for name in info.wrt if not (by_params and name == "params")]
    dotted = info.parameters if by_params else ()
    return Point(
        {name: mapped(lambda _: source.uniform(-1, 1), at.arguments[name]) for name in named},
        {name: mapped(lambda _: source.uniform(-1, 1), at.params[name]) for name in dotted},
    )


def close(found: float, wanted: float, tolerance: float) -> bool:
    if math.isnan(found) or math.isnan(wanted):
        return math.isnan(found) and math.isnan(wanted)
    return found == wanted or abs(found - wanted) <= tolerance * max(1.0, abs(wanted))


def check_value(emitted: Emitted, name: str, at: Point, *others: Emitted) -> None:
    """The value, of what else the model was compiled to too."""
    wanted = meaning(emitted, name, at)
    for one in (emitted, *others):
        found = call(one, name, at)
        assert shape(found) == shape(wanted), (name, at, found, wanted, one.options)
        for a, b in zip(flat(found), flat(wanted), strict=True):
            assert close(a, b, 1e-11), (name, at, found, wanted, one.options)


def check_gradient(emitted: Emitted, name: str, at: Point, source: random.Random, *others: Emitted) -> None:
    """The shapes of the derivatives, and their product with a random direction."""
    if emitted.info(name).gradient_name is None:
        assert all(one.info(name).gradient_name is None for one in others)
        return
    seeds = seeds_for(emitted, name, at, source)
    direction = _direction(emitted.info(name), at, source)
    wanted = difference(emitted, name, at, seeds, direction)
    for one in (emitted, *others):
        product = _product(one, name, at, seeds, direction)
        assert math.isnan(wanted) or close(product, wanted, 2 * TOLERANCE), (name, at, product, wanted, one.options)


def _product(emitted: Emitted, name: str, at: Point, seeds: Sequence[Any], direction: Point) -> float:
    """Of the derivatives with a direction; they have the shapes of what they are by, and come with the value."""
    value, grads = gradient(emitted, name, at, seeds)
    plain = flat(call(emitted, name, at))
    assert all(close(a, b, 1e-12) for a, b in zip(flat(value), plain, strict=True)), (name, at, value, plain)
    found = parts(emitted.info(name), grads)
    for key, part in found.items():
        given = at.params[key] if key in at.params else at.arguments[key]
        assert shape(part) == shape(given), (name, key, part)
    steps = {**direction.arguments, **direction.params}
    return math.fsum(a * b for key, part in found.items() for a, b in zip(flat(part), flat(steps[key]), strict=True))


def parts(info: FunctionInfo, grads: Any) -> dict[str, Any]:
    """The derivatives by name, in order, whatever form they come in."""
    if not info.parameters or "params" not in info.wrt:
        return dict(zip(info.wrt, grads, strict=True))
    if info.wrt == ("params",):
        return dict(grads)
    found = dict(zip(info.wrt, grads, strict=True))
    return {**found.pop("params"), **found}


def shape(result: Any) -> Any:
    if isinstance(result, list | tuple):
        return [len(result), *(shape(part) for part in result)]
    return ()


def check(
    emitted: Emitted,
    source: random.Random,
    turns: int = 2,
    sizes: Mapping[str, int] | None = None,
    low: float = -1.5,
    others: Sequence[Emitted] = (),
) -> None:
    """Every function of a module at random points, no number below `low`: value and derivatives.

    `others`: the same model with other options, which must give the same.
    """
    for info in emitted.module.functions:
        for _ in range(turns):
            at = point(emitted, info.name, source, sizes, low)
            check_value(emitted, info.name, at, *others)
            check_gradient(emitted, info.name, at, source, *others)


__all__ = ["Emitted", "Misfit", "Point", "check", "emit", "execute"]
