"""What makes nodes: equal nodes are one object.

>>> build = Builder()
>>> build.make("add", (build.size("n"), build.integer(1))) is build.make("add", (build.size("n"), build.integer(1)))
True
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from mgc.compiler.graph.nodes import (
    MAX_WEIGHT,
    NOWHERE,
    Adjoint,
    Attribute,
    AxisName,
    Dtype,
    Node,
    ScatterLayout,
    axes_of,
    dtype_of,
    is_ragged,
    is_stored,
    pack_shape,
)

MAX_NODES = 4_000_000  # a graph beyond this is refused with a located message


class TooLarge(Exception):
    """The graph has more than MAX_NODES nodes."""


class Builder:
    """Makes nodes; equal nodes are one node. Constants are told apart by their bits, but there is one nan.

    `origin` is what new nodes are marked with; `bindings` say which values are stored, over which axes, if they are
    read elsewhere; `moved`, where such a value went with other axes (see `substitution`). What is said of the nodes is
    collected for the graph that is being made: see `Graph`.
    """

    def __init__(self) -> None:
        self._nodes: dict[tuple[object, ...], Node] = {}
        self._axes = 0
        self.names: dict[Node, str] = {}
        self.hints: dict[Node, str] = {}
        self.adjoints: list[Adjoint] = []
        self.bindings: dict[Node, tuple[Node, ...]] = {}
        self.layouts: dict[Node, tuple[Node, ...]] = {}
        self.moved: dict[tuple[object, ...], tuple[Node, tuple[Node, ...]]] = {}
        self.origin = NOWHERE

    def branch(self) -> Builder:
        """A builder that goes on from what this one has made, and leaves this one as it is."""
        other = Builder()
        other._nodes, other._axes = dict(self._nodes), self._axes
        other.names, other.hints = dict(self.names), dict(self.hints)
        other.adjoints, other.bindings, other.layouts = [*self.adjoints], dict(self.bindings), dict(self.layouts)
        return other

    def __len__(self) -> int:
        return len(self._nodes)

    def operations(self) -> set[object]:
        """The operations of all nodes that were made, those that nothing reads among them."""
        return {op for op, _, _ in self._nodes}

    def make(
        self, op: str, args: tuple[Node, ...] = (), attribute: Attribute = None, dtype: Dtype | None = None
    ) -> Node:
        key = (op, args, _bits(attribute) if op == "const" else attribute)
        node = self._nodes.get(key)
        if node is None:
            if len(self._nodes) >= MAX_NODES:
                raise TooLarge
            weight = 1
            for argument in args:
                weight += argument.weight
            kind = dtype or dtype_of(op, args)
            node = Node(op, args, attribute, kind, (), len(self._nodes), min(weight, MAX_WEIGHT), self.origin)
            node.axes = axes_of(node)
            self._nodes[key] = node
        return node

    def number(self, value: float) -> Node:
        return self.make("const", (), float(value), "float")

    def integer(self, value: int) -> Node:
        return self.make("const", (), value, "int")

    def boolean(self, value: bool) -> Node:
        return self.make("const", (), value, "bool")

    def size(self, name: str) -> Node:
        return self.make("size", (), name, "int")

    def axis(self, name: str, start: Node, stop: Node) -> Node:
        """A fresh axis: later axes are inner loops."""
        self._axes += 1
        return self.make("index", (start, stop), AxisName(name, self._axes), "int")

    def same_axis(self, axis: Node, start: Node, stop: Node) -> Node:
        """The axis of another builder in this one, under the same serial number."""
        assert isinstance(axis.attribute, AxisName)
        self._axes = max(self._axes, axis.attribute.serial)
        return self.make("index", (start, stop), axis.attribute, "int")

    def read(self, source: Node, *indices: Node) -> Node:
        if source.op == "array" and indices == source.args[1:]:
            return source.args[0]
        if source.op == "pack" and all(index.op == "const" for index in indices):
            return source.args[flat_place(indices, pack_shape(source))]
        return self.make("read", (source, *indices))

    def array(self, body: Node, axes: Iterable[Node]) -> Node:
        axes = tuple(axes)
        if body.op == "read" and body.args[1:] == axes and is_stored(body.args[0]):
            source = body.args[0]
            sizes = stored_sizes(self, source)
            same = all(
                axis.args[0].attribute == 0 and axis.args[1] is size for axis, size in zip(axes, sizes, strict=True)
            )
            if same and not any(axis in source.axes for axis in axes):
                return source  # all elements of an array, in order, are that array
        return self.make("array", (body, *axes))

    def reduce(self, kind: str, axes: Iterable[Node], body: Node) -> Node:
        return self.make("reduce", (body, *axes), kind)

    def bind(self, body: Node, axes: tuple[Node, ...]) -> bool:
        """Have the body computed once for each point of the axes, so that other points of it are read from there on."""
        if not axes or is_ragged(axes) or body.dtype != "float" or not set(axes) <= set(body.axes) or is_element(body):
            return False
        self.bindings.setdefault(body, axes)
        self.layouts.setdefault(body, axes)
        return True

    def name(self, node: Node, name: str) -> None:
        """Keep the author's name for a value; the first name stays."""
        self.names.setdefault(node, name)

    def called(self, node: Node) -> str | None:
        """What a value is called where it is read, if anything."""
        said = str(node.attribute) if node.op == "input" else self.names.get(node) or self.hints.get(node)
        if said is None and node.op in ("read", "array"):
            return self.called(node.args[0])
        return said.rpartition(".")[2] if said else None


def stored_sizes(build: Builder, node: Node) -> tuple[Node, ...]:
    """The sizes of a stored array; a number has none."""
    match node.op:
        case "array":
            return tuple(axis.args[1] for axis in node.args[1:])
        case "pack":
            return tuple(build.integer(size) for size in pack_shape(node))
        case "scatter":
            assert isinstance(node.attribute, ScatterLayout)
            return node.args[: node.attribute.rank]
    return ()


def flat_place(indices: Sequence[Node], sizes: Sequence[int]) -> int:
    """The place of an element in the list of all, row after row; the indices are numbers."""
    place = 0
    for index, size in zip(indices, sizes, strict=True):
        assert isinstance(index.attribute, int)
        place = place * size + index.attribute
    return place


def is_element(body: Node) -> bool:
    """Whether a value is an element of what is stored anyway."""
    return body.op == "read" and all(index.op in ("index", "const") for index in body.args[1:])


def _bits(value: Attribute) -> tuple[str, object]:
    if isinstance(value, float):
        return "float", struct.pack("<d", value) if value == value else "nan"  # of either sign
    return type(value).__name__, value
