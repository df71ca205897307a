"""What a person waits for in a fresh process: from the text of a model to its first gradient."""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.emitted import EXAMPLES
from benchmarks.process import PYTHON, in_turns, seconds

DATA = f"""\
import csv
rows = list(csv.DictReader(open({str(EXAMPLES / "moons.csv")!r})))
X, y = [[float(row["X0"]), float(row["X1"])] for row in rows], [float(row["y"]) for row in rows]
"""
MGC = """\
import sys, mgc
model = mgc.load(sys.argv[1], target="native")
model.loss.value_and_grad(model.init(seed=1), X, y)
"""
JAX_IMPORT = "import jax, jax.numpy as jnp\n"
JAX = """\
jax.config.update("jax_enable_x64", True)
import random
sizes = ((16, 2), (16,), (16, 16), (16,), (1, 16), (1,))
draw = random.Random(1).uniform
params = [jnp.array([[draw(-1, 1) for _ in range(s[-1])] for _ in range(s[0])] if s[1:] else [0.0]*s[0]) for s in sizes]
def loss(params, X, y):
    W1, b1, W2, b2, W3, b3 = params
    h = jax.nn.relu(X @ W1.T + b1)
    h = jax.nn.relu(h @ W2.T + b2)
    score = (h @ W3.T + b3)[:, 0]
    return jax.nn.relu(1 - y*score).mean() + 1e-4*sum((p*p).sum() for p in params)
jax.block_until_ready(jax.jit(jax.value_and_grad(loss))(params, jnp.array(X), jnp.array(y)))
"""


def main(has_jax: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        text, numbers = (EXAMPLES / "moons.mg").read_text(encoding="utf-8"), itertools.count()

        def new() -> str:
            path = Path(folder) / "moons.mg"
            path.write_text(f"{text}# {next(numbers)}\n", encoding="utf-8")
            return str(path)

        own = {**os.environ, "MGC_CACHE": str(Path(folder) / "cache")}

        def run(text: str, argument: str = "") -> float:
            return seconds([sys.executable, "-c", text, argument], own)

        runs = {
            PYTHON: lambda: run("pass"),
            "mgc, built": lambda: run(DATA + MGC, new()),
            "mgc, from the cache": lambda: run(DATA + MGC, str(EXAMPLES / "moons.mg")),
        }
        if has_jax:
            runs |= {"import jax": lambda: run(JAX_IMPORT), "JAX": lambda: run(DATA + JAX_IMPORT + JAX)}
        print(in_turns("moons, a fresh process to its first gradient, processor time", runs))
