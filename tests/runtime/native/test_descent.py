"""Steps of training that stay in native code: the bits that the optimisers in Python make, position by position."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mgc
from mgc import DataError, How, Trainer
from mgc.runtime.training.training import Interrupted, Step
from support.fit_model import MODEL, ROWS
from support.native_models import needs_c

pytestmark = needs_c

HOWS: list[dict[str, Any]] = [
    {"lr": "0.1:0.01", "warmup": 3},
    {"lr": 0.1, "decay": 0.02},
    {"optimizer": "momentum", "lr": 0.02},
    {"optimizer": "nesterov", "lr": 0.02, "decay": 0.1},
    {"optimizer": "adam", "lr": "0.3:0.0", "schedule": "cosine"},
    {"optimizer": "adamw", "lr": 0.05, "decay": 0.1},
    {"optimizer": "adam", "lr": 0.1, "batch": 3},
]


@pytest.fixture(scope="module")
def native() -> Any:
    return mgc.loads(MODEL, "fit.mg", target="native")


def steps(model: Any, how: How, monkeypatch: pytest.MonkeyPatch, in_python: bool = False) -> list[Step]:
    with monkeypatch.context() as patch:
        if in_python:
            patch.setattr(type(model), "descent", lambda *_: None)
        trainer = Trainer(model, "loss", ROWS, how)
        return list(trainer.steps(trainer.start()))


@pytest.mark.parametrize("choices", HOWS, ids=range(len(HOWS)))
def test_steps_are_those_of_python_to_the_last_bit(
    choices: dict[str, Any], native: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = How(steps=30, **choices)
    found, wanted = steps(native, how, monkeypatch), steps(native, how, monkeypatch, in_python=True)
    for one, other in zip(found, wanted, strict=True):
        assert (one.number, one.loss, one.rate) == (other.number, other.loss, other.rate)
        assert one.position == other.position


def test_steps_in_single_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    text = MODEL.replace("param w = uniform(-1, 1)", "param w[1] = uniform(-1, 1)").replace("w*x[0]", "w[0]*x[0]")
    model = mgc.loads(text, "fit.mg", target="native", dtype="float32")
    for choices in HOWS:
        how = How(steps=20, **choices)
        found, wanted = steps(model, how, monkeypatch), steps(model, how, monkeypatch, in_python=True)
        assert [step.position for step in found] == [step.position for step in wanted]


def test_many_steps_are_one_call(native: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    run = type(native).run

    def counted(*given: Any) -> object:
        calls.append(given)
        return run(*given)

    monkeypatch.setattr(type(native), "run", counted)
    trainer = Trainer(native, "loss", ROWS, How(steps=200))
    start = trainer.start()
    calls.clear()
    trainer.run(start)
    assert calls == []
    clipped = Trainer(native, "loss", ROWS, How(steps=5, clip=1.0))
    clipped.run(start)
    assert len(calls) == 5


@pytest.mark.parametrize("number", [1, 7, 30])
def test_training_goes_on_from_any_step(number: int, native: Any) -> None:
    trainer = Trainer(native, "loss", ROWS, How(steps=30, lr=0.05, optimizer="adam"))
    told: list[Step] = []
    whole = trainer.run(trainer.start(), told.append)
    rest = trainer.run(told[number - 1].position)
    assert (rest.parameters, rest.losses, rest.first) == (whole.parameters, whole.losses[number:], whole.first)


def test_an_interrupt_has_the_position_behind_the_last_step_told(native: Any) -> None:
    def stop(step: Step) -> None:
        if step.number == 17:
            raise KeyboardInterrupt

    trainer = Trainer(native, "loss", ROWS, How(steps=30, lr=0.05))
    with pytest.raises(Interrupted) as interrupted:
        trainer.run(trainer.start(), stop)
    assert interrupted.value.steps == 17
    assert trainer.run(interrupted.value.position).parameters == trainer.run(trainer.start()).parameters


def test_an_interrupt_between_two_calls_has_the_position_behind_the_first(
    native: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer, counts = Trainer(native, "loss", ROWS, How(steps=30, lr=0.05)), list[int]()
    taken = trainer._taken

    def interrupted_then(*given: Any) -> Any:
        if counts:
            raise KeyboardInterrupt
        found = taken(*given)
        counts.append(len(found[0]))
        return found

    monkeypatch.setattr(trainer, "_taken", interrupted_then)
    with pytest.raises(Interrupted) as interrupted:
        trainer.run(trainer.start())
    assert [interrupted.value.steps] == counts
    assert isinstance(interrupted.value.parameters["fit.b"], list)


def test_validation_and_patience_see_each_epoch(native: Any) -> None:
    validation = {"X": ROWS["X"], "y": [-3.0, -4.0, -1.0, -2.0]}
    how = How(steps=60, lr=0.1, patience=3)
    python = Trainer(mgc.loads(MODEL, "fit.mg"), "loss", ROWS, how, validation=validation)
    trainer = Trainer(native, "loss", ROWS, how, validation=validation)
    found, wanted = trainer.run(trainer.start()), python.run(python.start())
    assert found.steps == wanted.steps < 60
    assert found.losses == pytest.approx(wanted.losses, rel=1e-12)


def test_a_step_that_is_not_finite_is_told_as_ever(native: Any) -> None:
    told: list[Step] = []
    trainer = Trainer(native, "loss", ROWS, How(steps=400, lr=10.0))
    with pytest.raises(DataError, match=r"the loss is inf at step \d+: try a smaller learning rate") as error:
        trainer.run(trainer.start(), told.append)
    assert f"at step {len(told) + 1}" in str(error.value)


def test_a_failure_is_told_with_its_line_when_it_comes() -> None:
    text = "param w = 0.5\n\ndef loss(x[n], k: int): return sum((x[i] - w)**2 for i) + (x[k] if w > 1 else 0)\n"
    trainer = Trainer(mgc.loads(text, "f.mg", target="native"), "loss", {"x": [1.0, 2.0], "k": 5}, How(lr=0.05))
    told: list[Step] = []
    with pytest.raises(mgc.ModelError, match="index 5 is outside an axis of size 2"):
        trainer.run(trainer.start(), told.append)
    assert told[-2].position.parameters != told[-1].position.parameters
    assert len(told) == 4


def test_parameters_that_the_loss_does_not_have_are_left() -> None:
    text = "param v[2] = 3\nparam w = 0.5\n\ndef loss(x): return (x - w)**2\n\ndef other(): return v[0]\n"
    found, wanted = [
        mgc.train(mgc.loads(text, "f.mg", target=target), "loss", {"x": 1.0}, steps=5)
        for target in ("native", "python")
    ]
    assert found == wanted
    assert found.parameters["v"] == [3.0, 3.0]


def test_what_does_not_fit_is_refused(native: Any) -> None:
    call = native.native.descending("loss_value_and_grad", {"fit.w": 1.0, "fit.b": np.ones(2)})
    rule, rates, columns = (0, 0.9, 0.9, 0.999, 1e-8, 0.0), np.array([0.1]), (np.ones((2, 2)), np.ones(2))
    assert len(call(rule, 1, np.ones(3), rates, 0, *columns)) == 1
    for rows, state in [(1, np.ones(4)), (1, np.ones(2)), (2, np.ones(6)), (0, np.ones(3)), (-1, np.ones(3))]:
        with pytest.raises(DataError, match=r"(do|does) not fit"):
            call(rule, rows, state, rates, 0, *columns)
    with pytest.raises(DataError, match="expected shape"):
        call(rule, 1, np.ones(3), rates, 0, np.ones((2, 3)), np.ones(2))
    with pytest.raises(TypeError):
        call(rule, 1, np.ones(3))
