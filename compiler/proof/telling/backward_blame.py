"""Which statement of the backward half is to blame for false derivatives, and what it should be.

In the order of execution: a statement is a suspect that stores what is neither an adjoint, nor a contribution to one,
nor a part of it; under the name `d<name>` it has to be that of <name>. A suspect is to blame where something that it
could store instead would make all derivatives right. Where there is none, a contribution is missing.
"""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from mgc.compiler.proof.adjoints import Adjoints
from mgc.compiler.proof.algebra import terms
from mgc.compiler.proof.algebra.terms import Term
from mgc.compiler.proof.certificate import Claim, Prover
from mgc.compiler.proof.machine.values import Stored
from mgc.compiler.proof.telling.contribution_code import Code, reads
from mgc.compiler.proof.telling.forward_blame import Told
from mgc.compiler.proof.telling.listing import Listing, head, names_read, written
from mgc.compiler.proof.telling.point_values import Values, added, mild_points, same, values
from mgc.compiler.proof.telling.repair import repair
from mgc.compiler.proof.telling.right_values import right_values

SUBSETS = 6  # contributions of which any sum may be one statement
DRAWN = 16  # points, of which those are taken that show most
POINTS = 4
MOST_PARTS = 500  # contributions that are compared with one statement
ASKED = 12  # false derivatives, and as many right ones, that a suspect has to answer for


