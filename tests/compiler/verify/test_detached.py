"""A function that says `detach`: its derivatives are held against its source with what is detached held constant."""

from __future__ import annotations

import pytest

import mgc
from mgc.compiler.verify.findings import FunctionReport
from mgc.compiler.verify.verify import verify_text
from mgc.grammar.parser import parse
from mgc.runtime import audit
from support.verification import sound, verified

RIGHT = {
    "a factor": "def f(x): return sin(detach(x))*x",
    "the mean": "def f(x[n]):\n    s = mean(x)\n    return sum((x[i] - detach(s))**2 for i)",
    "a shift": "def f(x[n]):\n    m = detach(max(x))\n    return log(sum(exp(x[i] - m) for i)) + m",
    "inside another": "def f(x[n]): return [detach(detach(x[i])*x[i])*x[i]**2 for i]",
    "everything": "def f(x, y): return detach(x*y)",
    "an arm": "def f(x, y): return max(x, detach(y)) + relu(x - detach(y))",
    "a condition": "def f(x, y): return (x if detach(y) > 0 else y)**2*x",
    "an element": "def f(x[n], k[n]: int): return sum(x[i]*detach(x[k[i]]) for i)",
    "a parameter": "param w[2] = zeros()\n\ndef f(x[2]): return sum(w[i]*x[i]*detach(w[i]) for i)",
    "a definition": "def stop(v): return detach(v)*v\n\ndef f(x): return stop(x*x) + stop(sin(x))",
}


@pytest.mark.parametrize("model", RIGHT.values(), ids=RIGHT)
def test_what_is_right_is_proved(model: str) -> None:
    for options in ({}, {"ieee": True}, {"style": "lesson"}):
        report = sound(mgc.loads(model, **options).verify()).functions[-1]
        assert report.verdict == "proved", (options, report.notes, report.falsehoods)


def of_changed(model: str, old: str, new: str) -> FunctionReport:
    """The report on what is emitted of a model, with one place changed."""
    module = mgc.loads(model).module
    assert module.text.count(old) == 1
    text = module.text.replace(old, new)
    namespace = audit.run(text, "changed.py").namespace
    report = verify_text(text, "changed.py", module=module, file=parse(model, "f.mg"), namespace=namespace)
    return sound(report).functions[0]


@pytest.mark.parametrize("wrong", ["x_sin + x*0.001", "-x_sin", "1.0", "x_sin if x < 1e6 else 0.0"])
def test_what_is_wrong_is_false(wrong: str) -> None:
    report = of_changed(RIGHT["a factor"], "(x_sin,)", f"({wrong},)")
    assert report.verdict == "false"
    assert "what is detached held constant" in report.falsehoods[0].what


def test_a_derivative_that_flows_through_is_false() -> None:
    report = of_changed("def f(x): return detach(x)*x", "(x,)", "(2.0 * x,)")
    (told,) = report.falsehoods
    assert report.verdict == "false"
    assert float(told.found) == pytest.approx(2 * float(told.wanted))


def test_a_value_that_is_wrong_beside_right_derivatives_is_false() -> None:
    report = of_changed(RIGHT["a factor"], "return out, (", "return out + 1e-9, (")
    assert report.verdict == "false"


def test_no_row_has_the_difference_of_what_is_held() -> None:
    (row,) = verified(RIGHT["a factor"]).rows
    assert (row.variable, row.difference, row.emitted == row.symbolic) == ("x", None, True)
