"""Graph -> graph: every node made anew by a rewrite. A pass makes a new graph and leaves the old one as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from mgc.compiler.graph import algebra
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.graph import Graph, finished, topological_order
from mgc.compiler.graph.nodes import NOWHERE, Adjoint, Node, Origin

Rewrite = Callable[[Builder, Node, tuple[Node, ...]], Node]


def rebuild(graph: Graph, rewrite: Rewrite) -> Graph:
    """The graph in a builder of its own, each node remade by `rewrite(build, node, new arguments)`."""
    build = Builder()
    done: dict[Node, Node] = {}
    inputs = [given.node for given in graph.inputs]
    for node in topological_order([*graph.roots(), *inputs]):
        build.origin = _moved_origin(node.origin, done)
        new = rewrite(build, node, tuple([done[argument] for argument in node.args]))
        done[node] = new
        if node in graph.names and new.op not in ("const", "input", "index"):
            build.names.setdefault(new, graph.names[node])
        if node in graph.hints:
            build.hints.setdefault(new, graph.hints[node])
    build.origin = NOWHERE
    build.adjoints = _moved(graph.adjoints, done)
    for node, axes in graph.layouts.items():
        if node in done and all(axis in done and done[axis].op == "index" for axis in axes):
            build.layouts.setdefault(done[node], tuple(done[axis] for axis in axes))
    moved = {given: replace(given, node=done[given.node]) for given in graph.inputs}
    remade = finished(
        build,
        graph.name,
        tuple(moved[given] for given in graph.inputs),
        tuple(done[output] for output in graph.outputs),
        tuple((moved[given], None if adjoint is None else done[adjoint]) for given, adjoint in graph.gradients),
    )
    return replace(remade, kept=frozenset(done[node] for node in graph.kept if node in done))


def _moved_origin(origin: Origin, done: Mapping[Node, Node]) -> Origin:
    """The same among the new nodes; a primal that no result needs is gone."""
    return origin if origin.primal is None else replace(origin, primal=done.get(origin.primal))


def _moved(adjoints: Sequence[Adjoint], done: Mapping[Node, Node]) -> list[Adjoint]:
    """The same among the new nodes; of values that became one value, none has the whole derivative."""
    found: dict[Adjoint, None] = {}
    first: dict[Node, Node] = {}
    mixed: set[Node] = set()
    for node, primal, branches in adjoints:
        new = None if primal is None else done.get(primal)
        if primal is not None and new is not None and first.setdefault(new, primal) is not primal:
            mixed.add(new)
        if node is not None and node in done and all(condition in done for condition, _ in branches):
            found[Adjoint(done[node], new, tuple((done[condition], arm) for condition, arm in branches))] = None
        elif new is not None:
            found[Adjoint(None, new)] = None
    return [one._replace(primal=None) if one.primal in mixed else one for one in found]


def copy(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
    """The same node in another builder, simplified."""
    if node.op == "index":
        return build.same_axis(node, *args)
    return algebra.apply(build, node, args)
