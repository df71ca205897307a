"""What a report shows: the numbers of each row, what CPython gets, and the kinks."""

from __future__ import annotations

import math
from typing import Any

import pytest

import mgc
from mgc.compiler.verify.called import judging
from mgc.compiler.verify.findings import NO_ADJOINT, FunctionReport
from mgc.compiler.verify.verify import verify_text
from mgc.runtime import audit
from support.verification import NEURON, edited, emitted, of_text, row, sound, verified, whats

# --- the numbers


def test_intermediates_have_three_numbers_that_agree() -> None:
    shown = row(verified(NEURON), "n")
    assert (shown.role, shown.status, shown.count) == ("intermediate", "proved", 1)
    assert shown.emitted is not None
    assert shown.symbolic == pytest.approx(shown.emitted, rel=1e-12)
    assert shown.symbolic == pytest.approx(shown.difference, rel=1e-12)


def test_an_intermediate_without_an_adjoint_of_its_own_claims_nothing_of_the_text() -> None:
    report = verified("def f(x):\n    a = exp(x)\n    return a + x\n")
    shown = row(report, "a")
    assert (shown.note, shown.status, shown.emitted) == (NO_ADJOINT, "tested", None)
    assert shown.symbolic == shown.difference == 1.0
    assert report.verdict == "proved"


def test_an_adjoint_that_is_stored_as_the_copy_of_another_number_is_its_own() -> None:
    text = """def f(x[n, m]):
    h = x**2
    g = [sum(h[i, j] for i)/(n - 1) for j]
    return sum(g[j]**-0.5 for j)
"""
    model = mgc.loads(text, style="lesson")
    assert "dh[i][j] = dh_sum" in model.source
    shown = row(sound(model.verify()).functions[0], "h")
    assert shown.status == "proved" and shown.note != NO_ADJOINT
    assert shown.emitted is not None


def test_the_point_has_full_doubles_and_rounding_is_seen() -> None:
    rows = [row(verified(NEURON), name) for name in ("x1", "x2", "w1", "w2", "b")]
    assert all(one.value is not None and one.value * 2**20 % 1 for one in rows)
    assert any(one.ulp for one in rows)
    assert all(one.ulp is not None and one.ulp < 100 for one in rows)


def test_the_entry_of_an_array_that_is_shown_is_the_worst_of_all() -> None:
    model = mgc.loads("def f(x[n]): return sum(exp(sin(x[i])*i) for i)")
    shown = row(sound(model.verify()).functions[0], "x")
    assert (shown.count, shown.status) == (3, "proved")
    assert shown.note in ("x[0]", "x[1]", "x[2]")
    assert shown.symbolic


def test_a_point_where_most_derivatives_flow() -> None:
    shown = verified("def f(x, y): return relu(x)*relu(y)*relu(x - 1)")
    assert row(shown, "x").symbolic
    assert row(shown, "y").symbolic


def test_cancellation_is_no_falsehood() -> None:
    report = verified("def f(x): return ((1 + x)**8 - (1 - x)**8 - 16*x) * 1e12")
    assert report.falsehoods == ()


# --- CPython's own numbers


def with_native(text: str, derivative: Any) -> FunctionReport:
    """The report where CPython's derivative is some other function than the text's."""
    namespace = {**audit.run(text, "<text>").namespace, "f_value_and_grad": derivative}
    return sound(verify_text(text, namespace=namespace)).functions[0]


def test_nan_never_passes() -> None:
    report = with_native(emitted("def f(x, y): return x*y"), lambda x, y: (x * y, (y, math.nan)))
    assert row(report, "y").verdict == report.verdict == "false"
    assert row(report, "x").verdict == "proved"
    (found,) = report.falsehoods
    assert (found.what, found.found) == ("the derivative by y is wrong", "nan")


def test_what_cpython_gets_must_be_what_the_text_says() -> None:
    report = with_native(emitted("def f(x, y): return x*y"), lambda x, y: (x * y, (y, x * (1 + 1e-6))))
    assert "the derivative by y is wrong" in whats(report)
    assert report.verdict == "false"


@pytest.mark.parametrize("slope", [lambda x: math.nan, lambda x: x * (1 + 1e-6), lambda x: x / 0, lambda x: x["y"]])
def test_where_too_much_is_computed_for_many_calls_the_point_that_is_shown_is_judged(
    slope: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "MOST", 0)
    text = emitted("def f(x, y): return x*y")
    report = with_native(text, lambda x, y: (x * y, (y, x)))
    assert (report.verdict, report.notes) == ("proved", ("only values were compared, too much work: any point",))
    report = with_native(text, lambda x, y: (x * y, (y, slope(x))))
    assert report.verdict == "false"
    assert len(report.falsehoods) == 1


