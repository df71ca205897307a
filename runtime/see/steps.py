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
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

if TYPE_CHECKING:
    from mgc.compiler.module import Statement
    from mgc.runtime.see.subject import Model


class Header(NamedTuple):
    """A loop or a branch around statements: its line in the emitted file (negative: its `else`), and what it reads."""

    line: int
    text: str
    reads: tuple[str, ...]

    @property
    def condition(self) -> str:
        """`if x > 0.0`, `unless x > 0.0`; nothing of a loop."""
        if self.text.startswith("for "):
            return ""
        return self.text.rstrip(":").replace("else:  # not ", "unless ")


class Step(Struct, frozen=True):
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
    function = syntax(model, emitted_name)
    told = model.module.statements
    set_by = {one.name for one in told[function.lineno - 1 : function.end_lineno] if one is not None}
    named = [row for node in ast.walk(function) for row in _rows(node, told)]
    rows = {part: name for part, name in named if part not in set_by}  # a value that a branch sets is no row
    found = _Reader(model.source.splitlines(), told, rows)
    return list(found.steps(function.body, (), ()))


def syntax(model: Model, emitted_name: str) -> ast.FunctionDef:
    """The syntax of an emitted function."""
    functions = (node for node in ast.parse(model.source).body if isinstance(node, ast.FunctionDef))
    return next(node for node in functions if node.name == emitted_name)


def parameters(model: Model, emitted_name: str) -> dict[str, str]:
    """The parameters by their names in an emitted function: `W1 = params["score.linear1.W"]`."""
    found = {}
    for node in syntax(model, emitted_name).body:
        match node:
            case ast.Assign([ast.Name(name)], ast.Subscript(ast.Name("params"), ast.Constant(str(dotted)))):
                found[name] = dotted
    return found


def names(node: ast.AST) -> tuple[str, ...]:
    """The names in a part of a statement."""
    return tuple(dict.fromkeys(part.id for part in ast.walk(node) if isinstance(part, ast.Name)))


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


def _rows(node: ast.AST, told: Sequence[Statement | None]) -> Iterator[tuple[str, str]]:
    """`W_i = W[i]` -> ("W_i", "W"): a row bears a name of its own, but is no value of its own."""
    if (
        isinstance(node, ast.Assign)
        and told[node.lineno - 1] is None
        and isinstance(node.value, ast.Name | ast.Subscript)
    ):
        yield from ((part, names(node.value)[0]) for part in names(node.targets[0]))


class _Reader(Struct, frozen=True):
    """The lines of a file, what they do, and of which array each row is."""

    lines: Sequence[str]
    told: Sequence[Statement | None]
    rows: Mapping[str, str]

    def steps(self, body: Sequence[ast.stmt], around: tuple[Header, ...], loops: tuple[str, ...]) -> Iterator[Step]:
        for node in body:
            said = self.told[node.lineno - 1]
            if isinstance(node, ast.For):
                index = ast.unparse(node.target)
                header = self.header(node.lineno, f"for {index} in {ast.unparse(node.iter)}:", node.iter)
                yield from self.steps(node.body, (*around, header), (*loops, index))
            elif isinstance(node, ast.If) and said is None:
                test = ast.unparse(node.test)
                yield from self.steps(node.body, (*around, self.header(node.lineno, f"if {test}:", node.test)), loops)
                otherwise = self.header(-node.lineno, f"else:  # not {test}", node.test)
                yield from self.steps(node.orelse, (*around, otherwise), loops)
            elif said is not None:
                set_by = node.body[0] if isinstance(node, ast.If) else node  # `if x > largest: largest = x` is one
                assert isinstance(set_by, ast.Assign | ast.AugAssign)
                yield Step(node.lineno, _code(node, self.lines), around, loops, set_by, said)

    def header(self, line: int, text: str, read: ast.expr) -> Header:
        return Header(line, text, tuple(self.rows.get(name, name) for name in names(read)))


def _code(node: ast.stmt, lines: Sequence[str]) -> str:
    """The statement as it is written, without the comment behind it."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    written = [*lines[node.lineno - 1 : node.end_lineno - 1], lines[node.end_lineno - 1][: node.end_col_offset]]
    if len(written) == 1:
        return written[0].strip()
    first, *others = written
    rest = f"{' ' * node.col_offset}{first.split('  #')[0].strip()}"
    return textwrap.dedent("\n".join([rest, *others]))
