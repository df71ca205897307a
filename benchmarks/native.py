"""Native code against C written by hand, NumPy written by hand, and emitted Python: least and median of one run."""

from __future__ import annotations

import importlib.machinery
import statistics
import sysconfig
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import mgc
from benchmarks import numpy_by_hand
from benchmarks.moons import data
from benchmarks.neuron import POINT
from benchmarks.report import duration, table
from benchmarks.timing import Case, times
from mgc.compiler.toolchain.compilers import build, compiler

EXAMPLES = Path(__file__).parents[1] / "examples"
ROUNDS = 40
WINDOW = 0.002  # seconds: short ones, of which some run undisturbed on a busy machine
LIMIT, NATIVE, BOUND = "C by hand", "native", "native, bound"
STEPS, RATE = 100, 0.1


def main() -> None:
    limits = _limits()
    for title, cases in (
        ("neuron, value and 5 derivatives", _neuron(limits)),
        ("moons, value and 337 derivatives", _moons(limits)),
        ("moons, 100 steps of gradient descent", _steps(limits)),
        ("Rosenbrock, n = 1,000", _rosenbrock(limits, 1_000)),
        ("Rosenbrock, n = 100,000", _rosenbrock(limits, 100_000)),
        ("mixture, d = 2, k = 5, n = 1,000", _mixture(limits, 2, 5, 1_000)),
        ("mixture, d = 10, k = 25, n = 1,000", _mixture(limits, 10, 25, 1_000)),
    ):
        print(_row(title, times(cases, ROUNDS, WINDOW)), flush=True)


def _neuron(limits: Any) -> Sequence[Case]:
    native, python = _load("neuron").neuron, _load("neuron", "python")
    names: dict[str, Any] = {}
    exec(python.source, names)  # the emitted file, as a person imports it
    bound = native.bind(**dict(zip(("x1", "x2", "w1", "w2", "b"), POINT, strict=True)))
    emitted = names["neuron_value_and_grad"]
    assert native.value_and_grad(*POINT) == bound.value_and_grad() == emitted(*POINT) == limits.neuron(*POINT)
    return [
        Case(LIMIT, limits.neuron, POINT),
        Case(NATIVE, native.value_and_grad, POINT),
        Case(BOUND, bound.value_and_grad),
        Case("emitted Python", emitted, POINT),
    ]


def _moons_inputs() -> tuple[Any, dict[str, Any], Any, Any]:
    model = _load("moons")
    X, y = (np.array(part) for part in data())
    return model, {name: np.array(value) for name, value in model.init(seed=1337).items()}, X, y


def _moons(limits: Any) -> Sequence[Case]:
    model, params, X, y = _moons_inputs()
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    bound = model.loss.bind(X=X, y=y)
    listed = ({name: value.tolist() for name, value in params.items()}, X.tolist(), y.tolist())
    by_hand = (*params.values(), X, y, *grads.values())
    _check(model.loss.value_and_grad(params, X, y), numpy_by_hand.moons(params, X, y))
    _check(model.loss.value_and_grad(params, X, y), (limits.moons(*by_hand), grads))
    return [
        Case(LIMIT, limits.moons, by_hand),
        Case(NATIVE, model.loss.value_and_grad, (params, X, y)),
        Case(BOUND, _into(bound.value_and_grad, grads), (params,)),
        Case("native, lists", model.loss.value_and_grad, listed),
        Case("NumPy by hand", numpy_by_hand.moons, (params, X, y)),
        Case("emitted Python", _load("moons", "python").loss.bind(X=listed[1], y=listed[2]).value_and_grad, listed[:1]),
    ]


def _steps(limits: Any) -> Sequence[Case]:
    model, start, X, y = _moons_inputs()
    bound = model.loss.bind(X=X, y=y).value_and_grad
    grads = {name: np.zeros_like(value) for name, value in start.items()}
    params = {name: value.copy() for name, value in start.items()}
    pairs = list(zip(params.values(), grads.values(), strict=True))

    def begin() -> None:
        for name, value in start.items():
            params[name][...] = value

    def native() -> float:
        begin()
        for _ in range(STEPS):
            value, _ = bound(params, out=grads)
            for parameter, grad in pairs:
                parameter -= RATE * grad
        return float(value)

    def by_numpy() -> float:
        begin()
        for _ in range(STEPS):
            value, found = numpy_by_hand.moons(params, X, y)
            for name, grad in found.items():
                params[name] -= RATE * grad
        return value

    def limit() -> float:
        begin()
        return float(limits.moons_steps(*params.values(), X, y, *grads.values()))

    _check((native(), {}), (by_numpy(), {}))
    _check((native(), {}), (limit(), {}))
    return [Case(LIMIT, limit), Case(BOUND, native), Case("NumPy by hand", by_numpy)]


