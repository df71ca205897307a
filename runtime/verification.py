"""What is to be verified -> a report: a compiled model, or an emitted file as it lies on disk, edited perhaps."""

from __future__ import annotations

import ast
import io
import math
import os
import tokenize
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from mgc.grammar.diagnostics import DataError, did_you_mean, printable
from mgc.runtime import audit
from mgc.runtime.files import read_regular

if TYPE_CHECKING:
    from mgc.compiler.language.program import ReadFile
    from mgc.compiler.module import Module
    from mgc.compiler.verify.report.report import Report
    from mgc.grammar.tree import File


class Source(Struct, frozen=True):
    """Where emitted text came from: the model's text, what reads its imports, the constants that were set."""

    text: str
    path: str
    constants: Mapping[str, float]
    read: ReadFile | None


def verify_model(
    module: Module,
    source: Source,
    namespace: Mapping[str, object],
    functions: Sequence[str],
    time_limit: float,
    seed: int,
    native: Module | None = None,
) -> Report:
    """Compare emitted text with its own derivative and with the model's `source`; `functions` by emitted name.

    `native`: the emitted C, which is compared with the text. Errors: DataError for a limit that is none.
    """
    check_limit(time_limit)
    from mgc.compiler.verify.verify import verify_text  # slow to import: sympy

    return verify_text(
        module.text,
        source.path,
        functions=functions,
        module=module,
        file=whole(source),
        constants=source.constants,
        namespace=namespace,
        time_limit=time_limit,
        seed=seed,
        native=native,
    )


def check_limit(time_limit: object) -> None:
    """Errors: DataError for what is no number of seconds above 0."""
    if isinstance(time_limit, bool) or not isinstance(time_limit, int | float) or not time_limit > 0:
        raise DataError(f"time_limit is a number of seconds above 0, and not {printable(repr(time_limit))}")


def whole(source: Source) -> File:
    """The model's file, with the declarations of those that it imports before its own."""
    from mgc.compiler.language.program import collect
    from mgc.grammar.parser import parse

    main = parse(source.text, source.path)
    declared = collect(main, source.read, source.constants).declared.values()
    imported = [found.declaration for found in declared if found.file is not main]
    return replace(main, declarations=(*imported, *main.declarations))


def verify_file(
    path: str | os.PathLike[str], functions: Sequence[str] = (), *, time_limit: float = math.inf, seed: int = 0
) -> Report:
    """Compare an emitted file's derivatives with its own functions; no model is at hand.

    Errors: DataError (unreadable, not what mgc emits, a name that it lacks, a limit that is none).
    """
    check_limit(time_limit)
    from mgc.compiler.verify.text import forms
    from mgc.compiler.verify.verify import verify_text

    shown = printable(os.fspath(path))
    try:
        text = _decoded(read_regular(path))
        audit.audit(text)
        foreign = forms.foreign(ast.parse(text))
        if foreign:
            raise DataError(f"cannot verify {shown}: {printable(foreign)}")
        emitted = audit.run(text, f"<mgc {shown}>")
    except (UnicodeDecodeError, SyntaxError):
        raise DataError(f"cannot verify {shown}: it is not UTF-8 text") from None
    except audit.AuditError as error:
        reason = printable(str(error)).removeprefix("emitted text ")
        raise DataError(f"cannot verify {shown}: {reason}; this is not what mgc emits, and was not run") from None
    try:
        _check_emission(text, shown, functions)
        return verify_text(
            text, os.fspath(path), functions=functions, namespace=emitted.namespace, time_limit=time_limit, seed=seed
        )
    except ValueError as error:
        raise DataError(f"cannot verify {shown}: {printable(str(error))}") from None


def _decoded(content: bytes) -> str:
    """The text as CPython reads the file. Errors: UnicodeDecodeError, SyntaxError (a cookie for another encoding)."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    if encoding not in ("utf-8", "utf-8-sig"):
        raise SyntaxError(encoding)
    return content.decode(encoding)


def _check_emission(text: str, shown: str, functions: Sequence[str]) -> None:
    from mgc.compiler.verify.text.reading import read

    names = [name for one in read(ast.parse(text)) for name in dict.fromkeys((one.model, one.name))]
    if not names:
        raise DataError(f"cannot verify {shown}: no function in it has the docstring that mgc emits")
    for name in functions:
        if name not in names:
            hint = did_you_mean(name, names) or f"it has: {', '.join(names)}"
            raise DataError(f"{shown} has no function '{printable(name)}'; {hint}")
