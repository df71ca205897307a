"""Expressions: syntax tree and frame -> number, term, array or list of sizes; each kind by its handler."""

from __future__ import annotations

from msgspec.structs import replace

from mgc.compiler.verify.reference.arrays import Array, Outside, Scalar, Value, elementwise
from mgc.compiler.verify.reference.scalars import UNDEFINED
from mgc.compiler.verify.reference.scope import Frame, Machine, Meaning
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term
from mgc.grammar import tree

FAILURES = (ZeroDivisionError, Outside)  # of what may never be used
REDUCTIONS = frozenset({"sum", "prod", "mean", "max", "min", "argmax", "argmin"})


def meaning(machine: Machine, frame: Frame, expression: tree.Expression) -> Meaning:
    """What an expression stands for. Errors: as `reference.meaning`."""
    return machine.handlers[type(expression)](machine, frame, expression)


def value(machine: Machine, frame: Frame, expression: tree.Expression) -> Value:
    """The meaning of an expression that is one number or array."""
    found = meaning(machine, frame, expression)
    assert not isinstance(found, list | tuple)
    return found


def integer(machine: Machine, frame: Frame, expression: tree.Expression) -> int:
    """A size, or the end of a range. Errors: Undecided."""
    found = value(machine, frame, expression)
    assert not isinstance(found, Array)
    return whole(found)


def whole(found: Scalar) -> int:
    number = terms.number(found) if isinstance(found, Term) else found
    if number is None:
        raise terms.Undecided(f"a size or range is {found}")
    assert number == int(number), "an exact division leaves a rest"
    return int(number)


def attempt(machine: Machine, frame: Frame, expression: tree.Expression) -> Value:
    """The value of what may never be taken."""
    try:
        return value(machine, replace(frame, tentative=True), expression)
    except FAILURES:
        return UNDEFINED


def apply(machine: Machine, name: str, *operands: Value) -> Value:
    """The operation at each element."""
    operation = machine.domain.operation
    return elementwise(lambda *numbers: operation(name, *numbers), *operands)
