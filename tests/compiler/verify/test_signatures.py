"""What the functions of a text say of themselves: titles, arguments, their order and their shapes."""

from __future__ import annotations

import pytest

from mgc.compiler.verify.verify import verify_text
from support.verification import of_text, whats

TEXT = '''def f(x, y{default}):
    """f of a.mg, line 1.

    {plain}
    """
    n = len(x)
    return x[0] * y


def f_{kind}({arguments}):
    """f of a.mg, line 1, and its derivatives.

    {again}

    Returns (value, grads); grads holds those of x, y.
    """
    n = len(x)
    dx = [0.0] * n
    dx[0] = {dout} * y
    return x[0] * y, (dx, {dout} * x[0])
'''
PLAIN = {
    "kind": "value_and_grad",
    "arguments": "x, y",
    "plain": "x: [n] of float",
    "again": "",
    "default": "",
    "dout": "1.0",
}
VJP = {**PLAIN, "kind": "vjp", "dout": "dout"}


def said(**changed: str) -> str:
    return whats(of_text(TEXT.format(**{**PLAIN, **changed})))


@pytest.mark.parametrize("again", ["", "x: [n] of float"])
def test_a_derivative_may_repeat_what_its_arguments_are(again: str) -> None:
    assert said(again=again) == ""


@pytest.mark.parametrize("again", ["x: [m] of float", "x: [3] of float", "y: int"])
def test_a_derivative_that_says_otherwise_what_its_arguments_are(again: str) -> None:
    name = again[0]
    assert f"the docstrings of f_value_and_grad and f differ in what {name} is" in said(again=again)


@pytest.mark.parametrize(
    ("arguments", "default", "is_right"),
    [
        ("x, y, dout", "", True),
        ("dout, x, y", "", False),
        ("x, dout, y=2.0", "=2.0", True),
        ("dout, x, y=2.0", "=2.0", False),
    ],
)
def test_adjoints_come_after_the_arguments(arguments: str, default: str, is_right: bool) -> None:
    assert ("takes" in said(**{**VJP, "arguments": arguments, "default": default})) is not is_right


def test_two_derivatives_of_one_title_are_refused() -> None:
    text = TEXT.format(**PLAIN)
    decoy = text.replace("def f_value_and_grad(", "def f_value_and_grad_2(")
    with pytest.raises(ValueError, match=r"f_value_and_grad and f_value_and_grad_2 have the docstring of one function"):
        verify_text(decoy + text[text.index("def f_value_and_grad(") :])


def test_a_derivative_by_a_whole_number() -> None:
    text = TEXT.format(**{**PLAIN, "plain": "x: [n] of float\n    y: int"})
    assert "it returns a derivative by y, which is a whole number" in whats(of_text(text))


def test_an_index_is_the_larger_of_two_numbers() -> None:
    assert said() == whats(of_text(TEXT.format(**PLAIN).replace("x[0]", "x[max(n - 4, 0)]"))) == ""


def test_a_loop_goes_backwards() -> None:
    turns = "    for k in reversed(range(n)):\n        dx[k] = dx[k] + 0.0\n    return"
    assert of_text(TEXT.format(**PLAIN).replace("    return x[0] * y, (", f"{turns} x[0] * y, (")).verdict == "proved"
