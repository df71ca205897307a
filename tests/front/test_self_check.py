"""`mgc compile --self-check`: the emitted file checks itself, alone, and finds what is wrong with it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.runtime import audit
from support.command_line import run, succeed
from support.quick import first_quick, slow_if

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.mg"))
PROGRAMS = sorted((Path(__file__).parents[1] / "compiler" / "emit" / "programs").glob("*.mg"))
ODD = """
def self_check(x): return x**2
def check_total(dout, y): return [dout*y, dout + y]
def check_cases(attempt[attempt_n], key = 2.0): return [key*attempt[i] for i]
def check_call(x): return acosh(x) + asin(x - 1)
"""
DOMAINS = """
def of_log(x): return log(x)
def of_acosh(x, y): return acosh(x) + asin(y)
def of_quotient(x, k: int): return x/k
def gather(E[v, d], token[n]: int): return [E[token[t], j] for t, j]
def window(x[n], w[k]): return [sum(x[i + j]*w[j] for j) for i in range(n - k + 1)]
"""
REQUIRED = """
def far(x, y):
    require x > 30 and y < -20
    return sqrt(x - 30)*y
def rising(q[n], k: int):
    require q[i] < q[i+1] for i in range(n - 1)
    require 0 < k < n
    return log(q[k] - q[0])
