"""The branches around a node, and which of them follow from others: that there is a turn, from being in one."""

from __future__ import annotations

from collections.abc import Collection

from mgc.compiler.graph import Node

Guards = tuple[tuple[Node, bool], ...]  # conditions and the arm taken, outermost first


def added_under(value: Node) -> tuple[Guards, Node]:
    """What a sum adds: the branches around a value that is 0 elsewhere, and the value inside them."""
    guards: Guards = ()
    while value.op == "select" and is_zero(value.args[2]) != is_zero(value.args[1]):
        arm = is_zero(value.args[2])
        guards = (*guards, (value.args[0], arm))
        value = value.args[1] if arm else value.args[2]
    return guards, value


def is_zero(node: Node) -> bool:
    """Whether a node is the number 0.0, of either sign."""
    return node.op == "const" and node.attribute == 0.0


def follows(guard: tuple[Node, bool], chain: Guards) -> bool:
    """Whether a branch on a count of turns is around what stands in such a turn anyway, under whatever index."""
    condition, arm = guard
    if condition.op == "const":
        return condition.attribute is arm
    if not arm or condition.args[0].op != "reduce":
        return False
    body, *axes = condition.args[0].args
    turn = added_under(body)[0]
    renamed: dict[Node, Node] = {}
    return bool(turn) and all(
        any(arm == other and _renames(test, taken, axes, renamed) for taken, other in chain) for test, arm in turn
    )


def _renames(node: Node, other: Node, axes: Collection[Node], renamed: dict[Node, Node]) -> bool:
    """Whether a node is another one but for the axes that are called otherwise there; `renamed` gains all its parts."""
    found: dict[Node, Node] = {}
    stack = [(node, other)]
    while stack:
        one, two = stack.pop()
        if found.get(one, renamed.get(one)) is two:
            continue
        if one in found or one in renamed or one.op != two.op or len(one.args) != len(two.args):
            return False
        is_renamed = one.op == "index" and one in axes
        if one is not two and not is_renamed and (one.attribute != two.attribute or not one.args):
            return False
        found[one] = two
        if one is not two or any(axis in axes for axis in one.axes):
            stack.extend(zip(one.args, two.args, strict=True))
    renamed |= found
    return True
