"""Calls: of operations, reductions, definitions (inlined), layers and models.

A definition is read once for each set of arguments; the same call again is the same value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from mgc.compiler.graph import sizes
from mgc.compiler.graph.nodes import Node
from mgc.compiler.language import library
from mgc.compiler.language.library import Declared
from mgc.compiler.language.program import BUILTIN_NAMES, LimitReached, error
from mgc.compiler.lower import arrays, comprehensions, core, definitions, parameters
from mgc.compiler.lower.arrays import Value, extent, shape_text
from mgc.compiler.lower.scope import (
    Context,
    Frame,
    Meaning,
    SizeList,
    Steps,
    check_callable,
    done,
    fail,
    plural,
    shaped,
)
from mgc.grammar import vocabulary
from mgc.grammar.diagnostics import Note, did_you_mean
from mgc.grammar.tree import Argument, Call, Function, Name, Op, Param

MAX_CALL_DEPTH = 1_000
MAX_CALLED = 100_000  # nodes, beside one a character, beyond which no call is written out: over a hundred transformers
MAX_SIZE_WEIGHT = 1_000


def call(context: Context, frame: Frame, tree: Call) -> Steps[Meaning]:
    """The meaning of a call. Errors: ModelError."""
    name = tree.function
    check_callable(context, frame, tree.span, name)
    if name in ("max", "min") and len(tree.arguments) > 1:
        return (yield from done(_extremum(context, frame, tree)))
    if name in comprehensions.REDUCTIONS:
        return (yield from done(_whole_reduction(context, frame, tree)))
    if name == "detach":
        (operand,) = yield from done(_values(context, frame, tree, 1, "it is detach(x)"))
        context.is_detached |= frame.file is not library.file("prelude.mg")  # whose own derivatives stay whole
        return arrays.elementwise(context.build, "detach", operand)
    found = context.program.find(name, frame.file)
    if found is None or (name in BUILTIN_NAMES and name not in ("max", "min")):
        _unknown(context, frame, tree)
    assert found is not None
    if isinstance(found.declaration, Op):
        return (yield from done(_operation(context, frame, tree, found)))
    if isinstance(found.declaration, Function):
        return (yield from done(_definition(context, frame, tree, found)))
    fail(frame, tree.span, f"'{name}' is a value and cannot be called")


def _unknown(context: Context, frame: Frame, tree: Call) -> NoReturn:
    name = tree.function
    if name == "grad":
        said = "derivatives inside a definition are not part of this version"
        fail(frame, tree.span, said, vocabulary.NAMES["gradient"])
    if name in ("uniform", "normal", "zeros"):
        fail(frame, tree.span, f"'{name}' is an initialiser", f"it stands after a param: param w[n] = {name}(...)")
    if name in ("range", "params"):
        fail(frame, tree.span, f"'{name}' stands only after 'in'")
    known = [
        *context.program.declared,
        *[name for name in library.names("ops.mg") if name not in library.RULES_ONLY],
        *library.names("prelude.mg"),
        *comprehensions.REDUCTIONS,
    ]
    hint = vocabulary.NAMES.get(name) or did_you_mean(name, known) or f"declare it: `def {name}(x): return ...`"
    fail(frame, tree.span, f"unknown function '{name}'", hint)


def _values(context: Context, frame: Frame, tree: Call, count: int, hint: str) -> Steps[list[Value]]:
    if tree.keywords or tree.sizes is not None or len(tree.arguments) != count:
        given = len(tree.arguments) + len(tree.keywords)
        many = plural(count, "argument")
        fail(frame, tree.span, f"'{tree.function}' takes {many}, not {given}" if given != count else
             f"'{tree.function}' takes its arguments by position", hint)  # fmt: skip
    operands = []
    for argument in tree.arguments:
        operand = yield from done(core.value(context, frame, argument))
        operands.append(core.numeric(frame, argument.span, operand))
    return operands


def _operation(context: Context, frame: Frame, tree: Call, found: Declared) -> Steps[Value]:
    assert isinstance(found.declaration, Op)
    names = [argument.identifier for argument in found.declaration.arguments]
    hint = f"it is {tree.function}({', '.join(names)})"
    operands = yield from done(_values(context, frame, tree, len(names), hint))
    op = tree.function if found.library else f"op:{tree.function}"
    return shaped(frame, tree.span, arrays.elementwise, context.build, op, *operands)


def _extremum(context: Context, frame: Frame, tree: Call) -> Steps[Value]:
    operands = yield from done(_values(context, frame, tree, len(tree.arguments), f"it is {tree.function}(a, b)"))
    return shaped(frame, tree.span, arrays.elementwise, context.build, tree.function, *operands)


def _whole_reduction(context: Context, frame: Frame, tree: Call) -> Steps[Value]:
    if tree.keywords or tree.sizes is not None or len(tree.arguments) != 1:
        hint = f"write {tree.function}(e for i), or over one axis [{tree.function}(X[i, j] for i) for j]"
        fail(frame, tree.span, f"'{tree.function}' takes one array", hint)
    operand = yield from done(core.value(context, frame, tree.arguments[0]))
    if not operand.axes:
        fail(frame, tree.arguments[0].span, f"'{tree.function}' of a number", f"write {tree.function}(x[i] for i)")
    body = Value(operand.node)
    return comprehensions.reduced(context, frame, tree.span, tree.function, body, list(operand.axes), [])


def _definition(context: Context, frame: Frame, tree: Call, found: Declared) -> Steps[Meaning]:
    function = found.declaration
    assert isinstance(function, Function)
    if function in context.active:
        chain = " -> ".join([f.name for f in context.active[context.active.index(function) :]] + [function.name])
        fail(frame, tree.span, f"'{function.name}' calls itself: {chain}", "a definition cannot be recursive")
    if len(context.active) >= MAX_CALL_DEPTH:
        fail(frame, tree.span, f"definitions are nested more than {MAX_CALL_DEPTH} deep")
    most = MAX_CALLED + len(context.program.main.source)
    if len(context.build) > most:
        _too_many_calls(context, frame, tree, most)
    if function.kind == "layer" and frame.path is None:
        _outside_a_model(frame, tree, function)
    arguments = yield from done(_arguments(context, frame, tree, function, found))
    inner = definitions.frame_for(found, frame, tree.span, function)
    inner.sizes.update((yield from done(_explicit_sizes(context, frame, tree, function))))
    lifted, axes = _lift(context, frame, tree, function, arguments)
    yield from done(_bind(context, frame, tree, function, inner, lifted))
    key = None if function.kind == "layer" else (function, tuple((v.node, v.axes) for v in lifted))
    if key is None or key not in context.results:
        origin = context.build.origin
        context.active.append(function)
        result = yield from done(definitions.body(context, inner, function))
        context.active.pop()
        context.build.origin = origin
        for part in result if isinstance(result, tuple) else (result,):
            context.build.bind(part.node, part.axes)
            if part is result:
                _hint(context, part.node, _name_of_result(context, inner, function, lifted))
        if key is None:
            return _restore(result, axes)
        context.results[key] = result
    return _restore(context.results[key], axes)


def _too_many_calls(context: Context, frame: Frame, tree: Call, most: int) -> NoReturn:
    """The function that is compiled is to blame: calls of calls double what each of them makes."""
    top = context.active[0]
    said = f"'{top.name}' is too large: with its calls written out it has more than {most:,} graph nodes"
    note = Note(f"'{tree.function}' is called here", frame.file.path, tree.span)
    hint = "a loop, `for i in range(n)`, is not written out"
    raise LimitReached(*error(context.program.main, top.span, said, hint, (note,)).diagnostics)


def _outside_a_model(frame: Frame, tree: Call, function: Function) -> NoReturn:
    if any(isinstance(statement, Param) for statement in function.body):
        message = f"the layer '{function.name}' has parameters, which only a model owns"
        fail(frame, tree.span, message, "call it inside a model")
    fail(frame, tree.span, f"the layer '{function.name}' is called outside a model",
         f"it declares no parameter itself: `def {function.name}({_named(function)})` is called anywhere")  # fmt: skip


def _hint(context: Context, node: Node, name: str) -> None:
    """A value without a name of its own is called after what takes or gives it, the outermost of these."""
    is_there = node.op in ("const", "input", "index", "size") or (node.op == "read" and node.args[0].op != "array")
    if node not in context.build.names and not is_there:
        context.build.hints[node] = name


def _name_of_result(context: Context, frame: Frame, function: Function, arguments: Sequence[Value]) -> str:
    """`linear1` for what a layer's first call gives, `z_norm` for what the library's norm of z does."""
    if frame.path is not None:
        return frame.path.rpartition(".")[2]
    given = context.build.called(arguments[0].node) if arguments else None
    if given is None:
        return function.name
    joint = "_" if frame.file is library.file("prelude.mg") else "."
    return f"{given}{joint}{function.name}"


def _restore(result: Meaning, axes: tuple[Node, ...]) -> Meaning:
    """The results of a definition that was read elementwise, over the arrays' axes again."""
    if not axes:
        return result
    if isinstance(result, Value):
        return Value(result.node, (*axes, *result.axes))
    assert isinstance(result, tuple)
    return tuple(Value(part.node, (*axes, *part.axes)) for part in result)


