"""Both functions called by CPython at one point, beside the function on a tape -> whether they are right there.

The truth is the function itself on numbers of fifty digits (`tape.py`). A double may be as far from it as the chain
rule, applied to the function as it is written, loses in doubles: what loses more is wrong, however equal it is in real
numbers. Where the function has no value, or no derivative, nothing is claimed of either.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct

from mgc.compiler.verify.called.arguments import SEEDS, Draw, Given
from mgc.compiler.verify.called.closeness import is_close, is_double, is_known, is_value
from mgc.compiler.verify.called.named import SLACK, Named
from mgc.compiler.verify.called.quotients import STEEP
from mgc.compiler.verify.called.source import OnTape, Source
from mgc.compiler.verify.called.tape import NEAR, ROUNDING, Number, Slope, Tape, TooLong, Unfollowed, read
from mgc.compiler.verify.pasted import repr_of
from mgc.compiler.verify.terms.evaluation import NoValue
from mgc.compiler.verify.text.instances import shape_in
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.trace.values import flat

MOST = 40_000  # steps of one point: at larger sizes nothing is called
OF_SLOPES = NEAR * ROUNDING  # half units in the last place: a tie may be shared, and summed up again
BESIDE = mpf(2) ** -80  # how far the two sides are, where the chain rule does not tell
OWN = str(Path(__file__).parents[1])  # not of a text
RAISED = (ArithmeticError, ValueError, TypeError, LookupError, AttributeError, NameError, RecursionError)


class Wrong(Exception):
    """What is false at a point. `of`: a function, if not the derivative's; `seeds`: what that takes besides; `by`: the
    variable by which the derivative is wrong."""

    def __init__(
        self,
        what: str,
        found: str = "",
        wanted: str = "",
        line: int | None = None,
        of: str = "",
        seeds: Sequence[Any] = (),
        by: str = "",
    ) -> None:
        super().__init__(what)
        self.of = of
        self.found = found
        self.wanted = wanted
        self.line = line
        self.seeds = seeds
        self.by = by


@contextmanager
def shown_by(seeds: Sequence[Any]) -> Iterator[None]:
    """What is wrong inside shows where the derivative is called with these adjoints."""
    try:
        yield
    except Wrong as wrong:
        wrong.seeds = seeds
        raise


class Outside(Exception):
    """Nothing is claimed at this point: the function has no value there, or none that doubles have.

    It is raised with the work that was done, or from what the text raised.
    """


class Pair(Struct, frozen=True):
    """A function and its derivative, as CPython has them and on tapes; `source`: what the function means, if known."""

    signature: Signature
    namespace: Mapping[str, Any]
    on_tapes: Mapping[str, Any]
    named: Named | None = None
    source: Source | None = None

    def judge(self, given: Given, source: random.Random, most: float = MOST, is_new: bool = False) -> int:
        """Compare at one point, which `is_new` where none of its sizes was; the work. Errors: Wrong, Outside, TooLong.

        Away from what is new the source is asked only where the function fails, or doubles are not its own exact value.
        """
        try:
            value = self.value(given)
        except Outside as outside:
            self._hold(given, most, outside.__cause__)
            raise
        run = self._run(given, most)
        if is_new or not all(map(is_double, numbers_in(value), run.results)):
            self._hold(given, most, value=value)
        tape, seeds = run.tape, self.seeds(value, source)
        if self.signature.derivative is not None:
            with shown_by(seeds):
                self._judge_derivative(given, value, run, seeds)
        return tape.work

    def _judge_derivative(self, given: Given, value: Any, run: OnTape, seeds: Sequence[Any]) -> None:
        """Errors: Wrong, Outside."""
        try:
            again, gradients = self.returned(given, seeds)
        except RAISED as error:
            self._excuse(run, error)
            raise self.raising(str(self.signature.derivative), error) from None
        if run.is_doubtful or not all(map(is_value, numbers_in(value), run.results)):
            raise Outside(run.tape.work)  # it is not what it says in doubles
        self._compare_values(again, value, run)
        if not _is_finite(list(gradients.values()) if isinstance(gradients, dict) else gradients):
            self._excuse(run, ArithmeticError())  # as what raises, where the text computes as IEEE 754 does
        if run.is_kink or (self.signature.is_detached and self.source is None):
            return
        slopes = run.slopes(_weights(seeds), run.variables)
        if run.tape.extreme:
            raise Outside(run.tape.work)
        self._compare_slopes(gradients, run, dict(zip(map(id, run.variables), slopes, strict=True)), given)

    def judge_names(self, given: Given, source: random.Random) -> int:
        """Hold each `d<name>` of the text to being the derivative by `<name>`; the work. Errors: Wrong."""
        if self.named is None or self.signature.is_detached:
            return 0
        seeds = self.seeds(self.value(given), source)
        notes, function = self.named.on(self.on_tapes)
        tape = Tape(MOST)
        there = given.changed(lambda _, number: tape.variable(number))
        try:
            value, _ = function(*self.passed(there, seeds))
        except (Unfollowed, TooLong, *RAISED):
            return tape.work
        for name, part in there.arguments.items():
            notes.hold(name, 0, part)
        found = list(self.named.wrong(notes, tape, list(zip(numbers_in(value), _weights(seeds), strict=True))))
        if not found or tape.tied or tape.doubtful or tape.extreme:
            return tape.work
        kept = [number for number in notes.numbers() if isinstance(number, Number)]
        if not tape.may_part([*tape.ties, *tape.doubts], kept):
            name, held, wanted = found[0]
            what = f"{self.named.claims[name]} is not the derivative with respect to {name}"
            line = self.named.lines[self.named.claims[name]]
            raise Wrong(what, repr_of(held), "" if wanted is None else repr_of(wanted), line, seeds=seeds)
        return tape.work

    def has_value(self, given: Given) -> bool:
        """Whether the function gets through."""
        try:
            self.value(given)
        except (Outside, Wrong):
            return False
        return True

    def is_suspect(self, given: Given, source: random.Random) -> bool:
        """Whether the value of the derivative's function seems another than the function's: doubles alone are quick."""
        try:
            value = self.value(given)
            again = self.returned(given, self.seeds(value, source))[0] if self.signature.derivative else value
        except Outside:
            return False
        except (Wrong, *RAISED):
            return True
        pairs = zip(numbers_in(value), numbers_in(again), strict=False)
        return any(not abs(one - other) <= SLACK * (abs(one) + abs(other)) for one, other in pairs)

    # --- calls

    def value(self, given: Given) -> Any:
        """What the function returns. Errors: Outside, Wrong."""
        name = self.signature.name
        try:
            value = self.call(name, given)
        except (ArithmeticError, ValueError, IndexError) as error:
            raise Outside from error
        except RAISED as error:
            raise self.raising(name, error) from None
        if not _is_finite(value):
            raise Outside
        return value

    def returned(self, given: Given, seeds: Sequence[Any]) -> tuple[Any, Any]:
        """What the derivative's function returns. Errors: Wrong, and those of the text (RAISED)."""
        name = str(self.signature.derivative)
        returned = self.call(name, given, seeds)
        if not isinstance(returned, tuple) or len(returned) != 2:
            raise Wrong(f"{name} does not return (value, derivatives)")
        try:
            numbers_in(returned)
        except RecursionError:
            raise Wrong(f"{name} returns a list inside itself") from None
        return returned

    def passed(self, given: Given, seeds: Sequence[Any] | None = None) -> list[Any]:
        """What the function is called with; with `seeds` its derivative's function."""
        head = [given.parameters] if self.signature.takes_params else []
        if seeds is None:
            return [*head, *given.arguments.values()]
        named = dict(zip((one.name for one in self.signature.adjoints), seeds, strict=True))
        return [*head, *({**given.arguments, **named}[name] for name in self.signature.order)]

    def call(self, name: str, given: Given, seeds: Sequence[Any] | None = None) -> Any:
        """Errors: Wrong, where a function has written to an argument, and those of the text."""
        wanted = self.passed(given, seeds)
        passed = _copied(wanted)
        returned = self.namespace[name](*passed)
        order = (
            self.signature.order if name == self.signature.derivative else [a.name for a in self.signature.arguments]
        )
        names = [*(["params"] if self.signature.takes_params else []), *order]
        for argument, before, now in zip(names, wanted, passed, strict=True):
            if before != now:
                raise Wrong(f"{name} changes its argument {argument}", of=name, seeds=seeds or ())
        return returned

    def _on_tape(self, given: Given, most: float = MOST, moved: Mapping[str, Any] = {}) -> OnTape:
        """The function on a tape, its numbers `moved` by so much. Errors: Outside, TooLong."""
        tape = Tape(most)
        there = given.changed(lambda at, number: tape.variable(mpf(number) + moved.get(at, 0)))
        try:
            return OnTape(tape, there, numbers_in(self.on_tapes[self.signature.name](*self.passed(there))))
        except (Unfollowed, *RAISED):
            raise Outside from None

    def _run(self, given: Given, most: float) -> OnTape:
        """What the derivative is held against: the text does not show what is detached. Errors: as `_on_tape`."""
        if self.source is None or not self.signature.is_detached:
            return self._on_tape(given, most)
        try:
            return self.source.on_tape(given, most)
        except NoValue:
            raise Outside from None

    def seeds(self, value: Any, source: random.Random) -> list[Any]:
        parts = value if len(self.signature.adjoints) > 1 else (value,)
        return [_seeded(part, source.choice(SEEDS), source) for part in parts] if self.signature.adjoints else []

    def _excuse(self, run: OnTape, error: BaseException) -> None:
        """Errors: Outside, where a right text may raise this: there is no derivative, or no double for it."""
        if not isinstance(error, ArithmeticError | ValueError):
            return
        slopes = run.slopes([1] * len(run.results), run.variables)
        if run.tape.extreme or run.is_doubtful or run.tape.drowned or None in slopes:
            raise Outside(run.tape.work) from error

    def raising(self, name: str, error: BaseException) -> Wrong:
        """What is said of an error of the text, which is the cause."""
        line = next((trace.tb_lineno for trace in _frames(error)), None)
        wrong = Wrong(f"{name} raises {type(error).__name__}: {error}", line=line, of=name)
        wrong.__cause__ = error
        return wrong

    # --- comparisons

    def _hold(self, given: Given, most: float, error: BaseException | None = None, value: Any = None) -> None:
        """Hold what the function gave, or what it raised, to its source. Errors: Wrong, TooLong."""
        if self.source is None or _is_unread(error):
            return
        found = numbers_in(value) if value is not None else []
        with suppress(NoValue):
            plain = self.source.in_doubles(given)
            if not _is_finite(plain) or (value is not None and all(map(is_double, found, plain))):
                return
            run = self.source.on_tape(given, most)
            if run.tape.extreme or run.tape.drowned or run.is_doubtful or not all(map(is_known, run.results)):
                return
            name, wanted = self.signature.name, ", ".join(repr_of(read(one)[0]) for one in run.results)
            if value is None:
                raised = self.raising(name, error) if error is not None else Wrong(f"{name} has no finite value")
                raise Wrong(f"{raised}, and its source has a value", wanted=wanted, line=raised.line, of=name)
            for got, result in zip(found, run.results, strict=False):
                if not is_value(got, result):
                    exact = repr_of(read(result)[0])
                    raise Wrong("the value is not what the source means", repr(got), exact, of=name)

    def _compare_values(self, again: Any, value: Any, run: OnTape) -> None:
        name, function, (shape, wanted) = self.signature.derivative, self.signature.name, map(shape_in, (again, value))
        if shape != wanted:
            raise Wrong(f"{name}: its value has the shape {shape}, and that of the function {wanted}")
        for found, result in zip(numbers_in(again), run.results, strict=True):
            if not is_value(found, result):
                exact = result.value if isinstance(result, Number) else mpf(result)
                raise Wrong(f"{name}: its value is not that of {function}", repr(found), repr_of(exact))

    def _compare_slopes(self, gradients: Any, run: OnTape, slopes: Mapping[int, Slope | None], given: Given) -> None:
        for name, found, variables in self.paired(gradients, run.given):
            if shape_in(found) != shape_in(variables):
                raise Wrong(f"the derivative by {name} has the shape {shape_in(found)} and not {shape_in(variables)}")
            for (at, variable), slope in zip(flat(variables, name), numbers_in(found), strict=True):
                truth = slopes.get(id(variable))
                if truth is not None:
                    wanted = None if is_close(slope, truth.value, truth.lost, OF_SLOPES) else truth.value
                else:
                    is_number = isinstance(variable, Number) and not self.signature.adjoints
                    wanted = self._beside(given, at) if is_number else None
                if wanted is not None:
                    raise Wrong(f"the derivative by {at} is wrong", repr(slope), repr_of(wanted), by=name)

    def _beside(self, given: Given, at: str) -> Any | None:
        """The slope on both sides, where the chain rule has none and the text, in digits, has another one."""
        ends = []
        for by in (-BESIDE, 0, BESIDE):
            try:
                (result,) = self._on_tape(given, moved={at: by}).results
            except (Outside, TooLong):
                return None
            ends.append(result.value if isinstance(result, Number) else mpf(result))
        below, above = (ends[1] - ends[0]) / BESIDE, (ends[2] - ends[1]) / BESIDE
        agree = abs(above - below) <= SLACK * (1 + abs(above)) and abs(above) < STEEP  # else it jumps, or is upright
        slope = self._in_digits(given, at) if agree else None
        return None if slope is None or abs(slope - above) <= SLACK * (1 + abs(above)) else above

    def _in_digits(self, given: Given, at: str) -> Any | None:
        """What the text says of a slope where nothing is lost, as doubles may lose all of it: None if it fails."""
        tape = Tape(MOST)
        there = given.changed(lambda _, number: tape.variable(number))
        try:
            _, gradients = self.on_tapes[str(self.signature.derivative)](*self.passed(there, []))
        except (Unfollowed, TooLong, *RAISED):
            return None
        for name, found, variables in self.paired(gradients, there):
            for (place, _), slope in zip(flat(variables, name), numbers_in(found), strict=True):
                if place == at:
                    return read(slope)[0]
        return None

    def paired(self, gradients: Any, given: Given) -> Iterator[tuple[str, Any, Any]]:
        """The derivatives beside what they are by. Errors: Wrong."""
        wrt = self.signature.wrt
        returned = (gradients,) if wrt == ("params",) else gradients
        if not isinstance(returned, tuple) or len(returned) != len(wrt):
            raise Wrong(f"{self.signature.derivative} does not return {len(wrt)} derivatives")
        for name, found in zip(wrt, returned, strict=True):
            if name != "params":
                yield name, found, given.arguments[name]
            elif not isinstance(found, dict):
                raise Wrong(f"{self.signature.derivative} returns no derivatives by the parameters' names")
            elif extra := [key for key in found if key not in given.parameters]:
                raise Wrong(f"it returns a derivative by {extra[0]}, which is no parameter")
            else:
                yield from ((key, found.get(key, _zeros(part)), part) for key, part in given.parameters.items())


