"""What a person waits for in a fresh process: from the text of a model to its first gradient."""

from __future__ import annotations

import itertools
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.report import least_and_median
from benchmarks.works import EXAMPLES

ROUNDS = 10
PYTHON = "python -c pass"
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

        cached = str(EXAMPLES / "moons.mg")
        own = {**os.environ, "MGC_CACHE": str(Path(folder) / "cache")}
        runs = {
            PYTHON: _process(own, "pass", lambda: ""),
            "mgc, built": _process(own, DATA + MGC, new),
            "mgc, from the cache": _process(own, DATA + MGC, lambda: cached),
        }
        if has_jax:
            runs["import jax"] = _process(own, JAX_IMPORT, lambda: "")
            runs["JAX"] = _process(own, DATA + JAX_IMPORT + JAX, lambda: "")
        for run in runs.values():
            run()
        found = {name: [run() for _ in range(ROUNDS)] for name, run in runs.items()}
        print(least_and_median("moons, a fresh process to its first gradient, processor time", found, PYTHON))


def _process(environment: dict[str, str], text: str, argument: Callable[[], str]) -> Callable[[], float]:
    """The seconds of processor time that a process takes with those that it starts, such as a compiler's."""

    def run() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", text, argument()], env=environment, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return run
