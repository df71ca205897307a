"""Terms that are one function have one residue, and others have others; what is not shown stays open."""

from __future__ import annotations

import math

import pytest
import sympy

from mgc.compiler.verify import clock
from mgc.compiler.verify.equal import deciding
from mgc.compiler.verify.equal.deciding import Residues
from mgc.compiler.verify.equal.field import FIELDS, GENERATORS
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term, equal, function, select

x, y, z = map(terms.symbol, "xyz")
e = function("exp", x)
FOLDED = 0.5235987755982988  # pi/6
ROOT = terms.constant(2**0.5)
LARGE = terms.constant(333333333333333.3)
RATE = terms.constant(0.999)  # no square of the fields, nor is its inverse
SAME = {
    "a difference of squares": ((x + y) * (x - y), x * x - y * y),
    "a quotient": (1 / (1 + 1 / e), e / (e + 1)),
    "an exponential of a sum": (function("exp", x + y + 1), function("exp", y) * e * 2.718281828459045),
    "a hyperbolic tangent": (1 - function("tanh", x) ** 2, 1 / function("cosh", x) ** 2),
    "a tangent": (function("tan", x) ** 2 + 1, 1 / function("cos", x) ** 2),
    "a root and what it is taken of": (x / function("sqrt", x) + x**-1.5, function("sqrt", x) + x**-2 * x**0.5),
    "a quotient that has a root": (-(x / y) / y / function("sqrt", x / y), -x / (y * y) * (x / y) ** -0.5),
    "roots of which one is made of the other": (
        function("sqrt", x * x + y) * function("sqrt", x * x * y + y * y) * x / y,
        function("sqrt", x * x + y) * function("sqrt", y * (y + x * x)) * (x * x / (x * y)),
    ),
    "a root of a root": (function("sqrt", function("sqrt", x + y) + z) ** 4, (z + (y + x) ** 0.5) ** 2),
    "a root of a square": (function("sqrt", x * x), abs(x)),
    "powers": (x ** (y - 1) * x, x**y),
    "powers of a number": (y / RATE**x, RATE ** (-x) * y),
    "powers of its inverse": ((1 / RATE) ** x, RATE ** (-x)),
    "a logarithm of one number": (function("log", x / x + 1), terms.constant(0.6931471805599453)),
    "maxima": (function("max", function("max", x, y), z), function("max", x, function("max", z, y))),
    "a maximum and a choice": (function("max", x, y), select(x > y, x, y)),
    "a choice by a multiple": (select(x > 2 * y, x, z), select(4 * y < 2 * x, x, z)),
    "a choice by a product": (select(x * y > 0, 1, 0) * select(equal(y, 0), 0, 1), select(x / y > 0, 1, 0)),
    "what cancels": (LARGE * y + 0.5 * y - LARGE * y, 0.5 * y),
    "a sum that is rounded": (0.3 * y, terms.constant(0.1 + 0.2) * y),
    "a constant that is rounded": (function("cos", FOLDED * y), function("cos", 0.5235987755982989 * y)),
    "a root that is rounded": (ROOT * y * ROOT, 2 * y),
}
OTHER = {
    "a sum and a product": (x + y, x * y),
    "another constant": (function("cos", FOLDED * y), function("cos", (FOLDED + 1e-13) * y)),
    "another root": (ROOT * y * (ROOT + 1e-13), 2 * y),
    "a half and nothing": (0.5 * y, terms.ZERO),
    "a choice the other way round": (select(x > y, x, y), select(x > y, y, x)),
    "a root of a square without its sign": (function("sqrt", x * x), x),
    "a root of a square that is not written so": (function("sqrt", x * x + 2 * x * y + y * y), x + y),
    "its opposite": (function("sqrt", x * x + 2 * x * y + y * y), -x - y),
    "a root of twice a square": (function("sqrt", 2 * x * x), ROOT * x),
    "a root with a square in it": (function("sqrt", x * x * y), x * function("sqrt", y)),
    "a length": (function("hypot", 3 * x, 4 * x), 5 * x),
    "a root of a product": (function("sqrt", x * y), function("sqrt", x) * function("sqrt", y)),
    "its opposite length": (function("hypot", 3 * x, 4 * x), -5 * x),
    "a power of an opposite": ((-x) ** y, x**y),
    "a power of another number": ((1 / RATE) ** x, (RATE * RATE) ** (-x)),
    "a power and its inverse": ((1 / RATE) ** x, RATE**x),
    "a root of a square beside an arm where what is squared has a root": (
        select(z > 0, function("sqrt", x + 20000), function("sqrt", x * x + 40000 * x + 400000000)),
        select(z > 0, function("sqrt", x + 20000), x + 20000),
    ),
    "roots of squares of which one is seldom wrong": (
        math.prod(
            (function("sqrt", one * one + 2 * one + 1) + one + 1 for one in map(terms.symbol, "abcdefgh")),
            start=terms.ONE,
        ),
        terms.ZERO,
    ),
    "a factor that is no square in the field": (
        function("sqrt", 31 * x) * (function("sqrt", x * x + 2 * x * y + y * y - 2 * x * y - y * y) + x),
        terms.ZERO,
    ),
    "a half plane": (
        select(function("sqrt", 2 * x * x) > ROOT * x, 1, 0),
        select(function("sqrt", 2 * x * x) >= ROOT * x, 1, 0),
    ),
    "one case of many": (
        select(x > y, select(y > z, select(x + y > z, 1, 0), 0), 0),
        select(x > y, select(y > z, 1, 0), 0),
    ),
}


