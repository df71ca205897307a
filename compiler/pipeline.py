"""Source text -> emitted text: the passes, read off in order.

    text --parse--> tree --lower--> graph --gradient--> graph --share--> graph --schedule--> loop nest --print--> text

>>> module = compile_source("def f(x): return x**2", "f.mg")
>>> [function.gradient_name for function in module.functions]
['f_value_and_grad']
"""

from __future__ import annotations

from dataclasses import replace

from mgc.compiler.collector import without_collector
from mgc.compiler.compiled import Compiled
from mgc.compiler.emit.python import module as python_module
from mgc.compiler.gradient.derivative import derivative
from mgc.compiler.gradient.rules import NoDerivative
from mgc.compiler.graph import control
from mgc.compiler.graph.builder import TooLarge
from mgc.compiler.graph.graph import Graph
from mgc.compiler.graph.spec import checked
from mgc.compiler.language.doubts import doubts
from mgc.compiler.language.program import Program, ReadFile, collect, error
from mgc.compiler.lower.lower import lower
from mgc.compiler.module import Module
from mgc.compiler.names.hints import hints
from mgc.compiler.options import Options, is_ieee, written_out
from mgc.compiler.passes.finish import finish
from mgc.compiler.passes.inline import inline
from mgc.compiler.passes.keep import keep
from mgc.compiler.passes.share import share
from mgc.compiler.passes.unify import unify
from mgc.compiler.passes.unroll import unroll
from mgc.grammar.diagnostics import Diagnostic, ModelError, did_you_mean
from mgc.grammar.parser import parse
from mgc.grammar.tree import Function, Span

START = Span(1, 1, 1, 1)


def compile_source(
    text: str | bytes, path: str, options: Options | None = None, read: ReadFile | None = None
) -> Module:
    """The emitted module of a model's text. Errors: ModelError; `read` brings the files that it imports."""
    options = options or Options()
    with without_collector():
        program = program_of(text, path, options, read)
        compiled = compile_program(program, options)
        if options.target == "c":
            from mgc.compiler.emit.c import module as c_module  # start-up: most compile to Python

            module = c_module.emit(program, compiled, options)
        else:
            module = python_module.emit(program, compiled, options)
        return replace(module, warnings=doubts(program))


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
        value = checked(hints(_value(checked(lowered.graph, "lower"), options)), "lower")
        forward = checked(finish(value) if value.kept else share(finish(value)), "share")
        backward = derivative(program, function, value, options)
        return Compiled(lowered, forward, backward)
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


def _value(graph: Graph, options: Options) -> Graph:
    """What is differentiated: with loops as they run best, as the source has them, or written out."""
    if options.style == "lesson":
        return keep(unroll(unify(graph), written_out(options)))
    return unroll(inline(unify(graph)), written_out(options))


def _chosen(program: Program, options: Options) -> list[Function]:
    functions = program.functions()
    known = [function.name for function in functions]
    for name in options.functions:
        if name not in known:
            raise error(program.main, START, f"there is no function '{name}' in this file", did_you_mean(name, known))
    if not functions:
        raise error(program.main, START, "this file defines no function", "write def f(x): return x**2")
    return [function for function in functions if not options.functions or function.name in options.functions]
