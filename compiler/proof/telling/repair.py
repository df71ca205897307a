"""Whether a line of the text alone can be to blame: is there anything that it could store to make all results right?

What a statement of the backward half stores enters the derivatives linearly, mostly: Newton's method finds the values
in one step, and where there are none it shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.proof.algebra.terms import Term
from mgc.compiler.proof.numeric import DIGITS, Evaluation, NoValue
from mgc.compiler.proof.telling.point_values import overridden

STEPS = 9
MOST_CELLS = 40  # that are solved for together
STEP = mpf(10) ** -20
RIDGE = mpf(10) ** -36  # relative: cells that act alike share what is needed
EXACT = mpf(10) ** -13
LINEAR = mpf(10) ** -9

Pairs = Sequence[tuple[Term, Term]]  # what is emitted, and what is true


def repair(point: Evaluation, cells: Sequence[Term], pairs: Pairs) -> Mapping[Term, Any] | None:
    """Values of the cells that make all pairs equal at the point, None where there are none; empty where that is not
    known, because the pairs do not depend on the cells in a simple way."""
    if not cells or len(cells) > MOST_CELLS:
        return None
    try:
        with mp.workdps(DIGITS):
            wanted = [point.value(truth) for _, truth in pairs]
            now = [point.value(cell) for cell in cells]
            left: list[Any] | None = None
            for _ in range(STEPS):
                found = _results(point, cells, now, pairs)
                errors = [a - b for a, b in zip(wanted, found, strict=True)]
                if all(abs(e) <= EXACT * max(1, abs(w)) for e, w in zip(errors, wanted, strict=True)):
                    return dict(zip(cells, now, strict=True))
                if left is not None and _close(errors, left):
                    return None  # linear, and this was the best
                change, left = _change(point, cells, now, pairs, found, errors)
                now = [a + b for a, b in zip(now, change, strict=True)]
    except (NoValue, ZeroDivisionError):
        return None
    return {}


def _close(errors: Sequence[Any], others: Sequence[Any]) -> bool:
    size = max(map(abs, errors))
    return all(abs(a - b) <= LINEAR * size for a, b in zip(errors, others, strict=True))


def _results(point: Evaluation, cells: Sequence[Term], given: Sequence[Any], pairs: Pairs) -> list[Any]:
    there = overridden(point, dict(zip(cells, given, strict=True)))
    return [there.value(emitted) for emitted, _ in pairs]


def _change(
    point: Evaluation, cells: Sequence[Term], now: list[Any], pairs: Pairs, found: list[Any], errors: list[Any]
) -> tuple[list[Any], list[Any]]:
    """The step of least squares, of least size where several would do; and the errors that it leaves if all is linear.

    Errors: ZeroDivisionError, where no cell matters.
    """
    columns = []
    for place in range(len(cells)):
        moved = [value + (STEP if k == place else 0) for k, value in enumerate(now)]
        columns.append([(a - b) / STEP for a, b in zip(_results(point, cells, moved, pairs), found, strict=True)])
    size = max(abs(slope) for column in columns for slope in column)
    matrix = mp.matrix(len(cells), len(cells))
    for i, one in enumerate(columns):
        for j, other in enumerate(columns):
            matrix[i, j] = sum(a * b for a, b in zip(one, other, strict=True)) + (RIDGE * size * size if i == j else 0)
    right = mp.matrix([sum(a * b for a, b in zip(column, errors, strict=True)) for column in columns])
    step = list(mp.lu_solve(matrix, right))
    effects = [sum(column[k] * one for column, one in zip(columns, step, strict=True)) for k in range(len(errors))]
    return step, [error - effect for error, effect in zip(errors, effects, strict=True)]
