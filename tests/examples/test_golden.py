"""What the examples compile to, byte for byte, beside this file: `pytest --bless` writes it anew."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source

EXAMPLES = Path(__file__).parents[2] / "examples"
GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(("target", "suffix"), [("python", ".py"), ("c", ".c"), ("c", ".h")])
@pytest.mark.parametrize("example", sorted(path.stem for path in EXAMPLES.glob("*.mg")))
def test_golden(example: str, target: Literal["python", "c"], suffix: str, bless: bool) -> None:
    text = (EXAMPLES / f"{example}.mg").read_text(encoding="utf-8")
    module = compile_source(text, f"{example}.mg", Options(target=target))
    emitted = module.header if suffix == ".h" else module.text
    assert emitted is not None
    path = GOLDEN / f"{example}{suffix}"
    if bless:
        path.parent.mkdir(exist_ok=True)
        path.write_text(emitted, encoding="utf-8")
    assert emitted == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("example", ["attention", "batchnorm", "neuron", "ninja", "softmax"])
def test_golden_lesson(example: str, bless: bool) -> None:
    text = (EXAMPLES / f"{example}.mg").read_text(encoding="utf-8")
    emitted = compile_source(text, f"{example}.mg", Options(style="lesson")).text
    path = GOLDEN / f"{example}.lesson.py"
    if bless:
        path.write_text(emitted, encoding="utf-8")
    assert emitted == path.read_text(encoding="utf-8")
