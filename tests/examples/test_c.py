"""Every example as C: the compiler takes it without a warning, and it gives the numbers of the Python."""

from __future__ import annotations

import ctypes
import math
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mgc.compiler.module import Module
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from support import targets

EXAMPLES = Path(__file__).parents[2] / "examples"
WORKSPACE = 100_000  # numbers: more than any example asks for at these sizes
ULPS = 8

CASES = [
    ("neuron", "neuron", {}),
    ("rosenbrock", "rosenbrock", {"n": 9}),
    ("moons", "score", {}),
    ("moons", "loss", {"n": 7}),
    ("digits", "loss", {"n": 3}),
    ("softmax", "loss", {"d": 4, "k": 3}),
    ("gmm", "squared_length", {"d": 4}),
    ("gmm", "log_likelihood", {"n": 6, "k": 3, "d": 4}),
    ("gmm", "objective", {"n": 6, "k": 3, "d": 4}),
]


@pytest.mark.parametrize(("example", "function", "sizes"), CASES, ids=lambda part: str(part))
def test_c_gives_the_numbers_of_python(example: str, function: str, sizes: dict[str, int]) -> None:
    text = (EXAMPLES / f"{example}.mg").read_text(encoding="utf-8")
    python = compile_source(text, f"{example}.mg", Options())
    native = compile_source(text, f"{example}.mg", Options(target="c"))
    info = next(one for one in native.functions if one.name == function)
    names: dict[str, Any] = {}
    exec(compile(python.text, "emitted.py", "exec"), names)  # the emitted file of our own text

    rng = random.Random(example)
    params = {name: array for name, array in initial(names).items() if name in info.parameters}
    arguments = {one.name: drawn(one.shape, one.dtype, sizes, rng) for one in info.arguments}
    head = [params] if params else []
    value, grads = names[f"{function}_value_and_grad"](*head, *arguments.values())
    slopes = list(grads.values()) if params else list(grads)

    inputs = [*params.values(), *arguments.values()]
    places = [room(slope) for slope in slopes]
    found = called(native, f"{function}_value_and_grad", inputs, sizes, places)
    assert close(found, value)
    assert close(called(native, function, inputs, sizes, []), value)
    for place, slope in zip(places, slopes, strict=True):
        scale = max(map(abs, flat(slope)), default=0.0)
        assert all(close(a, b, scale) for a, b in zip(place, flat(slope), strict=True))


def called(module: Module, name: str, inputs: list[Any], sizes: dict[str, int], places: list[Any]) -> float:
    """Call a C function: inputs, sizes, workspace, places for derivatives, status, as its header has them."""
    header = re.search(rf"^double {name}\(([^)]*)\) \{{", module.text, re.MULTILINE)
    assert header is not None
    remaining = iter([*inputs, *places])
    status = ctypes.c_int(0)
    given: list[Any] = []
    for kind, declared in re.findall(r"(\w+ \**)(\w+)(?:,|\s*$)", header[1]):
        match declared:
            case "work":
                given.append((ctypes.c_double * WORKSPACE)())
            case "status":
                given.append(ctypes.byref(status))
            case size if kind == "long " and size in sizes:
                given.append(ctypes.c_long(sizes[size]))
            case _:
                given.append(native(next(remaining)))
    assert next(remaining, None) is None
    function = targets.build(module.text)[name]
    function.restype = ctypes.c_double
    value: float = function(*given)
    assert status.value == 0
    return value


def native(value: Any) -> Any:
    match value:
        case list() if all(isinstance(number, int) for number in flat(value)):
            return (ctypes.c_long * len(flat(value)))(*flat(value))
        case list():
            return (ctypes.c_double * len(flat(value)))(*flat(value))
        case float():
            return ctypes.c_double(value)
        case _:
            return value


def room(slope: Any) -> Any:
    """A place for a derivative, full of nonsense."""
    count = len(flat(slope))
    return (ctypes.c_double * count)(*[math.nan] * count)


def initial(names: dict[str, Any]) -> dict[str, Any]:
    return names["init_params"](seed=1) if "init_params" in names else {}


def drawn(shape: tuple[str, ...], dtype: str, sizes: dict[str, int], rng: random.Random) -> Any:
    if not shape:
        return rng.randrange(2) if dtype == "int" else rng.uniform(0.1, 1.5)
    # a size is arithmetic on names, as in d*(d - 1)/2: of our own examples, so safe to evaluate
    count = int(eval(shape[0], {}, dict(sizes)))
    return [drawn(shape[1:], dtype, sizes, rng) for _ in range(count)]


def flat(nested: Any) -> list[Any]:
    return list(_leaves(nested))


def _leaves(nested: Any) -> Iterator[Any]:
    if isinstance(nested, list):
        for part in nested:
            yield from _leaves(part)
    else:
        yield nested


def close(found: float, wanted: float, scale: float = 0.0) -> bool:
    """A few ulp apart, of `wanted` or of `scale`: the largest entry of the same array."""
    return abs(found - wanted) <= ULPS * math.ulp(max(abs(wanted), scale))