"""


def emitted(text: str | bytes, name: str = "model.mg") -> str:
    return compile_source(text, name, Options(self_check=True)).text


def python(text: str, folder: Path) -> tuple[int, str]:
    """(exit code, output) of the text as a program of its own, where mgc is not to be found."""
    (folder / "alone.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-I", "-S", "alone.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def rows(output: str) -> list[list[str]]:
    """The rows of the table, after its head."""
    return [line.split() for line in output.split("\n\n")[1].splitlines()[1:]]


@pytest.mark.parametrize(
    "program", slow_if(lambda path: path.stem == "digits", [*EXAMPLES, *PROGRAMS]), ids=lambda path: path.stem
)
def test_right_derivatives_agree(program: Path, folder: Path) -> None:
    text = emitted(program.read_bytes(), program.name)
    code, output = python(text, folder)
    assert code == 0, output
    assert output.endswith("\nAll agree.\n")
    functions = set(re.findall(r"^def (\w+?)_(?:value_and_grad|vjp)\(", text, re.MULTILINE))
    assert len({row[0] for row in rows(output)}) == len(functions)
    assert all(row[-1] == "ok" for row in rows(output))


def test_large_arrays_are_sampled_the_same_each_time(folder: Path) -> None:
    digits = next(path for path in EXAMPLES if path.stem == "digits")
    text = compile_source(digits.read_bytes(), digits.name, Options(functions=("logits",), self_check=True)).text
    _, output = python(text, folder)
    assert (0, output) == python(text, folder)
    assert "  logits.mlp1.linear1.W  20 of 2048  " in output
    assert "  logits.mlp1.linear2.b  all 10      " in output


@pytest.mark.parametrize("place", first_quick(range(0, 24, 6), 2))
def test_a_wrong_sign_is_found(place: int, folder: Path) -> None:
    moons = next(path for path in EXAMPLES if path.stem == "moons")
    text = emitted(moons.read_bytes(), moons.name)
    start = text.index("def loss_value_and_grad(")
    end = text.index("def accuracy(")
    signs = [match.start() for match in re.finditer(r"\+= ", text[start:end])]
    at = start + signs[place % len(signs)]
    code, output = python(text[:at] + "-" + text[at + 1 :], folder)
    assert code == 1
    assert any(row[0] == "loss" and row[-1] == "FAILED" for row in rows(output))
    assert re.search(r"\n\d+ of \d+ FAILED\n$", output)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("dx = 2.0 * x", "dx = 2.0 * x * (1.0 + 1e-5)", "x"),
        ("dx = 2.0 * x", "dx = nan * x", "nan"),
        ("dx = 2.0 * x", "dx = inf * x", "inf"),
        ("return out, ", "return -out, ", "(value)"),
        ("dx = 2.0 * x", "dx = 2.0 * x / 0.0", "(derivative)"),
    ],
    ids=["slightly wrong", "nan", "inf", "another value", "raises"],
)
def test_what_is_wrong_fails(old: str, new: str, shown: str, folder: Path) -> None:
    text = emitted("def f(x): return x**2")
    assert text.count(old) == 1, text
    code, output = python(text.replace(old, new), folder)
    assert code == 1
    assert [row for row in rows(output) if row[-1] == "FAILED" and shown in row]


LINEAR = """
param W[3] = uniform(-1, 1)
param b = 0.5
param unused = 1
def f(x[3]): return exp(sum(W[i]*x[i] for i) + b)
def g(x, y): return exp(x)*y
"""


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ('"b": out', '"c": out', ["f", "b", "missing", "or", "misshapen", "FAILED"]),
        ('"W": dW', '"W": dW[:2]', ["f", "W", "missing", "or", "misshapen", "FAILED"]),
        ('"W": dW', '"W": [*dW, 0.0]', ["f", "W", "missing", "or", "misshapen", "FAILED"]),
        ("return out, (dx, x_exp)", "return out, (dx,)", ["g", "(derivative)", "1", "of", "2", "FAILED"]),
        ("return out, (dx, x_exp)", "return out, (dx, [x_exp])", ["g", "y", "missing", "or", "misshapen", "FAILED"]),
    ],
)
def test_what_is_missing_or_has_another_shape_fails(old: str, new: str, shown: list[str], folder: Path) -> None:
    text = compile_source(LINEAR, "model.mg", Options(self_check=True)).text
    assert text.count(old) == 1, text
    assert python(text, folder)[0] == 0
    code, output = python(text.replace(old, new), folder)
    assert code == 1
    failed = [row for row in rows(output) if row[-1] == "FAILED"]
    assert any(set(shown) <= set(row) for row in failed), output


@pytest.mark.parametrize("size", ["N", "N - 2", "N - 3", "N - 5", "(N - 1)/2"])
def test_matrices_have_rows(size: str, folder: Path) -> None:
    layer = f"model net(X[{size}, d], y[N]): return sum(sum(linear[2](X[i])**2) for i) + sum(y**2)\n"
    text = emitted(layer + f"def rows(X[{size}, d], y[N]): return [sum(X[i])*y[0] for i]\n")
    code, output = python(text, folder)
    assert code == 0, output
    assert all(row[-1] == "ok" for row in rows(output))


def test_integers_are_tried_beyond_0_and_1(folder: Path) -> None:
    text = emitted("def f(x, k: int): return x if k == 0 else x**2 if k == 1 else exp(x) if k == 2 else sin(x)")
    assert python(text, folder)[0] == 0
    for old in ("exp(x)", "cos(x)"):
        head, tail = text.split("def f_value_and_grad", 1)
        at = tail.rindex(old, 0, tail.index("# --- the self-check"))
        assert python(f"{head}def f_value_and_grad{tail[:at]}2.0 * {tail[at:]}", folder)[0] == 1, old


def test_points_lie_beyond_2(folder: Path) -> None:
    text = emitted("def f(x): return x**2 if x < 3 else x**3")
    assert text.count("3.0 * x_squared") == 1, text
    assert python(text, folder)[0] == 0
    assert python(text.replace("3.0 * x_squared", "2.0 * x_squared"), folder)[0] == 1


def test_the_worst_entry_is_shown_with_both_numbers(folder: Path) -> None:
    text = emitted("def f(x[3]): return x[0] + 2*x[1] + 4*x[2]")
    assert text.count("dx[1] = 2.0") <= 1
    wrong = re.sub(r"(?<=[\[, ])2\.0(?=[,\]\n])", "3.0", text, count=1)
    assert wrong != text
    code, output = python(wrong, folder)
    assert code == 1
    assert [row for row in rows(output) if row[-1] == "FAILED"] == [
        ["f", "12", "x", "all", "3", "0.4", "x[1]", "3", "2", "FAILED"]
    ]


def test_points_are_sought_where_functions_are_defined(folder: Path) -> None:
    code, output = python(emitted(DOMAINS), folder)
    assert code == 0, output
    assert {row[0] for row in rows(output)} == {"of_log", "of_acosh", "of_quotient", "gather", "window"}


def test_points_are_found_that_are_as_required(folder: Path) -> None:
    code, output = python(emitted(REQUIRED), folder)
    assert code == 0, output
    assert {row[0] for row in rows(output)} == {"far", "rising"}


SIZES = """
def longer(x[n], y[m]):
    require m == n + 2
    return sum(x[i]*y[i + 2] for i)
