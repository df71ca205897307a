"""Compiled functions -> one C99 file: helpers, and each function with its derivative.

A function takes, in this order: parameters, arguments, sizes, a workspace where it needs one, where to put results and
derivatives, and `status` where an index may be out of range. It returns its value where that is one number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mgc.compiler.compiled import Compiled, loop_nest
from mgc.compiler.emit import interface
from mgc.compiler.emit.c import function as c
from mgc.compiler.emit.c.helpers import INDENT, WIDTH, have, need
from mgc.compiler.emit.interface import describe, escape, file_name, function_names
from mgc.compiler.graph.graph import Graph
from mgc.compiler.graph.sizes import size_text
from mgc.compiler.language import operations
from mgc.compiler.language.program import Program, error
from mgc.compiler.lower import initialisers
from mgc.compiler.module import FunctionInfo, Module, ParameterInfo
from mgc.compiler.names import names, words
from mgc.compiler.options import Options
from mgc.compiler.schedule.loopnest import Expression, Load, LoopNest

Result = tuple[str, Expression | None]  # the name that the caller gets it by; None: zeros


def emit(program: Program, compiled: Sequence[Compiled], options: Options) -> Module:
    """The C module. Errors: ModelError."""
    emitted = function_names(program, compiled)
    helpers: dict[str, str] = {}
    functions, parts = [], []
    for one in compiled:
        info = describe(one, emitted)
        functions.append(info)
        parts.append(_function(program, one, one.value, info, helpers))
        if one.derivative is not None and info.gradient_name is not None:
            parts.append(_function(program, one, one.derivative, info, helpers))
    found = initialisers.parameters([one.lowered for one in compiled])
    initialisers.check(found)
    head = [
        f"/* {_comment(file_name(program))}, compiled to C99: values and exact derivatives. */",
        "#include <math.h>",
    ]
    text = "\n".join([*head, *[f"\n{helper}" for helper in helpers.values()], *[f"\n{part}" for part in parts]]) + "\n"
    return Module(
        text,
        tuple(functions),
        tuple(ParameterInfo(p.name, tuple(size_text(size) for size in p.node.args)) for p in found),
        tuple(interface.sizes(found)),
        tuple(None for _ in text.splitlines()),
    )


def _comment(text: str) -> str:
    """Text that cannot end a comment, or start a trigraph or a line splice."""
    return re.sub(r"\?(?=\?)", "? ", escape(text).replace("*/", "* /").replace("/*", "/ *"))


def _function(program: Program, one: Compiled, graph: Graph, info: FunctionInfo, helpers: dict[str, str]) -> str:
    nest = loop_nest(program, one.lowered, graph)
    named = names.name(nest, operations.own_operations(program))
    results = _results(named)
    single = _is_single(nest)
    outputs = frozenset(name for name, value in results if value is not None and _is_array(value))
    integer = single and nest.outputs[0].dtype == "int"
    try:
        writer = c.body(named, outputs, "return 0" if integer else "return NAN" if single else "return")
    except c.Unbounded:
        raise error(
            program.main, one.lowered.function.span, "a row's length has no simple upper bound, which C needs"
        ) from None
    returned = _returns(named, writer, results)
    for op in writer.scope.used:
        need(program, op, one.lowered.function.span, helpers)
    name = str(info.gradient_name if nest.gradients else info.emitted_name)
    header = _header(named, name, writer, results)
    lines = [f"/* {_comment(_said(program, info, graph))} */", *header, *_carved(writer), *writer.lines]
    lines += returned
    have(writer.scope.called, helpers)
    return "\n".join([*lines, "}"])


def _is_array(value: Expression) -> bool:
    return isinstance(value, Load) and not value.indices and bool(value.variable.sizes)


def _is_single(nest: LoopNest) -> bool:
    """Whether the result is one number, which is returned."""
    return len(nest.outputs) == 1 and not _is_array(nest.outputs[0])


def _said(program: Program, info: FunctionInfo, graph: Graph) -> str:
    place = f"{file_name(program)}, line {info.span.line}"
    what = f"{info.docstring.rstrip('.')} ({place})" if info.docstring else f"{info.name} of {place}"
    return f"{what}{', and its derivatives' if graph.gradients else ''}."


def _results(named: names.NamedNest) -> list[Result]:
    """What the caller gets by pointer, arrays under the name of their variable."""
    nest = named.nest
    results: list[Result] = []
    taken = {*named.variables.values(), *named.sizes.values()}
    short = words.local_parameter_names(given.said[0] for given in nest.inputs if given.role == "parameter")
    given_names = [f"result_{place + 1}" if len(nest.outputs) > 1 else "out" for place in range(len(nest.outputs))]
    wanted: list[Result] = [] if _is_single(nest) else list(zip(given_names, nest.outputs, strict=True))
    for given, adjoint in nest.gradients:
        wanted.append((f"d{short.get(given.said[0], given.said[0])}", adjoint))
    done: set[str] = set()
    for name, value in wanted:
        own = None
        if isinstance(value, Load) and _is_array(value):
            own = named.variables[value.variable.serial]
        if own is None or own in done:
            own = words.safe(f"{name}_out" if name in taken else name, taken)
        done.add(own)
        taken.add(own)
        results.append((own, value))
    return results


def _header(named: names.NamedNest, name: str, writer: c.Writer, results: Sequence[Result]) -> list[str]:
    nest = named.nest
    arguments = []
    for given in nest.inputs:
        kind = "long" if given.dtype == "int" else "double"
        pointer = f"const {kind} *" if given.sizes else f"{kind} "
        arguments.append(pointer + named.variables[given.serial])
    sizes = list(named.sizes.values())
    arguments += [f"long {size}" for size in sizes]
    if writer.workspace:
        arguments.append("double *work")
    for result, value in results:
        arguments.append(f"{'long' if value is not None and value.dtype == 'int' else 'double'} *{result}")
    if writer.checked:
        arguments.append("int *status")
    kind = "void" if not _is_single(nest) else "long" if nest.outputs[0].dtype == "int" else "double"
    total = " + ".join([_count(writer, variable.room) for variable in writer.workspace])
    used = writer.scope.mentioned
    unused = [named.variables[given.serial] for given in nest.inputs if given.serial not in used]
    unused += [spelt for size, spelt in named.sizes.items() if size not in used]
    voids = [f"{INDENT}(void){one};" for one in unused]
    if writer.workspace:
        voids.insert(0, f"{INDENT}/* work holds {total} numbers */")
    line = f"{kind} {name}({', '.join(arguments) or 'void'}) {{"
    if len(line) <= WIDTH:
        return [line, *voids]
    return [f"{kind} {name}(", *_wrapped(arguments), ") {", *voids]


def _wrapped(arguments: Sequence[str]) -> list[str]:
    lines = [""]
    for place, argument in enumerate(arguments):
        piece = argument + ("," if place < len(arguments) - 1 else "")
        if lines[-1] and len(lines[-1]) + len(piece) + 1 > WIDTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {piece}" if lines[-1] else INDENT + piece
    return lines


def _count(writer: c.Writer, sizes: Sequence[Expression]) -> str:
    return c.count(writer.scope, sizes) if sizes else ""


def _carved(writer: c.Writer) -> list[str]:
    lines = []
    for place, variable in enumerate(writer.workspace):
        lines.append(f"{INDENT}double *{writer.scope.variables[variable.serial]} = work;")
        if place < len(writer.workspace) - 1:
            lines.append(f"{INDENT}work += {_count(writer, variable.room)};")
    return lines


def _returns(named: names.NamedNest, writer: c.Writer, results: Sequence[Result]) -> list[str]:
    nest, scope = named.nest, writer.scope
    lines = []
    gradients = [None] * (len(results) - len(nest.gradients)) + [given for given, _ in nest.gradients]
    for (name, value), given in zip(results, gradients, strict=True):
        if value is None:
            assert given is not None
            lines.append(_fill(writer, name, given.room, "0.0") if given.room else f"{INDENT}*{name} = 0.0;")
        elif not (isinstance(value, Load) and _is_array(value)):
            lines.append(f"{INDENT}*{name} = {scope.write(value)};")
        elif (own := named.variables[value.variable.serial]) != name:
            lines.append(_fill(writer, name, value.variable.counts, f"{own}[at]"))
    if _is_single(nest):
        lines.append(f"{INDENT}return {scope.write(nest.outputs[0])};")
    return lines


def _fill(writer: c.Writer, name: str, sizes: Sequence[Expression], value: str) -> str:
    return f"{INDENT}for (long at = 0; at < {_count(writer, sizes)}; at++) {name}[at] = {value};"
