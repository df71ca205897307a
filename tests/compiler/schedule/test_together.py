"""The pass that makes four sums at once: which loops it takes, what it leaves, and that no bit changes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import mgc
from mgc.compiler import pipeline
from mgc.compiler.emit.c import lanes
from mgc.compiler.options import Options
from mgc.compiler.schedule import together as pass_
from mgc.compiler.schedule.together import together
from support.native_models import called, compare, drawn, free_sizes, needs_c, quickly
from support.quick import first_quick, slow

LAYER = "def f(W[h, d], b[h], x[d]): return [tanh(W[j] @ x + b[j]) for j]"
MODELS = """\
def layer(W[h, d], b[h], X[n, d]): return sum(sum(relu(W @ X[i] + b)**2) for i)

def each(W[h, d], x[d]): return [tanh(W[j] @ x)*j for j]

def known(W[6, 40], x[40]): return sum(tanh(W @ x)), [W[j] @ x for j]

def two(A[n, m], k[m]: int): return [sum(A[i, j]*k[j] for j) + sum(k[j]*i for j) for i]

def chosen(A[n, m], y[n]): return [sum(A[i, j]**2 for j)*(y[i] if y[i] > 0 else i) for i]
""".split("\n\n")


def body(text: str) -> list[str]:
    """The lines of the value's C."""
    made = pipeline.compile_source(text, "model.mg", Options(target="c", lanes=True)).text
    lines = made.partition("mgc_status f(")[2].partition("\n}\n")[0].partition(") {\n")[2].splitlines()
    return [line.partition("  /*")[0] for line in lines]


def test_four_sums_are_made_at_once_and_the_rest_as_before() -> None:
    assert body(LAYER) == [
        "    for (int64_t j = 0; j < h / 4 * 4; j += 4) {",
        "        double each_W_x_sum[4];",
        "        for (int64_t at = 0; at < 4; at++) each_W_x_sum[at] = 0.0;",
        "        for (int64_t i = 0; i < d; i++) {",
        "            each_W_x_sum[0] += W[j * d + i] * x[i];",
        "            each_W_x_sum[1] += W[(j + 1) * d + i] * x[i];",
        "            each_W_x_sum[2] += W[(j + 2) * d + i] * x[i];",
        "            each_W_x_sum[3] += W[(j + 3) * d + i] * x[i];",
        "        }",
        "        for (int64_t at_lanes_2 = 0; at_lanes_2 < 4; at_lanes_2++) {",
        "            out[j + at_lanes_2] = tanh(each_W_x_sum[at_lanes_2] + b[j + at_lanes_2]);",
        "        }",
        "    }",
        "    for (int64_t j = h / 4 * 4; j < h; j++) {",
        "        double W_x_sum = 0.0;",
        "        for (int64_t i = 0; i < d; i++) {",
        "            W_x_sum += W[j * d + i] * x[i];",
        "        }",
        "        out[j] = tanh(W_x_sum + b[j]);",
        "    }",
        "    return (mgc_status){MGC_OK, 0};",
    ]


def test_no_turn_is_left_of_a_multiple_of_four() -> None:
    lines = body("def f(W[8, 40], x[40]): return [tanh(W[j] @ x) for j]")
    assert [line.strip() for line in lines if "int64_t j" in line] == ["for (int64_t j = 0; j < 8; j += 4) {"]


@pytest.mark.parametrize(
    "text",
    [
        "def f(W[h, 8], x[8]): return [tanh(W[j] @ x) for j]",  # it is short
        "def f(W[3, d], x[d]): return [tanh(W[j] @ x) for j]",  # there are not four
        "def f(W[h, h], x[h]): return [sum(W[j, k]*x[k] for k in range(j)) for j]",  # a triangle
        "def f(W[h, d], x[d]): return [max(W[j, k]*x[k] for k) for j]",  # no sum
    ],
)
def test_what_is_left(text: str) -> None:
    for nest in pipeline.run(text, "model.mg", Options(), until="schedule").functions[0].nests[:1]:
        assert together(nest) == nest


@needs_c
@pytest.mark.parametrize("lanes_of", ["0", slow("4")])
@pytest.mark.parametrize("text", first_quick(MODELS), ids=lambda text: text[4 : text.index("(")])
def test_all_bits_are_the_same(text: str, lanes_of: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pass_, "SHORT", 0)
    flags = (f"-DMGC_LANES={lanes_of}",)
    python, four = mgc.loads(text, ieee=True), quickly(text, "model.mg", tmp_path, name="four", flags=flags)
    assert "each_" in four.source
    monkeypatch.setattr(lanes, "together", lambda nest: nest)
    plain, draw = quickly(text, "model.mg", tmp_path, name="plain", flags=flags), random.Random(0)
    (function,) = python.functions
    for size in free_sizes(function) or [""]:
        for length in (0, 1, 3, 4, 17):
            given = drawn(function, draw, length == 3, {size: length})
            compare(function, four[function.info.name], given)
            found = [str(called(model[function.info.name], given, None)) for model in (four, plain)]
            assert found[0] == found[1], (size, length)
