"""Array literals, and elements of arrays, under filters and branches: values and derivatives on every target."""

from __future__ import annotations

import math
import random
from functools import cache
from typing import Any

import pytest

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from support import emitted, native, targets
from support.arrays import flat

MODELS = """
def rotation(c[3], x):
    R = [[1, 0, 0], [0, cos(x), -sin(x)], [0, sin(x), cos(x)]]
    return [sum(R[i, j]*c[j] for j if c[j] > 0) for i]

def alternating(q[n], x):
    return sum([x, exp(x)][i % 2] for i if q[i] < 0)

def columns(c[2], x):
    return sum([[1, log(x)], [x, 2]] if c > 0 else 0)

def off_diagonal(x):
    R = [[1, 0, 0], [0, 2, 2], [0, 2, exp(x)]]
    return sum(R[i, j] for i, j if i != j)

def triangle(x):
    R = [[1, x, 0], [0, 2, 2], [0, 2, exp(x)]]
    return sum(R[i, j] for i, j if i <= j)

def elements(w[n], acc[2], x):
    return [[2, 2], [2, 1/x]] if [[2, 2], [2, x]] > 0 else acc/w[2]

def whole(a, b):
    return sum(([b, max(a, log(a))] if a > 0 else 1)*b)

def nested(a, c[3]):
    return sum(sum([a, exp(a*c[j])][(i + j) % 2] for j if c[j] > 0) for i in range(2) if a > 0)

def stored(a, x[n]):
    u = [log(x[i])*a for i]
    return sum(u) + sum(u**2) if a > 0 else a

def gathered(x[n], y[m], p[n]: int):
    return max(min((x[p[k]] if i < k else x[i]) for i for k) for j in range(m))

def listed(b, y[n], p[n]: int):
    return sum(sum([[2, y[p[j]]], [b, 1]]) for j if b > 0.5)

def smallest(q[n], y[n], p[n]: int):
    return min(sum([y[p[j]], y[p[k]]][(k + j) % 2] for k if q[k] >= 0) for j for t in range(n))

def unread(x[3]):
    root = sqrt(x)
    return root[1] + root[2]

def tail(x[n]):
    return sum(sqrt(x)[1:])

def factors(a, q[n], y[n], p[n]: int):
    return prod(sum([y[p[j]], a]) for j if q[j] <= 0.5)
"""
OPTIONS = {
    "bare": Options(),
    "ieee": Options(ieee=True),
    "accurate": Options(accurate=True),
    "unroll": Options(unroll=4),
}
COS, SIN = math.cos(0.7), math.sin(0.7)
GRID = [[1.0, 10.0], [100.0, 1000.0]]
TWO = [[2.0, 2.0], [2.0, 0.5]]

# name, arguments, adjoints of an array result, value, derivatives
ROWS: list[tuple[str, list[Any], list[Any], Any, list[Any]]] = [
    ("rotation", [[1.0, -1.0, 2.0], 0.7], [[1.0, 10.0, 100.0]], [1.0, -2 * SIN, 2 * COS],
     [[1.0, 0.0, 100 * COS - 10 * SIN], -20 * COS - 200 * SIN]),
    ("rotation", [[-1.0, -1.0, -2.0], 0.7], [[1.0, 1.0, 1.0]], [0.0] * 3, [[0.0] * 3, 0.0]),
    ("alternating", [[-1.0, -1.0, 1.0, -1.0], 0.5], [], 0.5 + 2 * math.exp(0.5), [[0.0] * 4, 1 + 2 * math.exp(0.5)]),
    ("alternating", [[1.0, 1.0], 1000.0], [], 0.0, [[0.0] * 2, 0.0]),
    ("alternating", [[], 1000.0], [], 0.0, [[], 0.0]),
    ("columns", [[1.0, 1.0], 0.7], [], 3.7 + math.log(0.7), [[0.0] * 2, 1 + 1 / 0.7]),
    ("columns", [[1.0, -1.0], 0.7], [], 1.7, [[0.0] * 2, 1.0]),
    ("columns", [[-1.0, -1.0], -1.0], [], 0.0, [[0.0] * 2, 0.0]),
    ("off_diagonal", [0.5], [], 4.0, [0.0]),
    ("triangle", [0.5], [], 5.5 + math.exp(0.5), [1 + math.exp(0.5)]),
    ("elements", [[1.0, 1.0, 4.0], [8.0, 12.0], -2.0], [GRID], [[2.0, 2.0], [2.0, 3.0]],
     [[0.0, 0.0, -750.0], [0.0, 250.0], 0.0]),
    ("elements", [[1.0], [8.0, 12.0], 2.0], [GRID], TWO, [[0.0], [0.0, 0.0], -250.0]),
    ("whole", [2.0, 3.0], [], 15.0, [3.0, 8.0]),
    ("whole", [-2.0, 3.0], [], 6.0, [0.0, 2.0]),
    ("nested", [0.5, [1.0, -1.0, 2.0]], [], 1 + math.exp(0.5) + math.e,
     [2 + math.exp(0.5) + 2 * math.e, [0.5 * math.exp(0.5), 0.0, 0.5 * math.e]]),
    ("nested", [-0.5, [1.0, 1e6, 2.0]], [], 0.0, [0.0, [0.0] * 3]),
    ("stored", [2.0, [1.0, math.e]], [], 6.0, [5.0, [2.0, 10 / math.e]]),
    ("stored", [-2.0, [0.0, -1.0]], [], -2.0, [1.0, [0.0, 0.0]]),
    ("gathered", [[3.0], [0.0], [2]], [], 3.0, [[1.0], [0.0]]),
    ("gathered", [[3.0, 4.0], [0.0], [7, 0]], [], 3.0, [[1.0, 0.0], [0.0]]),
    ("listed", [1.0, [3.0, 4.0], [1, 1]], [], 16.0, [2.0, [0.0, 2.0]]),
    ("listed", [0.0, [3.0, 4.0], [7, 1]], [], 0.0, [0.0, [0.0, 0.0]]),
    ("smallest", [[1.0, -1.0], [3.0, 4.0], [1, 0]], [], 4.0, [[0.0, 0.0], [0.0, 1.0]]),
    ("smallest", [[-1.0, -1.0], [3.0, 4.0], [7, 8]], [], 0.0, [[0.0, 0.0], [0.0, 0.0]]),
    ("factors", [2.0, [0.0, 1.0, 0.0], [3.0, 4.0, 5.0], [1, 7, 2]], [], 42.0, [13.0, [0.0] * 3, [0.0, 7.0, 6.0]]),
]  # fmt: skip

