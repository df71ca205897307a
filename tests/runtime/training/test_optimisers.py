"""Optimisers against values worked out by hand."""

from __future__ import annotations

import math

import pytest

from mgc.grammar.diagnostics import DataError
from mgc.runtime.arguments import Params
from mgc.runtime.conversion import flat
from mgc.runtime.training.gradients import clipped, norm, with_decay
from mgc.runtime.training.optimisers import OPTIMISERS, decayed
from mgc.runtime.training.schedules import rates

PARAMETERS: Params = {"w": [[1.0, 2.0]], "b": 3.0}
GRADIENTS: Params = {"w": [[10.0, -1.0]], "b": 0.5}


def numbers(parameters: Params) -> list[float]:
    return [number for value in parameters.values() for number in flat(value)]


def run(name: str, steps: int) -> Params:
    rule = OPTIMISERS[name]
    parameters, state = PARAMETERS, rule.start(PARAMETERS)
    for _ in range(steps):
        parameters, state = rule.step(parameters, GRADIENTS, state, 0.1)
    return parameters


def test_sgd() -> None:
    assert run("sgd", 1) == {"w": [[0.0, 2.1]], "b": 2.95}


def test_momentum_carries_nine_tenths() -> None:
    """Two steps with the same gradient g: the second moves by 1.9 g."""
    assert run("momentum", 1) == run("sgd", 1)
    moved = [1.0 - 0.1 * 2.9 * 10.0, 2.0 + 0.1 * 2.9, 3.0 - 0.1 * 2.9 * 0.5]
    assert numbers(run("momentum", 2)) == pytest.approx(moved)


def test_adam_moves_by_the_rate_whatever_the_gradients_size() -> None:
    """With a constant gradient both corrected means are exact, so each step is rate * g / (|g| + 1e-8)."""
    for steps in (1, 5):
        moved = [1.0 - 0.1 * steps, 2.0 + 0.1 * steps, 3.0 - 0.1 * steps]
        assert numbers(run("adam", steps)) == pytest.approx(moved)


def test_adam_against_the_papers_recurrence() -> None:
    rule = OPTIMISERS["adam"]
    parameters: Params = {"w": 1.0}
    state = rule.start(parameters)
    w, m, v = 1.0, 0.0, 0.0
    for step, gradient in enumerate([0.3, -2.0, 0.0, 5.0], start=1):
        parameters, state = rule.step(parameters, {"w": gradient}, state, 0.01)
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        w -= 0.01 * (m / (1 - 0.9**step)) / (math.sqrt(v / (1 - 0.999**step)) + 1e-8)
        assert parameters["w"] == pytest.approx(w, rel=1e-14)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_steps_are_pure(name: str) -> None:
    run(name, 3)
    assert PARAMETERS == {"w": [[1.0, 2.0]], "b": 3.0}
    assert GRADIENTS == {"w": [[10.0, -1.0]], "b": 0.5}


@pytest.mark.parametrize("name", OPTIMISERS)
def test_parameter_without_a_gradient_stays(name: str) -> None:
    rule = OPTIMISERS[name]
    parameters, _ = rule.step(PARAMETERS, {"b": 1.0}, rule.start(PARAMETERS), 0.1)
    assert parameters["w"] == PARAMETERS["w"]
    assert parameters["b"] != PARAMETERS["b"]


def test_linear_decay_is_micrograds() -> None:
    rate = rates("1.0:0.1")
    assert [rate(k, 100) for k in (0, 50, 99)] == pytest.approx([1.0 - 0.9 * k / 100 for k in (0, 50, 99)])
    assert rates("0.05")(7, 100) == 0.05


@pytest.mark.parametrize("text", ["", "a", "1:2:3", "-1", "nan", "inf", "1:"])
def test_bad_learning_rate(text: str) -> None:
    with pytest.raises(DataError, match="learning rate"):
        rates(text)


def test_nesterov_looks_ahead() -> None:
    """With the same gradient g the first step moves by 1.9 g, the second by (1 + 0.9*1.9) g."""
    moved = [1.0 - 0.1 * (1.9 + 2.71) * 10.0, 2.0 + 0.1 * (1.9 + 2.71), 3.0 - 0.1 * (1.9 + 2.71) * 0.5]
    assert numbers(run("nesterov", 2)) == pytest.approx(moved)


def test_decay_of_adamw_is_beside_its_step() -> None:
    assert decayed({"w": [10.0]}, 0.1, 0.5) == {"w": [9.5]}
    assert decayed(PARAMETERS, 0.1, 0.0) is PARAMETERS


def test_cosine_and_warmup() -> None:
    rate = rates("2.0:1.0", "cosine", 4)
    assert [rate(k, 12) for k in range(4)] == [0.5, 1.0, 1.5, 2.0]
    assert [rate(k, 12) for k in (4, 6, 8, 10)] == pytest.approx(
        [2.0, 1.0 + (1 + math.sqrt(0.5)) / 2, 1.5, 1.0 + (1 - math.sqrt(0.5)) / 2]
    )
    assert rates("0.5", "linear", 2)(0, 10) == 0.25


def test_gradients_are_clipped_to_a_norm() -> None:
    long: Params = {"w": [[3.0, 0.0]], "b": 4.0}
    assert norm(long) == 5.0
    assert numbers(clipped(long, 1.0)) == pytest.approx([0.6, 0.0, 0.8])
    assert clipped(long, 5.0) is long
    assert with_decay({"b": 1.0}, PARAMETERS, 0.5) == {"b": 2.5}
