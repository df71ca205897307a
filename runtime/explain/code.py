"""An emitted function -> its lines as a page needs them: pieces to colour, what each does, and where it comes from.

>>> import mgc
>>> text = code(mgc.loads("def f(x):\\n    n = x*2\\n    return exp(n)\\n", style="lesson").f)
>>> for line in text.lines:
...     if line.sets:
...         print(line.sources, line.sets, line.by, line.rule, line.section)
(2,) n ()  forward
(3,) out ()  forward
(3,) dout ('out',) the derivative of the result by itself backward
(3,) dn ('n',) d exp(u)/du = exp(u) backward
(2,) dx ('x',) d(u*v)/du = v backward
"""

from __future__ import annotations

import ast
import io
import keyword
import tokenize
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.module import Statement
from mgc.runtime.explain.places import Place, Rows, places, rows
from mgc.runtime.model import Function
from mgc.runtime.see.steps import steps
from mgc.runtime.see.steps import syntax as syntax_of

Section = Literal["start", "forward", "backward", "end"]
Kind = Literal["statement", "more", "loop", "branch", "other"]  # more: a further line of a statement


class Test(Struct, frozen=True):
    """What a branch, or a choice between a derivative and 0, asks where that is a plain comparison."""

    left: Place | float
    sign: str
    right: Place | float


class CodeLine(Struct, frozen=True):
    """A line of emitted text. `sources` are lines of the model: its own, and those of the calls that lead to it; lines
    of one `key` come of one statement in one call. `end` is the last line of what is inside it.
    """

    number: int
    text: str
    pieces: tuple[tuple[str, str], ...]
    kind: Kind = "other"
    section: Section = "start"
    sources: tuple[int, ...] = ()
    key: str = ""
    sets: str | None = None
    by: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    rule: str = ""
    places: tuple[Place, ...] = ()
    loops: tuple[str, ...] = ()
    test: Test | None = None
    end: int = 0
    starts: bool = False  # it starts an array, or a number, that other lines fill
    held: bool = False  # it is read under a `detach` alone


class Code(Struct, frozen=True):
    """`results` are the variables that hold what the function gives, where it is held by one.

    `is_split`: all of the forward pass stands before the backward pass.
    """

    name: str
    lines: tuple[CodeLine, ...]
    rows: Rows
    results: tuple[str, ...]
    is_split: bool


def code(function: Function) -> Code:
    """The emitted text of value and derivatives, or of the value where it has none; without its docstring."""
    name = function.info.gradient_name or function.info.emitted_name
    first, last = function.model.code.lines[name]
    syntax = syntax_of(function.model, name)
    told = function.model.module.statements
    text = function.model.source.splitlines()
    named = rows(_untold(syntax, told))
    lines = {line.number: line for line in _plain(text, first, last)}
    for line in _told(function, name, lines, named):
        lines[line.number] = line
    for node in ast.walk(syntax):
        if isinstance(node, ast.For | ast.If) and told[node.lineno - 1] is None:
            lines[node.lineno] = _block(node, lines[node.lineno], named)
    skipped = _docstring(syntax)
    ordered = [lines[number] for number in sorted(lines) if number not in skipped]
    returned = syntax.body[-1]
    assert isinstance(returned, ast.Return)
    results = _results(returned.value, function.info.gradient_name is not None, named)
    return Code(name, tuple(_arranged(ordered, returned.lineno)), named, results, _is_split(ordered))


def _results(returned: ast.expr | None, has_gradient: bool, named: Rows) -> tuple[str, ...]:
    value = returned.elts[0] if has_gradient and isinstance(returned, ast.Tuple) else returned
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    held = [part for part in parts if isinstance(part, ast.Name | ast.Subscript)]
    return tuple([place.name for part in held for place in places(part, named)])


def _is_split(lines: Sequence[CodeLine]) -> bool:
    sections = [line.section for line in lines if line.kind == "statement"]
    return sections == sorted(sections, key="backward".__eq__)


def _untold(syntax: ast.FunctionDef, told: Sequence[Statement | None]) -> list[ast.stmt]:
    """The statements that only name rows, in the order of the text."""
    first, last = syntax.lineno, syntax.end_lineno or syntax.lineno
    set_elsewhere = {one.name for one in told[first - 1 : last] if one is not None}
    found = [
        node
        for node in ast.walk(syntax)
        if isinstance(node, ast.Assign)
        and told[node.lineno - 1] is None
        and not (isinstance(node.targets[0], ast.Name) and node.targets[0].id in set_elsewhere)
    ]
    return sorted(found, key=lambda node: node.lineno)


def _docstring(syntax: ast.FunctionDef) -> range:
    head = syntax.body[0]
    return range(head.lineno, (head.end_lineno or head.lineno) + 1) if isinstance(head, ast.Expr) else range(0)


