"""The benchmarks' functions in whole arrays, for JAX, PyTorch and PyTensor: `xp` has the names in which they differ.

Each takes the arrays that it is differentiated by, a sequence, and its data; the gradient is the peer's.
"""

from __future__ import annotations

import math
from typing import Any

from benchmarks.numpy_by_hand import ALPHA


def neuron(xp: Any, params: Any) -> Any:
    x1, x2, w1, w2, b = params
    return xp.tanh(x1 * w1 + x2 * w2 + b)


def moons(xp: Any, params: Any, X: Any, y: Any) -> Any:
    W1, b1, W2, b2, W3, b3 = params
    h = xp.relu(X @ W1.T + b1)
    h = xp.relu(h @ W2.T + b2)
    score = (h @ W3.T + b3)[:, 0]
    return xp.relu(1 - y * score).mean() + ALPHA * sum((p * p).sum() for p in params)


def rosenbrock(xp: Any, params: Any) -> Any:
    (x,) = params
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def mixture(xp: Any, params: Any, x: Any, places: Any) -> Any:
    """`places[r, j]`: where in [exp(q), l, 0] the entry of Q is. Q @ (x - mu) is Q @ x - Q @ mu, which is faster."""
    alpha, mu, q, l = params  # noqa: E741
    n, d = x.shape[0], x.shape[1]
    Q = xp.concatenate([xp.exp(q), l, 0 * q[:, :1]], 1)[:, places]
    Qv = xp.tensordot(x, Q, ([1], [2])) - (Q * mu[:, None, :]).sum(2)
    main = alpha + q.sum(1) - 0.5 * (Qv * Qv).sum(2)
    return xp.logsumexp(main, 1).sum() - n * xp.logsumexp(alpha, 0) - 0.5 * n * d * math.log(2 * math.pi)


def perceptron(xp: Any, params: Any, X: Any, label: Any) -> Any:
    W1, b1, W2, b2, W3, b3 = params
    h = xp.relu(X @ W1.T + b1)
    h = xp.relu(h @ W2.T + b2)
    logits = h @ W3.T + b3
    return (xp.logsumexp(logits, 1) - logits[xp.arange(label.shape[0]), label]).mean()


def bundle(xp: Any, params: Any, camera: Any, point: Any, observed: Any) -> Any:
    cameras, points, weights = params
    c = cameras[camera]
    r, v = c[:, :3], points[point] - c[:, 3:6]
    angle = xp.sqrt((r * r).sum(1))[:, None]
    w = r / angle
    turned = xp.stack([w[:, i] * v[:, j] - w[:, j] * v[:, i] for i, j in ((1, 2), (2, 0), (0, 1))], 1)
    along = (w * v).sum(1)[:, None] * w
    seen = xp.cos(angle) * v + xp.sin(angle) * turned + (1 - xp.cos(angle)) * along
    flat = seen[:, :2] / seen[:, 2:]
    r2 = (flat * flat).sum(1)
    bent = 1 + c[:, 9] * r2 + c[:, 10] * r2**2
    errors = weights[:, None] * (c[:, 6:7] * bent[:, None] * flat + c[:, 7:9] - observed)
    return (errors * errors).sum() + ((1 - weights**2) ** 2).sum()
