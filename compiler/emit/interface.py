"""Compiled functions -> what a caller sees of them in any target: names, arguments, sizes, where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from mgc.compiler.compiled import Compiled
from mgc.compiler.graph.builder import stored_sizes
from mgc.compiler.graph.graph import Graph, Input, topological_order
from mgc.compiler.graph.nodes import is_stored
from mgc.compiler.graph.sizes import size_text
from mgc.compiler.language.operations import own_operations
from mgc.compiler.language.program import Program
from mgc.compiler.lower.scope import Parameter
from mgc.compiler.module import ArgumentInfo, FunctionInfo
from mgc.compiler.names import words
from mgc.compiler.names.names import NamedNest
from mgc.compiler.schedule.loopnest import Item, Load, Require, Size, Variable, expressions, parts, walk


def function_names(
    program: Program, compiled: Sequence[Compiled], prefix: str = "", others: Iterable[str] = ()
) -> dict[str, tuple[str, str, str]]:
    """For each function its emitted name, that of its derivative, and that of what checks its requirements.

    No two are the same, and none is among others.
    """
    taken = {*others, *[words.safe_function(op) for op in own_operations(program)]}
    emitted: dict[str, str] = {}
    for one in compiled:
        function = one.lowered.function.name
        emitted[function] = words.safe_function(prefix + function, taken)
        taken.add(emitted[function])
    pairs = {}
    for one in compiled:
        name = emitted[one.lowered.function.name]
        suffix = "value_and_grad" if is_one_number(one.value) else "vjp"
        gradient = words.safe_function(f"{name.rstrip('_')}_{suffix}", taken)
        taken.add(gradient)
        check = words.safe_function(f"{name.rstrip('_')}_requires", taken)
        taken |= {check} if one.required is not None else set()
        pairs[one.lowered.function.name] = (name, gradient, check)
    return pairs


def call_order(inputs: Sequence[Variable], info: FunctionInfo) -> list[Variable]:
    """Inputs in the order of a call: where adjoints of results are given too, arguments with defaults come last."""
    if not any(given.role == "adjoint" for given in inputs):
        return list(inputs)
    optional = {argument.name for argument in info.arguments if argument.default is not None}
    return sorted(inputs, key=lambda given: given.role == "argument" and given.said[0] in optional)


def is_one_number(graph: Graph) -> bool:
    """Whether the result is one number, and not an array or several."""
    return len(graph.outputs) == 1 and not is_stored(graph.outputs[0])


def describe(one: Compiled, emitted: dict[str, tuple[str, str, str]]) -> FunctionInfo:
    """What a caller must know of a function."""
    function = one.lowered.function
    name, gradient, check = emitted[function.name]
    arguments = [given for given in one.value.inputs if given.kind == "argument"]
    parameters = [given for given in one.value.inputs if given.kind == "parameter"]
    called = argument_names(arguments)
    wrt: list[str] = []
    for given, _ in one.derivative.gradients if one.derivative is not None else ():
        wanted = "params" if given.kind == "parameter" else given.name
        if wanted not in wrt:
            wrt.append(wanted)
    return FunctionInfo(
        function.name,
        name,
        gradient if one.derivative is not None else None,
        tuple(
            ArgumentInfo(g.name, called[g.name], tuple(size_text(s) for s in g.sizes), g.node.dtype, g.default)
            for g in arguments
        ),
        tuple(given.name for given in parameters),
        tuple(wrt),
        tuple(
            tuple(size_text(size) for size in stored_sizes(one.value.builder, output)) for output in one.value.outputs
        ),
        function.docstring,
        function.span,
        one.lowered.context.is_detached,
        tuple(tuple(size_text(size) for size in given.sizes) for given in parameters),
        check if one.required is not None else None,
        () if one.required is None else tuple(_required(one.required.nest.body)),
    )


def _required(body: Iterable[Item]) -> dict[tuple[int, str], None]:
    """(line, text) of what is required, in order."""
    return {(item.span.line, escape(item.said)): None for item in walk(body) if isinstance(item, Require)}


def read_by(checks: NamedNest) -> tuple[list[Variable], list[str]]:
    """The inputs and the named sizes that a check of requirements speaks of."""
    found = [*parts(one for item in walk(checks.nest.body) for one in expressions(item))]
    loaded = {part.variable for part in found if isinstance(part, Load)}
    named = {part.name for part in found if isinstance(part, Size)}
    return [one for one in checks.nest.inputs if one in loaded], [size for size in checks.nest.sizes if size in named]


def passed(named: NamedNest, inputs: Iterable[Variable], sizes: Iterable[str]) -> list[str]:
    """What a function calls the inputs and sizes that it hands to such a check."""
    called = {(one.role, one.said[0]): named.variables[one.serial] for one in named.nest.inputs if one.said}
    return [*[called[one.role, one.said[0]] for one in inputs], *[named.sizes[size] for size in sizes]]


def argument_names(arguments: Sequence[Input]) -> dict[str, str]:
    """How each argument is spelt in emitted code."""
    taken: dict[str, None] = {}
    called = {}
    for given in arguments:
        called[given.name] = words.safe(given.name, taken)
        taken[called[given.name]] = None
    return called


def escape(text: str) -> str:
    """Text that may stand in a docstring: one line, nothing that ends or escapes it."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(shown.replace("\\", "/").replace('"', "'").split())


def file_name(program: Program) -> str:
    return escape(PurePosixPath(program.main.path).name)


def sizes(found: Sequence[Parameter]) -> list[str]:
    """The named sizes that the parameters need and no number fixes, as they are spelt."""
    return list(dict.fromkeys(spelt_sizes(found).values()))


def spelt_sizes(found: Sequence[Parameter]) -> dict[str, str]:
    nodes = topological_order([size for parameter in found for size in parameter.node.args])
    return {str(node.attribute): words.safe(str(node.attribute)) for node in nodes if node.op == "size"}
