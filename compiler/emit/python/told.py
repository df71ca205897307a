"""What is told beside code, items -> what a statement does, and a lesson's comments: line above, rule beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mgc.compiler.emit.spelling import Scope
from mgc.compiler.graph.nodes import Origin
from mgc.compiler.language.library import names
from mgc.compiler.module import Statement
from mgc.compiler.schedule.loopnest import (
    Allocate,
    Apply,
    Assign,
    Declare,
    Expression,
    Item,
    Number,
    Pack,
    Size,
    Update,
    origin,
    reads,
    walk,
)


def heading(items: Sequence[Item]) -> Origin | None:
    """Where the next items come from; None where they are one statement, which says its line itself."""
    first = _first(items)
    if first is None:
        return None
    here = origin(first)
    following = _first([item for item in items if not isinstance(item, Declare)][1:])
    goes_on = following is not None and _line(origin(following)) == _line(here)
    return None if first is items[0] and here.section == "forward" and not goes_on else here


def within(place: Origin) -> str:
    """The call that a line of the model is read in, by its last name: `linear2`; nothing for the function's own."""
    line = place.span.line if place.span is not None else None
    inner = next((call.name for call in reversed(place.calls) if call.span.line != line), "")
    return inner.rpartition(".")[2]


def library(items: Sequence[Item], line: int) -> Iterator[str]:
    """The functions of the library that a line of the model calls, in order."""
    for item in walk(items):
        place = origin(item)
        if place.span is not None and place.span.line == line:
            called = next((call.name for call in place.calls if call.span.line == line), "")
            if called.rpartition(".")[2] in names("prelude.mg"):
                yield called.rpartition(".")[2]


def _first(items: Sequence[Item]) -> Assign | Update | None:
    """The first statement of items."""
    return next((item for item in walk(items) if isinstance(item, Assign | Update)), None)


def _line(place: Origin) -> tuple[str, int] | None:
    """A line of the model in one of the passes."""
    return None if place.span is None else (place.section, place.span.line)


def remark(item: Item, scope: Scope) -> str | None:
    """The rule that a step applies, or why an adjoint is added up."""
    if isinstance(item, Assign | Update) and item.step is not None:
        over = ", ".join(map(scope.write, item.over)) if isinstance(item, Update) else ""
        return f"# {item.step.rule}; summed over {over}" if over else f"# {item.step.rule}"
    if isinstance(item, Allocate) and item.readers > 1 and item.variable.derivative_of:
        value = scope.variables.get(item.variable.derivative_of[0])
        times = "twice" if item.readers == 2 else f"{item.readers} times"
        return f"# {value} is read {times}: contributions add"
    return None


def statement(item: Allocate | Assign | Update, scope: Scope) -> Statement:
    """What an item does, in the names of the text."""
    variable = item.variable
    name = scope.variables[variable.serial]
    by = [scope.variables[serial] for serial in variable.derivative_of or () if serial in scope.variables]
    read = tuple(scope.variables[one.serial] for one in reads(item))
    starts = isinstance(item, Allocate)
    place = variable.origin if starts else origin(item)
    rule = (remark(item, scope) or "").removeprefix("# ")
    section = variable.origin.section
    operation = "" if isinstance(item, Allocate) else _operation(item.value)
    return Statement(name, read, section, by[0] if by else None, rule, place, starts, tuple(by[1:]), operation)


def _operation(value: Expression | Pack) -> str:
    """`mul`, `pow 3`, `10 div`: the operation of one alone, of variables and a number or a size."""
    if not isinstance(value, Apply) or any(isinstance(argument, Apply) for argument in value.args):
        return ""
    known = [argument for argument in value.args if isinstance(argument, Number | Size)]
    numbers = [argument.name if isinstance(argument, Size) else f"{argument.value:g}" for argument in known]
    if len(numbers) > 1:
        return ""
    return " ".join([*numbers, value.op] if value.args[0] in known else [value.op, *numbers])
