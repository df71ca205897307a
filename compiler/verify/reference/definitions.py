"""Calls: of operations, reductions and definitions; a definition's arguments -> the results of its statements."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

from msgspec.structs import replace

from mgc.compiler.verify.reference import core
from mgc.compiler.verify.reference.arrays import (
    Array,
    Misfit,
    Nested,
    Scalar,
    Value,
    aligned,
    elements,
    elementwise,
    from_lists,
    shape_of,
    size_of,
)
from mgc.compiler.verify.reference.core import Failed, Frame, Machine, Meaning, integer, meaning, value
from mgc.compiler.verify.reference.scalars import TERMS, UNDEFINED
from mgc.grammar import tree

# --- calls


@meaning.register
def _call(expression: tree.Call, frame: Frame) -> Meaning:
    given = [value(argument, frame) for argument in expression.arguments]
    keywords = {name: value(argument, frame) for name, argument in expression.keywords}
    sizes: list[int] = []
    for size in expression.sizes or ():
        found = meaning(size, frame)
        sizes += found if isinstance(found, list) else [core.whole(cast(Scalar, found))]
    return called(frame, expression.function, given, keywords, sizes)


def called(
    frame: Frame, name: str, given: Sequence[Value], keywords: Mapping[str, Value], sizes: Sequence[int] = ()
) -> Meaning:
    """A function of the language, of the prelude or of the model at its arguments."""
    domain = frame.domain
    if name in core.REDUCTIONS and len(given) == 1:
        return domain.reduction(name, [(True, number) for number in elements(given[0])])
    if name == "detach":
        return elementwise(domain.detached, given[0])
    declared = frame.find(name)
    if isinstance(declared, tree.Op) and declared.body:
        op = declared
        return elementwise(lambda *numbers: _operation(frame.machine, op, numbers), *given)
    if not isinstance(declared, tree.Function):
        return core.apply(frame, name, *given)
    names = [argument.name for argument in declared.arguments]
    bound = {**dict(zip(names, given, strict=False)), **keywords}
    own = not frame.library and name in frame.machine.declared
    if name in domain.direct and not own:
        return domain.direct[name](*[bound[name] for name in names if name in bound])
    return results(declared, bound, sizes, frame, library=not own)


def _operation(machine: Machine, op: tree.Op, given: Sequence[Scalar]) -> Scalar:
    """The value of an operation that the model declares, from its body."""
    names = [argument.identifier for argument in op.arguments]
    return cast(Scalar, _body(Frame(machine, dict(zip(names, given, strict=True))), op.body))


# --- definitions


def results(
    function: tree.Function,
    given: Mapping[str, Value],
    explicit: Sequence[int],
    caller: Frame,
    known: Mapping[str, int] | None = None,
    library: bool = False,
) -> Meaning:
    """Those of a definition. `explicit` are the sizes between a layer's brackets; arrays given for numbers make it work
    elementwise. Errors: as `reference.meaning`."""
    machine, path, shapes = caller.machine, _path(function, caller), caller.shapes
    whole = _completed(function, given, machine, library)
    lifted = [a.name for a in function.arguments if not a.dimensions and isinstance(whole[a.name], Array)]
    if not lifted:
        return _once(function, explicit, whole, Frame(machine, {**(known or {})}, path, library, shapes=shapes))
    shape, rows = aligned([whole[name] for name in lifted])
    if not rows:  # the results have the shapes that one call's would have
        machine, rows, shapes = replace(machine, domain=TERMS), [(UNDEFINED,) * len(lifted)], True
    found = []
    for row in rows:
        arguments = {**whole, **dict(zip(lifted, row, strict=True))}
        found.append(_once(function, explicit, arguments, Frame(machine, {}, path, library, shapes=shapes)))
    if isinstance(found[0], tuple):
        return tuple(_joined(shape, parts) for parts in zip(*cast(list[tuple[Value, ...]], found), strict=True))
    return _joined(shape, cast(Sequence[Value], found))


def _completed(
    function: tree.Function, given: Mapping[str, Value], machine: Machine, library: bool = False
) -> dict[str, Value]:
    """The arguments, also those that have their defaults."""
    whole = dict(given)
    for argument in function.arguments:
        if argument.name not in whole:
            assert argument.default is not None, f"{function.name} needs {argument.name}"
            whole[argument.name] = value(argument.default, Frame(machine, library=library))
    return whole


def _path(function: tree.Function, caller: Frame) -> str | None:
    """The dotted name that a call's parameters begin with."""
    if function.kind == "model":
        return function.name
    if function.kind == "def":
        return None
    count = caller.calls[function.name] = caller.calls.get(function.name, 0) + 1
    joint = "_" if function.name[-1] in "0123456789_" else ""  # l1's first call is not l's eleventh
    return f"{caller.path}.{function.name}{joint}{count}"


