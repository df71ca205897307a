"""The site: what its pages show is what happens, and it is built without a warning."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from support.page import blocks, follow

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
@pytest.mark.parametrize("page", ["index", "tutorial", "cookbook", "language", "house"])
def test_what_a_page_shows_is_what_happens(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("scipy")
    monkeypatch.chdir(tmp_path)
    assert follow((ROOT / f"docs/{page}.md").read_text(encoding="utf-8"), tmp_path) > 0


def test_the_first_page_shows_the_backward_pass_of_its_model() -> None:
    model, _, shown, *_ = blocks((ROOT / "docs/index.md").read_text(encoding="utf-8"))
    assert compile_source(model.text, model.title, Options(style="lesson")).text.endswith(shown.text)


@pytest.mark.slow
@pytest.mark.skipif(find_spec("mkdocs") is None, reason="the site is built with mgc[docs]")
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path))
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "index.html").exists()
