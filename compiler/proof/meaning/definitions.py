"""What a model means, straight from its syntax tree: files and arguments -> numbers or terms.

This knows the language and nothing of the compiler: no graph, no rules, no rewriting. What numbers are is a parameter,
a `Domain`; on terms the result is the exact expression, on floats (in the tests) the value.

>>> from mgc.grammar.parser import parse
>>> from mgc.compiler.proof import terms
>>> file = parse("def f(x[n]): return sum(silu(x[i]) for i if i > 0) / n", "f.mg")
>>> str(meaning(file, "f", {"x": [terms.symbol("a"), terms.symbol("b")]}))
'b*sigmoid(b)/2'
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

from mgc.compiler.proof.meaning import expressions
from mgc.compiler.proof.meaning.arrays import (
    Array,
    Misfit,
    Nested,
    Scalar,
    Value,
    aligned,
    elements,
    from_lists,
    shape_of,
    to_lists,
)
from mgc.compiler.proof.meaning.scalars import TERMS, Domain
from mgc.compiler.proof.meaning.scope import Failed, Frame, Machine, Meaning, reached
from mgc.grammar import tree
from mgc.grammar.parser import parse

PRELUDE = Path(__file__).parents[2] / "prelude.mg"


def meaning(
    files: tree.File | Sequence[tree.File],
    name: str,
    arguments: Mapping[str, Nested],
    params: Mapping[str, Nested] | None = None,
    constants: Mapping[str, float] | None = None,
    sizes: Mapping[str, int] | None = None,
    domain: Domain = TERMS,
    library: Mapping[str, tree.Function] | None = None,
) -> Nested:
    """The result of a function, or the tuple of its results: a number, a term, or nested lists of them.

    `files`: the file and what it imports. `params` has the parameters by their dotted names, those that the function
    does not reach being ignored; `sizes` those that no array tells (the columns of an array without rows); `library`
    what stands in for the prelude. Integer arguments are ints. Errors: Misfit (shapes, an index outside its axis),
    ZeroDivisionError, Undecided (a size or a range that depends on symbols), RecursionError.
    """
    given = (files,) if isinstance(files, tree.File) else files
    declared = {d.name: d for file in given for d in file.declarations if not isinstance(d, tree.Import)}
    owners = {name, *reached(declared, [name])}
    own = {dotted: value for dotted, value in (params or {}).items() if dotted.split(".")[0] in owners}
    machine = Machine(declared, own, constants or {}, domain, prelude() if library is None else library)
    function = declared[name]
    assert isinstance(function, tree.Function)
    values: dict[str, Value] = {}
    for argument in function.arguments:
        if argument.name in arguments:
            values[argument.name] = entered(machine, arguments[argument.name], len(argument.dimensions), argument.dtype)
    result = call(machine, function, [], values, Frame({}, None), sizes or {})
    return tuple(to_lists(part) for part in result) if isinstance(result, tuple) else to_lists(cast(Value, result))


@cache
def prelude() -> Mapping[str, tree.Function]:
    """The language's own definitions."""
    file = parse(PRELUDE.read_text(encoding="utf-8"), PRELUDE.name)
    return {d.name: d for d in file.declarations if isinstance(d, tree.Function)}


def entered(machine: Machine, given: Nested, rank: int, dtype: str = "float") -> Value:
    """Nested lists as an array of the domain's numbers."""
    value = from_lists(given, rank)
    if dtype == "int":
        return value
    literal = machine.domain.literal
    numbers = [literal(x) if isinstance(x, int | float) else x for x in elements(value)]
    return Array(value.shape, tuple(numbers)) if isinstance(value, Array) else numbers[0]


# --- definitions


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
    whole = dict(given)
    for argument in function.arguments:
        if argument.name not in whole:
            assert argument.default is not None, f"{function.name} needs {argument.name}"
            whole[argument.name] = expressions.value(machine, Frame({}, None, library), argument.default)
    lifted = [a.name for a in function.arguments if not a.dimensions and isinstance(whole[a.name], Array)]
    if not lifted:
        return _once(machine, function, explicit, whole, Frame({**known}, path, library))
    shape, rows = aligned([whole[name] for name in lifted])
    results = [
        _once(machine, function, explicit, {**whole, **dict(zip(lifted, row, strict=True))}, Frame({}, path, library))
        for row in rows
    ]
    if results and isinstance(results[0], tuple):
        several = zip(*cast(list[tuple[Value, ...]], results), strict=True)
        return tuple(_joined(shape, parts) for parts in several)
    return _joined(shape, cast(Sequence[Value], results))


