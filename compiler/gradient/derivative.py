"""A function's graph -> the graph of its value and derivatives, and the names of its results."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from msgspec.structs import replace

from mgc.compiler.gradient.reverse import gradient
from mgc.compiler.gradient.rule_text import says
from mgc.compiler.gradient.rules import endless, rules
from mgc.compiler.gradient.steps import gradient_in_steps
from mgc.compiler.graph.builder import stored_sizes
from mgc.compiler.graph.graph import Graph, Input, reopened, topological_order
from mgc.compiler.graph.nodes import Adjoint, Node, is_stored, pack_shape
from mgc.compiler.language.program import Program
from mgc.compiler.names import words
from mgc.compiler.options import Options, is_ieee


def derivative(program: Program, value: Graph, options: Options) -> Graph | None:
    """The graph with adjoints, or None where nothing can be differentiated."""
    if all(output.dtype != "float" for output in value.outputs):
        return None
    wrt = _wrt(value, options.wrt)
    if not wrt:
        return None
    value = reopened(value)
    build = value.builder
    seeds: list[Node] = []
    adjoints: list[Input] = []
    for place, output in enumerate(value.outputs):
        if len(value.outputs) == 1 and not is_stored(output):
            seeds.append(build.number(1.0))
            continue
        name = value.names.get(output.args[0] if output.op == "array" else output, "out").rpartition(".")[2]
        name = f"d{name}" if [g.name for g in adjoints].count(f"d{name}") == 0 else f"d{name}_{place + 1}"
        node = build.make("input", stored_sizes(build, output), f"adjoint.{name}", "float")
        adjoints.append(Input(node, name, "adjoint", None, None))
        seeds.append(node)
    graph = replace(value, inputs=(*value.inputs, *adjoints))
    ieee = is_ieee(options)
    known = rules(program, ieee, options.accurate), endless(program, ieee)
    if value.kept:
        return gradient_in_steps(graph, wrt, seeds, *known, says(program, ieee, options.accurate))
    return gradient(graph, wrt, seeds, *known)


def name_results(graph: Graph) -> Graph:
    """The results of a value-and-gradient function have names of their own."""
    names, hints = dict(graph.names), dict(graph.hints)
    forward = frozenset(topological_order(graph.outputs))
    short = words.local_parameter_names(given.name for given in graph.inputs if given.kind == "parameter")
    arrays: list[Adjoint] = []
    numbers: list[Adjoint] = []
    for given, adjoint in graph.gradients:
        if adjoint is None or adjoint.op in ("const", "input") or adjoint in forward:
            continue
        if adjoint.op == "pack":
            hints |= _named_elements(adjoint, f"d{short.get(given.name, given.name)}", forward)
        names.setdefault(adjoint, f"d{short.get(given.name, given.name)}")
        (arrays if is_stored(adjoint) else numbers).append(Adjoint(adjoint, given.node))
    results = [output.args[0] if output.op == "checked" else output for output in graph.outputs]
    for place, output in enumerate(results):
        if output.op not in ("const", "input") and not (output.op == "array" and output.args[0] in names):
            names.setdefault(output, "out" if len(graph.outputs) == 1 else f"out_{place + 1}")
    adjoints = (*arrays, *graph.adjoints, *numbers)  # a whole array is called after the argument first
    return replace(graph, names=names, hints=hints, adjoints=adjoints)


def _named_elements(pack: Node, name: str, forward: frozenset[Node]) -> dict[Node, str]:
    hints: dict[Node, str] = {}
    places = itertools.product(*[range(size) for size in pack_shape(pack)])
    for element, place in zip(pack.args, places, strict=True):
        whole = "_".join([name, *map(str, place)])
        sums = {part: f"part_of_{whole}" for part in element.args if part.op == "reduce"}
        hints |= {part: said for part, said in {**sums, element: whole}.items() if part not in forward}
    return hints


def differentiable(graph: Graph) -> dict[str, list[Input]]:
    """What a function can be differentiated by: its float inputs by name, and all parameters as `params`."""
    floats = [given for given in graph.inputs if given.node.dtype == "float"]
    parameters = [given for given in floats if given.kind == "parameter"]
    return {given.name: [given] for given in floats} | ({"params": parameters} if parameters else {})


def _wrt(graph: Graph, names: Sequence[str]) -> list[Input]:
    """The inputs to differentiate by: those named, of which the function may have none; else what it has."""
    known = differentiable(graph)
    wanted = dict.fromkeys(given for name in names for given in known.get(name, ()))
    return list(wanted) or known.get("params") or [given for (given,) in known.values()]
