"""A Python function of values, traced: the model that it is, its numbers, and what it refuses."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mgc
from mgc.micrograd import MLP, Value
from support.quick import first_quick


def neuron(x: Any, w: Any, b: Any) -> Any:
    n = sum(a * c for a, c in zip(x, w, strict=True)) + b
    return n.tanh()


def softmax(x: Any, w: Any) -> Any:
    z = [sum(w[k] * x[i + k] for k in range(3)) for i in range(len(x) - 2)]
    powers = [v.exp() for v in z]
    total = sum(powers)
    p = [v / total for v in powers]
    return -sum(v * v.log() for v in p), p, p[1:4], [[1, p[0]], [x[1], 2]]


def layers(x: Any) -> Any:
    table = [[0.5, -1.0, 2.0, 1.5], [1.0, 3.0, -0.5, 0.25], [-2.0, 0.125, 1.0, 4.0]]
    return [sum(a * b for a, b in zip(row, x, strict=True)).relu() for row in table]


def pairs(x: Any) -> Any:
    s = 0
    for i in range(len(x)):
        for j in range(i):
            s = s + (x[i] - x[j]) ** 2 / (1 + x[i] * x[j]) - x[j] ** -2 * 3
    return s


TEXTS: dict[str, tuple[Callable[..., Any], tuple[Any, ...], str]] = {
    "a sum over indices": (
        neuron,
        ([1.0, 2.0, -1.0], [0.5, -1.0, 2.0], 0.25),
        "def neuron(x[3], w[3], b):\n    n = sum(x[i]*w[i] for i) + b\n    return tanh(n)\n",
    ),
    "windows, a sum that all entries share, and results of several forms": (
        softmax,
        ([0.1, 0.4, -0.2, 0.7, 1.0, -0.5, 0.3], [1.0, -0.5, 2.0]),
        (
            "def softmax(x[7], w[3]):\n"
            "    z = [sum(w[j]*x[i + j] for j) for i in range(5)]\n"
            "    powers = [exp(z[i]) for i]\n"
            "    total = sum(powers[i] for i)\n"
            "    p = [powers[i]/total for i]\n"
            "    return -sum(p[i]*log(p[i]) for i), p, [p[i + 1] for i in range(3)], [[1, p[0]], [x[1], 2]]\n"
        ),
    ),
    "numbers that differ are a table": (
        layers,
        ([1.0, -1.0, 0.5, 0.25],),
        (
            "def layers(x[4]):\n"
            "    c1 = [[0.5, -1, 2, 1.5], [1, 3, -0.5, 0.25], [-2, 0.125, 1, 4]]\n"
            "    return [relu(sum(x[j]*c1[i, j] for j)) for i]\n"
        ),
    ),
    "two of a kind are written out": (
        lambda x, y: x[0] * y - x[1] * 3 + -(x[0] / y) * 2,
        ([1.0, 2.0], 4.0),
        "def traced(x[2], y):\n    return x[0]*y - x[1]*3 + (-x[0]/y)*2\n",
    ),
}


@pytest.mark.parametrize(("f", "examples", "text"), TEXTS.values(), ids=TEXTS)
def test_the_model_reads_like_one(f: Callable[..., Any], examples: tuple[Any, ...], text: str) -> None:
    assert mgc.trace(f, *examples).to_mg() == text


def numbers(nested: Any) -> list[float]:
    if isinstance(nested, (list, tuple)):
        return [number for one in nested for number in numbers(one)]
    return [float(nested)]


def values(nested: Any) -> Any:
    return [values(one) for one in nested] if isinstance(nested, list) else Value(nested)


def moved(nested: Any, generator: random.Random) -> Any:
    return [moved(one, generator) for one in nested] if isinstance(nested, list) else nested + generator.random() / 8


def agrees(made: mgc.Function, f: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Values and derivatives of one number, or of the sum of all, are the eager ones."""
    inputs = values(list(arguments))
    results = numbers_of(f(*inputs))
    sum(results, Value(0)).backward()
    slopes = [leaf.grad for leaf in numbers_of(inputs)]
    if made.info.results == ((),):
        value: Any
        value, gradients = made.value_and_grad(*arguments)
    else:
        value = made(*arguments)
        ones = value if isinstance(value, tuple) else (value,)
        _, gradients = made.vjp(*arguments, *[ones_like(one) for one in ones])
    assert numbers(value) == pytest.approx([result.data for result in results], rel=1e-12, abs=1e-12)
    assert numbers(list(gradients)) == pytest.approx(slopes, rel=1e-9, abs=1e-9)


