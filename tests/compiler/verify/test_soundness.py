"""Wrong code that a weaker check would believe: each text here is false, and none of it may be called proved."""

from __future__ import annotations

from fractions import Fraction

import pytest

import mgc
from mgc.compiler.verify import clock
from mgc.compiler.verify.equal.deciding import Residues
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.verify import verify_text
from mgc.grammar.parser import parse
from support.verification import TEXT, emitted, of_text

WRONG = {
    "a constant that underflows": ("x", "exp(-(x - 40.0) * (x - 40.0))", "0.0"),
    "a shift far from zero": ("x", "exp(x - 800.0)", "0.0"),
    "a number as a condition": ("x, y", "y if x else 0.0", "0.0, x"),
    "a value on an interval of floor": ("x", "x if floor(x) == 50.0 else 2.0 * x", "2.0"),
    "a slope on an interval of floor": ("x", "x * x", "2.0 * x if floor(x) != 1000.0 else 1.0"),
    "a kink of a square": ("x", "abs(x * x + x - 3.75)", "SLOPE if x * x + x - 3.75 != 0.0 else 1e9"),
    "above both slopes at relu's kink": ("x", "0.0 if x <= 0.0 else x", "1.0 if x > 0.0 else 1.5 if x == 0.0 else 0.0"),
    "below both on a branch's edge": (
        "x",
        "x if x > 1.0 else 3.0 * x - 2.0",
        "1.0 if x > 1.0 else 0.5 if x == 1.0 else 3.0",
    ),
    "a smaller domain": ("x", "x * x / 2.0", "sqrt(x) * sqrt(x)"),
    "logarithms that cancel": ("x, y", "x * x", "2.0 * x + log(y) - log(y), 0.0"),
    "no guard at the origin": (
        "x, y",
        "x * hypot(x, y)",
        "hypot(x, y) + x * (x / hypot(x, y)), x * (y / hypot(x, y))",
    ),
    "no guard of a logarithm": ("x, y", "pow(x, y)", "y * pow(x, y - 1.0) if y != 0.0 else 0.0, pow(x, y) * log(x)"),
    "a little off at one number": ("x", "x * x", "2.0 * x if x != 0.7 else 1.4000000001"),
    "a pole on an edge": (
        "x, z",
        "x * x * z",
        "2.0 * x * z, 0.0 if x * z - 29791.0 == 0.0 else (x * z - 29791.0) * (x * x / (x * z - 29791.0))",
    ),
    "no root in a window": ("x, z", "z * z * W", "z * z * (2.0 * x - 40001.0), 2.0 * z * (sqrt(W) * sqrt(W))"),
    "no power in a window": ("x, z", "z * z * W", "z * z * (2.0 * x - 40001.0), 2.0 * z * pow(W * W * W, 1.0 / 3.0)"),
    "another guard": ("x, y", "x * x * y", "2.0 * x * y if x != y - 0.7 else 1.0, x * x"),
    "a power for the cube root": ("x", "cbrt(x)", "x ** (-2.0 / 3.0) / 3.0"),
    "a root of a square in another arm": (
        "x, z",
        "sqrt(W) if z > 0.0 else sqrt(W * (W + 1.0) - W)",
        "(2.0 * x - 40001.0) / (2.0 * sqrt(W)) if z > 0.0 else 2.0 * x - 40001.0, 0.0",
    ),
    "a tiny term": ("x, y", "x * x", "2.0 * x + 1e-15 * y, 0.0"),
    "a tiny share": ("x", "x * x", "2.00000000000001 * x"),
    "a threshold that is almost right": ("x", "x if x > 1.0 else 0.0", "1.0 if x > 1.00000000000001 else 0.0"),
    "no number beyond a bound": ("x", "x * x", "2.0 * x if x < 5000.0 else nan"),
    "no number at all": ("x", "x * x", "2.0 * x if x < 0.0 else nan"),
    "no number beyond a far bound": ("x", "x * x", "2.0 * x if x * x < 1e30 else nan"),
    "far beyond a bound": ("x", "x * x", "2.0 * x if x < 5000.0 else 3.0"),
}
TESTED = {  # no point of those that are drawn shows it
    "a constant that underflows",
    "a shift far from zero",
    "a root of a square in another arm",
    "a value on an interval of floor",
    "a slope on an interval of floor",
    "a tiny term",
    "a tiny share",
    "no number beyond a far bound",
}


def text_of(case: str) -> str:
    arguments, value, slopes = WRONG[case]
    slopes = slopes.replace("SLOPE", "(2.0 * x + 1.0) * (1.0 if x * x + x - 3.75 > 0.0 else -1.0)")
    value, slopes = (part.replace("W", "((x - 20000.0) * (x - 20001.0))") for part in (value, slopes))
    used = [name for name in ("exp", "floor", "sqrt", "log", "hypot", "cbrt", "nan") if name in value + slopes]
    head = f"from math import {', '.join(used)}\n\n\n" if used else ""
    return head + TEXT.format(arguments=arguments, value=value, slopes=slopes, by=arguments, shapes="")


