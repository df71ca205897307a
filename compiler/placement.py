"""Where each value of a graph is computed: under which loops and inside which branches, and what gets a name.

A value is computed under exactly the axes that it has, so what does not depend on a loop is hoisted out of it; and
inside a branch where only one arm reads it. A value that may raise (a logarithm, a quotient) is not moved out of the
branch that guards it, even if that keeps it under more loops than its axes.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mgc.compiler import algebra
from mgc.compiler.graph import (
    COMPARISONS,
    LOGIC,
    SOURCES,
    Graph,
    Node,
    axis_order,
    bound_axes,
    contributions,
    topological_order,
)
from mgc.compiler.guards import Guards, added_under, follows

MAX_BRANCHES = 60  # Python refuses 100 levels of indentation
LINE = 64  # characters of an expression: with a name and some indentation it fits the formatter's 88
SUM = 480  # of a sum, which can be written a term a line
_NAME = 10  # characters of a name that is not chosen yet
MAX_LOOPS = 19  # Python refuses more than 20 blocks in each other
MANY_TERMS = 4  # sums of so many branches are grouped by branch, across the sums
SMALL_POWER = 4  # powers up to this one are written as products
_ALWAYS_NAMED = frozenset({"reduce", "array", "scatter", "pack", "bound", "total"})
_FREE = frozenset({"const", "zero", "size", "index", "input"})
_SAFE = (
    frozenset(
        {"total", "array", "pack", "add", "sub", "mul", "neg", "abs", "sign", "relu", "copysign", "select", "read"}
    )
    | COMPARISONS
    | LOGIC
    | _FREE
)


class TooDeep(Exception):
    """Branches are nested more than MAX_BRANCHES deep, or loops more than MAX_LOOPS."""


@dataclass(frozen=True, slots=True)
class Placement:
    """For each node its loops, its guards, and whether it is computed into a variable of its own."""

    order: list[Node]
    rank: Mapping[Node, int]
    loops: Mapping[Node, tuple[Node, ...]]
    guards: Mapping[Node, Guards]
    named: frozenset[Node]
    branches: frozenset[Guards]

    def splits(self, select: Node) -> bool:
        """Whether statements stand in an arm of this select, so that it is a branch and not an expression."""
        return any((*self.guards[select], (select.args[0], arm)) in self.branches for arm in (True, False))


def place(graph: Graph) -> Placement:
    """The placement of every node that the graph's roots need. Errors: TooDeep."""
    order = topological_order(graph.roots())
    rank = loop_order(order)
    guards, loops = guards_and_loops(graph, order, rank)
    named = _named(graph, order, guards, loops)
    branches = frozenset(guards[node][:depth] for node in named for depth in range(1, len(guards[node]) + 1))
    return Placement(order, rank, loops, guards, named, branches)


def statement_loops(placement: Placement, node: Node, guards: Guards) -> tuple[Node, ...]:
    """The loops of a node's own statement: its axes, those it closes over, and those of its conditions."""
    axes = {*placement.loops[node], *bound_axes(node)}
    for axis in bound_axes(node):
        axes.update(axis.axes)
    for condition, _ in guards:
        axes.update(placement.loops[condition])
    return tuple(sorted(axes, key=placement.rank.__getitem__))


def loop_order(order: list[Node]) -> dict[Node, int]:
    """The rank of each axis, outermost first: a reduction's own axes are inside those of its result.

    So a matrix product sums in its innermost loop. Only the forward pass votes, and older axes come first.
    """
    inner: dict[Node, dict[Node, None]] = {node: {} for node in order if node.op == "index"}
    for node in order:
        if node.op == "index":
            for outer in node.axes[:-1]:
                inner[outer][node] = None
        elif node.op == "reduce" and node.section == "forward":
            for outer in node.axes:
                inner[outer].update((axis, None) for axis in node.args[1:])
    waiting = dict.fromkeys(inner, 0)
    for followers in inner.values():
        for axis in followers:
            waiting[axis] += 1
    rank: dict[Node, int] = {}
    ready = [(axis_order(axis), axis.serial, axis) for axis, count in waiting.items() if not count]
    heapq.heapify(ready)
    while len(rank) < len(inner):
        if not ready:  # a cycle: the oldest axis breaks it
            oldest = min((axis for axis in inner if axis not in rank), key=axis_order)
            ready.append((axis_order(oldest), oldest.serial, oldest))
        _, _, axis = heapq.heappop(ready)
        if axis in rank:
            continue
        rank[axis] = len(rank)
        for follower in inner[axis]:
            waiting[follower] -= 1
            if not waiting[follower] and follower not in rank:
                heapq.heappush(ready, (axis_order(follower), follower.serial, follower))
    return rank


