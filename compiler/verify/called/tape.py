"""Numbers of fifty digits that note what is computed of them, backwards -> the derivatives, and what doubles lose.

The derivative of each operation is a difference quotient formed with more digits: no table of derivatives is shared
with anything. Beside each number goes a bound on what doubles lose there to first order (Higham, *Accuracy and
Stability of Numerical Algorithms*, 2002, chapter 3), each operation half a unit in the last place.

>>> with working():
...     tape = Tape()
...     x = tape.variable(3.0)
...     slopes = tape.slopes([(x * x, 1)], [x])
>>> float(slopes[0].value), slopes[0].lost < 1e-14
(6.0, True)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct

from mgc.compiler.verify.called.quotients import BITS, moved, real, slope_of

FLAT = mpf(2) ** -150  # of a value: a slope below it is lost in the digits
HALF_ULP = 2.0**-53
SHORT = 40  # bits of a number that doubles have exactly, in whatever order it is summed
NEAR = 8  # numbers that differ by no more than so many times what doubles lose may compare either way
SMALLEST, LARGEST = 1e-90, 1e90  # magnitudes of which the cubes are doubles
NO_DOUBLE = 1e300  # from there on a function's argument is as long as mpmath has to write it out
STEPPED = frozenset("ceil floor floordiv fmod mod remainder round trunc".split())
KINKED = STEPPED | frozenset("abs clip copysign max min relu sign atan2".split())
WHOLE = 2.0**53  # from there on doubles do not show which step a number is on
ZERO = mpf(0)
ROUNDING = 16  # times what this says that doubles lose, a right number may be off
LEAST = mpf(2) ** -1000  # nothing, in doubles
ROUGH = 32  # times more is lost by a function that no library has and that is emitted as a series
FEW = 10  # units of work that a function takes


class Unfollowed(Exception):
    """Something that has no meaning on these numbers."""


class TooLong(Exception):
    """More steps than a tape may have."""


@contextmanager
def working() -> Iterator[None]:
    """Inside, mpmath has the digits that the tape needs."""
    with mp.workprec(BITS):
        yield


class Slope(Struct, frozen=True):
    """A derivative, and a bound on what doubles lose of it."""

    value: Any
    lost: float


class Tape:
    """What was computed of variables, in order.

    `tied`: numbers that are exactly equal were compared; `doubtful`: a comparison may turn out otherwise in doubles;
    `extreme`: a magnitude of which powers may overflow or vanish; `drowned`: doubles may not tell a number from 0.
    """

    def __init__(self, most: float = math.inf) -> None:
        self.most = most
        self.steps: list[tuple[tuple[int, Any, float], ...]] = []
        self.work = 0
        self.tied = False
        self.doubtful = False
        self.extreme = False
        self.drowned = False

    def variable(self, value: Any) -> Number:
        return self.note(mpf(value), 0.0, ())

    def note(self, value: Any, lost: float, parts: tuple[tuple[int, Any, float], ...]) -> Number:
        """A number made of others: for each its place, the derivative by it (None where there is none), and what
        doubles lose of that. Errors: TooLong."""
        return self._noted(value, _size(value), lost, parts)

    def rounded(self, value: Any, lost: float, parts: tuple[tuple[int, Any, float], ...]) -> Number:
        """The same, of which doubles lose the half of a unit as well. Errors: TooLong."""
        size = _size(value)
        return self._noted(value, size, lost + HALF_ULP * size if value._mpf_[3] > SHORT else lost, parts)

    def _noted(self, value: Any, size: float, lost: float, parts: tuple[tuple[int, Any, float], ...]) -> Number:
        if self.work > self.most:
            raise TooLong
        self.steps.append(parts)
        self.work += 1
        if size and not SMALLEST < size < LARGEST:  # what is 0 in doubles does no harm
            self.extreme = True
        self.drowned |= 0 < size <= NEAR * lost
        return Number(self, len(self.steps) - 1, value, lost, size)

    def slopes(self, results: Sequence[tuple[Any, Any]], variables: Sequence[Number]) -> list[Slope | None]:
        """The derivatives of sum(weight*result); None by what has none there."""
        adjoints: dict[int, Any] = {}
        lost: dict[int, float] = {}
        mass: dict[int, float] = {}
        lacking: set[int] = set()
        for result, weight in results:
            if isinstance(result, Number):
                at = result.place
                adjoints[at] = adjoints.get(at, ZERO) + mpf(weight)
                mass[at] = mass.get(at, 0.0) + abs(weight)
                lost[at] = lost.get(at, 0.0) + (HALF_ULP * mass[at] if mass[at] > abs(weight) else 0.0)
        for place in range(len(self.steps) - 1, -1, -1):
            adjoint = adjoints.get(place, ZERO)
            size, lost_here = _size(adjoint), lost.get(place, 0.0)
            for at, slope, off in self.steps[place] if adjoint or place in lost else ():
                if slope is None:
                    lacking.add(at)
                    continue
                self.work += 1
                part = adjoint if slope.__class__ is int and slope == 1 else adjoint * slope
                steep, much = _size(slope), size if part is adjoint else _size(part)
                if (much and not SMALLEST < much < LARGEST) or (steep and not SMALLEST < steep < LARGEST):
                    self.extreme = True
                total = adjoints[at] + part if at in adjoints else part
                adjoints[at] = total
                mass[at] = mass.get(at, 0.0) + much
                more = (steep + off) * lost_here + off * size + (HALF_ULP * much if part._mpf_[3] > SHORT else 0.0)
                more += HALF_ULP * mass[at] if total._mpf_[3] > SHORT else 0.0  # whatever the order of the sum is
                lost[at] = lost.get(at, 0.0) + more
            if place in lacking:
                lacking.update(at for at, _, _ in self.steps[place])
        return [
            None if one.place in lacking else Slope(mpf(adjoints.get(one.place, 0)), lost.get(one.place, 0.0))
            for one in variables
        ]

    # --- comparisons

    def compare(self, a: Any, b: Any) -> int:
        """The sign of a - b."""
        if a is b:
            return 0
        if a.__class__ is b.__class__ is Number and a.value is b.value:
            self.tied = self.tied or not (self._is_copy(a.place, b.place) or self._is_copy(b.place, a.place))
            return 0
        (x, lost), (y, more) = _read(a), _read(b)
        off = abs(x - y)
        if not off and not lost and not more:
            self.tied = self.tied or not (a.__class__ is b.__class__ is not Number)
        elif off <= NEAR * (lost + more) or (off and not _size(off)):
            self.doubtful = True
        return int(x > y) - int(x < y)

    def origins(self, number: Number) -> Iterator[Number]:
        """A number, and those that it is a copy of."""
        place = number.place
        yield number
        while len(self.steps[place]) == 1 and self.steps[place][0][1:] == (1, 0.0):
            ((place, _, _),) = self.steps[place]
            yield Number(self, place, number.value, number.lost, number.size)

    def _is_copy(self, place: int, of: int) -> bool:
        """Whether a number is another one, kept again; two copies of a third have derivatives of their own."""
        while place > of and len(self.steps[place]) == 1:
            ((place, _, _),) = self.steps[place]
        return place == of


class Number:
    """A number of a tape: its value, what doubles lose of it, and its magnitude."""

    __hash__ = None  # type: ignore[assignment]  # as a key of a dictionary it would be another number
    __slots__ = ("lost", "place", "size", "tape", "value")

    def __init__(self, tape: Tape, place: int, value: Any, lost: float, size: float) -> None:
        self.tape = tape
        self.place = place
        self.value = value
        self.lost = lost
        self.size = size

    def __add__(self, other: Any) -> Number:
        y, more = _read(other)
        return self.tape.rounded(self.value + y, self.lost + more, ((self.place, 1, 0.0), *_part(other, 1, 0.0)))

    __radd__ = __add__

    def __neg__(self) -> Number:
        return self.tape.note(-self.value, self.lost, ((self.place, -1, 0.0),))

    def __sub__(self, other: Any) -> Number:
        y, more = _read(other)
        return self.tape.rounded(self.value - y, self.lost + more, ((self.place, 1, 0.0), *_part(other, -1, 0.0)))

    def __rsub__(self, other: Any) -> Number:
        return Number.__add__(-self, other)

    def __mul__(self, other: Any) -> Number:
        x, (y, more) = self.value, _read(other)
        size = other.size if other.__class__ is Number else _size(y)
        lost = size * self.lost + (self.size + self.lost) * more
        return self.tape.rounded(x * y, lost, ((self.place, y, more), *_part(other, x, self.lost)))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Number:
        return _quotient(self.tape, self, other)

    def __rtruediv__(self, other: Any) -> Number:
        return _quotient(self.tape, other, self)

    def __pow__(self, other: Any) -> Number:
        if isinstance(other, int) or (isinstance(other, float) and other.is_integer()):
            return _whole_power(self, int(other))
        return applied("pow", self, other)

    def __rpow__(self, other: Any) -> Number:
        return applied("pow", other, self)

    def __mod__(self, other: Any) -> Number:
        return applied("mod", self, other)

    def __rmod__(self, other: Any) -> Number:
        return applied("mod", other, self)

    def __floordiv__(self, other: Any) -> Number:
        return applied("floordiv", self, other)

    def __rfloordiv__(self, other: Any) -> Number:
        return applied("floordiv", other, self)

    def __abs__(self) -> Number:
        return -self if self < 0 else +self

    def __pos__(self) -> Number:
        return self

    def __lt__(self, other: Any) -> bool:
        return self.tape.compare(self, other) < 0

    def __le__(self, other: Any) -> bool:
        return self.tape.compare(self, other) <= 0

    def __gt__(self, other: Any) -> bool:
        return self.tape.compare(self, other) > 0

    def __ge__(self, other: Any) -> bool:
        return self.tape.compare(self, other) >= 0

    def __eq__(self, other: object) -> bool:
        return self.tape.compare(self, other) == 0

    def __ne__(self, other: object) -> bool:
        return self.tape.compare(self, other) != 0

    def __bool__(self) -> bool:
        return self.tape.compare(self, 0) != 0


def _read(given: Any) -> tuple[Any, float]:
    """The value of a number of a tape, or of CPython's, and what doubles lose of it. Errors: Unfollowed."""
    if given.__class__ is Number:
        return given.value, given.lost
    if isinstance(given, int | float):
        return mpf(given), 0.0
    raise Unfollowed(type(given).__name__)


