"""A collection of wrong texts, each shown wrong by CPython: `mgc verify` ends with exit code 1 for all of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mgc.grammar.diagnostics import DataError
from mgc.runtime.verification import verify_file

CASES = Path(__file__).parents[4] / "shared" / "cases" / "wrong_texts.json"


def passes(text: str, path: Path) -> bool:
    """Whether verification ends with exit code 0."""
    path.write_text(text, encoding="utf-8")
    try:
        return verify_file(path).ok
    except DataError:
        return False


@pytest.mark.collection
def test_none_of_them_passes(tmp_path: Path) -> None:
    cases: list[dict[str, Any]] = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    assert len(cases) == 144
    assert [case["name"] for case in cases if passes(case["text"], tmp_path / "text.py")] == []
