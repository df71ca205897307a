"""The same numbers from the emitted C, all expressions of a collection in one file."""

from __future__ import annotations

import math

import pytest

from cases.case import EXPRESSIONS, Case
from cases.exceptions import RAISES, UNSUPPORTED
from cases.scores import is_sound
from cases.sources import cases
from cases.trial import told
from support import targets


def merged(chosen: list[Case]) -> str:
    """One model of all: the functions numbered, what they share once."""
    helpers, functions = dict[str, None](), []
    for number, case in enumerate(chosen):
        before, _, rest = case.text.partition("def f(")
        helpers |= dict.fromkeys("def " + helper for helper in before.split("def ") if helper)
        functions.append(f"def f{number}({rest}")
    return "".join([*helpers, *functions])


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == "own" else pytest.mark.collection) for name in EXPRESSIONS]
)
def test_every_number_is_within_the_bound(name: str) -> None:
    chosen = [case for case in cases(name) if case.id not in UNSUPPORTED]
    code = targets.c(merged(chosen))
    for number, case in enumerate(chosen):
        for point in case.points:
            value, slopes = code.value_and_grad(f"f{number}", point.arguments)
            arguments = case.text.partition("def f(")[2].partition(")")[0].split(", ")
            found = [value, *(slopes[arguments.index(variable)] for variable in case.wrt)]
            exact = [("value", point.value), *point.slopes.items()]
            for (which, score), x in zip(exact, found, strict=True):
                given_up = case.id in RAISES and not math.isfinite(x)
                assert given_up or is_sound(score, x), (case.id, told(which, score, x))
