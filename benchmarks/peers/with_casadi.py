"""CasADi: scalar graphs for one sample, mapped over all and summed, built as C where that is how it is used."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import casadi as ca
import numpy as np

from benchmarks.numpy_by_hand import ALPHA
from benchmarks.peers import Made
from benchmarks.works import Work

C = ("cc", "-O3", "-march=native", "-fPIC", "-shared", "-w")
LARGE = 400_000  # bytes of C, for which -O3 takes minutes


def made(work: Work) -> dict[str, Made]:
    formula: Callable[[Work], Any] | None = FORMULAS.get(work.name)
    return {} if formula is None else {"CasADi": formula(work)}


def _neuron(work: Work) -> Made:
    v = ca.SX.sym("v", 5)
    value = ca.tanh(v[0] * v[2] + v[1] * v[3] + v[4])
    return _buffered(ca.Function("f", [v], [value, ca.gradient(value, v)]), [np.array(work.params)])


def _moons(work: Work) -> Made:
    X, y = work.data
    n, sizes = len(y), [p.size for p in work.params]
    p, x, label = ca.SX.sym("p", sum(sizes)), ca.SX.sym("x", 2), ca.SX.sym("y")
    W1, b1, W2, b2, W3, b3 = [_rows(part, array.shape) for part, array in zip(_cut(p, sizes), work.params, strict=True)]
    score = W3 @ ca.fmax(W2 @ ca.fmax(W1 @ x + b1, 0) + b2, 0) + b3
    P, total, slopes = _mapped([p, x, label], ca.fmax(1 - label * score, 0), [X.T, y[None]])
    both = [total / n + ALPHA * ca.sumsqr(P[0]), slopes / n + 2 * ALPHA * P[0]]
    return _buffered(ca.Function("f", P, both), [_flat(work.params), X, y])


def _rosenbrock(work: Work) -> Made:
    x = ca.MX.sym("x", work.params[0].size)
    value = ca.sum1(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
    return _buffered(ca.Function("f", [x], [value, ca.gradient(value, x)]), [work.params[0]])


def _mixture(work: Work) -> Made:
    x_all, _ = work.data
    (n, d), k = x_all.shape, len(work.params[0])
    p, x = ca.SX.sym("p", sum(part.size for part in work.params)), ca.SX.sym("x", d)
    alpha, mu, q, l = [  # noqa: E741
        _rows(part, array.shape)
        for part, array in zip(_cut(p, [part.size for part in work.params]), work.params, strict=True)
    ]
    main = []
    for c in range(k):
        v = x - mu[c, :].T
        Qv = [ca.exp(q[c, r]) * v[r] for r in range(d)]
        pairs = [(r, j) for j in range(d) for r in range(j + 1, d)]
        for place, (r, j) in enumerate(pairs):
            Qv[r] += l[c, place] * v[j]
        main.append(alpha[c] + ca.sum2(q[c, :]) - 0.5 * ca.sumsqr(ca.vertcat(*Qv)))
    P, total, slopes = _mapped([p, x], ca.logsumexp(ca.vertcat(*main)), [x_all.T])
    rest = -n * ca.logsumexp(P[0][:k]) - 0.5 * n * d * ca.log(2 * ca.pi)
    return _buffered(ca.Function("f", P, [total + rest, slopes + ca.gradient(rest, P[0])]), [_flat(work.params), x_all])


def _bundle(work: Work) -> Made:
    """One observation as a scalar graph, mapped; cameras and points are gathered, and CasADi adds up what they get."""
    camera, point, observed = work.data
    c, v, w, o = ca.SX.sym("c", 11), ca.SX.sym("v", 3), ca.SX.sym("w"), ca.SX.sym("o", 2)
    r, a = c[:3], v - c[3:6]
    angle = ca.norm_2(r)
    u = r / angle
    seen = ca.cos(angle) * a + ca.sin(angle) * ca.cross(u, a) + (1 - ca.cos(angle)) * ca.dot(u, a) * u
    flat = seen[:2] / seen[2]
    r2 = ca.sumsqr(flat)
    error = w * (c[6] * (1 + c[9] * r2 + c[10] * r2**2) * flat + c[7:9] - o)
    one = ca.Function("one", [c, v, w, o], [ca.sumsqr(error) + (1 - w**2) ** 2])
    shapes = [part.T.shape if part.ndim == 2 else (1, part.size) for part in (*work.params, observed)]
    P = [ca.MX.sym(f"p{k}", *shape) for k, shape in enumerate(shapes)]
    value = ca.sum2(one.map(len(point))(P[0][:, camera.tolist()], P[1][:, point.tolist()], P[2], P[3]))
    outs = [value, *[ca.gradient(value, part) for part in P[:3]]]
    return _buffered(ca.Function("f", P, outs), [*work.params, observed])


FORMULAS = {"neuron": _neuron, "moons": _moons, "rosenbrock": _rosenbrock, "mixture": _mixture, "bundle": _bundle}


def _mapped(symbols: Sequence[Any], value: Any, columns: Sequence[Any]) -> tuple[list[Any], Any, Any]:
    """The arguments, and the sums over all columns of the value and of its gradient by the first symbol."""
    each = ca.Function("each", symbols, [value, ca.gradient(value, symbols[0])])
    P = [ca.MX.sym("P", *symbols[0].shape), *[ca.MX.sym(f"X{k}", *part.shape) for k, part in enumerate(columns)]]
    total, slopes = each.map("m", "serial", columns[0].shape[1], [0], [0, 1])(*P)
    return P, total, slopes


def _buffered(function: Any, given: Sequence[Any]) -> Made:
    """The function with its arguments and results in places that are told once."""
    called = _built(function)
    places = [np.zeros(function.size_out(k)[::-1]) for k in range(function.n_out())]
    kept = [np.ascontiguousarray(part) for part in given]  # by columns, that is the transpose
    buffer, call = called.buffer()
    for k, part in enumerate(kept):
        buffer.set_arg(k, part.data)
    for k, place in enumerate(places):
        buffer.set_res(k, place.data)
    return Made(call, lambda _: (places[0], places[1:]), keep=(called, buffer, kept))


def _built(function: Any) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        generator = ca.CodeGenerator("f.c")
        generator.add(function)
        source, library = Path(folder) / "f.c", Path(folder) / "f.so"
        source.write_text(generator.dump(), encoding="utf-8")
        slower = ["-O1"] if source.stat().st_size > LARGE else []
        subprocess.run([*C, *slower, str(source), "-o", str(library), "-lm"], check=True)
        return ca.external("f", str(library))


def _cut(vector: Any, sizes: Sequence[int]) -> list[Any]:
    return list(ca.vertsplit(vector, [0, *np.cumsum(sizes).tolist()]))


def _rows(vector: Any, shape: tuple[int, ...]) -> Any:
    """A matrix from its rows, one after the other."""
    return ca.reshape(vector, *shape[::-1]).T if len(shape) == 2 else vector


def _flat(arrays: Sequence[Any]) -> Any:
    return np.concatenate([part.ravel() for part in arrays])
