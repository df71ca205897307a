"""Where each value of a graph is computed: under which loops and inside which branches, and what gets a name.

A value is computed under exactly the axes that it has, so what does not depend on a loop is hoisted out of it, and
inside the branches that `control` finds for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.graph import control
from mgc.compiler.graph.control import Control
from mgc.compiler.graph.graph import Graph, author_order, statements, topological_order
from mgc.compiler.graph.guards import Guards, added_under, handed_on, is_plain
from mgc.compiler.graph.loops import loop_order
from mgc.compiler.graph.nodes import LOGIC, Node, axis_order, bound_axes, contributions

LINE = 80  # about as many characters as an expression may have, however long its names will be
SUM = 480  # of a sum, which can be written a term a line
_NAME = 6  # characters of a name, which is not chosen yet
MAX_LOOPS = 19  # Python refuses more than 20 blocks in each other
SMALL_POWER = 4  # powers up to this one are written as products
_FREE = frozenset({"const", "zero", "size", "index", "input"})  # written wherever they are read
_AT_HAND = _FREE | {"read", "checked", "add", "sub", "mul", "neg", "abs"}  # costs as little as the test itself
_ALWAYS_NAMED = frozenset({"reduce", "array", "scatter", "pack", "bound", "total"})


class Placement(Struct, frozen=True):
    """For each node its guards, and whether it is computed into a variable of its own.

    `graph` is what is placed, with hints for what the analysis made.
    """

    graph: Graph
    order: list[Node]
    rank: Mapping[Node, int]
    guards: Mapping[Node, Guards]
    named: frozenset[Node]
    branches: frozenset[Guards]
    control: Control
    told: Mapping[Node, tuple[int, ...]]  # in a lesson, the author's order of a statement's axes

    def splits(self, select: Node) -> bool:
        """Whether statements stand in an arm of this select, so that it is a branch and not an expression."""
        return any((*self.guards[select], (select.args[0], arm)) in self.branches for arm in (True, False))


def place(graph: Graph, anyway: Collection[Node] = ()) -> Placement:
    """The placement of every node that the graph's roots need, of some in no branch at all. Errors: TooDeep."""
    order = topological_order(graph.roots())
    rank = loop_order(order)
    found = control.analyse_written(graph, order, rank, anyway)
    guards = found.guards
    made = set(guards).difference(order)
    order = sorted(guards, key=lambda node: node.serial)
    graph = replace(graph, hints={**graph.builder.hints, **graph.hints})
    named = _named(graph, order, guards, made)
    branches = frozenset(guards[node][:depth] for node in named for depth in range(1, len(guards[node]) + 1))
    told = _told(graph, order) if graph.kept else {}
    return Placement(graph, order, rank, guards, named, branches, found, told)


def _told(graph: Graph, order: Sequence[Node]) -> dict[Node, tuple[int, ...]]:
    whole = statements(graph, order)
    return {node: tuple(map(axis_order, author_order(graph, whole[node]))) for node in order}


def loop_key(placement: Placement, told: Sequence[int]) -> Callable[[Node], tuple[int, int]]:
    """How to sort loops, outermost first: those that an author gave an order, then the others."""
    return lambda axis: (told.index(axis_order(axis)) if axis_order(axis) in told else len(told), placement.rank[axis])


def statement_loops(placement: Placement, node: Node) -> tuple[Node, ...]:
    """The loops of a node's own statement: its axes and those it closes over."""
    axes = {*node.axes, *[outer for axis in bound_axes(node) for outer in axis.axes]}
    return tuple(sorted(axes, key=loop_key(placement, placement.told.get(node, ()))))


def _named(graph: Graph, order: list[Node], guards: Mapping[Node, Guards], made: Collection[Node]) -> frozenset[Node]:
    """The nodes that get a variable: the author's names, what is used twice or elsewhere, and pieces of long lines."""
    uses, elsewhere = _uses(graph, order, guards, made)
    repeated = {node.args[0] for node in order if _is_written_twice(node) and node.args[0].op not in _FREE}
    repeated -= {node for node in repeated if _is_trivial(node, 1)}
    named: set[Node] = set()
    width: dict[Node, int] = {}  # about how many characters a node takes where it is read
    names = graph.names
    bodies = {node.args[0] for node in order if node.op == "array"}
    shown = _shown(graph, order, guards) if graph.kept else frozenset()
    for node in order:
        is_element = node.op == "read" and _is_trivial(node, 1) and node not in repeated and node not in graph.kept
        if node.op in _FREE or is_element:
            width[node] = _mention(node) + sum(2 + width[index] for index in node.args[1:] if node.op == "read")
            continue
        written = _call(node) + sum(width[argument] for argument in node.args)
        is_alias = node.op == "checked" and not node.axes and node.args[0] in named
        is_cheap = node.dtype != "bool" or _is_cheap_test(node, named)
        is_step = graph.kept and node not in bodies and _is_step(node)
        is_short = is_alias or (is_cheap and _is_trivial(node, written)) or is_step
        is_read_twice = node in repeated or ((uses[node] > 1 or node in elsewhere) and not is_short)
        has_name = node in names and not (node.op == "read" and _is_trivial(node, written))
        if node.op in _ALWAYS_NAMED or node in graph.kept or node in shown or has_name or is_read_twice:
            named.add(node)
        chain = node.op in ("add", "sub") and node.args[0].op in ("add", "sub") and node.args[0] not in named
        limit = SUM if chain and width[node.args[1]] <= LINE else LINE
        is_branch = bool(graph.kept and added_under(node)[0])  # written as one around what is added
        if written > limit and node.op not in ("scatter", "pack", "total") and not is_branch:
            fixed = {a for a in node.args if a in named or control.is_sunk(a, guards[a])}
            longest = max(node.args, key=lambda argument: 0 if argument in fixed else width[argument])
            if longest not in fixed and longest.args and longest.op not in ("read", "index"):
                named.add(longest)
                written -= width[longest]
                width[longest] = _mention(longest)
                written += width[longest]
        width[node] = _mention(node) if node in named else written
    return frozenset(named)


