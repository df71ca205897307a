"""What is run on symbols is what CPython runs: a text that is not followed is not checked, and never told as false."""

from __future__ import annotations

import ast
from contextlib import suppress

import pytest
from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types

import mgc
from mgc.compiler.emit.python.helpers import CHECK_SHAPE
from mgc.compiler.verify.findings import FunctionReport
from mgc.compiler.verify.report.report import Report
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.text import agreement, reading
from mgc.compiler.verify.trace.values import UNDEFINED
from mgc.compiler.verify.verify import verify_text
from mgc.runtime import audit


def of_text(text: str) -> Report:
    namespace = None
    with suppress(audit.AuditError):  # CPython is only asked what is known to be harmless
        namespace = audit.run(text, "<text>").namespace
    report = verify_text(text, "edited.py", namespace=namespace)
    assert [note for function in report.functions for note in function.notes if "internal error" in note] == []
    return report


def verified(model: str) -> FunctionReport:
    """The report on the first function of a model as it is emitted."""
    return of_text(mgc.loads(model).module.text).functions[0]


@pytest.mark.parametrize("value", ["copysign(x, y)", "copysign(x, 1.0)", "copysign(x, y)*y", "copysign(x, y)*x"])
def test_the_kink_of_copysign_is_that_of_abs(value: str) -> None:
    report = verified(f"def f(x, y): return {value}")
    assert (report.verdict, report.falsehoods) == ("proved", ())


def edited(model: str, old: str, new: str) -> str:
    """The emitted text with one place changed."""
    text = mgc.loads(model).module.text
    assert text.count(old) == 1
    return text.replace(old, new)


LINE = "    dx = 2.0 * x + y\n"
RIGHT = "2.0 * x + y"


def with_slope(slope: str, imports: str = "") -> FunctionReport:
    """The report on x*y + x*x with another text for its derivative by x."""
    text = edited("def f(x, y): return x*y + x*x", LINE, f"    dx = {slope}\n")
    return of_text(text.replace('"""\n', f'"""\n{imports}\n', 1) if imports else text).functions[0]


@pytest.mark.parametrize(
    "slope",
    [
        f"{RIGHT} if x < 1000.0 else ({RIGHT})*(3 or 1.0)",
        f"{RIGHT} if x < 1000.0 else ({RIGHT})*(1 and 2)",
        f"{RIGHT} if x < 1000.0 else ({RIGHT})*max(len((1.0 for i in range(1))), 1)",
    ],
)
def test_what_cpython_takes_otherwise_is_not_proved(slope: str) -> None:
    report = with_slope(slope)
    assert report.verdict == "false"
    assert report.falsehoods[0].what.startswith(("the derivative by x is wrong", "f_value_and_grad raises TypeError"))
    assert report.notes[0].startswith("not checked: line ")


@pytest.mark.parametrize("unknown", ["math.sin(x)", "(1.0 if x < inf else 2.0)", "isfinite(x)", "sigmoid(x)", "q"])
def test_a_name_that_the_text_does_not_know(unknown: str) -> None:
    assert with_slope(f"{RIGHT} if x < 1000.0 else ({RIGHT})*{unknown}").verdict == "false"


@pytest.mark.parametrize(
    ("slope", "imports"),
    [
        (f"{RIGHT} + (log(8.0, 2.0) - 3.0)", "from math import log\n"),
        (f"{RIGHT} if x is x else 0.0", ""),
        (f"{RIGHT} + (round(1.4, 1) - 1.4)", ""),
        (f"{RIGHT} + (hypot(3.0, 4.0, 0.0) - 5.0)", "from math import hypot\n"),
        (f"{RIGHT} + int(0.0)", ""),
        (f"{RIGHT} + len([x][:0])", ""),
        (f"{RIGHT} + (len([x] + [y]) - 2)", ""),
        (f"{RIGHT} + sum([0.0])", ""),
        (f"{RIGHT} + (lambda z: 0.0)(x)", ""),
        (f"{RIGHT} + (0.0 if x in (x, y) else 1.0)", ""),
        (f"{RIGHT} + abs(0j)", ""),
        (f"{RIGHT} + float('0.0')", ""),
        (f"{RIGHT} + max([[0.0]])[0]", ""),
        (f"{RIGHT} + (len('' 'a') - 1)", ""),
        (f"{RIGHT} + (0.0 if (x,) == (x,) else 1.0)", ""),
        (f"{RIGHT} + 0.0*len(str(x))", ""),
        (f"{RIGHT} + 0.0*(x or 1.0)", ""),
        (f"{RIGHT} + 0.0*pow(x, 2, None)", ""),
        (f"{RIGHT} + [0.0 for i in range(round(0*x))][0] if False else {RIGHT} + 0*round(x)", ""),
    ],
)
def test_a_right_text_that_is_not_followed_is_not_told_as_false(slope: str, imports: str) -> None:
    report = with_slope(slope, imports)
    assert report.falsehoods == ()
    assert report.verdict == "proved" or report.notes[0].startswith("not checked: line ")
    assert not any(word in note for note in report.notes for word in ("Error", "Term", "Row"))


