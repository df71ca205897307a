"""Chains of branches, chains -> the condition that all of them come to: what either, both or some turn takes.

>>> from mgc.compiler.graph.builder import Builder
>>> build = Builder()
>>> a, b, c = (build.make("input", (), name, "bool") for name in "abc")
>>> common([((a, True), (b, True)), ((a, True), (c, True))]) == ((a, True),)
True
>>> merged([((a, True), (b, True)), ((a, True), (b, False))]) == [((a, True),)]  # whatever b is
True
>>> [(condition.op, arm) for condition, arm in either(build, [((b, True),), ((c, False),)])]
[('or', True)]
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from mgc.compiler.graph import algebra
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.guards import Guard, Guards
from mgc.compiler.graph.nodes import Node

Reading = tuple[Guards, frozenset[Node]]  # the branches around a reader, and the loops that it runs in


class Turns(NamedTuple):
    """What `some turn takes it` stands for: the branches and loops of the turns, and the branches around each test."""

    branches: Guards
    loops: frozenset[Node]
    around: list[Guards]


def outer_part(chain: Guards, loops: Collection[Node]) -> Guards:
    """The branches up to one whose condition needs another loop."""
    for depth, (condition, _) in enumerate(chain):
        if not all(axis in loops for axis in condition.axes):
            return chain[:depth]
    return chain


def common(chains: Sequence[Guards]) -> Guards:
    """The branches that all chains begin with."""
    if not chains:
        return ()
    first = min(chains, key=len)
    for depth, guard in enumerate(first):
        if any(chain[depth] != guard for chain in chains):
            return first[:depth]
    return first


def merged(chains: Sequence[Guards]) -> list[Guards]:
    """The chains that do not follow from others, two that differ in the arm of one condition being one without it."""
    found = {frozenset(chain): chain for chain in chains}
    for held in sorted(found, key=len, reverse=True):
        for condition, arm in found.get(held, ()):
            other = (held - {(condition, arm)}) | {(condition, not arm)}
            if held in found and other in found:
                rest = tuple([guard for guard in found.pop(held) if guard[0] is not condition])
                found.pop(other)
                found[frozenset(rest)] = rest
    return [chain for held, chain in found.items() if not any(one < held for one in found)]


def absorbed(readings: Sequence[Reading]) -> list[Reading]:
    """The readings that do not follow from another, in fewer branches and loops."""
    sets = [(frozenset(around), loops) for around, loops in readings]

    def follows(place: int) -> bool:
        branches, loops = sets[place]
        return any(
            outer <= branches and fewer <= loops and (other < place or (outer, fewer) != sets[place])
            for other, (outer, fewer) in enumerate(sets)
            if other != place
        )

    return [reading for place, reading in enumerate(readings) if not follows(place)]


def either(build: Builder, chains: Sequence[Guards]) -> Guards:
    """The branches in which some chain holds."""
    chains = merged(chains)
    shared = common(chains)
    rest = [chain[len(shared) :] for chain in chains]
    if not all(rest):
        return shared
    if len(rest) < 2:
        return (*shared, *[guard for chain in rest for guard in chain])
    tests = [both(build, chain) for chain in rest]
    while len(tests) > 1:  # in pairs, so that many make no deep expression
        pairs = [tests[place : place + 2] for place in range(0, len(tests), 2)]
        tests = [functools.reduce(lambda a, b: _logic(build, "or", a, b), pair) for pair in pairs]
    return (*shared, (tests[0], True))


def both(build: Builder, chain: Guards) -> Node:
    """All conditions of a chain, each tested only where those before it hold."""
    tests = [condition if arm else algebra.apply(build, None, (condition,), "not") for condition, arm in chain]
    return functools.reduce(lambda a, b: _logic(build, "and", a, b), tests)


def some_turn(build: Builder, chain: Guards, loops: Iterable[Node]) -> Node:
    """Whether in some turn of the loops all branches are taken: a count of these turns that is not 0."""
    taken = both(build, chain) if chain else build.boolean(True)
    turns = build.reduce("sum", loops, algebra.select(build, taken, build.number(1.0), build.number(0.0)))
    build.hints.setdefault(turns, "turns")
    return algebra.apply(build, None, (turns, build.number(0.0)), "gt")


def _logic(build: Builder, op: str, left: Node, right: Node) -> Node:
    return left if left is right else algebra.apply(build, None, (left, right), op)


def implies(around: Guards, axes: Iterable[Node], guard: Guard, turns: Mapping[Node, Turns]) -> bool:
    """Whether what stands in branches, and in loops over axes, stands in another branch anyway."""
    condition, arm = guard
    if guard in around or (condition.op == "const" and condition.attribute is arm):
        return True
    if arm and condition.op == "gt" and any(condition.args == axis.args[::-1] for axis in axes):
        return True  # in a loop over it a range has turns
    if arm and condition.op in ("or", "and"):
        parts = [implies(around, axes, (part, True), turns) for part in condition.args]
        return any(parts) if condition.op == "or" else all(parts)
    count = turns.get(condition)
    return arm and count is not None and set(count.branches) <= set(around) and count.loops <= set(axes)