def _arguments(context: Context, frame: Frame, tree: Call, function: Function, found: Declared) -> Steps[list[Value]]:
    """One value per argument of the function, in its order."""
    given: dict[str, Value] = {}
    if len(tree.arguments) > len(function.arguments):
        many = f"{plural(len(function.arguments), 'argument')}, not {len(tree.arguments)}"
        fail(frame, tree.span, f"'{function.name}' takes {many}",
             f"it is {header(function)}")  # fmt: skip
    pairs = [*zip([a.name for a in function.arguments], tree.arguments, strict=False), *tree.keywords]
    for name, expression in pairs:
        if name not in [argument.name for argument in function.arguments]:
            hint = did_you_mean(name, [argument.name for argument in function.arguments])
            hint = hint or f"it is {header(function)}"
            fail(frame, expression.span, f"'{function.name}' has no argument '{name}'", hint)
        if name in given:
            fail(frame, expression.span, f"the argument '{name}' is given twice")
        operand = yield from done(core.value(context, frame, expression))
        given[name] = core.numeric(frame, expression.span, operand)
    for argument in function.arguments:
        if argument.name not in given:
            if argument.default is None:
                fail(
                    frame,
                    tree.span,
                    f"'{function.name}' needs the argument '{argument.name}'",
                    f"it is {header(function)}",
                )
            outer = Frame(found.file, type(frame.names)(), {}, site=frame.at(tree.span))
            given[argument.name] = yield from done(core.value(context, outer, argument.default))
    return [_typed(frame, tree, function, argument, given[argument.name]) for argument in function.arguments]