def numbers_of(nested: Any) -> list[Value]:
    if isinstance(nested, (list, tuple)):
        return [value for one in nested for value in numbers_of(one)]
    return [nested if isinstance(nested, Value) else Value(nested)]


def ones_like(nested: Any) -> Any:
    return [ones_like(one) for one in nested] if isinstance(nested, list) else 1.0


@pytest.mark.parametrize(
    ("f", "examples"), [(f, examples) for f, examples, _ in TEXTS.values()] + [(pairs, ([1.0, 2.0, 0.5, 4.0, 3.0],))]
)
def test_numbers_are_those_of_the_values_at_other_points_too(f: Callable[..., Any], examples: tuple[Any, ...]) -> None:
    generator = random.Random(3)
    made = mgc.trace(f, *examples)
    for _ in range(3):
        agrees(made, f, tuple(moved(list(examples), generator)))


def random_program(seed: int) -> tuple[Callable[..., Any], list[list[float]]]:
    """Layers of random pairs, windows, sums and shuffles over two vectors."""
    draw = random.Random(seed)
    size = draw.randrange(2, 6)
    plan = [(draw.randrange(6), draw.randrange(1, 4), draw.random()) for _ in range(draw.randrange(2, 6))]

    def program(x: Any, y: Any) -> Any:
        h = list(x)
        for kind, step, number in plan:
            match kind:
                case 0:
                    h = [a * b + number for a, b in zip(h, [*y, *x] * 4, strict=False)]
                case 1:
                    h = [(h[i] - h[(i + step) % len(h)]).tanh() for i in range(len(h))]
                case 2:
                    h = [sum(h[i : i + step]) / (3 + a * a) for i in range(len(h)) for a in y]
                case 3:
                    h = [*h[::-1], *(a**2 * (k + number) for k, a in enumerate(h[::step]))]
                case 4:
                    h = [*(-(a * number).exp() for a in h[: 3 * step]), h[0]]
                case _:
                    total = sum(h)
                    h = [a - total * number for a in h[:8]]
        return sum(h), h[::2]

    return program, [[draw.uniform(-1, 1) for _ in range(size)], [draw.uniform(-1, 1) for _ in range(size)]]


@pytest.mark.parametrize("seed", first_quick(range(60), 6))
def test_random_programs_are_what_they_were(seed: int) -> None:
    program, examples = random_program(seed)
    made = mgc.trace(program, *examples)
    agrees(made, program, tuple(moved(examples, random.Random(seed))))


def test_a_network_over_samples_is_rolled_into_loops() -> None:
    random.seed(1)
    model = MLP(2, [4, 4, 1])
    X = [[random.uniform(-1, 1), random.uniform(-1, 1)] for _ in range(5)]

    def loss(X: Any, y: Any, network: Any) -> Any:
        scores = [network(row) for row in X]
        losses = [(1 + -label * score).relu() for label, score in zip(y, scores, strict=True)]
        penalty = sum(p * p for p in network.parameters())
        return sum(losses) / len(losses) + 0.001 * penalty

    y = [1.0, -1.0, 1.0, 1.0, -1.0]
    made = mgc.trace(loss, X, y, model)
    assert made.to_mg() == (
        "def loss(X[5, 2], y[5], network[37]):\n"
        "    act = [network[3*j + 2] + network[3*j]*X[i, 0] + network[3*j + 1]*X[i, 1] for i for j in range(4)]\n"
        "    out = [relu(act[i, j]) for i for j]\n"
        "    act2 = [network[5*j + 16] + sum(network[5*j + k + 12]*out[i, k] for k) for i for j in range(4)]\n"
        "    out2 = [relu(act2[i, j]) for i for j]\n"
        "    scores = [network[36] + sum(network[j + 32]*out2[i, j] for j) for i]\n"
        "    losses = [relu((-y[i])*scores[i] + 1) for i]\n"
        "    penalty = sum(network[i]*network[i] for i)\n"
        "    return sum(losses[i] for i)*0.2 + penalty*0.001\n"
    )
    expected = loss([[Value(a) for a in row] for row in X], y, model)
    expected.backward()
    value, (_, _, slopes) = made.value_and_grad(X, y, [p.data for p in model.parameters()])
    assert value == pytest.approx(expected.data, rel=1e-14)
    assert slopes == pytest.approx([p.grad for p in model.parameters()], rel=1e-12, abs=1e-15)


