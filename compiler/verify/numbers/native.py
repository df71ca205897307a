"""What CPython gets from the functions of an emitted text at a point: the check on the machine that reads the text."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FrameType
from typing import Any

from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.instances import Instance, shape_in
from mgc.compiler.verify.trace.values import flat


class Raised(Exception):
    """CPython does not get through a function; `error` is what it raised there and `function` where."""

    def __init__(self, function: str, error: BaseException, said: str = "") -> None:
        super().__init__(said or f"{function} raises {type(error).__name__}: {error}")
        self.function = function
        self.error = error

    @property
    def is_of_numbers(self) -> bool:
        """Whether it is about these numbers (an overflow, a domain), and not about the text."""
        return isinstance(self.error, ArithmeticError | ValueError)

    @property
    def line(self) -> int | None:
        """The line of the function on which it was raised, there or in what it calls; None where that is none."""
        trace = self.error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        return trace.tb_lineno if trace is not None else None


@dataclass(frozen=True, slots=True)
class Native:
    """`value` of the function, `again` of its derivative's forward half, the derivatives by the variables' names, and
    the names that the derivative's function had bound when it returned."""

    value: list[float]
    again: list[float]
    gradients: dict[str, float]
    names: Mapping[str, Any]


def called(namespace: Mapping[str, Any], instance: Instance, point: Evaluation) -> Native:
    """Both functions called on the doubles of a point. Errors: Raised."""
    signature = instance.signature
    head = [_floats(instance.inputs["params"], point)] if signature.takes_params else []
    plain = [_floats(instance.inputs[argument.name], point) for argument in signature.arguments]
    value = guarded(namespace[signature.name], signature.name, [*head, *plain])
    name = str(signature.derivative)
    given = [_floats(instance.inputs[argument], point) for argument in signature.order]
    names: dict[str, Any] = {}
    again, gradients = guarded(namespace[name], name, [*head, *given], names)
    own = [*(["params"] if signature.takes_params else []), *[argument.name for argument in signature.arguments]]
    for function, passed, inputs in (
        (signature.name, [*head, *plain], own),
        (name, [*head, *given], [*own[: len(head)], *signature.order]),
    ):
        for argument, after in zip(inputs, passed, strict=True):
            if after != _floats(instance.inputs[argument], point):
                raise Raised(function, TypeError(), f"{function} changes its argument {argument}")
    try:
        _same_shape("the value", again, value, instance)
        return Native(_numbers(value), _numbers(again), _by_variable(instance, gradients), names)
    except (ArithmeticError, ValueError, TypeError, LookupError) as error:
        raise Raised(name, error) from error


def _same_shape(name: str, got: Any, wanted: Any, instance: Instance) -> None:
    """Errors: TypeError; where there is nothing the size of a row is not known."""
    if shape_in(got) != shape_in(wanted) and 0 not in instance.sizes.values():
        raise TypeError(f"{name} has the shape {shape_in(got)} and not {shape_in(wanted)}")


def guarded(function: Any, name: str, arguments: list[Any], names: dict[str, Any] | None = None) -> Any:
    try:
        return function(*arguments) if names is None else _watched(function, arguments, names)
    except Exception as error:
        raise Raised(name, error) from error


def _watched(function: Any, arguments: list[Any], names: dict[str, Any]) -> Any:
    """The result of a call; `names` gets the function's own variables as they are when it returns."""
    code = getattr(function, "__code__", None)

    def watch(frame: FrameType, event: str, argument: object) -> None:
        if event == "return" and frame.f_code is code:
            names.update(frame.f_locals)

    former: Callable[..., Any] | None = sys.getprofile()
    if former is not None:  # someone measures this run: leave that alone
        return function(*arguments)
    sys.setprofile(watch)
    try:
        return function(*arguments)
    finally:
        sys.setprofile(None)


def _numbers(value: Any) -> list[float]:
    return [float(number) for _, number in flat(value)]


def _by_variable(instance: Instance, gradients: Any) -> dict[str, float]:
    wrt = instance.signature.wrt
    by = {"params": gradients} if wrt == ("params",) else dict(zip(wrt, gradients, strict=True))
    found: dict[str, float] = {}
    for name, gradient in by.items():
        given = instance.inputs[name]
        of_each = isinstance(given, dict)  # which may lack what the function does not use
        pairs = [(given[key], slope) for key, slope in gradient.items()] if of_each else [(given, gradient)]
        for one, slopes in pairs:
            _same_shape(f"the derivative by {name}", slopes, one, instance)
            for (_, variable), (_, slope) in zip(flat(one), flat(slopes), strict=False):
                found[str(variable.payload)] = float(slope)
    return found


def _floats(value: Any, point: Evaluation) -> Any:
    """An argument as CPython takes it: symbols as the doubles of the point, whole numbers as they are."""
    if isinstance(value, dict):
        return {key: _floats(inner, point) for key, inner in value.items()}
    if isinstance(value, list):
        return [_floats(inner, point) for inner in value]
    return float(point.point[str(value.payload)]) if isinstance(value, Term) else value
