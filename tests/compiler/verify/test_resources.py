"""What a verification takes: memory that is given back, and no more steps than it may."""

from __future__ import annotations

import ast
import gc
import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types

import mgc
from mgc.compiler.verify import clock, verify
from mgc.compiler.verify.called.judging import Tried
from mgc.compiler.verify.called.running import counted
from mgc.compiler.verify.certificate import Claim, Prover
from mgc.compiler.verify.equal.deciding import Residues
from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.evaluation import Evaluation, NoValue
from mgc.compiler.verify.text import library
from mgc.compiler.verify.trace.trace import Machine
from mgc.compiler.verify.verify import verify_text
from mgc.runtime import audit
from support.verification import edited

KINKED = "def f(x[n], y):\n    return sum(relu(x[i]*y) for i) / y\n"


def test_a_verification_leaves_nothing_to_the_collector_of_cycles() -> None:
    model = mgc.loads(KINKED)
    gc.collect()
    gc.disable()
    try:
        assert model.verify().ok
        assert [kept for kept in gc.get_objects() if isinstance(kept, Residues | Machine | Evaluation)] == []
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


ENDLESS = {
    "loop": "for i in range(10**12):\n        s += x * x",
    "loop without terms": "k = 0\n    for i in range(10**12):\n        k = i",
    "nested": "for i in range(10**6):\n        for j in range(10**6):\n            s = x",
    "comprehension": "s = x + len([0 for _ in range(10**12)])",
    "list": "s = x + len([0.0] * 10**12)",
    "power": "s = x * 10**10**10",
    "power of a float": "s = 1.1\n    for i in range(60):\n        s = s * s\n    s = s * x",
    "whole numbers": "k = 3\n    for i in range(60):\n        k = k * k\n    s = s + k % 7 * x",
    "call": "s = often(x)",
}
TEXT = '''
def often(x):
    s = 0.0
    for i in range(10**12):
        s += x
    return s


def f(x):
    """f of a.mg, line 1."""
    s = 0.0
    {plain}
    return s


def f_value_and_grad(x):
    """f of a.mg, line 1, and its derivatives.

    Returns (value, grads); grads holds those of x.
    """
    s = 0.0
    {again}
    return s, (x,)
'''


