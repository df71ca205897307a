"""Loops along the rows of arrays, loop nest -> loop nest: an inner loop that goes across rows becomes the outer one.

    for j in range(m):                            for j in range(m):
        total = 0.0                                   totals[j] = 0.0
        for k in range(n):                    ->  for k in range(n):
            total += x[k] * W[k, j]                   for j in range(m):
        y[j] = tanh(total)                                totals[j] += x[k] * W[k, j]
                                                  for j in range(m):
                                                      y[j] = tanh(totals[j])

What stands before the inner loop, and behind it, gets a loop of its own, and a number that passes from one of them to
another becomes one for each turn. Each entry gets what is added to it in the order in which it did: all bits are the
same. Outermost loops are left, of which lanes take several turns at once, and so are arrays that fit a processor's
caches: to add to a number takes less than to add to an entry.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.schedule.loopnest import (
    Allocate,
    Assign,
    Declare,
    Expression,
    For,
    If,
    Item,
    Load,
    LoopIndex,
    LoopNest,
    Number,
    Setting,
    Size,
    Update,
    Variable,
    expressions,
    loads,
    may_fail,
    parts,
    walk,
)
from mgc.compiler.schedule.spread import Spread, row

LARGE = 4096  # elements: 32 KB of doubles, which a processor's first cache holds
LARGER = 65536  # as many as its second one holds, where the inner loop comes to ask for each entry what it asked once
_ZERO = Number(0, "int")


def by_rows(nest: LoopNest) -> LoopNest:
    """The nest with its inner loops along rows, where they may be and arrays are large."""
    mentions = _mentions(nest.body)
    mentions.update([load.variable.serial for load in loads(nest.roots())])
    serials = itertools.count(1 + max([item.serial for item in walk(nest.body)], default=0))
    known = [*mentions, *[given.serial for given in nest.inputs]]
    change = _Change(mentions, serials, itertools.count(1 + max(known, default=0)))
    return replace(nest, body=change.items(nest.body, None))


class _Cut(Struct, frozen=True):
    """A turn of a loop: what stands before an inner loop, that loop under its conditions, and what stands behind it.

    `guarded` is all that stands under the first of the conditions.
    """

    before: tuple[Item, ...]
    inner: For
    behind: tuple[Item, ...]
    conditions: tuple[If, ...] = ()
    guarded: tuple[Item, ...] = ()

    def parts(self) -> tuple[tuple[Item, ...], ...]:
        return self.before, self.under_conditions((self.inner,)), self.behind

    def under_conditions(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        for branch in self.conditions[::-1]:
            items = (replace(branch, then=items, otherwise=()),)
        return items


def _cuts(items: tuple[Item, ...]) -> Iterator[_Cut]:
    """The places where a loop that only adds up may be cut out."""
    for place, item in enumerate(items):
        before, behind = items[:place], items[place + 1 :]
        if isinstance(item, For) and all(isinstance(one, Update) and one.kind == "sum" for one in item.body):
            yield _Cut(before, item, behind)
        if isinstance(item, If):
            for cut in _cuts(item.then):
                first = replace(item, then=cut.before)
                last = (replace(item, then=cut.behind, otherwise=()),) if cut.behind else ()
                yield _Cut(
                    (*before, first) if first.then or first.otherwise else before,
                    cut.inner,
                    (*last, *behind),
                    (item, *cut.conditions),
                    (*item.then, *item.otherwise),
                )


class _Change(Struct, frozen=True):
    """`mentions`: how often the nest has each variable; `serials` and `variables` number what is new."""

    mentions: Counter[int]
    serials: Iterator[int]
    variables: Iterator[int]

    def items(self, items: Iterable[Item], outer: For | None) -> tuple[Item, ...]:
        """The items, which stand in that outermost loop."""
        return tuple([new for item in items for new in self._item(item, outer)])

    def _item(self, item: Item, outer: For | None) -> Sequence[Item]:
        if isinstance(item, If):
            return [replace(item, then=self.items(item.then, outer), otherwise=self.items(item.otherwise, outer))]
        if not isinstance(item, For):
            return [item]
        is_whole = item.start == _ZERO and item.step == 1 and isinstance(item.stop, Number | Size)
        for cut in _cuts(item.body) if outer is not None and is_whole else ():
            if _jumps(cut, cut.inner.serial) > _jumps(cut, item.serial):
                passed = self._passed(item, cut)
                if passed is not None and outer is not None:
                    return self._turned(item, cut, passed, outer)
        return [replace(item, body=self.items(item.body, outer or item))]

    def _passed(self, loop: For, cut: _Cut) -> dict[int, Variable] | None:
        """The numbers that pass from one part of a turn to another; None where the loops are to be left as they are."""
        mine, shared, inside = LoopIndex(loop.serial), _shared(cut), _mentions(loop.body)
        local = {serial for serial in shared if inside[serial] == self.mentions[serial]}
        numbers = {serial: one for serial, one in shared.items() if serial in local and not one.sizes}
        if not all(_is_apart(loop.body, serial, mine) for serial in shared.keys() - numbers.keys()):
            return None
        if any(one.dtype == "bool" for one in numbers.values()) or not _may_be_turned(loop, cut, set(numbers)):
            return None
        return numbers

    def _turned(self, loop: For, cut: _Cut, passed: Mapping[int, Variable], outer: For) -> Sequence[Item]:
        rows = {serial: self._new(one, (loop.stop,), "each_{0}") for serial, one in passed.items()}
        each = Spread(rows, LoopIndex(loop.serial))
        first, added, last = self._gathered(cut, LoopIndex(loop.serial), outer)
        inner = replace(loop, body=each.items(cut.under_conditions(tuple(added))))
        starts = {item.variable.serial: item.fill for item in cut.before if isinstance(item, Allocate)}
        only_starts = all(isinstance(item, Allocate) and item.variable.serial in rows for item in cut.before)
        turned: list[Item] = [
            *[Allocate(next(self.serials), row, starts.get(serial, 0)) for serial, row in rows.items()],
            *([] if only_starts else [replace(loop, body=each.items(cut.before))]),
            replace(cut.inner, body=(*first, inner, *last)),
        ]
        behind = replace(loop, body=each.items(cut.behind))
        self.mentions.subtract(_mentions([loop]))
        self.mentions.update(_mentions([*turned, behind]))
        return [*turned, *(self._item(behind, outer) if cut.behind else [])]

    def _gathered(self, cut: _Cut, index: LoopIndex, outer: For) -> tuple[list[Item], list[Item], list[Item]]:
        """The sums: one at an entry that all turns of a loop add to is a number while these last.

        Where other turns of the outermost loop add to it as well, it stays: lanes add it up in their own way.
        """
        inside, first, added, last = _mentions([outer]), list[Item](), list[Item](), list[Item]()
        targets = Counter(item.variable.serial for item in cut.inner.body if isinstance(item, Update))
        for item in cut.inner.body:
            assert isinstance(item, Update)
            of, at = item.variable, item.indices
            is_own = LoopIndex(outer.serial) in at or inside[of.serial] == self.mentions[of.serial]
            is_alone = targets[of.serial] == 1 and index not in at and _is_there(of, at, (outer, cut.inner))
            if not is_own or not is_alone:
                added.append(item)
                continue
            number = self._new(of, (), "this_{0}")
            first += [Declare(next(self.serials), number), Assign(next(self.serials), number, (), Load(of, at))]
            added.append(replace(item, variable=number, indices=()))
            last.append(Assign(next(self.serials), of, at, Load(number, ())))
        return first, added, last

    def _new(self, of: Variable, sizes: tuple[Expression, ...], said: str) -> Variable:
        return row(of, next(self.variables), sizes, said)


def _is_there(variable: Variable, indices: Sequence[Expression], loops: Sequence[For]) -> bool:
    """Whether the entry is one of the array's whenever these loops turn."""
    ends = {LoopIndex(loop.serial): loop.stop for loop in loops if loop.start == _ZERO and loop.step == 1}
    return bool(indices) and all(
        isinstance(index, LoopIndex) and ends.get(index) == size
        for index, size in zip(indices, variable.sizes, strict=True)
    )