def header(function: Function) -> str:
    """How it is called: `linear[m](x)`."""
    sizes = ", ".join(("*" if size.variadic else "") + size.name for size in function.sizes)
    return f"{function.name}{f'[{sizes}]' if sizes else ''}({_named(function)})"


def _named(function: Function) -> str:
    return ", ".join(argument.name for argument in function.arguments)


def _typed(frame: Frame, tree: Call, function: Function, argument: Argument, value: Value) -> Value:
    if argument.dtype == "int" and value.node.dtype != "int":
        fail(frame, tree.span, f"the argument '{argument.name}' of '{function.name}' is an integer")
    return value


def _explicit_sizes(context: Context, frame: Frame, tree: Call, function: Function) -> Steps[dict[str, Meaning]]:
    """The sizes between the brackets of `linear[16](x)`, by name."""
    given: list[Node] = []
    for size in tree.sizes or ():
        meaning = yield from done(core.expression(context, frame, size))
        if isinstance(meaning, SizeList):
            given.extend(meaning.sizes)
        else:
            given.append((yield from done(core.integer(context, frame, size, "a size"))))
    for node, size in zip(given, tree.sizes or (), strict=False):
        if isinstance(node.attribute, int) and node.op == "const" and node.attribute < 1:
            fail(frame, size.span, f"a size is at least 1, not {node.attribute}")
        if node.axes or node.op == "bound":
            fail(frame, size.span, "a size cannot depend on an index")
        if node.weight > MAX_SIZE_WEIGHT:
            fail(frame, size.span, f"a size made of more than {MAX_SIZE_WEIGHT} parts")
    named = [size for size in function.sizes if not size.variadic]
    variadic = [size for size in function.sizes if size.variadic]
    if len(given) < len(named) + len(variadic) or (len(given) > len(named) and not variadic):
        wanted = ", ".join(("*" if size.variadic else "") + size.name for size in function.sizes)
        hint = f"write {function.name}[{wanted}](...)" if wanted else f"write {function.name}(...)"
        fail(frame, tree.span, f"'{function.name}' takes {plural(len(function.sizes), 'size')}, not {len(given)}", hint)
    found: dict[str, Meaning] = {size.name: Value(node) for size, node in zip(named, given, strict=False)}
    found.update({size.name: SizeList(tuple(given[len(named) :])) for size in variadic})
    return found


