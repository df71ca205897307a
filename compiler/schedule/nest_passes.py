"""Rewrites of loops, loop nest -> loop nest.

>>> from mgc.compiler.names import names
>>> from mgc.compiler.emit.python import function
>>> from mgc.compiler.schedule.loopnest import Load, Size
>>> A = Variable(0, "argument", "float", (Size("m"), Size("n")), said=("A",))
>>> out = Variable(1, "value", "float", said=("out",))
>>> add = Update(3, out, (), "sum", Load(A, (LoopIndex(1), LoopIndex(2))))
>>> zero = Number(0, "int")
>>> rows = For(1, "i", zero, Size("m"), (For(2, "j", zero, Size("n"), (add,)),))
>>> nest = LoopNest("f", (A,), ("m", "n"), (Allocate(0, out, 0.0), rows), (Load(out, ()),))
>>> def show(nest):
...     for line in function.function(names.name(nest), None, ieee=False)[0][1:-1]:
...         print(line.text)
>>> show(nest)
    for i in range(m):
        A_i = A[i]
        for j in range(n):
            out += A_i[j]
>>> show(split(nest, 2, 8))
    for i in range(m):
        A_i = A[i]
        for j_block in range(0, n, 8):
            for j in range(j_block, min(j_block + 8, n)):
                out += A_i[j]
>>> show(interchange(nest, 1))
    for j in range(n):
        for i in range(m):
            out += A[i][j]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from mgc.compiler.schedule.loopnest import (
    Allocate,
    Apply,
    Assign,
    Declare,
    For,
    If,
    Item,
    LoopIndex,
    LoopNest,
    Number,
    Statement,
    Update,
    Variable,
    expressions,
    loads,
    parts,
    walk,
    writes,
)


def split(nest: LoopNest, serial: int, width: int) -> LoopNest:
    """A loop as one over blocks of `width` turns, and one over the turns of a block: the last may be shorter."""

    def blocks(loop: For) -> For:
        assert loop.step == 1, "only what runs forwards, turn by turn"
        block = 1 + max(item.serial for item in walk(nest.body))
        start = LoopIndex(block)
        end = Apply("add", (start, Number(width, "int")), "int")
        inner = replace(loop, start=start, stop=Apply("min", (end, loop.stop), "int"))
        return For(block, f"{loop.name}_block" if loop.name else "block", loop.start, loop.stop, (inner,), width)

    return replace(nest, body=_changed(nest.body, serial, blocks))


def interchange(nest: LoopNest, serial: int) -> LoopNest:
    """A loop that is the whole body of the loop around it, `serial`, as the outer one of the two."""

    def swapped(outer: For) -> For:
        assert can_interchange(outer), "a turn depends on another one"
        inner = outer.body[0]
        assert isinstance(inner, For)
        return replace(inner, body=(replace(outer, body=inner.body),))

    return replace(nest, body=_changed(nest.body, serial, swapped))


def can_interchange(outer: For) -> bool:
    """Whether a loop holds nothing but another one, and their turns may come in any order (sums but for rounding)."""
    if len(outer.body) != 1 or not isinstance(inner := outer.body[0], For):
        return False
    mine = LoopIndex(outer.serial)
    if mine in parts((inner.start, inner.stop)):
        return False
    both = {mine, LoopIndex(inner.serial)}
    return all(_is_free_of_order(variable, inner, both) for variable in writes(inner))


def _is_free_of_order(variable: Variable, loop: For, indices: set[LoopIndex]) -> bool:
    """Whether what happens to a variable in one turn has nothing to do with other turns, whose `indices` differ."""
    items = list(walk([loop]))
    sets = [item for item in items if isinstance(item, Statement) and item.variable == variable]
    reads = [load.indices for item in items for load in loads(expressions(item)) if load.variable == variable]
    begins = any(isinstance(item, Allocate | Declare) and item.variable == variable for item in items)
    if begins or (not variable.sizes and all(isinstance(item, Assign) for item in sets)):
        return True  # it is another one in each turn
    kinds = {item.kind if isinstance(item, Update) else None for item in sets}
    if not reads and len(kinds) == 1 and None not in kinds:
        return True  # a sum, of which nobody looks at a part
    return all(indices <= {*at} for at in [*reads, *[item.indices for item in sets]])


def _changed(items: Sequence[Item], serial: int, change: Callable[[For], For]) -> tuple[Item, ...]:
    """The items, with the loop of that serial number changed."""
    found: list[Item] = []
    for item in items:
        if isinstance(item, For):
            new = replace(item, body=_changed(item.body, serial, change))
            found.append(change(new) if item.serial == serial else new)
        elif isinstance(item, If):
            then, otherwise = (_changed(arm, serial, change) for arm in (item.then, item.otherwise))
            found.append(replace(item, then=then, otherwise=otherwise))
        else:
            found.append(item)
    return tuple(found)
