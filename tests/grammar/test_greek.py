"""Greek letters in names: spelt in Latin ones in the tree, in messages and in emitted code, kept by the formatter."""

from __future__ import annotations

from pathlib import Path

import pytest

import mgc
from mgc.grammar.formatter import format_source
from mgc.grammar.lexer import latin
from mgc.grammar.parser import parse
from support.command_line import succeed

TEXT = "def f(θ, x[n], λ = 0.1):\n    Δ_1 = θ**2\n    return Δ_1*sum(x)*π + λ\n"


def test_names_are_spelt_in_latin_letters() -> None:
    function = mgc.loads(TEXT, "f.mg").f
    assert str(function) == "<Function f(theta, x[n], lamda=0.1) -> float>"
    assert "Delta_1 = theta * theta" in function.source
    assert function.source.isascii()


def test_either_spelling_is_a_keyword() -> None:
    function = mgc.loads("def f(θ, x): return θ**2*x", "f.mg").f
    assert function(θ=2, x=3) == function(theta=2, x=3) == function.bind(θ=2)(3.0) == 12.0
    with pytest.raises(mgc.DataError, match="argument 'theta' is given twice"):
        function(theta=2, θ=2, x=3)


def test_the_two_spellings_are_one_name() -> None:
    with pytest.raises(mgc.ModelError, match="the argument 'theta' is declared twice"):
        mgc.loads("def f(θ, theta): return θ")
    assert mgc.loads("def f(θ): return theta + θ").f(1) == 2.0


@pytest.mark.parametrize(
    ("name", "spelt"), [("β", "beta"), ("Ω0", "Omega0"), ("ς", "sigma"), ("x_μ", "x_mu"), ("ä", "ä")]
)
def test_letters(name: str, spelt: str) -> None:
    assert latin(name) == spelt


def test_a_word_that_opens_a_statement_is_none_within_a_name() -> None:
    assert mgc.loads("def f(modelθ): return modelθ").f(2) == 2.0


def test_the_formatter_keeps_them() -> None:
    assert format_source("def f( θ,λ ): return θ *λ", "f.mg") == "def f(θ, λ): return θ*λ\n"


@pytest.mark.parametrize("text", ["def f(x): return ä*x", "def f(x): return έ", "def f(x): return x²"])
def test_other_letters_are_refused(text: str) -> None:
    with pytest.raises(mgc.ModelError, match="is not in the language"):
        parse(text, "f.mg")


def test_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "f.mg"
    path.write_text("def f(θ, x): return θ**2*x\n", encoding="utf-8")
    assert succeed("eval", str(path), "f", "θ=2", "x=3") == succeed("eval", str(path), "f", "theta=2", "x=3")
    assert "theta" in succeed("eval", str(path), "f", "θ=2", "x=3", "--wrt", "θ")
