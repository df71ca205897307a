"""Exercises: what the chain rule says is what the truth is, and no wrong derivative passes."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

import mgc
from mgc.compiler.grade.chain_rule import answer, hint
from mgc.compiler.grade.grading import ONE_TURN, Grade, first_wrong, gradable
from mgc.grammar.diagnostics import DataError, ModelError
from mgc.runtime.exercise import Exercise, exercise
from mgc.runtime.grading import grade

ROOT = Path(__file__).parents[3]
MLP = """
layer linear[m](x[n]):
    param W[m, n] = uniform(-1, 1)
    param b[m] = 0
    return W @ x + b

model loss(X[n, 2], label[n]: int):
    hidden = [linear[4](X[i]) for i]
    h = tanh(hidden)
    logits = [linear[3](h[i]) for i]
    return mean(cross_entropy(logits[i], label[i]) for i)
"""
RIGHT = """
import numpy as np
p = np.exp(logits - largest[:, None]) / out_sum[:, None]
dlogits = (p - np.eye(3)[label]) / n
dW2 = dlogits.T @ h
db2 = dlogits.sum(axis=0)
dh = dlogits @ W2
dhidden = dh * (1 - h**2)
dW1 = dhidden.T @ X
db1 = dhidden.sum(axis=0)
"""


@pytest.fixture(scope="module")
def mlp() -> Exercise:
    return exercise(mgc.loads(MLP).loss, {})


def marks(given: Exercise, text: str, folder: Path) -> dict[str, Grade]:
    path = folder / "mine.py"
    path.write_text(text)
    grades, _ = grade(given, str(path))
    return {one.name: one for one in grades}


def solution(given: Exercise) -> str:
    """A whole backward pass, made of the answers."""
    lines = []
    for name in gradable(given.tape):
        zeros = "0.0"
        for extent in reversed(given.tape.run.shape(name)):
            zeros = f"[{zeros} for _ in range({extent})]"
        lines += [f"{given.forward.derivative(name)} = {zeros}", answer(given.forward, name, given.setting)]
    return "\n".join(lines)


# --- answers


SOLVED = {
    "examples/neuron.mg": ("neuron",),
    "examples/rosenbrock.mg": ("rosenbrock",),
    "examples/gmm.mg": ("log_prior", "squared_length"),
    "examples/moons.mg": ("score",),
    "tests/compiler/programs/branches.mg": ("huber", "nested", "arm_with_sum"),
    "tests/compiler/programs/capture.mg": ("double", "called_twice"),
    "tests/compiler/programs/integers.mg": ("embedding", "repeated", "sizes"),
    "tests/compiler/programs/loops.mg": ("rotation", "small_softmax", "triangular"),
    "tests/compiler/programs/arrays.mg": ("slices", "literals", "shifted"),
    "tests/compiler/programs/prelude.mg": ("losses",),
    "tests/compiler/programs/reductions.mg": ("products", "filtered", "extrema"),
    "tests/compiler/programs/results.mg": ("step", "both"),
    "tests/compiler/programs/names.mg": ("print",),
}


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in SOLVED.items() for name in names])
def test_the_answers_together_are_a_right_backward_pass(path: str, name: str, tmp_path: Path) -> None:
    """The text of the answers comes from the statements, the truth from the run of them."""
    given = exercise(mgc.load(ROOT / path, functions=[name])[name], {})
    found = marks(given, solution(given), tmp_path)
    assert len(found) == len(gradable(given.tape))
    assert {one.name: one.verdict for one in found.values() if one.verdict != "exact"} == {}


MODELS = [*(ROOT / "examples").glob("*.mg"), *(ROOT / "tests/mutation/models").glob("*.mg")]
FUNCTIONS = [
    (path, function)
    for path in sorted(MODELS)
    for function in re.findall(r"^(?:def|model) (\w+)", path.read_text(), re.MULTILINE)
]
NONE = {  # what cannot be graded, and why
    ("digits.mg", "accuracy"): "zero wherever",
    ("moons.mg", "accuracy"): "zero wherever",
}
SLOW = {("digits.mg", "logits"), ("digits.mg", "loss"), ("digits.mg", "accuracy")}  # 2,000 parameters
RAGGED = {("branches.mg", "nested")}  # its rows have different lengths


@pytest.mark.parametrize(("path", "name"), [one for one in FUNCTIONS if (one[0].name, one[1]) not in SLOW | RAGGED])
def test_every_model_can_be_graded_and_its_answers_are_right(path: Path, name: str, tmp_path: Path) -> None:
    function = mgc.load(path)[name]
    if (path.name, name) in NONE:
        with pytest.raises(DataError, match=NONE[path.name, name]):
            exercise(function, {})
        return
    given = exercise(function, {})
    found = marks(given, solution(given), tmp_path)
    assert {one.name: one.verdict for one in found.values() if one.verdict != "exact"} == {}


ANSWERED = {
    "an integer": "def f(x, k: int):\n    y = x if k == 0 else (relu(x) if k == 1 else exp(x) if k == 2 else sin(x))\n"
    "    return y**2 + x",
    "an integer of a loop": "def f(x[n], a): return sum(x[i]**2 if i == 1 else a*x[i] if i < 3 else a for i)",
    "a row for several loops": "def f(A[n, m]): return sum(exp(A[i, j]) for i, j) * sum(A[i, j]**2 for i, j)",
    "rows of a product": "def f(A[n, m], x[m]):\n    y = A @ x\n    return sum(exp(y)) + (y @ A) @ x",
    "the largest": "def f(x[n]): return max(x[i]**2 for i) * min(x[i] for i)",
    "where the largest is": "def f(x[n], y[n]): return x[argmax(y)]**2 * y[argmin(x)]",
    "a copy under a condition": "def f(x, a):\n    y = x if a > 0 else x*a\n    z = y if x > a else a\n    return y*z",
    "a clipped number": "def f(x[n], a): return sum(clip(x[i], -0.3, 0.4)*a for i) + abs(a)*relu(a - x[0])",
    "a running sum": "def f(x[n]):\n    s = [sum(x[j] for j in range(i)) for i in range(n)]\n"
    "    return sum(s[i]**2*x[i] for i)",
    "tokens": "def f(E[v, d], token[n]: int): return sum(E[token[i], j]*E[token[0], j]**2 for i, j)",
    "powers": "def f(x, k: int): return x**k + k*x",
    "several results": "def f(x, y):\n    u = x*y\n    return u, max(u, x)",
    "a mean of squares": "def f(X[n, 3], w[3], y[n]): return mean((X[i] @ w - y[i])**2 for i)",
}


@pytest.mark.parametrize("what", ANSWERED)
def test_the_answers_of_tricky_forms_are_right(what: str, tmp_path: Path) -> None:
    given = exercise(mgc.loads(ANSWERED[what]).f, {})
    found = marks(given, solution(given), tmp_path)
    assert {one.name: one.verdict for one in found.values() if one.verdict != "exact"} == {}
    assert not given.untried


def test_an_integer_decides_by_its_condition_and_not_by_what_was_stored() -> None:
    given = exercise(mgc.loads(ANSWERED["an integer"]).f, {})
    text = answer(given.forward, "x", given.setting)
    assert "if k == 0:\n    dx += dy" in text
    assert "it was the one" not in text
    assert "largest" not in "\n".join(hint(given.forward, "x", given.lines))


def test_a_right_pass_is_exact(mlp: Exercise, tmp_path: Path) -> None:
    found = marks(mlp, RIGHT, tmp_path)
    assert len(found) == 7
    assert {one.verdict for one in found.values()} == {"exact"}


def test_what_is_computed_twice_is_read_where_it_was_computed(mlp: Exercise) -> None:
    assert "logits[i][label[i]]" in mlp.forward.text()
    assert [name for name in mlp.forward.names if name.startswith("logits")] == ["logits", "logits_sum"]


# --- mistakes: the line to replace, by what, the derivative that is then wrong, and what it looks like

MISTAKES = {
    "a sign": ("dh = dlogits @ W2", "dh = -dlogits @ W2", "dh", "the sign is the opposite one"),
    "a mean": (" / n\n", "\n", "dlogits", "every entry is 5 times what it should be (n = 5)"),
    "a mean twice": (" / n\n", " / n**2\n", "dlogits", "every entry is 0.2 times what it should be (1/n = 1/5)"),
    "no sum": ("db1 = dhidden.sum(axis=0)", "db1 = dhidden[0]", "db1", "only one of several contributions"),
    "one place": ("(p - np.eye(3)[label])", "p", "dlogits", "what comes through `out_sum_2 +="),
    "the other place": ("(p - np.eye(3)[label])", "-np.eye(3)[label]", "dlogits", "what comes through `out_sum[i] +="),
    "a rule": ("(1 - h**2)", "(1 - h)", "dhidden", ""),
    "the other factor": ("dW1 = dhidden.T @ X", "dW1 = dhidden.T @ h[:, :2]", "dW1", ""),
    "zero": ("dh = dlogits @ W2", "dh = 0 * h", "dh", "it is zero"),
    "nan": ("dh = dlogits @ W2", "dh = h * float('nan')", "dh", "there is a NaN or an infinity"),
    "one entry": ("dW2 = dlogits.T @ h", "dW2 = dlogits.T @ h\ndW2[1, 2] += 1e-3", "dW2", ""),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_is_found_and_named(what: str, mlp: Exercise, tmp_path: Path) -> None:
    old, new, name, like = MISTAKES[what]
    assert old in RIGHT
    found = marks(mlp, RIGHT.replace(old, new), tmp_path)
    first = first_wrong(list(found.values()))
    assert first is not None
    assert (first.name, first.verdict) == (name, "wrong")
    assert like in first.like
    assert [one.name for one in found.values() if one.own] == [name]


def test_what_follows_from_a_mistake_is_no_mistake(mlp: Exercise, tmp_path: Path) -> None:
    found = marks(mlp, RIGHT.replace(" / n\n", "\n"), tmp_path)
    assert {one.verdict for one in found.values()} == {"wrong"}
    assert [one.name for one in found.values() if one.own] == ["dlogits"]


def test_two_mistakes_are_two(mlp: Exercise, tmp_path: Path) -> None:
    found = marks(mlp, RIGHT.replace(" / n\n", "\n").replace("h**2", "h"), tmp_path)
    assert [one.name for one in found.values() if one.own] == ["dlogits", "dhidden"]


def test_a_transposed_matrix_is_recognised(tmp_path: Path) -> None:
    given = exercise(mgc.loads("def f(A[3, 3], x[3]): return sum(exp(A[i, j]*x[j]) for i, j)").f, {})
    right = "dA = [[exp(A[i][j]*x[j])*x[j] for j in range(3)] for i in range(3)]"
    assert marks(given, right, tmp_path)["dA"].verdict == "exact"
    turned = marks(given, right + "\ndA = [[dA[j][i] for j in range(3)] for i in range(3)]", tmp_path)["dA"]
    assert turned.like == "it is transposed: rows and columns are exchanged"


def test_a_finite_difference_is_approximate(tmp_path: Path) -> None:
    given = exercise(mgc.loads("def f(x, y): return exp(x) * tanh(y)").f, {})
    text = "f = lambda v: exp(v) * tanh(y)\ndx = (f(x + 1e-6) - f(x - 1e-6)) / 2e-6"
    assert marks(given, text, tmp_path)["dx"].verdict == "approximate"


def test_single_precision_is_approximate(mlp: Exercise, tmp_path: Path) -> None:
    found = marks(mlp, RIGHT + "dW2 = dW2.astype(np.float32)", tmp_path)
    assert found["dW2"].verdict == "approximate"


SHAPES = {
    "[1.0]*3": "has shape [3]",
    "1.0": "is one number",
    "'x'": "is a str",
    "None": "is a NoneType",
    "[[1], [1, 2]]": "has rows of different lengths",
    "[[1, 1j]]*3": "holds a complex",
}


@pytest.mark.parametrize("value", SHAPES)
def test_a_wrong_shape_is_said(value: str, mlp: Exercise, tmp_path: Path) -> None:
    found = marks(mlp, f"dh = {value}", tmp_path)["dh"]
    assert (found.verdict, found.note, found.own) == ("wrong shape", SHAPES[value], True)


def test_a_number_that_is_right_at_one_point_is_wrong(tmp_path: Path) -> None:
    """The file is run at two points: a constant cannot be right at both."""
    given = exercise(mgc.loads("def f(x): return x*x").f, {})
    value = 2 * given.points[0].value(given.tape.run.entries["x"])
    assert marks(given, f"dx = {value!r}", tmp_path)["dx"].verdict == "wrong"


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
    text = RIGHT + "dlargest = np.array([1/n - sum(p[i]) / n for i in range(n)])"
    assert marks(mlp, text, tmp_path)["dlargest"].verdict == "exact"
    assert marks(mlp, "dlargest = [0.0] * n", tmp_path)["dlargest"].verdict == "exact"
    assert marks(mlp, "dlargest = [1e-3] * n", tmp_path)["dlargest"].verdict == "wrong"


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
    assert len(found) >= 4


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
    assert any("da += dc where a is the larger one" in line for line in hint(given.forward, "t"))


def test_a_factor_of_one_is_no_likeness(tmp_path: Path) -> None:
    given = exercise(mgc.loads("def f(x): return exp(x)").f, {})
    assert "1 times" not in marks(given, "dx = out*(1 + 2e-6)", tmp_path)["dx"].like


# --- exercises


def test_arguments_can_be_given() -> None:
    given = exercise(mgc.loads(MLP).loss, {"label": [2, 2], "X": [[1.0, 2.0], [3.0, 4.0]]})
    assert given.tape.run.sizes == {"n": 2}
    assert [given.points[1].value(entry) for entry in given.tape.run.entries["X"][1]] == [3.0, 4.0]


def test_a_stopped_derivative_is_no_exercise() -> None:
    with pytest.raises(DataError, match="detach"):
        exercise(mgc.loads("def f(x): return x * detach(exp(x))").f, {})


def test_a_function_without_derivatives_is_no_exercise() -> None:
    with pytest.raises(DataError, match="no derivative"):
        exercise(mgc.loads("def f(k: int): return k").f, {})
    with pytest.raises(DataError, match="zero wherever it was tried"):
        exercise(mgc.loads("def f(x[n]): return mean(x[i] > 0 for i)").f, {})


def test_the_hint_is_the_rule_and_not_the_answer(mlp: Exercise) -> None:
    said = "\n".join(hint(mlp.forward, "hidden", mlp.lines))
    assert said == "hidden is read by: h[i][j] = tanh(hidden[i][j])  # line 9\n    c = tanh(a): da += dc * (1 - c*c)"
    assert "dhidden" not in said


# --- the file


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("x = 1\ndh = dlogit\n", (2, 6), "NameError: name 'dlogit' is not defined"),
        ("def f():\n    return [1][3]\n\n\nf()\n", (2, 12), "IndexError: list index out of range"),
        ("x = = 1\n", (1, 5), "SyntaxError: invalid syntax"),
        ("raise SystemExit(0)\n", (1, 1), "the file ends the program"),
        ("import os\nos._exit(0)\n", (2, 1), "the file ends the program"),
        ("import no_such_module\n", (1, 1), "ModuleNotFoundError: No module named 'no_such_module'"),
    ],
)
def test_a_mistake_in_the_file_is_located(
    text: str, place: tuple[int, int], message: str, mlp: Exercise, tmp_path: Path
) -> None:
    with pytest.raises(ModelError) as caught:
        marks(mlp, text, tmp_path)
    (found,) = caught.value.diagnostics
    assert (found.span.line, found.span.column) == place
    assert found.message == message


def test_an_endless_file_is_stopped(mlp: Exercise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mgc.runtime.grading.SECONDS", 0.1)
    with pytest.raises(ModelError, match="TimeoutError: the file still runs after"):
        marks(mlp, "while True:\n    pass\n", tmp_path)


def test_a_parameter_that_the_function_does_not_use_is_no_argument() -> None:
    given = exercise(mgc.loads("param W[3] = 1\ndef f(x): return x*x").f, {})
    assert list(given.forward.names) == ["x", "out"]


def test_a_misspelt_name_has_a_hint(mlp: Exercise, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="did you mean 'dlogits'"):
        marks(mlp, "dh = dlogit\n", tmp_path)
    with pytest.raises(ModelError, match="assign dlogits before this line"):
        marks(mlp, "dh = dlogits\n", tmp_path)


def test_each_run_has_values_of_its_own(mlp: Exercise, tmp_path: Path) -> None:
    """A file that changes what it was given changes neither the truth nor the next run."""
    text = "dlogits_sum = 0\nfor row in h:\n    row[:] = [9.0] * 4\nfirst = h[0][0]\n"
    before = math.fsum(mlp.points[0].value(entry) for entry in mlp.tape.run.entries["h"][0])
    marks(mlp, text, tmp_path)
    assert math.fsum(mlp.points[0].value(entry) for entry in mlp.tape.run.entries["h"][0]) == before