def test_arrays_of_numpy_stay_arrays() -> None:
    def f(A: Any, x: Any) -> Any:
        y = np.tanh(A @ x)
        return y @ y

    A, x = np.linspace(-1, 1, 12).reshape(3, 4), np.array([1, 2, 3, -1])
    made = mgc.trace(f, A, x)
    assert made.to_mg() == (
        "def f(A[3, 4], x[4]):\n    y = [tanh(sum(A[i, j]*x[j] for j)) for i]\n    return sum(y[i]*y[i] for i)\n"
    )
    assert made(A, x) == pytest.approx(f(A, x), rel=1e-14)


def larger(x: Any, y: Any) -> Any:
    if x - y > 0:
        return x * 2
    return y


def test_a_branch_that_was_not_taken_is_an_error_that_names_its_line() -> None:
    made = mgc.trace(larger, 3.0, 1.0)
    assert made.value_and_grad(5.0, 4.0) == (10.0, (2.0, 0.0))
    said = r"test_trace\.py:\d+: `if x - y > 0:`: a comparison was True where larger was traced, and is False here"
    bound = made.bind(y=4.0)
    for call in (made, made.value_and_grad, made.grad, made.debug, made.draw, pickle.loads(pickle.dumps(made))):
        with pytest.raises(mgc.DataError, match=said):
            call(2.0, 4.0)
    for short in (bound, bound.value_and_grad):
        assert short(5.0)
        with pytest.raises(mgc.DataError, match=said):
            short(2.0)


def test_nan_takes_no_branch_that_a_number_took() -> None:
    with pytest.raises(mgc.DataError, match="is False here"):
        mgc.trace(larger, 3.0, 1.0)(float("nan"), 1.0)


def test_sorting_is_many_branches() -> None:
    made = mgc.trace(sorted, [3.0, 1.0, 2.0, 0.5])
    assert made([3.5, 1.5, 2.5, 0.0]) == [0.0, 1.5, 2.5, 3.5]
    with pytest.raises(mgc.DataError):
        made([1.0, 2.0, 3.0, 4.0])


def test_branches_by_an_array_are_rolled_too() -> None:
    def absolute(x: Any) -> Any:
        return sum(v if v > 0 else -v for v in x)

    made = mgc.trace(absolute, [1.0, 2.0, 3.0, 4.0])
    assert "return [1 if x[i] > 0 else 0 for i]" in made.to_mg()
    with pytest.raises(mgc.DataError, match="is False here"):
        made([1.0, 2.0, -3.0, 4.0])


def test_comparisons_of_constants_are_no_branches() -> None:
    made = mgc.trace(lambda x: x if Value(1.0) < 2 else -x, 3.0)
    assert made.to_mg() == "def traced(x):\n    return x\n"


def test_values_are_arguments_wherever_they_are_read() -> None:
    w = Value(3.0, label="w")
    assert mgc.trace(lambda x, weight: w * x, 2.0, w).to_mg() == "def traced(x, weight):\n    return weight*x\n"


@pytest.mark.parametrize(
    ("f", "examples", "said"),
    [
        (lambda x: x, ("1",), "x: expected a number, a Value, or lists of them, found str"),
        (lambda x: x, ([],), "x: it is empty"),
        (lambda x: x, ([[1.0], [1.0, 2.0]],), "x: rows of different lengths"),
        (lambda x: "one", (1.0,), "expected a Value as result, or lists of them, found str"),
        (lambda x: [x, [x]], (1.0,), "rows of different lengths"),
        (lambda x: x * float(x), (1.0,), r"float\(value\) in a traced function"),
        (lambda x: Value(1.0, (x,), "own"), (1.0,), "'own' is an operation of your own"),
    ],
)
def test_what_cannot_be_traced_is_told(f: Callable[..., Any], examples: tuple[Any, ...], said: str) -> None:
    with pytest.raises(mgc.DataError, match=said):
        mgc.trace(f, *examples)


