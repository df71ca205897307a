"""Functions of numbers with many digits -> their slopes, as difference quotients with three times as many.

>>> from mpmath import mp, mpf
>>> slope, bend = slope_of(mp.exp, [mpf(0)], 0)
>>> float(slope), float(bend), slope_of(lambda x: x**3, [mpf(0)], 0)[0] == 0
(1.0, 1.0, True)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

BITS = 170  # fifty digits
FINE = 3 * BITS  # of difference quotients, which lose many of them
STEP = mpf(2) ** -100  # of one: its error is the square of that
STEEP = mpf(2) ** 30  # from there on it is seen whether a slope grows without end
SMALLEST = mpf(2) ** -1074  # below it all is 0 in doubles
NEARER = mpf(2) ** -20  # of the step


def slope_of(function: Callable[..., Any], point: Sequence[Any], at: int) -> tuple[Any, Any]:
    """The first and the second derivative by one argument; None and 0 where it has none."""
    size = max(abs(point[at]), SMALLEST) if point[at] else mpf(1)
    bits = mp.mag(size)
    with mp.workprec(
        FINE + (3 * bits if bits > 0 else -2 * bits)
    ):  # large numbers are moved by as little as small ones
        step = STEP * min(size, 1)
        try:
            up, here, down = [real(function(*moved(point, at, by))) for by in (step, 0, -step)]
            slope = (up - down) / (2 * step)
            if slope and not STEP < abs(slope) < STEEP:
                above, below = [real(function(*moved(point, at, by * NEARER))) for by in (step, -step)]
                nearer = abs(above - below) / (2 * step * NEARER)
                if abs(slope) >= STEEP and nearer > 2 * abs(slope):
                    return None, mpf(0)  # upright, as cbrt is at 0
                if abs(slope) <= STEP and 2 * nearer < abs(slope):
                    slope = mpf(0)  # what goes with the step is its error, as of u**3 at 0
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            return None, mpf(0)
        return +slope, +((up - 2 * here + down) / (step * step))


def moved(point: Sequence[Any], at: int, by: Any) -> list[Any]:
    return [x + by if place == at else x for place, x in enumerate(point)]


def real(value: Any) -> Any:
    """Errors: ValueError."""
    if isinstance(value, mp.mpc):
        if value.imag:
            raise ValueError("not real")
        value = value.real
    if not mp.isfinite(value):
        raise ValueError("not finite")
    return value
