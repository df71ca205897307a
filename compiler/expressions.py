"""Expressions: syntax tree -> value, one generator per construct, run without recursion.

Arithmetic on integers stays integer but for `/`, which is exact only where an integer is needed: an index or a size.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from mgc.compiler import algebra, comprehensions, library, values
from mgc.compiler.calls import call
from mgc.compiler.graph import Node, topological_order
from mgc.compiler.indexing import index
from mgc.compiler.scope import Context, Frame, Meaning, SizeList, Steps, fail, inside_loop, shaped
from mgc.compiler.values import Value
from mgc.grammar.diagnostics import Note, did_you_mean
from mgc.grammar.tree import (
    ArrayLiteral,
    Binary,
    Call,
    Comparison,
    Comprehension,
    Conditional,
    Const,
    Expression,
    Index,
    Logical,
    Name,
    Number,
    Param,
    Reduction,
    Span,
    Transpose,
    Unary,
)

_BINARY = {"+": "add", "-": "sub", "*": "mul", "/": "div", "//": "floordiv", "%": "mod", "**": "pow"}
_COMPARE = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}
_CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}


def expression(context: Context, frame: Frame, tree: Expression) -> Steps:
    """The meaning of an expression in a frame. Errors: ModelError, located in the frame's file."""
    return _HANDLERS[type(tree)](context, frame, tree)


def name(context: Context, frame: Frame, tree: Name) -> Steps:
    """The meaning of a name, an array's axes being inner loops of the comprehension that mentions it."""
    meaning = yield lookup(context, frame, tree)
    return inside_loop(context, meaning) if isinstance(meaning, Value) else meaning


def value(context: Context, frame: Frame, tree: Expression) -> Steps:
    """The meaning of an expression that must be one number or array."""
    meaning = yield expression(context, frame, tree)
    return one_value(frame, tree.span, meaning)


def one_value(frame: Frame, span: Span, meaning: Meaning) -> Value:
    if isinstance(meaning, Value):
        return meaning
    if isinstance(meaning, SizeList):
        fail(frame, span, "a list of sizes is no number", "take one of them, as in widths[0], or loop over them")
    fail(frame, span, f"this call has {len(meaning)} results", "take them apart first: a, b = f(x)")


def numeric(frame: Frame, span: Span, operand: Value) -> Value:
    if operand.node.dtype == "bool":
        fail(frame, span, "a comparison is no number", "write 1 if a < b else 0, or take the mean of it")
    return operand


def integer(context: Context, frame: Frame, tree: Expression, what: str) -> Steps:
    """The node of an expression that must be one integer: an index, a size, the end of a range."""
    result = yield value(context, frame, tree)
    if result.axes:
        fail(frame, tree.span, f"{what} must be one integer, not an array of shape {values.shape_text(result)}")
    node = as_integer(context, result.node)
    if node is None:
        hint = "declare an integer argument as in k: int" if isinstance(tree, Name) else None
        fail(frame, tree.span, f"{what} must be an integer", hint)
    return node


def as_integer(context: Context, node: Node) -> Node | None:
    """The node with `/` read as exact division of integers, or None where it is no integer."""
    if node.dtype == "int":
        return node
    build, done = context.build, dict[Node, Node | None]()
    for current in topological_order([node]):
        done[current] = current if current.dtype == "int" else None
        if current.dtype == "int":
            continue
        args = [done.get(argument) for argument in current.args]
        number = algebra.number(current)
        if number is not None and float(number).is_integer():
            done[current] = build.integer(int(number))
        elif current.op in ("add", "sub", "mul", "neg", "div") and None not in args:
            op = "exactdiv" if current.op == "div" else current.op
            done[current] = algebra.apply(build, None, tuple(a for a in args if a is not None), op)
    return done[node]


def _number(context: Context, frame: Frame, tree: Number) -> Steps:
    build = context.build
    literal = tree.value
    yield from ()
    return Value(build.integer(literal) if isinstance(literal, int) else build.number(literal))


def lookup(context: Context, frame: Frame, tree: Name) -> Steps:
    """The meaning of a name as it was assigned, declared or built in."""
    name = tree.identifier
    for scope in (frame.names, frame.sizes):
        if name in scope:
            return scope[name]
    found = context.program.find(name, frame.file)
    if found is not None and isinstance(found.declaration, Const):
        inner = Frame(found.file, type(frame.names)(), {}, site=frame.at(tree.span))
        override = context.program.overrides.get(name)
        if override is not None:
            return Value(_literal(context, override))
        key = ("const", name)
        if key not in context.results:
            context.results[key] = ()  # a constant that needs itself finds this
            constant = yield value(context, inner, found.declaration.value)
            if algebra.number(constant.node) is None:
                fail(inner, found.declaration.value.span, f"const {name} is not a number known at compile time")
            context.results[key] = constant
        if context.results[key] == ():
            fail(frame, tree.span, f"const '{name}' is defined by itself")
        return context.results[key]
    if found is not None and isinstance(found.declaration, Param):
        from mgc.compiler.functions import parameter

        inner = Frame(found.file, type(frame.names)(), {}, path="", site=frame.at(tree.span))
        return (yield parameter(context, inner, found.declaration))
    if name == "ieee" and found is None:
        return Value(context.build.boolean(context.ieee))
    if name in _CONSTANTS:
        return Value(context.build.number(_CONSTANTS[name]))
    if found is not None:
        kind = _kind(found)
        article = "an" if kind[0] in "aeiou" else "a"
        fail(frame, tree.span, f"'{name}' is {article} {kind}, not a value", f"call it: {name}(...)")
    if name == "params":
        fail(frame, tree.span, "'params' stands only after 'in'", "write sum(p**2 for p in params)")
    known = [*frame.names, *frame.sizes, *context.program.declared, *_CONSTANTS]
    fail(frame, tree.span, f"unknown name '{name}'", did_you_mean(name, known))


