"""A text with one statement changed, called by CPython: are all results right at some points?"""

from __future__ import annotations

import ast
import copy
import itertools
import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from mgc.compiler.verify import clock
from mgc.compiler.verify.blame.edits import rewritten
from mgc.compiler.verify.called.named import SLACK
from mgc.compiler.verify.called.running import counting, space
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.instances import Instance
from mgc.compiler.verify.trace.values import flat

BESIDE = 1e-11  # of the largest number at the point
AT_ONCE = 100  # ways to write a statement that are compiled together
CALLED = 10  # calls that take as long as compiling
WAY = " way"  # no name of a text: which of them is run
RAISED = (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, NameError, RecursionError)

Truth = Callable[[Evaluation, Term], float | None]  # the right derivative by a variable at a point, where it is known


class Trial:
    """The function of the derivatives of one text, at the sizes of an instance."""

    def __init__(self, tree: ast.Module, instance: Instance, primitives: Collection[str]) -> None:
        self.instance = instance
        self.name = str(instance.signature.derivative)
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == self.name]
        self.function = copy.deepcopy(functions[-1])
        self.cost = sum(1 for _ in ast.walk(self.function))
        self.places = dict(reversed(_places(self.function.body)))
        self.primitives = primitives
        self.space = dict(space(counting(tree), primitives))
        self.imported = {one.name for node in tree.body if isinstance(node, ast.ImportFrom) for one in node.names}
        self.points: list[tuple[list[Any], list[float | None], list[float | None]]] = []

    def at(self, points: Sequence[Evaluation], truth: Truth | None) -> None:
        """The points, and what is right there: the values, and the derivatives if they are known."""
        for point in points:
            inputs = {name: _numbers(given, point) for name, given in self.instance.inputs.items()}
            results = [_number(point, value) for value in self.instance.value]
            slopes = [truth(point, one) for one in self._variables()] if truth is not None else []
            given = [inputs[name] for name in self.instance.signature.order]
            self.points.append((([inputs["params"]] if "params" in inputs else []) + given, results, slopes))

    def _variables(self) -> list[Term]:
        return [one for name in self.instance.signature.wrt for one in _leaves(self.instance.inputs[name])]

    def passing(self, line: int, texts: Iterable[str]) -> Iterator[str]:
        """Of other ways to write the statement of a line those with which all is right at the points.

        Many are compiled at once, each under a condition that chooses it.
        """
        block, place = self.places[line]
        whole = block[:]
        at_once = 1 if isinstance(whole[place], ast.For | ast.If) else AT_ONCE
        for some in _batches(texts, at_once):
            ways = [rewritten(whole[place], text) for text in some]
            try:
                block[place : place + 1] = ways[0] if at_once == 1 else itertools.starmap(_chosen, enumerate(ways))
                names = self._compiled()
            finally:
                block[:] = whole
            yield from (text for number, text in enumerate(some) if self._is_right(names, number))

    def _compiled(self) -> dict[str, Any]:
        clock.check(self.cost)
        names = dict(self.space)
        module = ast.fix_missing_locations(ast.Module([self.function], []))
        exec(compile(module, "<changed>", "exec", dont_inherit=True), names)  # of a text that was read before
        return names

    def _is_right(self, names: dict[str, Any], number: int) -> bool:
        clock.check(self.cost // CALLED)
        names[WAY] = number
        try:
            return all(self._is_right_at(names[self.name], *point) for point in self.points)
        except RAISED:
            return False

    @cached_property
    def unset(self) -> str:
        """A name that is read at some point where nothing has given it a value; empty where there is none."""
        names = self._compiled()
        for given, _, _ in self.points:
            try:
                names[self.name](*copy.deepcopy(given))
            except UnboundLocalError as error:
                return next(iter(re.findall(r"'(\w+)'", str(error))), "")
            except RAISED:
                pass
        return ""

    def _is_right_at(
        self,
        function: Callable[..., Any],
        given: Sequence[Any],
        results: Sequence[float | None],
        slopes: Sequence[float | None],
    ) -> bool:
        value, derivatives = function(*copy.deepcopy(given))
        if not _agree([one for _, one in flat(value)], results):
            return False
        return not slopes or _agree(self._flattened(derivatives), slopes)

    def _flattened(self, derivatives: Any) -> list[Any]:
        """In the order of the variables; 0 by a parameter that is left out. Errors: TypeError, for another shape."""
        inputs, wrt = self.instance.inputs, self.instance.signature.wrt
        if wrt != ("params",):
            return [one for _, one in flat(derivatives)]
        given = inputs["params"]
        parts = [derivatives[name] if name in derivatives else [0.0] * len(_leaves(given[name])) for name in given]
        return [one for _, one in flat(parts)]


def _chosen(number: int, way: list[ast.stmt]) -> ast.If:
    return ast.If(ast.Compare(ast.Name(WAY, ast.Load()), [ast.Eq()], [ast.Constant(number)]), way, [])


def _batches(texts: Iterable[str], count: int) -> Iterator[list[str]]:
    rest = iter(texts)
    while some := list(itertools.islice(rest, count)):
        yield some


def _agree(found: Sequence[Any], wanted: Sequence[float | None]) -> bool:
    """Whether numbers are the same wherever they are known."""
    if len(found) != len(wanted):
        return False
    known = [abs(number) for number in wanted if number is not None]
    beside = BESIDE * max(known, default=0.0)
    return all(
        b is None or (isinstance(a, int | float) and math.isclose(a, b, rel_tol=SLACK, abs_tol=beside))
        for a, b in zip(found, wanted, strict=True)
    )


def _places(block: list[ast.stmt]) -> list[tuple[int, tuple[list[ast.stmt], int]]]:
    """Of each line the block that its statement stands in, and where."""
    found = []
    for place, statement in enumerate(block):
        found.append((statement.lineno, (block, place)))
        for inner in (getattr(statement, "body", []), getattr(statement, "orelse", [])):
            found += _places(inner)
    return found


def _leaves(given: Any) -> list[Term]:
    parts = given.values() if isinstance(given, dict) else [given]
    return [one for part in parts for _, one in flat(part) if isinstance(one, Term)]


def _numbers(given: Any, point: Evaluation) -> Any:
    """What is passed for an argument."""
    if isinstance(given, dict):
        return {name: _numbers(one, point) for name, one in given.items()}
    if isinstance(given, list):
        return [_numbers(one, point) for one in given]
    return float(point.value(given)) if isinstance(given, Term) else given


def _number(point: Evaluation, term: Term) -> float | None:
    value = point.get(term)
    return None if value is None else float(value)