def wide(x[n], k: int, c[n]: int):
    require n >= 50 and k > 20 and -7 < c < -2
    return sum(x[i]**2 for i)*k
def shares(p[n]):
    require p > 0 and abs(sum(p) - 1) < 1e-9
    return -sum(p[i]*log(p[i]) for i)
"""


def test_sizes_and_whole_numbers_are_found_that_are_as_required(folder: Path) -> None:
    code, output = python(emitted(SIZES), folder)
    assert code == 0, output
    assert {row[0] for row in rows(output) if row[-1] == "ok"} == {"longer", "wide"}
    assert [row[:4] for row in rows(output) if row[-1] != "ok"] == [["shares", "0", "undecided:", "no"]]


def test_where_every_point_beside_one_is_refused_nothing_is_decided(folder: Path) -> None:
    code, output = python(emitted("def f(x, y):\n    require x == 2\n    return x*y"), folder)
    assert code == 0, output
    wrong = emitted("def f(x, y):\n    require x > 0\n    return log(-x)*y")
    assert python(wrong, folder)[0] == 1


def test_a_result_may_be_as_long_as_a_whole_number_says(folder: Path) -> None:
    for size in ("k", "m[0]", "max(k + n, 0)"):
        code, output = python(
            emitted(f"def f(x[n], m[n]: int, k: int): return [x[0]*i for i in range({size})]"), folder
        )
        assert code == 0, output


def test_what_is_required_may_name_no_number_but_small_ones(folder: Path) -> None:
    code, output = python(emitted("def f(x):\n    require x > 0\n    return log(x)"), folder)
    assert code == 0, output
    assert {row[0] for row in rows(output)} == {"f"}


def test_a_function_that_is_nowhere_defined_fails(folder: Path) -> None:
    code, output = python(emitted("def f(x): return log(-x*x - 1)\ndef g(x): return x"), folder)
    assert code == 1
    assert "FAILED: not defined where tried\n" in output
    assert output.endswith("\n1 of 3 FAILED\n")


def test_kinks_are_avoided_and_named(folder: Path) -> None:
    text = emitted("def f(x): return abs(x) + abs(x - 0.5)")
    assert python(text, folder)[0] == 0
    spans = "((-1, 1), (0.1, 0.9), (-2, 2), (1.1, 2), (2, 6), (-6, -2))"
    assert spans in text
    code, output = python(
        text.replace(spans, "((-1.0, 1.0), (0.1, 0.9), (0.5, 0.5), (0.0, 0.0), (2.0, 6.0), (-6.0, -2.0))"), folder
    )
    assert code == 0, output  # all points but those with a kink
    code, output = python(
        text.replace(spans, "((0.5, 0.5), (0.5, 0.5), (0.5, 0.5), (0.5, 0.5), (0.5, 0.5), (0.5, 0.5))"), folder
    )
    assert code == 0, output  # the derivative of least norm is what the central difference gives
    text = re.sub(r"(?<!def )\bsign\((.*?)\)", r"(1.0 if \1 >= 0.0 else -1.0)", text)
    code, output = python(
        text.replace(spans, "((0.5, 0.5), (0.5, 0.5), (0.5, 0.5), (0.5, 0.5), (0.5, 0.5), (0.5, 0.5))"), folder
    )
    assert code == 1
    assert output.count("FAILED at a kink?\n") == 1


@pytest.mark.parametrize(
    "text",
    [
        "def f(x[n], B[n, n]): return (x @ (B - B.T)) @ x",
        "def f(x): return exp(0.3*sin((3*x)**12))",
        "def f(x[n]): return sum(relu(x[i] - x[j]) for i, j)",
    ],
    ids=["nothing but rounding", "oscillations", "many kinks"],
)
def test_what_differences_cannot_tell_is_no_failure(text: str, folder: Path) -> None:
    code, output = python(emitted(text), folder)
    assert code == 0, output


def test_names_of_the_model_stay(folder: Path) -> None:
    text = emitted(ODD)
    plain = compile_source(ODD, "model.mg", Options()).text
    assert re.sub(r"^from .*\n", "", text, flags=re.MULTILINE).startswith(
        re.sub(r"^from .*\n", "", plain, flags=re.MULTILINE).rstrip()
    )
    code, output = python(text, folder)
    assert code == 0, output
    assert {row[0] for row in rows(output)} == {"self_check", "check_total", "check_cases", "check_call"}


@pytest.mark.parametrize(
    "command", [["check", "--select", "E4,E7,E9,F"], ["format", "--check"]], ids=["lint", "format"]
)
def test_the_emitted_check_is_in_good_style(command: list[str], folder: Path) -> None:
    Path("odd.py").write_text(emitted(ODD + DOMAINS + REQUIRED))
    moons = next(path for path in EXAMPLES if path.stem == "moons")
    Path("moons.py").write_text(emitted(moons.read_bytes(), "moons.mg"))
    ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", "odd.py", "moons.py"]
    done = subprocess.run(ruff, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_audit_lets_the_check_through_and_drops_its_guard() -> None:
    text = emitted(ODD)
    assert {"self_check", "self_check_2"} <= set(audit.run(text, "<emitted>").lines)
    assert text.rstrip().endswith("raise SystemExit(status)")
    assert not any(isinstance(node, ast.If) for node in audit.audit(text).body)


# --- the command


def test_command_writes_a_file_that_checks_itself(folder: Path) -> None:
    succeed("compile", "fit.mg", "--self-check", "-o", "fit.py")
    code, output = python(Path("fit.py").read_text(), folder)
    assert code == 0, output
    assert "self_check" not in succeed("compile", "fit.mg")


def test_command_has_no_check_in_c() -> None:
    result = run("compile", "fit.mg", "--self-check", "--target", "c")
    assert result.exit_code == 2
    assert "--self-check is emitted in Python only; leave --target c out" in result.output


def test_command_refuses_to_check_nothing() -> None:
    result = run("compile", "-", "--self-check", text="def f(x: int): return 2*x")
    assert result.exit_code == 1
    assert "no function has a derivative" in result.output


def test_derivatives_that_stop_are_no_mistake() -> None:
    Path("stop.mg").write_text("def f(x, y): return sin(detach(x))*x*y\n\ndef g(x): return x*x\n")
    text = succeed("compile", "stop.mg", "--self-check")
    assert '("g", "g_value_and_grad"' in text
    assert '("f", ' not in text
    result = run("check", "stop.mg", "f", "x=1", "y=2")
    assert (result.exit_code, "f says detach: there its derivatives stop" in result.output) == (1, True)


def test_what_doubles_cannot_tell_is_undecided(folder: Path) -> None:
    text = emitted("op g(y):\n    return y**3\n    dy = 2*y**2\n\ndef f(x, y): return x*1e16 + g(y)\n")
    code, output = python(text, folder)
    assert code == 0
    assert output.endswith("\n1 undecided, the others agree.\n")
    assert [row[2] for row in rows(output) if "undecided:" in row] == ["y"]
