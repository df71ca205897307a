"""A file and its imports -> the declarations by name, each once, with the constants' values.

>>> from mgc.grammar.parser import parse
>>> sorted(collect(parse("const c = 2\\ndef f(x): return c*x", "f.mg")).declared)
['c', 'f']
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from mgc.compiler.language import library
from mgc.compiler.language.library import Declared
from mgc.grammar.diagnostics import NO_LINE, Diagnostic, ModelError, Note, did_you_mean
from mgc.grammar.parser import parse
from mgc.grammar.tree import Const, File, Function, Import, Op, Param, Span

BUILTIN_NAMES = frozenset(
    {
        "sum",
        "prod",
        "mean",
        "argmax",
        "argmin",
        "max",
        "min",
        "range",
        "params",
        "detach",
        "grad",
        "uniform",
        "normal",
        "zeros",
    }
)
ReadFile = Callable[[str, str], tuple[str, bytes]]  # (importing file's path, import's text) -> (path, bytes)


class Program(Struct, frozen=True):
    """The declarations that a file can use; `main` is the file whose functions are emitted."""

    main: File
    declared: Mapping[str, Declared]
    overrides: Mapping[str, float] = field(default_factory=dict)

    def find(self, name: str, file: File) -> Declared | None:
        """What a name means in a file: the library's own names come first only in the library."""
        if file.path in library.FILES and file is library.file(file.path):
            return library.lookup(name)
        return self.declared.get(name) or (library.lookup(name) if name not in library.RULES_ONLY else None)

    def functions(self) -> list[Function]:
        """The defs and models of the main file, in order."""
        own = [d for d in self.main.declarations if isinstance(d, Function)]
        return [function for function in own if function.kind != "layer"]

    def imported(self) -> list[tuple[Program, Function]]:
        """The defs and models of the files that the main one imports, each with the program that its own file is."""
        files = dict.fromkeys(found.file for found in self.declared.values() if found.file is not self.main)
        programs = [Program(file, self.declared, self.overrides) for file in files]
        return [(program, function) for program in programs for function in program.functions()]


def source_line(file: File, line: int) -> str:
    lines = file.source.splitlines()
    return lines[line - 1] if 0 < line <= len(lines) else ""


class LimitReached(ModelError):
    """A function that is too large, which took seconds to see: what else stands in the file is not compiled."""


def error(file: File, span: Span, message: str, hint: str | None = None, notes: tuple[Note, ...] = ()) -> ModelError:
    """A located error in a file."""
    return ModelError(Diagnostic(message, file.path, source_line(file, span.line), span, hint, notes))


def collect(file: File, read: ReadFile | None = None, overrides: Mapping[str, float] | None = None) -> Program:
    """All declarations of a file and of what it imports. Errors: ModelError for duplicates, cycles and bad paths."""
    declared: dict[str, Declared] = {}
    problems: list[Diagnostic] = []
    done = {file.path}
    waiting = [file]
    while waiting:
        current = waiting.pop(0)
        for declaration in current.declarations:
            try:
                if isinstance(declaration, Import):
                    path, data = _read(declaration, current, read)
                    if path not in done:  # a file imported twice, or in a cycle, is read once
                        done.add(path)
                        waiting.append(parse(data, path))
                else:
                    _check_name(declaration, current, declared)
                    declared[declaration.name] = Declared(declaration, current)
            except ModelError as problem:
                problems.extend(problem.diagnostics)
    unknown = [name for name in overrides or {} if not _is_constant(declared.get(name))]
    if problems:
        raise ModelError(*problems)
    for name in unknown:
        constants = [known for known, found in declared.items() if _is_constant(found)]
        raise error(file, NO_LINE, f"--set names '{name}', which is no const of this file",
                    did_you_mean(name, constants) or f"declare it: `const {name} = ...`")  # fmt: skip
    for name, value in (overrides or {}).items():
        if not math.isfinite(value):
            raise error(file, NO_LINE, f"--set gives '{name}' the value {value}; a const is a finite number")
    return Program(file, declared, dict(overrides or {}))


def _is_constant(found: Declared | None) -> bool:
    return found is not None and isinstance(found.declaration, Const)


def _read(declaration: Import, file: File, read: ReadFile | None) -> tuple[str, bytes]:
    parts = declaration.path.split("/")
    if declaration.path.startswith("/") or "\\" in declaration.path or ":" in declaration.path or ".." in parts:
        raise error(file, declaration.span, "an import names a file in the same folder or below it",
                    'write import "other.mg"')  # fmt: skip
    if not declaration.path.endswith(".mg"):
        raise error(file, declaration.span, "an import names a .mg file")
    if read is None:
        raise error(file, declaration.span, "a text that is not a file cannot import")
    try:
        return read(file.path, declaration.path)
    except OSError as problem:
        raise error(file, declaration.span, f"cannot read '{declaration.path}': {problem.strerror}") from None


def _check_name(declaration: Function | Const | Op | Param, file: File, declared: Mapping[str, Declared]) -> None:
    name, span = declaration.name, declaration.span
    if name in declared:
        first = declared[name]
        assert not isinstance(first.declaration, Import)
        note = Note(f"'{name}' is first declared here", first.file.path, first.declaration.span)
        raise error(file, span, f"'{name}' is declared twice", "choose another name", (note,))
    if name in BUILTIN_NAMES or (library.operation(name) is not None and name not in library.RULES_ONLY):
        raise error(file, span, f"'{name}' is an operation of the language", "choose another name")
    if isinstance(declaration, Op):
        _check_facts(declaration, file)


def _check_facts(op: Op, file: File) -> None:
    """What the emitted code would rely on unseen can be said of the language's own operations only."""
    if op.native is not None:
        raise error(file, op.native.span, "only the language's own operations are native", "write a body: return ...")
