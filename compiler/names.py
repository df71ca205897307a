"""Names for variables and loops, loop nest -> loop nest: the author's, else ones that say what a value is.

No name is a word of Python or of C, a function of the emitted code, or another name of the same function.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from mgc.compiler import adjoint_names
from mgc.compiler.graph import AxisName, Graph, Node, topological_order
from mgc.compiler.loopnest import Assign, For, If, Item, LoopNest, Update, walk
from mgc.compiler.words import is_reserved, take

_LOOPS = "ijkpqrstuvw"


@dataclass(frozen=True, slots=True)
class Naming:
    """What everything in one function is called."""

    inputs: Mapping[Node, str]  # and the named sizes
    loops: Mapping[int, str]  # by the id of a For: one axis may be run over by several loops
    taken: dict[str, None]  # every name of the function


def safe(name: str, taken: Iterable[str] = ()) -> str:
    """The name, or the nearest to it that is neither reserved nor taken."""
    used = taken if isinstance(taken, set | frozenset | dict) else set(taken)
    base = f"{name}_" if is_reserved(name) else name
    if base not in used:
        return base
    count = 2
    while f"{base.rstrip('_')}_{count}" in used:
        count += 1
    return f"{base.rstrip('_')}_{count}"


def operation(op: str) -> str:
    """The function that computes an operation: one of the model's own (`op:name`) under a name that is free."""
    return safe(op.removeprefix("op:")) if op.startswith("op:") else op


def local_parameter_names(names: Iterable[str]) -> dict[str, str]:
    """Short names for dotted ones: `score.linear1.W` is `W1` where no other parameter is."""
    dotted = list(names)
    short = [_short(name) for name in dotted]
    return {
        name: abbreviation if short.count(abbreviation) == 1 else "_".join(name.split(".")[1:] or [name])
        for name, abbreviation in zip(dotted, short, strict=True)
    }


def _short(dotted: str) -> str:
    *path, name = dotted.split(".")
    digits = path[-1][len(path[-1].rstrip("0123456789")) :] if len(path) > 1 else ""
    return name + digits


def assign(nest: LoopNest, functions: Iterable[str] = ()) -> Naming:
    """Name every variable of the nest (in place) and return the names of its inputs and loops.

    `functions` are the emitted functions that the code may call.
    """
    graph = nest.graph
    taken: dict[str, None] = dict.fromkeys(functions)
    short = local_parameter_names(given.name for given in graph.inputs if given.kind == "parameter")
    inputs: dict[Node, str] = {}
    for given in sorted(graph.inputs, key=lambda g: g.kind == "parameter"):
        if given.kind != "adjoint":
            inputs[given.node] = take(short[given.name] if given.kind == "parameter" else given.name, taken)
    for size in size_nodes(graph):
        inputs[size] = take(str(size.attribute), taken)
    derivatives = adjoint_names.derivatives(nest)
    _name_values(nest, derivatives, taken)
    inputs |= adjoint_names.assign(nest, derivatives, inputs, taken)
    for variable in nest.variables.values():
        if variable.of is not None:
            variable.name = variable.of.name
    for item in walk(nest.body):
        if isinstance(item, Assign | Update) and not item.variable.name:  # a running total that is stored afterwards
            item.variable.name = take(f"{nest.variables[item.variable.node].name}_total", taken)
    loops: dict[int, str] = {}
    _name_loops(nest.body, frozenset(), _author_axes(nest), taken, loops)
    return Naming(inputs, loops, taken | dict.fromkeys(loops.values()))


def _name_values(nest: LoopNest, derivatives: Container[Node], taken: dict[str, None]) -> None:
    """Name the variables that are no derivatives."""
    build = nest.graph.builder
    repeats: dict[str, int] = {}
    views = {id(variable.of): node for node, variable in nest.variables.items() if variable.of is not None}
    for node, variable in nest.variables.items():
        if variable.of is None and node not in derivatives:
            array = views.get(id(variable), node)
            said = build.names.get(array) or build.names.get(node) or build.hints.get(node) or build.hints.get(array)
            variable.name = take(said or "t", taken, repeats)


def size_nodes(graph: Graph) -> list[Node]:
    """The named sizes that a graph needs, in order."""
    nodes = topological_order([*graph.roots(), *[given.node for given in graph.inputs]])
    return [node for node in nodes if node.op == "size"]


def _author_axes(nest: LoopNest) -> set[str]:
    names = set()
    for item in walk(nest.body):
        if isinstance(item, For) and isinstance(item.axis.attribute, AxisName) and item.axis.attribute.name:
            names.add(item.axis.attribute.name)
    return names


def _name_loops(
    items: list[Item], active: frozenset[str], authors: set[str], taken: dict[str, None], loops: dict[int, str]
) -> None:
    for item in items:
        if isinstance(item, For):
            assert isinstance(item.axis.attribute, AxisName)
            wanted = item.axis.attribute.name
            if not wanted or wanted in active:
                wanted = next((c for c in _LOOPS if c not in active and c not in taken and c not in authors), "axis")
            name = f"{wanted}_" if is_reserved(wanted) else wanted
            count = 2
            while name in active or name in taken:
                name = f"{wanted}_{count}"
                count += 1
            loops[id(item)] = name
            _name_loops(item.body, active | {name}, authors, taken, loops)
        elif isinstance(item, If):
            _name_loops(item.then, active, authors, taken, loops)
            _name_loops(item.otherwise, active, authors, taken, loops)


def hints(graph: Graph) -> None:
    """Give every unnamed value a name for the case that it needs one, from the statement that it is part of."""
    build = graph.builder
    statement: dict[Node, str] = {output: build.names.get(output, "out") for output in graph.outputs}
    for node in reversed(topological_order(graph.outputs)):
        name = build.names.get(node) or statement.get(node, "out")
        for argument in node.args:
            statement.setdefault(argument, name)
        if len(node.args) == 1 and node.args[0].op != "reduce":
            build.hints.setdefault(node.args[0], f"{name}_in")
        if node not in build.names:
            build.hints.setdefault(node, _describe(node, name, build.names))


_NOUNS = {"mul": "product", "add": "sum", "sub": "difference", "div": "ratio", "neg": "negated", "pow": "power",
          "floordiv": "quotient", "select": "chosen", "read": "element", "array": "values", "pack": "list"}  # fmt: skip


def _describe(node: Node, statement: str, names: Mapping[Node, str]) -> str:
    if node.op == "read" and node.args[0].op == "input":
        return f"{str(node.args[0].attribute).rsplit('.', 1)[-1]}_element"
    if node.op == "bound":
        return "place"
    if node.op == "reduce":
        return f"{statement}_{node.attribute}"
    operand = node.args[0] if len(node.args) == 1 else None
    if operand is not None and (operand in names or operand.op == "input"):
        return f"{node.op.split(':')[-1]}_{names.get(operand, str(operand.attribute).rsplit('.', 1)[-1])}"
    return f"{statement}_{_NOUNS.get(node.op, node.op.split(':')[-1])}"
