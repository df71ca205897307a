"""What `mgc verify` says of a wrong text: never something that is not so."""

from __future__ import annotations

from ast import literal_eval

import pytest

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.compiler.verify.findings import Falsehood
from mgc.compiler.verify.report.report import Report
from mgc.compiler.verify.verify import verify_text
from mgc.runtime import audit
from support.quick import slow, slow_if

HUBER = "def f(r, d): return 0.5*r**2 if abs(r) <= d else d*(abs(r) - 0.5*d)\n"
PIECE = """def f(x, y):
    a = x*y if x > 0 else y**2 - x
    b = max(a, 1) if y > x else min(a, x)
    return a*b + relu(a - b)
"""
ENTROPY = "def f(logits[k], target: int, T = 1.5): return cross_entropy(logits / T, target)\n"
COSINE = "def f(a[n], b[n]): return dot(a, b)/(norm(a)*norm(b))\n"
PAIRS = """def f(p[n], q[n]):
    e = sum(q[i]*q[j]/(1 + (p[i] - p[j])**2) for i for j in range(i))
    return e + 0.1*sum(p[i]*p[j]**2 for i, j if j != i)
"""
HALVES = """def a(x, y, z=2):
    u = sin(x)*y + z**2
    v = u/(1 + x*x) if y > 0 else log(1 + exp(u))
    return v*u - max(x, y, 0)
"""
MISTAKES = {  # source, a statement or a part of one, what is written instead, what the statement should be
    "a sign": (
        ENTROPY,
        "dT -= dcross_entropy_logits[i] *",
        "dT += dcross_entropy_logits[i] *",
        "dT -= dcross_entropy_logits[i] * (cross_entropy_logits[i] / T)",
    ),
    "a factor": (
        COSINE,
        "da_dot = 1.0 / a_norm_b_norm",
        "da_dot = 2.0 / a_norm_b_norm",
        "da_dot = 1.0 / a_norm_b_norm",
    ),
    "an overwriting": (COSINE, "da[i] += da_dot * b[i]", "da[i] = da_dot * b[i]", "da[i] += da_dot * b[i]"),
    "a start": (HUBER, "dd = 0.0", "dd = 1.0", "dd = 0.0"),
}


def changed(source: str, old: str, new: str) -> str:
    text = compile_source(source, "f.mg", Options()).text
    assert old in text
    return new.join(text.rsplit(old, 1))


def report(text: str) -> Report:
    return verify_text(text, "f.py", namespace=audit.run(text, "f.py").namespace)


def holds(found: Falsehood, line: int) -> bool:
    """Whether a line is the one that is told, or among those that are."""
    first, last = found.within or (found.line, found.line)
    return first is not None and last is not None and first <= line <= last


def told(text: str) -> tuple[Falsehood, ...]:
    return tuple(found for function in report(text).functions for found in function.falsehoods)


@pytest.mark.parametrize("mistake", slow_if(lambda mistake: mistake != "a start", MISTAKES))
def test_what_is_suggested_makes_the_text_right(mistake: str) -> None:
    source, old, new, expected = MISTAKES[mistake]
    text = changed(source, old, new)
    (found,) = told(text)
    assert found.line is not None
    lines = text.splitlines()
    assert new in lines[found.line - 1]
    assert expected in found.expected
    indent = lines[found.line - 1][: -len(lines[found.line - 1].lstrip())]
    lines[found.line - 1] = indent + found.expected
    assert told("\n".join(lines) + "\n") == ()


def test_a_variable_that_is_not_assigned_on_every_path() -> None:
    text = changed(PIECE, "    if y > x:\n        part_of_dx = 0.0\n    else:\n", "    if not y > x:\n")
    (found,) = told(text)
    assert found.what == "part_of_dx has no value on some path"
    line = next(place for place, one in enumerate(text.splitlines(), 1) if "part_of_dx = " in one)
    assert holds(found, line)
    assert found.where
    assert not found.found


@pytest.mark.parametrize("new", ["dp[i] -= de_difference", "dp[j] += de_difference"])
def test_no_right_loop_is_accused(new: str) -> None:
    found = told(changed(PAIRS, "dp[j] -= de_difference", new))
    assert found
    assert all("loop" not in one.what and one.found != one.wanted for one in found)
    assert all(one.expected != one.statement for one in found)


