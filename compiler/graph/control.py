"""Control dependence, graph -> for each node the branches that it is computed in: one analysis for all who ask.

A value is computed where some reader takes it, and nowhere else if it may raise: a logarithm that two arms read stands
under `one or the other`; one that some turns of a loop take, but that is the same in all, stands outside the loop under
`some turn takes it`. What raises nothing may be computed although no branch needs it, if it costs little.

    def f(x, y): return (log(x) if y > 0 else 0) + (log(x)*y if y > 1 else y)      log(x): y > 0 or y > 1
    def g(a, x[n], k: int): return sum(x[0]*log(a) for i in range(k))              log(a): k > 0

Source: Ferrante, Ottenstein and Warren, The program dependence graph and its use in optimization, TOPLAS 9 (1987).

>>> from mgc.compiler.graph.builder import Builder
>>> from mgc.compiler.graph.loops import loop_order
>>> build = Builder()
>>> x, y, zero = build.make("input", (), "x"), build.make("input", (), "y"), build.number(0.0)
>>> log, positive = build.make("log", (x,)), build.make("gt", (y, zero))
>>> graph = Graph(build, "f", (), (build.make("select", (positive, log, zero)),))
>>> order = topological_order(graph.roots())
>>> analyse(graph, order, loop_order(order)).guards[log] == ((positive, True),)
True
"""

from __future__ import annotations

import functools
import heapq
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct, field

from mgc.compiler.graph.conditions import (
    Made,
    Reading,
    Turns,
    absorbed,
    both,
    common,
    either,
    holding,
    implies,
    outer_part,
    some_turn,
)
from mgc.compiler.graph.failing import failing_sizes, raising
from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.guards import Guard, Guards, handed_on, is_plain
from mgc.compiler.graph.known import known
from mgc.compiler.graph.loops import has_turns, own_loops
from mgc.compiler.graph.nodes import LOGIC, Node, axis_order, bound_axes
from mgc.compiler.graph.partial import DIVIDING

MAX_BRANCHES = 60  # Python refuses 100 levels of indentation
MANY_READERS = 16  # beyond that many, what a value needs does not know each of the value's readers
MANY_TERMS = 4  # sums of so many branches are grouped by branch, across the sums
_ANYWAY: Reading = (), frozenset()


class Control(NamedTuple):
    """For each node the branches that it is computed in, and what the counts of turns among them stand for."""

    guards: Mapping[Node, Guards]
    turns: Mapping[Node, Turns]


class TooDeep(Exception):
    """Branches are nested more than MAX_BRANCHES deep, or loops too deep for Python."""


def analyse(
    graph: Graph, order: list[Node], rank: Mapping[Node, int], readers: Collection[Node] | None = None
) -> Control:
    """For each node the branches that it is computed in; their conditions depend on axes of the node alone.

    `rank` is the order of loops; `readers` are those that count, all if None. The conditions that stand for several
    readers, or for the turns of a loop, are nodes that the graph did not have. Errors: TooDeep.
    """
    sweep = _sweep(graph, order, rank, frozenset(order) if readers is None else readers)
    return Control(sweep.found, sweep.turns)


def analyse_written(
    graph: Graph, order: list[Node], rank: Mapping[Node, int], anyway: Collection[Node] = ()
) -> Control:
    """The same, but a quotient is written where its only reader takes it, in a branch of a loop that it does not need.

    What is to be computed `anyway` is in no branch. Errors: TooDeep.
    """
    uses = Counter(argument for node in order for argument in node.args)
    quotients = [node for node in order if node.op in DIVIDING and uses[node] == 1]
    movable = frozenset(node for node in quotients if node not in graph.names)
    sweep = _sweep(graph, order, rank, frozenset(order), movable, anyway)
    found = sweep.found
    for node in order:
        if node in sweep.cheap:
            found[node] = _with_arguments(sweep, node)
        if node.op == "array" and not _fails(sweep, node) and len(found[node.args[0]]) < len(found[node]):
            found[node] = found[node.args[0]]  # elsewhere it would be a copy of its elements
    read = dict(found)
    _place_conditions(sweep)
    return Control(known(sweep.made, found, read, sweep.turns, rank), sweep.turns)


def is_sunk(node: Node, around: Guards) -> bool:
    """Whether a value is no variable of its own, as its branches need loops that it does not have."""
    return any(axis not in node.axes for condition, _ in around for axis in condition.axes)


