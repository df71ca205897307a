"""The command line: what each command prints and writes, and one message for each mistake."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mgc
from support.command_line import run, succeed
from support.fit_model import MODEL, PARAMETERS, ROWS, loss_by_hand

# --- compile


def test_compile_prints_the_emitted_text() -> None:
    assert succeed("compile", "fit.mg") == mgc.loads(MODEL, "fit.mg").source
    assert succeed("compile", "fit.mg", "-o", "-") == succeed("compile", "fit.mg")


def test_compile_reads_standard_input() -> None:
    assert "def neuron_value_and_grad(" in succeed("compile", "-", text=MODEL)


def test_compile_one_function() -> None:
    text = succeed("compile", "fit.mg", "--fn", "neuron", "--wrt", "w1,w2")
    assert "def neuron_value_and_grad(" in text
    assert "def logs(" not in text


def test_compile_warns_beside_the_output() -> None:
    result = run("compile", "-", text="def f(x, y):\n    z = x*y\n    return x\n")
    assert result.exit_code == 0
    assert "def f(x, y):" in result.stdout
    assert result.stderr.startswith("<stdin>:2:5: warning: 'z' is not used\n")


def test_compile_writes_a_file_that_runs_alone() -> None:
    assert succeed("compile", "fit.mg", "-o", "fit.py") == ""
    program = "import fit; print(fit.neuron(2.0, 0.0, -3.0, 1.0, 6.8813735870195432))"
    bare = subprocess.run(
        [sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True, env={}, cwd="."
    )
    assert float(bare.stdout) == pytest.approx(0.7071067811865477)


def test_compile_overwrites_only_its_own() -> None:
    succeed("compile", "fit.mg", "-o", "fit.py")
    succeed("compile", "fit.mg", "-o", "fit.py", "--fn", "neuron")
    assert "def logs(" not in Path("fit.py").read_text()
    Path("mine.py").write_text("print('mine')\n")
    result = run("compile", "fit.mg", "-o", "mine.py")
    assert (result.exit_code, Path("mine.py").read_text()) == (1, "print('mine')\n")
    assert "--force" in result.stderr
    succeed("compile", "fit.mg", "-o", "mine.py", "--force")
    assert "def loss(" in Path("mine.py").read_text()


def test_compile_writes_a_c_file_with_its_header() -> None:
    succeed("compile", "fit.mg", "--target", "c", "--prefix", "my_", "-o", "fit.c")
    assert "mgc_status my_loss(" in Path("fit.c").read_text()
    assert "mgc_status my_loss(" in Path("fit.h").read_text()
    assert succeed("compile", "fit.mg", "--target", "c", "--prefix", "my_") == Path("fit.c").read_text()


def test_a_c_file_is_not_written_without_its_header() -> None:
    Path("fit.h").write_text("/* mine */\n")
    result = run("compile", "fit.mg", "--target", "c", "-o", "fit.c")
    assert (result.exit_code, Path("fit.c").exists(), Path("fit.h").read_text()) == (1, False, "/* mine */\n")
    assert "fit.h exists and is not an emission of this model" in result.stderr
    Path("fit.h").unlink()
    Path("fit.h").mkdir()
    result = run("compile", "fit.mg", "--target", "c", "-o", "fit.c")
    assert (result.exit_code, Path("fit.c").exists()) == (1, False)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--target", "c", "-o", "fit.h"], "a C file is called NAME.c"),
        (["--prefix", "my_"], "add --target c"),
        (["--target", "c", "--prefix", "1 + "], "the beginning of a name"),
        (["--finite"], "--finite is for C"),
        (["--target", "c", "--finite", "--ieee"], "--finite is for C"),
    ],
)
def test_what_compile_to_c_does_not_take(options: list[str], message: str) -> None:
    result = run("compile", "fit.mg", *options)
    assert result.exit_code != 0
    assert message in result.stderr
    assert not Path("fit.h").exists()


@pytest.mark.parametrize("output", ["fit.mg", "other.mg", "./fit.mg"])
def test_compile_never_replaces_a_model(output: str) -> None:
    result = run("compile", "fit.mg", "-o", output, "--force")
    assert result.exit_code == 1
    assert "never replaces a model file" in result.stderr
    assert Path("fit.mg").read_text() == MODEL


def test_compile_never_replaces_the_model_under_another_name() -> None:
    Path("link.py").hardlink_to("fit.mg")
    assert run("compile", "fit.mg", "-o", "link.py", "--force").exit_code == 1
    assert Path("fit.mg").read_text() == MODEL


# --- show, eval, check


@pytest.mark.parametrize("stage", ["tree", "ir", "grad", "schedule", "python", "c"])
def test_show_every_stage(stage: str) -> None:
    assert succeed("show", "fit.mg", "--stage", stage, "--fn", "loss").strip()
    assert succeed("show", "fit.mg", "--stage", stage, "--fn", "loss", "--backward").strip()


@pytest.mark.parametrize("command", ["compile", "show"])
def test_imports_lie_beside_the_file(command: str) -> None:
    Path("main.mg").write_text('import "fit.mg"\ndef twice(x): return 2*neuron(x, x, x, x, x)\n')
    assert "tanh(" in succeed(command, "main.mg")
    assert run(command, "-", text=Path("main.mg").read_text()).exit_code == 1


def test_eval_is_a_value_and_a_table() -> None:
    lines = succeed("eval", "fit.mg", "neuron", "x1=2", "x2=0", "w1=-3", "w2=1", "b=6.8813735870195432").splitlines()
    assert lines[0].startswith("neuron = 0.70710678118654")
    assert lines[1].split() == ["variable", "value", "derivative"]
    table = {line.split()[0]: float(line.split()[2]) for line in lines[2:]}
    assert table == pytest.approx({"x1": -1.5, "x2": 0.5, "w1": 1.0, "w2": 0.0, "b": 0.5})


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


def test_check_fails_with_exit_code_1() -> None:
    result = run("check", "fit.mg", "neuron", "--tolerance", "-1")
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


# --- train


def test_train_improves_and_says_so() -> None:
    output = succeed("train", "fit.mg", "--loss", "loss", "--data", "d.csv", "--steps", "30", "--metric", "loss")
    losses = [float(text) for text in re.findall(r"^step .* loss (\S+)$", output, re.MULTILINE)]
    assert losses[-1] < 0.2 * losses[0]
    assert len(losses) == 11
    assert re.search(r"^loss +0\.0\d+$", output, re.MULTILINE)


def test_train_saves_and_starts_again() -> None:
    train = ("train", "fit.mg", "--loss", "loss", "--data", "d.csv", "--lr", "0.05")
    succeed(*train, "--steps", "20", "--save", "p.json")
    succeed(*train, "--steps", "10", "--save", "q.safetensors")
    succeed(*train, "--steps", "10", "--params", "q.safetensors", "--save", "q.json")
    assert Path("q.json").read_text() == Path("p.json").read_text()  # sgd has no memory: 10 + 10 = 20


def test_train_tells_where_the_code_is() -> None:
    output = succeed("train", "fit.mg", "--loss", "loss", "--data", "d.csv", "--steps", "2", "--emit", "out.py")
    assert re.search(r"^generated code +out\.py$", output, re.MULTILINE)
    assert Path("out.py").read_text() == succeed("compile", "fit.mg")


def test_train_optimisers_and_batches() -> None:
    train = ("train", "fit.mg", "--loss", "loss", "--data", "d.csv", "--steps", "20", "--lr", "0.02")
    outputs = {
        succeed(*train, *extra).split("time")[0]
        for extra in (
            [],
            ["--optimizer", "momentum"],
            ["--optimizer", "adam"],
            ["--batch", "2"],
            ["--seed", "1"],
        )
    }
    assert len(outputs) == 5


# --- new, fmt


def test_new_writes_a_model_that_works() -> None:
    succeed("new", "first")
    text = Path("first.mg").read_text()
    assert "starter" not in text
    assert succeed("eval", "first.mg", "loss", "X=[[1, 2]]", "y=[1]").startswith("loss = ")
    assert "all pass" in succeed("check", "first.mg", "loss")
    assert "accuracy" in succeed(
        "train", "first.mg", "--loss", "loss", "--data", "d.csv", "--steps", "2", "--metric", "accuracy"
    )
    assert succeed("fmt", "--check", "first.mg") == ""
    result = run("new", "first")
    assert (result.exit_code, Path("first.mg").read_text()) == (1, text)


@pytest.mark.parametrize("name", ["../x", "/tmp/x", "a/b", "", ".", "..", "-x", "a b", "a\n", "ä", "x" * 100, "1a"])
def test_new_refuses_what_is_not_a_name(name: str, folder: Path) -> None:
    before = sorted(folder.iterdir())
    assert run("new", "--", name).exit_code == 2
    assert sorted(folder.iterdir()) == before


def test_new_does_not_follow_links(folder: Path) -> None:
    Path("link.mg").symlink_to(folder / "elsewhere")
    assert run("new", "link").exit_code == 1
    assert not Path("elsewhere").exists()


def test_fmt() -> None:
    untidy = "def f( x,y ):\n  return x   +  y\n"
    tidy = "def f(x, y):\n    return x + y\n"
    Path("f.mg").write_text(untidy)
    assert run("fmt", "--check", "f.mg").exit_code == 1
    assert Path("f.mg").read_text() == untidy
    assert succeed("fmt", "-", text=untidy) == tidy
    assert succeed("fmt", "f.mg") == "formatted f.mg\n"
    assert Path("f.mg").read_text() == tidy
    assert succeed("fmt", "--check", "f.mg") == succeed("fmt", "f.mg") == ""


def test_fmt_leaves_a_broken_file_alone() -> None:
    for content in (b"def f(:\n", b"\xff\xfe\x00"):
        Path("f.mg").write_bytes(content)
        result = run("fmt", "f.mg")
        assert result.exit_code == 1
        assert result.stderr.startswith("f.mg:")
        assert Path("f.mg").read_bytes() == content


# --- mistakes


MISTAKES: list[tuple[int, str, list[str]]] = [
    (1, "bad.mg:1:", ["compile", "bad.mg"]),
    (1, "cannot read missing.mg: No such file", ["compile", "missing.mg"]),
    (1, "cannot read .: it is a directory", ["compile", "."]),
    (1, "cannot read pipe: it is not a regular file", ["compile", "pipe"]),
    (1, "cannot read huge.mg: 16777217 bytes are more than the limit", ["compile", "huge.mg"]),
    (1, "cannot read x\\x1b[31m", ["compile", "x\x1b[31m"]),
    (1, "cannot write missing/x.py", ["compile", "fit.mg", "-o", "missing/x.py"]),
    (1, "cannot write .: it is not a regular file", ["compile", "fit.mg", "-o", "."]),
    (1, "no function 'lost'; did you mean 'loss'", ["eval", "fit.mg", "lost"]),
    (1, "neuron: missing arguments: x2, w1, w2, b", ["eval", "fit.mg", "neuron", "x1=1"]),
    (1, "argument 'x': expected an array", ["eval", "fit.mg", "logs", "x=1"]),
    (1, "outside the domain", ["eval", "fit.mg", "logs", "x=[0]"]),
    (
        1,
        "parameters are kept in",
        ["train", "fit.mg", "--loss", "loss", "--data", "d.csv", "--save", "p.pkl"],
    ),
    (1, "cannot read no.csv", ["train", "fit.mg", "--loss", "loss", "--data", "no.csv"]),
    (1, "'neuron' cannot be trained", ["train", "fit.mg", "--loss", "neuron", "--data", "d.csv"]),
    (1, "learning rate 'x'", ["train", "fit.mg", "--loss", "loss", "--data", "d.csv", "--lr", "x"]),
    (1, "no function 'q' in this file", ["compile", "fit.mg", "--fn", "q"]),
    (1, "hint: declare it: `const k = ...`", ["compile", "fit.mg", "--set", "k=2"]),
    (2, "expected NAME=VALUE, such as x=1, found '1'", ["eval", "fit.mg", "logs", "1"]),
    (2, "Missing option '--loss'", ["train", "fit.mg"]),
    (2, "did you mean 'train'", ["tain"]),
    (2, "No such option", ["compile", "fit.mg", "--nothing"]),
    (2, "expected NAME=NUMBER", ["compile", "fit.mg", "--set", "a"]),
    (2, "Missing argument", ["compile"]),
    (2, "is not one of", ["compile", "fit.mg", "--target", "fortran"]),
]


@pytest.mark.parametrize(("code", "message", "arguments"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_one_message(code: int, message: str, arguments: list[str]) -> None:
    Path("bad.mg").write_text("def bad(x): return z\n")
    os.mkfifo("pipe")
    with Path("huge.mg").open("wb") as file:
        file.truncate(16 * 2**20 + 1)
    result = run(*arguments)
    assert result.exit_code == code
    assert message in result.stderr
    assert result.stdout == ""
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_check_tells_the_weights_of_several_results() -> None:
    output = succeed("check", "fit.mg", "logs", "x=[1,2]", "--seed", "3")
    assert "the derivatives are those of sum(weights * results); drawn by --seed 3: [-0.524" in output
    assert "sum(weights" not in succeed("check", "fit.mg", "neuron")
