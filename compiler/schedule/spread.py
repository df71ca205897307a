"""Numbers of a turn -> entries of arrays that have one for each turn, in items that are taken apart from each other.

total += x[k] * W[k, j]      ->      totals[j] += x[k] * W[k, j]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from mgc.compiler.schedule.loopnest import (
    Allocate,
    Apply,
    Assign,
    Declare,
    Expression,
    For,
    If,
    Item,
    Lanes,
    Leave,
    Load,
    LoopIndex,
    Number,
    Pack,
    Scatter,
    Update,
    Variable,
)


def row(of: Variable, serial: int, sizes: tuple[Expression, ...], said: str) -> Variable:
    """An array like a number; `said` is its name, in terms of the number's."""
    made = replace(of, serial=serial, role="value", of=of.serial, said=(said,))
    return replace(made, sizes=sizes, bounds=sizes, counts=sizes, room=sizes)


class Spread(Struct, frozen=True):
    """Numbers become entries of `rows`, by their serial numbers, at `index`; indices of loops what `moved` says."""

    rows: Mapping[int, Variable]
    index: Expression
    moved: Mapping[int, Expression] = field(default_factory=dict)

    def items(self, items: Iterable[Item]) -> tuple[Item, ...]:
        return tuple([self._item(item) for item in items])

    def _item(self, item: Item) -> Item:
        match item:
            case For():
                start, stop = self._value(item.start), self._value(item.stop)
                return replace(item, start=start, stop=stop, body=self.items(item.body))
            case If():
                then, otherwise = self.items(item.then), self.items(item.otherwise)
                return replace(item, condition=self._value(item.condition), then=then, otherwise=otherwise)
            case Assign() | Update():
                return self._statement(item)
            case Leave():
                return replace(item, condition=self._value(item.condition))
            case Scatter():
                mask = None if item.mask is None else self._value(item.mask)
                return replace(item, at=self._value(item.at), value=self._value(item.value), mask=mask)
            case Allocate() | Declare() if item.variable.serial in self.rows:
                number, fill = self.rows[item.variable.serial], item.fill if isinstance(item, Allocate) else 0
                value = Number(float(fill) if number.dtype == "float" else fill, number.dtype)
                return Assign(item.serial, number, (self.index,), value)
        assert not isinstance(item, Lanes)  # which stand in no loop
        return item

    def _statement(self, item: Assign | Update) -> Item:
        place = self._value(Load(item.variable, item.indices))
        assert isinstance(place, Load)
        if isinstance(item, Assign) and isinstance(item.value, Pack):
            elements = tuple([self._value(one) for one in item.value.elements])
            value: Expression | Pack = replace(item.value, elements=elements)
        else:
            value = self._value(item.value)  # type: ignore[arg-type]
        return replace(item, variable=place.variable, indices=place.indices, value=value)

    def _value(self, value: Expression) -> Expression:
        match value:
            case LoopIndex():
                return self.moved.get(value.loop, value)
            case Load(variable=variable) if variable.serial in self.rows:
                return Load(self.rows[variable.serial], (self.index,))
            case Load():
                return Load(value.variable, tuple([self._value(one) for one in value.indices]))
            case Apply():
                return replace(value, args=tuple([self._value(one) for one in value.args]))
        return value
