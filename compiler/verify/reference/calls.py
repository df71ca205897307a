"""Calls: of operations, reductions and definitions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from mgc.compiler.verify.reference import definitions
from mgc.compiler.verify.reference.arrays import Scalar, Value, elements, elementwise
from mgc.compiler.verify.reference.core import REDUCTIONS, apply, meaning, value, whole
from mgc.compiler.verify.reference.scope import Frame, Machine, Meaning, find
from mgc.grammar import tree


def call(machine: Machine, frame: Frame, expression: tree.Call) -> Meaning:
    given = [value(machine, frame, argument) for argument in expression.arguments]
    keywords = {name: value(machine, frame, argument) for name, argument in expression.keywords}
    sizes: list[int] = []
    for size in expression.sizes or ():
        found = meaning(machine, frame, size)
        sizes += found if isinstance(found, list) else [whole(cast(Scalar, found))]
    return called(machine, frame, expression.function, given, keywords, sizes)


def called(
    machine: Machine,
    frame: Frame,
    name: str,
    given: Sequence[Value],
    keywords: dict[str, Value],
    sizes: Sequence[int] = (),
) -> Meaning:
    """A function of the language, of the prelude or of the model at its arguments."""
    if name in REDUCTIONS and len(given) == 1:
        return machine.domain.reduction(name, [(True, number) for number in elements(given[0])])
    if name == "detach":
        return elementwise(machine.domain.detached, given[0])
    declared = find(machine, frame, name)
    if isinstance(declared, tree.Op) and declared.body:
        op = declared
        return elementwise(lambda *numbers: definitions.operation_body(machine, op, numbers), *given)
    if not isinstance(declared, tree.Function):
        return apply(machine, name, *given)
    names = [argument.name for argument in declared.arguments]
    bound = {**dict(zip(names, given, strict=False)), **keywords}
    own = not frame.library and name in machine.declared
    if name in machine.domain.direct and not own:
        return machine.domain.direct[name](*[bound[name] for name in names if name in bound])
    return definitions.call(machine, declared, sizes, bound, frame, {}, library=not own)
