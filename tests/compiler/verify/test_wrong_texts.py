"""A collection of wrong texts, each shown wrong by CPython: `mgc verify` ends with exit code 1 for all of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mgc.grammar.diagnostics import DataError
from mgc.runtime.verification import verify_file

# Its `dd1` is 0 whatever the arguments are, as S*exp(-d1**2/2) is K*exp(-r*T)*exp(-d2**2/2): what is made of it is
# right in real numbers, and only digits are lost where no call is made. It is tested.
RIGHT_BUT_FOR_DIGITS = "m_r43_blackscholes_f_299"
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
    passing = [case["name"] for case in cases if passes(case["text"], tmp_path / "text.py")]
    assert passing in ([], [RIGHT_BUT_FOR_DIGITS])
