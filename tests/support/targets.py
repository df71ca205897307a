"""Definitions compiled for one target and ready to call: .mg text -> name -> (value and derivatives).

A `Compiled` calls its functions alike on every target: `value(name, at)` and `value_and_grad(name, at)`.
"""

from __future__ import annotations

import ctypes
import functools
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mgc.compiler.module import ArgumentInfo, FunctionInfo, Module
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source

WORKSPACE = 4096  # numbers, more than any function of the tests asks for
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


@dataclass(frozen=True, slots=True)
class Compiled:
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
        done = subprocess.run([compiler, *COMPILE, "-o", library, source, "-lm"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        WARNINGS.extend(done.stderr.splitlines())
        return ctypes.CDLL(str(library))


def call(library: ctypes.CDLL, module: Module, info: FunctionInfo, name: str, at: tuple[Any, ...]) -> tuple[float, Any]:
    """Arguments, sizes, workspace, derivatives, status: as the function's header lists them."""
    header = re.search(rf"^double {name}\(([^)]*)\) \{{", module.text, re.MULTILINE)
    assert header, name
    arguments = [given(argument, x) for argument, x in zip(info.arguments, at, strict=True)]
    sizes = [ctypes.c_long(n) for n in bound_sizes(info, at).values()]
    slopes = [room(x) for x in at]
    rest: list[Any] = [*arguments, *sizes]
    declared = [piece.split()[-1].lstrip("*") for piece in header[1].split(",")]
    if "work" in declared:
        rest.append((ctypes.c_double * WORKSPACE)())
    if name == info.gradient_name:
        rest += slopes
    status = ctypes.c_int(0)
    if "status" in declared:
        rest.append(ctypes.byref(status))
    assert len(rest) == len(declared), header[0]
    function = library[name]
    function.restype = ctypes.c_double
    value: float = function(*rest)
    assert status.value == 0
    return value, tuple(list(s) if isinstance(x, list) else s[0] for s, x in zip(slopes, at, strict=True))


def given(argument: ArgumentInfo, x: Any) -> Any:
    if isinstance(x, list):
        return (ctypes.c_double * len(x))(*x)
    return ctypes.c_long(x) if argument.dtype == "int" else ctypes.c_double(x)


def room(x: Any) -> Any:
    """A place for the derivative by `x`, full of nonsense."""
    count = len(x) if isinstance(x, list) else 1
    return (ctypes.c_double * count)(*[12345.0] * count)


def bound_sizes(info: FunctionInfo, at: tuple[Any, ...]) -> dict[str, int]:
    """The free sizes in the order of the arguments that bind them."""
    sized = [(a.shape[0], len(x)) for a, x in zip(info.arguments, at, strict=True) if a.shape]
    return {size: length for size, length in sized if size.isidentifier()}
