"""A function as its source means it, on doubles or on a tape -> what CPython's numbers are held against.

The evaluator of the source knows nothing of the emitted text: what doubles may lose is what the author's own operations
do, in the order in which they are written.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from functools import cached_property, reduce
from typing import Any

from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct

from mgc.compiler.verify import clock
from mgc.compiler.verify.called.arguments import Given
from mgc.compiler.verify.called.running import library
from mgc.compiler.verify.called.tape import Number, Slope, Tape, Unfollowed, read
from mgc.compiler.verify.reference.arrays import Misfit
from mgc.compiler.verify.reference.reference import meaning
from mgc.compiler.verify.reference.scalars import Domain, Guarded
from mgc.compiler.verify.terms.evaluation import NoValue
from mgc.compiler.verify.terms.terms import Term, Undecided
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.text.subject import Subject
from mgc.compiler.verify.trace.values import flat

MOST = 8_000  # operations of one point in doubles: what a source says twice it computes twice
FAILURES = (ArithmeticError, ValueError, TypeError, LookupError, RecursionError, Misfit, Undecided, Unfollowed)
OPERATIONS: Mapping[str, Callable[..., Any]] = {
    **{name: getattr(operator, name) for name in "add sub mul neg floordiv mod lt le gt ge eq ne abs".split()},
    "not": operator.not_,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "max": max,
    "min": min,
    "max_const": max,
    "min_const": min,
    "relu": lambda x: max(x, 0.0),
    "clip": lambda x, low, high: min(max(x, low), high),
    "sign": lambda x: float((x > 0) - (x < 0)),
}  # what is compared in them shows on a tape


class OnTape(Struct, frozen=True, dict=True):
    """What is computed of a point on a tape; `given` has the variables."""

    tape: Tape
    given: Given
    results: list[Any]

    @cached_property
    def variables(self) -> list[Number]:
        return list(self.given.numbers().values())

    @cached_property
    def is_doubtful(self) -> bool:
        """Whether doubles may take another arm than this."""
        return self.tape.doubtful or self.tape.may_part(self.tape.doubts, self.variables)

    @cached_property
    def is_kink(self) -> bool:
        """Whether what is compared is equal here, and not all around."""
        return self.tape.tied or self.tape.may_part(self.tape.ties, self.variables)

    def slopes(self, weights: list[float], by: list[Number]) -> list[Slope | None]:
        return self.tape.slopes(list(zip(self.results, weights, strict=True)), by)


class Source(Struct, frozen=True):
    """What a function of the text means; it `takes` the points that are as required."""

    subject: Subject
    signature: Signature
    takes: Callable[[Given], bool]

    def in_doubles(self, given: Given) -> list[Any]:
        """Its results. Errors: terms.evaluation.NoValue, also where it takes long."""
        try:
            with clock.until(clock.now() + MOST):
                return self._results(given, _Arithmetic(None).domain)
        except clock.OutOfTime:
            raise
        except clock.OutOfWork:
            raise NoValue("it takes long") from None

    def on_tape(self, given: Given, most: float) -> OnTape:
        """The same with what doubles may lose. Errors: terms.evaluation.NoValue, tape.TooLong."""
        if not self.takes(given):
            raise NoValue("it is refused")
        tape = Tape(most)
        there = given.changed(lambda _, number: tape.variable(number))
        return OnTape(tape, there, self._results(there, _Arithmetic(tape).domain))

    def _results(self, given: Given, domain: Domain) -> list[Any]:
        inputs = {**given.arguments, "params": given.parameters}
        try:
            meant = meaning(*self.subject.in_source(self.signature, inputs, given.sizes), domain=domain)
        except FAILURES as error:
            raise NoValue(str(error)) from None
        found = [one for _, one in flat(meant)]
        if any(isinstance(one, Term) for one in found):
            raise NoValue("of an arm that is not taken")
        return found


class _Arithmetic(Struct, frozen=True):
    """On the numbers of a tape, or without one on CPython's."""

    tape: Tape | None

    @property
    def domain(self) -> Domain:
        return Domain(self.literal, self.operation, self.reduction, detached=_held)

    def literal(self, number: float) -> Any:
        """It is rounded, too."""
        return self.tape.note(mpf(number), 0.0, (), 1) if self.tape is not None and math.isfinite(number) else number

    def operation(self, name: str, *given: Any) -> Any:
        """Errors: ZeroDivisionError, where there is no value: the evaluator takes no more of what it leaves out."""
        clock.check()
        try:
            match name:
                case "div":
                    return self._quotient(*given)
                case "pow":
                    return library(name)(self._exactly(given[0]), given[1])
            return OPERATIONS[name](*given) if name in OPERATIONS else library(name)(*given)
        except (ValueError, OverflowError, Unfollowed, Undecided) as error:
            raise ZeroDivisionError from error

    def _quotient(self, left: Any, right: Any) -> Any:
        if isinstance(left, int) and isinstance(right, int) and left % right == 0:
            return left // right
        return self._exactly(left) / right

    def _exactly(self, number: Any) -> Any:
        """The number, of what is computed of which more than a double's digits are kept."""
        if self.tape is None or number.__class__ is Number:
            return number
        return self.tape.note(read(number)[0], 0.0, ())

    def reduction(self, kind: str, guarded: Guarded) -> Any:
        """From the left, as a loop does it. Errors: as `operation`."""
        numbers = [number for _, number in guarded]
        match kind:
            case "sum" | "prod":
                name, neutral = ("add", 0) if kind == "sum" else ("mul", 1)
                return reduce(lambda a, b: self.operation(name, a, b), numbers, neutral)
            case "mean":
                return self.operation("div", self.reduction("sum", guarded), len(numbers))
            case "max" | "min":
                nothing = -math.inf if kind == "max" else math.inf
                return reduce(lambda a, b: self.operation(kind, a, b), numbers) if numbers else nothing
        best = self.reduction(kind.removeprefix("arg"), guarded)
        return next(place for place, number in enumerate(numbers) if number == best)


def _held(number: Any) -> Any:
    """The number as a constant, of what doubles lose as much."""
    return number.tape.note(number.value, number.lost, ()) if number.__class__ is Number else number
