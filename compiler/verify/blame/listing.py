"""The statements of one function of a text: which stands on a line, what it stands in, what it reads and writes.

>>> tree = ast.parse("def f(x):\\n    for i in range(2):\\n        y = x[i]\\n    return y\\n")
>>> found = Listing(tree, "f")
>>> [head(one) for one in found.around(found.at(3))], written(found.at(3)), sorted(names_read(found.at(3)))
(['for i in range(2):'], 'y', ['i', 'x'])
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Collection, Container, Sequence

from msgspec.structs import replace

from mgc.compiler.module import Module
from mgc.compiler.verify.blame.edits import head
from mgc.compiler.verify.findings import Falsehood
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.text.subject import Subject


class Listing:
    """The statements of the function, in the order of the text."""

    def __init__(self, tree: ast.Module, name: str) -> None:
        (self.function,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
        self._around: dict[ast.stmt, tuple[ast.stmt, ...]] = {}
        self.blocks: list[list[ast.stmt]] = []
        self._enter(self.function.body, ())
        self.statements = list(self._around)
        self.by_line = {one.lineno: one for one in reversed(self.statements)}
        self.heads = {head(one) for one in self.statements}
        names = [node for node in ast.walk(self.function) if isinstance(node, ast.Name)]
        self.read = {node.id for node in names if isinstance(node.ctx, ast.Load)}

    def _enter(self, block: list[ast.stmt], outside: tuple[ast.stmt, ...]) -> None:
        self.blocks.append(block)
        for statement in block:
            self._around[statement] = outside
            for inner in (getattr(statement, "body", []), getattr(statement, "orelse", [])):
                self._enter(inner, (*outside, statement))

    def at(self, line: int) -> ast.stmt | None:
        """The statement that begins on a line."""
        return self.by_line.get(line)

    def around(self, statement: ast.stmt | None) -> tuple[ast.stmt, ...]:
        """The loops and branches that a statement stands in, the outermost first."""
        return self._around[statement] if statement is not None else ()

    def writing(self, base: str) -> list[ast.stmt]:
        """The statements that give a name, or an element of it, a value."""
        return [one for one in self.statements if base and written(one) == base]

    def beside(self, lines: Collection[int]) -> list[int]:
        """The lines of the loops and branches that some stand in, and of what stores to a name that they have."""
        seen = [one for line in lines if (one := self.at(line)) is not None]
        heads = [one for statement in seen for one in reversed(self.around(statement))]
        names = {name for one in (*seen, *heads) for name in (written(one), *names_read(one))} - {""}
        storing = [one for one in self.statements if not isinstance(one, ast.For) and written(one) in names]
        return [one.lineno for one in (*heads, *reversed(storing))]

    def span(self, lines: Collection[int]) -> tuple[int, int]:
        """The first and the last of some lines."""
        seen = [one for line in lines if (one := self.at(line)) is not None]
        return min(one.lineno for one in seen), max(map(last_line, seen))

    def leading_to(self, lines: Collection[int], spared: Container[str]) -> tuple[int, int]:
        """The first and the last line of some and of all that gives them what they have, but what reads as `spared`."""
        found = dict.fromkeys(lines)
        count = 0
        while count < len(found):
            count = len(found)
            found |= dict.fromkeys(self.beside(found))
        return self.span([line for line in found if line in lines or head(self.by_line[line]) not in spared])

    @property
    def returned(self) -> ast.Return | None:
        """The first that is reached in any case."""
        return next((one for one in self.function.body if isinstance(one, ast.Return)), None)

    @property
    def result(self) -> str:
        """The name of what a derivative's function returns as the value; empty where that has none."""
        match self.returned:
            case ast.Return(value=ast.Tuple(elts=[ast.Name(id=name), *_])):
                return name
        return ""


def aliases(tree: ast.Module) -> dict[str, str]:
    """The short names that the text gives to parameters: `W1 = params["score.linear1.W"]`."""
    found = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=local)], value=ast.Subscript(value=ast.Name(id="params"), slice=key)):
                if isinstance(key, ast.Constant):
                    found[str(key.value)] = local
    return found


def last_line(statement: ast.stmt) -> int:
    """Of a loop or a branch, the last line of its head."""
    test = getattr(statement, "test", None) or (statement.iter if isinstance(statement, ast.For) else statement)
    return test.end_lineno or statement.lineno


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
    read: ast.AST = statement
    match statement:
        case ast.For(iter=expression) | ast.If(test=expression) | ast.Assign(targets=[ast.Name()], value=expression):
            read = expression
    return {node.id for node in ast.walk(read) if isinstance(node, ast.Name)}


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


SHOWN = 6  # lines that are shown where the mistake is in one of them


def ranged(found: Falsehood, lines: Sequence[str], first: int, last: int) -> Falsehood:
    """The falsehood with the lines of which one is wrong; none of them is accused."""
    text = textwrap.dedent("\n".join(line.rstrip() for line in lines[first - 1 : last]))
    is_short = last - first < SHOWN and all(text.splitlines())
    return replace(found, line=first, statement=text if is_short else "", within=(first, last))


def within(subject: Subject, signature: Signature, found: Falsehood) -> Falsehood:
    """What is seen on a line, with the lines that lead to it."""
    listing = Listing(subject.syntax, signature.derivative or signature.name)
    plain = Listing(subject.syntax, signature.name).heads if signature.derivative is not None else ()
    if found.line is None or listing.at(found.line) is None:
        return found
    first, last = listing.leading_to([found.line], plain)
    if "NameError" in found.what or "UnboundLocalError" in found.what:  # what is missing may be anywhere before
        first = listing.statements[0].end_lineno or first
    return ranged(found, subject.text.splitlines(), first, last)
