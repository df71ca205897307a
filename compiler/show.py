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

from mgc.compiler import names, pipeline, python
from mgc.compiler.graph import AxisName, Graph, Node, topological_order
from mgc.compiler.loopnest import LoopNest, RowIndex, parts, variables
from mgc.compiler.module import Options
from mgc.compiler.operations import own_operations
from mgc.compiler.pipeline import Compiled
from mgc.compiler.program import Program, ReadFile, error
from mgc.compiler.spelling import Scope
from mgc.compiler.values import dimensions_text
from mgc.grammar.parser import parse
from mgc.grammar.spelling import dump

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


def _functions_only(text: str, module: pipeline.Module, backward: bool) -> str:
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
        return _schedule(program, pipeline.loop_nest(program, one.lowered, graph))
    raise error(program.main, pipeline.START, f"there is no stage '{stage}'", f"stages: {', '.join(STAGES)}")


def describe(graph: Graph) -> str:
    """A graph, one node a line: number, operation, arguments, dtype, axes, and the author's name and line."""
    order = topological_order([*graph.roots(), *[given.node for given in graph.inputs]])
    number = {node: f"%{place}" for place, node in enumerate(order)}
    rows = [(number[node], _operation(node, number), node) for node in order]
    width = max((len(text) for _, text, _ in rows), default=0)
    width = min(max(16, width), 40)
    lines = [f"{graph.name}({', '.join(given.name for given in graph.inputs)})"]
    for label, text, node in rows:
        axes = f"  over {' '.join(number[axis] for axis in node.axes)}" if node.axes and node.op != "index" else ""
        called = f"  {graph.builder.names[node]}" if node in graph.builder.names else ""
        place = f"  line {node.span.line}" if node.span is not None and node.op != "input" else ""
        lines.append(f"    {label:<3} {text:<{width}} {node.dtype}{axes}{called}{place}")
    lines += [f"    return {number[output]}" for output in graph.outputs]
    lines += [
        f"    d{given.name} = {number[adjoint] if adjoint is not None else '0'}" for given, adjoint in graph.gradients
    ]
    return "\n".join(lines)


def _operation(node: Node, number: dict[Node, str]) -> str:
    if node.op == "input":
        return f"input {node.attribute}{dimensions_text(node.args) if node.args else ''}"
    if node.op == "index" and isinstance(node.attribute, AxisName):
        return f"index {node.attribute.name or '_'} in {number[node.args[0]]} .. {number[node.args[1]]}"
    said = [node.op]
    if node.op in ("const", "size", "reduce"):
        said.append(str(node.attribute))
    return " ".join([*said, *[number[argument] for argument in node.args]])


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