@pytest.mark.parametrize("case", WRONG)
def test_wrong_code_is_never_proved(case: str) -> None:
    report = verify_text(text_of(case))
    assert report.functions[0].verdict in ("false", "tested"), case
    assert case in TESTED or not report.ok


@pytest.mark.parametrize("line", ["sin = 3.0", "from math import cos as sin", "def f(x):\n    return 0.0"])
def test_a_text_holds_nothing_that_gives_names_another_meaning(line: str) -> None:
    with pytest.raises(ValueError, match="nothing that mgc emits"):
        verify_text(f"{TEXT.format(arguments='x', value='x', slopes='1.0', by='x', shapes='')}\n\n{line}\n")


def test_the_cube_root_is_no_power() -> None:
    """They differ below 0, wherever that matters."""
    x = terms.symbol("x")
    assert not Residues().equal(terms.function("cbrt", x), x ** Fraction(1, 3))


def written(statements: str, dx: str = "dx", head: str = "") -> str:
    """A text whose derivative is right unless the statements after `dx` change it."""
    lines = "".join(f"    {line}\n" for line in statements.splitlines())
    body = f"    out = x[0] * x[1] * t\n    dx = [x[1] * t, x[0] * t]\n{lines}"
    shapes = "\n\n    x: [2] of float\n    "
    text = TEXT.format(arguments="x, t", value="x[0] * x[1] * t", slopes=f"{dx}, x[0] * x[1]", by="x, t", shapes=shapes)
    start = text.rindex("    return")
    return head + text[:start] + body + text[start:].replace("return x[0] * x[1] * t", "return out")


CHECK = "def check_shape(name, array, size):\n    if array[0] + 40.0 < 0.0:\n        array[0] = 0.0\n\n\n"
ELEMENT = "def element(index, size):\n    return 0\n\n\n"
IGNORED = {
    "a method of a list": ("dx.append(5.0)", "dx"),
    "a method of an argument": ("x.append(5.0)", "dx"),
    "a method on one path": ("if t + 40.0 < 0.0:\n    dx.append(5.0)", "dx"),
    "a value that is not used": ("x[5]", "dx"),
    "a list that grows under another name": ("alias = dx\nalias += [5.0]", "dx"),
    "a list of one arm": ("if t + 40.0 > 0.0:\n    v = dx", "v"),
    "a list of one arm, in a loop": ("for i in range(2):\n    if t + 40.0 > 0.0:\n        v = dx", "v"),
    "bits": ("", "[x[~1] * t, x[~0] * t]"),
    "a builtin's name": ("if t + 40.0 < 0.0:\n    abs = 1.0\n    dx[0] = abs(1.0) * x[1] * t", "dx"),
    "a builtin's name, later": ("if t + 40.0 < 0.0:\n    dx[0] = abs(1.0) * x[1] * t\n    abs = 1.0", "dx"),
    "another check": ('check_shape("x", x, 2)', "dx"),
    "another element": ("dx = [x[element(1, 2)] * t, x[0] * t]", "dx"),
}


@pytest.mark.parametrize("case", IGNORED)
def test_what_the_text_does_besides(case: str) -> None:
    statements, dx = IGNORED[case]
    assert verify_text(written("")).functions[0].verdict == "proved"
    head = CHECK if "check_shape" in statements else ELEMENT if "element" in statements else ""
    assert verify_text(written(statements, dx, head)).functions[0].verdict in ("not checked", "false")


def test_a_list_that_only_its_arm_reads() -> None:
    statements = "if t > 1.0:\n    v = dx\n    z = v[0]\nelse:\n    z = x[1] * t\nif t > 1.0:\n    z = v[0]\ndx[0] = z"
    assert verify_text(written(statements)).functions[0].verdict == "proved"


@pytest.mark.parametrize(
    ("value", "verdict"), [("y*y + sum(x)/n if y > 3 else y", "proved"), ("y*y + sum(x) if y > 3 else y", "false")]
)
def test_a_statement_of_an_arm_raises_only_where_the_function_does(value: str, verdict: str) -> None:
    text = emitted(f"def f(x[n], y): return {value}")
    assert of_text(text).verdict == "proved"
    before, _, after = text.rpartition("    return")
    assert of_text(f"{before}    if y > 3.0:\n        q = 1.0 / n\n    return{after}").verdict == verdict


def test_conditions_in_conditions_are_run_once() -> None:
    condition = "(" * 30 + "t > 0.0" + "".join(f" and x[1] > {k}.5)" for k in range(30))
    before = clock.now()
    report = verify_text(written(f"if {condition}:\n    dx[0] = x[1] * t"))
    assert report.functions[0].verdict in ("proved", "tested")
    assert clock.now() - before < 1_000_000


# --- what a text says beside the bodies of its functions

