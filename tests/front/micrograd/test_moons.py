"""The demo of micrograd's repository, seeds and all, gives the losses that it publishes, to 1e-9."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pytest

import mgc
from cases.case import SHARED
from mgc.micrograd.engine import Value
from mgc.micrograd.nn import MLP

FILE = SHARED / "micrograd_api.json"
PUBLISHED = [0.8958441028683222, 1.7235905336972022, 0.7429006313851131, 0.7705641260584198]


def losses(model: Any, X: Sequence[Sequence[float]], y: Sequence[int]) -> Iterator[tuple[float, float]]:
    """Loss and accuracy before each step: margins and a penalty, all points at once, at a rate that falls."""
    for step in range(100):
        inputs = [list(map(Value, row)) for row in X]
        scores = list(map(model, inputs))
        margins = [(1 + -label * score).relu() for label, score in zip(y, scores, strict=True)]
        penalty = 1e-4 * sum(p * p for p in model.parameters())
        total = sum(margins) * (1.0 / len(margins)) + penalty
        right = [(label > 0) == (score.data > 0) for label, score in zip(y, scores, strict=True)]
        yield total.data, sum(right) / len(right)

        model.zero_grad()
        total.backward()
        for p in model.parameters():
            p.data -= (1.0 - 0.9 * step / 100) * p.grad


def seeded() -> tuple[MLP, Any, Any]:
    from sklearn.datasets import make_moons  # takes a second to import, which each worker would wait for

    np.random.seed(1337)
    random.seed(1337)
    X, y = make_moons(n_samples=100, noise=0.1)
    return MLP(2, [16, 16, 1]), X, y * 2 - 1


def test_the_first_losses_are_the_published_ones() -> None:
    found = [loss for loss, _ in islice(losses(*seeded()), len(PUBLISHED))]
    assert found == pytest.approx(PUBLISHED, rel=0, abs=1e-9)


@pytest.mark.slow
def test_the_traced_loss_descends_the_same_way() -> None:
    model, X, y = seeded()

    def loss(X: Any, y: Any, model: Any) -> Any:
        scores = list(map(model, X))
        margins = [(1 + -label * score).relu() for label, score in zip(y, scores, strict=True)]
        return sum(margins) * (1.0 / len(margins)) + 1e-4 * sum(p * p for p in model.parameters())

    step = mgc.trace(loss, X, y, model, wrt="model").bind(X=X, y=y)
    parameters = [p.data for p in model.parameters()]
    expected = [loss for loss, _ in islice(losses(model, X, y), 10)]
    for k in range(10):
        value, gradients = step.value_and_grad(parameters)
        assert value == pytest.approx(expected[k], rel=0, abs=1e-9)
        slopes: Any = next(iter(gradients))
        parameters = [p - (1.0 - 0.9 * k / 100) * slope for p, slope in zip(parameters, slopes, strict=True)]


def demo() -> dict[str, Any]:
    recorded: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))["demo"]
    return recorded


@pytest.mark.collection
def test_the_demo_is_the_recorded_one() -> None:
    recorded = demo()
    model, X, y = seeded()
    assert (X.tolist(), y.tolist()) == (recorded["X"], recorded["y"])
    assert [p.data for p in model.parameters()] == recorded["w0"]

    (loss, accuracy), _ = islice(losses(model, X, y), 2)
    assert [p.grad for p in model.parameters()] == pytest.approx(recorded["grad_step0"], rel=1e-9, abs=1e-12)
    assert loss == pytest.approx(recorded["losses"][0], rel=0, abs=1e-9)
    assert accuracy == recorded["accuracy"][0]


@pytest.mark.collection
def test_all_hundred_losses_are_the_recorded_ones() -> None:
    recorded = demo()
    found = list(losses(*seeded()))
    assert [loss for loss, _ in found] == pytest.approx(recorded["losses"], rel=0, abs=1e-9)
    assert [accuracy for _, accuracy in found] == recorded["accuracy"]
    assert found[-1][1] == 1.0
