"""Names for variables and loops, loop nest -> named loop nest: the author's, else ones that say what a value is.

No name is a word of Python or of C, a function of the emitted code, or another name of the same function.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mgc.compiler import adjoint_names
from mgc.compiler.graph import Graph, Node, topological_order
from mgc.compiler.loopnest import For, If, Item, LoopNest, variables, walk
from mgc.compiler.words import is_reserved, take

_LOOPS = "ijkpqrstuvw"


@dataclass(frozen=True, slots=True)
class NamedNest:
    """A nest, and what everything in it is called."""

    nest: LoopNest
    variables: Mapping[int, str]  # by the serial number of an input or a variable
    loops: Mapping[int, str]  # by the serial number of a loop: one axis may be run over by several
    sizes: Mapping[str, str]
    taken: tuple[str, ...]  # every name of the function


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


def name(nest: LoopNest, functions: Iterable[str] = ()) -> NamedNest:
    """The names of all that is in a nest. `functions` are the emitted functions that the code may call."""
    taken: dict[str, None] = dict.fromkeys(functions)
    names: dict[int, str] = {}
    short = local_parameter_names(given.said[0] for given in nest.inputs if given.role == "parameter")
    for given in sorted(nest.inputs, key=lambda given: given.role == "parameter"):
        if given.role != "adjoint":
            said = given.said[0]
            names[given.serial] = take(short[said] if given.role == "parameter" else said, taken)
    sizes = {size: take(size, taken) for size in nest.sizes}
    made = variables(nest)
    repeats: dict[str, int] = {}
    for variable in made:
        if variable.role == "value" and variable.derivative_of is None:
            names[variable.serial] = take(variable.said[0] if variable.said else "t", taken, repeats)
    seeds = [given for given in nest.inputs if given.role == "adjoint"]
    adjoint_names.assign(seeds, [one for one in made if one.derivative_of is not None], names, taken)
    for variable in made:
        if variable.role == "total" and variable.of is not None:
            names[variable.serial] = take(f"{names[variable.of]}_total", taken)
    loops: dict[int, str] = {}
    _name_loops(nest.body, frozenset(), _author_axes(nest), taken, loops)
    return NamedNest(nest, names, loops, sizes, (*taken, *loops.values()))


def _author_axes(nest: LoopNest) -> set[str]:
    return {item.name for item in walk(nest.body) if isinstance(item, For) and item.name}


def _name_loops(
    items: Iterable[Item], active: frozenset[str], authors: set[str], taken: dict[str, None], loops: dict[int, str]
) -> None:
    for item in items:
        if isinstance(item, For):
            wanted = item.name
            if not wanted or wanted in active:
                wanted = next((c for c in _LOOPS if c not in active and c not in taken and c not in authors), "axis")
            name = f"{wanted}_" if is_reserved(wanted) else wanted
            count = 2
            while name in active or name in taken:
                name = f"{wanted}_{count}"
                count += 1
            loops[item.serial] = name
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
