"""`mgc grade`: the exercise, the template, the marks, the answers, and docs/grading.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.command_line import run, succeed
from support.quick import slow

DOCUMENT = (Path(__file__).parents[2] / "docs" / "grading.md").read_text(encoding="utf-8")
EXAMPLES = Path(__file__).parents[2] / "examples"
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
NEURON = "def neuron(x, w, b):\n    n = x*w + b\n    return tanh(n)\n"


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    Path("neuron.mg").write_text(NEURON)
    Path("mlp.mg").write_text(next(text for tag, text in BLOCKS if tag == ""))
    Path("mine.py").write_text(next(text for tag, text in BLOCKS if tag == "python"))


@pytest.mark.parametrize("session", [text for tag, text in BLOCKS if tag == "console"])
def test_the_document_shows_what_is_printed(session: str) -> None:
    command, expected = session.split("\n", 1)
    result = run(*command.removeprefix("$ mgc ").split())
    assert result.output.strip() == expected.strip()


def test_the_exit_code_is_1_where_something_is_wrong() -> None:
    Path("n.py").write_text("dn = 1 - out**2\ndx = dn * w\n")
    assert "2 exact, 0 wrong; 2 not given" in succeed("grade", "neuron.mg", "n.py")
    Path("n.py").write_text("dn = 1 - out**2\ndx = dn * x\n")
    result = run("grade", "neuron.mg", "n.py")
    assert result.exit_code == 1
    assert "first goes wrong at: dx (it needs dn, which is exact)" in result.output
    assert "c = a * b: da += dc * b and db += dc * a" in result.output
    assert "dn * w" not in result.output


def test_a_template_is_a_file_to_start_from() -> None:
    text = succeed("grade", "mlp.mg", "--template")
    Path("t.py").write_text(text)
    result = run("grade", "mlp.mg", "t.py")
    assert result.exit_code == 1
    assert "t.py assigns no derivative" in result.output
    Path("t.py").write_text(text.replace("dlogits_max = ...", "dlogits_max = [0.0] * n"))
    assert "1 exact, 0 wrong; 13 not given" in succeed("grade", "mlp.mg", "t.py")


def test_an_answer_is_found_by_either_name() -> None:
    assert succeed("grade", "neuron.mg", "--answer", "x") == succeed("grade", "neuron.mg", "--answer", "dx")
    answer = succeed("grade", "neuron.mg", "--answer", "dx", "--answer", "db")
    assert "dx = dn * w" in answer
    assert re.search(r"^ +\d+ \| dx = dn \* w  # d\(u\*v\)/du = v$", answer, re.MULTILINE)
    assert "db = dn" in answer


def test_several_functions_need_a_name() -> None:
    Path("two.mg").write_text("def f(x): return x*x\ndef g(x): return exp(x)\n")
    result = run("grade", "two.mg")
    assert result.exit_code == 2
    assert "--fn NAME, one of f, g" in result.output
    assert "out = exp(x)" in succeed("grade", "two.mg", "--fn", "g")


def test_values_can_be_given() -> None:
    Path("n.py").write_text("print(x)\ndb = 1 - out**2\n")
    assert succeed("grade", "neuron.mg", "n.py", "x=2.5").startswith("2.5\n")
    assert "Sizes: n = 2." in succeed("grade", "mlp.mg", "label=[1, 1]")
    assert "Sizes: n = 7." in succeed("grade", "mlp.mg", "n=7")


def test_an_arm_that_was_not_tried_is_told() -> None:
    Path("relu.mg").write_text("def f(x, w):\n    h = relu(x)\n    return h*w\n")
    Path("n.py").write_text("dh = w\ndw = h\ndx = dh\n")
    output = succeed("grade", "relu.mg", "n.py", "x=2.0")
    assert "the arm `x <= 0.0` of line 2 was not tried: no point was found in it" in output
    assert "was not tried" not in run("grade", "relu.mg", "n.py").output
    assert run("grade", "relu.mg", "n.py").exit_code == 1


def test_what_is_assigned_at_some_points_only_is_told() -> None:
    Path("relu.mg").write_text("def f(x, w):\n    h = relu(x)\n    return h*w\n")
    Path("n.py").write_text("if x > 0:\n    dw = h\n")
    result = run("grade", "relu.mg", "n.py")
    assert result.exit_code == 1
    assert "not assigned at point" in result.output


def test_what_the_file_prints_is_shown_once() -> None:
    Path("n.py").write_text("print('once')\ndb = 1 - out**2\n")
    assert succeed("grade", "neuron.mg", "n.py").count("once") == 1


def test_names_that_are_none_are_told() -> None:
    Path("n.py").write_text("dn = 1 - out**2\ndy = dn\n")
    assert "not graded, as the forward pass has no such names: dy" in succeed("grade", "neuron.mg", "n.py")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["neuron.mg", "a.py", "b.py"], 2, "expected one file to grade, found 'a.py' and 'b.py'"),
        (["neuron.mg", "nowhere.py"], 1, "cannot read nowhere.py"),
        (["neuron.mg", "y=1"], 2, "no argument 'y'"),
        (["neuron.mg", "--answer", "dz"], 2, "no derivative 'dz'"),
        (["neuron.mg", "--fn", "neurn"], 1, "did you mean 'neuron'?"),
        (["mlp.mg", "label=[0.5]"], 1, "expected an array of integers"),
        (["mlp.mg", "label=[7]"], 1, "cannot be graded"),
        (["mlp.mg", "n=-1"], 2, "size 'n': expected a whole number >= 0, found '-1'"),
        (["mlp.mg", "n=1.5"], 2, "size 'n': expected a whole number >= 0, found '1.5'"),
        (["mlp.mg", "n=100000"], 2, "n=100000 is more than 10,000: give smaller sizes"),
    ],
)
def test_mistakes_on_the_command_line(arguments: list[str], code: int, message: str) -> None:
    result = run("grade", *arguments)
    assert (result.exit_code, message in result.output) == (code, True), result.output


def test_a_name_that_is_close_to_a_derivative_is_said() -> None:
    Path("n.py").write_text("dn = 1 - out**2\nd_x = dn * w\nDW = 1.0\ndW = dn * x\n")
    said = "not graded, as the forward pass has no such names: d_x (did you mean 'dx'?), dW (did you mean 'dw'?)"
    assert said in succeed("grade", "neuron.mg", "n.py")
    Path("n.py").write_text("dW = 1.0\n")
    result = run("grade", "neuron.mg", "n.py")
    assert (result.exit_code, "dW (did you mean 'dw'?)" in result.output) == (1, True)


def test_an_integer_that_an_index_does_not_take_is_not_drawn() -> None:
    Path("k.mg").write_text("def f(x[n], k: int):\n    return x[k-1] * x[k]\n")
    assert "dx          x   [n]" in succeed("grade", "k.mg")


def test_a_mistake_in_the_file_has_its_place_and_no_traceback() -> None:
    Path("n.py").write_text("dn = 1 - out**2\ndx = dn * ww\n")
    result = run("grade", "neuron.mg", "n.py")
    assert result.exit_code == 1
    assert "n.py:2:11: error: NameError: name 'ww' is not defined" in result.output
    assert "Traceback" not in result.output


def test_the_lesson_is_an_answer_sheet(tmp_path: Path) -> None:
    """Its lines are graded as a student's would be: each derivative that it assigns as a whole is right."""
    model = tmp_path / "m.mg"
    model.write_text("def f(x[n], w[n], b):\n    z = [w[i]*x[i] + b for i]\n    h = sin(z)\n    return sum(h**2)\n")
    told = graded_lesson(model, tmp_path)
    assert re.search(r"^dz +\[n\] +exact", told, re.MULTILINE)
    assert " 0 wrong" in told


