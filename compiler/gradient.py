"""Reverse-mode derivative, graph -> graph: the chain rule, written once.

An adjoint has the axes of its node: what comes from a wider consumer is summed over the extra axes, and what comes
from a reduction is used as it is. That covers broadcasting, batching, matrix products and reductions.
Source: Griewank and Walther, Evaluating Derivatives (2nd ed., 2008), chapter 3.

An adjoint that reaches a node through one arm of a branch stays inside that arm: `x if c else 0` times a derivative
is that product inside the branch, so what is infinite in the other arm is never computed.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from mgc.compiler import algebra, control, library
from mgc.compiler import placement as placing
from mgc.compiler.graph import (
    SOURCES,
    Adjoint,
    Builder,
    Graph,
    Input,
    Node,
    ScatterLayout,
    axis_order,
    contributions,
    stored_sizes,
    topological_order,
)
from mgc.compiler.guards import Guards
from mgc.compiler.substitution import fresh_axes, substitute

Rule = Callable[[Builder, Node, int], Node | None]  # (builder, node, argument's place) -> local derivative
Endless = Callable[[str, bool], bool]  # (operation, may it never have been evaluated) -> may 0 meet an infinite slope
Contribution = tuple[Node, tuple[Node, ...]]  # an adjoint, and the indices at which it is added

LINEAR = frozenset("add sub neg reduce array pack total select".split())  # their slopes read nothing
DENSE = 4  # an adjoint with fewer elements than this for each that is read is written out element by element
MANY = 1 << 60  # elements of an array whose size is not known

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
    active = _active(order, {given.node for given in wrt})
    adjoints: dict[Node, list[Node]] = defaultdict(list)
    stored: dict[Node, list[Contribution]] = defaultdict(list)
    build.section = "backward"
    for output, seed in zip(graph.outputs, seeds, strict=True):
        if output.op == "array":
            axes = output.args[1:]
            stored[output].append((build.read(seed, *axes), axes))
        elif output.op == "pack":
            stored[output] += [(build.read(seed, *at), at) for at in _places(build, output)]
        elif output in active:
            adjoints[output].append(seed)
    around = _flows(graph, order, active)
    arrays: dict[Node, list[Node]] = defaultdict(list)
    for node in order:
        if node.op == "array":
            arrays[node.args[0]].append(node)
    for node in reversed(order):
        build.span = node.span
        for array in arrays[node]:
            _collect(build, array, stored[array], adjoints)
        if node not in active or node.op in ("input", "array"):
            continue
        if node.op in SOURCES:
            if stored[node]:
                _through_pack(build, node, stored[node], active, adjoints)
        elif adjoints[node]:
            adjoint = _under(build, around[node], accumulate(build, adjoints[node]))
            _name(build, node, adjoint, forward)
            if algebra.number(adjoint) is None and endless(node.op, _has_gaps(adjoint) and not _is_whole_power(node)):
                adjoint = _stopped(build, adjoint)
            _through(build, node, adjoint, active, adjoints, stored, rule)
    build.span = None
    found = tuple((given, _of_input(build, given.node, adjoints, stored)) for given in wrt)
    build.section = "forward"
    return replace(graph, gradients=found)


def _flows(graph: Graph, order: list[Node], active: set[Node]) -> dict[Node, Guards]:
    """For each node that may fail the branches in which it is read, and in which a derivative is if the slope may."""
    fragile = control.raising(graph, order)
    rank = placing.loop_order(order)
    read = control.analyse(graph, order, rank).guards
    flows = (
        control.analyse(graph, order, rank, active).guards if any(library.is_steep(node.op) for node in order) else read
    )
    return {
        node: (flows if library.is_steep(node.op) else read)[node] if node in fragile and node.op not in LINEAR else ()
        for node in order
    }


def _under(build: Builder, chain: Guards, adjoint: Node) -> Node:
    """The adjoint inside branches that it is not in already."""
    inside = set()
    inner = adjoint
    while _is_guarded(inner):
        arm = _is_zero(inner.args[2])
        inside.add((inner.args[0], arm))
        inner = inner.args[1] if arm else inner.args[2]
    zero = build.make("zero")
    for condition, arm in reversed(chain):
        if not any(_implies(guard, (condition, arm)) for guard in inside):
            adjoint = algebra.select(build, condition, *((adjoint, zero) if arm else (zero, adjoint)))
    return adjoint


def _implies(guard: tuple[Node, bool], other: tuple[Node, bool]) -> bool:
    """Whether a branch lies in another: in itself, or in one that either of two conditions leads to."""
    condition, arm = other
    if guard == other:
        return True
    return arm and condition.op == "or" and any(_implies(guard, (part, True)) for part in condition.args)


def _has_gaps(adjoint: Node) -> bool:
    """Whether nothing may have been added to an adjoint: by no branch, or as nobody reads that element of an array."""
    while _is_guarded(adjoint):
        adjoint = adjoint.args[1] if _is_zero(adjoint.args[2]) else adjoint.args[2]
    if adjoint.op == "read":
        source = adjoint.args[0]
        match source.op:
            case "scatter":
                whole = [v for v, at in contributions(source) if _covers(at, source.args[: len(at)])]
                return all(map(_is_guarded, whole))
            case "array" | "pack":
                return any(_is_guarded(element) or _is_zero(element) for element in source.args)
    return adjoint.op == "total" or (adjoint.op == "reduce" and _is_guarded(adjoint.args[0]))


def _is_whole_power(node: Node) -> bool:
    return node.op == "pow" and isinstance(algebra.number(node.args[1]), int)


def _stopped(build: Builder, adjoint: Node) -> Node:
    """The adjoint, in a branch that is taken only where it is not 0."""
    if _is_guarded(adjoint):
        arms = [arm if _is_zero(arm) else _stopped(build, arm) for arm in adjoint.args[1:]]
        return algebra.select(build, adjoint.args[0], *arms)
    flows = algebra.apply(build, None, (adjoint, build.number(0.0)), "ne")
    return algebra.select(build, flows, adjoint, build.make("zero"))


def _name(build: Builder, node: Node, adjoint: Node, forward: frozenset[Node]) -> None:
    """Call the adjoint of `h` `dh`, inside the branch that it is confined to."""
    branches: tuple[tuple[Node, bool], ...] = ()
    while _is_guarded(adjoint):
        arm = _is_zero(adjoint.args[2])
        branches = (*branches, (adjoint.args[0], arm))
        adjoint = adjoint.args[1] if arm else adjoint.args[2]
    build.adjoints.append(Adjoint(adjoint, node, branches))
    whole = not branches and _is_whole(adjoint, node)
    if adjoint.op in ("const", "input") or adjoint in forward:
        return
    if whole:
        build.adjoints.append(Adjoint(adjoint.args[0], node))
    if node in build.names:
        build.name(adjoint, f"d{build.names[node]}")
    elif node in build.hints:
        build.hints.setdefault(adjoint, f"d{build.hints[node]}")
        if whole:
            build.hints.setdefault(adjoint.args[0], f"d{build.hints[node]}")


def _is_whole(adjoint: Node, node: Node) -> bool:
    """Whether an adjoint is the element of an array that has one for each point of the node."""
    return adjoint.op == "read" and {*adjoint.args[0].axes, *adjoint.args[1:]} == set(node.axes)


def _active(order: list[Node], inputs: set[Node]) -> set[Node]:
    """The nodes that carry a derivative of some input."""
    active: set[Node] = set()
    for node in order:
        if node in inputs or (
            node.dtype == "float" and node.op not in _STRUCTURAL and any(a in active for a in node.args)
        ):
            active.add(node)
    return active


def accumulate(build: Builder, terms: Sequence[Node]) -> Node:
    """The sum of adjoints; terms under one condition are summed inside one branch."""
    branches: dict[Node, tuple[list[Node], list[Node]]] = {}
    plain: list[Node] = []
    for term in terms:
        if _is_guarded(term):
            condition, then, otherwise = term.args
            arms = branches.setdefault(condition, ([], []))
            if not _is_zero(then):
                arms[0].append(then)
            if not _is_zero(otherwise):
                arms[1].append(otherwise)
        else:
            plain.append(term)
    zero = build.make("zero")
    for condition, (then_terms, else_terms) in branches.items():
        then = accumulate(build, then_terms) if then_terms else zero
        otherwise = accumulate(build, else_terms) if else_terms else zero
        plain.append(algebra.select(build, condition, then, otherwise))
    if len(branches) > 1 and all(_is_guarded(term) for term in plain[len(plain) - len(branches) :]):
        return build.make("total", tuple(plain), None, "float")
    return functools.reduce(lambda left, right: algebra.add(build, left, right), plain) if plain else zero


def times(build: Builder, adjoint: Node, local: Node) -> Node | None:
    """adjoint * local derivative; None where it is zero by structure. The adjoint's branches stay outermost."""
    if _is_zero(local) or _is_zero(adjoint):
        return None
    if _is_guarded(adjoint):
        return _branch(build, adjoint.args[0], [times(build, arm, local) for arm in adjoint.args[1:]])
    if local.op == "select":
        return _branch(build, local.args[0], [times(build, adjoint, arm) for arm in local.args[1:]])
    if local.op == "neg":
        product = times(build, adjoint, local.args[0])
        return None if product is None else algebra.neg(build, product)
    if local.op == "div" and algebra.number(local.args[0]) == 1:
        return algebra.div(build, adjoint, local.args[1])
    return algebra.mul(build, adjoint, local)


