"""What is told beside code, items -> what a statement does, and a lesson's comments: line above, rule beside."""

from __future__ import annotations

from collections.abc import Sequence

from mgc.compiler.emit.spelling import Scope
from mgc.compiler.module import Statement
from mgc.compiler.schedule.loopnest import (
    Allocate,
    Apply,
    Assign,
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
from mgc.grammar.tree import Span


def heading(items: Sequence[Item]) -> Span | None:
    """The line of the model that the next items are told of; None where the first says so itself."""
    first = next((item for item in walk(items) if isinstance(item, Assign | Update)), None)
    if first is None or (first is items[0] and origin(first).section == "forward"):
        return None
    return origin(first).span


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
