"""What a person waits for: `mgc compile` as a process, beside an empty Python, in processor time."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks.emitted import EXAMPLES
from benchmarks.report import least_and_median

ROUNDS = 20
PYTHON = "python -c pass"


def main() -> None:
    mgc = str(Path(sys.executable).parent / "mgc")
    commands = {
        PYTHON: [sys.executable, "-c", "pass"],
        "mgc --version": [mgc, "--version"],
        "mgc compile examples/neuron.mg": [mgc, "compile", str(EXAMPLES / "neuron.mg")],
        "mgc compile examples/moons.mg": [mgc, "compile", str(EXAMPLES / "moons.mg")],
    }
    print(in_turns("Processes", {name: partial(seconds, command) for name, command in commands.items()}))


def in_turns(title: str, runs: Mapping[str, Callable[[], float]]) -> str:
    """The table of what each takes, after one of each that is not counted; the others are held against `PYTHON`."""
    for run in runs.values():
        run()
    rounds = [{name: run() for name, run in runs.items()} for _ in range(ROUNDS)]
    return least_and_median(title, {name: [one[name] for one in rounds] for name in runs}, PYTHON)


def seconds(command: Sequence[str], environment: Mapping[str, str] | None = None) -> float:
    """The processor time that a process takes with those that it starts, such as a compiler's."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment or os.environ, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