def tested(control: Control, branches: Guards) -> Guards:
    """The branches, each inside those that its condition itself is computed in, and none that lies in those before."""
    chain: dict[Guard, None] = {}
    for guard in branches:
        for one in (*control.guards.get(guard[0], ()), guard):
            if not implies(holding(tuple(chain)), guard[0].axes, one, control.turns):
                chain[one] = None
    return tuple(chain)


class _Sweep(Struct, frozen=True):
    """What one sweep over a graph knows, and the branches that it finds."""

    graph: Graph
    order: list[Node]
    rank: Mapping[Node, int]
    fragile: dict[Node, bool]  # as `raising` says
    by_size: dict[Node, frozenset[Node]]
    made: Made
    needed: Callable[[Node], frozenset[Node]]  # all that a node is computed from
    found: dict[Node, Guards] = field(default_factory=dict)
    cheap: dict[Node, Guards] = field(default_factory=dict)  # of what fails only where its arguments do
    turns: dict[Node, Turns] = field(default_factory=dict)


def _sweep(
    graph: Graph,
    order: list[Node],
    rank: Mapping[Node, int],
    readers: Collection[Node],
    movable: Collection[Node] = (),
    anyway: Collection[Node] = (),
) -> _Sweep:
    needed = functools.lru_cache(maxsize=64)(_needed)  # of this sweep alone, so that no graph outlives it
    sweep = _Sweep(graph, order, rank, raising(graph, order), failing_sizes(graph, order), Made(graph.builder), needed)
    _from_readers(sweep, readers, movable, anyway)
    return sweep


def _needed(node: Node) -> frozenset[Node]:
    return frozenset(topological_order([node]))


def _from_readers(
    sweep: _Sweep, readers: Collection[Node], movable: Collection[Node], anyway: Collection[Node]
) -> None:
    """Find the branches of each node from those of its readers, last node first."""
    found, fragile = sweep.found, sweep.fragile
    read: dict[Node, dict[Reading, None]] = {node: {} for node in sweep.order}
    written: dict[Node, Guards] = {}
    turning = {axis for axis in sweep.order if axis.op == "index" and has_turns(axis, frozenset(axis.args))}
    for root in sweep.graph.roots():
        read[root][(), frozenset()] = None
    for node in reversed(sweep.order):
        readings: list[Reading] = [_ANYWAY] if node in anyway else list(read.pop(node))
        if readings == [_ANYWAY] and is_plain(node):  # as most are in straight code
            found[node] = ()
            for argument in node.args:
                if node in readers or argument not in readers:
                    read[argument][_ANYWAY] = None
            continue
        fails = _fails(sweep, node)
        if fails:
            readings = _of_failing(sweep, node, readings, turning, is_all=len(readers) == len(sweep.order))
        sinks = node in fragile and node in written and is_sunk(node, written[node])
        found[node] = written[node] if sinks else _where_read(sweep, node, readings)
        if not sinks and fragile.get(node) is False:
            cheap = _where_cheap(sweep, node, readings)
            if cheap != found[node]:
                sweep.cheap[node] = cheap
        if len(found[node]) > MAX_BRANCHES:
            raise TooDeep
        if movable:
            written.update((given, inner) for given, inner, _ in handed_on(node, found[node]) if given in movable)
        if not fails or len(readings) > MANY_READERS or _binds_again(node, readings):
            readings = [(found[node], frozenset())]
        for around, outer in readings:
            for argument, inner, loops in handed_on(node, around):
                if node.op in LOGIC and argument not in fragile:
                    inner = around  # what raises nothing may be looked at although it decides nothing
                if node in readers or argument not in readers:
                    read[argument][inner, outer.union(loops)] = None


def _of_failing(
    sweep: _Sweep, node: Node, readings: list[Reading], turning: Collection[Node], is_all: bool
) -> list[Reading]:
    """The readings of what may fail, as few as say the same."""
    if node not in sweep.fragile:  # only sizes make it fail, and no branch of a turn
        readings = [(outer_part(around, own_loops(node)), loops) for around, loops in readings]
    if len(readings) <= MANY_READERS:
        readings = absorbed(readings, turning)
    return list(_before(sweep, node, readings)) if is_all else readings  # a derivative: after what all tests need


def _fails(sweep: _Sweep, node: Node) -> bool:
    return node in sweep.fragile or node in sweep.by_size


def _binds_again(node: Node, readings: Iterable[Reading]) -> bool:
    """Whether a value's own loops are over an axis that some loop around its readers is over, for other turns."""
    return any(axis not in node.axes and axis in bound_axes(node) for _, loops in readings for axis in loops)


