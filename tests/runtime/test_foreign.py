"""Functions among what SciPy, PyTorch and JAX have: the same values, and the compiled derivatives."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

import mgc
from mgc import DataError
from support.fit_model import MODEL, ROWS, X, Y

EXAMPLES = Path(__file__).parents[2] / "examples"
TEXT = """
def one(x, w[n], k: int, bias = 0.5): return tanh(x*sum(w) + bias)*k
def many(w[n]): return [exp(w[i]) for i], sum(w)
"""


def test_scipy_minimises_in_one_line() -> None:
    minimize = pytest.importorskip("scipy.optimize").minimize
    rosenbrock = mgc.load(EXAMPLES / "rosenbrock.mg").functions[0].objective(x=[-1.2, 1.0, 3.0])
    result = minimize(rosenbrock, rosenbrock.start, jac=True)
    assert rosenbrock.arguments(result.x)["x"] == pytest.approx([1.0, 1.0, 1.0], abs=1e-4)


def test_an_objective_has_the_parameters_in_a_row() -> None:
    model = mgc.loads(MODEL)
    params = {"fit.w": 1.0, "fit.b": [0.5, -2.0]}
    objective = model.loss.objective(params=params, **ROWS)
    assert objective.start == [1.0, 0.5, -2.0]
    slopes: Any
    value, slopes = model.loss.value_and_grad(params, X, Y)
    assert objective([1.0, 0.5, -2.0]) == (value, [slopes["fit.w"], *slopes["fit.b"]])
    assert objective.arguments([3.0, 2.0, 1.0])["params"] == {"fit.w": 3.0, "fit.b": [2.0, 1.0]}
    with pytest.raises(DataError, match="loss: expected 3 numbers, found 2"):
        objective([1.0, 2.0])
    with pytest.raises(DataError, match="missing argument"):
        model.loss.objective(params=params)


def expected() -> list[float]:
    slopes: Any
    value, slopes = mgc.loads(TEXT).one.value_and_grad(0.3, [1.0, -0.5], 2)
    return [value, slopes[0], *slopes[1]]


def test_pytorch_takes_the_compiled_derivative() -> None:
    torch: Any = pytest.importorskip("torch")
    model = mgc.loads(TEXT)
    x, w = torch.tensor(0.3, dtype=torch.float64, requires_grad=True), torch.tensor([1.0, -0.5], dtype=torch.float64)
    w.requires_grad_()
    value = model.one.as_torch()(x, w, 2)
    (3 * value).backward()
    assert [value.item(), x.grad.item() / 3, *(w.grad / 3).tolist()] == pytest.approx(expected(), rel=1e-14)
    assert torch.autograd.gradcheck(model.many.as_torch(), (w,))
    (slope,) = torch.autograd.grad(model.one.as_torch()(x, w, 2) ** 2, x, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        slope.backward()
    loss = mgc.loads(MODEL).loss.as_torch()
    params = {"fit.w": torch.tensor(1.0, requires_grad=True), "fit.b": torch.tensor([0.5, -2.0], requires_grad=True)}
    loss(params, X, y=Y).backward()
    slopes: Any = mgc.loads(MODEL).loss.grad({"fit.w": 1.0, "fit.b": [0.5, -2.0]}, X, Y)
    assert params["fit.b"].grad.tolist() == pytest.approx(slopes["fit.b"], rel=1e-6)


def test_jax_takes_the_compiled_derivative() -> None:
    jax: Any = pytest.importorskip("jax")
    with jax.enable_x64(True):
        model = mgc.loads(TEXT)
        one, w = model.one.as_jax(), jax.numpy.array([1.0, -0.5])
        value, (dx, dw) = jax.jit(jax.value_and_grad(one, argnums=(0, 1)), static_argnums=())(0.3, w, 2)
        assert [float(value), float(dx), *dw.tolist()] == pytest.approx(expected(), rel=1e-14)
        many = jax.grad(lambda w: sum(model.many.as_jax()(w)[0]) + 2 * model.many.as_jax()(w)[1])(w)
        assert many.tolist() == pytest.approx([2 + float(jax.numpy.exp(number)) for number in w])
        params = {"fit.w": 1.0, "fit.b": jax.numpy.array([0.5, -2.0])}
        slopes = jax.grad(mgc.loads(MODEL).loss.as_jax())(params, jax.numpy.array(X), jax.numpy.array(Y))
        own: Any = mgc.loads(MODEL).loss.grad({"fit.w": 1.0, "fit.b": [0.5, -2.0]}, X, Y)
        assert [float(slopes["fit.w"]), *slopes["fit.b"].tolist()] == pytest.approx([own["fit.w"], *own["fit.b"]])


def test_what_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    one = mgc.loads(TEXT).one
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(DataError, match="as_torch needs PyTorch: pip install torch"):
        one.as_torch()
    with pytest.raises(DataError, match="as_jax needs JAX: pip install jax"):
        one.as_jax()
