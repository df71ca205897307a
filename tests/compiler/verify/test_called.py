"""CPython is called first: what is wrong in doubles, at some size or far away is false, whatever the algebra says."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import pytest
from mpmath import mp  # type: ignore[import-untyped]  # it carries no types

import mgc
from mgc.compiler.emit.python.helpers import CHECK_SHAPE
from mgc.compiler.verify.called import judging
from mgc.compiler.verify.called.arguments import sizes_tried
from mgc.compiler.verify.called.tape import Tape, Unfollowed, applied, working
from mgc.compiler.verify.text import reading
from mgc.compiler.verify.text.subject import Subject
from mgc.runtime import audit
from support.verification import NEURON, edited, emitted, of_text, row, verified, whats

EXAMPLES = Path(__file__).parents[3] / "examples"

SQUARE = "def f(x, t): return x*x + t"
SLOPE = "    dx = 2.0 * x\n"
WRONG = [
    "7.0 * x if x + 1.0 == 1.0 else 2.0 * x",
    "2.0 * x if (x + 1e10) - 1e10 == x else 2.0 * x + 1e-7",
    "(536870913.0 * (2.0 * x)) - (536870913.0 * (2.0 * x) - 2.0 * x)",
    "5.0 if 1e7 < x < 1.1e7 else 2.0 * x",
    "2.0 * x + 0.0 ** abs(x - 3.7)",
    "max(2.0 * x, -1e9)",
    "2.0 * x if not x - 1.0 == x else 0.5",
    "2.0 * x if x * x != 0.0 or x == 0.0 else 0.5",
    "(x * x * x * x) ** 20 * 2.0 / (x * x * x) ** 26 / x if x > 1.0 else 2.0 * x",
    "2.0 * x if abs(x * 1e306) < 1e308 * 10.0 else 5.0",
    "2.0 * x * (x - 50.0) / (x - 50.0)",
    "2.0 * x + (x - x) * (x * t - 7.3) ** -2",
    "2.0 * x + (x - x) % (x * t - 7.3)",
    "(2.0 * x + 1e25) - 1e25 if 31.0 * 31.0 * 31.0 < x < 31.0 * 31.0 * 31.0 + 9.0 else 2.0 * x",
    "(2.0 * x + 1e10) - 1e10 if 4.0 < x * x * x - 70.0 < 5.0 else 2.0 * x",
    "(2.0 * x + 1e25) - 1e25 if x * x > 900.0 and t < -31.0 and x + t > 0.0 else 2.0 * x",
]


@pytest.mark.parametrize("slope", WRONG)
def test_a_slope_that_is_wrong_somewhere_is_false(slope: str) -> None:
    report = of_text(edited(SQUARE, SLOPE, f"    dx = {slope}\n"))
    assert report.verdict == "false"
    assert report.falsehoods


def test_a_slope_that_is_wrong_where_a_factor_is_0_and_another_beyond_a_number_of_the_text_is_false() -> None:
    text = edited("def f(x, w, b): return tanh(x*w + b)", "    dx = db * w\n", "    dx = db * min(w, 1e6)\n")
    assert of_text(text).verdict == "false"


@pytest.mark.parametrize("value", ["x[i]**2 + 0.0 ** abs(n - 2)", "x[i]**2 + (n > 10.5)", "x[i]**2 * (1 + (n*n == 4))"])
def test_a_value_that_is_wrong_at_one_size_is_false(value: str) -> None:
    text = edited(
        "def f(x[n]): return sum(x[i]*x[i] for i)", "dx[i] = 2.0 * x[i]", f"dx[i] = 2.0*x[i] + {value} - x[i]**2"
    )
    assert of_text(text).verdict == "false"


def test_a_counterexample_can_be_pasted() -> None:
    text = edited(SQUARE, SLOPE, "    dx = 2.0 * x if x + 1.0 != 1.0 else 0.0\n")
    (found,) = of_text(text).falsehoods
    names: dict[str, object] = {}
    exec(text, names)
    assert str(eval(found.where, names)[1][0]) == found.found != found.wanted


LINEAR = "layer linear[n](x[n]):\n    param W[n] = uniform(-1, 1)\n    return sum(W[i]*x[i] for i)\n"
NET = f"{LINEAR}\nmodel net(x[3], k: int, b):\n    return linear[3](x)**2 * b**k\n"


@pytest.mark.parametrize(
    ("model", "old", "new", "place"),
    [
        (NEURON, "dn = 1.0 - out * out", "dn = 1.0 + out * out", 0),
        ("def f(x[n], y): return [2*x[i]*y**2 for i]", "dy_squared += ", "dy_squared -= ", -1),
        (NET, "2.0 * ", "3.0 * ", None),
    ],
)
def test_what_symbols_show_is_a_call_to_paste(model: str, old: str, new: str, place: int | None) -> None:
    text = edited(model, old, new)
    (found,) = of_text(text).falsehoods
    names: dict[str, object] = {}
    exec(text, names)
    _, slopes = eval(found.where, names)
    slope = slopes["net.linear1.W"][0] if place is None else slopes[place]
    assert math.isclose(slope, float(found.found), rel_tol=1e-14)
    assert not math.isclose(slope, float(found.wanted), rel_tol=1e-6)
    assert found.found == repr(float(found.found))


TAX = """def tax(income):
    t = max(income - 12000, 0)
    return 0.1*t if t < 10000 else 1000 + 0.2*(t - 10000) if t < 50000 else 9000 + 0.3*(t - 50000)