class BackwardBlame:
    """The statements of one backward half."""

    def __init__(
        self, tree: ast.Module, prover: Prover, adjoints: Adjoints, code: Code, false: Sequence[Claim]
    ) -> None:
        self.prover = prover
        self.adjoints = adjoints
        self.code = code
        self.instance = prover.instance
        self.listing = Listing(tree, str(prover.instance.signature.derivative))
        drawn = mild_points(prover.samples, prover.instance.symbols(), prover.instance.value, DRAWN)
        wrong = [(claim.emitted, claim.truth) for claim in false[:ASKED] if claim.truth is not None]
        drawn.sort(key=lambda point: sum(same(values([point], a), values([point], b)) for a, b in wrong))
        self.drawn, self.points = drawn, drawn[:POINTS]
        self.false = false
        self.flowing, self.right = right_values(self.instance, adjoints, self.points)
        self.forward = set(terms.topological(self.instance.again))

    def blamed(self, claims: Sequence[Claim]) -> Told | None:
        """The statement that makes some of the claims false; None where none can be named."""
        false = self.false
        if not self.points:
            return None
        used = set(terms.topological([claim.emitted for claim in false]))
        told = self._returned(false)
        if told is None:
            suspects = list(self._suspects(used))
            told = self._odd_start(used) or self._guilty(suspects, claims, false) or self._missing(used)
            if told is None and suspects:
                told = self._wrong(*suspects[0])
        return told

    # --- what is stored

    def _records(self, used: set[Term]) -> Iterator[tuple[Stored, Term | None]]:
        """What the backward half stored, with what it is the derivative by, if the name says it."""
        current = self.code.differentiated()
        for stored in self.instance.stored:
            of = current.get(stored.name)
            current["d" + stored.name] = stored.cell
            if stored.merged or stored.cell not in used or stored.cell.op == "constant":
                continue
            if of is not None or stored.cell not in self.forward:
                twin = current.get(_transposed(stored.name)) if of is not None and of.op == "cell" else None
                if twin is not None and of is not None and not self._explained(stored, of):
                    of = twin if self._explained(stored, twin) else of
                yield stored, of

    def _suspects(self, used: set[Term]) -> Iterator[tuple[Stored, Term | None]]:
        """What is nothing that a right text would store; then what is right, but not under that name."""
        elsewhere = []
        for stored, of in self._records(used):
            if of is not None and self._explained(stored, of):
                continue
            terms_ = (stored.cell, added(stored))
            known = self.right if of is None else self.flowing
            if not any(known.has(values(self.points, term, stored.guard)) for term in terms_):
                yield stored, of
            elif of is not None:
                elsewhere.append((stored, of))
        yield from elsewhere

    def _explained(self, stored: Stored, of: Term) -> bool:
        """Whether what a statement stored is the adjoint so far, or adds contributions to it."""
        now = values(self.points, stored.cell, stored.guard)
        if same(now, values(self.points, self.adjoints.of(of))):
            return True
        wanted = [values(self.points, term, stored.guard) for _, term in self.adjoints.contributions.get(of, [])]
        step = values(self.points, added(stored), stored.guard)
        return any(same(value, one) for one in _sums(wanted, len(now)) for value in (step, now))

    # --- who is to blame

    def _guilty(
        self, suspects: Sequence[tuple[Stored, Term | None]], claims: Sequence[Claim], false: Sequence[Claim]
    ) -> Told | None:
        """The first suspect whose line could make all claims right."""
        fine = [claim for claim in claims if claim.status != "false" and claim.truth is not None]
        asked = [*false[:ASKED], *fine[:ASKED]]
        pairs = [(claim.emitted, claim.truth) for claim in asked if claim.truth is not None]
        tried: set[int] = set()
        for stored, of in suspects:
            if stored.line in tried:
                continue
            tried.add(stored.line)
            cells = self._last_cells(stored.line)
            own = {variable for one, variable in suspects if one.line == stored.line}
            alone = {claim.variable for claim in false} <= own
            repairs = [repair(point, cells, pairs) for point in self.points[:2]]
            if alone or None not in repairs:
                return self._wrong(stored, of, (repairs[0] or {}).get(stored.cell))
        return None

    def _last_cells(self, line: int) -> list[Term]:
        """What a line stored, but what it added to itself later."""
        cells = [one for one in self.instance.stored if one.line == line and not one.merged and one.cell.op == "cell"]
        grown: set[Term] = set()
        for stored in cells:
            below = stored.before
            while below is not None and below.op == "cell" and below not in grown:
                grown.add(below)
                below = below.args[0].args[0] if below.args[0].op in ("add", "sub") else None
        return list(dict.fromkeys(one.cell for one in cells if one.cell not in grown))

    def _wrong(self, stored: Stored, of: Term | None, needed: Any = None) -> Told:
        """What is said of a suspect; `needed`: a value at the first point that makes all right."""
        alias = self._alias(stored.line)
        if alias is not None:
            return alias
        conditional = self._conditional(stored, of)
        if conditional is not None:
            return conditional
        guarded = terms.select(stored.guard, added(stored), 0)
        if of is None:
            shown = self.code.shown(self.points[0], stored.cell, needed) if needed is not None else ("", "", "")
            return Told(stored.line, f"{stored.name} makes derivatives false", "", shown)
        stored, of = self._clearest(stored, of)
        guarded = terms.select(stored.guard, added(stored), 0)
        read = reads(stored.cell.args[0] if stored.cell.op == "cell" else stored.cell)
        earlier = [one for one in self._of(of) if one.cell is not stored.cell]
        wanted = max(self._not_yet(of, earlier), key=lambda term: _likeness(term, read), default=terms.ZERO)
        if stored.before is None:
            wanted = max((self.adjoints.of(of), wanted), key=lambda term: _likeness(term, read))
        what = f"{stored.name} is not the derivative with respect to {self.code.renamed(terms.spelled(of))}"
        expected = self.code.statement(stored, "=" if stored.before is None else "+=", wanted)
        return Told(stored.line, what, expected, self.prover.samples.shown(guarded, wanted))

    def _clearest(self, stored: Stored, of: Term) -> tuple[Stored, Term]:
        """A wrong execution of the same line in whose turn all indices differ, if there is one."""
        alike = [(one, by) for one, by in self._every if one.line == stored.line and by is not None]
        for one, by in alike:
            turns = [number for _, number in one.turn]
            if len(set(turns)) == len(turns) and not self._explained(one, by):
                return one, by
        return stored, of

    def _alias(self, line: int) -> Told | None:
        """A row that the statement reads and that is not what its name says: `W_j = W[i]`."""
        statement = self.listing.at(line)
        read = {*names_read(statement), written(statement)} if statement is not None else set()
        for earlier in reversed([one for one in self.listing.statements if one.lineno < line]):
            expected = self.code.row(earlier) if written(earlier) in read else ""
            if expected and expected != head(earlier):
                return Told(earlier.lineno, f"{written(earlier)} is not the row that its name says", expected)
        return None

    def _returned(self, false: Sequence[Claim]) -> Told | None:
        """The derivatives are all there, and others are returned in their places."""
        given = self.listing.returned
        if given is None or not isinstance(given.value, ast.Tuple):
            return None
        last: dict[str, Stored] = {stored.name: stored for stored in self.instance.stored}
        named = {variable: name for name, variable in self.code.differentiated().items()}
        for claim in false:
            own = last.get(named.get(claim.variable, ""))
            if claim.truth is None or (own is not None and own.cell is claim.emitted):
                return None
            truth = values(self.points, claim.truth)
            others = last.values() if own is None else [own]
            if not any(same(values(self.points, one.cell, one.guard), truth) for one in others):
                return None
        first = false[0]
        shown = self.prover.samples.shown(first.emitted, first.truth) if first.truth is not None else ("", "", "")
        variable = self.code.renamed(first.name)
        what = f"the derivative by {variable} that it returns is another one"
        return Told(given.lineno, what, f"d{variable} in the place of the derivative by {variable}", shown)

    # --- what is missing

    def _of(self, of: Term) -> list[Stored]:
        """What was stored under the name of one adjoint."""
        return [stored for stored, one in self._every if one is of]

    @cached_property
    def _every(self) -> list[tuple[Stored, Term | None]]:
        return list(self._records({stored.cell for stored in self.instance.stored}))

    def _not_yet(self, of: Term, records: Sequence[Stored]) -> list[Term]:
        """The contributions to an adjoint that none of some statements made."""
        done = [values(self.points, added(one), one.guard) for one in records]
        contributions = [term for _, term in self.adjoints.contributions.get(of, [])]
        return [term for term in contributions if not any(same(values(self.points, term), one) for one in done)]

    def _missing(self, used: set[Term]) -> Told | None:
        """The first adjoint that is not the sum of what its readers contribute."""
        written_: dict[Term, list[Stored]] = {}
        for stored, of in self._records(used):
            if of is not None:
                written_.setdefault(of, []).append(stored)
        for claim in self.false:
            told = self._cut_short(claim.variable) if claim.variable not in written_ else None
            if told is not None:
                return told
        for of, records in written_.items():
            last = records[-1]
            truth = self.adjoints.of(of)
            if not same(values(self.points, last.cell, last.guard), values(self.points, truth)):
                shown = self.prover.samples.shown(terms.select(last.guard, last.cell, 0), truth)
                return self._start(records, shown) or self._left_out(of, records, shown)
        return None

    def _odd_start(self, used: set[Term]) -> Told | None:
        """A sum that is no adjoint by name, and that begins with some number."""
        for stored, of in self._records(used):
            before = stored.before
            if of is None and before is not None and before.op == "constant":
                told = self._start([stored], ("", "", ""))
                if told is not None:
                    return told
        return None

    def _start(self, records: Sequence[Stored], shown: tuple[str, str, str]) -> Told | None:
        """A sum that does not begin with 0."""
        before = next((one.before for one in records if one.before is not None), terms.ZERO)
        first = next((one for one in self.listing.writing(records[0].base)), None)
        if before.op != "constant" or before is terms.ZERO or first is None:
            return None
        return Told(first.lineno, f"the sum {records[0].base} does not begin with 0", shown=shown)

    def _left_out(self, of: Term, records: Sequence[Stored], shown: tuple[str, str, str]) -> Told | None:
        last = records[-1]
        lost = self._not_yet(of, records)
        alias = self._alias(last.line)
        over = [one for one in records[1:] if one.before is None]
        if alias is not None or (over and not lost):
            what = f"{last.name} overwrites what was added to it before"
            expected = head(self.listing.at(over[-1].line) or self.listing.function).replace(" = ", " += ", 1)
            return alias or Told(over[-1].line, what, expected, shown)
        for told in (self._conditional(stored, of) for stored in self.instance.stored if stored.name == last.name):
            if told is not None and lost:
                return told
        if not lost:
            return None
        what = f"a contribution to {last.name} is missing"
        return self._cut_short(of) or Told(last.line, what, self.code.statement(last, "+=", lost[0]), shown)

    def _conditional(self, stored: Stored, of: Term | None) -> Told | None:
        """A branch in which a contribution is made, but not under its condition."""
        around = self.listing.around(self.listing.at(stored.line))
        branches = [one for one in around if isinstance(one, ast.If)]
        if not branches or stored.merged:
            return None
        free, kept = values(self.drawn, added(stored)), values(self.drawn, added(stored), stored.guard)
        parts = self.adjoints.contributions
        flowing = parts.get(of, []) if of is not None else [part for several in parts.values() for part in several]
        for _, term in flowing[:MOST_PARTS]:
            wanted = values(self.drawn, term)
            pairs = list(zip(free, wanted, strict=True))
            agree = all(same((a,), (b,)) for a, b in pairs if a and b) and any(a and b for a, b in pairs)
            if agree and not same(kept, wanted):
                what = f"the condition is not that under which the derivative flows to {stored.base}"
                return Told(branches[-1].lineno, what, self.code.condition(term))
        return None

    def _cut_short(self, of: Term) -> Told | None:
        """A loop of which some turns are left out: a line that adds to this entry less often than any reader asks."""
        base = _made_by(of)
        asked = Counter(_made_by(reader) for reader, _ in self.adjoints.contributions.get(of, []))
        lines = Counter(stored.line for stored, one in self._every if one is of)
        alike = [one for one in self.adjoints.contributions if _made_by(one) == base]
        totals = Counter(_made_by(reader) for one in alike for reader, _ in self.adjoints.contributions[one])
        made = Counter(stored.line for stored, one in self._every if one is not None and _made_by(one) == base)
        for line, count in made.items():
            loops = [one for one in self.listing.around(self.listing.at(line)) if isinstance(one, ast.For)]
            if not loops or lines[line] in asked.values():
                continue
            name = written(self.listing.at(line) or loops[-1])
            if count in totals.values():
                return Told(line, f"this is of another entry of {name}")
            loop = self._rarest(loops)
            return Told(loop.lineno, f"the loop over {written(loop)} leaves out turns that contribute to {name}")
        return None

    def _rarest(self, loops: Sequence[ast.For]) -> ast.For:
        """The loop whose range is written in a way that no other loop of the function has."""
        heads = [head(one) for one in self.listing.statements if isinstance(one, ast.For)]
        return min(loops, key=lambda one: heads.count(head(one)))


def _transposed(name: str) -> str:
    """`dx[0][1]` for `dx[1][0]`: a derivative may be laid out in the order of its loops."""
    base, *places = name.replace("]", "").split("[")
    return base + "".join(f"[{place}]" for place in reversed(places))


def _made_by(node: Term) -> tuple[str, int]:
    """The name that an array or a number has in the forward half, and the line that stored it; 0 for an argument."""
    name, line = node.payload[:2] if isinstance(node.payload, tuple) else (node.payload, 0)
    return str(name).partition("[")[0], int(line)


def _likeness(term: Term, read: set[Term]) -> tuple[int, int]:
    """How alike a contribution and a statement are: what both read, and what only one of them does."""
    own = reads(term.args[1] if term.op == "mul" else term)
    return len(own & read), -len(own - read)


def _sums(wanted: list[Values], count: int) -> list[Values]:
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
