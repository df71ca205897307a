"""Which statement of the text is to blame for a false derivative, and what it should be.

Every value that a `d<name>` gets is compared with the adjoint of <name>: each addition to it has to be the contribution
of one reader (or of several at once). The first that is none of them is wrong; where all are right, one is missing.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Sequence
from functools import cached_property

from mpmath import mp  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.module import Module
from mgc.compiler.proof.algebra import conditions, terms
from mgc.compiler.proof.algebra.terms import Term
from mgc.compiler.proof.certificate import Claim, Prover
from mgc.compiler.proof.machine.values import Stored
from mgc.compiler.proof.numeric import NoValue
from mgc.compiler.proof.report import Falsehood

Values = tuple[float | None, ...]
POINTS = 4
MOST = 6  # false derivatives that are told one by one
SUBSETS = 6  # contributions of which any sum may be one statement


class Blame:
    """Finds statements of one text to blame."""

    def __init__(self, text: str, module: Module | None, prover: Prover) -> None:
        self.lines = text.splitlines()
        self.module = module
        self.prover = prover
        self.aliases = _aliases(text)

    def of(self, claims: Sequence[Claim]) -> list[Falsehood]:
        """A falsehood for each statement to blame, or for each derivative where no statement can be named."""
        found = self._statement(claims)
        if found is not None:
            return [found]
        return [self._derivative(claim) for claim in claims[:MOST]]

    def _derivative(self, claim: Claim) -> Falsehood:
        line = claim.emitted.payload[1] if claim.emitted.op == "cell" else self.prover.instance.signature.line  # type: ignore[index]
        shown = self.prover.samples.shown(claim.emitted, claim.truth) if claim.truth is not None else ("", "", "")
        what = f"the derivative by {claim.variable} is wrong"
        if claim.boundary:
            what = f"the derivative by {claim.variable} is on a kink neither that of one side nor their mean"
            edge = next(one for one in claim.boundary if not one.accepted)
            what += f" ({conditions.spelled(self.prover.space, edge.condition)} = 0): {edge.how}"
        expected = "" if claim.truth is None else self._renamed(terms.spelled(claim.truth, 160))
        return self._falsehood(what, int(str(line)), expected, shown)

    def _falsehood(self, what: str, line: int, expected: str, shown: tuple[str, str, str]) -> Falsehood:
        signature = self.prover.instance.signature
        statement = self.lines[line - 1].strip() if 0 < line <= len(self.lines) else ""
        return Falsehood(
            signature.derivative or signature.name, what, line, self._source_line(line), statement, expected, *shown
        )

    def _source_line(self, line: int) -> int | None:
        """The model's line that an emitted line comes from: what the compiler says, or the nearest comment does."""
        if self.module is not None and line <= len(self.module.origins):
            span = self.module.origins[line - 1]
            if span is not None:
                return span.line
        for text in reversed(self.lines[:line]):
            said = re.search(r"# line (\d+)", text)
            if said:
                return int(said[1])
            if text.startswith("def "):
                break
        return None

    # --- the statement

    def _statement(self, claims: Sequence[Claim]) -> Falsehood | None:
        """The first statement, in the order of execution, that stores something false under the name of an adjoint."""
        if self.prover.adjoints is None or not self.prover.samples.first(1):
            return None
        used = set(terms.topological([claim.emitted for claim in claims]))
        current: dict[str, Term] = self._differentiated()
        written: dict[Term, list[Stored]] = {}
        for stored in self.prover.instance.stored:
            of = current.get(stored.name)
            current["d" + stored.name] = stored.cell
            if of is None or stored.merged or stored.cell not in used:
                continue
            if not self._is_known(stored) and not self._explained(stored, of):
                return self._wrong(stored, of, written.get(of, []))
            written.setdefault(of, []).append(stored)
        return self._missing(written)

    @cached_property
    def _true(self) -> list[set[float]]:
        """At each point the values of all adjoints, and of all contributions to them."""
        assert self.prover.adjoints is not None
        found = []
        for place in range(len(self.prover.samples.first(POINTS))):
            values: set[float] = set()
            for of, parts in self.prover.adjoints.contributions.items():
                for term in (self.prover.adjoints.of(of), *(term for _, term in parts)):
                    value = self._values(term)[place]
                    if value is not None:
                        values |= _digits(value)
            found.append(values)
        return found

    def _is_known(self, stored: Stored) -> bool:
        """Whether what a statement stored or added is, wherever it ran, some adjoint or contribution to one."""
        for term in (stored.cell, _added(stored)):
            values = self._values(term, stored.guard)
            pairs = zip(values, self._true, strict=True)
            if all(value == 0 or (value is not None and _digits(value) & known) for value, known in pairs):
                return True
        return False

    def _differentiated(self) -> dict[str, Term]:
        """What the derivatives that are returned are derivatives by, under their names in the text."""
        found: dict[str, Term] = {}
        for pairs in self.prover.instance.gradients.values():
            for variable, _ in pairs:
                base, bracket, rest = str(variable.payload).partition("[")
                found[f"d{self.aliases.get(base, base)}{bracket}{rest}"] = variable
        return found

    def _values(self, term: Term, guard: Term = terms.ONE) -> Values:
        values: list[float | None] = []
        for point in self.prover.samples.first(POINTS):
            try:
                value = point.value(term) if bool(point.value(guard)) else mp.mpf(0)
                values.append(float(mp.nstr(value, 14)))
            except NoValue:
                values.append(None)
        return tuple(values)

    def _explained(self, stored: Stored, of: Term) -> bool:
        """Whether what a statement stored is the adjoint so far, or adds contributions to it."""
        assert self.prover.adjoints is not None
        now = self._values(stored.cell, stored.guard)
        if _same(now, self._values(self.prover.adjoints.of(of))):
            return True
        wanted = [self._values(term, stored.guard) for _, term in self.prover.adjoints.contributions.get(of, [])]
        added = self._values(_added(stored), stored.guard)
        return any(_same(value, one) for one in _sums(wanted, len(now)) for value in (added, now))

    def _wrong(self, stored: Stored, of: Term, earlier: Sequence[Stored]) -> Falsehood:
        added = terms.select(stored.guard, _added(stored), 0)
        read = _reads(stored.cell.args[0] if stored.cell.op == "cell" else stored.cell)
        wanted = max(self._not_yet(of, earlier), key=lambda term: _likeness(term, read), default=terms.ZERO)
        if stored.before is None and self.prover.adjoints is not None:
            wanted = max((self.prover.adjoints.of(of), wanted), key=lambda term: _likeness(term, read))
        sign = "=" if stored.before is None else "+="
        expected = f"{stored.name} {sign} {self._spelled(wanted)}"
        what = f"{stored.name} is not the derivative with respect to {self._renamed(terms.spelled(of))}"
        return self._falsehood(what, stored.line, expected, self.prover.samples.shown(added, wanted))

    def _not_yet(self, of: Term, records: Sequence[Stored]) -> list[Term]:
        """The contributions to an adjoint that none of some statements made."""
        assert self.prover.adjoints is not None
        done = [self._values(_added(one), one.guard) for one in records]
        contributions = [term for _, term in self.prover.adjoints.contributions.get(of, [])]
        return [term for term in contributions if not any(_same(self._values(term), one) for one in done)]

    def _missing(self, written: dict[Term, list[Stored]]) -> Falsehood | None:
        """The first adjoint to which not all readers contributed."""
        assert self.prover.adjoints is not None
        for of, records in written.items():
            last = records[-1]
            truth = self.prover.adjoints.of(of)
            if _same(self._values(last.cell, last.guard), self._values(truth)):
                continue
            for term in self._not_yet(of, records):
                what = f"a contribution to {last.name} is missing"
                shown = self.prover.samples.shown(terms.select(last.guard, last.cell, 0), truth)
                return self._falsehood(what, last.line, f"{last.name} += {self._spelled(term)}", shown)
        return None

    def _spelled(self, term: Term) -> str:
        """A contribution as code: adjoints by the names that the text has for them."""
        if term.op == "mul":
            adjoint = self._values(term.args[0])
            for stored in self.prover.instance.stored:
                if stored.base.startswith("d") and _same(self._values(stored.cell, stored.guard), adjoint):
                    factor = terms.spelled(term.args[1], 200)
                    bracket = term.args[1].op in ("add", "sub", "select")
                    return self._renamed(f"{stored.name} * {f'({factor})' if bracket else factor}")
        return self._renamed(terms.spelled(term, 200))

    def _renamed(self, text: str) -> str:
        for dotted, local in self.aliases.items():
            text = text.replace(dotted, local)
        return text