@pytest.mark.parametrize(
    ("slope", "imports"),
    [
        (f"{RIGHT} + max([0.0, 0.0])", ""),
        (f"{RIGHT} + max(0.0, 0.0) + min(0, 1, 2)", ""),
        (f"{RIGHT} + 0.0*pi", "from math import pi\n"),
        (f"{RIGHT} + (2 * [0.0])[1]", ""),
    ],
)
def test_what_cpython_takes_so_is_followed(slope: str, imports: str) -> None:
    report = with_slope(slope, imports)
    assert (report.verdict, report.falsehoods) == ("proved", ())


@pytest.mark.parametrize("turns", ["min(n, len(x))", "max(n, 0)", "min([n, 5000])"])
def test_the_smaller_of_whole_numbers_is_one(turns: str) -> None:
    text = edited("def f(x[n]): return sum(x[i]**2 for i)", "dx = ", "dx = ")
    loops = text.count("range(n)")
    report = of_text(text.replace("range(n)", f"range({turns})")).functions[0]
    assert loops and (report.verdict, report.falsehoods) == ("proved", ())


@pytest.mark.parametrize("slope", [f"{RIGHT} + [x]", f"{RIGHT} + x[0]", f"{RIGHT} + exp([x])"])
def test_what_cpython_does_not_run_is_false(slope: str) -> None:
    report = with_slope(slope, "from math import exp\n")
    assert report.verdict == "false"
    assert "Error" in report.falsehoods[0].what


@pytest.mark.parametrize("value", ["x % k", "x*(k % 2)", "x*fmod(k, 2)", "fmod(x, k)", "remainder(x, k)"])
def test_an_integer_divisor_of_zero_is_outside_the_domain(value: str) -> None:
    report = verified(f"def f(x, k: int): return {value}")
    assert (report.verdict, report.falsehoods) == ("proved", ())


def test_an_argument_is_not_written_to() -> None:
    written = "    for j in range(m):\n        c[j] = 0\n    return out, (dx,)"
    text = edited("def f(x[n], c[m]: int): return sum(x[c[j]]**2 for j)", "    return out, (dx,)", written)
    report = of_text(text).functions[0]
    assert report.verdict == "false"
    assert any(said in report.falsehoods[0].what for said in ("is an argument", "changes its argument"))


def test_functions_are_paired_with_their_derivatives_by_what_their_docstrings_say() -> None:
    model = (
        "def f(x): return x**2\ndef f_(x): return x**3\ndef f_vjp(x): return x**4\ndef f_value_and_grad(x): return x"
    )
    text = mgc.loads(model).module.text
    found = reading.read(ast.parse(text))
    assert [(one.model, one.name) for one in found] == [(n, n) for n in ("f", "f_", "f_vjp", "f_value_and_grad")]
    assert len({one.derivative for one in found}) == 4
    report = of_text(text)
    assert [(one.verdict, one.notes) for one in report.functions] == [("proved", ())] * 4
    assert report.notes == ()


def test_a_function_that_is_emitted_under_another_name_is_known_by_its_own() -> None:
    (found,) = reading.read(ast.parse(mgc.loads("def nice(x): return exp(x)").module.text))
    assert (found.model, found.name) == ("nice", "nice_")


def test_a_function_under_another_name_is_said() -> None:
    text = mgc.loads("def ridge(x): return x**2").module.text.replace("def ridge(", "def rigde(")
    (report,) = of_text(text).functions
    assert report.verdict == "proved"
    assert "ridge is found under another name, rigde" in report.notes


def test_a_derivative_under_another_name_is_looked_at() -> None:
    text = mgc.loads("def ridge(x): return x**2").module.text.replace("ridge_value_and_grad", "ridge_grad")
    (found,) = reading.read(ast.parse(text))
    assert agreement.renamed(found) == "the derivative of ridge is found under another name, ridge_grad"
    assert of_text(text).functions[0].verdict == "proved"
    (report,) = of_text(text.replace("2.0 * x", "3.0 * x")).functions
    assert report.verdict == "false"


def test_a_derivative_without_its_function_is_not_looked_at() -> None:
    text = mgc.loads("def f(x): return x**2\ndef g(x): return x").module.text
    report = of_text(text[: text.index("def f(x)")] + text[text.index("def f_value") :])
    assert [one.name for one in report.functions] == ["g"]
    assert report.notes[0].startswith("not looked at: f_value_and_grad")


