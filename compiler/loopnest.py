"""The loop nest: what a schedule makes of a graph, and what printers spell. Plain data.

A value with a `Variable` is read from it; any other node is written out where it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from mgc.compiler.graph import Dtype, Graph, Node, Section
from mgc.grammar.tree import Span

Kind = Literal["sum", "prod", "max", "min"]


@dataclass(slots=True, eq=False)
class Variable:
    """A number, or an array of `sizes`: first one per loop in `axes`, then those of the array itself."""

    name: str
    node: Node
    dtype: Dtype
    axes: tuple[Node, ...] = ()
    sizes: tuple[Node, ...] = ()
    of: Variable | None = None  # the variable that this one is another view of


@dataclass(slots=True, eq=False)
class Allocate:
    """Make an array variable, every element `fill`."""

    variable: Variable
    fill: float | int


@dataclass(slots=True, eq=False)
class Declare:
    """A number that is set further in, but read here."""

    variable: Variable


@dataclass(slots=True, eq=False)
class Assign:
    """Set a variable, or an element, to an expression, to a constant or to what another variable holds."""

    variable: Variable
    indices: tuple[Node, ...]
    value: Node | Variable | float | int


@dataclass(slots=True, eq=False)
class Update:
    """Add, multiply or take the extremum with what stands in the variable."""

    variable: Variable
    indices: tuple[Node, ...]
    kind: Kind
    value: Node


@dataclass(slots=True, eq=False)
class For:
    axis: Node
    body: list[Item] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class If:
    condition: Node
    then: list[Item] = field(default_factory=list)
    otherwise: list[Item] = field(default_factory=list)


Item = Allocate | Declare | Assign | Update | For | If
Statement = Assign | Update


@dataclass(slots=True, eq=False)
class LoopNest:
    """A function ready to be printed: its graph, statements, and the variable of every value that has one."""

    graph: Graph
    body: list[Item]
    variables: Mapping[Node, Variable]


def sections(item: Item) -> frozenset[Section]:
    """The passes, forward and backward, that an item's statements belong to; initial values belong to none."""
    match item:
        case For():
            return sections_of(item.body)
        case If():
            return sections_of([*item.then, *item.otherwise])
        case Update() | Assign(value=Node() | Variable()):
            return frozenset([item.variable.node.section])
    return frozenset()


def sections_of(items: list[Item]) -> frozenset[Section]:
    return frozenset[Section]().union(*[sections(item) for item in items])


def span(item: Item) -> Span | None:
    """The statement of the model that an item comes from."""
    return item.variable.node.span if isinstance(item, Assign | Update) else None


def walk(items: list[Item]) -> Iterator[Item]:
    """Every item, in the order in which they are written."""
    stack = list(reversed(items))
    while stack:
        item = stack.pop()
        yield item
        if isinstance(item, For):
            stack.extend(reversed(item.body))
        elif isinstance(item, If):
            stack.extend(reversed([*item.then, *item.otherwise]))
