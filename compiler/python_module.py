"""Compiled functions -> one Python file that runs alone: helpers, `init_params`, each function and its derivative."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mgc.compiler import initialisers, library, names, operations, python, self_check
from mgc.compiler.graph import Graph, Input, Node, topological_order
from mgc.compiler.interface import describe, escape, file_name, function_names, is_one_number
from mgc.compiler.module import FunctionInfo, Module, Options, ParameterInfo
from mgc.compiler.program import Program
from mgc.compiler.python import INDENT, WIDTH, Line
from mgc.compiler.sizes import count
from mgc.compiler.spelling import Scope
from mgc.compiler.values import size_text
from mgc.grammar.tree import Op, Span

if TYPE_CHECKING:
    from mgc.compiler.pipeline import Compiled

_CHECK_SHAPE = '''def check_shape(name, array, *sizes):
    """Raise ValueError unless the nested list has these sizes."""
    if len(array) != sizes[0]:
        raise ValueError(f"{name} has {len(array)} entries where {sizes[0]} are needed")
    if len(sizes) > 1:
        for row in array:
            check_shape(f"a row of {name}", row, *sizes[1:])'''
_ELEMENT = '''def element(index, size):
    """The index, once it is known to lie in 0 <= index < size."""
    if 0 <= index < size:
        return index
    raise IndexError(f"index {index} is outside an axis of size {size}")'''


def emit(program: Program, compiled: Sequence[Compiled], options: Options) -> Module:
    """The Python module. Errors: ModelError."""
    emitted = function_names(program, compiled)
    helpers = _Helpers(program, options.ieee)
    parts: list[list[Line]] = []
    functions = []
    for one in compiled:
        info = describe(one, emitted)
        functions.append(info)
        parts.append(_function(program, one, one.value, info, helpers))
        if one.derivative is not None and info.gradient_name is not None:
            parts.append(_function(program, one, one.derivative, info, helpers))
    parameters = initialisers.parameters([one.lowered for one in compiled])
    sizes = initialisers.sizes(parameters)
    start: list[list[Line]] = []
    if parameters:
        start.append([Line(text) for text in initialisers.python(parameters, sizes)])
    body = [*helpers.texts(), *start, *parts]
    random = bool(parameters and initialisers.are_random(parameters))
    if options.self_check and (check := self_check.lines(compiled, functions, _defined(body))):
        body.append([Line(text) for text in check])
        random = True
    lines = [*_head(program, body, random), *_joined(body)]
    return Module(
        "".join(f"{line.text}\n" for line in lines),
        tuple(functions),
        tuple(ParameterInfo(p.name, tuple(size_text(size) for size in p.node.args)) for p in parameters),
        tuple(sizes),
        tuple(line.span for line in lines),
    )


class _Helpers:
    """The functions that emitted code calls, found as it is printed."""

    def __init__(self, program: Program, ieee: bool) -> None:
        self.program = program
        self.ieee = ieee
        self._lines: dict[str, list[Line]] = {}

    def need(self, op: str, span: Span) -> None:
        """Have the helper for an operation, and what that calls in turn."""
        name = op.removeprefix("op:")
        if name in self._lines:
            return
        is_native = library.native(op, "python") is not None
        if op == "bound":
            self._lines["element"] = [Line(text) for text in _ELEMENT.splitlines()]
        elif (self.ieee or not is_native) and op in _guarded():
            self._lines[name] = [Line(text) for text in _guarded()[name]]
        elif not is_native:
            self._compile(op, span)

    def check_shape(self) -> None:
        self._lines.setdefault("check_shape", [Line(text) for text in _CHECK_SHAPE.splitlines()])

    def texts(self) -> list[list[Line]]:
        return list(self._lines.values())

    def _compile(self, op: str, span: Span) -> None:
        name = op.removeprefix("op:")
        found = operations.declared(self.program, op, span)
        self._lines[name] = []
        nest, naming = operations.nest(self.program, found, self.ieee)
        arguments = ", ".join(naming.inputs[given.node] for given in nest.graph.inputs)
        assert isinstance(found.declaration, Op)
        about = found.declaration.docstring or f"The operation {name} of the model."
        header = [f'"""{escape(about)}"""'] if found.declaration.docstring or not found.library else []
        lines, calls = python.function(nest, naming, name, header, (), self.ieee)
        said = [line for line in lines if not line.text.lstrip().startswith("# line ")]
        bare = [Line(re.sub(r"  # line \d+$", "", line.text)) for line in said]
        self._lines[name] = [Line(f"def {names.operation(op)}({arguments}):"), *bare]
        for call in calls:
            self.need(call, span)


@cache
def _guarded() -> dict[str, list[str]]:
    """The functions of `ieee.py` as text, without their annotations' need of it."""
    text = Path(__file__).with_name("ieee.py").read_text(encoding="utf-8")
    found = {}
    for part in re.split(r"\n(?=def )", text)[1:]:
        lines = re.split(r"\n\n\n|\n# ---", part)[0].rstrip().splitlines()
        lines[0] = re.sub(r": float| -> float", "", lines[0])
        found[lines[0][4 : lines[0].index("(")]] = lines
    return found


