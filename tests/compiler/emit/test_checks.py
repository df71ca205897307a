"""What emitted Python refuses at run time: wrong sizes by ValueError, indices outside their axis by IndexError."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from support import native, targets
from support.emitted import emit

SIZES: list[tuple[str, tuple[Any, ...], str]] = [
    ("def f(x[n], y[n]): return sum(x*y)", ([1.0, 2.0], [1.0]), "y has 1 entries where 2 are needed"),
    ("def f(x[3]): return sum(x)", ([1.0, 2.0],), "x has 2 entries where 3 are needed"),
    ("def f(A[m, n]): return sum(A)", ([[1.0, 2.0], [3.0]],), "row of A has 1 entries where 2 are needed"),
    ("def f(A[m, n], x[n]): return sum(A @ x)", ([[1.0, 2.0]], [1.0]), "row of A has 2 entries where 1 are needed"),
    ("def f(A[m, 2]): return sum(A)", ([[1.0, 2.0, 3.0]],), "A has 3 entries where 2 are needed"),
    ("def f(x[d], l[d*(d-1)/2]): return sum(x)*sum(l)", ([1.0] * 3, [1.0] * 2), "l has 2 entries where 3 are needed"),
    ("def f(l[d*(d-1)/2], x[d]): return sum(x)*sum(l)", ([1.0] * 4, [1.0] * 3), "l has 4 entries where 3 are needed"),
    ("def f(x[n], k[n]: int): return x[0]*k[0]", ([1.0, 2.0], [0]), "k has 1 entries where 2 are needed"),
    ("const c = 2\ndef f(x[c]): return sum(x)", ([1.0],), "x has 1 entries where 2 are needed"),
    (
        "model f(x[2]):\n    param w[2] = 1\n    return x @ w",
        ({"f.w": [1.0] * 3}, [1.0] * 2),
        "f.w has 3 entries where 2",
    ),
]
PLACES: list[tuple[str, tuple[Any, ...]]] = [
    ("def f(x[n], k: int): return x[k]", ([1.0, 2.0], 2)),
    ("def f(x[n], k: int): return x[k]", ([1.0, 2.0], -1)),
    ("def f(x[n], k: int): return x[k + 1]**2", ([1.0, 2.0], 1)),
    ("def f(x[n]): return x[2]", ([1.0, 2.0],)),
    ("def f(x[n]): return x[-3]", ([1.0, 2.0],)),
    ("def f(E[v, d], tok[t]: int): return sum(E[tok[i], j] for i, j)", ([[1.0], [2.0]], [0, 1, 2])),
    ("def f(E[v, d], tok[t]: int): return sum(E[tok[i], j] for i, j)", ([[1.0], [2.0]], [0, -1])),
    ("def f(x[n]): return sum(x[i]*x[i + k] for i in range(n) for k in range(2))", ([1.0, 2.0],)),
    ("def f(x[n], y[m]): return sum(x[i] for i in range(m))", ([1.0], [1.0, 2.0])),
    ("def f(A[m, n], k: int): return sum(A[k])", ([[1.0]], 1)),
    ("def f(x[n]): return sum(x) + argmax(x)", ([],)),
    ("def f(x[n]): return sum(x[i] for i) + argmin(x[i]**2 for i in range(1, n))", ([1.0],)),
    ("def f(A[m, n]): return sum(A) + sum(argmax(A[i]) for i)", ([[], []],)),
]
LARGEST = "def f(x[n]): return argmax(x)"


def both(text: str, at: tuple[Any, ...], error: type[Exception]) -> str:
    """The function and its derivative raise the same."""
    module = emit(text)
    info = module.info("f")
    said = []
    for name in (info.emitted_name, str(info.gradient_name)):
        with pytest.raises(error) as caught:
            module.names[name](*at)
        said.append(str(caught.value))
    assert said[0] == said[1]
    return said[0]


@pytest.mark.parametrize(("text", "at", "message"), SIZES)
def test_wrong_sizes(text: str, at: tuple[Any, ...], message: str) -> None:
    assert re.search(message, both(text, at, ValueError))


@pytest.mark.parametrize(("text", "at"), PLACES)
def test_places_outside(text: str, at: tuple[Any, ...]) -> None:
    assert "outside an axis of size" in both(text, at, IndexError)


@pytest.mark.parametrize("ieee", [False, True])
def test_nothing_has_no_largest_place(ieee: bool) -> None:
    module = emit(LARGEST, options=Options(ieee=ieee))
    assert module.names["f"]([1.0, 3.0, 2.0]) == 1
    with pytest.raises(IndexError):
        module.names["f"]([])


def test_a_place_that_was_checked_is_checked_once() -> None:
    text = compile_source("def f(x[n]): return x[argmax(x)]", "largest.mg").text
    assert text.count("= element(") == 2, "once in the function, once in its derivative"


def test_nothing_has_no_largest_place_in_c() -> None:
    module = compile_source(LARGEST, "largest.mg", Options(target="c"))
    library = targets.build(module.text)
    function = native.find(module, library, "f")
    assert native.call(function, [[1.0, 3.0, 2.0]], {"n": 3}, []) == [[1]]
    with pytest.raises(IndexError):
        native.call(function, [[]], {"n": 0}, [])


OF_NOTHING: list[tuple[str, tuple[Any, ...], Any]] = [
    ("def f(v[n]): return sum(v[i]**2/n for i)", ([],), (0.0, ([],))),
    ("def f(v[n]): return sum(v[i]**2/(2*n) for i)", ([],), (0.0, ([],))),
    ("def f(v[n], w[m]): return sum(sum(v[i]*w[j] for j)/n for i)", ([], [1.0]), (0.0, ([], [0.0]))),
    ("def f(A[n, m]): return sum(mean(A[i]) for i)", ([],), (0.0, ([],))),
    ("def f(v[n], a): return a*(sum(v)/n) if a > 0 else sum(v[i]/n for i)", ([], -1.0), (0.0, ([], 0.0))),
]


@pytest.mark.parametrize(("text", "at", "wanted"), OF_NOTHING)
def test_of_nothing_the_derivative_is_0_where_the_value_is(text: str, at: tuple[Any, ...], wanted: Any) -> None:
    module = emit(text)
    assert module.names["f"](*at) == wanted[0]
    assert module.names["f_value_and_grad"](*at) == wanted


def test_what_the_value_is_divided_by_is_not_asked_again() -> None:
    text = compile_source("def f(v[n]): return mean(v[i]**2 for i) + sum(v[i]/n for i)", "mean.mg").text
    assert "if n" not in text


def test_an_adjoint_has_the_shape_of_its_result() -> None:
    module = emit("def f(x[n]): return 2*x")
    with pytest.raises(ValueError, match="dout has 1 entries where 2 are needed"):
        module.names["f_vjp"]([1.0, 2.0], [1.0])


def test_only_the_arm_that_is_taken_is_checked() -> None:
    module = emit("def f(x[n], k: int): return x[k] if k < n else 0*k")
    assert module.names["f"]([1.0, 2.0], 5) == 0.0
    assert module.names["f_value_and_grad"]([1.0, 2.0], 5) == (0.0, ([0.0, 0.0],))
    assert module.names["f_value_and_grad"]([1.0, 2.0], 1) == (2.0, ([0.0, 1.0],))


TAKEN = {
    "log(x) if x > 0 else x": (-1.0, -1.0, 1.0),
    "1/x if x != 0 else 2*x": (0.0, 0.0, 2.0),
    "sqrt(x) if x > 0 else 0": (0.0, 0.0, 0.0),
    "x*log(x) if x > 0 else 0": (0.0, 0.0, 0.0),
    "exp(x) if x < 700 else x": (1000.0, 1000.0, 1.0),
    "sin(x)/x if x != 0 else 1": (0.0, 1.0, 0.0),
    "(log(x) if x > 0 else x)*(log(x) if x > 0 else x)": (-2.0, 4.0, -4.0),
    "sum((log(x) if x > i else x) for i in range(3))": (0.0, 0.0, 3.0),
}


@pytest.mark.parametrize("text", TAKEN)
def test_nothing_of_the_other_arm_is_evaluated(text: str) -> None:
    at, value, slope = TAKEN[text]
    module = emit(f"def f(x): return {text}")
    assert module.names["f"](at) == value
    assert module.names["f_value_and_grad"](at) == (value, (slope,))


TIES: list[tuple[str, tuple[Any, ...], list[Any]]] = [
    ("def f(v[n]): return max(v)", ([1.0, 3.0, 3.0, 2.0],), [[0.0, 0.5, 0.5, 0.0]]),
    ("def f(v[n]): return min(v)", ([1.0, 1.0, 1.0, 2.0],), [[1 / 3, 1 / 3, 1 / 3, 0.0]]),
    ("def f(A[m, n]): return max(A)", ([[1.0, 2.0], [2.0, 2.0]],), [[[0.0, 1 / 3], [1 / 3, 1 / 3]]]),
    (
        "def f(A[m, n]): return sum(max(A[i, j] for j) for i)",
        ([[1.0, 1.0], [2.0, 1.0]],),
        [[[0.5, 0.5], [1.0, 0.0]]],
    ),
    ("def f(x, y): return max(x, y)", (2.0, 2.0), [0.5, 0.5]),
    ("def f(x): return max(x, 0)", (0.0,), [0.0]),
    ("def f(x): return max(0, x)", (0.0,), [0.0]),
    ("def f(x): return relu(x) + abs(x)", (0.0,), [0.0]),
    ("def f(v[n]): return prod(v)", ([0.0, 2.0, 3.0],), [[6.0, 0.0, 0.0]]),
    ("def f(v[n]): return prod(v)", ([0.0, 0.0, 3.0],), [[0.0, 0.0, 0.0]]),
    ("def f(v[n]): return norm(v)", ([0.0, 0.0],), [[0.0, 0.0]]),
]


@pytest.mark.parametrize(("text", "at", "slopes"), TIES)
def test_ties_and_kinks(text: str, at: tuple[Any, ...], slopes: list[Any]) -> None:
    module = emit(text)
    _, found = module.names["f_value_and_grad"](*at)
    assert list(found) == slopes
