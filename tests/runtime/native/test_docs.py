"""The Python session of docs/native.md gives what it shows."""

from __future__ import annotations

import doctest
from pathlib import Path

from support.native_models import needs_c

DOCS = Path(__file__).parents[3] / "docs/native.md"


@needs_c
def test_the_session() -> None:
    text = DOCS.read_text("utf-8").partition("```python\n")[2].partition("```")[0]
    example = doctest.DocTestParser().get_doctest(text, {}, "native.md", "native.md", 0)
    said: list[str] = []
    assert doctest.DocTestRunner().run(example, out=said.append).failed == 0, "".join(said)