def _function(program: Program, one: Compiled, graph: Graph, info: FunctionInfo, helpers: _Helpers) -> list[Line]:
    from mgc.compiler.pipeline import loop_nest

    nest = loop_nest(program, one.lowered, graph)
    naming = names.assign(nest, operations.own_operations(program))
    arguments = [given for given in graph.inputs if given.kind != "parameter"]
    signature = ["params"] if info.parameters else []
    for given in arguments:
        default = "" if given.default is None else f"={python.number(float(given.default))}"
        signature.append(naming.inputs[given.node] + default)
    name = info.gradient_name if graph.gradients else info.emitted_name
    adjoints = [given for given in arguments if given.kind == "adjoint"]
    if adjoints and any(given.default is not None for given in arguments):
        signature = _required_first(signature)
    header = [*_docstring(program, graph, info, naming), *_unpack(nest.graph, naming, helpers)]
    lines, calls = python.function(nest, naming, str(name), header, program.main.source.splitlines(), helpers.ieee)
    for call in calls:
        helpers.need(call, one.lowered.function.span)
    return [*_signature(str(name), signature, info.span), *lines]


def _required_first(signature: list[str]) -> list[str]:
    return sorted(signature, key=lambda argument: "=" in argument)


def _signature(name: str, arguments: list[str], span: Span) -> list[Line]:
    line = f"def {name}({', '.join(arguments)}):"
    if len(line) <= WIDTH:
        return [Line(line, span)]
    inner = f"{INDENT}{', '.join(arguments)}"
    if len(inner) <= WIDTH:
        return [Line(f"def {name}(", span), Line(inner), Line("):")]
    return [Line(f"def {name}(", span), *[Line(f"{INDENT}{argument},") for argument in arguments], Line("):")]


def _docstring(program: Program, graph: Graph, info: FunctionInfo, naming: names.Naming) -> list[str]:
    """What a caller must know beside the signature, in the emitted names."""
    place = f"{file_name(program)}, line {info.span.line}"
    what = ""
    if graph.gradients:
        what = ", and its derivatives" if is_one_number(graph) else ", and its vector-Jacobian product"
    said = escape(info.docstring or "").rstrip(".")
    first = f"{said} ({place}){what}." if said else f"{info.name} of {place}{what}."
    lines = [f'"""{first}']
    shapes = [_shape(g, naming) for g in graph.inputs if g.kind != "parameter" and (g.sizes or g.node.dtype == "int")]
    if shapes:
        lines += ["", *shapes]
    if graph.gradients:
        lines += ["", *textwrap.wrap(_returned(info), WIDTH - len(INDENT))]
    return [*lines, '"""'] if len(lines) > 1 else [lines[0] + '"""']


def _returned(info: FunctionInfo) -> str:
    stopped = " Derivatives stop where the model says detach." if info.is_detached else ""
    if info.wrt == ("params",):
        return f"Returns (value, grads); grads is a dict like params.{stopped}"
    spelt = {argument.name: argument.emitted_name for argument in info.arguments}
    by = ", ".join(spelt.get(name, name) for name in info.wrt)
    return f"Returns (value, grads); grads holds {'that' if len(info.wrt) == 1 else 'those'} of {by}.{stopped}"


