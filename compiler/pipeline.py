"""Source text -> emitted text: the passes, read off in order.

    text --parse--> tree --lower--> graph --gradient--> graph --share--> graph --schedule--> loop nest --print--> text

>>> module = compile_source("def f(x): return x**2", "f.mg")
>>> [function.gradient_name for function in module.functions]
['f_value_and_grad']
"""

from __future__ import annotations

import gc
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from mgc.compiler import control, names, passes, placement, python_module
from mgc.compiler.functions import Lowered, lower
from mgc.compiler.gradient import gradient
from mgc.compiler.graph import Adjoint, Graph, Input, Node, TooLarge, is_stored, stored_sizes, topological_order
from mgc.compiler.loopnest import LoopNest
from mgc.compiler.module import FunctionInfo, Module, Options
from mgc.compiler.program import Program, ReadFile, collect, error
from mgc.compiler.rules import NoDerivative, endless, rules
from mgc.compiler.schedule import schedule
from mgc.grammar.diagnostics import Diagnostic, ModelError, did_you_mean
from mgc.grammar.parser import parse
from mgc.grammar.tree import Function, Param, Span

START = Span(1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A function on its way: its value's graph and, where it has a derivative, the graph of value and adjoints."""

    lowered: Lowered
    value: Graph
    derivative: Graph | None


def compile_source(
    text: str | bytes, path: str, options: Options | None = None, read: ReadFile | None = None
) -> Module:
    """The emitted module of a model's text. Errors: ModelError; `read` brings the files that it imports."""
    options = options or Options()
    with _no_collector():
        program = program_of(text, path, options, read)
        compiled = compile_program(program, options)
        if options.target == "c":
            from mgc.compiler import c_module  # start-up: most compile to Python

            return c_module.emit(program, compiled, options)
        return python_module.emit(program, compiled, options)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Compiling makes many objects and no garbage cycles: the cyclic collector would make it twice as slow."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def program_of(text: str | bytes, path: str, options: Options, read: ReadFile | None = None) -> Program:
    """The declarations of a model's text. Errors: ModelError."""
    return collect(parse(text, path), read, dict(options.constants))


def compile_program(program: Program, options: Options) -> list[Compiled]:
    """Every function that was asked for. Errors: ModelError, with the messages of all functions."""
    compiled, problems = [], dict[Diagnostic, None]()
    for function in _chosen(program, options):
        try:
            compiled.append(compile_function(program, function, options))
        except ModelError as problem:
            problems.update(dict.fromkeys(problem.diagnostics))
    if problems:
        raise ModelError(*problems)
    return compiled


def compile_function(program: Program, function: Function, options: Options) -> Compiled:
    """The graphs of one function. Errors: ModelError."""
    ieee = is_ieee(options)
    try:
        lowered = lower(program, function, ieee)
        value = passes.unroll(
            passes.inline(passes.unify(lowered.graph)), max(options.unroll, 1)
        )  # a loop of one turn is none
        names.hints(value)
        forward = passes.share(passes.finish(value))
        derivative = _derivative(program, function, value, options)
        return Compiled(lowered, forward, derivative)
    except NoDerivative:
        if options.wrt:
            raise
        return Compiled(lowered, forward, None)
    except TooLarge:
        raise error(
            program.main, function.span, f"'{function.name}' is too large", "limit: 4,000,000 graph nodes"
        ) from None
    except (control.TooDeep, RecursionError):
        raise error(program.main, function.span, f"'{function.name}' is nested too deeply",
                    f"limit: {control.MAX_BRANCHES} branches in each other") from None  # fmt: skip


def is_ieee(options: Options) -> bool:
    """Whether inf and nan are ordinary values: always in C."""
    return options.ieee or options.target == "c"


def loop_nest(program: Program, lowered: Lowered, graph: Graph) -> LoopNest:
    """The schedule of a function's graph. Errors: ModelError."""
    try:
        return schedule(graph)
    except (control.TooDeep, RecursionError):
        limit = f"limits: {placement.MAX_LOOPS} loops, {control.MAX_BRANCHES} branches"
        raise error(program.main, lowered.function.span, "loops or branches are nested too deeply", limit) from None


def _chosen(program: Program, options: Options) -> list[Function]:
    functions = program.functions()
    known = [function.name for function in functions]
    for name in options.functions:
        if name not in known:
            raise error(program.main, START, f"there is no function '{name}' in this file", did_you_mean(name, known))
    if not functions:
        raise error(program.main, START, "this file defines no function", "write def f(x): return x**2")
    return [function for function in functions if not options.functions or function.name in options.functions]


def _derivative(program: Program, function: Function, value: Graph, options: Options) -> Graph | None:
    """The graph with adjoints, or None where nothing can be differentiated."""
    build = value.builder
    if all(output.dtype != "float" for output in value.outputs):
        return None
    wrt = _wrt(program, function, value, options)
    if not wrt:
        return None
    seeds: list[Node] = []
    adjoints: list[Input] = []
    for place, output in enumerate(value.outputs):
        if len(value.outputs) == 1 and not is_stored(output):
            seeds.append(build.number(1.0))
            continue
        name = build.names.get(output.args[0] if output.op == "array" else output, "out")
        name = f"d{name}" if [g.name for g in adjoints].count(f"d{name}") == 0 else f"d{name}_{place + 1}"
        node = build.make("input", stored_sizes(build, output), f"adjoint.{name}", "float")
        adjoints.append(Input(node, name, "adjoint", None, None))
        seeds.append(node)
    graph = replace(value, inputs=(*value.inputs, *adjoints))
    ieee = is_ieee(options)
    found = gradient(graph, wrt, seeds, rules(program, ieee, options.accurate), endless(program, ieee))
    derivative = passes.share(found if passes.is_finished(found) else passes.finish(found))
    _name_results(derivative)
    return derivative


def _name_results(graph: Graph) -> None:
    """The results of a value-and-gradient function have names of their own."""
    build = graph.builder
    forward = frozenset(topological_order(graph.outputs))
    short = names.local_parameter_names(given.name for given in graph.inputs if given.kind == "parameter")
    arrays: list[Adjoint] = []
    for given, adjoint in graph.gradients:
        if adjoint is None or adjoint.op in ("const", "input") or adjoint in forward:
            continue
        if adjoint.op == "pack":
            _name_elements(graph, adjoint, f"d{short.get(given.name, given.name)}", forward)
        build.names.setdefault(adjoint, f"d{short.get(given.name, given.name)}")
        (arrays if is_stored(adjoint) else build.adjoints).append(Adjoint(adjoint, given.node))
    build.adjoints[:0] = arrays  # a whole array is called after the argument first
    for place, output in enumerate(graph.outputs):
        if output.op not in ("const", "input") and not (output.op == "array" and output.args[0] in build.names):
            build.names.setdefault(output, "out" if len(graph.outputs) == 1 else f"out_{place + 1}")


def _name_elements(graph: Graph, pack: Node, name: str, forward: frozenset[Node]) -> None:
    assert isinstance(pack.attribute, tuple)
    places = itertools.product(*[range(int(size)) for size in pack.attribute])
    for element, place in zip(pack.args, places, strict=True):
        for part in (element, *element.args):
            if (part is element or part.op == "reduce") and part not in forward:
                graph.builder.hints[part] = "_".join([name, *map(str, place)])


def _wrt(program: Program, function: Function, graph: Graph, options: Options) -> list[Input]:
    """The inputs to differentiate by, in order."""
    floats = [given for given in graph.inputs if given.node.dtype == "float"]
    parameters = [given for given in floats if given.kind == "parameter"]
    arguments = [given for given in floats if given.kind == "argument"]
    if not options.wrt:
        return parameters or arguments
    known = {given.name: [given] for given in floats} | ({"params": parameters} if parameters else {})
    wanted: list[Input] = []
    for name in options.wrt:
        if name in known:
            wanted += [given for given in known[name] if given not in wanted]
        elif len(options.functions) == 1 or not _exists(program, name):
            raise error(program.main, function.span, f"'{function.name}' has no float argument or parameter '{name}'",
                        did_you_mean(name, known))  # fmt: skip
    return wanted or parameters or arguments


def _exists(program: Program, name: str) -> bool:
    """Whether some function of the file has an argument of that name."""
    if name == "params":
        owners = [d for d in program.main.declarations if isinstance(d, Param | Function)]
        return any(isinstance(owner, Param) or owner.kind == "model" for owner in owners)
    return any(argument.name == name for function in program.functions() for argument in function.arguments)


__all__ = ["Compiled", "FunctionInfo", "Module", "Options", "compile_source", "loop_nest", "program_of"]
