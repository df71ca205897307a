"""The cost law: programs -> where emitted code executes more than their source says.

A value costs no more than a reading of its source. A derivative, its value included, costs at most LIMIT times its
value and what is given back or in; comparisons count here, too. Both hold at two sizes: both grow as the source does.

python tests/support/cost_law.py [COUNT] [FIRST SEED]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.grammar.diagnostics import ModelError
from mgc.grammar.parser import parse
from support.cost import Cost, cost, drawn_for
from support.programs import program
from support.values import Unfit

LIMIT = {False: 4, True: 5}  # with --ieee one more
NO_VALUE = (ArithmeticError, ValueError, IndexError, Unfit)  # at these arguments


def costs(text: str, ieee: bool, functions: tuple[str, ...] = ()) -> Iterator[tuple[str, Cost]]:
    """Of each function by name at small arguments, then at some twice as large. Errors: ModelError."""
    module = compile_source(text, "cost.mg", Options(functions=functions, ieee=ieee))
    file = parse(text, "cost.mg")
    for info in module.functions:
        for doubled in (1, 2):
            try:
                yield info.name, cost(module, file, info, *drawn_for(module, info, doubled))
            except NO_VALUE:
                continue


def breaks(found: Cost, ieee: bool) -> str:
    """Which half of the law is broken; empty where it holds. Guards of --ieee are in no source."""
    if not ieee and found.value > found.source:
        return "value"
    return "derivative" if found.excess > LIMIT[ieee] else ""


def broken(text: str, functions: tuple[str, ...] = ()) -> dict[str, set[str]]:
    """Of each function whose operations can be counted the halves of the law that it breaks. Errors: ModelError."""
    found: dict[str, set[str]] = {}
    for ieee in (False, True):
        for name, one in costs(text, ieee, functions):
            half = breaks(one, ieee)
            found.setdefault(name, set()).update({half} - {""})
    return found


def main(count: int = 1000, first: int = 0) -> int:
    """Print the seeds that break the law, and the largest excess of those that keep it."""
    kept: list[tuple[float, int]] = []
    told = 0
    for seed in range(first, first + count):
        for ieee in (False, True):
            try:
                found = [one for _, one in costs(program(seed).text, ieee, ("f",))]
            except ModelError:
                break
            for one in found:
                half = breaks(one, ieee)
                told += bool(half)
                kept += [] if half else [(one.excess, seed)]
                if half:
                    print(f"{seed}{' --ieee' if ieee else ''}: {half}, {one}", flush=True)
    print(f"{len(kept)} keep it, {told} do not; the largest excess of the former: {sorted(kept)[-5:]}")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
