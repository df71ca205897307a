"""Whole-array semantics: values -> value. A value is a node and the order of the axes it shows as an array.

Shapes are equal, or align at the trailing axes, or one is a number; a size-1 axis never stretches.

>>> from mgc.compiler.graph.builder import Builder
>>> build = Builder()
>>> n, m = build.size("n"), build.size("m")
>>> A = whole(build, build.make("input", (n, m), "A"))
>>> x = whole(build, build.make("input", (m,), "x"))
>>> shape_text(matmul(build, A, x)), shape_text(transpose(A))
('[n]', '[m, n]')
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from msgspec import Struct

from mgc.compiler.graph import algebra, sizes
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.graph import topological_order
from mgc.compiler.graph.nodes import Dtype, Node, axis_name
from mgc.compiler.graph.sizes import dimensions_text, size_text
from mgc.compiler.graph.substitution import substitute

MAX_RANK = 32  # axes of an array literal


class ShapeError(Exception):
    """Shapes that do not fit; the text names both."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class Value(Struct, frozen=True):
    """A number (no axes) or an array: `node` over `axes`, outermost first."""

    node: Node
    axes: tuple[Node, ...] = ()


def whole(build: Builder, source: Node) -> Value:
    """An input as an array, each axis with an index of its own."""
    if not source.args:
        return Value(source)
    axes = tuple(build.axis("", build.integer(0), size) for size in source.args)
    return Value(build.read(source, *axes), axes)


def extent(axis: Node) -> Node:
    """The number of values that an array axis takes; such an axis starts at 0."""
    return axis.args[1]


def shape(value: Value) -> tuple[Node, ...]:
    return tuple(extent(axis) for axis in value.axes)


def shape_text(value: Value) -> str:
    """`[n, 2]`, or `a number`."""
    return dimensions_text(shape(value)) if value.axes else "a number"


def is_checked(size: Node) -> bool:
    """Whether a size is checked itself, as the length of a slice is whose end may lie behind the axis."""
    return any(node.op == "bound" and not sizes.below(*node.args) for node in topological_order([size]))


def rename(build: Builder, value: Value, axes: Sequence[Node]) -> Value:
    """The same array over other axes of the same sizes; a size that is checked itself stays so."""
    if tuple(axes) == value.axes:
        return value
    places = [
        build.make("bound", (new, extent(old))) if is_checked(extent(old)) and extent(new) is not extent(old) else new
        for old, new in zip(value.axes, axes, strict=True)
    ]
    return Value(substitute(build, value.node, dict(zip(value.axes, places, strict=True))), tuple(axes))


def align(build: Builder, values: Sequence[Value]) -> tuple[list[Node], tuple[Node, ...]]:
    """The nodes of the values over common axes, and these axes. Errors: ShapeError."""
    longest = max(values, key=lambda value: (len(value.axes), value.node.weight))
    nodes = []
    for value in values:
        if value.axes:
            shared = longest.axes[len(longest.axes) - len(value.axes) :]
            for mine, theirs in zip(value.axes, shared, strict=True):
                if not sizes.equal(extent(mine), extent(theirs)):
                    raise ShapeError(
                        f"shapes {shape_text(longest)} and {shape_text(value)} do not fit"
                        if longest is not values[-1]
                        else f"shapes {shape_text(value)} and {shape_text(longest)} do not fit",
                        "shapes must be equal, or align at the trailing axes, or one is a number",
                    )
            value = rename(build, value, shared)
        nodes.append(value.node)
    return nodes, longest.axes


def elementwise(build: Builder, op: str, *values: Value) -> Value:
    """The scalar operation at each element."""
    nodes, axes = align(build, values)
    return Value(algebra.apply(build, None, tuple(nodes), op), axes)


def transpose(value: Value) -> Value:
    return Value(value.node, value.axes[::-1])


def matmul(build: Builder, left: Value, right: Value) -> Value:
    """`A @ B` for vectors and matrices. Errors: ShapeError."""
    if not 1 <= len(left.axes) <= 2 or not 1 <= len(right.axes) <= 2:
        said = f"'@' takes vectors and matrices, not {shape_text(left)} and {shape_text(right)}"
        raise ShapeError(said, "a product by entries, or by a number, is written `*`")
    inner, contracted = left.axes[-1], right.axes[0]
    if not sizes.equal(extent(inner), extent(contracted)):
        raise ShapeError(
            f"shapes {shape_text(left)} and {shape_text(right)} do not fit '@'",
            f"the last size on the left, {size_text(extent(inner))}, must be the first on the right, "
            f"{size_text(extent(contracted))}",
        )
    kept = [build.axis(axis_name(axis), *axis.args) if axis in left.axes else axis for axis in right.axes[1:]]
    is_lighter = left.node.weight <= right.node.weight and not kept and len(left.axes) == 2
    is_less_checked = is_checked(extent(contracted)) and not is_checked(extent(inner))
    if (is_lighter or is_less_checked) and contracted not in left.axes:
        left = rename(build, left, (*left.axes[:-1], contracted))  # the heavier side keeps its axes
        inner = contracted
    right = rename(build, right, (inner, *kept))
    product = algebra.mul(build, left.node, right.node)
    return Value(build.reduce("sum", [inner], product), (*left.axes[:-1], *kept))


def element(build: Builder, value: Value, indices: Sequence[Node]) -> Value:
    """`value[i, j]`: the leading axes replaced by integer nodes; the axes that remain are a row."""
    replaced = dict(zip(value.axes, indices, strict=False))
    rest = value.axes[len(indices) :]
    plain = all(index.op == "index" or extent(axis).attribute == 1 for axis, index in replaced.items())
    is_told = {axis for axis, index in replaced.items() if index.op == "bound"} <= set(value.node.axes)
    if is_told and (plain or (value.node.op == "read" and value.node.args[0].op in ("input", "pack"))):
        return Value(substitute(build, value.node, replaced), rest)
    stored = build.array(value.node, value.axes)
    return Value(build.read(stored, *indices, *rest), rest)


def literal(build: Builder, elements: Sequence[Value]) -> Value:
    """`[a, b, c]` of numbers, or of rows of one shape whose sizes are known. Errors: ShapeError."""
    if len(elements[0].axes) >= MAX_RANK:
        raise ShapeError("an array literal is nested too deeply", f"limit: {MAX_RANK} axes")
    rows = [_flat(build, element) for element in elements]
    first = rows[0][1]
    for (_, row_shape), value in zip(rows, elements, strict=True):
        if row_shape != first:
            raise ShapeError(f"an array's elements differ in shape: {shape_text(elements[0])} and {shape_text(value)}")
    nodes = tuple(node for row, _ in rows for node in row)
    dtype: Dtype = "int" if all(node.dtype == "int" for node in nodes) else "float"
    pack = build.make("pack", tuple(algebra.as_float(build, n) if dtype == "float" else n for n in nodes),
                      (len(elements), *first), dtype)  # fmt: skip
    axes = tuple(build.axis("", build.integer(0), build.integer(size)) for size in (len(elements), *first))
    return Value(build.read(pack, *axes), axes)


def _flat(build: Builder, value: Value) -> tuple[list[Node], tuple[int, ...]]:
    dimensions = []
    for axis in value.axes:
        size = extent(axis).attribute
        if not isinstance(size, int):
            raise ShapeError(f"an array literal's elements need known sizes, not {shape_text(value)}")
        dimensions.append(size)
    places = itertools.product(*[range(size) for size in dimensions])
    nodes = [element(build, value, [build.integer(place) for place in at]).node for at in places]
    return nodes, tuple(dimensions)
