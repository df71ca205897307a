"""Where a command writes, path -> checked path: over a former output of the same kind, never over what it reads.

A file that is nothing of the kind is overwritten with --force only; one that is read, or is a model, in no case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from mgc.grammar.diagnostics import DataError, printable
from mgc.runtime.files import check_writable

Fault = Callable[[Path], str | None]  # of an existing file: why it is no former output, None where it is one


def check_target(path: str, force: bool, inputs: Iterable[str | None], fault: Fault) -> None:
    """Refuse a path that may not be written, before the work whose result goes there.

    inputs: what the command reads; None and `-` are no files. Errors: DataError.
    """
    target, shown = Path(path), printable(path)
    if target.suffix == ".mg":
        raise DataError(f"cannot write {shown}: an output never replaces a model file")
    if any(_is_same(target, one) for one in inputs if one is not None):
        raise DataError(f"cannot write {shown}: the command reads it")
    check_writable(target)
    if force or not target.exists():
        return
    if (said := fault(target)) is not None:
        raise DataError(f"{said}; --force overwrites it")


def begins_otherwise(*beginnings: bytes, what: str) -> Fault:
    """The fault of a file that begins with none of these, and is not empty."""

    def fault(target: Path) -> str | None:
        with target.open("rb") as existing:
            head = existing.read(max(map(len, beginnings)))
        return None if not head or head.startswith(beginnings) else f"{printable(str(target))} exists and is no {what}"

    return fault


def _is_same(target: Path, read: str) -> bool:
    return target.exists() and Path(read).exists() and target.samefile(read)
