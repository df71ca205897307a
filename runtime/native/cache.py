"""The user's cache of built libraries, by content: name -> a whole file of the user's own, or none.

A file is written under another name, ends with the digest of what is before it, and is renamed when it is whole: two
processes may build the same one, and one that was cut short is as good as none. The folder is `mgc` in the user's
folder of caches, or in the one that `MGC_CACHE` names: what else lies there is never touched.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from mgc.grammar.diagnostics import DataError, printable

DIGEST = 32  # bytes of a sha256, after the library itself: loaders do not read so far
NAME = r"\w{0,40}-[0-9a-f]{64}(-[0-9a-f]{16})?\.(so|json)"  # of libraries, and of what their models import
OURS = re.compile(rf"{NAME}|\.{NAME}\.[0-9a-f]{{16}}\.tmp", re.ASCII)  # and of what was cut short


def folder() -> Path:
    """The folder, for this user alone; one for this process where the user's is no place for code that runs."""
    wanted = os.environ.get("MGC_CACHE")
    with contextlib.suppress(OSError, RuntimeError):
        path = (Path(wanted) if wanted else _users()).absolute() / "mgc"
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
            if stat.S_IMODE(found.st_mode) & 0o077:
                path.chmod(0o700)
            if os.access(path, os.W_OK):
                return path
    return _temporary()


def find(name: str) -> Path | None:
    """The file, if it is whole and nobody else could have written it."""
    path = folder() / name
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        state = os.fstat(descriptor)
        own = stat.S_ISREG(state.st_mode) and state.st_uid == os.geteuid() and not state.st_mode & 0o022
        found = os.read(descriptor, state.st_size) if own else b""
    finally:
        os.close(descriptor)
    return path if hashlib.sha256(found[:-DIGEST]).digest() == found[-DIGEST:] else None


def kept(name: str, make: Callable[[Path], None]) -> Path:
    """The file, which `make` writes where there is none that is whole. Errors: DataError, and those of `make`."""
    found = find(name)
    if found is not None:
        return found
    with _alone(folder(), name):
        return find(name) or written(name, make)


def written(name: str, make: Callable[[Path], None]) -> Path:
    """The file, as `make` writes it, whatever was there. Errors: DataError, and those of `make`."""
    path = folder() / name
    temporary = path.with_name(f".{name}.{os.urandom(8).hex()}.tmp")
    try:
        make(temporary)
        with temporary.open("r+b") as file:
            digest = hashlib.sha256(file.read()).digest()
            file.write(digest)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o700)
        temporary.replace(path)
    except OSError as error:
        raise DataError(f"cannot write {printable(str(path))}: {error.strerror or error}") from None
    finally:
        temporary.unlink(missing_ok=True)
    return path


def content(path: Path) -> bytes:
    """What was written."""
    return path.read_bytes()[:-DIGEST]


def entries() -> list[Path]:
    """The files that are there, whole or not."""
    return sorted(path for path in folder().iterdir() if OURS.fullmatch(path.name))


def clear() -> int:
    """Remove them; how many there were."""
    found = entries()
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


@contextlib.contextmanager
def _alone(path: Path, name: str) -> Iterator[None]:
    """Let one process at a time make a file of this name, where locks work: the others need not do it again."""
    import fcntl

    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            lock = stack.enter_context((path / ".lock").open("wb"))
            fcntl.lockf(lock, fcntl.LOCK_EX, 1, int(hashlib.sha256(name.encode()).hexdigest()[:8], 16))
        yield


@functools.cache
def _temporary() -> Path:
    import atexit
    import shutil
    import tempfile

    path = Path(tempfile.mkdtemp(prefix="mgc-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def _users() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    given = os.environ.get("XDG_CACHE_HOME", "")
    return Path(given) if given.startswith("/") else Path.home() / ".cache"  # as the specification has it
