"""Random programs agree with the evaluator of their syntax trees, on every target; so do those that once did not."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Any

import pytest

from support import found, told
from support.programs import points, program
from support.quick import first_quick
from support.random_programs import batch
from support.shrink import smallest
from support.trial import ALLOWED, TARGETS, Case, Disagreement, compiled, disagreements, libraries
from support.unassigned import unassigned

PYTHON = ("python", "ieee", "lesson")
needs_c = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler here")


def check(text: str, at: Sequence[dict[str, Any]]) -> None:
    case = compiled(text, at, tuple(TARGETS))
    assert isinstance(case, Case), case
    library = libraries([case])[0] if "c" in case.modules else None
    told = [one for one in disagreements(case, library) if one.kind not in ALLOWED - {"empty"}]
    assert not told, "\n".join(f"{one.target}: {one.what}" for one in told)


@needs_c
@pytest.mark.parametrize("name", found.MENDED)
def test_what_was_mended(name: str) -> None:
    text, point = found.MENDED[name]
    check(text, [point])


@needs_c
@pytest.mark.parametrize("name", found.UNMENDED)
@pytest.mark.xfail(reason="found by a random program, and not mended yet")
def test_what_is_not_mended(name: str) -> None:
    text, point = found.UNMENDED[name]
    check(text, [point])


@needs_c
@pytest.mark.parametrize(("text", "point"), told.RIGHT, ids=[text.splitlines()[-1].strip() for text, _ in told.RIGHT])
def test_what_was_told(text: str, point: dict[str, Any]) -> None:
    check(text, [point])


@needs_c
@pytest.mark.parametrize("first", first_quick(range(0, 100, 25)))
def test_random_programs_agree(first: int) -> None:
    seeds = range(first, first + 25)
    counts, told = batch(seeds)
    assert not told, "\n".join(f"{seed}, {one.target}: {one.what}" for seed, all_ in told.items() for one in all_)
    assert counts["compiled"] >= 0.9 * len(seeds)


@pytest.mark.parametrize("first", first_quick(range(3811, 4011, 2)))
def test_what_is_read_is_assigned(first: int) -> None:
    told = {
        (seed, target): unassigned(program(seed), seed, target) for seed in range(first, first + 2) for target in PYTHON
    }
    assert not any(told.values()), told


def test_a_named_array_is_computed_whole() -> None:
    named = "def f(y[n]):\n    e = [log(y[i]) for i]\n    return e[0]*e[n - 2]\n"
    arms = "def f(y[n]):\n    e = [log(y[i]) for i]\n    return e[0]*e[n - 2] if y[2] > 0 else y[0]\n"
    kinds = [{one.kind for one in _told(text, {"y": [1.0, 2.0, -1.0]})} for text in (named, arms)]
    assert kinds == [{"whole"}, set()]


def test_an_array_that_either_arm_reads_at_an_index_of_nothing() -> None:
    text = "def f(x[n]):\n    e = [1, x[1]] @ [x for i in range(2)]\n    return [e[i] for i] if 1 == x[0] else e[0]\n"
    assert not _told(text, {"x": []})


@pytest.mark.parametrize(
    "result",
    ["x if x[1] > 0 else x", "x if k % (n - 1) > 0 and 1 > 2 else 2*x", "x if log(x[0]) > 0 or 1 < 2 else 2*x"],
)
def test_a_condition_that_decides_nothing_is_not_looked_at(result: str) -> None:
    text = f"def f(x[n], k: int):\n    return {result}\n"
    assert {one.kind for one in _told(text, {"x": [0.0], "k": 3})} == {"undecided"}


@needs_c
def test_the_room_for_as_many_as_a_remainder_by_nothing() -> None:
    most = "[max(x[j]*x[j] for j in range(i + 1) for p in range(2)) for i in range(n)]"
    text = f"def f(x[n], k: int):\n    c = {most}\n    return [c[(k + 1) % n] for i in range(n)]\n"
    case = compiled(text, [{"x": [], "k": 1}], ("c",))
    assert isinstance(case, Case)
    assert list(disagreements(case, libraries([case])[0])) == []


def _told(text: str, at: dict[str, Any]) -> list[Disagreement]:
    case = compiled(text, [at], ("python",))
    assert isinstance(case, Case)
    return list(disagreements(case))


def test_a_program_is_made_of_its_seed_alone() -> None:
    assert program(7) == program(7) != program(8)
    assert points(program(7), 7) == points(program(7), 7)


def test_what_matters_not_is_dropped() -> None:
    text = "def g(x):\n    return x\n\ndef f(a, b):\n    c = b + 1\n    return (a % b)*2 if b > 9 else g(c)\n"
    assert smallest(text, lambda smaller: "%" in smaller) == "def f():\n    return a%b\n"
