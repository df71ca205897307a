"""Expressions: syntax tree -> value; each kind by its handler, and what its value must be."""

from __future__ import annotations

from mgc.compiler.graph import algebra
from mgc.compiler.graph.graph import topological_order
from mgc.compiler.graph.nodes import Node
from mgc.compiler.lower import arrays
from mgc.compiler.lower.arrays import Value
from mgc.compiler.lower.scope import Context, Frame, Meaning, SizeList, Steps, done, fail
from mgc.grammar.tree import Expression, Name, Span


def expression(context: Context, frame: Frame, tree: Expression) -> Steps[Meaning]:
    """The meaning of an expression in a frame. Errors: ModelError, located in the frame's file."""
    return context.handlers[type(tree)](context, frame, tree)


def value(context: Context, frame: Frame, tree: Expression) -> Steps[Value]:
    """The meaning of an expression that must be one number or array."""
    meaning = yield from done(expression(context, frame, tree))
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


def integer(context: Context, frame: Frame, tree: Expression, what: str) -> Steps[Node]:
    """The node of an expression that must be one integer: an index, a size, the end of a range."""
    result = yield from done(value(context, frame, tree))
    if result.axes:
        fail(frame, tree.span, f"{what} must be one integer, not an array of shape {arrays.shape_text(result)}")
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
