"""What a lesson adds to once is set at once, loop nest -> loop nest.

>>> from mgc.compiler.schedule.loopnest import Load
>>> h, dh, du = (Variable(serial, "value", "float") for serial in range(3))
>>> test = Apply("gt", (Load(h, ()), Number(0.0, "float")), "bool")
>>> add = Update(3, du, (), "sum", Load(dh, ()))
>>> nest = LoopNest("f", (), (), (Allocate(1, du, 0.0), If(2, test, (add,))), ())
>>> [type(item).__name__ for item in settled(nest).body]  # du = dh if h > 0.0 else 0.0
['Assign']
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mgc.compiler.schedule.loopnest import (
    Allocate,
    Apply,
    Assign,
    For,
    If,
    Item,
    LoopNest,
    Number,
    Update,
    Variable,
    parts,
    walk,
)

_SHORT = 8  # parts of a condition that is read in a line: h[i][j] > 0.0 has 6


def settled(nest: LoopNest) -> LoopNest:
    """The nest in which a number that starts at 0, and is added to by one statement beside, is that statement's."""
    times = Counter(item.variable for item in walk(nest.body) if isinstance(item, Assign | Update))
    return replace(nest, body=_block(nest.body, times))


def _block(items: Sequence[Item], times: Mapping[Variable, int]) -> tuple[Item, ...]:
    found: list[Item] = []
    starts: dict[Variable, Allocate] = {}
    for item in items:
        match item:
            case Allocate(variable=variable, fill=0.0, readers=readers) if not variable.sizes and readers < 2:
                if times[variable] == 1:
                    starts[variable] = item
            case For():
                item = replace(item, body=_block(item.body, times))
            case If():
                item = replace(item, then=_block(item.then, times), otherwise=_block(item.otherwise, times))
        update = _only_update(item)
        if update is not None and update.variable in starts:
            found.remove(starts[update.variable])
            item = _at_once(item, update)
        found.append(item)
    return tuple(found)


def _only_update(item: Item) -> Update | None:
    """What is added, here or in a branch that does nothing else."""
    if isinstance(item, If) and len(item.then) == 1 and not item.otherwise and _is_short(item):
        (item,) = item.then
    return item if isinstance(item, Update) and item.kind == "sum" else None


def _is_short(item: If) -> bool:
    return len([*parts([item.condition])]) <= _SHORT


def _at_once(item: Item, update: Update) -> Assign:
    value = update.value
    if isinstance(item, If):
        value = Apply("select", (item.condition, value, Number(0.0, "float")), "float")
    return Assign(update.serial, update.variable, (), value, update.step)
