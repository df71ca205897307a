"""examples/names: each script learns and draws; losses and their derivatives are those of the same written in NumPy."""

from __future__ import annotations

import importlib
import math
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import mgc
from mgc.runtime.grade.setting import exercise
from support.exercises import marks

np = pytest.importorskip("numpy")
ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples/names"
NAMES = ["emma", "ava", "mia", "zoe", "anna", "ada", "ida", "leo", "max", "otto", "abraham", "bo"]
Array = Any


@pytest.fixture
def script(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A script of the folder, which finds the others beside it, as where it is run."""
    monkeypatch.syspath_prepend(FOLDER)
    for name in ("characters", request.param):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module(request.param)


def text(name: str) -> str:
    return (FOLDER / f"{name}.mg").read_text(encoding="utf-8")


def losses(capsys: pytest.CaptureFixture[str]) -> list[float]:
    """What a script says of the loss: before the first step, after the last, and another. It draws names, too."""
    said, names = capsys.readouterr().out.splitlines()
    assert names
    return [float(number) for number in re.findall(r"\d\.\d{4}", said)]


def arrays(params: dict[str, Any]) -> dict[str, Array]:
    return {name.rpartition(".")[2]: np.array(value) for name, value in params.items()}


def check_slope(loss: Any, params: dict[str, Any], grads: Any, still: tuple[str, ...] = ()) -> None:
    """Along a random direction the derivative is the central difference of NumPy's loss."""
    generator = np.random.default_rng(0)
    way = {name: generator.normal(size=np.shape(value)) for name, value in params.items()}
    way |= {name: 0 * value for name, value in way.items() if name.endswith(still)}
    step = 1e-5
    there, back = (
        loss({name: np.array(value) + sign * step * way[name] for name, value in params.items()}) for sign in (1, -1)
    )
    along = sum(float(np.sum(np.array(grads[name]) * way[name])) for name in params)
    assert along == pytest.approx((there - back) / (2 * step), rel=1e-7)


def cross_entropy(logits: Array, y: Array) -> float:
    logits = logits - logits.max(axis=-1, keepdims=True)
    return float(np.mean(np.log(np.exp(logits).sum(axis=-1)) - logits[np.arange(len(y)), y]))


# --- the bigram


@pytest.mark.parametrize("script", ["bigram"], indirect=True)
def test_the_bigram_learns_and_draws(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    script.main(mgc.loads(text("bigram")), NAMES, steps=50)
    first, loss, least = losses(capsys)
    assert least < loss < least + 1 < first


@pytest.mark.parametrize("script", ["bigram"], indirect=True)
def test_the_least_loss_of_a_bigram_is_that_of_the_shares(script: ModuleType) -> None:
    data = script.contexts(NAMES, 1)
    counts = np.zeros((27, 27))
    np.add.at(counts, (np.array(data["X"])[:, 0], data["y"]), 1)
    model = mgc.loads(text("bigram"))
    grads: Any
    loss, grads = model.loss.value_and_grad({"logits.W": np.log(counts + 1e-30)}, **data)
    assert loss == pytest.approx(script.counted(NAMES), rel=1e-12)
    np.testing.assert_allclose(grads["logits.W"], 0, atol=1e-15)


# --- the perceptron


def mlp_by_hand(params: dict[str, Array], X: Array, y: Array) -> float:
    """The loss of mlp.mg on a batch."""
    p = arrays(params)
    before = p["C"][X].reshape(len(X), -1) @ p["W1"]
    h = np.tanh(p["gain"] * (before - before.mean(axis=0)) / np.sqrt(before.var(axis=0) + 1e-5) + p["bias"])
    return cross_entropy(h @ p["W2"] + p["b2"], y)


@pytest.mark.parametrize("script", ["mlp"], indirect=True)
def test_the_perceptron_learns_and_draws(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    model = mgc.loads(text("mlp"), set={"embed": 3, "hidden": 8})
    script.main(model, NAMES, steps=60)
    first, loss, _ = losses(capsys)
    assert loss < first - 0.5


@pytest.mark.parametrize("script", ["mlp"], indirect=True)
def test_the_perceptron_is_that_of_numpy_and_its_running_statistics_follow_the_batch(script: ModuleType) -> None:
    model = mgc.loads(text("mlp"), set={"embed": 3, "hidden": 8})
    params, data = model.init(1), script.contexts(NAMES, 3)
    X, y = np.array(data["X"]), np.array(data["y"])
    loss, grads = model.loss.value_and_grad(params, **data)
    assert loss == pytest.approx(mlp_by_hand(params, X, y), rel=1e-12)
    check_slope(lambda moved: mlp_by_hand(moved, X, y), params, grads, still=("running_mean", "running_var"))
    p = arrays(params)
    before = p["C"][X].reshape(len(X), -1) @ p["W1"]
    moved = arrays(mgc.train(model, "loss", data, parameters=params, steps=1, lr=0.2).parameters)
    for name, batch in (("running_mean", before.mean(axis=0)), ("running_var", before.var(axis=0))):
        np.testing.assert_allclose(moved[name], 0.98 * p[name] + 0.02 * batch, rtol=1e-12)


# --- the GPT


def gpt_by_hand(params: dict[str, Array], X: Array, y: Array) -> float:
    """The loss of gpt.mg, for as many blocks as there are parameters for."""
    p = {name.removeprefix("logits."): np.array(value) for name, value in params.items()}

    def norm(x: Array, name: str) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)
        return p[f"{name}.gain"] * centred / spread + p[f"{name}.bias"]

    def dense(x: Array, name: str) -> Array:
        return x @ p[f"{name}.W"].T + p[f"{name}.b"]

    x = p["letter"][X] + p["place"][: X.shape[1]]
    for block in sorted({name.split(".")[0] for name in p if name.startswith("block")}):
        Wq, Wk, Wv, Wo = (p[f"{block}.attention1.{name}"] for name in ("Wq", "Wk", "Wv", "Wo"))
        q, k, v = (np.einsum("ntd,hds->nhts", norm(x, f"{block}.layernorm1"), W) for W in (Wq, Wk, Wv))
        scores = q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])
        scores = np.where(np.tril(np.ones(scores.shape[-2:])) > 0, scores, -np.inf)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        x = x + np.einsum("nhts,hsd->ntd", weights @ v, Wo)
        h = np.maximum(0, dense(norm(x, f"{block}.layernorm2"), f"{block}.mlp1.linear1"))
        x = x + dense(h, f"{block}.mlp1.linear2")
    logits = dense(norm(x, "layernorm1"), "linear1")
    return cross_entropy(logits[y >= 0], y[y >= 0])


