"""The site: what its pages show is what happens, and it is built without a warning, to be read without a network."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from support.page import blocks, follow
from support.quick import slow_if

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("page", ["language", "house", *slow_if(lambda _: True, ["index", "tutorial", "cookbook"])])
def test_what_a_page_shows_is_what_happens(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    pages = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.html")]
    assert len(pages) > 15
    assert [tag for page in pages for tag in re.findall(r'<(?:script|link|img)\b[^>]*"https?:[^>]*>', page)] == []