@pytest.mark.parametrize(
    ("name", "exact"),
    [
        ("neuron", 6),
        ("softmax", 6),
        ("batchnorm", 8),
        ("attention", 12),
        slow("ninja", 27),
    ],
)
def test_the_lesson_of_an_example_is_an_answer_sheet(name: str, exact: int, tmp_path: Path) -> None:
    """Places too, at which a backward pass adds, have their names in the exercise."""
    told = graded_lesson(EXAMPLES / f"{name}.mg", tmp_path)
    assert f"{exact} exact, 0 wrong" in told


def test_a_place_that_says_how_far_a_loop_of_a_lesson_runs_is_written_out() -> None:
    Path("cut.mg").write_text("def f(x[n]): return sum(x[i]**2 for i in range(n))*sum(sin(x[1:]))\n")
    assert "for j in range(n - 1):" in succeed("grade", "cut.mg", "--style", "lesson")


def graded_lesson(model: Path, folder: Path) -> str:
    """What is said of the backward pass of a lesson, handed in as it is."""
    text = succeed("compile", str(model), "--style", "lesson")
    backward = text[text.rindex("    # backward") : text.rindex("    return ")]
    mine = folder / "mine.py"
    mine.write_text("\n".join(line.removeprefix("    ") for line in backward.splitlines()))
    return succeed("grade", str(model), str(mine))


@pytest.mark.parametrize("body", ["return b*b, a - b, 3", "y = a*b\n    return y, 3, b*b", "return [a, b, 3]"])
def test_results_bear_the_names_of_the_emitted_adjoints(body: str) -> None:
    Path("g.mg").write_text(f"def g(a, b):\n    {body}\n")
    head = re.search(r"def g_vjp\(a, b, (.*)\):", succeed("compile", "g.mg"))
    assert head is not None
    assert re.search(rf"^{head[1]} (is|are) given", succeed("grade", "g.mg"), re.MULTILINE)
