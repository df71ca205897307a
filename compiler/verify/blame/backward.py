"""Which statement of the backward half is to blame for false derivatives, and what it should be.

In the order of execution: a statement is a suspect that stores what is neither an adjoint, nor a contribution to one,
nor a part of it; under the name `d<name>` it has to be that of <name>. A suspect is to blame where something that it
could store instead would make all derivatives right. Where there is none, a contribution is missing.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from mgc.compiler.verify import clock
from mgc.compiler.verify.blame import evidence
from mgc.compiler.verify.blame.code import Code, likeness, reads, sums, transposed
from mgc.compiler.verify.blame.forward import Told
from mgc.compiler.verify.blame.listing import Listing, head, names_read, written
from mgc.compiler.verify.blame.neighbours import (
    Mending,
    beginning_with_0,
    begun,
    dropped,
    misnamed,
    other_conditions,
    other_forms,
    overwriting,
    rewritten,
    unreached,
    without_value,
)
from mgc.compiler.verify.blame.returned import no_derivative, other_derivative, unwritten
from mgc.compiler.verify.blame.values import added, mild_points, repair, right_values, same, values, whole_values
from mgc.compiler.verify.certificate import Claim, Prover
from mgc.compiler.verify.equal.adjoints import Adjoints
from mgc.compiler.verify.equal.points import close
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.trace.values import Stored

CANDIDATES = 4  # contributions that are tried for one statement
MOST_REFUTED = 3  # changes that are right at points and then are not
SHORT = 80  # characters of an expression that is tried early
MENDING = 800_000  # steps that are spent on changes
DRAWN = 16  # points, of which those are taken that show most
POINTS = 4
MOST_PARTS = 500  # contributions that are compared with one statement
ASKED = 12  # false derivatives, and as many right ones, that a suspect has to answer for


class BackwardBlame:
    """The statements of one backward half."""

    def __init__(
        self, tree: ast.Module, prover: Prover, adjoints: Adjoints, code: Code, claims: Sequence[Claim]
    ) -> None:
        self.tree = tree
        self.prover = prover
        self.adjoints = adjoints
        self.code = code
        self.instance = prover.instance
        self.plain = Listing(tree, prover.instance.signature.name)
        self.listing = Listing(tree, str(prover.instance.signature.derivative))
        drawn = mild_points(prover.samples, prover.instance.symbols(), prover.instance.value, DRAWN)
        false = [claim for claim in claims if claim.status == "false"]
        fine = [claim for claim in claims if claim.status != "false"]
        asked = [*false[:ASKED], *fine[:ASKED]]
        self.asked = [(claim.emitted, claim.truth) for claim in asked if claim.truth is not None]
        self._known_repairs: dict[int, list[Mapping[Term, Any] | None]] = {}
        self.claims = claims
        wrong = [(claim.emitted, claim.truth) for claim in false[:ASKED] if claim.truth is not None]
        drawn.sort(key=lambda point: sum(same(values([point], a), values([point], b)) for a, b in wrong))
        self.drawn, self.points = drawn, drawn[:POINTS]
        self.false = false
        self.flowing, self.right = right_values(self.instance, adjoints, self.points)
        self.forward = set(terms.topological(self.instance.again))
        self._suspicious: set[int] | None = None  # the lines that store something wrong, once they were looked for

    def blamed(self) -> Told | None:
        """The statement that makes some of the claims false; None where none can be named."""
        false = self.false
        if not self.points:
            return None
        used = set(terms.topological([claim.emitted for claim in false]))
        told = (
            without_value(self.listing, self.instance, false, self.drawn)
            or no_derivative(self.listing, self.code, false)
            or other_derivative(self.listing, self.code, self.points, false)
        )
        if told is None:
            suspects = list(self._suspects(used))
            self._suspicious = {stored.line for stored, _ in suspects}
            told = self._mended(used, suspects) or self._guilty(suspects)
            told = evidence.with_numbers(told, self.prover, false) if told is not None else None
        return told

    def clears(self, line: int, claim: Claim) -> bool:
        """Whether a line is right where a claim is seen to be false; at special points alone that is not known."""
        if self._suspicious is None or line in self._suspicious or claim.truth is None:
            return False
        return not same(values(self.points, claim.emitted), values(self.points, claim.truth))

    def _mended(self, used: set[Term], suspects: Sequence[tuple[Stored, Term | None]]) -> Told | None:
        """The first of all proposals with which the text, run again, is right."""
        mending = Mending(self.tree, self.prover, self.claims, self.drawn)
        refuted = 0
        with contextlib.suppress(clock.OutOfWork), clock.until(clock.now() + MENDING):
            for told in self._proposals(used, suspects):
                if refuted < MOST_REFUTED and mending.mends(told):
                    if mending.confirms(told):
                        return told
                    refuted += 1
        return None

    def _proposals(self, used: set[Term], suspects: Sequence[tuple[Stored, Term | None]]) -> Iterator[Told]:
        """Statements with what they may have to be, the likeliest first."""
        odd = self._odd_start(used)
        if odd is not None:
            yield odd
        yield from begun(self.listing, self.plain.heads)
        yield from dropped(self.listing, self._computing)
        yield from unreached(self.listing, unwritten(self.code, self.false))
        yield from misnamed(self.listing, self.plain.heads)
        yield from other_conditions(self.listing)
        tried: dict[int, tuple[Stored, Term | None]] = {}
        for stored, of in suspects:
            tried.setdefault(stored.line, (stored, of))
        long: list[Told] = []
        for stored, of in tried.values():
            yield from self._of_suspect(stored, of)
            told = list(self._wrong(*self._clearest(stored, of))) if of is not None else []
            yield from (one for one in told if len(one.expected) <= SHORT)
            long += [one for one in told if len(one.expected) > SHORT]
            yield from self._rewritten(stored, of)
        yield from dropped(self.listing, self._computing, arrays=True)
        last = {stored.line: (stored, of) for stored, of in self._every if stored.cell in used}
        for line, (stored, of) in last.items():
            if line not in tried:
                yield from self._rewritten(stored, of)
        for stored in self.instance.stored:
            if stored.cell.op == "constant" and stored.base[:1] == "d":
                yield from self._rewritten(stored, None)
        yield from other_forms(self.listing, [*tried, *last], self._computing)
        yield from long
        yield from self._missing(used)

    @cached_property
    def _computing(self) -> set[int]:
        """The lines of the forward half."""
        cells = {one.base for one in self.instance.stored if one.cell in self.forward and one.cell.op == "cell"}
        return {one.lineno for one in self.listing.statements if written(one) in cells}

    def _of_suspect(self, stored: Stored, of: Term | None) -> Iterator[Told]:
        """What a line may have to be that stores something wrong."""
        statement = self.listing.at(stored.line)
        alias = self._alias(stored.line)
        if alias is not None:
            yield alias
        if statement is not None:
            yield from overwriting(statement, stored.name)
        conditional = self._conditional(stored, of)
        if conditional is not None:
            yield conditional

    def _rewritten(self, stored: Stored, of: Term | None) -> Iterator[Told]:
        """A line with a small change."""
        statement = self.listing.at(stored.line)
        own = stored.cell.op == "cell" and stored.cell.payload[1] == stored.line  # type: ignore[index]  # or another's
        mendable = statement is not None and (not own or None not in self._repairs(stored.line))
        around = self.listing.around(statement)
        names = [*self.instance.sizes, *(written(one) for one in around if isinstance(one, ast.For))]
        for text in rewritten(statement, names) if statement is not None and mendable else ():
            yield Told(stored.line, self._what(stored, of), text)

    def _what(self, stored: Stored, of: Term | None) -> str:
        if of is None:
            return f"{stored.name} makes derivatives false"
        return f"{stored.name} is not the derivative with respect to {self.code.renamed(str(of))}"

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
                twin = current.get(transposed(stored.name)) if of is not None and of.op == "cell" else None
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
        return any(same(value, one) for one in sums(wanted, len(now)) for value in (step, now))

    # --- who is to blame

    def _guilty(self, suspects: Sequence[tuple[Stored, Term | None]]) -> Told | None:
        """The first line that stores what no right text would and that makes all claims right with other numbers."""
        whole = whole_values(self.instance, self.adjoints, self.points)
        last: dict[int, list[tuple[Stored, Term | None]]] = {}
        for stored, of in suspects:
            last.setdefault(stored.line, [])
            returned = of is not None and of.op != "cell" and stored.before is not None
            is_last = stored.cell in self._last_cells(stored.line)
            if is_last and not returned and not whole.has(values(self.points, stored.cell, stored.guard)):
                last[stored.line].append((stored, of))
        for line, wrong in last.items():
            repairs = self._repairs(line) if wrong else [None]
            told = self._of_repair(wrong, repairs[0] or {}) if all(repairs) else None
            if told is not None:
                return told
        return None

    def _of_repair(self, records: Sequence[tuple[Stored, Term | None]], needed: Mapping[Term, Any]) -> Told | None:
        """What is said of a line that needs other values, at the first point; None where it has the ones it needs."""
        point = self.points[0]
        for stored, of in records:
            if stored.cell in needed and not close(point.value(stored.cell), needed[stored.cell]):
                right = of is not None and close(point.value(self.adjoints.of(of)), needed[stored.cell])
                shown = self.code.shown(point, stored.cell, needed[stored.cell])
                return Told(stored.line, self._what(stored, of if right else None), "", shown)
        return None

    def _repairs(self, line: int) -> list[Mapping[Term, Any] | None]:
        """What a line would have to store at two points; None where nothing makes all right."""
        if line not in self._known_repairs:
            cells = self._last_cells(line)
            self._known_repairs[line] = [repair(point, cells, self.asked) for point in self.points[:2]]
        return self._known_repairs[line]

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

    def _wrong(self, stored: Stored, of: Term) -> Iterator[Told]:
        """What a suspect may have to store: the whole derivative, a contribution that nobody makes, or all of those."""
        guarded = terms.select(stored.guard, added(stored), 0)
        read = reads(stored.cell.args[0] if stored.cell.op == "cell" else stored.cell)
        earlier = [one for one in self._of(of) if one.cell is not stored.cell]
        left = self._not_yet(of, earlier)
        wanted = sorted(left, key=lambda term: likeness(term, read), reverse=True)[:CANDIDATES]
        if stored.before is None:
            wanted = [self.adjoints.of(of), *wanted]
        if len(left) > 1:
            wanted.append(sum(left[1:], left[0]))
        what = self._what(stored, of)
        statement = self.listing.at(stored.line)
        for term in dict.fromkeys(wanted):
            expected = self.code.statement(stored, "=" if stored.before is None else "+=", term, statement)
            yield Told(stored.line, what, expected, self.prover.samples.shown(guarded, term))

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

    def _missing(self, used: set[Term]) -> Iterator[Told]:
        """Of each adjoint that is not the sum of what its readers contribute: where something is missing."""
        written_: dict[Term, list[Stored]] = {}
        for stored, of in self._records(used):
            if of is not None:
                written_.setdefault(of, []).append(stored)
        for of, records in written_.items():
            last = records[-1]
            truth = self.adjoints.of(of)
            if not same(values(self.points, last.cell, last.guard), values(self.points, truth)):
                shown = self.prover.samples.shown(terms.select(last.guard, last.cell, 0), truth)
                start = self._start(records, shown)
                if start is not None:
                    yield start
                yield from self._left_out(of, records, shown)

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
        return Told(first.lineno, f"the sum {records[0].base} does not begin with 0", beginning_with_0(first), shown)

    def _left_out(self, of: Term, records: Sequence[Stored], shown: tuple[str, str, str]) -> Iterator[Told]:
        """A contribution that no statement makes, added by the last one."""
        last = records[-1]
        alias = self._alias(last.line)
        if alias is not None:
            yield alias
        for one in (records[0], *records):
            statement = self.listing.at(one.line)
            if statement is not None:
                yield from overwriting(statement, one.name)
        for stored in self.instance.stored:
            told = self._conditional(stored, of) if stored.name == last.name else None
            if told is not None:
                yield told
        lost = self._not_yet(of, records)
        statement = self.listing.at(last.line)
        if not isinstance(statement, ast.Assign | ast.AugAssign):
            return
        what = f"a contribution to {last.name} is missing"
        for term in [*lost[:CANDIDATES], sum(lost[1:], lost[0])] if lost else []:
            more = self.code.statement(last, "+=", term, statement).partition(" += ")[2]
            yield Told(last.line, what, f"{ast.unparse(statement)} + {more}", shown)

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
