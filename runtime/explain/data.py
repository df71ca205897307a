"""A function and a point -> all that its page shows, as plain data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from mgc.grammar.parser import parse
from mgc.grammar.tree import Call, walk
from mgc.runtime.arguments import sizes_of
from mgc.runtime.conversion import Nested
from mgc.runtime.explain import mathematics
from mgc.runtime.explain.code import Code, code
from mgc.runtime.explain.equations import Equation, derivatives, equations
from mgc.runtime.explain.graph import Graph, graph, local_names
from mgc.runtime.explain.mathematics import MathML
from mgc.runtime.explain.run import Run, run
from mgc.runtime.model import Function, gradients_by_name
from mgc.runtime.see.steps import steps

if TYPE_CHECKING:
    from mgc.compiler.verify.report.report import Report


class SourceLine(Struct, frozen=True):
    """A line of the model, and where its comment begins. `is_used`: something of the function comes from it."""

    number: int
    text: str
    comment: int
    is_used: bool


class Given(Struct, frozen=True):
    """An input by the name that the text has for it; `said` is the caller's name."""

    name: str
    said: str
    value: Nested


class Page(Struct, frozen=True):
    """`returned` are the derivatives that a call gives, by the name of what they are by, with the value as "";
    that is a list where there are several `results`.

    `stopped` are the lines of the model at which no derivative flows on, since they say `detach`.
    """

    path: str
    function: str
    line: int
    signature: str
    style: str
    stopped: tuple[int, ...]
    source: tuple[SourceLine, ...]
    code: Code
    graph: Graph
    mathematics: tuple[Equation, ...]
    result: str
    symbols: Mapping[str, MathML]
    given: tuple[Given, ...]
    sizes: Mapping[str, int]
    drawn: tuple[str, ...]
    run: Run
    returned: Mapping[str, object]
    results: int
    report: Report | None


def page(
    function: Function, bound: Sequence[object], drawn: Sequence[str], path: str, style: str, report: Report | None
) -> Page:
    """All that is shown of a function. `bound`: its arguments as `Function.checked` gives them; `drawn`: by chance."""
    text = code(function)
    source = function.model.model_text
    given = tuple(_given(function, text, bound))
    sizes = sizes_of(function.info, bound)
    known: dict[str, Nested] = {one.name: one.value for one in given}
    ran = run(function, bound, text.rows, known | sizes)
    drawing = graph(function, text)
    result = derivatives(function, text, steps(function.model, text.name)).of
    return Page(
        path,
        function.info.name,
        function.info.span.line,
        function.signature,
        style,
        _stopped(source, path) if function.info.is_detached else (),
        tuple(_source(source, text, function)),
        text,
        drawing,
        equations(function),
        result,
        {name: mathematics.symbol(name) for name in (result, *[node.name for node in drawing.nodes])},
        given,
        sizes,
        tuple(drawn),
        ran,
        _returned(function, ran),
        len(function.info.results),
        report,
    )


def _given(function: Function, text: Code, bound: Sequence[object]) -> Iterator[Given]:
    local = local_names(function, text)
    head = bool(function.info.parameters)
    for argument, value in zip(function.info.arguments, bound[head:], strict=True):
        yield Given(argument.emitted_name, argument.name, value)  # type: ignore[arg-type]  # it is checked
    params = bound[0] if head else {}
    assert isinstance(params, dict)
    for dotted in function.info.parameters:
        if dotted in local:
            yield Given(local[dotted], dotted, params[dotted])


def _returned(function: Function, ran: Run) -> dict[str, object]:
    if ran.returned is None or function.info.gradient_name is None:
        return {} if ran.returned is None else {"": ran.returned}
    assert isinstance(ran.returned, tuple)
    value, gradients = ran.returned
    return {"": value, **gradients_by_name(function, gradients)}


def _stopped(source: str, path: str) -> tuple[int, ...]:
    calls = [node for node in walk(parse(source, path).declarations) if isinstance(node, Call)]
    return tuple(sorted({call.span.line for call in calls if call.function == "detach"}))


def _source(source: str, text: Code, function: Function) -> Iterator[SourceLine]:
    used = {line for one in text.lines for line in one.sources} | {function.info.span.line}
    for number, line in enumerate(source.split("\n"), start=1):
        if line or number <= source.count("\n"):
            yield SourceLine(number, line.rstrip("\r"), _comment(line), number in used)


def _comment(line: str) -> int:
    """Where a comment begins in a line, or its length: a `#` in a text between quotes begins none."""
    found = re.match(r"""(?:[^#"]|"(?:[^"\\]|\\.)*")*#""", line)
    return found.end() - 1 if found else len(line)