def _is_guarded(node: Node) -> bool:
    return node.op == "select" and any(_is_zero(arm) for arm in node.args[1:])


def _branch(build: Builder, condition: Node, arms: list[Node | None]) -> Node | None:
    if arms[0] is None and arms[1] is None:
        return None
    zero = build.make("zero")
    return algebra.select(build, condition, arms[0] or zero, arms[1] or zero)


def _in_arm(build: Builder, condition: Node, place: int, adjoint: Node) -> Node | None:
    """The adjoint where the condition picks the arm at `place`, 0 elsewhere."""
    if _is_zero(adjoint):
        return None
    if _is_guarded(adjoint):
        return _branch(build, adjoint.args[0], [_in_arm(build, condition, place, arm) for arm in adjoint.args[1:]])
    arms: list[Node | None] = [None, None]
    arms[place] = adjoint
    return _branch(build, condition, arms)


def _is_zero(node: Node) -> bool:
    return node.op == "zero"


def _through(
    build: Builder,
    node: Node,
    adjoint: Node,
    active: set[Node],
    adjoints: dict[Node, list[Node]],
    stored: dict[Node, list[Contribution]],
    rule: Rule,
) -> None:
    """Hand a node's adjoint on to its arguments."""
    if node.op == "read":
        stored[node.args[0]].append((adjoint, node.args[1:]))
        return
    domain = _domain(node.args)
    for place, argument in enumerate(node.args):
        if argument not in active or argument.dtype != "float":
            continue
        if node.op == "select":
            term = _in_arm(build, node.args[0], place - 1, adjoint)
        elif node.op == "reduce":
            term = times(build, adjoint, _of_reduction(build, node))
        else:
            term = times(build, adjoint, _local(build, node, place, active, rule) or build.make("zero"))
        if term is None:
            continue
        if argument.op == "read" and any(axis not in argument.axes for axis in domain):
            covered = _domain([term, argument])
            term = _sum(build, [axis for axis in domain if axis not in covered], term)
            stored[argument.args[0]].append((term, argument.args[1:]))  # an array adds up over the other axes itself
        else:
            adjoints[argument].append(_summed(build, term, domain, argument))


