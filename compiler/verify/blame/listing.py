"""The statements of one function of a text: which stands on a line, what it stands in, what it reads and writes.

>>> tree = ast.parse("def f(x):\\n    for i in range(2):\\n        y = x[i]\\n    return y\\n")
>>> found = Listing(tree, "f")
>>> [head(one) for one in found.around(found.at(3))], written(found.at(3)), sorted(names_read(found.at(3)))
(['for i in range(2):'], 'y', ['i', 'x'])
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Collection, Container, Iterator, Mapping, Sequence

from mgc.compiler.module import Module


class Listing:
    """The statements of the function, in the order of the text."""

    def __init__(self, tree: ast.Module, name: str, renamed: Mapping[str, str] = {}) -> None:  # never changed
        """`renamed`: names that are read as others."""
        (function,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
        self.function = _Renaming(renamed).visit(copy.deepcopy(function)) if renamed else function
        self._around: dict[ast.stmt, tuple[ast.stmt, ...]] = {}
        self.blocks: list[Sequence[ast.stmt]] = []
        self._enter(self.function.body, ())
        self.statements = list(self._around)
        self.heads = {head(one) for one in self.statements}
        self.names = {one.id for one in _names(self.function)}

    def _enter(self, block: Sequence[ast.stmt], outside: tuple[ast.stmt, ...]) -> None:
        self.blocks.append(block)
        for statement in block:
            self._around[statement] = outside
            for inner in (getattr(statement, "body", []), getattr(statement, "orelse", [])):
                self._enter(inner, (*outside, statement))

    def at(self, line: int) -> ast.stmt | None:
        """The statement that begins on a line."""
        return next((one for one in self.statements if one.lineno == line), None)

    def around(self, statement: ast.stmt | None) -> tuple[ast.stmt, ...]:
        """The loops and branches that a statement stands in, the outermost first."""
        return self._around[statement] if statement is not None else ()

    def same(self, text: str) -> ast.stmt | None:
        """The first statement that reads so."""
        return next((one for one in self.statements if head(one) == text), None)

    def writing(self, base: str) -> list[ast.stmt]:
        """The statements that give a name, or an element of it, a value."""
        return [one for one in self.statements if base and written(one) == base]

    def read_by(self, statement: ast.stmt) -> list[ast.stmt]:
        """The statements before one that give a value to a name that it has, the nearest first."""
        names = {*names_read(statement), written(statement)}
        return [one for one in self.statements if one.lineno < statement.lineno and written(one) in names][::-1]

    def leading_to(self, lines: Collection[int], spared: Container[str]) -> tuple[int, int]:
        """The first and the last line of what gives some lines what they have, without what reads as `spared`."""
        seen = [one for line in lines if (one := self.at(line)) is not None]
        found = dict.fromkeys(seen)
        stack = list(seen)
        while stack:
            one = stack.pop()
            around = self.around(one)
            wanted = {written(one), *(name for part in (one, *around) for name in names_read(part))} - {""}
            more = [*around, *(s for s in self.statements if not isinstance(s, ast.For) and written(s) in wanted)]
            stack += [new for new in more if new not in found]
            found.update(dict.fromkeys(more))
        kept = [one for one in found if one in seen or head(one) not in spared]
        return min(map(_first, kept), default=min(lines)), max(map(last_line, kept), default=max(lines))

    @property
    def returned(self) -> ast.Return | None:
        """The first that is reached in any case."""
        return next((one for one in self.function.body if isinstance(one, ast.Return)), None)


def _first(statement: ast.stmt) -> int:
    return statement.lineno


def last_line(statement: ast.stmt) -> int:
    """Of a loop or a branch, the last line of its head."""
    test = getattr(statement, "test", None) or (statement.iter if isinstance(statement, ast.For) else statement)
    return test.end_lineno or statement.lineno


class _Renaming(ast.NodeTransformer):
    def __init__(self, renamed: Mapping[str, str]) -> None:
        self.renamed = renamed

    def visit_Name(self, node: ast.Name) -> ast.Name:  # the name that ast looks for
        node.id = self.renamed.get(node.id, node.id)
        return node


def head(statement: ast.stmt) -> str:
    """The statement on one line, without its block."""
    return ast.unparse(statement).splitlines()[0]


def written(statement: ast.stmt) -> str:
    """The name that a statement gives a value to, or to an element of; empty for one that gives none."""
    match statement:
        case ast.Assign(targets=[target]) | ast.AugAssign(target=target) | ast.For(target=target):
            while isinstance(target, ast.Subscript):
                target = target.value
            return target.id if isinstance(target, ast.Name) else ""
    return ""


def names_read(statement: ast.stmt) -> set[str]:
    """The names that a statement reads; of a loop or a branch, its head does."""
    match statement:
        case ast.For(iter=expression) | ast.If(test=expression):
            return {name.id for name in _names(expression)}
        case ast.Assign(targets=[ast.Name()], value=expression):
            return {name.id for name in _names(expression)}
    return {name.id for name in _names(statement)}


def _names(node: ast.AST) -> Iterator[ast.Name]:
    return (part for part in ast.walk(node) if isinstance(part, ast.Name))


def source_line(lines: Sequence[str], module: Module | None, line: int, last: int | None = None) -> int | None:
    """The model's line that the statement on an emitted line (up to `last`) comes from: what the compiler says of it,
    or of what stands in its branch; for a text alone what its own comment says, or the nearest one above."""
    if module is not None:
        origins = (origin for origin in module.origins[line - 1 :] if origin is not None)
        return next((origin.span.line for origin in origins if origin.span is not None), None)
    own = lines[line - 1 : last or line]
    for text in (*own, *reversed(lines[: line - 1])):
        said = re.search(r"# line (\d+)", text)
        if said:
            return int(said[1])
        if text.startswith("def "):
            break
    return None
