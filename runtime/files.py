"""Files, path <-> bytes: only regular files are read, only whole files are written.

>>> import pathlib, tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     path = pathlib.Path(folder, "a.txt")
...     write_atomically(path, b"whole")
...     read_regular(path)
b'whole'
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec import Struct, field

from mgc.grammar.diagnostics import DataError, printable

MODEL_BYTES = 16 * 2**20  # the parser's own bound: a larger file is not read at all


def read_regular(path: str | os.PathLike[str], limit: int = MODEL_BYTES) -> bytes:
    """The file's bytes. Errors: DataError (missing, unreadable, not a regular file, over `limit` bytes)."""
    shown = printable(os.fspath(path))
    try:
        _refuse_irregular(Path(path).stat(), shown, limit)  # opening a device or a pipe may wait or do things
        # O_NONBLOCK: should the file become a pipe meanwhile, opening it must not wait for a writer
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            _refuse_irregular(os.fstat(descriptor), shown, limit)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                content = file.read(limit + 1)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise DataError(f"cannot read {shown}: {_reason(error)}") from None
    if len(content) > limit:
        raise DataError(f"cannot read {shown}: it is larger than the limit of {limit} bytes")
    return content


def read_import(importer: str, name: str) -> tuple[str, bytes]:
    """(path, bytes) of an import, which lies beside its file or below. Errors: OSError, which the compiler locates."""
    folder = Path(importer).parent
    path = str(folder / name)
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        raise OSError(errno.EPERM, "it is a link that leads out of the folder")
    try:
        return path, read_regular(path)
    except DataError as error:
        raise OSError(errno.EIO, str(error).removeprefix(f"cannot read {printable(path)}: ")) from None


class Imports(Struct, frozen=True):
    """Reads what a model imports, and keeps it: a model that is pickled needs none of its files."""

    kept: dict[tuple[str, str], tuple[str, bytes]] = field(default_factory=dict)

    def __call__(self, importer: str, name: str) -> tuple[str, bytes]:
        """(path, bytes). Errors: OSError, which the compiler locates."""
        if (importer, name) not in self.kept:
            self.kept[importer, name] = read_import(importer, name)
        return self.kept[importer, name]


def _refuse_irregular(state: os.stat_result, shown: str, limit: int) -> None:
    if not stat.S_ISREG(state.st_mode):
        kind = "a directory" if stat.S_ISDIR(state.st_mode) else "not a regular file"
        raise DataError(f"cannot read {shown}: it is {kind}")
    if state.st_size > limit:
        raise DataError(f"cannot read {shown}: {state.st_size} bytes are more than the limit of {limit}")


def check_writable(path: str | os.PathLike[str]) -> None:
    """Refuse a path that cannot be written, before the work whose result goes there. Errors: DataError."""
    target, shown = Path(os.path.realpath(path)), printable(os.fspath(path))
    if target.exists() and not target.is_file():
        raise DataError(f"cannot write {shown}: it is not a regular file")
    if not target.parent.is_dir():
        raise DataError(f"cannot write {shown}: there is no folder {printable(str(target.parent))}")
    if not os.access(target.parent, os.W_OK):
        raise DataError(f"cannot write {shown}: the folder may not be written to")


def write_atomically(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file whole or not at all: a temporary file beside it, fsync, rename. Errors: DataError."""
    write_together({path: content})


def write_together(contents: Mapping[str | os.PathLike[str], bytes]) -> None:
    """Write files whole, and none before all of them are on the disk under other names. Errors: DataError."""
    with ExitStack() as stack:
        renames = [_staged(stack, path, content) for path, content in contents.items()]
        for rename in renames:
            rename()


def _staged(stack: ExitStack, path: str | os.PathLike[str], content: bytes) -> Callable[[], None]:
    """Write a temporary file; calling what is returned gives it its name. Errors: DataError."""
    target = Path(os.path.realpath(path))
    shown = printable(os.fspath(path))
    if target.exists() and not target.is_file():
        raise DataError(f"cannot write {shown}: it is not a regular file")
    temporary = target.with_name(f".{target.name[:100]}.{os.urandom(8).hex()}.tmp")

    def rename() -> None:
        with _told(shown):
            temporary.replace(target)
            _sync_folder(target.parent)

    with _told(shown):
        stack.callback(temporary.unlink, missing_ok=True)
        _write_through(temporary, content)
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
    return rename


@contextmanager
def _told(shown: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise DataError(f"cannot write {shown}: {_reason(error)}") from None


def _write_through(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o666), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
