"""Arrays whose rows differ in length, with a name: each way to read one, its value and its derivative."""

from __future__ import annotations

import random
from pathlib import Path
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


SHARES = """def shares(v[k]):
    return v / sum(v)

def f(x[n]):
    low = [shares([x[i]*x[j] for j in range(i + 1)]) for i in range(n)]
    return sum(low[i, j]*x[j] for i for j in range(i + 1))

def g(X[m, n]):
    low = [shares([X[h, i]*X[h, j] for j in range(i + 1)]) for h for i in range(n)]
    return sum(low[h, i, j]*X[h, j] for h, i for j in range(i + 1))
"""
SLOPES = [19 / 18, 19 / 18, 11 / 18]


@pytest.mark.parametrize("options", [{}, {"ieee": True}, {"style": "lesson"}], ids=str)
def test_rows_of_several_lengths_that_another_function_makes(options: dict[str, Any]) -> None:
    """The sum over i of the mean of x[0..i], each weighted by itself: a function of first degree."""
    model = mgc.loads(SHARES, **options)
    value, (dx,) = model.f.value_and_grad([1.0, 2.0, 3.0])
    assert value == pytest.approx(5.0)
    assert flat(dx) == pytest.approx(SLOPES)
    value, (dX,) = model.g.value_and_grad([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]])
    assert value == pytest.approx(15.0)
    assert flat(dX) == pytest.approx(SLOPES * 2)


def test_attention_over_rows_of_their_own_length_is_that_with_a_mask() -> None:
    masked = (Path(__file__).parents[3] / "examples/attention.mg").read_text("utf-8")
    causal = "    causal = [scores[i, j] if j <= i else -1e9 for i, j]\n    weights = [softmax(causal[i]) for i]\n"
    result = "    return weights @ v\n"
    assert causal in masked
    assert result in masked
    rows = masked.replace(causal, "    weights = [softmax([scores[i, j] for j in range(i + 1)]) for i in range(n)]\n")
    rows = rows.replace(
        result, "    return [sum(weights[i, j]*v[j, c] for j in range(i + 1)) for i for c in range(h)]\n"
    )
    draw = random.Random(0)
    x, *W, seed = (
        [[draw.gauss(0, 1) for _ in range(columns)] for _ in range(count)]
        for count, columns in ((4, 3), (2, 3), (2, 3), (2, 3), (4, 2))
    )
    value, slopes = mgc.loads(rows).attention.vjp(x, *W, seed)
    expected, told = mgc.loads(masked).attention.vjp(x, *W, seed)
    assert flat(value) == pytest.approx(flat(expected), rel=1e-12)
    assert flat(slopes) == pytest.approx(flat(told), rel=1e-12)
