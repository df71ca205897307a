"""Native code in float32 gives what Python gives in float64, as far as seven digits reach, of float32 numbers."""

from __future__ import annotations

import math
import random
import re
from array import array
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mgc
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.compiler.schedule.lanes import blocks
from mgc.runtime.check import check
from mgc.runtime.native import caller as callers
from mgc.runtime.native.through_ctypes import ThroughCtypes
from mgc.runtime.training.training import train
from support.command_line import run
from support.native_models import compare, drawn, free_sizes, needs_c, quickly
from support.quick import first_quick, slow, slow_if

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples").glob("*.mg"))
MOONS = ROOT / "examples/moons.mg"
BANANA = ROOT / "examples/rosenbrock.mg"
SINGLE = Options(dtype="float32")
LENGTHS = (0, 1, 7, 8, 9, 17, 33)
# A rounding is 6e-8 of a number. A sum of 33 terms adds up some tens of them, in terms as large as the largest of the
# numbers that are compared; the examples call a few functions on the way, which may be 4 units in the last place off.
CLOSE = 1e-4
pytestmark = [needs_c, pytest.mark.filterwarnings("ignore::mgc.grammar.diagnostics.ModelWarning")]


def nearest(value: Any) -> Any:
    """The numbers of float32, so that both sides begin with the same ones."""
    if isinstance(value, dict):
        return {name: nearest(one) for name, one in value.items()}
    if isinstance(value, list):
        return [nearest(one) for one in value]
    return array("f", [value])[0] if isinstance(value, float) else value


def single(text: str) -> Any:
    return mgc.loads(text, target="native", dtype="float32")


@pytest.mark.parametrize("path", slow_if(lambda path: path.stem != "rosenbrock", EXAMPLES), ids=lambda path: path.stem)
def test_every_example_agrees(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "GAIN", 0.0)  # all loops that may be are in lanes
    monkeypatch.setattr(blocks, "FEWEST", 0)
    python, native = mgc.load(path, ieee=True), quickly(path.read_text("utf-8"), str(path), tmp_path, SINGLE)
    source = random.Random(path.stem)
    for function in python.functions:
        for size in free_sizes(function) or [""]:
            for length in LENGTHS if size else (1,):
                arguments = nearest(drawn(function, source, False, {size: length}))
                compare(function, native[function.info.name], arguments, CLOSE)


