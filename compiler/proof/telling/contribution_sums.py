"""Which sums of contributions one statement may make, and how alike a contribution and a statement are."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from mgc.compiler.proof.algebra.terms import Term
from mgc.compiler.proof.telling.contribution_code import reads
from mgc.compiler.proof.telling.point_values import Values

SUBSETS = 6  # contributions of which any sum may be one statement


def transposed(name: str) -> str:
    """`dx[0][1]` for `dx[1][0]`: a derivative may be laid out in the order of its loops."""
    base, *places = name.replace("]", "").split("[")
    return base + "".join(f"[{place}]" for place in reversed(places))


def likeness(term: Term, read: set[Term]) -> tuple[int, int]:
    """How alike a contribution and a statement are: what both read, and what only one of them does."""
    own = reads(term.args[1] if term.op == "mul" else term)
    return len(own & read), -len(own - read)


def sums(wanted: list[Values], count: int) -> list[Values]:
    """Every sum of some contributions, where they are few; each alone, and those up to each, where they are many."""
    chosen: list[Sequence[Values]] = [[]]
    if len(wanted) <= SUBSETS:
        chosen += [s for k in range(1, len(wanted) + 1) for s in itertools.combinations(wanted, k)]
    else:
        chosen += [[one] for one in wanted] + [wanted[:k] for k in range(len(wanted))]
        chosen += [wanted[k:] for k in range(len(wanted))]
    return [_total(s, count) for s in chosen]


def _total(parts: Sequence[Values], count: int) -> Values:
    totals: list[float | None] = []
    for place in range(count):
        column = [part[place] for part in parts]
        totals.append(None if any(x is None for x in column) else sum(x for x in column if x is not None))
    return tuple(totals)