def guards_and_loops(
    graph: Graph, order: list[Node], rank: Mapping[Node, int]
) -> tuple[dict[Node, Guards], dict[Node, tuple[Node, ...]]]:
    """For each node the branches that it is computed in, and the loops that it is computed under."""
    safe = speculative(order)
    counted = set(graph.builder.needed.values())
    wanted: dict[Node, Guards] = dict.fromkeys(graph.roots(), ())
    for node in reversed(order):
        chain = wanted[node]
        if len(chain) > MAX_BRANCHES:
            raise TooDeep
        if node in safe:
            axes = {*node.axes, *bound_axes(node)} if node.op in SOURCES else set(node.axes)
            chain = _outer_part(chain, axes)
            if node.op == "total" and len(node.args) >= MANY_TERMS:  # its own branches are tests enough
                chain = chain[:-1]
        chain = _outside(chain, bound_axes(node), rank)
        needed = graph.builder.needed.get(node)
        if needed in wanted and (needed, True) not in chain and set(wanted[needed]) <= set(chain):
            chain = (*chain, (needed, True))
        wanted[node] = chain
        for argument, inner in handed_on(node, chain):
            old = wanted.get(argument)
            wanted[argument] = inner if old is None else _common(old, inner)
    full = dict(wanted)
    for node in order:
        if node.op == "array" and len(wanted[node.args[0]]) < len(wanted[node]):
            wanted[node] = wanted[node.args[0]]  # elsewhere it would be a copy of its elements
        if counted:
            chain = wanted[node]
            under = {guard for condition, _ in chain for guard in full[condition]}
            wanted[node] = tuple(g for g in chain if g in under or g[0] not in counted or not follows(g, chain))
    return wanted, {node: _loops(node, wanted[node]) for node in order}


def _loops(node: Node, chain: Guards) -> tuple[Node, ...]:
    """The axes of a node and of the branches that it is in."""
    under = set(node.axes).union(*[condition.axes for condition, _ in chain])
    return tuple(sorted(under, key=axis_order)) if len(under) > len(node.axes) else node.axes


def handed_on(node: Node, chain: Guards) -> Iterator[tuple[Node, Guards]]:
    """The branches in which a node reads each of its arguments."""
    if node.op == "select":
        yield node.args[0], chain
        yield node.args[1], (*chain, (node.args[0], True))
        yield node.args[2], (*chain, (node.args[0], False))
    elif node.op == "scatter":  # where nothing is added, the index at which it would be is not needed either
        found = list(contributions(node))
        for argument in node.args[: len(node.args) - sum(1 + len(indices) for _, indices in found)]:
            yield argument, chain
        for value, indices in found:
            yield value, chain
            inner = (*chain, *added_under(value)[0])
            for index in indices:
                yield index, inner
    else:
        for argument in node.args:
            yield argument, chain


def speculative(order: list[Node]) -> set[Node]:
    """The nodes that raise nothing and cost little: they may be computed although no branch needs them."""
    safe: set[Node] = set()
    for node in order:
        once = node.op in ("array", "scatter")  # where it is assigned, and not in every run of a loop
        if once or (all(argument in safe for argument in node.args) and _raises_nothing(node)):
            safe.add(node)
    return safe


def raising(order: list[Node]) -> set[Node]:
    """The nodes that may raise, or read what may; x**2 does so only where all of the result overflows."""
    found: set[Node] = set()
    for node in order:
        if node.op == "pow":
            raises = (algebra.number(node.args[1]) or -1) < 0
        else:
            raises = node.op != "reduce" and not _raises_nothing(node)
        if raises or any(argument in found for argument in node.args):
            found.add(node)
    return found


def _raises_nothing(node: Node) -> bool:
    if node.op in ("div", "floordiv", "exactdiv", "mod"):  # a named size is 0 only where no loop over it runs
        divisor = node.args[1]
        return bool(algebra.number(divisor)) or (node.op == "div" and divisor.op == "size")
    return node.op in _SAFE


def _outer_part(chain: Guards, axes: set[Node]) -> Guards:
    for depth, (condition, _) in enumerate(chain):
        if not axes.issuperset(condition.axes):
            return chain[:depth]
    return chain


def _outside(chain: Guards, bound: tuple[Node, ...], rank: Mapping[Node, int]) -> Guards:
    """The guards of a node that closes over axes: those that can be tested before its loops begin."""
    if not bound:
        return chain
    first = min(rank[axis] for axis in bound)
    for depth, (condition, _) in enumerate(chain):
        if any(rank[axis] >= first for axis in condition.axes):
            return chain[:depth]
    return chain


def _common(left: Guards, right: Guards) -> Guards:
    """The branches that are in both."""
    return left if left == right else tuple(guard for guard in left if guard in right)


