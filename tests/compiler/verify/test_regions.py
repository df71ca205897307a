"""Texts that are wrong in a part of the domain that few points meet: none may be called proved."""

from __future__ import annotations

from textwrap import indent

import pytest
from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation, NoValue
from mgc.compiler.verify.terms.terms import function, select, symbol
from mgc.compiler.verify.verify import verify_text

TEXT = '''from math import asin, exp, log, sqrt

def f(x, y):
    """f of a.mg, line 1."""
    {plain}


def f_value_and_grad(x, y):
    """f of a.mg, line 1, and its derivatives.

    Returns (value, grads); grads holds those of x, y.
    """
    {derivative}
'''
WRONG = {
    "a value that is another one on an edge": """
return x*x*y
--
out = x*x*y
if x == 0.37 and y > 50.0:
    out = 7.0
return out, (2.0*x*y, x*x)
""",
    "what overflows in doubles where no point is found": """
return x*x*y
--
dy = x*x
if x*y > 5000.0 and x + y < 150.0 and x > 1.0 and y > 1.0:
    dy = dy*1e200*1e200/1e200/1e200
return x*x*y, (2.0*x*y, dy)
""",
    "0 times an angle that has no value": """
return x*x*y
--
return x*x*y, (2.0*x*y + (x - x)*asin(1.00001*x/exp(y)), x*x)
""",
    "a power of 0, which is 1 on an edge": """
return x*x*y
--
return x*x*y, (2.0*x*y + 0.0**((x*y - 7.3)**2), x*x)
""",
    "another slope where a folded constant is": """
return y*max(x - 1.4142135623730951, 0.0)
--
u = x - 1.4142135623730951
return y*max(u, 0.0), ((y if u > 0.0 else 7.0 if u == 0.0 else 0.0), max(u, 0.0))
""",
    "a factor that is no rounding of 1": """
return x*y
--
return x*y, (y*1.000000000001, x)
""",
    "0 times a logarithm that has no value": """
u = x + 40.0
return log(u)*y if u > 0.0 else 0.0
--
u = x + 40.0
out = log(u)*y if u > 0.0 else 0.0
m = 1.0 if u > 0.0 else 0.0
return out, (y/u if u > 0.0 else 0.0, m*log(u))
""",
    "0 times a variable that is not set": """
return x*y if x + 40.0 > 0.0 else 0.0*x
--
m = 0.0
if x + 40.0 > 0.0:
    m = 1.0
    t = y
    q = x
return x*y if x + 40.0 > 0.0 else 0.0*x, (m*t, m*q)
""",
    "the same far below a product": """
return x*y if x*y + 9000.0 > 0.0 else 0.0*x
--
m = 0.0
if x*y + 9000.0 > 0.0:
    m = 1.0
    t = y
    q = x
return x*y if x*y + 9000.0 > 0.0 else 0.0*x, (m*t, m*q)
""",
    "numbers that cancel but for a small one": """
return x*y if x + 40.0 > 0.0 else x
--
if x + 40.0 > 0.0:
    dx = y
    dy = x
else:
    dx = 1.0
    dy = 333333333333333.3*y + 0.5*y - 333333333333333.3*y
return x*y if x + 40.0 > 0.0 else x, (dx, dy)
""",
    "numbers that cancel when they are multiplied out": """
return x*y if x*y + 9000.0 > 0.0 else x
--
if x*y + 9000.0 > 0.0:
    dx = y
    dy = x
else:
    dx = 1.0
    dy = (333333333333333.3 + x)*y + 0.5*y - x*y - 333333333333333.3*y
return x*y if x*y + 9000.0 > 0.0 else x, (dx, dy)
""",
    "a smaller domain": """
return x*x/2.0 + 40.0*x + y
--
return x*x/2.0 + 40.0*x + y, (sqrt(x + 40.0)*sqrt(x + 40.0), 1.0)
""",
    "a smaller domain in two symbols": """
return x*x/2.0 + 7000.0*x*y*y
--
return x*x/2.0 + 7000.0*x*y*y, (exp(log(x + 7000.0*y*y)), 14000.0*x*y)
""",
    "a smaller domain that two symbols lead to at once": """
u = x + 29791.0
v = y + 29791.0
return sqrt(u*v)
--
u = x + 29791.0
v = y + 29791.0
out = sqrt(u*v)
return out, (v*(0.5/(sqrt(u)*sqrt(v))), u*(0.5/out))
""",
    "a smaller domain behind many conditions": f"""
return y*y*(x - 20000.0)*(x - 20001.0)
--
w = (x - 20000.0)*(x - 20001.0)
d = 0.0
{"".join(f"d += 0.0 if x > {k}.5 else x - x{chr(10)}" for k in range(30))}
return y*y*w, (y*y*(2.0*x - 40001.0), 2.0*y*sqrt(w)*sqrt(w) + d)
""",
    "a statement that fails far away and is not used": """
return x*y
--
t = sqrt((x - 20000.0)*(x - 20001.0))
return x*y, (y, x)
""",
    "a statement that fails and is not used": """
return x*y
--
t = log(x + 9000.0)
return x*y, (y, x)
""",
    "a condition on two symbols": """
return x*y
--
dx = y
if x == 3.0 and y == 2.5:
    dx = 5.0
return x*y, (dx, x)
""",
    "a condition inside another": """
return x*y
--
dx = y
if x == 3.0:
    if y == 2.5:
        dx = 5.0
return x*y, (dx, x)
""",
    "a condition on sums inside another": """
return x*y
--
dx = y
if x + y == 3.75:
    dx = 5.0 if x*y == 1.7 else dx
return x*y, (dx, x)
""",
}
RIGHT = {
    "arms": """
return x*y if x + 40.0 > 0.0 else x
--
c = x + 40.0 > 0.0
return x*y if c else x, (y if c else 1.0, x if c else 0.0)
""",
    "a logarithm in an arm": """
u = x + 40.0
return log(u)*y if u > 0.0 else 0.0
--
u = x + 40.0
if u > 0.0:
    out = log(u)*y
    dx = y/u
    dy = log(u)
else:
    out = 0.0
    dx = 0.0
    dy = 0.0
return out, (dx, dy)
""",
    "roots of what is never below 0": """
return log(x*x + exp(y))
--
u = x*x + exp(y)
return log(u), (2.0*x/(sqrt(u)*sqrt(u)), exp(y - log(u)))
""",
    "the function's own domain": """
return sqrt(x)*y
--
r = sqrt(x)
return r*y, (y/(2.0*r), r)
""",
}


