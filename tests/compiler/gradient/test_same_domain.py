"""A derivative gets through wherever its function does, and returns the same value: random models at random points."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

import pytest

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.runtime import audit
from support.generator import program

pytestmark = pytest.mark.usefixtures("fewer_calls")

SIZES = ((3, 2), (1, 1), (2, 4))  # n, m
FEW = (-1.0, 0.0, 0.5, 1.0)  # numbers among which ties and branches are met


def _drawn(source: random.Random, shape: Sequence[int], few: bool) -> Any:
    if shape:
        return [_drawn(source, shape[1:], few) for _ in range(shape[0])]
    return source.choice(FEW) if few else source.uniform(-2, 2)


def _flat(value: Any) -> list[float]:
    return [x for part in value for x in _flat(part)] if isinstance(value, list) else [value]


def _points(source: random.Random) -> list[list[Any]]:
    """Arguments `a, b, x[n], y[m], A[m, n], B[n, n], C[n, 3], p[n]: int` of the models that are generated."""
    points = []
    for n, m in SIZES:
        for few in (False, True, True):
            shapes = ((), (), (n,), (m,), (m, n), (n, n), (n, 3))
            places = [source.randrange(n) for _ in range(n)]
            points.append([*(_drawn(source, shape, few) for shape in shapes), places])
    return points


def _check(seed: int) -> int:
    """How many points of a model were compared."""
    text = compile_source(program(seed, 2 + seed % 3), "random.mg", Options()).text
    functions: dict[str, Any] = dict(audit.run(text, "random.mg").namespace)
    derivative = functions.get("f_vjp") or functions.get("f_value_and_grad")
    if derivative is None:
        return 0
    compared = 0
    for point in _points(random.Random(seed)):
        try:
            value = functions["f"](*point)
            adjoints = [value] if "f_vjp" in functions else []
        except (ArithmeticError, ValueError, IndexError):
            continue
        again, _ = derivative(*point, *adjoints)
        for one, other in zip(_flat(value), _flat(again), strict=True):
            assert one == other or math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) or math.isnan(one), seed
        compared += 1
    return compared


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_a_derivative_gets_through(first: int) -> None:
    assert sum(map(_check, range(first, first + 20))) >= 40


@pytest.mark.parametrize("seed", [5000781, 7000163, 7000703, 9000089])
def test_where_a_guard_was_once_lost(seed: int) -> None:
    assert _check(seed)
