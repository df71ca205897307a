"""Derivatives are floats, loop nest -> loop nest: where one is an integer, such as that of x*k by x, it says so.

>>> k, dx = Variable(0, "argument", "int", said=("k",)), Variable(1, "value", "float", said=("dx",))
>>> nest = LoopNest("f", (k,), (), (Assign(0, dx, (), Load(k, ())),), (Load(k, ()),), ((k, Load(dx, ())),))
>>> (set_dx,) = real_gradients(nest).body
>>> set_dx.value.op
'real'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.schedule.loopnest import (
    Allocate,
    Apply,
    Assign,
    Expression,
    For,
    If,
    Item,
    Lanes,
    Leave,
    Load,
    LoopNest,
    Number,
    Pack,
    Require,
    Scatter,
    Variable,
    expressions,
    loads,
    walk,
)


def real_gradients(nest: LoopNest) -> LoopNest:
    """The nest whose derivatives are floats in every branch; `real` of a whole array is that of its entries."""
    adjoints = [one.variable for _, one in nest.gradients if isinstance(one, Load) and not one.variable.is_input]
    read = _read(nest) if any(one.dtype != "float" for one in adjoints) else set[int]()
    # what is also read as an integer stays one, and is made real when it is returned
    changed = [replace(one, dtype="float") for one in adjoints if one.dtype == "float" or one.serial not in read]
    change = _Change({one.serial: one for one in changed}, _whole_powers(nest))
    gradients = [(given, None if one is None else change.returned(one)) for given, one in nest.gradients]
    return replace(nest, body=change.items(nest.body), gradients=tuple(gradients))


def _read(nest: LoopNest) -> set[int]:
    """The variables that something mentions."""
    read = {load.variable.serial for item in walk(nest.body) for load in loads(expressions(item))}
    return read | {load.variable.serial for load in loads(nest.outputs)}


def _whole_powers(nest: LoopNest) -> set[int]:
    """The variables that are integers in Python though no `int`: k**3 is computed as k * k * k."""
    found: set[int] = set()
    for item in walk(nest.body):
        if isinstance(item, Assign) and not isinstance(item.value, Pack) and _is_whole(item.value, found):
            found.add(item.variable.serial)
    return found


def _is_whole(value: Expression, powers: set[int]) -> bool:
    match value:
        case Load():
            return value.dtype == "int" or value.variable.serial in powers
        case Apply(op="add" | "sub" | "mul" | "neg" | "pow"):
            return all(_is_whole(argument, powers) for argument in value.args)
    return value.dtype == "int"


class _Change(Struct, frozen=True):
    """`changed`: the variables that hold derivatives, as they will be. `powers`: `_whole_powers`."""

    changed: Mapping[int, Variable]
    powers: set[int]

    def returned(self, adjoint: Expression) -> Expression:
        if isinstance(adjoint, Load) and adjoint.variable.serial in self.changed:
            return Load(self.changed[adjoint.variable.serial], adjoint.indices)
        return self.real(adjoint)

    def items(self, items: Iterable[Item]) -> tuple[Item, ...]:
        return tuple([self.item(item) for item in items])

    def item(self, item: Item) -> Item:
        match item:
            case For():
                return replace(item, body=self.items(item.body))
            case If():
                return replace(item, then=self.items(item.then), otherwise=self.items(item.otherwise))
            case Require():
                return item
            case Lanes() | Leave() | Scatter():
                raise AssertionError("lanes come after this")
        variable = self.changed.get(item.variable.serial)
        match item:
            case _ if variable is None:
                return item
            case Allocate():
                return replace(item, variable=variable, fill=float(item.fill))
            case Assign(value=Pack() as pack):
                elements = tuple([self.real(element) for element in pack.elements])
                return replace(item, variable=variable, value=replace(pack, elements=elements))
            case Assign(value=value) if not isinstance(value, Pack):
                return replace(item, variable=variable, value=self.real(value))
        return replace(item, variable=variable)  # what is added to a float makes a float

    def real(self, value: Expression) -> Expression:
        """The expression as a float; of a branch, each arm."""
        match value:
            case Apply(op="select", args=(condition, then, otherwise)):
                return Apply("select", (condition, self.real(then), self.real(otherwise)), "float")
            case Number(dtype="int"):
                return Number(float(value.value), "float")
        return Apply("real", (value,), "float") if _is_whole(value, self.powers) else value