def _rosenbrock(limits: Any, n: int) -> Sequence[Case]:
    x = np.random.default_rng(0).normal(size=n)
    dx = np.zeros(n)
    function = _load("rosenbrock").rosenbrock
    _check(function.value_and_grad(x), numpy_by_hand.rosenbrock(x))
    _check(function.value_and_grad(x), (limits.rosenbrock(x, dx), (dx,)))
    python = (
        []
        if n > 1000
        else [Case("emitted Python", _load("rosenbrock", "python").rosenbrock.bind().value_and_grad, (x.tolist(),))]
    )
    return [
        Case(LIMIT, limits.rosenbrock, (x, dx)),
        Case(NATIVE, function.value_and_grad, (x,)),
        Case(BOUND, _into(function.bind().value_and_grad, (dx,)), (x,)),
        Case("NumPy by hand", numpy_by_hand.rosenbrock, (x,)),
        *python,
    ]


def _mixture(limits: Any, d: int, k: int, n: int) -> Sequence[Case]:
    draw = np.random.default_rng(0).normal
    given = [draw(size=shape) for shape in ((k,), (k, d), (k, d), (k, d * (d - 1) // 2), (n, d))]
    grads = tuple([np.zeros_like(value) for value in given[:4]])
    choices: dict[str, Any] = {"functions": ["log_likelihood"], "wrt": ["alpha", "mu", "q", "l"]}
    function = mgc.load(EXAMPLES / "gmm.mg", target="native", **choices)["log_likelihood"]
    _check(function.value_and_grad(*given), numpy_by_hand.mixture(*given))
    _check(function.value_and_grad(*given), (limits.mixture(*given, *grads), grads))
    bound = function.bind(x=given[4])
    return [
        Case(LIMIT, limits.mixture, (*given, *grads)),
        Case(NATIVE, function.value_and_grad, tuple(given)),
        Case(BOUND, _into(bound.value_and_grad, grads), tuple(given[:4])),
        Case("NumPy by hand", numpy_by_hand.mixture, tuple(given)),
    ]


def _load(name: str, target: Any = "native") -> Any:
    return mgc.load(EXAMPLES / f"{name}.mg", target=target)


def _into(function: Callable[..., object], places: object) -> Callable[..., object]:
    """The function with its derivatives in these places."""
    return lambda *arguments: function(*arguments, out=places)


def _check(ours: Any, theirs: Any) -> None:
    (value, grads), (wanted, others) = ours, theirs
    np.testing.assert_allclose(value, wanted, rtol=1e-9)
    if isinstance(grads, Mapping):
        grads, others = list(grads.values()), list(others.values())
    for grad, other in zip(grads, others, strict=True):
        np.testing.assert_allclose(grad, other, rtol=1e-9, atol=1e-9 * max(1.0, float(np.abs(other).max())))


def _row(title: str, seconds: Mapping[str, Sequence[float]]) -> str:
    least = {name: min(found) for name, found in seconds.items()}
    median = {name: statistics.median(found) for name, found in seconds.items()}
    rows = [
        f"| {name} | {duration(least[name])} | {least[name] / least[LIMIT]:.3g} "
        f"| {duration(median[name])} | {median[name] / median[LIMIT]:.3g} |"
        for name in sorted(least, key=lambda name: least[name])
    ]
    return table(title.capitalize(), ("", "least", f"x {LIMIT}", "median", f"x {LIMIT}"), rows)


def _limits() -> Any:
    """`limits/limits.c`, built for this machine."""
    text = Path(__file__).with_name("limits") / "limits.c"
    flags = ["-std=gnu11", "-O3", "-ffp-contract=fast", f"-I{sysconfig.get_path('include')}"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "limits.so")
        made = compiler()._replace(libraries=("-lmvec", "-lm"))
        build(made, text.read_text("utf-8"), path, flags)
        loader = importlib.machinery.ExtensionFileLoader("limits", str(path))
        module = loader.create_module(importlib.machinery.ModuleSpec("limits", loader, origin=str(path)))
        loader.exec_module(module)
    return module
