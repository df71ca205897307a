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

import difflib
import itertools
from collections.abc import Iterable

from msgspec.structs import replace

from mgc.compiler import pipeline
from mgc.compiler.compiled import Compiled
from mgc.compiler.emit.interface import file_name
from mgc.compiler.emit.python import function as python
from mgc.compiler.emit.python import operators
from mgc.compiler.emit.spelling import Scope
from mgc.compiler.graph import mg_text
from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.outline import describe
from mgc.compiler.language.program import Program, ReadFile
from mgc.compiler.module import Module
from mgc.compiler.names.names import NamedNest
from mgc.compiler.options import TARGETS, Options
from mgc.compiler.schedule.loopnest import RowIndex, parts, variables
from mgc.grammar.outline import dump

STAGES: dict[str, pipeline.Stage] = {  # what is shown -> where to stop
    "tree": "parse",
    "ir": "share",
    "grad": "share",
    "schedule": "name",
    **dict.fromkeys(TARGETS, "emit"),
}


def show(
    text: str | bytes, path: str, options: Options, stage: str, backward: bool = False, read: ReadFile | None = None
) -> str:
    """The text of one stage. `backward`: of the derivative instead of the value. Errors: ModelError."""
    options = replace(options, target=next((target for target in TARGETS if target == stage), options.target))
    made = pipeline.run(text, path, options, read, STAGES[stage])
    if stage == "tree":
        return dump(made.tree)
    if made.module is not None:
        is_part = stage == "python" and backward
        return _functions_only(made.module) if is_part else made.module.text.rstrip()
    assert made.program is not None
    program = made.program
    shown = [[*_required(program, one), _stage(program, one, stage, backward)] for one in made.functions]
    return "\n\n".join(itertools.chain(*shown))


def passes(text: str | bytes, path: str, options: Options, read: ReadFile | None = None) -> str:
    """What each pass did: nodes before and after it, and the difference of the graphs as `.mg`. Errors: ModelError.

    >>> print(passes("def f(x): return detach(x*x)", "f.mg", Options()))
    f, value: lower, 3 nodes
        def f(x):
            t_1 = detach(x*x)
            return t_1
    f, value: unify, 3 nodes, nothing changed
    f, value: merge, 3 nodes, nothing changed
    f, value: inline, 3 nodes, nothing changed
    f, value: unroll, 3 nodes, nothing changed
    f, derivative: derivative, 3 nodes -> 3
        @@ -2,2 +2,2 @@
             t_1 = detach(x*x)
        -    return t_1
        +    return t_1, grad(x)
    f, value: finish, 3 nodes -> 2
        @@ -1,3 +1,3 @@
         def f(x):
        -    t_1 = detach(x*x)
        +    t_1 = x*x
             return t_1
    f, value: decide, 2 nodes, nothing changed
    f, value: share, 2 nodes, nothing changed
    f, derivative: finish, 3 nodes -> 2
        @@ -1,3 +1,3 @@
         def f(x):
        -    t_1 = detach(x*x)
        +    t_1 = x*x
             return t_1, grad(x)
    f, derivative: decide, 2 nodes, nothing changed
    f, derivative: share, 2 nodes, nothing changed
    """
    made: list[tuple[str, Graph]] = []
    pipeline.run(text, path, options, read, "share", lambda name, graph: made.append((name, graph)))
    shown: list[str] = []
    last: dict[tuple[str, str], Graph] = {}
    for name, graph in made:
        half = "derivative" if name == "derivative" or graph.gradients else "value"
        before = last.get((graph.name, half)) or last.get((graph.name, "value"))
        shown += _pass(f"{graph.name}, {half}: {name}", before, graph)
        last[graph.name, half] = graph
    return "\n".join(shown)


def _pass(head: str, before: Graph | None, after: Graph) -> list[str]:
    """`f, value: inline, 12 nodes -> 9`, and how the text of the graph changed."""
    count = len(topological_order(after.roots()))
    text = mg_text.spell(after).splitlines()
    if before is None:
        return [f"{head}, {count} nodes", *_indented(text)]
    changed = list(difflib.unified_diff(mg_text.spell(before).splitlines(), text, n=1, lineterm=""))[2:]
    if not changed:
        return [f"{head}, {count} nodes, nothing changed"]
    return [f"{head}, {len(topological_order(before.roots()))} nodes -> {count}", *_indented(changed)]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}".rstrip() for line in lines]


def _functions_only(module: Module) -> str:
    """The derivative functions of an emitted module."""
    wanted = {info.gradient_name for info in module.functions}
    parts = module.text.rstrip().split("\n\n\n")
    return "\n\n\n".join(part for part in parts if part.split("(")[0].removeprefix("def ") in wanted)


def _stage(program: Program, one: Compiled, stage: str, backward: bool) -> str:
    place = int(stage == "grad" or backward)
    if place >= len(one.graphs):
        return f"{one.lowered.function.name} has no derivative"
    return _schedule(program, one.named[place]) if stage == "schedule" else describe(one.graphs[place])


def _required(program: Program, one: Compiled) -> list[str]:
    """What a function requires, as it is at a stage."""
    required = one.lowered.required
    if required is None:
        return []
    name = f"{one.lowered.function.name}_requires"
    if one.required is None:
        return [describe(replace(required.graph, name=name))]
    nest = replace(one.required.nest, name=name)
    place = f"{one.lowered.function.name} of {file_name(program)}"
    return [_schedule(program, replace(one.required, nest=nest), place)]


def _schedule(program: Program, named: NamedNest, place: str = "") -> str:
    """The loops and statements that every target spells, with the sizes that values are stored with."""
    nest, called = named.nest, named.variables
    lines, _ = python.function(named, program.main.source.splitlines(), ieee=False, place=place)
    head = [f"{nest.name}({', '.join(called[given.serial] for given in nest.inputs)})"]
    scope = Scope(operators.target(ieee=False), called, named.loops, named.sizes)
    for variable in variables(nest):
        if variable.sizes:
            rows = (part for part in parts(variable.sizes) if isinstance(part, RowIndex))
            scope.dimensions.update((row.dimension, row.name or "_") for row in rows)
            head.append(f"    store {called[variable.serial]}[{', '.join(map(scope.write, variable.sizes))}]")
    return "\n".join([*head, *[line.text for line in lines]])
