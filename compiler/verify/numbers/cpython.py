"""What CPython gets from the functions of an emitted text at a point: the check on the machine that reads the text."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

from msgspec import Struct

from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.instances import Instance
from mgc.compiler.verify.trace.values import flat


class Raised(Exception):
    """CPython does not get through a function, or its derivative.

    `line` of the text: where it was raised, in the function or in what that calls; None where that is in neither.
    `is_of_numbers`: whether it is about these numbers (an overflow, a domain), and not about the text.
    """

    def __init__(self, error: Exception) -> None:
        frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename != __file__]
        super().__init__(f"{frames[0].name if frames else 'what it returns'} raises {type(error).__name__}: {error}")
        self.line = frames[0].lineno if frames else None
        self.is_of_numbers = isinstance(error, ArithmeticError | ValueError)


class Called(Struct, frozen=True):
    """`value` of the function, `again` of its derivative's forward half, the derivatives by the variables' names, and
    the names that the derivative's function had bound when it returned."""

    value: list[float]
    again: list[float]
    gradients: dict[str, float]
    names: Mapping[str, Any]


def called(namespace: Mapping[str, Any], instance: Instance, point: Evaluation) -> Called:
    """Both functions called on the doubles of a point. Errors: Raised."""
    signature = instance.signature
    head = ["params"] if signature.takes_params else []
    given = {name: _floats(instance.inputs[name], point) for name in (*head, *signature.order)}
    plain = [*head, *(argument.name for argument in signature.arguments)]
    names: dict[str, Any] = {}
    try:
        value = namespace[signature.name](*[given[name] for name in plain])
        derivative = namespace[str(signature.derivative)]
        again, gradients = _watched(derivative, [given[name] for name in (*head, *signature.order)], names)
        return Called(_numbers(value), _numbers(again), _by_variable(instance, gradients), names)
    except Exception as error:
        raise Raised(error) from error


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
