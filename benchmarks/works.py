"""What native code is measured at: inputs, and mgc's calls beside C and NumPy by hand, which are held to agree."""

from __future__ import annotations

import importlib.machinery
import sysconfig
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import mgc
from benchmarks import numpy_by_hand
from benchmarks.moons import data
from benchmarks.neuron import POINT
from benchmarks.timing import Case
from mgc.compiler.toolchain.compilers import build, compiler

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"
LIMIT, NATIVE, BOUND, NUMPY, EMITTED = "C by hand", "native", "native, bound", "NumPy by hand", "emitted Python"
STEPS, RATE = 100, 0.1


class Work(NamedTuple):
    """`name`: of the peers' formula; `params`: what it is differentiated by; `wanted`: the value, the derivatives.

    Training gives the last step's value, and the parameters after it.
    """

    title: str
    name: str
    params: tuple[Any, ...]
    data: tuple[Any, ...]
    wanted: tuple[Any, Any]
    cases: Sequence[Case]
    is_training: bool = False


def with_limits() -> Iterator[Work]:
    """Those that there is C by hand for."""
    limits = _limits()
    yield _neuron(limits)
    yield _moons(limits)
    yield _steps(limits)
    yield _rosenbrock(limits, 1_000)
    yield _rosenbrock(limits, 100_000)
    yield _mixture(limits, 2, 5, 1_000)
    yield _mixture(limits, 10, 25, 1_000)


def all_works() -> Iterator[Work]:
    yield from with_limits()
    yield _perceptron()
    yield _bundle()


def _neuron(limits: Any) -> Work:
    native, python = _load("neuron").neuron, _load("neuron", "python")
    names: dict[str, Any] = {}
    exec(python.source, names)  # the emitted file, as a person imports it
    bound = native.bind(**dict(zip(("x1", "x2", "w1", "w2", "b"), POINT, strict=True)))
    emitted = names["neuron_value_and_grad"]
    assert native.value_and_grad(*POINT) == bound.value_and_grad() == emitted(*POINT) == limits.neuron(*POINT)
    cases = [
        Case(LIMIT, limits.neuron, POINT),
        Case(NATIVE, native.value_and_grad, POINT),
        Case(BOUND, bound.value_and_grad),
        Case(EMITTED, emitted, POINT),
    ]
    return Work("neuron, value and 5 derivatives", "neuron", POINT, (), emitted(*POINT), cases)


def _moons_inputs() -> tuple[Any, dict[str, Any], Any, Any]:
    model = _load("moons")
    X, y = (np.array(part) for part in data())
    return model, {name: np.array(value) for name, value in model.init(seed=1337).items()}, X, y


def _moons(limits: Any) -> Work:
    model, params, X, y = _moons_inputs()
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    bound = model.loss.bind(X=X, y=y)
    listed = ({name: value.tolist() for name, value in params.items()}, X.tolist(), y.tolist())
    by_hand = (*params.values(), X, y, *grads.values())
    found = model.loss.value_and_grad(params, X, y)
    check(found, numpy_by_hand.moons(params, X, y))
    check(found, (limits.moons(*by_hand), grads))
    emitted = _load("moons", "python").loss.bind(X=listed[1], y=listed[2]).value_and_grad
    cases = [
        Case(LIMIT, limits.moons, by_hand),
        Case(NATIVE, model.loss.value_and_grad, (params, X, y)),
        Case(BOUND, _into(bound.value_and_grad, grads), (params,)),
        Case("native, lists", model.loss.value_and_grad, listed),
        Case(NUMPY, numpy_by_hand.moons, (params, X, y)),
        Case(EMITTED, emitted, listed[:1]),
    ]
    return Work("moons, value and 337 derivatives", "moons", tuple(params.values()), (X, y), found, cases)


def _steps(limits: Any) -> Work:
    model, start, X, y = _moons_inputs()
    trainer = mgc.Trainer(model, "loss", {"X": X, "y": y}, mgc.How(steps=STEPS, lr=RATE))
    at = trainer.start({name: value.tolist() for name, value in start.items()})
    grads = {name: np.zeros_like(value) for name, value in start.items()}
    params = {name: value.copy() for name, value in start.items()}

    def begin() -> None:
        for name, value in start.items():
            params[name][...] = value

    def native() -> Any:
        return trainer.run(at)

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

    result = native()
    found = (result.losses[-1], [np.array(value) for value in result.parameters.values()])
    check(found, (by_numpy(), list(params.values())))
    check(found, (limit(), list(params.values())))
    cases = [Case(LIMIT, limit), Case(BOUND, native), Case(NUMPY, by_numpy)]
    title = "moons, 100 steps of gradient descent"
    return Work(title, "moons", tuple(start.values()), (X, y), found, cases, is_training=True)


def _rosenbrock(limits: Any, n: int) -> Work:
    x = np.random.default_rng(0).normal(size=n)
    dx = np.zeros(n)
    function = _load("rosenbrock").rosenbrock
    found = function.value_and_grad(x)
    check(found, numpy_by_hand.rosenbrock(x))
    check(found, (limits.rosenbrock(x, dx), (dx,)))
    python = _load("rosenbrock", "python").rosenbrock.bind().value_and_grad
    cases = [
        Case(LIMIT, limits.rosenbrock, (x, dx)),
        Case(NATIVE, function.value_and_grad, (x,)),
        Case(BOUND, _into(function.bind().value_and_grad, (dx,)), (x,)),
        Case(NUMPY, numpy_by_hand.rosenbrock, (x,)),
        *([Case(EMITTED, python, (x.tolist(),))] if n <= 1000 else []),
    ]
    return Work(f"Rosenbrock, n = {n:,}", "rosenbrock", (x,), (), found, cases)


