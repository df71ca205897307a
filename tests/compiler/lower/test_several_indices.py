"""Sums over several indices, ranges that depend on each other, ranges of nothing: numbers by hand, on every target."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import pytest
from msgspec import Struct

from mgc.compiler.module import Module
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from support import native, targets
from support.arrays import flat
from support.emitted import Emitted, emit

OPTIONS = {
    "bare": Options(),
    "ieee": Options(ieee=True),
    "accurate": Options(accurate=True),
    "unroll": Options(unroll=8),
}


class Row(Struct, frozen=True):
    """A model at a point: its results, and the derivatives of their sum."""

    model: str  # `arguments: expression`
    at: tuple[Any, ...]
    value: Any
    slopes: tuple[Any, ...]


THREE = [1.0, 2.0, 4.0]
OTHER = [3.0, 5.0, 7.0]
ROWS = [
    # an array with an axis of its own, read under a sum over another: its adjoint is summed over the other alone
    Row("b[n], c[n]: sum(sum([1, b[i]] + c[p]) for i, p)", (THREE, OTHER), 120.0, ([3.0] * 3, [6.0] * 3)),
    Row("b[n]: sum([b[i], b[i]**2] for i, p in range(n))", (THREE,), [21.0, 63.0], ([9.0, 15.0, 27.0],)),
    Row("b[n]: sum([b[i], 1, b[i]**2][p] for i for p in range(3))", (THREE,), 31.0, ([3.0, 5.0, 9.0],)),
    Row("b[n]: sum([b[i]*b[k] for k][p] for i for p in range(n))", (THREE,), 49.0, ([14.0] * 3,)),
    Row("b[n]: sum(sum([b[i], 2*b[i]]) for i, p, q in range(n))", (THREE,), 189.0, ([27.0] * 3,)),
    Row("b[n]: sum(sum([b[i], 1]) for i, p in range(n) if p < i)", (THREE,), 13.0, ([0.0, 1.0, 2.0],)),
    Row("b[n]: sum(sum([b[i], 1]) for i in range(n) for p in range(i))", (THREE,), 13.0, ([0.0, 1.0, 2.0],)),
    Row("b[n]: sum(sum([b[p], 1]) for i in range(n) for p in range(i))", (THREE,), 7.0, ([2.0, 1.0, 0.0],)),
    # a row of a literal is named after the literal is made, in a loop or in a branch
    Row("x, b[n]: sum([[x, 2], [x, b[i]]][1, i % 2] for i)", (0.5, THREE), 3.0, (2.0, [0.0, 1.0, 0.0])),
    Row("x, b[n]: prod([[x, 2], [x, b[i]]][1, i % 2] for i)", (0.5, THREE), 0.5, (2.0, [0.0, 0.25, 0.0])),
    Row("b[n]: sum(sum([[1, 2], [b[i]**2, b[i]]][1, k] for k in range(2)) for i)", (THREE,), 28.0, ([3.0, 5.0, 9.0],)),
    Row("x: sum([[1, 0, 0], [0, 2, 2], [0, 2, x**2]][i, j] for i, j in range(3) if i == j)", (3.0,), 12.0, (6.0,)),
    # the other factors run over the whole of the product's ranges
    Row(
        "x[n]: prod(x[j] + x[s] for s for j in range(s))",
        ([1.8, 3.0, 2.0, 4.0],),
        22216.32,
        ([14305.2, 12245.424, 13992.384, 10706.88],),
    ),
    Row(
        "x[n]: prod(x[j] + 2*x[s] for s for j in range(s) if j != 1)",
        (THREE,),
        45.0,
        ([14.0, 18.0, 10.0],),
    ),
    Row(
        "x[n]: prod(x[i]*x[j] + x[k] for i for j in range(i) for k in range(j + 1))",
        (THREE,),
        1350.0,
        ([2850.0, 1725.0, 840.0],),
    ),
    Row("x[n]: prod(prod(x[j] for j in range(s)) for s in range(n))", (THREE,), 2.0, ([4.0, 1.0, 0.0],)),
    Row("x[n]: sum(prod(x[j] + x[s] for j in range(s)) for s)", (THREE,), 34.0, ([7.0, 6.0, 11.0],)),
    # a range that ends before it starts is one of nothing
    Row("x[n]: [x[i + 1] - x[i] for i in range(n - 1)]", ([],), [], ([],)),
    Row("x[n]: [x[i + 2]*x[i] for i in range(n - 2)]", ([],), [], ([],)),
    Row("x[n]: [x[i + 2]*x[i] for i in range(n - 2)]", ([2.0],), [], ([0.0],)),
    Row("x[n], y[m]: [x[i + 1]*y[j + 1] for i in range(n - 1) for j in range(m - 1)]", ([], []), [], ([], [])),
    Row("x[n], y[n - 1]: sum(x) + sum(y)", ([], []), 0.0, ([], [])),
    Row("x[n], k: int: [x[i]**2 for i in range(k)]", (THREE, -1), [], ([0.0] * 3,)),
    Row("x[n], a: a + sum([a*x[i] for i in range(n - 2)])", ([], 3.0), 3.0, ([], 1.0)),
    Row(
        "x[n], y[m]: sum([x[i]*y[j] for i in range(n - 2) for j])*sum([y[i]*y[j] for i, j])",
        ([], THREE),
        0.0,
        ([], [0.0] * 3),
    ),
    Row("v[n]: norm(v)", ([],), 0.0, ([],)),
    Row("v[n], w[m]: norm([norm(v*w[j]) for j])", ([], THREE), 0.0, ([], [0.0] * 3)),
]
SOURCE = "\n".join(
    f"def f{number}({row.model.rpartition(': ')[0]}): return {row.model.rpartition(': ')[2]}"
    for number, row in enumerate(ROWS)
)


def ones(value: Any) -> Any:
    return [ones(part) for part in value] if isinstance(value, list) else 1.0


@cache
def python(target: str) -> Emitted:
    return emit(SOURCE, options=OPTIONS[target])


@cache
def in_c() -> tuple[Module, ctypes.CDLL]:
    module = compile_source(SOURCE, "model.mg", Options(target="c"))
    return module, targets.build(module.text)


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[row.model for row in ROWS])
@pytest.mark.parametrize("target", OPTIONS)
def test_in_python(target: str, number: int) -> None:
    row, module = ROWS[number], python(target)
    info = module.info(f"f{number}")
    seeds = [ones(row.value)] if isinstance(row.value, list) else []
    value, slopes = module.names[str(info.gradient_name)](*row.at, *seeds)
    assert module.names[info.emitted_name](*row.at) == pytest.approx(row.value, rel=1e-13)
    assert value == pytest.approx(row.value, rel=1e-13)
    assert [pytest.approx(wanted, rel=1e-13) for wanted in row.slopes] == list(slopes)


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[row.model for row in ROWS])
def test_in_c(number: int) -> None:
    row, (module, library) = ROWS[number], in_c()
    info = next(info for info in module.functions if info.name == f"f{number}")
    is_array = isinstance(row.value, list)
    sizes = native.sizes(info, {argument.name: x for argument, x in zip(info.arguments, row.at, strict=True)})
    inputs = [*row.at, *([ones(row.value)] if is_array else [])]
    outputs = [*([row.value] if is_array else []), *[row.at[place] for place in range(len(row.slopes))]]
    function = native.find(module, library, str(info.gradient_name))
    value, *slopes = native.call(function, inputs, sizes, outputs)
    assert value == pytest.approx(flat(row.value), rel=1e-13)
    assert slopes == [pytest.approx(flat(wanted), rel=1e-13) for wanted in row.slopes]
