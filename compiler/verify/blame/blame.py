"""What is false of a text -> falsehoods, each with the statement to blame and what it should be."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Callable, Sequence
from functools import cached_property

from msgspec.structs import replace

from mgc.compiler.module import Module
from mgc.compiler.verify import clock
from mgc.compiler.verify.blame import evidence
from mgc.compiler.verify.blame.backward import BackwardBlame
from mgc.compiler.verify.blame.code import Code
from mgc.compiler.verify.blame.edits import Edits
from mgc.compiler.verify.blame.forward import ForwardBlame, Told
from mgc.compiler.verify.blame.listing import Listing, head, last_line, source_line
from mgc.compiler.verify.certificate import ON_A_KINK, Claim, Prover
from mgc.compiler.verify.findings import NOISE, Falsehood
from mgc.compiler.verify.text.reading import Signature

STEPS = 4_000_000  # after which no statement is looked for
MOST = 6  # false derivatives that are told one by one

Clears = Callable[[int, Claim], bool]


class Blame:
    """Finds statements of one text to blame; none where it is not `looking`, and then says only what is false.

    `is_right`: whether nothing is found false of a text with one statement changed.
    """

    def __init__(
        self,
        text: str,
        tree: ast.Module,
        module: Module | None,
        prover: Prover,
        is_right: Callable[[ast.Module], bool],
        looking: bool = True,
    ) -> None:
        self.lines = text.splitlines()
        self.tree = tree
        self.module = module
        self.prover = prover
        self.is_right = is_right
        self.looking = looking

    @cached_property
    def code(self) -> Code:
        return Code(self.tree, self.prover)

    @cached_property
    def listing(self) -> Listing:
        return Listing(self.tree, str(self.prover.instance.signature.derivative))

    def of_value(self) -> list[Falsehood]:
        """The forward half is not the function; where it did not come to its end `of_failure` finds out more."""
        if not self.prover.instance.again:
            return [] if self.looking else self.of_failure(())
        if self.looking:
            with contextlib.suppress(clock.OutOfWork), clock.until(clock.now() + STEPS):
                return [self._falsehood(self._forward())]
        return [self._falsehood(self._not_the_function)]

    def of_derivatives(self, claims: Sequence[Claim]) -> list[Falsehood]:
        """Some claims are false, or the derivatives are not those that are promised."""
        false = [claim for claim in claims if claim.status == "false"]
        if not false:
            return [self._misshapen(said) for said in self.prover.instance.misshapen]
        if self.looking:
            with contextlib.suppress(clock.OutOfWork), clock.until(clock.now() + STEPS):
                return self._backward(claims, false)
        return self._derivatives(false, lambda line, claim: self.looking)

    def of_failure(self, of_cpython: Sequence[Falsehood]) -> list[Falsehood]:
        """The derivative's function raises: a statement of it that is not the function's, or where it raised."""
        instance = self.prover.instance
        line = (of_cpython[0].line if of_cpython else None) or instance.last_line
        told = None
        if self.looking:
            told = ForwardBlame(self.tree, instance, self.prover.samples).blamed(self._is_confirmed)
        said = of_cpython[0].what if of_cpython else ", ".join(instance.misshapen[:1])
        return [self._falsehood(replace(told, what=f"{told.what}: {said}") if told else Told(line, said))]

    def _misshapen(self, said: str) -> Falsehood:
        """At the line that a message names, or the branch that it stands in; else the `return` is at fault."""
        named = re.search(r"\bline (\d+)", said)
        if named is None:
            return self._falsehood(Told(self._last_line, said, is_certain=True))
        around = self.listing.around(self.listing.at(int(named[1])))
        line = next((one.lineno for one in reversed(around) if isinstance(one, ast.If)), int(named[1]))
        return self._falsehood(Told(line, said))

    @property
    def _last_line(self) -> int:
        """That of the derivatives' `return`."""
        returned = self.listing.returned
        return returned.lineno if returned is not None else self.listing.function.lineno

    def _forward(self) -> Told:
        """The statement for which the forward half is not the function, or its end where none can be named."""
        instance = self.prover.instance
        if len(instance.again) != len(instance.value):
            what = f"{len(instance.again)} values, and {len(instance.value)} of the function"
            return Told(self._last_line, what, is_certain=True)
        told = ForwardBlame(self.tree, instance, self.prover.samples).blamed(self._is_confirmed)
        return told if told is not None else self._not_the_function

    def _is_confirmed(self, told: Told) -> bool:
        """Whether all would be right with what is suggested."""
        changed = Edits(self.tree, self.prover.instance).changed(told.line, told.expected)
        return changed is not None and self.is_right(changed)

    @property
    def _not_the_function(self) -> Told:
        name = self.prover.instance.signature.name
        return Told(self._last_line, f"the value that it returns is not that of {name}")

    def _backward(self, claims: Sequence[Claim], false: Sequence[Claim]) -> list[Falsehood]:
        """The statement for which some of the claims are false, or each of those where no statement can be named."""
        if self.prover.adjoints is None:
            return self._derivatives(false)
        blame = BackwardBlame(self.tree, self.prover, self.prover.adjoints, self.code, claims)
        told = blame.blamed(self._is_confirmed)
        return [self._falsehood(told)] if told else self._derivatives(false, blame.clears)

    def _derivatives(self, false: Sequence[Claim], clears: Clears = lambda line, claim: False) -> list[Falsehood]:
        """Those that are wrong, one entry of each array; `clears`: whether a line is not to be accused of a claim."""
        first: dict[str, Claim] = {}
        for claim in false:
            first.setdefault(claim.name.partition("[")[0], claim)
        return [self._derivative(claim, clears) for claim in list(first.values())[:MOST]]

    def _derivative(self, claim: Claim, clears: Clears) -> Falsehood:
        line = int(str(claim.emitted.payload[1])) if claim.emitted.op == "cell" else 0  # type: ignore[index]
        if not line or isinstance(self.listing.at(line), ast.If):
            line = self._line_of_adjoint(claim)
        if clears(line, claim):
            line = self._line_of_constant(claim) or self._last_line
        shown = evidence.shown(self.prover, claim.emitted, claim.truth)
        what = f"the derivative by {claim.variable} is wrong"
        if claim.method.startswith(ON_A_KINK):
            what = f"the derivative by {claim.variable} is on a kink neither that of one side nor their mean"
            what += claim.method.removeprefix(ON_A_KINK)
        return self._falsehood(Told(line, what, shown=shown), self._line_of_adjoint(claim))

    def _line_of_constant(self, claim: Claim) -> int | None:
        """Where a derivative that was something else is overwritten with the number that it is in the end."""
        name = next(name for name, variable in self.code.differentiated().items() if variable is claim.variable)
        stored = [one for one in self.prover.instance.stored if one.name == name and not one.merged]
        last = stored[-1] if stored else None
        is_overwritten = any(one.cell.op == "cell" for one in stored)
        return last.line if last and last.cell is claim.emitted and is_overwritten else None

    def _line_of_adjoint(self, claim: Claim) -> int:
        """Where the text writes the derivative by a variable last."""
        name = next(name for name, variable in self.code.differentiated().items() if variable is claim.variable)
        found = self.listing.writing(name.partition("[")[0])
        return found[-1].lineno if found else self._last_line

    def _of_source(self, statement: ast.stmt | None) -> tuple[int, int] | None:
        """For the derivative's `return`, the lines of the statement that stores the value: the model's line is that."""
        match statement:
            case ast.Return(value=ast.Tuple(elts=[ast.Name(id=name), *_])) if self.listing.writing(name):
                last = self.listing.writing(name)[-1]
                return last.lineno, last.end_lineno or last.lineno
        return None

    def _falsehood(self, told: Told, seen: int | None = None) -> Falsehood:
        """`seen`: the line that has what is wrong, where another one is told."""
        signature = self.prover.instance.signature
        statement = self.listing.at(told.line)
        simple = isinstance(statement, ast.Assign | ast.AugAssign | ast.Return)
        last = (statement.end_lineno or told.line) if statement is not None and simple else told.line
        shown = [line.strip() for line in self.lines[told.line - 1 : last]]
        text = shown[0] if len(shown) == 1 or statement is None else head(statement)
        begin, end = self._of_source(statement) or (told.line, last)
        line = source_line(self.lines, self.module, begin, end)
        name = signature.derivative or signature.name
        found = Falsehood(name, told.what, told.line, line, text, told.expected, *_shown(told))
        return found if told.is_certain or not self.looking else within(self.tree, signature, found, seen)


