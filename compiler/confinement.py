"""What may raise stays inside the branch that guards it, in a derivative too: graph -> graph.

In `sum(x[i] if x[i] > 0 else log(a) for i)` the logarithm is the same in every turn, and the slope by `a` is a sum over
all of them: it is read outside the loop, where no turn's condition is known. It is computed where any turn needs it:
the turns that take the arm are counted, and the value and its slope stand in a branch on that count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mgc.compiler import algebra
from mgc.compiler.graph import NEEDED, Builder, Graph, Node, axis_order, topological_order
from mgc.compiler.guards import Guards, follows
from mgc.compiler.passes import copy, rebuild
from mgc.compiler.placement import guards_and_loops, handed_on, loop_order, raising
from mgc.compiler.substitution import remake


def confine(graph: Graph) -> Graph:
    """The graph in which all that may raise is computed under its own axes, in a branch of its own where need be."""
    order = topological_order(graph.roots())
    guards, _ = guards_and_loops(graph, order, loop_order(order))
    guarded = {node: guards[node] for node in raising(order) if _is_under_more(node, guards[node])}
    if not guarded:
        return graph
    build = graph.builder
    readers = [
        (node, argument)
        for node in order
        for argument in node.args
        if argument in guarded and argument.dtype == "float" and guarded.get(node) != guarded[argument]
    ]
    taken = {node: _some_turn(build, node, chain) for node, chain in guarded.items()}
    zero = build.number(0.0)
    confined = {value: build.make("select", (taken[value], value, zero), NEEDED) for _, value in readers}
    return _redirected(graph, {reader: confined for reader, _ in readers}, taken)


def release(graph: Graph) -> Graph:
    """The graph of a derivative with the values themselves, and what they need noted: most that reads them has it.

    `exposes` tells whether all has; where something lacks it the branches have to stay.
    """

    def rewrite(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
        if node.attribute != NEEDED:
            return copy(build, node, args)
        build.needed[args[1]] = args[0]
        return args[1]

    is_confined = any(node.attribute == NEEDED for node in topological_order(graph.roots()))
    return rebuild(graph, rewrite) if is_confined else graph


def exposes(graph: Graph) -> bool:
    """Whether a value that only some turns need would be computed, or read, although there may be no such turn."""
    needed = graph.builder.needed
    if not needed:
        return False
    order = topological_order(graph.roots())
    guards, _ = guards_and_loops(graph, order, loop_order(order))
    readings = [(root, ()) for root in graph.roots()] + [(node, guards[node]) for node in order]
    readings += [reading for node in order for reading in handed_on(node, guards[node])]
    return any(
        value in needed and (needed[value], True) not in chain and not follows((needed[value], True), chain)
        for value, chain in readings
    )


def _is_under_more(node: Node, chain: Guards) -> bool:
    """Whether a branch of a loop that the node does not depend on is around it."""
    return any(axis not in node.axes for condition, _ in chain for axis in condition.axes)


def _some_turn(build: Builder, value: Node, chain: Guards) -> Node:
    """Whether some turn of the loops around a value needs it."""
    taken: Node = build.number(1.0)
    for condition, arm in reversed(chain):
        arms = (taken, build.number(0.0)) if arm else (build.number(0.0), taken)
        taken = algebra.select(build, condition, *arms)
    outer = [axis for axis in taken.axes if axis not in value.axes]
    turns = build.reduce("sum", sorted(outer, key=axis_order), taken)
    build.hints.setdefault(turns, "turns")
    return algebra.apply(build, None, (turns, build.number(0.0)), "gt")


def _redirected(graph: Graph, arguments: Mapping[Node, Mapping[Node, Node]], needed: Mapping[Node, Node]) -> Graph:
    """The graph in which some readers read other arguments, and under which condition its nodes are `needed`."""
    build = graph.builder
    done: dict[Node, Node] = {}
    stack = [*graph.outputs, *needed.values()]
    while stack:
        node = stack[-1]
        other = arguments.get(node, {})
        wanted = [other.get(argument, argument) for argument in node.args]
        waiting = [argument for argument in wanted if argument not in done]
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        if node in done:
            continue
        new = done[node] = remake(build, node, tuple([done[argument] for argument in wanted]))
        for kept in (build.names, build.hints):
            if node in kept and new is not node:
                kept.setdefault(new, kept[node])
    build.needed |= {done[node]: done[condition] for node, condition in needed.items() if node in done}
    return replace(graph, outputs=tuple(done[output] for output in graph.outputs))
