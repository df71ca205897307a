"""Random programs on every target, beside an evaluator that shares nothing with the compiler: disagreements, shrunk.

python tests/support/random_programs.py [COUNT] [FIRST SEED] [PROCESSES]
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from support.programs import Program, points, program, requiring
from support.shrink import shrunk
from support.trial import ALLOWED, KNOWN, Case, Disagreement, compiled, disagreements, libraries
from support.triangles import triangle

BATCH = 25  # programs in one library of C
ALWAYS, SOMETIMES = ("python", "ieee", "c"), ("unroll", "accurate", "lesson")


def targets(seed: int) -> tuple[str, ...]:
    return ALWAYS if seed % 2 else (*ALWAYS, SOMETIMES[seed // 2 % len(SOMETIMES)])


def drawn(seed: int) -> Program:
    """The program of a seed: every tenth is of arrays whose rows differ in length, and one requires something."""
    if seed % 10 == 9:
        return triangle(seed)
    return requiring(program(seed), seed) if seed % 10 == 4 else program(seed)


def batch(seeds: Sequence[int]) -> tuple[Counter[str], dict[int, list[Disagreement]]]:
    """How many programs were tried, and the disagreements by seed."""
    counts: Counter[str] = Counter(programs=len(seeds))
    cases: dict[int, Case] = {}
    found: dict[int, list[Disagreement]] = {}
    for seed in seeds:
        made = drawn(seed)
        case = compiled(made.text, points(made, seed), targets(seed))
        if isinstance(case, Disagreement):
            found[seed] = [case]
        elif case is None:
            counts["refused"] += 1
        else:
            cases[seed] = case
    with_c = [seed for seed, case in cases.items() if "c" in case.modules]
    built = dict(zip(with_c, libraries([cases[seed] for seed in with_c]), strict=True)) if with_c else {}
    for seed, case in cases.items():
        counts["compiled"] += 1
        counts["points"] += len(case.points)
        if told := [one for one in disagreements(case, built.get(seed)) if one.kind not in ALLOWED]:
            found[seed] = told
    return counts, found


def report(found: dict[int, list[Disagreement]], counts: Counter[str]) -> Iterator[str]:
    """A program's first disagreement of each kind, as a small program."""
    for seed, told in found.items():
        kinds = {one.kind: one for one in reversed(told)}
        for kind, one in kinds.items():
            counts[f"{'known' if kind in KNOWN else 'NEW'}: {kind}"] += 1
            text, small = drawn(seed).text, one
            if kind not in KNOWN:
                text, small = shrunk(text, one)
            where = ", ".join(dict.fromkeys(other.target for other in told if other.kind == kind))
            yield f"--- seed {seed}: {kind} ({where})\n{text}at {small.point}\n{small.what}\n"


def _job(first: int) -> tuple[Counter[str], list[str]]:
    counts, found = batch(range(first, first + BATCH))
    return counts, list(report(found, counts))


def main(count: int, first: int, processes: int) -> int:
    started = time.monotonic()
    total: Counter[str] = Counter()
    with multiprocessing.Pool(processes, maxtasksperchild=20) as pool:
        for counts, texts in pool.imap_unordered(_job, range(first, first + count, BATCH)):
            total += counts
            for text in texts:
                print(text, flush=True)
    for name in sorted(total):
        print(f"{total[name]:>9,} {name}")
    print(f"{time.monotonic() - started:.0f} s on {processes} processes")
    return 1 if any(name.startswith("NEW") for name in total) else 0


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*given, *(1000, 0, multiprocessing.cpu_count())[len(given) :]))
