"""Operators and literals: syntax tree -> value. All operands are read first, then an operator is a function of values.

Arithmetic on integers stays integer but for `/`, which is exact only where an integer is needed: an index or a size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mgc.compiler.graph import algebra
from mgc.compiler.language.signs import OPERATIONS
from mgc.compiler.lower import arrays
from mgc.compiler.lower.arrays import Value
from mgc.compiler.lower.core import expression, numeric, value
from mgc.compiler.lower.names import lookup
from mgc.compiler.lower.scope import Context, Frame, Meaning, Steps, done, fail, inside_loop, shaped
from mgc.grammar.diagnostics import Note
from mgc.grammar.tree import (
    ArrayLiteral,
    Binary,
    Comparison,
    Conditional,
    Expression,
    Logical,
    Name,
    Number,
    Span,
    Transpose,
    Unary,
)

Operator = Number | Unary | Binary | Comparison | Logical | Transpose | ArrayLiteral


def operator(context: Context, frame: Frame, tree: Operator) -> Steps[Value]:
    """The value of an operator, or of a literal. Errors: ModelError."""
    operands = []
    for operand in _operands(tree):
        operands.append((yield from done(value(context, frame, operand))))
    return _applied(context, frame, tree, operands)


def _operands(tree: Operator) -> tuple[Expression, ...]:
    match tree:
        case Number():
            return ()
        case Unary():
            return (tree.operand,)
        case Binary() | Logical():
            return (tree.left, tree.right)
        case Comparison():
            return tree.operands
        case Transpose():
            return (tree.base,)
        case ArrayLiteral():
            return tree.elements


def _applied(context: Context, frame: Frame, tree: Operator, operands: Sequence[Value]) -> Value:
    match tree:
        case Number():
            return _number(context, tree)
        case Unary():
            return _unary(context, frame, tree, *operands)
        case Binary():
            return _binary(context, frame, tree, *operands)
        case Comparison():
            return _comparison(context, frame, tree, operands)
        case Logical():
            return _logical(context, frame, tree, *operands)
        case Transpose():
            return _transpose(frame, tree, *operands)
        case ArrayLiteral():
            return _array(context, frame, tree, operands)


def name(context: Context, frame: Frame, tree: Name) -> Steps[Meaning]:
    """The meaning of a name, an array's axes being inner loops of the comprehension that mentions it."""
    meaning = yield from done(lookup(context, frame, tree))
    return inside_loop(context, meaning) if isinstance(meaning, Value) else meaning


def _number(context: Context, tree: Number) -> Value:
    build, literal = context.build, tree.value
    return Value(build.integer(literal) if isinstance(literal, int) else build.number(literal))


def _unary(context: Context, frame: Frame, tree: Unary, operand: Value) -> Value:
    if tree.operator == "not":
        return arrays.elementwise(context.build, "not", _condition(frame, tree.operand.span, operand))
    operand = numeric(frame, tree.operand.span, operand)
    return operand if tree.operator == "+" else arrays.elementwise(context.build, "neg", operand)


def _condition(frame: Frame, span: Span, operand: Value) -> Value:
    if operand.node.dtype != "bool":
        fail(frame, span, "a condition is a comparison, not a number", "write x != 0, or x > 0")
    return operand


def _binary(context: Context, frame: Frame, tree: Binary, left: Value, right: Value) -> Value:
    left, right = numeric(frame, tree.left.span, left), numeric(frame, tree.right.span, right)
    if tree.operator == "*":
        _check_repeated(frame, tree, right)
    if tree.operator in ("+", "-", "*", "//", "%"):
        _check_exact(frame, tree.left, right)
        _check_exact(frame, tree.right, left)
    if tree.operator == "@":
        return _fitted(frame, tree, left, right, arrays.matmul, context.build, left, right)
    op = OPERATIONS[tree.operator]
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


def _check_exact(frame: Frame, tree: Expression, other: Value) -> None:
    """Refuse a whole number beside an integer where it would be rounded to a double in silence."""
    while isinstance(tree, Unary):
        tree = tree.operand
    if other.node.dtype != "int" or not isinstance(tree, Number) or not isinstance(tree.value, float):
        return
    span = tree.span
    text = frame.file.source.splitlines()[span.line - 1][span.column - 1 : span.end_column - 1]
    if text.replace("_", "").isdigit():
        hint = f"to compute in doubles, write {text}.0"
        fail(frame, span, "a whole number beside an integer is at most 2**53, or it is not exact", hint)


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


def _comparison(context: Context, frame: Frame, tree: Comparison, operands: Sequence[Value]) -> Value:
    links = []
    for place, sign in enumerate(tree.operators):
        left, right = operands[place], operands[place + 1]
        if (left.node.dtype == "bool") != (right.node.dtype == "bool"):
            fail(frame, tree.span, "a comparison's result is compared with a number")
        if left.node.dtype == "bool" and sign not in ("==", "!="):
            fail(frame, tree.span, f"'{sign}' does not order conditions", "use == or !=, and, or, not")
        links.append(shaped(frame, tree.span, arrays.elementwise, context.build, OPERATIONS[sign], left, right))
    result = links[0]
    for link in links[1:]:
        result = shaped(frame, tree.span, arrays.elementwise, context.build, "and", result, link)
    return result


def _logical(context: Context, frame: Frame, tree: Logical, left: Value, right: Value) -> Value:
    left, right = _condition(frame, tree.left.span, left), _condition(frame, tree.right.span, right)
    return shaped(frame, tree.span, arrays.elementwise, context.build, tree.operator, left, right)


def conditional(context: Context, frame: Frame, tree: Conditional) -> Steps[Meaning]:
    """`a if c else b`; of a condition that is known only the arm that is taken. Errors: ModelError."""
    condition = _condition(frame, tree.condition.span, (yield from done(value(context, frame, tree.condition))))
    if condition.node.op == "const" and not condition.axes:  # known now: the other arm need not even make sense
        return (yield from done(expression(context, frame, tree.value if condition.node.attribute else tree.otherwise)))
    then = yield from done(value(context, frame, tree.value))
    otherwise = yield from done(value(context, frame, tree.otherwise))
    if (then.node.dtype == "bool") != (otherwise.node.dtype == "bool"):
        hint = "make the condition a number: 1 if a < b else 0"
        fail(frame, tree.span, "one arm is a number and the other a condition", hint)
    return shaped(frame, tree.span, arrays.elementwise, context.build, "select", condition, then, otherwise)


def _transpose(frame: Frame, tree: Transpose, base: Value) -> Value:
    if not base.axes:
        fail(frame, tree.span, "'.T' of a number", "leave it out")
    return arrays.transpose(base)


def _array(context: Context, frame: Frame, tree: ArrayLiteral, operands: Sequence[Value]) -> Value:
    if not operands:
        fail(frame, tree.span, "an empty array has no shape")
    elements = [numeric(frame, part.span, operand) for part, operand in zip(tree.elements, operands, strict=True)]
    return shaped(frame, tree.span, arrays.literal, context.build, elements)
