"""Adjoints inside branches: added, multiplied and summed where the branch is taken, and nowhere else."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from fractions import Fraction

from mgc.compiler.graph import algebra
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.conditions import holding, implies
from mgc.compiler.graph.control import analyse
from mgc.compiler.graph.failing import failing_sizes, raising
from mgc.compiler.graph.graph import Graph
from mgc.compiler.graph.guards import Guard, Guards
from mgc.compiler.graph.loops import loop_order
from mgc.compiler.graph.nodes import Node, axis_order
from mgc.compiler.graph.partial import is_steep

LINEAR = frozenset(
    "add sub neg reduce array pack total select checked".split()
)  # their slopes read nothing but a condition


def flows(graph: Graph, order: list[Node], active: set[Node]) -> dict[Node, Guards]:
    """The branches in which a node that may fail, or reads what fails at a size of 0, is read; where its slope may be
    infinite, those in which a derivative is.
    """
    fragile, failing, rank = raising(graph, order), failing_sizes(graph, order), loop_order(order)
    steep = {node for node in order if is_steep(node)}
    read = analyse(graph, order, rank).guards
    derived = analyse(graph, order, rank, active).guards if steep else read

    def is_exposed(node: Node) -> bool:
        if node.op in LINEAR:
            return node.op == "select" and (node.args[0] in fragile or node.args[0] in failing)
        return node in fragile or any(argument in failing for argument in node.args)

    def branches(node: Node) -> Guards:
        around = (derived if node in steep else read)[node]
        return tuple([guard for guard in around if not implies((), node.axes, guard, {})])

    return {node: branches(node) if is_exposed(node) else () for node in order}


def under(build: Builder, chain: Guards, adjoint: Node) -> Node:
    """The adjoint inside branches that it is not in already: each inside those before it, which it may need."""
    inside = _branches(adjoint)
    missing = [guard for guard in chain if not any(_implies(one, guard) for one in inside)]
    if not missing:
        return adjoint
    zero = build.make("zero")
    before = chain[: chain.index(missing[-1])]
    if any(_implies(one, guard) for one in inside for guard in before):
        condition, arm = inside[0]
        left = tuple([guard for guard in chain if not _implies((condition, arm), guard)])
        inner = under(build, left, adjoint.args[1] if arm else adjoint.args[2])
        return algebra.select(build, condition, *((inner, zero) if arm else (zero, inner)))
    for condition, arm in reversed(missing):
        adjoint = algebra.select(build, condition, *((adjoint, zero) if arm else (zero, adjoint)))
    return adjoint


def _branches(adjoint: Node) -> Guards:
    """The branches outside of which an adjoint is 0, outermost first."""
    found: Guards = ()
    while is_guarded(adjoint):
        arm = is_zero(adjoint.args[2])
        found = (*found, (adjoint.args[0], arm))
        adjoint = adjoint.args[1] if arm else adjoint.args[2]
    return found


def _implies(guard: Guard, other: Guard) -> bool:
    """Whether a branch lies in another: in itself, or in one that its condition or either of two leads to."""
    return implies(holding((guard,)), (), other, {})


def stopped(build: Builder, adjoint: Node) -> Node:
    """The adjoint, in a branch that is taken only where it is not 0."""
    if is_guarded(adjoint):
        arms = [arm if is_zero(arm) else stopped(build, arm) for arm in adjoint.args[1:]]
        return algebra.select(build, adjoint.args[0], *arms)
    flows = algebra.apply(build, None, (adjoint, build.number(0.0)), "ne")
    return algebra.select(build, flows, adjoint, build.make("zero"))


def accumulate(build: Builder, terms: Sequence[Node]) -> Node:
    """The sum of adjoints; terms under one condition are summed inside one branch."""
    branches: dict[Node, tuple[list[Node], list[Node]]] = {}
    plain: list[Node] = []
    for term in terms:
        if is_guarded(term):
            condition, then, otherwise = term.args
            arms = branches.setdefault(condition, ([], []))
            if not is_zero(then):
                arms[0].append(then)
            if not is_zero(otherwise):
                arms[1].append(otherwise)
        else:
            plain.append(term)
    zero = build.make("zero")
    for condition, (then_terms, else_terms) in branches.items():
        then = accumulate(build, then_terms) if then_terms else zero
        otherwise = accumulate(build, else_terms) if else_terms else zero
        plain.append(algebra.select(build, condition, then, otherwise))
    if len(branches) > 1 and all(is_guarded(term) for term in plain[len(plain) - len(branches) :]):
        return build.make("total", tuple(plain), None, "float")
    if len(plain) < 2:
        return plain[0] if plain else zero
    often = dict.fromkeys(plain, 0)
    for term in plain:
        often[term] += 1
    counted = [one if n == 1 else algebra.mul(build, build.number(float(n)), one) for one, n in often.items()]
    return functools.reduce(lambda left, right: algebra.add(build, left, right), counted)


def times(build: Builder, adjoint: Node, local: Node) -> Node | None:
    """adjoint * local derivative; None where it is zero by structure. The adjoint's branches stay outermost."""
    if is_zero(local) or is_zero(adjoint):
        return None
    if is_guarded(adjoint):
        return _branch(build, adjoint.args[0], [times(build, arm, local) for arm in adjoint.args[1:]])
    if local.op == "select" and local.origin.section != "forward":  # a value that is a choice is read
        return _branch(build, local.args[0], [times(build, adjoint, arm) for arm in local.args[1:]])
    if (turned := _turned(build, local)) is not None:
        product = times(build, adjoint, turned)
        return None if product is None else algebra.neg(build, product)
    if local.op == "div" and algebra.number(local.args[0]) == 1:
        divides = build.origin.rule is not None and build.origin.rule.op == "div"  # of y/c*c both have no value at 0
        rest = None if divides else _without(build, adjoint, local.args[1])
        return rest or algebra.div(build, adjoint, local.args[1])
    return _scaled(build, adjoint, local) or algebra.mul(build, adjoint, local)


