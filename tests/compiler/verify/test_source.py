"""With the source at hand CPython's value is held against it, where it raises and where it loses digits, too."""

from __future__ import annotations

from typing import Any

import pytest

import mgc
from mgc.compiler.verify.findings import FunctionReport
from mgc.compiler.verify.verify import verify_text
from mgc.grammar.parser import parse
from mgc.runtime import audit
from support.quick import first_quick, some_quick
from support.verification import emitted, sound

MODEL = "def f(x, y): return exp(x)*sin(y) / (1.0 + x*x)\n"
DETACHED = "def f(x, y): return detach(x*y)*x + y*y\n"
RIGHT = {
    "logarithm": "def f(x): return log(exp(x))\n",
    "overflow": "def f(x, y): return x*1e200*y*1e200 / 1e300\n",
    "cancels": "def f(x): return (x + 1e10) - 1e10 + log(1.0 + x*x)\n",
    "kink": "def f(x, y): return 1.0 if x*y > y*x + 0.3 else floor(x*3.0) + max(x*y, y*x)\n",
    "arm": "def f(x, y): return log(x) if x > 0.1 and 1.0/x < 5.0 else sqrt(-x) if x < 0 else y\n",
    "literal": "def f(x): return x*(0.1 + 0.2 - 0.3) + x/3*3\n",
    "places": "def f(x[n], k: int): return x[k]*argmax(x) + mean(x[i] for i if x[i] > 0.5) + sum(x > 0)\n",
    "whole": "def f(x[n]): return sum(x[i]**i*(i//2) for i) + prod(x) + 2**n\n",
    "prelude": "def f(x[n]): return logsumexp(x) + norm(x) + sum(softmax(x)*x) + softplus(x[0])\n",
    "required": "def f(x):\n    require x > 0.25\n    return sqrt(x - 0.25)\n",
    "detached": DETACHED,
}


def of_changed(model: str, old: str, new: str) -> FunctionReport:
    """The report on the text of a model, changed in each of its functions."""
    text, module = emitted(model), mgc.loads(model).module
    assert old in text
    text = text.replace(old, new).replace("import cos, exp", "import cos, exp, log")
    namespace = audit.run(text, "<text>").namespace
    return sound(verify_text(text, module=module, file=parse(model, "f.mg"), namespace=namespace)).functions[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("exp(x)", "0.0 * log(x + 30.0) + exp(x)", "f raises ValueError: math domain error, and its source has"),
        ("exp(x)", "0.0 / (x - 0.3) + exp(x)", "f raises ZeroDivisionError: float division by zero, and its source"),
        ("exp(x)", "(exp(x) + 1e10 - 1e10)", "the value is not what the source means"),
    ],
)  # fmt: skip
def test_a_value_that_is_right_in_real_numbers_alone_is_false(old: str, new: str, said: str) -> None:
    report = of_changed(MODEL, old, new)
    (told,) = report.falsehoods
    assert report.verdict == "false"
    assert told.function == "f"
    assert told.what.startswith(said)
    assert told.where.startswith("f(")


def test_digits_are_measured_where_something_is_detached() -> None:
    report = of_changed(DETACHED, "2.0 * y", "(2.0 * y + 1e10) - 1e10")
    assert report.verdict == "false"
    assert report.falsehoods[0].what == "the derivative by y is wrong"


@pytest.mark.parametrize("options", first_quick([{}, {"ieee": True}, {"accurate": True}]), ids=str)
@pytest.mark.parametrize("model", some_quick(RIGHT.values(), 2))
def test_what_is_emitted_is_not_false(model: str, options: dict[str, Any]) -> None:
    report = sound(mgc.loads(model, **options).verify()).functions[0]
    assert report.falsehoods == ()
    assert report.verdict != "not checked"
