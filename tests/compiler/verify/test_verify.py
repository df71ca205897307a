"""verify_text: what is right is proved, what is false is told, and no number that is wrong or NaN passes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import mgc
from mgc.compiler.verify import verify
from mgc.compiler.verify.findings import UNREACHED, Row
from mgc.compiler.verify.numbers import numbers
from mgc.compiler.verify.verify import verify_text
from mgc.grammar.parser import parse
from mgc.runtime import audit
from support.quick import first_quick, in_turn, slow_if
from support.verification import NEURON, edited, emitted, of_text, sound, verified, whats

EXAMPLES = Path(__file__).parents[3] / "examples"
LARGE = ("digits", "gmm", "moons", "ninja")


# --- what is right


@pytest.mark.parametrize(
    "name", first_quick(["neuron", "rosenbrock", "softmax", "moons", "gmm", "batchnorm", "attention"], 4)
)
def test_examples_are_proved(name: str) -> None:
    report = sound(mgc.load(EXAMPLES / f"{name}.mg").verify())
    assert [(function.name, function.verdict) for function in report.functions if function.verdict != "proved"] == []
    assert report.ok


MODELS = {
    "integers": "def f(x[n], k: int, c[m]: int): return sum(x[c[i]]*i for i in range(m)) + x[k]**2",
    "branches": "def f(x, y): return log(x) if x > 1 else (x*y if y < 0 else x - 1)",
    "loops": "def f(x[n]): return sum(x[i]*x[j] for i in range(n) for j in range(i))",
    "results": "def f(x[n], y):\n    return x*y, sum(x**2)",
    "array": "def f(W[m, n], x[n]): return tanh(W @ x)",
    "parameters": "param a[3] = 1\ndef f(x[3]): return sum(sigmoid(a*x))",
    "maximum": "def f(x[n]): return max(x)*x[0]",
    "stable": "def f(x[n]): return logsumexp(x)",
    "one less": "def f(x[n], y[n - 1]): return [x[i + 1]*y[i] for i in range(n - 1)]",
    "triangle": "def f(x[n]): return sum((x[i + 1] - x[i])**2 for i in range(n - 1))",
}


OPTIONS: dict[str, dict[str, Any]] = {
    "ieee": {"ieee": True}, "unroll": {"unroll": 8}, "accurate": {"accurate": True},
    "lesson": {"style": "lesson"},
}  # fmt: skip
ONLY_TESTED = {("stable", "ieee"), ("array", "accurate")}


@pytest.mark.parametrize("name", MODELS)
def test_every_kind_of_text_is_proved(name: str) -> None:
    report = verified(MODELS[name])
    assert (report.falsehoods, report.verdict) == ((), "proved")


@pytest.mark.parametrize(("name", "option"), in_turn({name: name for name in MODELS}, {name: name for name in OPTIONS}))
def test_options_change_nothing_of_what_is_proved(name: str, option: str) -> None:
    report = verified(MODELS[name], **OPTIONS[option])
    assert report.falsehoods == ()
    assert report.verdict == "proved" or (name, option) in ONLY_TESTED


@pytest.mark.parametrize("name", MODELS)
def test_a_text_alone_needs_no_model(name: str) -> None:
    report = of_text(emitted(MODELS[name]))
    assert (report.verdict, report.faithful) == ("proved", "not checked")


def test_the_sizes_are_distinct_then_one_then_each_zero() -> None:
    report = verified("def f(X[n, d], y[n]): return sum((y[i] - sum(X[i]))**2 for i)")
    assert report.sizes == (
        *("n = 3, d = 2", "n = 4, d = 6", "n = 1, d = 1"),
        *("n = 3, d = 0", "n = 0, d = 0"),  # of no rows none knows how long they are
    )


def test_sizes_that_a_function_does_not_take_are_told() -> None:
    report = verified("def f(x[n]): return sum(x)/n")
    assert report.sizes == ("n = 3", "n = 4", "n = 1")
    assert report.notes == ("not defined at n = 0 (division by zero)",)


def test_larger_sizes_where_no_others_fit() -> None:
    assert verified("def f(x[n]): return x[3]**2").sizes == ("n = 4",)


# --- what is false


def test_a_sign_is_told_with_its_line() -> None:
    text = edited(NEURON, "dn = 1.0 - out * out", "dn = 1.0 + out * out")
    (found,) = of_text(text).falsehoods
    assert found.statement == "dn = 1.0 + out * out"
    assert text.splitlines()[(found.line or 0) - 1].strip() == found.statement
    assert found.where
    assert found.found != found.wanted


def test_a_forward_half_of_its_own_is_told() -> None:
    report = of_text(edited("def f(x): return x*x", "out = x * x", "out = x * x + 1.0"))
    assert report.consistent == report.verdict == "false"
    assert "is not that of f" in whats(report)


def test_a_value_that_the_source_does_not_mean_is_told() -> None:
    model = mgc.loads("def f(x): return x*x")
    file = parse("def f(x): return x*x*x", "f.mg")
    (report,) = sound(verify_text(model.module.text, module=model.module, file=file)).functions
    assert report.faithful == report.verdict == "false"
    assert "is not what the source means" in whats(report)


def test_a_derivative_that_is_missing_is_told() -> None:
    text = edited("def f(x, y): return x*y", "return out, (y, x)", "return out, (y,)")
    assert "1 derivatives where 2 are promised" in whats(of_text(text))
    text = edited("param a = 1\nparam b = 2\ndef f(x): return a*b*x", '"b": db', '"c": db')
    assert of_text(text).verdict == "false"


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [("return out, (dx,)", "return missing, (dx,)", "NameError"), ("return out, (dx,)", "return out", "derivatives")],
)
def test_a_text_that_cpython_does_not_run_is_false(old: str, new: str, error: str) -> None:
    report = of_text(edited("def f(x): return x*x", old, new))
    assert report.verdict == "false"
    assert error in whats(report)


@pytest.mark.parametrize("broken", ["missing", "x.append(3)", "len(x)", "x[0]"])
def test_a_function_that_cpython_does_not_run_is_false(broken: str) -> None:
    text = emitted("def f(x): return x*x").replace("return x * x", f"return {broken}").replace("x * x", broken)
    namespace: dict[str, Any] = {}
    exec(compile(text, "edited.py", "exec"), namespace)
    (report,) = sound(verify_text(text, namespace=namespace)).functions
    assert report.verdict == "false"
    assert any("f raises" in found.what and found.line == 9 for found in report.falsehoods)


def test_every_sign_of_a_small_text_matters() -> None:
    text = emitted("def f(x, y): return x*y - exp(x) - y/(1 + x*x)")
    lines = text.splitlines()
    changed = [place for place, line in enumerate(lines) if "-" in line.split("#")[0]]
    assert len(changed) > 3
    for place in changed:
        other = [*lines[:place], lines[place].replace("-", "+", 1), *lines[place + 1 :]]
        assert of_text("\n".join(other)).verdict == "false"


# --- helpers


def test_helpers_are_proved_where_algebra_can() -> None:
    report = sound(mgc.loads("def f(x, y): return max(x, y) + sigmoid(x) + xlogy(y, x)").verify())
    assert {helper.variable: helper.status for helper in report.helpers} == dict.fromkeys(
        ("max", "sigmoid", "xlogy"), "proved"
    )
    assert report.functions[0].notes == ()


def test_a_function_says_what_it_takes_on_trust() -> None:
    report = sound(mgc.loads("def f(x): return lgamma(x)\n\ndef g(x): return x*x").verify())
    assert {helper.status for helper in report.helpers} == {"tested"}
    (first, second) = report.functions
    assert any(note.startswith("given digamma") and note.endswith("which are tested") for note in first.notes)
    assert second.notes == ()


def test_a_wrong_helper_is_told_at_its_statement() -> None:
    text = edited("def f(x): return sigmoid(x)*x", "exp(-x)) if x", "exp(-x) + 1e-6) if x")
    report = verify_text(text, namespace=audit.run(text, "<text>").namespace)
    (found,) = report.falsehoods
    assert found.what.endswith(": this is not the function sigmoid")
    assert "1e-6" in text.splitlines()[(found.line or 0) - 1]
    assert found.statement == "return 1.0 / (1.0 + exp(-x) + 1e-06) if x >= 0.0 else x_exp / (1.0 + x_exp)"
    assert found.expected == "return 1.0 / (1.0 + exp(-x)) if x >= 0.0 else x_exp / (1.0 + x_exp)"
    assert not report.ok and report.helpers == ()
    assert "not as mgc writes it, and run as it is written: sigmoid" in report.functions[0].notes


def test_no_helper_is_accused_of_what_is_wrong_elsewhere() -> None:
    text = edited("def f(x, y): return clip(x, y, y + 1)*x", "min(max(x, low), high)", "min(high, max(low, x))")
    text = text.replace("dx = ", "dx = 2.0 * ")
    (found,) = verify_text(text, namespace=audit.run(text, "<text>").namespace).falsehoods
    assert "clip" not in found.what


def test_functions_that_nobody_looks_at_are_named() -> None:
    text = emitted("def f(x): return sigmoid(x)\n\ndef g(x): return x*x")
    assert verify_text(text).notes == ()
    assert verify_text(text, functions=["f"]).notes == ()
    (note, other) = verify_text(text.replace('"""g of <text>, line 3."""', '"""My own."""')).notes
    assert note.startswith("not looked at: g, which has no docstring")
    assert other.startswith("not looked at: g_value_and_grad, ")


def test_a_source_that_was_not_reached_is_not_said_to_be_missing() -> None:
    report = verified("def f(x[n]): return x[100]")
    assert (report.verdict, report.faithful, report.faithful_note) == ("not checked", "not checked", UNREACHED)


# --- the statement to blame

SPREAD = """def f(x[n], w):
    m = sum(x)/n
    h = tanh(m*w)
    return sum((x[i] - m)**2 for i) * h + exp(m)
