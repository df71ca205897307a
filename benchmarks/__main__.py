"""`python -m benchmarks [NAME]...`: measure these, or all, and print tables; the names are in `MEASUREMENTS`."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # all cases run on one core

from benchmarks import moons, native, neuron, precision, process, scale
from benchmarks.report import conditions

MEASUREMENTS = {
    "neuron": neuron.main,
    "moons": moons.main,
    "native": native.main,
    "precision": precision.main,
    "process": process.main,
    "scale": scale.main,
}


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        sys.exit(f"no such benchmark: {', '.join(unknown)} (there are {', '.join(MEASUREMENTS)})")
    print(conditions(), end="\n\n", flush=True)
    for name in names or MEASUREMENTS:
        MEASUREMENTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
