"""Exercises: what the chain rule says is what the truth is, and no wrong derivative passes."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

import mgc
from mgc.grammar.diagnostics import DataError, ModelError
from mgc.runtime.grade.chain_rule import answer, hint
from mgc.runtime.grade.grading import first_wrong, gradable
from mgc.runtime.grade.setting import Exercise, exercise
from support.exercises import MLP, RIGHT, marks, solution
from support.quick import slow_if

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def mlp() -> Exercise:
    return exercise(mgc.loads(MLP).loss, {})


# --- answers


SOLVED = {
    "examples/gmm.mg": ("log_prior", "squared_length"),
    "examples/moons.mg": ("score",),
    "tests/compiler/emit/programs/branches.mg": ("huber", "nested", "arm_with_sum"),
    "tests/compiler/emit/programs/capture.mg": ("double", "called_twice"),
    "tests/compiler/emit/programs/integers.mg": ("embedding", "repeated", "sizes"),
    "tests/compiler/emit/programs/loops.mg": ("rotation", "small_softmax", "triangular"),
    "tests/compiler/emit/programs/arrays.mg": ("slices", "literals", "shifted"),
    "tests/compiler/emit/programs/prelude.mg": ("losses",),
    "tests/compiler/emit/programs/reductions.mg": ("products", "filtered", "extrema"),
    "tests/compiler/emit/programs/results.mg": ("step", "both"),
    "tests/compiler/emit/programs/names.mg": ("print",),
}


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in SOLVED.items() for name in names])
def test_the_answers_together_are_a_right_backward_pass(path: str, name: str, tmp_path: Path) -> None:
    """The text of the answers comes from the statements, the truth from the run of them."""
    given = exercise(mgc.load(ROOT / path, functions=[name])[name], {})
    found = marks(given, solution(given), tmp_path)
    assert len(found) == len(gradable(given.forward))
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
TOO_LARGE = {("digits.mg", "logits"), ("digits.mg", "loss"), ("digits.mg", "accuracy")}  # 2,000 parameters
RAGGED = {("branches.mg", "nested")}  # its rows have different lengths


GRADED = [one for one in FUNCTIONS if (one[0].name, one[1]) not in TOO_LARGE | RAGGED]


@pytest.mark.parametrize(
    "graded",
    slow_if(lambda one: one[0].stem in ("gmm", "moons", "ninja"), GRADED),
    ids=lambda one: f"{one[0].stem}.{one[1]}",
)
def test_every_model_can_be_graded_and_its_answers_are_right(graded: tuple[Path, str], tmp_path: Path) -> None:
    path, name = graded
    function = mgc.load(path, functions=[name])[name]
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
    "the largest of several": "def f(x[n], a): return max(x[0], x[1]*a, a, 0.1) * min(x[1], exp(x[0]), a)",
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


def test_the_largest_of_several_has_a_short_derivative_that_shares_a_tie() -> None:
    given = exercise(mgc.loads("def f(a, b, c):\n    y = max(a, b, c, 0.1)\n    return y*y").f, {})
    said = answer(given.forward, "a", given.setting)
    assert len(said) < 180
    code = compile(said.replace("da = ", ""), "an answer", "eval")
    ties = {(2, 1, 1): 1, (2, 2, 1): 1 / 2, (2, 2, 2): 1 / 3, (1, 2, 2): 0, (1 / 10, 0, 0): 0}
    slopes = {at: eval(code, {"max": max, "dy": 1.0}, dict(zip("abc", at, strict=True))) for at in ties}
    assert slopes == ties


def test_two_numbers_share_a_tie() -> None:
    given = exercise(mgc.loads("def f(a, b):\n    y = max(a, b)\n    return y*y").f, {})
    assert answer(given.forward, "a", given.setting) == "da = dy * (1 if a > b else 0 if a < b else 1/2)"


def test_a_right_pass_is_exact(mlp: Exercise, tmp_path: Path) -> None:
    found = marks(mlp, RIGHT, tmp_path)
    assert len(found) == 7
    assert {one.verdict for one in found.values()} == {"exact"}


def test_what_is_computed_twice_is_read_where_it_was_computed(mlp: Exercise) -> None:
    assert "logits[i][label[i]]" in mlp.forward.text()
    own = [name for name in mlp.forward.names if name.startswith("logits")]
    assert own == ["logits", "logits_max", "logits_sum", "logits_others", "logits_exp"]


# --- mistakes: the line to replace, by what, the derivative that is then wrong, and what it looks like

MISTAKES = {
    "a sign": ("dh = dlogits @ W2", "dh = -dlogits @ W2", "dh", "the sign is the opposite one"),
    "a mean": (" / n\n", "\n", "dlogits", "every entry is 5 times what it should be (n = 5)"),
    "a mean twice": (" / n\n", " / n**2\n", "dlogits", "every entry is 0.2 times what it should be (1/n = 1/5)"),
    "no sum": ("db1 = dhidden.sum(axis=0)", "db1 = dhidden[0]", "db1", "is the sum over i missing, or"),
    "one place": ("(p - np.eye(3)[label])", "p", "dlogits", "what comes through `out_sum +="),
    "the other place": (
        "(p - np.eye(3)[label])",
        "-np.eye(3)[label]",
        "dlogits",
        "what comes through `logits_exp[i][j]",
    ),
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


LIKE = {  # a shape that the sum over an axis would have mended, or its absence
    "dhidden": "the sum over its first axis is missing",
    "dhidden.sum(axis=0, keepdims=True)": "its first axis has one entry: sum without keepdims",
    "dhidden.sum(axis=1)": "",
}


@pytest.mark.parametrize("value", LIKE)
def test_a_missing_sum_is_told_by_the_shape(value: str, mlp: Exercise, tmp_path: Path) -> None:
    found = marks(mlp, RIGHT.replace("db1 = dhidden.sum(axis=0)", f"db1 = {value}"), tmp_path)["db1"]
    assert (found.verdict, found.like) == ("wrong shape", LIKE[value])


EMBEDDED = (
    "def f(C[v, d], tok[t]: int, w[d]):\n    emb = [C[tok[i], j] for i, j]\n    return sum(emb[i, j]*w[j] for i, j)\n"
)


@pytest.mark.parametrize("last", ["dC[tok] += demb", "dC[tok] = demb"])
def test_repeated_indices_are_told_as_the_cause(last: str, tmp_path: Path) -> None:
    given = exercise(mgc.loads(EMBEDDED, style="lesson").f, {})
    start = "import numpy as np\ndemb = np.zeros((t, d)) + w\ndC = np.zeros_like(C)\n"
    found = marks(given, start + last, tmp_path)["dC"]
    assert (found.verdict, found.own) == ("wrong", True)
    assert found.like.startswith("only one of several contributions is there: where `place[i]` repeats, they add up;")
    assert marks(given, start + "np.add.at(dC, tok, demb)", tmp_path)["dC"].verdict == "exact"


@pytest.mark.parametrize("value", SHAPES)
def test_a_wrong_shape_is_said(value: str, mlp: Exercise, tmp_path: Path) -> None:
    found = marks(mlp, f"dh = {value}", tmp_path)["dh"]
    assert (found.verdict, found.note, found.own) == ("wrong shape", SHAPES[value], True)


def test_a_number_that_is_right_at_one_point_is_wrong(tmp_path: Path) -> None:
    """The file is run at two points: a constant cannot be right at both."""
    given = exercise(mgc.loads("def f(x): return x*x").f, {})
    value = 2 * given.points[0].value(given.tape.run.entries["x"])
    assert marks(given, f"dx = {value!r}", tmp_path)["dx"].verdict == "wrong"


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
    rule = "c = tanh(a): da += dc * (1.0 - c * c)"
    assert said == f"hidden is read by: h[i][j] = tanh(hidden[i][j])  # line 9\n    {rule}"
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
    monkeypatch.setattr("mgc.runtime.grade.submission.SECONDS", 0.1)
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


def test_a_rule_that_cancels_is_exact_as_the_table_has_it(tmp_path: Path) -> None:
    """1 - h**2 has few digits where h is near 1, another form has all; twice the slope is wrong in any case."""
    given = exercise(mgc.loads("def f(x):\n    n = 8*x\n    h = tanh(n)\n    return h*h").f, {"x": 1.0})
    (textbook, accurate, wrong) = (
        marks(given, f"dn = 2*h*{slope}", tmp_path)["dn"].verdict
        for slope in ("(1 - h*h)", "4*exp(-2*n)/(1 + exp(-2*n))**2", "2*(1 - h*h)")
    )
    assert (textbook, accurate, wrong) == ("exact", "exact", "wrong")
