"""The IR: hash-consed, immutable nodes of scalar operations over named axes.

An array is a scalar node that depends on axes; an axis is itself a node, the index that runs over it.
Broadcasting, batching, transposes and matrix products are then which axes a node has.

>>> build = Builder()
>>> i = build.axis("i", build.integer(0), build.size("n"))
>>> x = build.make("input", (build.size("n"),), "x")
>>> square = build.make("mul", (build.read(x, i), build.read(x, i)))
>>> build.read(x, i) is build.read(x, i), [axis.attribute.name for axis in square.axes]
(True, ['i'])
>>> build.reduce("sum", [i], square).axes
()

Structural operations (all others are scalar operations of the table in `ops.mg`):

====== ================================ ==================================================
op     arguments                        meaning
====== ================================ ==================================================
const                                   a number; `attribute` is the number
zero                                    0 by structure: where no derivative flows
size                                    a named size; `attribute` is its name
index  start, stop                      an axis, and the integer that runs over it
input  sizes                            an argument or parameter; a number where it has no sizes
read   source, indices                  one element of an input, array, pack or scatter
array  body, axes                       the values of body over the axes, stored
pack   elements                         an array literal; `attribute` is its shape
scatter sizes, free axes, then value,   an array of zeros to which each value is added at its
        indices, value, indices, ...     indices, for all axes of the value but the free ones
reduce body, axes                       sum, prod, max, min, argmax, argmin of body over the axes
total  values                           their sum, each added only where its branches lead to it
select condition, then, otherwise       only the arm taken is evaluated
bound  index, size                      the index, once it is known to lie in 0 <= index < size
====== ================================ ==================================================
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, cast

from mgc.grammar.tree import Span

Dtype = Literal["float", "int", "bool"]
Section = Literal["forward", "backward"]

SOURCES = frozenset({"input", "array", "pack", "scatter"})
COMPARISONS = frozenset({"lt", "le", "gt", "ge", "eq", "ne"})
LOGIC = frozenset({"and", "or", "not"})
_OF_ONE_KIND = frozenset({"add", "sub", "mul", "neg", "floordiv", "mod", "abs", "min", "max", "pack"})  # ints of ints
MAX_NODES = 4_000_000  # a graph beyond this is refused with a located message
MAX_WEIGHT = 1 << 40


class AxisName(NamedTuple):
    """An axis is told from others by its serial number, which is also its place in loop order."""

    name: str
    serial: int


class ScatterLayout(NamedTuple):
    """How the arguments of a scatter are to be read: `rank` sizes, `free` axes it depends on, then contributions."""

    rank: int
    free: int


class Adjoint(NamedTuple):
    """`node` is the derivative of the result with respect to `primal`, where the branches are taken (and 0 elsewhere).

    `primal` is None where no one value has all of that derivative, `node` where it is no value of the graph any more.
    """

    node: Node | None
    primal: Node | None
    branches: tuple[tuple[Node, bool], ...] = ()


Attribute = float | int | bool | str | AxisName | ScatterLayout | tuple[int, ...] | None


@dataclass(slots=True, eq=False, repr=False)  # not frozen: a frozen __init__ is three times slower, and nodes are many
class Node:
    """One value. `axes` are the index nodes that it depends on, in loop order; `serial` is a topological number."""

    op: str
    args: tuple[Node, ...]
    attribute: Attribute
    dtype: Dtype
    axes: tuple[Node, ...]
    serial: int
    weight: int  # size of the tree that the node stands for, capped: what renaming its axes may cost
    span: Span | None  # the statement of the main file that it comes from
    section: Section

    def __repr__(self) -> str:
        return f"<{self.op} {self.serial}>"


class TooLarge(Exception):
    """The graph has more than MAX_NODES nodes."""


class Builder:
    """Makes nodes; equal nodes are one node. Constants are told apart by their bits.

    `span` and `section` are what new nodes are marked with; `names` are the author's names of values, `hints` what to
    call the others where they need a name; `adjoints` say what the named values of a derivative are derivatives by, and
    `bindings` which values are stored, over which axes, if they are read elsewhere.
    """

    def __init__(self) -> None:
        self._nodes: dict[tuple[object, ...], Node] = {}
        self._axes = 0
        self.names: dict[Node, str] = {}
        self.hints: dict[Node, str] = {}
        self.adjoints: list[Adjoint] = []
        self.bindings: dict[Node, tuple[Node, ...]] = {}
        self.span: Span | None = None
        self.section: Section = "forward"

    def __len__(self) -> int:
        return len(self._nodes)

    def make(
        self, op: str, args: tuple[Node, ...] = (), attribute: Attribute = None, dtype: Dtype | None = None
    ) -> Node:
        key = (op, args, _bits(attribute) if op == "const" else attribute)
        node = self._nodes.get(key)
        if node is None:
            if len(self._nodes) >= MAX_NODES:
                raise TooLarge
            weight = min(MAX_WEIGHT, 1 + sum([argument.weight for argument in args]))
            kind = dtype or _dtype(op, args)
            node = Node(op, args, attribute, kind, (), len(self._nodes), weight, self.span, self.section)
            node.axes = _axes(node)
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
            return source.args[_flat_place(source, indices)]
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
        if not axes or body.dtype != "float" or not set(axes) <= set(body.axes) or _is_element(body):
            return False
        self.bindings.setdefault(body, axes)
        return True

    def name(self, node: Node, name: str) -> None:
        """Keep the author's name for a value; the first name stays."""
        self.names.setdefault(node, name)


