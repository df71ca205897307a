"""The derivative beside a value is the derivative by it, or it is not shown."""

from __future__ import annotations

import math

import pytest

import mgc
from mgc.runtime.see.trace import trace
from mgc.runtime.see.values import Derivatives, in_margin

MODEL = """
def spread(x[n]):
    m = mean(x[i] for i)
    s = sqrt(sum((x[i] - m)**2 for i))
    return sum(x[i]/s for i)

def row(x[2], W[2, 2]):
    h = tanh(W @ x)
    return h[0]*h[1]

def rows(X[n, 2], W[2, 2]):
    return sum(row(X[i], W) for i)
"""


@pytest.mark.parametrize("style", ["fused", "lesson"])
def test_a_derivative_that_loops_add_up_is_shown_whole(style: str) -> None:
    spread = mgc.loads(MODEL, style=style).spread  # type: ignore[arg-type]
    x = [1.0, 2.0, 4.0]
    events = trace(spread, spread.checked(x))
    [s] = [event for event in events if event.step.statement.name == "s"]
    assert isinstance(s.value, float)
    assert Derivatives(events).by(s) == pytest.approx(-sum(x) / s.value**2)


@pytest.mark.parametrize("style", ["fused", "lesson"])
def test_an_array_that_each_turn_uses_anew_has_no_derivative_of_another_turn(style: str) -> None:
    rows = mgc.loads(MODEL, style=style).rows  # type: ignore[arg-type]
    X, W = [[0.1, 0.2], [0.3, 0.5], [-0.7, 0.4]], [[1.0, 0.5], [-0.5, 2.0]]
    events = trace(rows, rows.checked(X, W))
    derivatives = Derivatives(events)
    checked = 0
    for event in events:
        found = derivatives.by(event)
        if event.step.statement.name == "h" and not event.step.statement.starts and found is not None:
            place, turn = event.element[-1], event.turn[0]
            other = math.tanh(sum(w * x for w, x in zip(W[1 - place], X[turn], strict=True)))
            assert found == pytest.approx(other)
            checked += 1
    assert checked == (6 if style == "lesson" else 0)


def test_turns_are_chosen_by_the_loops_index() -> None:
    spread = mgc.loads(MODEL, style="lesson").spread
    shown = in_margin(spread, spread.checked([1.0, 2.0, 4.0]), {"i": (0, 2)}).splitlines()
    told = [line.split("|")[0].split("  ")[0] for line in shown if line.startswith("i = ")]
    assert set(told) == {"i = 0", "i = 2"}