def _plain(text: Sequence[str], first: int, last: int) -> Iterator[CodeLine]:
    """Lines of which nothing is known but their text."""
    body = text[first - 1 : last]
    pieces: dict[int, list[tuple[str, str]]] = {}
    ends: dict[int, int] = {}
    for token in tokenize.generate_tokens(io.StringIO("\n".join(body) + "\n").readline):
        (row, start), (end_row, end) = token.start, token.end
        if row != end_row or not token.string.strip():
            continue
        line = pieces.setdefault(row, [])
        gap = body[row - 1][ends.get(row, 0) : start]
        line.append((_kind(token), gap + token.string if not gap.strip() and not line else token.string))
        if gap and len(line) > 1:
            line.insert(-1, ("", gap))
        ends[row] = end
    for row, said in enumerate(body, start=1):
        number = first + row - 1
        yield CodeLine(number, said, tuple(pieces.get(row, [("", said)])), end=number)


def _kind(token: tokenize.TokenInfo) -> str:
    match token.type:
        case tokenize.COMMENT:
            return "comment"
        case tokenize.NUMBER:
            return "number"
        case tokenize.STRING:
            return "string"
        case tokenize.NAME:
            return "word" if keyword.iskeyword(token.string) else "name"
    return ""


def _told(function: Function, name: str, lines: dict[int, CodeLine], named: Rows) -> Iterator[CodeLine]:
    for step in steps(function.model, name):
        said = step.statement
        origin = said.origin
        sources = [origin.span.line] if origin.span else []
        sources += [call.span.line for call in reversed(origin.calls)]
        first = replace(
            lines[step.line],
            kind="statement",
            section=said.section,
            sources=tuple(dict.fromkeys(sources)),
            key="/".join([str(sources[0]) if sources else "", *[f"{c.name}:{c.span.line}" for c in origin.calls]]),
            sets=said.name,
            by=() if said.by is None else (said.by, *said.also_by),
            reads=said.reads,
            rule=said.rule,
            places=tuple(places(step.node, named)),
            loops=step.loops,
            test=_passes_on(step.node.value, named) if step.is_backward else None,
            end=step.node.end_lineno or step.line,
            starts=said.starts,
            held=origin.is_held,
        )
        yield first
        for number in range(step.line + 1, first.end + 1):
            text, pieces = lines[number].text, lines[number].pieces
            yield replace(first, kind="more", number=number, text=text, pieces=pieces, reads=(), places=())


def _block(node: ast.For | ast.If, line: CodeLine, named: Rows) -> CodeLine:
    end = node.end_lineno or node.lineno
    if isinstance(node, ast.For):
        bounds = tuple(places(node.iter, named))
        return replace(line, kind="loop", sets=ast.unparse(node.target), places=bounds, end=end)
    return replace(line, kind="branch", places=tuple(places(node.test, named)), test=_asked(node.test, named), end=end)


def _passes_on(value: ast.expr, named: Rows) -> Test | None:
    """What must hold for a derivative to flow on: `h > 0.0` of `dh if h > 0.0 else 0.0`."""
    match value:
        case ast.IfExp(test=test, orelse=ast.Constant(value=0.0)):
            return _asked(test, named)
    return None


def _asked(test: ast.expr, named: Rows) -> Test | None:
    if not isinstance(test, ast.Compare) or len(test.ops) > 1:
        return None
    left, right = _side(test.left, named), _side(test.comparators[0], named)
    return None if left is None or right is None else Test(left, _SIGNS[type(test.ops[0])], right)


_PASSES = ("# forward", "# backward")
_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def _side(node: ast.expr, named: Rows) -> Place | float | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    return next(places(node, named), None) if isinstance(node, ast.Name | ast.Subscript) else None


def _arranged(lines: Sequence[CodeLine], returns: int) -> list[CodeLine]:
    """Each line with a section; loops and remarks are of what is in them, or follows them."""
    first = next((line.number for line in lines if line.kind == "statement"), returns)
    found: list[CodeLine] = []
    following: CodeLine | None = None
    filling: CodeLine | None = None  # the next that does not merely start an array
    for line in reversed(lines):
        if line.kind == "statement":
            following = line
            filling = line if line.reads or filling is None else filling
        elif line.kind != "more":
            line = _placed(line, following, filling, line.number >= first)
        if line.kind in ("loop", "branch"):
            line = replace(line, sources=_sources_inside(line, found))
        found.append(line)
    return found[::-1]


def _placed(line: CodeLine, following: CodeLine | None, filling: CodeLine | None, is_inside: bool) -> CodeLine:
    """A line that is no statement, with the section of the next; a remark is on the next that computes something."""
    if following is None:
        return replace(line, section="end")
    said = line.text.strip()
    remark = said.startswith("#")
    if said in _PASSES:
        return replace(line, section=following.section)
    if not is_inside and not remark:
        return line
    of = filling if remark and filling is not None else following
    return replace(line, section=following.section, sources=of.sources, key=of.key)


def _sources_inside(line: CodeLine, after: list[CodeLine]) -> tuple[int, ...]:
    """The lines of the model that a block's statements come of."""
    inside = [one for one in after if line.number < one.number <= line.end and one.kind == "statement"]
    return tuple(dict.fromkeys(source for one in reversed(inside) for source in one.sources[:1]))