"""


def test_an_arm_in_which_a_function_was_called_is_not_one_without_a_point() -> None:
    report = verified(TAX)
    assert report.verdict == "tested"
    assert "no point was found" not in "; ".join(report.notes)


def test_a_derivative_that_a_call_shows_to_be_wrong_is_false_in_its_row_and_the_sum() -> None:
    report = of_text(edited(TAX, "50000.0 else 0.3\n", "50000.0 else 0.35\n"))
    assert [found.variable for found in report.falsehoods] == ["income"]
    assert row(report, "income").verdict == "false"
    assert "no point was found" not in "; ".join(report.notes)


def test_a_call_of_what_raises_is_given_its_adjoint() -> None:
    text = edited("def f(x[n], y): return [2*x[i]*y**2 for i]", "dy_squared = 0.0", "dy_squared = [0.0]")
    (found,) = of_text(text).falsehoods
    names: dict[str, object] = {}
    exec(text, names)
    with pytest.raises(TypeError) as error:
        eval(found.where, names)
    assert found.what == f"f_vjp raises TypeError: {error.value}"


@pytest.mark.parametrize(
    ("name", "at", "slope"),
    [
        ("exp", 0.5, math.exp(0.5)),
        ("sqrt", 2.0, 0.5 / math.sqrt(2.0)),
        ("tanh", 300.0, 0.0),
        ("sin", 1.0, math.cos(1.0)),
        ("sin", 1e55, math.cos(1e55)),
    ],
)
def test_the_slope_of_an_operation_is_a_difference_quotient(name: str, at: float, slope: float) -> None:
    with working():
        tape = Tape()
        x = tape.variable(at)
        (found,) = tape.slopes([(applied(name, x), 1)], [x])
    assert found is not None
    assert abs(found.value - mp.mpf(slope)) <= found.lost + abs(slope) * 2.0**-52


def test_a_number_of_few_bits_loses_nothing() -> None:
    with working():
        tape = Tape()
        x = tape.variable(0.5)
        assert (x * x + 3).lost == 0.0
        assert (x / 3).lost > 0.0


EQUAL = '''
def f(x, y):
    """f of a.mg, line 1."""
    h = x if {equal} else 0.0
    return h * h * y


def f_value_and_grad(x, y):
    """f of a.mg, line 1, and its derivatives.

    Returns (value, grads); grads holds those of x, y.
    """
    h = x if {equal} else 0.0
    return h * h * y, ((2.0 * h * y + 1e10) - 1e10, h * h)
'''


@pytest.mark.parametrize(
    "equal", ["y - y == 0.0", "x * y >= y * x", "x + y - x >= y - 1e-30", "max(0.0, x - x) <= 0.0"]
)
def test_what_is_equal_everywhere_is_no_edge(equal: str) -> None:
    """Doubles may compare it either way at every point: the slopes are judged all the same."""
    assert "the derivative by x is wrong" in whats(of_text(EQUAL.format(equal=equal)))


LOG_COSH = "def f(x, y): return log(cosh(x))*y", "dx = y / x_cosh * sinh(x)"
ATTENTION = """def f(q[t, d], k[t, d], v[t, d]):
    a = [softmax([sum(q[i, c]*k[j, c] for c)/sqrt(d) for j]) for i]
    return sum(sum(a[i, j]*v[j, c] for j)**2 for i, c)
