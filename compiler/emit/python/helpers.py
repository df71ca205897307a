"""Functions that emitted Python calls and `math` lacks -> their text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from mgc.compiler.compiled import Body
from mgc.compiler.emit.interface import escape
from mgc.compiler.emit.python import function as python
from mgc.compiler.emit.spelling import Scope
from mgc.compiler.emit.tokens import Line, plain
from mgc.compiler.language import library, operations
from mgc.compiler.language.program import Program
from mgc.compiler.names import words
from mgc.grammar.tree import Op, Span

CHECK_SHAPE = '''def check_shape(name, array, *sizes):
    """Raise ValueError unless the nested list has these sizes."""
    if len(array) != sizes[0]:
        raise ValueError(f"{name} has {len(array)} entries where {sizes[0]} are needed")
    if len(sizes) > 1:
        for row in array:
            check_shape(f"a row of {name}", row, *sizes[1:])'''
ELEMENT = '''def element(index, size):
    """The index, once it is known to lie in 0 <= index < size."""
    if 0 <= index < size:
        return index
    raise IndexError(f"index {index} is outside an axis of size {size}")'''


class Helpers:
    """The functions that emitted code calls, found as it is printed."""

    def __init__(self, program: Program, ieee: bool, body: Body) -> None:
        self.program = program
        self.ieee = ieee
        self.body = body
        self._lines: dict[str, list[Line]] = {}
        self.imported: set[str] = set()  # from `math`
        self.needs_math = False  # whether a helper names the module itself

    def need_all(self, scope: Scope, span: Span) -> None:
        """Have all that printed code uses."""
        self.imported |= scope.special
        for op in scope.used:
            self.need(op, span)

    def need(self, op: str, span: Span) -> None:
        """Have the helper for an operation, and what that calls in turn."""
        name = words.operation(op)
        if name in self._lines:
            return
        is_native = library.native(op, "python") is not None
        if op == "bound":
            self._lines["element"] = [plain(said) for said in ELEMENT.splitlines()]
        elif (self.ieee or not is_native) and op in _guarded():
            self._lines[name] = [plain(said) for said in _guarded()[name]]
            self.needs_math |= any("math." in text for text in _guarded()[name])
        elif not is_native:
            self._compile(op, span)
        else:
            self.imported.add(name)

    def check_shape(self) -> None:
        self._lines.setdefault("check_shape", [plain(said) for said in CHECK_SHAPE.splitlines()])

    def texts(self) -> list[list[Line]]:
        return list(self._lines.values())

    def defined(self) -> list[str]:
        """The names of the helpers."""
        return list(self._lines)

    def _compile(self, op: str, span: Span) -> None:
        name = words.operation(op)
        found = operations.declared(self.program, op, span)
        self._lines[name] = []
        named = self.body(found)
        arguments = ", ".join(named.variables[given.serial] for given in named.nest.inputs)
        assert isinstance(found.declaration, Op)
        about = found.declaration.docstring or f"The operation {op.removeprefix('op:')} of the model."
        header = [f'"""{escape(about)}"""'] if found.declaration.docstring or not found.library else []
        lines, scope = python.function(named, None, self.ieee)
        bare = [replace(line, origin=None) for line in lines]
        self._lines[name] = [plain(f"def {name}({arguments}):"), *indented(header), *bare]
        self.need_all(scope, span)


@cache
def _guarded() -> dict[str, list[str]]:
    """The functions of `ieee.py` as text, without their annotations' need of it."""
    text = Path(__file__).with_name("ieee.py").read_text(encoding="utf-8")
    found = {}
    for part in re.split(r"\n(?=def )", text)[1:]:
        lines = re.split(r"\n\n\n|\n# ---", part)[0].rstrip().splitlines()
        lines[0] = re.sub(r": float| -> float", "", lines[0])
        found[lines[0][4 : lines[0].index("(")]] = lines
    return found


def indented(lines: Sequence[str]) -> list[Line]:
    return [plain(line, 1) for line in lines]
