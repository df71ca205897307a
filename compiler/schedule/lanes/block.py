"""The body of a loop -> what a block of its turns does, one turn a lane.

A branch that some lanes take becomes a mask: what it sets is chosen by it, and it is skipped where no lane takes it.
An index that is outside its axis leaves the blocks, so that the turn in which it is fails as it does by itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from mgc.compiler.schedule.lanes.facts import Facts, Unfit
from mgc.compiler.schedule.lanes.shifts import entry
from mgc.compiler.schedule.lanes.values import Values, chosen, has_lanes, is_known, opposite, spread, within
from mgc.compiler.schedule.loopnest import (
    Allocate,
    Apply,
    Assign,
    Declare,
    Expression,
    For,
    If,
    Item,
    Leave,
    Load,
    LoopIndex,
    Number,
    Pack,
    Scatter,
    Update,
    Variable,
    expressions,
    loads,
    walk,
)

MOST_PARTIAL = 1024  # elements of a sum that has one for each lane; larger ones are added up block by block
_ZERO = Number(0, "int")
_COMBINED = {"sum": "add", "prod": "mul"}


class Block(Struct):
    """The items of a block in the making. `said` of a variable is its name, in terms of that of the one it is `of`."""

    facts: Facts
    serials: Iterator[int]
    variables: Iterator[int]
    values: Values
    begun: dict[int, Expression | None] = field(default_factory=dict)  # the masks under which variables began
    partial: dict[int, Variable] = field(default_factory=dict)  # sums of each lane, by the variable that they go to
    held: list[Variable] = field(default_factory=list)  # what is added a block later
    last: list[Item] = field(default_factory=list)  # which adds what the last block held back

    def body(self) -> tuple[Item, ...]:
        """What a block does. Errors: Unfit."""
        staged, self.values.staged = self._stage()
        return (*staged, *self._items(self.facts.loop.body, None))

    def before(self) -> tuple[Item, ...]:
        return tuple([Allocate(next(self.serials), one, 0.0) for one in (*self.partial.values(), *self.held)])

    def after(self) -> tuple[Item, ...]:
        """The sums of the lanes, added up."""
        return (*[self._added(of, one, one.sizes, ()) for of, one in self._targets()], *self.last)

    def _targets(self) -> list[tuple[Variable, Variable]]:
        outer = {item.variable.serial: item.variable for item in walk(self.facts.loop.body) if isinstance(item, Update)}
        return [(outer[serial], one) for serial, one in self.partial.items()]

    def _added(
        self, variable: Variable, part: Variable, sizes: Sequence[Expression], indices: tuple[Expression, ...]
    ) -> Item:
        serial = next(self.serials)
        if not sizes:
            total = Apply("lanes total", (Load(part, indices),), part.dtype)
            return Update(serial, variable, indices, "sum", total)
        inner = self._added(variable, part, sizes[1:], (*indices, LoopIndex(serial)))
        return For(serial, "", _ZERO, sizes[0], (inner,))

    def _new(self, of: Variable, said: str, lanes: bool) -> Variable:
        return replace(of, serial=next(self.variables), role="value", of=of.serial, said=(said,), lanes=lanes)

    def _items(self, items: Iterable[Item], mask: Expression | None) -> tuple[Item, ...]:
        return tuple([new for item in items for new in self._item(item, mask)])

    def _item(self, item: Item, mask: Expression | None) -> Iterator[Item]:
        match item:
            case Allocate():
                yield self._allocate(item, mask)
            case Declare():
                yield Declare(next(self.serials), self._begin(item.variable, mask))
            case For():
                start, stop = self.values.value(item.start, mask), self.values.value(item.stop, mask)
                yield replace(item, start=start, stop=stop, body=self._items(item.body, mask))
            case If():
                yield from self._branch(item, mask)
            case Assign():
                yield from self._assign(item, mask)
            case Update() if item.variable.serial in self.facts.begins:
                yield self._update(item, mask)
            case Update() if not any(map(self.facts.differs, item.indices)):
                yield self._sum(item, mask)
            case Update() if item.serial in self.facts.delays:
                yield from self._shifted(item, self.facts.delays[item.serial])
            case Update():
                yield self._store(item, mask)

    def _begin(self, variable: Variable, mask: Expression | None) -> Variable:
        differs = variable.serial in self.facts.varying
        made = self._new(variable, "{0}_lanes" if variable.sizes else "{0}", differs)
        self.values.made[variable.serial], self.begun[variable.serial] = made, mask
        return made

    def _allocate(self, item: Allocate, mask: Expression | None) -> Item:
        serial = next(self.serials)
        if item.variable.serial not in self.begun:
            if item.variable.serial not in self.facts.begins:
                raise Unfit("an array of all turns begins in the loop")
            return Allocate(serial, self._begin(item.variable, mask), item.fill)
        variable, on = self._inner(item.variable, mask)
        if variable.sizes and on is not None:
            raise Unfit("an array begins in a branch")
        if on is None:
            return Allocate(serial, variable, item.fill)
        fill = Number(item.fill, item.variable.dtype)
        return Assign(serial, variable, (), chosen(on, fill, Load(variable, ())))

    def _inner(self, variable: Variable, mask: Expression | None) -> tuple[Variable, Expression | None]:
        """The block's variable, and the mask of what is set: None where that is all that has begun."""
        began = self.begun[variable.serial]
        return self.values.made[variable.serial], None if began is mask else mask

    def _branch(self, item: If, mask: Expression | None) -> Iterator[Item]:
        condition = self.values.value(item.condition, mask)
        if not has_lanes(condition):
            then, otherwise = self._items(item.then, mask), self._items(item.otherwise, mask)
            yield replace(item, condition=condition, then=then, otherwise=otherwise)
            return
        on = self._mask()
        yield Assign(next(self.serials), on.variable, (), within(mask, condition))
        if item.then:
            yield self._taken(item.then, on)
        if item.otherwise:
            off = self._mask()
            yield Assign(next(self.serials), off.variable, (), within(mask, opposite(on)))
            yield self._taken(item.otherwise, off)

    def _mask(self) -> Load:
        variable = Variable(next(self.variables), "value", "bool", said=("mask",), lanes=True)
        return Load(variable, ())

    def _taken(self, items: Sequence[Item], mask: Expression) -> Item:
        return If(next(self.serials), Apply("lanes any", (mask,), "bool"), self._items(items, mask))

    def _assign(self, item: Assign, mask: Expression | None) -> Iterator[Item]:
        variable, value = item.variable, item.value
        if variable.serial in self.facts.own:
            yield self._store(item, mask)
            return
        if isinstance(value, Pack):
            yield self._pack(item, value, mask)
            return
        checked = isinstance(value, Apply) and value.op == "bound"
        new = self._of(variable, value.args[0] if checked and isinstance(value, Apply) else value, mask)
        if variable.serial not in self.begun:
            self._begin(variable, mask)
        made, on = self._inner(variable, mask)
        indices = tuple([self.values.value(index, mask) for index in item.indices])
        if any(map(has_lanes, indices)):
            yield Scatter(next(self.serials), made, self._place(item), None, spread(new), mask)
        elif made.lanes:
            yield Assign(next(self.serials), made, indices, chosen(on, spread(new), Load(made, indices)), item.step)
        else:
            yield Assign(next(self.serials), made, indices, new, item.step)
        if checked and isinstance(value, Apply):
            yield self._leave(Load(made, indices), self.values.value(value.args[1], mask), mask)

    def _place(self, item: Assign | Update) -> Expression:
        return self.values.place(Load(item.variable, item.indices), None)

    def _of(self, variable: Variable, value: Expression, mask: Expression | None) -> Expression:
        return self.values.real(value, mask) if variable.dtype == "float" else self.values.value(value, mask)

    def _leave(self, index: Expression, size: Expression, mask: Expression | None) -> Item:
        outside = [Apply("lt", (index, _ZERO), "bool"), Apply("ge", (index, size), "bool")]
        if not has_lanes(index):
            return Leave(next(self.serials), Apply("or", tuple(outside), "bool"))
        either = Apply("lanes or", tuple(outside), "bool")
        either = Apply("lanes mask", (either,), "bool")
        return Leave(next(self.serials), Apply("lanes any", (within(mask, either),), "bool"))

    def _pack(self, item: Assign, pack: Pack, mask: Expression | None) -> Item:
        if item.variable.serial not in self.begun:
            self._begin(item.variable, mask)
        made, on = self._inner(item.variable, mask)
        indices = tuple([self.values.value(index, mask) for index in item.indices])
        if on is not None or any(map(has_lanes, indices)):
            raise Unfit("a branch sets an array as a whole")
        elements = tuple([spread(self._of(item.variable, element, mask)) for element in pack.elements])
        return Assign(next(self.serials), made, indices, replace(pack, elements=elements), item.step)

    def _update(self, item: Update, mask: Expression | None) -> Item:
        """A change of a variable of the turn's own."""
        made, on = self._inner(item.variable, mask)
        value = self._of(item.variable, item.value, mask)
        indices = tuple([self.values.value(index, mask) for index in item.indices])
        if any(map(has_lanes, indices)):
            if item.kind not in _COMBINED:
                raise Unfit("an extremum is at a place that depends on the turn")
            return Scatter(next(self.serials), made, self._place(item), item.kind, spread(value), mask)
        if item.kind == "sum" and on is not None and item.variable.serial in self.facts.sums:
            return Update(
                next(self.serials), made, indices, "sum", chosen(on, value, _zero(made)), item.step, item.over
            )
        if not made.lanes or (on is None and item.kind in _COMBINED):
            return Update(next(self.serials), made, indices, item.kind, value, item.step, item.over)
        old = Load(made, indices)
        return Assign(next(self.serials), made, indices, chosen(on, _changed(item, old, value), old), item.step)

    def _sum(self, item: Update, mask: Expression | None) -> Item:
        """What a sum over the turns gets from a block."""
        variable, value = item.variable, self._of(item.variable, item.value, mask)
        indices = tuple([self.values.value(index, mask) for index in item.indices])
        value = chosen(mask, value, _zero(variable))
        part = self.partial.get(variable.serial)
        if part is None and is_small(variable):
            part = self.partial[variable.serial] = self._new(variable, "part_of_{0}", True)
        if part is not None:
            return Update(next(self.serials), part, indices, "sum", value, item.step, item.over)
        total = Apply("lanes total", (spread(value),), variable.dtype)
        return Update(next(self.serials), variable, indices, "sum", total, item.step, item.over)

    def _store(self, item: Assign | Update, mask: Expression | None) -> Item:
        """What is set or changed in an array that has an entry for each turn."""
        if isinstance(item.value, Pack) or item.variable.dtype == "bool":
            raise Unfit("what is stored for each turn is no number")
        kind = item.kind if isinstance(item, Update) else None
        place, value = Load(item.variable, item.indices), self._of(item.variable, item.value, mask)
        axis = self.values.axis(place)
        is_own = axis is not None and item.variable.serial in self.facts.own
        is_safe = is_own and (mask is None or self.facts.is_inside(place))
        if is_safe and self.values.stride(item.variable, axis or 0) == Number(1, "int"):
            old = self.values.value(place, mask)
            new = value if kind is None else _changed(item, old, value)
            first = self.values.address(place)
            return Scatter(next(self.serials), item.variable, first, None, spread(chosen(mask, new, old)), None)
        if kind not in (None, *_COMBINED):
            raise Unfit("an extremum is stored for each turn")
        return Scatter(next(self.serials), item.variable, self._place(item), kind, spread(value), mask)

    def _shifted(self, item: Update, delay: int) -> Iterator[Item]:
        """What is added to entries of which others are added to as well, `delay` places behind (`shifts.py`)."""
        variable, loop = item.variable, self.facts.loop
        value = spread(self._of(variable, item.value, None))
        if delay:
            now, held = [replace(self._number(variable), said=(said,)) for said in ("now_{0}", "held_{0}")]
            yield Assign(next(self.serials), now, (), value, item.step)
            value = Apply(f"lanes behind {delay}", (Load(held, ()), Load(now, ())), "float")
            self.held.append(held)
            for back in range(delay, 0, -1):
                left = Apply(f"lanes last {back}", (Load(held, ()),), "float")
                self.last.append(Update(next(self.serials), variable, entry(item, loop, -back), "sum", left))
        place = Load(variable, entry(item, loop, -delay))
        new = Apply("add", (self.values.value(place, None), value), "float")
        yield Scatter(next(self.serials), variable, self.values.address(place), None, new, None)
        if delay:
            yield Assign(next(self.serials), held, (), Load(now, ()))

    def _number(self, of: Variable) -> Variable:
        return replace(self._new(of, "", True), sizes=(), bounds=(), counts=(), room=())

    def _stage(self) -> tuple[list[Item], dict[tuple[int, int], Variable]]:
        """Copies of the entries of this block's turns, of arrays that are read again and again."""
        written = {item.variable.serial for item in walk(self.facts.loop.body) if isinstance(item, Assign | Update)}
        found: dict[tuple[int, int], Variable] = {}
        items: list[Item] = []
        for load in _repeated(self.facts):
            variable, axis = load.variable, self.values.axis(load)
            if axis is None or variable.serial in written or (variable.serial, axis) in found:
                continue
            items += self._copied(variable, axis, found)
        return items, found

    def _copied(self, variable: Variable, axis: int, found: dict[tuple[int, int], Variable]) -> list[Item]:
        sizes = (*variable.sizes[:axis], *variable.sizes[axis + 1 :])
        copy = replace(self._new(variable, "{0}_lanes", True), sizes=sizes, bounds=sizes, counts=sizes, room=sizes)
        serials = [next(self.serials) for _ in sizes]
        indices = [LoopIndex(serial) for serial in serials]
        place = Load(variable, (*indices[:axis], LoopIndex(self.facts.loop.serial), *indices[axis:]))
        item: Item = Assign(next(self.serials), copy, tuple(indices), self.values.value(place, None))
        for serial, size in [*zip(serials, sizes, strict=True)][::-1]:
            item = For(serial, "", _ZERO, size, (item,))
        found[variable.serial, axis] = copy
        return [Allocate(next(self.serials), copy, 0), item]


