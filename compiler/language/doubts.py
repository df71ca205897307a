"""A program -> what is no mistake in it and looks like one: warnings, each at its place.

>>> from mgc.compiler.language.program import collect
>>> from mgc.grammar.parser import parse
>>> [doubt.message for doubt in doubts(collect(parse("def f(a, b):\\n    t = a*b\\n    return e + b", "f.mg")))]
["'t' is not used", "'e' is the number 2.718...: no 'e' is defined here"]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mgc.compiler.language.program import Program, source_line
from mgc.compiler.options import Precision
from mgc.grammar.diagnostics import Diagnostic
from mgc.grammar.tree import (
    Argument,
    Assign,
    Binary,
    Clause,
    File,
    For,
    Function,
    Name,
    Number,
    Param,
    SizeParameter,
    Span,
    walk,
)

SMALLEST, INFINITE = 2.0**-150, 2.0**128 - 2.0**103  # from there on float32 rounds to 0, and to infinity


def doubts(program: Program, dtype: Precision = "float64") -> tuple[Diagnostic, ...]:
    """The warnings of the file and of what it imports, in their order; `dtype` is what real numbers will be."""
    found: list[Diagnostic] = []
    for declared in program.declared.values():
        if dtype == "float32":
            found += _lost(walk(declared.declaration), declared.file)
        if isinstance(declared.declaration, Function):
            nodes = list(walk(declared.declaration))
            found += _unused(nodes, declared.file)
            if "e" not in program.declared:
                found += _forgotten(nodes, declared.file)
    return tuple(found)


def _unused(nodes: list[object], file: File) -> Iterator[Diagnostic]:
    """Assignments none of whose names is read."""
    assigned = [node for node in nodes if isinstance(node, Assign)]
    targets = {target for statement in assigned for target in statement.targets}
    read = {node.identifier for node in nodes if isinstance(node, Name) and node not in targets}
    for statement in assigned:
        first = statement.targets[0]
        if not any(target.identifier in read for target in statement.targets):
            yield _warning(file, first.span, f"'{first.identifier}' is not used", "return it, or remove the line")


def _forgotten(nodes: list[object], file: File) -> Iterator[Diagnostic]:
    """`e` where no `e` is defined, unless it is plainly meant: as the base of a power."""
    used = [node for node in nodes if isinstance(node, Name) and node.identifier == "e"]
    if not used or "e" in _defined(nodes):
        return
    bases = [node.left for node in nodes if isinstance(node, Binary) and node.operator == "**"]
    if not any(name in bases for name in used):
        message = "'e' is the number 2.718...: no 'e' is defined here"
        yield _warning(file, used[0].span, message, "write exp(1) where Euler's number is meant")


def _lost(nodes: Iterable[object], file: File) -> Iterator[Diagnostic]:
    """Numbers of which the nearest float32 is 0 or infinity."""
    for node in nodes:
        if isinstance(node, Number) and node.value and not SMALLEST < abs(node.value) < INFINITE:
            nearest = "0" if abs(node.value) < 1 else "infinity"
            hint = "choose other units, or compute in float64"
            yield _warning(file, node.span, f"the number {node.value!r} is {nearest} in float32", hint)


def _defined(nodes: list[object]) -> Iterator[str]:
    """The names that a definition gives a meaning to; what stands between an argument's brackets is a size."""
    for node in nodes:
        match node:
            case Argument() | Param():
                yield node.name
                yield from (part.identifier for part in walk(node.dimensions) if isinstance(part, Name))
            case SizeParameter():
                yield node.name
            case Assign():
                yield from (target.identifier for target in node.targets)
            case For():
                yield from (target.identifier for target in node.names)
            case Clause():
                yield from node.names


def _warning(file: File, span: Span, message: str, hint: str) -> Diagnostic:
    return Diagnostic(message, file.path, source_line(file, span.line), span, hint, severity="warning")
