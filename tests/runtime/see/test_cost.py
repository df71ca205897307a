"""What a run costs is what its text says: counted by hand, and kept is what the backward pass reads."""

from __future__ import annotations

import mgc
from mgc.runtime.see.cost import cost, report

MEAN = """
def f(W[m, n], x[n]):
    z = W @ x
    return sum(exp(z[i]) for i)

def g(x):
    return log(x) if x > 1 else x*x

def count(k: int):
    return k*2 + 1
"""


def test_each_operation_of_a_loop_counts_as_often_as_it_runs() -> None:
    f = mgc.loads(MEAN).f
    found = cost(f, f.checked([[0.1] * 3] * 2, [0.5] * 3))
    assert found.value == found.forward == {"*": 6, "+": 8, "exp": 2}
    assert found.backward == {"*": 12, "+": 6}
    assert [(kept.name, kept.numbers) for kept in found.kept] == [("z_exp", 1)]


def test_only_the_branch_that_is_taken_counts() -> None:
    g = mgc.loads(MEAN).g
    assert cost(g, g.checked(2.0)).value == {"log": 1}
    assert cost(g, g.checked(0.5)).value == {"*": 1}


def test_integers_count_nothing_and_need_no_derivative() -> None:
    count = mgc.loads(MEAN).count
    assert report(count, count.checked(3)).splitlines()[0] == "count, the code in the style fused"
    assert cost(count, count.checked(3)).backward == {}
