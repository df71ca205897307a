"""The same model as Python and as native code, and whether they agree at a point.

Both are called as a person calls them. Numbers agree where they are a few units in the last place apart, or as far as
rounding in the largest entry of their array reaches; infinities and NaN are themselves.
"""

from __future__ import annotations

import math
import random
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import mgc
from mgc.compiler.options import Options
from mgc.compiler.toolchain.compilers import build, compiler
from mgc.runtime.conversion import Sizes
from mgc.runtime.initial import initial
from mgc.runtime.model import Function
from mgc.runtime.native import cache
from mgc.runtime.native.caller import caller
from mgc.runtime.native.description import read
from mgc.runtime.native.model import NativeModel, c_text
from support.arrays import flat
from support.trial import adjoints, shape

needs_c = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler here")
CLOSE = 1e-13
SIZES = (3, 4, 2, 5)


def quickly(
    text: str, path: str, folder: Path, options: Options | None = None, name: str = "model", flags: Sequence[str] = ()
) -> NativeModel:
    """The native model of a text, built without optimisation and kept nowhere else."""
    options = options or Options()
    library = folder / f"{name}.so"
    build(compiler(), c_text(text, path, options, None)[1], library, ["-std=c99", "-O0", *flags])
    handle = caller().library(str(library))
    said = read(caller().text(handle))
    return NativeModel(said.module, handle, text, path, options, None)


def called(function: Any, arguments: Sequence[Any], by: Sequence[Any] | None) -> Any:
    """What a function, or with `by` its derivative, gives: numbers flat, or the exception that it raises."""
    try:
        if by is None:
            return flat(function(*arguments))
        if function.info.results == ((),):
            return flat(list(_parts(function.value_and_grad(*arguments))))
        return flat(list(_parts(function.vjp(*arguments, *by))))
    except (mgc.ModelError, mgc.DataError) as error:  # of the latter: what the function requires
        return error


def _parts(found: Any) -> Sequence[Any]:
    value, grads = found
    listed = [
        list(one.values()) if isinstance(one, Mapping) else one
        for one in (grads if isinstance(grads, tuple) else [grads])
    ]
    return [list(value) if isinstance(value, tuple) else value, listed]


def agree(one: Any, other: Any, close: float = CLOSE) -> bool:
    """Whether two outcomes are the same, but for so much of the largest number in them."""
    if isinstance(one, Exception) or isinstance(other, Exception):
        both = isinstance(one, Exception) and isinstance(other, Exception)
        return both and (not isinstance(one, mgc.DataError) or str(one) == str(other))
    if len(one) != len(other):
        return False
    scale = max([abs(x) for x in one if math.isfinite(x)], default=0.0)
    return all(
        a == b or (math.isnan(a) and math.isnan(b)) or abs(a - b) <= close * max(abs(a), scale, 1e-300)
        for a, b in zip(one, other, strict=True)
    )


def fresh_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test alone, with nothing in it but what calls native code."""
    caller()
    built = [path for path in cache.entries() if path.name.startswith("caller-")]
    monkeypatch.setenv("MGC_CACHE", str(folder / "cache"))
    for path in built:
        shutil.copy2(path, cache.folder())
    return cache.folder()


def free_sizes(function: Function) -> list[str]:
    """The named sizes of a function's arguments."""
    named = [size for argument in function.info.arguments for size in argument.shape if size.isidentifier()]
    return list(dict.fromkeys(named))


def drawn(
    function: Function, source: random.Random, special: bool, chosen: Mapping[str, int] | None = None
) -> list[Any]:
    """Arguments of a function at random, of these sizes; where it is `special`, with infinities and NaN."""
    sizes = Sizes()
    for place, size in enumerate(free_sizes(function)):
        sizes.bind(size, (chosen or {}).get(size, SIZES[place % len(SIZES)]), "here")

    def numbers(rest: tuple[str, ...], kind: str) -> Any:
        if rest:
            return [numbers(rest[1:], kind) for _ in range(sizes.value(rest[0]) or 0)]
        if kind == "int":
            return source.randrange(2)
        if special and source.random() < 0.3:
            return source.choice((math.nan, math.inf, -math.inf, 0.0))
        return source.gauss(0.0, 1.0)

    given = {argument.name: numbers(argument.shape, argument.dtype) for argument in function.info.arguments}
    params = [initial(function, 1, given)] if function.info.parameters else []
    return [*params, *given.values()]


def compare(python: Function, native: Function, arguments: list[Any], close: float = CLOSE) -> None:
    """Hold both functions and both derivatives against each other."""
    wanted = called(python, arguments, None)
    assert agree(wanted, called(native, arguments, None), close), (python.info.name, arguments)
    if python.info.gradient_name is None or isinstance(wanted, Exception):
        return
    results: Any = python(*arguments)
    by = adjoints([shape(one) for one in (results if len(python.info.results) > 1 else (results,))])
    found = called(native, arguments, by)
    assert agree(called(python, arguments, by), found, close), (python.info.name, arguments)
