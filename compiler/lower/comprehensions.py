"""`[e for i, j]` and `sum(e for i, j)`: clauses -> axes, body -> array or reduction."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mgc.compiler.graph import algebra, sizes
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.nodes import Node, axis_order
from mgc.compiler.graph.substitution import substitute
from mgc.compiler.lower import arrays, core
from mgc.compiler.lower.arrays import Value, extent
from mgc.compiler.lower.indexing import inferred_size
from mgc.compiler.lower.scope import Context, Frame, Meaning, Steps, check_callable, done, fail
from mgc.grammar import vocabulary
from mgc.grammar.tree import (
    Call,
    Clause,
    Comprehension,
    Expression,
    Name,
    Number,
    Reduction,
    Span,
    Unary,
    axes_of,
)

REDUCTIONS = frozenset({"sum", "prod", "mean", "max", "min", "argmax", "argmin"})
_IDENTITY = {"sum": 0.0, "prod": 1.0, "max": -math.inf, "min": math.inf}


def array(context: Context, frame: Frame, tree: Comprehension) -> Steps[Value]:
    """`[e for i, j]`: an array over i, j and then the axes of e. Errors: ModelError."""
    inner = frame.inner()
    axes, conditions = yield from done(_axes(context, inner, tree.clauses, tree.body))
    if conditions:
        fail(frame, tree.span, "an array cannot leave elements out", "use a reduction, or a if c else b")
    for axis in axes:
        if any(axis in other.args[0].axes or axis in other.args[1].axes for other in axes):
            fail(
                frame,
                tree.span,
                "an array's rows have one length",
                "a range that depends on an index is for reductions",
            )
    body = yield from done(_body(context, inner, tree, axes))
    return _from_zero(context.build, Value(body.node, (*axes, *body.axes)))


def _body(context: Context, inner: Frame, tree: Comprehension | Reduction, axes: list[Node]) -> Steps[Value]:
    outer, context.loop = context.loop, max(axis_order(axis) for axis in axes)
    body = yield from done(core.value(context, inner, tree.body))
    context.loop = outer
    return body


def _from_zero(build: Builder, value: Value) -> Value:
    """The same array with every axis starting at 0."""
    axes = []
    for axis in value.axes:
        if axis.args[0].attribute != 0:
            axes.append(build.axis("", build.integer(0), algebra.sub(build, axis.args[1], axis.args[0])))
        else:
            axes.append(axis)
    indices = [algebra.add(build, new, old.args[0]) for new, old in zip(axes, value.axes, strict=True)]
    moved = {old: place for old, place in zip(value.axes, indices, strict=True) if old is not place}
    return Value(substitute(build, value.node, moved), tuple(axes))


def reduction(context: Context, frame: Frame, tree: Reduction) -> Steps[Meaning]:
    """`f(e for i)`: a reduction, or a function of the array [e for i]. Errors: ModelError."""
    check_callable(context, frame, tree.span, tree.function)
    iterable = tree.clauses[0].iterable
    if isinstance(iterable, Name) and iterable.identifier == "params" and "params" not in frame.names:
        return (yield from done(_over_parameters(context, frame, tree)))
    if tree.function not in REDUCTIONS:
        made = Comprehension(tree.body, tree.clauses, tree.span)
        return (yield from done(core.expression(context, frame, Call(tree.function, None, (made,), (), tree.span))))
    inner = frame.inner()
    axes, conditions = yield from done(_axes(context, inner, tree.clauses, tree.body))
    body = yield from done(_body(context, inner, tree, axes))
    found = reduced(context, frame, tree.span, tree.function, body, axes, conditions)
    if tree.function in ("argmax", "argmin"):  # over one index, whose values are stored from 0 on where it is shifted
        index = inner.names[tree.clauses[0].names[0]]
        assert isinstance(index, Value)
        return Value(substitute(context.build, index.node, {axes[0]: found.node}), found.axes)
    return found


def reduced(
    context: Context, frame: Frame, span: Span, kind: str, body: Value, axes: list[Node], conditions: list[Node]
) -> Value:
    """The reduction of a body over axes, where all conditions hold; axes of the body's own stay."""
    build = context.build
    node = body.node
    if node.dtype == "bool" or kind == "mean":
        if node.dtype == "bool" and kind not in ("sum", "mean"):
            fail(frame, span, f"'{kind}' of conditions", "sum counts them, mean gives their share")
        node = algebra.as_float(build, node)
    if kind in ("mean", "max", "min", "argmax", "argmin"):
        for axis in axes:
            if axis.args[0].op == axis.args[1].op == "const" and _length(axis) < 1:
                fail(frame, span, f"'{kind}' of nothing", "this range is empty")
    if kind in ("argmax", "argmin"):
        if len(axes) != 1 or conditions:
            fail(frame, span, f"'{kind}' is over one index without a condition")
        return Value(_place_of_extremum(build, kind, node, axes[0]), body.axes)
    if kind == "mean":
        total = _fold(build, "sum", node, axes, conditions)
        return Value(algebra.div(build, total, _count(build, axes, conditions)), body.axes)
    return Value(_fold(build, kind, node, axes, conditions), body.axes)