def _size(x: Any) -> float:
    """The magnitude as a double, which mpmath takes its time for."""
    if x.__class__ is int:
        return float(abs(x))
    _, digits, exponent, bits = x._mpf_
    if not digits:
        return math.inf if exponent else 0.0  # an infinity has an exponent, and no digits
    more = bits - 53
    try:
        return math.ldexp(digits >> more, exponent + more) if more > 0 else math.ldexp(digits, exponent)
    except OverflowError:
        return math.inf


def _rounding(x: Any) -> float:
    """What a double loses of a number: nothing of a short one."""
    return HALF_ULP * _size(x) if x._mpf_[3] > SHORT else 0.0


def _part(given: Any, slope: Any, lost: float) -> tuple[tuple[int, Any, float], ...]:
    return ((given.place, slope, lost),) if given.__class__ is Number else ()


def _quotient(tape: Tape, a: Any, b: Any) -> Number:
    """Errors: ZeroDivisionError."""
    (x, lost), (y, more) = _read(a), _read(b)
    if not y:
        raise ZeroDivisionError
    value = x / y
    size, below = _size(value), _size(y) or SMALLEST
    off = (lost + size * more) / below + HALF_ULP * size
    by_b = -value / y
    return tape.note(
        value,
        off,
        (
            *_part(a, 1 / y, (HALF_ULP + more / below) / below),
            *_part(b, by_b, (off + size * (HALF_ULP + more / below)) / below),
        ),
    )