def _lift(
    context: Context, frame: Frame, tree: Call, function: Function, arguments: Sequence[Value]
) -> tuple[list[Value], tuple[Node, ...]]:
    """Arrays given for numbers: the definition is read at each element, over common axes."""
    places = [k for k, a in enumerate(function.arguments) if not a.dimensions and arguments[k].axes]
    if not places:
        return list(arguments), ()
    nodes, axes = shaped(frame, tree.span, arrays.align, context.build, [arguments[k] for k in places])
    lifted = list(arguments)
    for place, node in zip(places, nodes, strict=True):
        lifted[place] = Value(node)
    return lifted, axes


def _bind(
    context: Context, frame: Frame, tree: Call, function: Function, inner: Frame, arguments: Sequence[Value]
) -> Steps[None]:
    """Enter arguments and the sizes that they bind into the definition's frame, checking every size."""
    came_from: dict[str, str] = {}
    for argument, value in zip(function.arguments, arguments, strict=True):
        if len(argument.dimensions) != len(value.axes):
            declared = _declared(argument)
            fail(frame, tree.span, f"the argument '{argument.name}' of '{function.name}' is {declared}, "
                 f"but what is given is {shape_text(value)}", _row_by_row(tree, argument, value),
                 _declared_here(inner, argument))  # fmt: skip
        for dimension, axis in zip(argument.dimensions, value.axes, strict=True):
            parameters.check_size(inner, function, dimension)
            if isinstance(dimension, Name) and definitions.is_new_size(context, inner, dimension.identifier):
                inner.sizes[dimension.identifier] = Value(extent(axis))
                came_from[dimension.identifier] = argument.name
                continue
            size = yield from done(core.integer(context, inner, dimension, "a size"))
            if not sizes.equal(size, extent(axis)):
                because = ""
                if isinstance(dimension, Name) and dimension.identifier in came_from:
                    name = dimension.identifier
                    because = f" ({name} = {sizes.size_text(size)} came from '{came_from[name]}')"
                fail(frame, tree.span, f"the argument '{argument.name}' of '{function.name}' is {_declared(argument)}, "
                     f"but what is given is {shape_text(value)}{because}",
                     None, _declared_here(inner, argument))  # fmt: skip
        if context.build.bind(value.node, value.axes):
            _hint(context, value.node, f"{function.name}.{argument.name}")
        inner.names[argument.name] = value


def _row_by_row(tree: Call, argument: Argument, value: Value) -> str | None:
    """What to write where a batch is given for one sample."""
    from mgc.grammar.spelling import format_expression

    if len(value.axes) != len(argument.dimensions) + 1 or tree.keywords:
        return None
    given = [format_expression(one) for one in tree.arguments]
    if len(given) == 1:
        return f"call it row by row: `[{tree.function}({given[0]}[i]) for i]`"
    return f"call it row by row: `[{tree.function}({given[0]}[i], ...) for i]`"


def _declared(argument: Argument) -> str:
    from mgc.grammar.spelling import format_expression

    if not argument.dimensions:
        return "a number"
    return f"[{', '.join(format_expression(dimension) for dimension in argument.dimensions)}]"


def _declared_here(inner: Frame, argument: Argument) -> tuple[Note, ...]:
    return (Note(f"'{argument.name}' is declared here", inner.file.path, argument.span),)