def _shape(given: Input, naming: names.Naming) -> str:
    kind = "int" if given.node.dtype == "int" else "float"
    spelt = {str(node.attribute): name for node, name in naming.inputs.items() if node.op == "size"}
    sizes = re.sub(r"[A-Za-z_]\w*", lambda m: spelt.get(m[0], m[0]), ", ".join(size_text(s) for s in given.sizes))
    of = f"[{sizes}] of {kind}" if given.sizes else kind
    default = f", {python.number(given.default)} unless given" if given.default is not None else ""
    return f"{naming.inputs[given.node]}: {of}{default}"


def _unpack(graph: Graph, naming: names.Naming, helpers: _Helpers) -> list[str]:
    """Parameters by their short names, sizes from the arrays that have them, and a check of every size."""
    lines = []
    used = set(topological_order(graph.roots()))
    for given in graph.inputs:
        if given.kind == "parameter" and given.node in used:
            lines.append(f'{naming.inputs[given.node]} = params["{given.name}"]')
    bound: set[str] = set()
    arrays = [given for given in graph.inputs if given.sizes]
    for given in sorted(arrays, key=lambda g: g.kind == "parameter"):
        for place, size in enumerate(given.sizes):
            if size.op == "size" and str(size.attribute) not in bound:
                bound.add(str(size.attribute))
                first = naming.inputs[given.node]
                row = "".join("[0]" for _ in range(place))
                outer = " and ".join(first + "[0]" * k for k in range(place))
                length = f"len({first}{row})" if not place else f"len({first}{row}) if {outer} else 0"
                lines.append(f"{naming.inputs[size]} = {length}")
    scope = Scope(python.target(helpers.ieee), {}, naming.inputs)
    for given in arrays:
        if given.kind != "parameter":
            helpers.check_shape()
            sizes = ", ".join(_entries(scope, size) for size in given.sizes)
            name = given.name if given.kind == "argument" else naming.inputs[given.node]
            lines.append(f'check_shape("{name}", {naming.inputs[given.node]}, {sizes})')
    return lines


def _entries(scope: Scope, size: Node) -> str:
    """How many entries an array of that size has: none of n - 1 where n is 0."""
    return scope.write(size) if count([size]) else f"max({scope.write(size)}, 0)"


def _head(program: Program, parts: Sequence[Sequence[Line]], random: bool) -> list[Line]:
    text = "\n".join(_code(line.text) for part in parts for line in part)
    called = sorted(set(re.findall(r"(?<![.\w])([a-z][a-z0-9]*)(?=\()", text)))
    called = [name for name in called if library.native(name, "python")]
    called += [name for name in ("inf", "nan") if re.search(rf"(?<![.\w]){name}\b", text)]
    defined = _defined(parts)
    imported = sorted(name for name in called if name not in defined)
    head = [f'"""{file_name(program)}, compiled to Python: values and exact derivatives."""']
    statements = []
    if re.search(r"(?<![\w.\"])math\.", text):
        statements.append("import math")
    if imported:
        line = f"from math import {', '.join(imported)}"
        statements += (
            [line] if len(line) <= WIDTH else ["from math import (", *[f"{INDENT}{n}," for n in imported], ")"]
        )
    if random:
        statements.append("from random import Random")
    return [Line(line) for line in [*head, *([""] if statements else []), *statements]]


def _code(line: str) -> str:
    return "" if line.lstrip().startswith(("#", '"""')) else line.split("  #")[0]


def _defined(parts: Sequence[Sequence[Line]]) -> set[str]:
    """The names of the functions that are emitted."""
    return set(re.findall(r"^def (\w+)", "\n".join(line.text for part in parts for line in part), re.MULTILINE))


def _joined(parts: Sequence[Sequence[Line]]) -> list[Line]:
    lines = []
    for part in parts:
        lines += [Line(""), Line(""), *part]
    return lines