def _whole_power(base: Number, exponent: int) -> Number:
    """Errors: ZeroDivisionError."""
    x = base.value
    if not x and exponent < 0:
        raise ZeroDivisionError
    value = x**exponent
    slope = exponent * x ** (exponent - 1) if exponent else mpf(0)
    reach = abs(x) + base.lost if exponent >= 2 else x  # of doubles: beside 0 a power is as steep as it is there
    steep = _size(exponent * reach ** (exponent - 1)) if exponent else 0.0
    bend = exponent * (exponent - 1) * reach ** (exponent - 2) if reach or exponent >= 2 else mpf(0)
    lost = steep * base.lost + _rounding(value) * max(1, abs(exponent).bit_length())
    off = _size(bend) * base.lost + HALF_ULP * steep * max(1, abs(exponent).bit_length())
    return base.tape.note(value, lost, ((base.place, slope, off),))


# --- functions


def applied(name: str, *given: Any) -> Number:
    """A function of the table of values on numbers of a tape. Errors: ValueError, ZeroDivisionError, Unfollowed."""
    from mgc.compiler.verify.terms.functions import FUNCTIONS

    function = FUNCTIONS.get(name)
    if function is None:
        raise Unfollowed(name)
    tape: Tape = next(one.tape for one in given if one.__class__ is Number)
    read = [_read(one) for one in given]
    point = [value for value, _ in read]
    if any(_size(x) > NO_DOUBLE for x in point):
        raise Unfollowed(f"{name} of what no double is")
    value = real(function(*point))
    rough = 1 if hasattr(math, name) else ROUGH
    least = 0.0 if rough == 1 else 1.0  # a series is as good as its largest terms
    parts, lost = [], rough * HALF_ULP * max(_size(value), least)
    tape.work += FEW
    if name in STEPPED and _size(point[0] / (point[1] if len(point) > 1 else 1)) > WHOLE:
        tape.doubtful = True
    for at, (one, (x, before)) in enumerate(zip(given, read, strict=True)):
        if one.__class__ is Number:
            slope, bend = slope_of(function, point, at)
            if name in KINKED and slope is not None:
                _look_around(tape, function, point, at, value, slope, before)
            lost += (math.inf if slope is None else _size(slope)) * before if before else 0.0
            off = 0.0
            if slope is not None:
                off = rough * HALF_ULP * max(_size(slope), least) + _off(value, x, slope, bend, before, rough)
                off += sum(_size(by) for by in _turned(tape, function, point, at, slope, read))
            parts.append((one.place, slope, off))
    return tape.note(value, lost, tuple(parts))


