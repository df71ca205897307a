"""Control dependence, graph -> for each node the branches that it is computed in: one analysis for all who ask.

A value is computed where some reader takes it, and nowhere else if it may raise: a logarithm that two arms read stands
under `one or the other`; one that some turns of a loop take, but that is the same in all, stands outside the loop under
`some turn takes it`. What raises nothing may be computed although no branch needs it, if it costs little.

    def f(x, y): return (log(x) if y > 0 else 0) + (log(x)*y if y > 1 else y)      log(x): y > 0 or y > 1
    def g(a, x[n]): return sum(x[i]*log(a) for i)                                  log(a): n > 0

Source: Ferrante, Ottenstein and Warren, The program dependence graph and its use in optimization, TOPLAS 9 (1987).
"""

from __future__ import annotations

import functools
import heapq
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from mgc.compiler.graph import algebra, sizes
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.guards import Guards, added_under
from mgc.compiler.graph.nodes import COMPARISONS, LOGIC, Node, axis_order, bound_axes, contributions
from mgc.compiler.language import library

MAX_BRANCHES = 60  # Python refuses 100 levels of indentation
MANY_READERS = 16  # beyond that many, what a value needs does not know each of the value's readers
MANY_TERMS = 4  # sums of so many branches are grouped by branch, across the sums
_DIVIDING = {"div": 1, "floordiv": 1, "exactdiv": 1, "mod": 1, "fmod": 1, "remainder": 1}  # the divisor's place
_POSITIVE = frozenset({"log", "log2", "log10"})
_OF_ARGUMENTS = frozenset({"size", "const", "input", "index", "add", "sub", "mul", "neg", "exactdiv"})
_OF_SIZES = frozenset({"size", "const", "add", "mul", "sqrt"})
_STRUCTURAL = (
    frozenset("const zero size index input read array pack scatter reduce total select detach".split())
    | COMPARISONS
    | LOGIC
)

Guard = tuple[Node, bool]
Reading = tuple[Guards, frozenset[Node]]  # the branches around a reader, and the loops that it runs in


class Turns(NamedTuple):
    """What `some turn takes it` stands for: the branches and loops of the turns, and the branches around each test."""

    branches: Guards
    loops: frozenset[Node]
    around: list[Guards]


class Control(NamedTuple):
    """For each node the branches that it is computed in, and what the counts of turns among them stand for."""

    guards: dict[Node, Guards]
    turns: Mapping[Node, Turns]


class TooDeep(Exception):
    """Branches are nested more than MAX_BRANCHES deep, or loops too deep for Python."""


def analyse(
    graph: Graph,
    order: list[Node],
    rank: Mapping[Node, int],
    readers: Collection[Node] | None = None,
    sinking: bool = False,
) -> Control:
    """For each node the branches that it is computed in; their conditions depend on axes of the node alone.

    `rank` is the order of loops; `readers` are those that count, all if None; `sinking` lets a quotient
    stand where its only reader does. The conditions that stand for several
    readers, or for the turns of a loop, are nodes that the graph did not have. Errors: TooDeep.
    """
    fragile, by_size = raising(graph, order), _by_size(graph, order)
    found: dict[Node, Guards] = {}
    simple: dict[Node, Guards] = {}
    turns: dict[Node, Turns] = {}
    written: dict[Node, Guards] = {}
    read: dict[Node, dict[Reading, None]] = {node: {} for node in order}
    uses = Counter(argument for node in order for argument in node.args)
    for root in graph.roots():
        read[root][(), frozenset()] = None
    for node in reversed(order):
        readings = list(read.pop(node))
        if sinking and uses[node] == 1 and _sinks(graph, node, written.get(node, ()), fragile):
            found[node] = written[node]
        elif node in fragile or node in by_size:
            readings = _absorbed(readings)
            sizes_ = by_size.get(node, frozenset())
            chains = [_settled(graph.builder, node, one, node in fragile, sizes_, turns) for one in readings]
            found[node] = _either(graph.builder, chains)
            if fragile.get(node) is False:
                simple[node] = _where_cheap(node, readings, rank)
        else:
            found[node] = _where_cheap(node, readings, rank)
        if node not in fragile or len(readings) > MANY_READERS or _binds_again(node, readings):
            readings = [(found[node], frozenset())]
        if len(found[node]) > MAX_BRANCHES:
            raise TooDeep
        if sinking:
            written.update((argument, inner) for argument, inner, _ in handed_on(node, found[node]))
        if readers is None or node in readers:
            for around, outer in readings:
                for argument, inner, loops in handed_on(node, around):
                    read[argument][inner, outer.union(loops)] = None
    for node in order:
        if node in simple:
            found[node] = _simplest(node, simple[node], found, turns)
        if node.op == "array" and node not in fragile and len(found[node.args[0]]) < len(found[node]):
            found[node] = found[node.args[0]]  # elsewhere it would be a copy of its elements
    _place_conditions(order, found, turns)
    return Control({node: _testable(found[node], found, turns) for node in found}, turns)


