"""`x[i, j]`, rows and slices: indices -> value, each index proved inside its size or checked at run time."""

from __future__ import annotations

from mgc.compiler.graph import algebra, sizes
from mgc.compiler.graph.nodes import Node, axis_name
from mgc.compiler.graph.sizes import size_text
from mgc.compiler.graph.substitution import substitute
from mgc.compiler.lower import arrays, core, names
from mgc.compiler.lower.arrays import Value, extent
from mgc.compiler.lower.scope import Context, Frame, Meaning, SizeList, Steps, done, fail, inside_loop, leaves, plural
from mgc.grammar import vocabulary
from mgc.grammar.diagnostics import Note
from mgc.grammar.tree import Expression, Index, Name, Number, Slice, Span, Unary


def index(context: Context, frame: Frame, tree: Index) -> Steps[Meaning]:
    """An element, a row (fewer indices than axes) or a slice. Errors: ModelError."""
    if isinstance(tree.base, Name):
        base = yield from done(names.lookup(context, frame, tree.base))
    else:
        base = yield from done(core.expression(context, frame, tree.base))
    if isinstance(base, SizeList):
        return _of_sizes(context, frame, tree, base)
    base = core.one_value(frame, tree.base.span, base)
    if len(tree.items) > len(base.axes):
        shape = arrays.shape_text(base)
        name = f"'{tree.base.identifier}'" if isinstance(tree.base, Name) else "this"
        hints = [vocabulary.NAMES.get(item.identifier) for item in tree.items if isinstance(item, Name)]
        hints.append(
            f"it takes {plural(len(base.axes), 'index', 'indices')}" if base.axes else "leave the brackets out"
        )
        many = plural(len(tree.items), "index", "indices")
        fail(frame, tree.span, f"{many}, but {name} is {shape if base.axes else 'a number'}", next(filter(None, hints)))
    indices: list[Node] = []
    sliced: list[Node] = []
    for item, declared in zip(tree.items, base.axes, strict=False):
        axis = _at(context, declared, base.axes, indices)
        if isinstance(item, Slice):
            place, new = yield from done(_slice(context, frame, item, axis))
            indices.append(place)
            sliced.append(new)
        else:
            gathered = yield from done(core.value(context, frame, item))
            if gathered.axes:
                hint = "gather with an index of its own: [E[tok[t]] for t]"
                if gathered.node.dtype == "bool":
                    hint = "choose in a reduction: sum(x[i] for i if x[i] > 0)"
                fail(frame, item.span, "an index is one integer, not an array", hint)
            place = yield from done(core.integer(context, frame, item, "an index"))
            indices.append(checked(context, frame, item, place, extent(axis)))
    rest = base.axes[len(indices) :]
    row = tuple([_at(context, axis, base.axes, indices) for axis in rest])
    result = arrays.element(context.build, base, (*indices, *(row if sliced or row != rest else ())))
    return inside_loop(context, Value(result.node, (*sliced, *row)))


def _at(context: Context, axis: Node, axes: tuple[Node, ...], indices: list[Node]) -> Node:
    """The axis of a row at these indices: that of a triangle is as long as they say."""
    before = dict(zip(axes, indices, strict=False))
    if before.keys().isdisjoint(axis.axes):
        return axis
    start, stop = (substitute(context.build, end, before) for end in axis.args)
    return context.build.axis(axis_name(axis), start, stop)


def _of_sizes(context: Context, frame: Frame, tree: Index, base: SizeList) -> Value | SizeList:
    (item,) = tree.items if len(tree.items) == 1 else (None,)
    try:
        if isinstance(item, Slice):
            bounds = [None if part is None else _constant(part) for part in (item.start, item.stop, item.step)]
            return SizeList(base.sizes[slice(*bounds)])
        if item is not None:
            return Value(base.sizes[_constant(item)])
    except (IndexError, ValueError):
        pass
    fail(
        frame,
        tree.span,
        f"no such place in a list of {len(base.sizes)} sizes",
        "write widths[0], widths[-1] or widths[:-1]",
    )


def _constant(tree: Expression) -> int:
    if isinstance(tree, Unary) and tree.operator == "-" and isinstance(tree.operand, Number):
        return -int(tree.operand.value)
    if isinstance(tree, Number):
        return int(tree.value)
    raise ValueError


