"""Colours: both grammars know the words of the language, and nothing in a model is an error to them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import Comment, Error, Keyword, Name, Operator, String

from mgc.grammar import tables
from mgc.grammar.editors.highlighting import CONTROL, DEFINING, LOGIC, OPENING, MgLexer
from mgc.grammar.lexer import SOFT

ROOT = Path(__file__).parents[2]
VSCODE = ROOT / "grammar/editors/vscode"
MODELS = [*sorted(ROOT.glob("examples/*.mg")), *sorted(ROOT.glob("compiler/language/*.mg"))]
RESERVED = {text for text in tables.load().fixed if text.isalpha()}


def test_the_words_are_those_of_the_language() -> None:
    assert {*DEFINING, *OPENING, *CONTROL, *LOGIC} == {*RESERVED, *SOFT}


def test_pygments_finds_the_lexer() -> None:
    assert isinstance(get_lexer_by_name("mg"), MgLexer)
    assert isinstance(get_lexer_for_filename("model.mg"), MgLexer)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.name)
def test_every_model_is_coloured_whole(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = list(MgLexer(stripnl=False).get_tokens(text))
    assert "".join(part for _, part in found) == text
    assert [part for kind, part in found if kind is Error] == []


def test_each_kind_of_word_has_its_colour() -> None:
    text = '# c\ndef f(x[n]: int):\n    """d"""\n    param w = 1\n    return not tanh(w) + linear[4](θ)\n'
    kinds = {part: kind for kind, part in MgLexer().get_tokens(text)}
    assert kinds["# c"] in Comment and kinds['"""d"""'] in String
    assert kinds["def"] is kinds["param"] is Keyword.Declaration
    assert (kinds["return"], kinds["int"], kinds["not"]) == (Keyword, Keyword.Type, Operator.Word)
    assert kinds["f"] is kinds["tanh"] is kinds["linear"] is Name.Function
    assert kinds["θ"] is Name


def test_the_extension_is_whole() -> None:
    package = json.loads((VSCODE / "package.json").read_text())
    [language], [grammar] = package["contributes"]["languages"], package["contributes"]["grammars"]
    assert language["extensions"] == [".mg"]
    assert json.loads((VSCODE / language["configuration"]).read_text())["comments"] == {"lineComment": "#"}
    assert json.loads((VSCODE / grammar["path"]).read_text())["scopeName"] == grammar["scopeName"]


def test_the_editors_grammar_knows_every_word() -> None:
    repository = json.loads((VSCODE / "syntaxes/mg.tmLanguage.json").read_text())["repository"]
    patterns = {name: re.compile(rule.get("match", rule.get("begin"))) for name, rule in repository.items()}
    for word in DEFINING:
        assert patterns["definition"].match(f"{word} name")
    for word in OPENING:
        assert patterns["declaration"].match(f'    {word} "name')
    assert all(patterns["control"].fullmatch(word) for word in CONTROL)
    assert all(patterns["logic"].fullmatch(word) for word in LOGIC)
    for text, kind in (("# c", "comment"), ("1e-4", "number"), (".5", "number"), ("**", "operator"), ("x_1", "name")):
        assert patterns[kind].fullmatch(text)
    assert patterns["call"].match("linear[16](x)")