def tested(control: Control, branches: Guards) -> Guards:
    """The branches, each inside those that its condition itself is computed in."""
    return _testable(branches, control.guards, control.turns)


def _testable(branches: Guards, found: Mapping[Node, Guards], turns: Mapping[Node, Turns]) -> Guards:
    chain: dict[Guard, None] = {}
    for guard in branches:
        around = tuple(chain)
        missing = [one for one in found.get(guard[0], ()) if not implies(around, guard[0].axes, one, turns)]
        chain.update(dict.fromkeys([*missing, guard]))
    return tuple(chain)


def _binds_again(node: Node, readings: list[Reading]) -> bool:
    """Whether a value's own loops are over an axis that some loop around its readers is over, for other turns."""
    return any(axis not in node.axes and axis in bound_axes(node) for _, loops in readings for axis in loops)


def _sinks(graph: Graph, node: Node, around: Guards, fragile: Mapping[Node, bool]) -> bool:
    """Whether a quotient is written where its only reader takes it, in a branch of a loop that it does not need."""
    return node.op in _DIVIDING and node in fragile and node not in graph.builder.names and is_sunk(node, around)


def is_sunk(node: Node, around: Guards) -> bool:
    """Whether a value is no variable of its own, as its branches need loops that it does not have."""
    return any(axis not in node.axes for condition, _ in around for axis in condition.axes)


def _simplest(node: Node, around: Guards, found: Mapping[Node, Guards], turns: Mapping[Node, Turns]) -> Guards:
    """The branches of what fails only where its arguments do: its readers' own, and in these its arguments'."""
    chain = dict.fromkeys(around)
    for argument, inner, _ in handed_on(node, around):
        if not all(implies(inner, node.axes, guard, turns) for guard in found[argument]):
            chain.update(dict.fromkeys(found[argument]))
    return tuple(chain)


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


def _where_cheap(node: Node, readings: list[Reading], rank: Mapping[Node, int]) -> Guards:
    """The branches of what raises nothing: those that all readers are in, and that need no more loops than it has."""
    own = {*_own(node), *bound_axes(node)} if node.op in ("array", "scatter") else _own(node)
    chain = _common([_outer_part(around, own) for around, _ in readings])
    if node.op == "total" and len(node.args) >= MANY_TERMS:  # its own branches are tests enough
        chain = chain[:-1]
    first = min([rank[axis] for axis in bound_axes(node)], default=len(rank))
    return _outer_part(chain, {axis for axis in rank if rank[axis] < first})


def _own(node: Node) -> set[Node]:
    """The loops that a node is computed under."""
    return set(node.axes[:-1] if node.op == "index" else node.axes)


def raising(graph: Graph, order: list[Node]) -> dict[Node, bool]:
    """The nodes that may raise, or be infinite, or read what may; and which must not be computed without need.

    x**2 does so only where all of the result overflows. What only reads what may raise can be computed wherever that
    is, unless it is a choice.
    """
    certain = _certain(graph, order, _has_turns)
    nonzero = _divisors(order, certain)
    found: dict[Node, bool] = {}
    for node in order:
        raises = _may_raise(node, nonzero) or library.is_steep(node.op)
        if raises or any(argument in found and argument not in certain for argument in node.args):
            found[node] = raises or node.op in ("select", "and", "or", "scatter", "reduce", "total", "index")
    return found


def _by_size(graph: Graph, order: list[Node]) -> dict[Node, frozenset[Node]]:
    """For each number that fails where some size is 0, and what reads it: these sizes."""
    certain = _certain(graph, order, lambda axis: False)
    nonzero = _divisors(order, certain)
    every = frozenset(node for node in order if node.op == "size")
    found: dict[Node, frozenset[Node]] = {}
    for node in order:
        if node in certain:
            continue
        own = frozenset[Node]()
        if node.op == "bound" and not node.axes:
            own = every
        elif node.op in _DIVIDING and not node.axes and not _is_known(node, nonzero):
            divisor = node.args[_DIVIDING[node.op]]
            own = frozenset(p for p in topological_order([divisor]) if p.op == "size" and _is_of_sizes(divisor))
        own = own.union(*[found.get(argument, frozenset()) for argument in node.args])
        if own:
            found[node] = own
    return found


