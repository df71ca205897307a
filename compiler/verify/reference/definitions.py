"""Definitions: arguments -> the results of the statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from msgspec.structs import replace

from mgc.compiler.verify.reference import core
from mgc.compiler.verify.reference.arrays import Array, Misfit, Scalar, Value, aligned, elements, shape_of, size_of
from mgc.compiler.verify.reference.parameters import parameter, shaped
from mgc.compiler.verify.reference.scalars import TERMS, UNDEFINED
from mgc.compiler.verify.reference.scope import Failed, Frame, Machine, Meaning
from mgc.grammar import tree


def call(
    machine: Machine,
    function: tree.Function,
    explicit: Sequence[int],
    given: Mapping[str, Value],
    caller: Frame,
    known: Mapping[str, int],
    library: bool = False,
) -> Meaning:
    """The results of a definition. `explicit` are the sizes between a layer's brackets; arrays given for numbers make
    it work elementwise. Errors: as `meaning`."""
    path = _path(function, caller)
    whole = _completed(machine, function, given, library)
    lifted = [a.name for a in function.arguments if not a.dimensions and isinstance(whole[a.name], Array)]
    if not lifted:
        return _once(machine, function, explicit, whole, Frame({**known}, path, library, shapes=caller.shapes))
    shape, rows = aligned([whole[name] for name in lifted])
    shapes = caller.shapes or not rows
    if not rows:  # the results have the shapes that one call's would have
        machine, rows = replace(machine, domain=TERMS), [(UNDEFINED,) * len(lifted)]
    results = []
    for row in rows:
        arguments = {**whole, **dict(zip(lifted, row, strict=True))}
        results.append(_once(machine, function, explicit, arguments, Frame({}, path, library, shapes=shapes)))
    if isinstance(results[0], tuple):
        several = zip(*cast(list[tuple[Value, ...]], results), strict=True)
        return tuple(_joined(shape, parts) for parts in several)
    return _joined(shape, cast(Sequence[Value], results))


def _completed(
    machine: Machine, function: tree.Function, given: Mapping[str, Value], library: bool
) -> dict[str, Value]:
    """The arguments, also those that have their defaults."""
    whole = dict(given)
    for argument in function.arguments:
        if argument.name not in whole:
            assert argument.default is not None, f"{function.name} needs {argument.name}"
            whole[argument.name] = core.value(machine, Frame({}, None, library), argument.default)
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
    """What a definition requires when it is called from outside, entry by entry. Errors: as `meaning`."""
    frame = Frame({**known}, _path(function, Frame({}, None)))
    _enter(machine, function, [], _completed(machine, function, given, False), frame)
    return [one for said in function.requirements for one in elements(core.value(machine, frame, said.condition))]


def _once(
    machine: Machine, function: tree.Function, explicit: Sequence[int], given: Mapping[str, Value], frame: Frame
) -> Meaning:
    _enter(machine, function, explicit, given, frame)
    return _body(machine, frame, function.body)


def _enter(
    machine: Machine, function: tree.Function, explicit: Sequence[int], given: Mapping[str, Value], frame: Frame
) -> None:
    """Give the sizes and the arguments their names."""
    rest = list(explicit)
    for size in function.sizes:
        frame.names[size.name] = rest if size.variadic else rest.pop(0)
        frame.static.add(size.name)
    for argument in function.arguments:
        for dimension, extent in zip(argument.dimensions, shape_of(given[argument.name]), strict=True):
            name = dimension.identifier if isinstance(dimension, tree.Name) else None
            if name and name not in frame.names and not isinstance(machine.declared.get(name), tree.Const):
                if not isinstance(extent, int):
                    raise Misfit(f"the rows of {argument.name} differ")
                frame.names[name] = extent
    for argument in function.arguments:
        wanted = tuple(max(0, core.integer(machine, frame, dimension)) for dimension in argument.dimensions)
        frame.names[argument.name] = shaped(argument.name, given[argument.name], wanted)


def _body(machine: Machine, frame: Frame, statements: Sequence[tree.Statement]) -> Meaning:
    for statement in statements:
        match statement:
            case tree.Assign():
                _assign(machine, frame, statement)
            case tree.Param():
                frame.names[statement.name] = parameter(machine, frame, statement)
            case tree.For():
                sizes = core.meaning(machine, frame, statement.iterable)
                assert isinstance(sizes, list)
                frame.static.add(statement.names[0].identifier)
                for size in sizes:
                    frame.names[statement.names[0].identifier] = size
                    _body(machine, frame, statement.body)
            case tree.Return():
                if len(statement.values) == 1:
                    return core.meaning(machine, frame, statement.values[0])
                return tuple(core.value(machine, frame, value) for value in statement.values)
    return ()


def _assign(machine: Machine, frame: Frame, statement: tree.Assign) -> None:
    names = [target.identifier for target in statement.targets]
    try:
        found = core.meaning(machine, frame, statement.value)
    except core.FAILURES as error:
        frame.names.update(dict.fromkeys(names, Failed(error)))
        return
    parts = found if isinstance(found, tuple) else (found,)
    frame.names.update(zip(names, parts, strict=True))


def operation_body(machine: Machine, op: tree.Op, given: Sequence[Scalar]) -> Scalar:
    """The value of an operation that the model declares, from its body."""
    names = [argument.identifier for argument in op.arguments]
    return cast(Scalar, _body(machine, Frame(dict(zip(names, given, strict=True)), None), op.body))
