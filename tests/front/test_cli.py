"""The command line: what each command prints and writes, and one message for each mistake."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mgc
from support.command_line import run, succeed
from support.fit_model import MODEL

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


# --- show


@pytest.mark.parametrize("stage", ["ir", "grad", "schedule"])
def test_a_stage_shows_what_is_required(stage: str) -> None:
    Path("required.mg").write_text("def f(x):\n    require x > 3\n    return log(x)\ndef g(x): return x\n")
    shown = succeed("show", "required.mg", "--stage", stage)
    assert [line for line in shown.splitlines() if line[:1].isalpha()] == ["f_requires(x)", "f(x)", "g(x)"]


@pytest.mark.parametrize("stage", ["tree", "ir", "grad", "schedule", "python", "c"])
def test_show_every_stage(stage: str) -> None:
    assert succeed("show", "fit.mg", "--stage", stage, "--fn", "loss").strip()
    assert succeed("show", "fit.mg", "--stage", stage, "--fn", "loss", "--backward").strip()


@pytest.mark.parametrize("command", ["compile", "show"])
def test_imports_lie_beside_the_file(command: str) -> None:
    Path("main.mg").write_text('import "fit.mg"\ndef twice(x): return 2*neuron(x, x, x, x, x)\n')
    assert "tanh(" in succeed(command, "main.mg")
    assert run(command, "-", text=Path("main.mg").read_text()).exit_code == 1


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
        2,
        "parameters are kept in",
        ["train", "fit.mg", "--loss", "loss", "--data", "d.csv", "--save", "p.pkl"],
    ),
    (1, "cannot read no.csv", ["train", "fit.mg", "--loss", "loss", "--data", "no.csv"]),
    (1, "'neuron' cannot be trained", ["train", "fit.mg", "--loss", "neuron", "--data", "d.csv"]),
    (2, "learning rate 'x'", ["train", "fit.mg", "--loss", "loss", "--data", "d.csv", "--lr", "x"]),
    (1, "fit.mg: error: there is no function 'q' in this file", ["compile", "fit.mg", "--fn", "q"]),
    (1, "fit.mg: error: --set names 'k', which is no const", ["compile", "fit.mg", "--set", "k=2"]),
    (1, "hint: declare it: `const k = ...`", ["compile", "fit.mg", "--set", "k=2"]),
    (1, "fit.mg: error: no function has a float argument or parameter 'q'", ["compile", "fit.mg", "--wrt", "q"]),
    (2, "expected NAME=VALUE, such as x=1, found '1'", ["eval", "fit.mg", "logs", "1"]),
    (2, "Missing option '--loss'", ["train", "fit.mg"]),
    (2, "did you mean 'train'", ["tain"]),
    (2, "No such option", ["compile", "fit.mg", "--nothing"]),
    (2, "expected NAME=NUMBER", ["compile", "fit.mg", "--set", "a"]),
    (2, "const 'a' is given twice", ["compile", "fit.mg", "--set", "a=1", "--set", "a=1"]),
    *[
        (2, f"tolerance: expected a finite number from 0 on, found {said}", ["check", "fit.mg", "--tolerance", said])
        for said in ("-1.0", "nan", "inf")
    ],
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
