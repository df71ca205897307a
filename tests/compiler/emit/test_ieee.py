"""The guarded helpers against the machine's C library, at every special value and some ordinary ones."""

from __future__ import annotations

import ast
import ctypes
import ctypes.util
import inspect
import json
import math
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mgc.compiler.emit.python import ieee

C_NAMES = {"round": "rint", "gamma": "tgamma"}
# Defined by us, because C has no such function (sign, relu, div, floordiv) or means another thing (min, max, mod).
OURS = {"div", "floordiv", "mod", "sign", "relu", "min", "max"}
ULP = {"gamma": 12, "lgamma": 100, "log10": 3, "sinh": 3}  # next to its zeros lgamma keeps no more
SPECIAL = (0.0, 5e-324, 1e-310, 1e-20, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 8.5, 710.0, 1e16, 1.7e308, math.inf)
GRID = (*(sign * x for x in SPECIAL for sign in (1.0, -1.0)), math.nan)
CASES = Path(__file__).parents[4] / "shared" / "cases" / "backend_semantics.json"

HELPERS: dict[str, Callable[..., float]] = {name: f for name, f in vars(ieee).items() if inspect.isfunction(f)}


def alike(ours: float, theirs: float, ulp: float = 1) -> bool:
    if math.isnan(ours) or math.isnan(theirs):
        return math.isnan(ours) and math.isnan(theirs)
    if theirs == 0.0 or math.isinf(theirs):
        return ours == theirs and math.copysign(1.0, ours) == math.copysign(1.0, theirs)
    return abs(ours - theirs) <= ulp * math.ulp(theirs)


@pytest.mark.parametrize("name", sorted(HELPERS.keys() - OURS))
def test_gives_what_c_gives(name: str) -> None:
    library = ctypes.CDLL(ctypes.util.find_library("m"))
    theirs = library[C_NAMES.get(name, name)]
    count = len(inspect.signature(HELPERS[name]).parameters)
    theirs.restype, theirs.argtypes = ctypes.c_double, count * [ctypes.c_double]
    for at in product(GRID, repeat=count):
        assert alike(HELPERS[name](*at), theirs(*at), ULP.get(name, 1)), at


@pytest.mark.parametrize("name", sorted(OURS))
def test_never_raises(name: str) -> None:
    count = len(inspect.signature(HELPERS[name]).parameters)
    for at in product(GRID, repeat=count):
        assert isinstance(HELPERS[name](*at), float)


@pytest.mark.parametrize("name", sorted(HELPERS))
def test_takes_whole_numbers(name: str) -> None:
    count = len(inspect.signature(HELPERS[name]).parameters)
    for at in ((0, 0, 0), (1, 1, 1), (-3, 2, 5), (3, -2, 5)):
        assert alike(HELPERS[name](*at[:count]), HELPERS[name](*map(float, at[:count])))


@pytest.mark.parametrize("name", sorted(HELPERS))
def test_stands_alone(name: str) -> None:
    tree = ast.parse(inspect.getsource(HELPERS[name]))
    loads = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not loads & HELPERS.keys(), "a helper is copied without the others"


MEASURED: dict[str, Callable[..., float]] = {
    "log(x)": ieee.log,
    "sqrt(x)": ieee.sqrt,
    "exp(x)": ieee.exp,
    "expm1(x)": ieee.expm1,
    "log1p(x)": ieee.log1p,
    "x/y": ieee.div,
    "x**y": ieee.pow,
    "math.pow vs **": ieee.pow,
    "sin(x)": ieee.sin,
    "tan(x)": ieee.tan,
    "cosh(x)": ieee.cosh,
    "acos(x)": ieee.acos,
    "atanh(x)": ieee.atanh,
    "acosh(x)": ieee.acosh,
    "max(x,y)": ieee.max,
    "min(x,y)": ieee.min,
    "mod: x % y": ieee.mod,
    "round(x)": ieee.round,
    "floor(x)": ieee.floor,
    "sign(x)": ieee.sign,
    "gamma(x)": ieee.gamma,
    "lgamma(x)": ieee.lgamma,
}


@pytest.mark.collection
def test_agrees_with_what_was_measured() -> None:
    for case in json.loads(CASES.read_text())["cases"]:
        helper = MEASURED.get(case["op"])
        if helper is None:
            continue
        at = tuple(float(x) for x in case["args"])
        ties = case["op"] in ("max(x,y)", "min(x,y)") and at[0] == at[1]
        wanted = at[0] if ties else float(case["numpy"])
        assert alike(helper(*at), wanted, 8), case


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.longdouble, np.int64])
@pytest.mark.parametrize("name", sorted(HELPERS))
def test_takes_numbers_of_numpy(name: str, kind: type[np.number[Any]]) -> None:
    count = len(inspect.signature(HELPERS[name]).parameters)
    points = (-3, 0, 2, 5) if kind is np.int64 else (-2.5, -1.75, -0.25, 0.0, 0.5, 1.5, 2.5, 100.625)
    for at in product(points, repeat=count):
        found, wanted = HELPERS[name](*map(kind, at)), HELPERS[name](*map(float, at))
        assert float(found) == pytest.approx(wanted, rel=2e-3, nan_ok=True), at


def test_a_whole_number_next_to_one_of_numpy_is_exact() -> None:
    rounded = HELPERS["round"]
    assert [rounded(x) for x in np.array([1.7, 2.5, 100.6, -0.2], np.float32)] == [2.0, 2.0, 101.0, 0.0]
    assert rounded(np.longdouble(1) / 2 + np.finfo(np.longdouble).eps) in (0.0, 1.0)
    assert rounded(np.float16(1500.0)) == 1500.0
