"""The three styles: command line and library take them, and docs/styles.md and README.md show what they print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mgc
from mgc.grammar.diagnostics import DataError
from support.command_line import run

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "styles.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
NEURON = ROOT / "examples" / "neuron.mg"
RULE = "dn = dout * (1.0 - out * out)  # d tanh(u)/du = 1 - tanh(u)**2\n"


def test_the_page_shows_what_is_emitted() -> None:
    models = [text for tag, text in BLOCKS if not tag]
    printed = [text for tag, text in BLOCKS if tag]
    neuron = NEURON.read_text(encoding="utf-8")
    assert neuron.endswith(models[0])
    assert printed[0] in mgc.loads(neuron, "neuron.mg").source
    assert printed[1] in mgc.loads(neuron, "neuron.mg", style="lesson").source
    assert printed[2] in mgc.loads(models[1], style="flat").source + "\n"
    assert printed[3] in mgc.load(ROOT / "examples" / "ninja.mg", style="lesson").source


def test_the_readme_shows_a_lesson() -> None:
    shown = next(text for text in re.findall(r"^```python\n(.*?)^```$", README, re.M | re.S) if "# d tanh(u)" in text)
    assert shown in mgc.load(NEURON, style="lesson").source


def test_every_command_takes_a_style(tmp_path: Path) -> None:
    given = ["x1=2", "x2=0", "w1=-3", "w2=1", "b=6.9"]
    assert RULE in run("compile", str(NEURON), "--style", "lesson").output
    assert RULE in run("show", str(NEURON), "--style", "lesson").output
    assert run("verify", str(NEURON), "--style", "lesson").exit_code == 0
    assert run("check", str(NEURON), "neuron", *given, "--style", "lesson").exit_code == 0
    fused, told = (run("eval", str(NEURON), "neuron", *given, *style).output for style in ([], ["--style", "lesson"]))
    assert fused == told


def test_flat_is_written_out_to_sixty_four_turns() -> None:
    model = "def f(x[{}]): return sum(x[i]**2 for i)"
    assert "for " not in _function(mgc.loads(model.format(64), style="flat").source)
    assert "for " in _function(mgc.loads(model.format(65), style="flat").source)
    assert mgc.loads(model.format(8), unroll=8).source == mgc.loads(model.format(8), style="flat").source


def _function(source: str) -> str:
    return source[source.index("def f(") :]


def test_an_unknown_style_is_a_mistake_of_the_command_line() -> None:
    told = run("compile", str(NEURON), "--style", "leson")
    assert told.exit_code == 2
    assert "'fused', 'lesson', 'flat'" in told.output
    with pytest.raises(DataError, match="there is no style 'leson'; styles: fused, lesson, flat"):
        mgc.loads("def f(x): return x", style="leson")  # type: ignore[arg-type]
