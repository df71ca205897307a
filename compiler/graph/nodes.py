"""The IR: hash-consed, immutable nodes of scalar operations over named axes.

An array is a scalar node that depends on axes; an axis is itself a node, the index that runs over it.
Broadcasting, batching, transposes and matrix products are then which axes a node has.

>>> from mgc.compiler.graph.builder import Builder
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

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Literal, NamedTuple, cast

from msgspec import Struct

from mgc.compiler.language.signs import COMPARE
from mgc.grammar.tree import Span

Dtype = Literal["float", "int", "bool"]
Section = Literal["forward", "backward"]

SOURCES = frozenset({"input", "array", "pack", "scatter"})
COMPARISONS = frozenset(COMPARE)
EXTREMA = frozenset({"max", "min"})  # of two numbers or more, which share a tie
LOGIC = frozenset({"and", "or", "not"})
_OF_ONE_KIND = frozenset({"add", "sub", "mul", "neg", "floordiv", "mod", "abs", "min", "max", "pack"})  # ints of ints
MAX_WEIGHT = 1 << 40


class AxisName(NamedTuple):
    """An axis is told from others by its serial number, which is also its place in loop order."""

    name: str
    serial: int


class ScatterLayout(NamedTuple):
    """How the arguments of a scatter are to be read: `rank` sizes, `free` axes it depends on, then contributions.

    `steps` says of each contribution why it is made, where a derivative is to be read as a lesson.
    """

    rank: int
    free: int
    steps: tuple[Step, ...] = ()


class Call(NamedTuple):
    """A call on the way to a value: the definition called, a layer by its instance (`score.linear2`), and where."""

    name: str
    span: Span


class Partial(NamedTuple):
    """The derivative of an operation by its argument at `place`: a rule of the table in `ops.mg`, or of structure."""

    op: str
    place: int


class Origin(Struct, frozen=True):
    """Where a value comes from: the one fact that comments, errors and all that explains read.

    `span` is the statement of the main file; `calls` lead to it from the function that is compiled, outermost first.
    What the backward pass makes has the `primal` whose adjoint it hands on, and the `rule` by which it does so.
    `is_held`: it is read under a `detach` alone, and no derivative passes through it.
    """

    span: Span | None = None
    calls: tuple[Call, ...] = ()
    section: Section = "forward"
    primal: Node | None = None
    rule: Partial | None = None
    is_held: bool = False


NOWHERE = Origin()


class Step(NamedTuple):
    """Why something is added to an adjoint: the rule in words, and the statement (a serial number) that it is of.

    `loops` are the serial numbers of the statement's axes, in the author's order.
    """

    rule: str
    statement: int
    loops: tuple[int, ...]
    origin: Origin


class Adjoint(NamedTuple):
    """`node` is the derivative of the result with respect to `primal`, where the branches are taken (and 0 elsewhere).

    `primal` is None where no one value has all of that derivative, `node` where it is no value of the graph any more.
    """

    node: Node | None
    primal: Node | None
    branches: tuple[tuple[Node, bool], ...] = ()


Attribute = float | int | bool | str | AxisName | ScatterLayout | tuple[int, ...] | None


class Node(Struct, eq=False):
    """One value. `axes` are the index nodes that it depends on, in loop order; `serial` is a topological number."""

    op: str
    args: tuple[Node, ...]
    attribute: Attribute
    dtype: Dtype
    axes: tuple[Node, ...]
    serial: int
    weight: int  # size of the tree that the node stands for, capped: what renaming its axes may cost
    origin: Origin

    def __repr__(self) -> str:
        return f"<{self.op} {self.serial}>"


def bound_axes(node: Node) -> tuple[Node, ...]:
    """The axes that a structural node closes over."""
    if node.op in ("reduce", "array"):
        return node.args[1:]
    if node.op == "scatter":
        assert isinstance(node.attribute, ScatterLayout)
        return tuple(axis for axis in union(node.args) if axis not in node.axes)
    return ()


def axis_name(axis: Node) -> str:
    """The name that an axis was given in the model, or nothing."""
    assert isinstance(axis.attribute, AxisName)
    return axis.attribute.name


def is_ragged(axes: Sequence[Node]) -> bool:
    """Whether how far one of the axes runs depends on another one."""
    return any(other in axes for axis in axes for other in axis.axes[:-1])


def contributions(scatter: Node) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Each (value, indices) that a scatter adds."""
    assert isinstance(scatter.attribute, ScatterLayout)
    rank, free, _ = scatter.attribute
    for start in range(rank + free, len(scatter.args), rank + 1):
        yield scatter.args[start], scatter.args[start + 1 : start + 1 + rank]


def is_stored(node: Node) -> bool:
    """Whether a node is an array in its own right, and not a number."""
    return node.op in ("array", "pack", "scatter")


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


serial: Callable[[Node], int] = attrgetter("serial")  # by which nodes are in the order in which they were made


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


def axes_of(node: Node) -> tuple[Node, ...]:
    if node.op == "scatter":
        assert isinstance(node.attribute, ScatterLayout)
        rank, free, _ = node.attribute
        return union(node.args[rank : rank + free])
    axes = union(node.args)
    if node.op == "index":
        return (*axes, node)
    if node.op in ("reduce", "array"):
        bound = node.args[1:]
        return tuple(axis for axis in axes if axis not in bound)
    return axes


def dtype_of(op: str, args: tuple[Node, ...]) -> Dtype:
    if op in COMPARISONS or op in LOGIC:
        return "bool"
    if op in ("read", "array", "bound", "checked"):
        return args[0].dtype
    if op == "select":
        return args[1].dtype if args[1].dtype == args[2].dtype else "float"
    if op == "exactdiv":
        return "int"
    if op in _OF_ONE_KIND and all(a.dtype == "int" for a in args):
        return "int" if args else "float"
    return "float"