MODEL = """model m(x[n]):
    param W[3, n] = uniform(-1, 1)
    return sum(W @ x)

def f(x[2], y[3], a = 2.0): return [a*x[i]*y[j] for i, j]

def g(x, y, a = 2.0): return a*x*x*y
"""
CHANGED = {
    "a default of the derivative": ("def g_value_and_grad(x, y, a=2.0)", "def g_value_and_grad(x, y, a=3.0)"),
    "a default of the derivative, after an adjoint": ("dout, a=2.0)", "dout, a=3.0)"),
    "a default of both": ("a=2.0", "a=3.0"),
    "no default": ("a=2.0", "a"),
    "the order in the derivative": ("def g_value_and_grad(x, y, a", "def g_value_and_grad(y, x, a"),
    "the order in both": ("(x, y, a", "(y, x, a"),
    "a parameter's name at the start": ('"m.W": [[', '"m.V": [['),
    "a parameter's shape at the start": ("(n)] for _ in range(3)]", "(n)] for _ in range(4)]"),
    "a value in lists": ("return a * x * x * y", "return [[a * x * x * y]]"),
    "a derivative by no parameter": ('"m.W": dW,', '"m.W": dW, "m.V": 3.0,'),
}


@pytest.mark.parametrize("case", CHANGED)
def test_what_the_text_says_beside_its_bodies(case: str) -> None:
    text = mgc.loads(MODEL).module.text
    assert CHANGED[case][0] in text
    module = mgc.loads(MODEL).module
    right = verify_text(text, module=module, file=parse(MODEL, "a.mg"))
    assert [function.verdict for function in right.functions] == ["proved"] * 3
    assert not verify_text(text.replace(*CHANGED[case]), module=module, file=parse(MODEL, "a.mg")).ok


ALONE = {
    "a default": ("x, y, a=2.0", "x, y, a=3.0", "a * x * y", "a * x * y", "a * y, a * x, x * y"),
    "the order": ("x, y", "y, x", "x * x * y", "x * x * y", "2.0 * x * y, x * x"),
    "a number in lists": ("x, y", "x, y", "x * y", "[[x * y]]", "y, x"),
}


@pytest.mark.parametrize("case", ALONE)
def test_the_derivative_takes_and_gives_what_the_function_does(case: str) -> None:
    arguments, again, value, returned, slopes = ALONE[case]
    text = TEXT.format(arguments=arguments, value=value, slopes=slopes, by=arguments.replace("=2.0", ""), shapes="")
    text = text.replace(f"f_value_and_grad({arguments})", f"f_value_and_grad({again})")
    assert not verify_text(text.replace(f"return {value}, (", f"return {returned}, (")).ok


def test_nothing_is_proved_of_a_function_without_derivative_or_source() -> None:
    (report,) = verify_text('def f(x):\n    """f of a.mg, line 1."""\n    return x * x\n').functions
    assert report.verdict == "not checked"
    assert report.notes == ("not checked: it has no derivative, and its source is not at hand",)


@pytest.mark.parametrize("helper", ["def clip(x):\n    return x", "def add(x, y, z):\n    return x"])
def test_a_helper_of_other_arguments_is_run_as_it_is_written(helper: str) -> None:
    text = TEXT.format(arguments="x", value="x * x", slopes="2.0 * x", by="x", shapes="")
    if "clip" in helper:
        text = text.replace("x * x", "clip(x) * x")
    report = verify_text(f"{helper}\n\n\n{text}")
    assert report.helpers == ()
    assert report.functions[0].verdict == "proved"
    assert [note for note in report.functions[0].notes if "internal" in note] == []


def test_cpython_is_asked_for_the_shape_and_for_the_arguments() -> None:
    text = written("")
    row, end = "[x[1] * t, x[0] * t]", "    return out"
    for old, new in ((row, f"[{row}]"), (end, f"    x.append(1.0)\n{end}")):
        namespace: dict[str, object] = {}
        exec(text.replace(old, new), namespace)
        assert not verify_text(text, namespace=namespace).ok


ONE_PATH = '''def f(x, c):
    """f of a.mg, line 1.

    x: [2] of float
    """
    return x[1] * c


def f_value_and_grad(x, c):
    """f of a.mg, line 1, and its derivatives.

    x: [2] of float

    Returns (value, grads); grads holds those of x, c.
    """
    if c > 40.0:
        place = {place}
    dx = [0.0] * 2
    {use}
    return x[1] * c, (dx, x[1])
'''


@pytest.mark.parametrize(
    ("place", "use"), [(1, "dx[place] = c"), (2, "for k in range(1, place): dx[k] = c"), (1, "dx[1] = [c, c][place]")]
)
def test_a_place_that_only_one_branch_sets(place: int, use: str) -> None:
    """CPython raises UnboundLocalError on the other path."""
    assert not verify_text(ONE_PATH.format(place=place, use=use)).ok
