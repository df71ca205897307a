"""Definitions: a def, layer or model -> its statements, parameters and, at the top, its graph."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass

from mgc.compiler import algebra, expressions, values
from mgc.compiler.graph import Builder, Graph, Input, Node, TooLarge
from mgc.compiler.library import Declared
from mgc.compiler.program import Program, error
from mgc.compiler.scope import (
    Context,
    Frame,
    Meaning,
    Parameter,
    SizeList,
    Steps,
    fail,
    leaves,
    plural,
    run,
    same_sizes,
)
from mgc.compiler.values import Value, dimensions_text
from mgc.grammar.diagnostics import Note
from mgc.grammar.tree import (
    Argument,
    Assign,
    Const,
    Expression,
    For,
    Function,
    Name,
    Op,
    Param,
    Return,
    Span,
    Statement,
)

_UNNUMBERED = frozenset({"", None})


@dataclass(frozen=True, slots=True)
class Lowered:
    """A function's graph, and the parameters that it reaches, in the order in which they are made."""

    function: Function
    graph: Graph
    parameters: tuple[Parameter, ...]
    context: Context


def lower(program: Program, function: Function, ieee: bool) -> Lowered:
    """The graph of a def or model. Errors: ModelError."""
    build = Builder()
    context = Context(program, build, ieee)
    frame = _top_frame(program, function)
    try:
        inputs = run(_inputs(context, frame, function))
        names = dict(frame.names)
        result = _top_body(context, frame, function)
        if context.asked_for_parameters:  # now that it is known which there are, read the body again
            context.known = tuple(context.parameters.values())
            if not context.known:
                fail(frame, function.span, f"'{function.name}' reaches no parameters, but speaks of params")
            frame.names = ChainMap(names)
            context.results.clear()
            result = _top_body(context, frame, function)
    except TooLarge:
        raise error(program.main, function.span, f"'{function.name}' is too large: limit of graph nodes") from None
    parts = result if isinstance(result, tuple) else (result,)
    outputs = tuple(_output(build, part) for part in parts if isinstance(part, Value))
    reached = tuple(context.parameters.values())
    given = tuple(Input(p.node, p.name, "parameter", None, None) for p in reached)
    return Lowered(function, Graph(build, function.name, (*given, *inputs), outputs), reached, context)


def _top_frame(program: Program, function: Function) -> Frame:
    path = function.name if function.kind == "model" else None
    return Frame(program.main, ChainMap(), {}, path)


def _top_body(context: Context, frame: Frame, function: Function) -> Meaning:
    context.active.append(function)
    frame.calls.clear()
    result: Meaning = run(body(context, frame, function))
    context.active.pop()
    return result


def _inputs(context: Context, frame: Frame, function: Function) -> Steps:
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
            size = yield expressions.integer(context, frame, dimension, "a size")
            if isinstance(size.attribute, int) and size.op == "const" and size.attribute < 0:
                fail(frame, dimension.span, f"a size is not negative: {size.attribute}")
            dimensions.append(size)
        node = build.make("input", tuple(dimensions), argument.name, argument.dtype)
        default = None
        if argument.default is not None:
            constant = yield expressions.value(context, frame, argument.default)
            default = algebra.number(constant.node)
            if default is None or constant.axes or argument.dimensions:
                fail(frame, argument.span, f"the default of '{argument.name}' must be a number")
        inputs.append(Input(node, argument.name, "argument", default, argument.span))
        frame.names[argument.name] = values.whole(build, node)
    return inputs


def _check_argument(frame: Frame, function: Function, place: int, argument: Argument) -> None:
    earlier = function.arguments[:place]
    if argument.name == "params":
        fail(frame, argument.span, "'params' stands for all parameters", "choose another name")
    for other in earlier:
        if other.name == argument.name:
            note = Note(f"'{other.name}' is first declared here", frame.file.path, other.span)
            fail(frame, argument.span, f"the argument '{argument.name}' is declared twice", None, (note,))
    if argument.default is None and any(other.default is not None for other in earlier):
        fail(frame, argument.span, f"'{argument.name}' has no default, but stands after an argument that has one")


def check_size(frame: Frame, function: Function, size: Expression) -> None:
    """A size may not be called like an array of the same definition: inside, the name means one of the two."""
    arrays = [argument.name for argument in function.arguments if argument.dimensions]
    for leaf in leaves(size):
        if isinstance(leaf, Name) and leaf.identifier in arrays:
            name = leaf.identifier
            fail(frame, leaf.span, f"'{name}' is an array here, and no size", "call the size otherwise, as in x[n]")


def is_new_size(context: Context, frame: Frame, name: str, function: Function | None = None) -> bool:
    """Whether a name between an argument's brackets is a size that is bound there."""
    if name in frame.sizes or name in frame.names:
        return False
    if function is not None and any(argument.name == name for argument in function.arguments):
        return False
    found = context.program.find(name, frame.file)
    return found is None or not isinstance(found.declaration, Const)


def frame_for(found: Declared, caller: Frame, span: Span, function: Function) -> Frame:
    """The frame of a called definition."""
    if function.kind == "model":
        path: str | None = function.name
    elif function.kind == "layer":
        caller.calls[function.name] = caller.calls.get(function.name, 0) + 1
        joint = "_" if function.name[-1] in "0123456789_" else ""  # l1's first call is not l's eleventh
        path = f"{caller.path}.{function.name}{joint}{caller.calls[function.name]}"
    else:
        path = None
    foreign = found.library or found.file is not caller.file
    return Frame(found.file, ChainMap(), {}, path, site=caller.at(span) if foreign or caller.site else None)


