"""A stage of compiling as text: what `mgc show` prints.

>>> print(show("def f(x): return x*x + 1", "f.mg", Options(), "ir"))
f(x)
    %0  input x          float
    %1  mul %0 %0        float  line 1
    %2  const 1.0        float  line 1
    %3  add %1 %2        float  line 1
    return %3
"""

from __future__ import annotations

from dataclasses import replace

from mgc.compiler import compiled, module, pipeline
from mgc.compiler.compiled import Compiled
from mgc.compiler.emit.python import function as python
from mgc.compiler.emit.spelling import Scope
from mgc.compiler.graph.outline import describe
from mgc.compiler.language.operations import own_operations
from mgc.compiler.language.program import Program, ReadFile, error
from mgc.compiler.names import names
from mgc.compiler.options import Options
from mgc.compiler.schedule.loopnest import LoopNest, RowIndex, parts, variables
from mgc.grammar.outline import dump
from mgc.grammar.parser import parse

STAGES = ("tree", "ir", "grad", "schedule", "python", "c")


def show(
    text: str | bytes, path: str, options: Options, stage: str, backward: bool = False, read: ReadFile | None = None
) -> str:
    """The text of one stage. `backward`: of the derivative instead of the value. Errors: ModelError."""
    if stage == "tree":
        return dump(parse(text, path))
    if stage in ("python", "c"):
        options = replace(options, target="c" if stage == "c" else "python")
        module = pipeline.compile_source(text, path, options, read)
        return (
            _functions_only(module.text, module, backward) if stage == "python" and backward else module.text.rstrip()
        )
    program = pipeline.program_of(text, path, options, read)
    compiled = pipeline.compile_program(program, options)
    shown = [_stage(program, one, stage, backward) for one in compiled]
    return "\n\n".join(part for part in shown if part)


def _functions_only(text: str, module: module.Module, backward: bool) -> str:
    """The derivative functions of an emitted module."""
    wanted = {info.gradient_name for info in module.functions}
    parts = text.rstrip().split("\n\n\n")
    return "\n\n\n".join(part for part in parts if part.split("(")[0].removeprefix("def ") in wanted)


def _stage(program: Program, one: Compiled, stage: str, backward: bool) -> str:
    graph = one.derivative if stage == "grad" or backward else one.value
    if graph is None:
        return f"{one.lowered.function.name} has no derivative"
    if stage in ("ir", "grad"):
        return describe(graph)
    if stage == "schedule":
        return _schedule(program, compiled.loop_nest(program, one.lowered, graph))
    raise error(program.main, pipeline.START, f"there is no stage '{stage}'", f"stages: {', '.join(STAGES)}")


def _schedule(program: Program, nest: LoopNest) -> str:
    """The loops and statements that every target spells, with the sizes that values are stored with."""
    named = names.name(nest, own_operations(program))
    called = named.variables
    lines, _ = python.function(named, program.main.source.splitlines(), ieee=False)
    head = [f"{nest.name}({', '.join(called[given.serial] for given in nest.inputs)})"]
    scope = Scope(python.target(ieee=False), called, named.loops, named.sizes)
    for variable in variables(nest):
        if variable.sizes:
            rows = (part for part in parts(variable.sizes) if isinstance(part, RowIndex))
            scope.dimensions.update((row.dimension, row.name or "_") for row in rows)
            head.append(f"    store {called[variable.serial]}[{', '.join(map(scope.write, variable.sizes))}]")
    return "\n".join([*head, *[line.text for line in lines]])
