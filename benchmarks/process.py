"""What a person waits for: `mgc compile examples/moons.mg` as a process, beside an empty Python."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.emitted import EXAMPLES
from benchmarks.report import ratios
from benchmarks.timing import Case, race

ROUNDS = 20


def main() -> None:
    mgc = str(Path(sys.executable).parent / "mgc")
    moons = str(EXAMPLES / "moons.mg")
    seconds = race(
        [
            Case("python -c pass", process([sys.executable, "-c", "pass"])),
            Case("mgc --version", process([mgc, "--version"])),
            Case("mgc compile examples/moons.mg", process([mgc, "compile", moons])),
        ],
        ROUNDS,
    )
    print(ratios("Processes", seconds, "python -c pass"))


def process(command: list[str]) -> Callable[[], object]:
    return lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
