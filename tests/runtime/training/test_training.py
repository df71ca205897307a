"""Training: the parameters that least squares gives, the same bytes for the same seed, and clear refusals."""

from __future__ import annotations

import re

import pytest

import mgc
from mgc import DataError, Model
from mgc.runtime.arguments import Params
from mgc.runtime.training.training import Step, train
from support.fit_model import MODEL, ROWS, X, Y


@pytest.fixture(scope="module")
def model() -> Model:
    return mgc.loads(MODEL, "fit.mg")


@pytest.mark.parametrize(("optimizer", "lr"), [("sgd", "0.1"), ("momentum", "0.02"), ("adam", "0.3:0.0")])
def test_reaches_the_least_squares_solution(model: Model, optimizer: str, lr: str) -> None:
    numpy = pytest.importorskip("numpy")
    matrix = numpy.column_stack([numpy.array(X)[:, 0], numpy.ones(4), numpy.array(X)[:, 1]])
    w, b0, b1 = numpy.linalg.lstsq(matrix, numpy.array(Y), rcond=None)[0]
    result = train(model, "loss", ROWS, steps=1500, lr=lr, optimizer=optimizer, metrics=["loss"])
    assert result.parameters["fit.w"] == pytest.approx(w, rel=1e-4)
    assert result.parameters["fit.b"] == pytest.approx([b0, b1], rel=1e-4)
    assert result.metrics == {"loss": result.loss}
    assert len(result.losses) == 1500


def test_batches_are_reproducible_and_without_replacement(model: Model) -> None:
    first = train(model, "loss", ROWS, steps=20, lr=0.05, batch=2, seed=3)
    again = train(model, "loss", ROWS, steps=20, lr=0.05, batch=2, seed=3)
    other = train(model, "loss", ROWS, steps=20, lr=0.05, batch=2, seed=4)
    assert first == again
    assert first.losses != other.losses


def test_an_epoch_of_batches_sees_each_row_once(model: Model) -> None:
    """With a rate of zero the parameters stay, and the batches' losses average to the whole loss."""
    result = train(model, "loss", ROWS, steps=4, lr=0.0, batch=1)
    assert sum(result.losses) / 4 == pytest.approx(result.loss)
    assert len(set(result.losses)) == 4
    uneven = train(model, "loss", ROWS, steps=2, lr=0.0, batch=3)
    assert (3 * uneven.losses[0] + uneven.losses[1]) / 4 == pytest.approx(uneven.loss)


def test_steps_are_told(model: Model) -> None:
    told: list[Step] = []
    result = train(model, "loss", ROWS, steps=3, lr="1.0:0.1", on_step=told.append)
    assert [(step.number, step.steps, step.loss) for step in told] == [
        (number + 1, 3, loss) for number, loss in enumerate(result.losses)
    ]
    assert [step.rate for step in told] == pytest.approx([1.0, 0.7, 0.4])


def test_starts_where_it_is_told(model: Model) -> None:
    start: Params = {"fit.w": 0.0, "fit.b": [0.0, 0.0]}
    result = train(model, "loss", ROWS, steps=1, lr=0.0, parameters=start)
    assert result.parameters == start
    assert result.loss == pytest.approx(sum(y * y for y in Y) / 4)


REFUSED: dict[str, dict[str, object]] = {
    "has no function 'lost'; did you mean 'loss'": {"loss": "lost"},
    "'neuron' cannot be trained": {"loss": "neuron"},
    "'logs' must have one scalar result": {"metrics": ["logs"]},
    "unknown optimizer 'adan'; did you mean 'adam'": {"optimizer": "adan"},
    "batch: expected 1 to 4, the number of rows, found 5": {"batch": 5},
    "batch: expected 1 to 4, the number of rows, found 0": {"batch": 0},
    "steps: expected at least 1": {"steps": 0},
    "learning rate 'fast'": {"lr": "fast"},
    "the data lack y[n]": {"data": {"X": [[1.0, 2.0]]}},
    "argument 'y': expected shape [n] = [1], found [2]": {"data": {"X": [[1.0, 2.0]], "y": [1.0, 2.0]}},
    "try a smaller learning rate": {"lr": 1e3, "steps": 200},
}


@pytest.mark.parametrize(("message", "changes"), REFUSED.items(), ids=range(len(REFUSED)))
def test_refusals(model: Model, message: str, changes: dict[str, object]) -> None:
    arguments: dict[str, object] = {"loss": "loss", "data": ROWS, "steps": 5} | changes
    with pytest.raises(DataError, match=re.escape(message)):
        train(model, **arguments)  # type: ignore[arg-type]  # a table of wrong arguments
