"""Predictions for rows: as many of each argument, and at least one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import mgc
from mgc.runtime.training.predict import predicted

EACH = mgc.loads("def score(x[n], y): return sum(x)*y")["score"]
ALL = mgc.loads("def score(x[m, n]): return [sum(x[i]) for i]")["score"]


def test_a_row_of_each_argument() -> None:
    assert predicted(EACH, None, {"x": [[1.0, 2.0], [3.0, 4.0]], "y": [1.0, 2.0]}) == {"score": [3.0, 14.0]}


@pytest.mark.parametrize(
    ("function", "data", "said"),
    [
        (EACH, {"x": [], "y": []}, "the data has no rows"),
        (ALL, {"x": []}, "the data has no rows"),
        (EACH, {"x": [[1.0]], "y": [1.0, 2.0]}, "takes one row of each argument, found 1 of x, 2 of y"),
        (EACH, {"x": [[1.0]], "y": 1.0}, "takes one row of each argument, found 1 of x, 0 of y"),
    ],
)
def test_rows_that_are_missing_are_told(function: mgc.Function, data: Mapping[str, object], said: str) -> None:
    with pytest.raises(mgc.DataError, match=said):
        predicted(function, None, data)