def _mixture(limits: Any, d: int, k: int, n: int) -> Work:
    draw = np.random.default_rng(0).normal
    given = [draw(size=shape) for shape in ((k,), (k, d), (k, d), (k, d * (d - 1) // 2), (n, d))]
    params, x = given[:4], given[4]
    grads = tuple([np.zeros_like(value) for value in params])
    function = _load("gmm", functions=["log_likelihood"], wrt=["alpha", "mu", "q", "l"]).log_likelihood
    found = function.value_and_grad(*given)
    check(found, numpy_by_hand.mixture(*given))
    check(found, (limits.mixture(*given, *grads), grads))
    cases = [
        Case(LIMIT, limits.mixture, (*given, *grads)),
        Case(NATIVE, function.value_and_grad, tuple(given)),
        Case(BOUND, _into(function.bind(x=x).value_and_grad, grads), tuple(params)),
        Case(NUMPY, numpy_by_hand.mixture, tuple(given)),
    ]
    return Work(f"mixture, d = {d}, k = {k}, n = {n:,}", "mixture", tuple(params), (x, _places(d)), found, cases)


def _places(d: int) -> Any:
    """Where in exp(q), l and a 0 is each entry of the triangle Q: l holds it column by column below the diagonal."""
    places = np.full((d, d), d * (d + 1) // 2)
    columns, rows = np.triu_indices(d, 1)
    places[rows, columns] = np.arange(d, d * (d + 1) // 2)
    np.fill_diagonal(places, np.arange(d))
    return places


def _perceptron() -> Work:
    model, draw = _load("perceptron", folder=HERE), np.random.default_rng(0)
    params = {name: np.array(value) for name, value in model.init(seed=1).items()}
    X, label = draw.uniform(size=(64, 784)), draw.integers(0, 10, 64)
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    found = model.loss.value_and_grad(params, X, label)
    check(found, numpy_by_hand.perceptron(params, X, label))
    cases = [
        Case("its matrix products alone, NumPy", numpy_by_hand.products, (params, X)),
        Case(NATIVE, model.loss.value_and_grad, (params, X, label)),
        Case(BOUND, _into(model.loss.bind(X=X, label=label).value_and_grad, grads), (params,)),
        Case(NUMPY, numpy_by_hand.perceptron, (params, X, label)),
    ]
    given = tuple(params.values())
    return Work("perceptron 784-128-64-10, 64 images", "perceptron", given, (X, label), found, cases)


def _bundle() -> Work:
    """As many cameras, points and observations as the first problem of ADBench has, drawn at random."""
    cameras, points, observations = 49, 7_776, 31_843
    source = np.random.default_rng(0)
    kinds = [3, 3, 1, 2, 2]  # rotation, centre, focal length, principal point, distortion
    middle, spread = (np.repeat(part, kinds) for part in ([0.0, 0.0, 400.0, 0.0, 0.0], [0.3, 2.0, 10.0, 1.0, 0.01]))
    params = (
        source.normal(middle, spread, (cameras, 11)),
        source.normal([0.0, 0.0, 20.0], 1.0, (points, 3)),
        source.uniform(size=observations),
    )
    chosen = [source.integers(0, most, observations) for most in (cameras, points)]
    given = (*chosen, 50.0 * source.normal(size=(observations, 2)))
    grads = tuple([np.zeros_like(value) for value in params])
    function = _load("bundle", folder=HERE, functions=["cost"], wrt=["cameras", "points", "weights"]).cost
    bound = function.bind(**dict(zip(("camera", "point", "observed"), given, strict=True)))
    found = function.value_and_grad(*params, *given)
    cases = [
        Case(NATIVE, function.value_and_grad, (*params, *given)),
        Case(BOUND, _into(bound.value_and_grad, grads), params),
    ]
    return Work("bundle adjustment, 31,843 observations", "bundle", params, given, found, cases)


def check(ours: Any, theirs: Any) -> None:
    """Hold a value and derivatives to others, to 1e-9 of the largest entry of an array."""
    (value, grads), (wanted, others) = ours, theirs
    np.testing.assert_allclose(value, wanted, rtol=1e-9)
    grads, others = [list(part.values()) if isinstance(part, Mapping) else part for part in (grads, others)]
    for grad, other in zip(grads, others, strict=True):
        np.testing.assert_allclose(grad, other, rtol=1e-9, atol=1e-9 * max(1.0, float(np.abs(other).max())))


def _load(name: str, target: Any = "native", folder: Path = EXAMPLES, **options: Any) -> Any:
    return mgc.load(folder / f"{name}.mg", target=target, **options)


def _into(function: Callable[..., object], places: object) -> Callable[..., object]:
    """The function with its derivatives in these places."""
    return lambda *arguments: function(*arguments, out=places)


def _limits() -> Any:
    """`limits/limits.c`, built for this machine."""
    text = (HERE / "limits/limits.c").read_text(encoding="utf-8")
    flags = ["-std=gnu11", "-O3", "-ffp-contract=fast", f"-I{sysconfig.get_path('include')}"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "limits.so")
        made = compiler()._replace(libraries=("-lmvec", "-lm"))
        build(made, text, path, flags)
        loader = importlib.machinery.ExtensionFileLoader("limits", str(path))
        module = loader.create_module(importlib.machinery.ModuleSpec("limits", loader, origin=str(path)))
        loader.exec_module(module)
    return module
