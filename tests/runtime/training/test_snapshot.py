"""Checkpoints: from any of them training goes on to the same bits, and another's are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import mgc
from mgc import DataError
from mgc.runtime.training import checkpoint, snapshot
from mgc.runtime.training.how import How
from mgc.runtime.training.optimisers import OPTIMISERS
from mgc.runtime.training.training import Interrupted, Position, Step, Trainer
from support.fit_model import MODEL, ROWS, X, Y

HOW = How(steps=12, lr="0.1:0.01", batch=3, seed=5, clip=2.0, decay=0.01, warmup=2, schedule="cosine")
VALIDATION = {"X": X[:2], "y": Y[:2]}


def trainer(how: How = HOW, text: str = MODEL) -> Trainer:
    return Trainer(mgc.loads(text, "fit.mg"), "loss", ROWS, how, validation=VALIDATION)


@pytest.mark.parametrize("optimizer", OPTIMISERS)
@pytest.mark.parametrize("patience", [None, 50])
def test_training_that_stopped_goes_on_to_the_same_bits(optimizer: str, patience: int | None, tmp_path: Path) -> None:
    whole = trainer(replace(HOW, optimizer=optimizer, patience=patience))
    told: list[Step] = []
    expected = whole.run(whole.start(), told.append)
    for taken in (1, 5, 11):
        path = tmp_path / f"{taken}.safetensors"
        snapshot.save(path, told[taken - 1].position, whole)
        again = trainer(whole.how)
        at = snapshot.load(path, again)
        assert at == told[taken - 1].position
        result = again.run(at)
        assert replace(result, losses=()) == replace(expected, losses=())
        assert result.losses == expected.losses[taken:]


def test_an_interrupt_has_the_position() -> None:
    def stop(step: Step) -> None:
        if step.number == 4:
            raise KeyboardInterrupt

    training = trainer()
    with pytest.raises(Interrupted) as interrupted:
        training.run(training.start(), stop)
    assert interrupted.value.steps == interrupted.value.position.steps == 4
    rest = training.run(interrupted.value.position)
    assert rest.parameters == training.run(training.start()).parameters


def saved(tmp_path: Path) -> tuple[Path, Position]:
    training = trainer()
    at = next(iter(training.steps(training.start()))).position
    path = tmp_path / "c.safetensors"
    snapshot.save(path, at, training)
    return path, at


def test_a_checkpoint_serves_as_parameters(tmp_path: Path) -> None:
    path, at = saved(tmp_path)
    assert checkpoint.load(path, trainer().function.model.parameters) == at.parameters
    load_file = pytest.importorskip("safetensors.numpy").load_file
    assert load_file(path)["fit.w"].tolist() == at.parameters["fit.w"]


def test_what_is_not_the_same_is_not_resumed(tmp_path: Path) -> None:
    path, _ = saved(tmp_path)
    others = {
        "lr was 0.1:0.01, and is 0.2": trainer(replace(HOW, lr="0.2")),
        "the model is not what it was": trainer(text=MODEL.replace("**2", "**4")),
        "the data are not what it was": Trainer(trainer().function.model, "loss", {"X": X, "y": [1, 2, 3, 4]}, HOW),
    }
    for said, other in others.items():
        with pytest.raises(DataError, match=f"c.safetensors: it cannot be resumed: {said.replace('what it was', '')}"):
            snapshot.load(path, other)
    model = trainer().function.model
    checkpoint.save(path, model.init(1), model.parameters)
    with pytest.raises(DataError, match="it holds no training to resume; --params starts from parameters"):
        snapshot.load(path, trainer())


@pytest.mark.parametrize("keep", [0, 7, 100, -8])
def test_damage_is_told(keep: int, tmp_path: Path) -> None:
    path, _ = saved(tmp_path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DataError, match=r"c\.safetensors: damaged"):
        snapshot.load(path, trainer())


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"first": {}, "second": {}}, "damaged: state/first is not what the optimiser remembers"),
        ({"second": {}}, "damaged: state/second is not what the optimiser remembers"),
        ({"second": -1.0}, "damaged: state/second has a mean of squares below 0"),
        ({"second": float("inf")}, "parameter 'state/second/fit.w' holds nan or inf"),
        ({"first": float("nan")}, "parameter 'state/first/fit.w' holds nan or inf"),
    ],
)
def test_what_no_optimiser_remembers_is_told(broken: dict[str, Any], said: str, tmp_path: Path) -> None:
    training = trainer(replace(HOW, optimizer="adam"))
    at = next(iter(training.steps(training.start()))).position
    groups: dict[str, Any] = {
        group: kept if kept == {} else {**getattr(at.state, group), "fit.w": kept} for group, kept in broken.items()
    }
    path = tmp_path / "c.safetensors"
    snapshot.save(path, replace(at, state=replace(at.state, **groups)), training)
    with pytest.raises(DataError, match=rf"c\.safetensors: {said}"):
        snapshot.load(path, training)


def test_a_checkpoint_of_numbers_that_are_none_is_told(tmp_path: Path) -> None:
    training = trainer()
    path, at = saved(tmp_path)
    snapshot.save(path, replace(at, parameters={**at.parameters, "fit.w": float("nan")}), training)
    with pytest.raises(DataError, match=r"c\.safetensors: parameter 'fit\.w' holds nan or inf"):
        snapshot.load(path, training)
    snapshot.save(path, replace(at, best=0.5), training)
    with pytest.raises(DataError, match=r"c\.safetensors: damaged: it has a best loss without its parameters"):
        snapshot.load(path, training)
