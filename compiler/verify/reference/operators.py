"""Operators, names and literals: syntax tree and frame -> number, term or array.

Of a branch that symbols decide both arms are evaluated, and `select` chooses; an arm that cannot be evaluated is
`undefined`. A branch that is decided is that arm, in the shape that both have together.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, cast

from mgc.compiler.verify.reference.arrays import (
    Array,
    Misfit,
    Outside,
    Scalar,
    Value,
    element,
    elementwise,
    is_ragged,
    matmul,
    stack,
    transpose,
)
from mgc.compiler.verify.reference.core import Failed, Frame, Meaning, apply, attempt, integer, meaning, value, whole
from mgc.compiler.verify.reference.definitions import parameter
from mgc.compiler.verify.reference.scalars import UNDEFINED, decided
from mgc.compiler.verify.terms.terms import Term
from mgc.grammar import tree

_BINARY = {"+": "add", "-": "sub", "*": "mul", "/": "div", "//": "floordiv", "%": "mod", "**": "pow"}
_COMPARE = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}
CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}

# --- names and numbers


@meaning.register
def _number(expression: tree.Number, frame: Frame) -> Meaning:
    literal = expression.value
    return literal if isinstance(literal, int) else frame.domain.literal(literal)


@meaning.register
def _name(expression: tree.Name, frame: Frame) -> Meaning:
    name = expression.identifier
    if name in frame.names:
        found = frame.names[name]
        if isinstance(found, Failed):
            raise found.error
        return found
    declared = frame.find(name)
    if isinstance(declared, tree.Const):
        if name in frame.machine.overrides:
            given = frame.machine.overrides[name]
            return int(given) if given == int(given) else frame.domain.literal(given)
        return value(declared.value, Frame(frame.machine))
    if isinstance(declared, tree.Param):
        return parameter(Frame(frame.machine), declared)
    if name == "ieee":
        return False
    return frame.domain.literal(CONSTANTS[name])


def static(expression: tree.Expression, frame: Frame) -> bool:
    """Whether the language knows the value before any argument: it is made of literals, constants and layer sizes."""
    pending = [expression]
    while pending:
        match pending.pop():
            case tree.Name(identifier=name):
                own = name in frame.names
                if not (name in frame.static if own else _is_constant(frame, name)):
                    return False
            case tree.Unary(operand=operand):
                pending.append(operand)
            case tree.Binary(left=left, right=right) | tree.Logical(left=left, right=right):
                pending += [left, right]
            case tree.Comparison(operands=operands):
                pending += operands
            case part if not isinstance(part, tree.Number):
                return False
    return True


def _is_constant(frame: Frame, name: str) -> bool:
    return name == "ieee" or name in CONSTANTS or isinstance(frame.machine.declared.get(name), tree.Const)


# --- operators


@meaning.register
def _unary(expression: tree.Unary, frame: Frame) -> Meaning:
    operand = value(expression.operand, frame)
    return operand if expression.operator == "+" else apply(frame, _SIGNS[expression.operator], operand)


_SIGNS = {"-": "neg", "not": "not"}


@meaning.register
def _binary(expression: tree.Binary, frame: Frame) -> Meaning:
    first, steps = _spine(expression)
    result = value(first, frame)
    for step in steps:
        right = value(step.right, frame)
        if step.operator == "@":
            result = matmul(cast(Array, result), cast(Array, right), lambda a, b: _dot(frame, a, b))
        else:
            result = apply(frame, _BINARY[step.operator], result, right)
    return result


def _spine(expression: Any) -> tuple[tree.Expression, list[Any]]:
    """`a + b - c` as a, and the steps `+ b` and `- c`: a long sum leans to the left."""
    kind = type(expression)
    steps = []
    while type(expression) is kind:
        steps.append(expression)
        expression = expression.left
    return expression, steps[::-1]


def _dot(frame: Frame, left: Sequence[Scalar], right: Sequence[Scalar]) -> Scalar:
    products = [frame.domain.operation("mul", a, b) for a, b in zip(left, right, strict=True)]
    return frame.domain.reduction("sum", [(True, product) for product in products])


@meaning.register
def _comparison(expression: tree.Comparison, frame: Frame) -> Meaning:
    operands = [value(operand, frame) for operand in expression.operands]
    pairs = zip(expression.operators, itertools.pairwise(operands), strict=True)
    result, *links = [apply(frame, _COMPARE[operator], a, b) for operator, (a, b) in pairs]
    for link in links:
        result = apply(frame, "and", result, link)
    return result


@meaning.register
def _logical(expression: tree.Logical, frame: Frame) -> Meaning:
    first, steps = _spine(expression)
    result = value(first, frame)
    for step in steps:
        settled = not isinstance(result, Array) and decided(result) is (step.operator == "or")
        right = (attempt if settled else value)(step.right, frame)
        result = apply(frame, step.operator, result, right)
    return result


@meaning.register
def _conditional(expression: tree.Conditional, frame: Frame) -> Meaning:
    condition = value(expression.condition, frame)
    truth = None if isinstance(condition, Array) else decided(condition)
    if truth is not None and static(expression.condition, frame):
        return meaning(expression.value if truth else expression.otherwise, frame)
    then = (value if truth is True else attempt)(expression.value, frame)
    otherwise = (value if truth is False else attempt)(expression.otherwise, frame)
    if truth is None:
        return elementwise(lambda c, a, b: _chosen(frame, c, a, b), condition, then, otherwise)
    taken, left = (then, otherwise) if truth else (otherwise, then)
    try:  # the arm that is left gives the result its shape, where it has one
        return elementwise(lambda a, _: a, taken, left)
    except Misfit:
        return taken


def _chosen(frame: Frame, condition: Scalar, then: Scalar, otherwise: Scalar) -> Scalar:
    truth = decided(condition)
    if truth is None:
        return frame.domain.operation("select", condition, then, otherwise)
    return then if truth else otherwise


# --- arrays


@meaning.register
def _transpose(expression: tree.Transpose, frame: Frame) -> Meaning:
    return transpose(cast(Array, value(expression.base, frame)))


@meaning.register
def _array(expression: tree.ArrayLiteral, frame: Frame) -> Meaning:
    return stack([value(part, frame) for part in expression.elements])


@meaning.register
def _index(expression: tree.Index, frame: Frame) -> Meaning:
    base = meaning(expression.base, frame)
    if isinstance(base, list):
        item = expression.items[0]
        if isinstance(item, tree.Slice):
            bounds = [None if b is None else integer(b, frame) for b in (item.start, item.stop, item.step)]
            return base[slice(*bounds)]
        return base[integer(item, frame)]
    assert isinstance(base, Array)
    return _part(frame, base, expression.items)


def _part(frame: Frame, base: Array, items: Sequence[tree.Expression | tree.Slice]) -> Value:
    """`base[items]`."""
    if is_ragged(base.shape):
        place = 0 if frame.shapes else _place(frame, items[0], base.shape[0])
        if not isinstance(place, int):
            raise Misfit("rows differ")
        row = cast(Array, base.row(place))
        return _part(frame, row, items[1:]) if items[1:] else row
    axes = list(zip(items, base.shape, strict=False))
    if frame.shapes:
        parts = [_place(frame, item, size) for item, size in axes if isinstance(item, tree.Slice)]
        shape = (*[len(part) for part in parts if isinstance(part, range)], *base.shape[len(axes) :])
        return Array(shape, (UNDEFINED,) * math.prod(shape)) if shape else UNDEFINED
    return _element(frame, base, [_place(frame, item, size) for item, size in axes])


def _element(frame: Frame, base: Array, places: Sequence[int | range | Term]) -> Value:
    """An element or a part; where symbols decide which, a choice among all that there are."""
    for axis, place in enumerate(places):
        if isinstance(place, Term):
            result: Value = UNDEFINED
            for k in reversed(range(base.shape[axis])):
                here = _element(frame, base, [*places[:axis], k, *places[axis + 1 :]])
                condition = frame.domain.operation("eq", place, k)
                result = elementwise(lambda a, b, c=condition: _chosen(frame, c, a, b), here, result)
            return result
    return element(base, cast(Sequence[int | range], places))


def _place(frame: Frame, item: tree.Expression | tree.Slice, size: int) -> int | range | Term:
    """What an index or a slice picks from an axis: counted from the end where it is a negative constant."""
    if isinstance(item, tree.Slice):
        start = 0 if item.start is None else _end(frame, item.start, size)
        stop = size if item.stop is None else _end(frame, item.stop, size)
        if start > stop:
            raise Outside(f"a slice from {start} to {stop}")
        return range(start, stop, 1 if item.step is None else integer(item.step, frame))
    found = value(item, frame)
    if isinstance(found, Term) and found.op != "constant":
        return found
    place = whole(cast(Scalar, found))
    if place < 0 and static(item, frame):
        place += size
    if not 0 <= place < size:
        raise Outside(f"index {place} of {size}")
    return place


def _end(frame: Frame, item: tree.Expression, size: int) -> int:
    place = integer(item, frame)
    if place < 0 and static(item, frame):
        place += size
    if not 0 <= place <= size:
        raise Outside(f"a slice's end {place} of {size}")
    return place
