"""Compiled functions -> a C99 file and its header: helpers, and each function with its derivative (docs/c.md).

A function takes what `signature.py` says and returns a status. Where it needs a workspace, `<function>_workspace`
tells how many bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from mgc.compiler.compiled import Body, Compiled
from mgc.compiler.emit import interface
from mgc.compiler.emit.c import entry, lanes, requirements, signature, vectors, workspace
from mgc.compiler.emit.c import function as c
from mgc.compiler.emit.c.helpers import Helpers, have
from mgc.compiler.emit.c.integers import fitting
from mgc.compiler.emit.c.operations import need
from mgc.compiler.emit.c.ragged import with_bounds
from mgc.compiler.emit.c.signature import Argument, Place, Places
from mgc.compiler.emit.c.types import REALS, Real
from mgc.compiler.emit.interface import describe, escape, file_name, function_names
from mgc.compiler.emit.python.module import initial_values
from mgc.compiler.emit.tokens import INDENT
from mgc.compiler.graph.graph import Graph
from mgc.compiler.graph.sizes import size_text
from mgc.compiler.language.program import Program, error
from mgc.compiler.lower import initialisers
from mgc.compiler.module import Entry, FunctionInfo, Module, ParameterInfo
from mgc.compiler.names import names, words
from mgc.compiler.names.c_words import CPP
from mgc.compiler.options import Options
from mgc.compiler.schedule.loopnest import LoopNest

_STATUS = """\
#ifndef MGC_STATUS
#define MGC_STATUS
/* What a call came to; where it failed, in which line of the model, and its results mean nothing. */
enum mgc_error { MGC_OK = 0, MGC_INDEX = 1, MGC_ZERO_DIVISION = 2, MGC_OVERFLOW = 3, MGC_REQUIRE = 4 };
typedef struct {
    enum mgc_error error;
    int line;
} mgc_status;
#endif"""


class _File(Struct, frozen=True):
    """A file in the making: its model, the names of all its functions, their helpers, and what compiles those."""

    program: Program
    taken: frozenset[str]
    helpers: Helpers
    body: Body
    entries: list[Entry] | None  # of the functions so far, where they have any
    lanes: bool


class _Function(Struct, frozen=True):
    """A function as it is defined, and as the header declares it, if it does, else nothing."""

    definition: str
    declaration: str


def emit(program: Program, compiled: Sequence[Compiled], options: Options, body: Body) -> Module:
    """The C module. Errors: ModelError."""
    real = REALS[options.dtype]
    emitted = function_names(program, compiled, options.prefix, CPP)
    taken = frozenset(name for pair in emitted.values() for name in pair)
    file = _File(program, taken, Helpers(real), body, [] if options.entries else None, options.lanes)
    infos: list[FunctionInfo] = []
    functions: list[_Function] = []
    for one in compiled:
        info = describe(one, emitted)
        infos.append(info)
        checks = None if one.required is None else requirements.checks(program, one.required, info, real)
        if checks is not None:
            _have_all(file, checks.writer, info)
            functions.append(_Function(checks.definition, ""))
        for graph, named in zip(one.graphs, one.named, strict=True):
            functions.append(_function(file, graph, named, info, checks))
    found = initialisers.parameters([one.lowered for one in compiled])
    initialisers.check(found)
    first = f"/* {_comment(file_name(program))}, compiled to C99: values and exact derivatives. */"
    if options.dtype != "float64":
        first += f"\n/* Real numbers are {real.name} ({options.dtype}). */"
    head = f"{first}\n#include <math.h>\n#include <stddef.h>\n#include <stdint.h>\n\n{_STATUS}"
    text = "\n\n".join([head, *file.helpers.texts.values(), *[one.definition for one in functions]]) + "\n"
    return Module(
        text,
        tuple(infos),
        tuple(ParameterInfo(p.name, tuple(size_text(size) for size in p.node.args)) for p in found),
        tuple(interface.sizes(found)),
        tuple(None for _ in text.splitlines()),
        header=_header(
            first, options.prefix + file_name(program), [one.declaration for one in functions if one.declaration]
        ),
        entries=tuple(file.entries or ()),
        init=initial_values(program, found) if options.entries else "",
    )


def _header(first: str, name: str, declarations: Sequence[str]) -> str:
    guard = f"MGC_{re.sub('[^A-Z0-9]', '_', name.removesuffix('.mg').upper())}_H"
    return "\n\n".join(
        [
            f"{first}\n#ifndef {guard}\n#define {guard}\n\n#include <stddef.h>\n#include <stdint.h>",
            _STATUS,
            '#ifdef __cplusplus\nextern "C" {\n#endif',
            *declarations,
            "#ifdef __cplusplus\n}\n#endif\n\n#endif\n",
        ]
    )


def _comment(text: str) -> str:
    """Text that cannot end a comment, or start a trigraph or a line splice."""
    return re.sub(r"\?(?=\?)", "? ", escape(text).replace("*/", "* /").replace("/*", "/ *"))


def _have_all(file: _File, writer: c.Writer, info: FunctionInfo) -> None:
    """Have the helpers that printed code uses."""
    for op in writer.scope.used:
        if not op.startswith(vectors.PREFIX):
            need(file.program, op, info.span, file.helpers, file.body)
    have(writer.scope.called, writer.may_fail, file.helpers)


