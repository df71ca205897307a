"""The benchmarks' functions as a person writes them in NumPy: values and derivatives, by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
ALPHA = 1e-4


def moons(params: Mapping[str, Array], X: Array, y: Array) -> tuple[float, dict[str, Array]]:
    """The loss of examples/moons.mg and its gradient."""
    W1, b1, W2, b2, W3, b3 = params.values()
    z1 = X @ W1.T + b1
    h1 = np.maximum(z1, 0.0)
    z2 = h1 @ W2.T + b2
    h2 = np.maximum(z2, 0.0)
    margin = 1.0 - y * ((h2 @ W3.T)[:, 0] + b3[0])
    d3 = np.where(margin > 0.0, -y / len(y), 0.0)[:, None]
    d2 = d3 * W3 * (z2 > 0.0)
    d1 = (d2 @ W2) * (z1 > 0.0)
    grads = [d1.T @ X, d1.sum(0), d2.T @ h1, d2.sum(0), d3.T @ h2, d3.sum(0)]
    value = np.maximum(margin, 0.0).mean() + ALPHA * sum((p * p).sum() for p in params.values())
    total = [grad + 2.0 * ALPHA * p for grad, p in zip(grads, params.values(), strict=True)]
    return float(value), dict(zip(params, total, strict=True))


def rosenbrock(x: Array) -> tuple[float, tuple[Array]]:
    gap, one = x[1:] - x[:-1] ** 2, 1.0 - x[:-1]
    dx = np.zeros_like(x)
    dx[:-1] = -400.0 * gap * x[:-1] - 2.0 * one
    dx[1:] += 200.0 * gap
    return float(100.0 * (gap @ gap) + one @ one), (dx,)


def mixture(alpha: Array, mu: Array, q: Array, l: Array, x: Array) -> tuple[float, tuple[Array, ...]]:  # noqa: E741
    """The log-likelihood of examples/gmm.mg and its derivatives by alpha, mu, q and l."""
    (k, d), n = mu.shape, len(x)
    rows, columns = np.triu_indices(d, 1)  # l holds the lower triangle, column by column
    Q = np.zeros((k, d, d))
    Q[:, columns, rows] = l
    e = np.exp(q)
    Q[:, range(d), range(d)] = e
    v = x[:, None, :] - mu
    Qv = np.einsum("crj,icj->icr", Q, v, optimize=True)
    main = alpha + q.sum(1) - 0.5 * (Qv * Qv).sum(2)
    top = main.max(1, keepdims=True)
    weights = np.exp(main - top)
    sums = weights.sum(1, keepdims=True)
    weights /= sums
    dQv = -weights[:, :, None] * Qv
    dQ = np.einsum("icr,icj->crj", dQv, v, optimize=True)
    dmu = -np.einsum("crj,icr->cj", Q, dQv, optimize=True)
    each = weights.sum(0)
    dq = dQ[:, range(d), range(d)] * e + each[:, None]
    shifted = np.exp(alpha - alpha.max())
    value = (
        (top + np.log(sums)).sum() - n * (alpha.max() + math.log(shifted.sum())) - 0.5 * n * d * math.log(2 * math.pi)
    )
    return float(value), (each - n * shifted / shifted.sum(), dmu, dq, dQ[:, columns, rows])


def perceptron(params: Mapping[str, Array], X: Array, label: Any) -> tuple[float, dict[str, Array]]:
    """The loss of perceptron.mg and its gradient."""
    W1, b1, W2, b2, W3, b3 = params.values()
    n, each = len(label), np.arange(len(label))
    h1 = np.maximum(X @ W1.T + b1, 0.0)
    h2 = np.maximum(h1 @ W2.T + b2, 0.0)
    scores = h2 @ W3.T + b3
    scores -= scores.max(1, keepdims=True)
    d3 = np.exp(scores)
    total = d3.sum(1, keepdims=True)
    value = (np.log(total[:, 0]) - scores[each, label]).mean()
    d3 /= total * n
    d3[each, label] -= 1.0 / n
    d2 = (d3 @ W3) * (h2 > 0.0)
    d1 = (d2 @ W2) * (h1 > 0.0)
    grads = (d1.T @ X, d1.sum(0), d2.T @ h1, d2.sum(0), d3.T @ h2, d3.sum(0))
    return float(value), dict(zip(params, grads, strict=True))


def products(params: Mapping[str, Array], X: Array) -> None:
    """The eight matrix products of the perceptron's gradient and nothing else, with values that do not matter."""
    W1, _, W2, _, W3, _ = params.values()
    h1 = X @ W1.T
    h2 = h1 @ W2.T
    d3 = h2 @ W3.T
    d2 = d3 @ W3
    d1 = d2 @ W2
    d1.T @ X, d2.T @ h1, d3.T @ h2
