"""Emitted C -> a shared library of its functions, made by the C compiler of this machine."""

from __future__ import annotations

import ctypes
import tempfile
from pathlib import Path

from mgc.compiler.toolchain.compilers import NoNative, build, compiler

FLAGS = ("-std=c99", "-O1", "-DMGC_LANES=2")  # few lanes, so that short axes fill them
LONGEST = 200  # characters of what a compiler says


class NotBuilt(Exception):
    """There is no compiler, or it does not take the text."""


def built(text: str) -> ctypes.CDLL:
    """The library. Errors: NotBuilt."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.so")
        try:
            build(compiler(), text, path, FLAGS)
        except NoNative as error:
            raise NotBuilt(" ".join(str(error).split())[:LONGEST]) from None
        return ctypes.CDLL(str(path))
