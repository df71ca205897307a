"""Loops -> blocks of their turns, one turn a lane, loop nest -> loop nest: what a processor's vectors compute at once.

It takes loops that stand in no other, whose turns have nothing to do with each other but for sums. `h`, set and read
in one turn, is `h` for each lane, `total` a partial sum for each, and `W` is what it was; where lanes part, both ways
are gone, each with the mask of those that go it. The last turns, which fill no block, are taken one by one.

    total = 0.0                              part_of_total = 0.0 in each lane
    for i in range(n):                       for blocks of i in range(n):
        h = W * x[i]                   ->        h = W * (x[i], x[i + 1], ...)
        if h > 0.0:                              mask = h > 0.0
            total += h                           part_of_total += h where mask, else 0.0
                                             total += the sum of part_of_total
                                             for i in what is left of range(n): as before
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from mgc.compiler.schedule.lanes import worth
from mgc.compiler.schedule.lanes.block import Block
from mgc.compiler.schedule.lanes.facts import Unfit, facts
from mgc.compiler.schedule.lanes.values import Values
from mgc.compiler.schedule.loopnest import For, If, Item, Lanes, LoopNest, Number, expressions, parts, variables, walk

FEWEST = 16  # turns, where their number is known
MOST = 20_000  # parts of expressions in a loop: C compilers take long for what is longer
GAIN = 1.5  # times as fast, at least, by what `worth` says


def in_lanes(nest: LoopNest, first: int = 0) -> LoopNest:
    """The nest with its loops in lanes, where they may be and gain by it; `first`: how many items are left as is."""
    serials = itertools.count(1 + max([item.serial for item in walk(nest.body)], default=0))
    known = [one.serial for one in (*variables(nest), *nest.inputs)]
    change = _Change(nest, serials, itertools.count(1 + max(known, default=0)))
    return replace(nest, body=(*nest.body[:first], *change.items(nest.body[first:])))


def refusals(nest: LoopNest) -> dict[int, str]:
    """Why loops stay as they are, by their serial numbers."""
    found = {}
    change = _Change(nest, itertools.count(), itertools.count())
    for loop in _outermost(nest.body):
        try:
            change.lanes(loop)
        except Unfit as reason:
            found[loop.serial] = str(reason)
    return found


def _outermost(items: Sequence[Item]) -> Iterator[For]:
    for item in items:
        if isinstance(item, For):
            yield item
        elif isinstance(item, If):
            yield from _outermost((*item.then, *item.otherwise))


class _Change:
    def __init__(self, nest: LoopNest, serials: Iterator[int], variables: Iterator[int]) -> None:
        self.nest, self.serials, self.variables = nest, serials, variables

    def items(self, items: Sequence[Item]) -> tuple[Item, ...]:
        return tuple([self._item(item) for item in items])

    def _item(self, item: Item) -> Item:
        if isinstance(item, If):
            return replace(item, then=self.items(item.then), otherwise=self.items(item.otherwise))
        if not isinstance(item, For):
            return item
        try:
            return self.lanes(item)
        except Unfit:
            return item

    def lanes(self, loop: For) -> Lanes:
        """A loop in lanes. Errors: Unfit."""
        if isinstance(loop.start, Number) and isinstance(loop.stop, Number) and worth.turns(loop) < FEWEST:
            raise Unfit("it has few turns")
        if sum(1 for item in walk(loop.body) for _ in parts(expressions(item))) > MOST:
            raise Unfit("it is long")
        found = facts(self.nest, loop)
        block = Block(found, self.serials, self.variables, Values(found))
        body = block.body()
        if worth.cost_of_turn(found) < GAIN * worth.cost_in_lanes(body):
            raise Unfit("it would gain little")
        return Lanes(next(self.serials), block.before(), body, block.after(), loop)
