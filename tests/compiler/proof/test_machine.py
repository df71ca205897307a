"""What is run on symbols is what CPython runs: a text that is not followed is not checked, and never told as false."""

from __future__ import annotations

import pytest

import mgc
from mgc.compiler.proof.report import FunctionReport, Report
from mgc.compiler.proof.verify import verify_text
from mgc.runtime import audit


def of_text(text: str) -> Report:
    report = verify_text(text, "edited.py", namespace=audit.run(text, "<text>").namespace)
    assert [note for function in report.functions for note in function.notes if "internal error" in note] == []
    return report


def verified(model: str) -> FunctionReport:
    """The report on the first function of a model as it is emitted."""
    return of_text(mgc.loads(model).module.text).functions[0]


@pytest.mark.parametrize("value", ["copysign(x, y)", "copysign(x, 1.0)", "copysign(x, y)*y", "copysign(x, y)*x"])
def test_the_kink_of_copysign_is_that_of_abs(value: str) -> None:
    report = verified(f"def f(x, y): return {value}")
    assert (report.verdict, report.falsehoods) == ("proved", ())
