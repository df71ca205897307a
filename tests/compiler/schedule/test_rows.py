"""The pass that puts loops along rows: which loops it turns, what it leaves, and that no bit changes."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

import mgc
from mgc.compiler import pipeline
from mgc.compiler.emit.c import lanes
from mgc.compiler.options import Options
from mgc.compiler.schedule import rows
from mgc.compiler.schedule.rows import by_rows
from support.native_models import called, compare, drawn, free_sizes, needs_c, quickly
from support.quick import first_quick, slow
from support.trial import adjoints, shape

PRODUCT = "def f(A[n, m], B[m, p]): return sum((A @ B)**2)"
MODELS = """\
def product(A[n, m], B[m, p]): return A @ B, sum((A @ B)**3)

def layer(W[n, m], c[m], X[b, n], k[b]: int):
    h = [relu(X[i] @ W + c) for i]
    return sum(cross_entropy(h[i], k[i]) for i)

def attention(Q[n, d], K[n, d], V[n, h]): return [softmax(K @ Q[i]) @ V for i]

def chosen(W[n, m], x[b, n], y[m]):
    return sum(sum(W[k, j]*x[i, k]*y[j] for k) if y[j] > 0 else y[j]*x[i, 0] for i for j)

def both(W[n, n], x[b, n]): return sum(W[k, j]*x[i, k]*x[i, j]**2 for i, j, k)

def inner(W[n, m], x[b, n], k[b]: int):
    z = [x[i] @ W for i]
    return sum(z[i, k[i]]*max(z[i]) for i)
""".split("\n\n")


def loops(text: str, name: str) -> list[str]:
    """The loops, and what is added up, in the C of a function, where turns are taken one by one."""
    made = pipeline.compile_source(text, "model.mg", Options(target="c", lanes=True)).text
    body = made.partition(f"mgc_status {name}(")[2].partition("\n}\n")[0].rpartition("#endif")[2]
    return [line.partition("  /*")[0].strip(" {") for line in body.splitlines() if "+=" in line or "for (" in line]


def test_a_product_goes_along_the_rows_of_the_matrix() -> None:
    assert loops(PRODUCT, "f") == [
        "for (; i < n; i++)",
        "for (int64_t at = 0; at < p; at++) each_A_B_sum[at] = 0.0;",
        "for (int64_t k = 0; k < m; k++)",
        "for (int64_t j = 0; j < p; j++)",
        "each_A_B_sum[j] += A[i * m + k] * B[k * p + j];",
        "for (int64_t j = 0; j < p; j++)",
        "out_total += each_A_B_sum[j] * each_A_B_sum[j];",
    ]


def test_so_does_its_derivative_and_a_sum_at_one_entry_is_a_number() -> None:
    assert loops(PRODUCT, "f_value_and_grad")[-4:] == [
        "for (int64_t k = 0; k < m; k++)",
        "for (int64_t j = 0; j < p; j++)",
        "this_dA += each_dA_B_sum[j] * B[k * p + j];",
        "dB[k * p + j] += each_dA_B_sum[j] * A[i * m + k];",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "def f(W[m, n], X[b, n]): return sum(tanh(W @ X[i])**2 for i)",  # it is along rows
        "def f(W[8, 8], X[b, 8]): return sum(tanh(X[i] @ W)**2 for i)",  # it is small
        "def f(W[n, m], x[n]): return x @ W",  # lanes are along rows
        "def f(W[n, n], X[b, n]): return sum(tanh(sum(W[k, j]*X[i, k] for k in range(j)))**2 for i, j)",  # a triangle
    ],
)
def test_what_is_left(text: str) -> None:
    for nest in pipeline.run(text, "model.mg", Options(), until="schedule").functions[0].nests[:1]:
        assert by_rows(nest) == nest


@needs_c
@pytest.mark.parametrize("lanes_of", ["0", slow("4")])
@pytest.mark.parametrize("text", first_quick(MODELS), ids=lambda text: text[4 : text.index("(")])
def test_all_bits_are_the_same(text: str, lanes_of: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But in lanes, which may take a loop that they left."""
    monkeypatch.setattr(rows, "LARGE", -1)
    monkeypatch.setattr(rows, "LARGER", -1)
    flags = (f"-DMGC_LANES={lanes_of}",)
    python, turned = mgc.loads(text, ieee=True), quickly(text, "model.mg", tmp_path, name="turned", flags=flags)
    assert "each_" in turned.source or "this_" in turned.source
    monkeypatch.setattr(lanes, "by_rows", lambda nest: nest)
    plain, draw = quickly(text, "model.mg", tmp_path, name="plain", flags=flags), random.Random(0)
    (function,) = python.functions
    name = function.info.name
    for size in free_sizes(function):
        for length in (0, 1, 3, 17):
            given = drawn(function, draw, length == 3, {size: length})
            compare(function, turned[name], given)
            value = called(function, given, None)
            if lanes_of != "0" or isinstance(value, Exception):
                continue
            results: Any = function(*given)
            by = adjoints([shape(one) for one in (results if len(function.info.results) > 1 else (results,))])
            for seeds in (None, by):
                assert str(called(turned[name], given, seeds)) == str(called(plain[name], given, seeds)), (size, length)
