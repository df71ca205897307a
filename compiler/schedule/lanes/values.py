"""Expressions of one turn -> those of a block of lanes, in operations that are called `lanes ...`.

What is the same in all lanes stays a number, and is spread where a value for each lane must stand. Both arms of a
branch are computed, and the mask chooses; an element that may lie outside its array is read only in the lanes that do.

================ ========================== ================================================================
operation        arguments                  value in each lane
================ ========================== ================================================================
lanes each       number                     the number
lanes index      loop index                 the index in this lane's turn
lanes load       address of an element      it, and those behind it
lanes strided    address, stride            it, and those so many places behind
lanes gather     array, place, mask         the element at a place counted row by row; 0 where the mask is false
lanes pick       array of lanes, place, mask  this lane's value of the element at the place; 0 in the same way
lanes select     mask, value, value         the first where the mask is true, else the second
lanes real       integer                    it as a float
lanes mask       comparison of integers     it as a mask, which is as wide as floats are
lanes extremum   value, value               what an `Update` makes of both (`max` or `min` stands before)
lanes behind 1   value, value               the second moved up a lane, in front of it the first's last one (so for 2)
lanes last 1     value                      (a number) the last lane's (2: that of the one before it)
lanes any        mask                       (a number) whether it is true in any lane
lanes total      value                      (a number) the sum over the lanes
================ ========================== ================================================================
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from mgc.compiler.graph.nodes import COMPARISONS, EXTREMA, Dtype
from mgc.compiler.schedule.lanes.facts import Facts, Unfit
from mgc.compiler.schedule.loopnest import (
    Apply,
    Expression,
    Load,
    LoopIndex,
    Number,
    Size,
    Variable,
    loads,
)
from mgc.compiler.schedule.placement import SMALL_POWER

PREFIX = "lanes "
NUMBERS = frozenset({"lanes any", "lanes total", "lanes last 1", "lanes last 2"})  # what makes one number of all lanes
UNCHECKED = "an integer may overflow, or be divided by zero"
_ARITHMETIC = frozenset({"add", "sub", "mul", "div", "neg"})
_OF_WHOLES = frozenset({"add", "sub", "mul", "neg"})
_CALLED_WITH_WHOLES = frozenset({"abs", "floordiv", "mod", *EXTREMA})
_NO_FUNCTION = frozenset({"bound", "exactdiv", "real"})


def has_lanes(expression: Expression) -> bool:
    """Whether a rewritten expression has a value for each lane."""
    match expression:
        case Load():
            return expression.variable.lanes
        case Apply():
            if expression.op.startswith(PREFIX):
                return expression.op not in NUMBERS
            return any(map(has_lanes, expression.args))
    return False


def spread(expression: Expression) -> Expression:
    """A rewritten expression with a value for each lane."""
    return expression if has_lanes(expression) else Apply("lanes each", (expression,), expression.dtype)


def within(mask: Expression | None, condition: Expression) -> Expression:
    """Where a condition is true in the lanes of a mask; None is everywhere."""
    return condition if mask is None else Apply("lanes and", (mask, condition), "bool")


def chosen(mask: Expression | None, value: Expression, other: Expression) -> Expression:
    """The value where the mask is true, else the other."""
    return value if mask is None else Apply("lanes select", (mask, spread(value), spread(other)), value.dtype)


def opposite(mask: Expression) -> Expression:
    return Apply("lanes not", (mask,), "bool")


class Values(Struct):
    """How expressions are rewritten. `made`: the block's variable for each of the turns' own, by serial number.

    `staged`: arrays whose entries for this block of turns were copied, by serial number and axis.
    """

    facts: Facts
    made: dict[int, Variable] = field(default_factory=dict)
    staged: Mapping[tuple[int, int], Variable] = field(default_factory=dict)

    def value(self, whole: Expression, mask: Expression | None, lazy: bool = False) -> Expression:
        """An expression in the lanes where the mask is true (None: all). `lazy`: it may be needed in no lane."""
        if not self.facts.differs(whole):
            if lazy and not all(map(self.facts.is_inside, loads([whole]))):
                raise Unfit("an element that may lie outside its array is read in an arm of a choice")
            return self._same(whole)
        match whole:
            case LoopIndex():
                return Apply("lanes index", (whole,), "int")
            case Load():
                return self._load(whole, mask, lazy)
            case Apply():
                return self._apply(whole, mask, lazy)
        raise Unfit("the sizes of an array depend on the turn")

    def real(self, whole: Expression, mask: Expression | None, lazy: bool = False) -> Expression:
        """The same as a float."""
        found = self.value(whole, mask, lazy)
        if found.dtype == "float":
            return found
        if found.dtype == "bool":
            raise Unfit("a truth value is a number")
        if isinstance(found, Number):
            return Number(float(found.value), "float")
        return Apply("lanes real" if has_lanes(found) else "real", (found,), "float")

    def _same(self, whole: Expression) -> Expression:
        """What is the same in all lanes, in terms of the block's variables."""
        match whole:
            case Load(variable=variable):
                indices = tuple([self._same(index) for index in whole.indices])
                return Load(self.made.get(variable.serial, variable), indices)
            case Apply():
                if whole.op.startswith("checked "):
                    raise Unfit(UNCHECKED)
                return replace(whole, args=tuple([self._same(one) for one in whole.args]))
        return whole

    def _load(self, load: Load, mask: Expression | None, lazy: bool) -> Expression:
        variable = load.variable
        if variable.dtype == "bool" and variable.serial not in self.made:
            raise Unfit("truth values are stored for all turns")
        if (axis := self.axis(load)) is not None and (variable.serial, axis) in self.staged:
            others = [self.value(at, mask) for place, at in enumerate(load.indices) if place != axis]
            return Load(self.staged[variable.serial, axis], tuple(others))
        is_safe = mask is None or self.facts.is_inside(load)
        on = spread(Number(True, "bool")) if mask is None else mask
        if variable.serial in self.facts.varying:
            if any(map(self.facts.differs, load.indices)):
                array = Load(self.made[variable.serial], ())
                return Apply("lanes pick", (array, self.place(load, mask), on), load.dtype)
            if lazy and not self.facts.is_inside(load):
                raise Unfit("an element that may lie outside its array is read in an arm of a choice")
            return Load(self.made[variable.serial], tuple([self._same(index) for index in load.indices]))
        if axis is None or not is_safe:
            return Apply("lanes gather", (Load(variable, ()), self.place(load, mask), on), load.dtype)
        stride = self.stride(variable, axis)
        if stride == Number(1, "int"):
            return Apply("lanes load", (self.address(load),), load.dtype)
        return Apply("lanes strided", (self.address(load), stride), load.dtype)

    def address(self, load: Load) -> Expression:
        """Where the first lane's entry lies."""
        return Apply(
            "address", (Load(load.variable, tuple([self._first(index) for index in load.indices])),), load.dtype
        )

    def axis(self, load: Load) -> int | None:
        """The axis along which the lanes' entries lie, one after the other."""
        varying = [place for place, index in enumerate(load.indices) if self.facts.differs(index)]
        if len(varying) != 1 or load.variable.serial in self.facts.varying:
            return None
        mine, index = LoopIndex(self.facts.loop.serial), load.indices[varying[0]]
        shifted = isinstance(index, Apply) and index.op in ("add", "sub") and index.args[0] == mine
        moves = shifted and isinstance(index, Apply) and not self.facts.differs(index.args[1])
        return varying[0] if index == mine or moves else None

    def stride(self, variable: Variable, axis: int) -> Expression:
        """How many places entries along an axis are apart."""
        if variable.bounds is None:
            raise Unfit("the rows of an array differ in length")
        inner = variable.bounds[axis + 1 :]
        one: Expression = Number(1, "int")
        return functools.reduce(_times, inner, one)

    def _first(self, index: Expression) -> Expression:
        """An index in the first lane, which is how the loop's index reads."""
        match index:
            case Apply() if self.facts.differs(index):
                return replace(index, args=tuple([self._first(one) for one in index.args]))
            case LoopIndex():
                return index
        return self._same(index)

    def place(self, load: Load, mask: Expression | None) -> Expression:
        """Where an element stands, counted row by row."""
        if load.variable.bounds is None:
            raise Unfit("the rows of an array differ in length")
        place, *others = [self.value(index, mask) for index in load.indices]
        for index, size in zip(others, load.variable.bounds[1:], strict=True):
            place = Apply("add", (Apply("mul", (place, size), "int"), index), "int")
        return spread(place)

    def _apply(self, apply: Apply, mask: Expression | None, lazy: bool) -> Expression:
        op = apply.op
        if op in ("select", "and", "or"):
            return self._choice(apply, mask, lazy)
        if op == "checked":  # by statements of their own
            return self.value(apply.args[0], mask, lazy)
        if op == "not":
            return opposite(self.value(apply.args[0], mask, lazy))
        if op in _ARITHMETIC or op in COMPARISONS:
            return self._arithmetic(apply, mask, lazy)
        if op == "relu":
            return Apply("lanes relu", (self.real(apply.args[0], mask, lazy),), "float")
        return self._call(apply, mask, lazy)

    def _choice(self, apply: Apply, mask: Expression | None, lazy: bool) -> Expression:
        condition, *arms = apply.args
        if not self.facts.differs(condition) and apply.op == "select":
            values = [spread(self._arm(arm, apply.dtype, mask, lazy)) for arm in arms]
            return Apply("select", (self.value(condition, mask, lazy), *values), apply.dtype)
        on = spread(self.value(condition, mask, lazy))
        if apply.op == "select":
            where = (on, opposite(on))
            then, otherwise = [
                self._arm(arm, apply.dtype, within(mask, here), True) for arm, here in zip(arms, where, strict=True)
            ]
            return chosen(on, then, otherwise)
        here = within(mask, on if apply.op == "and" else opposite(on))
        return Apply(f"{PREFIX}{apply.op}", (on, spread(self.value(arms[0], here, True))), "bool")

    def _arm(self, arm: Expression, dtype: Dtype, mask: Expression | None, lazy: bool) -> Expression:
        return self.real(arm, mask, lazy) if dtype == "float" else self.value(arm, mask, lazy)

    def _arithmetic(self, apply: Apply, mask: Expression | None, lazy: bool) -> Expression:
        if apply.op in ("eq", "ne") and all(argument.dtype == "bool" for argument in apply.args):
            return Apply(apply.op, tuple([spread(self.value(one, mask, lazy)) for one in apply.args]), "bool")
        whole = all(argument.dtype == "int" for argument in apply.args)
        if whole and (apply.op in COMPARISONS or (apply.dtype == "int" and apply.op in _OF_WHOLES)):
            found = Apply(apply.op, tuple([self.value(one, mask, lazy) for one in apply.args]), apply.dtype)
            return Apply("lanes mask", (found,), "bool") if found.dtype == "bool" and has_lanes(found) else found
        if apply.dtype == "int":
            raise Unfit("integers of each turn are divided")
        return Apply(apply.op, tuple([self.real(one, mask, lazy) for one in apply.args]), apply.dtype)

    def _call(self, apply: Apply, mask: Expression | None, lazy: bool) -> Expression:
        """A function, or an operation that is one here."""
        op, whole = apply.op, apply.dtype == "int"
        if op in _NO_FUNCTION or op.startswith("checked ") or apply.dtype == "bool":
            raise Unfit(UNCHECKED)
        if whole and (op not in _CALLED_WITH_WHOLES or any(one.dtype != "int" for one in apply.args)):
            raise Unfit("integers of each turn are computed by a function")
        if whole and op in ("floordiv", "mod") and not isinstance(apply.args[1], Number):
            raise Unfit(UNCHECKED)
        exponent = apply.args[-1]
        if op == "pow" and isinstance(exponent, Number) and isinstance(exponent.value, int):
            base = self.real(apply.args[0], mask, lazy)
            if isinstance(apply.args[0], Load) and 1 < exponent.value <= SMALL_POWER:
                return Apply("pow", (base, exponent), "float")
        change: Callable[[Expression, Expression | None, bool], Expression] = self.value if whole else self.real
        args = [spread(change(one, mask, lazy)) for one in apply.args]
        if op in EXTREMA:
            return functools.reduce(lambda one, other: Apply(PREFIX + op, (one, other), apply.dtype), args)
        return Apply(PREFIX + op, tuple(args), apply.dtype)


def _times(product: Expression, factor: Expression) -> Expression:
    if isinstance(product, Number) and isinstance(factor, Number):
        return Number(int(product.value) * int(factor.value), "int")
    return factor if product == Number(1, "int") else Apply("mul", (product, factor), "int")


def is_address(place: Expression) -> bool:
    """Whether a place is that of the first lane, behind which those of the others lie."""
    return isinstance(place, Apply) and place.op == "address"


def is_known(sizes: Sequence[Expression]) -> bool:
    """Whether sizes are numbers, or named."""
    return all(isinstance(size, Number | Size) for size in sizes)
