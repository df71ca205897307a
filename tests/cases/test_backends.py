"""Operations at boundary values: one answer, whichever target computes it (`backend_semantics`)."""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Any

import pytest

from cases.case import SHARED
from support import targets

FILE = SHARED / "backend_semantics.json"

# Operations that the collection names otherwise than as expressions of x and y.
SPELLED = {
    "mod: x % y": "x % y",
    "math.pow vs **": "x**y",
    "atan2(y,x)": "atan2(x, y)",
    "hypot": "hypot(x, y)",
    "x*y overflow": "x*y",
    "x==x (nan)": "1.0 if x == x else 0.0",
    "x<y chained": "1.0 if x < y < 2 else 0.0",
    "int literal power 10**400*x": "10**400*x",
}
# Of two equals ours is the first, and so is the sign of a zero; NumPy's is the second.
OURS = {
    ("max(x,y)", ("0.0", "-0.0")): 0.0,
    ("max(x,y)", ("-0.0", "0.0")): -0.0,
    ("min(x,y)", ("0.0", "-0.0")): 0.0,
}
ULP = {"gamma(x)": 8, "lgamma(x)": 8}  # of libraries


def rows() -> list[dict[str, Any]]:
    return list(json.loads(FILE.read_text(encoding="utf-8"))["cases"]) if FILE.exists() else []


ROWS = rows()


@cache
def compiled(target: str) -> targets.Compiled:
    text = "".join({row["op"]: definition(row) for row in ROWS}.values())
    return targets.c(text) if target == "c" else targets.python(text, ieee=target == "ieee")


def name(row: dict[str, Any]) -> str:
    return f"operation_{sorted({one['op'] for one in ROWS}).index(row['op'])}"


def definition(row: dict[str, Any]) -> str:
    arguments = ", ".join("xy"[: len(row["args"])])
    return f"def {name(row)}({arguments}):\n    return {SPELLED.get(row['op'], row['op'])}\n"


def wanted(row: dict[str, Any]) -> float:
    return OURS.get((row["op"], tuple(row["args"])), float(row["numpy"]))


def same(found: float, exact: float, ulp: float) -> bool:
    if math.isnan(exact):
        return math.isnan(found)
    if exact == 0.0 or math.isinf(exact):
        return found == exact and math.copysign(1.0, found) == math.copysign(1.0, exact)
    return abs(found - exact) <= ulp * math.ulp(exact)


@pytest.mark.collection
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['op']} {' '.join(row['args'])}")
@pytest.mark.parametrize("target", ["bare", "ieee", "c"])
def test_one_answer(target: str, row: dict[str, Any]) -> None:
    """Bare Python may raise instead, where the answer is no finite number."""
    exact = wanted(row)
    try:
        found = compiled(target).value(name(row), tuple(map(float, row["args"])))
    except (ArithmeticError, ValueError):
        assert target == "bare"
        assert not math.isfinite(exact)
    else:
        assert same(found, exact, ULP.get(row["op"], 1))


@pytest.mark.collection
def test_every_exception_is_one() -> None:
    assert {(row["op"], tuple(row["args"])) for row in ROWS} >= OURS.keys()
    assert {row["op"] for row in ROWS} >= {*SPELLED, *ULP}
