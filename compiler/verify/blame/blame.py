"""What is false of a text -> a falsehood with the statement to blame and what it should be, or the lines around it."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property

from mgc.compiler.module import Module
from mgc.compiler.verify import clock
from mgc.compiler.verify.blame.edits import head
from mgc.compiler.verify.blame.evidence import ASKED, NOTHING, Shown, showing, shown
from mgc.compiler.verify.blame.known import POINTS, known_numbers, mild_points
from mgc.compiler.verify.blame.listing import Listing, aliases, ranged, source_line
from mgc.compiler.verify.blame.search import Edit, Search
from mgc.compiler.verify.blame.trial import Trial, Truth
from mgc.compiler.verify.called.named import SLACK
from mgc.compiler.verify.certificate import ON_A_KINK, Claim, Prover
from mgc.compiler.verify.equal.adjoints import Adjoints
from mgc.compiler.verify.findings import Falsehood
from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term

STEPS = 4_000_000  # after which no statement is looked for, or no point


class Blame:
    """Finds the statement of one text to blame; where it is not `looking`, it only says what is false.

    `is_right`: whether nothing is found false of a text with one statement changed.
    """

    def __init__(
        self,
        text: str,
        tree: ast.Module,
        module: Module | None,
        prover: Prover,
        primitives: Collection[str],
        is_right: Callable[[ast.Module], bool],
        looking: bool = True,
    ) -> None:
        self.lines = text.splitlines()
        self.tree = tree
        self.module = module
        self.prover = prover
        self.instance = prover.instance
        self.primitives = primitives
        self.is_right = is_right
        self.looking = looking

    @cached_property
    def listing(self) -> Listing:
        return Listing(self.tree, str(self.instance.signature.derivative))

    # --- what is false

    def of_value(self) -> list[Falsehood]:
        """The forward half is not the function; where it did not come to its end `of_failure` finds out more."""
        again, value = self.instance.again, self.instance.value
        if not again:
            return [] if self.looking else self.of_failure(())
        if len(again) != len(value):
            return [self._at(self._last_line, f"{len(again)} values, and {len(value)} of the function")]
        what = f"the value that it returns is not that of {self.instance.signature.name}"
        pairs = list(zip(again, value, strict=True))
        return [self._falsehood(what, self._shown(pairs), pairs, None, None, self._giving_value())]

    def of_derivatives(self, claims: Sequence[Claim]) -> list[Falsehood]:
        """Some claims are false, or the derivatives are not those that are promised."""
        false = [claim for claim in claims if claim.status == "false"]
        if not false and self.instance.misshapen:
            return self.of_failure(())
        if not false:
            return []
        first = false[0]
        what = f"the derivative by {first.variable} is wrong"
        if first.method.startswith(ON_A_KINK):
            what = f"the derivative by {first.variable} is on a kink neither that of one side nor their mean"
            what += first.method.removeprefix(ON_A_KINK)
        pairs = [(claim.emitted, claim.truth) for claim in false if claim.truth is not None]
        by = {claim.variable: claim for claim in claims}

        def truth(point: Evaluation, variable: Term) -> float | None:
            """What is not false is right as it is, on kinks as well."""
            claim = by.get(variable)
            wanted = None if claim is None else claim.truth if claim.status == "false" else claim.emitted
            number = None if wanted is None else point.get(terms.bare(wanted))
            return None if number is None else float(number)

        return [self._falsehood(what, self._shown(pairs), pairs, self.prover.adjoints, truth, self._storing(first))]

    def of_failure(self, of_cpython: Sequence[Falsehood]) -> list[Falsehood]:
        """The derivative's function raises, or what it returns has not the shape that is promised."""
        (what, *_), line, numbers = self.instance.misshapen or [""], self._last_line, NOTHING
        named = re.search(r"\bline (\d+)", what)
        if of_cpython:
            what, line, numbers = of_cpython[0].what, of_cpython[0].line or line, (of_cpython[0].where, "", "")
        elif named is not None:
            line = int(named[1])
        elif not self.instance.again:
            line = self.instance.last_line
        adjoints = None
        if self.looking and self.instance.seeds:
            with contextlib.suppress(ZeroDivisionError, derivatives.Untranslated):
                pairs = list(zip(self.instance.value, self.instance.seeds, strict=True))
                adjoints = Adjoints(pairs, set(self.instance.symbols()))

        def truth(point: Evaluation, variable: Term) -> float | None:
            number = point.get(terms.bare(adjoints.of(variable))) if adjoints is not None else None
            return None if number is None else float(number)

        return [self._falsehood(what, numbers, [], adjoints, truth, [line])]

    # --- where it is seen

    @property
    def _last_line(self) -> int:
        """That of the derivatives' `return`."""
        returned = self.listing.returned
        return returned.lineno if returned is not None else self.listing.function.lineno

    @cached_property
    def _of_function(self) -> set[str]:
        """How what the function does reads."""
        stored = {head(one) for one in self.listing.writing(self.listing.result)}
        return Listing(self.tree, self.instance.signature.name).heads | stored

    def _giving_value(self) -> list[int]:
        """Where the value is stored that is returned."""
        return [*(one.lineno for one in self.listing.writing(self.listing.result)), self._last_line]

    @cached_property
    def _names(self) -> dict[Term, str]:
        """What the text calls the variables, without the indices."""
        local = aliases(self.tree)
        bases = {one: str(one.payload).partition("[")[0] for one in self.instance.symbols()}
        return {one: local.get(base, base) for one, base in bases.items()}

    def _storing(self, claim: Claim) -> list[int]:
        """Where a derivative is stored, and returned."""
        line = int(str(claim.emitted.payload[1])) if claim.emitted.op == "cell" else 0  # type: ignore[index]
        storing = [one.lineno for one in self.listing.writing(f"d{self._names.get(claim.variable)}")]
        return [one for one in (line, *storing, self._last_line) if self.listing.at(one) is not None]

    # --- which statement it is

    def _falsehood(
        self,
        what: str,
        numbers: Shown,
        pairs: Sequence[tuple[Term, Term]],
        adjoints: Adjoints | None,
        truth: Truth | None,
        seen: Sequence[int],
    ) -> Falsehood:
        """`pairs`: what is returned and what should be; `seen`: lines on which it is wrong in any case."""
        search = None
        if self.looking:
            with contextlib.suppress(clock.OutOfWork, RecursionError), clock.until(clock.now() + STEPS):
                search = self._search(pairs, adjoints, truth, seen)
                edit = search.found()
                if edit is not None:
                    return self._at(edit.line, what, numbers, edit)
                if search.trial.unset:
                    what, numbers = f"{search.trial.unset} has no value on some path", (numbers[0], "", "")
        if search is not None and search.tied:
            span = self.listing.span(search.tied)
        else:
            is_forward_right = adjoints is not None and pairs
            span = self.listing.leading_to(seen, self._of_function if is_forward_right else ())
        return self._among(span, what, numbers)

    def _search(
        self,
        pairs: Sequence[tuple[Term, Term]],
        adjoints: Adjoints | None,
        truth: Truth | None,
        lines: Sequence[int],
    ) -> Search:
        """Errors: clock.OutOfWork."""
        instance, samples = self.instance, self.prover.samples
        showing_ = showing(self.prover, pairs)
        mild = mild_points(samples, instance)
        telling = [point for point in mild if any(_differ(point, *pair) for pair in pairs[:ASKED])]
        trial = Trial(self.tree, instance, self.primitives)
        trial.at([*telling[:1], *showing_, *mild], truth)
        asked = [*telling, *([] if telling else showing_), *mild][:POINTS]
        known = known_numbers(instance, adjoints, self._names, asked)
        return Search(self.tree, instance, trial, [emitted for emitted, _ in pairs], known, lines, self.is_right)

    # --- how it is said

    def _shown(self, pairs: Iterable[tuple[Term, Term]]) -> Shown:
        """A point at which one of the false results is seen to be that, and the two numbers."""
        numbers = NOTHING
        with clock.as_far_as(clock.now() + STEPS):
            for pair in list(pairs)[:ASKED] if self.looking else ():
                numbers = numbers if any(numbers) else shown(self.prover, *pair)
        return numbers

    def _at(self, line: int, what: str, numbers: Shown = NOTHING, edit: Edit | None = None) -> Falsehood:
        """A statement, and what it should be; or what should stand beside it, and it is not shown."""
        statement = self.listing.at(line)
        last = line
        if statement is not None and isinstance(statement, ast.Assign | ast.AugAssign | ast.Return):
            last = statement.end_lineno or line
        text = "\n".join(one.rstrip() for one in self.lines[line - 1 : last]).strip()
        expected = edit.text if edit is not None else ""
        if expected == "pass":
            what, expected = f"{what}: this should not be here", ""
        if "\n" in expected:
            what, text = f"{what}: a statement is missing here", ""
        return self._said(what, line, self._source_line(statement, line, last), text, expected, numbers)

    def _among(self, span: tuple[int, int], what: str, numbers: Shown = NOTHING) -> Falsehood:
        """Lines of which one is wrong."""
        found = self._said(what, span[0], source_line(self.lines, self.module, *span), "", "", numbers)
        return ranged(found, self.lines, *span)

    def _said(
        self, what: str, line: int, source: int | None, statement: str, expected: str, numbers: Shown
    ) -> Falsehood:
        signature = self.instance.signature
        return Falsehood(signature.derivative or signature.name, what, line, source, statement, expected, *numbers)

    def _source_line(self, statement: ast.stmt | None, line: int, last: int) -> int | None:
        """For the derivative's `return`, that of the statement that stores the value."""
        stored = self.listing.writing(self.listing.result)
        if isinstance(statement, ast.Return) and stored:
            line, last = stored[-1].lineno, stored[-1].end_lineno or stored[-1].lineno
        return source_line(self.lines, self.module, line, last)


def _differ(point: Evaluation, emitted: Term, truth: Term) -> bool:
    a, b = point.get(terms.bare(emitted)), point.get(terms.bare(truth))
    return a is not None and b is not None and abs(a - b) > SLACK * max(abs(a), abs(b))
