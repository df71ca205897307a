"""Mutates emitted code and prints how many of the mistakes `mgc verify` catches.

python tests/mutation [EXAMPLE...]     the named examples, or models of models/, or FILE.FUNCTION; all of them
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from mutation import corpus, score
from mutation.score import CAP, FINE, Judgement, Outcome

EVERY = 60  # seconds after which it says how far it is


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="mutation", description=__doc__)
    parser.add_argument("examples", nargs="*", metavar="EXAMPLE")
    parser.add_argument("--cap", type=int, default=CAP, help="mutants of one function, 0 for all (default %(default)s)")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--named", action="store_true", help="also: is the line told that was changed? (takes 5 times as long)"
    )
    options = parser.parse_args(arguments)
    try:
        cases = corpus.cases(options.examples)
    except ValueError as problem:
        parser.error(str(problem))
    start = time.perf_counter()
    refused = [case.name for case in cases if not _accepted(case)]
    found = []
    for outcome, judged in _judged(cases, options):
        found.append((outcome, judged))
        if judged not in FINE:
            _show(outcome, judged)
    for case in cases:
        print(f"{case.name:30} {score.table(judged for outcome, judged in found if outcome.case == case.name)}")
    print(f"\n{score.table(judged for _, judged in found)}; {time.perf_counter() - start:.0f} s")
    if options.named:
        caught = [outcome.is_named for outcome, judged in found if judged == "caught"]
        print(f"of those that are caught {sum(caught)} of {len(caught)} are told at the line that was changed")
    wrong = [judged for _, judged in found if judged not in FINE]
    return bool(wrong or refused)


def _judged(cases: Sequence[corpus.Case], options: argparse.Namespace) -> Iterator[tuple[Outcome, Judgement]]:
    """Each outcome with what it amounts to; says now and then how many there are."""
    count = sum(len(score.chosen(case, options.cap)) for case in cases)
    start = said = time.perf_counter()
    for done, outcome in enumerate(score.outcomes(cases, options.cap, options.processes, options.named), start=1):
        yield outcome, score.judgement(outcome)
        now = time.perf_counter()
        if now - said > EVERY:
            said = now
            print(f"{done} of {count}, {done / (now - start):.1f} a second: {outcome.case}", flush=True)


def _accepted(case: corpus.Case) -> bool:
    """Whether the emitted text itself passes."""
    verdict, said = score.verdict(case, score.text(case))
    if verdict != "passed":
        print(f"{case.name}: the emitted text itself is called {verdict}: {said}", flush=True)
    return verdict == "passed"


def _show(outcome: Outcome, judged: Judgement) -> None:
    print(f"{judged.upper()}: {outcome.name}")
    print(f"    line {outcome.line}, {outcome.part}; {outcome.comparison}; {outcome.verdict}: {outcome.said}")
    print(f"    {outcome.where:.150}; {outcome.seconds:.1f} s", flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