def _place_of_extremum(build: Builder, kind: str, node: Node, axis: Node) -> Node:
    """The first index at which the extremum stands, or a nan; checked where there may be none, as of nothing."""
    extremum = build.reduce(kind.removeprefix("arg"), [axis], node)
    start, stop = axis.args
    found = algebra.apply(build, None, (node, extremum), "eq")
    if node.dtype == "float":
        is_nan = algebra.apply(build, None, (node, node), "ne")
        found = algebra.apply(build, None, (found, is_nan), "or")
        build.hints |= {is_nan: "is_nan", found: "found"}
    here = algebra.select(build, found, axis, stop)
    first = build.make("reduce", (here, axis), "min", "int")
    build.hints |= {here: "candidate", first: f"{build.called(node) or 'first'}_{kind}"}
    return first if start.op == stop.op == "const" else build.make("bound", (first, stop))


def _length(axis: Node) -> int:
    start, stop = axis.args[0].attribute, axis.args[1].attribute
    assert isinstance(start, int) and isinstance(stop, int)
    return stop - start


def _fold(build: Builder, kind: str, node: Node, axes: list[Node], conditions: list[Node]) -> Node:
    identity = build.number(_IDENTITY[kind])
    if node.dtype == "int" and not conditions and kind in ("sum", "prod"):
        identity = build.integer(int(_IDENTITY[kind]))
    for condition in reversed(conditions):
        node = algebra.select(build, condition, algebra.as_float(build, node), identity)
    return build.make("reduce", (node, *axes), kind, node.dtype) if axes else node


def _count(build: Builder, axes: list[Node], conditions: list[Node]) -> Node:
    """How many elements a mean is over."""
    ragged = any(
        axis in other.args[0].axes or axis in other.args[1].axes for axis in axes for other in axes if other is not axis
    )
    if conditions or ragged:
        return _fold(build, "sum", build.number(1.0), axes, conditions)
    count = build.integer(1)
    for length in sizes.counted(build, [algebra.sub(build, axis.args[1], axis.args[0]) for axis in axes]):
        count = algebra.mul(build, count, length)
    return count


def _axes(
    context: Context, inner: Frame, clauses: tuple[Clause, ...], body: Expression
) -> Steps[tuple[list[Node], list[Node]]]:
    """The axes of the clauses, entered into the frame by name, and the conditions."""
    build = context.build
    axes: list[Node] = []
    conditions: list[Node] = []
    for order, clause in enumerate(clauses):
        for name in clause.names:
            if any(name == other for c in clauses[: order + 1] for other in c.names if c is not clause) or (
                clause.names.count(name) > 1
            ):
                fail(inner, clause.span, f"the index '{name}' is named twice")
            if name in inner.sizes:
                fail(inner, clause.span, f"the index '{name}' hides the size '{name}'", "choose another name")
            if clause.iterable is None:
                later = [e for c in clauses[order:] for e in c.conditions]
                found = list(_indexed(inner, name, [body, *later]))
                start, stop = build.integer(0), inferred_size(context, inner, name, clause.span, found)
            else:
                start, stop = yield from done(_range(context, inner, clause.iterable))
            if sizes.nonnegative(start):
                axis = place = build.axis(name, start, stop)
            else:  # values are stored from 0 on
                axis = build.axis(name, build.integer(0), algebra.sub(build, stop, start))
                place = algebra.add(build, start, axis)
            inner.names[name] = Value(place)
            axes.append(axis)
        for tree in clause.conditions:
            condition = yield from done(core.value(context, inner, tree))
            if condition.node.dtype != "bool" or condition.axes:
                fail(inner, tree.span, "a condition is one comparison", "write if j != i")
            conditions.append(condition.node)
    return axes, conditions