def test_the_condition_of_the_forward_half() -> None:
    text = compile_source(HUBER, "f.mg", Options()).text
    head, _, rest = text.partition("f_value_and_grad")
    (found,) = told(head + "f_value_and_grad" + rest.replace("if r_abs <= d:", "if r_abs >= d:", 1))
    assert (found.statement, found.expected) == ("if r_abs >= d:", "if r_abs <= d:")


def test_a_loop_of_the_forward_half_that_reads_as_one_of_the_backward_half() -> None:
    text = compile_source("def f(x[n]):\n    s = sum(exp(x[i]) for i)\n    return s*s\n", "f.mg", Options()).text
    head, _, rest = text.partition("f_value_and_grad")
    (found,) = told(head + "f_value_and_grad" + rest.replace("range(n)", "range(n - 1)", 1))
    assert (found.statement, found.expected) == ("for i in range(n - 1):", "for i in range(n):")


def test_a_return_comes_from_the_line_of_the_return() -> None:
    text = changed("def f(x, y):\n    u = x*y\n    return sin(u)*u\n", "(dx, dy)", "(dy, dx)")
    (found,) = told(text)
    assert found.source_line == 3


def test_a_statement_of_the_function_that_is_missing() -> None:
    (found,) = told(
        changed(
            "def f(x, y):\n    u = x*y\n    v = u*u + y\n    return sin(v)*v\n", "    v = u * u + y  # line 3\n", ""
        )
    )
    assert found.what.endswith(": a statement is missing here")
    assert "v = u * u + y" in found.expected.splitlines()
    assert not found.statement


def test_the_first_of_two_equal_statements_is_not_accused_where_the_second_is_missing() -> None:
    text = compile_source("def f(x, y):\n    a = x*y\n    return a + y + a\n", "f.mg", Options(style="lesson")).text
    first, second = (line for line in text.splitlines(keepends=True) if "da += dout" in line)
    (found,) = told(text.replace(second, ""))
    assert found.what.endswith(": a statement is missing here")
    assert (found.statement, found.expected) == ("", "da += dout\nda += dout")
    assert text.splitlines(keepends=True)[(found.line or 0) - 1] == first


def test_no_condition_of_a_right_forward_half_is_accused() -> None:
    found = told(changed(PIECE, "if y > x:", "if y < x:"))
    assert found
    assert all(one.statement != "if y > x:" for one in found)


HOLE = "def f(x, y): return exp(y)*sin(x) + x*y\n"
POWER = "def f(x, k: int): return pow(x, k)\n"
CUBES = "def f(x[n]): return sum(x[i]**3 for i)\n"


@pytest.mark.parametrize(
    ("source", "old", "new"),
    [
        (HOLE, "y_exp * cos(x)", "y_exp * cos(x) if x + y != 7.0 else 0.0"),
        (HOLE, "y_exp * cos(x)", "y_exp * cos(x) if abs(sin(x)) > 1e-12 else 0.0"),
        (POWER, "if k != 0", "if k * k != 1369"),
        (CUBES, "x[i] ** 2", "x[i] ** 3 / x[i]"),
        (CUBES, "x[i] ** 2", "x[i] ** 2 if n % 50 != 49 else 0.0"),
    ],
)
def test_what_is_suggested_is_never_false(source: str, old: str, new: str) -> None:
    text = changed(source, old, new)
    (found,) = told(text)
    assert found.line is not None
    lines = text.splitlines()
    changed_line = next(place for place, one in enumerate(lines, 1) if new in one)
    assert holds(found, changed_line)
    if found.expected:
        indent = lines[found.line - 1][: -len(lines[found.line - 1].lstrip())]
        lines[found.line - 1] = indent + found.expected
        assert told("\n".join(lines) + "\n") == ()
    else:
        assert found.where
        assert found.found != found.wanted


MLP = """layer linear[m](x[n]):
    param W[m, n] = uniform(-1, 1)
    param b[m] = 0
    return W @ x + b

model net(x[3]):
    return linear[2](tanh(linear[2](x)))

def loss(X[n, 3], y[n]: int): return mean(cross_entropy(net(X[i]), y[i]) for i)
"""
MIXTURE = """def f(x[n], logit[k], mu[k], logs[k]):
    lw = logit - logsumexp(logit)
    return -sum(logsumexp(lw[j] - logs[j] - 0.5*((x[i] - mu[j])*exp(-logs[j]))**2 for j) for i)
"""


