"""The checker finds right derivatives right, wrong ones wrong, and NaN never passes."""

from __future__ import annotations

import math

import pytest
from msgspec.structs import replace

import mgc
from mgc import DataError, Model
from mgc.runtime.check import check
from mgc.runtime.drawn import complete
from support.fit_model import MODEL, NEURON, PARAMETERS, ROWS


@pytest.fixture(scope="module")
def model() -> Model:
    return mgc.loads(MODEL, "fit.mg")


def altered(model: Model, old: str, new: str) -> Model:
    """The model with its emitted text changed: a seeded fault."""
    assert old in model.source
    return Model(replace(model.module, text=model.source.replace(old, new)), MODEL, "fit.mg")


def test_scalars(model: Model) -> None:
    report = check(model.neuron, NEURON)
    assert report.passed
    assert [row.variable for row in report.rows] == ["x1", "x2", "w1", "w2", "b"]
    assert report.total == 5
    assert report.worst < 1e-8


def test_parameters_and_arrays(model: Model) -> None:
    report = check(model.loss, [PARAMETERS, ROWS["X"], ROWS["y"]])
    assert report.passed
    assert [row.variable for row in report.rows] == ["fit.w", "fit.b[0]", "fit.b[1]"]


@pytest.mark.parametrize("x", [[1.0, 2.5], [1e-9, 1e9], [1e-300, 1.0]])
def test_array_results_and_edges_of_a_domain(model: Model, x: list[float]) -> None:
    assert check(model.logs, [x]).passed


def test_large_arrays_are_sampled(model: Model) -> None:
    report = check(model.logs, [[1.0 + i for i in range(200)]], per_variable=10)
    assert (len(report.rows), report.total) == (10, 200)
    assert report.passed


def test_the_arguments_are_left_alone(model: Model) -> None:
    x = [1.0, 2.0]
    check(model.logs, [x])
    assert x == [1.0, 2.0]


def test_no_value_at_the_point_is_an_error(model: Model) -> None:
    with pytest.raises(mgc.ModelError):
        check(model.logs, [[0.0]])


def test_wrong_arguments(model: Model) -> None:
    with pytest.raises(DataError, match="missing argument"):
        check(model.neuron, [1.0])


@pytest.mark.parametrize("factor", ["-1.0", "1.001", "0.0", 'float("nan")', 'float("inf")'])
def test_a_seeded_fault_fails(model: Model, factor: str) -> None:
    """The derivative by b is scaled on its way out: only its row may fail, and it must."""
    text = model.neuron.backward_source
    wrapped = text.replace("def neuron_value_and_grad(", "def right(") + (
        "\n\ndef neuron_value_and_grad(x1, x2, w1, w2, b):\n"
        "    value, grads = right(x1, x2, w1, w2, b)\n"
        f"    return value, (*grads[:4], grads[4] * {factor})\n"
    )
    faulty = altered(model, text, wrapped)
    report = check(faulty.neuron, NEURON)
    assert [row.variable for row in report.rows if not row.passed] == ["b"]
    assert not report.passed
    assert report.worst > 1e-4 or math.isnan(report.worst)


STEEP = [
    ("def f(x): return log(x)", [1e-5]),
    ("def f(x): return 1/x", [1e-6]),
    ("def f(s, K): return s/(s + K)", [1e-6, 1e-6]),
    ("def f(x): return sqrt(x)", [1e-320]),
    ("def f(x): return relu(x)", [1e-9]),
    ("def f(x): return sin(x)", [1e10]),
    ("def f(x, y): return x*1e16 + y**3", [1.3, 0.7]),
    ("def f(x): return abs(x)", [0.0]),
    ("def f(x[n]): return x[0]", [[1.0, 2.0]]),
]


@pytest.mark.parametrize(("text", "point"), STEEP)
def test_steep_places_are_decided(text: str, point: list[object]) -> None:
    report = check(mgc.loads(text).f, point)
    assert report.passed
    assert not any(row.undecided for row in report.rows)


WRONG = "op g(y):\n    return y**3\n    dy = {0}\ndef f(x, y): return x*1e16 + g(y)"


@pytest.mark.parametrize("slope", ["2*y**2", "0*y", "3.00001*y**2"])
def test_a_wrong_rule_beside_a_huge_term_is_found(slope: str) -> None:
    report = check(mgc.loads(WRONG.format(slope)).f, [1.3, 0.7])
    assert [row.variable for row in report.rows if not row.passed] == ["y"]


@pytest.mark.parametrize(("text", "x"), [("floor(x)*x", 3.0), ("round(x)", 2.5), ("sign(x)", 0.0), ("trunc(x)", -1.0)])
def test_a_jump_is_undecided(text: str, x: float) -> None:
    (row,) = check(mgc.loads(f"def f(x): return {text}").f, [x]).rows
    assert row.undecided
    assert row.passed
    assert row.note == "the value jumps"