def _may_be_turned(loop: For, cut: _Cut, passed: set[int]) -> bool:
    """Whether each entry gets the same in the same order, and the same failure is told."""
    indices = (LoopIndex(loop.serial), LoopIndex(cut.inner.serial))
    updates = [item for item in cut.inner.body if isinstance(item, Update)]
    ends, conditions = expressions(cut.inner), [one.condition for one in cut.conditions]
    places = {(one.variable.serial, one.indices) for one in updates}
    added, every = {one.variable.serial for one in updates}, _set(loop.body)
    return (
        all(one.variable.serial in passed or any(index in one.indices for index in indices) for one in updates)
        and len(places) == len(added)
        and added.isdisjoint(_read([one for item in updates for one in expressions(item)]))
        and indices[0] not in parts(ends)
        and every.isdisjoint(_read(ends))
        and _set(cut.guarded).isdisjoint(_read(conditions))
        and not may_fail([cut.inner, *[replace(one, then=(), otherwise=()) for one in cut.conditions]])
        and not (may_fail(cut.before) and may_fail(cut.behind))
        and not any(passed & _read(one.variable.sizes) for one in walk(loop.body) if isinstance(one, Allocate))
    )


def _jumps(cut: _Cut, loop: int) -> int:
    """How many elements of large arrays the turns of a loop take from, or put into, different rows."""
    places = [(one.variable, one.indices) for one in cut.inner.body if isinstance(one, Update)]
    places += [(load.variable, load.indices) for item in cut.inner.body for load in loads(expressions(item))]
    least = LARGER if cut.conditions else LARGE
    return sum(1 for one, at in places if _elements(one) > least and _is_across(at, LoopIndex(loop)))


