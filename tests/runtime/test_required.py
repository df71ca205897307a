"""Numbers that are drawn are as required, and not on the end of that, where a function may have no derivative."""

from __future__ import annotations

from typing import Any

import pytest

import mgc
from mgc.grammar.diagnostics import DataError, ModelError
from mgc.runtime.drawn import complete
from mgc.runtime.model import Function
from mgc.runtime.required import Requirements


@pytest.mark.parametrize("sign", ["<", "<="])
def test_what_is_drawn_is_not_on_the_end_of_what_is_required(sign: str) -> None:
    function = mgc.loads(f"def f(x, y):\n    require x + y {sign} 1\n    return sqrt(1 - x - y)").f
    for seed in range(40):
        found = Requirements.of(function).met({"x": 0.9, "y": 0.7}, ["x", "y"], [], seed)
        assert found is not None
        assert 1 - found["x"] - found["y"] > 1e-7


def test_where_there_is_no_room_it_is_on_the_end() -> None:
    function = mgc.loads("def f(x, y):\n    require x <= y and y <= x\n    return x*y").f
    found = Requirements.of(function).met({"x": 0.9, "y": 0.7}, ["x", "y"], [], seed=0)
    assert found is not None
    assert found["x"] == found["y"]


SIZES = """
def longer(x[n], y[m]):
    require m == n + 2
    return sum(x[i]*y[i + 2] for i)
def long(x[n]):
    require n >= 50
    return sum(x)
def whole(x, k: int, c[3]: int):
    require k > 20 and -7 < c < -2
    return x*k
def nowhere(x):
    require x > 1 and x < 0
    return x
"""


def drawn(function: Function, **given: object) -> dict[str, Any]:
    return complete(function, given, lambda values: [], seed=0)[1]


def test_sizes_and_whole_numbers_are_drawn_as_required() -> None:
    model = mgc.loads(SIZES)
    longer = drawn(model.longer)
    assert len(longer["y"]) == len(longer["x"]) + 2
    assert len(drawn(model.longer, y=[1.0, 2.0, 3.0])["x"]) == 1
    assert len(drawn(model.long)["x"]) >= 50
    found = drawn(model.whole)
    assert found["k"] > 20
    assert all(-7 < one < -2 for one in found["c"])


def test_no_point_is_asked_for_where_all_arguments_are_given() -> None:
    model = mgc.loads("def f(x, y):\n    require x > 0\n    return x*y\n")
    with pytest.raises(DataError, match=r"^no point was found that is as f requires, give one: "):
        complete(model.f, {"x": -1.0}, lambda values: [], seed=0)
    with pytest.raises((DataError, ModelError)) as error:
        complete(model.f, {"x": -1.0, "y": 2.0}, lambda values: [], seed=0)
    assert "give one" not in str(error.value)
    assert "requires x > 0" in str(error.value)


def test_where_nothing_is_found_that_is_as_required_it_is_said() -> None:
    with pytest.raises(DataError, match=r"^no point was found that is as nowhere requires, give one: "):
        complete(mgc.loads(SIZES).nowhere, {}, lambda values: [], seed=0)
