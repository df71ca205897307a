"""What naming must know of variables, statements -> plain data: what the author says, and what is a derivative by what.

The order of the facts is the order in which variables get their names: values first, then what is derived from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mgc.compiler.graph.graph import Graph, Input, topological_order
from mgc.compiler.graph.nodes import Adjoint, Node, is_stored
from mgc.compiler.schedule.statements import Allocate, Assign, For, If, Item, Update, Variable, walk

Branches = frozenset[tuple[Node, bool]]
Holder = Node | Variable  # an input, or a variable


class Facts(NamedTuple):
    """As in `loopnest.Variable`, with holders for serial numbers."""

    said: tuple[str, ...]
    derivative_of: tuple[Holder, ...] | None = None
    of: Holder | None = None


def facts(graph: Graph, items: Sequence[Item], variables: Mapping[Node, Variable]) -> dict[Holder, Facts]:
    """The facts of every input and of every variable that is no view."""
    forward = topological_order(graph.outputs) if graph.gradients else []
    adjoints = _derivatives(graph, frozenset(forward), variables) if graph.gradients else {}
    views = {variable.of: array for array, variable in variables.items() if variable.of is not None}
    names, hints = graph.names, graph.hints
    found: dict[Holder, Facts] = {given.node: Facts((given.name,)) for given in graph.inputs}
    for node, variable in variables.items():
        if variable.of is None and node not in adjoints:
            array = views.get(variable, node)
            elements = [names.get(one) for one in _element(array) if one not in variables]
            called = (names.get(array), names.get(node), *elements, hints.get(node), hints.get(array))
            found[variable] = Facts(tuple([name for name in called if name]))
    if graph.gradients:
        held = _held(graph, forward, variables, found)
        found |= _seeds(graph, held)
        held |= {node: variables[node] for node in adjoints}
        found |= _facts_of_derivatives(graph, items, variables, adjoints, held)
    for item in walk(items):
        if isinstance(item, Allocate) and item.variable.of is not None:
            found[item.variable] = Facts((), None, item.variable.of)
    return found


def _facts_of_derivatives(
    graph: Graph,
    items: Sequence[Item],
    variables: Mapping[Node, Variable],
    adjoints: Mapping[Node, list[Adjoint]],
    held: Mapping[Node, Holder],
) -> dict[Holder, Facts]:
    found: dict[Holder, Facts] = {}
    names, hints = graph.names, graph.hints
    views = {variable.of: array for array, variable in variables.items() if variable.of is not None}
    order: dict[Node | None, int] = {given.node: 1 for given in graph.inputs}
    order |= dict.fromkeys(names, 0)  # where it is `dz` that is handed on, `db` is what is returned
    within = _branches(items)
    for node, own in adjoints.items():
        variable = variables[node]
        here = within.get(variable, frozenset())
        primals = [one.primal for one in own if one.primal in held and here.issuperset(one.branches)]
        authors_first = sorted(primals, key=lambda primal: order.get(primal, 2))
        nodes = (views[variable], node) if variable in views else (node,)
        said = tuple([table[one] for table in (names, hints) for one in nodes if one in table])
        found[variable] = Facts(said, tuple([held[primal] for primal in authors_first if primal is not None]))
    return found


def _derivatives(
    graph: Graph, forward: frozenset[Node], variables: Mapping[Node, Variable]
) -> dict[Node, list[Adjoint]]:
    """The variables that are derivatives and no more, and of what."""
    known: dict[Node, list[Adjoint]] = defaultdict(list)
    for one in graph.adjoints:
        if one.node is not None and one.node not in forward:
            known[one.node].append(one)
    found: dict[Node, list[Adjoint]] = {}
    for node, variable in variables.items():
        adjoints = [one for part in (node, *_element(node)) for one in known.get(part, ())]
        if adjoints:
            own = found.setdefault(node if variable.of is None else variable.of.node, [])
            own[:] = [*adjoints, *own]  # a whole array before its elements
    return found


def _held(
    graph: Graph, forward: Iterable[Node], variables: Mapping[Node, Variable], known: Mapping[Holder, Facts]
) -> dict[Node, Holder]:
    """What holds the values that the results are made of; an array holds its elements that have no variable."""
    held: dict[Node, Holder] = {given.node: given.node for given in graph.inputs if given.kind != "adjoint"}
    for node in forward:
        if node in variables and (variables[node].of or variables[node]) in known:
            held[node] = variables[node].of or variables[node]
    for node in list(held):
        for element in _element(node):
            held.setdefault(element, held[node])
    return held


def _element(node: Node) -> tuple[Node, ...]:
    """What an array has at its indices, if it is not the same number at all of them."""
    return node.args[:1] if node.op == "array" and set(node.args[1:]) <= {*node.args[0].axes} else ()


def _seeds(graph: Graph, held: Mapping[Node, Holder]) -> dict[Holder, Facts]:
    """The adjoint of a result that nothing else reads is that of its variable."""
    found: dict[Holder, Facts] = {}
    whole = {(one.node, one.primal) for one in graph.adjoints}
    given: list[Input] = [one for one in graph.inputs if one.kind == "adjoint"]
    for seed, output in zip(given, graph.outputs if given else (), strict=True):
        holder = held.get(output)
        values = (output, output.args[0]) if is_stored(output) else (output,)
        alone = len(given) == 1 or any((seed.node, value) in whole for value in values)
        found[seed.node] = Facts((seed.name,), (holder,) if holder is not None and alone else (), holder)
    return found


def _branches(items: Sequence[Item]) -> dict[Variable, Branches]:
    """The branches around every statement that sets a variable; a 0 that it starts with is what it is elsewhere."""
    found: dict[Variable, Branches] = {}
    stack: list[tuple[Sequence[Item], Branches]] = [(items, frozenset())]
    while stack:
        block, around = stack.pop()
        for item in block:
            match item:
                case If():
                    stack.append((item.then, around | {(item.condition, True)}))
                    stack.append((item.otherwise, around | {(item.condition, False)}))
                case For():
                    stack.append((item.body, around))
                case Allocate(fill=0.0):
                    pass
                case Allocate() | Assign() | Update():
                    found[item.variable] = found.get(item.variable, around) & around
    return found