def _where_read(sweep: _Sweep, node: Node, readings: list[Reading]) -> Guards:
    if _fails(sweep, node):
        return either(sweep.made, [_settled(sweep, node, reading) for reading in readings])
    return _where_cheap(sweep, node, readings)


def _where_cheap(sweep: _Sweep, node: Node, readings: list[Reading]) -> Guards:
    """The branches of what raises nothing: those that all readers are in, and that need no more loops than it has."""
    first = min([sweep.rank[axis] for axis in bound_axes(node)], default=len(sweep.rank))
    outside = {axis for axis in own_loops(node) if sweep.rank[axis] < first}
    chain = common([outer_part(around, outside) for around, _ in readings])
    return chain[:-1] if node.op == "total" and len(node.args) >= MANY_TERMS else chain  # its own branches are enough


def _settled(sweep: _Sweep, node: Node, reading: Reading) -> Guards:
    """A reader's branches by the axes of a node: those that need others become `some turn takes it`.

    A loop over a size of the arguments is taken to have turns, but where a value may fail for its sizes.
    """
    around, loops = reading
    own = own_loops(node)
    kept = outer_part(around, own)
    rest = around[len(kept) :]
    closed = _closed(sweep, node, loops)
    tests = [node, *[condition for condition, _ in around], *[end for axis in closed for end in axis.args]]
    may_be_zero = frozenset[Node]().union(*[sweep.by_size.get(part, ()) for part in tests])
    empty = [axis for axis in closed if not has_turns(axis, may_be_zero)]
    ragged = [axis for axis in empty if not own.issuperset(axis.axes[:-1])]
    counted = _closed(sweep, node, [*ragged, *[axis for condition, _ in rest for axis in condition.axes]])
    first = [axis for axis in empty if axis not in counted or (axis not in ragged and _needs_turns(sweep, kept))]
    running = [(sweep.made.apply("gt", axis.args[1], axis.args[0]), True) for axis in first]
    failing = [one for one in running if any(_fails(sweep, end) for end in one[0].args)]  # known in the branches alone
    chain = dict.fromkeys([*[one for one in running if one not in failing], *kept])
    if counted:
        turning = _turning(rest, own)
        chain.update(dict.fromkeys(_before_ends(sweep, turning, counted, own)))
        test = some_turn(sweep.made, turning, counted)
        if test.args and node not in (test.args[0], *test.args[0].args):
            sweep.turns.setdefault(test, Turns(turning, frozenset(counted)))
            outermost = not turning and not any(_fails(sweep, end) for axis in counted for end in axis.args)
            chain = {(test, True): None} | chain if outermost else chain | {(test, True): None}
            chain.update(dict.fromkeys(rest[len(turning) :]))
    elif rest:
        chain[both(sweep.made, rest), True] = None
    return tuple(chain | dict.fromkeys(failing))


def _needs_turns(sweep: _Sweep, chain: Guards) -> bool:
    """Whether a test of a chain may fail for sizes: it is computed where loops have turns, before these are counted."""
    return any(condition in sweep.by_size for condition, _ in chain)


def _before_ends(sweep: _Sweep, turning: Guards, counted: list[Node], own: Collection[Node]) -> Guards:
    """The branches in which the ends of loops are known whose turns are counted: some turn of the others takes them."""
    later = [axis for axis in counted if any(_fails(sweep, end) for end in axis.args)]
    others = [axis for axis in counted if not any(outer in later for outer in axis.axes)]
    if not later or not others:
        return ()
    branches = _turning(outer_part(turning, {*own, *others}), own)
    test = some_turn(sweep.made, branches, others)
    sweep.turns.setdefault(test, Turns(branches, frozenset(others)))
    return ((test, True),) if test.args else ()


def _turning(chain: Guards, loops: Collection[Node]) -> Guards:
    """The branches up to the last one whose condition needs another loop: whether a turn takes these is counted."""
    places = [place for place, (condition, _) in enumerate(chain, 1) if not set(condition.axes) <= set(loops)]
    return chain[: max(places, default=0)]


def _before(sweep: _Sweep, node: Node, readings: Iterable[Reading]) -> Iterator[Reading]:
    """The readings up to a branch whose condition needs the value itself, which then is computed for its sake.

    Of `a and b` that is the part that needs it; of the branches after it those stay that another reading tests.
    """
    cut = [(_depth(sweep, node, around), around, loops) for around, loops in readings]
    told = {guard for depth, around, _ in cut for guard in around[:depth]}
    for depth, around, loops in cut:
        parts = sorted(holding(around[depth : depth + 1]), key=lambda guard: guard[0].serial)
        known = [guard for guard in parts if not _needs(sweep, guard[0], node)]
        yield (*around[:depth], *known, *[guard for guard in around[depth:] if guard in told]), loops