def _elements(variable: Variable) -> float:
    sizes = [size.value for size in variable.sizes if isinstance(size, Number)]
    return math.prod(sizes) if len(sizes) == len(variable.sizes) else math.inf


def _is_across(indices: tuple[Expression, ...], index: LoopIndex) -> bool:
    return index in parts(indices[:-1]) or (index in parts(indices[-1:]) and indices[-1] != index)


def _shared(cut: _Cut) -> dict[int, Variable]:
    """The variables that one part of a turn sets, and another one mentions."""
    found: dict[int, Variable] = {}
    mentioned = [_mentions(part) for part in cut.parts()]
    for item in walk([one for part in cut.parts() for one in part]):
        if isinstance(item, Setting) and sum(item.variable.serial in part for part in mentioned) > 1:
            found[item.variable.serial] = item.variable
    return found


def _is_apart(items: Sequence[Item], serial: int, index: LoopIndex) -> bool:
    """Whether each turn has entries of the variable for itself: those along one axis that has the loop's index."""
    places = [one.indices for item in walk(items) for one in loads(expressions(item)) if one.variable.serial == serial]
    for item in walk(items):
        if isinstance(item, Setting) and item.variable.serial == serial:
            places.append(item.indices if isinstance(item, Assign | Update) else ())
    axes = range(min(map(len, places)))
    return any(all(place[axis] == index for place in places) for axis in axes)


def _mentions(items: Iterable[Item]) -> Counter[int]:
    found = Counter[int]()
    for item in walk(items):
        found.update([load.variable.serial for load in loads(expressions(item))])
        found.update([item.variable.serial] if isinstance(item, Setting) else [])
    return found


def _set(items: Iterable[Item]) -> set[int]:
    return {item.variable.serial for item in walk(items) if isinstance(item, Setting)}


def _read(roots: Iterable[Expression]) -> set[int]:
    return {load.variable.serial for load in loads(roots)}