def within(tree: ast.Module, signature: Signature, found: Falsehood, seen: int | None = None) -> Falsehood:
    """With the lines that the mistake may be in: those that lead to the one on which it is seen."""
    listing = Listing(tree, signature.derivative or signature.name)
    plain = Listing(tree, signature.name).heads if signature.derivative is not None else ()
    line = found.line if seen is None else seen
    statement = listing.at(line) if line is not None else None
    if statement is None:
        return found
    lines = [one.lineno for one in _giving_value(listing)] if statement is listing.returned else [statement.lineno]
    first, last = listing.leading_to(lines, plain)
    told = listing.at(found.line) if found.line is not None else None
    is_there = told is not None and told.lineno <= first and last <= last_line(told)
    return found if is_there else replace(found, within=(first, last))


def _giving_value(listing: Listing) -> Sequence[ast.stmt]:
    """The statements that store the value that is returned, or the `return`, where that tells no name."""
    match listing.returned:
        case ast.Return(value=ast.Tuple(elts=[ast.Name(id=name), *_])) if listing.writing(name):
            return listing.writing(name)
    return [listing.returned] if listing.returned is not None else []


def _shown(told: Told) -> tuple[str, str, str]:
    """A point and two numbers; none where the two are the same, and 0 where only the last of the digits is not."""
    place, found, wanted = told.shown
    found, wanted = _without_noise(found), _without_noise(wanted)
    return (place, found, wanted) if found != wanted else ("", "", "")


def _without_noise(number: str) -> str:
    try:
        return "0.0" if number and abs(float(number)) < NOISE else number
    except ValueError:
        return number
