"""Emitted derivatives are the ones that tables and integrands publish: proved to be, or the same at points."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from cases.case import Case
from cases.published import agrees, slope
from cases.sources import cases
from mgc.compiler.verify.findings import Status

# How many of the published derivatives are proved, at least; the others are tested.
PROVED = {"derivative_table": 0.9, "rubi_pairs": 0.65}

# Derivatives of our own cases, by hand; and near misses.
BY_HAND = {
    ("own/pendulum", "theta"): "9.81*length*sin(theta)",
    ("own/pendulum", "length"): "9.81*(1 - cos(theta))",
    ("own/logistic regression", "gamma_v"): "-params_v/(1 + exp(params_v*gamma_v))",
    ("own/neuron", "b"): "1/cosh(2*w1 - 3*w2 + b)**2",
    ("own/branches", "x"): "where(x < 0, 2*x, where(x <= 1, cos(x), -1/(x*x)))",
    ("own/roots", "y"): "cbrt(y)/(3*y) + y/sqrt(x*x + y*y) + x/(x*x + y*y)",
}
WRONG = {
    ("own/pendulum", "theta"): "9.81*length*cos(theta)",
    ("own/pendulum", "length"): "9.8100000001*(1 - cos(theta))",
    ("own/logistic regression", "gamma_v"): "params_v/(1 + exp(params_v*gamma_v))",
    ("own/neuron", "b"): "1/cosh(2*w1 - 3*w2 + b)**2 + 1e-12",
    ("own/branches", "x"): "where(x < 0, 2*x, where(x <= 1, cos(x), -1/x))",
    ("own/roots", "y"): "cbrt(y)/(3*y) + y/sqrt(x*x + y*y) + y/(x*x + y*y)",
}


@cache
def own() -> dict[str, Case]:
    return {case.id: case for case in cases("own")}


def judged(which: tuple[str, str], text: str) -> Status:
    case = own()[which[0]]
    variables = case.text.rpartition("def f(")[2].partition(")")[0].split(", ")
    return agrees(case, which[1], slope(text, variables))


@pytest.mark.parametrize("which", BY_HAND, ids=" ".join)
def test_by_hand(which: tuple[str, str]) -> None:
    assert judged(which, BY_HAND[which]) in ("proved", "tested")


@pytest.mark.parametrize("which", WRONG, ids=" ".join)
def test_a_wrong_one_is_found(which: tuple[str, str]) -> None:
    assert judged(which, WRONG[which]) == "false"


@pytest.mark.collection
@pytest.mark.parametrize("name", PROVED)
def test_published(name: str) -> None:
    found = {
        f"{case.id} by {variable}": agrees(case, variable, text)
        for case in cases(name)
        for variable, text in case.published.items()
    }
    assert [which for which, status in found.items() if status not in ("proved", "tested")] == []
    assert Counter(found.values())["proved"] >= PROVED[name] * len(found)
