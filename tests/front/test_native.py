"""`--target native`, `mgc cache` and `mgc compile --target native`, as commands."""

from __future__ import annotations

import pickle
import runpy
from pathlib import Path

import numpy as np
import pytest

import mgc
from mgc.runtime.native import cache
from support.command_line import run, succeed
from support.native_models import fresh_cache, needs_c

EXAMPLES = Path(__file__).parents[2] / "examples"
pytestmark = needs_c
POINT = ("neuron", "x1=2", "x2=0", "w1=-3", "w2=1", "b=6.88")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return fresh_cache(tmp_path, monkeypatch)


def test_eval_and_check_say_the_same(folder: Path) -> None:
    for command in ("eval", "check"):
        said = [
            succeed(command, str(EXAMPLES / "neuron.mg"), *POINT, "--target", target)
            for target in ("python", "native", "auto")
        ]
        assert said[0] == said[1] == said[2]
    assert [path.name[:7] for path in cache.entries() if path.name[:6] != "caller"] == ["neuron-"]


def test_all_is_of_python(folder: Path) -> None:
    result = run("eval", str(EXAMPLES / "neuron.mg"), *POINT, "--all", "--target", "native")
    assert result.exit_code == 2
    assert "leave --target native out" in result.output


def train(*options: str) -> list[str]:
    data = ("--data", str(EXAMPLES / "moons.csv"), "--steps", "3")
    return succeed("train", str(EXAMPLES / "moons.mg"), "--loss", "loss", *data, *options).splitlines()


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_training_has_the_numbers_of_python_and_says_what_ran(folder: Path, optimizer: str) -> None:
    native = train("--optimizer", optimizer)
    python = train("--optimizer", optimizer, "--target", "python")
    assert native[:3] == python[:3]
    assert "run as   native code, built by cc" in native
    assert "run as   Python" in python