def _divisors(order: list[Node], certain: set[Node]) -> dict[Node, list[Node]]:
    """What is divided by, or has its logarithm taken, in any case, and where."""
    nonzero: dict[Node, list[Node]] = {}
    for node in order:
        if node in certain and (node.op in _DIVIDING or node.op in _POSITIVE):
            nonzero.setdefault(node.args[_DIVIDING.get(node.op, 0)], []).append(node)
    return nonzero


def _place_conditions(order: list[Node], found: dict[Node, Guards], turns: Mapping[Node, Turns]) -> None:
    """Add what only conditions consist of: it is computed where its condition is tested, turns where they count."""
    known = set(order)
    tested: dict[Node, list[Guards]] = {turn: list(count.around) for turn, count in turns.items()}
    for node in order:
        for depth, (condition, _) in enumerate(found[node]):
            if condition not in known and condition not in turns:
                tested.setdefault(condition, []).append(found[node][:depth])
    parts = {part for condition in tested for part in topological_order([condition])}.difference(known)
    for part in sorted(parts, key=lambda node: node.serial, reverse=True):
        found[part] = _outer_part(_common(tested[part]), set(part.axes))
        for argument, inner, _ in handed_on(part, found[part]):
            if argument in parts and argument not in turns:
                tested.setdefault(argument, []).append(inner)
    for turn, count in turns.items():  # the graph may count the same turns itself
        found[turn.args[0]] = _common([found[turn.args[0]], *count.around])


def handed_on(node: Node, chain: Guards) -> Iterator[tuple[Node, Guards, tuple[Node, ...]]]:
    """Each argument of a node, with the branches and the loops in which the node reads it."""
    axes = node.axes
    match node.op:
        case "index":
            yield from ((argument, chain, axes[:-1]) for argument in node.args)
        case "select" | "and" | "or":
            yield node.args[0], chain, axes
            yield node.args[1], (*chain, (node.args[0], node.op != "or")), axes
            if node.op == "select":
                yield node.args[2], (*chain, (node.args[0], False)), axes
        case "scatter":  # where nothing is added, the index at which it would be is not needed either
            found = list(contributions(node))
            for argument in node.args[: len(node.args) - sum(1 + len(indices) for _, indices in found)]:
                yield argument, chain, axes
            for value, indices in found:
                branches, added = added_under(value)
                inner = (*chain, *branches)
                parts = [condition for condition, _ in branches]
                loops = _joined([*axes, *[axis for part in (*parts, added, *indices) for axis in part.axes]])
                yield value, chain, loops
                yield from ((index, inner, loops) for index in indices)
        case "reduce" | "array":
            loops = _joined([*axes, *bound_axes(node), *[outer for axis in bound_axes(node) for outer in axis.axes]])
            yield node.args[0], chain, loops
            yield from ((axis, chain, loops) for axis in node.args[1:])
        case _:
            yield from ((argument, chain, axes) for argument in node.args)


