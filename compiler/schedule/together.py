"""Sums of neighbouring turns, loop nest -> loop nest: four of a loop's turns add up at once what each adds up.

    for j in range(n):                       for j in range(0, n - n % 4, 4):
        total = 0.0                              totals = [0.0, 0.0, 0.0, 0.0]
        for k in range(m):                       for k in range(m):
            total += W[j, k] * x[k]      ->          totals[0] += W[j, k] * x[k]
        y[j] = tanh(total)                           ...
                                                     totals[3] += W[j + 3, k] * x[k]
                                                 for t in range(4):
                                                     y[j + t] = tanh(totals[t])
                                             for j in what is left of range(n): as before

A processor adds to a sum only when the last addition is done, which takes it as long as four or more: so it adds to
another meanwhile, and what all of them read it reads once. Each sum gets what it got, in the same order.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.schedule.loopnest import (
    Allocate,
    Apply,
    Declare,
    Expression,
    For,
    If,
    Item,
    Lanes,
    LoopIndex,
    LoopNest,
    Number,
    Update,
    expressions,
    may_fail,
    parts,
    reads,
    variables,
    walk,
    writes,
)
from mgc.compiler.schedule.spread import Spread, row

COUNT = 4
SHORT = 32  # turns of a sum that a processor overlaps with those of the next by itself
_ZERO = Number(0, "int")


def together(nest: LoopNest) -> LoopNest:
    """The nest with four turns at once of loops whose turns begin with a long sum."""
    every = [*walk(nest.body)]
    known = [one.serial for one in (*variables(nest), *nest.inputs)]
    outside = frozenset(item.variable.serial for item in every if isinstance(item, Declare))
    serials = itertools.count(1 + max([item.serial for item in every], default=0))
    change = _Change(outside, serials, itertools.count(1 + max(known, default=0)))
    return replace(nest, body=change.items(nest.body))


class _Change(Struct, frozen=True):
    """`outside`: variables that are read outside of the loops that set them."""

    outside: frozenset[int]
    serials: Iterator[int]
    variables: Iterator[int]

    def items(self, items: Iterable[Item]) -> tuple[Item, ...]:
        return tuple([new for item in items for new in self._item(item)])

    def _item(self, item: Item) -> Sequence[Item]:
        match item:
            case If():
                return [replace(item, then=self.items(item.then), otherwise=self.items(item.otherwise))]
            case Lanes():
                return [replace(item, block=self.items(item.block))]
            case For():
                place = self._sum(item)
                return [replace(item, body=self.items(item.body))] if place is None else self._four(item, place)
        return [item]

    def _sum(self, loop: For) -> int | None:
        """Where the sum stands that a turn begins with, if others may be made at the same time."""
        place = next((place for place, item in enumerate(loop.body) if not isinstance(item, Allocate)), 0)
        starts, inner = loop.body[:place], loop.body[place]
        own = {one.serial for item in starts for one in writes(item) if not one.sizes}
        if len(own) < max(1, place) or own & self.outside or not isinstance(inner, For):
            return None
        is_whole = loop.start == _ZERO and loop.step == 1
        is_long = _turns(loop) >= COUNT and _turns(inner) >= SHORT
        only_sums = all(isinstance(one, Update) and one.kind == "sum" for one in inner.body)
        begins = any(isinstance(item, Allocate | Declare) for item in walk(loop.body[place + 1 :]))
        made = {one.serial for item in loop.body for one in writes(item)}
        added, read = [{one.serial for one in which(inner)} for which in (writes, reads)]
        is_apart = added <= own and made.isdisjoint(read)
        ends_differ = LoopIndex(loop.serial) in parts(expressions(inner))
        fits = is_whole and is_long and only_sums and not begins and is_apart and not ends_differ
        return place if fits and not may_fail([inner]) else None

    def _four(self, loop: For, place: int) -> Sequence[Item]:
        inner, index, each = loop.body[place], LoopIndex(loop.serial), LoopIndex(next(self.serials))
        assert isinstance(inner, For)
        starts = [item for item in loop.body[:place] if isinstance(item, Allocate)]
        count: Expression = Number(COUNT, "int")
        rows = {one.variable.serial: row(one.variable, next(self.variables), (count,), "each_{0}") for one in starts}

        def moved(by: Expression) -> Spread:
            return Spread(rows, by, {loop.serial: index if by == _ZERO else Apply("add", (index, by), "int")})

        added = [item for turn in range(COUNT) for item in moved(Number(turn, "int")).items(inner.body)]
        block: tuple[Item, ...] = (
            *[Allocate(next(self.serials), rows[one.variable.serial], one.fill) for one in starts],
            replace(inner, body=tuple(added)),
            For(each.loop, "", _ZERO, count, moved(each).items(loop.body[place + 1 :])),
        )
        whole = _in_fours(loop.stop)
        fours = replace(loop, stop=whole, body=block, step=COUNT)
        return [fours] if whole == loop.stop else [fours, replace(loop, start=whole)]


def _in_fours(stop: Expression) -> Expression:
    """How many turns are taken four at once."""
    if isinstance(stop, Number):
        return Number(int(stop.value) // COUNT * COUNT, "int")
    return Apply("mul", (Apply("exactdiv", (stop, Number(COUNT, "int")), "int"), Number(COUNT, "int")), "int")


def _turns(loop: For) -> float:
    known = isinstance(loop.start, Number) and isinstance(loop.stop, Number)
    return (loop.stop.value - loop.start.value) / loop.step if known else float("inf")  # type: ignore[union-attr]
