"""`mgc eval` and `mgc check`: values, derivatives, what is inside, and what they do not take."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from support.command_line import run, succeed
from support.fit_model import PARAMETERS, ROWS, loss_by_hand


def test_eval_is_a_value_and_a_table() -> None:
    lines = succeed("eval", "fit.mg", "neuron", "x1=2", "x2=0", "w1=-3", "w2=1", "b=6.8813735870195432").splitlines()
    assert lines[0].startswith("neuron = 0.70710678118654")
    assert lines[1].split() == ["variable", "value", "derivative"]
    table = {line.split()[0]: float(line.split()[2]) for line in lines[2:]}
    assert table == pytest.approx({"x1": -1.5, "x2": 0.5, "w1": 1.0, "w2": 0.0, "b": 0.5})


def test_the_only_function_of_a_file_needs_no_name() -> None:
    Path("one.mg").write_text("def f(x): return x**2\n")
    Path("no.mg").write_text("const k = 2\n")
    assert succeed("eval", "one.mg", "x=3") == succeed("eval", "one.mg", "f", "x=3")
    assert succeed("check", "one.mg") == succeed("check", "one.mg", "f")
    assert succeed("compare", "one.mg", "x=3") == succeed("compare", "one.mg", "f", "x=3")
    refused = run("eval", "fit.mg", "x=3")
    assert refused.exit_code == 2
    assert "write its name behind FILE: neuron, logs, fit, loss" in refused.stderr


def test_eval_with_parameters_of_a_file_or_a_seed() -> None:
    mgc_file = {"format": "mgc parameters 1", "parameters": {}}
    shapes: dict[str, list[int]] = {"fit.w": [], "fit.b": [2]}
    entries = {name: {"shape": shapes[name], "values": value} for name, value in PARAMETERS.items()}
    Path("p.json").write_text(json.dumps({**mgc_file, "parameters": entries}))
    arguments = ("eval", "fit.mg", "loss", f"X={ROWS['X']}", f"y={ROWS['y']}")
    first = succeed(*arguments, "--params", "p.json").splitlines()[0]
    assert float(first.removeprefix("loss = ")) == pytest.approx(loss_by_hand()[0])
    assert succeed(*arguments, "--seed", "1") == succeed(*arguments, "--seed", "1") != succeed(*arguments)


def test_eval_of_an_array() -> None:
    output = succeed("eval", "fit.mg", "logs", "x=[1, 2.]")
    assert output.startswith("logs = [0.0, 0.693147180559945")
    assert re.search(r"x +\[1, 2\.0\] +\[1\.0, 0\.5\]", output)


def test_eval_by_parameters_and_arguments() -> None:
    output = succeed("eval", "fit.mg", "loss", "X=[[1, 2]]", "y=[1]", "--wrt", "params,y")
    assert [line.split()[0] for line in output.splitlines()[2:]] == ["fit.w", "fit.b", "y"]
    assert "4 derivatives checked, all pass" in succeed(
        "check", "fit.mg", "loss", "X=[[1, 2]]", "y=[1]", "--wrt", "params,y"
    )


def test_eval_takes_numbers_that_are_not_finite() -> None:
    assert succeed("eval", "fit.mg", "neuron", "x1=nan", "x2=0", "w1=1", "w2=1", "b=.5").startswith("neuron = nan")
    assert succeed("eval", "fit.mg", "neuron", "x1=-inf", "x2=0", "w1=1", "w2=1", "b=0").startswith("neuron = -1.0")


BAD_VALUES = [
    "x1=",
    "x1=a",
    "x1=1+1",
    "x1=1.2.3",
    "x1=01",
    "x1=--1",
    "x1=NaN1",
    "x1=__import__('os')",
    'x1="1"',
    "x1=[1",
    "x1={}",
    "x1=true",
    "x1=null",
    "x1",
    "z=1",
]


@pytest.mark.parametrize("value", [*BAD_VALUES, "x1=" + "[" * 100_000])
def test_bad_values_are_usage(value: str) -> None:
    result = run("eval", "fit.mg", "neuron", value)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert len(result.output) < 500


def test_check_passes_and_draws_what_is_not_given() -> None:
    output = succeed("check", "fit.mg", "neuron", "x1=3")
    assert "x2 = " in output
    assert "x1 = " not in output
    assert "5 derivatives checked, all pass" in output
    assert "3 derivatives checked, all pass" in succeed("check", "fit.mg", "loss")
    assert "all pass" in succeed("check", "fit.mg", "logs")  # whose domain is the positive numbers


def test_check_draws_what_is_required() -> None:
    Path("places.mg").write_text(
        "def f(q[n], k: int, x, low = 900):\n    require q[i] < q[i+1] for i in range(n - 1)\n"
        "    require 0 < k < n and x > low\n"
        "    return log(q[k] - q[0])*sqrt(x - low)\n"
    )
    output = succeed("check", "places.mg", "f")
    assert "5 derivatives checked, all pass" in output
    assert "q = " in output and "k = " in output


def test_check_says_what_is_required_of_what_is_given() -> None:
    Path("root.mg").write_text("def f(x):\n    require x > 0\n    return sqrt(x)\n")
    result = run("check", "root.mg", "f", "x=-1")
    assert result.exit_code == 1
    assert "f of root.mg, line 2: requires x > 0, and x is -1.0" in result.output


def test_check_fails_with_exit_code_1() -> None:
    Path("wrong.mg").write_text("op g(y):\n    return y**3\n    dy = 2*y**2\ndef f(x): return g(x)\n")
    result = run("check", "wrong.mg", "x=1.5")
    assert result.exit_code == 1
    assert "FAILED" in result.output


def test_eval_shows_every_value_inside() -> None:
    output = succeed("eval", "fit.mg", "neuron", "x1=2", "x2=0", "w1=-3", "w2=1", "b=6.8813735870195432", "--all")
    rows = {line.split()[0]: line.split()[1:] for line in output.splitlines()[2:]}
    assert list(rows) == ["x1", "x2", "w1", "w2", "b", "n"]
    assert rows["n"] == [repr(-6.0 + 6.8813735870195432), "0.5"]
    assert [float(rows[name][1]) for name in ("x1", "x2", "w1", "w2", "b")] == [-1.5, 0.5, 1.0, 0.0, 0.5]


def test_eval_shows_arrays_entry_by_entry() -> None:
    text = "model f(X[n, 2], k: int):\n    param w[2] = 3\n    z = [X[i] @ w for i]\n    return sum(z[i]**2 for i)*k\n"
    Path("g.mg").write_text(text)
    output = succeed("eval", "g.mg", "f", "X=[[1, 2], [0, 1]]", "k=2", "--all")
    rows = {line.split()[0]: [float(text) for text in line.split()[1:]] for line in output.splitlines()[2:]}
    assert rows["z[0]"] == [9.0, 36.0]
    assert rows["z[1]"] == [3.0, 12.0]
    assert rows["X[1][0]"] == [0.0, 36.0]
    assert rows["f.w[1]"] == [3.0, 84.0]
    assert rows["k"] == [2.0]


def test_eval_shows_derivatives_by_what_a_branch_sets() -> None:
    text = "def f(x):\n    y = x*x\n    z = y*3 if x > 0 else x\n    return z*2\n"
    output = succeed("eval", "-", "f", "x=4", "--all", text=text)
    rows = {line.split()[0]: [float(text) for text in line.split()[1:]] for line in output.splitlines()[2:]}
    assert rows == {"x": [4.0, 48.0], "y": [16.0, 6.0], "z": [48.0, 2.0]}


def test_eval_shows_values_where_an_arm_that_is_not_taken_has_none() -> None:
    text = "def f(x):\n    y = sqrt(x)\n    return (y if x > 0 else 0)*2 + x\n"
    output = succeed("eval", "-", "f", "x=-4", "--all", text=text)
    assert re.search(r"^x +-4\.0 +1$", output, re.MULTILINE)


def test_eval_of_an_array_shows_derivatives_of_its_sum() -> None:
    output = succeed("eval", "fit.mg", "logs", "x=[1, 2]", "--all")
    assert "derivatives of the sum of its elements:" in output
    assert re.search(r"^x\[1\] +2\.0 +0\.5$", output, re.MULTILINE)


def test_eval_shows_what_is_inside_where_integers_say_how_far_loops_run() -> None:
    text = """