@pytest.mark.parametrize("half", ["plain", "again"])
@pytest.mark.parametrize("endless", ENDLESS.values(), ids=ENDLESS)
def test_no_more_is_done_than_is_allowed(endless: str, half: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = TEXT.format(**{"plain": "s += x * x", "again": "s += x * x", half: endless})
    monkeypatch.setattr(verify, "WORK", 100)
    before = clock.now()
    report = verify_text(text)
    assert clock.now() - before < 300
    assert not any(row.verdict == "proved" for function in report.functions for row in function.rows)
    assert report.functions[0].status in ("not checked", "false")


def test_what_is_false_stays_so_where_no_work_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    text = mgc.loads(KINKED).module.text
    wrong = text.replace("dx[i] =", "dx[i] = 2.0 *").replace("dx[i] +=", "dx[i] += 2.0 *")
    assert wrong != text
    monkeypatch.setattr(Prover, "claims", _claims_and_then_the_end)
    (function,) = verify_text(wrong).functions
    assert function.status == "false"


def _claims_and_then_the_end(prover: Prover, claims: Callable[[Prover], list[Claim]] = Prover.claims) -> list[Claim]:
    found = claims(prover)
    clock._clock.end = 0
    return found


@pytest.mark.parametrize(
    "work",
    [
        lambda x: Machine(ast.parse("def f(x):\n    return x")).call("f", [x]),
        lambda x: Evaluation({"x": 1}).value(x),
        lambda x: Residues().equal(x, x),
    ],
    ids=["machine", "evaluation", "residues"],
)
def test_all_long_work_is_counted(work: Callable[[terms.Term], object]) -> None:
    x = terms.symbol("x")
    with clock.until(0), pytest.raises(clock.OutOfWork):
        work(x)
    with clock.seconds(-1.0), pytest.raises(clock.OutOfTime):
        work(x)


def test_making_terms_asks_for_the_time() -> None:
    with clock.seconds(-1.0), pytest.raises(clock.OutOfTime):
        list(map(terms.constant, range(5_000_000, 5_005_000)))


def test_a_time_limit_leaves_nothing_checked() -> None:
    """Whatever was shown by then, but for what is false."""
    (function,) = mgc.loads(KINKED).verify(time_limit=1e-9).functions
    assert function.verdict == "not checked"
    assert function.notes == ("not checked: not in 1e-09 s",)


@pytest.mark.parametrize("long", ["for q in range(10**12):\n        n += 0", "n += len([q for q in range(10**12)])"])
def test_a_time_limit_stops_what_cpython_runs(long: str) -> None:
    text = edited("def f(x[n]): return sum(x[i]*x[i] for i)", "    return out\n", f"    {long}\n    return out\n")
    namespace = audit.run(text, "long.py").namespace
    (function,) = verify_text(text, "long.py", namespace=namespace, time_limit=0.05).functions
    assert function.verdict == "not checked"
    assert function.notes == ("not checked: not in 0.05 s",)


COUNTED = """
import mgc
from mgc.compiler.verify import clock
mgc.loads("def f(x[n], y): return sum(relu(x[i]*y)*exp(2) for i) / gamma(y)").verify()
print(clock.now())
"""


def test_the_steps_are_the_same_in_every_process() -> None:
    """Whatever order its sets have."""
    taken = [
        subprocess.run(
            [sys.executable, "-c", COUNTED],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert taken[0] == taken[1]
    assert int(taken[0]) > 1000


def test_what_is_kept_once_it_is_known_takes_no_steps() -> None:
    derivatives.constant.cache_clear()
    before = clock.now()
    assert derivatives.constant("sqrt", (Fraction(4),)) == 2
    assert clock.now() == before


def test_what_was_verified_before_changes_no_count_of_steps() -> None:
    library._forms.cache_clear()
    model = mgc.loads("def f(x, y): return sigmoid(x)*softplus(y)\n")
    taken = []
    for _ in range(2):
        before = clock.now()
        assert model.verify().ok
        taken.append(clock.now() - before)
    assert taken[0] == taken[1]
    assert library._forms.cache_info().hits > 0


def test_what_differs_at_a_point_is_told_though_the_work_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    model = mgc.loads("def f(x[n], y):\n    return sum(x[i]*y for i)\n")
    text = model.module.text.replace("dx[i] = y", "dx[i] = y if i < n - 1 else 2.0 * y")
    assert text != model.module.text
    settled: list[Claim] = []
    claim = Prover._claim

    def last_one(prover: Prover, *pair: Any) -> Claim:
        if settled:
            raise clock.OutOfWork
        settled.append(claim(prover, *pair))
        return settled[0]

    monkeypatch.setattr(Prover, "_claim", last_one)
    assert verify_text(text).functions[0].status == "false"


def test_a_number_beyond_all_doubles_has_no_value() -> None:
    """Its exponential would need as many digits of log(2) as it has itself."""
    x = terms.symbol("x")
    with pytest.raises(NoValue):
        Evaluation({"x": mpf(2) ** 10**9}).value(terms.function("exp", x))


def test_what_there_is_no_work_for_is_tested_at_points(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_work(*pair: Any) -> Claim:
        raise clock.OutOfWork

    monkeypatch.setattr(Prover, "_claim", out_of_work)
    (function,) = mgc.loads("def f(x[n], y): return sum(x[i]*y for i)").verify().functions
    assert {row.method for row in function.rows if row.role == "argument"} == {"8 points, 50 digits"}
    assert function.verdict == "tested"


def test_too_much_work_is_said_with_what_makes_it_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "WORK", 5000)
    model = "const width = 30\nmodel f(x[width]):\n    param W[width, width] = 1\n    return sum(W @ x)"
    (function,) = mgc.loads(model).verify().functions
    assert function.verdict == "not checked"
    assert "not checked: too much work with width = 30; smaller ones take less, as with --set width=2" in function.notes


def test_calls_have_no_more_than_their_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "WORK", 25_000)
    (function,) = mgc.loads("def f(x[n], y): return sum(exp(x[i]*y) for i)").verify().functions
    assert "not called at every point that there is: too much work" in function.notes
    assert function.verdict == "proved"


@pytest.mark.parametrize("over", ["range(n)", "reversed(range(n))", "zip(x, x)", "x"])
def test_turns_are_counted_whatever_a_loop_runs_over(over: str) -> None:
    syntax = ast.parse(f"def f(x, n):\n    for i in {over}:\n        pass\n    return 0")
    before = clock.now()
    counted(syntax, {})["f"]([0.0] * 5000, 5000)
    assert 400 < clock.now() - before < 650


def test_no_tape_is_made_at_sizes_that_are_larger_than_those_left_out() -> None:
    found = Tried(left_out=[{"n": 3, "k": 2}])
    assert found.is_too_large({"n": 3, "k": 5})
    assert not found.is_too_large({"n": 13, "k": 1})


CLEARANCE = """def clearance(P[3, 2]):
    return min(hypot(P[i, 0] - P[j, 0], P[i, 1] - P[j, 1]) for i for j in range(i))
"""


@pytest.mark.slow
def test_a_way_to_an_arm_is_asked_about_once_whatever_derivatives_take_it() -> None:
    before = clock.now()
    report = mgc.loads(CLEARANCE).verify().functions[0]
    assert report.verdict == "proved" and clock.now() - before < 1_000_000  # it took ten


@pytest.mark.slow
def test_conditions_that_matter_are_asked_about_first() -> None:
    wrong = "x_exp[i] * (x_ties if x_ties > 1.0 else 1.0)"
    text = edited("def f(x[n]): return logsumexp(x) + std(x)", "dx_others * x_exp[i]", f"dx_others * {wrong}")
    before = clock.now()
    assert verify_text(text, namespace=audit.run(text, "<text>").namespace).functions[0].verdict == "false"
    assert clock.now() - before < 2_600_000  # it took three million
