"""Reverse-mode derivative, graph -> graph: the chain rule, written once.

An adjoint has the axes of its node: what comes from a wider consumer is summed over the extra axes, and what comes
from a reduction is used as it is. That covers broadcasting, batching, matrix products and reductions.
Source: Griewank and Walther, Evaluating Derivatives (2nd ed., 2008), chapter 3.

An adjoint that reaches a node through one arm of a branch stays inside that arm: `x if c else 0` times a derivative
is that product inside the branch, so what is infinite in the other arm is never computed.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec.structs import replace

from mgc.compiler.gradient.arrays import Contribution, collect, of_input, places, through_pack
from mgc.compiler.gradient.gaps import gaps
from mgc.compiler.gradient.guarded import (
    LINEAR,
    accumulate,
    domain_of,
    flows,
    in_arm,
    is_guarded,
    is_zero,
    stopped,
    sum_over,
    summed,
    times,
    under,
)
from mgc.compiler.graph import algebra
from mgc.compiler.graph.builder import Builder, is_element
from mgc.compiler.graph.graph import Graph, Input, finished, topological_order
from mgc.compiler.graph.guards import Guards
from mgc.compiler.graph.loops import runs
from mgc.compiler.graph.nodes import EXTREMA, NOWHERE, SOURCES, Adjoint, Node, Origin, Partial, is_ragged
from mgc.compiler.graph.partial import may_raise, without_number
from mgc.compiler.graph.substitution import fresh_axes, substitute

Rule = Callable[[Builder, Node, int], Node | None]  # (builder, node, argument's place) -> local derivative
# (operation, may it never have been evaluated, or what it is of) -> may 0 meet an infinite slope
Endless = Callable[[str, bool, bool], bool]
_STRUCTURAL = frozenset({"const", "size", "index", "bound", "detach", "argmax", "argmin", "floordiv"})
_ONE_SIDED = {"max": "max_const", "min": "min_const"}


def gradient(graph: Graph, wrt: Sequence[Input], seeds: Sequence[Node], rule: Rule, endless: Endless) -> Graph:
    """The graph with the adjoint of each input in `wrt`, given the adjoint of each output.

    `seeds` are numbers, or array inputs for outputs that are arrays. `endless` tells of which operations the derivative
    may be infinite where their adjoint is 0: there the adjoint stops.
    """
    build = graph.builder
    order = topological_order(graph.outputs)
    forward = frozenset(order)
    active = active_nodes(order, {given.node for given in wrt})
    adjoints: dict[Node, list[Node]] = defaultdict(list)
    stored: dict[Node, list[Contribution]] = defaultdict(list)
    build.origin = Origin(section="backward")
    for output, seed in zip(graph.outputs, seeds, strict=True):
        if output.op in ("array", "pack"):
            stored[output] += _elements(build, output, seed)
        elif output in active:
            adjoints[output].append(seed)
    around, partial = flows(graph, order, active), without_number(order)
    arrays = _arrays(order)
    for node in reversed(order):
        build.origin = Origin(node.origin.span, node.origin.calls, "backward", node)
        for array in arrays.get(node, ()):
            collect(build, array, stored[array], adjoints)
        if node not in active or node.op in ("input", "array"):
            continue
        if node.op in SOURCES:
            if stored[node]:
                through_pack(build, node, stored[node], active, adjoints)
        elif adjoints[node]:
            adjoint = under(build, around[node], accumulate(build, adjoints[node]))
            name_adjoint(graph, node, adjoint, forward)
            if stops(endless, node, adjoint, partial):
                adjoint = stopped(build, adjoint)
            _through(build, node, adjoint, active, adjoints, stored, rule, around)
    found = []
    for given in wrt:
        build.origin = Origin(section="backward", primal=given.node)
        found.append((given, of_input(build, given.node, adjoints, stored)))
    build.origin = NOWHERE
    made = finished(build, graph.name, graph.inputs, graph.outputs, tuple(found))
    return replace(made, hints={**made.hints, **graph.hints})


def _elements(build: Builder, output: Node, seed: Node) -> list[Contribution]:
    """The adjoint of a result that is an array, as it is read there."""
    at = [output.args[1:]] if output.op == "array" else places(build, output)
    return [(build.read(seed, *indices), indices) for indices in at]


def _arrays(order: list[Node]) -> Mapping[Node, list[Node]]:
    """The arrays in which each value is stored."""
    arrays: dict[Node, list[Node]] = defaultdict(list)
    for node in order:
        if node.op == "array":
            arrays[node.args[0]].append(node)
    return arrays


def stops(endless: Endless, node: Node, adjoint: Node, partial: Collection[Node]) -> bool:
    """Whether an adjoint is to stop where it is 0, as the node's slope may be infinite there, or read what may be."""
    reads = node.op not in LINEAR and any(argument in partial for argument in node.args)
    unused = not _is_product(node)
    return (
        algebra.number(adjoint) is None
        and not (node.op == "div" and algebra.number(node.args[1]))  # its slope is a number
        and endless(node.op, unused, reads)
        and (endless(node.op, False, False) or bool(gaps(adjoint)))
    )