def f(x[n], m[n]: int, k: int):
    powers = [sum(x[i]**j for j in range(m[i])) for i]
    rag = sum(sum(powers[j] for j in range(m[i] - 1)) for i)
    return rag + sum(rag**j for j in range(k))
"""
    output = succeed("eval", "-", "f", "x=[3, 2]", "m=[2, 3]", "k=3", "--all", text=text)  # powers 4, 7; rag 4 + 11
    assert output.startswith("f = 256.0\n")
    assert re.findall(r"^(rag|powers\S+|x\S+) +(\S+) +(\S+)$", output, re.MULTILINE) == [
        ("x[0]", "3.0", "64"),
        ("x[1]", "2.0", "160"),
        ("powers[0]", "4.0", "64"),
        ("powers[1]", "7.0", "32"),
        ("rag", "15.0", "32"),
    ]


def test_eval_says_that_inside_there_is_no_infinity() -> None:
    result = run("eval", "-", "f", "x=[1, inf]", "--all", text="def f(x[n]):\n    s = sum(x)\n    return 2*s\n")
    assert result.exit_code == 1
    assert "values inside f are computed to 50 digits, where nothing is inf: x has inf" in result.stderr


@pytest.mark.parametrize("command", ["eval", "check"])
def test_wrt_is_of_the_function_that_is_asked_for(command: str) -> None:
    two = "def f(x): return x*x\ndef g(y): return 2*y\n"
    assert run(command, "-", "f", "x=1", "--wrt", "x", text=two).exit_code == 0
    result = run(command, "-", "f", "x=1", "--wrt", "y", text=two)
    assert result.exit_code == 2
    assert "--wrt: f has no float argument or parameter 'y'; there are x" in result.stderr


def test_eval_does_not_look_behind_a_detach() -> None:
    result = run("eval", "-", "f", "x=2", "--all", text="def f(x):\n    y = detach(x)\n    return x*y\n")
    assert (result.exit_code, "f says detach" in result.stderr) == (1, True)


def test_check_tells_the_weights_of_several_results() -> None:
    output = succeed("check", "fit.mg", "logs", "x=[1,2]", "--seed", "3")
    assert "the derivatives are those of sum(weights * results); drawn by --seed 3: [-0.524" in output
    assert "sum(weights" not in succeed("check", "fit.mg", "neuron")
