"""Statements on their way to a place in the code: what they compute, under which loops, after what. Plain data.

Items and variables are here as they are made, of nodes of the graph; `freeze` makes those of the loop nest from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from mgc.compiler.graph.nodes import Node, Step
from mgc.compiler.schedule.loopnest import Kind

Head = tuple[Node, bool | None]  # a loop (axis, None), or a branch (condition, the arm taken)
Turn = tuple[int, ...]  # when a statement of a lesson is told: forward or backward, and the place among these


class Variable(Struct, eq=False):
    """What holds a node's value: its `sizes` are first one per loop in `axes`, then those of the array itself."""

    node: Node
    home: tuple[Container, ...]  # the lists of items around all that sets and reads it
    axes: tuple[Node, ...] = ()
    sizes: tuple[Node, ...] = ()
    of: Variable | None = None  # the variable that this one is another view of, or in which a running total is stored


class Allocate(Struct, eq=False):
    variable: Variable
    fill: float | int
    readers: int = 0  # how many steps add to it


class Declare(Struct, eq=False):
    variable: Variable


class Assign(Struct, eq=False):
    variable: Variable
    indices: tuple[Node, ...]
    value: Node | Variable
    step: Step | None = None


class Update(Struct, eq=False):
    variable: Variable
    indices: tuple[Node, ...]
    kind: Kind
    value: Node
    step: Step | None = None
    over: tuple[Node, ...] = ()  # the axes that a step sums over


class For(Struct, eq=False):
    axis: Node
    body: list[Item] = field(default_factory=list)


class If(Struct, eq=False):
    condition: Node
    then: list[Item] = field(default_factory=list)
    otherwise: list[Item] = field(default_factory=list)


Item = Allocate | Declare | Assign | Update | For | If


class Wait(Struct, frozen=True, eq=False):
    """A statement to wait for, and the loops of it that must be over."""

    work: Work
    barrier: frozenset[Node]


class Work(Struct, eq=False):
    """One statement before it has a place: the node it makes, its path, and what it has to wait for."""

    node: Node
    value: Node
    indices: tuple[Node, ...]
    path: tuple[Head, ...]
    own: int  # how much of the path is the node's own: the rest lies inside the reduction that makes it
    barrier: frozenset[Node]  # loops that must be over before the result is read
    step: Step | None = None  # why it adds to an adjoint
    turn: Turn = ()  # statements of different turns share no loop
    after: list[Wait] = field(default_factory=list)
    trail: tuple[Container, ...] = ()  # the lists of items that it ended up in, outermost first
    item: Assign | Update | None = None


class Container(Struct, eq=False):
    """A list of items in the making: the body of `owner`, or of the function."""

    items: list[Item]
    owner: Item | None
    axis: Node | None
    before: dict[Item, list[Item]] = field(default_factory=lambda: defaultdict(list))
    after: dict[Item, list[Item]] = field(default_factory=lambda: defaultdict(list))
    places: dict[Item, int] = field(default_factory=dict)


def walk(items: Sequence[Item]) -> Iterator[Item]:
    """Every item, in the order in which they are written."""
    stack = list(reversed(items))
    while stack:
        item = stack.pop()
        yield item
        if isinstance(item, For):
            stack.extend(reversed(item.body))
        elif isinstance(item, If):
            stack.extend(reversed([*item.then, *item.otherwise]))
