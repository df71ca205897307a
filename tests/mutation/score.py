"""How many mutants `mgc verify` catches: cases -> the outcome of each mutant, and what they amount to.

A mutant is *caught* where it is another function (or does not run) and verification says so, *equivalent* where it is
the same function, because what it changes is never read or for a reason that `equivalents.txt` gives, and *missed*
where it is another function that passes. What that file says of a mutant counts only where no point tells them apart.
A text that is not checked is refused: that catches a mistake, and contradicts nobody who says that there is none.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Literal

from msgspec import Struct

from mgc.compiler.verify.findings import Falsehood
from mgc.compiler.verify.verify import verify_text
from mgc.grammar.diagnostics import ModelError
from mgc.runtime import audit
from mutation import corpus, equivalence, equivalents
from mutation.corpus import Case
from mutation.equivalence import Comparison, Trial
from mutation.mutators import Mutant, mutants

CAP = 100  # mutants of one case; a run of all takes an hour
PIECE = 8  # mutants that a process takes at a time
CALLS = 25  # pieces after which a process is replaced: what it has learnt it keeps for as long as it lives

Verdict = Literal["false", "refused", "passed", "broken"]
Judgement = Literal[
    "caught", "does not run", "equivalent", "told", "missed", "unargued", "doubtful", "broken", "wrong entry"
]
FINE: frozenset[Judgement] = frozenset(("caught", "does not run", "equivalent", "told"))
SUBGRADIENT = "a valid subgradient; mgc's convention is"


class Outcome(Struct, frozen=True):
    """One mutant: how it compares with the original, where they differ, and what verification made of it."""

    case: str
    identity: str
    line: int
    part: str
    kind: str
    comparison: Comparison
    where: str
    unread: bool
    verdict: Verdict
    said: str
    seconds: float

    @property
    def name(self) -> str:
        return f"{self.case}: {self.identity}"

    @property
    def is_named(self) -> bool:
        """Whether the first thing that is told is of the line that was changed."""
        return self.said.startswith(f"line {self.line}: ")

    @property
    def is_accused(self) -> bool:
        """Whether another statement is said to be wrong, and not that one is missing beside it."""
        return self.said.startswith("line ") and not self.is_named and "missing here" not in self.said


def judgement(outcome: Outcome) -> Judgement:
    """What one outcome amounts to. `doubtful`: called false though no point tells it from the original; `told`: right,
    with another subgradient where numbers are tied, and the report says so."""
    same = outcome.comparison in ("same", "rounding")
    entry = equivalents.entry(outcome.name)
    mark = entry.mark if entry else None
    match outcome.verdict:
        case "broken":
            return "broken"
        case "passed" if outcome.comparison == "tied" and SUBGRADIENT in outcome.said:
            return "told"
        case "passed" if mark == "!" or not (same or mark == "="):
            return "missed"
        case "passed":
            return "equivalent" if entry or outcome.unread else "unargued"
        case "false" if same and mark == "":
            return "wrong entry"
        case _ if outcome.comparison == "same" and mark != "!":
            return "equivalent" if entry else "doubtful"
    return "does not run" if outcome.comparison == "crash" else "caught"


def table(judgements: Iterable[Judgement]) -> str:
    """The score: of the mutants that change the function, how many were caught.

    >>> table(["caught", "caught", "does not run", "equivalent", "missed"])
    '3 of 4 caught (75.0 %; 1 of them do not run); 1 equivalent, 1 missed'
    """
    counts = Counter(judgements)
    found = counts["caught"] + counts["does not run"]
    rest = counts.total() - counts["equivalent"] - counts["told"]
    others = ", ".join(f"{n} {kind}" for kind, n in counts.items() if kind not in ("caught", "does not run"))
    share = 100 * found / rest if rest else 100.0
    idle = counts["does not run"]
    return f"{found} of {rest} caught ({share:.1f} %; {idle} of them do not run); {others or 'nothing else'}"


# --- the mutants of a case


@cache
def _prepared(case: Case) -> tuple[Trial, tuple[Mutant, ...]]:
    helpers = corpus.helpers(case)
    trial = equivalence.trial(case.compiled(), case.function, helpers)
    return trial, tuple(mutants(trial.emitted.module.text, trial.derivative | trial.helpers(helpers)))


def chosen(case: Case, cap: int) -> list[int]:
    """The numbers of `cap` mutants of the case, the same ones each time; 0 for all."""
    count = len(_prepared(case)[1])
    if not cap or count <= cap:
        return list(range(count))
    return sorted(random.Random(case.name).sample(range(count), cap))


def named(case: Case) -> dict[str, Mutant]:
    """All mutants of the case by identity."""
    return {f"{case.name}: {mutant.identity}": mutant for mutant in _prepared(case)[1]}


def comparison(case: Case, mutant: Mutant) -> tuple[Comparison, str]:
    trial = _prepared(case)[0]
    return equivalence.compare(trial, mutant.text(trial.emitted.module.text), mutant.function)


def is_unread(case: Case, mutant: Mutant) -> bool:
    """Whether it cannot matter: with nan in place of what was changed, all results are the same."""
    trial = _prepared(case)[0]
    probed = mutant.probed(trial.emitted.module.text)
    return probed is not None and equivalence.compare(trial, probed, mutant.function)[0] == "same"


def text(case: Case, mutant: Mutant | None = None) -> str:
    """The emitted text of the case, with the mutation."""
    original = _prepared(case)[0].emitted.module.text
    return mutant.text(original) if mutant else original


def verdict(case: Case, emitted_text: str, sourced: bool = True, blame: bool = False) -> tuple[Verdict, str]:
    """What verification says of a text that stands for the case's; `sourced`: held against the model, too.

    With `blame` it also looks for the statement that is wrong, which takes most of its time.
    """
    compiled = _prepared(case)[0].emitted
    try:
        namespace = audit.run(emitted_text, "<mutant>").namespace
        report = verify_text(
            *(emitted_text, case.path.name),
            module=compiled.module,
            file=compiled.file if sourced else None,
            namespace=namespace,
            blame=blame,
        )
    except (audit.AuditError, ModelError) as problem:
        return "refused", f"{problem!s:.200}"
    except Exception as problem:  # a bug of the verifier, which the score is there to find
        return "broken", f"{type(problem).__name__}: {problem}"[:200]
    if report.ok:
        statuses = [
            f"{part.name} {part.verdict} {part.consistent} {'; '.join(part.notes)}" for part in report.functions
        ]
        return "passed", " | ".join(statuses)
    if report.is_false:
        return "false", "; ".join(f"{_place(found)}: {found.what}" for found in report.falsehoods)[:200]
    return "refused", "; ".join(note for part in report.functions for note in part.notes)[:200]


def _place(found: Falsehood) -> str:
    """Where it is; of what is seen of the whole function, `at` its first line."""
    if found.within is not None:
        return f"lines {found.within[0]} to {found.within[1]}"
    return f"line {found.line}" if found.statement else f"at line {found.line}"


def outcome(case: Case, mutant: Mutant, blame: bool = False) -> Outcome:
    start = time.perf_counter()
    compared, where = comparison(case, mutant)
    unread = compared == "same" and is_unread(case, mutant)
    in_helper = mutant.function != _prepared(case)[0].info.gradient_name  # else the function is as it was
    found, said = verdict(case, text(case, mutant), in_helper, blame)
    seconds = time.perf_counter() - start
    facts = (case.name, mutant.identity, mutant.line, mutant.part, mutant.kind)
    return Outcome(*facts, compared, where, unread, found, said, seconds)


# --- many at a time


def outcomes(cases: Sequence[Case], cap: int = CAP, processes: int = 2, blame: bool = False) -> Iterator[Outcome]:
    """The outcome of each chosen mutant, as they come, small cases first; of 0 processes, by this one."""
    small_first = sorted(cases, key=lambda case: len(chosen(case, cap)))
    pieces = [(case, piece, blame) for case in small_first for piece in _pieces(chosen(case, cap))]
    if not processes:
        for piece in pieces:
            yield from _outcomes_of(piece)
        return
    context = multiprocessing.get_context("fork")
    with context.Pool(processes, maxtasksperchild=CALLS) as pool:
        for found in pool.imap_unordered(_outcomes_of, pieces):
            yield from found


def _pieces(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), PIECE):
        yield numbers[start : start + PIECE]


def _outcomes_of(piece: tuple[Case, list[int], bool]) -> list[Outcome]:
    case, numbers, blame = piece
    every = _prepared(case)[1]
    return [outcome(case, every[number], blame) for number in numbers]
