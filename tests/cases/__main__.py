"""`python -m cases [COLLECTION ...] [--no-proofs]` from the folder above: every case on trial, as one table."""

from __future__ import annotations

import sys
import time
from collections import Counter

from cases import published
from cases.case import path
from cases.sources import READERS, cases
from cases.trial import Outcome, Tally, attempt
from cases.verification import verified
from mgc.compiler.text_table import plain_table

HEADINGS = (
    "collection", "cases", "compiled", "points", "values right", "slopes right", "unsound", "raised",
    "proved", "tested", "not checked", "false", "derivatives proved", "published proved", "tested", "false", "seconds",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    proofs = "--no-proofs" not in arguments
    names = [argument for argument in arguments if not argument.startswith("-")] or list(READERS)
    unknown = [name for name in names if name not in READERS]
    if unknown:
        sys.exit(f"no such collection: {', '.join(unknown)} (there are {', '.join(READERS)})")
    rows = []
    for name in names:
        if path(name).exists():
            rows.append(row(name, proofs))
        else:
            print(f"{name}: not here ({path(name)})")
    print(plain_table(HEADINGS, rows, frozenset(range(1, len(HEADINGS)))))
    return 0


def row(name: str, proofs: bool) -> list[str]:
    start = time.perf_counter()
    outcomes = [attempt(case) for case in cases(name)]
    for outcome in outcomes:
        for line in (outcome.problem, *outcome.unsound):
            if line:
                print(f"{outcome.case.id}: {line}")
    statuses, derivatives, said = proved(outcomes) if proofs else (Counter[str](), Counter[str](), Counter[str]())
    return [
        name,
        str(len(outcomes)),
        str(sum(not outcome.problem for outcome in outcomes)),
        str(sum(len(outcome.case.points) for outcome in outcomes)),
        shares(sum((outcome.values for outcome in outcomes), Tally())),
        shares(sum((outcome.slopes for outcome in outcomes), Tally())),
        str(sum(len(outcome.unsound) for outcome in outcomes)),
        str(sum(outcome.raised for outcome in outcomes)),
        *(str(statuses[status]) for status in ("proved", "tested", "not checked", "false")),
        shares(Tally(derivatives["proved"], derivatives.total())),
        *(str(said[status]) for status in ("proved", "tested", "false")),
        f"{time.perf_counter() - start:.1f}",
    ]


def proved(outcomes: list[Outcome]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """How many cases have each status, how many derivatives by an argument, and how many published derivatives."""
    statuses, derivatives, said = Counter[str](), Counter[str](), Counter[str]()
    for outcome in outcomes:
        if outcome.problem:
            continue
        found = verified(outcome.case)
        statuses[found.status] += 1
        derivatives.update(found.derivatives)
        for line in found.false:
            print(f"{outcome.case.id}: {line}")
        for variable, text in outcome.case.published.items():
            agreement = published.agrees(outcome.case, variable, text)
            said[agreement] += 1
            if agreement == "false":
                print(f"{outcome.case.id}: the derivative by {variable} is not the published one")
    return statuses, derivatives, said


def shares(tally: Tally) -> str:
    return f"{tally.right}/{tally.total}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
