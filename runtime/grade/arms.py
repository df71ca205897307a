"""Which arms of its branches a forward pass takes: run in doubles, with every condition watched.

>>> from mgc.runtime.grade.expansion import forward
>>> tree = ast.parse("def f(x):\\n    y = 0.0 if x <= 0.0 else x\\n    return max(y, 1.0)")
>>> watch = Watch(forward(tree.body[0], {"x": ()}), {}, {"max": max})
>>> [arm.text for arm in watch.arms]
['x <= 0.0', 'x > 0.0', 'y < 1.0', 'y >= 1.0']
>>> sorted(arm.text for arm in watch.taken({"x": 2.0}) if isinstance(arm, Arm))
['x > 0.0', 'y >= 1.0']
>>> watch.taken({"x": "a letter"}) is None
True
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from mgc.compiler.verify.text.instances import FAILURES
from mgc.runtime.grade.exercise import Forward
from mgc.runtime.grade.forward_run import as_function, turns

NAME, REPORT = "__forward__", "__report__"  # no name of the text begins so
SIDES = {  # the conditions that a function of the text decides by, of its arguments a, b and c
    "abs": ("a < 0",),
    "sign": ("a < 0",),
    "copysign": ("a < 0", "b < 0"),
    "max": ("a < b",),
    "min": ("a < b",),
    "clip": ("a < b < c", "b < c < a"),
}
TURNS = 4
OPPOSITES: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
}  # fmt: skip


class Arm(NamedTuple):
    """What holds where it is taken, and the line of the emitted text."""

    line: int
    text: str


def _is_of(test: ast.expr, names: Mapping[str, object]) -> bool:
    """Whether a condition mentions these names alone."""
    return all(node.id in names for node in ast.walk(test) if isinstance(node, ast.Name))


class Watch:
    """A forward pass at given sizes. `arms`: all that its text has; `helpers`: the functions that it calls."""

    def __init__(self, given: Forward, sizes: Mapping[str, int], helpers: Mapping[str, object]) -> None:
        self.extents = turns(given, sizes, {})
        self._sizes = sizes
        self._taken: set[Arm | str] = set()
        self._turns: Counter[int] = Counter()
        conditions = _Conditions()
        body = [conditions.visit(copy.deepcopy(node)) for node in given.body]
        self._sides = [_arms(test, line) for test, line in conditions.found]
        decided = [_is_of(test, sizes) for test, _ in conditions.found]  # by the sizes, which no point changes
        open_sides = [sides for sides, known in zip(self._sides, decided, strict=True) if not known]
        self.arms = list(dict.fromkeys(arm for sides in open_sides for arm in sides))
        self.tests = [test for test, _ in conditions.found]
        self._inputs = [name for name, known in given.names.items() if known.role != "intermediate"]
        function = as_function(NAME, given, body, [*self._inputs, *sizes], self.extents)
        names: dict[str, Any] = {**helpers, REPORT: self._report}
        exec(
            ast.unparse(ast.fix_missing_locations(function)), names
        )  # what mgc itself emitted, with the reports put in
        self._run = names[NAME]

    def taken(self, values: Mapping[str, Any]) -> frozenset[Arm | str] | None:
        """The arms that are taken for these arguments and parameters, and as text those of the first few turns of a
        loop, each for itself; None where there is no value."""
        self._taken = set()
        self._turns.clear()
        try:
            self._run(**{name: values[name] for name in self._inputs}, **self._sizes)
        except FAILURES:
            return None
        return frozenset(self._taken)

    def _report(self, place: int, holds: object) -> object:
        arm = self._sides[place][0 if holds else 1]
        self._taken.add(arm)
        self._turns[place] += 1
        if self._turns[place] <= TURNS:
            self._taken.add(f"line {arm.line}, turn {self._turns[place]}: {arm.text}")
        return holds


def _arms(test: ast.expr, line: int) -> tuple[Arm, Arm]:
    return Arm(line, ast.unparse(test)), Arm(line, ast.unparse(_opposite(test)))


def _opposite(test: ast.expr) -> ast.expr:
    match test:
        case ast.UnaryOp(op=ast.Not()):
            return test.operand
        case ast.Compare(ops=[operator]) if type(operator) in OPPOSITES:
            return ast.Compare(test.left, [OPPOSITES[type(operator)]()], test.comparators)
    return ast.UnaryOp(ast.Not(), test)


class _Conditions(ast.NodeTransformer):
    """Conditions that report whether they hold. `found`: each as it stood, with its line."""

    def __init__(self) -> None:
        self.found: list[tuple[ast.expr, int]] = []
        self._line = 0

    def visit(self, node: ast.AST) -> Any:
        self._line = node.lineno if isinstance(node, ast.stmt) and hasattr(node, "lineno") else self._line
        return super().visit(node)

    def visit_If(self, node: ast.If) -> ast.If:
        test = self._watched(node.test, self.visit(copy.deepcopy(node.test)))
        body, orelse = ([self.visit(inner) for inner in arm] for arm in (node.body, node.orelse))
        return ast.If(test, body, orelse)

    def visit_IfExp(self, node: ast.IfExp) -> ast.IfExp:
        test = self._watched(node.test, self.visit(copy.deepcopy(node.test)))
        return ast.IfExp(test, self.visit(node.body), self.visit(node.orelse))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """`(report(a < b), max(a, b))[-1]` for `max(a, b)`."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        plain = dict(zip("abc", node.args, strict=False))
        tests = [_filled(text, plain) for text in SIDES.get(name, ())]
        reports = [self._watched(test, test) for test in tests]
        call = ast.Call(node.func, [self.visit(argument) for argument in node.args], [])
        return ast.Subscript(ast.Tuple([*reports, call], ast.Load()), ast.Constant(-1), ast.Load()) if tests else call

    def _watched(self, test: ast.expr, visited: ast.expr) -> ast.expr:
        self.found.append((test, self._line))
        return ast.Call(ast.Name(REPORT, ast.Load()), [ast.Constant(len(self.found) - 1), visited], [])


def _filled(text: str, arguments: Mapping[str, ast.expr]) -> ast.expr:
    """The condition with arguments in place of their letters."""
    test = ast.parse(text, mode="eval").body
    assert isinstance(test, ast.Compare)
    left, *others = [
        copy.deepcopy(arguments[side.id]) if isinstance(side, ast.Name) else side
        for side in (test.left, *test.comparators)
    ]
    return ast.Compare(left, test.ops, others)