def text_of(case: str) -> str:
    plain, derivative = (indent(part, 4 * " ").strip() for part in case.split("--"))
    return TEXT.format(plain=plain, derivative=derivative)


@pytest.mark.parametrize("case", WRONG)
def test_wrong_code_is_not_proved(case: str) -> None:
    report = verify_text(text_of(WRONG[case]))
    assert report.functions[0].verdict != "proved", str(report)


@pytest.mark.parametrize("case", RIGHT)
def test_right_code_stays_proved(case: str) -> None:
    report = verify_text(text_of(RIGHT[case]))
    assert report.functions[0].verdict == "proved", str(report)


def test_a_product_with_the_0_of_an_arm_is_0_in_whatever_order_it_is_evaluated() -> None:
    x = symbol("x")
    nothing = select(x > 0, 1, 0)
    for product in (nothing * (nothing + function("log", x)), (nothing * function("log", x)) * (nothing * x)):
        point = Evaluation({"x": mpf(-1)})
        assert [point.get(product), point.get(product)] == [0, 0]
    unguarded = select(x < 0, function("log", x), 1) * select(x > 0, 1, 0)
    assert [Evaluation({"x": mpf(-1)}).get(one) for one in (unguarded, unguarded.args[0])] == [0, None]


def test_a_strict_evaluation_is_that_of_cpython() -> None:
    x = terms.symbol("x")
    product = terms.select(x > 0, 1, 0) * function("log", x)
    assert Evaluation({"x": mpf(-1)}).value(product) == 0
    with pytest.raises(NoValue):
        Evaluation({"x": mpf(-1)}, strict=True).value(product)
    with pytest.raises(NoValue):
        Evaluation({"x": mpf(-1)}, strict=True).value(0 * function("undefined"))


def test_infinite_operands_and_angles_have_values() -> None:
    x, infinity = terms.symbol("x"), terms.constant(float("inf"))
    at = Evaluation({"x": mpf(2)})
    assert at.value(function("max", x, -infinity)) == at.value(function("min", x, infinity)) == 2
    assert at.value(function("atan2", 0, x)) == 0
    with pytest.raises(NoValue):
        at.value(x + infinity)


def test_no_symbol_of_the_algebra_is_an_argument() -> None:
    for name in ("branch0", "v0", "u0"):
        text = TEXT.replace("(x, y)", f"({name}, x)").replace("of x, y", f"of {name}, x")
        plain = f"return {name}*(x if x > 0.0 else 0.0)"
        out = f"out = {name}*(x if x > 0.0 else 0.0)\n    "
        right = out + f"return out, (x if x > 0.0 else 0.0, {name} if x > 0.0 else 0.0)"
        assert verify_text(text.format(plain=plain, derivative=right)).functions[0].verdict == "proved"


@pytest.mark.parametrize(
    "condition",
    [
        "(x - 3.7) * (x - 3.7) + (y - 1.3) * (y - 1.3) != 0.0",
        "(x - 3.7) * (x - 3.7) + (y - 1.3) * (y - 1.3) > 0.0",
        "(x - 3.7) * (x - 3.7) > -(y - 1.3) * (y - 1.3)",
        "max(abs(x - 3.7), abs(y - 1.3)) > 0.0",
        "abs(x - 3.7) + abs(y - 1.3) > 0.0",
    ],
)
def test_where_several_edges_meet(condition: str) -> None:
    derivative = f"dx = y if {condition} else 3.0\n    return x*y, (dx, x)"
    assert verify_text(TEXT.format(plain="return x*y", derivative=derivative)).functions[0].verdict != "proved"
    right = derivative.replace("3.0", "1.3")
    assert verify_text(TEXT.format(plain="return x*y", derivative=right)).ok


def test_where_a_root_ends_behind_many_edges() -> None:
    """It is 0 at 20000 and 20001, and there is none between."""
    many = "\n".join(f"    if x > {place}.5: d += x - x" for place in range(30))
    root = "sqrt((x - 20000.0) * (x - 20001.0))"
    derivative = (
        f"d = 0.0\n{many}\n    return y*x*(x - 40001.0) + 400020000.0*y, (y*(2.0*x - 40001.0), {root}*{root} + d)"
    )
    text = TEXT.format(plain="return y*x*(x - 40001.0) + 400020000.0*y", derivative=derivative)
    assert verify_text(text, blame=False).functions[0].verdict == "false"
