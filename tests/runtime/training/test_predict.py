"""Predictions for rows: as many of each argument, and at least one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import mgc
from mgc.runtime.training.predict import check_rows, predicted

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


def test_one_result_for_all_rows_of_a_table_is_no_column() -> None:
    function = mgc.loads("def level(X[n, 3]): return mean(X[i, 0] for i)", "level.mg")["level"]
    with pytest.raises(mgc.DataError, match=r"makes no column: it has one result for all of X\[n, 3\]; predict takes"):
        check_rows(function, "d.csv")
    check_rows(function, "d.npz")
    assert predicted(function, None, {"X": [[[1.0, 0.0, 0.0]], [[2.0, 0.0, 0.0]]]}) == {"level": [1.0, 2.0]}