def _joined(axes: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(sorted(set(axes), key=axis_order))


def _certain(graph: Graph, order: list[Node], has_turns: Callable[[Node], bool]) -> set[Node]:
    """What is computed in any case: where that raises, nothing else matters."""
    certain = set(graph.roots())
    for node in reversed(order):
        if node in certain:
            for argument, chain, loops in handed_on(node, ()):
                if not chain and all(axis in argument.axes or has_turns(axis) for axis in loops):
                    certain.add(argument)
    return certain


def _may_raise(node: Node, nonzero: Mapping[Node, list[Node]]) -> bool:
    if node.op in _DIVIDING:
        return not (_is_known(node, nonzero) or algebra.number(node.args[1]) or _is_of_sizes(node.args[1]))
    if node.op == "pow":
        exponent = algebra.number(node.args[1])
        return not isinstance(exponent, int) or exponent < 0
    if node.op == "sqrt":
        return not _is_of_sizes(node.args[0])
    return node.op not in _STRUCTURAL and library.may_fail(node.op)


def _is_known(node: Node, nonzero: Mapping[Node, list[Node]]) -> bool:
    """Whether the same divisor is divided by, wherever this is, in any case."""
    return any(set(sure.axes) <= set(node.axes) for sure in nonzero.get(node.args[_DIVIDING[node.op]], ()))


def _is_of_sizes(node: Node) -> bool:
    """Whether a number is made of sizes alone: it is 0 only where loops over them have no turns."""
    return {part.op for part in topological_order([node])} <= _OF_SIZES


def _either(build: Builder, chains: list[Guards]) -> Guards:
    """The branches in which some chain holds."""
    chains = _merged(chains)
    common = _common(chains)
    rest = [chain[len(common) :] for chain in chains]
    if not all(rest):
        return common
    if len(rest) < 2:
        return (*common, *[guard for chain in rest for guard in chain])
    either = functools.reduce(lambda a, b: _logic(build, "or", a, b), [_all(build, chain) for chain in rest])
    return (*common, (either, True))


def _merged(chains: list[Guards]) -> list[Guards]:
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


def _absorbed(readings: list[Reading]) -> list[Reading]:
    """The readings that do not follow from another, in fewer branches and loops."""
    if len(readings) > MANY_READERS:
        return readings
    sets = [(frozenset(around), loops) for around, loops in readings]
    return [
        reading
        for place, reading in enumerate(readings)
        if not any(
            branches <= sets[place][0]
            and loops <= sets[place][1]
            and (other < place or (branches, loops) != sets[place])
            for other, (branches, loops) in enumerate(sets)
            if other != place
        )
    ]


def _settled(
    build: Builder,
    node: Node,
    reading: Reading,
    fragile: bool,
    by_size: frozenset[Node],
    turns: dict[Node, Turns],
) -> Guards:
    """A reader's branches by the axes of a node: those that need others become `some turn takes it`.

    A loop over a size of the arguments is taken to have turns, but where a value may fail for its sizes.
    """
    around, loops = _before(node, reading[0]), reading[1]
    kept = _outer_part(around, _own(node))
    rest = around[len(kept) :] if fragile else ()
    empty = [axis for axis in _closed(loops, node) if not _has_turns(axis, by_size)]
    counted = _closed(
        {a for condition, _ in rest for a in condition.axes} | {a for a in empty if len(a.axes) > 1}, node
    )
    ranges = [(_runs(build, axis), True) for axis in empty if axis not in counted]
    test: Node | None = None
    if counted:
        test = _some_turn(build, rest, counted)
        turns.setdefault(test, Turns(rest, frozenset(counted), [])).around.append(kept)
    elif rest:
        test = _all(build, rest)
    return tuple(dict.fromkeys([*ranges, *kept, *([(test, True)] if test is not None else [])]))


def _before(node: Node, around: Guards) -> Guards:
    """The branches up to one whose condition needs the value itself, which then is computed for its sake."""
    for depth, (condition, _) in enumerate(around):
        if _needs(condition, node):
            return around[:depth]
    return around


def _needs(later: Node, node: Node) -> bool:
    return later.serial > node.serial and node in _all_needed(later)


@functools.lru_cache(maxsize=64)
def _all_needed(node: Node) -> frozenset[Node]:
    return frozenset(topological_order([node]))


def _closed(axes: Collection[Node], node: Node) -> list[Node]:
    """The axes with those that their ranges depend on, oldest first, without the node's own and those that need it."""
    every = {outer for axis in axes for outer in axis.axes} - set(node.axes)
    return sorted([axis for axis in every if not _needs(axis, node)], key=axis_order)


def _some_turn(build: Builder, rest: Guards, outer: list[Node]) -> Node:
    """Whether in some turn of the loops all branches are taken."""
    taken = _all(build, rest) if rest else build.boolean(True)
    turns = build.reduce("sum", outer, algebra.select(build, taken, build.number(1.0), build.number(0.0)))
    build.hints.setdefault(turns, "turns")
    return algebra.apply(build, None, (turns, build.number(0.0)), "gt")


def _has_turns(axis: Node, by_size: frozenset[Node] = frozenset()) -> bool:
    """Whether a loop is sure, or taken, to have turns."""
    start, stop = axis.args
    if stop.op == "size" and start.attribute == 0:
        return stop not in by_size
    return sizes.inside(start, stop) or not {part.op for part in topological_order([start, stop])} <= _OF_ARGUMENTS


def _runs(build: Builder, axis: Node) -> Node:
    return algebra.apply(build, None, (axis.args[1], axis.args[0]), "gt")


def _all(build: Builder, chain: Guards) -> Node:
    """All conditions of a chain, each tested only where those before it hold."""
    tests = [condition if arm else algebra.apply(build, None, (condition,), "not") for condition, arm in chain]
    return functools.reduce(lambda a, b: _logic(build, "and", a, b), tests)


def _logic(build: Builder, op: str, left: Node, right: Node) -> Node:
    return left if left is right else algebra.apply(build, None, (left, right), op)


def _outer_part(chain: Guards, axes: set[Node]) -> Guards:
    for depth, (condition, _) in enumerate(chain):
        if not axes.issuperset(condition.axes):
            return chain[:depth]
    return chain


def _common(chains: list[Guards]) -> Guards:
    """The branches that all chains begin with."""
    if not chains:
        return ()
    first = min(chains, key=len)
    for depth, guard in enumerate(first):
        if any(chain[depth] != guard for chain in chains):
            return first[:depth]
    return first


FREE = frozenset({"const", "zero", "size", "index", "input"})


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
