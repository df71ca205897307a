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
import operator
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct

from mgc.compiler.verify.called.quotients import BITS, moved, real, slope_of
from mgc.compiler.verify.equal.required import LARGEST
from mgc.compiler.verify.terms.functions import FUNCTIONS

HALF_ULP = 2.0**-53
SHORT = 40  # bits of a number that doubles have exactly, in whatever order it is summed
NEAR = 8  # numbers that differ by no more than so many times what doubles lose may compare either way
ROUNDING = 2 * NEAR  # times what this says that doubles lose, a right number may be off
ROUGH = 32  # times more is lost by a function that no library has and that is emitted as a series
SMALLEST = 1e-90  # what is below may vanish in a product
LEAST = mpf(2) ** -1000  # nothing, in doubles
EXACT = mpf(2) ** -60  # relative: two slopes that differ by less are one in fifty digits
FEW = 10  # units of work that a function takes
STEPPED = frozenset("ceil floor floordiv fmod mod remainder round trunc".split())
KINKED = STEPPED | frozenset("abs clip copysign max min relu sign atan2".split())
Part = tuple[int, Any, float]  # the place of an operand, the derivative by it or None, what doubles lose of that


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

    `tied`: a function has a kink there; `doubtful`: it may lie on another step in doubles;
    `ties`, `doubts`: compared numbers that are exactly equal, or may turn out otherwise in doubles;
    `extreme`: a magnitude that doubles may not have;
    `drowned`: doubles may not tell a number, or a slope, from 0.
    """

    def __init__(self, most: float = math.inf) -> None:
        self.most = most
        self.steps: list[tuple[Part, ...]] = []
        self.work = 0
        self.tied = self.doubtful = self.extreme = self.drowned = False
        self.ties: list[tuple[Any, Any]] = []
        self.doubts: list[tuple[Any, Any]] = []

    def variable(self, value: Any) -> Number:
        return self.note(mpf(value), 0.0, ())

    def note(self, value: Any, lost: float, parts: tuple[Part, ...], halves: int = 0) -> Number:
        """A number made of others, of which doubles lose `halves` of a unit as well. Errors: TooLong."""
        if self.work > self.most:
            raise TooLong
        self.steps.append(parts)
        self.work += 1
        size = _size(value)
        if halves and value._mpf_[3] > SHORT:
            lost += halves * HALF_ULP * size
        self.drowned |= 0 < size <= NEAR * lost
        lost += self._vanishing(value, size) if parts else 0.0
        lost = math.inf if math.isnan(lost) else lost
        return Number(self, len(self.steps) - 1, value, lost, size)

    def _vanishing(self, value: Any, size: float) -> float:
        """What doubles may lose as they have no digits that far below 1, in whatever order factors are multiplied."""
        self.extreme |= size >= LARGEST
        return SMALLEST if size < SMALLEST and value else 0.0

    def slopes(self, results: Sequence[tuple[Any, Any]], variables: Sequence[Number]) -> list[Slope | None]:
        """The derivatives of sum(weight*result); None by what has none there."""
        weighted = tuple((one.place, mpf(weight), 0.0) for one, weight in results if one.__class__ is Number)
        steps = [*self.steps, weighted]
        adjoints: dict[int, Any] = {len(self.steps): mpf(1)}
        lost: dict[int, float] = {}
        mass: dict[int, float] = {}
        lacking: set[int] = set()
        for place in range(len(self.steps), -1, -1):
            adjoint: Any = adjoints.get(place)
            lost_here = lost.get(place, 0.0)
            size = 0.0 if adjoint is None else _size(adjoint)
            for at, slope, off in steps[place] if adjoint is not None else ():
                if slope is None:
                    lacking.add(at)
                    continue
                self.work += 1
                part = adjoint if slope.__class__ is int and slope == 1 else adjoint * slope
                steep, much = _size(slope), size if part is adjoint else _size(part)
                adjoints[at] = total = adjoints[at] + part if at in adjoints else part
                mass[at] = mass.get(at, 0.0) + much
                off += self._vanishing(slope, steep)
                more = (steep + off) * lost_here + off * size + (HALF_ULP * much if part._mpf_[3] > SHORT else 0.0)
                more += self._vanishing(part, much)
                more += HALF_ULP * mass[at] if total._mpf_[3] > SHORT else 0.0  # whatever the order of the sum is
                lost[at] = lost.get(at, 0.0) + more
            if place in lacking:
                lacking.update(at for at, _, _ in steps[place])
        known = {place: math.inf if math.isnan(off) else off for place, off in lost.items()}
        found = [Slope(adjoints.get(one.place, mpf(0)), known.get(one.place, 0.0)) for one in variables]
        return [None if one.place in lacking else slope for one, slope in zip(variables, found, strict=True)]

    # --- comparisons

    def compare(self, a: Any, b: Any) -> int:
        """The sign of a - b."""
        if a is b:
            return 0
        (x, lost), (y, more) = read(a), read(b)
        if x is y:
            self.ties += [] if self._are_copies(a, b) else [(a, b)]
            return 0
        off = abs(x - y)
        if not off and not lost and not more:
            self.ties.append((a, b))
        elif off <= NEAR * (lost + more) or (off and not _size(off)):
            self.doubts.append((a, b))
        return int(x > y) - int(x < y)

    def may_part(self, pairs: Sequence[tuple[Any, Any]], variables: Sequence[Number]) -> bool:
        """Whether there are pairs whose difference depends on variables: `x*y` and `y*x` are equal everywhere."""
        source = Random(0)
        weights = [source.uniform(1, 2) for _ in pairs]
        sides = [[(pair[side], weight) for pair, weight in zip(pairs, weights, strict=True)] for side in (0, 1)]
        slopes = [self.slopes(side, variables) for side in sides] if pairs else [[], []]
        return any(
            one is None or other is None or abs(one.value - other.value) > EXACT * abs(one.value)
            for one, other in zip(*slopes, strict=True)
        )

    def origins(self, number: Number) -> Iterator[Number]:
        """A number, and those that it is a copy of."""
        place = number.place
        yield number
        while len(self.steps[place]) == 1 and self.steps[place][0][1:] == (1, 0.0):
            ((place, _, _),) = self.steps[place]
            yield Number(self, place, number.value, number.lost, number.size)

    def _are_copies(self, a: Number, b: Number) -> bool:
        """Whether one is the other, kept again; two copies of a third have derivatives of their own."""
        low, high = sorted((a, b), key=lambda one: one.place)
        return any(one.place == low.place for one in self.origins(high))


Operation = Callable[..., Any]


def _compared(relation: Callable[[int, int], bool]) -> Operation:
    return lambda self, other: relation(self.tape.compare(self, other), 0)


def _both_ways(name: str) -> tuple[Operation, Operation]:
    """A function of two, as the operator of the left operand and of the right one."""
    return lambda self, other: applied(name, self, other), lambda self, other: applied(name, other, self)


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
        y, more = read(other)
        return self.tape.note(self.value + y, self.lost + more, ((self.place, 1, 0.0), *_part(other, 1, 0.0)), 1)

    __radd__ = __add__

    def __neg__(self) -> Number:
        return self.tape.note(-self.value, self.lost, ((self.place, -1, 0.0),))

    def __sub__(self, other: Any) -> Number:
        y, more = read(other)
        lost = 0.0 if self.value is y else self.lost + more  # one double
        return self.tape.note(self.value - y, lost, ((self.place, 1, 0.0), *_part(other, -1, 0.0)), 1)

    def __rsub__(self, other: Any) -> Number:
        return Number.__add__(-self, other)

    def __mul__(self, other: Any) -> Number:
        x, (y, more) = self.value, read(other)
        size = other.size if other.__class__ is Number else _size(y)
        lost = size * self.lost + (self.size + self.lost) * more
        return self.tape.note(x * y, lost, ((self.place, y, more), *_part(other, x, self.lost)), 1)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Number:
        return _quotient(self.tape, self, other)

    def __rtruediv__(self, other: Any) -> Number:
        return _quotient(self.tape, other, self)

    def __pow__(self, other: Any) -> Number:
        if isinstance(other, int | float) and other % 1 == 0:
            return _whole_power(self, int(other))
        return applied("pow", self, other)

    __rpow__ = _both_ways("pow")[1]
    __mod__, __rmod__ = _both_ways("mod")
    __floordiv__, __rfloordiv__ = _both_ways("floordiv")

    def __abs__(self) -> Number:
        return -self if self < 0 else self

    def __pos__(self) -> Number:
        return self

    __lt__, __le__ = _compared(operator.lt), _compared(operator.le)
    __gt__, __ge__ = _compared(operator.gt), _compared(operator.ge)
    __eq__, __ne__ = _compared(operator.eq), _compared(operator.ne)

    def __bool__(self) -> bool:
        return self.tape.compare(self, 0) != 0


def read(given: Any) -> tuple[Any, float]:
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


def _part(given: Any, slope: Any, lost: float) -> tuple[Part, ...]:
    return ((given.place, slope, lost),) if given.__class__ is Number else ()


def _quotient(tape: Tape, a: Any, b: Any) -> Number:
    """Errors: ZeroDivisionError."""
    (x, lost), (y, more) = read(a), read(b)
    if not y:
        raise ZeroDivisionError
    value, inverse = x / y, 1 / y
    size, steep = _size(value), _size(inverse)
    off = (lost + size * more) * steep + HALF_ULP * size
    of_inverse = HALF_ULP + more * steep
    by_b = _part(b, -value * inverse, (off + size * of_inverse) * steep)
    return tape.note(value, off, (*_part(a, inverse, of_inverse * steep), *by_b))


def _whole_power(base: Number, exponent: int) -> Number:
    """Errors: ZeroDivisionError."""
    x, halves = base.value, abs(exponent).bit_length()
    if not x and exponent < 0:
        raise ZeroDivisionError
    reach = abs(x) + base.lost if exponent >= 2 else x  # of doubles: beside 0 a power is as steep as it is there
    steep = _size(exponent * reach ** (exponent - 1)) if exponent else 0.0
    bend = _size(exponent * (exponent - 1) * reach ** (exponent - 2)) if exponent not in (0, 1) else 0.0
    slope = exponent * x ** (exponent - 1) if exponent else mpf(0)
    off = bend * base.lost + halves * HALF_ULP * steep
    return base.tape.note(x**exponent, steep * base.lost, ((base.place, slope, off),), halves)


# --- functions


def applied(name: str, *given: Any) -> Number:
    """A function of the table of values on numbers of a tape. Errors: ValueError, ZeroDivisionError, Unfollowed."""
    function = FUNCTIONS.get(name)
    if function is None:
        raise Unfollowed(name)
    tape: Tape = next(one.tape for one in given if one.__class__ is Number)
    both = [read(one) for one in given]
    point = [value for value, _ in both]
    if any(math.isinf(_size(x)) or (x and not _size(x)) for x in point):  # one is as long as mpmath has to write it out
        raise Unfollowed(f"{name} of what no double is")
    value = real(function(*point))
    rough, least = (1, 0.0) if hasattr(math, name) else (ROUGH, 1.0)  # a series is as good as its largest terms
    is_exact = rough == 1 and value._mpf_[3] <= SHORT  # as exp(0) is
    parts, lost = [], 0.0 if is_exact else rough * HALF_ULP * max(_size(value), least)
    tape.work += FEW
    if name in STEPPED and HALF_ULP * _size(point[0] / (point[1] if len(point) > 1 else 1)) > 1:
        tape.doubtful = True  # doubles do not show which step it is on
    for at, (one, (x, before)) in enumerate(zip(given, both, strict=True)):
        if one.__class__ is Number:
            slope, bend = slope_of(function, point, at)
            steep = math.inf if slope is None else _size(slope)
            lost += steep * before if before else 0.0
            off = 0.0
            if slope is not None:
                if name in KINKED:
                    _look_around(tape, function, point, at, value, slope, before)
                off = rough * HALF_ULP * max(steep, least) + _off(value, x, slope, bend, before, rough)
                off += sum(_turned(tape, function, point, at, slope, both))
                tape.drowned |= 0 < steep <= NEAR * _size(bend) * before  # as beside -1, the end of acos
            parts.append((one.place, slope, off))
    return tape.note(value, lost, tuple(parts))


def by_value(found: Number, function: Callable[..., Any], point: list[Any]) -> Number:
    """What a function gave, whose slopes may be computed of that, as `y*(1 - y)` of a sigmoid: doubles lose more."""
    size, off = _size(found.value), 0.0
    for at in range(len(point)):
        slope, bend = slope_of(function, point, at)
        if slope:
            off = max(off, HALF_ULP * size * _size(bend / slope) / _size(slope))
    return found.tape.note(found.value, found.lost, ((found.place, 1, off),)) if off else found


def _off(value: Any, x: Any, slope: Any, bend: Any, lost: float, rough: int) -> float:
    """What doubles lose of a slope: where the argument is rounded, and where it is computed of the value."""
    size, steep = _size(value), _size(slope)
    flat = HALF_ULP * size if abs(slope) <= abs(value) * mpf(2) ** -150 else 0.0  # lost in the digits
    return _size(bend) * (rough * HALF_ULP * (_size(x) + (size / steep if steep else 0.0)) + lost) + flat


def _turned(
    tape: Tape, function: Callable[..., Any], point: list[Any], at: int, slope: Any, both: Sequence[tuple[Any, float]]
) -> Iterator[float]:
    """By how much a slope is another one where each of the other arguments is as far off as doubles may be."""
    for other, (_, lost) in enumerate(both):
        if other != at and lost:
            there, _ = slope_of(function, moved(point, other, mpf(lost)), at)
            tape.doubtful |= there is None
            yield 0.0 if there is None else _size(there - slope)


def _look_around(
    tape: Tape, function: Callable[..., Any], point: list[Any], at: int, value: Any, slope: Any, lost: float
) -> None:
    """Note whether a kink or a jump lies so near that doubles may be on its other side."""
    by = mpf(NEAR * lost) if lost else mpf(2) ** -60 * (abs(point[at]) or 1)
    for sign in (1, -1):
        there = real(function(*moved(point, at, sign * by)))
        if abs(there - value - sign * by * slope) > mpf(10) ** -6 * by * (1 + abs(slope)):
            tape.doubtful |= bool(lost)
            tape.tied |= not lost