@pytest.mark.parametrize(
    ("source", "old", "new"),
    [
        slow(MIXTURE, "dlw[j] += dv", "dlw[j] = dv"),
        (MLP, "dx[k] += dlogits[j] * W2_j[k]", "dx[k] += dlogits[j] * W2_j[0]"),
        slow(MLP, "dx[k] += dlogits[j] * W2_j[k]", "dx[k] = dlogits[j] * W2_j[k]"),
    ],
)
def test_the_statement_that_was_changed_is_found(source: str, old: str, new: str) -> None:
    (found,) = told(changed(source, old, new))
    assert (found.statement, found.expected) == (new, old)
    assert found.found != found.wanted
    assert found.what.startswith("the derivative by ")


DIFFERENCE = "def f(y[n], z[n]):\n    u = [z[i] - y[i] for i]\n    return sum(u[i]**2 for i)\n"
SUM = DIFFERENCE.replace("z[i] - y[i]", "z[i] + y[i]")


@pytest.mark.parametrize(
    ("source", "old", "new"),
    [(SUM, "du[i] = 2.0 * u", "du[i] = -2.0 * u"), (DIFFERENCE, "dy[i] = -du[i]", "dy[i] = du[i]")],
)
def test_a_sign_is_mended_as_a_person_would(source: str, old: str, new: str) -> None:
    (found,) = told(changed(source, old, new))
    assert (found.statement, found.expected) == (new, old)


def test_no_part_of_a_right_sum_is_accused_of_another_statement() -> None:
    assert "dx += 2.0 * (-u * (v_ratio / v_sum) * x)" in compile_source(HALVES, "f.mg", Options()).text
    (found,) = told(changed(HALVES, "* cos(x)", "* sin(x)"))
    assert "* sin(x)" in found.statement


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        slow(" + dz_exp_sum", "", "dz_exp = t[i] / z_exp_sum + dz_exp_sum"),
        slow("t[i] * (dt[i] / z_exp_sum)", "t[i] * 1.0", ""),
    ],
)
def test_a_number_of_a_turn_is_the_derivative_by_an_entry(old: str, new: str, expected: str) -> None:
    source = "def f(z[n], t[n]): return sum(softmax(z)*t)\n"
    text = changed(source, old, new)
    before = compile_source(source, "f.mg", Options()).text.splitlines()
    (found,) = told(text)
    (line,) = [place for place, (a, b) in enumerate(zip(before, text.splitlines(), strict=True), 1) if a != b]
    assert holds(found, line)
    assert found.expected == expected


def test_a_name_that_holds_something_else() -> None:
    (found,) = told(changed(MIXTURE, "dlw[j] += dv", "lw[j] += dv"))
    assert found.statement == "lw[j] += dv"
    assert "'float' object is not subscriptable" in found.what


def test_no_right_line_is_accused_of_a_later_one() -> None:
    text = changed(CUBES, "3.0 * x[i] ** 2", "3.0 * x[i] ** 2\n        if n == 100: dx[i] = 0.0")
    (found,) = told(text)
    assert "if n == 100: dx[i] = 0.0" in found.statement
    assert len(literal_eval(found.where.removeprefix("f_value_and_grad"))) == 100


@pytest.mark.parametrize("new", ['"net.linear1.c": db1', slow("")])
def test_a_parameter_that_has_no_key(new: str) -> None:
    found = told(changed(MLP, '"net.linear1.b": db1', new).replace("        ,\n", ""))[0]
    assert found.what == "the derivative by net.linear1.b[0] is wrong"
    assert "'net.linear1.b': db1" in found.expected
    assert found.statement.startswith("grads = {")


def test_a_return_before_all_others() -> None:
    (found,) = told(changed(CUBES, "# forward\n", "return 0.0, ([0.0] * n,)\n"))
    assert found.statement == "return 0.0, ([0.0] * n,)"


def test_a_condition_that_always_holds() -> None:
    source = "def f(x[n], a):\n    return sum(x[i]*x[j] if x[j] > a else a*a for i for j)\n"
    (found,) = told(changed(source, "if x[j] > a:", "if True:"))
    assert (found.statement, found.expected) == ("if True:", "if x[j] > a:")


