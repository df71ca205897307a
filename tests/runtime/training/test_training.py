"""Training: the parameters that least squares gives, the same bytes for the same seed, and clear refusals."""

from __future__ import annotations

import math
import re
from typing import Any, get_type_hints

import pytest
from msgspec.structs import replace

import mgc
from mgc import DataError, Model
from mgc.runtime.arguments import Params
from mgc.runtime.training.batches import split
from mgc.runtime.training.how import Choices, How
from mgc.runtime.training.training import Step, Trainer, train
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
    "batch: expected at least 1, found 0": {"batch": 0},
    "unknown schedule 'cosinus'; did you mean 'cosine'": {"schedule": "cosinus"},
    "warmup: expected at least 0, found -1": {"warmup": -1},
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


def least_squares() -> list[float]:
    numpy = pytest.importorskip("numpy")
    matrix = numpy.column_stack([numpy.array(X)[:, 0], numpy.ones(4), numpy.array(X)[:, 1]])
    found: list[float] = numpy.linalg.lstsq(matrix, numpy.array(Y), rcond=None)[0].tolist()
    return found


@pytest.mark.parametrize(("optimizer", "lr"), [("nesterov", "0.02"), ("adamw", "0.3:0.0"), ("lbfgs", "0.1")])
def test_others_reach_it_too(model: Model, optimizer: str, lr: str) -> None:
    if optimizer == "lbfgs":
        pytest.importorskip("scipy")
    schedule = "linear" if optimizer == "lbfgs" else "cosine"
    result = train(model, "loss", ROWS, steps=1500, lr=lr, schedule=schedule, optimizer=optimizer)
    w, b0, b1 = least_squares()
    assert result.parameters["fit.w"] == pytest.approx(w, rel=1e-4)
    assert result.parameters["fit.b"] == pytest.approx([b0, b1], rel=1e-4)


def test_lbfgs_needs_few_steps_and_no_rate(model: Model) -> None:
    pytest.importorskip("scipy")
    told: list[Step] = []
    result = train(model, "loss", ROWS, optimizer="lbfgs", on_step=told.append)
    assert len(told) == result.steps < 20
    assert [step.loss for step in told] == list(result.losses)


@pytest.mark.parametrize("choice", [("batch", 2), ("lr", "1:0"), ("schedule", "cosine")])
def test_lbfgs_refuses_what_says_how_to_step(choice: tuple[str, Any]) -> None:
    with pytest.raises(DataError, match=f"lbfgs chooses its steps itself, on all rows: it has no {choice[0]}"):
        replace(How(optimizer="lbfgs"), **dict([choice])).check()


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
def test_decay_and_clip_are_finite_and_not_negative(model: Model, value: float) -> None:
    with pytest.raises(DataError, match=f"decay: expected a finite number of at least 0, found {value}"):
        train(model, "loss", ROWS, decay=value)
    with pytest.raises(DataError, match=f"clip: expected a finite number of at least 0, found {value}"):
        train(model, "loss", ROWS, clip=value)


HELD = MODEL + "\ndef held(X[n, 2], y[n]): return loss(X, y) + 0.15*sum(p**2 for p in params)\n"


def test_weight_decay_of_lbfgs_is_that_of_a_penalised_loss_and_is_not_told_as_loss(model: Model) -> None:
    pytest.importorskip("scipy")
    decayed = train(model, "loss", ROWS, optimizer="lbfgs", decay=0.3)
    expected = train(mgc.loads(HELD), "held", ROWS, optimizer="lbfgs")
    for name, value in expected.parameters.items():
        assert decayed.parameters[name] == pytest.approx(value, rel=1e-6)
    assert decayed.losses[-1] == pytest.approx(decayed.loss, rel=1e-12)
    assert decayed.loss < expected.loss


