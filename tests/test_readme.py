"""The code in README.md is what mgc has and what it prints."""

from __future__ import annotations

import doctest
import math
import re
from pathlib import Path

import pytest

import mgc
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.runtime.check import check

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for tag, text in BLOCKS if tag == language]


@pytest.mark.parametrize("example", ["neuron", "moons"])
def test_the_models_are_the_examples(example: str) -> None:
    text = (ROOT / "examples" / f"{example}.mg").read_text(encoding="utf-8")
    declarations = text.split("\n\n", 1)[1]
    assert any(block.strip() == declarations.strip() for block in blocks(""))


def test_the_emitted_code_is_what_mgc_emits() -> None:
    text = (ROOT / "examples" / "neuron.mg").read_text(encoding="utf-8")
    emitted = compile_source(text, "neuron.mg", Options()).text
    assert blocks("python")[0] == emitted


def test_the_operation_is_differentiated_as_declared() -> None:
    operation = next(block for block in blocks("") if block.startswith("op "))
    model = mgc.loads(operation + "\ndef f(x):\n    return swish(x)\n")
    assert model.f(0.5) == pytest.approx(0.5 / (1 + math.exp(-0.5)))
    assert check(model.f, (0.5,)).passed


def test_the_session_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python session of the README gives what it shows."""
    monkeypatch.chdir(ROOT)
    session = next(block for block in blocks("python") if block.startswith(">>>"))
    example = doctest.DocTestParser().get_doctest(session, {}, "README.md", "README.md", 0)
    runner = doctest.DocTestRunner()
    runner.run(example)
    assert runner.failures == 0
