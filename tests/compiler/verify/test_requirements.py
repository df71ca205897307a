"""What a model requires is assumed by verify, which draws its points there; and a text must require the same."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types

import mgc
from mgc.compiler.verify.equal.required import holds, moved
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.text import forms
from mgc.compiler.verify.verify import verify_text
from mgc.runtime import audit
from support.native_models import needs_c
from support.quick import first_quick, some_quick
from support.verification import edited, emitted, of_text, sound, verified, whats

FAR = "def f(x, y):\n    require x > 30000 and y < -20000\n    return log(x - 30000)*sqrt(-20000 - y)"
ROOTS = "def f(x[n]):\n    require x > 0\n    return sum(x[i]**0.5*log(x[i]) for i)"
PLACES = """\
def f(q[n], k: int, a):
    require n > 1 and 0 <= k < n
    require q[i] < q[i+1] for i in range(n - 1)
    require a >= 2 or q[0] != 3
    return a*q[k]**2
"""
ENDS = [
    "def f(p[n]):\n    require p >= 0\n    require sum(p) <= 1\n    return sum(sqrt(p[i]) for i)",
    "def f(p[3]):\n    require sum(p) < 1\n    require p >= 0\n    return sum(sqrt(p))",
    "def f(x[n], y[n]):\n    require x >= y\n    return sum(sqrt(x[i] - y[i]) for i)",
]
NO_MEANING = [
    "def f(x[n]):\n    require n >= 2\n    require x[1] > 0\n    return log(x[1])*x[0]",
    "def f(x[n], k: int):\n    require x[k] > 0\n    require 10 // k > 1\n    return log(x[k])",
]
SKIPPED = "    pass\n"
RESULTS = "def f(x[n]):\n    require max(x) <= 5\n    return 2*x"
PROVED = [
    "def f(x[n]):\n    require x != 1.8 and x <= 4.1\n    return sum(x[i]**2 for i)",
    ROOTS,
    FAR,
    PLACES,
    RESULTS,
    "def f(p[n]):\n    require p >= 0\n    require abs(sum(p) - 1) < 1e-9\n    return sum(p[i]**2 for i)",
    "model f(x):\n    require abs(x) < 1e-3\n    param w = 1\n    return w/(1 - 900*x)",
    "param w[2] = 1\ndef f(x):\n    require w > 50\n    return log(w[0] - 50)*x",
]
ENTRIES = "def f(t[n]: int, x[m]):\n    require 0 <= t[i] < m for i\n    return sum(x[t[i]]**2 for i)"
WRONG = [
    (ENTRIES, "if not (0 <= t[i]", "if not (0 <= t[0]"),
    (ENTRIES, "and t[i] < m)", "and t[0] < m)"),
    (ROOTS, "if not x[i] > 0.0:", "if not x[i] >= 0.0:"),
    (ROOTS, "if not x[i] > 0.0:", "if not x[i] > 0.01:"),
    (ROOTS, "for i in range(n):\n        if not", "for i in range(n - 1):\n        if not"),
    (PLACES, "if not (n > 1 and", "if not (n > 2 and"),
    (PLACES, "0 <= k and", "1 <= k and"),
    (PLACES, "k and k < n", "k and k <= n"),
    (PLACES, "a >= 2.0 or", "a > 2.0 or"),
    (PLACES, "q[i] < q[i + 1]", "q[i] <= q[i + 1]"),
    (RESULTS, "x_max <= 5.0", "x_max < 5.0"),
]


def of_source(model: str, text: str) -> str:
    """The verdict on a text beside the source that it is said to come from."""
    from mgc.compiler.verify.verify import verify_text
    from mgc.grammar.parser import parse

    namespace = audit.run(text, "<text>").namespace
    module = mgc.loads(model).module
    report = sound(verify_text(text, "edited.py", module=module, file=parse(model, "m.mg"), namespace=namespace))
    return report.functions[0].verdict


@pytest.mark.parametrize("model", first_quick(PROVED, 2))
def test_a_function_is_proved_where_its_arguments_are_as_required(model: str) -> None:
    assert verified(model).verdict == "proved"


def test_what_is_required_tells_at_which_sizes_there_is_a_value() -> None:
    model = "def f(x[n]):{}\n    return x[20]**2"
    assert verified(model.format("")).verdict == "not checked"
    assert verified(model.format("\n    require n > 20")).verdict == "proved"


@pytest.mark.parametrize("model", NO_MEANING)
def test_where_a_requirement_has_no_meaning_nothing_is_claimed_of_the_others(model: str) -> None:
    assert verified(model).verdict == "proved"


def test_where_all_requirements_have_one_the_others_are_held_to_the_source() -> None:
    model = NO_MEANING[0]
    assert of_source(model, edited(model, "if not n >= 2", "if not n >= 3")) == "false"


@pytest.mark.parametrize("options", [{"ieee": True}, {"style": "lesson"}], ids=str)
def test_whatever_the_options(options: dict[str, bool]) -> None:
    assert verified(RESULTS, **options).verdict == "proved"


def test_sizes_may_have_to_be_equal() -> None:
    report = verified("def f(x[n], y[m]):\n    require n == m\n    require n > 1\n    return x[0]*y[n - 1]")
    assert report.verdict == "proved"
    assert report.sizes == ("n = 3, m = 3", "n = 2, m = 2")


def test_where_sizes_have_to_be_equal_they_are_more_than_1() -> None:
    model = "def f(x[n], y[m]):\n    require n == m\n    return sum(x[i]*y[i] for i in range(n))"
    assert verified(model).sizes[0] == "n = 3, m = 3"


def test_a_text_alone_is_held_to_what_it_requires_itself() -> None:
    assert of_text(mgc.loads(RESULTS).module.text).verdict == "proved"


@pytest.mark.parametrize("model", ENDS)
def test_where_a_derivative_ends_with_what_is_allowed_it_is_compared_inside(model: str) -> None:
    report = verified(model)
    assert report.verdict == "proved"
    assert not report.notes


def test_what_is_wrong_near_an_end_is_false() -> None:
    wrong = edited(ENDS[0], "dp[i] = 0.5 / p_sqrt", "dp[i] = 0.5 / p_sqrt if p[i] < 0.97 else 9.0")
    assert of_text(wrong).verdict == "false"


def test_a_function_of_which_no_derivative_is_compared_is_not_checked() -> None:
    """Of nothing there is a value and no derivative; else there is a value at 0 alone, where sqrt has no derivative."""
    report = verified("def f(x[n]):\n    return sum(sqrt(min(x[i], 0)) for i)")
    assert report.verdict == "not checked"
    assert "there was none to compare" in "; ".join(report.notes)


def test_what_no_point_meets_is_not_checked() -> None:
    report = verified("def f(x):\n    require x > 1 and x < 0\n    return x**2")
    assert report.verdict == "not checked"
    assert "no point was found that meets what is required" in "; ".join(report.notes)


def test_sizes_that_are_refused_are_named() -> None:
    report = verified("def f(x[n]):\n    require n > 1\n    return x[0]*x[1]")
    assert "not defined at n = 1; n = 0 (f of" in "; ".join(report.notes)


@pytest.mark.parametrize("wrong", some_quick(WRONG, 3), ids=lambda wrong: wrong[2])
def test_a_text_that_requires_something_else_than_the_source_is_false(wrong: tuple[str, str, str]) -> None:
    model, old, new = wrong
    assert of_source(model, edited(model, old, new)) == "false"


@pytest.mark.parametrize("place", [0, 1])
def test_a_text_that_does_not_check_is_false(place: int) -> None:
    """In the function, or in its derivative alone: that is seen without the source, too."""
    text = mgc.loads(ROOTS).module.text
    call = "    f_requires(x, n)\n"
    parts = text.split(call)
    changed = parts[0] + "".join(f"{SKIPPED if at == place else call}{part}" for at, part in enumerate(parts[1:]))
    assert of_source(ROOTS, changed) == of_text(changed).verdict == "false"


def test_it_says_who_takes_what() -> None:
    text = mgc.loads("def f(x):\n    require x > 0\n    return x**2").module.text
    report = of_text(text.replace("    f_requires(x)\n    return x * x", "    return x * x"))
    assert "f_value_and_grad refuses what f takes: 0 < x is required" in whats(report)


def test_a_derivative_that_is_wrong_where_it_is_allowed_is_false() -> None:
    model = "def f(x):\n    require x > 1000\n    return x**3"
    wrong = "dx = 3.0 * (x * x) if x < 2000.0 else x"
    assert of_text(edited(model, "dx = 3.0 * (x * x)", wrong)).verdict == "false"


def test_a_derivative_that_is_wrong_only_where_it_is_refused_is_right() -> None:
    model = "def f(x):\n    require x > 0\n    return x**3"
    wrong = "dx = 3.0 * (x * x) if x > 0.0 else 7.0"
    assert of_text(edited(model, "dx = 3.0 * (x * x)", wrong)).verdict in ("proved", "tested")


@pytest.mark.parametrize(
    "refusal",
    [
        'raise ValueError(f"{x!r}")',
        'raise ValueError(f"{x:f}")',
        "raise ValueError(x)",
        "raise ArithmeticError",
        'raise ValueError("x") from None',
        'raise ValueError("x")\n        y = 1.0',
    ],
)
def test_only_the_form_of_mgc_raises(refusal: str) -> None:
    import ast

    text = f"def f(x):\n    if not x > 0.0:\n        {refusal}\n    return x"
    assert forms.refused(ast.parse(text), ["f"])
    assert not forms.refused(ast.parse(text.replace(refusal, 'raise ValueError(f"x is {x}")')), ["f"])


@needs_c
def test_c_refuses_what_python_refuses() -> None:
    assert mgc.loads(RESULTS).verify(target="c").functions[0].verdict == "proved"


@pytest.mark.parametrize("count", [2, 13])
def test_points_are_moved_until_they_meet_what_is_required(count: int) -> None:
    x = [terms.symbol(f"x[{i}]") for i in range(count)]
    total = sum(x[1:], start=x[0])
    for required in ([a < b for a, b in pairwise(x)], [*[one >= 0 for one in x], total <= 1]):
        source = random.Random(0)
        drawn = {str(one.payload): source.uniform(-2, 2) for one in x}
        found = moved(drawn, required, source)
        assert found is not None
        point = Evaluation({name: mpf(value) for name, value in found.items()})
        assert all(holds(point, condition) for condition in required)


@pytest.mark.parametrize("width", [1.0, 1e-4, 0.0])
def test_they_are_moved_inside_where_there_is_an_inside(width: float) -> None:
    x, y = terms.symbol("x"), terms.symbol("y")
    total = x + y
    for seed in range(10):
        found = moved({"x": 3.5, "y": -0.3}, [total <= 1 + width, total >= 1], random.Random(seed))
        assert found is not None
        inside = mpf(found["x"]) + mpf(found["y"]) - 1
        assert 0 < inside < width or inside == width == 0


@pytest.mark.parametrize("function", ["f", "f_value_and_grad"])
def test_one_function_alone_that_refuses_a_size_that_was_not_run(function: str) -> None:
    text = mgc.loads("def f(x[n]): return sum(x[i]**2 for i)").source
    at = text.index("    n = len(x)\n", text.index(f"def {function}("))
    for other, verdict in (("4 * 4 * 4", "false"), ("4 * 10 * 10", "tested")):
        said = f'    n = len(x)\n    if n * n == {other}:\n        raise ValueError("no")\n'
        report = of_text(text[:at] + said + text[at:].replace("    n = len(x)\n", "", 1))
        assert report.verdict == verdict
    assert "at none of the sizes and integers that were run `n * n == 4 * 10 * 10` is true" in report.notes[0]


@pytest.mark.parametrize("condition", ["x*x > 0", "x*x*1e200 > 0", "x*1e200*x*1e200 < 2", "not x*x*x == 0"])
def test_what_vanishes_in_doubles_is_not_held_against_the_text(condition: str) -> None:
    assert verified(f"def f(x):\n    require {condition}\n    return 2.0*x\n").falsehoods == ()


@pytest.mark.parametrize("refused", ["n * n == 49", "max(x) * max(x) == 0.0"])
def test_what_the_source_takes_is_not_refused(refused: str) -> None:
    model = "def f(x[n]):\n    require n > 0\n    require x > 0\n    return sum(sqrt(x[i]) for i)\n"
    old = "    for i in range(n):\n        if not x[i] > 0.0"
    text = emitted(model)
    assert text.count(old) == 1
    said = f'    if {refused}:\n        raise ValueError("no")\n'
    assert of_source(model, text.replace(old, said + old)) == "false"


@pytest.mark.parametrize(("old", "new"), [("if not n >= 2:", "if not n >= 3:"), ("if not a > 0.0:", "if not a > 1.0:")])
def test_a_text_that_stands_alone_requires_what_it_says(old: str, new: str) -> None:
    text = mgc.loads("def f(x[n], a):\n    require n >= 2\n    require a > 0\n    return a*sum(x)").source
    assert of_text(text).verdict == "proved"
    assert text.count(old) == 1
    report = of_text(text.replace(old, new))
    assert report.verdict == "false"
    assert "f refuses what its own message takes" in whats(report)


def test_a_size_that_was_run_is_refused_by_the_text_alone() -> None:
    model = mgc.loads("def f(x[n], k: int):\n    require n >= 2 and k != 2\n    return x[k]**2")
    wrong = model.source.replace("n >= 2 and", "2 <= n and n <= 8 and", 1)
    assert wrong != model.source
    for text, said in ((model.source, ""), (wrong, "f refuses what its own message takes")):
        assert whats(verify_text(text, blame=False).functions[0]) == said
