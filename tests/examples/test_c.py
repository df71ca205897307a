"""Every example as C: the compiler takes it without a warning, and it gives the numbers of the Python."""

from __future__ import annotations

import math
import random
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from support import native, targets
from support.arrays import flat

EXAMPLES = Path(__file__).parents[2] / "examples"
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

SAID = {
    "softmax": [
        "epoch   0: mean loss 0.9544",
        "epoch 100: mean loss 0.0121",
        "epoch 200: mean loss 0.0061",
        "label 7: error 1 in line 8 of softmax.mg",
    ]
}


@pytest.mark.parametrize(("example", "function", "sizes"), CASES, ids=lambda part: str(part))
def test_c_gives_the_numbers_of_python(example: str, function: str, sizes: dict[str, int]) -> None:
    text = (EXAMPLES / f"{example}.mg").read_text(encoding="utf-8")
    python = compile_source(text, f"{example}.mg", Options())
    module = compile_source(text, f"{example}.mg", Options(target="c"))
    info = next(one for one in module.functions if one.name == function)
    names: dict[str, Any] = {}
    exec(compile(python.text, "emitted.py", "exec"), names)  # the emitted file of our own text

    rng = random.Random(example)
    params = {name: array for name, array in initial(names).items() if name in info.parameters}
    arguments = {one.name: drawn(one.shape, one.dtype, sizes, rng) for one in info.arguments}
    head = [params] if params else []
    value, grads = names[f"{function}_value_and_grad"](*head, *arguments.values())
    slopes = list(grads.values()) if params else list(grads)

    inputs = [*params.values(), *arguments.values()]
    library = targets.build(module.text)
    ((alone,),) = native.call(native.find(module, library, function), inputs, sizes, [])
    (found,), *places = native.call(native.find(module, library, str(info.gradient_name)), inputs, sizes, slopes)
    assert close(found, value)
    assert close(alone, value)
    for place, slope in zip(places, slopes, strict=True):
        scale = max(map(abs, flat(slope)), default=0.0)
        assert all(close(a, b, scale) for a, b in zip(place, flat(slope), strict=True))


def initial(names: dict[str, Any]) -> dict[str, Any]:
    return names["init_params"](seed=1) if "init_params" in names else {}


def drawn(shape: tuple[str, ...], dtype: str, sizes: dict[str, int], rng: random.Random) -> Any:
    if not shape:
        return rng.randrange(2) if dtype == "int" else rng.uniform(0.1, 1.5)
    # a size is arithmetic on names, as in d*(d - 1)/2: of our own examples, so safe to evaluate
    count = int(eval(shape[0], {}, dict(sizes)))
    return [drawn(shape[1:], dtype, sizes, rng) for _ in range(count)]


def close(found: float, wanted: float, scale: float = 0.0) -> bool:
    """A few ulp apart, of `wanted` or of `scale`: the largest entry of the same array."""
    return abs(found - wanted) <= ULPS * math.ulp(max(abs(wanted), scale))


@pytest.mark.parametrize("program", sorted((EXAMPLES / "c").glob("*.c")), ids=lambda path: path.stem)
def test_a_program_in_c_runs_as_its_comment_says(program: Path, tmp_path: Path) -> None:
    if shutil.which("cc") is None:
        pytest.skip("no C compiler here")
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    compile_, build = re.findall(r"^ \*   (.*)$", program.read_text(encoding="utf-8"), re.MULTILINE)
    mgc = str(Path(sys.executable).with_name("mgc"))
    subprocess.run([mgc, *shlex.split(compile_)[1:]], cwd=tmp_path, check=True)
    cc, _, run = build.partition(" && ")
    strict = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"]
    subprocess.run([*shlex.split(cc), *strict], cwd=tmp_path, check=True)
    done = subprocess.run([run], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == SAID[program.stem]
