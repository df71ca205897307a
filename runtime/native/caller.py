"""The extension that calls native functions (`caller.c`): built once for this machine and this Python, then loaded."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.machinery
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, cast

from mgc.compiler.toolchain.compilers import NoNative, build, compiler
from mgc.runtime.native import cache

NAME = "mgc_caller"
FOLDER = Path(__file__).parent


class Caller(Protocol):
    """What the extension offers: libraries by their handles, what one says of itself, and its functions."""

    def function(self, handle: int, number: int, *said: Any) -> Callable[..., object]: ...

    def library(self, path: str) -> int: ...

    def text(self, handle: int) -> str: ...


@functools.cache
def caller() -> Caller:
    """The extension; ctypes where it cannot be built. Errors: NoNative where there is no compiler at all."""
    if not compiler().is_tiny:
        with contextlib.suppress(NoNative):
            return _extension()
    from mgc.runtime.native.through_ctypes import ThroughCtypes  # ctypes is slow to import

    return ThroughCtypes()


def _extension() -> Caller:
    texts = [(FOLDER / name).read_text("utf-8") for name in ("caller.c", "reading.h", "descent.h", "step.h")]
    said = repr((texts, sys.version, sys.implementation.cache_tag, compiler().identity()))
    path = str(
        cache.kept(f"caller-{hashlib.sha256(said.encode()).hexdigest()}.so", lambda path: _build(texts[0], path))
    )
    loader = importlib.machinery.ExtensionFileLoader(NAME, path)
    spec = importlib.machinery.ModuleSpec(NAME, loader, origin=path)
    try:
        module = loader.create_module(spec)
        loader.exec_module(module)
    except ImportError as error:
        raise NoNative(f"cannot load what calls native code: {error}") from None
    return cast("Caller", module)


def _build(text: str, path: Path) -> None:
    import sysconfig

    folder = sysconfig.get_path("include")
    if not Path(folder, "Python.h").is_file():
        raise NoNative(
            f"Python's headers are not here ({folder}/Python.h), which native code needs; python3-dev has them"
        )
    flags = ["-std=gnu11", "-fno-strict-aliasing", f"-I{folder}", f"-I{FOLDER}"]
    build(compiler(), text, path, [*flags, "-undefined", "dynamic_lookup"] if sys.platform == "darwin" else flags)