def test_a_value_is_one_argument() -> None:
    x = Value(1.0)
    with pytest.raises(mgc.DataError, match="y: a value that is an argument already"):
        mgc.trace(lambda x, y: x + y, x, x)


def test_a_traced_function_says_its_derivative() -> None:
    made = mgc.trace(neuron, [1.0, 2.0, -1.0], [0.5, -1.0, 2.0], 0.25, style="lesson")
    assert "d tanh(u)/du = 1 - tanh(u)**2" in made.backward_source


@pytest.mark.slow
def test_a_traced_function_is_proved() -> None:
    assert mgc.trace(neuron, [1.0, 2.0, -1.0], [0.5, -1.0, 2.0], 0.25).verify().is_proved


def test_a_long_sum_of_different_terms_takes_several_lines() -> None:
    def f(x: Any) -> Any:
        s = 0
        for k in range(40):
            s = s + (x[k % 5] * x[k * k % 7]).tanh() * (k % 3 + 0.5)
        return s

    made = mgc.trace(f, [0.1 * k for k in range(7)])
    assert max(map(len, made.to_mg().splitlines())) < 200
    agrees(made, f, ([0.3 * k for k in range(7)],))


def test_names_of_the_language_are_left_to_it() -> None:
    def f(params: Any, inf: Any) -> Any:
        tanh = params * inf
        range = (tanh * tanh).exp()  # noqa: A001
        return range - tanh

    assert mgc.trace(f, 1.0, 2.0).to_mg() == (
        "def f(params2, inf2):\n    tanh2 = params2*inf2\n    range2 = exp(tanh2*tanh2)\n    return range2 - tanh2\n"
    )


def test_a_function_may_be_called_as_an_operation_is() -> None:
    assert mgc.trace(max, 1.0, 2.0).to_mg().startswith("def max2(x1, x2):\n    return x2\n")
    assert mgc.trace(lambda *xs: sum(xs), 1.0, 2.0).to_mg() == "def traced(xs, xs2):\n    return xs + xs2\n"


def test_a_profiler_goes_on_after_a_trace() -> None:
    import sys

    def profiler(*event: object) -> None:
        pass

    sys.setprofile(profiler)
    try:
        mgc.trace(lambda x: x * 2, 1.0)
        assert sys.getprofile() is profiler
    finally:
        sys.setprofile(None)


def test_arrays_of_numbers_are_not_looked_through() -> None:
    class Numbers(np.ndarray[Any, Any]):
        def tolist(self) -> Any:
            raise AssertionError("asked for its numbers")

    def helper(x: Any) -> Any:
        kind, numbers, values = np.ndarray, np.zeros(3).view(Numbers), np.array([x * 2, x * 3])
        return values[0] * values[1] * len(numbers) * (kind is not None)

    assert "values = x*2" in mgc.trace(helper, 2.0).to_mg()


@pytest.mark.parametrize("target", ["native", "c"])
def test_a_traced_function_is_python(target: Any) -> None:
    with pytest.raises(mgc.DataError, match="a traced function runs as Python"):
        mgc.trace(larger, 3.0, 1.0, target=target)


@pytest.mark.parametrize(
    "f", [lambda x: x * 2 if x == 1 else x, lambda x: x if x != 1.0 else -x, lambda x: x if x in [0, 1] else -x]
)
def test_equality_with_a_number_is_no_branch_of_a_trace(f: Callable[..., Any]) -> None:
    x, y = Value(1.0), Value(1.0)
    assert (x == x, x == y, x == 1, x != 1, len({x, y, x})) == (True, False, False, True, 2)
    with pytest.raises(mgc.DataError, match="value == number in a traced function"):
        mgc.trace(f, 1.0)
