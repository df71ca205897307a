"""Random models: the emitted derivative is sympy's, and the central difference of what the model means."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import mgc
from mgc.compiler.options import Options
from support import emitted, generator
from support.arrays import flat

Pair = tuple[str, Any]  # the expression in the language, and in sympy (which carries no types)

SYMBOLS = {name: sympy.Symbol(name, real=True) for name in "xyz"}
LEAVES: list[Pair] = [*SYMBOLS.items(), ("2", sympy.Integer(2)), ("0.5", sympy.Rational(1, 2)), ("pi", sympy.pi)]
UNARY: list[tuple[str, Any]] = [
    ("sin({})", sympy.sin),
    ("cos({})", sympy.cos),
    ("tanh({})", sympy.tanh),
    ("atan({})", sympy.atan),
    ("exp(-({})**2)", lambda u: sympy.exp(-(u**2))),
    ("log(1.5 + sin({}))", lambda u: sympy.log(sympy.Rational(3, 2) + sympy.sin(u))),
    ("sqrt(2 + cos({}))", lambda u: sympy.sqrt(2 + sympy.cos(u))),
    ("erf({})", sympy.erf),
    ("(-({}))", lambda u: -u),
    ("({})**3", lambda u: u**3),
    ("({})**-2", lambda u: u**-2),
    ("(1 + ({})**2)**0.25", lambda u: (1 + u**2) ** sympy.Rational(1, 4)),
    ("2**sin({})", lambda u: 2 ** sympy.sin(u)),
    ("sigmoid({})", lambda u: 1 / (1 + sympy.exp(-u))),
    ("softplus({})", lambda u: sympy.log(1 + sympy.exp(u))),
]
BINARY: list[tuple[str, Any]] = [
    ("({} + {})", lambda u, v: u + v),
    ("({} - {})", lambda u, v: u - v),
    ("({})*({})", lambda u, v: u * v),
    ("({} - ({}))", lambda u, v: u - v),
    ("({})/(3 + sin({}))", lambda u, v: u / (3 + sympy.sin(v))),
    ("hypot(1 + ({})**2, {})", lambda u, v: sympy.sqrt((1 + u**2) ** 2 + v**2)),
    ("atan2({}, 2 + cos({}))", lambda u, v: sympy.atan(u / (2 + sympy.cos(v)))),
    ("(2 + sin({}))**({})", lambda u, v: (2 + sympy.sin(u)) ** v),
]


def _one(pair: tuple[tuple[str, Any], Pair]) -> Pair:
    (text, function), (operand, expression) = pair
    return text.format(operand), function(expression)


def _two(pair: tuple[tuple[str, Any], Pair, Pair]) -> Pair:
    (text, function), left, right = pair
    return text.format(left[0], right[0]), function(left[1], right[1])


EXPRESSIONS: st.SearchStrategy[Pair] = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(UNARY), inner).map(_one),
        st.tuples(st.sampled_from(BINARY), inner, inner).map(_two),
    ),
    max_leaves=6,
)
COORDINATE = st.integers(-12, 12).map(lambda k: k / 8 + 1 / 16)  # exact in binary, and never zero


@given(EXPRESSIONS, st.tuples(COORDINATE, COORDINATE, COORDINATE), st.sampled_from([Options(), Options(ieee=True)]))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_expressions_against_sympy(pair: Pair, at: tuple[float, ...], options: Options) -> None:
    text, expression = pair
    exact = dict(zip(SYMBOLS.values(), map(sympy.Rational, at), strict=True))
    wanted = [sympy.diff(expression, symbol).evalf(25, subs=exact) for symbol in SYMBOLS.values()]
    value = expression.evalf(25, subs=exact)
    if not all(number.is_Float or number.is_Rational for number in (value, *wanted)) or abs(value) > 1e9:
        return
    module = emitted.emit(f"def f(x, y, z): return {text}", options=options)
    found, slopes = module.names["f_value_and_grad"](*at)
    scale = max(1.0, *map(float, map(abs, (value, *wanted))))
    assert abs(found - float(value)) <= 1e-11 * scale
    assert [abs(a - float(b)) <= 1e-9 * scale for a, b in zip(slopes, wanted, strict=True)] == [True] * 3


@pytest.mark.parametrize("seed", range(120))
def test_arrays_against_differences(seed: int) -> None:
    text = generator.program(seed, depth=3 + seed % 2)
    source = random.Random(seed)
    sizes = {"n": source.choice((1, 2, 3)), "m": source.choice((1, 2, 4))}
    plain = emitted.emit(text)
    at = emitted.point(plain, "f", source, sizes)
    seeds = emitted.seeds_for(plain, "f", at, source) if plain.info("f").gradient_name else []
    emitted.check_value(plain, "f", at)
    emitted.check_gradient(plain, "f", at, source)
    if plain.info("f").gradient_name is None:
        return
    wanted = flat(emitted.gradient(plain, "f", at, seeds))
    options = (Options(unroll=8), Options(ieee=True), Options(accurate=True))[seed % 3]
    found = flat(emitted.gradient(emitted.emit(text, options=options), "f", at, seeds))
    assert all(emitted.close(a, b, 1e-9) for a, b in zip(found, wanted, strict=True)), options


EMPTY: dict[str, tuple[dict[str, Any], float, list[Any]]] = {
    "def f(x[n]): return sum(x)": ({"x": []}, 0.0, [[]]),
    "def f(x[n], a): return a + sum(x[i]*a for i)": ({"x": [], "a": 2.0}, 2.0, [[], 1.0]),
    "def f(x[n]): return prod(x)": ({"x": []}, 1.0, [[]]),
    "def f(A[m, n], x[n], a): return a*sum(A @ x)": ({"A": [[], []], "x": [], "a": 2.0}, 0.0, [[[], []], [], 0.0]),
    "def f(A[m, n]): return sum(A.T)": ({"A": []}, 0.0, [[]]),
    "def f(x[n], a): return a*sum(x[i]*x[j] for i in range(n) for j in range(i))": (
        {"x": [], "a": 3.0},
        0.0,
        [[], 0.0],
    ),
    "def f(x[n]): return sum(x[i + 1]*x[i] for i in range(n - 1))": ({"x": [4.0]}, 0.0, [[0.0]]),
    "def f(x[n]): return sum(x[1:] - x[:-1])": ({"x": [4.0]}, 0.0, [[0.0]]),
}


@pytest.mark.parametrize("options", [Options(), Options(ieee=True), Options(unroll=4)], ids=["plain", "ieee", "unroll"])
@pytest.mark.parametrize("text", EMPTY)
def test_arrays_of_size_zero_and_one(text: str, options: Options) -> None:
    arguments, value, slopes = EMPTY[text]
    module = emitted.emit(text, options=options)
    found, grads = emitted.gradient(module, "f", emitted.Point(dict(arguments), {}))
    assert found == value
    assert list(grads) == slopes


RAGGED = [
    "def f(A[m, n]): return [sum(mean(i for j in range(m)) for k in range(3) for i in range(j)) for j in range(n)][:1]",
    "def f(x[n], y[m]): return [sum(mean(x[i]*y[l] for l) for k in range(3) for i in range(j)) for j in range(n)][:2]",
    "def f(x[n]): return [sum(exp(x[i])*x[k] for k in range(3) for i in range(j)) for j in range(n)][1:]",
]


@pytest.mark.parametrize("text", RAGGED)
def test_rows_of_a_slice_may_have_lengths_of_their_own(text: str) -> None:
    emitted.check(emitted.emit(text), random.Random(3), sizes={"n": 4, "m": 3})


OVERFLOWING = [
    "10**400*x",
    "(10**400 - 10**400)*x",
    "9**9**9*x",
    "x + 2**1024",
    "x*10.0**400",
    "k**400*x",
    "x*(k + 7)**500",
]


@pytest.mark.parametrize("expression", OVERFLOWING)
def test_powers_of_integers_are_doubles(expression: str) -> None:
    text = f"def f(k: int, x): return {expression}"
    bare, guarded = emitted.emit(text), emitted.emit(text, options=Options(ieee=True))
    for name in ("f", "f_value_and_grad"):
        with pytest.raises(OverflowError):
            bare.names[name](7, 2.0)
    wanted = math.nan if "-" in expression else math.inf
    assert guarded.names["f"](7, 2.0) == pytest.approx(wanted, nan_ok=True)


@pytest.mark.parametrize(
    "expression", ["10**3*x", "(-2)**3*x", "2**-2*x", "2**k*x", "k**5*x", "k**-3*x", "k**2*x + k**1"]
)
def test_small_powers_of_integers(expression: str) -> None:
    module = emitted.emit(f"def f(k: int, x): return {expression}")
    exact = eval(expression, {"k": 3, "x": 0.5})  # one of the expressions above
    assert module.names["f"](3, 0.5) == exact
    emitted.check_gradient(module, "f", emitted.Point({"k": 3, "x": 0.5}, {}), random.Random(1))


@pytest.mark.parametrize(
    ("value", "derivative"),
    [
        ("100*x**2", "dx = 200.0 * x\n"),
        ("x**2/2", "return out, (x, 0.0)\n"),
        ("-3*x**4", "dx = -12.0 * (x * x * x)\n"),
        ("0.1*x**3", "dx = 0.1 * (3.0 * (x * x))\n"),
        ("x**2/2*k", "dx = k * x\n"),
        ("k*(x*x)", "dx = 2.0 * (k * x)\n"),
        ("1e308*x**20", "dx = 1e+308 * (20.0 * x**19)\n"),
    ],
)
def test_numbers_of_a_slope_and_its_adjoint_are_one_where_that_rounds_nothing(value: str, derivative: str) -> None:
    assert derivative in mgc.loads(f"def f(x, k): return {value}").module.text
