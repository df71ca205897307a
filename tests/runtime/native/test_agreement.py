"""Python and native code give the same numbers: on the examples, on the emitter's programs, on random programs."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import pytest

import mgc
from mgc.compiler.options import Options
from mgc.runtime.conversion import Sizes
from mgc.runtime.initial import initial
from mgc.runtime.model import Function
from support.native_models import agree, called, needs_c, quickly
from support.programs import points, program
from support.quick import first_quick
from support.trial import adjoints, shape

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples").glob("*.mg"))
PROGRAMS = sorted((ROOT / "tests/compiler/emit/programs").glob("*.mg"))
SIZES = (3, 4, 2, 5)
pytestmark = [needs_c, pytest.mark.filterwarnings("ignore::mgc.grammar.diagnostics.ModelWarning")]


def drawn(function: Function, source: random.Random, special: bool) -> list[Any]:
    """Arguments of a function at random; where it is `special`, with infinities and NaN."""
    sizes = Sizes()
    free = [size for argument in function.info.arguments for size in argument.shape if size.isidentifier()]
    for place, size in enumerate(dict.fromkeys(free)):
        sizes.bind(size, SIZES[place % len(SIZES)], "here")

    def numbers(rest: tuple[str, ...], kind: str) -> Any:
        if rest:
            return [numbers(rest[1:], kind) for _ in range(sizes.value(rest[0]) or 0)]
        if kind == "int":
            return source.randrange(2)
        if special and source.random() < 0.3:
            return source.choice((math.nan, math.inf, -math.inf, 0.0))
        return source.gauss(0.0, 1.0)

    given = {argument.name: numbers(argument.shape, argument.dtype) for argument in function.info.arguments}
    params = [initial(function, 1, given)] if function.info.parameters else []
    return [*params, *given.values()]


def compare(python: Function, native: Function, arguments: list[Any]) -> None:
    """Hold both functions and both derivatives against each other."""
    wanted = called(python, arguments, None)
    assert agree(wanted, called(native, arguments, None)), (python.info.name, arguments)
    if python.info.gradient_name is None or isinstance(wanted, Exception):
        return
    results: Any = python(*arguments)
    by = adjoints([shape(one) for one in (results if len(python.info.results) > 1 else (results,))])
    found = called(native, arguments, by)
    assert agree(called(python, arguments, by), found), (python.info.name, arguments)


@pytest.mark.parametrize("path", [*EXAMPLES, *first_quick(PROGRAMS, 2)], ids=lambda path: path.stem)
def test_every_function_agrees(path: Path, tmp_path: Path) -> None:
    python = mgc.load(path, ieee=True)
    native = quickly(path.read_text("utf-8"), str(path), tmp_path)
    source = random.Random(path.stem)
    for function in python.functions:
        for special in (False, True):
            compare(function, native[function.info.name], drawn(function, source, special))


@pytest.mark.parametrize("first", first_quick(range(0, 400, 4)))
def test_random_programs_agree(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + 4):
        made = program(seed)
        try:
            python = mgc.loads(made.text, "random.mg", functions=["f"], ieee=True)
            native = quickly(made.text, "random.mg", tmp_path, Options(functions=("f",)), str(seed))
        except mgc.ModelError:
            continue
        for point in points(made, seed):
            params = [initial(python.f, 1, point)] if python.f.info.parameters else []
            compare(python.f, native.f, [*params, *[point[argument.name] for argument in python.f.info.arguments]])
