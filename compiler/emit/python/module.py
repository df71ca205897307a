"""Compiled functions -> one Python file that runs alone: helpers, `init_params`, each function and its derivative."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence

from mgc.compiler.compiled import Body, Compiled
from mgc.compiler.emit import interface
from mgc.compiler.emit.interface import call_order, describe, escape, file_name, function_names, is_one_number
from mgc.compiler.emit.python import function as python
from mgc.compiler.emit.python import self_check
from mgc.compiler.emit.python.helpers import Helpers, indented
from mgc.compiler.emit.python.initialisers import init_params
from mgc.compiler.emit.python.layout import WIDTH, wrapped
from mgc.compiler.emit.python.operators import number
from mgc.compiler.emit.spelling import TERNARY, Scope
from mgc.compiler.emit.tokens import INDENT, Line, Token, plain, spelt, text
from mgc.compiler.graph.graph import Graph, Input
from mgc.compiler.graph.nodes import Origin
from mgc.compiler.graph.sizes import size_text
from mgc.compiler.language import library
from mgc.compiler.language.program import Program
from mgc.compiler.lower import initialisers
from mgc.compiler.lower.scope import Parameter
from mgc.compiler.module import FunctionInfo, Module, ParameterInfo
from mgc.compiler.names import names
from mgc.compiler.options import Options
from mgc.compiler.schedule.loopnest import Apply, Expression, Size, Variable
from mgc.grammar.tree import Span


def emit(program: Program, compiled: Sequence[Compiled], options: Options, body: Body) -> Module:
    """The Python module. Errors: ModelError."""
    emitted = function_names(program, compiled)
    helpers = Helpers(program, options.ieee, body)
    parts: list[list[Line]] = []
    functions = []
    for one in compiled:
        info = describe(one, emitted)
        functions.append(info)
        if one.required is not None:
            parts.append(_checks(program, one.required, info, helpers))
        for graph, named in zip(one.graphs, one.named, strict=True):
            parts.append(_function(program, graph, named, one.required, info, helpers))
    parameters = initialisers.parameters([one.lowered for one in compiled])
    sizes = interface.sizes(parameters)
    start: list[list[Line]] = []
    if parameters:
        texts, scope = init_params(parameters, sizes)
        start.append([plain(said) for said in texts])
        helpers.imported |= {*scope.special, *[op for op in scope.used if library.native(op, "python")]}
    blocks = [*helpers.texts(), *start, *parts]
    random = bool(parameters and initialisers.are_random(parameters))
    defined = [*helpers.defined(), "init_params", *[name for info in functions for name in _function_names(info)]]
    if options.self_check and (check := self_check.lines(compiled, functions, defined)):
        blocks.append([plain(said) for said in check])
        helpers.imported |= {"inf", "nan"}
        random = True
    derivatives = any(info.gradient_name is not None for info in functions)
    lines = [*_head(program, helpers, random, derivatives), *_joined(blocks)]
    return Module(
        "".join(f"{line.text}\n" for line in lines),
        tuple(functions),
        tuple(ParameterInfo(p.name, tuple(size_text(size) for size in p.node.args)) for p in parameters),
        tuple(sizes),
        tuple(line.origin for line in lines),
        told=tuple(line.tell for line in lines),
    )


def initial_values(program: Program, found: Sequence[Parameter]) -> str:
    """`init_params` by itself, for what runs beside Python; "" where there are no parameters. Errors: ModelError."""
    if not found:
        return ""
    texts, scope = init_params(found, interface.sizes(found))
    imported = sorted({*scope.special, *[op for op in scope.used if library.native(op, "python")]}, key=_in_imports)
    head = [f"from math import {', '.join(imported)}"] if imported else []
    head += ["from random import Random"] if initialisers.are_random(found) else []
    return "\n".join([f'"""The initial parameters of {file_name(program)}."""', *head, *texts, ""])


def _function_names(info: FunctionInfo) -> list[str]:
    return [name for name in (info.emitted_name, info.gradient_name) if name is not None]


def _function(
    program: Program,
    graph: Graph,
    named: names.NamedNest,
    required: names.NamedNest | None,
    info: FunctionInfo,
    helpers: Helpers,
) -> list[Line]:
    nest = named.nest
    lines, scope = python.function(named, program.main.source.splitlines(), helpers.ieee)
    defaults = {argument.name: argument.default for argument in info.arguments}
    arguments = [given for given in call_order(nest.inputs, info) if given.role != "parameter"]
    signature = ["params"] if info.parameters else []
    for given in arguments:
        default = defaults.get(given.said[0]) if given.role == "argument" else None
        given_by = "" if default is None else f"={scope.number(float(default))}"
        signature.append(named.variables[given.serial] + given_by)
    name = info.gradient_name if nest.gradients else info.emitted_name
    passed = [] if required is None else interface.passed(named, *interface.read_by(required))
    scope.mentioned |= {given.serial for given in nest.inputs if named.variables[given.serial] in passed}
    header = [*_docstring(program, graph, info, named), *_unpack(named, scope, helpers)]
    header += [f"{info.check_name}({', '.join(passed)})"] if passed else []
    helpers.need_all(scope, info.span)
    return [*_signature(str(name), signature, info.span), *indented(header), *lines]


def _checks(program: Program, required: names.NamedNest, info: FunctionInfo, helpers: Helpers) -> list[Line]:
    """The function that checks what another requires, of the inputs and sizes that this is about."""
    lines, scope = python.function(required, None, helpers.ieee, f"{info.name} of {file_name(program)}")
    helpers.need_all(scope, info.span)
    arguments = interface.passed(required, *interface.read_by(required))
    said = f'"""Raise ValueError where arguments are not as {info.name} requires."""'
    return [*_signature(str(info.check_name), arguments, info.span), *indented([said]), *lines]


def _signature(name: str, arguments: list[str], span: Span) -> list[Line]:
    source, together = Origin(span), ", ".join(arguments)
    if len(f"def {name}({together}):") <= WIDTH:
        return [Line((Token(f"def {name}({together}):"),), source)]
    parts = [together] if len(INDENT) + len(together) <= WIDTH else [f"{argument}," for argument in arguments]
    return [Line((Token(f"def {name}("),), source), *[plain(part, 1) for part in parts], plain("):")]


def _docstring(program: Program, graph: Graph, info: FunctionInfo, named: names.NamedNest) -> list[str]:
    """What a caller must know beside the signature, in the emitted names."""
    place = f"{file_name(program)}, line {info.span.line}"
    what = ""
    if graph.gradients:
        what = ", and its derivatives" if is_one_number(graph) else ", and its vector-Jacobian product"
    said = escape(info.docstring or "").rstrip(".")
    first = f"{said} ({place}){what}." if said else f"{info.name} of {place}{what}."
    lines = textwrap.wrap(f'"""{first}', WIDTH - len(INDENT) - len('"""'))
    inputs = zip(graph.inputs, named.nest.inputs, strict=True)
    shapes = [
        _shape(given, named, named.variables[variable.serial])
        for given, variable in inputs
        if given.kind != "parameter" and (given.sizes or given.node.dtype == "int")
    ]
    if shapes:
        lines += ["", *shapes]
    if graph.gradients:
        lines += ["", *textwrap.wrap(_returned(graph, info), WIDTH - len(INDENT))]
    return [*lines, '"""'] if shapes or graph.gradients else [*lines[:-1], lines[-1] + '"""']


def _returned(graph: Graph, info: FunctionInfo) -> str:
    called = {argument.name: argument.emitted_name for argument in info.arguments}
    by = ", ".join(called.get(name, name) for name in info.wrt)
    grads = f"holds {'that' if len(info.wrt) == 1 else 'those'} of {by}"
    if info.wrt == ("params",):
        grads = "is a dict like params"
    said = f"Returns (value, grads); grads {grads}."
    if all(adjoint is None for _, adjoint in graph.gradients):
        said += " All derivatives are 0: the value is constant but for jumps."
    if info.is_detached:
        said += " Derivatives stop where the model says detach."
    return said


def _shape(given: Input, named: names.NamedNest, name: str) -> str:
    kind = "int" if given.node.dtype == "int" else "float"
    sizes = ", ".join(size_text(size, named.sizes) for size in given.sizes)
    of = f"[{sizes}] of {kind}" if given.sizes else kind
    default = f", {number(given.default)} unless given" if given.default is not None else ""
    return f"{name}: {of}{default}"


def _unpack(named: names.NamedNest, scope: Scope, helpers: Helpers) -> list[str]:
    """Parameters by their short names, sizes from the arrays that have them, and a check of every size."""
    nest, called = named.nest, named.variables
    arrays = [given for given in nest.inputs if given.sizes]
    lengths = _lengths(arrays)
    read = scope.mentioned | {given.serial for chain in lengths.values() for given, _ in chain}
    lines = [
        f'{called[given.serial]} = params["{given.said[0]}"]'
        for given in nest.inputs
        if given.role == "parameter" and given.serial in read
    ]
    for size, chain in lengths.items():
        length = spelt(_length(chain, called), (), TERNARY)
        found = wrapped((Token(f"{named.sizes[size]} = "),), length, (), 1)
        lines += [INDENT * extra + text(code) for extra, code in found]
    scope = Scope(scope.target, called, {}, named.sizes)
    for given in arrays:
        if given.role != "parameter" or given.serial in read:
            helpers.check_shape()
            sizes = ", ".join(_entries(scope, size) for size in given.counts)
            name = called[given.serial] if given.role == "adjoint" else given.said[0]
            lines.append(f'check_shape("{name}", {called[given.serial]}, {sizes})')
    return lines


Chain = list[tuple[Variable, int]]  # the arrays that have a size, and at which axis


def _lengths(arrays: Sequence[Variable]) -> dict[str, Chain]:
    """For each size an array whose first axis has it; else those with an inner axis of it, which may have no rows."""
    found: dict[str, Chain] = {}
    for given in sorted(arrays, key=lambda given: _ORDER.index(given.role)):
        for axis, size in enumerate(given.sizes):
            if isinstance(size, Size) and (given.role != "adjoint" or size.name not in found):
                found.setdefault(size.name, []).append((given, axis))
    return {name: _needed(chain) for name, chain in found.items()}


def _needed(chain: Chain) -> Chain:
    """Without arrays that are empty where one before is, and up to the first that shows the size by itself."""
    needed: Chain = []
    for given, axis in sorted(chain, key=lambda one: (_ORDER.index(one[0].role), one[1] > 0)):
        if all(given.counts[:axis] != other.counts[:place] for other, place in needed):
            needed.append((given, axis))
        if not axis:
            break
    return needed


_ORDER = ("argument", "parameter", "adjoint")


def _length(chain: Chain, called: Mapping[int, str]) -> str:
    """`len(x)`, `len(X[0]) if len(X) else 0`: an array without rows does not show how long they are."""
    texts: list[str] = []
    for given, axis in chain:
        rows = [called[given.serial] + "[0]" * k for k in range(axis + 1)]
        if not axis:
            return "".join([*texts, f"len({rows[0]})"])
        some = [f"len({row})" for row in rows[:-1]]
        test = some[0] if axis == 1 else " and ".join(f"{length} > 0" for length in some)
        texts.append(f"len({rows[-1]}) if {test} else ")
    return "".join([*texts, "0"])


def _entries(scope: Scope, count: Expression) -> str:
    """How many entries an array has: `max(n - 1, 0)`."""
    if isinstance(count, Apply) and count.op == "max":
        return f"max({scope.write(count.args[0])}, 0)"
    return scope.write(count)


def _in_imports(name: str) -> str:
    """What sorts names as formatters sort those of an import: log2 comes before log10."""
    return re.sub(r"\d+", lambda number: number[0].zfill(4), name)


_LEGEND = ("", "d<name> is the derivative of the result with respect to <name>.")


def _head(program: Program, helpers: Helpers, random: bool, derivatives: bool) -> list[Line]:
    imported = sorted(helpers.imported.difference(helpers.defined()), key=_in_imports)
    head = [f'"""{file_name(program)}, compiled to Python: values and exact derivatives.', *_LEGEND, '"""']
    head = head if derivatives else [head[0] + '"""']
    statements = []
    if helpers.needs_math:
        statements.append("import math")
    if imported:
        line = f"from math import {', '.join(imported)}"
        statements += (
            [line] if len(line) <= WIDTH else ["from math import (", *[f"{INDENT}{n}," for n in imported], ")"]
        )
    if random:
        statements.append("from random import Random")
    return [plain(line) for line in [*head, *([""] if statements else []), *statements]]


def _joined(parts: Sequence[Sequence[Line]]) -> list[Line]:
    lines = []
    for part in parts:
        lines += [plain(""), plain(""), *part]
    return lines
