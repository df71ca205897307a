"""Every row of ops.mg and the prelude's scalars against 40 digits: ordinary points, edges, far out."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from msgspec import Struct, field

from mgc.compiler.language import library
from support import targets
from support.oracle import Exact, Point, Samples, points, reference, ulps
from support.samples import PRELUDE, SAMPLES

COUNT = 60
ROWS = SAMPLES | PRELUDE
SPELLING = {
    "add": "x + y",
    "sub": "x - y",
    "mul": "x * y",
    "div": "x / y",
    "pow": "x**y",
    "mod": "x % y",
    "neg": "-x",
    "max_const": "max(x, 1)",
    "min_const": "min(x, 1)",
}
WITHOUT_SLOPE = {"tetragamma"}

TARGETS: dict[str, Callable[[str], targets.Compiled]] = {
    "python": targets.python,
    "ieee": lambda text: targets.python(text, ieee=True),
    "accurate": lambda text: targets.python(text, accurate=True),
    "c": targets.c,
    "accurate c": lambda text: targets.c(text, accurate=True),
}


def definition(name: str) -> str:
    arguments = ", ".join("xyz"[: len(ROWS[name].ranges[0])])
    return f"def op_{name}({arguments}):\n    return {SPELLING.get(name, f'{name}({arguments})')}\n"


@cache
def compiled(target: str) -> targets.Compiled:
    return TARGETS[target]("\n".join(definition(name) for name in ROWS if name not in WITHOUT_SLOPE))


@cache
def exact(name: str) -> tuple[tuple[Point, Exact], ...]:
    return tuple((at, reference(name, at)) for at in points(ROWS[name], COUNT))


class Worst(Struct):
    """The largest error so far, and where."""

    ulp: float = 0.0
    at: Point = field(default=())

    def see(self, ulp: float, at: Point) -> None:
        if not ulp <= self.ulp:
            self.ulp, self.at = ulp, at


def test_every_row_is_tried() -> None:
    assert set(SAMPLES) == set(library.names("ops.mg"))


@pytest.mark.parametrize("name", [name for name in ROWS if name not in WITHOUT_SLOPE])
def test_row(name: str) -> None:
    allowed = ROWS[name]
    for target in TARGETS:
        accurate = target.startswith("accurate")
        value, slope = worst(name, target, allowed.accurate_scale if accurate else allowed.slope_scale)
        print(f"{target:10} {name:20} value {value.ulp:8.2f} ulp   derivatives {slope.ulp:8.2f} ulp")
        assert value.ulp <= allowed.value_ulp, (target, value.at)
        assert slope.ulp <= (allowed.accurate_ulp if accurate else allowed.slope_ulp), (target, slope.at)


def worst(name: str, target: str, slope_scale: float) -> tuple[Worst, Worst]:
    """The largest errors of the value and of a derivative."""
    code = compiled(target)
    value, slope = Worst(), Worst()
    for at, wanted in exact(name):
        found, slopes = code.value_and_grad(f"op_{name}", at)
        value.see(ulps(found, wanted.value, ROWS[name].value_scale), at)
        for mine, theirs in zip(slopes, wanted.derivatives, strict=True):
            slope.see(ulps(mine, theirs, slope_scale), at)
    return value, slope


def test_the_chain_of_gamma_ends() -> None:
    """trigamma's derivative is tetragamma, whose own is not there."""
    ends: Samples = SAMPLES["tetragamma"]
    code = compiled("python")
    for at in points(ends, COUNT):
        found, slopes = code.value_and_grad("op_trigamma", at)
        assert ulps(slopes[0], reference("tetragamma", at).value) <= ends.value_ulp
        assert ulps(found, reference("trigamma", at).value) <= SAMPLES["trigamma"].value_ulp


def test_c_compiles_without_a_warning() -> None:
    compiled("c"), compiled("accurate c")
    assert not targets.WARNINGS


@pytest.mark.parametrize("target", targets.TARGETS)
def test_the_end_of_the_chain_has_a_value(target: str) -> None:
    """And no derivative, which nobody asked for."""
    code = targets.TARGETS[target]("def f(x): return 2*tetragamma(x)\n")
    assert code.value("f", (2.0,)) == pytest.approx(2 * -0.40411380631918857, rel=2e-15)
