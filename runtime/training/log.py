"""A line for each step in a file, as it is taken: `.csv` with a header, or `.jsonl`.

step,loss,rate,validation
1,0.8958441028683222,1.0,
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from mgc.grammar.diagnostics import DataError, printable
from mgc.runtime.files import write_atomically
from mgc.runtime.training.training import Step

HEADER = "step,loss,rate,validation"
BEGINNINGS = (HEADER.encode(), b'{"step": ')  # of a log


def check_log(path: str | os.PathLike[str]) -> None:
    """Refuse what is no log, before the work. Errors: DataError."""
    if Path(path).suffix not in (".csv", ".jsonl"):
        raise DataError(f"{printable(os.fspath(path))}: a log is a .csv or a .jsonl")


@contextmanager
def opened(path: str | os.PathLike[str] | None, after: int) -> Iterator[Callable[[Step], None]]:
    """Writes steps to the log, each at once. after: steps that are taken, whose lines stay."""
    if path is None:
        yield lambda step: None
        return
    line = _csv if Path(path).suffix == ".csv" else _json
    with ExitStack() as stack:
        with _told(path):
            write_atomically(path, "".join(_kept(Path(path), after)).encode())
            file = stack.enter_context(Path(path).open("a", encoding="utf-8", newline="\n"))

        def write(step: Step) -> None:
            with _told(path):
                print(line(step), file=file, flush=True)

        yield write


@contextmanager
def _told(path: str | os.PathLike[str]) -> Iterator[None]:
    """Errors: DataError, for the disk and for bytes that are no text."""
    try:
        yield
    except OSError as error:
        raise DataError(f"cannot write {printable(os.fspath(path))}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise DataError(f"{printable(os.fspath(path))} is not a text file in UTF-8") from None


def _kept(path: Path, after: int) -> list[str]:
    """The lines of steps that are taken: those after a checkpoint are taken again."""
    first = [f"{HEADER}\n"] if path.suffix == ".csv" else []
    if not after or not path.exists():
        return first
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return [*first, *lines[len(first) : len(first) + after]]


def _csv(step: Step) -> str:
    return f"{step.number},{step.loss!r},{step.rate!r},{'' if step.validation is None else repr(step.validation)}"


def _json(step: Step) -> str:
    validation = {} if step.validation is None else {"validation": step.validation}
    return json.dumps({"step": step.number, "loss": step.loss, "rate": step.rate, **validation})