@pytest.mark.parametrize("script", ["gpt"], indirect=True)
def test_the_gpt_is_that_of_numpy(script: ModuleType) -> None:
    model = mgc.loads(text("gpt"), functions="loss", set={"embed": 4, "heads": 2})
    params, data = model.init(1), script.sequences(NAMES[:4], 9)
    X, y = np.array(data["X"]), np.array(data["y"])
    loss, grads = model.loss.value_and_grad(params, **data)
    assert loss == pytest.approx(gpt_by_hand(params, X, y), rel=1e-12)
    check_slope(lambda moved: gpt_by_hand(moved, X, y), params, grads)


@pytest.mark.parametrize("script", ["gpt"], indirect=True)
def test_the_gpt_learns_and_draws(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    model = mgc.loads(text("gpt"), functions=("loss", "probabilities"), set={"embed": 4, "heads": 2})
    script.main(model, NAMES, steps=12, batch=3)
    first, loss, _ = losses(capsys)
    assert loss < first


# --- backward by hand

ANSWERS = re.findall(r"^```python\n(.*?)^```$", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.slow
@pytest.mark.parametrize("answer", ANSWERS)
def test_the_answers_to_the_exercise_are_exact(answer: str, tmp_path: Path) -> None:
    found = marks(exercise(mgc.load(ROOT / "examples/ninja.mg", style="lesson").ninja, {}), answer, tmp_path)
    assert {one.verdict for one in found.values()} == {"exact"}


# --- all of it


FULL = {"bigram": (2.346, 2.335), "mlp": (1.980, 2.080), "gpt": (1.820, 2.010)}  # the losses of the README


@pytest.mark.slow
@pytest.mark.parametrize("script", FULL, indirect=True)
def test_the_losses_are_those_of_the_page(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("names")
    functions = ("loss", "probabilities", *(["running_loss"] if script.__name__ == "mlp" else []))
    model = mgc.load(FOLDER / f"{script.__name__}.mg", target="auto", functions=functions)
    script.main(model, script.census())
    assert losses(capsys)[1:] == pytest.approx(FULL[script.__name__], abs=0.05)
