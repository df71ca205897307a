"""What a function requires of what it is called with, by its source or else its text -> points that meet it or do not.

A point that does not is moved until it does (`equal/required.py`), so that there is something to judge; called with it
as it was, both functions must raise, by a statement of the text that raises.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from random import Random
from typing import Any

from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct, field

from mgc.compiler.verify.called.arguments import Given
from mgc.compiler.verify.called.pair import RAISED, Outside, Pair, Wrong
from mgc.compiler.verify.equal.required import PATIENCE, holds, is_clear, moved
from mgc.compiler.verify.requirements import NO_MEANING, is_told, meant, requires
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.instances import FAILURES, entered, shape_in
from mgc.compiler.verify.text.reading import Signature, functions
from mgc.compiler.verify.text.subject import Subject
from mgc.compiler.verify.trace.trace import Machine
from mgc.compiler.verify.trace.values import NotRun

LIBRARY = frozenset({"check_shape", "element"})  # which raise for reasons of their own


class _Needs(Struct):
    """Conditions, and how many points in a row were not brought to meet them; or that these have no meaning."""

    conditions: list[Term]
    missed: int = 0
    have_meaning: bool = True

    @property
    def of_numbers(self) -> list[Term]:
        return [condition for condition in self.conditions if condition is not terms.ZERO]


class Demands(Struct, frozen=True, dict=True):
    """Of one function. The conditions are found once for all numbers that have the same sizes and whole numbers."""

    subject: Subject
    signature: Signature
    _known: dict[str, _Needs] = field(default_factory=dict)

    def near(self, given: Given, source: Random) -> Iterator[Given]:
        """The point, and where it does not meet what is required of its numbers one that does, if it is found."""
        yield given
        needs = self._needs(given) if self.is_any else _Needs([])
        if not needs.of_numbers or needs.missed > PATIENCE:
            return
        numbers = given.numbers()
        found = moved(numbers, needs.of_numbers, source)
        needs.missed = 0 if found is not None else needs.missed + 1
        if found is not None and found != numbers:
            yield given.changed(lambda name, _: float(found[name]))

    def takes(self, given: Given) -> bool:
        """Whether it is as required, by exact arithmetic."""
        if not self.is_any:
            return True
        point = _exact(given)
        return all(holds(point, condition) for condition in self._needs(given).conditions)

    def surely_takes(self, given: Given) -> bool:
        """Whether doubles say so, too."""
        return self.takes(given) and (not self.is_any or self._is_clear(given))

    def check(self, pair: Pair, given: Given, source: Random) -> None:
        """Errors: Wrong, where a function takes what is refused, or refuses what is taken."""
        if not self.is_any:
            return
        needs, point = self._needs(given), _exact(given)
        if not self._is_clear(given):
            return
        broken = next((condition for condition in needs.conditions if not holds(point, condition)), None)
        told = "the source" if self.subject.file is not None else "its own message"
        whose = told if is_told(self.subject, self.signature) else self.signature.name
        for name, (error, seeds) in self._raised(pair, given, source).items():
            refuses = isinstance(error, ValueError) and _line(error) in self._raising
            if refuses and broken is None:
                raise Wrong(f"{name} refuses what {whose} takes: {error}", of=name, seeds=seeds)
            if not refuses and broken is not None:
                raise Wrong(f"{name} takes what {whose} refuses: {broken} is required", of=name, seeds=seeds)

    def _raised(self, pair: Pair, given: Given, source: Random) -> Mapping[str, tuple[BaseException | None, list[Any]]]:
        """What the functions raise, by their names, and with what seeds; a derivative of unknown ones is left out."""
        found: dict[str, tuple[BaseException | None, list[Any]]]
        found = {self.signature.name: (_error_of(pair.value, given), [])}
        there = next(filter(self.takes, self.near(given, source)), None) if self.signature.adjoints else given
        if self.signature.derivative is not None and there is not None:
            with suppress(Outside, Wrong):
                seeds = pair.seeds(pair.value(there), source) if self.signature.adjoints else []
                found[self.signature.derivative] = _error_of(pair.returned, given, seeds), seeds
        return found

    @cached_property
    def is_any(self) -> bool:
        """Whether the source requires anything, or the text raises."""
        return bool(self._raising) or (self.subject.file is not None and requires(self.subject, self.signature))

    # --- conditions

    def _is_clear(self, given: Given) -> bool:
        """Whether what is required has a meaning, and doubles have no doubt of it."""
        needs, point = self._needs(given), _exact(given)
        return needs.have_meaning and all(is_clear(point, condition) for condition in needs.conditions)

    def _needs(self, given: Given) -> _Needs:
        """What is required at these sizes and whole numbers."""
        shapes = {name: shape_in(part) for name, part in given.parameters.items()}
        integers = {one.name: given.arguments[one.name] for one in self.signature.arguments if one.dtype == "int"}
        key = repr((given.sizes, integers, shapes))
        if key not in self._known:
            self._known[key] = _Needs([], have_meaning=False)
            with suppress(NotRun, *FAILURES, *NO_MEANING):
                inputs = entered(self.signature, given.sizes, integers, shapes)
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

    @cached_property
    def _raising(self) -> frozenset[int]:
        """The lines of the text's own statements that raise."""
        own = [one for name, one in functions(self.subject.syntax).items() if name not in LIBRARY]
        return frozenset([node.lineno for one in own for node in ast.walk(one) if isinstance(node, ast.Raise)])


def _exact(given: Given) -> Evaluation:
    return Evaluation({name: mpf(value) for name, value in given.numbers().items()})


def _error_of(call: Callable[..., object], *given: Any) -> BaseException | None:
    """What a function of the text raises."""
    try:
        call(*given)
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