@dataclass(frozen=True, slots=True)
class Input:
    """An argument or a parameter of a function. `default` makes a keyword argument."""

    node: Node
    name: str
    kind: Literal["argument", "parameter", "adjoint"]
    default: float | None
    span: Span | None

    @property
    def sizes(self) -> tuple[Node, ...]:
        return self.node.args


@dataclass(frozen=True, slots=True)
class Graph:
    """A function: inputs, and outputs that are numbers or stored arrays, in the order they are returned.

    `gradients` pairs each differentiated input with its adjoint (None: zero by structure).
    """

    builder: Builder
    name: str
    inputs: tuple[Input, ...]
    outputs: tuple[Node, ...]
    gradients: tuple[tuple[Input, Node | None], ...] = ()

    def roots(self) -> tuple[Node, ...]:
        return (*self.outputs, *(adjoint for _, adjoint in self.gradients if adjoint is not None))


def topological_order(roots: Iterable[Node]) -> list[Node]:
    """Every node that the roots depend on, arguments first, in the order in which they were made."""
    seen: set[Node] = set()
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack.extend(node.args)
    return sorted(seen, key=_serial)


def bound_axes(node: Node) -> tuple[Node, ...]:
    """The axes that a structural node closes over."""
    if node.op in ("reduce", "array"):
        return node.args[1:]
    if node.op == "scatter":
        assert isinstance(node.attribute, ScatterLayout)
        return tuple(axis for axis in union(node.args) if axis not in node.axes)
    return ()


def contributions(scatter: Node) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Each (value, indices) that a scatter adds."""
    assert isinstance(scatter.attribute, ScatterLayout)
    rank, free = scatter.attribute
    for start in range(rank + free, len(scatter.args), rank + 1):
        yield scatter.args[start], scatter.args[start + 1 : start + 1 + rank]


def is_stored(node: Node) -> bool:
    """Whether a node is an array in its own right, and not a number."""
    return node.op in ("array", "pack", "scatter")


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


def rank(source: Node) -> int:
    """The number of indices that a read of the source takes."""
    match source.op:
        case "input":
            return len(source.args)
        case "array":
            return len(source.args) - 1
        case "pack":
            return len(pack_shape(source))
        case "scatter":
            assert isinstance(source.attribute, ScatterLayout)
            return source.attribute.rank
    raise AssertionError(source.op)


def pack_shape(pack: Node) -> tuple[int, ...]:
    """The sizes of an array literal."""
    return cast(tuple[int, ...], pack.attribute)


def _flat_place(pack: Node, indices: tuple[Node, ...]) -> int:
    place = 0
    for index, size in zip(indices, pack_shape(pack), strict=True):
        assert isinstance(index.attribute, int)
        place = place * size + index.attribute
    return place


def _is_element(body: Node) -> bool:
    """Whether a value is an element of what is stored anyway."""
    return body.op == "read" and all(index.op in ("index", "const") for index in body.args[1:])


def _serial(node: Node) -> int:
    return node.serial


def axis_order(axis: Node) -> int:
    assert isinstance(axis.attribute, AxisName)
    return axis.attribute.serial


def union(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """The axes of all the nodes, oldest first."""
    first: tuple[Node, ...] = ()
    others: dict[Node, None] = {}
    for node in nodes:
        if not first:
            first = node.axes
        elif node.axes and node.axes != first:
            others.update(dict.fromkeys(node.axes))
    return tuple(sorted({*first, *others}, key=axis_order)) if others else first


def _axes(node: Node) -> tuple[Node, ...]:
    if node.op == "scatter":
        assert isinstance(node.attribute, ScatterLayout)
        rank, free = node.attribute
        return union(node.args[rank : rank + free])
    axes = union(node.args)
    if node.op == "index":
        return (*axes, node)
    if node.op in ("reduce", "array"):
        bound = node.args[1:]
        return tuple(axis for axis in axes if axis not in bound)
    return axes


def _dtype(op: str, args: tuple[Node, ...]) -> Dtype:
    if op in COMPARISONS or op in LOGIC:
        return "bool"
    if op in ("read", "array", "bound"):
        return args[0].dtype
    if op == "select":
        return args[1].dtype if args[1].dtype == args[2].dtype else "float"
    if op == "exactdiv":
        return "int"
    if op in _OF_ONE_KIND and all(a.dtype == "int" for a in args):
        return "int" if args else "float"
    return "float"


def _bits(value: Attribute) -> tuple[str, object]:
    if isinstance(value, float):
        return "float", struct.pack("<d", value)
    return type(value).__name__, value
