"""A function at a point -> what every name of its forward pass holds there, and the derivative by it.

def f(a, b): n = a*b; return n**2   at a = 0.5, b = 2   ->   a 0.5 4.0, b 2.0 1.0, n 1.0 2.0
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from mgc.grammar.diagnostics import DataError
from mgc.runtime.conversion import Nested, Sizes, convert, flat, ones_like

if TYPE_CHECKING:
    from mgc.runtime.grade.exercise import Forward
    from mgc.runtime.grade.forward_run import Run
    from mgc.runtime.model import Function


class Held(Struct, frozen=True):
    """A name, its value, and the derivative by it of the sum of all results; None by a whole number, which has none."""

    name: str
    value: Nested
    derivative: Nested | None


def intermediates(function: Function, bound: Sequence[object]) -> list[Held]:
    """What the names hold, in the order of the text. `bound`: the arguments as `Function.checked` gives them.

    Arguments and parameters come first; a name of a loop's body has the loop's axis before its own.
    Errors: DataError, where the forward pass cannot be followed, or its derivatives stop at a `detach`.
    """
    if function.info.is_detached:
        raise DataError(f"{function.info.name} says detach: derivatives inside it are not those of its value")
    from mgc.compiler.verify.text import library
    from mgc.runtime.grade import forward_run, sharing
    from mgc.runtime.grade.exercise import NoExercise
    from mgc.runtime.grade.setting import forward_of

    syntax = ast.parse(function.model.source)
    setting = forward_run.Setting(syntax, frozenset(library.standing(syntax)))
    try:
        forward = forward_of(function, syntax)
        values, sizes = _given(function, forward, bound)
        _check_finite(function, values)
        integers = {name: values[name] for name in values if forward.names[name].whole}
        forward = sharing.shared(forward, setting, sizes, integers)
        return _held(function, forward_run.traced(forward, setting, sizes, integers), values)
    except NoExercise as error:
        raise DataError(f"the values inside {function.info.name} cannot be shown: {error}") from None


def _given(function: Function, forward: Forward, bound: Sequence[object]) -> tuple[dict[str, Nested], dict[str, int]]:
    """The inputs by their names in the forward pass, and the sizes that they show."""
    info, sizes, values = function.info, Sizes(), dict[str, Nested]()
    for argument, value in zip(info.arguments, bound[bool(info.parameters) :], strict=True):
        found = convert(value, argument.shape, argument.dtype, argument.name, sizes)
        values[argument.emitted_name] = found
    own = dict(zip(info.parameters, info.parameter_shapes, strict=True))
    params = bound[0] if info.parameters else {}
    assert isinstance(params, Mapping)
    for name, known in forward.names.items():
        if known.dotted:
            values[name] = convert(params[known.dotted], own[known.dotted], "float", known.dotted, sizes)
    return values, {name: size for name, (size, _) in sizes.bound.items()}


def _check_finite(function: Function, values: Mapping[str, Nested]) -> None:
    for name, value in values.items():
        odd = next((number for number in flat(value) if not math.isfinite(number)), None)
        if odd is not None:
            said = f"{name} has {odd}" if isinstance(value, list) else f"{name} is {odd}"
            where = f"values inside {function.info.name} are computed to 50 digits, where nothing is {odd}"
            raise DataError(f"{where}: {said}; `mgc show --values` has them in doubles")


def _held(function: Function, run: Run, values: Mapping[str, Nested]) -> list[Held]:
    from mgc.compiler.verify.terms import terms
    from mgc.compiler.verify.terms.evaluation import NoValue
    from mgc.compiler.verify.text.names import BOOKKEEPING
    from mgc.runtime.grade.backward import NOTHING, sweep, tape
    from mgc.runtime.grade.points import at
    from mgc.runtime.grade.setting import numbers_at

    try:
        point = at(tape(run), values, {name: ones_like(entry) for name, entry in run.results()})
    except NoValue as error:
        raise DataError(f"{function.info.name} has no value here: {error}") from None
    truth = sweep(point)

    def derivative(entry: Any) -> Nested:
        if isinstance(entry, list):
            return [derivative(inner) for inner in entry]
        return float(truth.get(point.stored(terms.term(entry)), NOTHING).value)

    spelt = {argument.emitted_name: argument.name for argument in function.info.arguments}
    return [
        Held(
            known.dotted or spelt.get(name, name),
            numbers_at(point, run.entries[name]),
            None if known.whole else derivative(run.entries[name]),
        )
        for name, known in run.forward.names.items()
        if known.role != "intermediate" or not BOOKKEEPING.fullmatch(name)
    ]