UNREAD: list[tuple[str, list[Any], list[Any], Any, list[Any]]] = [  # elements that have no value, or an infinite slope
    ("columns", [[1.0, -1.0], 0.0], [], 1.0, [[0.0] * 2, 1.0]),
    ("elements", [[1.0, 1.0, 4.0], [8.0, 12.0], 0.0], [GRID], [[2.0, 2.0], [2.0, 3.0]],
     [[0.0, 0.0, -750.0], [0.0, 250.0], 0.0]),
    ("unread", [[0.0, 4.0, 16.0]], [], 6.0, [[0.0, 0.25, 0.125]]),
    ("tail", [[0.0, 4.0]], [], 2.0, [[0.0, 0.25]]),
]  # fmt: skip


@cache
def python(target: str) -> emitted.Emitted:
    return emitted.emit(MODELS, "guarded.mg", OPTIONS[target])


@pytest.mark.parametrize("target", OPTIONS)
@pytest.mark.parametrize(("name", "at", "seeds", "value", "slopes"), ROWS)
def test_python(target: str, name: str, at: list[Any], seeds: list[Any], value: Any, slopes: list[Any]) -> None:
    code = python(target)
    info = code.info(name)
    same(code.names[info.emitted_name](*at), value)
    found, grads = code.names[str(info.gradient_name)](*at, *seeds)
    same(found, value)
    same(list(grads), slopes)


@pytest.mark.parametrize(("name", "at", "seeds", "value", "slopes"), UNREAD)
def test_what_is_not_read(name: str, at: list[Any], seeds: list[Any], value: Any, slopes: list[Any]) -> None:
    test_python("ieee", name, at, seeds, value, slopes)


@cache
def library() -> tuple[Any, Any]:
    module = compile_source(MODELS, "guarded.mg", Options(target="c"))
    return module, targets.build(module.text)


@pytest.mark.parametrize(("name", "at", "seeds", "value", "slopes"), [*ROWS, *UNREAD])
def test_c(name: str, at: list[Any], seeds: list[Any], value: Any, slopes: list[Any]) -> None:
    module, code = library()
    info = next(info for info in module.functions if info.name == name)
    sizes = native.sizes(info, {argument.name: x for argument, x in zip(info.arguments, at, strict=True)})
    returned = [value] if isinstance(value, list) else []
    same(native.call(native.find(module, code, info.emitted_name), at, sizes, returned), flat(value))
    wanted = [value, *slopes]
    outputs = [*returned, *slopes]
    same(native.call(native.find(module, code, info.gradient_name), [*at, *seeds], sizes, outputs), wanted)


def same(found: Any, wanted: Any) -> None:
    pairs = zip(flat(found), flat(wanted), strict=True)
    assert all(emitted.close(one, other, 1e-13) for one, other in pairs), (found, wanted)


def test_the_derivatives_are_those_of_differences() -> None:
    first, *others = map(python, OPTIONS)
    emitted.check(first, random.Random(1), 6, low=0.1, others=others)


@pytest.mark.parametrize("name", ["gathered", "listed", "factors"])
def test_an_index_that_a_turn_needs_is_still_looked_at(name: str) -> None:
    at: dict[str, list[Any]] = {
        "gathered": [[3.0, 4.0], [0.0], [0, 7]],
        "listed": [1.0, [3.0, 4.0], [1, 7]],
        "factors": [2.0, [0.0, 0.0], [3.0, 4.0], [1, 7]],
    }
    for target in OPTIONS:
        info = python(target).info(name)
        for function in (info.emitted_name, str(info.gradient_name)):
            with pytest.raises(IndexError, match="index 7 is outside"):
                python(target).names[function](*at[name])
