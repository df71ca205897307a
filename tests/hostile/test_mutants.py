"""Mutants of valid files (`mutants.py` takes any number): a module or a message, never a surprise."""

from __future__ import annotations

import pytest

from hostile import mutants


@pytest.mark.parametrize("count", [250, pytest.param(4_000, marks=pytest.mark.slow)])
def test_mutants(count: int) -> None:
    verdicts = mutants.run(count)
    assert verdicts.failures == []
    assert min(verdicts.counts.values()) > count / 20, "both verdicts are met"