def test_training_goes_on_without_a_compiler(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    said = train()
    assert any("Python: there is no no-such-compiler, which CC names" in line for line in said)
    monkeypatch.setenv("CC", "/bin/false")
    assert "run as   Python: false failed with exit code 1" in train()


LABELLED = """param W[3, 4] = zeros()
def loss(X[n, 4], kind[n]: int): return sum((W[kind[i]] @ X[i] - 1)**2 for i)
"""


def test_an_integer_that_no_array_holds_is_told_as_one_of_a_call(folder: Path, tmp_path: Path) -> None:
    model, data = tmp_path / "kinds.mg", tmp_path / "kinds.csv"
    model.write_text(LABELLED)
    for label, more in ((2**63, ()), (10**20, ()), (10**20, ("--batch", "1"))):
        data.write_text(f"X0,X1,X2,X3,kind\n1,2,3,4,{label}\n")
        result = run("train", str(model), "--loss", "loss", "--data", str(data), *more)
        assert result.exit_code == 1
        assert result.stderr == "error: argument 'kind': native code takes integers up to 2**53 in magnitude\n"


def test_no_rows_keep_the_size_of_a_row(folder: Path) -> None:
    model = mgc.loads(LABELLED, "kinds.mg", target="native")
    nothing: tuple[object, ...] = ([], np.empty((0, 4)))
    for empty in nothing:
        assert mgc.train(model, "loss", {"X": empty, "kind": []}, steps=2).losses == (0.0, 0.0)


def test_what_is_not_finite_is_told_where_python_tells_it(folder: Path, tmp_path: Path) -> None:
    model = tmp_path / "m.mg"
    model.write_text("model m(x):\n    param a = 0\n    return log(a*x)\n\ndef loss(x[n]): return sum(m(x[i]) for i)\n")
    (tmp_path / "x.csv").write_text("x\n1\n2\n")
    result = run("train", str(model), "--loss", "loss", "--data", str(tmp_path / "x.csv"))
    assert result.exit_code == 1
    assert "m.mg:5:17: error: outside the domain in `log(" in result.output


def test_training_that_diverges_says_where_as_python_does(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "m.mg").write_text(
        "model at(x):\n    param a = 1\n    return (a*x)**2\n\ndef loss(x[n]): return mean(at(x[i]) for i)\n"
    )
    (tmp_path / "x.csv").write_text("x\n1\n2\n")
    diverging = ("train", str(tmp_path / "m.mg"), "--loss", "loss", "--data", str(tmp_path / "x.csv"), "--lr", "1e100")
    native, python = (run(*diverging, "--target", target) for target in ("native", "python"))
    assert "the loss is inf at step 3: try a smaller learning rate; it began here:" in native.output
    assert native.output == python.output and native.exit_code == python.exit_code == 1


def test_cache_lists_and_clears(folder: Path) -> None:
    succeed("eval", str(EXAMPLES / "neuron.mg"), *POINT, "--target", "native")
    listed = succeed("cache").splitlines()
    assert [line.split()[0][:7] for line in listed[1:-1]] == ["caller-", "neuron-"]
    assert listed[-1] == f"2 files in {folder}"
    assert succeed("cache", "--clear") == f"removed 2 files from {folder}\n"
    assert succeed("cache") == f"0 files in {folder}\n"


# --- a library to keep


def test_a_library_is_called_as_emitted_python(tmp_path: Path) -> None:
    model = "model m(x[n]):\n    param w[n] = 0.5\n    return w @ x\n\ndef lambda_(x[n], k=2): return k*x, m(x)\n"
    (tmp_path / "a.mg").write_text(model)
    for target, name in (("native", "a.so"), ("python", "plain.py")):
        succeed("compile", str(tmp_path / "a.mg"), "--target", target, "-o", str(tmp_path / name))
    assert "mgc_status m(" in (tmp_path / "a.h").read_text()
    native, plain = (runpy.run_path(str(tmp_path / name)) for name in ("a_native.py", "plain.py"))
    params = plain["init_params"](seed=1, n=2)
    assert native["init_params"](seed=1, n=2) == params
    assert native["lambda_"](params, [1.0, 2.0]) == plain["lambda_"](params, [1.0, 2.0])
    assert native["m_value_and_grad"](params, [1.0, 2.0]) == plain["m_value_and_grad"](params, [1.0, 2.0])
    assert {name for name in plain if "lambda" in name or "init" in name} == {
        name for name in native if "lambda" in name or "init" in name
    }


def test_a_library_has_no_texts(tmp_path: Path) -> None:
    succeed("compile", str(EXAMPLES / "neuron.mg"), "--target", "native", "-o", str(tmp_path / "neuron.so"))
    model = mgc.open_library(tmp_path / "neuron.so")
    assert model.neuron(1, 2, 3, 4, 5) == mgc.load(EXAMPLES / "neuron.mg").neuron(1, 2, 3, 4, 5)
    for ask in (lambda: model.source, lambda: model.neuron.source, model.python):
        with pytest.raises(mgc.DataError, match=r"neuron.mg was opened as a library, which has no texts"):
            ask()
    with pytest.raises(TypeError, match="is not pickled"):
        pickle.dumps(model)


def test_a_library_says_what_is_required(tmp_path: Path) -> None:
    text = "def f(x[n], y):\n    require 3 > y > 0\n    require x[i] < y for i\n    return sum(x)/y\n"
    (tmp_path / "a.mg").write_text(text)
    succeed("compile", str(tmp_path / "a.mg"), "--target", "native", "-o", str(tmp_path / "a.so"))
    model = mgc.open_library(tmp_path / "a.so")
    assert model.f([1.0], 2.0) == 0.5
    for call in (model.f, model.f.value_and_grad):
        with pytest.raises(mgc.DataError, match=r"^f of a\.mg, line 2: requires 3 > y > 0$"):
            call([1.0], -2.0)
        with pytest.raises(mgc.DataError, match=r"^f of a\.mg, line 3: requires x\[i\] < y for i$"):
            call([1.0, 2.0], 2.0)


def test_files_that_are_no_library_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.so").write_text("no library")
    with pytest.raises(mgc.DataError, match="cannot load"):
        mgc.open_library(tmp_path / "text.so")


def test_only_libraries_of_the_model_are_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "a.so"
    first, other = str(EXAMPLES / "neuron.mg"), str(EXAMPLES / "rosenbrock.mg")
    for _ in "ab":
        succeed("compile", first, "--target", "native", "-o", str(target))
    result = run("compile", other, "--target", "native", "-o", str(target))
    assert (result.exit_code, "is no library of this model; --force overwrites it" in result.output) == (1, True)
    succeed("compile", other, "--target", "native", "-o", str(target), "--force")
    (tmp_path / "b_native.py").write_text("mine = 1\n")
    result = run("compile", first, "--target", "native", "-o", str(tmp_path / "b.so"))
    assert "b_native.py exists and is not an emission of this model" in result.output
    assert not (tmp_path / "b.so").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "a library is called NAME.so: add -o NAME.so"),
        (("-o", "moons.dll"), "a library is called NAME.so"),
        (("-o", "moons.so", "--finite"), "--finite is for C"),
        (("-o", "moons.so", "--self-check"), "--self-check is emitted in Python only"),
    ],
)
def test_what_a_library_cannot_be(options: tuple[str, ...], said: str) -> None:
    assert said in run("compile", str(EXAMPLES / "moons.mg"), "--target", "native", *options).output
