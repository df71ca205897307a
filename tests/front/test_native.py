"""`--target native`, `mgc cache` and `mgc compile --target native`, as commands."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def test_what_is_not_finite_is_told_where_python_tells_it(folder: Path, tmp_path: Path) -> None:
    model = tmp_path / "m.mg"
    model.write_text("model m(x):\n    param a = 0\n    return log(a*x)\n\ndef loss(x[n]): return sum(m(x[i]) for i)\n")
    (tmp_path / "x.csv").write_text("x\n1\n2\n")
    result = run("train", str(model), "--loss", "loss", "--data", str(tmp_path / "x.csv"))
    assert result.exit_code == 1
    assert "m.mg:5:17: error: outside the domain in `log(" in result.output


def test_cache_lists_and_clears(folder: Path) -> None:
    succeed("eval", str(EXAMPLES / "neuron.mg"), *POINT, "--target", "native")
    listed = succeed("cache").splitlines()
    assert [line.split()[0][:7] for line in listed[1:-1]] == ["caller-", "neuron-"]
    assert listed[-1] == f"2 files in {folder}"
    assert succeed("cache", "--clear") == f"removed 2 files from {folder}\n"
    assert succeed("cache") == f"0 files in {folder}\n"
