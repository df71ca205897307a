"""What small programs compile to, byte for byte: `programs/x.mg` with `x.py` and `x.c` beside it.

`pytest --bless` writes those anew; blessed text is run all the same, so that blessing cannot turn a wrong derivative
right.
"""

from __future__ import annotations

import ctypes
import random
import subprocess
import sys
from pathlib import Path
from typing import Literal

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
OPTIONS = {
    "plain": Options(),
    "unroll": Options(unroll=8),
    "lesson": Options(style="lesson"),
    "ieee": Options(ieee=True),
    "accurate": Options(accurate=True),
}
SIZES = {"digits": {"n": 2}, "gmm": {"n": 3, "k": 2, "d": 3}, "moons": {"n": 3}}
LOW = {"gmm": 0.2}  # a Wishart prior has no logarithm of a negative scale

DIGEST = """
import hashlib, pathlib, sys
from mgc.compiler.options import Options; from mgc.compiler.pipeline import compile_source
for name in sys.argv[1:]:
    path = pathlib.Path(name)
    for options in (Options(), Options(unroll=8), Options(style="lesson"), Options(target="c")):
        text = compile_source(path.read_bytes(), path.name, options).text
        print(path.name, hashlib.sha256(text.encode()).hexdigest())
"""


def by_name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("suffix", [".py", ".c"])
@pytest.mark.parametrize("program", sorted(PROGRAMS.glob("*.mg")), ids=by_name)
def test_golden(program: Path, suffix: str, bless: bool) -> None:
    options = Options(target="python" if suffix == ".py" else "c")
    text, expected = (
        compile_source(program.read_bytes(), program.name, options).text,
        program.with_suffix(suffix),
    )
    if bless:
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("program", ALL, ids=by_name)
def test_golden_code_computes_what_the_model_means(program: Path, options: str) -> None:
    module = emitted.emit(program.read_text(encoding="utf-8"), program.name, OPTIONS[options])
    name = program.stem
    if name == "digits":
        at = emitted.point(module, "accuracy", random.Random(1), SIZES[name])
        emitted.check_value(module, "accuracy", at)
        return  # 2,410 parameters are too many for differences one by one
    emitted.check(module, random.Random(name), 2, SIZES.get(name), LOW.get(name, -1.5))


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
    outputs = {seed: _digests(seed) for seed in ("1", "2")}
    assert outputs["1"] == outputs["2"]


def _digests(hash_seed: str) -> str:
    environment = {"PYTHONHASHSEED": hash_seed, "PATH": ""}
    command = [sys.executable, "-c", DIGEST, *map(str, ALL)]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


SEVERAL_TURNS = """
def f(a, y[m], p[m]: int):
    u = [exp(y[i]) for i in range(m)]
    big = sum((2*a if a >= i else max(log(y[j]) for j in range(m))) for i in range(m))
    return big + sum((2*a if a >= i else max(u[p[j]] for j in range(m)) + 1/y[0]) for i in range(m))
"""


@pytest.mark.parametrize("target", ["python", "c"])
def test_bytes_depend_on_no_order_of_nodes_in_memory(
    target: Literal["python", "c"], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [SEVERAL_TURNS, *[program.read_text(encoding="utf-8") for program in sorted(PROGRAMS.glob("*.mg"))]]
    options = Options(target=target)
    first, again = ([compile_source(text, "f.mg", options).text for text in texts] for _ in range(2))
    assert first == again
    for step in (1, -1):  # sets of nodes in the order in which these were made, and in the opposite one
        monkeypatch.setattr(Node, "__hash__", lambda node, step=step: step * node.serial)
        assert [compile_source(text, "f.mg", options).text for text in texts] == first


MISTAKES = ["check", "--select", "E4,E7,E9,F", "--ignore", "E741"]  # not taste; and it keeps the author's `l`


@pytest.mark.parametrize("command", [MISTAKES, ["format", "--check"]], ids=["check", "format"])
def test_golden_code_is_in_good_style(command: list[str], tmp_path: Path) -> None:
    for program in ALL:
        text = compile_source(program.read_bytes(), program.name, Options()).text
        (tmp_path / f"{program.stem}.py").write_text(text, encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(tmp_path)]
    done = subprocess.run(ruff, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_expected_text_has_its_program() -> None:
    expected = {path.stem for path in PROGRAMS.iterdir() if path.suffix in (".py", ".c")}
    assert expected == {path.stem for path in PROGRAMS.glob("*.mg")}