def _is_product(node: Node) -> bool:
    """Whether a power has a value, and a slope, everywhere."""
    return node.op == "pow" and not may_raise(node)


def name_adjoint(graph: Graph, node: Node, adjoint: Node, forward: frozenset[Node]) -> None:
    """Call the adjoint of `h` `dh`, inside the branch that it is confined to."""
    build = graph.builder
    branches: tuple[tuple[Node, bool], ...] = ()
    while is_guarded(adjoint):
        arm = is_zero(adjoint.args[2])
        branches = (*branches, (adjoint.args[0], arm))
        adjoint = adjoint.args[1] if arm else adjoint.args[2]
    build.adjoints.append(Adjoint(adjoint, node, branches))
    whole = not branches and _is_whole(adjoint, node)
    if adjoint.op in ("const", "input") or adjoint in forward:
        return
    if whole:
        build.adjoints.append(Adjoint(adjoint.args[0], node))
    if node in graph.names:
        build.name(adjoint, derivative_by(graph.names[node]))
    elif node in graph.hints:
        build.hints.setdefault(adjoint, derivative_by(graph.hints[node]))
        if whole:
            build.hints.setdefault(adjoint.args[0], derivative_by(graph.hints[node]))


def derivative_by(name: str) -> str:
    """`dh` for `h`, `hidden.dh` for `hidden.h`."""
    instance, dot, own = name.rpartition(".")
    return f"{instance}{dot}d{own}"


def _is_whole(adjoint: Node, node: Node) -> bool:
    """Whether an adjoint is the element of an array that has one for each point of the node."""
    return adjoint.op == "read" and {*adjoint.args[0].axes, *adjoint.args[1:]} == set(node.axes)


def active_nodes(order: list[Node], inputs: set[Node]) -> set[Node]:
    """The nodes that carry a derivative of some input."""
    active: set[Node] = set()
    for node in order:
        if node in inputs or (
            node.dtype == "float" and node.op not in _STRUCTURAL and any(a in active for a in node.args)
        ):
            active.add(node)
    return active


def _through(
    build: Builder,
    node: Node,
    adjoint: Node,
    active: set[Node],
    adjoints: dict[Node, list[Node]],
    stored: dict[Node, list[Contribution]],
    rule: Rule,
    around: Mapping[Node, Guards],
) -> None:
    """Hand a node's adjoint on to its arguments."""
    if node.op == "read":
        stored[node.args[0]].append((adjoint, node.args[1:]))
        return
    domain = domain_of(node.args)
    origin = build.origin
    for place, argument in enumerate(node.args):
        if argument not in active or argument.dtype != "float":
            continue
        build.origin = replace(origin, rule=Partial(node.op, place))
        if node.op == "select":
            term = in_arm(build, node.args[0], place - 1, adjoint)
        else:
            term = times(build, adjoint, slope(build, node, place, active, rule))
        if term is None:
            continue
        if argument.op == "read" and any(axis not in argument.axes for axis in domain):
            covered = domain_of([term, argument])
            extra = [axis for axis in domain if axis not in covered]
            turning = [(runs(build, axis), True) for axis in extra]  # where there are none, no index is looked at
            chain = tuple(guard for guard in turning if guard in around[argument])
            term = under(build, chain, sum_over(build, extra, term))
            stored[argument.args[0]].append((term, argument.args[1:]))  # an array adds up over the other axes itself
        else:
            adjoints[argument].append(summed(build, term, domain, argument))