def _depth(sweep: _Sweep, node: Node, around: Guards) -> int:
    needing = (depth for depth, (condition, _) in enumerate(around) if _needs(sweep, condition, node))
    return next(needing, len(around))


def _closed(sweep: _Sweep, node: Node, axes: Iterable[Node]) -> list[Node]:
    """The axes with those that their ranges depend on, oldest first, without the node's own and those that need it."""
    every = {outer for axis in axes for outer in axis.axes} - set(node.axes)
    return sorted([axis for axis in every if not _needs(sweep, axis, node)], key=axis_order)


def _needs(sweep: _Sweep, later: Node, node: Node) -> bool:
    return later.serial > node.serial and node in sweep.needed(later)


def _with_arguments(sweep: _Sweep, node: Node) -> Guards:
    """The branches of what fails only where its arguments do: its arguments', and in these its readers' own."""
    chain: dict[Guard, None] = {}
    own = tested(Control(sweep.found, sweep.turns), sweep.cheap[node])
    for argument, inner, _ in handed_on(node, own):
        held = holding(inner)
        if argument.args and not all(implies(held, node.axes, guard, sweep.turns) for guard in sweep.found[argument]):
            outer = outer_part(sweep.found[argument], own_loops(node))
            if outer != sweep.found[argument]:  # branches of loops that the node closes over: it is where it is read
                return sweep.found[node]
            chain.update(dict.fromkeys(outer))
    return tuple(chain | dict.fromkeys(own))


def _note_failing(sweep: _Sweep, made: Node) -> None:
    """Whether a condition that the graph did not have reads what may fail."""
    for argument in made.args:
        if argument not in sweep.found:
            _note_failing(sweep, argument)
    if any(argument in sweep.fragile for argument in made.args):
        sweep.fragile[made] = True
    by_size = frozenset[Node]().union(*[sweep.by_size.get(argument, ()) for argument in made.args])
    if by_size:
        sweep.by_size[made] = by_size


def _place_conditions(sweep: _Sweep) -> None:
    """Have what conditions consist of computed where they are tested: they are read there, as values are by others.

    What the graph had itself, and may fail, is tested where something reads it anyway.
    """
    found, parts = sweep.found, _Parts(sweep, frozenset(sweep.found))
    own = {node: around for node, around in found.items() if not parts.is_told(node)}
    control = Control(own, sweep.turns)
    for node in sweep.order:
        if not _fails(sweep, node):
            found[node] = tested(control, found[node]) if node.args else ()
        parts.tested(node)
    while parts.waiting:
        part, readings = parts.first()
        if part in parts.known:
            kept = [g for g in found[part] if all(implies(holding(a), axes, g, sweep.turns) for a, axes in readings)]
            if len(kept) == len(found[part]):
                continue
            found[part] = tuple(kept)
        else:
            _note_failing(sweep, part)
            found[part] = _where_read(sweep, part, readings)
        parts.tested(part)
        for argument, inner, loops in handed_on(part, found[part]):
            if parts.is_told(argument) or not _fails(sweep, part):
                parts.read(found[part] if part.op == "or" else inner, loops, argument)


class _Parts(Struct):
    """What conditions consist of, and where each part is read; those that wait, readers first."""

    sweep: _Sweep
    known: frozenset[Node]  # before any condition was placed
    readings: dict[Node, dict[Reading, None]] = field(default_factory=dict)
    waiting: list[tuple[int, Node]] = field(default_factory=list)

    def is_told(self, part: Node) -> bool:
        """Whether its place follows from where it is read."""
        return part not in self.known or part in self.sweep.made.nodes or not _fails(self.sweep, part)

    def tested(self, node: Node) -> None:
        """Each condition around a node is read inside those before it."""
        around = self.sweep.found[node]
        for depth, (condition, _) in enumerate(around):
            if self.is_told(condition):
                self.read(around[:depth], own_loops(node), condition)

    def read(self, around: Guards, axes: Iterable[Node], part: Node) -> None:
        reading, seen = (around, frozenset(axes)), self.readings.setdefault(part, {})
        if reading not in seen:
            heapq.heappush(self.waiting, (-part.serial, part))
            seen[reading] = None

    def first(self) -> tuple[Node, list[Reading]]:
        """The first that waits, with all its readings so far."""
        part = heapq.heappop(self.waiting)[1]
        while self.waiting and self.waiting[0][1] is part:
            heapq.heappop(self.waiting)
        return part, list(self.readings[part])
