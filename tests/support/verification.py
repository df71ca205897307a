"""Reports of `verify_text` for the tests: on models, on emitted text, on text with one place changed."""

from __future__ import annotations

from typing import Any

import mgc
from mgc.compiler.verify.findings import FunctionReport, Row
from mgc.compiler.verify.report.report import Report
from mgc.compiler.verify.verify import verify_text
from mgc.runtime import audit

NEURON = "def neuron(x1, x2, w1, w2, b):\n    n = x1*w1 + x2*w2 + b\n    return tanh(n)\n"

TEXT = '''def f({arguments}):
    """f of a.mg, line 1.{shapes}"""
    return {value}


def f_value_and_grad({arguments}):
    """f of a.mg, line 1, and its derivatives.{shapes}

    Returns (value, grads); grads holds those of {by}.
    """
    return {value}, ({slopes},)
'''


def sound(report: Report) -> Report:
    """The report, which no unexpected exception shortened."""
    notes = [note for function in report.functions for note in function.notes]
    assert [note for note in notes if note.startswith("internal error")] == []
    return report


def verified(model: str, **options: Any) -> FunctionReport:
    """The report on the first function of a model."""
    return sound(mgc.loads(model, **options).verify()).functions[0]


def emitted(model: str, **options: Any) -> str:
    return mgc.loads(model, **options).module.text


def edited(model: str, old: str, new: str, **options: Any) -> str:
    """The emitted text with one place changed."""
    text = emitted(model, **options)
    assert text.count(old) == 1
    return text.replace(old, new)


def of_text(text: str, **options: Any) -> FunctionReport:
    """The report on an emitted text that stands alone."""
    namespace = audit.run(text, "<text>").namespace
    return sound(verify_text(text, "edited.py", namespace=namespace, **options)).functions[0]


def row(report: FunctionReport, variable: str) -> Row:
    (found,) = [one for one in report.rows if one.variable == variable]
    return found


def whats(report: FunctionReport) -> str:
    return "; ".join(found.what for found in report.falsehoods)
