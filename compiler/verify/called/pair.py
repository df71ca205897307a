"""Both functions called by CPython at one point, beside the function on a tape -> whether they are right there.

The truth is the function itself on numbers of fifty digits (`tape.py`). A double may be as far from it as the chain
rule, applied to the function as it is written, loses in doubles: what loses more is wrong, however equal it is in real
numbers. Where the function has no value, or no derivative, nothing is claimed of either.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

from mpmath import mp  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.verify.called.arguments import Given
from mgc.compiler.verify.called.named import SLACK, Named
from mgc.compiler.verify.called.quotients import STEEP
from mgc.compiler.verify.called.tape import HALF_ULP, LEAST, ROUNDING, Number, Slope, Tape, TooLong, Unfollowed
from mgc.compiler.verify.text.instances import shape_in
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.trace.values import flat

MOST = 40_000  # steps of one point: at larger sizes nothing is called
OF_VALUES, OF_SLOPES = 8, 128  # half units in the last place: a tie may be shared, and summed up again
BESIDE = mp.mpf(2) ** -80  # how far the two sides are, where the chain rule does not tell
SAME = 1e-6  # relative, of their slopes
RAISED = (ArithmeticError, ValueError, TypeError, LookupError, AttributeError, NameError, RecursionError)


class Wrong(Exception):
    """What is false at a point."""

    def __init__(self, what: str, found: str = "", wanted: str = "", line: int | None = None) -> None:
        super().__init__(what)
        self.found = found
        self.wanted = wanted
        self.line = line


class Outside(Exception):
    """Nothing is claimed at this point: the function has no value there, or none that doubles have.

    It is raised with the work that was done.
    """


class Pair(Struct, frozen=True):
    """A function and its derivative, as CPython has them and on tapes."""

    signature: Signature
    namespace: Mapping[str, Any]
    on_tapes: Mapping[str, Any]
    named: Named | None = None

    def judge(self, given: Given, source: random.Random, most: float = MOST) -> int:
        """Compare at one point; the work that it took. Errors: Wrong, Outside, TooLong."""
        value = self.value(given)
        tape, inputs, results = self._on_tape(given, most)
        seeds = self.seeds(value, source)
        returned = self._derivative(given, seeds, tape, inputs, results)
        if returned is None:
            return tape.work
        again, gradients = returned
        if not _all_finite(gradients):  # as what raises, where the text computes as IEEE 754 does
            self._excuse(tape, inputs, results, ArithmeticError())
        if tape.extreme or tape.doubtful:
            raise Outside(tape.work)
        for (_, found), result in zip(flat(value), results, strict=True):
            if isinstance(result, Number) and not _is_close(found, result.value, result.lost, OF_VALUES):
                raise Outside(tape.work)  # it is not what it says in doubles
        self._compare_values(again, value, results)
        if tape.tied or self.signature.is_detached:  # the text does not show what is held constant
            return tape.work
        weights = [1] if not self.signature.adjoints else [seed for _, seed in flat(seeds)]
        numbers = [number for _, number in flat(list(inputs.values())) if isinstance(number, Number)]
        slopes = tape.slopes(list(zip(results, weights, strict=True)), numbers)
        if tape.extreme:
            raise Outside(tape.work)
        self._compare_slopes(gradients, inputs, dict(zip(map(id, numbers), slopes, strict=True)), given)
        return tape.work

    def judge_names(self, given: Given, source: random.Random) -> int:
        """Hold each `d<name>` of the text to being the derivative by `<name>`; the work. Errors: Wrong."""
        if self.named is None or self.signature.is_detached:
            return 0
        seeds = self.seeds(self.value(given), source)
        notes, function = self.named.on(self.on_tapes)
        tape = Tape(MOST)
        inputs, parameters = self._noted(tape, given)
        passed = {**inputs, **{one.name: seed for one, seed in zip(self.signature.adjoints, seeds, strict=True)}}
        try:
            value, _ = function(*self._head(parameters), *(passed[one] for one in self.signature.order))
        except (Unfollowed, TooLong, *RAISED):
            return tape.work
        weights = [1] if not self.signature.adjoints else [seed for _, seed in flat(seeds)]
        for one in self.signature.arguments:
            notes.note(one.name, 0, inputs[one.name])
        found = list(self.named.wrong(notes, tape, list(zip([one for _, one in flat(value)], weights, strict=True))))
        if found and not (tape.tied or tape.doubtful or tape.extreme):
            name, held, wanted = found[0]
            what = f"{self.named.claims[name]} is not the derivative with respect to {name}"
            line = self.named.lines[self.named.claims[name]]
            raise Wrong(what, _spelled(held), "" if wanted is None else _spelled(wanted), line)
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
            returned = self.returned(given, self.seeds(value, source))
        except Outside:
            return False
        except (Wrong, *RAISED):
            return True
        pairs = zip(flat(value), flat(returned[0]), strict=False) if returned is not None else ()
        return any(not abs(one - other) <= SLACK * (abs(one) + abs(other)) for (_, one), (_, other) in pairs)

    # --- calls

    def _head(self, parameters: Any) -> list[Any]:
        return [parameters] if self.signature.takes_params else []

    def value(self, given: Given) -> Any:
        """What the function returns. Errors: Outside, Wrong."""
        name = self.signature.name
        passed = _copied([*self._head(given.parameters), *given.arguments.values()])
        try:
            value = self.namespace[name](*passed)
        except (ArithmeticError, ValueError, IndexError):
            raise Outside from None  # what it raised is the context
        except RAISED as error:
            raise Wrong(f"{name} raises {type(error).__name__}: {error}", line=_line(error)) from None
        names = [*(["params"] if self.signature.takes_params else []), *given.arguments]
        _check_kept(name, names, [*self._head(given.parameters), *given.arguments.values()], passed)
        if not all(isinstance(number, int | float) and math.isfinite(number) for _, number in flat(value)):
            raise Outside
        return value

    def _on_tape(self, given: Given, most: float = MOST) -> tuple[Tape, dict[str, Any], list[Any]]:
        """The same on a tape: its variables by name, and the results. Errors: Outside."""
        tape = Tape(most)
        inputs, parameters = self._noted(tape, given)
        try:
            result = self.on_tapes[self.signature.name](*self._head(parameters), *inputs.values())
        except TooLong:
            raise
        except (Unfollowed, *RAISED):
            raise Outside from None
        named = {**{f"params.{name}": part for name, part in parameters.items()}, **inputs}
        return tape, named, [number for _, number in flat(result)]

    def _noted(self, tape: Tape, given: Given) -> tuple[dict[str, Any], dict[str, Any]]:
        """The arguments and the parameters as numbers of a tape."""
        integers = {one.name for one in self.signature.arguments if one.dtype == "int"}
        inputs = {k: part if k in integers else _noted(tape, part) for k, part in given.arguments.items()}
        return inputs, {name: _noted(tape, part) for name, part in given.parameters.items()}

    def seeds(self, value: Any, source: random.Random) -> Any:
        parts = value if len(self.signature.adjoints) > 1 else (value,)
        return [_seeded(part, source) for part in parts] if self.signature.adjoints else []

    def _derivative(
        self, given: Given, seeds: Sequence[Any], tape: Tape, inputs: Mapping[str, Any], results: Sequence[Any]
    ) -> tuple[Any, Any] | None:
        """What the derivative's function returns; None where there is none. Errors: Wrong, Outside."""
        try:
            return self.returned(given, seeds)
        except RAISED as error:
            self._excuse(tape, inputs, results, error)
            name = str(self.signature.derivative)
            raise Wrong(f"{name} raises {type(error).__name__}: {error}", line=_line(error)) from None

    def returned(self, given: Given, seeds: Sequence[Any]) -> tuple[Any, Any] | None:
        """Errors: Wrong, and those of the text (RAISED)."""
        name = self.signature.derivative
        if name is None:
            return None
        named = {
            **given.arguments,
            **{one.name: seed for one, seed in zip(self.signature.adjoints, seeds, strict=True)},
        }
        wanted = [*self._head(given.parameters), *[named[one] for one in self.signature.order]]
        passed = _copied(wanted)
        returned = self.namespace[name](*passed)
        _check_kept(name, [*(["params"] if self.signature.takes_params else []), *self.signature.order], wanted, passed)
        if not isinstance(returned, tuple) or len(returned) != 2:
            raise Wrong(f"{name} does not return (value, derivatives)")
        try:
            list(flat(returned))
        except RecursionError:
            raise Wrong(f"{name} returns a list inside itself") from None
        return returned

    def _excuse(self, tape: Tape, inputs: Mapping[str, Any], results: Sequence[Any], error: BaseException) -> None:
        """Errors: Outside, where a right text may raise this: there is no derivative, or no double for it."""
        if isinstance(error, IndexError) and _frames(error)[-1].tb_frame.f_code.co_name == "element":
            raise Outside from error  # of what the function need not read
        if not isinstance(error, ArithmeticError | ValueError):
            return
        numbers = [number for _, number in flat(list(inputs.values())) if isinstance(number, Number)]
        slopes = tape.slopes([(result, 1) for result in results], numbers)
        if tape.extreme or tape.doubtful or tape.drowned or any(slope is None for slope in slopes):
            raise Outside from error

    # --- comparisons

    def _compare_values(self, again: Any, value: Any, results: Sequence[Any]) -> None:
        name = self.signature.derivative
        if shape_in(again) != shape_in(value):
            raise Wrong(
                f"{name}: its value has the shape {shape_in(again)}, and that of the function {shape_in(value)}"
            )
        for (_, found), result in zip(flat(again), results, strict=True):
            wanted, lost = (result.value, result.lost) if isinstance(result, Number) else (mp.mpf(result), 0.0)
            if not _is_close(found, wanted, lost, OF_VALUES):
                raise Wrong(f"{name}: its value is not that of {self.signature.name}", repr(found), _spelled(wanted))

    def _compare_slopes(
        self, gradients: Any, inputs: Mapping[str, Any], slopes: Mapping[int, Slope | None], given: Given
    ) -> None:
        for name, found, variables in self._paired(gradients, inputs):
            if shape_in(found) != shape_in(variables):
                raise Wrong(f"the derivative by {name} has the shape {shape_in(found)} and not {shape_in(variables)}")
            for (at, variable), (_, slope) in zip(flat(variables), flat(found), strict=True):
                truth = slopes.get(id(variable))
                if truth is None and isinstance(variable, Number) and not self.signature.adjoints:
                    self._compare_sides(given, name, at, slope)
                if truth is not None and not _is_close(slope, truth.value, truth.lost, OF_SLOPES):
                    raise Wrong(f"the derivative by {name}{at} is wrong", repr(slope), _spelled(truth.value))

    def _compare_sides(self, given: Given, name: str, at: str, slope: Any) -> None:
        """Where the chain rule has no derivative, that of the two sides, if they agree. Errors: Wrong."""
        path = [int(place) for place in re.findall(r"\d+", at)]
        known = given.parameters if name in given.parameters else given.arguments
        ends = []
        for by in (-BESIDE, 0, BESIDE):
            changed = {**known, name: _moved(known[name], path, by)}
            there = replace(given, **{"parameters" if known is given.parameters else "arguments": changed})
            try:
                ((*_, result),) = [self._on_tape(there)[2]]
            except (Outside, TooLong):
                return
            ends.append(result.value if isinstance(result, Number) else mp.mpf(result))
        below, above = (ends[1] - ends[0]) / BESIDE, (ends[2] - ends[1]) / BESIDE
        agree = abs(above - below) <= SAME * (1 + abs(above)) and abs(above) < STEEP  # else it jumps, or is upright
        if agree and math.isfinite(slope) and abs(slope - above) > SAME * (1 + abs(above)):
            raise Wrong(f"the derivative by {name}{at} is wrong", repr(slope), _spelled(above))

    def _paired(self, gradients: Any, inputs: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
        """The derivatives beside what they are by. Errors: Wrong."""
        wrt = self.signature.wrt
        if wrt != ("params",) and (not isinstance(gradients, tuple) or len(gradients) != len(wrt)):
            raise Wrong(f"{self.signature.derivative} does not return {len(wrt)} derivatives")
        by_name = {"params": gradients} if wrt == ("params",) else dict(zip(wrt, gradients, strict=True))
        for name, found in by_name.items():
            if name == "params" and isinstance(found, dict):
                named = {key.removeprefix("params."): part for key, part in inputs.items() if key[:7] == "params."}
                if extra := [key for key in found if key not in named]:
                    raise Wrong(f"it returns a derivative by {extra[0]}, which is no parameter")
                yield from ((key, found.get(key, _zeros(part)), part) for key, part in named.items())
            else:
                yield name, found, inputs[name]


def _is_close(found: Any, wanted: Any, lost: float, least: int) -> bool:
    """Whether a double is the number but for what doubles lose; nan is none."""
    if not isinstance(found, int | float) or not math.isfinite(found):
        return False
    if found == float(wanted):
        return True  # as most are
    return bool(abs(mp.mpf(found) - wanted) <= ROUNDING * lost + least * HALF_ULP * abs(wanted) + LEAST)


def _all_finite(gradients: Any) -> bool:
    parts = list(gradients.values()) if isinstance(gradients, dict) else gradients
    return all(isinstance(number, int | float) and math.isfinite(number) for _, number in flat(parts))


def _copied(given: Any) -> Any:
    """Arguments, which the text may write to."""
    if given.__class__ is dict:
        return {name: _copied(part) for name, part in given.items()}
    if given.__class__ is not list:
        return given
    return [_copied(inner) for inner in given] if given and given[0].__class__ in (list, dict) else given[:]


def _check_kept(function: str, names: Sequence[str], given: Sequence[Any], after: Sequence[Any]) -> None:
    """Errors: Wrong, where a function has written to an argument."""
    for name, before, now in zip(names, given, after, strict=True):
        if before != now:
            raise Wrong(f"{function} changes its argument {name}")


def _moved(given: Any, path: Sequence[int], by: Any) -> Any:
    """Nested lists with one number moved."""
    if not path:
        return mp.mpf(given) + by
    return [_moved(inner, path[1:], by) if place == path[0] else inner for place, inner in enumerate(given)]


def _zeros(given: Any) -> Any:
    return [_zeros(inner) for inner in given] if isinstance(given, list) else 0.0


def _spelled(number: Any) -> str:
    return str(mp.nstr(number, 17))


def _noted(tape: Tape, numbers: Any) -> Any:
    return [_noted(tape, inner) for inner in numbers] if isinstance(numbers, list) else tape.variable(numbers)


def _seeded(value: Any, source: random.Random) -> Any:
    return [_seeded(inner, source) for inner in value] if isinstance(value, list) else source.uniform(-2.0, 2.0)


def _frames(error: BaseException) -> list[TracebackType]:
    """Where it was raised, inside of the text."""
    found, trace = [], error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename != __file__:
            found.append(trace)
        trace = trace.tb_next
    return found


def _line(error: BaseException) -> int | None:
    """The line of the text on which it was raised."""
    return next((trace.tb_lineno for trace in _frames(error)), None)
