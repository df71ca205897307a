"""Compiled functions -> one C99 file: helpers, and each function with its derivative.

A function takes, in this order: parameters, arguments, sizes, a workspace where it needs one, where to put results and
derivatives, and `status` where an index may be out of range. It returns its value where that is one number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from mgc.compiler import c, initialisers, library, names, operations
from mgc.compiler.graph import Graph
from mgc.compiler.interface import describe, escape, file_name, function_names
from mgc.compiler.loopnest import Expression, Load, LoopNest
from mgc.compiler.module import FunctionInfo, Module, Options, ParameterInfo
from mgc.compiler.program import Program, error
from mgc.compiler.values import size_text
from mgc.grammar.tree import Span

if TYPE_CHECKING:
    from mgc.compiler.pipeline import Compiled

Result = tuple[str, Expression | None]  # the name that the caller gets it by; None: zeros

INDENT = c.INDENT
WIDTH = 110

_HELPERS = {
    "maximum": "static double maximum(double x, double y) { return x >= y || x != x ? x : y; }",
    "minimum": "static double minimum(double x, double y) { return x <= y || x != x ? x : y; }",
    "larger": "static long larger(long i, long j) { return i > j ? i : j; }",
    "smaller": "static long smaller(long i, long j) { return i < j ? i : j; }",
    "sign": "static double sign(double x) { return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x != x ? x : 0.0; }",
    "mod": "static double mod(double x, double y) {  /* the sign of y */\n"
    "    const double rest = fmod(x, y);\n"
    "    if (rest == 0.0) return copysign(0.0, y);\n"
    "    return (rest < 0.0) != (y < 0.0) ? rest + y : rest;\n}",
    "floordiv": "static double floordiv(double x, double y) {  /* so that it goes with mod: 1.0 // 0.1 is 9.0 */\n"
    "    if (y == 0.0) return x / y;\n"
    "    const double rest = fmod(x, y);\n"
    "    const double quotient = (x - rest) / y - (rest != 0.0 && (rest < 0.0) != (y < 0.0));\n"
    "    return quotient == 0.0 ? copysign(0.0, x / y) : rint(quotient);\n}",
    "modulo": "static long modulo(long i, long n) { return n == 0 ? 0 : (i % n + n) % n; }",
    "floor_divide": "static long floor_divide(long i, long n) {\n"
    "    return n == 0 ? 0 : i / n - ((i % n != 0) && ((i < 0) != (n < 0)));\n}",
    "magnitude": "static long magnitude(long i) { return i < 0 ? -i : i; }",
}
_BY_DTYPE = {"max": ("maximum", "larger"), "min": ("minimum", "smaller"), "mod": ("mod", "modulo")}


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
        tuple(initialisers.sizes(found)),
        tuple(None for _ in text.splitlines()),
    )


def _comment(text: str) -> str:
    """Text that cannot end a comment, or start a trigraph or a line splice."""
    return re.sub(r"\?(?=\?)", "? ", escape(text).replace("*/", "* /").replace("/*", "/ *"))


def _function(program: Program, one: Compiled, graph: Graph, info: FunctionInfo, helpers: dict[str, str]) -> str:
    from mgc.compiler.pipeline import loop_nest

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
        _need(program, op, one.lowered.function.span, helpers)
    name = str(info.gradient_name if nest.gradients else info.emitted_name)
    header = _header(named, name, writer, results)
    lines = [f"/* {_comment(_said(program, info, graph))} */", *header, *_carved(writer), *writer.lines]
    lines += returned
    _have(writer.scope.called, helpers)
    return "\n".join([*lines, "}"])


def _is_array(value: Expression) -> bool:
    return isinstance(value, Load) and not value.indices and bool(value.variable.sizes)


def _is_single(nest: LoopNest) -> bool:
    """Whether the result is one number, which is returned."""
    return len(nest.outputs) == 1 and not _is_array(nest.outputs[0])


def _have(called: Collection[str], helpers: dict[str, str]) -> None:
    for name, helper in _HELPERS.items():
        if name in called:
            helpers.setdefault(name, helper)


def _said(program: Program, info: FunctionInfo, graph: Graph) -> str:
    place = f"{file_name(program)}, line {info.span.line}"
    what = f"{info.docstring.rstrip('.')} ({place})" if info.docstring else f"{info.name} of {place}"
    return f"{what}{', and its derivatives' if graph.gradients else ''}."


def _results(named: names.NamedNest) -> list[Result]:
    """What the caller gets by pointer, arrays under the name of their variable."""
    nest = named.nest
    results: list[Result] = []
    taken = {*named.variables.values(), *named.sizes.values()}
    short = names.local_parameter_names(given.said[0] for given in nest.inputs if given.role == "parameter")
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
            own = names.safe(f"{name}_out" if name in taken else name, taken)
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


def _need(program: Program, op: str, span: Span, helpers: dict[str, str]) -> None:
    """Have the helper for an operation that C's library lacks, compiled from the operation's body."""
    name = op.removeprefix("op:")
    if name in helpers or library.native(op, "c") or op in _HELPERS or op in _BY_DTYPE:
        return
    if op in ("floordiv", "bound"):
        return
    named = operations.nest(program, operations.declared(program, op, span), ieee=True)
    writer = c.body(named, frozenset(), "return NAN")
    if writer.checked or writer.workspace:
        raise error(program.main, span, f"the body of the operation '{name}' indexes at run time, which C cannot")
    result = writer.scope.write(named.nest.outputs[0])
    for inner in writer.scope.used:
        _need(program, inner, span, helpers)
    inputs = [(given, named.variables[given.serial]) for given in named.nest.inputs]
    arguments = ", ".join(f"double {spelt}" for _, spelt in inputs)
    lines = [f"static double {names.operation(op)}({arguments}) {{"]
    lines += [line.split("  /* line")[0] for line in writer.lines]
    lines += [f"{INDENT}(void){spelt};" for given, spelt in inputs if given.serial not in writer.scope.mentioned]
    lines += [f"{INDENT}return {result};", "}"]
    _have(writer.scope.called, helpers)
    helpers[name] = "\n".join(lines)
