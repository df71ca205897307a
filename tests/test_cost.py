"""Emitted code executes no more than its source says: examples, golden programs and random ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.cost_law import broken
from support.programs import program
from support.quick import first_quick, slow_if

ROOT = Path(__file__).parents[1]
FILES = [*sorted(ROOT.glob("examples/*.mg")), *sorted(ROOT.glob("tests/compiler/emit/programs/*.mg"))]

PRODUCT = "the derivative by a factor is the product of the others, multiplied anew: a quotient is lost at 0"
SLICED = "an array is computed whole where a slice of it is read"
SPECULATED = "what raises nothing and costs little is computed although an arm may not take it"

# What breaks the law, with the half that it breaks, and why.
OF_FILES: dict[tuple[str, str, str], str] = {
    ("reductions", "products", "derivative"): PRODUCT,
    ("integers", "repeated", "derivative"): PRODUCT,
}
OF_SEEDS: dict[tuple[int, str], str] = {
    (20, "derivative"): PRODUCT,
    (99, "value"): SPECULATED,
    (183, "value"): SLICED,
}


@pytest.mark.parametrize(
    "path", slow_if(lambda path: path.parent.name == "programs", FILES), ids=lambda path: path.stem
)
def test_files(path: Path) -> None:
    wanted = {(name, half) for stem, name, half in OF_FILES if stem == path.stem}
    assert broken(path.read_text()) == wanted


@pytest.mark.parametrize("first", first_quick(range(0, 200, 25)))
def test_random_programs(first: int) -> None:
    seeds = range(first, first + 25)
    found = {(seed, half) for seed in seeds for _, half in broken(program(seed).text, ("f",))}
    assert found == {one for one in OF_SEEDS if one[0] in seeds}
