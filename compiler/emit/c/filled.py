"""Which arrays need no first value, loop nest -> serial numbers: those of which a loop sets every entry at once.

>>> from msgspec.structs import replace
>>> from mgc.compiler.schedule.loopnest import Size
>>> n, i = Size("n"), LoopIndex(1)
>>> h = Variable(0, "value", "float", (n,))
>>> start, zero = Allocate(0, h, 0.0), Number(0.0, "float")
>>> whole = For(1, "i", Number(0, "int"), n, (Assign(2, h, (i,), zero),))
>>> set_whole([start, whole]), set_whole([start, replace(whole, start=Number(1, "int"))])
({0}, set())
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mgc.compiler.schedule.loopnest import (
    Allocate,
    Assign,
    Expression,
    For,
    If,
    Item,
    Lanes,
    LoopIndex,
    Number,
    Update,
    Variable,
    expressions,
    loads,
    reads,
    walk,
    writes,
)


def set_whole(items: Sequence[Item]) -> set[int]:
    """The serial numbers of the `Allocate` items of arrays whose entries are all set before one is read."""
    found: set[int] = set()
    for block in _blocks(items):
        for place, item in enumerate(block):
            if isinstance(item, Allocate) and item.variable.sizes:
                later = next((one for one in block[place + 1 :] if _touches(one, item.variable)), None)
                later = later.rest if isinstance(later, Lanes) else later
                if isinstance(later, For) and _sets_all(later, item.variable, ()):
                    found.add(item.serial)
    return found


def _blocks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    yield items
    for item in walk(items):
        if isinstance(item, For):
            yield item.body
        elif isinstance(item, If):
            yield from (item.then, item.otherwise)
        elif isinstance(item, Lanes):
            yield item.block


def _touches(item: Item, variable: Variable) -> bool:
    return any(one.serial == variable.serial for one in (*reads(item), *writes(item)))


def _sets_all(loop: For, variable: Variable, outer: tuple[Expression, ...]) -> bool:
    """Whether each turn sets the entries that are its own before it reads them, and the turns are all there are."""
    here = (*outer, LoopIndex(loop.serial))
    is_whole = loop.start == Number(0, "int") and loop.step == 1 and loop.stop == variable.sizes[len(outer)]
    if not is_whole or any(at[: len(here)] != here for at in _places(loop.body, variable)):
        return False
    first = next(item for item in loop.body if _touches(item, variable))
    if len(here) < len(variable.sizes):
        return isinstance(first, For) and _sets_all(first, variable, here)
    return (
        isinstance(first, Assign)
        and first.variable.serial == variable.serial
        and first.indices == here
        and (variable.serial not in [load.variable.serial for load in loads(expressions(first))])
    )


def _places(items: Sequence[Item], variable: Variable) -> Iterator[tuple[Expression, ...]]:
    """Where the array is read or changed."""
    for item in walk(items):
        if isinstance(item, Assign | Update) and item.variable.serial == variable.serial:
            yield item.indices
        yield from (load.indices for load in loads(expressions(item)) if load.variable.serial == variable.serial)
