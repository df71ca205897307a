"""Reverse mode as it is taught, graph -> graph: each reader of a value adds to the value's adjoint, one rule at a time.

The chain rule is that of `reverse`; what differs is where it is kept. Every value that the graph keeps has an adjoint
of its own, a scatter, to which each use of the value adds a term with its `Step`. What has no name passes its adjoint
on, but keeps it where that is a product already and another product follows.

    n = x*w + b                dout = 1
    return exp(n)       ->     dn = dout * out      d exp(u)/du = exp(u)
                               dx = dn * w          d(u*v)/du = v
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from mgc.compiler.gradient.arrays import places
from mgc.compiler.gradient.gaps import gaps
from mgc.compiler.gradient.guarded import (
    accumulate,
    domain_of,
    flows,
    in_arm,
    is_guarded,
    is_zero,
    sum_over,
    times,
    under,
)
from mgc.compiler.gradient.guarded import stopped as stopped_at_zero
from mgc.compiler.gradient.reverse import Endless, Rule, active_nodes, name_adjoint, ruled, slope, stops
from mgc.compiler.graph.algebra import number
from mgc.compiler.graph.builder import Builder, stored_sizes
from mgc.compiler.graph.conditions import implies
from mgc.compiler.graph.control import analyse
from mgc.compiler.graph.graph import Graph, Input, author_order, finished, statements, topological_order
from mgc.compiler.graph.guards import Guards
from mgc.compiler.graph.loops import loop_order
from mgc.compiler.graph.nodes import (
    NOWHERE,
    Node,
    Origin,
    Partial,
    ScatterLayout,
    Step,
    axis_order,
    bound_axes,
    contributions,
)
from mgc.compiler.graph.partial import without_number
from mgc.compiler.graph.substitution import substitute

Say = Callable[[Node, int], str]  # (node, argument's place) -> the rule in words
PASSED, TURNED, MULTIPLIED = range(3)  # what rules have made of an adjoint since it was last kept
EITHER_ARM = "d(u if c else u)/du = 1: both arms have it"
_LINEAR = frozenset({"add", "sub", "neg", "select"})  # what multiplies by nothing


class Term(NamedTuple):
    """What a reader adds to the adjoint of a value, at these of its indices."""

    value: Node
    indices: tuple[Node, ...]
    step: Step
    made: int


class _Sweep(Struct):
    """The terms of each adjoint so far. `statement` is the kept value that each value is computed for, `checked` has
    the branches in which an index is known."""

    graph: Graph
    build: Builder
    kept: frozenset[Node]
    active: set[Node]
    statement: dict[Node, Node]
    checked: dict[Node, Guards]
    terms: dict[Node, list[Term]] = field(default_factory=lambda: defaultdict(list))


def gradient_in_steps(
    graph: Graph, wrt: Sequence[Input], seeds: Sequence[Node], rule: Rule, endless: Endless, say: Say
) -> Graph:
    """As `reverse.gradient`, with an adjoint for each value that the graph keeps, and a step for each term."""
    build = graph.builder
    order = topological_order(graph.outputs)
    forward = frozenset(order)
    active = active_nodes(order, {given.node for given in wrt})
    around, partial = flows(graph, order, active), without_number(order)
    read = analyse(graph, order, loop_order(order)).guards
    sweep = _Sweep(graph, build, graph.kept, active, statements(graph, order), _where_checked(order, read))
    build.origin = Origin(section="backward")
    _seed(sweep, graph, seeds)
    for node in reversed(order):
        build.origin = Origin(node.origin.span, node.origin.calls, "backward", node)
        if node not in active or node.op in ("input", "array") or not sweep.terms[node]:
            continue
        adjoint, term = _adjoint(sweep, node)
        name_adjoint(graph, node, adjoint, forward)
        whole, adjoint = adjoint, under(build, around[node], adjoint)
        if stops(endless, node, adjoint, partial):
            is_met = not endless(node.op, False, False) and _is_met(whole, read[node])
            adjoint = under(build, read[node], whole) if is_met else stopped_at_zero(build, adjoint)
        _through(sweep, node, adjoint, term, rule, say)
    found = []
    for given in wrt:
        build.origin = Origin(section="backward", primal=given.node)
        found.append((given, _total(sweep, given.node, given.sizes, ())))
    build.origin = NOWHERE
    made = finished(build, graph.name, graph.inputs, graph.outputs, tuple(found))
    return replace(made, hints={**made.hints, **graph.hints}, layouts=graph.layouts, kept=graph.kept)


def _is_met(adjoint: Node, branches: Guards) -> bool:
    """Whether an adjoint is added to wherever its value is computed: in these branches, for all of its entries."""
    if adjoint.op != "read" or adjoint.args[0].op != "scatter":
        return False
    for added, indices in contributions(adjoint.args[0]):
        while is_guarded(added) and (added.args[0], is_zero(added.args[2])) in branches:
            added = added.args[1] if is_zero(added.args[2]) else added.args[2]
        if indices == adjoint.args[1:] and not is_guarded(added) and not gaps(added):
            return True
    return False


def _where_checked(order: Sequence[Node], around: Mapping[Node, Guards]) -> dict[Node, Guards]:
    """For each index of a read the branches in which it is checked."""
    return {index: around[index] for node in order if node.op == "read" for index in node.args[1:]}


def _seed(sweep: _Sweep, graph: Graph, seeds: Sequence[Node]) -> None:
    """The adjoints of the results."""
    build = sweep.build
    for output, seed in zip(graph.outputs, seeds, strict=True):
        step = _step(sweep, output, "the derivative of the result by itself")
        if output.op == "array":
            axes = output.args[1:]
            _add(sweep, output.args[0], build.read(seed, *axes), axes, step)
        elif output.op == "pack":
            sweep.terms[output] += [Term(build.read(seed, *at), at, step, PASSED) for at in places(build, output)]
        else:
            _add(sweep, output, seed, (), step)


def _add(sweep: _Sweep, argument: Node, value: Node, domain: Iterable[Node], step: Step, made: int = PASSED) -> None:
    """Add a term to the adjoint of what a reader reads."""
    holder, indices = _holder(sweep, argument)
    if holder in sweep.active:
        _add_at(sweep, holder, indices, value, domain, step, made)


def _add_at(
    sweep: _Sweep,
    holder: Node,
    indices: tuple[Node, ...],
    value: Node,
    domain: Iterable[Node],
    step: Step,
    made: int = PASSED,
) -> None:
    """Add a term at these indices, where they are known; what both arms of a branch add is one term."""
    covered = {*domain_of([value, *indices]), *_outer_axes(holder)}
    summed = [axis for axis in domain if axis not in covered]
    known = dict.fromkeys(guard for index in indices for guard in sweep.checked.get(index, ()))
    here = tuple([guard for guard in known if not implies((), covered, guard, {})])
    value = sum_over(sweep.build, summed, under(sweep.build, here, value))
    terms = sweep.terms[holder]
    if terms and terms[-1].indices == indices and is_guarded(value):
        both = accumulate(sweep.build, [terms[-1].value, value])
        loops = {domain_of([added, *indices]) for added in (terms[-1].value, value, both)}
        if both.op not in ("add", "select", "total") and len(loops) == 1:  # one adjoint goes to both arms of a branch
            terms.pop()
            value, step = both, step._replace(rule=_of_both_arms(step.rule))
    terms.append(Term(value, indices, step, made))


def _of_both_arms(rule: str) -> str:
    """The rule of a value that is in both arms of a branch: that of one arm, without the branch."""
    return "; ".join([EITHER_ARM, *[one for one in rule.split("; ") if not one.startswith("d(u if c")]])


def _adjoint(sweep: _Sweep, node: Node) -> tuple[Node, Term | None]:
    """The adjoint of a value, and the term that it is where it is not kept."""
    if node.op == "pack":
        found = _total(sweep, node, stored_sizes(sweep.build, node), node.axes)
        assert found is not None
        return found, None
    first, *others = sweep.terms[node]
    indices = _dimensions(sweep, node)
    is_one = not others and first.indices == indices
    if is_one and _passes(sweep, node, first):
        return first.value, first
    if is_one and node not in sweep.kept and set(first.value.axes) <= set(node.axes):  # a number in the loops around it
        sweep.terms[node], indices = [first._replace(indices=())], ()
        found = _total(sweep, node, (), node.axes)
    else:
        found = _total(sweep, node, [axis.args[1] for axis in indices], _outer_axes(node))
    assert found is not None
    return sweep.build.read(found, *indices), None


def _passes(sweep: _Sweep, node: Node, term: Term) -> bool:
    """Whether a value hands its only term on as it is, summed over no axis yet."""
    extra = [axis for axis in term.value.axes if axis not in node.axes]
    if any(axis in extra for axis in bound_axes(node)):  # the node's own loop is over another turn of that axis
        return False
    if node in sweep.kept:
        return _is_given(term.value) and not extra
    return _is_given(term.value) or term.made < MULTIPLIED or (node.op in _LINEAR and _hands_on(sweep, node) < 2)


def _hands_on(sweep: _Sweep, node: Node) -> int:
    """To how many arguments a node hands its adjoint: to one arm of a branch."""
    active = [argument for argument in node.args if argument in sweep.active and argument.dtype == "float"]
    return 1 if node.op == "select" else len(active)


def _total(sweep: _Sweep, node: Node, sizes: Sequence[Node], free: Sequence[Node]) -> Node | None:
    """The array to which every reader of a value adds; None where there is none."""
    terms = sweep.terms[node]
    flat = [part for term in terms for part in (term.value, *term.indices)]
    layout = ScatterLayout(len(sizes), len(free), tuple(term.step for term in terms))
    return sweep.build.make("scatter", (*sizes, *free, *flat), layout, "float") if terms else None


def _through(sweep: _Sweep, node: Node, adjoint: Node, term: Term | None, rule: Rule, say: Say) -> None:
    """Hand a node's adjoint on to its arguments."""
    build = sweep.build
    if node.op == "read":
        source, indices = _element(sweep, node)
        _add_at(sweep, source, indices, adjoint, node.axes, _step(sweep, node, say(node, 0)))
        return
    if node.op == "pack":
        for element, at in zip(node.args, places(build, node), strict=True):
            _add(sweep, element, build.read(adjoint, *at), node.axes, _step(sweep, node, say(node, 0)))
        return
    domain = domain_of(node.args)
    before = PASSED if term is None else term.made
    for place, argument in enumerate(node.args):
        if argument not in sweep.active or argument.dtype != "float":
            continue
        build.origin = replace(build.origin, rule=Partial(node.op, place))
        if node.op == "select":
            value, made = in_arm(build, node.args[0], place - 1, adjoint), TURNED
        else:
            local = _unfolded(build, node, place) or slope(build, node, place, sweep.active, rule)
            value = times(build, adjoint, local)
            made = PASSED if number(local) == 1 else TURNED if number(local) == -1 else MULTIPLIED
        if value is not None:
            told = [term.step.rule] if term is not None and before else []
            if made or not told:
                told.append(say(*ruled(build, node, place, sweep.active)))
            _add(sweep, argument, value, domain, _step(sweep, node, "; ".join(told)), max(before, made))


