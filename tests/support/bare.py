"""Run emitted code where mgc does not exist: text -> a bare interpreter (`python -I -S`) -> its results."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

CALLS = """
import json, sys
sys.path.insert(0, sys.argv[1])
import model
assert not any(name.split(".")[0] in ("mgc", "lark", "numpy", "sympy") for name in sys.modules)
print(json.dumps([getattr(model, name)(*arguments) for name, arguments in json.load(sys.stdin)]))
"""

DESCENT = """
import json, sys
sys.path.insert(0, sys.argv[1])
import model
job = json.load(sys.stdin)
params = job["params"] or model.init_params(job["seed"])

def moved(p, g, rate):
    return [moved(a, b, rate) for a, b in zip(p, g)] if isinstance(p, list) else p - rate * g

losses = []
for first, last, rate in job["batches"]:
    batch = [column[first:last] for column in job["data"]]
    value, grads = model.loss_value_and_grad(params, *batch)
    losses.append(value)
    params = {name: moved(p, grads[name], rate) for name, p in params.items()}
print(json.dumps([losses, model.accuracy(params, *job["test"])]))
"""


def call(text: str, folder: Path, calls: list[tuple[str, list[Any]]]) -> list[Any]:
    """The results of `calls`, each (function, arguments), of the emitted module `text`."""
    results: list[Any] = _run(text, folder, CALLS, calls)
    return results


def descend(
    text: str,
    folder: Path,
    *,
    data: list[list[Any]],
    batches: list[tuple[int, int, float]],
    test: list[list[Any]],
    seed: int = 0,
    params: dict[str, Any] | None = None,
) -> tuple[list[float], float]:
    """Plain gradient descent: the loss before each step, and at the end the accuracy on `test`.

    A batch is (first row, last row, learning rate).
    """
    job = {"data": data, "batches": batches, "test": test, "seed": seed, "params": params}
    losses, accuracy = _run(text, folder, DESCENT, job)
    return losses, accuracy


def _run(text: str, folder: Path, program: str, job: object) -> Any:
    (folder / "model.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, str(folder)],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
