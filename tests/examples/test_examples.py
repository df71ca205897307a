"""Every example compiles, and what is emitted gives the right numbers in an interpreter without mgc."""

from __future__ import annotations

import csv
import json
import math
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from support.bare import call, descend

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
CASES = ROOT.parent / "shared" / "cases"

BARE = Options()
Point = list[float]


def compiled(name: str, options: Options = BARE) -> str:
    path = EXAMPLES / f"{name}.mg"
    return compile_source(path.read_text(encoding="utf-8"), str(path), options).text


def moons_data() -> tuple[list[Point], list[float]]:
    with (EXAMPLES / "moons.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [[float(row["X0"]), float(row["X1"])] for row in rows], [float(row["y"]) for row in rows]


def case(file: str) -> Any:
    return json.loads((CASES / file).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.mg")), ids=lambda path: path.stem)
def test_emitted_code_imports_only_the_standard_library(path: Path) -> None:
    imports = [line for line in compiled(path.stem).splitlines() if line.startswith(("import ", "from "))]
    assert {line.split()[1] for line in imports} <= {"math", "random"}


# --- neuron


def test_neuron_of_the_micrograd_lecture(tmp_path: Path) -> None:
    arguments = [2.0, 0.0, -3.0, 1.0, 6.8813735870195432]
    value, (both, grads) = call(
        compiled("neuron"), tmp_path, [("neuron", arguments), ("neuron_value_and_grad", arguments)]
    )
    assert value == both == pytest.approx(math.sqrt(0.5), rel=1e-15)
    assert grads == pytest.approx([-1.5, 0.5, 1.0, 0.0, 0.5], rel=1e-15)


# --- rosenbrock


def rosenbrock_by_hand(x: Point) -> tuple[float, Point]:
    value, gradient = 0.0, [0.0] * len(x)
    for i in range(len(x) - 1):
        valley, slope = x[i + 1] - x[i] ** 2, 1 - x[i]
        value += 100 * valley**2 + slope**2
        gradient[i] += -400 * x[i] * valley - 2 * slope
        gradient[i + 1] += 200 * valley
    return value, gradient


@pytest.mark.parametrize("n", [1, 2, 3, 10, 1000])
def test_rosenbrock_in_n_dimensions(n: int, tmp_path: Path) -> None:
    rng = random.Random(n)
    x = [rng.uniform(-2, 2) for _ in range(n)]
    ones = [1.0] * n
    (value, gradient), at_least = call(
        compiled("rosenbrock"),
        tmp_path,
        [("rosenbrock_value_and_grad", [x]), ("rosenbrock_value_and_grad", [ones])],
    )
    expected, expected_gradient = rosenbrock_by_hand(x)
    assert value == pytest.approx(expected, rel=1e-13)
    assert _flat(gradient) == pytest.approx(expected_gradient, rel=1e-12, abs=1e-12)
    assert at_least[0] == 0.0
    assert _flat(at_least[1]) == [0.0] * n


# --- moons


@pytest.mark.parametrize("unroll", [0, 16])
def test_moons_reaches_every_point(unroll: int, tmp_path: Path) -> None:
    """micrograd's schedule: 100 steps over all points, the learning rate falling from 1.0 to 0.1."""
    X, y = moons_data()
    text = compiled("moons", Options(unroll=unroll))
    batches = [(0, len(y), 1.0 - 0.9 * k / 100) for k in range(100)]
    losses, accuracy = descend(text, tmp_path, data=[X, y], batches=batches, test=[X, y], seed=1337)
    assert len(losses) == 100
    assert losses[-1] < 0.03
    assert accuracy == 1.0


@pytest.mark.collection
def test_moons_learns_as_micrograd_does(tmp_path: Path) -> None:
    """micrograd's demo, from its own data and initial weights: the same losses, the same accuracy."""
    demo = case("micrograd_api.json")["demo"]
    params = moons_params(demo["w0"])
    data = [demo["X"], demo["y"]]
    batches = [(0, len(demo["y"]), 1.0 - 0.9 * k / 100) for k in range(100)]
    losses, accuracy = descend(compiled("moons"), tmp_path, data=data, batches=batches, test=data, params=params)
    assert losses == pytest.approx(demo["losses"], rel=1e-9)
    assert accuracy == 1.0


def moons_params(flat: Point) -> dict[str, Any]:
    """micrograd's list (layer by layer, neuron by neuron, the weights, then the bias) as a dictionary."""
    params: dict[str, Any] = {}
    numbers = iter(flat)
    for layer, (inputs, outputs) in enumerate([(2, 16), (16, 16), (16, 1)], start=1):
        rows = [[next(numbers) for _ in range(inputs + 1)] for _ in range(outputs)]
        params[f"score.linear{layer}.W"] = [row[:-1] for row in rows]
        params[f"score.linear{layer}.b"] = [row[-1] for row in rows]
    return params


def test_moons_csv_is_what_the_script_writes() -> None:
    script = [sys.executable, str(EXAMPLES / "make_moons.py")]
    done = subprocess.run(script, capture_output=True, text=True, check=True)
    assert done.stdout == (EXAMPLES / "moons.csv").read_text(encoding="utf-8")


# --- digits


def test_digits_are_learnt(tmp_path: Path) -> None:
    """Two passes over 1,000 images; of 200 others, nine in ten are then recognised."""
    datasets = pytest.importorskip("sklearn.datasets")
    images, labels = datasets.load_digits(return_X_y=True)
    X, label = (images / 16.0).tolist(), labels.tolist()
    batches = [(first, first + 25, 0.3) for _ in range(2) for first in range(0, 1000, 25)]
    losses, accuracy = descend(
        compiled("digits"),
        tmp_path,
        data=[X[:1000], label[:1000]],
        batches=batches,
        test=[X[1000:1200], label[1000:1200]],
    )
    assert losses[0] == pytest.approx(math.log(10), abs=0.3)
    assert accuracy >= 0.85


def test_digits_accuracy_counts_the_largest_logits(tmp_path: Path) -> None:
    text = compiled("digits")
    rng = random.Random(0)
    X = [[rng.uniform(-1, 1) for _ in range(64)] for _ in range(100)]
    [params] = call(text, tmp_path, [("init_params", [3])])
    logits = call(text, tmp_path, [("logits", [params, x]) for x in X])
    largest = [row.index(max(row)) for row in logits]
    assert 0 in largest
    others = [(place + 1) % 10 for place in largest]
    shares = call(text, tmp_path, [("accuracy", [params, X, labels]) for labels in (largest, others)])
    assert shares == [1.0, 0.0]


# --- gmm


ADBENCH = Options(functions=("objective",), wrt=("alpha", "mu", "q", "l"))


@pytest.mark.collection
def test_gmm_of_adbench(tmp_path: Path) -> None:
    gmm = next(one for one in case("adbench.json")["cases"] if one["kind"] == "gmm")
    given, oracle = gmm["input"], gmm["oracle"]
    d = given["d"]
    arguments = [
        given["alphas"],
        given["means"],
        [factor[:d] for factor in given["icf"]],
        [factor[d:] for factor in given["icf"]],
        given["x"],
        given["wishart_gamma"],
        given["wishart_m"],
    ]
    [(value, (alpha, mu, q, low))] = call(compiled("gmm", ADBENCH), tmp_path, [("objective_value_and_grad", arguments)])
    assert value == pytest.approx(float(oracle["objective"]), rel=1e-14)
    gradient = _flat(alpha) + _flat(mu) + _flat([a + b for a, b in zip(q, low, strict=True)])
    expected = [float(one) for one in oracle["gradient"]]
    assert gradient == pytest.approx(expected, rel=1e-13, abs=1e-13)


@pytest.mark.parametrize(("n", "k", "d"), [(1, 1, 1), (7, 2, 2), (5, 3, 4)])
def test_gmm_is_the_density_of_the_textbook(n: int, k: int, d: int, tmp_path: Path) -> None:
    """log_likelihood against sum log sum_c w_c N(x; mu_c, (Q.T Q)^-1), written out with numpy."""
    numpy = pytest.importorskip("numpy")
    rng = numpy.random.default_rng(n)
    alpha, mu, x = rng.normal(size=k), rng.normal(size=(k, d)), rng.normal(size=(n, d))
    q, low = 0.5 * rng.normal(size=(k, d)), rng.normal(size=(k, d * (d - 1) // 2))
    [value] = call(compiled("gmm"), tmp_path, [("log_likelihood", [part.tolist() for part in (alpha, mu, q, low, x)])])
    weights = numpy.exp(alpha) / numpy.exp(alpha).sum()
    density = numpy.zeros(n)
    for c in range(k):
        Q = numpy.diag(numpy.exp(q[c]))
        Q.T[numpy.triu_indices(d, 1)] = low[c]
        z = (x - mu[c]) @ Q.T
        norm = numpy.linalg.det(Q) / (2 * math.pi) ** (d / 2)
        density += weights[c] * norm * numpy.exp(-0.5 * (z**2).sum(axis=1))
    assert value == pytest.approx(float(numpy.log(density).sum()), rel=1e-12)


# --- softmax, batchnorm, attention: as the textbook has them, written out with numpy


def test_softmax_classifier_has_the_probabilities_less_one_at_the_label(tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy")
    rng = numpy.random.default_rng(1)
    x, W, b, label = rng.normal(size=4), rng.normal(size=(3, 4)), rng.normal(size=3), 1
    arguments = [x.tolist(), label, W.tolist(), b.tolist()]
    [(value, (dx, dW, db))] = call(compiled("softmax"), tmp_path, [("loss_value_and_grad", arguments)])
    p = numpy.exp(W @ x + b) / numpy.exp(W @ x + b).sum()
    dz = p - numpy.eye(3)[label]
    assert value == pytest.approx(-math.log(p[label]), rel=1e-13)
    assert db == pytest.approx(dz, rel=1e-13)
    assert dx == pytest.approx(W.T @ dz, rel=1e-12)
    assert _flat(dW) == pytest.approx(numpy.outer(dz, x).ravel(), rel=1e-13)


def test_batchnorm_is_that_of_the_paper(tmp_path: Path) -> None:
    """The derivative by x in one formula: Ioffe and Szegedy, 2015, section 3, put together."""
    numpy = pytest.importorskip("numpy")
    rng = numpy.random.default_rng(2)
    x, gain, bias, dout = (rng.normal(size=size) for size in [(5, 3), 3, 3, (5, 3)])
    arguments = [one.tolist() for one in (x, gain, bias, dout)]
    [(value, (dx, dgain, dbias))] = call(compiled("batchnorm"), tmp_path, [("batchnorm_vjp", arguments)])
    spread = numpy.sqrt(x.var(axis=0) + 1e-5)
    xhat = (x - x.mean(axis=0)) / spread
    assert _flat(value) == pytest.approx((gain * xhat + bias).ravel(), rel=1e-12)
    assert dbias == pytest.approx(dout.sum(axis=0), rel=1e-12)
    assert dgain == pytest.approx((dout * xhat).sum(axis=0), rel=1e-12)
    by_x = gain / spread * (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0))
    assert _flat(dx) == pytest.approx(by_x.ravel(), rel=1e-11)


def test_attention_is_causal_softmax_attention(tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy")
    rng = numpy.random.default_rng(3)
    n, d, h = 4, 3, 2
    x, dout = rng.normal(size=(n, d)), rng.normal(size=(n, h))
    Wq, Wk, Wv = rng.normal(size=(3, h, d))
    arguments = [one.tolist() for one in (x, Wq, Wk, Wv, dout)]
    [(value, grads)] = call(compiled("attention"), tmp_path, [("attention_vjp", arguments)])
    q, k, v = x @ Wq.T, x @ Wk.T, x @ Wv.T
    weights = numpy.tril(numpy.exp(q @ k.T / math.sqrt(h)))
    weights /= weights.sum(axis=1, keepdims=True)
    assert _flat(value) == pytest.approx((weights @ v).ravel(), rel=1e-12)
    dweights = dout @ v.T
    dscores = weights * (dweights - (weights * dweights).sum(axis=1, keepdims=True)) / math.sqrt(h)
    dq, dk, dv = dscores @ k, dscores.T @ q, weights.T @ dout
    by_hand = [dq @ Wq + dk @ Wk + dv @ Wv, dq.T @ x, dk.T @ x, dv.T @ x]
    for found, expected in zip(grads, by_hand, strict=True):
        assert _flat(found) == pytest.approx(expected.ravel(), rel=1e-10, abs=1e-12)


def _flat(nested: Any) -> list[float]:
    if not isinstance(nested, list):
        return [nested]
    return [number for part in nested for number in _flat(part)]
