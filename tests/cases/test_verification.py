"""The emitted derivatives of every collection are proved, or at least tested, and never false.

A part of the large collections: `python -m cases` verifies all of them.
"""

from __future__ import annotations

from collections import Counter

import pytest

from cases.case import Case
from cases.exceptions import MISJUDGED, SLOW, UNSUPPORTED
from cases.sources import READERS, cases
from cases.verification import Verified, verified

pytestmark = pytest.mark.usefixtures("fewer_calls")

EVERY = {"rubi_pairs": 5, "symbolic_regression": 2}  # of which every fifth or second case is verified

# The least share of the cases that are proved, where it is not COMMON.
PROVED = {"posteriordb": 0.6, "mgh": 0.8}
COMMON = 0.9


def checked(chosen: list[Case]) -> dict[str, Verified]:
    """The cases verified, none of them false but those that are known to be judged too harshly."""
    found = {case.id: verified(case) for case in chosen if case.id not in UNSUPPORTED}
    wrong = {which: one.false for which, one in found.items() if one.status not in ("proved", "tested")}
    assert wrong.keys() == MISJUDGED.keys() & found.keys(), wrong
    return found


def enough(name: str, found: dict[str, Verified]) -> bool:
    proved = Counter(one.status for one in found.values())["proved"]
    return proved >= PROVED.get(name, COMMON) * len(found)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == "own" else pytest.mark.collection) for name in READERS]
)
def test_part(name: str) -> None:
    chosen = [case for case in cases(name)[:: EVERY.get(name, 1)] if case.id not in SLOW]
    assert chosen
    assert enough(name, checked(chosen))


@pytest.mark.collection
@pytest.mark.slow
@pytest.mark.parametrize("case", SLOW)
def test_slow_case(case: str) -> None:
    (found,) = [one for name in READERS for one in cases(name) if one.id == case]
    checked([found])
