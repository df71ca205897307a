"""Definitions: a def, layer or model -> its statements and results."""

from __future__ import annotations

from collections import ChainMap

from mgc.compiler.graph.nodes import Call
from mgc.compiler.language import library
from mgc.compiler.language.library import Declared
from mgc.compiler.lower import core
from mgc.compiler.lower.arrays import Value
from mgc.compiler.lower.parameters import parameter
from mgc.compiler.lower.scope import Context, Frame, Meaning, Result, SizeList, Steps, done, fail, plural, starts
from mgc.grammar.diagnostics import Note
from mgc.grammar.tree import Assign, Const, Expression, For, Function, Name, Param, Return, Span, Statement


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
    trail = (*caller.trail, Call(path or function.name, span))
    return Frame(found.file, ChainMap(), {}, path, {}, caller.at(span) if foreign or caller.site else None, trail)


def body(context: Context, frame: Frame, function: Function) -> Steps[Result]:
    """The result of a definition's statements. Errors: ModelError."""
    statements = function.body
    if not statements or not isinstance(statements[-1], Return):
        fail(frame, function.span, f"'{function.name}' returns nothing", "end it with return")
    for statement in statements[:-1]:
        if isinstance(statement, Return):
            fail(frame, statement.span, "what stands after this return is never reached")
        yield from done(_statement(context, frame, function, statement))
    last = statements[-1]
    assert isinstance(last, Return)
    starts(context, frame, last.span)
    if len(last.values) == 1:
        result = yield from done(core.expression(context, frame, last.values[0]))
        return _returned(frame, last.values[0].span, result)
    results = []
    for tree in last.values:
        part = yield from done(core.value(context, frame, tree))
        _check_result(frame, tree.span, part)
        results.append(part)
    return tuple(results)


def _returned(frame: Frame, span: Span, result: Meaning) -> Result:
    if isinstance(result, SizeList):
        fail(frame, span, "a list of sizes is no result")
    _check_result(frame, span, result)
    return result


def _check_result(frame: Frame, span: Span, result: Result) -> None:
    for part in result if isinstance(result, tuple) else (result,):
        if part.node.dtype == "bool":
            fail(frame, span, "a condition is no result", "return 1 if a < b else 0")


def _named(context: Context, frame: Frame, value: Value, name: str) -> None:
    node, name = value.node, _instance(frame) + _following(context, frame, name)
    is_part = (
        node.op == "read" and node.args[0].op == "input" and all(i.op in ("index", "const") for i in node.args[1:])
    )
    if node.op not in ("const", "input", "index", "size") and not is_part:
        context.build.name(node, name)
        if node.op == "read" and node.args[1:] == value.axes:
            context.build.name(node.args[0], name)


def _instance(frame: Frame) -> str:
    """What tells a name in a called definition from the same name elsewhere: `linear1.` of a layer's first call."""
    return f"{frame.trail[-1].name.rpartition('.')[2]}." if frame.trail else ""


def _following(context: Context, frame: Frame, name: str) -> str:
    """The library's `v_max` is `z_max` where its `v` is `z`."""
    argument, _, rest = name.partition("_")
    given = frame.names.get(argument)
    if frame.file is not library.file("prelude.mg") or not rest or not isinstance(given, Value):
        return name
    return f"{context.build.called(given.node) or argument}_{rest}"


def _statement(context: Context, frame: Frame, function: Function, statement: Statement) -> Steps[None]:
    starts(context, frame, statement.span)
    match statement:
        case Assign():
            yield from done(_assign(context, frame, statement))
        case Param():
            frame.names[statement.name] = yield from done(parameter(context, frame, statement))
        case For():
            yield from done(_for(context, frame, function, statement))


def _assign(context: Context, frame: Frame, statement: Assign) -> Steps[None]:
    meaning = yield from done(core.expression(context, frame, statement.value))
    parts = meaning if isinstance(meaning, tuple) else (meaning,)
    if len(parts) != len(statement.targets):
        fail(frame, statement.span, f"{plural(len(statement.targets), 'name')} for {plural(len(parts), 'result')}")
    for target, part in zip(statement.targets, parts, strict=True):
        _check_target(context, frame, target)
        frame.names[target.identifier] = part
        if isinstance(part, Value):
            _named(context, frame, part, target.identifier)
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


def _for(context: Context, frame: Frame, function: Function, statement: For) -> Steps[None]:
    """A loop over a list of sizes, unrolled at compile time."""
    iterable = statement.iterable
    sizes = None
    if not (isinstance(iterable, Name) and iterable.identifier == "params") and not _is_range(iterable):
        sizes = yield from done(core.expression(context, frame, iterable))
    if not isinstance(sizes, SizeList) or len(statement.names) != 1:
        fail(frame, statement.span, "a loop here runs over the list of sizes of a layer",
             "reduce or build arrays with sum(... for i) and [... for i]")  # fmt: skip
    for size in sizes.sizes:
        frame.names[statement.names[0].identifier] = Value(size)
        for inner in statement.body:
            if isinstance(inner, Return):
                fail(frame, inner.span, "a loop cannot return")
            yield from done(_statement(context, frame, function, inner))


def _is_range(tree: Expression) -> bool:
    return getattr(tree, "function", None) == "range"
