"""Chains of branches, chains -> the condition that all of them come to: what either, both or some turn takes.

>>> from mgc.compiler.graph.builder import Builder
>>> build = Builder()
>>> a, b, c = (build.make("input", (), name, "bool") for name in "abc")
>>> common([((a, True), (b, True)), ((a, True), (c, True))]) == ((a, True),)
True
>>> merged([((a, True), (b, True)), ((a, True), (b, False))]) == [((a, True),)]  # whatever b is
True
>>> [(condition.op, arm) for condition, arm in either(Made(build), [((b, True),), ((c, False),)])]
[('or', True)]
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct, field

from mgc.compiler.graph import algebra, sizes
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.guards import Guard, Guards
from mgc.compiler.graph.nodes import Node

Reading = tuple[Guards, frozenset[Node]]  # the branches around a reader, and the loops that it runs in


_OVER = {"gt": 0, "lt": 0, "ge": 1, "le": 1}  # what is added to a difference of integers to be above 0


class Turns(NamedTuple):
    """What `some turn takes it` stands for: the branches and loops of the turns."""

    branches: Guards
    loops: frozenset[Node]


class Made(Struct, frozen=True):
    """Makes conditions, and keeps those that it made, whether or not the graph had them."""

    build: Builder
    nodes: set[Node] = field(default_factory=set)

    def apply(self, op: str, *args: Node) -> Node:
        return self.keep(algebra.apply(self.build, None, args, op))

    def keep(self, made: Node) -> Node:
        self.nodes.add(made)
        return made


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
    fewest = min(map(len, found), default=0)
    return [chain for held, chain in found.items() if len(held) == fewest or not any(one < held for one in found)]


def absorbed(readings: Sequence[Reading], turning: Collection[Node]) -> list[Reading]:
    """The readings that are possible and do not follow from another, in fewer branches and loops but the turning."""
    readings = [one for one in readings if not _is_contradictory(one[0])] or readings
    sets = [(frozenset(around), loops.difference(turning)) for around, loops in readings]

    def follows(place: int) -> bool:
        branches, loops = sets[place]
        return any(
            outer <= branches and fewer <= loops and (other < place or (outer, fewer) != sets[place])
            for other, (outer, fewer) in enumerate(sets)
            if other != place
        )

    return [reading for place, reading in enumerate(readings) if not follows(place)]


def _is_contradictory(chain: Guards) -> bool:
    return len({condition for condition, _ in chain}) < len(set(chain))


def either(made: Made, chains: Sequence[Guards]) -> Guards:
    """The branches in which some chain holds."""
    chains = merged(chains)
    shared = common(chains)
    rest = [chain[len(shared) :] for chain in chains]
    if not all(rest):
        return shared
    if len(rest) < 2:
        return (*shared, *[guard for chain in rest for guard in chain])
    tests = [both(made, chain) for chain in rest]
    while len(tests) > 1:  # in pairs, so that many make no deep expression
        pairs = [tests[place : place + 2] for place in range(0, len(tests), 2)]
        tests = [functools.reduce(lambda a, b: _logic(made, "or", a, b), pair) for pair in pairs]
    return (*shared, (tests[0], True))


def both(made: Made, chain: Sequence[Guard]) -> Node:
    """All conditions of a chain, each tested only where those before it hold."""
    tests = [condition if arm else made.apply("not", condition) for condition, arm in chain]
    return functools.reduce(lambda a, b: _logic(made, "and", a, b), tests)


def some_turn(made: Made, chain: Guards, loops: Iterable[Node]) -> Node:
    """Whether in some turn of the loops all branches are taken: sizes say it, or a count of these turns."""
    build, loops = made.build, list(loops)
    if (known := _by_sizes(made, chain, loops)) is not None:
        return known
    taken = both(made, chain) if chain else build.boolean(True)
    once = algebra.select(build, taken, build.number(1.0), build.number(0.0))
    turns = build.reduce("sum", loops, once)
    made.nodes.update([once, turns])
    return made.apply("gt", turns, build.number(0.0))


def _by_sizes(made: Made, chain: Guards, loops: Sequence[Node]) -> Node | None:
    """`n > 1` for turns of `range(i)` in `range(n)`; None where more than one range or branch depends on a turn."""
    build = made.build
    lengths = [_excess(build, "gt", *axis.args[::-1]) for axis in loops]
    for condition, arm in chain:
        if not arm or condition.op not in _OVER or condition.args[0].dtype != "int" or condition.args[1].dtype != "int":
            return None
        lengths.append(_excess(build, condition.op, *condition.args))
    if sum(not set(loops).isdisjoint(length.axes) for length in lengths) > 1:
        return None
    most = [sizes.largest(build, length, loops) for length in lengths]
    known = [length for length in most if length is not None]
    if len(known) < len(most):
        return None
    least = [one for one in known if not any(one is not other and sizes.is_larger(one, other) for other in known)]
    tests = [made.keep(sizes.positive(build, one)) for one in least]
    test = functools.reduce(lambda left, right: _logic(made, "and", left, right), tests)
    return test if test.args or test.attribute else None


def _excess(build: Builder, op: str, left: Node, right: Node) -> Node:
    """The integer that is above 0 where a comparison of integers holds."""
    larger, smaller = (left, right) if op in ("gt", "ge") else (right, left)
    return algebra.add(build, algebra.sub(build, larger, smaller), build.integer(_OVER[op]))


def _logic(made: Made, op: str, left: Node, right: Node) -> Node:
    """One of two conditions where it says all: of `a and b` the stronger, of `a or b` the weaker."""
    if _follows(right, left):
        return left if op == "and" else right
    return left if op == "or" and _follows(left, right) else made.apply(op, left, right)


def _follows(condition: Node, other: Node) -> bool:
    return implies(holding(((other, True),)), (), (condition, True), {})


def holding(around: Iterable[Guard]) -> frozenset[Guard]:
    """The branches, and those that they consist of: where `a and not b` holds, a does and b does not."""
    found: set[Guard] = set()
    stack = list(around)
    while stack:
        condition, arm = guard = stack.pop()
        found.add(guard)
        if condition.op == "not":
            stack.append((condition.args[0], not arm))
        elif condition.op == ("and" if arm else "or"):
            stack.extend((part, arm) for part in condition.args)
    return frozenset(found)


def implies(held: Collection[Guard], axes: Collection[Node], guard: Guard, turns: Mapping[Node, Turns]) -> bool:
    """Whether what stands where branches are `holding`, and in loops over axes, stands in another branch anyway."""
    condition, arm = guard
    if guard in held or (condition.op == "const" and condition.attribute is arm):
        return True
    if condition.op == "not":
        return implies(held, axes, (condition.args[0], not arm), turns)
    if condition.op in ("or", "and"):
        parts = (implies(held, axes, (part, arm), turns) for part in condition.args)
        return any(parts) if (condition.op == "or") is arm else all(parts)
    if arm and condition.op == "gt" and any(condition.args == axis.args[::-1] for axis in axes):
        return True  # in a loop over it a range has turns
    if condition.op in ("eq", "ne") and arm is (condition.op == "ne"):
        return any(holds and one.op in ("gt", "lt") and one.args == condition.args for one, holds in held)
    count = turns.get(condition)
    return arm and count is not None and count.loops <= set(axes) and holding(count.branches) <= set(held)
