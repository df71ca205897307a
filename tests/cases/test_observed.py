"""What ours gives at the delicate points where other systems were measured, with inf and nan as values."""

from __future__ import annotations

import ast
import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from support import targets

CASES = Path(__file__).parents[3] / "shared" / "cases" / "pitfalls_observed.json"
NAN, INF = math.nan, math.inf

# id -> (value, derivatives) where our answer is not what JAX gives; None: JAX's value is ours.
OURS: dict[str, tuple[float | None, list[float]]] = {
    "where_sqrt@0.0": (None, [0.0]),
    "where_sqrt@-1.0": (None, [0.0]),
    "where_sinx_over_x@0.0": (None, [0.0]),
    "where_log@0.0": (None, [0.0]),
    "where_exp_overflow@1000.0": (None, [1.0]),
    "where_x_or_recip@0.0": (None, [0.0]),
    "log@-1.0": (None, [NAN]),
    "hypot_fn@0.0,0.0": (None, [0.0, 0.0]),
    "hypot_fn@1e+200,1e+200": (None, [0.7071067811865475, 0.7071067811865475]),
    "norm2@0.0,0.0": (None, [0.0, 0.0]),
    "std@1.0,1.0,1.0": (None, [0.0, 0.0, 0.0]),
    "xlogx@0.0": (None, [-INF]),
    "xlogy_fn@0.0,0.0": (None, [-INF, 0.0]),
    "pow_var@0.0,0.0": (None, [0.0, 0.0]),
    "pow_var@0.0,-1.0": (None, [-INF, -INF]),
    "abs@0.0": (None, [0.0]),
    "abs@-0.0": (None, [0.0]),
    "clip01@0.0": (None, [0.0]),
    "clip01@1.0": (None, [0.0]),
    "lse_fn@-inf,-inf": (None, [0.0, 0.0]),
    "lse_fn@inf,0.0": (None, [1.0, 0.0]),
    "logaddexp_fn@1000.0,1000.0": (None, [0.5, 0.5]),
    "logaddexp_fn@-inf,-inf": (None, [0.0, 0.0]),
    "sigmoid_naive@-1000.0": (None, [0.0]),
    "one_minus_tanh2@19.0": (1.0, [2.220446049250313e-16]),
    "sinc_fn@1e-08": (None, [-3.289868133696453e-08]),
    "sinc_fn@1.0": (0.0, [-1.0]),
    "atan2@0.0,0.0": (None, [0.0, 0.0]),
    "atan2@1e-200,1e-200": (None, [5e199, -5e199]),
}
# Written out by hand these overflow and their derivatives are nan one way or another: use the named ones.
UNSPECIFIED = {"lse_naive", "softplus_naive", "log_sigmoid_naive", "log_of_softmax_0", "softmax_naive_0"}

OPERATORS = {"gt": ast.Gt, "eq": ast.Eq}
RENAMED = {"maximum": "max", "minimum": "min", "rmax": "max", "lse": "logsumexp"}


class Spelling(ast.NodeTransformer):
    """The cases' notation to ours: `where(gt(x, 0), a, b)` is `a if x > 0 else b`."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        first, *rest = node.args
        if name == "where":
            return ast.IfExp(first, *rest)
        if name == "powc":
            return ast.BinOp(first, ast.Pow(), rest[0])
        if name == "const":
            return first
        if name == "mod":
            return ast.BinOp(first, ast.Mod(), rest[0])
        if name in OPERATORS:
            return ast.Compare(first, [OPERATORS[name]()], rest)
        node.func = ast.Name(RENAMED.get(name, name))
        return node


def cases() -> list[dict[str, Any]]:
    found = json.loads(CASES.read_text())["cases"] if CASES.exists() else []
    return [case for case in found if case["id"].partition("@")[0] not in UNSPECIFIED and case["at"]]


def name(case: dict[str, Any]) -> str:
    return "case_" + str(case["id"]).partition("@")[0]


def definition(case: dict[str, Any]) -> str:
    arguments = "v[n]" if case["vector_input"] else case["args"]
    expression = ast.unparse(Spelling().visit(ast.parse(case["expr"], mode="eval")))
    return f"def {name(case)}({arguments}):\n    return {expression}\n"


@cache
def compiled(target: str) -> targets.Compiled:
    text = "\n".join({name(case): definition(case) for case in cases()}.values())
    return targets.c(text) if target == "c" else targets.python(text, ieee=True)


def close(found: float, wanted: float) -> bool:
    if not math.isfinite(wanted) or wanted == 0.0:
        return found == wanted or (math.isnan(found) and math.isnan(wanted))
    return math.isclose(found, wanted, rel_tol=2e-15)


@pytest.mark.collection
@pytest.mark.parametrize("case", cases(), ids=lambda case: str(case["id"]))
@pytest.mark.parametrize("target", ["ieee", "c"])
def test_case(target: str, case: dict[str, Any]) -> None:
    observed = case["observed"]["jax"]
    value, wanted = OURS.get(case["id"], (None, [float(x) for x in observed["grad"]]))
    at: Any = [float(x) for x in case["at"]]
    found, slopes = compiled(target).value_and_grad(name(case), (at,) if case["vector_input"] else tuple(at))
    if case["vector_input"]:
        (slopes,) = slopes
    assert close(found, float(observed["value"]) if value is None else value)
    assert len(slopes) == len(wanted)
    assert all(map(close, slopes, wanted))
