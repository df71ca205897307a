"""The delicate points of docs/numbers.md, each on every target."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import pytest

from support import targets
from support.numbers_table import PAGE, ROWS, Expected, Number, Row, page

ULP = 4  # libraries differ by this much in the functions themselves

NAMES = {(row.arguments, row.expression): f"f{number}" for number, row in enumerate(ROWS)}
SOURCE = "\n".join(
    f"def {name}({', '.join(arguments)}):\n    return {expression}\n" for (arguments, expression), name in NAMES.items()
)
TARGETS: dict[str, Callable[[], targets.Compiled]] = {
    "bare": lambda: targets.python(SOURCE),
    "ieee": lambda: targets.python(SOURCE, ieee=True),
    "c": lambda: targets.c(SOURCE),
}


@cache
def compiled(target: str) -> targets.Compiled:
    return TARGETS[target]()


def same(found: Number, wanted: Number) -> bool:
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(same, found, wanted))
    if not math.isfinite(wanted) or wanted == 0.0 or isinstance(found, list):
        return found == wanted or (found != found and wanted != wanted)
    return abs(found - wanted) <= ULP * math.ulp(wanted)


def check(found: tuple[float, tuple[Number, ...]], wanted: Expected) -> None:
    value, slopes = found
    assert same(value, wanted.value)
    assert wanted.value != 0.0 or math.copysign(1.0, value) == math.copysign(1.0, wanted.value), "the zero's sign"
    assert same(list(slopes), list(wanted.derivatives))  # type: ignore[arg-type]


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("target", TARGETS)
def test_row(target: str, row: Row) -> None:
    function, code = NAMES[row.arguments, row.expression], compiled(target)
    wanted = row.bare if target == "bare" else row.ieee
    if isinstance(wanted, Expected):
        assert same(code.value(function, row.at), wanted.value)
        check(code.value_and_grad(function, row.at), wanted)
        return
    if wanted == "gradient":
        assert same(code.value(function, row.at), row.ieee.value)
    else:
        with pytest.raises((ArithmeticError, ValueError)):
            code.value(function, row.at)
    with pytest.raises((ArithmeticError, ValueError)):
        code.value_and_grad(function, row.at)


def test_c_compiles_without_a_warning() -> None:
    compiled("c")
    assert not targets.WARNINGS


def test_the_documentation_shows_these_rows() -> None:
    assert page(PAGE.read_text()) == PAGE.read_text(), "run tests/support/numbers_table.py"