@pytest.mark.parametrize("text", ["round(x)", "fma(x, x, x*1e16) - x*1e16", "sign(x)*x", "trunc(x) + ceil(x)"])
def test_helpers_are_followed_in_fifty_digits(text: str) -> None:
    (row,) = check(mgc.loads(f"def f(x): return {text}").f, [1.7]).rows
    assert (row.passed, row.undecided) == (True, False)


def test_what_is_outside_of_the_slopes_on_a_kink_fails() -> None:
    text = "op g(x):\n    return abs(x)\n    dx = 3 if x >= 0 else -1\ndef f(x): return g(x)"
    (row,) = check(mgc.loads(text).f, [0.0]).rows
    assert not row.passed
    assert row.note == "a kink: the slopes beside it are -1 and 1"


SMOOTH = ("x**2", "x**3", "sin(x) - x", "exp(x) - x", "1e20*x**2", "relu(x)*x", "abs(x)**1.5", "x**3 + x**4")


@pytest.mark.parametrize("text", SMOOTH)
def test_a_bend_is_no_kink(text: str) -> None:
    (row,) = check(mgc.loads(f"def f(x): return {text}").f, [0.0]).rows
    assert (row.passed, row.undecided, row.note, row.error) == (True, False, "", 0.0)


def test_a_wrong_rule_where_the_slope_is_0_is_found() -> None:
    text = "op g(x):\n    return x**3\n    dx = 1e-15\ndef f(x): return g(x)"
    assert not check(mgc.loads(text).f, [0.0]).passed


def test_sizes_are_drawn_that_differ_where_they_may() -> None:
    model = mgc.loads(
        "def swapped(A[n, m], x[k], y[m], z[5]): return A[0, 2]*x[k - 1]*y[m - 1]*z[4]\n"
        "def equal(A[n, m]): return 1/sum(A[i, n - 1 - i] if i < m else 0 for i) + A[m - 1, n - 1]\n"
    )
    drawn = complete(model.swapped, {"y": [1.0] * 3}, lambda values: [], seed=0)[1]
    assert [len(drawn["A"]), len(drawn["A"][0]), len(drawn["x"])] == [4, 3, 6]  # type: ignore[arg-type, index]
    drawn = complete(model.equal, {}, lambda values: [], seed=0)[1]
    assert [len(drawn["A"]), len(drawn["A"][0])] == [3, 3]  # type: ignore[arg-type, index]


def test_whole_numbers_are_drawn_in_range() -> None:
    function = mgc.loads("def f(x[3], i: int, j: int, k: int): return x[i]*x[j]**k").f
    drawn = [complete(function, {}, lambda values: [], seed)[1] for seed in range(20)]
    assert {values[name] for values in drawn for name in "ijk"} == {0, 1, 2}


@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_undecided(x: float) -> None:
    report = check(mgc.loads("def f(x, y): return x*x + y", "f.mg").f, [x, 1.0])
    assert [(row.passed, row.undecided) for row in report.rows] == [(True, True)] * 2
    assert [row.note for row in report.rows] == [
        "no differences at what is not finite",
        f"the value is {x * x} at what is given",
    ]


def test_a_mask_of_infinities_leaves_other_derivatives_decided() -> None:
    report = check(mgc.loads("def f(x, y): return x*x if y > 0 else x", "f.mg").f, [3.0, math.inf])
    assert next((row.variable, row.passed, row.undecided) for row in report.rows) == ("x", True, False)


def test_the_weights_of_several_results_are_told(model: Model) -> None:
    assert check(model.neuron, NEURON).weights == ()
    assert len(check(model.logs, [[1.0, 2.0, 3.0]]).weights) == 3


def test_what_cancels_is_judged_in_fifty_digits() -> None:
    """A shift before a normalisation: its derivative is 0, of which doubles leave roundings."""
    text = """def f(x[n], b):
    z = [x[i] + b for i]
    m = mean(z)
    v = mean((z[i] - m)**2 for i)
    return sum(tanh((z[i] - m)/sqrt(v + 1e-5))*i for i)
"""
    shift = check(mgc.loads(text).f, [[0.1, 0.2, 0.7], 0.3]).rows[-1]
    assert shift.exact != 0.0
    assert (shift.passed, shift.undecided, shift.note) == (True, False, "0 in fifty digits: terms cancel")


def test_a_wrong_rule_that_is_drowned_is_undecided() -> None:
    text = "op bad(x):\n    return log(x)\n    dx = 5 / x\ndef f(x, y): return bad(x) + y"
    rows = check(mgc.loads(text).f, [1e-300, 1e300]).rows
    assert [row.undecided for row in rows] == [True, False]


def test_a_point_is_drawn_at_which_there_is_a_number() -> None:
    function = mgc.loads("def f(a, b): return sqrt(a)*log(b)", ieee=True).f
    for seed in range(10):
        drawn = complete(function, {}, lambda values: [], seed)[1]
        assert all(isinstance(one, float) and one > 0.0 for one in drawn.values())
