"""Integers mean the same on every target: exact, a double where they are part of a number, or one located error."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

import mgc
from mgc.grammar.diagnostics import ModelError
from support import targets

EXPONENTIAL = "def f(x): return sum(x**k/prod(j for j in range(1, k + 1)) for k in range(40))"
TERMS = float(sum(Fraction(10**k, math.factorial(k)) for k in range(40)))
SLOPES = float(sum(Fraction(10**k, math.factorial(k)) for k in range(39)))

# text, arguments, value, derivatives by the arguments that are no integers
ROWS: list[tuple[str, tuple[Any, ...], float, tuple[Any, ...]]] = [
    ("def f(x, k: int): return x*k", (1.5, 3), 4.5, (3.0,)),
    ("def f(x[n]): return sum(i*x[i] for i)", ([1.0, 2.0, 3.0],), 8.0, ([0.0, 1.0, 2.0],)),
    ("def f(x[n], m[n]: int): return sum(x[i]*m[i] for i)", ([1.0, 2.0], [3, 4]), 11.0, ([3.0, 4.0],)),
    ("def f(x[3], k: int): return sum(x*[k, 2, 3])", ([1.0, 2.0, 3.0], 4), 17.0, ([4.0, 2.0, 3.0],)),
    ("def f(x, k: int): return x*k if x > 0 else x**2", (1.5, 3), 4.5, (3.0,)),
    ("def f(x, k: int): return x*k if x > 0 else x**2", (-1.5, 3), 2.25, (-3.0,)),
    (EXPONENTIAL, (10.0,), TERMS, (SLOPES,)),
    ("def f(x, k: int): return x*k**3 + x*k*k*k", (1.0, 3_000_000), 5.4e19, (5.4e19,)),
    ("def f(x, m[n]: int): return x*sum(m[i]*m[i] for i)", (1.0, [2**33, 2**33]), 2.0**67, (2.0**67,)),
    ("def f(x, m[n]: int): return x*sum(m[i]*m[i]*i for i)", (1.0, [2**33, 2**33]), 2.0**66, (2.0**66,)),
    ("def f(x, k: int): return x*(k*k % 7)", (2.0, 3_000_000_000), 4.0, (2.0,)),
    ("def f(x, k: int): return x*(k // -3) + x*(k % -3)", (1.0, 7), -5.0, (-5.0,)),
    ("def f(x, k: int): return x*(k // 3) + x*(k % 3)", (1.0, -7), -1.0, (-1.0,)),
    ("def f(x, k: int): return x*abs(k) + x*max(k, 2) + x*min(k, 2)", (1.0, -7), 2.0, (2.0,)),
    ("def f(x[n], y[n]):\n    k = [i // 2 for i in range(n)]\n    return sum(x[i]*k[i] for i) + sum(y[k[i]] for i)",
     ([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]), 16.0, ([0.0, 0.0, 1.0], [2.0, 1.0, 0.0])),
    ("def f(x, y): return x // y", (1.0, 0.1), 9.0, (0.0, 0.0)),
    ("def f(x, y): return (x // y)*y + x % y", (1.0, 0.1), 1.0, (1.0, 0.0)),
    ("def f(x, v[n]): return x*argmax(v)", (2.0, [1.0, math.nan, 2.0]), 2.0, (1.0, [0.0, 0.0, 0.0])),
    ("def f(x, p[m]: int): return sum(sum(x*k for k in range(p[i], p[i + 1]))**2 for i in range(m - 1))",
     (0.5, [0, 2, 4]), 6.5, (26.0,)),
    ("def f(x, m[n]: int): return sum(sum((x*k)**2*x for k in range(m[i]))**2 for i)",
     (1.0, [3, 0, 2]), 26.0, (156.0,)),
    ("def f(x, p[m]: int): return sum(prod(x*k + 1 for k in range(p[i], p[i + 1]))**2 for i in range(m - 1))",
     (1.0, [1, 3, 3, 4]), 53.0, (108.0,)),
    ("def f(x[n], m[n]: int): return sum(sum(prod(x[j]*x[k] + 1 for k in range(m[j])) for j in range(m[i]))**2 for i)",
     ([1.0, 2.0], [2, 1]), 117.0, ([336.0, 78.0],)),
    ("def f(x[n], k: int): return x[(k - 1)/2]", ([1.0, 2.0], 3), 2.0, ([0.0, 1.0],)),
]  # fmt: skip


def close(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, list | tuple):
        return len(found) == len(wanted) and all(map(close, found, wanted))
    assert type(found) is float, found
    return math.isclose(found, wanted, rel_tol=4e-15, abs_tol=1e-300)


@pytest.mark.parametrize("target", targets.TARGETS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_integers_have_one_meaning(row: tuple[str, tuple[Any, ...], float, tuple[Any, ...]], target: str) -> None:
    text, at, value, slopes = row
    compiled = targets.TARGETS[target](text)
    found, grads = compiled.value_and_grad("f", at)
    assert float(compiled.value("f", at)) == float(found)
    assert close(float(found), value)
    assert close(list(grads), list(slopes))


ERRORS: list[tuple[str, tuple[Any, ...], type[Exception]]] = [
    ("def f(x, k: int, m: int): return x*(k // m) + x", (1.5, 3, 0), ZeroDivisionError),
    ("def f(x, k: int, m: int): return x*(k % m)", (1.5, 3, 0), ZeroDivisionError),
    ("def f(x[n], k: int): return x[(k - 1)/2]", ([1.0, 2.0], 0), IndexError),
    ("def f(x[n], k: int): return x[(k - 1)/2]", ([1.0, 2.0], -2), IndexError),
    ("def f(x[n], k: int): return x[k]", ([1.0, 2.0], 2), IndexError),
]


@pytest.mark.parametrize("target", targets.TARGETS)
@pytest.mark.parametrize("row", ERRORS, ids=lambda row: f"{row[0]} at {row[1]}")
def test_what_has_no_integer_is_one_error(row: tuple[str, tuple[Any, ...], type[Exception]], target: str) -> None:
    text, at, error = row
    compiled = targets.TARGETS[target](text)
    with pytest.raises(error):
        compiled.value("f", at)
    with pytest.raises(error):
        compiled.value_and_grad("f", at)


@pytest.mark.parametrize("ieee", [False, True])
@pytest.mark.parametrize("operation", ["k // m", "k % m"])
def test_a_division_of_integers_by_zero_is_located(operation: str, ieee: bool) -> None:
    model = mgc.loads(f"def f(x, k: int, m: int):\n    return x*({operation})", ieee=ieee)
    with pytest.raises(ModelError, match=r":2:5: error: division by zero in `k .* m` where k = 3, m = 0") as raised:
        model.f(1.5, 3, 0)
    assert "--ieee" not in str(raised.value)


def test_what_does_not_fit_an_integer_of_c_is_an_error_there() -> None:
    text = "def f(x[n], k: int): return x[k*k*k % n]"
    at = ([1.0, 2.0], 2**40 + 1)
    assert targets.python(text).value("f", at) == 2.0
    with pytest.raises(OverflowError, match="line 1"):
        targets.c(text).value("f", at)
