"""What the hints tell people to write is in the language, and what they are told about is not."""

from __future__ import annotations

import re

import pytest

from mgc.compiler.language import library
from mgc.compiler.language.program import BUILTIN_NAMES
from mgc.grammar.parser import parse
from mgc.grammar.vocabulary import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_hint_for_a_name_parses(name: str) -> None:
    snippets = [text for text in re.findall("`([^`]+)`", NAMES[name]) if text not in ("param", "def f(x[n])")]
    for text in snippets:
        parse(f"model f(x):\n    {text}\n" if text.startswith("param") else f"def f(x): return {text}\n", "hint.mg")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_other_languages_is_none_of_this(name: str) -> None:
    assert library.lookup(name) is None
    assert name not in BUILTIN_NAMES
