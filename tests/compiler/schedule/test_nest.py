"""Loop nests are data: passes rewrite their loops, one nest is printed twice, and its order can be checked."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mgc.compiler import pipeline
from mgc.compiler.emit.c import function as c
from mgc.compiler.emit.python import function as python
from mgc.compiler.emit.tokens import Line
from mgc.compiler.module import Statement
from mgc.compiler.names import names
from mgc.compiler.options import Options
from mgc.compiler.schedule import nest_passes
from mgc.compiler.schedule.loopnest import For, Item, LoopNest, walk
from mgc.compiler.schedule.nest_order import read_too_early
from mgc.compiler.schedule.schedule import schedule
from support import emitted, generator, native, targets
from support.arrays import flat

PROGRAMS = Path(__file__).parents[1] / "emit" / "programs"
EXAMPLES = Path(__file__).parents[3] / "examples"
ALL = sorted([*PROGRAMS.glob("*.mg"), *EXAMPLES.glob("*.mg")])
SIZES = {"digits": {"n": 3}, "gmm": {"n": 3, "k": 2, "d": 3}, "moons": {"n": 3}}
LOW = {"gmm": 0.2}
Rewrite = Callable[[LoopNest], LoopNest]


def by_name(path: Path) -> str:
    return path.stem


def loops(nest: LoopNest) -> list[For]:
    return [item for item in walk(nest.body) if isinstance(item, For)]


def split_all(nest: LoopNest) -> LoopNest:
    for loop in loops(nest):
        nest = nest_passes.split(nest, loop.serial, 2)
    return nest


def interchange_all(nest: LoopNest) -> LoopNest:
    for loop in loops(nest):
        if loop in loops(nest) and nest_passes.can_interchange(loop):
            nest = nest_passes.interchange(nest, loop.serial)
    return nest


def nests(text: str, name: str = "model.mg", options: Options | None = None) -> Iterator[LoopNest]:
    options = options or Options()
    for one in pipeline.run(text, name, options, until="schedule").functions:
        yield from one.nests


@pytest.fixture
def rewriting(monkeypatch: pytest.MonkeyPatch) -> Callable[[Rewrite], None]:
    """Have every nest rewritten before it is printed."""

    def through(rewrite: Rewrite) -> None:
        monkeypatch.setattr("mgc.compiler.pipeline.schedule", lambda graph: rewrite(schedule(graph)))

    return through


def results(module: emitted.Emitted, seed: str, stem: str) -> list[float]:
    """The values and derivatives of all functions, each at a point of its own."""
    found: list[float] = []
    for info in module.module.functions:
        source = random.Random(seed + info.name)
        at = emitted.point(module, info.name, source, SIZES.get(stem), LOW.get(stem, -1.5))
        found += numbers(emitted.call(module, info.name, at))
        if info.gradient_name is not None:
            value, grads = emitted.gradient(module, info.name, at, emitted.seeds_for(module, info.name, at, source))
            found += [*numbers(value), *numbers(list(emitted.parts(info, grads).values()))]
    return found


def numbers(result: Any) -> list[float]:
    return [number for one in result for number in numbers(one)] if isinstance(result, list | tuple) else [result]


@pytest.mark.parametrize("program", ALL, ids=by_name)
def test_rewritten_loops_compute_the_same(program: Path, rewriting: Callable[[Rewrite], None]) -> None:
    text = program.read_text(encoding="utf-8")
    plain = emitted.emit(text, program.name)
    wanted = results(plain, "1", program.stem)
    scale = max([1.0, *[abs(number) for number in wanted if number == number]])
    for rewrite in (split_all, interchange_all):
        rewriting(rewrite)
        other = emitted.emit(text, program.name)
        found = results(other, "1", program.stem)
        if rewrite is split_all:  # in the same order: the same bits
            assert list(map(repr, found)) == list(map(repr, wanted))
            assert other.module.text != plain.module.text or "for " not in plain.module.text
        assert all(emitted.close(a / scale, b / scale, 1e-12) for a, b in zip(found, wanted, strict=True)), rewrite


@pytest.mark.parametrize("rewrite", [split_all, interchange_all])
def test_rewritten_loops_compute_the_same_in_c(rewrite: Rewrite, rewriting: Callable[[Rewrite], None]) -> None:
    text = "def f(A[m, n], x[n], y[m]): return sum(y[i]*A[i, j]*x[j] + A[i, j]**2 for i, j)"
    at = [[0.5, -1.0, 2.0, 3.0, 0.25, 1.5], [1.0, 2.0, -0.5], [3.0, -2.0]]
    outputs = []
    for change in (None, rewrite):
        if change is not None:
            rewriting(change)
        module = pipeline.compile_source(text, "f.mg", Options(target="c"))
        function = native.find(module, targets.build(module.text), "f_value_and_grad")
        outputs.append(native.call(function, at, {"m": 2, "n": 3}, at))
        assert ("i_block" in module.text) == (change is split_all)
    for wanted, found in zip(*outputs, strict=True):
        assert flat(found) == pytest.approx(flat(wanted), rel=1e-12)


def test_loops_that_depend_on_each_other_keep_their_order() -> None:
    (nest, _) = nests("def f(x[n]): return sum(x[i]*x[j] for i in range(n) for j in range(i))")
    assert not any(nest_passes.can_interchange(loop) for loop in loops(nest))


def told(lines: Sequence[Line]) -> list[Statement]:
    return [line.tell() for line in lines if line.tell is not None]


@pytest.mark.parametrize("program", ALL, ids=by_name)
def test_one_nest_is_printed_twice(program: Path) -> None:
    for nest in nests(program.read_text(encoding="utf-8"), program.name, Options(ieee=True)):
        named, again = names.name(nest), names.name(nest)
        first, _ = python.function(named, (), ieee=True)
        c.body(nest, named)
        second, _ = python.function(named, (), ieee=True)
        third, _ = python.function(again, (), ieee=True)
        assert first == second == third
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