def _shown(graph: Graph, order: Sequence[Node], guards: Mapping[Node, Guards]) -> frozenset[Node]:
    """What a lesson has the derivative by: values whose adjoints are made, not handed on, and branches with such."""
    made: dict[Node, Node] = {}
    for adjoint, primal, _ in graph.adjoints:
        if adjoint is not None and primal is not None and adjoint.op == "read" and adjoint.args[0].op == "scatter":
            made.setdefault(adjoint, primal)
    tests = {condition for primal in made.values() for condition, _ in guards.get(primal, ())}
    forward = (node for node in order if node.op == "select" and node.origin.section == "forward")
    written = {primal for primal in made.values() if control.is_sunk(primal, guards.get(primal, ()))}
    return frozenset([*made.values(), *[node for node in forward if node.args[0] in tests]]) - written


def _is_step(node: Node) -> bool:
    """What a lesson writes wherever it is read: sums, and what is asked for."""
    return node.dtype == "bool" or node.op in ("add", "sub", "neg", "mul")


def _mention(node: Node) -> int:
    """The characters that a value takes where it is read, whatever it will be called."""
    match node.op:
        case "read":
            return _mention(node.args[0])
        case "const" | "size":
            return len(str(node.attribute))
        case "index":
            return 1
    return _NAME + 3 * len(node.axes)


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


def _is_cheap_test(test: Node, named: Collection[Node]) -> bool:
    """Whether a condition may be tested again: what it compares is at hand, or a sum or product of such."""
    return all(
        part.dtype != "float" or part in named or (part.op in _AT_HAND and _is_cheap_test(part, named))
        for part in test.args
    )


def _uses(
    graph: Graph, order: list[Node], guards: Mapping[Node, Guards], made: Collection[Node]
) -> tuple[dict[Node, int], set[Node]]:
    """How often each node is written, and which nodes are read at another place than where they are computed."""
    uses = dict.fromkeys(order, 0)
    elsewhere: set[Node] = set()
    for root in graph.roots():
        uses[root] += 1
        if root.axes:
            elsewhere.add(root)
    for node in order:
        if is_plain(node) and not guards[node] and not any(guards[argument] for argument in node.args):
            for argument in node.args:
                uses[argument] += 1
            continue
        inside = _statement_axes(node)
        for argument, chain, _ in handed_on(node, guards[node]):
            uses[argument] += 1
            if node.op in ("reduce", "scatter", "total") and guards[argument][: len(chain)] == chain:
                chain = guards[argument]
            if node.op in LOGIC and guards[argument] == guards[node]:
                chain = guards[argument]
            branches, added = added_under(argument) if node.op in ("reduce", "scatter", "total") else ((), argument)
            axes = inside.get(argument, set(node.axes))
            is_added_often = bool(branches) and (uses[argument] > 1 or set(added.axes) != axes)
            if is_added_often and not control.is_sunk(added, guards[added]):
                elsewhere.add(added)
            if control.is_sunk(argument, guards[argument]):
                continue
            if set(argument.axes) != axes or guards[argument] != chain:
                elsewhere.add(argument)
    tested = {chain[: depth + 1] for chain in guards.values() for depth in range(len(chain))}
    for chain in tested:
        uses[chain[-1][0]] += chain[-1][0] in made
    return uses, elsewhere


def _statement_axes(node: Node) -> dict[Node, set[Node]]:
    """For each argument of a node that closes over axes, the loops that the statement with it stands in."""
    if node.op == "scatter":
        groups = [(value, *indices) for value, indices in contributions(node)]
        return {part: {*node.axes, *(a for p in group for a in p.axes)} for group in groups for part in group}
    axes = {*node.axes, *(inner for axis in bound_axes(node) for inner in axis.axes)}
    return dict.fromkeys(node.args, axes) if node.op in ("reduce", "array") else {}


def _is_written_twice(node: Node) -> bool:
    """Whether the target's code mentions the first argument more than once: `x * x`, `0.0 if x <= 0.0 else x`."""
    if node.op == "reduce":
        return node.attribute in ("max", "min")
    power = node.args[1].attribute if node.op == "pow" else None
    return node.op == "relu" or (isinstance(power, int) and 1 < power <= SMALL_POWER)
