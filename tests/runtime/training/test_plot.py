"""Pictures of training: which function divides which points, and a file that is whole and known again."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

import mgc
from mgc import DataError
from mgc.runtime.training import plot
from mgc.runtime.training.plot import Curve, Plane, check_plot, draw, plane
from mgc.runtime.training.training import Step, Trainer

LINE = """def length(x[2]): return norm(x)

model score(x[2]):
    param w[2] = 1
    return w[0]*x[0] + w[1]*x[1]

def loss(X[n, 2], y[n]): return mean(softplus(-y[i]*score(X[i])) for i)
"""
THREE = """model logits(X[n, 2]):
    param W[3, 2] = 1
    return X @ W.T

def loss(X[n, 2], kind[n]: int):
    z = logits(X)
    return mean(cross_entropy(z[i], kind[i]) for i)
"""
X = [[0.0, 0.0], [1.0, 2.0], [4.0, 1.0]]


def found(text: str, parameters: object, **data: object) -> Plane | None:
    model = mgc.loads(text)
    return plane(model, model.loss, parameters, {"X": X, **data})  # type: ignore[arg-type]


def test_a_score_of_parameters_divides_the_points() -> None:
    made = found(LINE, {"score.w": [2.0, -1.0]}, y=[-1.0, 1.0, 1.0])
    assert made is not None
    assert (made.names, made.points, made.labels) == (("score", "y"), X, [-1.0, 1.0, 1.0])
    assert (made.x[0], made.x[-1], made.y[0], made.y[-1]) == pytest.approx((-0.4, 4.4, -0.2, 2.2))
    expected = [2.0 * x - y for y in made.y for x in made.x]
    assert made.scores == [pytest.approx(expected)]
    below, above = plot._margins(made.scores)
    assert above == made.scores[0]
    assert below == [-score for score in above]


def test_a_probability_is_divided_by_one_half() -> None:
    assert plot._margins([[0.25, 1.0]]) == [[0.25, -0.5], [-0.25, 0.5]]


def test_the_largest_of_several_scores_says_where() -> None:
    made = found(THREE, {"logits.W": [[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]}, kind=[0, 1, 2])
    assert made is not None
    assert len(made.scores) == 3
    assert plot._margins([[1.0], [5.0], [2.0]]) == [[-4.0], [3.0], [-3.0]]


MANY: dict[str, object] = {"X": [[float(k), 0.0] for k in range(11)], "y": [float(k) for k in range(11)]}
OTHERS = {
    "many labels are no classes": (LINE, MANY),
    "no function scores a row": (
        LINE.replace("(x[2]):", "(x[2], a):").replace("(X[i])", "(X[i], 1)"),
        {"y": [1, 1, 2]},
    ),
}


@pytest.mark.parametrize(("text", "data"), OTHERS.values(), ids=OTHERS)
def test_other_data_have_no_plane(text: str, data: dict[str, object]) -> None:
    assert found(text, {"score.w": [1.0, 1.0]}, **data) is None


def test_three_inputs_have_no_plane() -> None:
    model = mgc.loads(LINE.replace("[2]", "[3]").replace("n, 2", "n, 3"))
    data = {"X": [[1.0, 2.0, 3.0]], "y": [1.0]}
    assert plane(model, model.loss, {"score.w": [1.0, 1.0, 1.0]}, data) is None


@pytest.mark.parametrize("name", ["plot.png", "plot.svg"])
def test_a_picture_says_what_it_is_and_is_the_same_each_time(name: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    model = mgc.loads(LINE)
    data: dict[str, object] = {"X": X, "y": [-1.0, 1.0, 1.0]}
    trainer, curve = Trainer(model, "loss", data, mgc.How(steps=3), validation=data), Curve()
    result = trainer.run(trainer.start(), curve.add)
    assert (curve.numbers, tuple(curve.losses)) == ([1, 2, 3], result.losses)
    assert [number for number, _ in curve.validated] == [1, 2, 3]
    path = tmp_path / name
    draw(path, curve, plane(model, model.loss, result.parameters, data))
    first = path.read_bytes()
    assert plot.MARK.encode() in first[:2000]
    draw(path, curve, plane(model, model.loss, result.parameters, data))
    assert path.read_bytes() == first


def test_what_cannot_be_drawn_is_told_before(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match=r"plot.pdf: a plot is a .png or an .svg"):
        check_plot("plot.pdf")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DataError, match=r"pip install 'mgc\[plot\]'"):
        check_plot("plot.png")


def test_a_curve_without_validation_has_none() -> None:
    curve = Curve()
    curve.add(Step(7, 10, 0.5, 0.1, lambda: pytest.fail("it is not looked at")))
    assert (curve.numbers, curve.losses, curve.validated) == ([7], [0.5], [])
