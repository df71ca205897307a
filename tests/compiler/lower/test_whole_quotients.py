"""`x // y` goes with `x % y`, and the place of an extremum is in the array: as Python and NumPy have them."""

from __future__ import annotations

import math
import random

import pytest

from support import targets

QUOTIENTS = """
def whole(x, y): return x // y
def back(x, y): return (x // y)*y + x % y
def negated(x, y): return -(x // y * 2) + x*y
def halves(x): return x // 2
def constant(x): return x + 1.0 // 0.1
"""
PLACES = """
def place(x, v[n]): return x*argmax(v) + 0*v[0]
def least(x, v[n]): return x*argmin(v)
def fixed(x, v[3]): return x*argmax(v)
"""
POINTS = [(1.0, 0.1), (6.0, 0.1), (-1.0, 0.1), (7.5, -2.0), (-7.5, 2.0), (0.3, 0.1), (1e300, 3.0), (-1e-300, 1.0)]


@pytest.mark.parametrize("target", targets.TARGETS)
def test_the_quotient_goes_with_the_remainder(target: str) -> None:
    code = targets.TARGETS[target](QUOTIENTS)
    source = random.Random(1)
    for x, y in [*POINTS, *[(source.uniform(-9, 9), source.uniform(-1, 1)) for _ in range(200)]]:
        assert code.value("whole", (x, y)) == x // y
        assert code.value("back", (x, y)) == pytest.approx(x, rel=1e-15)
        assert code.value("halves", (x,)) == x // 2
        value, slopes = code.value_and_grad("negated", (x, y))
        assert (value, slopes) == (-(x // y * 2) + x * y, (y, x))
    assert code.value("constant", (0.0,)) == 9.0
    assert code.value_and_grad("whole", (1.0, 0.1)) == (9.0, (0.0, 0.0))


@pytest.mark.parametrize("target", ["ieee", "c"])
def test_by_zero_it_is_what_the_quotient_is(target: str) -> None:
    code = targets.TARGETS[target](QUOTIENTS)
    assert [code.value("whole", (x, 0.0)) for x in (1.0, -1.0)] == [math.inf, -math.inf]
    assert math.copysign(1.0, code.value("whole", (-0.0, 2.0))) == -1.0
    nowhere = ((0.0, 0.0), (math.nan, 0.0), (1.0, math.nan), (math.inf, 2.0))
    assert all(math.isnan(code.value("whole", at)) for at in nowhere)


@pytest.mark.parametrize("target", targets.TARGETS)
def test_a_nan_is_the_extremum_where_it_first_stands(target: str) -> None:
    code = targets.TARGETS[target](PLACES)
    for v, largest, smallest in (
        ([1.0, math.nan, 2.0], 1, 1),
        ([1.0, math.nan, math.nan], 1, 1),
        ([2.0, 1.0, 2.0], 0, 1),
        ([math.inf, 0.0, -math.inf], 0, 2),
    ):
        assert code.value("fixed", (1.0, v)) == largest
        assert code.value("least", (1.0, v)) == smallest
    assert code.value("place", (1.0, [1.0, 3.0, 2.0])) == 1
