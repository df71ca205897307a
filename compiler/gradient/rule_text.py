"""The op table in words: (node, argument's place) -> the rule that its row gives, as a teacher writes it.

>>> from mgc.grammar.parser import parse
>>> from mgc.compiler.graph.builder import Builder
>>> from mgc.compiler.language.program import collect
>>> build = Builder()
>>> x, two = build.make("input", (), "x"), build.integer(2)
>>> say = says(collect(parse("def f(x): return x", "f.mg"), None, {}), ieee=False, accurate=False)
>>> say(build.make("exp", (x,)), 0), say(build.make("pow", (x, two)), 0)
('d exp(u)/du = exp(u)', 'd(u**v)/du = v*u**(v - 1)')
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from mgc.compiler.gradient.rules import chosen, constant
from mgc.compiler.gradient.steps import Say
from mgc.compiler.graph.nodes import EXTREMA, Node
from mgc.compiler.language.operations import declared_operation
from mgc.compiler.language.program import Program
from mgc.compiler.language.signs import BINARY
from mgc.grammar.spelling import TIGHT, format_expression
from mgc.grammar.tree import Conditional, Expression, Logical, Op

_BOARD = {"x": "u", "y": "v", "z": "w"}  # an x on the board would be taken for the model's
_STRUCTURAL = {
    "read": "d u[k]/du[k] = 1",
    "pack": "d [u, v]/du = [1, 0]",
    "sum": "d sum(u)/du = 1",
    "prod": "d prod(u)/du = the product of the others",
    "max": "d max(u)/du = 1 at the largest, shared where several are",
    "min": "d min(u)/du = 1 at the smallest, shared where several are",
}
_ARMS = ("", "d(u if c else v)/du = 1 where c, else 0", "d(u if c else v)/dv = 0 where c, else 1")


def says(program: Program, ieee: bool, accurate: bool) -> Say:
    """What tells the rule of a node by one of its arguments."""

    def say(node: Node, place: int) -> str:
        if node.op == "select":
            return _ARMS[place]
        if node.op in ("read", "pack", "reduce"):
            return _STRUCTURAL[str(node.attribute) if node.op == "reduce" else node.op]
        if node.op in EXTREMA and len(node.args) > 2:
            return _STRUCTURAL[node.op]
        found = declared_operation(program, node.op)
        assert found is not None and isinstance(found.declaration, Op), node.op
        op = found.declaration
        form = chosen(op, op.arguments[place].identifier, accurate)
        assert form is not None, node.op
        rule = _told(form.rule, lambda condition: constant(program, found, node, condition, ieee))
        called = _BOARD if found.library else {}
        names = [called.get(argument.identifier, argument.identifier) for argument in op.arguments]
        return f"d{_spelt(op.name, names)}/d{names[place]} = {format_expression(rule, called)}"

    return say


def _told(rule: Expression, constant: Callable[[Expression], bool | None]) -> Expression:
    """The rule without what is settled before anything is computed, as whether inf is an ordinary value."""
    while isinstance(rule, Conditional) and (known := constant(rule.condition)) is not None:
        rule = rule.value if known else rule.otherwise
    if not isinstance(rule, Conditional) or not isinstance(rule.condition, Logical):
        return rule
    is_settled = constant(rule.condition.left) is not None
    return replace(rule, condition=rule.condition.right) if is_settled else rule


def _spelt(op: str, names: Sequence[str]) -> str:
    """` exp(u)`, or `(u*v)`."""
    if (sign := BINARY.get(op)) is not None:
        return f"({(sign if sign in TIGHT else f' {sign} ').join(names)})"
    return f"(-{names[0]})" if op == "neg" else f" {op.removesuffix('_const')}({', '.join(names)})"