def _added(stored: Stored) -> Term:
    """What a statement added to what stood there before."""
    return stored.cell if stored.before is None else stored.cell - stored.before


def _likeness(term: Term, read: set[Term]) -> tuple[int, int]:
    """How alike a contribution and a statement are: what both read, and what only one of them does."""
    own = _reads(term.args[1] if term.op == "mul" else term)
    return len(own & read), -len(own - read)


def _digits(value: float) -> set[float]:
    """A number to eleven digits, rounded both ways, so that neighbours share one."""
    return {float(f"{value * (1 + slip):.11g}") for slip in (-2e-12, 2e-12)}


def _reads(term: Term) -> set[Term]:
    return {
        node
        for node in terms.topological([term], lambda t: () if t.op == "cell" else t.args)
        if node.op in ("cell", "symbol")
    }


def _same(a: Values, b: Values) -> bool:
    return all(
        x == y or (x is not None and y is not None and abs(x - y) <= 1e-12 * max(abs(x), abs(y)))
        for x, y in zip(a, b, strict=True)
    )


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


def _aliases(text: str) -> dict[str, str]:
    """The short names that the text gives to parameters: `W1 = params["score.linear1.W"]`."""
    found = {}
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Assign(targets=[ast.Name(id=local)], value=ast.Subscript(value=ast.Name(id="params"), slice=key)):
                if isinstance(key, ast.Constant):
                    found[str(key.value)] = local
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))
