"""`mgc train --resume`: killed wherever, it goes on to the very bits of a run that was left alone; and `predict`."""

from __future__ import annotations

import json
import random
import subprocess
import time
from pathlib import Path

import pytest

from support.command_line import MGC, run, succeed

TRAIN = (
    *("train", "fit.mg", "--loss", "loss", "--data", "d.csv", "--lr", "0.1:0.01", "--schedule", "cosine"),
    *("--optimizer", "adam", "--batch", "3", "--seed", "2", "--steps", "400"),
)


def kept(save: str, log: str) -> tuple[bytes, str]:
    return Path(save).read_bytes(), Path(log).read_text()


@pytest.mark.slow
def test_a_run_that_is_killed_again_and_again_ends_in_the_same_bits(folder: Path) -> None:
    succeed(*TRAIN, "--save", "whole.json", "--log", "whole.csv")
    draw = random.Random(7)
    resumed = (
        *MGC,
        *TRAIN,
        "--save",
        "p.json",
        "--log",
        "p.csv",
        "--checkpoint",
        "c.safetensors",
        "--every",
        "1",
        "--resume",
    )
    killed = 0
    while not Path("p.json").exists():
        process = subprocess.Popen(resumed, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if killed < 5:
            time.sleep(draw.uniform(0.1, 1.5))
            process.kill()
            killed += 1
        _, errors = process.communicate()
        assert not errors, errors
    assert kept("p.json", "p.csv") == kept("whole.json", "whole.csv")


def test_a_run_of_which_all_is_done_is_done(folder: Path) -> None:
    train = (*TRAIN[:-1], "6", "--checkpoint", "c.safetensors", "--every", "4", "--save", "p.json", "--log", "p.jsonl")
    succeed(*train)
    first = kept("p.json", "p.jsonl")
    succeed(*train, "--resume")
    assert kept("p.json", "p.jsonl") == first
    lines = [json.loads(line) for line in first[1].splitlines()]
    assert [line["step"] for line in lines] == [1, 2, 3, 4, 5, 6]
    assert set(lines[0]) == {"step", "loss", "rate"}
    assert "it cannot be resumed: steps was 6, and is 7" in run(*train, "--steps", "7", "--resume").stderr


def test_another_split_is_told_as_one(folder: Path) -> None:
    train = (*TRAIN[:-1], "3", "--batch", "1", "--checkpoint", "c.safetensors", "--split", "0.5")
    succeed(*train)
    succeed(*train, "--resume")
    for said, *other in (("split was 0.5, and is None", *train[:-2]), ("seed was 2, and is 7", *train, "--seed", "7")):
        assert f"it cannot be resumed: {said}" in run(*other, "--resume").stderr


def test_what_cannot_be_is_told_before_the_work() -> None:
    for said, options in {
        "--resume needs --checkpoint": ["--resume"],
        "c.json: a checkpoint is a .safetensors": ["--checkpoint", "c.json"],
        "l.txt: a log is a .csv or a .jsonl": ["--log", "l.txt"],
        "--save and --log both write p.csv": ["--save", "p.csv", "--log", "p.csv"],
        "--split and --validation both give validation data": ["--split", "0.5", "--validation", "d.csv"],
        "--patience needs --validation or --split": ["--patience", "3"],
    }.items():
        result = run(*TRAIN, *options)
        assert result.exit_code != 0
        assert said in result.stderr
        assert "step 1 of" not in result.stdout


def test_lbfgs_has_no_checkpoints() -> None:
    result = run(*TRAIN[:6], "--checkpoint", "c.safetensors", "--optimizer", "lbfgs")
    assert result.exit_code == 2
    assert "lbfgs keeps what it learned to itself: it has no checkpoints" in result.stderr


def test_rows_are_held_out_and_patience_ends_training() -> None:
    output = succeed(*TRAIN[:-1], "200", "--split", "0.5", "--batch", "1", "--patience", "1")
    assert "loss (validation)" in output


def test_predictions_are_those_of_the_function(folder: Path) -> None:
    succeed(*TRAIN, "--save", "p.json")
    succeed(
        "predict", "fit.mg", "fit", "--params", "p.json", "--data", "d.csv", "--columns", "x=X0,X1", "-o", "out.csv"
    )
    values = {n: e["values"] for n, e in json.loads(Path("p.json").read_text())["parameters"].items()}
    heading, *rows = Path("out.csv").read_text().splitlines()
    w, (b0, b1) = values["fit.w"], values["fit.b"]
    assert heading == "fit"
    assert [float(row) for row in rows] == pytest.approx(
        [w * a + b0 + b1 * b for a, b in [(1, 2), (3, -1), (0, 0), (0, 1)]]
    )
    Path("x.csv").write_text("x\n1\n2.5\n")
    assert succeed("predict", "fit.mg", "logs", "--data", "x.csv") == "logs\n0.0\n0.9162907318741551\n"
    assert "fit has parameters: --params names the file" in run("predict", "fit.mg", "fit", "--data", "d.csv").stderr
