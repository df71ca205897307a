"""Source text -> emitted text: the stages, read off in order. What each makes is checked where MGC_CHECK=1.

    text --parse--> tree --collect--> program --lower--> graph --derive--> graph --share--> graph
         --schedule--> loop nest --name--> named loop nest --emit--> text

>>> made = run("def f(x): return x**2", "f.mg", Options(), until="share")
>>> [len(one.graphs) for one in made.functions], made.module
([2], None)
>>> [function.gradient_name for function in compile_source("def f(x): return x**2", "f.mg").functions]
['f_value_and_grad']
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.collector import without_collector
from mgc.compiler.compiled import Body, Compiled
from mgc.compiler.gradient.derivative import derivative, differentiable, name_results
from mgc.compiler.gradient.rules import NoDerivative
from mgc.compiler.graph import control
from mgc.compiler.graph.builder import TooLarge
from mgc.compiler.graph.graph import Graph
from mgc.compiler.graph.spec import checked
from mgc.compiler.language.doubts import doubts
from mgc.compiler.language.library import Declared
from mgc.compiler.language.operations import own_operations
from mgc.compiler.language.program import LimitReached, Program, ReadFile, collect, error
from mgc.compiler.lower.lower import lower, lower_operation
from mgc.compiler.lower.requirements import Required
from mgc.compiler.module import Module
from mgc.compiler.names.names import NamedNest, name
from mgc.compiler.options import TARGETS, Options, Target, is_ieee, written_out
from mgc.compiler.passes.decide import decide
from mgc.compiler.passes.finish import finish
from mgc.compiler.passes.inline import inline
from mgc.compiler.passes.keep import keep, keep_numbers
from mgc.compiler.passes.share import merge, share
from mgc.compiler.passes.unify import unify
from mgc.compiler.passes.unroll import unroll
from mgc.compiler.schedule import placement
from mgc.compiler.schedule.loopnest import LoopNest
from mgc.compiler.schedule.required import require_all
from mgc.compiler.schedule.schedule import schedule
from mgc.grammar.diagnostics import NO_LINE, Diagnostic, ModelError, did_you_mean
from mgc.grammar.parser import parse
from mgc.grammar.tree import File, Function, Span

Stage = Literal["parse", "collect", "lower", "derive", "share", "schedule", "name", "emit"]
Watch = Callable[[str, Graph], None]  # is told each graph, by the name of the pass that made it
_START = Span(1, 1, 1, 1)


def _unwatched(name: str, graph: Graph) -> None:
    """Nobody asks what each pass made."""


class Run(Struct, frozen=True):
    """What the stages made, as far as they ran."""

    tree: File
    program: Program | None = None
    functions: tuple[Compiled, ...] = ()
    module: Module | None = None


def compile_source(
    text: str | bytes, path: str, options: Options | None = None, read: ReadFile | None = None
) -> Module:
    """The emitted module of a model's text. Errors: ModelError; `read` brings the files that it imports."""
    with without_collector():  # until all but the module is gone: it would be walked once more
        module = run(text, path, options or Options(), read).module
    assert module is not None
    return module


def run(
    text: str | bytes,
    path: str,
    options: Options,
    read: ReadFile | None = None,
    until: Stage = "emit",
    watch: Watch = _unwatched,
) -> Run:
    """A model's text through the stages, up to one of them; `watch` is told each pass's graph. Errors: ModelError."""
    with without_collector():
        tree = parse(text, path)
        if until == "parse":
            return Run(tree)
        program = collect(tree, read, dict(options.constants))
        if until == "collect":
            return Run(tree, program)
        functions = _compiled(program, options, until, watch)
        if until != "emit":
            return Run(tree, program, functions)
        body = partial(operation_body, program, is_ieee(options))
        module = emitter(options.target)(program, functions, options, body)
        return Run(tree, program, functions, replace(module, warnings=doubts(program, options.dtype), options=options))


def compile_function(
    program: Program, function: Function, options: Options, until: Stage = "name", watch: Watch = _unwatched
) -> Compiled:
    """One function through the stages from `lower` on. Errors: ModelError."""
    with _limits(program, function):
        lowered = lower(program, function, is_ieee(options))
        watch("lower", checked(lowered.graph, "lower"))
        if until == "lower":
            return Compiled(lowered, (lowered.graph,))

        value = checked(_value(lowered.graph, options, watch), "lower")
        derived = _derived(program, value, options)
        for graph in derived:
            watch("derivative", graph)
        if until == "derive":
            return Compiled(lowered, (value, *derived))

        shared = [_shared(graph, watch) for graph in (value, *derived)]
        shared[1:] = map(name_results, shared[1:])
        graphs = tuple([checked(graph, "share") for graph in shared])
    if until == "share":
        return Compiled(lowered, graphs)

    with _limits_of_loops(program, function):
        nests = tuple([schedule(graph) for graph in graphs])
        checks = _checks(lowered.required)
    if until == "schedule":
        return Compiled(lowered, graphs, nests)

    own = own_operations(program)
    required = None if checks is None else name(checks, own)
    return Compiled(lowered, graphs, nests, tuple([name(nest, own) for nest in nests]), required)


