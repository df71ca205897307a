"""Derivatives of a function that says `detach`: those of its source with what is detached held constant.

The emitted text does not show what is detached, so the truth is of the syntax tree: what is detached is there a symbol
of its own, no derivative is by it, and in the derivatives it is its value again.

>>> from mgc.grammar.parser import parse
>>> file = parse("def f(x): return detach(sin(x))*x", "f.mg")
>>> x = terms.symbol("x")
>>> str(truths((file, "f", {"x": x}), [terms.ONE], [x])[0])
'sin(x)'
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from mgc.compiler.verify.blame.evidence import shown
from mgc.compiler.verify.certificate import ON_A_KINK, Claim, Prover
from mgc.compiler.verify.equal.adjoints import CHOICES, Adjoints
from mgc.compiler.verify.findings import Falsehood
from mgc.compiler.verify.reference.arrays import Misfit, Scalar
from mgc.compiler.verify.reference.reference import meaning
from mgc.compiler.verify.reference.scalars import TERMS
from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.subject import Subject
from mgc.compiler.verify.trace.values import flat

METHOD = "sympy.diff of the source, what is detached held constant"
UNFORMED = (Misfit, ZeroDivisionError, RecursionError, terms.Undecided, derivatives.Untranslated)


def claims(subject: Subject, prover: Prover) -> list[Claim]:
    """One for each variable that the derivative's function returns something for."""
    instance = prover.instance
    pairs = [(name, *pair) for name, of_name in instance.gradients.items() for pair in of_name]
    variables = instance.variables()
    try:
        found = truths(
            subject.in_source(instance.signature, instance.inputs, instance.sizes), instance.seeds, variables
        )
    except UNFORMED as error:
        said = f"its source has no derivative that could be formed: {error}"
        return [Claim(of, variable, "not checked", said, emitted, None) for of, variable, emitted in pairs]
    by_variable = dict(zip(variables, found, strict=True))
    whole = [(*pair, by_variable[pair[1]]) for pair in pairs]
    formed = prover.one_by_one(range(len(whole)), lambda place: _claim(prover, *whole[place]))
    formed = {place: formed.get(place) or prover.at_points(*one) for place, one in enumerate(whole)}
    return prover.on_both_sides(list(formed.values()), instance.stored)


def _claim(prover: Prover, name: str, variable: Term, emitted: Term, truth: Term) -> Claim:
    status, method = prover.compared(emitted, truth, METHOD)
    if status == "false" and method.startswith(ON_A_KINK):  # the source does not say how a text shares a tie
        status, method = "tested", f"{METHOD}, but on kinks"
    return Claim(name, variable, status, method, terms.bare(emitted), truth)


def told(claims: Sequence[Claim], prover: Prover) -> Iterator[Falsehood]:
    """What is false of them, each shown at a point."""
    signature = prover.instance.signature
    name = str(signature.derivative)
    for claim in claims:
        if claim.status == "false" and claim.truth is not None:
            where, found, wanted = shown(prover, claim.emitted, claim.truth)
            what = f"the derivative by {claim.variable} is not that with what is detached held constant"
            line = signature.line_of(name)
            yield Falsehood(name, what, line, signature.source_line, where=where, found=found, wanted=wanted)


def truths(source: tuple[Any, ...], seeds: Sequence[Term], variables: Sequence[Term]) -> list[Term]:
    """The derivatives of sum(seed*result) of what `reference.meaning` takes. Errors: UNFORMED."""
    held: dict[Term, Term] = {}

    def hold(value: Scalar) -> Scalar:
        if not isinstance(value, Term):
            return value
        known = terms.symbol(f"detached {len(held)}")
        held[known] = derivatives.substituted(terms.bare(value), held)
        return known

    meant = meaning(*source, domain=replace(TERMS, detached=hold))
    results = [terms.term(number) for _, number in flat(meant)]
    adjoints = Adjoints(list(zip(_in_steps(results), seeds, strict=True)), set(variables))
    return derivatives.all_substituted([terms.bare(adjoints.of(one)) for one in variables], held)


def _in_steps(results: Sequence[Term]) -> list[Term]:
    """The same terms, each operation a statement of its own; a maximum of maxima is one."""
    known: dict[Term, Term] = {}
    for place, node in enumerate(terms.topological(results)):
        args = [
            known[one].args[0] if one.op == node.op in CHOICES and known[one].op == "cell" else known[one]
            for one in node.args
        ]
        again = terms.make(node.op, *args) if args else node
        is_condition = node.op in terms.COMPARISONS or node.op in terms.LOGIC
        known[node] = again if is_condition else terms.cell(again, "step", 0, place)
    return [known[one] for one in results]
