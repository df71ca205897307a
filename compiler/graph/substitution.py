"""Axes replaced by index expressions, node -> node: `x[i]*y[i]` at i = 3, or over another axis.

An axis that is bound inside the node keeps its meaning: it is renamed where it would capture what arrives.

>>> from mgc.compiler.graph.builder import Builder
>>> build = Builder()
>>> x = build.make("input", (build.size("n"),), "x")
>>> i, j = (build.axis(name, build.integer(0), build.size("n")) for name in "ij")
>>> total = build.reduce("sum", [j], build.make("mul", (build.read(x, i), build.read(x, j))))
>>> substitute(build, total, {i: j}).axes == (j,)
True
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from mgc.compiler.graph import algebra
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.nodes import Node, axis_name, axis_order, bound_axes, union


def substitute(build: Builder, node: Node, replacement: Mapping[Node, Node], opened: Node | None = None) -> Node:
    """The node with axes replaced by index expressions, all at once; parts that lack these axes are kept.

    An axis bound inside the node is renamed where an index expression would be captured by it. A value that is stored
    is read at the new indices, but for the one that is `opened`.
    """
    replacement = {axis: new for axis, new in replacement.items() if axis is not new}
    if not any(axis in replacement for axis in node.axes):
        return node
    captured = _captured(node, replacement)
    free = fresh_axes(build, [axis for axis in captured if axis not in node.axes], replacement)
    done: dict[Node, Node] = {**replacement, **free}
    stack = [node]
    while stack:
        current = stack[-1]
        if current in done:
            stack.pop()
            continue
        if not any(axis in done for axis in (*current.axes, *bound_axes(current))):
            done[current] = current
            stack.pop()
            continue
        if current is not opened and any(axis in done for axis in build.bindings.get(current, ())):
            done[current] = _read(build, current, done)
            continue
        if current.op == "array" and current.args[1:] == build.bindings.get(current.args[0]):
            done[current] = _stored(build, current.args[0], done)
            continue
        clash = [axis for axis in bound_axes(current) if axis in replacement or (axis in captured and axis not in free)]
        if clash:  # the axis is free beside its own binder: rename under the binder first (rare, so it may recur)
            fresh = fresh_axes(build, [axis for axis in bound_axes(current) if any(a in clash for a in axis.axes)])
            renamed = remake(build, current, tuple([substitute(build, argument, fresh) for argument in current.args]))
            done[current] = substitute(build, renamed, {**replacement, **free})
            continue
        waiting = [argument for argument in current.args if argument not in done]
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        new = done[current] = remake(build, current, tuple([done[argument] for argument in current.args]))
        if current in build.names and new.op not in ("const", "index"):
            build.names.setdefault(new, build.names[current] + _places_text(current, replacement))
    return done[node]


def _read(build: Builder, body: Node, done: Mapping[Node, Node]) -> Node:
    """A stored value at other indices."""
    return build.read(_stored(build, body, done), *[done.get(axis, axis) for axis in build.bindings[body]])


def _stored(build: Builder, body: Node, done: Mapping[Node, Node]) -> Node:
    """The array of a stored value; where axes beside its own are replaced, what is stored is another value."""
    axes = build.bindings[body]
    outer = {axis: done[axis] for axis in body.axes if axis in done and axis not in axes}
    if outer:
        body, axes = _moved(build, body, outer)
    return build.make("array", (body, *axes))


def _moved(build: Builder, body: Node, outer: Mapping[Node, Node]) -> tuple[Node, tuple[Node, ...]]:
    """A stored value where axes beside its own are others, and its own: made once, or layers would double the work."""
    key = (body, *outer.items())
    if key not in build.moved:
        arriving = union(outer.values())
        axes = build.bindings[body]
        renewed = [axis for axis in axes if axis in arriving or any(one in outer for one in axis.axes)]
        fresh = fresh_axes(build, renewed, outer)
        moved = substitute(build, body, {**outer, **fresh}, opened=body)
        own = tuple([fresh.get(axis, axis) for axis in axes])
        build.bind(moved, own)
        build.moved[key] = moved, own
    return build.moved[key]


def _places_text(node: Node, replacement: Mapping[Node, Node]) -> str:
    """`_3` for what was `h` and is now `h[3]`."""
    new = [replacement[axis] for axis in node.axes if axis in replacement]
    return "".join(f"_{index.attribute}" for index in new if index.op == "const")


def _captured(node: Node, replacement: Mapping[Node, Node]) -> list[Node]:
    arriving = set(union(replacement.values()))
    if not arriving:
        return []
    found: dict[Node, None] = {}
    seen: set[Node] = set()
    stack = [node]
    while stack:
        current = stack.pop()
        if current in seen or not any(axis in replacement for axis in current.axes):
            continue
        seen.add(current)
        found.update((axis, None) for axis in bound_axes(current) if axis in arriving)
        stack.extend(current.args)
    return list(found)


def fresh_axes(
    build: Builder, axes: Iterable[Node], replacement: Mapping[Node, Node] | None = None
) -> dict[Node, Node]:
    """For each axis a new one; its range may depend on others of these, and on axes that are replaced."""
    fresh: dict[Node, Node] = {}
    for axis in sorted(axes, key=axis_order):
        ends = [substitute(build, end, {**(replacement or {}), **fresh}) for end in axis.args]
        fresh[axis] = build.axis(axis_name(axis), *ends)
    return fresh


def remake(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
    """The same operation on other arguments, simplified."""
    if args == node.args:
        return node
    here, there = build.origin, node.origin  # it still comes from the statement that it came from
    build.origin = there if there.section == here.section else replace(here, span=there.span, calls=there.calls)
    new = _remade(build, node, args)
    build.origin = here
    return new


def _remade(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
    if node.op == "index":
        new = build.axis(axis_name(node), *args)
    elif node.op == "read":
        new = build.read(*args)
    else:
        new = algebra.apply(build, node, args)
    return new
