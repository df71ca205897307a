"""The branches and loops in which a node reads its arguments, node -> arguments with what is around each.

>>> from mgc.compiler.graph.builder import Builder
>>> build = Builder()
>>> c, x, zero = build.make("input", (), "c", "bool"), build.make("input", (), "x"), build.number(0.0)
>>> chosen = build.make("select", (c, build.make("log", (x,)), zero))
>>> [(argument.op, [arm for _, arm in branches]) for argument, branches, _ in handed_on(chosen, ())]
[('input', []), ('log', [True]), ('const', [False])]
>>> added_under(chosen) == (((c, True),), chosen.args[1])
True
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mgc.compiler.graph.nodes import Node, axis_order, bound_axes, contributions

Guard = tuple[Node, bool]  # a condition and the arm taken
Guards = tuple[Guard, ...]  # outermost first
HandedOn = tuple[Node, Guards, tuple[Node, ...]]  # an argument, and the branches and loops in which it is read


_AROUND = frozenset({"select", "and", "or", "scatter", "reduce", "array"})  # what they read is in branches or loops


def is_plain(node: Node) -> bool:
    """Whether a number reads each of its arguments once, in no branch and no loop of its own."""
    return not node.axes and node.op not in _AROUND


def handed_on(node: Node, chain: Guards) -> Iterator[HandedOn]:
    """Each argument of a node that stands in a chain, with the branches and the loops in which the node reads it."""
    axes = node.axes
    match node.op:
        case "index":
            yield from ((argument, chain, axes[:-1]) for argument in node.args)
        case "select" | "and" | "or":
            yield node.args[0], chain, axes
            yield node.args[1], (*chain, (node.args[0], node.op != "or")), axes
            if node.op == "select":
                yield node.args[2], (*chain, (node.args[0], False)), axes
        case "scatter":
            yield from _to_contributions(node, chain)
        case "reduce" | "array":
            loops = _joined([*axes, *bound_axes(node), *[outer for axis in bound_axes(node) for outer in axis.axes]])
            yield node.args[0], chain, loops
            yield from ((axis, chain, loops) for axis in node.args[1:])
        case _:
            for argument in node.args:
                yield argument, chain, axes


def _to_contributions(scatter: Node, chain: Guards) -> Iterator[HandedOn]:
    """Where nothing is added, the index at which it would be is not needed either."""
    found = list(contributions(scatter))
    for argument in scatter.args[: len(scatter.args) - sum(1 + len(indices) for _, indices in found)]:
        yield argument, chain, scatter.axes
    for value, indices in found:
        branches, added = added_under(value)
        parts = [condition for condition, _ in branches]
        loops = _joined([*scatter.axes, *[axis for part in (*parts, added, *indices) for axis in part.axes]])
        yield value, chain, loops
        yield from ((index, (*chain, *branches), loops) for index in indices)


def _joined(axes: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(sorted(set(axes), key=axis_order))


def added_under(value: Node, nothing: float = 0.0) -> tuple[Guards, Node]:
    """What a sum adds: the branches around a value that is 0 elsewhere, and the value inside them.

    `nothing` is 1 for what a product is multiplied by.
    """
    guards: Guards = ()
    while value.op == "select" and _is_number(value.args[2], nothing) != _is_number(value.args[1], nothing):
        arm = _is_number(value.args[2], nothing)
        guards = (*guards, (value.args[0], arm))
        value = value.args[1] if arm else value.args[2]
    return guards, value


def _is_number(node: Node, number: float) -> bool:
    """Whether a node is that number, 0.0 being of either sign."""
    return node.op == "const" and node.attribute == number
