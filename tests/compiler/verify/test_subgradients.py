"""At a kink any subgradient is right, and the report says where it is not mgc's convention."""

from __future__ import annotations

import pytest

from support.quick import slow
from support.verification import edited, of_text

RELU = "def f(x, y): return relu(x)*y"
MAX = "def f(x, y): return max(x, y)"
SHARES = (
    "    slope = 0.5 if x == y else 0.0\n    dx = 1.0 if x > y else slope\n    dy = 1.0 if y > x else slope",
    "    dx = 1.0 if x > y else {0} if x == y else 0.0\n    dy = 1.0 if y > x else {1} if x == y else 0.0",
)
ABS = "def f(x): return abs(x)"
SAID = "a valid subgradient; mgc's convention is"


@pytest.mark.parametrize(
    ("model", "old", "new"),
    [
        (RELU, "y if x_relu > 0.0 else 0.0", "y if x >= 0.0 else 0.0"),
        (RELU, "y if x_relu > 0.0 else 0.0", "0.0 if x < 0.0 else y"),
        (MAX, SHARES[0], SHARES[1].format(0.25, 0.75)),
        (MAX, SHARES[0], SHARES[1].format(1.0, 0.0)),
        (ABS, "dx = sign(x)", "dx = 1.0 if x >= 0.0 else -1.0"),
    ],
)
def test_another_subgradient_is_right_and_said(model: str, old: str, new: str) -> None:
    report = of_text(edited(model, old, new))
    assert report.verdict == "proved"
    assert any(SAID in note for note in report.notes)


@pytest.mark.parametrize(
    ("model", "old", "new"),
    [
        (RELU, "y if x_relu > 0.0 else 0.0", "y if x > 0.0 else 2.0*y if x == 0.0 else 0.0"),
        (MAX, SHARES[0], SHARES[1].format(1.0, 1.0)),
        (MAX, SHARES[0], SHARES[1].format(0.25, 0.25)),
        (ABS, "dx = sign(x)", "dx = 1.0 if x > 0.0 else 3.0 if x == 0.0 else -1.0"),
        ("def f(x[n]): return max(x)", "dx[i] = 1.0 / ties", "dx[i] = 1.0"),
        slow("def f(x[n]): return max(x)", "1.0 / ties", "1.0 / (ties + max(0.0, ties - 5.5))"),
    ],
)
def test_what_lies_between_no_slopes_is_false(model: str, old: str, new: str) -> None:
    assert of_text(edited(model, old, new)).verdict == "false"


def test_a_jump_has_no_subgradient() -> None:
    model = "def f(x): return x if x >= 0 else 2*x + 1"
    assert of_text(edited(model, "dx = 1.0 if x >= 0.0 else 2.0", "dx = 1.0 if x > 0.0 else 2.0")).verdict == "false"


def test_the_convention_is_no_news() -> None:
    report = of_text(edited(RELU, "dx = y if x_relu > 0.0 else 0.0", "dx = y if x > 0.0 else 0.0"))
    assert report.verdict == "proved"
    assert not any(SAID in note for note in report.notes)