def _kind(found: library.Declared) -> str:
    return getattr(found.declaration, "kind", "operation")


def _literal(context: Context, number: float) -> Node:
    if float(number).is_integer() and abs(number) < 2**53:
        return context.build.integer(int(number))
    return context.build.number(number)


def _unary(context: Context, frame: Frame, tree: Unary) -> Steps:
    operand = yield value(context, frame, tree.operand)
    if tree.operator == "not":
        return values.elementwise(context.build, "not", _condition(frame, tree.operand.span, operand))
    operand = numeric(frame, tree.operand.span, operand)
    return operand if tree.operator == "+" else values.elementwise(context.build, "neg", operand)


def _condition(frame: Frame, span: Span, operand: Value) -> Value:
    if operand.node.dtype != "bool":
        fail(frame, span, "a condition is a comparison, not a number", "write x != 0, or x > 0")
    return operand


def _binary(context: Context, frame: Frame, tree: Binary) -> Steps:
    left = yield value(context, frame, tree.left)
    right = yield value(context, frame, tree.right)
    left, right = numeric(frame, tree.left.span, left), numeric(frame, tree.right.span, right)
    if tree.operator == "@":
        return _fitted(frame, tree, left, right, values.matmul, context.build, left, right)
    op = _BINARY[tree.operator]
    if not left.axes and not right.axes:
        return Value(algebra.apply(context.build, None, (left.node, right.node), op))
    return _fitted(frame, tree, left, right, values.elementwise, context.build, op, left, right)


def _fitted(
    frame: Frame, tree: Binary, left: Value, right: Value, function: Callable[..., Value], *args: object
) -> Value:
    """An operation on two arrays; where their shapes do not fit, the message shows where each comes from."""
    try:
        return function(*args)
    except values.ShapeError as problem:
        notes = tuple(
            Note(f"this side is {values.shape_text(side)}", frame.file.path, part.span)
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
        links.append(shaped(frame, tree.span, values.elementwise, context.build, _COMPARE[operator], left, right))
    result = links[0]
    for link in links[1:]:
        result = shaped(frame, tree.span, values.elementwise, context.build, "and", result, link)
    return result


def _logical(context: Context, frame: Frame, tree: Logical) -> Steps:
    left = _condition(frame, tree.left.span, (yield value(context, frame, tree.left)))
    right = _condition(frame, tree.right.span, (yield value(context, frame, tree.right)))
    return shaped(frame, tree.span, values.elementwise, context.build, tree.operator, left, right)


def _conditional(context: Context, frame: Frame, tree: Conditional) -> Steps:
    condition = _condition(frame, tree.condition.span, (yield value(context, frame, tree.condition)))
    if condition.node.op == "const":  # known at compile time: the other arm need not even make sense
        return (yield expression(context, frame, tree.value if condition.node.attribute else tree.otherwise))
    then = yield value(context, frame, tree.value)
    otherwise = yield value(context, frame, tree.otherwise)
    if (then.node.dtype == "bool") != (otherwise.node.dtype == "bool"):
        fail(frame, tree.span, "one arm is a number and the other a condition")
    return shaped(frame, tree.span, values.elementwise, context.build, "select", condition, then, otherwise)


def _transpose(context: Context, frame: Frame, tree: Transpose) -> Steps:
    base = yield value(context, frame, tree.base)
    if not base.axes:
        fail(frame, tree.span, "'.T' of a number")
    return values.transpose(base)


def _array(context: Context, frame: Frame, tree: ArrayLiteral) -> Steps:
    if not tree.elements:
        fail(frame, tree.span, "an empty array has no shape")
    elements = []
    for element in tree.elements:
        elements.append(numeric(frame, element.span, (yield value(context, frame, element))))
    return shaped(frame, tree.span, values.literal, context.build, elements)


_HANDLERS: dict[type, Callable[..., Steps]] = {
    Number: _number,
    Name: name,
    Unary: _unary,
    Binary: _binary,
    Comparison: _comparison,
    Logical: _logical,
    Conditional: _conditional,
    Transpose: _transpose,
    ArrayLiteral: _array,
    Call: call,
    Index: index,
    Comprehension: comprehensions.array,
    Reduction: comprehensions.reduction,
}
