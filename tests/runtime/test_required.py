"""Numbers that are drawn are as required, and not on the end of that, where a function may have no derivative."""

from __future__ import annotations

import pytest

import mgc
from mgc.runtime.required import as_required


@pytest.mark.parametrize("sign", ["<", "<="])
def test_what_is_drawn_is_not_on_the_end_of_what_is_required(sign: str) -> None:
    function = mgc.loads(f"def f(x, y):\n    require x + y {sign} 1\n    return sqrt(1 - x - y)").f
    for seed in range(40):
        found = as_required(function, {"x": 0.9, "y": 0.7}, ["x", "y"], {}, seed)
        assert 1 - found["x"] - found["y"] > 1e-7


def test_where_there_is_no_room_it_is_on_the_end() -> None:
    function = mgc.loads("def f(x, y):\n    require x <= y and y <= x\n    return x*y").f
    found = as_required(function, {"x": 0.9, "y": 0.7}, ["x", "y"], {}, seed=0)
    assert found["x"] == found["y"]