def _function(
    file: _File, graph: Graph, named: names.NamedNest, info: FunctionInfo, checks: requirements.Checks | None
) -> _Function:
    program, real = file.program, file.helpers.real
    ragged = with_bounds(named)
    named = ragged.named
    nest = fitting(named.nest, ragged.bounded)
    unfilled = None
    if file.lanes:
        nest, named, unfilled = lanes.with_lanes(nest, named, ragged.searches)
    places = signature.places(nest, named)
    try:
        writer = c.body(real, nest, named, places.callers(), places.written(), ragged.searches, unfilled)
        last = _stored(writer, places)
    except c.Unbounded:
        raise error(program.main, info.span, "a row's length has no simple upper bound, which C needs") from None
    _have_all(file, writer, info)
    lanes.helpers(nest, file.helpers)
    name = str(info.gradient_name if nest.gradients else info.emitted_name)
    given = signature.inputs(real, named, info)
    work = [Argument("void *", "work")] if writer.workspace else []
    arguments = [*given, *work, *signature.outputs(places, writer.scope)]
    said = f"/* {_comment(_said(program, info, graph))} */"
    opening = _opening(real, nest, named, writer, places, checks)
    returned = "status" if writer.may_fail else "(mgc_status){MGC_OK, 0}"
    head = signature.defined(name, arguments)
    lines = [said, *head, *opening, *writer.lines, *last, f"{INDENT}return {returned};", "}"]
    declared = [said, *signature.declared(name, arguments)]
    told, sized_by = None, list[Argument]()
    if work:
        told = words.safe_function(f"{name}_workspace", file.taken)
        sizes, sized_by = _workspace(real, writer, named, (name, told), given)
        lines += ["", *sizes.definition.splitlines()]
        declared.append(sizes.declaration)
    if file.entries is not None:
        called = entry.Called(len(file.entries), name, arguments, told, sized_by)
        lines += ["", *entry.text(called, named, info, places, writer)]
        file.entries.append(entry.about(name, nest, info, places))
        have(writer.scope.called, writer.may_fail, file.helpers)
    return _Function("\n".join(lines), "\n".join(declared))


def _workspace(
    real: Real, writer: c.Writer, named: names.NamedNest, called: tuple[str, str], given: Sequence[Argument]
) -> tuple[_Function, list[Argument]]:
    """The function that tells how many bytes `work` has, and its arguments: those of `given` which its body mentions.

    `called`: the function that has `work`, and this one.
    """
    body, mentioned = workspace.bytes_needed(real, writer)
    needed = {named.sizes[one] if isinstance(one, str) else named.variables[one] for one in mentioned}
    arguments = [argument for argument in given if argument.name in needed]
    function, name = called
    said = f"/* How many bytes `work` of {function} has. */"
    head = signature.defined(name, arguments, "size_t")
    declaration = signature.declared(name, arguments, "size_t")
    return _Function("\n".join([said, *head, *body, "}"]), "\n".join([said, *declaration])), arguments


def _said(program: Program, info: FunctionInfo, graph: Graph) -> str:
    place = f"{file_name(program)}, line {info.span.line}"
    what = f"{info.docstring.rstrip('.')} ({place})" if info.docstring else f"{info.name} of {place}"
    return f"{what}{', and its derivatives' if graph.gradients else ''}."


def _opening(
    real: Real,
    nest: LoopNest,
    named: names.NamedNest,
    writer: c.Writer,
    places: Places,
    checks: requirements.Checks | None,
) -> list[str]:
    """What stands before the first statement: what is required, the status, arrays by their own names, arguments
    without a use."""
    scope = writer.scope
    required = [] if checks is None else checks.call(named)
    unused = [named.variables[given.serial] for given in nest.inputs if given.serial not in scope.mentioned]
    unused += [spelt for size, spelt in named.sizes.items() if size not in scope.mentioned]
    lines = [*[f"{INDENT}(void){one};" for one in unused], *required]
    if writer.may_fail:
        lines.append(f"{INDENT}mgc_status status = {{MGC_OK, 0}};")
    for place in places.all:
        if place.variable is not None and place.variable.sizes:
            own = scope.variables[place.variable.serial]
            lines += [f"{INDENT}{real.name} *const {own} = {place.name};"] if own != place.name else []
    return [*lines, *writer.searches, *workspace.carved(real, writer)]


def _stored(writer: c.Writer, places: Places) -> list[str]:
    """The statements that store what does not lie in its place yet."""
    return [_store(writer, place) for place in places.all if place.variable is None]


def _store(writer: c.Writer, place: Place) -> str:
    zero = writer.scope.number(0.0)
    if not place.sizes:
        value = zero if place.value is None else writer.scope.write(place.value)
        return f"{INDENT}*{place.name} = {value};"
    value = zero if place.value is None else f"{writer.scope.write(place.value)}[at]"
    total = c.count(writer.scope, place.counts)
    return f"{INDENT}for (int64_t at = 0; at < {total}; at++) {place.name}[at] = {value};"
