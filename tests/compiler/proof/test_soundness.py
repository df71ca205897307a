"""Wrong code that a weaker check would believe: each text here is false, and none of it may be called proved."""

from __future__ import annotations

import pytest

from mgc.compiler.proof.verify import verify_text

TEXT = '''def f({arguments}):
    """f of a.mg, line 1.{shapes}"""
    return {value}


def f_value_and_grad({arguments}):
    """f of a.mg, line 1, and its derivatives.{shapes}

    Returns (value, grads); grads holds those of {by}.
    """
    return {value}, ({slopes},)
'''
WRONG = {
    "a constant that underflows": ("x", "exp(-(x - 40.0) * (x - 40.0))", "0.0"),
    "a shift far from zero": ("x", "exp(x - 800.0)", "0.0"),
    "a number as a condition": ("x, y", "y if x else 0.0", "0.0, x"),
    "a value on an interval of floor": ("x", "x if floor(x) == 50.0 else 2.0 * x", "2.0"),
    "a slope on an interval of floor": ("x", "x * x", "2.0 * x if floor(x) != 1000.0 else 1.0"),
    "a kink of a square": ("x", "abs(x * x + x - 3.75)", "SLOPE if x * x + x - 3.75 != 0.0 else 1e9"),
    "half of relu's kink": ("x", "0.0 if x <= 0.0 else x", "1.0 if x > 0.0 else 0.5 if x == 0.0 else 0.0"),
    "half of a branch's edge": ("x", "x if x > 1.0 else 3.0 * x - 2.0", "1.0 if x > 1.0 else 2.0 if x == 1.0 else 3.0"),
    "a smaller domain": ("x", "x * x / 2.0", "sqrt(x) * sqrt(x)"),
    "logarithms that cancel": ("x, y", "x * x", "2.0 * x + log(y) - log(y), 0.0"),
}
TESTED = {  # no point of those that are drawn shows it
    "a constant that underflows",
    "a shift far from zero",
    "a value on an interval of floor",
    "a slope on an interval of floor",
}


def text_of(case: str) -> str:
    arguments, value, slopes = WRONG[case]
    slopes = slopes.replace("SLOPE", "(2.0 * x + 1.0) * (1.0 if x * x + x - 3.75 > 0.0 else -1.0)")
    used = [name for name in ("exp", "floor", "sqrt", "log") if f"{name}(" in value + slopes]
    head = f"from math import {', '.join(used)}\n\n\n" if used else ""
    return head + TEXT.format(arguments=arguments, value=value, slopes=slopes, by=arguments, shapes="")


@pytest.mark.parametrize("case", WRONG)
def test_wrong_code_is_never_proved(case: str) -> None:
    report = verify_text(text_of(case))
    assert report.functions[0].verdict in ("false", "tested"), case
    assert case in TESTED or not report.ok


@pytest.mark.parametrize("slope", ["2.0", "k + 1.0"])
def test_integers_are_tried_at_several_values(slope: str) -> None:
    shapes = "\n\n    k: int\n    "
    text = TEXT.format(arguments="x, k", value="x * k", slopes=slope, by="x", shapes=shapes)
    assert not verify_text(text).ok


@pytest.mark.parametrize("line", ["sin = 3.0", "from math import cos as sin", "def f(x):\n    return 0.0"])
def test_a_text_holds_nothing_that_gives_names_another_meaning(line: str) -> None:
    with pytest.raises(ValueError, match="nothing that mgc emits"):
        verify_text(f"{TEXT.format(arguments='x', value='x', slopes='1.0', by='x', shapes='')}\n\n{line}\n")
