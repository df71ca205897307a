"""Exercises for the tests of grading: a small network, and what is graded of a file."""

from __future__ import annotations

from pathlib import Path

from mgc.runtime.grade.chain_rule import answer
from mgc.runtime.grade.grading import Grade, gradable
from mgc.runtime.grade.setting import Exercise
from mgc.runtime.grade.submission import grade

MLP = """
layer linear[m](x[n]):
    param W[m, n] = uniform(-1, 1)
    param b[m] = 0
    return W @ x + b

model loss(X[n, 2], label[n]: int):
    hidden = [linear[4](X[i]) for i]
    h = tanh(hidden)
    logits = [linear[3](h[i]) for i]
    return mean(cross_entropy(logits[i], label[i]) for i)
"""
RIGHT = """
import numpy as np
p = logits_exp / (1 + logits_others[:, None])
dlogits = (p - np.eye(3)[label]) / n
dW2 = dlogits.T @ h
db2 = dlogits.sum(axis=0)
dh = dlogits @ W2
dhidden = dh * (1 - h**2)
dW1 = dhidden.T @ X
db1 = dhidden.sum(axis=0)
"""


def marks(given: Exercise, text: str, folder: Path) -> dict[str, Grade]:
    path = folder / "mine.py"
    path.write_text(text)
    grades, _ = grade(given, str(path))
    return {one.name: one for one in grades}


def solution(given: Exercise) -> str:
    """A whole backward pass, made of the answers."""
    lines = []
    for name in gradable(given.forward):
        zeros = "0.0"
        for extent in reversed(given.tape.run.shape(name)):
            zeros = f"[{zeros} for _ in range({extent})]"
        lines += [f"{given.forward.derivative(name)} = {zeros}", answer(given.forward, name, given.setting)]
    return "\n".join(lines)
