"""Loop nest -> C99 without allocation or globals: the statements of one function's body.

Arrays are flat, row by row. Small ones of known size lie on the stack, others are carved out of the caller's workspace.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set

from msgspec import Struct, field

from mgc.compiler.emit.c.expressions import element, kind, known, target
from mgc.compiler.emit.c.filled import set_whole
from mgc.compiler.emit.c.types import Real
from mgc.compiler.emit.spelling import ATOM, COMBINE, NEGATION, PRODUCT, SUM, Scope, combining
from mgc.compiler.emit.tokens import INDENT
from mgc.compiler.names import names
from mgc.compiler.schedule.lanes.values import is_address
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
    LoopNest,
    Number,
    Pack,
    Require,
    Scatter,
    Update,
    Variable,
    origin,
    walk,
)

STACK_ELEMENTS = 1024  # 8 KiB: an array larger than this, or of unknown size, comes from the caller's workspace


MOST_LANES = 8


class Unbounded(Exception):
    """A row's length depends on a loop in a way that has no simple upper bound."""


class Writer(Struct):
    """The lines of one function in the making. `callers` are the variables that lie where the caller said."""

    scope: Scope
    callers: frozenset[int]
    line: int  # of the model, where a statement has none
    unfilled: Set[int]  # the `Allocate` items of arrays that need no first value
    checks: bool = False  # indices
    declared: set[int] = field(default_factory=set)
    allocated: set[int] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    workspace: list[Variable] = field(default_factory=list)
    searches: tuple[str, ...] = ()  # the first lines, which find out what room there must be
    searched: frozenset[int | str] = frozenset()  # what these mention
    said: int | None = None
    label: str = ""  # where a block of lanes is left for

    @property
    def may_fail(self) -> bool:
        return self.checks or not self.scope.called.isdisjoint(self.scope.target.checked)

    def add(self, depth: int, text: str) -> None:
        self.lines.append(INDENT * depth + text)

    def kind(self, variable: Variable) -> str:
        return kind(variable, self.scope.target.types)

    def at(self, line: int | None) -> None:
        """Say which line of the model the code comes from that is written next."""
        self.scope.told = ("&status", str(line or self.line))


def body(
    real: Real,
    nest: LoopNest,
    named: names.NamedNest,
    callers: frozenset[int] = frozenset(),
    written: Mapping[int, str] | None = None,
    searches: int = 0,
    unfilled: Set[int] | None = None,
) -> Writer:
    """The statements of a function, without what it returns. Errors: Unbounded.

    `written`: variables that the nest's names do not spell. `searches`: how many items say what room there must be.
    `unfilled`: the `Allocate` items of arrays that need no first value; by default those that the nest shows to be so.
    """
    scope = Scope(target(real), {**named.variables, **(written or {})}, named.loops, named.sizes)
    unfilled = set_whole(nest.body) if unfilled is None else unfilled
    writer = Writer(scope, callers, nest.origin.span.line if nest.origin.span else 0, unfilled)
    for item in walk(nest.body):
        if isinstance(item, Declare):
            writer.declared.add(item.variable.serial)
    _block(writer, nest.body[:searches], 1)
    if searches and writer.may_fail:  # where there is no status yet
        raise Unbounded
    writer.searches, writer.searched = tuple(writer.lines), frozenset(scope.mentioned)
    writer.lines.clear()
    _block(writer, nest.body[searches:], 1)
    writer.at(None)
    return writer


def count(scope: Scope, sizes: Sequence[Expression]) -> str:
    """The number of elements; known sizes are multiplied here, where nothing overflows."""
    if len(sizes) == 1:
        return scope.write(sizes[0], SUM)
    constant = math.prod(known(tuple(sizes)))
    others = [scope.write(size, NEGATION) for size in sizes if not isinstance(size, Number)]
    return " * ".join([scope.number(constant), *others] if constant != 1 or not others else others)


def _bounds(variable: Variable) -> tuple[Expression, ...]:
    """Sizes that do not depend on a loop. Errors: Unbounded."""
    if variable.bounds is None:
        raise Unbounded
    return variable.bounds


def _on_stack(variable: Variable) -> bool:
    numbers = known(_bounds(variable))
    most = STACK_ELEMENTS // MOST_LANES if variable.lanes else STACK_ELEMENTS
    return len(numbers) == len(variable.sizes) and math.prod(numbers) <= most


def _block(writer: Writer, items: Sequence[Item], depth: int) -> None:
    for item in items:
        match item:
            case Allocate():
                _allocate(writer, item, depth)
            case Declare():
                _declare(writer, item.variable, depth, 0.0 if item.variable.dtype == "float" else 0)
            case For():
                _loop(writer, item, depth)
            case If():
                _branch(writer, item, depth)
            case Assign() | Update():
                _statement(writer, item, depth)
            case Lanes():
                _lanes(writer, item, depth)
            case Scatter():
                _scatter(writer, item, depth)
            case Require():
                _require(writer, item, depth)
            case Leave():
                writer.add(depth, f"if ({writer.scope.write(item.condition)}) goto {writer.label};")


