"""An emitted function -> its statements in the order of the text: the code, the loops around it, and what it does.

>>> import mgc
>>> model = mgc.loads("def f(x[n]): return sum(x[i]**2 for i)", style="lesson")
>>> for step in steps(model, "f"):
...     print([header.text for header in step.around], step.code, step.statement.reads)
[] out = 0.0 ()
['for i in range(n):'] out += x[i] ** 2 ('x',)
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mgc.compiler.module import Statement
    from mgc.runtime.model import Model


class Header(NamedTuple):
    """A loop or a branch around statements, and its line in the emitted file."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """A statement: its first line in the emitted file, its code without comments, and the headers around it.

    `loops` are the names of the indices of the loops around it; `node` is its syntax.
    """

    line: int
    code: str
    around: tuple[Header, ...]
    loops: tuple[str, ...]
    node: ast.Assign | ast.AugAssign
    statement: Statement

    @property
    def target(self) -> ast.expr:
        """What it sets: a name, or an element of an array."""
        return self.node.target if isinstance(self.node, ast.AugAssign) else self.node.targets[0]

    @property
    def is_backward(self) -> bool:
        return self.statement.section == "backward"


def steps(model: Model, emitted_name: str) -> list[Step]:
    """The statements of an emitted function, without those that read its arguments and return its results."""
    text = model.source
    functions = (node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef))
    function = next(node for node in functions if node.name == emitted_name)
    return list(_steps(function.body, text.splitlines(), model.module.statements, (), ()))


def lines_of_model(told: Sequence[Step]) -> list[int | None]:
    """The line of the model that each statement comes from; what starts an array comes from where it is filled."""
    found: list[int | None] = []
    filled: dict[str, int] = {}
    for step in reversed(told):
        span = step.statement.origin.span
        line = filled.get(step.statement.name) if span is None or step.statement.starts else span.line
        line = span.line if line is None and span is not None else line
        if line is not None:
            filled[step.statement.name] = line
        found.append(line)
    return found[::-1]


def _steps(
    body: Sequence[ast.stmt],
    lines: Sequence[str],
    told: Sequence[Statement | None],
    around: tuple[Header, ...],
    loops: tuple[str, ...],
) -> Iterator[Step]:
    for node in body:
        said = told[node.lineno - 1]
        if isinstance(node, ast.For):
            yield from _steps(node.body, lines, told, (*around, _header(node)), (*loops, ast.unparse(node.target)))
        elif isinstance(node, ast.If) and said is None:
            yield from _steps(node.body, lines, told, (*around, _header(node)), loops)
            otherwise = Header(-node.lineno, f"else:  # not {ast.unparse(node.test)}")
            yield from _steps(node.orelse, lines, told, (*around, otherwise), loops)
        elif said is not None:
            yield _step(node, lines, said, around, loops)


def _step(
    node: ast.stmt, lines: Sequence[str], said: Statement, around: tuple[Header, ...], loops: tuple[str, ...]
) -> Step:
    set_by = node.body[0] if isinstance(node, ast.If) else node  # `if x > largest: largest = x` is one statement
    assert isinstance(set_by, ast.Assign | ast.AugAssign)
    return Step(node.lineno, _code(node, lines), around, loops, set_by, said)


def _header(node: ast.For | ast.If) -> Header:
    if isinstance(node, ast.If):
        return Header(node.lineno, f"if {ast.unparse(node.test)}:")
    return Header(node.lineno, f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}:")


def _code(node: ast.stmt, lines: Sequence[str]) -> str:
    """The statement as it is written, without the comment behind it."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    written = [*lines[node.lineno - 1 : node.end_lineno - 1], lines[node.end_lineno - 1][: node.end_col_offset]]
    if len(written) == 1:
        return written[0].strip()
    first, *others = written
    rest = f"{' ' * node.col_offset}{first.split('  #')[0].strip()}"
    return textwrap.dedent("\n".join([rest, *others]))
