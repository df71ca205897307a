"""Helpers: one that bears the name of a function is that function, or it is told, or run as it is written."""

from __future__ import annotations

import ast

import pytest

import mgc
from mgc.compiler.verify.text import helpers
from mgc.compiler.verify.verify import verify_text
from mgc.runtime import audit


def rows(text: str) -> dict[str, tuple[str, str]]:
    """Status and method of each helper of a text."""
    found = helpers.tried(ast.parse(text), audit.run(text, "<text>").namespace)
    return {row.variable: (row.status, row.method) for row in found.rows}


def with_helper(model: str, old: str, new: str) -> str:
    text = mgc.loads(model).source
    assert text.count(old) == 1
    return text.replace(old, new)


def verdict(text: str) -> str:
    return verify_text(text, "edited.py", namespace=audit.run(text, "<text>").namespace).functions[0].verdict


CALLS = {
    "max": "max(x, y)",
    "min": "min(x, y)",
    "sign": "sign(x)*y",
    "clip": "clip(x, y, y + 1)",
    "sigmoid": "sigmoid(x)*y",
    "softplus": "softplus(x)*y",
    "logaddexp": "logaddexp(x, y)",
    "xlogy": "xlogy(x, y)",
    "xlog1py": "xlog1py(x, y)",
}


@pytest.mark.parametrize("name", CALLS)
def test_what_is_no_special_function_is_proved(name: str) -> None:
    assert name in helpers.BY_ALGEBRA
    assert rows(mgc.loads(f"def f(x, y): return {CALLS[name]}").source)[name] == ("proved", "algebra")


@pytest.mark.parametrize("name", ["sigmoid", "softplus", "logaddexp", "clip"])
def test_by_the_text_of_ieee_they_are_proved_given_its_own_helpers(name: str) -> None:
    status, method = rows(mgc.loads(f"def f(x, y): return {CALLS[name]}", ieee=True).source)[name]
    assert status == "proved" or method.startswith("algebra, given ")


WRONG = [
    ("max(x, y)", "x >= y or math.isnan(x)", "x >= y or x > 30.0"),
    ("sign(x)*y", "return ", "return 2.0 if x > 30.0 else "),
    ("sigmoid(x)*y", "def sigmoid(x):\n", "def sigmoid(x):\n    if 3.3 < x < 6.0:\n        return 0.5\n"),
    ("sin_pi(x)*y", "def sin_pi(x):\n", "def sin_pi(x):\n    if 33.3 < x < 36.0:\n        return 0.5\n"),
    ("sigmoid(x)*y", "def sigmoid(x):\n", "def sigmoid(x):\n    edge = 30.5\n    if x > edge:\n        return 1.0\n"),
]


@pytest.mark.parametrize(("expression", "old", "new"), WRONG)
def test_a_helper_is_tried_on_both_sides_of_its_numbers(expression: str, old: str, new: str) -> None:
    text = mgc.loads(f"def f(x, y): return {expression}").source
    name = expression.split("(")[0]
    start = text.index(f"def {name}(")
    text = text[:start] + text[start:].replace(old, new, 1)
    assert rows(text)[name][0] == "false"


def test_what_no_point_shows_is_run_as_it_is_written() -> None:
    hidden = "def sigmoid(x):\n    if (x - (3.0 + 4.3)) * (x - (3.0 + 4.4)) < 0.0:\n        return 0.5\n"
    text = with_helper("def f(x): return sigmoid(x)", "def sigmoid(x):\n", hidden)
    found = helpers.tried(ast.parse(text), audit.run(text, "<text>").namespace)
    assert [(row.status, row.note) for row in found.rows] == [("tested", helpers.AS_WRITTEN)]
    assert found.statuses == {}
    assert verdict(text) != "proved"


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("0.0", ("proved", "")),
        ("x if (x - (7.0 + 0.3)) * (x - (7.0 + 0.4)) < 0.0 else 0.0", ("tested", helpers.AS_WRITTEN)),
    ],
)
def test_a_function_of_math_that_the_text_has_itself(added: str, said: tuple[str, str]) -> None:
    own = f"import math\n\n\ndef exp(x):\n    return math.exp(x) + ({added})\n"
    text = mgc.loads("def f(x): return exp(x)").source.replace("from math import exp\n", own)
    found = helpers.tried(ast.parse(text), audit.run(text, "<text>").namespace)
    assert [(row.status, row.note) for row in found.rows] == [said]
    assert list(found.statuses) == (["exp"] if said[0] == "proved" else [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("min(max(x, low), high)", "max(min(x, high), low)"),  # where low > high
        ("min(max(x, low), high)", "min(max(x, low), high) if x != low else high"),
        ("min(max(x, low), high)", "min(max(x, low), high) if low != high else 2.0 * low"),
        ("min(max(x, low), high)", "min(max(x, low), high) if x != 3.7 else 0.0"),
    ],
)
def test_an_edge_is_no_exception(old: str, new: str) -> None:
    text = with_helper("def f(x, y): return clip(x, y, y + 1)", old, new)
    assert rows(text)["clip"][0] != "proved"


@pytest.mark.parametrize(
    "model",
    [
        "def f(x[n], k[n-1]): return [max(x[i+1], k[i]) for i in range(n - 1)]",
        "def f(x[n], i: int, j: int): return max(x[max(i, j)], x[min(i, j)])",
    ],
)
def test_a_helper_that_stands_for_a_builtin_takes_whole_numbers_too(model: str) -> None:
    assert verdict(mgc.loads(model).source) == "proved"


def test_other_right_spellings_are_proved() -> None:
    text = with_helper("def f(x, y): return clip(x, y, y + 1)", "min(max(x, low), high)", "min(high, max(low, x))")
    assert rows(text)["clip"] == ("proved", "algebra")