def slope(build: Builder, node: Node, place: int, active: set[Node], rule: Rule) -> Node:
    """The derivative of a node by one of its arguments."""
    if node.op == "reduce":
        return _of_reduction(build, node)
    if node.op == "checked":
        return build.number(1.0)
    if node.op in EXTREMA and len(node.args) > 2:
        return _of_several(build, node, place, active)
    turned, at = ruled(build, node, place, active)
    if turned is not node:
        build.origin = replace(build.origin, rule=Partial(turned.op, at))
    return rule(build, turned, at) or build.make("zero")


def ruled(build: Builder, node: Node, place: int, active: set[Node]) -> tuple[Node, int]:
    """The operation and the argument whose rule applies."""
    if node.op in EXTREMA and len(node.args) == 2 and node.args[1 - place] not in active:
        return build.make(_ONE_SIDED[node.op], (node.args[place], node.args[1 - place])), 0
    return node, place


def _factor(build: Builder, body: Node, others: Mapping[Node, Node]) -> Node:
    """A factor of a product at other indices, read there: what it is made of is needed, or fails, once."""
    axes = [axis for axis in others if axis in body.axes]
    if is_element(body) or not axes or is_ragged(axes):
        return substitute(build, body, others)
    return build.read(build.array(body, axes), *[others[axis] for axis in axes])


def _of_several(build: Builder, node: Node, place: int, active: set[Node]) -> Node:
    """The share of one of several numbers in their extremum; of a tie with a constant the constant has it all."""
    zero = build.make("zero")
    constants = tuple(argument for argument in node.args if argument not in active)
    chosen = algebra.apply(build, None, (node.args[place], node), "eq")
    slope = algebra.select(build, chosen, _share(build, node, [arg for arg in node.args if arg in active]), zero)
    if not constants:
        return slope
    bound = constants[0] if len(constants) == 1 else algebra.apply(build, None, constants, node.op)
    return algebra.select(build, algebra.apply(build, None, (node, bound), "eq"), zero, slope)


def _share(build: Builder, node: Node, shared: Sequence[Node]) -> Node:
    """An equal part of 1 for each that is the extremum."""
    one, none = build.number(1.0), build.number(0.0)
    if len(shared) == 1:
        return one
    tied = [algebra.apply(build, None, (argument, node), "eq") for argument in shared]
    ties = functools.reduce(functools.partial(algebra.add, build), [algebra.select(build, t, one, none) for t in tied])
    build.hints.setdefault(ties, "ties")
    return algebra.div(build, one, ties)


def _of_reduction(build: Builder, node: Node) -> Node:
    """The derivative of a reduction by its body: 1 for a sum, equal shares among ties for an extremum."""
    body, axes = node.args[0], node.args[1:]
    if node.attribute == "sum":
        return build.number(1.0)
    if node.attribute == "prod":  # the product of the others, without dividing by this one
        others = fresh_axes(build, axes)
        differs = [build.make("ne", (other, axis)) for axis, other in others.items()]
        elsewhere = functools.reduce(lambda left, right: algebra.apply(build, None, (left, right), "or"), differs)
        rest = algebra.select(build, elsewhere, _factor(build, body, others), build.number(1.0))
        product = build.reduce("prod", others.values(), rest)
        build.hints.setdefault(product, "others")
        return product
    assert node.attribute in ("max", "min")
    chosen = algebra.apply(build, None, (body, node), "eq")
    ties = build.reduce("sum", axes, algebra.select(build, chosen, build.number(1.0), build.make("zero")))
    build.hints.setdefault(ties, "ties")
    share = algebra.div(build, build.number(1.0), ties)
    return algebra.select(build, chosen, share, build.make("zero"))
