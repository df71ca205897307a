"""Emitted texts with one edit: wrong ones that are not proved, and right ones that are."""

from __future__ import annotations

import pytest

import mgc
from mgc.compiler.verify.report.report import Report
from mgc.compiler.verify.verify import verify_text
from mgc.runtime import audit

MODELS = """
def disjunction(x, y):
    return x*x if y <= 0.0 or sqrt(y) > 3.0 else y*x

def conjunction(x, y):
    return x*x if y > 0.0 and log(y) > 1.0 else y*x

def inverse(x, y):
    return x*x if y == 0.0 or 1.0/y > 3.0 else y*x

def kink(x, y):
    return max(x, 0.0)*y

def squares(x[n]):
    return sum(x[i]*x[i] for i)

def two(x[n], y[m]):
    return sum(x[i] for i)*sum(y[j] for j)

def scaled(x[n], k: int):
    return sum(x[i]*x[i] for i)*k

def roots(x[n]):
    return sum(sqrt(x[i]) if x[i] > 0 else x[i] for i)
"""
TEXT = mgc.loads(MODELS).source
WRONG = {
    "a condition that raises": (
        "disjunction",
        "out_either = y <= 0.0 or sqrt(y) > 3.0",
        "out_either = sqrt(y) > 3.0 or y <= 0.0",
    ),
    "what raises beyond a domain": (
        "disjunction",
        "dx = 2.0 * x if out_either else y",
        "dx = (x + x + 0.0 * sqrt(y) if y <= 0.0 else x + x) if out_either else y",
    ),
    "a conjunction that raises": (
        "conjunction",
        "out_both = y > 0.0 and log(y) > 1.0",
        "out_both = log(y) > 1.0 and y > 0.0",
    ),
    "what is not asked": (
        "inverse",
        "dx = 2.0 * x if out_either else y",
        "dx = (7.0 if y == 0.0 else x + x) if out_either else y",
    ),
    "a share of a tie beside a loop without turns": (
        "kink",
        "dx = y if x > 0.0 else 0.0",
        "dx = y if x > 0.0 else (y * 1.3 if x == 0.0 else 0.0)\n    for i in range(0):\n        dx = 0.0",
    ),
    "a share of a tie beside equal constants": (
        "kink",
        "dx = y if x > 0.0 else 0.0",
        "dx = y if x > 0.0 else (y * 1.3 if x == 0.0 else 0.0)\n    a = 0.0\n    b = 0.0\n    if a > b:\n        b = a",
    ),
    "no more than nine turns": (
        "squares",
        "    return out, (dx,)",
        "    for i in range(min(n, 9), n):\n        dx[i] = 0.0\n    return out, (dx,)",
    ),
    "an entry where there is none": ("squares", "dx = [0.0] * n", "dx = [0.0] * max(n, 1)"),
    "no entries where the other array has none": (
        "two",
        "    return out, (dx, dy)",
        "    return out, (dx, dy if n > 0 else [])",
    ),
    "an entry that is read where there is none": (
        "squares",
        "    return out, (dx,)",
        "    out = out + 0.0 * x[0]\n    return out, (dx,)",
    ),
    "a lower bound of an integer": ("scaled", "2.0 * (k * x[i])", "2.0 * (max(k, -7) * x[i])"),
    "a bound of an integer": ("scaled", "2.0 * (k * x[i])", "2.0 * (min(k, 40) * x[i])"),
    "a size that the derivative alone has no slope at": (
        "squares",
        "    return out, (dx,)",
        "    if n == 4:\n        out = out + 0.0 * sqrt(x[0] - x[0])\n        dx[0] = 7.0\n    return out, (dx,)",
    ),
    "an arm that no size of those that had slopes took": (
        "roots",
        "    return out, (dx,)",
        "    if n > 2 and x[2] > 50.0:\n        dx[2] = 7.0\n    return out, (dx,)",
    ),
}


def verified(function: str, old: str, new: str) -> Report:
    start = TEXT.index(f"def {function}_value_and_grad")
    place = TEXT.index(old, start)
    text = TEXT[:place] + new + TEXT[place + len(old) :]
    return verify_text(text, "edited.py", functions=[function], namespace=audit.run(text, "edited.py").namespace)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_text_is_not_proved(name: str) -> None:
    report = verified(*WRONG[name])
    assert report.functions[0].verdict in ("false", "tested"), report


def test_the_texts_themselves_are_proved() -> None:
    assert [one.verdict for one in verify_text(TEXT, "edited.py").functions] == ["proved"] * MODELS.count("def ")


def test_a_disjunction_as_python_reads_it() -> None:
    new = "dx = x + x if y == 0.0 or 1.0 / y > 3.0 else y"
    assert verified("inverse", "dx = 2.0 * x if out_either else y", new).functions[0].verdict == "proved"


def test_a_default_that_is_kept_from_call_to_call() -> None:
    helper = "def bump(v, a=[0.0]):\n    a[0] = a[0] + 1.0\n    return v if a[0] < 1e5 else 7.0\n\n\ndef disjunction("
    text = TEXT.replace("def disjunction(", helper, 1).replace(
        "dx = y if x > 0.0 else 0.0", "dx = bump(y if x > 0.0 else 0.0)"
    )
    report = verify_text(text, "edited.py", functions=["kink"])
    assert report.functions[0].verdict == "not checked"


@pytest.mark.parametrize("shape", ["n(", ""])
def test_a_docstring_without_sizes(shape: str) -> None:
    text = TEXT.replace("x: [n] of float", f"x: [{shape}] of float")
    with pytest.raises(ValueError, match="the docstring of squares has no sizes in"):
        verify_text(text, "edited.py", functions=["squares"])


def test_a_size_that_is_too_large() -> None:
    text = TEXT.replace("x: [n] of float", "x: [9**9**9] of float")
    assert "a size of 9**387420489" in str(verify_text(text, "edited.py", functions=["squares"]))


def test_a_list_inside_itself() -> None:
    report = verified("squares", "dx[i] = 2.0 * x[i]", "dx[i] = dx")
    assert report.functions[0].verdict == "false"


def test_derivatives_that_stop_are_not_checked() -> None:
    text = mgc.loads("def f(x): return sin(detach(x))*x").source
    function = verify_text(text, "edited.py", namespace=audit.run(text, "edited.py").namespace).functions[0]
    assert (function.verdict, "says detach" in " ".join(function.notes)) == ("not checked", True)
    wrong = text.replace("return out, (x_sin,)", "return out + 1.0, (x_sin,)")
    assert wrong != text
    assert verify_text(wrong, "edited.py").functions[0].verdict == "false"


def test_an_arm_of_a_helper_that_no_size_took() -> None:
    helper = "def pick(n, v):\n    return 7.0 if n * n == 144 else v\n\n\ndef disjunction("
    text = TEXT.replace("def disjunction(", helper, 1).replace("dx[i] = 2.0 * x[i]", "dx[i] = pick(n, x[i] + x[i])")
    (function,) = verify_text(text, "edited.py", functions=["squares"]).functions
    assert (function.verdict, "n * n == 144" in " ".join(function.notes)) == ("tested", True)