def checked(context: Context, frame: Frame, tree: Expression, place: Node, size: Node) -> Node:
    """The index, counted from the end where it is written as a negative constant; checked at run time if need be."""
    build = context.build
    number = algebra.number(place)
    hint = None
    if isinstance(number, int) and number < 0:
        if _is_written(frame, tree):
            place = algebra.sub(build, size, build.integer(-number))
        else:
            hint = "only an index that is written so counts from the end: x[-1]"
    if sizes.outside(place, size):
        shown = number if number is not None else size_text(place)
        called = (Note("called here", context.program.main.path, frame.site),) if frame.site is not None else ()
        fail(frame, tree.span, f"index {shown} is outside the axis of size {size_text(size)}", hint, called)
    if place.op in ("index", "bound") and place.args[1] is size:
        return place
    if sizes.inside(place, size) and not arrays.is_checked(size):
        return place
    if place.op == "index" and not sizes.inside(place, size):
        stop = sizes.polynomial(place.args[1])
        if all(not key for key in stop) and all(not key for key in sizes.polynomial(size)):
            fail(frame, tree.span, f"index '{axis_name(place)}' runs to {size_text(place.args[1])}, "
                 f"outside the axis of size {size_text(size)}")  # fmt: skip
    return build.make("bound", (place, size))


def _is_written(frame: Frame, tree: Expression) -> bool:
    """Whether an index is made of numbers, constants and sizes alone: no argument, name or index holds it."""
    return all(
        isinstance(leaf, Number) or (isinstance(leaf, Name) and leaf.identifier not in frame.names)
        for leaf in leaves(tree)
    )


def _slice(context: Context, frame: Frame, item: Slice, axis: Node) -> Steps[tuple[Node, Node]]:
    """The index expression of a slice, and the new axis that it runs over."""
    build, size = context.build, extent(axis)
    step = 1
    if item.step is not None:
        given = algebra.number((yield from done(core.integer(context, frame, item.step, "a step"))))
        if not isinstance(given, int) or given < 1:
            fail(frame, item.step.span, "a step is a positive number", _backwards(size_text(size)))
        step = given
    start = build.integer(0)
    if item.start is not None:
        start = yield from done(_end(context, frame, item.start, size))
    stop = size
    if item.stop is not None:
        stop = yield from done(_end(context, frame, item.stop, size))
    length = algebra.sub(build, stop, start)
    if step != 1:
        length = _quotient(context, algebra.add(build, length, build.integer(step - 1)), step)
    if length.op == "const" and isinstance(length.attribute, int) and length.attribute < 0:
        fail(frame, item.span, f"this slice ends before it starts, on an axis of size {size_text(size)}")
    if length.axes and not sizes.polynomial(length).keys() <= {()}:
        hint = "give the index a range of its own: sum(x[j] for j in range(i))"
        fail(frame, item.span, "the length of a slice cannot depend on an index", hint)
    if not sizes.inside(length, algebra.add(build, size, build.integer(1))):
        length = build.make("bound", (length, algebra.add(build, size, build.integer(1))))
    new = build.axis(axis_name(axis), build.integer(0), length)
    stride = algebra.mul(build, build.integer(step), new)
    return algebra.add(build, start, stride), new


def _backwards(size: str) -> str:
    return f"backwards it is written [x[{size if size.isalnum() else f'({size})'} - 1 - i] for i in range({size})]"


def _quotient(context: Context, value: Node, step: int) -> Node:
    return algebra.apply(context.build, None, (value, context.build.integer(step)), "floordiv")


def _end(context: Context, frame: Frame, tree: Expression, size: Node) -> Steps[Node]:
    build = context.build
    place = yield from done(core.integer(context, frame, tree, "the end of a slice"))
    number = algebra.number(place)
    if isinstance(number, int) and number < 0 and _is_written(frame, tree):
        place = algebra.add(build, size, place)
    one = build.integer(1)
    if sizes.outside(place, algebra.add(build, size, one)):
        fail(frame, tree.span, f"this end of the slice is outside the axis of size {size_text(size)}")
    return (
        place
        if sizes.inside(place, algebra.add(build, size, one))
        else build.make("bound", (place, algebra.add(build, size, one)))
    )


def inferred_size(context: Context, frame: Frame, name: str, span: Span, found: list[Node]) -> Node:
    """The one size that an index without a range runs over, from the axes that it indexes."""
    if not found:
        hint = f"say its range: for {name} in range(n)"
        fail(frame, span, f"nothing that '{name}' indexes tells its range", hint)
    for other in found[1:]:
        if not sizes.equal(found[0], other):
            fail(frame, span, f"'{name}' indexes axes of different sizes, {size_text(found[0])} and {size_text(other)}",
                 f"say its range: for {name} in range({size_text(found[0])})")  # fmt: skip
    return next(filter(arrays.is_checked, found), found[0])
