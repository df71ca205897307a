"""What is to be verified -> a report: a compiled model, or an emitted file as it lies on disk, edited perhaps."""

from __future__ import annotations

import ast
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mgc.grammar.diagnostics import DataError, did_you_mean, printable
from mgc.runtime.audit import AuditError, audit
from mgc.runtime.files import read_regular

if TYPE_CHECKING:
    from mgc.compiler.module import Module
    from mgc.compiler.proof.report import Report

DERIVATIVES = ("_value_and_grad", "_vjp")  # what the emitted names of derivatives end in
TITLE = ", compiled to Python: values and exact derivatives."  # in the first line of each emitted file


def verify_module(
    module: Module,
    source: str,
    path: str,
    constants: Mapping[str, float],
    functions: Sequence[str],
    time_limit: float,
    seed: int,
) -> Report:
    """Compare emitted text with its own derivative and with the model's `source`; `functions` by emitted name."""
    from mgc.compiler.proof.verify import verify_text  # slow to import: sympy
    from mgc.grammar.parser import parse

    return verify_text(
        module.text,
        path,
        functions=functions,
        module=module,
        file=parse(source, path),
        constants=constants,
        time_limit=time_limit,
        seed=seed,
    )


def verify_file(
    path: str | os.PathLike[str], functions: Sequence[str] = (), *, time_limit: float = 60.0, seed: int = 0
) -> Report:
    """Compare an emitted file's derivatives with its own functions; no model is at hand.

    Errors: DataError (unreadable, not what mgc emits, a name that it lacks).
    """
    from mgc.compiler.proof.verify import verify_text

    shown = printable(os.fspath(path))
    try:
        text = read_regular(path).decode("utf-8-sig")
        tree = audit(text)
    except UnicodeDecodeError:
        raise DataError(f"cannot verify {shown}: it is not UTF-8 text") from None
    except AuditError as error:
        reason = printable(str(error)).removeprefix("emitted text ")
        raise DataError(f"cannot verify {shown}: {reason}; this is not what mgc emits, and was not run") from None
    _check_emission(tree, shown, functions)
    return verify_text(text, os.fspath(path), functions=functions, time_limit=time_limit, seed=seed)


def _check_emission(tree: ast.Module, shown: str, functions: Sequence[str]) -> None:
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    if TITLE not in (ast.get_docstring(tree) or "") and not any(name.endswith(DERIVATIVES) for name in names):
        suffixes = " or ".join(f"NAME{suffix}" for suffix in DERIVATIVES)
        raise DataError(f"cannot verify {shown}: it has no derivatives (functions called {suffixes})")
    for name in functions:
        if name not in names:
            hint = did_you_mean(name, names) or f"it has: {', '.join(names) or 'none'}"
            raise DataError(f"{shown} has no function '{printable(name)}'; {hint}")
