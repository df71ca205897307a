"""A function at a point -> each statement of its emitted text with what it set, up to the first nan or infinity.

>>> import mgc
>>> f = mgc.loads("def f(x):\\n    y = x*x\\n    return log(y)*y\\n", "f.mg", ieee=True).f
>>> found = debug(f, f.checked(0.0))
>>> print(found.problem)
f.mg:3:5: error: y_log is -inf: `log(y)` where y = 0.0
    3 |     return log(y)*y
      |     ^^^^^^^^^^^^^^^
"""

from __future__ import annotations

import ast
import html
import math
from collections import deque
from collections.abc import Mapping, Sequence

from msgspec import Struct

from mgc.compiler.text_table import plain_table
from mgc.grammar.diagnostics import Diagnostic, ModelError
from mgc.runtime.conversion import Nested, shape_of
from mgc.runtime.failures import Place, values_in
from mgc.runtime.see.events import Event, run
from mgc.runtime.see.steps import parameters
from mgc.runtime.see.subject import Function
from mgc.runtime.see.values import Derivatives

KEPT = 10_000  # statements, the last ones
_HEADINGS = ("line", "sets", "value", "derivative", "by")


class Debugged(Struct, frozen=True):
    """What a run set, statement by statement (of a long run the last 10,000), and why it stopped before its end.

    `problem` is the first nan or infinity, or the arithmetic that raised, at its line of the model; None without one.
    """

    events: tuple[Event, ...]
    problem: Diagnostic | None
    result: object

    def rows(self) -> list[tuple[str, str, str, str, str]]:
        """Line of the model, what is set, its value, the derivative of the result by it, and the statement.

        Derivatives are told of a run that came to its end and is here whole: before, they are parts.
        """
        derivatives = Derivatives(self.events if self.problem is None and len(self.events) < KEPT else ())
        found = []
        for event in self.events:
            span = event.step.statement.origin.span
            by = None if event.step.is_backward else derivatives.by(event)
            code = " ".join(event.step.code.split())
            line = "" if span is None else str(span.line)
            found.append((line, event.written, _spelt(event.value), "" if by is None else _spelt(by), code))
        return found

    def __str__(self) -> str:
        table = plain_table(_HEADINGS, self.rows(), frozenset({0, 2, 3}))
        return f"{table}\n\n{self.problem or 'every value is finite'}"

    def _repr_html_(self) -> str:
        cells = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in self.rows())
        head = "".join(f"<th>{heading}</th>" for heading in _HEADINGS)
        rows = "".join(f"<tr>{row}</tr>" for row in cells)
        said = html.escape(str(self.problem or "every value is finite"))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table><pre>{said}</pre>"


class _Stopped(Exception):
    """The run has come to a value that is not finite."""


def debug(function: Function, bound: Sequence[object]) -> Debugged:
    """Run value and derivatives, statement by statement. `bound`: the arguments as `Function.checked` gives them."""
    function = function.model.emitted[function.info.name]
    events: deque[Event] = deque(maxlen=KEPT)
    held: dict[str, object] = dict(_given(function, bound))

    def visit(event: Event) -> None:
        events.append(event)
        said = event.step.statement
        if not said.starts and _is_endless(event.value):
            raise _Stopped
        if said.starts or not event.element:
            held[said.name] = event.value

    try:
        result = run(function, bound, visit)
    except _Stopped:
        return Debugged(tuple(events), _told(function, events[-1], held), None)
    except ModelError as error:
        return Debugged(tuple(events), error.diagnostics[0], None)
    return Debugged(tuple(events), None, result)


def _is_endless(value: Nested) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _told(function: Function, event: Event, held: Mapping[str, object]) -> Diagnostic:
    """The value that is not finite, with the numbers that it is made of, at its line of the model."""
    step = event.step
    expression = ast.unparse(step.node.value)
    variables = {**held, **dict(zip(step.loops, event.turn, strict=True))}
    values = values_in(expression, [Place("", 0, "", variables)])
    where = ", ".join(f"{name} = {value!r}" for name, value in values.items())
    message = f"{event.written} is {event.value!r}: `{expression}`" + (f" where {where}" if where else "")
    span = step.statement.origin.span or function.info.span
    source = function.model.model_text.splitlines()
    line = source[span.line - 1] if span.line <= len(source) else ""
    return Diagnostic(message, function.model.path, line, span)


def _given(function: Function, bound: Sequence[object]) -> dict[str, object]:
    """The arguments and parameters by their emitted names."""
    info = function.info
    given = {one.emitted_name: bound[place] for place, one in enumerate(info.arguments, bool(info.parameters))}
    params = bound[0] if info.parameters else {}
    assert isinstance(params, Mapping)
    named = parameters(function.model, info.gradient_name or info.emitted_name)
    return given | {name: params[dotted] for name, dotted in named.items()}


def _spelt(value: Nested) -> str:
    return f"{value:.6g}" if isinstance(value, int | float) else f"array {list(shape_of(value))}"