def _off(value: Any, x: Any, slope: Any, bend: Any, lost: float, rough: int) -> float:
    """What doubles lose of a slope: where the argument is rounded, and where it is computed of the value."""
    by_value = _size(value) / steep if (steep := _size(slope)) else 0.0
    flat = HALF_ULP * _size(value) if abs(slope) <= FLAT * abs(value) else 0.0
    return _size(bend) * (rough * HALF_ULP * (_size(x) + by_value) + lost) + flat


def _turned(
    tape: Tape, function: Callable[..., Any], point: list[Any], at: int, slope: Any, read: Sequence[tuple[Any, float]]
) -> Iterator[Any]:
    """By how much a slope is another one where each of the other arguments is as far off as doubles may be."""
    for other, (_, lost) in enumerate(read):
        if other != at and lost:
            there, _ = slope_of(function, moved(point, other, mpf(lost)), at)
            tape.doubtful |= there is None
            yield ZERO if there is None else there - slope


def _look_around(
    tape: Tape, function: Callable[..., Any], point: list[Any], at: int, value: Any, slope: Any, lost: float
) -> None:
    """Note whether a kink or a jump lies so near that doubles may be on its other side."""
    by = mpf(NEAR * lost) if lost else mpf(2) ** -60 * (abs(point[at]) or 1)
    for sign in (1, -1):
        there = real(function(*moved(point, at, sign * by)))
        if abs(there - value - sign * by * slope) > mpf(10) ** -6 * by * (1 + abs(slope)):
            if lost:
                tape.doubtful = True
            else:
                tape.tied = True
