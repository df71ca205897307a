"""Names of derivatives, loop nest -> names: `dh` is the derivative of the result with respect to what is called `h`.

So an adjoint is named after its value has its final name: that of `h_2` is `dh_2`. Where that is taken or the value has
no variable, both are numbered together: no `dh_3` stands beside an `h_3` that it is not the derivative by.

>>> taken = dict.fromkeys(["h", "h_2", "dh"])  # the author's `dh`
>>> of_value("h_2", taken), of_value("h", taken), of_unseen("sum", taken, {})
('dh_2', 'dh_3', 'dsum')
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mgc.compiler.graph import Adjoint, Builder, Graph, Node, is_stored, topological_order
from mgc.compiler.loopnest import Allocate, Assign, For, If, Item, LoopNest, Update
from mgc.compiler.words import is_reserved, take

Branches = frozenset[tuple[Node, bool]]


@dataclass(slots=True)
class Called:
    """What the values of a function are called, which of these names are the author's, and all names that are taken."""

    names: dict[Node, str]
    authors: frozenset[Node]
    taken: dict[str, None]
    claimed: set[str] = field(default_factory=set)  # names whose derivative has its name
    repeats: dict[str, int] = field(default_factory=dict)


def derivatives(nest: LoopNest) -> dict[Node, list[Adjoint]]:
    """The variables that are derivatives and no more, and of what."""
    known: dict[Node, list[Adjoint]] = defaultdict(list)
    forward = frozenset(topological_order(nest.graph.outputs))
    for one in nest.graph.builder.adjoints:
        if one.node is not None and one.node not in forward:
            known[one.node].append(one)
    found: dict[Node, list[Adjoint]] = {}
    for node, variable in nest.variables.items():
        parts = [node, *node.args[:1]] if node.op == "array" else [node]
        adjoints = [one for part in parts for one in known.get(part, ())]
        if adjoints:
            own = found.setdefault(node if variable.of is None else variable.of.node, [])
            own[:] = [*adjoints, *own]  # a whole array before its elements
    return found


def assign(
    nest: LoopNest, found: Mapping[Node, list[Adjoint]], inputs: Mapping[Node, str], taken: dict[str, None]
) -> dict[Node, str]:
    """Name the variables that are derivatives (in place); returns the names of the results' adjoints."""
    graph = nest.graph
    called = Called(_names(nest, inputs), frozenset([*graph.builder.names, *inputs]), taken)
    seeds = _name_seeds(graph, called)
    within = _branches(nest.body)
    views = {id(variable.of): [array] for array, variable in nest.variables.items() if variable.of is not None}
    for node, adjoints in found.items():
        variable = nest.variables[node]
        here = within.get(id(variable), frozenset())
        primals = [one.primal for one in adjoints if one.primal is not None and here.issuperset(one.branches)]
        variable.name = _name(graph.builder, [*views.get(id(variable), ()), node], primals, called)
        called.names[node] = variable.name
    return seeds


def _names(nest: LoopNest, inputs: Mapping[Node, str]) -> dict[Node, str]:
    """The names of what the results are made of; an array's elements go by its name where they have none."""
    made_of = [node for node in topological_order(nest.graph.outputs) if node in nest.variables]
    variables = {node: (nest.variables[node].of or nest.variables[node]).name for node in made_of}
    names = {**inputs, **{node: name for node, name in variables.items() if name}}
    for node in variables:
        if node.op == "array" and node in names:
            names.setdefault(node.args[0], names[node])
    return names


def _name_seeds(graph: Graph, called: Called) -> dict[Node, str]:
    """The adjoint of a result that nothing else reads is that of its variable: `dh`, otherwise `dh_out`."""
    seeds: dict[Node, str] = {}
    whole = {(one.node, one.primal) for one in graph.builder.adjoints}
    given = [one for one in graph.inputs if one.kind == "adjoint"]
    for seed, output in zip(given, graph.outputs if given else (), strict=True):
        name = called.names.get(output)
        values = (output, output.args[0]) if is_stored(output) else (output,)
        alone = len(given) == 1 or any((seed.node, value) in whole for value in values)
        if name is not None and alone:
            called.claimed.add(name)
            seeds[seed.node] = of_value(name, called.taken)
        else:
            said = seed.name[1:] if name is None else f"{name}_out"
            seeds[seed.node] = of_unseen(said, called.taken, called.repeats)
    return seeds


def _name(build: Builder, nodes: Sequence[Node], primals: Sequence[Node], called: Called) -> str:
    """After the value that it is the derivative by: the author's first, then what mgc named, then what has no name."""
    authors_first = sorted((p for p in primals if p in called.names), key=lambda p: p not in called.authors)
    seen = next((called.names[p] for p in authors_first if called.names[p] not in called.claimed), None)
    if seen is not None:
        called.claimed.add(seen)
        return of_value(seen, called.taken)
    called_so = [table[node] for table in (build.names, build.hints) for node in nodes if node in table]
    said = [name[1:] for name in called_so if name.startswith("d")]
    unseen = next((name for name in said if name not in called.taken), said[0] if said else None)
    if unseen is not None:
        return of_unseen(unseen, called.taken, called.repeats)
    return take(called_so[0] if called_so else "t", called.taken, called.repeats)


def of_value(name: str, taken: dict[str, None]) -> str:
    """The name of the derivative by a variable: `d` before the variable's name, unless that is taken."""
    return _numbered(name, taken, {}) if _spelt(name) in taken else take(f"d{name}", taken)


def of_unseen(name: str, taken: dict[str, None], repeats: dict[str, int]) -> str:
    """The name of the derivative by what has no variable, so that no variable has the name after the `d`."""
    return _numbered(name, taken, repeats) if name in taken or _spelt(name) in taken else take(f"d{name}", taken)


def _spelt(name: str) -> str:
    return f"d{name}_" if is_reserved(f"d{name}") else f"d{name}"


def _numbered(name: str, taken: dict[str, None], repeats: dict[str, int]) -> str:
    """`d` before the name with the first number that is free with and without it."""
    count = repeats.get(name, 1) + 1
    while f"{name}_{count}" in taken or f"d{name}_{count}" in taken:
        count += 1
    repeats[name] = count
    taken[f"d{name}_{count}"] = None
    return f"d{name}_{count}"


def _branches(items: list[Item]) -> dict[int, Branches]:
    """By the id of a variable: the branches around every statement that sets it."""
    found: dict[int, Branches] = {}
    stack: list[tuple[list[Item], Branches]] = [(items, frozenset())]
    while stack:
        block, around = stack.pop()
        for item in block:
            match item:
                case If():
                    stack.append((item.then, around | {(item.condition, True)}))
                    stack.append((item.otherwise, around | {(item.condition, False)}))
                case For():
                    stack.append((item.body, around))
                case Allocate() | Assign() | Update():
                    found[id(item.variable)] = found.get(id(item.variable), around) & around
    return found
