"""A function of named arguments -> one of a vector: the numbers that are differentiated by, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from mgc.grammar.diagnostics import DataError
from mgc.runtime.arguments import Params, gradients_by_name
from mgc.runtime.callable import Function
from mgc.runtime.conversion import Nested, filled, flat


class Objective:
    """Called with a vector it gives the value and the gradient; `start` is where the arguments were."""

    def __init__(self, function: Function, arguments: Mapping[str, object]) -> None:
        """Errors: DataError for arguments that do not fit, and for a function without a gradient."""
        self._function, self._bound = function, function.checked(**arguments)
        _, gradients = function.value_and_grad(*self._bound)
        named = self._named(self._bound)
        self._inputs = {name: named[name] for name in gradients_by_name(function.info, gradients)}
        self.start: list[float] = [float(number) for value in self._inputs.values() for number in flat(value)]

    def __call__(self, vector: Iterable[float]) -> tuple[float, list[float]]:
        """The value, and its derivatives by each number. Errors: ModelError for arithmetic that fails."""
        value, gradients = self._function.value_and_grad(*self._at(vector))
        by_name = gradients_by_name(self._function.info, gradients)
        return value, [slope for name in self._inputs for slope in flat(by_name[name])]

    def arguments(self, vector: Iterable[float]) -> dict[str, Any]:
        """The arguments by name, `params` too, with the numbers of a vector. Errors: DataError for another length."""
        info = self._function.info
        names = [*(["params"] if info.parameters else []), *(argument.name for argument in info.arguments)]
        return dict(zip(names, self._at(vector), strict=True))

    def _at(self, vector: Iterable[float]) -> list[object]:
        numbers = [float(number) for number in vector]
        if len(numbers) != len(self.start):
            raise DataError(f"{self._function.info.name}: expected {len(self.start)} numbers, found {len(numbers)}")
        rest = iter(numbers)
        moved = {name: filled(value, rest) for name, value in self._inputs.items()}
        first = [self._params(moved)] if self._function.info.parameters else []
        own = zip(self._function.info.arguments, self._bound[len(first) :], strict=True)
        return [*first, *(moved.get(argument.name, value) for argument, value in own)]

    def _params(self, moved: Mapping[str, Nested]) -> Params:
        return {name: moved.get(name, value) for name, value in cast("Params", self._bound[0]).items()}

    def _named(self, bound: list[object]) -> dict[str, Nested]:
        """Arguments and parameters by name."""
        info = self._function.info
        own = bound[1:] if info.parameters else bound
        named = {argument.name: value for argument, value in zip(info.arguments, own, strict=True)}
        return cast("dict[str, Nested]", named | (cast("Params", bound[0]) if info.parameters else {}))
