"""Which statement of the backward half is to blame for false derivatives, and what it should be.

In the order of execution: a statement is a suspect that stores what is neither an adjoint, nor a contribution to one,
nor a part of it; under the name `d<name>` it has to be that of <name>. Something is written in the place of a
statement, of suspects first, and the text run again: what makes all derivatives right is told.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from msgspec.structs import replace

from mgc.compiler.verify import clock
from mgc.compiler.verify.blame import evidence
from mgc.compiler.verify.blame.code import Code, likeness, reads, sums, transposed
from mgc.compiler.verify.blame.forward import MOST_REFUTED, Told
from mgc.compiler.verify.blame.listing import Listing, names_read, written
from mgc.compiler.verify.blame.neighbours import (
    SHORT,
    Mending,
    begun,
    operands,
    other_forms,
    overwriting,
    rewritten,
    with_operands,
    without_value,
)
from mgc.compiler.verify.blame.returned import no_derivative, other_derivative
from mgc.compiler.verify.blame.values import DRAWN, POINTS, added, can_mend, mild_points, right_values, same, values
from mgc.compiler.verify.certificate import Claim, Prover
from mgc.compiler.verify.equal.adjoints import Adjoints
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.trace.values import Stored

OPERANDS = 24  # variables of which one may be missing, or stand in the place of another
CANDIDATES = 4  # contributions that are tried for one statement
MENDING = 3_200_000  # steps that are spent on changes
Turn = tuple[tuple[str, int], ...]  # of the loops around a statement, the number that each index has
ASKED = 12  # false derivatives that points have to show


class BackwardBlame:
    """The statements of one backward half."""

    def __init__(
        self, tree: ast.Module, prover: Prover, adjoints: Adjoints, code: Code, claims: Sequence[Claim]
    ) -> None:
        self.tree = tree
        self.prover = prover
        self.adjoints = adjoints
        self.code = code
        self.claims = claims
        self.instance = prover.instance
        self.plain = Listing(tree, prover.instance.signature.name)
        self.listing = Listing(tree, str(prover.instance.signature.derivative))
        self.false = [claim for claim in claims if claim.status == "false"]
        wrong = [(claim.emitted, claim.truth) for claim in self.false[:ASKED] if claim.truth is not None]
        drawn = mild_points(prover.samples, prover.instance.symbols(), prover.instance.value, DRAWN)
        drawn.sort(key=lambda point: sum(same(values([point], a), values([point], b)) for a, b in wrong))
        self.drawn, self.points = drawn, drawn[:POINTS]
        self.flowing, self.right = right_values(self.instance, adjoints, self.points)
        self.forward = set(terms.topological(self.instance.again))
        self._suspicious: set[int] | None = None  # the lines that store something wrong, once they were looked for

    def blamed(self, is_confirmed: Callable[[Told], bool]) -> Told | None:
        """The statement that makes some of the claims false; None where none can be named."""
        if not self.points:
            return None
        told = (
            without_value(self.listing, self.instance, self.false, self.drawn)
            or no_derivative(self.listing, self.code, self.false)
            or other_derivative(self.listing, self.code, self.points, self.false)
        )
        if told is None:
            suspects = self._but_harmless(list(self._suspects()))
            self._suspicious = {stored.line for stored, _ in suspects}
            told = self._mended(suspects, is_confirmed) or next(self._guilty(suspects), None)
            told = evidence.with_numbers(told, self.prover, self.false) if told is not None else None
        return told

    def clears(self, line: int, claim: Claim) -> bool:
        """Whether a line is right where a claim is seen to be false; at special points alone that is not known."""
        if self._suspicious is None or line in self._suspicious or claim.truth is None:
            return False
        return not same(values(self.points, claim.emitted), values(self.points, claim.truth))

    def _mended(
        self, suspects: Sequence[tuple[Stored, Term | None]], is_confirmed: Callable[[Told], bool]
    ) -> Told | None:
        """The first proposal with which the text is right; of a line that reads what is doubtful, if no other is."""
        mending = Mending(self.tree, self.prover, self.claims, self.drawn)
        refuted, second, doubtful = 0, None, set[int]()
        with contextlib.suppress(clock.OutOfWork), clock.until(clock.now() + MENDING):
            for told in self._proposals(suspects):
                if refuted >= MOST_REFUTED or (second is not None and told.line not in doubtful):
                    continue
                if mending.mends(told):
                    if not is_confirmed(told):
                        refuted += 1
                    elif second is None and (doubtful := self._read_in_doubt(told)):
                        second = told
                    else:
                        reader = self._read_by(told, mending)
                        return replace(told, is_certain=True) if reader is None else Told(reader.lineno, told.what)
        return replace(second, is_certain=True) if second is not None else None

    def _read_in_doubt(self, told: Told) -> set[int]:
        """The lines of what a line to be changed reads and seems wrong under its own name: that may be the mistake."""
        old = self.listing.at(told.line)
        read = names_read(old) - {written(old)} if old is not None else set()
        doubted = [stored for stored, _ in (*self._misnamed.values(), *self._numbers)]
        return {stored.line for stored in doubted if stored.line != told.line and stored.base in read}

    def _read_by(self, told: Told, mending: Mending) -> ast.stmt | None:
        """For a part without a derivative's name, a statement that reads it, and of which a change helps as well."""
        old = self.listing.at(told.line)
        named = {stored.base for stored, of in self._every if of is not None}
        if old is None or not written(old) or written(old) in named:
            return None
        for line, (stored, of) in self._misnamed.items():
            reader = self.listing.at(line)
            reads_it = reader is not None and line != told.line and written(old) in names_read(reader)
            if reads_it and any(map(mending.mends, self._rewritten(stored, of))):
                return reader
        return None

    @cached_property
    def _misnamed(self) -> dict[int, tuple[Stored, Term]]:
        """By its line, the first that is wrong of what is called the derivative by something."""
        found: dict[int, tuple[Stored, Term]] = {}
        for stored, of in self._every:
            is_new = stored.line not in found and stored.cell in self._used
            if of is not None and is_new and not self._explained(stored, of):
                found[stored.line] = stored, of
        return found

    def _proposals(self, suspects: Sequence[tuple[Stored, Term | None]]) -> Iterator[Told]:
        """Statements with what they may have to be, the likeliest first."""
        yield from begun(self.listing, self.plain.heads)
        tried: dict[int, tuple[Stored, Term | None]] = {}
        for stored, of in suspects:
            tried.setdefault(stored.line, (stored, of))
        long: list[Told] = []
        for stored, of in tried.values():
            yield from self._of_suspect(stored)
            told = list(self._wrong(*self._clearest(stored, of))) if of is not None else []
            yield from (one for one in told if len(one.expected) <= SHORT)
            long += [one for one in told if len(one.expected) > SHORT]
            yield from self._rewritten(stored, of)
        for stored, number_of in self._numbers:
            yield from self._wrong(stored, number_of)
        for stored, of in sorted((*tried.values(), *self._misnamed.values(), *self._numbers), key=_line):
            statement = self.listing.at(stored.line)
            for text in with_operands(statement, self._nearest_operands(statement)) if statement is not None else ():
                yield Told(stored.line, self._what(stored, of), text)
        yield from other_forms(self.listing, self._backward)
        last = {stored.line: (stored, of) for stored, of in self._every if stored.cell in self._used}
        constants = {one.line: (one, None) for one in self.instance.stored if one.cell.op == "constant"}
        for line, (stored, of) in {**last, **constants}.items():
            statement = self.listing.at(line)
            if line not in tried and line in self._backward and statement is not None:
                yield from overwriting(statement, stored.name)
                yield from self._rewritten(stored, of)
        yield from long
        yield from self._missing()

    @cached_property
    def _backward(self) -> set[int]:
        """The lines that compute nothing of the value."""
        computing = {str(node.payload[0]) for node in self.forward if isinstance(node.payload, tuple)}
        bases = {name.partition("[")[0] for name in computing}
        return {one.lineno for one in self.listing.statements if written(one) not in bases}

    def _of_suspect(self, stored: Stored) -> Iterator[Told]:
        """The row that a line reads is another one; or it overwrites what was added up."""
        statement = self.listing.at(stored.line)
        for earlier in self.listing.read_by(statement) if statement is not None else ():
            yield Told(earlier.lineno, f"{written(earlier)} is not the row that its name says", self.code.row(earlier))
        if statement is not None:
            yield from overwriting(statement, stored.name)

    def _nearest_operands(self, statement: ast.stmt) -> list[str]:
        """What the statements compute with that read what one should be the derivative by, then those around it."""
        of = written(statement).removeprefix("d")
        near = sorted(
            self.listing.statements, key=lambda one: (of not in names_read(one), abs(one.lineno - statement.lineno))
        )
        return list(dict.fromkeys(ast.unparse(one) for other in near for one in operands(other)))[:OPERANDS]

    def _rewritten(self, stored: Stored, of: Term | None) -> Iterator[Told]:
        """A line with a small change."""
        statement = self.listing.at(stored.line)
        around = self.listing.around(statement)
        names = [*self.instance.sizes, *(written(one) for one in around if isinstance(one, ast.For))]
        for text in rewritten(statement, names) if statement is not None else ():
            yield Told(stored.line, self._what(stored, of), text)

    def _what(self, stored: Stored, of: Term | None) -> str:
        if of is None:
            return f"{stored.name} makes derivatives false"
        return f"{stored.name} is not the derivative with respect to {self.code.renamed(str(of))}"

    # --- what is stored

    @cached_property
    def _used(self) -> set[Term]:
        """What the false derivatives are made of."""
        return set(terms.topological([claim.emitted for claim in self.false]))

    @cached_property
    def _named(self) -> list[tuple[Stored, Term | None]]:
        """What was stored, with what it is the derivative by, if the name says it: of the same turn, or the last."""
        known: dict[str, list[tuple[Turn, Term]]] = {}
        for name, variable in self.code.differentiated().items():
            known[name] = [((), variable)]
        found: list[tuple[Stored, Term | None]] = []
        for stored in self.instance.stored:
            of_name = known.get(stored.name) or known.get(_in_its_turn(stored), [])
            read = [one for one in of_name if one[1] in self.adjoints.contributions]  # of two arms' or of what both are
            found.append((stored, _of_turn(read or of_name, stored.turn)))
            known.setdefault("d" + stored.name, []).append((stored.turn, stored.cell))
        return [(stored, of) for stored, of in found if not stored.merged]

    @cached_property
    def _numbers(self) -> list[tuple[Stored, Term]]:
        """Numbers that stand where a derivative should: what they were multiplied by may be missing."""
        constants = ((stored, of) for stored, of in self._named if stored.cell.op == "constant")
        first = {
            stored.line: (stored, of) for stored, of in constants if of is not None and stored.cell is not terms.ZERO
        }
        return [(stored, of) for stored, of in first.values() if not self._explained(stored, of)]

    @cached_property
    def _every(self) -> list[tuple[Stored, Term | None]]:
        """What the backward half stored, with what it is the derivative by, if the name says it."""
        current = {f"d{stored.name}": stored.cell for stored in self.instance.stored}
        found: list[tuple[Stored, Term | None]] = []
        for stored, of in self._named:
            if stored.cell.op == "constant":
                continue
            if of is not None or stored.cell not in self.forward:
                twin = current.get(transposed(stored.name)) if of is not None and of.op == "cell" else None
                if twin is not None and of is not None and not self._explained(stored, of):
                    of = twin if self._explained(stored, twin) else of
                found.append((stored, of))
        return found

    def _suspects(self) -> Iterator[tuple[Stored, Term | None]]:
        """What is nothing that a right text would store; then what is right, but not under that name."""
        elsewhere = []
        for stored, of in self._every:
            if stored.cell not in self._used or (of is not None and self._explained(stored, of)):
                continue
            known = self.right if of is None else self.flowing
            if not any(known.has(values(self.points, term, stored.guard)) for term in (stored.cell, added(stored))):
                yield stored, of
            elif of is not None:
                elsewhere.append((stored, of))
        yield from elsewhere

    def _but_harmless(self, suspects: list[tuple[Stored, Term | None]]) -> list[tuple[Stored, Term | None]]:
        """Without the parts of which only right things are made, as the half of what is added twice."""
        wrong = {stored.cell for stored, _ in suspects}
        parts = {stored.cell for stored, of in suspects if of is None}
        readers: dict[Term, list[Term]] = {}
        for stored in reversed(self.instance.stored):
            cell, reading = stored.cell, readers.get(stored.cell, [])
            if cell in parts and reading and wrong.isdisjoint(reading):
                wrong.discard(cell)
            elif stored.merged and not (reading and wrong.isdisjoint(reading)):
                wrong.add(cell)
            for read in reads(cell.args[0]) if cell.op == "cell" else ():
                readers.setdefault(read, []).append(cell)
        return [(stored, of) for stored, of in suspects if stored.cell in wrong]

    def _explained(self, stored: Stored, of: Term) -> bool:
        """Whether what a statement stored is the adjoint so far, or adds contributions to it."""
        now = values(self.points, stored.cell, stored.guard)
        if same(now, values(self.points, self.adjoints.of(of))):
            return True
        wanted = [values(self.points, term, stored.guard) for _, term in self.adjoints.contributions.get(of, [])]
        step = values(self.points, added(stored), stored.guard)
        return any(same(value, one) for one in sums(wanted, len(now)) for value in (step, now))

    def _guilty(self, suspects: Sequence[tuple[Stored, Term | None]]) -> Iterator[Told]:
        """The suspects with which all would be right if they stored other numbers."""
        asked = [*self.false[:ASKED], *[claim for claim in self.claims if claim.status != "false"][:ASKED]]
        pairs = [(claim.emitted, claim.truth) for claim in asked if claim.truth is not None]
        order = {stored.cell: place for place, stored in enumerate(self.instance.stored)}
        suspects = sorted(suspects, key=lambda suspect: order[suspect[0].cell])
        for line in dict.fromkeys(stored.line for stored, _ in suspects):
            stored, of = next((one, by) for one, by in suspects if one.line == line)
            cells = list(dict.fromkeys(one.cell for one, _ in suspects if one.line == line))[:ASKED]
            if all(can_mend(point, cells, pairs) for point in self.points):
                truth = self.adjoints.of(of) if of is not None else stored.cell
                yield Told(line, self._what(stored, of), "", self.prover.samples.shown(stored.cell, truth))

    # --- what should be

    def _wrong(self, stored: Stored, of: Term) -> Iterator[Told]:
        """What a suspect may have to store: the whole derivative, a contribution that nobody makes, or all of those."""
        read = reads(stored.cell.args[0] if stored.cell.op == "cell" else stored.cell)
        left = self._not_yet(of, [one for one, by in self._every if by is of and one.cell is not stored.cell])
        wanted = sorted(left, key=lambda term: likeness(term, read), reverse=True)[:CANDIDATES]
        if stored.before is None:
            wanted = [self.adjoints.of(of), *wanted]
        if len(left) > 1:
            wanted.append(sum(left[1:], left[0]))
        statement = self.listing.at(stored.line)
        for term in dict.fromkeys(wanted):
            expected = self.code.statement(stored, "=" if stored.before is None else "+=", term, statement)
            shown = self.prover.samples.shown(terms.select(stored.guard, added(stored), 0), term)
            yield Told(stored.line, self._what(stored, of), expected, shown)

    def _clearest(self, stored: Stored, of: Term) -> tuple[Stored, Term]:
        """A wrong execution of the same line in whose turn all indices differ, if there is one."""
        alike = [(one, by) for one, by in self._every if one.line == stored.line and by is not None]
        for one, by in alike:
            turns = [number for _, number in one.turn]
            if len(set(turns)) == len(turns) and not self._explained(one, by):
                return one, by
        return stored, of

    def _not_yet(self, of: Term, records: Sequence[Stored]) -> list[Term]:
        """The contributions to an adjoint that none of some statements made."""
        done = [values(self.points, added(one), one.guard) for one in records]
        contributions = [term for _, term in self.adjoints.contributions.get(of, [])]
        return [term for term in contributions if not any(same(values(self.points, term), one) for one in done)]

    def _missing(self) -> Iterator[Told]:
        """Of each adjoint that is not what its readers contribute: what is missing, added by the last statement."""
        records: dict[Term, list[Stored]] = {}
        cells = {f"d{stored.name}": stored.cell for stored in self.instance.stored}
        for stored, by in self._every:
            of = cells.get(_in_its_turn(stored)) if by is None else by
            if of is not None and stored.cell in self._used:
                records.setdefault(of, []).append(stored)
        for of, stored_ in records.items():
            last, truth = stored_[-1], self.adjoints.of(of)
            statement, lost = self.listing.at(last.line), self._not_yet(of, stored_)
            if same(values(self.points, last.cell, last.guard), values(self.points, truth)) or not lost:
                continue
            shown = self.prover.samples.shown(terms.select(last.guard, last.cell, 0), truth)
            for term in (*lost[:CANDIDATES], sum(lost[1:], lost[0])):
                if isinstance(statement, ast.Assign | ast.AugAssign):
                    more = self.code.statement(last, "+=", term, statement).partition(" += ")[2]
                    what = f"a contribution to {last.name} is missing"
                    yield Told(last.line, what, f"{ast.unparse(statement)} + {more}", shown)


def _line(pair: tuple[Stored, Term | None]) -> int:
    return pair[0].line


def _of_turn(known: Sequence[tuple[Turn, Term]], turn: Turn) -> Term | None:
    """The last value of a name that was stored in the same turn of the loops that both have, or the last of all."""
    here = dict(turn)
    for there, cell in reversed(known):
        if all(here.get(index, number) == number for index, number in there):
            return cell
    return known[-1][1] if known else None


def _in_its_turn(stored: Stored) -> str:
    """`dz[2]` for a number `dz` of the turn in which `i` is 2, in case it is the derivative by an entry."""
    return stored.base + "".join(f"[{number}]" for _, number in stored.turn) if stored.name == stored.base else ""
