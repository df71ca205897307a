"""Arrays whose rows differ in length, with a name: each way to read one, its value and its derivative."""

from __future__ import annotations

from typing import Any

import pytest

import mgc
from support.arrays import flat

TRIANGLE = "def f(x[n]):\n    low = [[x[i]*x[j] for j in range(i)] for i]\n    return "
READ = {
    "sum(sum(low[i, j]**2 for j in range(i)) for i)": (49.0, [26.0, 40.0, 30.0]),
    "sum(sum(low[i][j]**2 for j in range(i)) for i)": (49.0, [26.0, 40.0, 30.0]),
    "low[2][1]": (6.0, [0.0, 3.0, 2.0]),
    "sum(low[n - 1])": (9.0, [3.0, 3.0, 3.0]),
    "sum(low[i, 0] for i in range(1, n))": (5.0, [5.0, 1.0, 1.0]),
    "sum([sum(low[i]) for i])": (11.0, [5.0, 4.0, 3.0]),
    "sum(sum(low[i, j]*low[i, i - 1 - j] for j in range(i)) for i)": (40.0, [44.0, 22.0, 24.0]),
}


@pytest.mark.parametrize("options", [{}, {"ieee": True}, {"style": "lesson"}], ids=str)
@pytest.mark.parametrize("read", READ)
def test_a_triangle(read: str, options: dict[str, Any]) -> None:
    value, (dx,) = mgc.loads(TRIANGLE + read, **options).f.value_and_grad([1.0, 2.0, 3.0])
    assert (value, dx) == READ[read]


def test_a_lesson_of_rows_whose_index_is_another_statement_s() -> None:
    text = """def f(x[n], b[n]):
    low = [[x[i]*b[j] for j in range(i)] for i in range(n)]
    next = [[tanh(low[i, j]*b[i]) for j in range(i)] for i in range(n)]
    s = [sum(next[i]) for i in range(n)]
    return sum(sum(next[i])**2 for i in range(n)) + sum(s*b)
"""
    at = [1.0, 2.0, 3.0], [2.0, 1.0, 0.5]
    value, slopes = mgc.loads(text, style="lesson").f.value_and_grad(*at)
    expected, told = mgc.loads(text).f.value_and_grad(*at)
    assert value == pytest.approx(expected)
    assert flat(slopes) == pytest.approx(flat(told))
