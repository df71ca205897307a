"""The op table as derivatives: (node, argument's place) -> local derivative, read from the row in `ops.mg`."""

from __future__ import annotations

from collections import ChainMap

from mgc.compiler.gradient.reverse import Endless, Rule
from mgc.compiler.graph import algebra
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.nodes import Node
from mgc.compiler.language.library import Declared
from mgc.compiler.language.operations import declared_operation
from mgc.compiler.language.program import Program, error
from mgc.compiler.lower import core, table
from mgc.compiler.lower.arrays import Value
from mgc.compiler.lower.scope import Context, Frame, run
from mgc.grammar.diagnostics import ModelError
from mgc.grammar.tree import Conditional, Derivative, Expression, Number, Op, Span


class NoDerivative(ModelError):
    """An operation of the language that has a value and no more; one of the model's own is a mistake without a rule."""


def rules(program: Program, ieee: bool, accurate: bool) -> Rule:
    """The rule function for a program's operations. The function's errors: ModelError where a row has no rule."""

    def rule(build: Builder, node: Node, place: int) -> Node | None:
        found = declared_operation(program, node.op)
        assert found is not None, node.op
        op = found.declaration
        assert isinstance(op, Op)
        argument = op.arguments[place].identifier
        derivative = chosen(op, argument, accurate)
        if derivative is None:
            span, said = node.origin.span or Span(1, 1, 1, 1), f"'{op.name}' has no derivative by '{argument}'"
            problem = error(program.main, span, said, f"its declaration gives no d{argument}")
            raise NoDerivative(*problem.diagnostics) if found.library else problem
        if isinstance(derivative.rule, Number):  # of a sum, say: most nodes of most models
            return _number(build, derivative.rule)
        names = {a.identifier: Value(value) for a, value in zip(op.arguments, node.args, strict=True)}
        frame = Frame(found.file, ChainMap(dict(names)), {}, site=node.origin.span, trail=node.origin.calls)
        context = Context(program, build, ieee, table.HANDLERS)
        return _slope(context, frame, derivative.rule)

    return rule


def endless(program: Program, ieee: bool) -> Endless:
    """Whether an operation's slope may be infinite, or not a number, where its adjoint is 0.

    With ieee that is so where a value overflows, and where nothing reads a value of what is no number; and at the ends
    of a domain, where no branch that reads the value was taken.
    """

    def is_endless(op: str, may_be_unused: bool, of_no_number: bool) -> bool:
        if ieee and of_no_number:
            return True
        found = declared_operation(program, op)
        if found is None:
            return False
        row = found.declaration
        assert isinstance(row, Op)
        return (ieee and row.says("overflows")) or (may_be_unused and (row.domain is not None or row.says("steep")))

    return is_endless


def constant(program: Program, found: Declared, node: Node, condition: Expression, ieee: bool) -> bool | None:
    """What a condition of a node's rule comes to before anything is computed; None where it depends on values."""
    assert isinstance(found.declaration, Op)
    build = Builder()
    args = [a if a.op == "const" else build.make("input", (), place) for place, a in enumerate(node.args)]
    names = {a.identifier: Value(value) for a, value in zip(found.declaration.arguments, args, strict=True)}
    frame = Frame(found.file, ChainMap(dict(names)), {})
    tested = run(core.value(Context(program, build, ieee, table.HANDLERS), frame, condition)).node
    return bool(tested.attribute) if tested.op == "const" else None


def _slope(context: Context, frame: Frame, tree: Expression) -> Node:
    """A rule's node."""
    build = context.build
    if isinstance(tree, Number):
        return _number(build, tree)
    if isinstance(tree, Conditional):
        condition = run(core.value(context, frame, tree.condition)).node
        if condition.op == "const":
            return _slope(context, frame, tree.value if condition.attribute else tree.otherwise)
        arms = [_slope(context, frame, arm) for arm in (tree.value, tree.otherwise)]
        return algebra.select(build, condition, *arms)
    value = run(core.value(context, frame, tree))
    assert isinstance(value, Value)
    return algebra.as_float(build, value.node)


def _number(build: Builder, tree: Number) -> Node:
    """A number of a rule, where a 0 that the rule itself says is a zero by structure."""
    return build.number(float(tree.value)) if tree.value else build.make("zero")


def chosen(op: Op, argument: str, accurate: bool) -> Derivative | None:
    """The derivative of a row by one of its arguments, in the form that is asked for."""
    forms = [d for d in op.derivatives if d.argument == argument]
    preferred = [d for d in forms if d.accurate is accurate]
    return next(iter(preferred or forms), None)