def _turned(build: Builder, local: Node) -> Node | None:
    """What a minus stands before: x for -x, x/y for -x/y."""
    if local.op == "neg":
        return local.args[0]
    if local.op == "div" and local.args[0].op == "neg" and local.args[0] not in build.names:
        return algebra.div(build, local.args[0].args[0], local.args[1])
    return None


def _without(build: Builder, adjoint: Node, factor: Node) -> Node | None:
    """The adjoint without a factor of it, by which a slope divides: that of p * log(p) is log(p) + 1."""
    if adjoint is factor:
        return build.number(1.0)
    if adjoint.op == "neg":
        rest = _without(build, adjoint.args[0], factor)
        return None if rest is None else algebra.neg(build, rest)
    if adjoint.op == "mul" and factor in adjoint.args:
        return adjoint.args[adjoint.args[0] is factor]
    return None


def _scaled(build: Builder, adjoint: Node, local: Node) -> Node | None:
    """200 * x for 100 * (2 * x), 2 * a * x for a * (2 * x), 2/n * x for 1/n * (2 * x), where the number is exact."""
    inner, factor = _coefficient(build, local)
    over = adjoint.args[1] if adjoint.op == "div" and algebra.number(adjoint.args[0]) is not None else None
    outer, rest = _coefficient(build, adjoint if over is None else adjoint.args[0])
    product = float(outer) * inner
    if abs(inner) == 1 or not math.isfinite(product) or Fraction(outer) * Fraction(inner) != Fraction(product):
        return None
    if rest is not None and abs(outer) == 1:
        needs_parentheses = factor is None and rest.op == "mul"
        would_be_stored = factor is not None and rest.axes and not set(factor.axes) <= set(rest.axes)
        if needs_parentheses or would_be_stored:
            return None
    front = build.number(product) if over is None else algebra.div(build, build.number(product), over)
    parts = [part for part in (rest, factor) if part is not None]
    return functools.reduce(functools.partial(algebra.mul, build), parts, front)


def _coefficient(build: Builder, node: Node) -> tuple[float, Node | None]:
    """The number that a node is a product with, and the other factor; what has a name is whole."""
    if (own := algebra.number(node)) is not None:
        return own, None
    if node.op == "neg" and node not in build.names:
        number, other = _coefficient(build, node.args[0])
        return -number, other
    if node.op == "mul" and node not in build.names:
        for one, other in (node.args, node.args[::-1]):
            if (value := algebra.number(one)) is not None:
                return value, other
    return 1.0, node


def is_guarded(node: Node) -> bool:
    return node.op == "select" and any(is_zero(arm) for arm in node.args[1:])


def _branch(build: Builder, condition: Node, arms: list[Node | None]) -> Node | None:
    if arms[0] is None and arms[1] is None:
        return None
    zero = build.make("zero")
    return algebra.select(build, condition, arms[0] or zero, arms[1] or zero)


def in_arm(build: Builder, condition: Node, place: int, adjoint: Node) -> Node | None:
    """The adjoint where the condition picks the arm at `place`, 0 elsewhere."""
    if is_zero(adjoint):
        return None
    if is_guarded(adjoint):
        return _branch(build, adjoint.args[0], [in_arm(build, condition, place, arm) for arm in adjoint.args[1:]])
    arms: list[Node | None] = [None, None]
    arms[place] = adjoint
    return _branch(build, condition, arms)


def is_zero(node: Node) -> bool:
    return node.op == "zero"


def domain_of(args: Sequence[Node]) -> tuple[Node, ...]:
    return tuple(sorted({axis for argument in args for axis in argument.axes}, key=axis_order))


def summed(build: Builder, term: Node, domain: Sequence[Node], target: Node) -> Node:
    """The term summed over the axes of the domain that its target lacks."""
    return sum_over(build, [axis for axis in domain if axis not in target.axes], term)


def sum_over(build: Builder, axes: Sequence[Node], term: Node) -> Node:
    if not axes:
        return term
    if is_guarded(term) and not any(axis in term.args[0].axes for axis in axes):
        arms = [arm if is_zero(arm) else sum_over(build, axes, arm) for arm in term.args[1:]]
        return algebra.select(build, term.args[0], *arms)
    return build.reduce("sum", axes, term)
