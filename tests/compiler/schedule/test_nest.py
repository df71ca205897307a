"""Loop nests are data: one is printed twice, and nothing in it is read before it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from mgc.compiler import pipeline
from mgc.compiler.emit.c import function as c
from mgc.compiler.emit.c.types import DOUBLE
from mgc.compiler.emit.python import function as python
from mgc.compiler.emit.tokens import Line
from mgc.compiler.module import Statement
from mgc.compiler.names import names
from mgc.compiler.options import Options
from mgc.compiler.schedule.loopnest import For, Item, LoopNest
from support import emitted, generator
from support.nest_order import read_too_early

PROGRAMS = Path(__file__).parents[1] / "emit" / "programs"
EXAMPLES = Path(__file__).parents[3] / "examples"
ALL = sorted([*PROGRAMS.glob("*.mg"), *EXAMPLES.glob("*.mg")])


def by_name(path: Path) -> str:
    return path.stem


def nests(text: str, name: str = "model.mg", options: Options | None = None) -> Iterator[LoopNest]:
    options = options or Options()
    for one in pipeline.run(text, name, options, until="schedule").functions:
        yield from one.nests


def printed(lines: Sequence[Line]) -> list[Line]:
    return [replace(line, tell=None) for line in lines]


def told(lines: Sequence[Line]) -> list[Statement]:
    return [line.tell() for line in lines if line.tell is not None]


@pytest.mark.parametrize("program", ALL, ids=by_name)
def test_one_nest_is_printed_twice(program: Path) -> None:
    for nest in nests(program.read_text(encoding="utf-8"), program.name, Options(ieee=True)):
        named, again = names.name(nest), names.name(nest)
        first, _ = python.function(named, (), ieee=True)
        c.body(DOUBLE, nest, named)
        second, _ = python.function(named, (), ieee=True)
        third, _ = python.function(again, (), ieee=True)
        assert printed(first) == printed(second) == printed(third)
        assert told(first) == told(second) == told(third)


@pytest.mark.parametrize("program", ALL, ids=by_name)
def test_nothing_is_read_before_it_is_stored(program: Path) -> None:
    for nest in nests(program.read_text(encoding="utf-8"), program.name):
        assert read_too_early(nest) == ()


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_read_before_it_is_stored_in_random_models(seed: int) -> None:
    for nest in nests(generator.program(seed)):
        assert read_too_early(nest) == ()


def test_a_nest_out_of_order_is_told() -> None:
    text = "def f(W[m, n], x[n]):\n    h = [sum(W[i, j]*x[j] for j) for i]\n    return sum(h[i]*h[0] for i)"
    for nest in nests(text):
        assert read_too_early(nest) == ()
        backwards = replace(nest, body=tuple(_reversed(nest.body)))
        assert read_too_early(backwards)


def _reversed(items: tuple[Item, ...]) -> list[Item]:
    inner = [replace(item, body=tuple(_reversed(item.body))) if isinstance(item, For) else item for item in items]
    return inner[::-1]


def test_a_row_is_named_where_its_array_is_made() -> None:
    text = "def f(x):\n    R = [[1, 0, 0], [0, 2, 2], [0, 2, exp(x)]]\n    return sum(R[i, j] for i, j if i != j)"
    emitted.check_value(emitted.emit(text), "f", emitted.Point({"x": 0.5}, {}))
