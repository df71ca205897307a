"""Operators and literals: syntax tree -> value, one generator per construct, run without recursion.

Arithmetic on integers stays integer but for `/`, which is exact only where an integer is needed: an index or a size.
"""

from __future__ import annotations

from collections.abc import Callable

from mgc.compiler.graph import algebra
from mgc.compiler.lower import arrays
from mgc.compiler.lower.arrays import Value
from mgc.compiler.lower.core import expression, numeric, value
from mgc.compiler.lower.names import lookup
from mgc.compiler.lower.scope import Context, Frame, Steps, fail, inside_loop, shaped
from mgc.grammar.diagnostics import Note
from mgc.grammar.tree import (
    ArrayLiteral,
    Binary,
    Comparison,
    Conditional,
    Logical,
    Name,
    Number,
    Span,
    Transpose,
    Unary,
)

BINARY = {"+": "add", "-": "sub", "*": "mul", "/": "div", "//": "floordiv", "%": "mod", "**": "pow"}
_COMPARE = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}


def name(context: Context, frame: Frame, tree: Name) -> Steps:
    """The meaning of a name, an array's axes being inner loops of the comprehension that mentions it."""
    meaning = yield lookup(context, frame, tree)
    return inside_loop(context, meaning) if isinstance(meaning, Value) else meaning


def _number(context: Context, frame: Frame, tree: Number) -> Steps:
    build = context.build
    literal = tree.value
    yield from ()
    return Value(build.integer(literal) if isinstance(literal, int) else build.number(literal))


def _unary(context: Context, frame: Frame, tree: Unary) -> Steps:
    operand = yield value(context, frame, tree.operand)
    if tree.operator == "not":
        return arrays.elementwise(context.build, "not", _condition(frame, tree.operand.span, operand))
    operand = numeric(frame, tree.operand.span, operand)
    return operand if tree.operator == "+" else arrays.elementwise(context.build, "neg", operand)


def _condition(frame: Frame, span: Span, operand: Value) -> Value:
    if operand.node.dtype != "bool":
        fail(frame, span, "a condition is a comparison, not a number", "write x != 0, or x > 0")
    return operand


def _binary(context: Context, frame: Frame, tree: Binary) -> Steps:
    left = yield value(context, frame, tree.left)
    right = yield value(context, frame, tree.right)
    left, right = numeric(frame, tree.left.span, left), numeric(frame, tree.right.span, right)
    if tree.operator == "*":
        _check_repeated(frame, tree, right)
    if tree.operator == "@":
        return _fitted(frame, tree, left, right, arrays.matmul, context.build, left, right)
    op = BINARY[tree.operator]
    if not left.axes and not right.axes:
        return Value(algebra.apply(context.build, None, (left.node, right.node), op))
    return _fitted(frame, tree, left, right, arrays.elementwise, context.build, op, left, right)


def _check_repeated(frame: Frame, tree: Binary, count: Value) -> None:
    """`[0]*n` multiplies, as `*` always does: who writes it wants the array that Python makes of it."""
    match tree.left:
        case ArrayLiteral(elements=(Number() as number,)) if not count.axes and count.node.dtype == "int":
            from mgc.grammar.spelling import format_expression  # for a mistake only

            hint = f"write `[{format_expression(number)} for i in range({format_expression(tree.right)})]`"
            fail(frame, tree.span, "`*` multiplies, it repeats nothing", hint)


def _fitted(
    frame: Frame, tree: Binary, left: Value, right: Value, function: Callable[..., Value], *args: object
) -> Value:
    """An operation on two arrays; where their shapes do not fit, the message shows where each comes from."""
    try:
        return function(*args)
    except arrays.ShapeError as problem:
        notes = tuple(
            Note(f"this side is {arrays.shape_text(side)}", frame.file.path, part.span)
            for side, part in ((left, tree.left), (right, tree.right))
        )
        fail(frame, tree.span, str(problem), problem.hint, notes)


def _comparison(context: Context, frame: Frame, tree: Comparison) -> Steps:
    operands = []
    for operand in tree.operands:
        operands.append((yield value(context, frame, operand)))
    links = []
    for place, operator in enumerate(tree.operators):
        left, right = operands[place], operands[place + 1]
        if (left.node.dtype == "bool") != (right.node.dtype == "bool"):
            fail(frame, tree.span, "a comparison's result is compared with a number")
        if left.node.dtype == "bool" and operator not in ("==", "!="):
            fail(frame, tree.span, f"'{operator}' does not order conditions", "use == or !=, and, or, not")
        links.append(shaped(frame, tree.span, arrays.elementwise, context.build, _COMPARE[operator], left, right))
    result = links[0]
    for link in links[1:]:
        result = shaped(frame, tree.span, arrays.elementwise, context.build, "and", result, link)
    return result


def _logical(context: Context, frame: Frame, tree: Logical) -> Steps:
    left = _condition(frame, tree.left.span, (yield value(context, frame, tree.left)))
    right = _condition(frame, tree.right.span, (yield value(context, frame, tree.right)))
    return shaped(frame, tree.span, arrays.elementwise, context.build, tree.operator, left, right)


def _conditional(context: Context, frame: Frame, tree: Conditional) -> Steps:
    condition = _condition(frame, tree.condition.span, (yield value(context, frame, tree.condition)))
    if condition.node.op == "const" and not condition.axes:  # known now: the other arm need not even make sense
        return (yield expression(context, frame, tree.value if condition.node.attribute else tree.otherwise))
    then = yield value(context, frame, tree.value)
    otherwise = yield value(context, frame, tree.otherwise)
    if (then.node.dtype == "bool") != (otherwise.node.dtype == "bool"):
        fail(frame, tree.span, "one arm is a number and the other a condition")
    return shaped(frame, tree.span, arrays.elementwise, context.build, "select", condition, then, otherwise)


def _transpose(context: Context, frame: Frame, tree: Transpose) -> Steps:
    base = yield value(context, frame, tree.base)
    if not base.axes:
        fail(frame, tree.span, "'.T' of a number")
    return arrays.transpose(base)


def _array(context: Context, frame: Frame, tree: ArrayLiteral) -> Steps:
    if not tree.elements:
        fail(frame, tree.span, "an empty array has no shape")
    elements = []
    for element in tree.elements:
        elements.append(numeric(frame, element.span, (yield value(context, frame, element))))
    return shaped(frame, tree.span, arrays.literal, context.build, elements)


OPERATORS: dict[type, Callable[..., Steps]] = {
    Number: _number,
    Name: name,
    Unary: _unary,
    Binary: _binary,
    Comparison: _comparison,
    Logical: _logical,
    Conditional: _conditional,
    Transpose: _transpose,
    ArrayLiteral: _array,
}
