"""What a lesson adds to once is set at once, and what is only copied is set where it is computed, nest -> nest.

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

from msgspec.structs import replace

from mgc.compiler.graph.nodes import Step
from mgc.compiler.schedule.loopnest import (
    Allocate,
    Apply,
    Assign,
    For,
    If,
    Item,
    Load,
    LoopNest,
    Number,
    Update,
    Variable,
    expressions,
    loads,
    parts,
    walk,
)

_SHORT = 8  # parts of a condition that is read in a line: h[i][j] > 0.0 has 6


def settled(nest: LoopNest) -> LoopNest:
    """The nest in which a number that starts at 0, and is added to by one statement beside, is that statement's."""
    items = [*walk(nest.body)]
    times = Counter(item.variable for item in items if isinstance(item, Assign | Update))
    read = Counter(load.variable for item in items for load in loads(expressions(item)))
    read.update(load.variable for load in loads(nest.roots()))
    return replace(nest, body=_block(nest.body, times, read))


def _block(items: Sequence[Item], times: Mapping[Variable, int], read: Mapping[Variable, int]) -> tuple[Item, ...]:
    found: list[Item] = []
    starts: dict[Variable, Allocate] = {}
    for item in items:
        match item:
            case Allocate(variable=variable, fill=0.0, readers=readers) if not variable.sizes and readers < 2:
                if times[variable] == 1:
                    starts[variable] = item
            case For():
                item = replace(item, body=_block(item.body, times, read))
            case If():
                then, otherwise = (_block(arm, times, read) for arm in (item.then, item.otherwise))
                item = replace(item, then=then, otherwise=otherwise)
        update = _only_update(item)
        if update is not None and update.variable in starts:
            found.remove(starts[update.variable])
            item = _at_once(item, update)
        made = _copied(found, item, read)
        if made is not None and isinstance(item, Assign):
            found.pop()
            item = replace(item, value=made.value)
        found.append(item)
    return tuple(found)


def _copied(found: Sequence[Item], item: Item, read: Mapping[Variable, int]) -> Assign | None:
    """The number that was computed just before, where a step copies it, and nothing else reads it."""
    match [*found[-1:], item]:
        case [Assign(variable=one, indices=(), step=None) as made, Assign(value=Load(variable=other), step=Step())]:
            return made if one is other and read[one] == 1 else None
    return None


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
