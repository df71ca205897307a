"""`python -m benchmarks peers`: native code beside every peer that is installed, in turns, in one process, on one core.

What a peer computes is held to what mgc computes, to 1e-9, before anything is timed.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from benchmarks.native import WINDOW
from benchmarks.peers import Made, start
from benchmarks.report import duration, least_and_median, table
from benchmarks.timing import Case, times
from benchmarks.works import BOUND, LIMIT, NUMPY, Work, all_works, check

ROUNDS = 60
PEERS = {"jax": "JAX", "torch": "PyTorch", "pytensor": "PyTensor", "casadi": "CasADi", "numba": "Numba"}


def main() -> None:
    modules = []
    for package, name in PEERS.items():
        if importlib.util.find_spec(package) is None:
            print(f"{name} is not installed, and left out", flush=True)
        else:
            print(f"{name} {version(package)}", flush=True)
            modules.append(importlib.import_module(f"benchmarks.peers.with_{package}"))
    print()
    least: dict[str, dict[str, float]] = {}
    for work in all_works():
        made = _made(modules, work)
        found = times([*work.cases, *[Case(name, one.call) for name, one in made.items()]], ROUNDS, WINDOW)
        print(least_and_median(work.title, found, BOUND), flush=True)
        least[work.title] = {name: min(seconds) for name, seconds in found.items()}
    print(_summary(least), flush=True)
    start.main(has_jax=importlib.util.find_spec("jax") is not None)


def _made(modules: Sequence[Any], work: Work) -> dict[str, Made]:
    """What the peers make of a work, by name; each was called once, and agrees."""
    found: dict[str, Made] = {}
    for module in modules:
        make = getattr(module, "steps" if work.is_training else "made", None)
        for name, made in (make(work) if make else {}).items():
            _agree(work.wanted, made.read(made.call()))
            found[name] = made
    return found


def _agree(wanted: tuple[Any, Any], found: tuple[Any, Any]) -> None:
    """CasADi has one vector of all derivatives, or columns for rows: both are compared as that vector."""
    both = [(np.ravel(value)[0], [_vector(grads)]) for value, grads in (wanted, found)]
    check(*both)


def _vector(grads: Any) -> Any:
    parts = grads.values() if isinstance(grads, Mapping) else grads
    return np.concatenate([np.ravel(part) for part in parts])


def _summary(least: Mapping[str, Mapping[str, float]]) -> str:
    """A row for each work, a column for each peer: the least time, and how often native code fits into it."""
    every = dict.fromkeys(name for found in least.values() for name in found)
    names = [BOUND, LIMIT, *[name for name in every if name.startswith(tuple(PEERS.values()))], NUMPY]
    rows = []
    for title, found in least.items():
        cells = [
            f"{duration(found[name])} ({found[name] / found[BOUND]:.3g})" if name in found else "" for name in names
        ]
        rows.append(f"| {title} | {' | '.join(cells)} |")
    return table(f"Least times, and x {BOUND}", ("", *names), rows)
