"""Compiled functions -> one C99 file: helpers, and each function with its derivative.

A function takes, in this order: parameters, arguments, sizes, a workspace where it needs one, where to put results and
derivatives, and `status` where an index may be out of range. It returns its value where that is one number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mgc.compiler import c, initialisers, library, names, operations
from mgc.compiler.graph import Graph, Node, is_stored, topological_order
from mgc.compiler.interface import describe, escape, file_name, function_names
from mgc.compiler.loopnest import LoopNest
from mgc.compiler.module import FunctionInfo, Module, Options, ParameterInfo
from mgc.compiler.program import Program, error
from mgc.compiler.spelling import Scope
from mgc.compiler.values import size_text
from mgc.grammar.tree import Span

if TYPE_CHECKING:
    from mgc.compiler.pipeline import Compiled

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
    naming = names.assign(nest, operations.own_operations(program))
    results = _results(nest, naming)
    single = len(graph.outputs) == 1 and not is_stored(graph.outputs[0])
    outputs = frozenset(name for name, node in results if node is not None and is_stored(node))
    integer = single and graph.outputs[0].dtype == "int"
    try:
        writer = c.body(nest, naming, outputs, "return 0" if integer else "return NAN" if single else "return")
    except c.Unbounded:
        raise error(
            program.main, one.lowered.function.span, "a row's length has no simple upper bound, which C needs"
        ) from None
    returned = _returns(nest, writer, results, single)
    for op in writer.scope.used:
        _need(program, op, one.lowered.function.span, helpers)
    name = str(info.gradient_name if graph.gradients else info.emitted_name)
    header = _header(nest, naming, name, single, writer, results)
    lines = [f"/* {_comment(_said(program, info, graph))} */", *header, *_carved(writer), *writer.lines]
    lines += returned
    return _with_helpers("\n".join([*lines, "}"]), helpers)


def _with_helpers(text: str, helpers: dict[str, str]) -> str:
    for name, helper in _HELPERS.items():
        if re.search(rf"\b{name}\(", text):
            helpers.setdefault(name, helper)
    return text


def _said(program: Program, info: FunctionInfo, graph: Graph) -> str:
    place = f"{file_name(program)}, line {info.span.line}"
    what = f"{info.docstring.rstrip('.')} ({place})" if info.docstring else f"{info.name} of {place}"
    return f"{what}{', and its derivatives' if graph.gradients else ''}."


def _results(nest: LoopNest, naming: names.Naming) -> list[tuple[str, Node | None]]:
    """What the caller gets by pointer: (name, node), arrays under the name of their variable."""
    graph = nest.graph
    results: list[tuple[str, Node | None]] = []
    taken = {*naming.inputs.values(), *[v.name for v in nest.variables.values()]}
    short = names.local_parameter_names(given.name for given in graph.inputs if given.kind == "parameter")
    single = len(graph.outputs) == 1 and not is_stored(graph.outputs[0])
    given_names = [f"result_{place + 1}" if len(graph.outputs) > 1 else "out" for place in range(len(graph.outputs))]
    wanted: list[tuple[str, Node | None]] = [] if single else list(zip(given_names, graph.outputs, strict=True))
    wanted += [(f"d{short.get(given.name, given.name)}", adjoint) for given, adjoint in graph.gradients]
    done: set[str] = set()
    for name, node in wanted:
        own = nest.variables[node].name if node is not None and is_stored(node) and node in nest.variables else None
        if own is None or own in done:
            own = names.safe(f"{name}_out" if name in taken else name, taken)
        done.add(own)
        taken.add(own)
        results.append((own, node))
    return results


def _header(
    nest: LoopNest,
    naming: names.Naming,
    name: str,
    single: bool,
    writer: c.Writer,
    results: Sequence[tuple[str, Node | None]],
) -> list[str]:
    graph = nest.graph
    arguments = []
    for given in graph.inputs:
        kind = "long" if given.node.dtype == "int" else "double"
        pointer = f"const {kind} *" if given.sizes else f"{kind} "
        arguments.append(pointer + naming.inputs[given.node])
    sizes = [naming.inputs[size] for size in names.size_nodes(graph)]
    arguments += [f"long {size}" for size in sizes]
    if writer.workspace:
        arguments.append("double *work")
    for result, node in results:
        arguments.append(f"{'long' if node is not None and node.dtype == 'int' else 'double'} *{result}")
    if writer.checked:
        arguments.append("int *status")
    kind = "void" if not single else "long" if graph.outputs[0].dtype == "int" else "double"
    unused = [
        naming.inputs[given.node] for given in graph.inputs if given.node not in set(topological_order(graph.roots()))
    ]
    unused += [size for size in sizes if not _mentions(writer, size)]
    voids = [f"{INDENT}(void){one};" for one in unused]
    if writer.workspace:
        total = " + ".join(_count(writer, sizes) for _, sizes in writer.workspace)
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


def _mentions(writer: c.Writer, word: str) -> bool:
    pattern = re.compile(rf"\b{word}\b")
    sizes = [_count(writer, sizes) for _, sizes in writer.workspace]
    return any(pattern.search(line) for line in (*writer.lines, *sizes))


def _count(writer: c.Writer, sizes: Sequence[Node]) -> str:
    return c.count(Scope(writer.scope.target, {}, writer.scope.inputs), sizes) if sizes else ""


def _carved(writer: c.Writer) -> list[str]:
    lines = []
    for place, (name, sizes) in enumerate(writer.workspace):
        lines.append(f"{INDENT}double *{name} = work;")
        if place < len(writer.workspace) - 1:
            lines.append(f"{INDENT}work += {_count(writer, sizes)};")
    return lines


def _returns(nest: LoopNest, writer: c.Writer, results: Sequence[tuple[str, Node | None]], single: bool) -> list[str]:
    lines = []
    scope = writer.scope
    inputs = {f"d{g.name}": g for g in nest.graph.inputs}
    gradients = list(nest.graph.gradients)
    offset = len(results) - len(gradients)
    for place, (name, node) in enumerate(results):
        given = gradients[place - offset][0] if place >= offset else inputs.get(name)
        if node is None:
            assert given is not None
            count = _count(writer, given.sizes)
            lines.append(
                f"{INDENT}for (long at = 0; at < {count}; at++) {name}[at] = 0.0;"
                if count
                else f"{INDENT}*{name} = 0.0;"
            )
        elif not is_stored(node):
            lines.append(f"{INDENT}*{name} = {scope.write(node)};")
        elif nest.variables[node].name != name:
            count = _count(writer, nest.variables[node].sizes)
            lines.append(f"{INDENT}for (long at = 0; at < {count}; at++) {name}[at] = {nest.variables[node].name}[at];")
    if single:
        lines.append(f"{INDENT}return {scope.write(nest.graph.outputs[0])};")
    return lines


def _need(program: Program, op: str, span: Span, helpers: dict[str, str]) -> None:
    """Have the helper for an operation that C's library lacks, compiled from the operation's body."""
    name = op.removeprefix("op:")
    if name in helpers or library.native(op, "c") or op in _HELPERS or op in _BY_DTYPE:
        return
    if op in ("floordiv", "bound"):
        return
    nest, naming = operations.nest(program, operations.declared(program, op, span), ieee=True)
    writer = c.body(nest, naming, frozenset(), "return NAN")
    if writer.checked or writer.workspace:
        raise error(program.main, span, f"the body of the operation '{name}' indexes at run time, which C cannot")
    result = writer.scope.write(nest.graph.outputs[0])
    for inner in writer.scope.used:
        _need(program, inner, span, helpers)
    arguments = ", ".join(f"double {naming.inputs[given.node]}" for given in nest.graph.inputs)
    spelt = names.operation(op)
    lines = [f"static double {spelt}({arguments}) {{", *[line.split("  /* line")[0] for line in writer.lines]]
    unused = [g for g in nest.graph.inputs if g.node not in set(topological_order(nest.graph.roots()))]
    lines += [f"{INDENT}(void){naming.inputs[given.node]};" for given in unused]
    lines += [f"{INDENT}return {result};", "}"]
    helpers[name] = _with_helpers("\n".join(lines), helpers)