def test_lbfgs_goes_on_from_no_step(model: Model) -> None:
    pytest.importorskip("scipy")
    trainer = Trainer(model, "loss", ROWS, How(optimizer="lbfgs"), validation=ROWS)
    steps: list[Step] = []
    trainer.run(trainer.start(), steps.append)
    assert [step.validation for step in steps] == pytest.approx([step.loss for step in steps])
    with pytest.raises(DataError, match="it starts from parameters, and goes on from no step"):
        trainer.run(steps[0].position)


def test_the_keywords_of_train_are_the_choices() -> None:
    assert get_type_hints(Choices) == get_type_hints(How)


def test_weight_decay_is_that_of_a_penalised_loss(model: Model) -> None:
    penalised = mgc.loads(HELD)
    decayed = train(model, "loss", ROWS, steps=30, lr=0.05, decay=0.3)
    expected = train(penalised, "held", ROWS, steps=30, lr=0.05)
    assert decayed.parameters["fit.w"] == pytest.approx(expected.parameters["fit.w"], rel=1e-12)


def test_clipped_steps_are_short(model: Model) -> None:
    start: Params = {"fit.w": 100.0, "fit.b": [0.0, 0.0]}
    moved = train(model, "loss", ROWS, steps=1, lr=1.0, clip=0.5, parameters=start).parameters
    w, (b0, b1) = moved["fit.w"], moved["fit.b"]  # type: ignore[misc]
    assert ((w - 100.0) ** 2 + b0**2 + b1**2) ** 0.5 == pytest.approx(0.5)  # type: ignore[operator]


def test_patience_ends_training_and_gives_the_best(model: Model) -> None:
    validation = {"X": X, "y": [-y for y in Y]}
    told: list[Step] = []
    result = train(model, "loss", ROWS, steps=500, lr=0.05, validation=validation, patience=3, on_step=told.append)
    assert result.steps < 500
    losses = [step.validation for step in told if step.validation is not None]
    best = losses.index(min(losses))
    assert len(losses) == best + 4
    assert result.parameters == told[best].position.parameters
    with pytest.raises(DataError, match="patience needs validation data"):
        train(model, "loss", ROWS, patience=3)


def test_rows_are_held_out_by_a_seed(model: Model) -> None:
    kept, held = split(model.loss, {**ROWS, "note": 1}, 0.25, seed=1)
    assert len(kept["y"]) == 3  # type: ignore[arg-type]
    assert sorted(kept["y"] + held["y"]) == sorted(Y)  # type: ignore[operator]
    assert (kept["note"], split(model.loss, ROWS, 0.25, seed=1)[1]) == (1, {"X": held["X"], "y": held["y"]})
    divided = Trainer(model, "loss", ROWS, How(split=0.25, seed=1))
    assert (divided.data, divided.validation) == split(model.loss, ROWS, 0.25, seed=1)
    with pytest.raises(DataError, match="split and validation both give validation data"):
        Trainer(model, "loss", ROWS, How(split=0.25), validation=ROWS)
    for part in (0.9, math.nan, math.inf):
        with pytest.raises(DataError, match=rf"{part} of 4 rows leaves none to train on"):
            split(model.loss, ROWS, part, seed=1)


def test_what_is_not_finite_is_told_with_step_parameter_and_statement() -> None:
    loss = "def loss(X[n]):\n    return mean(at(X[i]) for i)\n"
    steep = mgc.loads(
        "model at(x):\n    param a = 1e200\n    h = a*x\n    y = h*h\n    return y - h\n\n" + loss, "m.mg"
    )
    said = "the loss is inf at step 1: try a smaller learning rate; it began here:\nm.mg:4:5: error: y is inf: `h * h`"
    with pytest.raises(DataError, match=re.escape(said)):
        train(steep, "loss", {"X": [1.0, 2.0]}, steps=3)
    pointed = mgc.loads("model at(x):\n    param a = 0\n    return sqrt(a**2)*x\n\n" + loss, "m.mg", ieee=True)
    with pytest.raises(
        DataError, match=r"derivative by at\.a is not finite at step 1: (.|\n)*m\.mg:3:5: error: da is nan"
    ):
        train(pointed, "loss", {"X": [1.0, 2.0]}, steps=3)
