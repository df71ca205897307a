"""Whether a double is what a tape says, but for what doubles lose.

>>> is_close(0.1 + 0.2, mpf(0.3), 2.0**-54, 0), is_close(0.3, mpf(0.4), 0.0, NEAR)
(True, False)
"""

from __future__ import annotations

import math
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.called.tape import HALF_ULP, LEAST, NEAR, ROUNDING, Number, read


def is_value(found: Any, result: Any) -> bool:
    exact, lost = (result.value, result.lost) if isinstance(result, Number) else (mpf(result), 0.0)
    return is_close(found, exact, lost, NEAR)


def is_close(found: Any, wanted: Any, lost: float, least: int) -> bool:
    """Whether a double is the number but for what doubles lose; nan is none."""
    if not isinstance(found, int | float) or not math.isfinite(found):
        return False
    if found == float(wanted):
        return True  # as most are
    return bool(abs(mpf(found) - wanted) <= ROUNDING * lost + least * HALF_ULP * abs(wanted) + LEAST)


def is_double(found: Any, wanted: Any) -> bool:
    """Whether a double is a number but for a few last digits."""
    return is_close(found, read(wanted)[0], 0.0, NEAR)


def is_known(result: Any) -> bool:
    """Whether it is finite, and so is what doubles may lose of it."""
    value, lost = read(result)
    return math.isfinite(lost) and bool(mp.isfinite(value))