@pytest.mark.parametrize("kind", SAME)
def test_one_function_is_shown_to_be_one(kind: str) -> None:
    assert Residues().settle(*SAME[kind]).verdict == "zero"


@pytest.mark.parametrize("kind", OTHER)
def test_two_functions_are_not_shown_to_be_one(kind: str) -> None:
    assert Residues().settle(*OTHER[kind]).verdict == "open"


def test_roots_of_what_has_roots_are_compared() -> None:
    nested = x
    for place in range(20):
        nested = function("sqrt", nested + y * place + 1)
    assert Residues().settle((nested - z) * (nested + z), nested**2 - z**2).verdict == "zero"
    assert Residues().settle((nested - z) * (nested + z), nested**2 + z**2).verdict == "open"


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        (terms.both(x > y, terms.both(y > z, z > x)), "zero"),
        (terms.both(x > 3, x < 2), "zero"),
        (terms.both(x >= y, y >= x), "zero off kinks"),
        (terms.both(x > y, y > z), "open"),
        (equal(function("floor", x), 1), "open"),
    ],
    ids=["a circle", "apart", "a point", "an order", "a step"],
)
def test_conditions_that_contradict_each_other_hold_nowhere(condition: Term, verdict: str) -> None:
    assert Residues().settle(condition, terms.ZERO).verdict == verdict


def test_the_fields_have_exponents_and_roots() -> None:
    assert all(map(sympy.isprime, FIELDS))
    assert all(field % 8 == 7 for field in FIELDS)  # 2 is a square, and -1 is none
    for field, inner, generator in zip(FIELDS, FIELDS[1:], GENERATORS, strict=False):
        assert (pow(generator, inner, field), generator != 1) == (1, True)
    assert all((field - 1) // 2 % prime for field in FIELDS for prime in sympy.primerange(1000))


def test_the_work_for_many_roots_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "MOST_WORK", most := 2_000)
    total = terms.ZERO
    for place in range(60):
        total = total + terms.function("sqrt", terms.symbol(f"x{place}"))
    residues = Residues()
    assert residues.settle(total, 2 * total).verdict == "open"
    assert residues.view.point.work < 2 * most


def test_what_has_one_residue_is_settled_without_more_work() -> None:
    a, b = SAME["powers"]
    residues = Residues()
    assert residues.equal(a, b)
    before = clock.now()
    assert residues.settle(a, b).verdict == "zero"
    assert clock.now() == before