def _require(writer: Writer, item: Require, depth: int) -> None:
    writer.checks = True
    writer.at(item.span.line)
    writer.add(depth, f"if ({writer.scope.write(item.failed)}) {{  /* line {item.span.line} */")
    writer.add(depth + 1, f"mgc_fail({', '.join([writer.scope.told[0], 'MGC_REQUIRE', writer.scope.told[1]])});")
    writer.add(depth + 1, "return status;")
    writer.add(depth, "}")


def _declare(writer: Writer, variable: Variable, depth: int, fill: float) -> None:
    """A number with its first value; one of the caller's has its place already."""
    made = "" if variable.serial in writer.callers else f"{writer.kind(variable)} "
    writer.add(depth, f"{made}{writer.scope.variables[variable.serial]} = {_filled(writer, variable, fill)};")


def _filled(writer: Writer, variable: Variable, fill: float) -> str:
    """A first value."""
    said = writer.scope.number(fill)
    if not variable.lanes:
        return said
    return f"mgc_each({said})" if variable.dtype == "float" else f"mgc_each_whole({said})"


def _allocate(writer: Writer, item: Allocate, depth: int) -> None:
    variable = item.variable
    if not variable.sizes:
        if variable.serial in writer.declared:
            writer.add(depth, f"{writer.scope.variables[variable.serial]} = {_filled(writer, variable, item.fill)};")
        else:
            _declare(writer, variable, depth, item.fill)
        writer.declared.add(variable.serial)
        return
    writer.allocated.add(variable.serial)
    _bounds(variable)
    name, total = writer.scope.variables[variable.serial], count(writer.scope, variable.counts)
    if variable.serial not in writer.callers:
        if _on_stack(variable):
            writer.add(depth, f"{writer.kind(variable)} {name}[{max(1, int(total))}];")
        else:
            writer.workspace.append(variable)
    if item.serial in writer.unfilled:
        return
    loop, fill = "at" if name != "at" else "at_", _filled(writer, variable, item.fill)
    writer.add(depth, f"for (int64_t {loop} = 0; {loop} < {total}; {loop}++) {name}[{loop}] = {fill};")


def _loop(writer: Writer, item: For, depth: int) -> None:
    name = writer.scope.loops[item.serial]
    writer.at(_first_line(item.body))
    start, stop = writer.scope.write(item.start, SUM), writer.scope.write(item.stop, SUM)
    step = f"{name}++" if item.step == 1 else f"{name} += {item.step}" if item.step > 0 else f"{name} -= {-item.step}"
    writer.add(depth, f"for (int64_t {name} = {start}; {name} {'<' if item.step > 0 else '>'} {stop}; {step}) {{")
    _block(writer, item.body, depth + 1)
    writer.add(depth, "}")


def _lanes(writer: Writer, item: Lanes, depth: int) -> None:
    """Blocks of a loop's turns, where the compiler has vectors and there are turns enough, then what is left."""
    name, stop = writer.scope.loops[item.rest.serial], writer.scope.write(item.rest.stop, SUM)
    writer.label = f"mgc_rest_{item.serial}"
    writer.add(depth, "{")
    writer.add(depth + 1, f"int64_t {name} = {writer.scope.write(item.rest.start, SUM)};")
    writer.lines.append("#if MGC_LANES")
    writer.add(depth + 1, f"if ({name} + MGC_LANES <= {stop}) {{")
    _block(writer, item.before, depth + 2)
    writer.add(depth + 2, f"for (; {name} + MGC_LANES <= {stop}; {name} += MGC_LANES) {{")
    _block(writer, item.block, depth + 3)
    writer.add(depth + 2, "}")
    if any(isinstance(inner, Leave) for inner in walk(item.block)):
        writer.lines.append(f"{writer.label}:;")
    _block(writer, item.after, depth + 2)
    writer.add(depth + 1, "}")
    writer.lines.append("#endif")
    writer.said = None
    writer.add(depth + 1, f"for (; {name} < {stop}; {name}++) {{")
    _block(writer, item.rest.body, depth + 2)
    writer.add(depth + 1, "}")
    writer.add(depth, "}")