def _local(build: Builder, node: Node, place: int, active: set[Node], rule: Rule) -> Node | None:
    if node.op in _ONE_SIDED and node.args[1 - place] not in active:
        turned = build.make(_ONE_SIDED[node.op], (node.args[place], node.args[1 - place]))
        return rule(build, turned, 0)
    return rule(build, node, place)


def _domain(args: Sequence[Node]) -> tuple[Node, ...]:
    return tuple(sorted({axis for argument in args for axis in argument.axes}, key=axis_order))


def _summed(build: Builder, term: Node, domain: Sequence[Node], target: Node) -> Node:
    """The term summed over the axes of the domain that its target lacks."""
    return _sum(build, [axis for axis in domain if axis not in target.axes], term)


def _sum(build: Builder, axes: Sequence[Node], term: Node) -> Node:
    if not axes:
        return term
    if _is_guarded(term) and not any(axis in term.args[0].axes for axis in axes):
        arms = [arm if _is_zero(arm) else _sum(build, axes, arm) for arm in term.args[1:]]
        return algebra.select(build, term.args[0], *arms)
    return build.reduce("sum", axes, term)


def _of_reduction(build: Builder, node: Node) -> Node:
    """The derivative of a reduction by its body: 1 for a sum, equal shares among ties for an extremum."""
    body, axes = node.args[0], node.args[1:]
    if node.attribute == "sum":
        return build.number(1.0)
    if node.attribute == "prod":  # the product of the others, without dividing by this one
        others = fresh_axes(build, axes)
        differs = [build.make("ne", (other, axis)) for axis, other in others.items()]
        elsewhere = functools.reduce(lambda left, right: algebra.apply(build, None, (left, right), "or"), differs)
        rest = algebra.select(build, elsewhere, substitute(build, body, others), build.number(1.0))
        return build.reduce("prod", others.values(), rest)
    assert node.attribute in ("max", "min")
    chosen = algebra.apply(build, None, (body, node), "eq")
    ties = build.reduce("sum", axes, algebra.select(build, chosen, build.number(1.0), build.make("zero")))
    share = algebra.div(build, build.number(1.0), ties)
    return algebra.select(build, chosen, share, build.make("zero"))


