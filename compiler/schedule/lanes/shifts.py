"""Sums at neighbouring entries, `dx[i] += a` and `dx[i + 1] += b`: what a block adds at each entry, in one place.

Lanes that add to `dx[i + 1]` meet those of the next entry. So the lanes of `b` are moved by one, behind the last one of
the block before, and are added where `a` is; what the last block holds back is added when the blocks are done.

>>> from mgc.compiler.schedule.loopnest import Size, Variable
>>> i, one = LoopIndex(1), Number(1, "int")
>>> dx = Variable(0, "value", "float", (Size("n"),), (Size("n"),))
>>> at = [(i,), (Apply("add", (i, one), "int"),), (Apply("sub", (i, one), "int"),)]
>>> updates = [Update(place, dx, indices, "sum", Number(1.0, "float")) for place, indices in enumerate(at)]
>>> delays(updates, For(1, "i", Number(0, "int"), Size("n"), tuple(updates)))
{0: 1, 1: 2, 2: 0}
"""

from __future__ import annotations

from collections.abc import Iterable

from mgc.compiler.schedule.loopnest import (
    Apply,
    Expression,
    For,
    Item,
    Load,
    LoopIndex,
    Number,
    Update,
    parts,
)

MOST = 2  # places that lanes are moved by: as many as the narrowest vectors have


def delays(updates: Iterable[Item], loop: For) -> dict[int, int]:
    """How far an update's lanes are behind those of the first entry, by the update's serial number.

    Those are left out that are further, or stand elsewhere.
    """
    shifts: dict[int, dict[int, int]] = {}
    for item in updates:
        if isinstance(item, Update) and item.kind == "sum" and (shift := _shift(item, loop)) is not None:
            shifts.setdefault(item.variable.serial, {})[item.serial] = shift
    found: dict[int, int] = {}
    for of_one in shifts.values():
        first = min(of_one.values())
        found |= {serial: shift - first for serial, shift in of_one.items() if shift - first <= MOST}
    return found


def entry(item: Update, loop: For, further: int) -> tuple[Expression, ...]:
    """The entry that is so many places further than an update's, along the last axis."""
    shift, index = (_shift(item, loop) or 0) + further, LoopIndex(loop.serial)
    step = Apply("add" if shift > 0 else "sub", (index, Number(abs(shift), "int")), "int")
    return (*item.indices[:-1], step if shift else index)


def _shift(item: Update, loop: For) -> int | None:
    """How far behind the turn's own entry the update's is, along the last axis."""
    mine = LoopIndex(loop.serial)
    if not item.indices or item.variable.dtype != "float":
        return None
    if any(part == mine or isinstance(part, Load) for part in parts(item.indices[:-1])):
        return None
    match item.indices[-1]:
        case LoopIndex() as index if index == mine:
            return 0
        case Apply(op="add" | "sub" as op, args=(LoopIndex() as index, Number(value=int(shift)))) if index == mine:
            return shift if op == "add" else -shift
    return None