def _path(function: tree.Function, caller: Frame) -> str | None:
    """The dotted name that a call's parameters begin with."""
    if function.kind == "model":
        return function.name
    if function.kind == "def":
        return None
    count = caller.calls[function.name] = caller.calls.get(function.name, 0) + 1
    joint = "_" if function.name[-1] in "0123456789_" else ""  # l1's first call is not l's eleventh
    return f"{caller.path}.{function.name}{joint}{count}"


def _joined(shape: tuple[int, ...], results: Sequence[Value]) -> Array:
    inner = shape_of(results[0]) if results else ()
    return Array((*shape, *inner), tuple(x for result in results for x in elements(result)))


def _once(
    machine: Machine, function: tree.Function, explicit: Sequence[int], given: Mapping[str, Value], frame: Frame
) -> Meaning:
    rest = list(explicit)
    for size in function.sizes:
        frame.names[size.name] = rest if size.variadic else rest.pop(0)
        frame.static.add(size.name)
    for argument in function.arguments:
        for dimension, extent in zip(argument.dimensions, shape_of(given[argument.name]), strict=True):
            name = dimension.identifier if isinstance(dimension, tree.Name) else None
            if name and name not in frame.names and not isinstance(machine.declared.get(name), tree.Const):
                frame.names[name] = extent
    for argument in function.arguments:
        wanted = tuple(max(0, expressions.integer(machine, frame, dimension)) for dimension in argument.dimensions)
        frame.names[argument.name] = _shaped(argument.name, given[argument.name], wanted)
    return _body(machine, frame, function.body)


def _shaped(name: str, value: Value, wanted: tuple[int, ...]) -> Value:
    """The value, which must have that shape; no number at all has any shape of no numbers."""
    shape = shape_of(value)
    if shape == wanted:
        return value
    if len(shape) == len(wanted) and math.prod(shape) == math.prod(wanted) == 0:
        return Array(wanted, ())
    raise Misfit(f"{name}: {wanted} wanted, {shape} given")


def _body(machine: Machine, frame: Frame, statements: Sequence[tree.Statement]) -> Meaning:
    for statement in statements:
        match statement:
            case tree.Assign():
                _assign(machine, frame, statement)
            case tree.Param():
                frame.names[statement.name] = parameter(machine, frame, statement)
            case tree.For():
                sizes = expressions.meaning(machine, frame, statement.iterable)
                assert isinstance(sizes, list)
                frame.static.add(statement.names[0].identifier)
                for size in sizes:
                    frame.names[statement.names[0].identifier] = size
                    _body(machine, frame, statement.body)
            case tree.Return():
                if len(statement.values) == 1:
                    return expressions.meaning(machine, frame, statement.values[0])
                return tuple(expressions.value(machine, frame, value) for value in statement.values)
    return ()


def _assign(machine: Machine, frame: Frame, statement: tree.Assign) -> None:
    names = [target.identifier for target in statement.targets]
    try:
        found = expressions.meaning(machine, frame, statement.value)
    except expressions.FAILURES as error:
        frame.names.update(dict.fromkeys(names, Failed(error)))
        return
    parts = found if isinstance(found, tuple) else (found,)
    frame.names.update(zip(names, parts, strict=True))


def operation_body(machine: Machine, op: tree.Op, given: Sequence[Scalar]) -> Scalar:
    """The value of an operation that the model declares, from its body."""
    names = [argument.identifier for argument in op.arguments]
    return cast(Scalar, _body(machine, Frame(dict(zip(names, given, strict=True)), None), op.body))


def parameter(machine: Machine, frame: Frame, declaration: tree.Param) -> Value:
    name = f"{frame.path}.{declaration.name}" if frame.path else declaration.name
    wanted = tuple(expressions.integer(machine, frame, dimension) for dimension in declaration.dimensions)
    return _shaped(name, entered(machine, machine.params[name], len(declaration.dimensions)), wanted)