def test_a_list_where_a_tuple_is_promised_is_told() -> None:
    report = of_text(edited("def f(x, y): return x*y", "return out, (y, x)", "return out, [y, x]")).functions[0]
    assert report.verdict == "false"
    assert report.falsehoods[0].what == "f_value_and_grad returns a list of derivatives, and not a tuple"


@pytest.mark.parametrize(
    "line",
    ["import cmath as math", "if True:\n    from cmath import exp", "from cmath import exp", "import math.exp as f"],
)
def test_an_import_gives_no_name_a_second_meaning(line: str) -> None:
    text = mgc.loads("def f(x): return exp(x)").module.text
    with pytest.raises(ValueError, match="nothing that mgc emits"):
        verify_text(f"{text}\n\n{line}\n")


@pytest.mark.parametrize("more", ["y, extra", "y, extra=1.0"])
def test_the_derivative_takes_no_more_than_the_function(more: str) -> None:
    text = edited("def f(x, y): return x*y + x*x", "def f_value_and_grad(x, y)", f"def f_value_and_grad(x, {more})")
    (function,) = of_text(text).functions
    (found,) = [one for one in function.falsehoods if "takes" in one.what]
    assert found.line is not None and text.splitlines()[found.line - 1].startswith("def f_value_and_grad")


def test_a_list_of_derivatives_by_another_name() -> None:
    text = edited(
        "def f(x, y): return x*y + x*x", "    return out, (dx, x)", "    grads = [dx, x]\n    return out, grads"
    )
    assert of_text(text).functions[0].verdict == "false"


def test_a_function_has_the_name_of_the_model() -> None:
    report = mgc.loads("def el(x): return x*x").verify()
    assert [function.name for function in report.functions] == ["el"]


def test_a_list_has_no_sign() -> None:
    model, returned = "def f(x[n]): return sum(x[i]**2 for i)", "    return out, (dx,)"
    text = edited(model, returned, f"    dx = -dx\n{returned}")
    (function,) = of_text(text).functions
    assert function.verdict == "false"
    assert "bad operand type for unary -" in function.falsehoods[0].what


ROW_AT_A_PLACE = f'''
{CHECK_SHAPE}


def f(x, C):
    """f of f.mg, line 1.

    x: float
    C: [2, 2] of float
    """
    check_shape("C", C, 2, 2)
    place = 0
    if x > 0.0:
        place = 1
    row = C[place]
    return row[0] * row[1]


def f_value_and_grad(x, C):
    """f of f.mg, line 1, and its derivatives.

    x: float
    C: [2, 2] of float

    Returns (value, grads); grads holds those of x, C.
    """
    check_shape("C", C, 2, 2)
    place = 0
    if x > 0.0:
        place = 1
    row = C[place]
    dC = [[0.0] * 2 for _ in range(2)]
    drow = dC[place]
    drow[0] += row[1]
    dC[place][1] += row[0]
    return row[0] * row[1], (0.0, dC)
'''


def test_what_is_written_to_a_row_at_a_place_that_a_branch_decides_is_in_the_array() -> None:
    assert of_text(ROW_AT_A_PLACE).functions[0].verdict == "proved"
    assert of_text(ROW_AT_A_PLACE.replace("+= row[0]", "+= row[1]")).functions[0].verdict == "false"


def test_a_condition_that_a_first_number_decides_does_not_ask_the_second() -> None:
    zero = terms.select(terms.function("lt", terms.symbol("x"), terms.ONE), terms.ZERO, terms.ONE)
    unset = terms.function("lt", terms.ZERO, UNDEFINED)
    point = Evaluation({"x": mpf(0)})
    assert point.get(terms.function("and", zero, unset)) is False
    assert point.get(terms.function("or", terms.function("not", zero), unset)) is True


ASKED_IN_AN_ARM = '''def f(x, y):
    """f of a.mg, line 1."""
    is_positive = x > 0.0
    if is_positive:
        is_large = y > 1.0
    out = x
    if is_positive and is_large:
        out = x * y
    return out


def f_value_and_grad(x, y):
    """f of a.mg, line 1, and its derivatives.

    Returns (value, grads); grads holds those of x, y.
    """
    is_positive = x > 0.0
    if is_positive:
        is_large = y > 1.0
    out = x
    dx = 1.0
    dy = 0.0
    if is_positive and is_large:
        out = x * y
        dx = y
        dy = x
    return out, (dx, dy)
'''


def test_a_condition_that_is_known_in_one_arm_is_asked_there_alone() -> None:
    assert of_text(ASKED_IN_AN_ARM).functions[0].verdict == "proved"
    turned = ASKED_IN_AN_ARM.replace("is_positive and is_large", "is_large and is_positive")
    assert of_text(turned).functions[0].verdict == "false"
