"""Exercises: no wrong backward pass is right by accident."""

from __future__ import annotations

from pathlib import Path

import pytest

import mgc
from mgc.grammar.diagnostics import DataError
from mgc.runtime.grade.chain_rule import hint
from mgc.runtime.grade.grading import ONE_TURN, first_wrong
from mgc.runtime.grade.setting import Exercise, exercise
from mgc.runtime.grade.submission import grade
from support.exercises import MLP, RIGHT, marks, solution


@pytest.fixture(scope="module")
def mlp() -> Exercise:
    return exercise(mgc.loads(MLP).loss, {})


# --- nothing is right by accident: a model, a wrong backward pass, and the derivatives that are wrong

HUBER = "def f(r, delta = 1.0): return 0.5*r**2 if abs(r) < delta else delta*(abs(r) - 0.5*delta)"
ACCIDENTS = {
    "relu": (
        "def f(x, w, b):\n    h = relu(w*x + b)\n    return exp(h)",
        "dh = out\ndw = dh*x\ndx = dh*w\ndb = dh",
        "dw dx db",
    ),
    "huber": (HUBER, "dr = r\nddelta = 0", "dr ddelta"),
    "huber of 1": (
        HUBER,
        "dr = r if abs(r) < delta else copysign(1, r)",
        "dr",
    ),
    "hinge": ("def f(y, s): return relu(1 - y*s)", "dy = -s\nds = -y", "dy ds"),
    "mean of hinges": (
        "def f(w[2], X[n, 2], y[n]): return mean(relu(1 - y[i]*sum(w[j]*X[i, j] for j)) for i)",
        "import numpy as np\ndw = -(y[:, None]*X).mean(axis=0)\ndy = -(X @ w)/n",
        "dw dy",
    ),
    "four arms": (
        "def f(x):\n    y = x if x < -2 else x**2 if x < 0.5 else exp(x) if x < 1.2 else sin(x)\n    return y*y",
        "dy = 2*y\ndx = dy * (2*x if x < 0.5 else exp(x))",
        "dx",
    ),
    "a far arm": ("def f(x): return x**3 if x > 40 else x**2", "dx = 2*x", "dx"),
    "max": ("def f(x, y): return max(x, y)**2", "dx = 2*x\ndy = 0", "dx dy"),
    "min over several": ("def f(x[n]): return min(x[i] for i)", "dx = [1.0] + [0.0]*(n - 1)", "dx"),
    "abs": ("def f(x): return abs(x)*x**2", "dx = 3*x**2", "dx"),
    "clip": ("def f(x, low, high): return clip(x, low, high)**2", "dx = 2*x\ndlow = 0\ndhigh = 0", "dx dlow dhigh"),
    "an integer": (
        "def f(x, k: int): return x if k == 0 else exp(x) if k == 3 else x**2",
        "dx = 1 if k == 0 else 2*x",
        "dx",
    ),
    "one integer": ("def f(x, k: int): return x**k", "dx = 1", "dx"),
    "an involution": (
        "def f(E[3, 2], token[n]: int): return sum(E[token[i], 0]*(i + 1) for i)",
        "dE = [[0.0, 0.0] for _ in range(3)]\nfor i in range(n):\n    dE[token[i]][0] = i + 1",
        "dE",
    ),
    "transposed places": (
        "def f(x[3], order[3]: int): return sum(x[order[i]]*(i + 1)**2 for i)",
        "import numpy as np\ndx = np.eye(3)[order] @ np.arange(1.0, 4.0)**2",
        "dx",
    ),
    "a mean over classes": (
        "def f(X[n, 3]): return mean(sum(X[i, c]**2 for c) for i)",
        "dX = [[2*X[i][c]/3 for c in range(3)] for i in range(n)]",
        "dX",
    ),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("what", ACCIDENTS)
def test_nothing_is_right_by_accident(what: str, seed: int, tmp_path: Path) -> None:
    model, text, names = ACCIDENTS[what]
    given = exercise(mgc.loads(model).f, {}, seed)
    found = marks(given, text, tmp_path)
    assert {name: found[name].verdict for name in names.split()} == dict.fromkeys(names.split(), "wrong")
    assert not given.untried


def test_an_arm_that_no_point_takes_is_known() -> None:
    given = exercise(mgc.loads("def f(x): return x**3 if x**2 < 0 else x").f, {})
    assert [arm.text for arm in given.untried] == ["x * x < 0.0"]
    given = exercise(mgc.loads("def f(x, y): return relu(x)*y").f, {"x": 2.0})
    assert [arm.text for arm in given.untried] == ["x <= 0.0"]


def test_integers_differ_from_point_to_point() -> None:
    given = exercise(mgc.loads("def f(x, k: int): return x**k").f, {})
    assert {0, 1, 2, 3} <= {point.tape.run.entries["k"] for point in given.points}
    given = exercise(mgc.loads("def f(E[4], token[n]: int): return sum(exp(E[token[i]]) for i)").f, {})
    tokens = [point.tape.run.entries["token"] for point in given.points]
    assert any(len(set(token)) < len(token) for token in tokens)
    orders = [token for token in tokens if len(set(token)) == len(token)]
    assert any(order[k] != place for order in orders for place, k in enumerate(order) if k < len(order))


def test_free_sizes_differ_from_each_other_and_from_sizes_that_are_numbers() -> None:
    for model in ("def f(X[n, 3], w[3]): return sum(X @ w)", "def f(W[3, d], X[n, 4]): return sum(W)*sum(X)"):
        sizes = exercise(mgc.loads(model).f, {}).tape.run.sizes
        assert len({3, 4, *sizes.values()}) == 2 + len(sizes)


def test_a_free_size_can_be_given() -> None:
    given = exercise(mgc.loads("def f(X[n, d]): return sum(exp(X))").f, {"n": 7})
    assert given.tape.run.shape("X")[0] == 7


def test_a_zero_derivative_that_is_right_is_exact(mlp: Exercise, tmp_path: Path) -> None:
    """The shift of a softmax has derivative 0, by contributions that cancel."""
    text = RIGHT + "dlogits_max = np.array([1/n - sum(p[i]) / n for i in range(n)])"
    assert marks(mlp, text, tmp_path)["dlogits_max"].verdict == "exact"
    assert marks(mlp, "dlogits_max = [0.0] * n", tmp_path)["dlogits_max"].verdict == "exact"
    assert marks(mlp, "dlogits_max = [1e-3] * n", tmp_path)["dlogits_max"].verdict == "wrong"


def test_points_keep_off_kinks() -> None:
    given = exercise(mgc.loads("def f(x[n], w[n]): return sum(relu(w[i]*x[i]) for i)").f, {})
    for point in given.points:
        for k in range(3):
            x, w = (point.value(given.tape.run.entries[name][k]) for name in "xw")
            assert abs(x * w) >= 1e-3


def test_copies_have_derivatives_of_their_own(tmp_path: Path) -> None:
    given = exercise(mgc.loads("def f(x, y): return sum([x, x, x*y][i]**2 for i in range(3))").f, {})
    found = marks(given, solution(given), tmp_path)
    assert {one.verdict for one in found.values()} == {"exact"}
    assert {"dout_list", "dx", "dy"} == found.keys()  # dout comes in


def test_one_place_of_three_is_recognised(tmp_path: Path) -> None:
    text = "def f(x, a, b, c):\n    u = a*x\n    v = b*exp(x)\n    w = c*x\n    return u*v*w*exp(u*v)\n"
    given = exercise(mgc.loads(text).f, {})
    assert marks(given, solution(given), tmp_path)["dx"].verdict == "exact"
    alone = marks(given, solution(given) + "\ndx = du * a", tmp_path)["dx"]
    assert alone.like == "only what comes through `u = a * x` is there"


def test_a_derivative_that_is_assigned_at_some_points_only_is_wrong(tmp_path: Path) -> None:
    given = exercise(mgc.loads("def f(x, c): return (c if x > 0 else 0)*2 + c*x").f, {})
    found = marks(given, "if x > 0:\n    dc = 2 + x", tmp_path)["dc"]
    assert (found.verdict, found.own) == ("wrong", True)
    assert found.note.startswith("not assigned at point ")


ROWS = """
def f(X[n, 3], W[2, 3]):
    P = [[sum(W[k, j]*X[i, j] for j) for k in range(2)] for i]
    return sum(P[i, k]**2 for i, k)
"""
TURNS = """
dW = [[0.0] * 3 for _ in range(2)]
for i in range(n):
    dP = [2*P[i][0], 2*P[i][1]]
    for k in range(2):
        for j in range(3):
            dW[k][j] += dP[k] * X[i][j]
"""


def test_what_one_turn_of_a_loop_holds_is_no_mistake_where_all_that_follows_is_right(tmp_path: Path) -> None:
    given = exercise(mgc.loads(ROWS).f, {})
    found = marks(given, TURNS, tmp_path)
    assert (found["dW"].verdict, found["dP"].verdict, found["dP"].note) == ("exact", "not graded", ONE_TURN)
    found = marks(given, TURNS.replace("2*P[i][1]", "P[i][1]"), tmp_path)
    assert (found["dW"].verdict, found["dP"].verdict) == ("wrong", "wrong shape")
    assert first_wrong(list(found.values())) is found["dW"]
    assert marks(given, "dP = [1.0, 2.0]", tmp_path)["dP"].verdict == "wrong shape"


def test_what_is_no_number_is_no_derivative(mlp: Exercise, tmp_path: Path) -> None:
    """Names that begin with d: classes, functions, modules."""
    text = "from numpy import *\nimport decimal\ndtype = float64\ndef double(x): return 2*x\ndb1 = 0\n"
    (tmp_path / "mine.py").write_text(text)
    grades, unknown = grade(mlp, str(tmp_path / "mine.py"))
    assert [one.name for one in grades] == ["db1"]
    assert unknown == []


def test_what_comes_in_is_dout_as_well(tmp_path: Path) -> None:
    given = exercise(mgc.loads("def f(x):\n    y = x*x\n    return y").f, {})
    assert marks(given, "dy = dout\ndx = dout*2*x", tmp_path)["dx"].verdict == "exact"


def test_the_rules_of_extrema_are_said() -> None:
    given = exercise(mgc.loads("def f(t, x):\n    u = max(t, x)\n    return u*u").f, {})
    assert any("da += dc if a > b else 0.5 * dc if a == b else 0.0" in line for line in hint(given.forward, "t"))


def test_a_factor_of_one_is_no_likeness(tmp_path: Path) -> None:
    given = exercise(mgc.loads("def f(x): return exp(x)").f, {})
    assert "1 times" not in marks(given, "dx = out*(1 + 2e-6)", tmp_path)["dx"].like


@pytest.mark.parametrize("n", [0, 1])
def test_a_loop_inside_one_without_turns(n: int) -> None:
    model = mgc.loads("def f(x[n]): return sum(sum(x[i]*x[j]*x[k] for k) for i for j in range(i))").f
    with pytest.raises(DataError, match="zero wherever"):
        exercise(model, {"n": n})
