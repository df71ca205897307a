"""Arrays whose rows differ in length, with a name: each way to read one, its value and its derivative."""

from __future__ import annotations

import pytest

import mgc

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


@pytest.mark.parametrize("ieee", [False, True])
@pytest.mark.parametrize("read", READ)
def test_a_triangle(read: str, ieee: bool) -> None:
    value, (dx,) = mgc.loads(TRIANGLE + read, ieee=ieee).f.value_and_grad([1.0, 2.0, 3.0])
    assert (value, dx) == READ[read]