def _unfolded(build: Builder, node: Node, place: int) -> Node | None:
    """The slope of a division by a number, 1/9.81, as it is written; None for any other."""
    if node.op != "div" or place or number(node.args[1]) is None:
        return None
    return build.make("div", (build.number(1.0), node.args[1]))


def _step(sweep: _Sweep, node: Node, rule: str) -> Step:
    """The step of a rule that is applied to a node."""
    whole = sweep.statement[node]
    loops = tuple(axis_order(axis) for axis in author_order(sweep.graph, whole))
    origin = replace(sweep.build.origin, span=node.origin.span, calls=node.origin.calls, primal=None)
    return Step(rule, whole.serial, loops, origin)


def _holder(sweep: _Sweep, node: Node) -> tuple[Node, tuple[Node, ...]]:
    """The value whose adjoint a reader of the node adds to, and at which of its indices."""
    if node.op == "read" and node not in sweep.kept:
        return _element(sweep, node)
    return node, () if node.op == "input" else _dimensions(sweep, node)


def _element(sweep: _Sweep, read: Node) -> tuple[Node, tuple[Node, ...]]:
    """The value that a read takes an element of, and the element's indices."""
    source, indices = read.args[0], read.args[1:]
    at: dict[Node, Node] = {}  # a view inside another is taken at the other's indices too
    while source.op == "array":
        body, at = source.args[0], at | dict(zip(source.args[1:], indices, strict=True))
        if body.op != "read" or body in sweep.kept:
            return body, tuple(at.get(axis, axis) for axis in _dimensions(sweep, body))
        source, indices = body.args[0], tuple(substitute(sweep.build, index, at) for index in body.args[1:])
    return source, indices


def _dimensions(sweep: _Sweep, node: Node) -> tuple[Node, ...]:
    """The axes of a value's adjoint, in the author's order."""
    outer = _outer_axes(node)
    return tuple(axis for axis in author_order(sweep.graph, node) if axis not in outer)


def _outer_axes(node: Node) -> tuple[Node, ...]:
    """The axes that an adjoint lies inside of: those of an array literal."""
    return node.axes if node.op == "pack" else ()


def _is_given(value: Node) -> bool:
    """Whether an adjoint is one that the caller gives."""
    source = value.args[0] if value.op == "read" else value
    return source.op == "input" and str(source.attribute).startswith("adjoint.")
