"""Gaps: along which axes an adjoint may be one that nothing was added to, as no branch leads there or nobody reads it.

Of `c[i, y[i]]` most entries are read by nobody: `dc[i, k]` has gaps along `k`, and a sum of it over `k` has none.
"""

from __future__ import annotations

from mgc.compiler.gradient.guarded import is_guarded, is_zero
from mgc.compiler.graph.algebra import number
from mgc.compiler.graph.nodes import Node, bound_axes, contributions

Axes = frozenset[Node | None]  # None: it may be that for all of its entries
_NONE: Axes = frozenset()
_WHOLE: Axes = frozenset({None})
DEEPEST = 4  # parts of parts that are looked at


def gaps(adjoint: Node, depth: int = DEEPEST) -> Axes:
    """The axes along which nothing may have been added to an adjoint."""
    while is_guarded(adjoint) or adjoint.op in ("neg", "mul"):  # times a slope
        if adjoint.op == "select":
            place = 1 if is_zero(adjoint.args[2]) else 2
        else:
            place = int(number(adjoint.args[0]) is not None)  # which stands in front
        adjoint = adjoint.args[place]
    match adjoint.op:
        case "select":  # the share of a max, say
            return _NONE.union(*[_of_part(arm, depth) for arm in adjoint.args[1:]])
        case "add" | "sub":
            return min([_of_part(term, depth) for term in adjoint.args], key=len)
        case "read" if adjoint.args[0].op == "scatter":
            return _of_entry(adjoint, depth)
        case "read" if adjoint.args[0].op in ("array", "pack"):
            return _WHOLE if any(map(_may_be_nothing, adjoint.args[0].args)) else _NONE
        case "reduce":  # a sum closes gaps along its axes
            return _of_branch(adjoint.args[0], depth) - frozenset(bound_axes(adjoint))
        case "total":
            return min([_of_branch(term, depth) for term in adjoint.args], key=len)
    return _NONE


def _of_part(part: Node, depth: int) -> Axes:
    if _may_be_nothing(part):
        return _WHOLE
    return gaps(part, depth - 1) if depth > 0 else _NONE


def _may_be_nothing(value: Node) -> bool:
    """Whether an arm of a value is 0 by structure."""
    return is_zero(value) or (value.op == "select" and any(map(_may_be_nothing, value.args[1:])))


def _of_entry(entry: Node, depth: int) -> Axes:
    """Of an entry of a scatter: that of the one contribution which leaves the fewest out."""
    scatter, at = entry.args[0], entry.args[1:]
    found = []
    for value, indices in contributions(scatter):
        summed = set(value.axes).difference(scatter.axes, *[index.axes for index in indices])
        own = _of_branch(value, depth) if is_guarded(value) else _of_part(value, depth)
        found.append((own - summed) | _left_out(scatter, indices, at))
    return min(found, key=len, default=_WHOLE)


def _left_out(scatter: Node, indices: tuple[Node, ...], at: tuple[Node, ...]) -> Axes:
    """The axes of an entry's indices whose entries are not all reached: `indices` are where something is added."""
    missed = set[Node | None]()
    for place, index in enumerate(indices):
        runs_over_all = index.op == "index" and index.args[0].attribute == 0 and index.args[1] is scatter.args[place]
        if not runs_over_all or index in indices[:place]:
            missed |= set(at[place].axes) or {None}
    return frozenset(missed)


def _of_branch(term: Node, depth: int) -> Axes:
    """Of what is added in branches: the gaps of an adjoint that is asked whether it is 0, else all may be left out."""
    found = _NONE
    while is_guarded(term):
        condition, then, _ = term.args
        asked = condition.args[0]  # an adjoint, where a stop asks
        is_stop = condition.op == "ne" and asked.origin.section == "backward" and not is_zero(then)
        found |= gaps(asked, depth - 1) if is_stop and depth > 0 else _WHOLE
        term = then
    return found
