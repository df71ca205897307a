"""What must be known of a loop before its turns are taken several at once: whether they may be, and what differs.

A variable that begins in the loop is each turn's own; one from outside must have an entry for each turn, or be a sum.

>>> from mgc.compiler.schedule.loopnest import Allocate, Load, Number, Size, Update
>>> x, total = Variable(0, "argument", "float", (Size("n"),)), Variable(1, "value", "float")
>>> add = Update(3, total, (), "sum", Load(x, (LoopIndex(2),)))
>>> loop = For(2, "i", Number(0, "int"), Size("n"), (add,))
>>> nest = LoopNest("f", (x,), ("n",), (Allocate(0, total, 0.0), loop), (Load(total, ()),))
>>> found = facts(nest, loop)
>>> found.own, found.differs(add.value), found.differs(Size("n"))
({}, True, False)
>>> facts(nest, For(2, "i", Number(0, "int"), Size("n"), (Update(3, total, (), "prod", add.value),)))
Traceback (most recent call last):
mgc.compiler.schedule.lanes.facts.Unfit: what a turn makes of a variable depends on other turns
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from mgc.compiler.schedule.lanes.shifts import delays
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
    Statement,
    Update,
    Variable,
    expressions,
    loads,
    parts,
    walk,
)

Place = tuple[Expression, ...]  # the indices of an entry
Branches = tuple[tuple[If, bool], ...]  # around an item, from the outside inwards, with the arm in which it stands


class Unfit(Exception):
    """Why a loop's turns are taken one by one."""


class Facts(Struct, frozen=True):
    """`begins`: where each turn's own variables begin. `own`: arrays from outside, by the axis that tells turns apart.

    `varying` are the turns' own variables that differ from lane to lane; `loops` are those inside, and this one.
    `sums` begin as 0.0 and are added to, so that they are never -0.0: what adds 0.0 leaves them as they are. `delays`
    are those of updates at neighbouring entries (`shifts.py`).
    """

    loop: For
    begins: Mapping[int, Branches]
    own: Mapping[int, int]
    loops: Mapping[int, For]
    varying: set[int]
    sums: frozenset[int]
    delays: Mapping[int, int]
    known: dict[int, tuple[Expression, bool]] = field(default_factory=dict)

    def differs(self, expression: Expression) -> bool:
        """Whether an expression has a value for each lane."""
        found = self.known.get(id(expression))
        if found is None:
            found = self.known[id(expression)] = (expression, any(map(self._is_varying, parts([expression]))))
        return found[1]

    def _is_varying(self, part: Expression) -> bool:
        if isinstance(part, LoopIndex):
            return part.loop == self.loop.serial
        return isinstance(part, Load) and part.variable.serial in self.varying

    def masks(self, around: Branches) -> list[tuple[int, bool]]:
        """The branches that some lanes take and others do not."""
        return [(branch.serial, arm) for branch, arm in around if self.differs(branch.condition)]

    def is_inside(self, load: Load) -> bool:
        """Whether an element lies in its array whatever the lane, so that it may be read where the model does not."""
        return all(map(self._is_below, load.indices, load.variable.sizes))

    def _is_below(self, index: Expression, size: Expression) -> bool:
        if isinstance(index, Number):
            return isinstance(size, Number) and 0 <= index.value < size.value
        loop = self.loops.get(index.loop) if isinstance(index, LoopIndex) else None
        if loop is None or loop.step != 1 or not isinstance(loop.start, Number) or loop.start.value < 0:
            return False
        return self._is_at_most(loop.stop, size)

    def _is_at_most(self, stop: Expression, size: Expression) -> bool:
        if isinstance(stop, Number) and isinstance(size, Number):
            return stop.value <= size.value
        return stop == size or (isinstance(stop, LoopIndex) and self._is_below(stop, size))


