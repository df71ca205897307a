"""What a command may write over: a former output of its own, another file with --force, and what it reads never."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.command_line import run, succeed
from support.fit_model import CSV, MODEL

TRAIN = ("train", "fit.mg", "--loss", "loss", "--data", "d.csv", "--steps", "1", "--lr", "0.01")
PREDICT = ("predict", "fit.mg", "logs", "--data", "x.csv")
DRAW = ("draw", "fit.mg", "--fn", "logs")
EXPLAIN = ("explain", "fit.mg", "--fn", "logs", "--no-verify")
X_CSV = "x\n1\n2.5\n"


@pytest.fixture(autouse=True)
def more_data(folder: Path) -> None:
    Path("v.csv").write_text(CSV)
    Path("x.csv").write_text(X_CSV)
    Path("model.dot").write_text(MODEL)


@pytest.mark.parametrize(
    ("read", "command"),
    [
        ("d.csv", (*TRAIN, "--log", "./d.csv")),
        ("v.csv", (*TRAIN, "--validation", "v.csv", "--log", "v.csv")),
        ("d.csv", (*TRAIN, "--emit", "d.csv")),
        ("x.csv", (*PREDICT, "-o", "x.csv")),
        ("fit.mg", (*PREDICT, "-o", "fit.mg")),
        ("model.dot", ("draw", "model.dot", "--fn", "logs", "-o", "model.dot")),
        ("fit.mg", (*EXPLAIN, "-o", "fit.mg")),
    ],
)
def test_no_output_replaces_what_is_read(read: str, command: tuple[str, ...]) -> None:
    before = Path(read).read_bytes()
    for force in ((), ("--force",)):
        result = run(*command, *force)
        assert (result.exit_code, "cannot write" in result.stderr) == (1, True), result.output
        assert "step 1 of" not in result.stdout
    assert Path(read).read_bytes() == before


def test_a_file_under_another_name_is_still_what_is_read() -> None:
    Path("link.csv").symlink_to("d.csv")
    assert "cannot write link.csv: the command reads it" in run(*TRAIN, "--log", "link.csv", "--force").stderr


@pytest.mark.parametrize(
    ("output", "command"),
    [
        ("notes.csv", (*TRAIN, "--log", "notes.csv")),
        ("notes.jsonl", (*TRAIN, "--log", "notes.jsonl")),
        ("notes.csv", (*PREDICT, "-o", "notes.csv")),
        ("precious.dot", (*DRAW, "-o", "precious.dot")),
        ("precious.svg", (*DRAW, "-o", "precious.svg")),
    ],
)
def test_a_file_of_another_kind_needs_force(output: str, command: tuple[str, ...]) -> None:
    Path(output).write_text("mine\n")
    result = run(*command)
    assert (result.exit_code, "--force overwrites it" in result.stderr) == (1, True), result.output
    assert (Path(output).read_text(), "step 1 of" in result.stdout) == ("mine\n", False)
    if not output.endswith(".svg"):  # which needs the program dot
        succeed(*command, "--force")
        assert "mine" not in Path(output).read_text()
        succeed(*command)  # over what it wrote


def test_a_checkpoint_is_gone_on_from_or_overwritten_by_force() -> None:
    train = (*TRAIN, "--checkpoint", "c.safetensors")
    succeed(*train)
    kept = Path("c.safetensors").read_bytes()
    assert "c.safetensors exists; --resume goes on from it; --force overwrites it" in run(*train).stderr
    assert Path("c.safetensors").read_bytes() == kept
    succeed(*train, "--resume")
    succeed(*train, "--force")
    started = run(*TRAIN, "--params", "c.safetensors", "--checkpoint", "c.safetensors", "--force")
    assert "cannot write c.safetensors: the command reads it" in started.stderr


def test_parameters_are_refined_in_their_own_file() -> None:
    succeed(*TRAIN, "--save", "p.json")
    succeed(*TRAIN, "--params", "p.json", "--save", "p.json")
