"""Operators, names and literals: syntax tree and frame -> number, term or array.

Of a branch that symbols decide both arms are evaluated, and `select` chooses; an arm that cannot be evaluated is
`undefined`. A branch that is decided is that arm, in the shape that both have together.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any, cast

from mgc.compiler.verify.reference import parameters
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
from mgc.compiler.verify.reference.core import apply, attempt, integer, meaning, value, whole
from mgc.compiler.verify.reference.scalars import UNDEFINED, decided
from mgc.compiler.verify.reference.scope import Failed, Frame, Machine, Meaning, find
from mgc.compiler.verify.terms.terms import Term
from mgc.grammar import tree

_BINARY = {"+": "add", "-": "sub", "*": "mul", "/": "div", "//": "floordiv", "%": "mod", "**": "pow"}
_COMPARE = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}
_CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}

# --- names and numbers


def _number(machine: Machine, frame: Frame, expression: tree.Number) -> Meaning:
    literal = expression.value
    return literal if isinstance(literal, int) else machine.domain.literal(literal)


def _name(machine: Machine, frame: Frame, expression: tree.Name) -> Meaning:
    name = expression.identifier
    if name in frame.names:
        found = frame.names[name]
        if isinstance(found, Failed):
            raise found.error
        return found
    declared = find(machine, frame, name)
    if isinstance(declared, tree.Const):
        if name in machine.overrides:
            given = machine.overrides[name]
            return int(given) if given == int(given) else machine.domain.literal(given)
        return value(machine, Frame({}, None), declared.value)
    if isinstance(declared, tree.Param):
        return parameters.parameter(machine, Frame({}, None), declared)
    if name == "ieee":
        return False
    return machine.domain.literal(_CONSTANTS[name])


def static(machine: Machine, frame: Frame, expression: tree.Expression) -> bool:
    """Whether the language knows the value before any argument: it is made of literals, constants and layer sizes."""
    pending = [expression]
    while pending:
        match pending.pop():
            case tree.Name(identifier=name):
                own = name in frame.names
                if not (name in frame.static if own else _is_constant(machine, name)):
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


def _is_constant(machine: Machine, name: str) -> bool:
    return name == "ieee" or name in _CONSTANTS or isinstance(machine.declared.get(name), tree.Const)


# --- operators


def _unary(machine: Machine, frame: Frame, expression: tree.Unary) -> Meaning:
    operand = value(machine, frame, expression.operand)
    return operand if expression.operator == "+" else apply(machine, _SIGNS[expression.operator], operand)


_SIGNS = {"-": "neg", "not": "not"}


def _binary(machine: Machine, frame: Frame, expression: tree.Binary) -> Meaning:
    first, steps = _spine(expression)
    result = value(machine, frame, first)
    for step in steps:
        right = value(machine, frame, step.right)
        if step.operator == "@":
            result = matmul(cast(Array, result), cast(Array, right), lambda a, b: _dot(machine, a, b))
        else:
            result = apply(machine, _BINARY[step.operator], result, right)
    return result


def _spine(expression: Any) -> tuple[tree.Expression, list[Any]]:
    """`a + b - c` as a, and the steps `+ b` and `- c`: a long sum leans to the left."""
    kind = type(expression)
    steps = []
    while type(expression) is kind:
        steps.append(expression)
        expression = expression.left
    return expression, steps[::-1]


def _dot(machine: Machine, left: Sequence[Scalar], right: Sequence[Scalar]) -> Scalar:
    products = [machine.domain.operation("mul", a, b) for a, b in zip(left, right, strict=True)]
    return machine.domain.reduction("sum", [(True, product) for product in products])


def _comparison(machine: Machine, frame: Frame, expression: tree.Comparison) -> Meaning:
    operands = [value(machine, frame, operand) for operand in expression.operands]
    pairs = zip(expression.operators, itertools.pairwise(operands), strict=True)
    result, *links = [apply(machine, _COMPARE[operator], a, b) for operator, (a, b) in pairs]
    for link in links:
        result = apply(machine, "and", result, link)
    return result


def _logical(machine: Machine, frame: Frame, expression: tree.Logical) -> Meaning:
    first, steps = _spine(expression)
    result = value(machine, frame, first)
    for step in steps:
        settled = not isinstance(result, Array) and decided(result) is (step.operator == "or")
        right = (attempt if settled else value)(machine, frame, step.right)
        result = apply(machine, step.operator, result, right)
    return result


def _conditional(machine: Machine, frame: Frame, expression: tree.Conditional) -> Meaning:
    condition = value(machine, frame, expression.condition)
    truth = None if isinstance(condition, Array) else decided(condition)
    if truth is not None and static(machine, frame, expression.condition):
        return meaning(machine, frame, expression.value if truth else expression.otherwise)
    then = (value if truth is True else attempt)(machine, frame, expression.value)
    otherwise = (value if truth is False else attempt)(machine, frame, expression.otherwise)
    if truth is None:
        return elementwise(lambda c, a, b: _chosen(machine, c, a, b), condition, then, otherwise)
    taken, left = (then, otherwise) if truth else (otherwise, then)
    try:  # the arm that is left gives the result its shape, where it has one
        return elementwise(lambda a, _: a, taken, left)
    except Misfit:
        return taken


def _chosen(machine: Machine, condition: Scalar, then: Scalar, otherwise: Scalar) -> Scalar:
    truth = decided(condition)
    if truth is None:
        return machine.domain.operation("select", condition, then, otherwise)
    return then if truth else otherwise


# --- arrays


def _transpose(machine: Machine, frame: Frame, expression: tree.Transpose) -> Meaning:
    return transpose(cast(Array, value(machine, frame, expression.base)))


def _array(machine: Machine, frame: Frame, expression: tree.ArrayLiteral) -> Meaning:
    return stack([value(machine, frame, part) for part in expression.elements])


def _index(machine: Machine, frame: Frame, expression: tree.Index) -> Meaning:
    base = meaning(machine, frame, expression.base)
    if isinstance(base, list):
        item = expression.items[0]
        if isinstance(item, tree.Slice):
            bounds = [None if b is None else integer(machine, frame, b) for b in (item.start, item.stop, item.step)]
            return base[slice(*bounds)]
        return base[integer(machine, frame, item)]
    assert isinstance(base, Array)
    return _part(machine, frame, base, expression.items)


def _part(machine: Machine, frame: Frame, base: Array, items: Sequence[tree.Expression | tree.Slice]) -> Value:
    """`base[items]`."""
    if is_ragged(base.shape):
        place = 0 if frame.shapes else _place(machine, frame, items[0], base.shape[0])
        if not isinstance(place, int):
            raise Misfit("rows differ")
        row = cast(Array, base.row(place))
        return _part(machine, frame, row, items[1:]) if items[1:] else row
    axes = list(zip(items, base.shape, strict=False))
    if frame.shapes:
        parts = [_place(machine, frame, item, size) for item, size in axes if isinstance(item, tree.Slice)]
        shape = (*[len(part) for part in parts if isinstance(part, range)], *base.shape[len(axes) :])
        return Array(shape, (UNDEFINED,) * math.prod(shape)) if shape else UNDEFINED
    return _element(machine, base, [_place(machine, frame, item, size) for item, size in axes])


def _element(machine: Machine, base: Array, places: Sequence[int | range | Term]) -> Value:
    """An element or a part; where symbols decide which, a choice among all that there are."""
    for axis, place in enumerate(places):
        if isinstance(place, Term):
            result: Value = UNDEFINED
            for k in reversed(range(base.shape[axis])):
                here = _element(machine, base, [*places[:axis], k, *places[axis + 1 :]])
                condition = machine.domain.operation("eq", place, k)
                result = elementwise(lambda a, b, c=condition: _chosen(machine, c, a, b), here, result)
            return result
    return element(base, cast(Sequence[int | range], places))


def _place(machine: Machine, frame: Frame, item: tree.Expression | tree.Slice, size: int) -> int | range | Term:
    """What an index or a slice picks from an axis: counted from the end where it is a negative constant."""
    if isinstance(item, tree.Slice):
        start = 0 if item.start is None else _end(machine, frame, item.start, size)
        stop = size if item.stop is None else _end(machine, frame, item.stop, size)
        if start > stop:
            raise Outside(f"a slice from {start} to {stop}")
        return range(start, stop, 1 if item.step is None else integer(machine, frame, item.step))
    found = value(machine, frame, item)
    if isinstance(found, Term) and found.op != "constant":
        return found
    place = whole(cast(Scalar, found))
    if place < 0 and static(machine, frame, item):
        place += size
    if not 0 <= place < size:
        raise Outside(f"index {place} of {size}")
    return place


def _end(machine: Machine, frame: Frame, item: tree.Expression, size: int) -> int:
    place = integer(machine, frame, item)
    if place < 0 and static(machine, frame, item):
        place += size
    if not 0 <= place <= size:
        raise Outside(f"a slice's end {place} of {size}")
    return place


OPERATORS: dict[type, Callable[[Machine, Frame, Any], Meaning]] = {
    tree.Number: _number,
    tree.Name: _name,
    tree.Unary: _unary,
    tree.Binary: _binary,
    tree.Comparison: _comparison,
    tree.Logical: _logical,
    tree.Conditional: _conditional,
    tree.Transpose: _transpose,
    tree.ArrayLiteral: _array,
    tree.Index: _index,
}