def facts(nest: LoopNest, loop: For) -> Facts:
    """What is to be known of a loop that is inside no other. Errors: Unfit."""
    if loop.step != 1:
        raise Unfit("it runs backwards")
    places = list(_places(loop.body, ()))
    begins = _begins(nest, loop, places)
    own = _own(loop, {item.variable.serial for item, _ in places if isinstance(item, Setting)} - begins.keys())
    loops = {item.serial: item for item in walk([loop]) if isinstance(item, For)}
    varying = {item.variable.serial for item, _ in places if isinstance(item, Setting) and item.variable.sizes}
    sums = frozenset(begins.keys() - _no_sums(places))
    shared = [item for item in loop.body if isinstance(item, Update) and item.variable.serial not in {*own, *begins}]
    found = Facts(loop, begins, own, loops, varying & begins.keys(), sums, delays(shared, loop))
    _spread(found, places)
    if any(found.differs(end) for item in loops.values() if item is not loop for end in (item.start, item.stop)):
        raise Unfit("how often an inner loop turns depends on the turn")
    return found


def _places(items: Iterable[Item], around: Branches) -> Iterator[tuple[Item, Branches]]:
    for item in items:
        yield item, around
        if isinstance(item, For):
            yield from _places(item.body, around)
        elif isinstance(item, If):
            yield from _places(item.then, (*around, (item, True)))
            yield from _places(item.otherwise, (*around, (item, False)))


def _begins(nest: LoopNest, loop: For, places: Sequence[tuple[Item, Branches]]) -> dict[int, Branches]:
    """Where the variables begin that no other part of the function mentions."""
    inside = {id(item) for item in walk([loop])}
    outside = {load.variable.serial for load in loads(nest.roots())} | {one.serial for one in nest.inputs}
    for item in walk(nest.body):
        if id(item) not in inside:
            outside |= {load.variable.serial for load in loads(expressions(item))}
            outside |= {item.variable.serial} if isinstance(item, Setting) else set()
    found: dict[int, Branches] = {}
    for item, around in places:
        if isinstance(item, Allocate | Declare | Assign) and item.variable.serial not in outside:
            found.setdefault(item.variable.serial, around)
    return found


def _own(loop: For, outer: set[int]) -> dict[int, int]:
    """The arrays from outside of which each turn has entries of its own, and along which axis. Errors: Unfit."""
    read, written = defaultdict[int, list[Place]](list), defaultdict[int, list[Place]](list)
    kinds = defaultdict[int, set[str]](set)
    for item in walk([loop]):
        for load in loads(expressions(item)):
            read[load.variable.serial].append(load.indices)
        if isinstance(item, Statement):
            written[item.variable.serial].append(item.indices)
            kinds[item.variable.serial].add(item.kind if isinstance(item, Update) else "set")
    found = {}
    for serial in outer:
        axis = _axis(LoopIndex(loop.serial), [*read[serial], *written[serial]])
        if axis is not None:
            found[serial] = axis
        elif read[serial] or kinds[serial] != {"sum"}:
            raise Unfit("what a turn makes of a variable depends on other turns")
    return found


def _axis(index: LoopIndex, places: Sequence[Place]) -> int | None:
    """The axis along which all places have the index."""
    for axis in range(min(map(len, places), default=0)):
        if all(place[axis] == index for place in places):
            return axis
    return None


def _no_sums(places: Sequence[tuple[Item, Branches]]) -> set[int]:
    """The variables that are set, or do not begin as 0.0."""
    found = set()
    for item, _ in places:
        is_sum = item.kind == "sum" if isinstance(item, Update) else isinstance(item, Allocate) and item.fill == 0
        if isinstance(item, Setting) and not is_sum:
            found.add(item.variable.serial)
    return found


def _may_be_one(found: Facts, variable: Variable) -> bool:
    """Whether a turn's own variable is the same in all lanes, for all that is known."""
    return variable.serial in found.begins and variable.serial not in found.varying


def _spread(found: Facts, places: Sequence[tuple[Item, Branches]]) -> None:
    """Find all variables that differ: set to what differs, or where only some lanes set them."""
    while True:
        found.known.clear()
        before = len(found.varying)
        for item, around in places:
            if isinstance(item, Setting) and _may_be_one(found, item.variable):
                here = found.masks(around) == found.masks(found.begins[item.variable.serial])
                if not here or any(map(found.differs, expressions(item))):
                    found.varying.add(item.variable.serial)
                    found.known.clear()
        if len(found.varying) == before:
            return
