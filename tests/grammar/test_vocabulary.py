"""What the hints tell people to write is in the language, and what they are told about is not."""

from __future__ import annotations

import re

import pytest

from mgc.compiler.language import library
from mgc.compiler.language.program import BUILTIN_NAMES
from mgc.compiler.pipeline import compile_source
from mgc.grammar.diagnostics import ModelError
from mgc.grammar.parser import parse
from mgc.grammar.vocabulary import NAMES, SIGNS, STATEMENTS


@pytest.mark.parametrize("name", NAMES)
def test_a_hint_for_a_name_parses(name: str) -> None:
    snippets = [text for text in re.findall("`([^`]+)`", NAMES[name]) if text not in ("param", "def f(x[n])")]
    for text in snippets:
        parse(f"model f(x):\n    {text}\n" if text.startswith("param") else f"def f(x): return {text}\n", "hint.mg")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_other_languages_is_none_of_this(name: str) -> None:
    assert library.lookup(name) is None
    assert name not in BUILTIN_NAMES


FORMS = {  # where people write what other languages have
    "name": ("def f(x[n]): return sum({}(x))", "def f(x): return x*{}"),
    "statement": ("def f(x):\n    {} x\n    return x", "def f(x):\n    {}\n    return x"),
    "sign": ("def f(x, y): return x {} y", "def f(x, y): return {} y", "def f(x, y):\n    x {} y\n    return x"),
}
ROWS = [(kind, *row) for kind, table in zip(FORMS, (NAMES, STATEMENTS, SIGNS), strict=True) for row in table.items()]


@pytest.mark.parametrize(("kind", "written", "hint"), ROWS)
def test_every_hint_is_told(kind: str, written: str, hint: str) -> None:
    said = []
    for form in FORMS[kind]:
        with pytest.raises(ModelError) as caught:
            compile_source(form.format(written), "hint.mg")
        said.append(str(caught.value))
    assert any(hint in message for message in said), said
