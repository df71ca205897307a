"""`mgc train`: what is checked before the work, what is kept when it stops, and how data reach the arguments."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import mgc.cli.progress
import mgc.cli.train
from mgc.runtime.training.training import Step
from support.command_line import run, succeed
from support.fit_model import MODEL, PARAMETERS
from support.quick import in_turn

BARE = ("train", "fit.mg", "--loss", "loss", "--data", "d.csv")
TRAIN = (*BARE, "--steps", "3", "--lr", "0.01")


def refused(*arguments: str) -> str:
    result = run(*TRAIN, *arguments)
    assert result.exit_code != 0
    assert "step 1 of" not in result.stdout, "the work was begun"
    return result.stderr


@pytest.mark.parametrize("option", ["--save", "--emit"])
def test_output_paths_are_checked_before_the_work(option: str, folder: Path) -> None:
    name = "p.json" if option == "--save" else "p.py"
    (folder / name).mkdir()
    assert f"cannot write {name}: it is not a regular file" in refused(option, name)
    assert f"cannot write no/{name}: there is no folder" in refused(option, f"no/{name}")


def test_save_and_emit_are_two_files() -> None:
    assert "--save and --emit both write p.json" in refused("--save", "p.json", "--emit", "./p.json")


def test_parameters_of_another_model_are_not_overwritten() -> None:
    Path("other.mg").write_text("model f(x):\n    param a = 1\n    return a*x\n\ndef loss(): return f(1)**2\n")
    succeed("train", "other.mg", "--loss", "loss", "--steps", "2", "--save", "p.json")
    before = Path("p.json").read_text()
    assert "--force overwrites it" in refused("--save", "p.json")
    assert Path("p.json").read_text() == before
    succeed(*TRAIN, "--save", "p.json", "--force")
    succeed(*TRAIN, "--save", "p.json")
    assert "fit.w" in Path("p.json").read_text()


@pytest.mark.parametrize("note", ["# mine: the learning rate was 0.1", "def broken(:"])
def test_notes_in_an_emission_are_not_overwritten(note: str) -> None:
    succeed("compile", "fit.mg", "--self-check", "-o", "out.py")
    succeed(*TRAIN, "--emit", "out.py")
    noted = Path("out.py").read_text() + note + "\n"
    Path("out.py").write_text(noted)
    assert "a comment that mgc did not write would be lost" in refused("--emit", "out.py")
    assert run("compile", "fit.mg", "-o", "out.py").exit_code == 1
    assert Path("out.py").read_text() == noted
    succeed("compile", "fit.mg", "-o", "out.py", "--force")


OF_EMISSIONS = {"lesson": ["--style", "lesson"], "flat": ["--style", "flat"], "checked": ["--ieee", "--self-check"]}


@pytest.mark.parametrize(
    ("example", "options"), in_turn({name: name for name in ("moons", "gmm", "attention")}, OF_EMISSIONS)
)
def test_every_emission_is_overwritten_by_the_next(example: str, options: list[str]) -> None:
    path = str(Path(__file__).parents[2] / "examples" / f"{example}.mg")
    for _ in range(2):
        succeed("compile", path, "-o", "out.py", *options)
    succeed("compile", path, "-o", "out.py")


def test_ctrl_c_saves_and_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def impatient(steps: int, taken: int) -> Iterator[Callable[[Step], None]]:
        def stop(step: Step) -> None:
            if step.number == 3:
                raise KeyboardInterrupt

        yield stop

    long = (*BARE, "--lr", "0.01", "--steps", "1000")
    with monkeypatch.context() as patch:
        patch.setattr(mgc.cli.train, "progress", impatient)
        result = run(*long, "--save", "p.json")
        assert "nothing is saved: there is no --save" in run(*long).stderr
    assert (result.exit_code, result.stderr) == (
        130,
        "interrupted after 3 of 1000 steps; the parameters are in p.json\n",
    )
    succeed(*TRAIN, "--save", "q.json")
    assert Path("p.json").read_text() == Path("q.json").read_text()


def test_a_loss_that_rose_is_no_success() -> None:
    result = run(*BARE, "--lr", "10", "--steps", "20", "--save", "p.json")
    assert result.exit_code == 1
    assert re.search(r"the loss rose from \S+ to \S+: try a smaller learning rate", result.stderr)
    assert not Path("p.json").exists()


def test_a_loss_that_moves_nothing_is_noted() -> None:
    Path("f.mg").write_text("param a = 1\n\ndef loss(): return floor(a)*2 + 0*a\n")
    result = run("train", "f.mg", "--loss", "loss", "--steps", "2")
    assert result.exit_code == 0
    assert result.stderr == "note: no parameter moved: the derivatives of loss are 0, or the rate is\n"


def test_a_loss_may_need_no_data() -> None:
    Path("f.mg").write_text("model at(x):\n    param a = 1\n    return a*x\n\ndef loss(): return (at(2) - 6)**2\n")
    succeed("train", "f.mg", "--loss", "loss", "--steps", "50", "--save", "p.json")
    assert json.loads(Path("p.json").read_text())["parameters"]["at.a"]["values"] == pytest.approx(3.0)
    assert "the data lack X[n, 2], y[n]" in run("train", "fit.mg", "--loss", "loss").stderr


def test_validation_data_are_reported_beside() -> None:
    Path("v.csv").write_text("X0,X1,y\n1,0,1\n")
    output = succeed(*TRAIN, "--validation", "v.csv", "--metric", "loss", "--save", "p.json")
    model = mgc.loads(MODEL, "fit.mg")
    values = {key: entry["values"] for key, entry in json.loads(Path("p.json").read_text())["parameters"].items()}
    assert set(values) == set(PARAMETERS)
    assert f"loss (validation)  {model.loss(values, [[1, 0]], [1]):.6g}\n" in output


def test_columns_are_mapped_and_text_does_no_harm() -> None:
    Path("iris.csv").write_text("name,sepal length,sepal width,kind\nanna,1,2,3\nbert,3,-1,4\n")
    train = ("train", "fit.mg", "--loss", "loss", "--data", "iris.csv", "--steps", "2", "--lr", "0.01")
    mapped = succeed(*train, "--columns", "X=sepal length,sepal width", "y=kind").split("time")[0]
    Path("d2.csv").write_text("X0,X1,y\n1,2,3\n3,-1,4\n")
    plain = succeed(*train[:5], "d2.csv", *train[6:]).split("time")[0]
    assert mapped == plain
    for said, columns in {
        "iris.csv:2:1: column 1 ('name'): expected a finite number, found 'anna'": ["X=name,kind", "y=kind"],
        "no column 'kinds'; did you mean 'kind'?": ["X=sepal length,sepal width", "y=kinds"],
        "no argument 'Y' to give columns to; did you mean 'y'?": ["Y=kind"],
        "y[n] takes one column, not 2": ["X=kind,kind", "y=kind,kind"],
        "expected ARG=COLUMN,COLUMN, found 'kind'": ["kind"],
    }.items():
        assert said in run(*train, "--columns", *columns).stderr


@pytest.mark.parametrize(("sign", "said"), [(";", "`;`"), ("\t", "a tab")])
def test_another_delimiter_is_named(sign: str, said: str) -> None:
    Path("d.csv").write_text(f"X0{sign}X1{sign}y\n1{sign}2{sign}3\n")
    assert f"d.csv:1: the columns are separated by {said}; a .csv has commas between them" in refused()


@pytest.mark.parametrize("rate", ["-0.1", "nan", "0.1:-1"])
def test_a_learning_rate_is_not_negative(rate: str) -> None:
    said = f"learning rate '{rate}': expected a number that is not negative, or FROM:TO for one that falls"
    assert said in run(*BARE, "--lr", rate).stderr


def test_names_may_stand_together() -> None:
    text = succeed("compile", "fit.mg", "--fn", "neuron,logs")
    assert "def neuron(" in text
    assert "def logs(" in text
    assert "def loss(" not in text


def test_a_loss_of_plain_numbers_is_told_to_take_no_column() -> None:
    Path("lin.mg").write_text("model line(x):\n    param w = 1\n    return w*x\n")
    Path("l.csv").write_text("x,y\n1,2\n")
    train = ("train", "lin.mg", "--loss", "line", "--data", "l.csv")
    assert "line takes one number x, not a column" in run(*train).stderr
    assert "x is one number, not a column" in run(*train, "x=x").stderr


def test_a_plot_is_drawn_over_a_former_one_and_nothing_else() -> None:
    pytest.importorskip("matplotlib")
    for _ in range(2):
        assert "plot     plot.svg" in succeed(*TRAIN, "--plot", "plot.svg")
    Path("plot.svg").write_text("<svg/>")
    assert "plot.svg exists and is no plot of training; --force overwrites it" in refused("--plot", "plot.svg")
    assert "--save and --plot both write" in refused("--plot", "p.json", "--save", "p.json")


def test_a_bar_tells_loss_rate_and_steps_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mgc.cli.progress, "is_terminal", lambda: True)
    output = succeed(*TRAIN)
    assert re.search(r"3/3 .*loss \S+ rate 0.01 [\d,.]+ steps/s", output)


@pytest.mark.parametrize(
    "wrong",
    [
        *("--lr abc", "--lr nan", "--split 1", "--split nan", "--clip -1", "--clip nan", "--decay -1", "--decay nan"),
        *("--plot x.pdf", "--log x.txt", "--save x.bin", "--checkpoint x.json", "--patience 3"),
        *("--optimizer lbfgs --batch 2", "--optimizer lbfgs --lr 3", "--optimizer lbfgs --schedule cosine"),
    ],
)
def test_a_mistake_on_the_command_line_is_one_of_usage(wrong: str) -> None:
    result = run(*BARE, *wrong.split())
    assert result.exit_code == 2, result.output
    assert "train [OPTIONS] FILE" in result.stderr
    assert "step 1 of" not in result.stdout
