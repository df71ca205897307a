"""A function at a point -> its emitted derivative with the numbers of that run in the margin of each line.

>>> import mgc
>>> f = mgc.loads("def f(x, w):\\n    n = x*w\\n    return tanh(n)\\n", "f.mg", style="lesson").f
>>> print(in_margin(f, f.checked(2.0, 0.5), {}))
       value   derivative |
                          | def f_value_and_grad(x, w):
                          |     # forward
           1     0.419974 |     n = x * w  # line 2
    0.761594            1 |     out = tanh(n)  # line 3
                          |     # backward
                          |     # line 3: return tanh(n)
                        1 |     dout = 1.0  # the derivative of the result by itself
                 0.419974 |     dn = dout * (1.0 - out * out)  # d tanh(u)/du = 1 - tanh(u)**2
                          |     # line 2: n = x*w
                 0.209987 |     dx = dn * w  # d(u*v)/du = v
                 0.839949 |     dw = dn * x  # d(u*v)/dv = u
                          |     return out, (dx, dw)
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from mgc.grammar.diagnostics import DataError, did_you_mean
from mgc.runtime.conversion import Nested
from mgc.runtime.see.events import Event, events_of
from mgc.runtime.see.steps import Step

if TYPE_CHECKING:
    from mgc.runtime.see.subject import Function

Turns = Mapping[str, Collection[int]]  # of which turns of a loop, by its index, the numbers are shown
_WIDTH = 12


class Row(Struct, frozen=True):
    """The numbers of one execution of a statement: the value that it set, the derivative by it, and the turn."""

    value: str
    derivative: str
    turn: str


def in_margin(function: Function, bound: Sequence[object], turns: Turns) -> str:
    """The emitted derivative, a line of the model's or of it beside its value and the derivative by it.

    Of a loop that `turns` does not name, the first turn is shown in which the statement was executed.
    Errors: ModelError for arithmetic that fails, DataError for an index that no loop has.
    """
    info = function.info
    events = events_of(function, bound)
    known = {name for event in events for name in event.step.loops}
    for name in turns:
        if name not in known:
            hint = did_you_mean(name, known) or f"it has: {', '.join(sorted(known)) or 'no loops'}"
            raise DataError(f"{info.name}: no loop has the index '{name}'; {hint}")
    rows = _rows(events, turns)
    lines = [(number, row) for number in _shown(function) for row in rows.get(number) or [Row("", "", "")]]
    width = max(len(row.turn) for _, row in lines)
    width += 2 if width else 0
    text = ["", *function.model.source.splitlines()]
    shown = [_margin(Row("value", "derivative", ""), "", width)]
    for place, (number, row) in enumerate(lines):
        again = place > 0 and lines[place - 1][0] == number
        shown.append(_margin(row, "" if again else text[number], width))
    return "\n".join(shown)


def _shown(function: Function) -> list[int]:
    """The lines of the emitted derivative without what it is told and reads first."""
    first, last = function.model.code.lines[function.info.gradient_name or function.info.emitted_name]
    text = ["", *function.model.source.splitlines()]
    start = next((number for number in range(first, last + 1) if text[number].strip() == "# forward"), first + 1)
    return [first, *range(start, last + 1)]


def _margin(row: Row, text: str, width: int) -> str:
    return f"{row.turn:<{width}}{row.value:>{_WIDTH}} {row.derivative:>{_WIDTH}} | {text}".rstrip()


def _rows(events: Sequence[Event], turns: Turns) -> dict[int, list[Row]]:
    """What stands beside each line, by its number."""
    of_line: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        if not event.step.statement.starts:
            of_line[event.step.line].append(event)
    derivatives = Derivatives(events)
    return {line: [_row(event, derivatives) for event in _chosen(found, turns)] for line, found in of_line.items()}


def _chosen(events: Sequence[Event], turns: Turns) -> Iterator[Event]:
    """Those of the turns that are asked for; of other loops the first turn that there is."""
    wanted = [e for e in events if all(at in turns.get(name, (at,)) for name, at in _turn(e))]
    for event in wanted:
        if all(name in turns or at == dict(_turn(wanted[0]))[name] for name, at in _turn(event)):
            yield event


def _turn(event: Event) -> list[tuple[str, int]]:
    return list(zip(event.step.loops, event.turn, strict=True))


def _row(event: Event, derivatives: Derivatives) -> Row:
    turn = ", ".join(f"{name} = {at}" for name, at in _turn(event))
    if event.step.is_backward:
        return Row("", number(event.value), turn)
    found = derivatives.by(event)
    return Row(number(event.value), "" if found is None else number(found), turn)


def number(value: Nested) -> str:
    return f"{value:.6g}" if isinstance(value, int | float) else ""


class Derivatives:
    """What the derivatives by the values of the forward pass came to: the last that was stored of each."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.elements: dict[tuple[str, tuple[int, ...]], Nested] = {}
        self.numbers: dict[tuple[str, tuple[int, ...]], tuple[Step, Nested]] = {}
        self.set_by: dict[str, set[int]] = defaultdict(set)  # the lines that set a value
        self.times = Counter((event.step.statement.name, event.element) for event in events if event.element)
        started: dict[str, Event] = {}
        for event in events:
            said = event.step.statement
            self.set_by[said.name].add(event.step.line)
            if said.starts:
                started[said.name] = event
            first = started.get(said.name, event)  # a loop may add to what was started outside of it
            for value in () if said.by is None else (said.by, *said.also_by):
                if event.element:
                    self.elements[value, event.element] = event.value
                else:
                    self.numbers[value, first.turn] = first.step, event.value

    def by(self, event: Event) -> Nested | None:
        """The derivative of the result by what an event set; None where it is not known, or the value is not whole."""
        name = event.step.statement.name
        if isinstance(event.step.node, ast.AugAssign):
            return None
        if event.element:
            is_once = self.times[name, event.element] == 1  # and no place that each turn of a loop uses anew
            return self.elements.get((name, event.element)) if is_once else None
        step, value = self.numbers.get((name, event.turn), (None, None))
        is_whole = len(self.set_by[name]) == 1
        return value if step is not None and is_whole and _same_loops(step, event.step) else None


def _same_loops(one: Step, other: Step) -> bool:
    """Whether two statements stand in loops of which each can be told from the others by how far it runs."""
    ranges = [[h.text.partition(" in ")[2] for h in s.around if h.text.startswith("for ")] for s in (one, other)]
    return ranges[0] == ranges[1] and len(set(ranges[0])) == len(ranges[0])
