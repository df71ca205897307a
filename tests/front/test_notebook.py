"""A notebook: `%%mg` compiles a cell, and models and functions show themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import mgc
from mgc import notebook
from mgc.grammar.diagnostics import DataError


class Shell:
    """What stands in for IPython's shell."""

    def __init__(self) -> None:
        self.user_ns: dict[str, object] = {}
        self.magics: dict[str, Callable[..., Any]] = {}

    def register_magic_function(self, func: Callable[..., object], magic_kind: str, magic_name: str) -> None:
        assert magic_kind == "cell"
        self.magics[magic_name] = func


@pytest.fixture
def shell() -> Shell:
    found = Shell()
    notebook.load_ipython_extension(found)
    return found


def test_a_cell_is_a_model(shell: Shell) -> None:
    made = shell.magics["mg"]("square", "def f(x):\n    return x*x\n")
    assert shell.user_ns == {"square": made}
    assert made.f(3.0) == 9.0
    assert shell.magics["mg"]("", "def f(x): return x") is shell.user_ns["model"]


def test_ipython_finds_what_it_asks_for() -> None:
    assert mgc.load_ipython_extension is notebook.load_ipython_extension


def test_a_mistake_is_told_with_its_line(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.magics["mg"]("m", "def f(x):\n    return y\n") is None
    assert capsys.readouterr().out.startswith("m:2:12: error: unknown name 'y'")
    assert shell.user_ns == {}
    with pytest.raises(DataError, match="one name"):
        shell.magics["mg"]("a b", "")


def test_models_and_functions_show_themselves_without_markup_of_their_own() -> None:
    model = mgc.loads('def f(x):\n    """<b>bold</b>"""\n    return x*x if x < 1 else x\n', "<i>.mg")
    for shown in (model._repr_html_(), model.f._repr_html_()):
        assert "<summary>the derivative</summary>" in shown
        assert "f_value_and_grad(x)" in shown
        assert "<b>bold" not in shown
        assert "<i>.mg" not in shown
    assert "&lt;b&gt;bold" in model._repr_html_()


def test_parameters_are_listed() -> None:
    model = mgc.loads("model m(x[2]):\n    param w[2] = 0\n    return w @ x\n")
    assert "<td>m.w</td><td>[2]</td>" in model._repr_html_()
