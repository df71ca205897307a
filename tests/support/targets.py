"""Definitions compiled for one target and ready to call: .mg text -> name -> (value and derivatives).

A `Compiled` calls its functions alike on every target: `value(name, at)` and `value_and_grad(name, at)`.
"""

from __future__ import annotations

import ctypes
import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from mgc.compiler.module import FunctionInfo, Module
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from support import native

# No contraction of a*b + c, which would be another number than Python's.
COMPILE = [
    "-std=c99",
    "-O1",
    "-ffp-contract=off",
    "-Wall",
    "-Wextra",
    "-pedantic",
    "-shared",
    "-fPIC",
]

WARNINGS: list[str] = []  # what the C compiler said so far


class Compiled(Struct, frozen=True):
    value: Callable[[str, tuple[Any, ...]], Any]
    value_and_grad: Callable[[str, tuple[Any, ...]], tuple[Any, Any]]
    parameters: Callable[[int], dict[str, Any]]


def python(text: str, *, ieee: bool = False, accurate: bool = False, unroll: int = 0) -> Compiled:
    module = compile_source(text, "numbers.mg", Options(ieee=ieee, accurate=accurate, unroll=unroll))
    names: dict[str, Any] = {}
    exec(compile(module.text, "emitted.py", "exec"), names)  # the emitted file of our own text
    infos = {info.name: info for info in module.functions}
    return Compiled(
        lambda name, at: names[infos[name].emitted_name](*at),
        lambda name, at: names[str(infos[name].gradient_name)](*at),
        lambda seed: names["init_params"](seed=seed),
    )


def c(text: str, *, accurate: bool = False) -> Compiled:
    """The same for C: functions of numbers and vectors that return one number."""
    module = compile_source(text, "numbers.mg", Options(target="c", accurate=accurate))
    library = build(module.text)
    infos = {info.name: info for info in module.functions}

    def value(name: str, at: tuple[Any, ...]) -> float:
        return call(library, module, infos[name], infos[name].emitted_name, at)[0]

    def value_and_grad(name: str, at: tuple[Any, ...]) -> tuple[float, Any]:
        return call(library, module, infos[name], str(infos[name].gradient_name), at)

    return Compiled(value, value_and_grad, lambda seed: {})


TARGETS: dict[str, Callable[[str], Compiled]] = {
    "bare": python,
    "ieee": functools.partial(python, ieee=True),
    "accurate": functools.partial(python, accurate=True),
    "unroll": functools.partial(python, unroll=8),
    "c": c,
}


def build(text: str) -> ctypes.CDLL:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler here")
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder, "model.c"), Path(folder, "model.so")
        source.write_text(text)
        flags = [*COMPILE, *os.environ.get("MGC_TEST_CFLAGS", "").split()]
        done = subprocess.run([compiler, *flags, "-o", library, source, "-lm"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        WARNINGS.extend(done.stderr.splitlines())
        return ctypes.CDLL(str(library))


def call(library: ctypes.CDLL, module: Module, info: FunctionInfo, name: str, at: tuple[Any, ...]) -> tuple[float, Any]:
    """The value and, of a derivative's function, the slopes by all arguments but integers."""
    floats = [x for argument, x in zip(info.arguments, at, strict=True) if argument.dtype == "float"]
    slopes = floats if name == info.gradient_name else []
    found = native.call(native.find(module, library, name), at, bound_sizes(info, at), slopes)
    pairs = zip(found[1:], slopes, strict=True)
    return found[0][0], tuple(slope if isinstance(x, list) else slope[0] for slope, x in pairs)


def bound_sizes(info: FunctionInfo, at: tuple[Any, ...]) -> dict[str, int]:
    """The free sizes in the order of the arguments that bind them."""
    sized = [(a.shape[0], len(x)) for a, x in zip(info.arguments, at, strict=True) if a.shape]
    return {size: length for size, length in sized if size.isidentifier()}
