"""What a verification takes: memory that is given back, and no more steps than its time allows."""

from __future__ import annotations

import gc

import pytest

import mgc
from mgc.compiler.proof.algebra import terms
from mgc.compiler.proof.algebra.polynomials import Space
from mgc.compiler.proof.machine.execution import Machine
from mgc.compiler.proof.numeric import Evaluation

KINKED = "def f(x[n], y):\n    return sum(relu(x[i]*y) for i) / y\n"


def test_a_verification_leaves_nothing_to_the_collector_of_cycles() -> None:
    model = mgc.loads(KINKED)
    gc.collect()
    gc.disable()
    try:
        assert model.verify().ok
        assert [kept for kept in gc.get_objects() if isinstance(kept, Space | Machine | Evaluation)] == []
    finally:
        gc.enable()


def test_terms_that_nobody_uses_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [terms.symbol("kept")]
    for _ in range(50):
        kept.append(terms.function("exp", kept[-1]))
    monkeypatch.setattr(terms, "FEWEST", 200)
    monkeypatch.setattr(terms, "_limit", 200)
    before = len(terms._table)
    for number in range(10_000):
        terms.function("exp", terms.constant(number))
    assert len(terms._table) < 2 * before + 1000
    again = terms.symbol("kept")
    for one in kept:
        assert one is again
        again = terms.function("exp", again)
