"""Statements that share a loop or a branch: what one of them stores, another reads only afterwards."""

from __future__ import annotations

import pytest

from support import targets

MODELS = """
def of_a_sum(g[3]):
    a = [sum(g[t]*2 if i >= 1 else 0 for t) for k, i in range(3)]
    return sum(a**2) + sum(a)

def of_a_sum_over_some(g[3]):
    a = [sum(g[t] for t if g[t] < 3 and i >= 1) for k, i in range(3)]
    return sum(a**2) + sum(a)

def of_the_other_arm(g[3]):
    a = [sum(0 if i == 0 else g[t]*g[t] for t) for k, i in range(3)]
    return sum(a**2) + a[0, 1]
"""
EXPECTED = {
    "of_a_sum": (936.0, [300.0, 300.0, 300.0]),
    "of_a_sum_over_some": (72.0, [42.0, 42.0, 0.0]),
    "of_the_other_arm": (1190.0, [338.0, 676.0, 1014.0]),
}


@pytest.mark.parametrize("target", targets.TARGETS)
def test_a_sum_that_is_stored_after_the_branch_that_adds_to_it(target: str) -> None:
    code = targets.TARGETS[target](MODELS)
    for name, (value, slopes) in EXPECTED.items():
        assert code.value(name, ([1.0, 2.0, 3.0],)) == value
        assert code.value_and_grad(name, ([1.0, 2.0, 3.0],)) == (value, (slopes,))
