"""What a function requires of what it is called with, by its source or else its text -> points that meet it or do not.

A point that does not is moved until it does (`equal/required.py`), so that there is something to judge; called with it
as it was, both functions must raise, by a statement of the text that raises.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from random import Random
from typing import Any

from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct, field
from msgspec.structs import replace

from mgc.compiler.verify.called.arguments import Given
from mgc.compiler.verify.called.pair import RAISED, Outside, Pair, Wrong
from mgc.compiler.verify.equal.required import PATIENCE, Numbers, holds, is_clear, moved
from mgc.compiler.verify.requirements import NO_MEANING, is_told, meant, requires
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.instances import FAILURES, entered, shape_in
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.text.subject import Subject
from mgc.compiler.verify.trace.trace import Machine
from mgc.compiler.verify.trace.values import NotRun, flat

LIBRARY = frozenset({"check_shape", "element"})  # which raise for reasons of their own


class _Needs(Struct):
    """Conditions, and how many points in a row were not brought to meet them; or that these have no meaning."""

    conditions: list[Term]
    missed: int = 0
    have_meaning: bool = True


class Demands(Struct, frozen=True, dict=True):
    """Of one function. The conditions are found once for all numbers that have the same sizes and whole numbers."""

    subject: Subject
    signature: Signature
    _known: dict[str, _Needs] = field(default_factory=dict)

    def met(self, given: Given, source: Random) -> Given | None:
        """The point, moved until it meets what is required; None where it is not brought to do so."""
        if not self.is_any:
            return given
        needs = self._needs(given)
        if needs.missed > PATIENCE:
            return None
        found = self._moved(given, needs.conditions, source)
        needs.missed = 0 if found is not None else needs.missed + 1
        return found

    def only_refused_for_integers(self, given: Given, source: Random) -> Given | None:
        """The point, moved until it meets what is required of its numbers; None also where its integers are allowed."""
        conditions = self._needs(given).conditions
        of_numbers = [condition for condition in conditions if condition is not terms.ZERO]
        return self._moved(given, of_numbers, source) if len(of_numbers) < len(conditions) else None

    def _moved(self, given: Given, conditions: Sequence[Term], source: Random) -> Given | None:
        found = moved(self._numbers(given), conditions, source)
        if found is None:
            return None
        integers = self._integers(given)
        arguments = {n: part if n in integers else _filled(n, part, found) for n, part in given.arguments.items()}
        parameters = {name: _filled(name, part, found) for name, part in given.parameters.items()}
        return replace(given, arguments=arguments, parameters=parameters)

    def check(self, pair: Pair, given: Given, source: Random) -> None:
        """Errors: Wrong, where a function takes what is refused, or refuses what is taken."""
        needs = self._needs(given)
        point = Evaluation({name: mpf(value) for name, value in self._numbers(given).items()})
        if not needs.have_meaning or not all(is_clear(point, condition) for condition in needs.conditions):
            return
        broken = next((condition for condition in needs.conditions if not holds(point, condition)), None)
        told = "the source" if self.subject.file is not None else "its own message"
        whose = told if is_told(self.subject, self.signature) else self.signature.name
        for name, error in self._raised(pair, given, source).items():
            refuses = isinstance(error, ValueError) and _line(error) in self._raising
            if refuses and broken is None:
                raise Wrong(f"{name} refuses what {whose} takes: {error}")
            if not refuses and broken is not None:
                raise Wrong(f"{name} takes what {whose} refuses: {broken} is required")

    def _raised(self, pair: Pair, given: Given, source: Random) -> Mapping[str, BaseException | None]:
        """What the functions raise, by their names; that of a derivative whose seeds nothing tells is left out."""
        found = {self.signature.name: _raised(lambda: pair.value(given))}
        there = self.met(given, source) if self.signature.adjoints else given
        if self.signature.derivative is not None and there is not None:
            with suppress(Outside, Wrong):
                seeds = pair.seeds(pair.value(there), source) if self.signature.adjoints else []
                found[self.signature.derivative] = _raised(lambda: pair.returned(given, seeds))
        return found

    @cached_property
    def is_any(self) -> bool:
        """Whether the source requires anything, or the text raises."""
        return bool(self._raising) or (self.subject.file is not None and requires(self.subject, self.signature))

    # --- conditions

    def _needs(self, given: Given) -> _Needs:
        """What is required at these sizes and whole numbers."""
        shapes = {name: shape_in(part) for name, part in given.parameters.items()}
        key = repr((given.sizes, self._integers(given), shapes))
        if key not in self._known:
            self._known[key] = _Needs([], have_meaning=False)
            with suppress(NotRun, *FAILURES, *NO_MEANING):
                inputs = entered(self.signature, given.sizes, self._integers(given), shapes)
                self._known[key] = _Needs(self._required(inputs, given.sizes))
        return self._known[key]

    def _required(self, inputs: Mapping[str, Any], sizes: Mapping[str, int]) -> list[Term]:
        """Errors: NotRun, FAILURES, NO_MEANING."""
        if is_told(self.subject, self.signature):
            return meant(self.subject, self.signature, inputs, sizes)
        machine = Machine(self.subject.syntax, self.subject.primitives)
        head = [inputs["params"]] if self.signature.takes_params else []
        with suppress(*FAILURES):
            machine.call(self.signature.name, [*head, *[inputs[one.name] for one in self.signature.arguments]])
        return machine.required

    def _integers(self, given: Given) -> dict[str, Any]:
        return {one.name: given.arguments[one.name] for one in self.signature.arguments if one.dtype == "int"}

    def _numbers(self, given: Given) -> Numbers:
        """The numbers that are symbols where the text is run on these, by the names that they have there."""
        parts, integers = {**given.arguments, **given.parameters}, self._integers(given)
        return {at: number for name, part in parts.items() if name not in integers for at, number in flat(part, name)}

    @cached_property
    def _raising(self) -> frozenset[int]:
        """The lines of the text's own statements that raise."""
        own = [one for one in self.subject.syntax.body if isinstance(one, ast.FunctionDef) and one.name not in LIBRARY]
        return frozenset([node.lineno for one in own for node in ast.walk(one) if isinstance(node, ast.Raise)])


def _filled(name: str, shape: Any, numbers: Numbers) -> Any:
    """Nested lists of the same shape, with these numbers."""
    if isinstance(shape, list):
        return [_filled(f"{name}[{place}]", inner, numbers) for place, inner in enumerate(shape)]
    return float(numbers[name])


def _raised(call: Callable[[], object]) -> BaseException | None:
    try:
        call()
    except Outside as outside:
        return outside.__context__
    except (Wrong, *RAISED) as error:
        return error
    return None


def _line(error: BaseException) -> int | None:
    """The line on which it was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return None if trace is None else trace.tb_lineno
