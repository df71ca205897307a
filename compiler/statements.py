"""Statements on their way to a place in the code: what they compute, under which loops, after what. Plain data."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from mgc.compiler.graph import Node
from mgc.compiler.loopnest import Assign, Item, Update

Head = tuple[Node, bool | None]  # a loop (axis, None), or a branch (condition, the arm taken)


@dataclass(frozen=True, slots=True, eq=False)
class Wait:
    """A statement to wait for, and the loops of it that must be over."""

    work: Work
    barrier: frozenset[Node]


@dataclass(slots=True, eq=False)
class Work:
    """One statement before it has a place: the node it makes, its path, and what it has to wait for."""

    node: Node
    value: Node
    indices: tuple[Node, ...]
    path: tuple[Head, ...]
    own: int  # how much of the path is the node's own: the rest lies inside the reduction that makes it
    barrier: frozenset[Node]  # loops that must be over before the result is read
    after: list[Wait] = field(default_factory=list)
    trail: tuple[Container, ...] = ()  # the lists of items that it ended up in, outermost first
    item: Assign | Update | None = None


@dataclass(slots=True, eq=False)
class Container:
    """A list of items in the making: the body of `owner`, or of the function."""

    items: list[Item]
    owner: Item | None
    axis: Node | None
    before: dict[int, list[Item]] = field(default_factory=lambda: defaultdict(list))  # by the id of an item
    after: dict[int, list[Item]] = field(default_factory=lambda: defaultdict(list))
    places: dict[int, int] = field(default_factory=dict)