def numbers_in(value: Any) -> list[Any]:
    return [number for _, number in flat(value)]


def _is_finite(value: Any) -> bool:
    return all(isinstance(number, int | float) and math.isfinite(number) for number in numbers_in(value))


def _weights(seeds: Sequence[Any]) -> list[float]:
    """Of the results, of whose sum the derivatives are."""
    return numbers_in(seeds) if seeds else [1]


def _is_unread(error: BaseException | None) -> bool:
    """Whether an element was missing that the function need not read."""
    return isinstance(error, IndexError) and _frames(error)[-1].tb_frame.f_code.co_name == "element"


def _copied(given: Any) -> Any:
    """Arguments, which the text may write to."""
    if isinstance(given, Mapping):
        return {name: _copied(part) for name, part in given.items()}
    if not isinstance(given, list):
        return given
    return [_copied(inner) for inner in given] if given and isinstance(given[0], list) else given[:]


def _zeros(given: Any) -> Any:
    return [_zeros(inner) for inner in given] if isinstance(given, list) else 0.0


def _seeded(value: Any, draw: Draw, source: random.Random) -> Any:
    return [_seeded(inner, draw, source) for inner in value] if isinstance(value, list) else draw(source)


def _frames(error: BaseException) -> list[TracebackType]:
    """Where it was raised, inside of the text."""
    found, trace = [], error.__traceback__
    while trace is not None:
        found += [] if trace.tb_frame.f_code.co_filename.startswith(OWN) else [trace]
        trace = trace.tb_next
    return found