def _named(
    graph: Graph, order: list[Node], guards: Mapping[Node, Guards], loops: Mapping[Node, tuple[Node, ...]]
) -> frozenset[Node]:
    """The nodes that get a variable: the author's names, what is used twice or elsewhere, and pieces of long lines."""
    uses, elsewhere = _uses(graph, order, guards, loops)
    repeated = {node.args[0] for node in order if _is_written_twice(node) and node.args[0].op not in _FREE}
    repeated -= {node for node in repeated if _is_trivial(node, 1)}
    named: set[Node] = set()
    width: dict[Node, int] = {}  # about how many characters a node takes where it is read
    names = graph.builder.names
    for node in order:
        if node.op in _FREE or (node.op == "read" and _is_trivial(node, 1) and node not in repeated):
            width[node] = _mention(node) + sum(2 + width[index] for index in node.args[1:] if node.op == "read")
            continue
        written = _call(node) + sum(width[argument] for argument in node.args)
        if (
            node.op in _ALWAYS_NAMED
            or (node in names and not (node.op == "read" and _is_trivial(node, written)))
            or node in repeated
            or ((uses[node] > 1 or node in elsewhere) and not _is_trivial(node, written))
        ):
            named.add(node)
        chain = node.op in ("add", "sub") and node.args[0].op in ("add", "sub") and node.args[0] not in named
        limit = SUM if chain and width[node.args[1]] <= LINE else LINE
        if written > limit and node.op not in ("scatter", "pack", "total"):
            longest = max(node.args, key=lambda argument: 0 if argument in named else width[argument])
            if longest not in named and longest.args and longest.op not in ("read", "index"):
                named.add(longest)
                written -= width[longest]
                width[longest] = _variable(graph, longest)
                written += width[longest]
        width[node] = _variable(graph, node) if node in named else written
    return frozenset(named)


def _variable(graph: Graph, node: Node) -> int:
    """The characters of a variable: its name, and the indices that it may be stored with."""
    said = graph.builder.names.get(node) or graph.builder.hints.get(node) or "t"
    return len(said) + 2 + 3 * len(node.axes)


def _mention(node: Node) -> int:
    if node.op == "read":
        return _mention(node.args[0])
    if node.op in ("const", "size"):
        return len(str(node.attribute))
    return len(str(node.attribute).rsplit(".", 1)[-1]) + 1 if node.op == "input" else _NAME if node.op != "index" else 1


def _call(node: Node) -> int:
    """The characters that an operation itself takes."""
    return {"select": 10, "neg": 1}.get(node.op, 3 if len(node.args) == 2 else 2 + len(node.op))


def _is_trivial(node: Node, written: int) -> bool:
    """Cheap, and short, enough to be written again wherever it is read."""
    if node.op == "read":
        return all(index.op in _FREE or index.op == "bound" for index in node.args[1:])
    if node.op == "neg":
        return node.args[0].op in _FREE
    if node.dtype == "bool" or (node.dtype == "int" and node.op != "select"):
        return written <= 24
    return False


def _uses(
    graph: Graph, order: list[Node], guards: Mapping[Node, Guards], loops: Mapping[Node, tuple[Node, ...]]
) -> tuple[dict[Node, int], set[Node]]:
    """How often each node is written, and which nodes are read at another place than where they are computed."""
    uses = dict.fromkeys(order, 0)
    elsewhere: set[Node] = set()
    for root in graph.roots():
        uses[root] += 1
        if loops[root]:
            elsewhere.add(root)
    for node in order:
        inside = _statement_axes(node, loops)
        for place_, argument in enumerate(node.args):
            here = inside.get(argument, set(loops[node]))
            uses[argument] += 1
            chain = guards[node]
            if node.op == "select" and place_:
                chain = (*chain, (node.args[0], place_ == 1))
            if node.op in ("reduce", "scatter", "total") and guards[argument][: len(chain)] == chain:
                chain = guards[argument]
            if set(loops[argument]) != here or guards[argument] != chain:
                elsewhere.add(argument)
    return uses, elsewhere


def _statement_axes(node: Node, loops: Mapping[Node, tuple[Node, ...]]) -> dict[Node, set[Node]]:
    """For each argument of a node that closes over axes, the loops that the statement with it stands in."""
    if node.op == "scatter":
        groups = [(value, *indices) for value, indices in contributions(node)]
        return {part: {*loops[node], *(a for p in group for a in loops[p])} for group in groups for part in group}
    axes = {*loops[node], *(inner for axis in bound_axes(node) for inner in axis.axes)}
    return dict.fromkeys(node.args, axes) if node.op in ("reduce", "array") else {}


def _is_written_twice(node: Node) -> bool:
    """Whether the target's code mentions the first argument more than once: `x * x`, `0.0 if x <= 0.0 else x`."""
    if node.op == "reduce":
        return node.attribute in ("max", "min")
    power = node.args[1].attribute if node.op == "pow" else None
    return node.op == "relu" or (isinstance(power, int) and 1 < power <= SMALL_POWER)
