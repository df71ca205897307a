"""Arguments and parameters: nested lists -> arrays of the shape that is declared."""

from __future__ import annotations

import math

from mgc.compiler.verify.reference import core
from mgc.compiler.verify.reference.arrays import Array, Misfit, Nested, Value, elements, from_lists, shape_of
from mgc.compiler.verify.reference.scope import Frame, Machine
from mgc.grammar import tree


def entered(machine: Machine, given: Nested, rank: int, dtype: str = "float") -> Value:
    """Nested lists as an array of the domain's numbers."""
    value = from_lists(given, rank)
    if dtype == "int":
        return value
    literal = machine.domain.literal
    numbers = [literal(x) if isinstance(x, int | float) else x for x in elements(value)]
    return Array(value.shape, tuple(numbers)) if isinstance(value, Array) else numbers[0]


def shaped(name: str, value: Value, wanted: tuple[int, ...]) -> Value:
    """The value, which must have that shape; no number at all has any shape of no numbers."""
    shape = shape_of(value)
    if shape == wanted:
        return value
    if len(shape) == len(wanted) and math.prod(shape) == math.prod(wanted) == 0:
        return Array(wanted, ())
    raise Misfit(f"{name}: {wanted} wanted, {shape} given")


def parameter(machine: Machine, frame: Frame, declaration: tree.Param) -> Value:
    name = f"{frame.path}.{declaration.name}" if frame.path else declaration.name
    wanted = tuple(core.integer(machine, frame, dimension) for dimension in declaration.dimensions)
    return shaped(name, entered(machine, machine.params[name], len(declaration.dimensions)), wanted)