def _repeated(facts: Facts) -> Iterator[Load]:
    """The elements that inner loops read again in each turn, of arrays whose lanes are far apart."""
    for item, loops in _inside(facts.loop.body, frozenset()):
        for load in loads(expressions(item)):
            if LoopIndex(facts.loop.serial) not in load.indices[:-1] or not facts.is_inside(load):
                continue
            axis = load.indices.index(LoopIndex(facts.loop.serial))
            sizes = (*load.variable.sizes[:axis], *load.variable.sizes[axis + 1 :])
            if is_known(sizes) and loops - {index.loop for index in load.indices if isinstance(index, LoopIndex)}:
                yield load


def _inside(items: Iterable[Item], loops: frozenset[int]) -> Iterator[tuple[Item, frozenset[int]]]:
    for item in items:
        yield item, loops
        if isinstance(item, For):
            yield from _inside(item.body, loops | {item.serial})
        elif isinstance(item, If):
            yield from _inside((*item.then, *item.otherwise), loops)


def _zero(variable: Variable) -> Expression:
    return Number(0.0, "float") if variable.dtype == "float" else _ZERO


def is_small(variable: Variable) -> bool:
    """Whether a sum has few elements, so that there is one for each lane."""
    numbers = [size.value for size in variable.sizes if isinstance(size, Number)]
    return len(numbers) == len(variable.sizes) and math.prod(numbers) <= MOST_PARTIAL


def _changed(item: Assign | Update, old: Expression, value: Expression) -> Expression:
    """What an update makes of the old value."""
    assert isinstance(item, Update)
    if item.kind in _COMBINED:
        return Apply(_COMBINED[item.kind], (old, value), old.dtype)
    return Apply(f"lanes {item.kind} extremum", (old, spread(value)), old.dtype)