def _range(context: Context, frame: Frame, tree: Expression) -> Steps[tuple[Node, Node]]:
    if not isinstance(tree, Call) or tree.function != "range" or tree.keywords or not 1 <= len(tree.arguments) <= 2:
        fail(frame, tree.span, "an index runs over range(stop) or range(start, stop)", _as_range(frame, tree))
    ends = []
    for argument in tree.arguments:
        ends.append((yield from done(core.integer(context, frame, argument, "the end of a range"))))
    return ends[0] if len(ends) > 1 else context.build.integer(0), ends[-1]


def _as_range(frame: Frame, tree: Expression) -> str:
    """What to write for what an index cannot run over: a size, an array, a range with a step."""
    from mgc.grammar.spelling import format_expression  # for a mistake only

    match tree:
        case Name(identifier=name) if name in frame.names:
            return f"an array is read by an index: {name}[i], with for i"
        case Call("range", None, (start, stop, Number(value=int(step))), ()) if step > 0:
            first, last = format_expression(start), format_expression(stop)
            begins = "" if first == "0" else f"{first} + "
            length = f"{last} + {step - 1}" if first == "0" else f"{last} - {first} + {step - 1}"
            return f"an index goes up by 1: read x[{begins}{step}*i], with for i in range(({length})//{step})"
        case Call("range", None, (start, stop, Unary("-", Number(value=1))), ()):
            first, last = format_expression(start), format_expression(stop)
            last = last if last.isalnum() else f"({last})"
            return f"an index goes up by 1: read x[{first} - i], with for i in range({first} - {last})"
        case Call(function=function) if function in vocabulary.NAMES:
            return vocabulary.NAMES[function]
        case Name(identifier=name):
            return f"write for i in range({name})"
        case _:
            return "write for i in range(n)"


def _indexed(frame: Frame, name: str, trees: list[Expression]) -> Iterator[Node]:
    """The sizes of the named arrays' axes that `name` alone indexes."""
    for identifier, axis in axes_of(name, trees):
        array = frame.names.get(identifier)
        if isinstance(array, Value) and axis < len(array.axes):
            yield extent(array.axes[axis])


def _over_parameters(context: Context, frame: Frame, tree: Reduction) -> Steps[Value]:
    """`sum(e for p in params)`: over every number of every parameter that the function reaches."""
    (clause, *more) = tree.clauses
    if more or len(clause.names) != 1 or clause.conditions or tree.function not in _IDENTITY:
        fail(frame, tree.span, "params are reduced by one plain clause", "write sum(p**2 for p in params)")
    build = context.build
    context.asked_for_parameters = True
    total: Node | None = None
    for parameter in context.known or ():
        inner = frame.inner()
        array = arrays.whole(build, parameter.node)
        inner.names[clause.names[0]] = Value(array.node)
        body = yield from done(core.value(context, inner, tree.body))
        if body.axes:
            fail(frame, tree.body.span, "p stands for one number of a parameter at a time")
        part = _fold(build, tree.function, core.numeric(frame, tree.body.span, body).node, list(array.axes), [])
        combine = {"sum": "add", "prod": "mul"}.get(tree.function, tree.function)
        total = part if total is None else algebra.apply(build, None, (total, part), combine)
    return Value(total if total is not None else build.number(_IDENTITY[tree.function]))
