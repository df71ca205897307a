"""The formatter's laws: twice is once, and tree and comments stay the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from mgc.grammar.formatter import format_source
from mgc.grammar.lexer import scan
from mgc.grammar.parser import parse
from support.trees import same

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted([*ROOT.glob("examples/*.mg"), *ROOT.glob("compiler/*.mg")])

UGLY = Path(__file__).with_name("ugly.mg").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [UGLY, *(path.read_text(encoding="utf-8") for path in PROGRAMS)])
def test_laws(text: str) -> None:
    formatted = format_source(text, "f.mg")
    assert format_source(formatted, "f.mg") == formatted
    assert same(parse(text, "f.mg"), parse(formatted, "f.mg"))
    assert _comments(text) == _comments(formatted)
    assert formatted == formatted.rstrip("\n") + "\n"
    assert all(line == line.rstrip() for line in formatted.split("\n"))


@pytest.mark.parametrize("seed", range(30))
def test_laws_hold_however_the_spaces_fall(seed: int) -> None:
    source = random.Random(seed)
    text = "".join(_respaced(line, source) for line in format_source(UGLY, "f.mg").split("\n"))
    test_laws(text)


def test_what_comes_out(bless: bool) -> None:
    expected = Path(__file__).with_name("ugly.formatted.mg")
    if bless:
        expected.write_text(format_source(UGLY, "f.mg"), encoding="utf-8")
    assert format_source(UGLY, "f.mg") == expected.read_text(encoding="utf-8")


AWKWARD = {
    "backslash at the end": "def f(x):\n    return x\\\n",
    "tab in a docstring": 'def f(x):\n    """a\tb\n\tc\td\n\t"""\n    return x\n',
    "comma on its own line": "def f(x): return [\n  x\n,]\n",
    "comments in brackets": "def f(x): return ( # a\n# b\n  x # c\n) # d\n",
}


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD.keys())
def test_laws_hold_for_awkward_programs(text: str) -> None:
    test_laws(text)


def test_nothing_stays_nothing() -> None:
    assert format_source("", "f.mg") == ""
    assert format_source("\n\n  # a\n\n\n", "f.mg") == "# a\n"


def _comments(text: str) -> list[str]:
    return [token.text.rstrip() for token in scan(text + "\n") if token.kind == "COMMENT"]


def _respaced(line: str, source: random.Random) -> str:
    """The line with other spaces between its words, and blank lines and comments before it."""
    if '"' in line or line.startswith(("        two", "    three")):
        return f"{line}\n"
    indent = line[: len(line) - len(line.lstrip())]
    words = [word + " " * source.choice((1, 1, 2, 5)) for word in line.split()]
    before = source.choice(("", "", "", "\n", "\n\n\n", f"{indent}# new\n", "# far left\n"))
    return f"{before}{indent}{''.join(words)}\n"