"""
OF_VALUE = "the value that it returns is not that of f"
CHANGES = {  # a statement, what is written instead of it, and the message
    "x_minus_m = x[i] - m": ("x_minus_m = x[i] + m", OF_VALUE),
    "m = x_sum / n": ("m = x_sum / x_sum", OF_VALUE),
    "out = x_minus_m_squared_sum * h + m_exp": ("out = x_minus_m_squared_sum - h + m_exp", OF_VALUE),
    "return out, (dx, dw)": ("return h, (dx, dw)", OF_VALUE),
    "dx_minus_m = two_h * x_minus_m": (
        "dx_minus_m = two_h + x_minus_m",
        "the derivative by x[0] is wrong",
    ),
    "dx[i] += dx_minus_m": ("dx[i] -= dx_minus_m", "the derivative by x[0] is wrong"),
    "slope = x_minus_m_squared_sum * (1.0 - h * h)": (
        "slope = x_minus_m_squared_sum * (1.0 - h)",
        "the derivative by x[0] is wrong",
    ),
    "dw = slope * m": ("dw = slope + m", "the derivative by w is wrong"),
    "dm = m_exp + minus_dx_minus_m_sum + slope * w": (
        "dm = m_exp + minus_dx_minus_m_sum + slope",
        "the derivative by x[0] is wrong",
    ),
    "dx_sum = dm / n": ("dx_sum = dm * n", "the derivative by x[0] is wrong"),
}


@pytest.mark.parametrize("statement", CHANGES)
def test_the_statement_that_was_changed_is_told(statement: str) -> None:
    other, what = CHANGES[statement]
    text = emitted(SPREAD)
    changed = other.join(text.rsplit(statement, 1))
    (found,) = of_text(changed).falsehoods
    assert (found.statement.split("  #")[0], found.what) == (other, what)
    assert found.line == len(text[: text.rindex(statement)].splitlines())
    assert found.within is None


@pytest.mark.parametrize(
    ("statement", "other"),
    [
        ("minus_dx_minus_m_sum = 0.0", "minus_dx_minus_m_sum = 1.0"),
        ("minus_dx_minus_m_sum -= dx_minus_m", "minus_dx_minus_m_sum -= h"),
    ],
)
def test_of_several_statements_that_could_be_the_mistake_none_is_accused(statement: str, other: str) -> None:
    """What is added up is 0 in real numbers: to begin with 0, to add it up or to read it may each be meant."""
    text = emitted(SPREAD).replace(statement, other)
    (found,) = of_text(text).falsehoods
    line = next(place for place, one in enumerate(text.splitlines(), 1) if other in one)
    assert found.within is not None
    assert found.within[0] <= line <= found.within[1]
    assert not found.expected


# --- the last resort


def test_the_unexpected_is_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("surprise")

    monkeypatch.setattr(verify, "listed", broken)
    (report,) = verify_text(emitted(NEURON)).functions
    assert report.verdict == "not checked"
    assert any(note.startswith("internal error: RuntimeError: surprise") for note in report.notes)


def test_an_entry_that_is_nan_is_the_worst() -> None:
    rows = [Row("x", "argument", "proved", "", ulp=ulp) for ulp in (3.0, math.nan, 1.0)]
    assert max(rows, key=numbers.badness) is rows[1]


def test_an_expected_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no function of the text"):
        verify_text("def f(x):\n    return x\n")


def test_what_raises_before_a_loop_without_turns_is_outside_the_domain() -> None:
    report = mgc.loads("def q(v[n], a): return sum(exp(1/a)*v[i] for i) + sum(v[i]*sqrt(a) for i)").verify()
    assert [(one.verdict, one.sizes[-1]) for one in report.functions] == [("proved", "n = 0")]


PROGRAMS = sorted((Path(__file__).parents[1] / "emit" / "programs").glob("*.mg"))


@pytest.mark.parametrize("path", slow_if(lambda path: path.stem != "branches", PROGRAMS), ids=lambda path: path.stem)
def test_nothing_that_is_compiled_is_called_false(path: Path) -> None:
    report = mgc.load(path).verify()
    assert [(one.name, one.falsehoods) for one in report.functions if one.verdict == "false"] == []
    assert not [note for one in report.functions for note in one.notes if "internal error" in note]


def test_a_parameter_that_is_left_out_of_the_derivatives() -> None:
    """It has the derivative 0 where the function does not use it, and is missing where it does."""
    source = "param a = 1\nparam b = 2\n\ndef f(x): return a*x\n\ndef g(x): return a*b*x\n"
    assert mgc.loads(source).verify().ok
    text = edited(source, '        "b": db,\n', "")
    assert [one.verdict for one in verify_text(text).functions] == ["proved", "false"]


@pytest.mark.parametrize(
    "model",
    [
        "def f(x):\n    return acos(x) + asin(x)\n",  # 0 wherever it has a derivative
        "def f(x[n]):\n    return sqrt(sum(x[i]**2 for i))\n",
        "def f(x[n]):\n    s = sqrt(sum(x[i]**2 for i))\n    return [x[i]/s for i]\n",
        "def f(x[n]):\n    mu = mean(x)\n    return sqrt(mean((x[i] - mu)**2 for i))\n",
    ],
)
def test_nothing_is_claimed_where_an_operation_has_no_derivative(model: str) -> None:
    (function,) = mgc.loads(model).verify().functions
    assert function.verdict == "proved"


def test_a_function_that_has_a_derivative_nowhere_is_not_proved() -> None:
    (function,) = mgc.loads("def f(x[2], y):\n    return y + sqrt(sum(x[i] - x[i] for i))\n").verify().functions
    assert function.verdict == "not checked"


@pytest.mark.parametrize(
    "path", slow_if(lambda path: path.stem in LARGE, sorted(EXAMPLES.glob("*.mg"))), ids=lambda path: path.stem
)
def test_lessons_of_the_examples_are_proved(path: Path) -> None:
    report = mgc.load(path, style="lesson").verify()
    assert all(one.verdict == "proved" for one in sound(report).functions)
