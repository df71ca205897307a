"""A function and a point -> all that its page shows, as plain data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mgc.grammar.parser import parse
from mgc.grammar.tree import Assign, Call, For, Param, Return, walk
from mgc.grammar.tree import Function as Declared
from mgc.runtime.arguments import is_one_number, sizes_of
from mgc.runtime.conversion import Nested
from mgc.runtime.explain import mathematics
from mgc.runtime.explain.code import Code, CodeLine, code
from mgc.runtime.explain.graph import Graph, graph, local_names
from mgc.runtime.explain.mathematics import Derivatives, MathML
from mgc.runtime.explain.run import Run, run
from mgc.runtime.model import Function, gradients_by_name

if TYPE_CHECKING:
    from mgc.compiler.verify.report.report import Report


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of the model, and where its comment begins. `is_used`: something of the function comes from it."""

    number: int
    text: str
    comment: int
    is_used: bool


@dataclass(frozen=True, slots=True)
class Adjoint:
    """A statement of the backward pass as an equation, and its rule, if that is one."""

    line: int
    made: MathML
    rule: MathML | None


@dataclass(frozen=True, slots=True)
class Equation:
    """What a line of the model says, and what its derivatives are."""

    line: int
    made: MathML
    adjoints: tuple[Adjoint, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """An input by the name that the text has for it; `said` is the caller's name."""

    name: str
    said: str
    value: Nested


@dataclass(frozen=True, slots=True)
class Page:
    """`returned` are the derivatives that a call gives, by the name of what they are by, with the value as "".

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
    named = _derivatives(text, drawing, function)
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
        tuple(_equations(source, path, text, function, named)),
        named.of,
        {name: mathematics.symbol(name) for name in (named.of, *[node.name for node in drawing.nodes])},
        given,
        sizes,
        tuple(drawn),
        ran,
        _returned(function, ran),
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


def equations(function: Function) -> tuple[Equation, ...]:
    """The lines of the model that a function comes from as mathematics, each with its derivatives."""
    text = code(function)
    model = function.model
    return tuple(
        _equations(model.model_text, model.path, text, function, _derivatives(text, graph(function, text), function))
    )


def _equations(source: str, path: str, text: Code, function: Function, named: Derivatives) -> Iterator[Equation]:
    """The lines of the model that the function comes from, in their order, each with its derivatives."""
    backward: dict[int, list[Adjoint]] = {}
    for line in text.lines:
        if line.kind == "statement" and line.section == "backward" and not line.starts and line.sources:
            made = mathematics.emitted(_whole(line, text), line.rule, named)
            if made is not None:
                backward.setdefault(line.sources[0], []).append(Adjoint(line.number, made, mathematics.rule(line.rule)))
    used = {line for one in text.lines for line in one.sources}
    for declared in parse(source, path).declarations:
        if not isinstance(declared, Declared):
            continue
        if declared.span.line == function.info.span.line:
            yield Equation(declared.span.line, mathematics.arguments(declared), ())
        for node in walk(declared.body):
            if isinstance(node, Assign | Return | Param) and node.span.line in used | _beside(node, declared, used):
                made = mathematics.statement(node, declared.name)
                if made is not None:
                    yield Equation(node.span.line, made, tuple(backward.pop(node.span.line, ())))


def _beside(node: Assign | Return | Param | For, declared: Declared, used: set[int]) -> set[int]:
    """A parameter's line is shown where a line of its layer is."""
    inside = any(declared.span.line <= line <= declared.body[-1].span.end_line for line in used)
    return {node.span.line} if isinstance(node, Param) and inside else set()


def _derivatives(text: Code, drawing: Graph, function: Function) -> Derivatives:
    """What the derivatives are of: the result, or L where that is no one number."""
    names = {line.sets: line.by[0] for line in text.lines if line.kind == "statement" and line.sets and line.by}
    results = [node.name for node in drawing.nodes if node.role == "result"]
    return Derivatives(names, results[0] if results and is_one_number(function.info) else "L", text.rows)


def _whole(line: CodeLine, text: Code) -> str:
    """A statement without its comment, in one line."""
    parts = [one for one in text.lines if line.number <= one.number <= line.end]
    return " ".join("".join(said for kind, said in one.pieces if kind != "comment") for one in parts).strip()