def body(context: Context, frame: Frame, function: Function) -> Steps:
    """The result of a definition's statements. Errors: ModelError."""
    statements = function.body
    if not statements or not isinstance(statements[-1], Return):
        fail(frame, function.span, f"'{function.name}' returns nothing", "end it with return")
    for statement in statements[:-1]:
        if isinstance(statement, Return):
            fail(frame, statement.span, "what stands after this return is never reached")
        yield _statement(context, frame, function, statement)
    last = statements[-1]
    assert isinstance(last, Return)
    context.build.span = frame.at(last.span)
    if len(last.values) == 1:
        result = yield expressions.expression(context, frame, last.values[0])
        return _returned(frame, last.values[0].span, result)
    results = []
    for tree in last.values:
        part = yield expressions.value(context, frame, tree)
        results.append(_returned(frame, tree.span, part))
    return tuple(results)


def _returned(frame: Frame, span: Span, result: Meaning) -> Meaning:
    if isinstance(result, SizeList):
        fail(frame, span, "a list of sizes is no result")
    for part in result if isinstance(result, tuple) else (result,):
        if part.node.dtype == "bool":
            fail(frame, span, "a condition is no result", "return 1 if a < b else 0")
    return result


def _named(context: Context, value: Value, name: str) -> None:
    node = value.node
    if node.op not in ("const", "input", "index", "size") and not (node.op == "read" and node.args[0].op == "input"):
        context.build.name(node, name)
        if node.op == "read" and node.args[1:] == value.axes:
            context.build.name(node.args[0], name)


def _statement(context: Context, frame: Frame, function: Function, statement: Statement) -> Steps:
    context.build.span = frame.at(statement.span)
    match statement:
        case Assign():
            yield _assign(context, frame, statement)
        case Param():
            frame.names[statement.name] = yield parameter(context, frame, statement)
        case For():
            yield _for(context, frame, function, statement)


def _assign(context: Context, frame: Frame, statement: Assign) -> Steps:
    meaning = yield expressions.expression(context, frame, statement.value)
    parts = meaning if isinstance(meaning, tuple) else (meaning,)
    if len(parts) != len(statement.targets):
        fail(frame, statement.span, f"{plural(len(statement.targets), 'name')} for {plural(len(parts), 'result')}")
    for target, part in zip(statement.targets, parts, strict=True):
        _check_target(context, frame, target)
        frame.names[target.identifier] = part
        if isinstance(part, Value):
            _named(context, part, target.identifier)
            context.build.bind(part.node, part.axes)


def _check_target(context: Context, frame: Frame, target: Name) -> None:
    name = target.identifier
    if name == "params":
        fail(frame, target.span, "'params' stands for all parameters", "choose another name")
    if name in frame.sizes:
        fail(frame, target.span, f"'{name}' is a size here", "choose another name")
    declared = context.program.declared.get(name)
    if declared is not None and declared.file is frame.file:
        span = declared.declaration.span
        note = Note(f"'{name}' is declared here", frame.file.path, span)
        fail(frame, target.span, f"'{name}' shadows a declaration of this file", "choose another name", (note,))


def _for(context: Context, frame: Frame, function: Function, statement: For) -> Steps:
    """A loop over a list of sizes, unrolled at compile time."""
    iterable = statement.iterable
    sizes = None
    if not (isinstance(iterable, Name) and iterable.identifier == "params") and not _is_range(iterable):
        sizes = yield expressions.expression(context, frame, iterable)
    if not isinstance(sizes, SizeList) or len(statement.names) != 1:
        fail(frame, statement.span, "a loop here runs over the list of sizes of a layer",
             "reduce or build arrays with sum(... for i) and [... for i]")  # fmt: skip
    for size in sizes.sizes:
        frame.names[statement.names[0].identifier] = Value(size)
        for inner in statement.body:
            if isinstance(inner, Return):
                fail(frame, inner.span, "a loop cannot return")
            yield _statement(context, frame, function, inner)


def _is_range(tree: Expression) -> bool:
    return getattr(tree, "function", None) == "range"


def parameter(context: Context, frame: Frame, declaration: Param) -> Steps:
    """The parameter as an array: the same one wherever its dotted name is the same."""
    if frame.path is None:
        fail(
            frame,
            declaration.span,
            "a def has no parameters of its own",
            "put param in a model, a layer or at file level",
        )
    name = f"{frame.path}.{declaration.name}" if frame.path not in _UNNUMBERED else declaration.name
    dimensions = []
    for dimension in declaration.dimensions:
        size = yield expressions.integer(context, frame, dimension, "a size")
        if size.axes or size.op == "bound":
            fail(frame, dimension.span, "a parameter's size cannot depend on an index")
        dimensions.append(size)
    old = context.parameters.get(name)
    if old is None:
        node = context.build.make("input", tuple(dimensions), f"params.{name}", "float")
        old = context.parameters[name] = Parameter(name, node, declaration, frame, context)
    elif not same_sizes(old.node.args, tuple(dimensions)):
        fail(frame, declaration.span, f"the parameter '{name}' has shape {dimensions_text(old.node.args)} in one call "
             f"and {dimensions_text(dimensions)} in another")  # fmt: skip
    return values.whole(context.build, old.node)


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
    function = Function("def", op.name, (), arguments, op.docstring, op.body, op.span)
    return lower(Program(found.file, program.declared, program.overrides), function, ieee)
