"""Random models, verified: emitted code, sympy and central differences have to agree on every one of them.

python tests/support/random_proofs.py [COUNT] [FIRST SEED] [PROCESSES]
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.compiler.verify.findings import FunctionReport
from mgc.compiler.verify.verify import verify_text
from mgc.grammar.diagnostics import ModelError
from mgc.grammar.parser import parse
from mgc.runtime import audit
from support.generator import program

DEPTHS = (2, 3, 4)  # of the expressions, in turn


def reports(seed: int) -> tuple[FunctionReport, ...]:
    """What verification finds in one random model; nothing of a model that the compiler refuses."""
    source = program(seed, DEPTHS[seed % len(DEPTHS)])
    try:
        module = compile_source(source, "random.mg", Options())
    except ModelError:
        return ()
    namespace = audit.run(module.text, "random.mg").namespace
    file = parse(source, "random.mg")
    return verify_text(module.text, "random.mg", module=module, file=file, namespace=namespace).functions


def disagreements(seed: int, found_reports: tuple[FunctionReport, ...]) -> list[str]:
    """What is false, or went wrong, in the reports on the model of a seed."""
    found = []
    for report in found_reports:
        found += [f"{seed} {report.name}: {falsehood}" for falsehood in report.falsehoods]
        found += [f"{seed} {report.name}: {note}" for note in report.notes if note.startswith("internal error")]
        if report.verdict == "false" and not report.falsehoods:
            found.append(f"{seed} {report.name}: false without a reason")
    return found


def outcome(seed: int) -> tuple[Counter[str], list[str]]:
    """Counts of verdicts and derivatives, and the disagreements."""
    counts: Counter[str] = Counter(programs=1)
    try:
        verified = reports(seed)
        for report in verified:
            counts[f"functions {report.verdict}"] += 1
            for row in report.rows:
                counts[f"derivatives {row.verdict}"] += row.count
        return counts, disagreements(seed, verified)
    except Exception as error:  # a crash is told with its seed, and the run goes on
        return counts, [f"{seed}: {type(error).__name__}: {error}"]


def main(count: int, first: int, processes: int) -> int:
    started = time.monotonic()
    total: Counter[str] = Counter()
    failures: list[str] = []
    with multiprocessing.Pool(processes, maxtasksperchild=200) as pool:
        for counts, found in pool.imap_unordered(outcome, range(first, first + count), chunksize=10):
            total += counts
            failures += found
            for failure in found:
                print(failure, flush=True)
    for name in sorted(total):
        print(f"{total[name]:>9,} {name}")
    print(f"{len(failures):>9,} disagreements in {time.monotonic() - started:.0f} s on {processes} processes")
    return 1 if failures else 0


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*given, *(1000, 0, multiprocessing.cpu_count())[len(given) :]))
