"""Every collection of expressions with known derivatives: translated, compiled, run and scored (scores.py).

`python -m cases` from the folder above prints the table; here a stated bound holds for every number of every case.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest

import mgc
from cases import own
from cases.case import path, rows
from cases.exceptions import RAISES, UNSUPPORTED
from cases.fits import LAYOUTS, POSTERIORS
from cases.sources import READERS, cases
from cases.trial import Outcome, Tally, attempt, flat

# The least shares of values and derivatives that are right: as good as a plain translation's. The others are
# unlucky roundings where terms cancel, and within the bound of scores.py all the same.
RIGHT = 0.99, 0.93
COLLECTIONS = [pytest.param(name, marks=() if name == "own" else pytest.mark.collection) for name in READERS]


@cache
def outcomes(name: str) -> tuple[Outcome, ...]:
    return tuple(attempt(case) for case in cases(name))


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_case_compiles_or_has_its_reason(name: str) -> None:
    problems = {outcome.case.id: outcome.problem for outcome in outcomes(name) if outcome.problem}
    ids = {outcome.case.id for outcome in outcomes(name)}
    assert ids
    assert problems.keys() == UNSUPPORTED.keys() & ids


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_number_is_within_the_bound(name: str) -> None:
    assert [(outcome.case.id, outcome.unsound) for outcome in outcomes(name) if outcome.unsound] == []


@pytest.mark.parametrize("name", COLLECTIONS)
def test_nearly_every_number_is_right(name: str) -> None:
    for wanted, tallies in zip(
        RIGHT, zip(*((one.values, one.slopes) for one in outcomes(name)), strict=True), strict=True
    ):
        total = sum(tallies, Tally())
        assert total.right >= wanted * total.total, total


@pytest.mark.parametrize("name", COLLECTIONS)
def test_bare_python_raises_nowhere_but_for_a_reason(name: str) -> None:
    raised = {outcome.case.id for outcome in outcomes(name) if outcome.raised}
    assert raised == RAISES.keys() & {outcome.case.id for outcome in outcomes(name)}


@pytest.mark.collection
def test_every_exception_is_a_case() -> None:
    ids = {outcome.case.id for name in READERS for outcome in outcomes(name)}
    assert UNSUPPORTED.keys() | RAISES.keys() <= ids


def test_own_cases_are_what_the_script_writes() -> None:
    assert path("own").read_text(encoding="utf-8") == own.document()


# --- least squares: the start and the known minimum


@pytest.mark.collection
@pytest.mark.parametrize("row", rows("mgh"), ids=lambda row: row["id"])
def test_minimum(row: dict[str, object]) -> None:
    """No value is known below the minimum, and the derivatives vanish there beside those at the start."""
    (case,) = READERS["mgh"](row)
    function = mgc.loads(case.text)["f"]
    x0, place = row["x0"], row["scipy_xmin"]
    least = float(Fraction(str(row["fmin"])))
    assert isinstance(x0, list)
    assert isinstance(place, list)
    assert tuple(map(float, x0)) == case.points[0].arguments
    start, steep = function.value_and_grad(*x0)
    value, slopes = function.value_and_grad(*place)
    assert value == pytest.approx(least, rel=1e-5, abs=1e-9 * start)
    assert max(map(abs, flat(slopes))) <= 1e-4 * max(map(abs, flat(steep)))


# --- the posteriors


def test_loops_that_carry_values_are_still_written_out() -> None:
    """When the language has them, `unrolled` has had its day."""
    looped = [file for file, _ in LAYOUTS.values() if "in range(" in (POSTERIORS / file).read_text(encoding="utf-8")]
    assert len(looped) == 2
    for file in looped:
        with pytest.raises(mgc.ModelError, match="a loop here runs over the list of sizes"):
            mgc.load(POSTERIORS / file)


@pytest.mark.collection
def test_every_posterior_has_its_file() -> None:
    assert {row["id"] for row in rows("posteriordb")} == LAYOUTS.keys()
    assert {file for file, _ in LAYOUTS.values()} == {file.name for file in POSTERIORS.iterdir()}
