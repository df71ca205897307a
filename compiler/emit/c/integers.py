"""Integers that fit, loop nest -> loop nest: where 64 bits may not hold a sum or product, it is checked or a double.

Python's integers grow. Here what only becomes part of a number is computed in doubles, and what indexes, counts turns
or is compared is checked as it is computed. Most is neither, for its bits are few enough whatever the sizes are.

>>> from mgc.compiler.schedule.loopnest import Size
>>> k = Load(Variable(0, "argument", "int", said=("k",)), ())
>>> wide = _Widths()
>>> wide.bits(Apply("mul", (Size("n"), Size("m")), "int")), wide.bits(Apply("mul", (k, k), "int"))
(62, 106)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

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
    LoopNest,
    Number,
    Pack,
    Require,
    Scatter,
    Size,
    Update,
    Variable,
    loads,
    parts,
    walk,
)

INT64 = 63  # bits beside the sign
ARGUMENT = 53  # an `int` of the model is exact in a double
AXIS = 31  # an axis has fewer than 2**31 entries
_GROWING = {"add": "checked add", "sub": "checked sub", "mul": "checked mul"}
_DIVIDING = {"floordiv": "checked floordiv", "mod": "checked mod"}


def fitting(nest: LoopNest, bounded: Mapping[int, Variable] | None = None) -> LoopNest:
    """The nest with no integer that overflows, or is divided by zero, in silence; and with the variables `bounded`."""
    widths = _Widths()
    widths.measure(nest.body, ())
    known = bounded or {}
    doubles = [replace(known.get(one.serial, one), dtype="float") for one in _doubles(nest, widths)]
    change = _Change(widths, {**known, **{one.serial: one for one in doubles}})
    gradients = [(given, None if one is None else change.real(one)) for given, one in nest.gradients]
    return replace(
        nest,
        body=tuple(change.items(nest.body)),
        outputs=tuple([change.real(one) for one in nest.outputs]),
        gradients=tuple(gradients),
    )


class _Widths(Struct, frozen=True):
    """How many bits beside the sign integers may need: of variables and loops by serial number."""

    known: dict[int, int] = field(default_factory=dict)
    loops: dict[int, int] = field(default_factory=dict)

    def bits(self, whole: Expression) -> int:
        match whole:
            case Number():
                return int(whole.value).bit_length()
            case Load() if whole.variable.is_input:
                return ARGUMENT
            case Load():
                return self.known.get(whole.variable.serial, AXIS)
            case LoopIndex():
                return self.loops[whole.loop]
            case Apply() if whole.op not in ("bound", "argmax"):
                return self._applied(whole)
        return AXIS

    def _applied(self, apply: Apply) -> int:
        widths = [self.bits(argument) if argument.dtype == "int" else 1 for argument in apply.args]
        match apply.op:
            case "add" | "sub":
                return max(widths) + 1
            case "mul":
                return sum(widths)
            case "mod":
                return widths[1]
            case "floordiv" | "exactdiv":
                divisor = apply.args[1]
                return widths[0] - (widths[1] - 1 if _is_number(divisor) else 0)
        return max(widths)

    def measure(self, items: Iterable[Item], turns: tuple[int, ...]) -> None:
        """Note the widths of variables and loops; `turns` are the bits of the loops around."""
        begun: dict[int, int] = {}
        stack: list[tuple[Item, tuple[int, ...]]] = [(item, turns) for item in items][::-1]
        while stack:
            item, around = stack.pop()
            match item:
                case Allocate() if item.variable.dtype == "int":
                    begun[item.variable.serial] = len(around)
                    self._note(item.variable, int(item.fill).bit_length())
                case Assign() if item.variable.dtype == "int":
                    values = item.value.elements if isinstance(item.value, Pack) else (item.value,)
                    self._note(item.variable, max([self.bits(value) for value in values], default=0))
                case Update() if item.variable.dtype == "int":
                    repeated = sum(around[begun.get(item.variable.serial, 0) :])
                    self._note(item.variable, _gathered(item.kind, self.bits(item.value), repeated))
                case For():
                    width = max(self.bits(item.start), self.bits(item.stop))
                    self.loops[item.serial] = width
                    stack += [(inner, (*around, width)) for inner in item.body[::-1]]
                case If():
                    stack += [(inner, around) for inner in (*item.then, *item.otherwise)[::-1]]

    def _note(self, variable: Variable, width: int) -> None:
        self.known[variable.serial] = max(width, self.known.get(variable.serial, 0))


def _gathered(kind: str, value: int, turns: int) -> int:
    """The bits of what so many turns add up to."""
    if kind == "prod":
        return INT64 + 1 if value > 1 else 1
    return value + turns if kind == "sum" else value


def _doubles(nest: LoopNest, widths: _Widths) -> list[Variable]:
    """The variables that become doubles: arrays of results, and wide ones, that nothing reads as integers."""
    results = {one.variable.serial for one in nest.roots() if isinstance(one, Load)}
    whole = {load.variable.serial for one in _inside(nest.roots()) for load in loads([one])}
    made: dict[int, Variable] = {}
    for item in [*walk(nest.body)][::-1]:  # readers before what they read
        if isinstance(item, Assign | Update | Allocate) and item.variable.dtype == "int":
            made[item.variable.serial] = item.variable
        whole |= {load.variable.serial for one in _integers(item, whole, widths) for load in loads([one])}
    return [
        variable
        for serial, variable in made.items()
        if serial not in whole and (widths.known[serial] > INT64 or (variable.sizes and serial in results))
    ]


def _integers(item: Item, whole: set[int], widths: _Widths) -> Iterator[Expression]:
    """What an item uses as an integer, and not as a number among others."""
    match item:
        case For():
            yield from (item.start, item.stop)
        case Allocate():
            yield from item.variable.sizes
        case If() | Require():
            yield from _inside([item.condition])
        case Assign() | Update():
            yield from item.indices
            values = item.value.elements if isinstance(item.value, Pack) else (item.value,)
            if item.variable.dtype == "int" and (
                item.variable.serial in whole or widths.known[item.variable.serial] <= INT64
            ):
                yield from values
            else:
                yield from _inside(values)


def _inside(values: Iterable[Expression]) -> Iterator[Expression]:
    """The integers in numbers: indices, what is compared, divided with a rest, or checked."""
    for part in parts(values):
        if isinstance(part, Load):
            yield from part.indices
        elif isinstance(part, Apply) and (part.dtype == "bool" or part.op in ("floordiv", "mod", "exactdiv", "bound")):
            yield from [argument for argument in part.args if argument.dtype == "int"]


class _Change(Struct, frozen=True):
    widths: _Widths
    changed: Mapping[int, Variable]
    done: dict[tuple[bool, int], Expression] = field(default_factory=dict)

    def items(self, items: Iterable[Item]) -> Iterator[Item]:
        for item in items:
            yield self._item(item)

    def _item(self, item: Item) -> Item:
        match item:
            case For():
                start, stop = self.whole(item.start), self.whole(item.stop)
                return replace(item, start=start, stop=stop, body=tuple(self.items(item.body)))
            case If():
                then, otherwise = tuple(self.items(item.then)), tuple(self.items(item.otherwise))
                return replace(item, condition=self.real(item.condition), then=then, otherwise=otherwise)
            case Require():
                return replace(item, condition=self.real(item.condition))
            case Declare():
                return replace(item, variable=self._variable(item.variable))
            case Allocate():
                variable = self._variable(item.variable)
                return replace(
                    item, variable=variable, fill=float(item.fill) if variable.dtype == "float" else item.fill
                )
            case Assign() | Update():
                return self._statement(item)
            case Lanes() | Leave() | Scatter():
                raise AssertionError("lanes come after this")

    def _statement(self, item: Assign | Update) -> Item:
        variable = self._variable(item.variable)
        at = tuple([self.whole(index) for index in item.indices])
        change = self.whole if variable.dtype == "int" else self.real
        if isinstance(item.value, Pack):
            elements = tuple([change(element) for element in item.value.elements])
            return Assign(item.serial, variable, at, replace(item.value, elements=elements))
        value = change(item.value)
        if isinstance(item, Assign):
            return Assign(item.serial, variable, at, value)
        operation = {"sum": "checked add", "prod": "checked mul"}.get(item.kind)
        if operation and variable.dtype == "int" and self.widths.known[variable.serial] > INT64:
            return Assign(item.serial, variable, at, Apply(operation, (Load(variable, at), value), "int"))
        return Update(item.serial, variable, at, item.kind, value)

    def _variable(self, variable: Variable) -> Variable:
        return self.changed.get(variable.serial, variable)

    def real(self, expression: Expression) -> Expression:
        """An expression as a part of a number: its integers may become doubles."""
        match expression:
            case Load():
                return self._load(expression)
            case Apply() if expression.dtype == "int" and self.widths.bits(expression) <= INT64:
                return self.whole(expression)
            case Apply() if expression.dtype == "bool" or expression.op in (*_DIVIDING, "exactdiv", "bound"):
                args = [self.whole(one) if one.dtype == "int" else self.real(one) for one in expression.args]
                return self._checked(expression, tuple(args))
            case Apply():
                kind = "float" if expression.dtype == "int" else expression.dtype
                return Apply(expression.op, tuple([self.real(one) for one in expression.args]), kind)
        return expression

    def whole(self, expression: Expression) -> Expression:
        """An expression as an integer: what may overflow is checked."""
        match expression:
            case Load():
                return self._load(expression)
            case Apply():
                args = [self.whole(one) if one.dtype == "int" else self.real(one) for one in expression.args]
                return self._checked(expression, tuple(args))
        return expression

    def _checked(self, apply: Apply, args: tuple[Expression, ...]) -> Apply:
        op = apply.op
        if apply.dtype == "int" and op in _GROWING and self.widths.bits(apply) > INT64:
            op = _GROWING[op]
        if op == "exactdiv" and not all(isinstance(part, Size | Number | Apply) for part in parts([apply])):
            op = "floordiv"  # it rounds down, as Python's does
        if apply.dtype == "int" and op in _DIVIDING and not _is_number(args[1]):
            op = _DIVIDING[op]
        return Apply(op, args, apply.dtype)

    def _load(self, load: Load) -> Load:
        return Load(self._variable(load.variable), tuple([self.whole(index) for index in load.indices]))


def _is_number(divisor: Expression) -> bool:
    return isinstance(divisor, Number) and divisor.value != 0