def _joined(shape: tuple[Any, ...], results: Sequence[Value]) -> Array:
    whole = (*shape, *shape_of(results[0]))
    return Array(whole, tuple(x for result in results for x in elements(result)) if size_of(whole) else ())


def required(
    machine: Machine, function: tree.Function, given: Mapping[str, Value], known: Mapping[str, int]
) -> list[Scalar]:
    """What a definition requires when it is called from outside, entry by entry. Errors: as `reference.meaning`."""
    frame = Frame(machine, {**known}, _path(function, Frame(machine)))
    _enter(function, [], _completed(function, given, machine), frame)
    return [one for said in function.requirements for one in elements(value(said.condition, frame))]


def _once(function: tree.Function, explicit: Sequence[int], given: Mapping[str, Value], frame: Frame) -> Meaning:
    _enter(function, explicit, given, frame)
    return _body(frame, function.body)


def _enter(function: tree.Function, explicit: Sequence[int], given: Mapping[str, Value], frame: Frame) -> None:
    """Give the sizes and the arguments their names."""
    rest = list(explicit)
    for size in function.sizes:
        frame.names[size.name] = rest if size.variadic else rest.pop(0)
        frame.static.add(size.name)
    for argument in function.arguments:
        for dimension, extent in zip(argument.dimensions, shape_of(given[argument.name]), strict=True):
            name = dimension.identifier if isinstance(dimension, tree.Name) else None
            if name and name not in frame.names and not isinstance(frame.machine.declared.get(name), tree.Const):
                if not isinstance(extent, int):
                    raise Misfit(f"the rows of {argument.name} differ")
                frame.names[name] = extent
    for argument in function.arguments:
        wanted = tuple(max(0, integer(dimension, frame)) for dimension in argument.dimensions)
        frame.names[argument.name] = _shaped(argument.name, given[argument.name], wanted)


def _body(frame: Frame, statements: Sequence[tree.Statement]) -> Meaning:
    for statement in statements:
        match statement:
            case tree.Assign():
                _assign(frame, statement)
            case tree.Param():
                frame.names[statement.name] = parameter(frame, statement)
            case tree.For():
                sizes = meaning(statement.iterable, frame)
                assert isinstance(sizes, list)
                frame.static.add(statement.names[0].identifier)
                for size in sizes:
                    frame.names[statement.names[0].identifier] = size
                    _body(frame, statement.body)
            case tree.Return():
                if len(statement.values) == 1:
                    return meaning(statement.values[0], frame)
                return tuple(value(one, frame) for one in statement.values)
    return ()


def _assign(frame: Frame, statement: tree.Assign) -> None:
    names = [target.identifier for target in statement.targets]
    try:
        found = meaning(statement.value, frame)
    except core.FAILURES as error:
        frame.names.update(dict.fromkeys(names, Failed(error)))
        return
    parts = found if isinstance(found, tuple) else (found,)
    frame.names.update(zip(names, parts, strict=True))


# --- arguments and parameters: nested lists -> arrays of the shape that is declared


def entered(machine: Machine, given: Nested, rank: int, dtype: str = "float") -> Value:
    """Nested lists as an array of the domain's numbers."""
    found = from_lists(given, rank)
    if dtype == "int":
        return found
    literal = machine.domain.literal
    return elementwise(lambda x: literal(x) if isinstance(x, int | float) else x, found)


def _shaped(name: str, found: Value, wanted: tuple[int, ...]) -> Value:
    """The value, which must have that shape; no number at all has any shape of no numbers."""
    shape = shape_of(found)
    if shape == wanted:
        return found
    if len(shape) == len(wanted) and math.prod(shape) == math.prod(wanted) == 0:
        return Array(wanted, ())
    raise Misfit(f"{name}: {wanted} wanted, {shape} given")


def parameter(frame: Frame, declaration: tree.Param) -> Value:
    name = f"{frame.path}.{declaration.name}" if frame.path else declaration.name
    wanted = tuple(integer(dimension, frame) for dimension in declaration.dimensions)
    return _shaped(name, entered(frame.machine, frame.machine.params[name], len(declaration.dimensions)), wanted)
