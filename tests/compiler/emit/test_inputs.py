"""How emitted Python takes arguments: sizes from whatever shows them, arrays of any kind, results of their own."""

from __future__ import annotations

from typing import Any

import pytest

import mgc
from mgc import DataError

ROWS_AND_WEIGHTS = "def f(X[n, d], w[d]): return sum(X[i] @ w for i) + sum(w)"
TRAINED = """layer lin(x[d]):
    param w[d] = normal(0, 1)
    return w @ x

model score(x[d]):
    return lin(x)

def loss(X[n, 5], y[n]):
    return sum((score(X[i]) - y[i])**2 for i)
"""


def emitted(text: str) -> dict[str, Any]:
    return mgc.loads(text, "f.mg").code.namespace


def test_a_size_is_bound_by_whatever_array_shows_it() -> None:
    function = mgc.loads(ROWS_AND_WEIGHTS, "f.mg").f
    assert function([], [1, 2, 3]) == 6.0
    assert function.grad([], [1, 2, 3]) == ([], [1.0, 1.0, 1.0])
    assert function([[1, 1, 1]], [1, 2, 3]) == 12.0
    pair = mgc.loads("def f(X[n, d], Y[m, d]): return sum(d + sum(X) for j in range(m))", "f.mg").f
    assert pair([], [[1, 2], [3, 4]]) == pair([], [[5, 6], [7, 8]]) == 4.0


def test_a_size_that_only_parameters_show() -> None:
    model = mgc.loads("model f(X[n, d]):\n    param w[d] = 1\n    return sum(X[i] @ w for i)", "f.mg")
    assert model.f.value_and_grad(model.init(d=3), []) == (0.0, {"f.w": [0.0, 0.0, 0.0]})


def test_numpy_arrays_are_taken() -> None:
    numpy = pytest.importorskip("numpy")
    functions = emitted(ROWS_AND_WEIGHTS)
    assert functions["f"](numpy.ones((2, 3)), numpy.ones(3)) == 9.0
    value, (dX, dw) = functions["f_value_and_grad"](numpy.ones((2, 3)), numpy.ones(3))
    assert (value, dX, dw) == (9.0, [[1.0] * 3] * 2, [3.0] * 3)
    assert functions["f"](numpy.ones((0, 3)), numpy.ones(3)) == 3.0


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_no_two_derivatives_are_one_list(axes: int) -> None:
    sizes = ", ".join("nmk"[:axes])
    function = mgc.loads(f"def f(x[{sizes}], y[{sizes}]): return sum((x + y)**2)", "f.mg").f
    ones: Any = 1.0
    for _ in range(axes):
        ones = [ones]
    dx, dy = function.grad(ones, ones)
    assert dx == dy
    while isinstance(dx, list):
        assert dx is not dy
        dx, dy = dx[0], dy[0]  # type: ignore[index]  # both are lists


def test_no_two_results_are_one_list() -> None:
    first, second = mgc.loads("def f(x[n]):\n    y = x*2\n    return y, y", "f.mg").f([1, 2])  # type: ignore[misc]
    assert first == second
    assert first is not second
    model = mgc.loads("model f(x[2]):\n    param b[2] = 0\n    param c[2] = 0\n    return sum((x + b + c)**2)", "f.mg")
    grads = model.f.grad(model.init(), [1, 2])
    assert isinstance(grads, dict)
    assert grads["f.b"] == grads["f.c"]
    assert grads["f.b"] is not grads["f.c"]


def test_a_caller_gives_a_free_size() -> None:
    model = mgc.loads(TRAINED, "f.mg")
    assert model.free_sizes == ()
    params = model.init()
    assert len(params["score.lin1.w"]) == 5  # type: ignore[arg-type]
    assert model.loss(params, [[0] * 5], [2]) == 4.0
    with pytest.raises(DataError, match=r"argument 'x': expected shape \[d\] = \[5\], found \[4\]"):
        model.score(params, [1, 2, 3, 4])


def test_emitted_code_checks_parameters_of_a_free_size() -> None:
    functions = emitted(TRAINED)
    with pytest.raises(ValueError, match=r"score\.lin1\.w has 5 entries where 4 are needed"):
        functions["score"](functions["init_params"](), [1.0, 2.0, 3.0, 4.0])


def test_two_callers_of_different_sizes_leave_it_free() -> None:
    model = mgc.loads(f"{TRAINED}\ndef other(x[3]): return score(x)\n", "f.mg")
    assert model.free_sizes == ("d",)
    assert model.other(model.init(d=3), [0, 0, 0]) == 0.0


@pytest.mark.parametrize("name", ["e", "pi", "tau"])
def test_an_argument_keeps_its_name(name: str) -> None:
    functions = emitted(f"def f({name}, x): return {name}*x")
    assert functions["f"](**{name: 2.0, "x": 3.0}) == 6.0
    assert functions["f_value_and_grad"](**{name: 2.0, "x": 3.0}) == (6.0, (3.0, 2.0))


def test_the_sizes_of_three_axes_are_read_and_proved() -> None:
    model = mgc.loads("def f(X[n, d, k]): return sum(X**2)", "f.mg")
    assert [model.f([]), model.f([[], []]), model.f([[[1, 2]]])] == [0.0, 0.0, 5.0]
    assert [one.status for one in model.verify().functions] == ["proved"]