def _scatter(writer: Writer, item: Scatter, depth: int) -> None:
    """Elements that lie one after the other, or each lane's by itself."""
    value, whole = writer.scope.write(item.value), "" if item.variable.dtype == "float" else "_whole"
    if is_address(item.at):
        writer.add(depth, f"mgc_store{whole}({writer.scope.write(item.at)}, {value});")
        return
    at, operator = writer.scope.write(item.at), COMBINE[item.kind] if item.kind else "="
    on, element = "", f"{writer.scope.reference(item.variable, ())}[mgc_at[q]]{'[q]' if item.variable.lanes else ''}"
    writer.add(depth, "{")
    writer.add(depth + 1, f"const mgc_wholes mgc_at = {at};")
    if item.mask is not None:
        on = "if (mgc_on[q]) "
        writer.add(depth + 1, f"const mgc_masks mgc_on = {writer.scope.write(item.mask)};")
    writer.add(depth + 1, f"const {'mgc_wholes' if whole else 'mgc_lanes'} mgc_value = {value};")
    writer.add(depth + 1, f"MGC_EACH_LANE {on}{element} {operator} mgc_value[q];")
    writer.add(depth, "}")


def _first_line(items: Sequence[Item]) -> int | None:
    """The line of the model that the first statement inside comes from."""
    return next((place.line for item in walk(items) if (place := origin(item).span)), None)


def _branch(writer: Writer, item: If, depth: int) -> None:
    writer.at(_first_line((*item.then, *item.otherwise)))
    if item.then:
        writer.add(depth, f"if ({writer.scope.write(item.condition)}) {{")
        _block(writer, item.then, depth + 1)
    else:
        writer.add(depth, f"if (!({writer.scope.write(item.condition)})) {{")
        _block(writer, item.otherwise, depth + 1)
    if item.then and item.otherwise:
        writer.add(depth, "} else {")
        _block(writer, item.otherwise, depth + 1)
    writer.add(depth, "}")


def _statement(writer: Writer, item: Assign | Update, depth: int) -> None:
    scope, variable, place = writer.scope, item.variable, origin(item).span
    writer.at(place.line if place else None)
    comment = _comment(writer, item)
    if isinstance(item, Assign) and isinstance(item.value, Pack):
        _pack(writer, item, item.value, depth, comment)
        return
    reference = scope.reference(variable, item.indices)
    if isinstance(item, Update):
        _update(writer, item, reference, depth, comment)
        return
    assert not isinstance(item.value, Pack)
    made = variable.sizes or variable.serial in writer.declared or variable.serial in writer.callers
    new = "" if made else f"const {writer.kind(variable)} "
    writer.add(depth, f"{new}{reference} = {scope.write(item.value)};{comment}")
    if isinstance(item.value, Apply) and item.value.op == "bound":
        writer.checks = True
        size = scope.write(item.value.args[1], SUM)
        writer.add(depth, f"if ({reference} < 0 || {reference} >= {size}) {{")
        writer.add(depth + 1, f"mgc_fail({', '.join([scope.told[0], 'MGC_INDEX', scope.told[1]])});")
        writer.add(depth + 1, "return status;")
        writer.add(depth, "}")


def _comment(writer: Writer, item: Assign | Update) -> str:
    """The line of the model that a statement comes from, said once for statements that follow each other."""
    place = origin(item).span
    is_total = isinstance(item.value, Load) and item.value.variable.role == "total"  # said where it is summed
    if place is None or place.line == writer.said or is_total:
        return ""
    writer.said = place.line
    return f"  /* line {place.line} */"


def _update(writer: Writer, item: Update, reference: str, depth: int, comment: str) -> None:
    if item.kind in COMBINE:
        operator, added = combining(item)
        writer.add(depth, f"{reference} {operator} {writer.scope.write(added)};{comment}")
    else:
        sign = ">" if item.kind == "max" else "<"
        value = writer.scope.write(item.value, SUM)
        unordered = f" || {value} != {value}" if item.value.dtype == "float" else ""  # nan stays
        writer.add(depth, f"if ({value} {sign} {reference}{unordered}) {reference} = {value};{comment}")


def _pack(writer: Writer, item: Assign, pack: Pack, depth: int, comment: str) -> None:
    """An array literal, element by element."""
    variable = item.variable
    name = writer.scope.variables[variable.serial]
    if variable.serial not in writer.callers and variable.serial not in writer.allocated:
        if len(pack.elements) <= (STACK_ELEMENTS // MOST_LANES if variable.lanes else STACK_ELEMENTS):
            writer.add(depth, f"{writer.kind(variable)} {name}[{max(1, len(pack.elements))}];{comment}")
        else:
            writer.workspace.append(variable)
    scope, outer = writer.scope, len(item.indices)
    places = [scope.write(index, PRODUCT) for index in item.indices]
    offset = (
        element("", places, [scope.write(size, ATOM) for size in _bounds(variable)[1:outer]])[1:-1] if outer else ""
    )
    for place, value in enumerate(pack.elements):
        at = f"({offset}) * {len(pack.elements)} + {place}" if offset else str(place)
        writer.add(depth, f"{name}[{at}] = {scope.write(value)};")