def test_a_mean_that_is_divided_by_the_number_that_a_size_has() -> None:
    (found,) = told(changed("def f(x[n]): return mean(x[i]**3 for i)\n", "3.0 / n", "3.0 / 3"))
    assert found.expected.endswith("3.0 / n")
    assert len(literal_eval(found.where.removeprefix("f_value_and_grad"))) == 4


@pytest.mark.parametrize(
    ("source", "old", "new"),
    [
        ("def f(w[n], C[n, n], lam): return dot(w, C @ w)*lam\n", "db = lam * w[i]", "db = w[i]"),
        ("def f(u[n]): return sum((u[i+1] - u[i])**2 for i in range(n - 1))\n", "= 2.0 * u_minus_u", "= 2.0"),
    ],
)
def test_a_factor_that_is_missing_beside_a_number_or_an_argument_is_found(source: str, old: str, new: str) -> None:
    (found,) = told(changed(source, old, new))
    assert found.statement.endswith(new)
    assert found.expected.endswith(old)
    assert found.within is None


def test_where_no_change_is_known_to_help_the_lines_are_told_in_which_the_mistake_lies() -> None:
    old = "dx[i] = x_sin + x[i] * cos(x[i])"
    text = changed("def f(x[n]): return sum(sin(x[i])*x[i] for i)\n", old, "dx[i] = 2.0 * x_sin - x[i] ** 3")
    line = next(place for place, one in enumerate(text.splitlines(), 1) if "x[i] ** 3" in one)
    (found,) = told(text)
    assert found.within is not None
    assert holds(found, line)
    assert not found.expected
    assert f"the mistake is somewhere in lines {found.within[0]} to {found.within[1]}" in str(report(text))


REQUIRING = """def f(x, y, a):
    require CONDITION
    u = x*y + a
    return u**2 + 3*a*x
"""


@pytest.mark.parametrize("condition", ["a > 0", "x > y"])
def test_a_statement_is_found_where_some_points_are_refused(condition: str) -> None:
    (found,) = told(changed(REQUIRING.replace("CONDITION", condition), "dy = du * x", "dy = du * y"))
    assert (found.statement, found.expected) == ("dy = du * y", "dy = du * x")


def test_a_summand_that_the_result_lacks_is_found() -> None:
    source = "def f(s, k):\n    r = s/k\n    d = log(r)\n    return s*d + r*exp(-d)\n"
    (found,) = told(changed(source, "ds = d + dr / k", "ds = dr / k"))
    assert (found.statement, found.expected) == ("ds = dr / k", "ds = dr / k + d")


CALL = """def f(S, K, r, sigma, T):
    require S > 0 and K > 0 and sigma > 0 and T > 0
    d1 = (log(S/K) + (r + sigma**2/2)*T)/(sigma*sqrt(T))
    d2 = d1 - sigma*sqrt(T)
    return S*0.5*(1 + erf(d1/sqrt(2))) - K*exp(-r*T)*0.5*(1 + erf(d2/sqrt(2)))
"""


@pytest.mark.slow
def test_the_lines_that_are_told_go_to_where_the_result_is_returned() -> None:
    text = changed(CALL, "(dS, dK,", "(-dS, dK,")
    (found,) = told(text)
    assert holds(found, next(place for place, one in enumerate(text.splitlines(), 1) if "(-dS, dK," in one))


def test_a_return_before_the_backward_half_should_not_be_there() -> None:
    early = "return out, (0.0, 0.0)"
    text = changed("def f(x, y): return tanh(x*y)\n", "# backward\n", f"{early}\n    # backward\n")
    (found,) = told(text)
    assert found.what == "the derivative by x is wrong: this should not be here"
    assert (found.statement, found.expected) == (early, "")


MOMENTS = """def f(x[n]):
    m = mean(x)
    v = mean((x[i] - m)**2 for i)
    return m, v, mean((x[i] - m)**3 for i)/v**1.5
"""


@pytest.mark.slow
def test_no_right_line_is_accused_of_what_another_one_does_with_it() -> None:
    text = changed(MOMENTS, "dm_out + part_of_dm +", "dm_out - part_of_dm +")
    (found,) = told(text)
    assert holds(found, next(place for place, one in enumerate(text.splitlines(), 1) if "dm_out - part" in one))