"""
FAR = {
    "beyond 1e90": (*LOG_COSH, "dx = y * sinh(x) * x_cosh / (x_cosh * x_cosh)"),
    "small ones in a large function": (ATTENTION, "+= da_v_sum * v[j][c]", "+= (da_v_sum * v[j][c] + 1e-3) - 1e-3"),
    "an exponential of 0": (ATTENTION, "dv_exp * v_exp[j]", "dv_exp * (v_exp[j] if v_exp[j] != 0.0 else 1.0)"),
    "a sigmoid of little": (
        "def f(x, y): return sigmoid(x)*y",
        "x_sigmoid = sigmoid(x)",
        "x_sigmoid = (sigmoid(x) + 10.0) - 10.0",
    ),
    "a seed": ("def f(x[n], a): return [x[i]*a for i]", "dx[i] = dout[i] * a", "dx[i] = (dout[i] + 0.01 - 0.01) * a"),
    "a sum of one and little": (
        "def f(z[n]): return cross_entropy(z, 0)",
        "out = log1p(z_others)",
        "out = log1p(z_others + 1.0 - 1.0)",
    ),
}


@pytest.mark.parametrize("kind", FAR)
def test_numbers_are_far_away_in_every_way(kind: str) -> None:
    assert of_text(edited(*FAR[kind]), blame=False).verdict == "false"


def test_an_entry_is_missing_only_where_the_function_misses_it() -> None:
    text = emitted("def f(E[v], t[m]: int): return sum(tanh(E[t[i]]) for i)")
    assert text.count("element(t[i], v)") == 2
    report = of_text("element(t[i], m)".join(text.rsplit("element(t[i], v)", 1)), blame=False)
    assert "raises IndexError" in whats(report)


@pytest.mark.parametrize(
    "value",
    ["out * (x - 7.7) / (x - 7.7)", "out * 1e200 * 1e200 / 1e200 / 1e200 if 77.0 < x < 78.0 and y < -5.0 else out"],
)
def test_arms_and_poles_of_the_value_are_called_as_well(value: str) -> None:
    text = edited("def f(x, y): return x*y + y", "out = x * y + y", f"out = x * y + y\n    out = {value}")
    assert of_text(text, blame=False).verdict == "false"


def test_a_value_that_overflows_where_that_of_the_function_does_not_is_false() -> None:
    text = edited("def f(x): return sin(x)*exp(x)", "x_exp = exp(x)", "x_exp = exp(x) * 1e200 * 1e-200")
    assert "its value is not that of f" in whats(of_text(text))


def test_all_numbers_are_far_below_0_too() -> None:
    text = emitted("def f(x[n]): return logsumexp(x)")
    assert text.count("x_max = -inf") == 2
    assert of_text("x_max = 0.0".join(text.rsplit("x_max = -inf", 1))).verdict == "false"


def test_numbers_are_nearly_opposite_too() -> None:
    right, wrong = "dx = 3.0 * (x_plus_y * x_plus_y)", "dx = 3.0 * (x * x + 2.0 * x * y + y * y)"
    assert "the derivative by x is wrong" in whats(of_text(edited("def f(x, y): return (x + y)**3", right, wrong)))


FIXED = "def f(x[3], y[3], W[n, 2]): return sum(x[i]*y[i] for i) + sum(W[i, j] for i, j)"
CHECKS = {
    "of two arguments": ({'check_shape("x", x, 3)': "", 'check_shape("y", y, 3)': 'check_shape("y", y, len(x))'}, 2),
    "of the derivative's function alone": ({'check_shape("x", x, 3)': ""}, 1),
    "of rows": ({'check_shape("W", W, n, 2)': 'check_shape("W", W, n)'}, 2),
}


@pytest.mark.parametrize("kind", CHECKS)
def test_a_promise_of_a_fixed_size_is_kept(kind: str) -> None:
    changes, count = CHECKS[kind]
    text = emitted(FIXED)
    for old, new in changes.items():
        assert text.count(old) == 2
        text = (new or "pass").join(text.rsplit(old, count))
    assert "in the docstring" in whats(of_text(text))


ROOT = f'''
from math import sqrt


{CHECK_SHAPE.replace("{", "{{").replace("}", "}}")}


def f(x):
    """f of a.mg, line 1.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    m = 0.0
    for i in range(n):
        m += x[i] / n
    s = 0.0
    for i in range(n):
        s += (x[i] - m) ** 2
    return sqrt(s)


