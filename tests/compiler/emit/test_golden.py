"""What small programs compile to, byte for byte: `programs/x.mg` with `x.py`, `x.c` and `x.float32.c` beside it.

`pytest --bless` writes those anew; blessed text is run all the same, so that blessing cannot turn a wrong derivative
right.
"""

from __future__ import annotations

import ctypes
import random
import subprocess
import sys
from pathlib import Path

import pytest

from mgc.compiler.graph.nodes import Node
from mgc.compiler.module import FunctionInfo, Module
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from support import emitted, native, targets
from support.arrays import flat

PROGRAMS = Path(__file__).with_name("programs")
EXAMPLES = Path(__file__).parents[3] / "examples"
ALL = sorted([*PROGRAMS.glob("*.mg"), *EXAMPLES.glob("*.mg")])
ARRAYS = [EXAMPLES / "attention.mg", EXAMPLES / "batchnorm.mg"]  # examples whose results are arrays
OPTIONS = (Options(), Options(unroll=8), Options(ieee=True), Options(accurate=True))  # lessons: gradient/test_steps.py
SIZES = {"digits": {"n": 2}, "gmm": {"n": 3, "k": 2, "d": 3}, "moons": {"n": 3}}
LOW = {"gmm": 0.2}  # a Wishart prior has no logarithm of a negative scale

DIGEST = """
import hashlib, pathlib, sys
from mgc.compiler.options import Options; from mgc.compiler.pipeline import compile_source
for name in sys.argv[1:]:
    path = pathlib.Path(name)
    for options in (Options(unroll=8), Options(style="lesson")):
        text = compile_source(path.read_bytes(), path.name, options).text
        print(path.name, hashlib.sha256(text.encode()).hexdigest())
"""


def by_name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize(
    ("program", "suffix"),
    [(program, suffix) for program in sorted(PROGRAMS.glob("*.mg")) for suffix in (".py", ".c")]
    + [(PROGRAMS / "operations.mg", ".float32.c")],
    ids=lambda part: part.stem if isinstance(part, Path) else part,
)
def test_golden(program: Path, suffix: str, bless: bool) -> None:
    options = Options("python" if suffix == ".py" else "c", dtype="float32" if "float32" in suffix else "float64")
    text, expected = (
        compile_source(program.read_bytes(), program.name, options).text,
        program.with_suffix(suffix),
    )
    if bless:
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("program", ALL, ids=by_name)
def test_golden_code_computes_what_the_model_means(program: Path) -> None:
    text, name = program.read_text(encoding="utf-8"), program.stem
    plain, *others = [emitted.emit(text, program.name, options) for options in OPTIONS]
    if name == "digits":
        at = emitted.point(plain, "accuracy", random.Random(1), SIZES[name])
        emitted.check_value(plain, "accuracy", at, *others)
        return  # 2,410 parameters are too many for differences one by one
    emitted.check(plain, random.Random(name), 2, SIZES.get(name), LOW.get(name, -1.5), others)


@pytest.mark.parametrize("program", [*sorted(PROGRAMS.glob("*.mg")), *ARRAYS], ids=by_name)
def test_golden_c_gives_the_numbers_of_python(program: Path) -> None:
    text = program.read_text(encoding="utf-8")
    python = emitted.emit(text, program.name, Options(ieee=True))
    module = compile_source(text, program.name, Options(target="c"))
    library = targets.build(module.text)
    for info in module.functions:
        at = emitted.point(python, info.name, random.Random(info.name))
        check_native(module, library, python, info, at)


def check_native(
    module: Module, library: ctypes.CDLL, python: emitted.Emitted, info: FunctionInfo, at: emitted.Point
) -> None:
    """Value and derivatives of the C function and of the Python, to rounding (sums may be taken in another order)."""
    value = emitted.call(python, info.name, at)
    several = isinstance(value, tuple)
    results = list(value) if several else [value]
    inputs = native.inputs(info, at.params, at.arguments)
    sizes = native.sizes(info, at.arguments)
    returned = several or info.results != ((),)
    found = native.call(native.find(module, library, info.emitted_name), inputs, sizes, results if returned else [])
    same(info.name, found, [flat(one) for one in results])
    if info.gradient_name is None:
        return
    seeds = emitted.seeds_for(python, info.name, at, random.Random(1))
    _, grads = emitted.gradient(python, info.name, at, seeds)
    slopes = list(emitted.parts(info, grads).values())
    outputs = [*(results if returned else []), *slopes]
    inputs = native.inputs(info, at.params, at.arguments, seeds)
    found = native.call(native.find(module, library, info.gradient_name), inputs, sizes, outputs)
    same(info.name, found, [flat(one) for one in [*results, *slopes]])


def same(name: str, found: list[list[float]], wanted: list[list[float]]) -> None:
    for ours, theirs in zip(found, wanted, strict=True):
        scale = max([1.0, *map(abs, theirs)])
        assert all(emitted.close(a / scale, b / scale, 1e-12) for a, b in zip(ours, theirs, strict=True)), (
            name,
            found,
            wanted,
        )


def test_golden_bytes_depend_on_nothing_but_the_text() -> None:
    """Of plain Python and C this is seen by `test_golden`, which has another hash seed each time."""
    outputs = {seed: _digests(seed) for seed in ("1", "2")}
    assert outputs["1"] == outputs["2"]


def _digests(hash_seed: str) -> str:
    environment = {"PYTHONHASHSEED": hash_seed, "PATH": ""}
    command = [sys.executable, "-c", DIGEST, *map(str, sorted(PROGRAMS.glob("*.mg")))]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


SEVERAL_TURNS = """
def f(a, y[m], p[m]: int):
    u = [exp(y[i]) for i in range(m)]
    big = sum((2*a if a >= i else max(log(y[j]) for j in range(m))) for i in range(m))
    return big + sum((2*a if a >= i else max(u[p[j]] for j in range(m)) + 1/y[0]) for i in range(m))
"""


@pytest.mark.parametrize("suffix", [".py", ".c"])
def test_bytes_depend_on_no_order_of_nodes_in_memory(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    options = Options(target="python" if suffix == ".py" else "c")
    several_turns = []
    for step in (1, -1):  # sets of nodes in the order in which these were made, and in the opposite one
        monkeypatch.setattr(Node, "__hash__", lambda node, step=step: step * node.serial)
        for program in PROGRAMS.glob("*.mg"):
            text = compile_source(program.read_bytes(), program.name, options).text
            assert text == program.with_suffix(suffix).read_text(encoding="utf-8")
        several_turns.append(compile_source(SEVERAL_TURNS, "f.mg", options).text)
    assert several_turns[0] == several_turns[1]


def test_every_expected_text_has_its_program() -> None:
    expected = {path.name.partition(".")[0] for path in PROGRAMS.iterdir() if path.suffix in (".py", ".c")}
    assert expected == {path.stem for path in PROGRAMS.glob("*.mg")}
