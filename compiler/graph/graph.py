"""A function as a graph, and the order of its nodes.

>>> from mgc.compiler.graph.builder import Builder
>>> build = Builder()
>>> n = build.size("n")
>>> [node.op for node in topological_order([build.make("add", (n, build.integer(1)))])]
['size', 'const', 'add']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.nodes import Adjoint, Node, serial
from mgc.grammar.tree import Span


class Input(Struct, frozen=True):
    """An argument or a parameter of a function. `default` makes a keyword argument."""

    node: Node
    name: str
    kind: Literal["argument", "parameter", "adjoint"]
    default: float | None
    span: Span | None

    @property
    def sizes(self) -> tuple[Node, ...]:
        return self.node.args


class Graph(Struct, frozen=True):
    """A function: inputs, and outputs that are numbers or stored arrays, in the order they are returned.

    `gradients` pairs each differentiated input with its adjoint (None: zero by structure). `names` are the author's
    names of values, `hints` what to call the others where they need a name; `adjoints` say what values are derivatives
    by, `layouts` in which order the author gave the axes of a value. `kept` are the values that are a step of their
    own, as in a lesson: each has a variable and one adjoint, and is computed apart from the others.
    """

    builder: Builder
    name: str
    inputs: tuple[Input, ...]
    outputs: tuple[Node, ...]
    gradients: tuple[tuple[Input, Node | None], ...] = ()
    names: Mapping[Node, str] = field(default_factory=dict)
    hints: Mapping[Node, str] = field(default_factory=dict)
    adjoints: tuple[Adjoint, ...] = ()
    layouts: Mapping[Node, tuple[Node, ...]] = field(default_factory=dict)
    kept: frozenset[Node] = frozenset()

    def roots(self) -> tuple[Node, ...]:
        return (*self.outputs, *(adjoint for _, adjoint in self.gradients if adjoint is not None))


def finished(
    build: Builder,
    name: str,
    inputs: tuple[Input, ...],
    outputs: tuple[Node, ...],
    gradients: tuple[tuple[Input, Node | None], ...] = (),
) -> Graph:
    """The graph of what a builder has made, with all that was said of its nodes."""
    said = dict(build.names), dict(build.hints), tuple(build.adjoints), dict(build.layouts)
    return Graph(build, name, inputs, outputs, gradients, *said)


def reopened(graph: Graph) -> Graph:
    """The graph with a builder of its own, so that what makes nodes leaves the given graph as it is."""
    return replace(graph, builder=graph.builder.branch())


def topological_order(roots: Iterable[Node]) -> list[Node]:
    """Every node that the roots depend on, arguments first, in the order in which they were made."""
    seen: set[Node] = set()
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack.extend(node.args)
    return sorted(seen, key=serial)


def statements(graph: Graph, order: Sequence[Node]) -> dict[Node, Node]:
    """The kept value or result that each value is computed for: itself, or that of the first that reads it."""
    found: dict[Node, Node] = {}
    for node in reversed(order):
        if node in graph.kept or node not in found:
            found[node] = node
        for argument in node.args:
            found[argument] = min(found.get(argument, found[node]), found[node], key=serial)
    return found


def author_order(graph: Graph, node: Node) -> tuple[Node, ...]:
    """The axes of a value: those around it, then its own as the author gave them; each after those it depends on."""
    own = graph.layouts.get(node, ())
    given = (*[axis for axis in node.axes if axis not in own], *own)
    needed = [outer for axis in given for outer in sorted(axis.axes, key=lambda one: len(one.axes))]
    return tuple(dict.fromkeys(axis for axis in needed if axis in given))
