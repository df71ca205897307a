"""The extension that calls native functions (`caller.c`): built once for this machine and this Python, then loaded."""

from __future__ import annotations

import functools
import hashlib
import importlib.machinery
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

from mgc.runtime.native import cache
from mgc.runtime.native.compilers import NoNative, build, compiler

NAME = "mgc_caller"


class Caller(Protocol):
    """What the extension offers; handles and addresses are numbers."""

    function: Callable[..., Callable[..., object]]

    def library(self, path: str) -> int: ...

    def symbol(self, handle: int, name: str) -> int: ...

    def text(self, address: int) -> str: ...


@functools.cache
def caller() -> Caller:
    """The extension. Errors: NoNative where it cannot be built."""
    text = Path(__file__).with_name("caller.c").read_text("utf-8")
    said = repr((text, sys.version, sys.implementation.cache_tag, compiler().identity()))
    path = str(cache.kept(f"caller-{hashlib.sha256(said.encode()).hexdigest()}.so", lambda path: _build(text, path)))
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
    flags = ["-std=gnu11", f"-I{folder}"]
    build(compiler(), text, path, [*flags, "-undefined", "dynamic_lookup"] if sys.platform == "darwin" else flags)
