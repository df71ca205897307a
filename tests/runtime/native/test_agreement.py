"""Python and native code give the same numbers: on the examples, on the emitter's programs, on random programs."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import mgc
from mgc.compiler.options import Options
from mgc.runtime.initial import initial
from support.native_models import compare, drawn, needs_c, quickly
from support.programs import points, program
from support.quick import first_quick

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples").glob("*.mg"))
PROGRAMS = sorted((ROOT / "tests/compiler/emit/programs").glob("*.mg"))
pytestmark = [needs_c, pytest.mark.filterwarnings("ignore::mgc.grammar.diagnostics.ModelWarning")]


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
