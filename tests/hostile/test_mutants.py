"""Two thousand mutants of valid files (`mutants.py` takes any number): a module or a message, never a surprise."""

from __future__ import annotations

from hostile import mutants


def test_mutants() -> None:
    verdicts = mutants.run(2_000)
    assert verdicts.failures == []
    assert min(verdicts.counts.values()) > 100, "both verdicts are met"
