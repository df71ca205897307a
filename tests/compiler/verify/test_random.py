"""Random models: nothing that is verified disagrees (tests/support/random_proofs.py runs as many as one likes)."""

from __future__ import annotations

import pytest

import mgc
from support.programs import program
from support.quick import first_quick
from support.random_proofs import disagreements, reports

# Models that were once misjudged.
SMALL = [
    7018, 20234, 31882, 50207, 50453, 1002032, 1002327, 1004119, 2000330, 2000380, 2000846, 5000780, 7000592, 7000703,
    80000678, 80003202, 80007131,
]  # fmt: skip
LARGE = [
    530, 5118, 20032, 50396, 1002749, 1006508, 7000163, 7000445, 9000089, 31000058, 60001894, 70000055, 70000346,
    80000690, 80003969, 80008784, 91002958,
]  # fmt: skip


@pytest.mark.parametrize("first", first_quick(range(0, 30, 5)))
def test_random_models_agree(first: int) -> None:
    verified = 0
    for seed in range(first, first + 5):
        found = reports(seed)
        assert disagreements(seed, found) == []
        verified += sum(report.verdict == "proved" for report in found)
    assert verified >= 5


@pytest.mark.parametrize("seed", first_quick([*SMALL, *LARGE]))
def test_models_that_were_once_misjudged_agree(seed: int) -> None:
    assert disagreements(seed, reports(seed)) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [214, 554, 584])
def test_programs_as_people_write_them_that_were_once_misjudged_agree(seed: int) -> None:
    assert {report.name: report.verdict for report in mgc.loads(program(seed).text).verify().functions} in (
        {"helper": "proved", "f": "proved"},
        {"helper": "proved", "f": "tested"},
    )


@pytest.mark.slow
@pytest.mark.parametrize("first", range(60, 1000, 200))
def test_many_random_models_agree(first: int) -> None:
    seeds = range(first, min(first + 200, 1000), 40)
    assert [said for seed in seeds for said in disagreements(seed, reports(seed))] == []
