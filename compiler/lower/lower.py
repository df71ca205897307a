"""Lowering: a function of a program -> its graph."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence

from msgspec import Struct

from mgc.compiler.graph import algebra
from mgc.compiler.graph.builder import Builder, TooLarge
from mgc.compiler.graph.graph import Graph, Input, finished, topological_order
from mgc.compiler.graph.nodes import Node, is_ragged
from mgc.compiler.language.library import Declared
from mgc.compiler.language.program import Program, error
from mgc.compiler.lower import arrays, core, table
from mgc.compiler.lower.arrays import Value
from mgc.compiler.lower.definitions import body, is_new_size
from mgc.compiler.lower.parameters import check_size
from mgc.compiler.lower.requirements import Required, conditions, required
from mgc.compiler.lower.scope import Context, Frame, Meaning, Parameter, Steps, done, fail, run
from mgc.grammar.diagnostics import Note
from mgc.grammar.tree import Argument, Function, Name, Op, Requirement


class Lowered(Struct, frozen=True):
    """A function's graph, and the parameters that it reaches, in the order in which they are made."""

    function: Function
    graph: Graph
    parameters: tuple[Parameter, ...]
    context: Context
    required: Required | None = None


def lower(program: Program, function: Function, ieee: bool) -> Lowered:
    """The graph of a def or model. Errors: ModelError."""
    build = Builder()
    context = Context(program, build, ieee, table.HANDLERS)
    frame = _top_frame(program, function)
    try:
        inputs = run(_inputs(context, frame, function))
        names = dict(frame.names)
        holding, result = _top_body(context, frame, function)
        if context.asked_for_parameters:  # now that it is known which there are, read the body again
            context.known = tuple(context.parameters.values())
            if not context.known:
                fail(frame, function.span, f"'{function.name}' reaches no parameters, but speaks of params")
            frame.names = ChainMap(names)
            context.results.clear()
            holding, result = _top_body(context, frame, function)
    except TooLarge:
        raise error(program.main, function.span, f"'{function.name}' is too large: limit of graph nodes") from None
    parts = result if isinstance(result, tuple) else (result,)
    _check_rows(frame, function, [part for part in parts if isinstance(part, Value)])
    outputs = tuple(_output(build, part) for part in parts if isinstance(part, Value))
    reached = tuple(context.parameters.values())
    given = tuple(Input(p.node, p.name, "parameter", None, None) for p in reached)
    every = (*given, *inputs)
    needed = required(context, function.name, every, holding)
    return Lowered(function, finished(build, function.name, every, outputs), reached, context, needed)


def _top_frame(program: Program, function: Function) -> Frame:
    path = function.name if function.kind == "model" else None
    return Frame(program.main, ChainMap(), {}, path)


def _top_body(context: Context, frame: Frame, function: Function) -> tuple[dict[Node, Requirement], Meaning]:
    """What a function requires, and its result."""
    context.active.append(function)
    frame.calls.clear()
    found = run(conditions(context, frame, function))
    result: Meaning = run(body(context, frame, function))
    context.active.pop()
    return found, result


def _inputs(context: Context, frame: Frame, function: Function) -> Steps[list[Input]]:
    """The arguments as inputs; a size name is bound by the first array that mentions it."""
    build = context.build
    inputs = []
    for place, argument in enumerate(function.arguments):
        _check_argument(frame, function, place, argument)
        for dimension in argument.dimensions:
            if isinstance(dimension, Name) and is_new_size(context, frame, dimension.identifier, function):
                frame.sizes[dimension.identifier] = Value(build.size(dimension.identifier))
    for argument in function.arguments:
        dimensions = []
        for dimension in argument.dimensions:
            check_size(frame, function, dimension)
            size = yield from done(core.integer(context, frame, dimension, "a size"))
            if isinstance(size.attribute, int) and size.op == "const" and size.attribute < 0:
                fail(frame, dimension.span, f"a size is not negative: {size.attribute}")
            dimensions.append(size)
        node = build.make("input", tuple(dimensions), argument.name, argument.dtype)
        default = None
        if argument.default is not None:
            constant = yield from done(core.value(context, frame, argument.default))
            default = algebra.number(constant.node)
            if default is None or constant.axes or argument.dimensions:
                hint = "an array has none" if argument.dimensions else f"write {argument.name} = 0"
                fail(frame, argument.span, f"the default of '{argument.name}' must be a number", hint)
        inputs.append(Input(node, argument.name, "argument", default, argument.span))
        frame.names[argument.name] = arrays.whole(build, node)
    return inputs


def _check_argument(frame: Frame, function: Function, place: int, argument: Argument) -> None:
    earlier = function.arguments[:place]
    if argument.name == "params":
        fail(frame, argument.span, "'params' stands for all parameters", "choose another name")
    for other in earlier:
        if other.name == argument.name:
            note = Note(f"'{other.name}' is first declared here", frame.file.path, other.span)
            said = f"the argument '{argument.name}' is declared twice"
            fail(frame, argument.span, said, "choose another name", (note,))
    known = next((other.name for other in earlier if other.default is not None), None)
    if argument.default is None and known is not None:
        fail(frame, argument.span, f"'{argument.name}' has no default, but stands after an argument that has one",
             f"move it before '{known}', or give it a default")  # fmt: skip


def _check_rows(frame: Frame, function: Function, results: Sequence[Value]) -> None:
    """Refuse a result whose rows have lengths of their own, or that values tell: a caller could not know its sizes."""
    if any(is_ragged(result.axes) for result in results):
        hint = "fill them up: [[x[j] if j < i else 0 for j in range(n)] for i in range(n)]"
        fail(frame, function.body[-1].span, "the rows of a result have one length", hint)
    ends = [end for result in results for axis in result.axes for end in axis.args]
    if any(part.op == "reduce" for part in topological_order(ends)):
        hint = "fill it up: [x[j] if j < argmax(x) else 0 for j in range(n)]"
        fail(frame, function.body[-1].span, "how long a result is depends on a value that is computed", hint)


def _output(build: Builder, value: Value) -> Node:
    """A result as a number, or as an array to be stored; integers stay integers, but for literals."""
    if not value.axes:
        return algebra.as_float(build, value.node)
    return build.array(value.node, value.axes)


def lower_operation(found: Declared, program: Program, ieee: bool) -> Lowered:
    """The graph of an op's body, as a function of numbers. Errors: ModelError where it has none."""
    op = found.declaration
    assert isinstance(op, Op)
    arguments = tuple(Argument(a.identifier, (), "float", None, a.span) for a in op.arguments)
    function = Function("def", op.name, (), arguments, op.docstring, (), op.body, op.span)
    return lower(Program(found.file, program.declared, program.overrides), function, ieee)
