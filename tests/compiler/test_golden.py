"""What small programs compile to, byte for byte: `programs/x.mg` with `x.py` and `x.c` beside it.

`pytest --bless` writes those anew; blessed text is run all the same, so that blessing cannot turn a wrong derivative
right.
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

import emitted
from mgc.compiler.pipeline import Options, compile_source

PROGRAMS = Path(__file__).with_name("programs")
EXAMPLES = Path(__file__).parents[2] / "examples"
ALL = sorted([*PROGRAMS.glob("*.mg"), *EXAMPLES.glob("*.mg")])
OPTIONS = {
    "plain": Options(),
    "unroll": Options(unroll=8),
    "ieee": Options(ieee=True),
    "accurate": Options(accurate=True),
}
SIZES = {"digits": {"n": 2}, "gmm": {"n": 3, "k": 2, "d": 3}, "moons": {"n": 3}}
LOW = {"gmm": 0.2}  # a Wishart prior has no logarithm of a negative scale

DIGEST = """
import hashlib, pathlib, sys
from mgc.compiler.pipeline import Options, compile_source
for name in sys.argv[1:]:
    path = pathlib.Path(name)
    for options in (Options(), Options(unroll=8), Options(target="c")):
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


def test_golden_bytes_depend_on_nothing_but_the_text() -> None:
    outputs = {seed: _digests(seed) for seed in ("1", "2")}
    assert outputs["1"] == outputs["2"]


def _digests(hash_seed: str) -> str:
    environment = {"PYTHONHASHSEED": hash_seed, "PATH": ""}
    command = [sys.executable, "-c", DIGEST, *map(str, ALL)]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


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
