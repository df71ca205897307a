"""Numba: values and derivatives by hand, in loops over the samples."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from benchmarks.numpy_by_hand import ALPHA
from benchmarks.peers import Made
from benchmarks.works import RATE, STEPS, Work


def made(work: Work) -> dict[str, Made]:
    function = FUNCTIONS.get(work.name)
    if function is None:
        return {}
    given = (*work.params, *work.data)
    return {"Numba by hand": Made(lambda: function(*given))}


def steps(work: Work) -> dict[str, Made]:
    params = [p.copy() for p in work.params]

    def train() -> Any:
        for p, first in zip(params, work.params, strict=True):
            p[...] = first
        return _moons_steps(*params, *work.data), params

    return {"Numba by hand": Made(train)}


@njit
def _neuron(x1, x2, w1, w2, b):  # type: ignore[no-untyped-def]
    out = math.tanh(x1 * w1 + x2 * w2 + b)
    dn = 1.0 - out * out
    return out, (dn * w1, dn * w2, dn * x1, dn * x2, dn)


@njit
def _moons(W1, b1, W2, b2, W3, b3, X, y):  # type: ignore[no-untyped-def]
    n, wide = len(y), len(b1)
    dW1, db1, dW2, db2 = 2 * ALPHA * W1, 2 * ALPHA * b1, 2 * ALPHA * W2, 2 * ALPHA * b2
    dW3, db3 = 2 * ALPHA * W3, 2 * ALPHA * b3
    h1, h2, d1 = np.empty(wide), np.empty(wide), np.empty(wide)
    total = 0.0
    for i in range(n):
        for j in range(wide):
            h1[j] = max(W1[j, 0] * X[i, 0] + W1[j, 1] * X[i, 1] + b1[j], 0.0)
        score = b3[0]
        for j in range(wide):
            z = b2[j]
            for k in range(wide):
                z += W2[j, k] * h1[k]
            h2[j] = max(z, 0.0)
            score += W3[0, j] * h2[j]
        margin = 1.0 - y[i] * score
        if margin > 0.0:
            total += margin
            ds = -y[i] / n
            db3[0] += ds
            d1[:] = 0.0
            for j in range(wide):
                dW3[0, j] += ds * h2[j]
                if h2[j] > 0.0:
                    d2 = ds * W3[0, j]
                    db2[j] += d2
                    for k in range(wide):
                        dW2[j, k] += d2 * h1[k]
                        d1[k] += d2 * W2[j, k]
            for j in range(wide):
                if h1[j] > 0.0:
                    db1[j] += d1[j]
                    dW1[j, 0] += d1[j] * X[i, 0]
                    dW1[j, 1] += d1[j] * X[i, 1]
    squares = (W1**2).sum() + (b1**2).sum() + (W2**2).sum() + (b2**2).sum() + (W3**2).sum() + (b3**2).sum()
    return total / n + ALPHA * squares, (dW1, db1, dW2, db2, dW3, db3)


@njit
def _moons_steps(W1, b1, W2, b2, W3, b3, X, y):  # type: ignore[no-untyped-def]
    value = 0.0
    for _ in range(STEPS):
        value, (dW1, db1, dW2, db2, dW3, db3) = _moons(W1, b1, W2, b2, W3, b3, X, y)
        W1 -= RATE * dW1
        b1 -= RATE * db1
        W2 -= RATE * dW2
        b2 -= RATE * db2
        W3 -= RATE * dW3
        b3 -= RATE * db3
    return value


@njit
def _rosenbrock(x):  # type: ignore[no-untyped-def]
    value, dx = 0.0, np.empty_like(x)
    dx[0] = 0.0
    for i in range(len(x) - 1):
        gap, one = x[i + 1] - x[i] * x[i], 1.0 - x[i]
        value += 100.0 * gap * gap + one * one
        dx[i] -= 400.0 * gap * x[i] + 2.0 * one
        dx[i + 1] = 200.0 * gap
    return value, (dx,)


@njit
def _mixture(alpha, mu, q, l, x, _):  # type: ignore[no-untyped-def]  # noqa: E741
    (n, d), k = x.shape, len(alpha)
    dalpha, dmu, dq, dl = np.zeros_like(alpha), np.zeros_like(mu), np.zeros_like(q), np.zeros_like(l)
    e, v, Qv, main, value = np.exp(q), np.empty((k, d)), np.empty((k, d)), np.empty(k), 0.0
    for i in range(n):
        for c in range(k):
            place, main[c] = 0, alpha[c]
            for r in range(d):
                v[c, r] = x[i, r] - mu[c, r]
                Qv[c, r] = e[c, r] * v[c, r]
                main[c] += q[c, r]
            for j in range(d):
                for r in range(j + 1, d):
                    Qv[c, r] += l[c, place] * v[c, j]
                    place += 1
            for r in range(d):
                main[c] -= 0.5 * Qv[c, r] * Qv[c, r]
        top, total = main.max(), 0.0
        for c in range(k):
            main[c] = math.exp(main[c] - top)
            total += main[c]
        value += top + math.log(total)
        for c in range(k):
            w, place = main[c] / total, 0
            dalpha[c] += w
            for r in range(d):
                Qv[c, r] *= -w
                dq[c, r] += Qv[c, r] * v[c, r] * e[c, r] + w
                dmu[c, r] -= Qv[c, r] * e[c, r]
            for j in range(d):
                for r in range(j + 1, d):
                    dl[c, place] += Qv[c, r] * v[c, j]
                    dmu[c, j] -= l[c, place] * Qv[c, r]
                    place += 1
    shifted = np.exp(alpha - alpha.max())
    value -= n * (alpha.max() + math.log(shifted.sum())) + 0.5 * n * d * math.log(2 * math.pi)
    return value, (dalpha - n * shifted / shifted.sum(), dmu, dq, dl)


FUNCTIONS = {"neuron": _neuron, "moons": _moons, "rosenbrock": _rosenbrock, "mixture": _mixture}
