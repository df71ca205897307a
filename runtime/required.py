"""Drawn arguments -> others that are as the function requires, where they can be found.

>>> import mgc
>>> function = mgc.loads("def f(x[n], y):\\n    require x[i] < x[i+1] for i in range(n - 1)\\n    return sum(x)*y").f
>>> found = Requirements.of(function).met({"x": [3.0, 1.0, 2.0], "y": 0.5}, ["x"], [], seed=0)
>>> found["x"] == sorted(found["x"]), found["y"]
(True, 0.5)
"""

from __future__ import annotations

import ast
import random
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from mgc.runtime.verification import whole

if TYPE_CHECKING:
    from mgc.compiler.verify.terms.terms import Term
    from mgc.grammar.tree import File
    from mgc.runtime.model import Function

DIGITS = 3  # behind the point, where these are enough
MARGIN = Fraction(1, 10**6)  # from the end of what is allowed, where there is room: there sqrt(1 - x) has no derivative


class Requirements(Struct):
    """Those of a function, which its source tells. `patience`: how often numbers may still be moved in vain."""

    function: Function
    source: File
    patience: int = 8

    @staticmethod
    def of(function: Function) -> Requirements:
        return Requirements(function, whole(function.model.origin))

    def met(
        self, values: Mapping[str, object], drawn: Collection[str], parameters: Sequence[Any], seed: int
    ) -> dict[str, Any] | None:
        """All arguments: of those that were drawn the numbers may be others, the rest stays as it is.

        None where no numbers are found. `parameters`: what stands before the arguments, if anything does.
        """
        from mgc.compiler.verify.equal.required import moved  # slow to import: mpmath
        from mgc.compiler.verify.terms.terms import ZERO

        movable = [one.name for one in self.function.info.arguments if one.name in drawn and one.dtype == "float"]
        numbers = {name: number for one in movable for name, number in _numbers(one, values[one])}
        required = self._conditions({**values, **{one: _symbols(one, values[one]) for one in movable}}, parameters)
        if ZERO in required or not self.patience:
            return None
        for wanted in (_well_within(required), required):
            found = moved(numbers, wanted, random.Random(seed))
            if found is not None:
                rounded = {name: round(number, DIGITS) for name, number in found.items()}
                chosen = rounded if moved(rounded, wanted, random.Random(seed)) == rounded else found
                return {**values, **{one: _filled(one, values[one], chosen) for one in movable}}
        self.patience -= 1
        return None

    def numbers(self) -> list[float]:
        """The numbers that stand in what is required, the first ones."""
        from mgc.compiler.verify.called.arguments import numbers_of

        text = ast.parse(self.function.model.python().text)
        wanted = self.function.info.check_name
        return numbers_of([one for one in text.body if isinstance(one, ast.FunctionDef) and one.name == wanted])

    def _conditions(self, arguments: Mapping[str, Any], parameters: Sequence[Any]) -> list[Term]:
        """What is required of arguments, some of which are symbols; nothing where that has no meaning."""
        from mgc.compiler.verify.reference.arrays import Misfit
        from mgc.compiler.verify.reference.reference import required
        from mgc.compiler.verify.terms import terms

        known, constants = parameters[0] if parameters else {}, self.function.model.origin.constants
        try:
            found = required(self.source, self.function.info.name, arguments, known, constants)
        except (Misfit, ZeroDivisionError, terms.Undecided, RecursionError):
            return []
        return [terms.bare(terms.term(condition)) for condition in found]


def _well_within(required: Sequence[Term]) -> list[Term]:
    """The same conditions, with a margin between sides of which one is to be smaller."""
    from mgc.compiler.verify.equal.required import parts
    from mgc.compiler.verify.terms.terms import make

    found = []
    for one in (part for condition in required for part in parts(condition)):
        if one.op in ("lt", "le"):
            one = make(one.op, one.args[0] + MARGIN, one.args[1])
        elif one.op in ("gt", "ge"):
            one = make(one.op, one.args[0], one.args[1] + MARGIN)
        found.append(one)
    return found


def _numbers(name: str, value: Any) -> list[tuple[str, float]]:
    if isinstance(value, list):
        return [one for place, inner in enumerate(value) for one in _numbers(f"{name}[{place}]", inner)]
    return [(name, value)]


def _symbols(name: str, value: Any) -> Any:
    from mgc.compiler.verify.terms.terms import symbol

    if isinstance(value, list):
        return [_symbols(f"{name}[{place}]", inner) for place, inner in enumerate(value)]
    return symbol(name)


def _filled(name: str, value: Any, numbers: Mapping[str, float]) -> Any:
    if isinstance(value, list):
        return [_filled(f"{name}[{place}]", inner, numbers) for place, inner in enumerate(value)]
    return numbers[name]