def emitter(target: Target) -> Callable[[Program, Sequence[Compiled], Options, Body], Module]:
    """What prints a target, loaded when it is first needed."""
    emit: Callable[[Program, Sequence[Compiled], Options, Body], Module] = import_module(TARGETS[target].module).emit
    return emit


def operation_body(program: Program, ieee: bool, operation: Declared) -> NamedNest:
    """An operation that a target's library lacks, through the same stages: the loop nest of its body."""
    lowered = lower_operation(operation, program, ieee)
    graph = checked(finish(inline(checked(lowered.graph, "lower"))), "share")
    with _limits_of_loops(program, lowered.function):
        return name(schedule(graph), own_operations(program))


def _checks(required: Required | None) -> LoopNest | None:
    """The loop nest that checks what a function requires."""
    return None if required is None else require_all(schedule(finish(inline(required.graph))), required.said)


def _derived(program: Program, value: Graph, options: Options) -> tuple[Graph, ...]:
    """The graph with adjoints, if there is one; what has none may be asked for by nobody."""
    try:
        found = derivative(program, value, options)
    except NoDerivative:
        if not differentiable(value).keys().isdisjoint(options.wrt):
            raise
        return ()
    return () if found is None else (checked(found, "derive"),)


def _compiled(program: Program, options: Options, until: Stage, watch: Watch) -> tuple[Compiled, ...]:
    """Every function that was asked for. Errors: ModelError, with the messages of all functions.

    Where all are, so is what is imported: a definition that nothing calls is read, too.
    """
    compiled, problems = [], dict[Diagnostic, None]()
    for function in _chosen(program, options):
        try:
            compiled.append(compile_function(program, function, options, until, watch))
        except LimitReached as problem:
            raise ModelError(*problems, *problem.diagnostics) from None
        except ModelError as problem:
            problems.update(dict.fromkeys(problem.diagnostics))
    for elsewhere, function in () if options.functions or problems else program.imported():
        try:
            with _limits(elsewhere, function):
                lower(elsewhere, function, is_ieee(options))
        except ModelError as problem:
            problems.update(dict.fromkeys(problem.diagnostics))
    if problems:
        raise ModelError(*problems)
    _check_wrt(program, compiled, options)
    return tuple(compiled)


def _check_wrt(program: Program, compiled: Sequence[Compiled], options: Options) -> None:
    """Refuse what no function can be differentiated by. Errors: ModelError."""
    known = {name for one in compiled for name in differentiable(one.value)}
    for wanted in options.wrt:
        if wanted not in known:
            one = compiled[0].lowered.function if len(compiled) == 1 else None
            said = f"'{one.name}' has no" if one is not None else "no function has a"
            span = NO_LINE if one is None else one.span
            raise error(
                program.main, span, f"{said} float argument or parameter '{wanted}'", did_you_mean(wanted, known)
            )


def _value(graph: Graph, options: Options, watch: Watch) -> Graph:
    """What is differentiated: with loops as they run best, as the source has them, or written out."""
    first = {"unify": unify}
    written = {"unroll": lambda graph: unroll(graph, written_out(options))}
    if options.style == "lesson":
        return _through(graph, first | written | {"keep": keep_numbers if options.each_number else keep}, watch)
    return _through(graph, first | {"merge": merge, "inline": inline} | written, watch)


def _shared(graph: Graph, watch: Watch) -> Graph:
    """What is scheduled: a value that is a step of its own is not made one with another."""
    last = {} if graph.kept else {"decide": decide, "share": share}
    return _through(graph, {"finish": finish} | last, watch)


def _through(graph: Graph, passes: Mapping[str, Callable[[Graph], Graph]], watch: Watch) -> Graph:
    for name_of_pass, one in passes.items():
        graph = one(graph)
        watch(name_of_pass, graph)
    return graph


def _chosen(program: Program, options: Options) -> list[Function]:
    functions = program.functions()
    known = [function.name for function in functions]
    for wanted in options.functions:
        if wanted not in known:
            hint = did_you_mean(wanted, known) or f"it has: {', '.join(known) or 'none'}"
            raise error(program.main, NO_LINE, f"there is no function '{wanted}' in this file", hint)
    if not functions:
        hint = "write def f(x): return x**2"
        if any(isinstance(one, Function) for one in program.main.declarations):
            hint = "a layer is called in a model: model net(x[2]): return ..."
        raise error(program.main, _START, "this file defines no function", hint)
    return [function for function in functions if not options.functions or function.name in options.functions]


@contextmanager
def _limits(program: Program, function: Function) -> Iterator[None]:
    """Located messages for a graph that is too large, or whose branches are nested too deeply."""
    try:
        yield
    except TooLarge:
        said, limit = f"'{function.name}' is too large", "limit: 4,000,000 graph nodes"
        raise error(program.main, function.span, said, limit) from None
    except (control.TooDeep, RecursionError):
        said, limit = f"'{function.name}' is nested too deeply", f"limit: {control.MAX_BRANCHES} branches in each other"
        raise error(program.main, function.span, said, limit) from None


@contextmanager
def _limits_of_loops(program: Program, function: Function) -> Iterator[None]:
    try:
        yield
    except (control.TooDeep, RecursionError):
        limit = f"limits: {placement.MAX_LOOPS} loops, {control.MAX_BRANCHES} branches"
        raise error(program.main, function.span, "loops or branches are nested too deeply", limit) from None