@pytest.mark.parametrize("width", first_quick(["16", "8", "4", "0"]))
def test_any_number_of_lanes_agrees(width: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Masks of numbers and of integers, gathers, totals, neighbours, and what lies in the workspace."""
    monkeypatch.setattr(blocks, "GAIN", 0.0)
    text = (
        "def f(W[h, d], x[n, d], y[n], k[n]: int, t[h]):\n"
        "    near = sum(y[i]*y[i - 1]*cos(y[i + 1]) for i in range(1, n - 1))\n"
        "    best = sum(max(W @ x[i])*exp(y[i]) if k[i] > 1 and y[i] > 0 else t[k[i] % h]*k[i] for i)\n"
        "    return near + best + sum(exp(-abs(W[j] @ x[i])) if k[i] == 0 else y[i] for i for j)"
    )
    python = mgc.loads(text, ieee=True)
    native = quickly(text, "model.mg", tmp_path, SINGLE, "model", (f"-DMGC_LANES={width}",))
    assert "mgc_mask" in native.source and "expf" in native.source
    source = random.Random(0)
    for length in LENGTHS:
        arguments = nearest(drawn(python.f, source, False, {"n": length}))
        arguments[3] = [source.randrange(4) for _ in range(length)]
        compare(python.f, native.f, arguments, CLOSE)


BEYOND = [0.0, 1.0, 88.0, 89.0, 104.0, 709.0, 1e20, 1e38, math.inf, math.nan]
STABLE = "sigmoid softplus tanh relu silu gelu log1p asinh atan sinc hypot_1 logsumexp_0 softmax_0 logaddexp_0".split()


def test_what_is_safe_from_overflow_in_double_is_so_in_float(tmp_path: Path) -> None:
    """exp(89) is no float; no rule or guard knows where doubles end."""
    lines = {
        "hypot_1": "hypot(x, 1)",
        "logsumexp_0": "logsumexp([x, 0])",
        "softmax_0": "softmax([x, 0])[0]",
        "logaddexp_0": "logaddexp(x, 0)",
    }
    text = "\n".join(f"def of_{name}(x): return {lines.get(name, f'{name}(x)')}" for name in STABLE)
    python, native = mgc.loads(text, ieee=True), quickly(text, "model.mg", tmp_path, SINGLE)
    for function in python.functions:
        for x in nearest([*BEYOND, *[-x for x in BEYOND]]):
            wanted: Any = function.value_and_grad(x)
            found: Any = native[function.info.name].value_and_grad(x)
            for one, other in zip(nearest([wanted[0], wanted[1][0]]), [found[0], found[1][0]], strict=True):
                same = (
                    one == other
                    or (math.isnan(one) and math.isnan(other))
                    or abs(one - other) <= 1e-6 * max(1, abs(one))
                )
                assert same, (function.info.name, x, wanted, found)


FUNCTIONS = (
    "exp expm1 log log1p sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc sqrt cbrt log2 abs"
)


@pytest.mark.parametrize("names", ["exp tanh", slow(FUNCTIONS)])
def test_functions_in_lanes(names: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most 4 units in the last place of a float off, infinities and NaN as elsewhere."""
    monkeypatch.setattr(blocks, "GAIN", 0.0)
    text = "\n".join([f"def of_{name}(x[n], w): return {name}(x)*w" for name in names.split()])
    native, python = quickly(text, "model.mg", tmp_path, SINGLE), mgc.loads(text, ieee=True)
    draw = random.Random(0)
    x = nearest([*BEYOND, *[-x for x in BEYOND], -0.0, 1e-45, -1e-30, *[draw.uniform(-4, 4) for _ in range(44)]])
    for function in python.functions:
        wanted, found = nearest(function(x, 1.0)), list[Any](native[function.info.name](x, 1.0))  # type: ignore[arg-type]
        for a, b in zip(wanted, found, strict=True):
            same = (
                a == b or (math.isnan(a) and math.isnan(b)) or abs(a - b) <= max(4 * 2.0**-23 * abs(a), 4 * 2.0**-149)
            )
            assert same and (a or math.copysign(1.0, a) == math.copysign(1.0, b)), (function.info.name, a, b)


def test_numpy_in_and_out() -> None:
    model = single("def f(W[n, d], k[n]: int, x[d]): return k * (W @ x)")
    W, k, x = np.ones((3, 2), np.float32), np.array([1, 2, 3]), np.ones(2, np.float32)
    assert model.f(W, k, x).dtype == np.float32
    for given in (W.astype(np.float64), np.ones((3, 2), np.int64), np.asfortranarray(W), W.tolist()):
        value, (dW, dx) = model.f.vjp(given, k, x, [1.0, 0.0, 0.0])
        assert isinstance(dW, np.ndarray if isinstance(given, np.ndarray) else list)
        assert np.asarray(value).tolist() == [2.0, 4.0, 6.0] and np.asarray(dW).tolist() == [
            [1.0, 1.0],
            [0.0, 0.0],
            [0.0, 0.0],
        ]
        assert dx.dtype == np.float32
    assert model.f(W.tolist(), k.tolist(), [1, 2]) == [3.0, 6.0, 9.0]
    out = np.empty(3, np.float32)
    assert model.f(W, k, x, out=out) is out
    bound = model.f.bind(W=W)
    W[:] = 0.0
    assert bound(k, x).tolist() == [2.0, 4.0, 6.0]
    with pytest.raises(mgc.DataError, match="out: expected writable, contiguous arrays of float32"):
        model.f(W, k, x, out=np.empty(3))


def test_a_float32_array_is_read_where_it_lies() -> None:
    """What does not fit is copied by Python, which the extension asks then."""
    model = single("def f(x[n]): return sum(x)")
    convert, seen = model.native.fitting, list[Any]()

    def watched(value: Any, *others: Any) -> Any:
        seen.append(value)
        return convert(value, *others)

    model.native.fitting = watched
    assert model.f(np.ones(5, np.float32)) == 5.0 and not seen
    assert model.f(np.ones(5)) == 5.0 and len(seen) == 1


def test_what_no_float_holds_is_infinite() -> None:
    model = single("def f(x[n], c): return c*sum(x) + 1e300")
    assert model.f([1e300, 1.0], 1.0) == math.inf
    assert model.f(np.array([1e300, 1.0]), 1.0) == math.inf
    assert model.f([1.0], -1e300) != model.f([1.0], -1e300)


def test_what_c_lacks_is_no_function_of_c(tmp_path: Path) -> None:
    """Its `modf` is another function than `mod` of floats."""
    text = "def f(x[n], y): return sum((x % y)*sign(x) + x // y + max(x, y))"
    python, native = mgc.loads(text, ieee=True), quickly(text, "model.mg", tmp_path, SINGLE)
    compare(python.f, native.f, [[7.5, -7.5, 0.0, 1e10], 2.25], CLOSE)


def test_through_ctypes(monkeypatch: pytest.MonkeyPatch) -> None:
    callers.caller.cache_clear()
    monkeypatch.setattr(callers, "_extension", ThroughCtypes)
    try:
        assert isinstance(callers.caller(), ThroughCtypes)
        model = single("def f(W[n, d], x[d]): return W @ x")
        W = np.ones((3, 2), np.float32)
        value, (dW, dx) = model.f.vjp(W, [0.5, 2.0], [1.0, 0.0, 2.0])
        assert value.dtype == np.float32 and value.tolist() == [2.5, 2.5, 2.5]
        assert dW.dtype == np.float32 and dW.tolist() == [[0.5, 2.0], [0.0, 0.0], [1.0, 4.0]] and dx == [3.0, 3.0]
        out = np.empty(3, np.float32)
        assert model.f(W, [1.0, 1.0], out=out) is out
        with pytest.raises(mgc.DataError, match="of float32"):
            model.f(W, [1.0, 1.0], out=np.empty(3))
    finally:
        callers.caller.cache_clear()


@pytest.mark.parametrize("choice", ["python", None])
def test_python_has_no_float32(choice: Any) -> None:
    with pytest.raises(mgc.DataError, match="dtype 'float32' is for target 'native': Python's floats are float64"):
        mgc.loads("def f(x): return x", dtype="float32", **({"target": choice} if choice else {}))


@pytest.mark.parametrize("dtype", [np.float32, np.dtype(np.float32)])
def test_numpys_float32_is_meant_by_its_name(dtype: Any) -> None:
    assert mgc.loads("def f(x): return x", target="native", dtype=dtype).module.options.dtype == "float32"


def test_other_dtypes_are_refused() -> None:
    with pytest.raises(mgc.DataError, match="there is no dtype 'float16'; dtypes: float64, float32"):
        mgc.loads("def f(x): return x", target="native", dtype="float16")  # type: ignore[arg-type]


def test_verify_is_of_float64() -> None:
    model = single("def f(x): return x*x")
    with pytest.raises(mgc.DataError, match="verify holds C to Python's numbers, which are float64"):
        model.verify()


def test_both_types_are_kept_apart() -> None:
    text = "def f(x): return x/3"
    double = mgc.loads(text, target="native")
    assert (single(text).f(1.0), double.f(1.0)) == (array("f", [1 / 3])[0], 1 / 3)


def test_all_numbers_of_the_text_are_floats() -> None:
    """But the double that counts the bytes of a workspace."""
    for path in (MOONS, ROOT / "examples/gmm.mg", ROOT / "tests/compiler/emit/programs/scalars.mg"):
        text = compile_source(path.read_bytes(), path.name, Options(target="c", dtype="float32")).text
        code = re.sub(r".*\bwork (\+=|<|=).*", "", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
        numbers = re.findall(r"\b\d[\w.]*(?:(?<=e)[-+]\d+\w*)?", code)
        assert not re.search(r"\bdouble\b", code) and all(one.endswith("f") for one in numbers if "." in one), path.stem
        assert not re.search(r"\b(exp|log|tanh|sqrt|pow|fabs|fmod|rint|floor|log1p|erf|cos|sin)\(", code), path.stem


def test_trained(tmp_path: Path) -> None:
    text, draw = MOONS.read_text("utf-8"), np.random.default_rng(0).normal
    data = {"X": draw(size=(24, 2)).tolist(), "y": np.sign(draw(size=24)).tolist()}
    models = [quickly(text, "moons.mg", tmp_path, one, f"{one.dtype}") for one in (SINGLE, Options())]
    found, wanted = (train(model, "loss", data, steps=30, lr="1.0:0.1") for model in models)
    assert found.loss == pytest.approx(wanted.loss, rel=1e-3) and found.loss != wanted.loss
    assert found.parameters == nearest(found.parameters)


def test_checked(tmp_path: Path) -> None:
    """Beside differences of emitted Python, which has the digits for them."""
    model = quickly("def f(W[n, d], x[d]): return sum(tanh(W @ x)**2)", "model.mg", tmp_path, SINGLE)
    report = check(model.f, [[[0.1, 0.2], [0.3, 0.4]], [0.5, -0.6]])
    assert report.passed and 1e-9 < report.worst < 1e-5


def test_a_wrong_derivative_fails_the_check(tmp_path: Path) -> None:
    wrong = quickly(
        "op twice(x):\n    dx = 2.01\n    return 2*x\n\ndef f(x): return twice(x)", "w.mg", tmp_path, SINGLE
    )
    assert not check(wrong.f, [0.7]).passed


def test_training_tells_where_float32_ends() -> None:
    model = single("param w = 1\n\ndef loss(x[n]): return sum((w*x)**2)")
    with pytest.raises(mgc.DataError, match="a number is too large for float32; in float64 the value is 1e\\+60"):
        train(model, "loss", {"x": [1e30]}, parameters={"w": 1.0}, steps=1)


def test_a_library_says_what_it_takes(tmp_path: Path) -> None:
    target = tmp_path / "banana.so"
    done = run("compile", str(BANANA), "--target", "native", "--dtype", "float32", "-o", str(target))
    assert done.exit_code == 0, done.output
    header = target.with_suffix(".h").read_text()
    assert "const float *x" in header and "/* Real numbers are float (float32). */" in header
    assert 'dtype = "float32"' in (tmp_path / "banana_native.py").read_text()
    model: Any = mgc.open_library(target)
    value, (dx,) = model.rosenbrock.value_and_grad(np.array([0.5, 0.25], np.float32))
    assert (value, dx.dtype, dx.tolist()) == (0.25, np.float32, [-1.0, 0.0])


@pytest.mark.parametrize(
    "arguments", [["compile"], ["eval", "loss"], ["train", "--loss", "loss", "--target", "python"]]
)
def test_the_command_line_says_so(arguments: list[str]) -> None:
    command, *rest = arguments
    done = run(command, str(MOONS), *rest, "--dtype", "float32")
    assert done.exit_code != 0 and "Python's floats are float64" in f"{done.output}{done.exception}"
