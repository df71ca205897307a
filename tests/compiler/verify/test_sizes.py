"""Sizes and whole numbers that a text asks for are run, and what none of them comes to is not proved."""

from __future__ import annotations

import pytest

from mgc.compiler.verify.verify import verify_text
from support.verification import TEXT

SIZED = '''def check_shape(name, array, *sizes):
    """Raise ValueError unless the nested list has these sizes."""
    if len(array) != sizes[0]:
        raise ValueError(f"{{name}} has {{len(array)}} entries where {{sizes[0]}} are needed")
    if len(sizes) > 1:
        for row in array:
            check_shape(f"a row of {{name}}", row, *sizes[1:])


def f(x):
    """f of a.mg, line 1.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    out = 0.0
    for i in range(n):
        out += 3.0 * x[i]
    return out


def f_value_and_grad(x):
    """f of a.mg, line 1, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds those of x.
    """
    n = len(x)
    check_shape("x", x, n)
    out = 0.0
    for i in range(n):
        out += 3.0 * x[i]
    dx = [3.0] * n
    {condition}
        dx[k] = {value}
    return out, (dx,)
'''
SIZES = {
    "for k in range(n // 7):": "5.0",
    "for k in range(9, n):": "5.0",
    "for k in range(n - 11):": "5.0",
    "for k in range(n // 5 // 3):": "5.0",
    "for k in range(0, n):": "[3.0, 5.0, 5.0][k // 2 // 2 // 2 // 2]",
    "for k in range(n if n else 0):": "3.0 if k <= 6 else 5.0",
    "for k in range(n):": "5.0 if k == 8 else dx[k]",
    "for k in range(1, n if n != 8 else 1):": "3.0 if n < 20 else 1.0",
}


@pytest.mark.parametrize("condition", SIZES)
def test_sizes_that_the_text_asks_for_are_run(condition: str) -> None:
    assert not verify_text(SIZED.format(condition=condition, value=SIZES[condition])).ok


def test_an_index_on_an_axis_that_a_free_size_outgrows() -> None:
    """It is right at each size that is proved, and outside of the 10 entries from n = 11 on."""
    text = SIZED.format(condition="for k in range(n):", value="[3.0 for _ in range(10)][k]")
    namespace: dict[str, object] = {}
    exec(text, namespace)
    (report,) = verify_text(text, namespace=namespace).functions
    assert "raises IndexError: list index out of range" in report.falsehoods[0].what


def test_a_slope_that_is_right_at_the_sizes_that_are_run() -> None:
    text = SIZED.format(condition="for k in range(min(n, 1)):", value="3.0 + n * (n - 1) * (n - 3) * (n - 4)")
    namespace: dict[str, object] = {}
    exec(text, namespace)
    (report,) = verify_text(text, namespace=namespace).functions
    assert report.falsehoods[0].what == "the derivative by x[0] is wrong"


@pytest.mark.parametrize("slope", ["2.0", "k + 1.0"])
def test_integers_are_tried_at_several_values(slope: str) -> None:
    shapes = "\n\n    k: int\n    "
    text = TEXT.format(arguments="x, k", value="x * k", slopes=slope, by="x", shapes=shapes)
    assert not verify_text(text).ok


INTEGERS = {
    "a bound": ("k: int", "x * k", "k if k < 4 else 7.0"),
    "one value": ("k: int", "x * k", "k if k != 9 else 7.0"),
    "a negative one": ("k: int", "x * k", "k if k > -1 else 7.0"),
    "a sign": ("k: int", "x * k", "k if k >= 0 else 7.0"),
    "a negative one by its square": ("k: int", "x * k", "k if k > 0 or k * k < 7 else 7.0"),
    "a remainder": ("k: int", "x * k", "k if k // 6 < 1 else 7.0"),
    "an array's": ("k: [2] of int", "x * k[0] * k[1]", "k[0] * k[1] if k[0] < 4 else 7.0"),
}


@pytest.mark.parametrize("case", INTEGERS)
def test_integers_that_the_text_asks_for_are_run(case: str) -> None:
    shape, value, slope = INTEGERS[case]
    text = TEXT.format(arguments="x, k", value=value, slopes=slope, by="x", shapes=f"\n\n    {shape}\n    ")
    assert not verify_text(text).ok
    assert verify_text(text.replace("7.0", value.removeprefix("x * "))).functions[0].verdict == "proved"


@pytest.mark.parametrize("slope", ["abs(k)", "k % 4", "k + k * (k - 1) * (k - 2)"])
def test_integers_that_are_less_than_zero_or_more_than_two(slope: str) -> None:
    text = TEXT.format(arguments="x, k", value="x * k", slopes=slope, by="x", shapes="\n\n    k: int\n    ")
    assert not verify_text(text).ok


@pytest.mark.parametrize("condition", ["k * k == 81", "k * k - 2 * k == 63"])
def test_an_arm_that_no_integer_takes_is_not_proved(condition: str) -> None:
    slope = f"7.0 if {condition} else k"
    text = TEXT.format(arguments="x, k", value="x * k", slopes=slope, by="x", shapes="\n\n    k: int\n    ")
    (function,) = verify_text(text).functions
    assert function.verdict == "tested"
    assert any(f"`{condition}` is true" in note for note in function.notes)


@pytest.mark.parametrize(
    "condition", ["if n * n == 6241:", "for t in range((n - 3) * (n - 4) * (n - 1) * n * (4 - n)):"]
)
def test_an_arm_that_no_size_takes_is_not_proved(condition: str) -> None:
    (function,) = verify_text(SIZED.format(condition=f"k = 0\n    {condition}", value="7.0")).functions
    assert function.verdict == "tested"


@pytest.mark.parametrize(
    ("place", "note"),
    [
        ("k // s", "`k` reaches s"),
        ("k % s - k", "`k` reaches s"),
        ("min(k, s) - k", "`min(k, s)` is not k"),
        ("1 if k < 0 or n + n == s else 0", "`n + n == s` is true"),
        ("0 if -1 < k < s else 1", "`k < s` is false"),
    ],
)
def test_what_no_size_comes_to_is_not_proved(place: str, note: str) -> None:
    text = SIZED.format(condition="s = 90\n    for k in range(n):", value=f"[3.0, 7.0][{place}]")
    (function,) = verify_text(text).functions
    assert function.verdict == "tested"
    assert any(note in one for one in function.notes)


def test_the_report_says_for_which_integers_of_an_array() -> None:
    shapes = "\n\n    k: [2] of int\n    "
    text = TEXT.format(arguments="x, k", value="x * k[0]", slopes="float(k[0])", by="x", shapes=shapes)
    assert verify_text(text).functions[0].sizes == (
        "k = [2, 0]", "k = [1, 0]", "k = [0, 0]", "k = [-1, 3]", "k = [3, -1]", "k = [1, 1]",
        "k = [2, 2]",
    )  # fmt: skip
