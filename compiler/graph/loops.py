"""The loops of a graph, nodes -> which loops a node is in, in which order they stand, and whether they have turns.

>>> from mgc.compiler.graph.builder import Builder
>>> build = Builder()
>>> n, k = build.size("n"), build.make("input", (), "k", "int")
>>> i, j = (build.axis(name, build.integer(0), stop) for name, stop in (("i", n), ("j", k)))
>>> has_turns(i), has_turns(i, frozenset({n})), has_turns(j)
(True, False, False)
>>> [axis.attribute.name for axis in loop_order([n, k, i, j])]
['i', 'j']
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping

from mgc.compiler.graph import algebra, sizes
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.graph import topological_order
from mgc.compiler.graph.nodes import Node, axis_order

_OF_ARGUMENTS = frozenset({"size", "const", "input", "index", "add", "sub", "mul", "neg", "exactdiv", "bound"})


def own_loops(node: Node) -> set[Node]:
    """The loops that a node is computed under."""
    return set(node.axes[:-1] if node.op == "index" else node.axes)


def has_turns(axis: Node, may_be_zero: frozenset[Node] = frozenset()) -> bool:
    """Whether a loop is sure to have turns, or taken to: over sizes that are not said to be 0 perhaps."""
    start, stop = axis.args
    if stop.op == "size" and start.attribute == 0:
        return stop not in may_be_zero
    return sizes.inside(start, stop) or not {part.op for part in topological_order([start, stop])} <= _OF_ARGUMENTS


def length(axis: Node) -> float:
    """How many turns a loop has; inf where numbers do not say."""
    start, stop = (end.attribute for end in axis.args)
    if axis.args[0].op == axis.args[1].op == "const" and isinstance(start, int) and isinstance(stop, int):
        return stop - start
    return math.inf


def runs(build: Builder, axis: Node) -> Node:
    """Whether a loop has a turn, as a condition."""
    return algebra.apply(build, None, (axis.args[1], axis.args[0]), "gt")


def loop_order(order: list[Node]) -> dict[Node, int]:
    """The rank of each axis, outermost first: a reduction's own axes are inside those of its result.

    So a matrix product sums in its innermost loop. Only the forward pass votes, and older axes come first.
    """
    inner = _inner(order)
    waiting = dict.fromkeys(inner, 0)
    for followers in inner.values():
        for axis in followers:
            waiting[axis] += 1
    rank: dict[Node, int] = {}
    ready = [_by_age(axis) for axis, count in waiting.items() if not count]
    heapq.heapify(ready)
    while len(rank) < len(inner):
        if not ready:  # a cycle: the oldest axis breaks it
            ready.append(_by_age(min((axis for axis in inner if axis not in rank), key=axis_order)))
        *_, axis = heapq.heappop(ready)
        if axis in rank:
            continue
        rank[axis] = len(rank)
        for follower in inner[axis]:
            waiting[follower] -= 1
            if not waiting[follower] and follower not in rank:
                heapq.heappush(ready, _by_age(follower))
    return rank


def _inner(order: list[Node]) -> Mapping[Node, dict[Node, None]]:
    """For each axis those that are to be inside it."""
    inner: dict[Node, dict[Node, None]] = {node: {} for node in order if node.op == "index"}
    for node in order:
        if node.op == "index":
            for outer in node.axes[:-1]:
                inner[outer][node] = None
        elif node.op == "reduce" and node.origin.section == "forward":
            for outer in node.axes:
                inner[outer].update((axis, None) for axis in node.args[1:])
    return inner


def _by_age(axis: Node) -> tuple[int, int, Node]:
    return axis_order(axis), axis.serial, axis
