"""The delicate points that tests/cases/test_observed.py leaves out, and all of them in bare Python.

Together every row of the collection is held to one answer on each target, or has its reason here.
"""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Any

import pytest

from cases.test_observed import CASES, UNSPECIFIED, close, definition, name
from mgc.compiler.pipeline import compile_source
from mgc.grammar.diagnostics import ModelError
from support import targets

NAN, INF = math.nan, math.inf
RAISES = "raises"
Answer = tuple[float, list[float]]

# Written out by hand these overflow: what follows is what IEEE arithmetic makes of them, where an adjoint of 0 stops.
# The named functions (logsumexp, softplus, log_softmax, ...) are right there, and tested.
WRITTEN_OUT: dict[str, Answer] = {
    "lse_naive@1000.0,1000.0": (INF, [0.0, 0.0]),
    "lse_naive@-1000.0,-1000.0": (-INF, [NAN, NAN]),
    "softmax_naive_0@1000.0,1001.0,1002.0": (NAN, [NAN, NAN, NAN]),
    "log_of_softmax_0@0.0,2000.0": (-INF, [NAN, NAN]),
    "log_sigmoid_naive@-1000.0": (-INF, [NAN]),
    "softplus_naive@1000.0": (INF, [0.0]),
    "softplus_naive@-1000.0": (0.0, [0.0]),
    "softplus_naive@-40.0": (0.0, [4.248354255291589e-18]),
}
# A vector of no entries, its size known only when the function runs; a size of 0 in the model itself is refused.
OF_NOTHING: dict[str, Answer] = {
    "sum_empty@": (0.0, []),
    "prod_empty@": (1.0, []),
    "max_empty@": (-INF, []),
    "mean_empty@": (NAN, []),
}
ANSWERS = WRITTEN_OUT | OF_NOTHING
# Bare Python has its own answer, without raising, where infinities go in: inf - inf.
BARE: dict[str, Answer] = {
    "lse_fn@-inf,-inf": (NAN, [NAN, NAN]),
    "lse_fn@inf,0.0": (NAN, [NAN, NAN]),
    "logaddexp_fn@-inf,-inf": (-INF, [NAN, NAN]),
}
# Bare Python raises on the way to a result that is finite.
OVERFLOWS_ON_THE_WAY = {"sigmoid_naive@-1000.0"}
# Delicate points of others' issue trackers that are in no table: nothing is rewritten (log(exp(x)) is not x), a slope
# far out keeps its digits, a comparison has none. Bare Python raises where the value is infinite.
MODEL = """
def log_exp(x): return log(exp(x))
def selu(x): return 1.05*elu(x, 1.67)
def masked(x, y): return y**2 + y*(1 if x > y else 0)
def doubled(x): return x + x + x*x - x
"""
FURTHER: dict[tuple[str, tuple[float, ...]], Answer] = {
    ("log_exp", (710.0,)): (INF, [0.0]),
    ("log_exp", (-800.0,)): (-INF, [NAN]),
    ("selu", (-700.0,)): (-1.7535, [1.728894281948276e-304]),
    ("masked", (2.0, 1.0)): (2.0, [0.0, 3.0]),
    ("doubled", (3.0,)): (12.0, [7.0]),
}


def rows() -> list[dict[str, Any]]:
    return list(json.loads(CASES.read_text(encoding="utf-8"))["cases"]) if CASES.exists() else []


ROWS = {str(row["id"]): row for row in rows()}


@cache
def compiled(target: str) -> targets.Compiled:
    text = "\n".join({name(row): definition(row) for row in ROWS.values()}.values())
    return targets.c(text) if target == "c" else targets.python(text, ieee=target == "ieee")


def answer(target: str, row: dict[str, Any]) -> Answer | str:
    """The value and its derivatives, or that the code raises."""
    at: Any = [float(x) for x in row["at"]]
    try:
        value, slopes = compiled(target).value_and_grad(name(row), (at,) if row["vector_input"] else tuple(at))
    except (ArithmeticError, ValueError):
        return RAISES
    return value, list(slopes[0]) if row["vector_input"] else list(slopes)


def same(found: Answer | str, wanted: Answer) -> bool:
    if isinstance(found, str) or len(found[1]) != len(wanted[1]):
        return False
    return close(found[0], wanted[0]) and all(map(close, found[1], wanted[1]))


@pytest.mark.collection
@pytest.mark.parametrize("case", ANSWERS)
@pytest.mark.parametrize("target", ["ieee", "c"])
def test_what_is_left_out_elsewhere(target: str, case: str) -> None:
    assert same(answer(target, ROWS[case]), ANSWERS[case])


@pytest.mark.collection
@pytest.mark.parametrize("case", ROWS)
def test_bare_python_raises_or_gives_the_one_answer(case: str) -> None:
    found, ieee = answer("bare", ROWS[case]), answer("ieee", ROWS[case])
    assert not isinstance(ieee, str)
    if case in BARE:
        assert same(found, BARE[case])
    elif found == RAISES:
        finite = all(map(math.isfinite, [ieee[0], *ieee[1]]))
        assert finite == (case in OVERFLOWS_ON_THE_WAY) or case in OF_NOTHING
    else:
        assert same(found, ieee)


@pytest.mark.collection
def test_every_row_is_accounted_for() -> None:
    left_out = {case for case, row in ROWS.items() if case.partition("@")[0] in UNSPECIFIED or not row["at"]}
    assert left_out == ANSWERS.keys()
    assert BARE.keys() | OVERFLOWS_ON_THE_WAY <= ROWS.keys()


@pytest.mark.parametrize("reduction", ["max", "min", "mean"])
def test_a_reduction_of_nothing_is_a_mistake_where_the_size_is_known(reduction: str) -> None:
    with pytest.raises(ModelError, match=f"'{reduction}' of nothing"):
        compile_source(f"def f(v[0]):\n    return {reduction}(v)\n", "nothing.mg")


@pytest.mark.parametrize(("function", "at"), FURTHER)
@pytest.mark.parametrize("target", ["bare", "ieee", "c"])
def test_further_point(target: str, function: str, at: tuple[float, ...]) -> None:
    wanted = FURTHER[function, at]
    code = targets.c(MODEL) if target == "c" else targets.python(MODEL, ieee=target == "ieee")
    if target == "bare" and math.isinf(wanted[0]):
        with pytest.raises((ArithmeticError, ValueError)):
            code.value_and_grad(function, at)
        return
    value, slopes = code.value_and_grad(function, at)
    assert same((value, list(slopes)), wanted)
