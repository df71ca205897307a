"""What is false of a text -> falsehoods, each with the statement to blame and what it should be."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Sequence
from dataclasses import replace

from mgc.compiler.module import Module
from mgc.compiler.proof import clock
from mgc.compiler.proof.algebra import conditions, terms
from mgc.compiler.proof.certificate import Claim, Prover
from mgc.compiler.proof.report import Falsehood, Status
from mgc.compiler.proof.telling.backward_blame import BackwardBlame
from mgc.compiler.proof.telling.contribution_code import Code
from mgc.compiler.proof.telling.forward_blame import ForwardBlame, Told
from mgc.compiler.proof.telling.listing import Listing, head, source_line

SECONDS = 5.0  # after which no statement is looked for
MOST = 6  # false derivatives that are told one by one


class Blame:
    """Finds statements of one text to blame."""

    def __init__(self, text: str, tree: ast.Module, module: Module | None, prover: Prover) -> None:
        self.lines = text.splitlines()
        self.tree = tree
        self.module = module
        self.prover = prover
        self.code = Code(tree, prover)
        self.listing = Listing(tree, str(prover.instance.signature.derivative))

    def falsehoods(
        self, claims: Sequence[Claim], consistent: Status, of_cpython: Sequence[Falsehood]
    ) -> list[Falsehood]:
        """Each mistake once: what only follows from another is not told.

        `consistent`: whether the forward half is the function; `of_cpython`: what was noticed when CPython ran it.
        """
        try:
            with clock.until(time.monotonic() + SECONDS):
                return self._all(claims, consistent, of_cpython)
        except clock.OutOfTime:
            return [self._derivative(claim) for claim in claims if claim.status == "false"][:MOST] or list(of_cpython)

    def _all(self, claims: Sequence[Claim], consistent: Status, of_cpython: Sequence[Falsehood]) -> list[Falsehood]:
        instance = self.prover.instance
        false = [claim for claim in claims if claim.status == "false"]
        if instance.misshapen and not instance.again:
            return self._failed(of_cpython)
        if consistent == "false":
            return [self._falsehood(self._forward())]
        if false:
            return self._backward(claims, false)
        return [self._falsehood(Told(self._line_of(said), said)) for said in instance.misshapen] or list(of_cpython)

    def _line_of(self, said: str) -> int:
        """The line that a message names, or the branch that it stands in; else that of the `return`."""
        named = re.search(r"\bline (\d+)", said)
        if named is None:
            return self._last_line
        around = self.listing.around(self.listing.at(int(named[1])))
        return next((one.lineno for one in reversed(around) if isinstance(one, ast.If)), int(named[1]))

    @property
    def _last_line(self) -> int:
        """That of the derivatives' `return`."""
        returned = self.listing.returned
        return returned.lineno if returned is not None else self.listing.function.lineno

    def _failed(self, of_cpython: Sequence[Falsehood]) -> list[Falsehood]:
        """The derivative's function raises: a statement of it that is not the function's, or where it raised."""
        instance = self.prover.instance
        line = (of_cpython[0].line if of_cpython else None) or instance.last_line
        told = ForwardBlame(self.tree, instance, self.prover.samples).blamed_before_failing(line)
        said = of_cpython[0].what if of_cpython else instance.misshapen[0]
        return [self._falsehood(replace(told, what=f"{told.what}: {said}") if told else Told(line, said))]

    def _forward(self) -> Told:
        """The statement for which the forward half is not the function, or its end where none can be named."""
        instance = self.prover.instance
        if len(instance.again) != len(instance.value):
            return Told(self._last_line, f"{len(instance.again)} values, and {len(instance.value)} of the function")
        told = ForwardBlame(self.tree, instance, self.prover.samples).blamed()
        what = f"the value that it returns is not that of {instance.signature.name}"
        return told or Told(self._last_line, what)

    def _backward(self, claims: Sequence[Claim], false: Sequence[Claim]) -> list[Falsehood]:
        """The statement for which some of the claims are false, or each of those where no statement can be named."""
        told = None
        if self.prover.adjoints is not None and not all(claim.boundary for claim in false):
            told = BackwardBlame(self.tree, self.prover, self.prover.adjoints, self.code).blamed(claims, false)
        return [self._falsehood(told)] if told else [self._derivative(claim) for claim in false[:MOST]]

    def _derivative(self, claim: Claim) -> Falsehood:
        line = claim.emitted.payload[1] if claim.emitted.op == "cell" else self.prover.instance.signature.line  # type: ignore[index]
        shown = self.prover.samples.shown(claim.emitted, claim.truth) if claim.truth is not None else ("", "", "")
        what = f"the derivative by {claim.variable} is wrong"
        if claim.boundary:
            what = f"the derivative by {claim.variable} is on a kink neither that of one side nor their mean"
            edge = next(one for one in claim.boundary if not one.accepted)
            what += f" ({conditions.spelled(self.prover.space, edge.condition)} = 0): {edge.how}"
        expected = "" if claim.truth is None else self.code.renamed(terms.spelled(claim.truth, 160))
        return self._falsehood(Told(int(str(line)), what, expected, shown))

    def _falsehood(self, told: Told) -> Falsehood:
        signature = self.prover.instance.signature
        statement = self.listing.at(told.line)
        simple = isinstance(statement, ast.Assign | ast.AugAssign | ast.Return)
        last = (statement.end_lineno or told.line) if statement is not None and simple else told.line
        shown = [line.strip() for line in self.lines[told.line - 1 : last]]
        text = shown[0] if len(shown) == 1 or statement is None else head(statement)
        line = source_line(self.lines, self.module, told.line, last)
        name = signature.derivative or signature.name
        return Falsehood(name, told.what, told.line, line, text, told.expected, *told.shown)
