"""Emitted C -> a shared library of its functions, made by the C compiler of this machine."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path

COMPILERS = ("cc", "gcc", "clang")
FLAGS = ("-std=c99", "-O1", "-ffp-contract=off", "-shared", "-fPIC")  # a*b + c is two operations, as in Python


class NotBuilt(Exception):
    """There is no compiler, or it does not take the text."""


def built(text: str) -> ctypes.CDLL:
    """The library. Errors: NotBuilt."""
    compiler = next((found for name in COMPILERS if (found := shutil.which(name))), None)
    if compiler is None:
        raise NotBuilt("no C compiler is here")
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder, "model.c"), Path(folder, "model.so")
        source.write_text(text, encoding="utf-8")
        done = subprocess.run([compiler, *FLAGS, "-o", library, source, "-lm"], capture_output=True, text=True)
        if done.returncode:
            raise NotBuilt(f"the C compiler says: {done.stderr.strip().splitlines()[0][:200] if done.stderr else '?'}")
        return ctypes.CDLL(str(library))
