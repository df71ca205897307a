"""What is false is told however small the numbers of a model are, and what cancels is no falsehood."""

from __future__ import annotations

import pytest

import mgc
from mgc.compiler.verify.verify import verify_text
from mgc.runtime import audit


def verdict(model: str, wrong: str = "") -> str:
    """That of a model; `wrong`: what its dx is in the end."""
    text = mgc.loads(model).source
    if wrong:
        text = text.replace("    return out, (dx, ", f"    dx = {wrong}\n    return out, (dx, ")
        assert wrong in text
    return verify_text(text, "edited.py", namespace=audit.run(text, "<text>").namespace).functions[0].verdict


@pytest.mark.parametrize("scale", ["1.0", "1e-9", "1e-20", "1e-40", "1e-100"])
@pytest.mark.parametrize("wrong", ["dx if x != 0.0 else 0.0", "-3.0 * dx"])
def test_a_small_slope_can_be_wrong(scale: str, wrong: str) -> None:
    model = f"def f(x, y): return {scale}*(x*y + x*x)"
    assert verdict(model) == "proved"
    assert verdict(model, wrong) == "false"


@pytest.mark.parametrize("scale", ["1.0", "1e-9", "1e-40"])
@pytest.mark.parametrize(
    "expression",
    [
        "sqrt(sin(x)**2 + cos(x)**2)*y",
        "(exp(x) - exp(x + y)/exp(y))*y",
        "log(exp(x)*exp(y)) - x - y",
        "x*abs(x)*y",
        "sigmoid(300*x)*y",
    ],
)
def test_what_cancels_is_no_falsehood(scale: str, expression: str) -> None:
    assert verdict(f"def f(x, y): return {scale}*({expression})") != "false"


@pytest.mark.parametrize("value", ["1e40*(log(exp(x)*exp(y)) - x - y)", "1e40*sqrt(sin(x)**2 + cos(x)**2)*y"])
def test_large_terms_that_cancel_are_no_mistake(value: str) -> None:
    (function,) = mgc.loads(f"def f(x, y):\n    return {value}\n").verify().functions
    assert function.verdict == "proved"
