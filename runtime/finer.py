"""An emitted function in fifty digits, where doubles have too few: what a small step of one number does, and what its
derivative is.

The text is run with that number alone on a tape of long numbers (`verify/called/tape.py`); all that does not depend on
it is computed in doubles, and is the same on both sides.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct

from mgc.compiler.verify.called.running import space
from mgc.compiler.verify.called.tape import Number, Tape, TooLong, Unfollowed, working

MOST = 200_000  # operations of one evaluation
STEP = 2.0**-40  # relative: its square is what a central difference is off by
FEWER = 2.0**-10  # of the step: the nearer one, which tells a bend from a kink, and a slope from a jump
DIGITS = 2.0**-160  # what is lost of a value, relative
BY_BITS = ("fma",)  # helpers that read the bits of a double
FAILURES = (Unfollowed, TooLong, ArithmeticError, ValueError, LookupError, TypeError)


class Slopes(Struct, frozen=True):
    """The slopes on both sides of a number, what is open of their mean, and whether they meet, or the value jumps."""

    left: float
    right: float
    noise: float
    kinks: bool
    jumps: bool


class Finer:
    """An emitted function of a text, as a sum of its results with weights."""

    def __init__(self, text: str, name: str, weights: Sequence[float]) -> None:
        self._functions: Mapping[str, Any] = space(ast.parse(text), BY_BITS)
        self._name = name
        self._weights = weights

    def slopes(self, put: Callable[[Any], object], x: float, arguments: Sequence[object]) -> Slopes | None:
        """By a number that `put` sets among the arguments; None where the text cannot be followed, or has no value."""
        try:
            with working():
                far = mpf(abs(x) or 1.0) * STEP
                near = far * FEWER
                here = self._at(put, x, 0.0, arguments)
                below, above = (self._at(put, x, by, arguments) for by in (-far, far))
                nearer = [self._at(put, x, by, arguments) for by in (-near, near)]
                left, right = (here - nearer[0]) / near, (nearer[1] - here) / near
                lost = max(abs(below), abs(here), abs(above)) * DIGITS
                bent = abs((above - below) / far - (nearer[1] - nearer[0]) / near) / 2
                kinks = abs(right - left) * 2 > abs(above - here - (here - below)) / far
                pairs = zip((below, above), nearer, strict=True)
                jumps = any(abs(one - here) * 2 > abs(other - here) > lost for other, one in pairs)
                return Slopes(float(left), float(right), float(lost / near + bent), kinks, jumps)
        except FAILURES:
            return None
        finally:
            put(x)

    def derivative(
        self, put: Callable[[Any], object], x: float, name: str, arguments: Callable[[], Sequence[object]]
    ) -> Any:
        """What the function of that name returns, with a number that `put` sets in many digits; None where it fails."""
        tape = Tape(MOST)
        try:
            with working():
                put(tape.variable(mpf(x)))
                return self._functions[name](*arguments())
        except FAILURES:
            return None
        finally:
            put(x)

    def _at(self, put: Callable[[Any], object], x: float, by: Any, arguments: Sequence[object]) -> Any:
        tape = Tape(MOST)
        put(tape.variable(mpf(x) + by))
        total: Any = tape.variable(0.0)
        for weight, number in zip(self._weights, _flat(self._functions[self._name](*arguments)), strict=True):
            total = total + weight * number
        assert isinstance(total, Number)
        return total.value


def _flat(value: Any) -> list[Any]:
    return [one for inner in value for one in _flat(inner)] if isinstance(value, list | tuple) else [value]
