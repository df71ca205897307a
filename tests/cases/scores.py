"""How far a double is from an exact number, and whether that is near enough: exact arithmetic throughout.

>>> error(Score(Fraction(1, 3)), 0.3333333333333333) < 0.5
True
"""

from __future__ import annotations

import math
from fractions import Fraction

from msgspec import Struct

RIGHT = 4.0  # ulp, where a plain translation to doubles is no worse
NEGLIGIBLE = Fraction(1, 10**30)  # of scale: what is smaller is zero for doubles
BOUND = 1e-9  # relative, on everything that a plain translation gets right as well


class Score(Struct, frozen=True):
    """An exact number. `naive` is the error of a plain translation in ulp; `scale` the size of what it is made of."""

    exact: Fraction
    naive: float = 0.0
    scale: Fraction = Fraction(0)


def error(score: Score, found: float) -> float:
    """The error in units in the last place of the exact number; inf where `found` is no finite number."""
    if not math.isfinite(found):
        return math.inf
    return float(abs(Fraction(found) - score.exact) / Fraction(math.ulp(float(score.exact))))


def is_right(score: Score, found: float) -> bool:
    """Within max(4, 2 naive) ulp, or 1e-14 of the scale where the exact number is zero beside that."""
    if math.isfinite(found) and abs(score.exact) <= NEGLIGIBLE * score.scale:
        return abs(Fraction(found) - score.exact) <= score.scale / 10**14
    return error(score, found) <= max(RIGHT, 2 * score.naive)


def is_sound(score: Score, found: float) -> bool:
    """Within the bound that holds for everything: 1e-9 relative, or ten times the error of a plain translation."""
    return is_right(score, found) or error(score, found) <= max(BOUND / math.ulp(1.0), 10 * score.naive)
