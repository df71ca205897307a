"""Each test of the command line works in a folder of its own that holds a model and data."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.fit_model import CSV, MODEL


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("fit.mg").write_text(MODEL)
    Path("d.csv").write_text(CSV)
    return tmp_path