def f_value_and_grad(x):
    """f of a.mg, line 1, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    m = 0.0
    for i in range(n):
        m += x[i] / n
    s = 0.0
    for i in range(n):
        s += (x[i] - m) ** 2
    dx = [0.0] * n
    for i in range(n):
        dx[i] = (x[i] - m) / sqrt(s) if n > 1 else {{alone}}
    return sqrt(s), (dx,)
'''


def test_where_the_chain_rule_does_not_tell_both_sides_do() -> None:
    """At n = 1 it is the root of 0 whatever x is: its slope is 0."""
    assert of_text(ROOT.format(alone="0.0")).verdict == "proved"
    assert of_text(ROOT.format(alone="1e9")).verdict == "false"


def test_what_has_no_slope_is_none() -> None:
    with working():
        tape = Tape()
        x, y = tape.variable(0.0), tape.variable(2.0)
        assert [one is None for one in tape.slopes([(applied("sqrt", x) + y, 1)], [x, y])] == [True, False]


@pytest.fixture
def calls() -> None:
    """As many as in use."""


@pytest.mark.parametrize("name", ["attention", "rosenbrock", "batchnorm"])
def test_an_example_is_called_at_every_size(name: str) -> None:
    """A mask of -1e9, whose exponential is 0 in doubles, is no reason to leave a point out."""
    text = (EXAMPLES / f"{name}.mg").read_text(encoding="utf-8")
    module = mgc.loads(text).module
    syntax, namespace = ast.parse(module.text), audit.run(module.text, name).namespace
    subject = Subject(module.text, syntax, module, None, {}, namespace, math.inf, 0)
    found = judging.tried(subject, reading.read(syntax)[0])
    assert found.falsehood is None
    assert len(found.sizes) == len(list(sizes_tried(subject.sizes(reading.read(syntax)[0]))))


def test_a_function_of_what_no_double_is_is_not_followed() -> None:
    with working():
        large = Tape().variable(1e200)
        assert applied("exp", large).value > 1e300
        with pytest.raises(Unfollowed):
            applied("exp", applied("exp", large))  # as long a number as memory has no room for


@pytest.mark.parametrize(("name", "others"), [("round", []), ("floor", []), ("mod", [1.0]), ("fmod", [1.0])])
def test_which_step_a_large_number_is_on_is_doubtful(name: str, others: list[float]) -> None:
    with working():
        for at, is_doubtful in ((250000.3, False), (1.27e39, True)):
            tape = Tape()
            applied(name, tape.variable(at) * 1.1, *others)
            assert tape.doubtful is is_doubtful


def test_a_power_that_is_rounded_is_right() -> None:
    assert verified("def f(v[2]): return round(1.5**v[0] - 3)", ieee=True).verdict != "false"


def test_a_slope_that_doubles_cannot_tell_from_a_pole_is_no_falsehood() -> None:
    """The derivative of acosh(1 + x*x) divides by 0 where 1 + x*x is 1 in doubles."""
    assert verified("def f(x): return atanh(x)*acosh(1 + x*x)").falsehoods == ()


def test_a_slope_is_as_far_off_as_the_other_argument_leaves_it() -> None:
    """The derivative of u**g by g is u**g*log(u): 0 where u is 1 in doubles."""
    with working():
        tape = Tape()
        x, g = tape.variable(1e-17), tape.variable(3.5)
        (found,) = tape.slopes([(applied("pow", 1 - x, g), 1)], [g])
    assert found is not None
    assert 0 < abs(found.value) <= found.lost


LOSING = {
    "a rule written in the value": "op expit(x):\n    return 1/(1 + exp(-x))\n    dx = expit(x)*(1 - expit(x))\n"
    "def f(a, x[n]): return sum(expit(a*x[i]) for i)",
    "a power as steep as one likes": "def f(x[n], p):\n    require x > 0\n    return mean(x[i]**p for i)**(1/p)",
    "a sum that is its first part": "def f(x, y): return 2.0 if x >= x + 1 else 0.25",
    "an angle of what cancels": "def f(x, y, z): return atan2((x*y - y*z)*y + (z*y - y*x)*y, x*y*y)",
}


@pytest.mark.parametrize("kind", LOSING)
def test_what_the_function_itself_loses_in_doubles_is_not_asked_of_its_slopes(kind: str) -> None:
    assert verified(LOSING[kind]).verdict == "proved"