def _collect(build: Builder, array: Node, found: list[Contribution], adjoints: dict[Node, list[Node]]) -> None:
    """Make one adjoint of all that is read of a stored value, where it stands and elsewhere."""
    if not found:
        return
    body, axes = array.args[0], array.args[1:]
    whole = adjoints[body]
    if whole and set(axes) <= set(body.axes):
        found = [(accumulate(build, whole), axes), *found]
        whole.clear()
    term = build.read(_scattered(build, array, found), *axes)
    domain = tuple(sorted({*axes, *array.axes, *_domain([body])}, key=axis_order))
    whole.append(_summed(build, term, domain, body))


def _through_pack(
    build: Builder, source: Node, found: list[Contribution], active: set[Node], adjoints: dict[Node, list[Node]]
) -> None:
    """Hand the adjoint of an array literal on to its elements."""
    total = _scattered(build, source, found)
    build.adjoints.append(Adjoint(total, source))
    for indices, element in zip(_places(build, source), source.args, strict=True):
        if element in active:
            term = build.read(total, *indices)
            adjoints[element].append(_summed(build, term, source.axes, element))


def _places(build: Builder, pack: Node) -> list[tuple[Node, ...]]:
    """The indices of an array literal's elements, in order."""
    assert isinstance(pack.attribute, tuple)
    ranges = [range(int(size)) for size in pack.attribute]
    return [tuple(build.integer(place) for place in places) for places in itertools.product(*ranges)]


def _scattered(build: Builder, source: Node, found: list[Contribution]) -> Node:
    """The adjoint of a source: an array to which every read of the source adds its own adjoint."""
    dimensions = _dimensions(build, source)
    if len(found) == 1:
        adjoint, indices = found[0]
        domain = _domain([adjoint, *indices])
        if _covers(indices, dimensions) and not any(axis in indices for axis in source.axes):
            extra = [axis for axis in domain if axis not in indices and axis not in source.axes]
            return build.array(_sum(build, extra, adjoint), indices)
    count = math.prod(size.attribute if isinstance(size.attribute, int) else MANY for size in dimensions)
    listed = all(index.op == "const" for _, indices in found for index in indices)
    if not source.axes and listed and count <= DENSE * len(found):
        return _packed(build, found, dimensions)
    flat = [part for adjoint, indices in found for part in (adjoint, *indices)]
    layout = ScatterLayout(len(dimensions), len(source.axes))
    return build.make("scatter", (*dimensions, *source.axes, *flat), layout, "float")


def _packed(build: Builder, found: list[Contribution], dimensions: tuple[Node, ...]) -> Node:
    """The adjoint of a source whose elements are read one by one, element by element."""
    sizes = tuple(int(size.attribute) for size in dimensions if isinstance(size.attribute, int))
    terms: dict[int, list[Node]] = defaultdict(list)
    for adjoint, indices in found:
        place = 0
        for index, size in zip(indices, sizes, strict=True):
            assert isinstance(index.attribute, int)
            place = place * size + index.attribute
        terms[place].append(_sum(build, adjoint.axes, adjoint))
    elements = [accumulate(build, terms[place]) for place in range(math.prod(sizes))]
    return build.make("pack", tuple(elements), sizes, "float")


def _dimensions(build: Builder, source: Node) -> tuple[Node, ...]:
    return source.args if source.op == "input" else stored_sizes(build, source)


def _covers(indices: Sequence[Node], dimensions: Sequence[Node]) -> bool:
    """Whether the indices are axes of their own that run over the whole array."""
    return len(set(indices)) == len(indices) and all(
        index.op == "index" and index.args[0].attribute == 0 and index.args[1] is size
        for index, size in zip(indices, dimensions, strict=True)
    )


def _of_input(
    build: Builder, node: Node, adjoints: dict[Node, list[Node]], stored: dict[Node, list[Contribution]]
) -> Node | None:
    if not node.args:
        return accumulate(build, adjoints[node]) if adjoints[node] else None
    return _scattered(build, node, stored[node]) if stored[node] else None