def test_one_overflow_at_ordinary_numbers_is_false() -> None:
    calls = iter(range(1000))
    report = with_native(emitted("def f(x, y): return x*y"), lambda x, y: (x * y, (y, x if next(calls) else math.inf)))
    (found,) = report.falsehoods
    assert (found.what, found.found) == ("the derivative by y is wrong", "inf")


def test_where_cpython_raises_emitted_is_left_out() -> None:
    def overflows(x: float) -> Any:
        raise OverflowError("too large")

    text = emitted("def f(x): return x*x")
    namespace = {"f": overflows, "f_value_and_grad": overflows}
    (report,) = sound(verify_text(text, namespace=namespace)).functions
    assert row(report, "x").emitted is None
    assert any("raises OverflowError" in note for note in report.notes)
    assert with_native(text, overflows).verdict == "false"  # the function itself has a value there


def test_without_cpython_there_are_no_numbers_of_it() -> None:
    (report,) = sound(verify_text(emitted(NEURON))).functions
    assert report.verdict == "proved"
    assert row(report, "b").emitted is None
    assert row(report, "b").symbolic == row(report, "b").difference


# --- kinks


def kinks(report: FunctionReport) -> dict[tuple[str, str, str], tuple[str, ...]]:
    return {(kink.condition, kink.variable, kink.convention): kink.one_sided for kink in report.kinks}


OPERATIONS = {
    "abs(x - y)": {("x - y = 0", "x - y", "abs'(0) = 0"): ("-1", "1")},
    "relu(x)*y": {("x = 0", "x", "relu'(0) = 0"): ("0", "1")},
    "max(x, y)": {
        ("x = y", "x", "max(x, y): dx = 0.5 where x == y"): ("0", "1"),
        ("x = y", "y", "max(x, y): dy = 0.5 where x == y"): ("0", "1"),
    },
    "min(x, 1)*y": {("x = 1", "x", "min(x, c) of a constant c: dx = 0 where x == c"): ("1", "0")},
    "clip(x, -1, 2)*y": {
        ("x = -1", "x", "clip(x, low, high): dx = 0 where x == low and low < high"): ("0", "1"),
        ("x = 2", "x", "clip(x, low, high): dx = 0 where x == high and low < high"): ("1", "0"),
    },
    "hypot(x, y)": {
        ("x = 0 and y = 0", "x", "hypot(x, y): dx = 0 where x == 0 and y == 0"): ("-1", "1"),
        ("x = 0 and y = 0", "y", "hypot(x, y): dy = 0 where x == 0 and y == 0"): ("-1", "1"),
    },
    "sign(x)*y": {("x = 0", "x", "sign'(0) = 0"): ("0", "0")},
    "floor(x)*y": {("x = floor(x)", "x", "floor(x): dx = 0 where x == floor(x)"): ("0", "0")},
    "abs(x) + relu(x)": {("x = 0", "x", "abs'(0) = 0"): ("-1", "1"), ("x = 0", "x", "relu'(0) = 0"): ("0", "1")},
    "max(x, y, x*y)": {
        ("x = max(y, x_y)", "x", "max(x, y): dx = 0.5 where x == y"): ("0", "1"),
        ("y = max(x, x_y)", "y", "max(x, y): dx = 0.5 where x == y"): ("0", "1"),
        ("x_y = max(x, y)", "x_y", "max(x, y): dx = 0.5 where x == y"): ("0", "1"),
    },
    "x*x if x > y else y*y": {},
    "y if x > y else x": {},
    "1 if x > 1 else x": {},
    "x if x >= 0 else 0": {},
    "0 if x <= 0 else x": {("x = 0", "x", "relu'(0) = 0"): ("0", "1")},
    "exp(x)*y": {},
    "x**y": {},
}


@pytest.mark.parametrize("expression", OPERATIONS)
def test_the_kinks_of_an_operation(expression: str) -> None:
    assert kinks(verified(f"def f(x, y): return {expression}")) == OPERATIONS[expression]


def test_a_kink_has_the_convention_and_the_line_of_the_model() -> None:
    (kink,) = verified("def f(x):\n    y = x*x\n    h = relu(y - 1)\n    return h*h + h\n").kinks
    assert (kink.source_line, kink.convention) == (3, "relu'(0) = 0")


def test_another_slope_on_a_kink_is_told_in_a_note() -> None:
    text = edited("def f(x): return relu(x)", "1.0 if out > 0.0 else 0.0", "1.0 if x >= 0.0 else 0.0")
    report = of_text(text)
    assert [kink.convention for kink in report.kinks] == ["relu'(0) = 0"]
    assert "the derivative by x is 1.0, a valid subgradient; mgc's convention is 0.0" in report.notes[0]


def test_index_arithmetic_is_no_kink() -> None:
    assert verified("def f(x[n], y[n]): return y[argmax(x)]").kinks == ()


def test_what_nothing_flows_through_is_no_kink() -> None:
    assert verified("def f(x[n]): return logsumexp(x)").kinks == ()
