"""What the functions of a text require, beside what the source does -> where one takes what the other refuses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, reduce
from typing import Any

from msgspec import Struct

from mgc.compiler.verify.certificate import Prover
from mgc.compiler.verify.equal.edges import roots
from mgc.compiler.verify.equal.points import SPECIAL, Samples
from mgc.compiler.verify.equal.required import holds, parts
from mgc.compiler.verify.findings import Falsehood, Status
from mgc.compiler.verify.pasted import call_at
from mgc.compiler.verify.reference.arrays import Misfit
from mgc.compiler.verify.reference.core import REDUCTIONS
from mgc.compiler.verify.reference.operators import CONSTANTS
from mgc.compiler.verify.reference.reference import prelude, required
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.oracle import MEANINGS
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text import instances
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.text.subject import Subject
from mgc.compiler.verify.trace.values import Refused
from mgc.grammar import tree
from mgc.grammar.diagnostics import ModelError
from mgc.grammar.parser import parse

SAID = re.compile(r".*, line \d+: requires (.*?)(, and \S+ is .*)?", re.DOTALL)  # what a check of mgc's raises with
NO_POINT = "no point was found that meets what is required"
NO_MEANING = (Misfit, ZeroDivisionError, terms.Undecided, RecursionError)


class _Side(Struct, frozen=True):
    """One of two that are to refuse the same: who it is, and what it requires."""

    name: str
    required: Sequence[Term]

    @staticmethod
    def of(name: str, required: Sequence[Term]) -> _Side:
        return _Side(name, list(dict.fromkeys(part for condition in required for part in parts(condition))))

    def takes(self, point: Evaluation) -> bool:
        return all(holds(point, condition) for condition in self.required)

    def beside(self, other: _Side) -> Term:
        """What it requires and another does not, as one condition."""
        return reduce(terms.both, [one for one in self.required if one not in other.required], terms.ONE)


def judged(subject: Subject, prover: Prover) -> tuple[Status, list[Falsehood], str]:
    """Whether the function refuses what the source does, and its derivative what the function does; what is false, and
    why there is nothing to verify."""
    instance, signature = prover.instance, prover.instance.signature
    mine = _Side.of(signature.name, instance.required)
    sides = [] if signature.derivative is None else [(_Side.of(signature.derivative, instance.again_required), mine)]
    if is_told(subject, signature):
        try:
            sides.append((mine, _Side.of(_who(subject), meant(subject, signature, instance.inputs, instance.sizes))))
        except NO_MEANING as error:
            return "not checked", [], f"what the source requires has no meaning: {error}"
    found: Status = "proved"
    for one, other in sides:
        point = next((point for point in _points(prover, one, other) if one.takes(point) != other.takes(point)), None)
        if point is not None:
            return "false", [_told(instance, one, other, point)], ""
        if set(one.required) != set(other.required):
            is_same = prover.equal(one.beside(other), other.beside(one))[0] == "proved"
            found = found if is_same else "tested"
    if instance.required and not prover.samples.first(1):
        return "proved", [], NO_POINT
    return found, [], ""


def refused_alone(subject: Subject, signature: Signature, sizes: Mapping[str, int]) -> list[Falsehood]:
    """What is false of some sizes, of which the text takes none: it refuses what is to be taken."""
    shapes = subject.parameters(sizes) if signature.takes_params else {}
    for integers in instances.integer_choices(signature, sizes) if is_told(subject, signature) else ():
        try:
            instances.run(subject.syntax, signature, sizes, integers, shapes, subject.primitives)
        except Refused:
            inputs = instances.entered(signature, sizes, integers, shapes)
            with suppress(*NO_MEANING):
                if terms.ZERO not in meant(subject, signature, inputs, sizes):
                    at = ", ".join(f"{name} = {value}" for name, value in {**sizes, **integers}.items())
                    what = f"{signature.name} refuses what {_who(subject)} takes"
                    return [Falsehood(signature.name, what, signature.line, signature.source_line, where=at)]
        except instances.FAILURES:
            pass
    return []


def _who(subject: Subject) -> str:
    return "its own message" if subject.file is None else "the source"


def requires(subject: Subject, signature: Signature) -> bool:
    """Whether the source requires anything of a function's arguments."""
    _, name, *_ = subject.in_source(signature, {}, {})
    declared = [one for file in subject.files for one in file.declarations if isinstance(one, tree.Function)]
    return any(one.requirements for one in declared if one.name == name)


def is_told(subject: Subject, signature: Signature) -> bool:
    """Whether it is known otherwise what the text is to require: from the source, or else from its messages."""
    return subject.file is not None or _by_messages(subject, signature) is not None


def _by_messages(subject: Subject, signature: Signature) -> tree.File | None:
    """A definition that requires what the text says where it raises; None where not all of that is understood."""
    raised = [part for node in subject.written(signature) for part in ast.walk(node) if isinstance(part, ast.Raise)]
    said = {SAID.fullmatch("".join(_words(node))) for node in raised}
    if not said or None in said:
        return None
    arguments = [f"{one.name}[{', '.join(one.shape)}]" if one.shape else one.name for one in signature.arguments]
    typed = [
        f"{said}: int" if one.dtype == "int" else said for one, said in zip(signature.arguments, arguments, strict=True)
    ]
    lines = sorted({f"    require {one[1]}\n" for one in said if one is not None})
    return _understood(f"def {signature.name}({', '.join(typed)}):\n{''.join(lines)}    return 0\n")


def _words(node: ast.Raise) -> Iterator[str]:
    yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))


@cache
def _understood(text: str) -> tree.File | None:
    try:
        file = parse(text, "messages")
    except ModelError:
        return None
    (function,) = (one for one in file.declarations if isinstance(one, tree.Function))
    nodes = list(tree.walk(function.requirements))
    known = {name for one in nodes if isinstance(one, tree.Clause) for name in one.names} | {*CONSTANTS}
    known |= {one.identifier for one in tree.walk(function.arguments) if isinstance(one, tree.Name)}
    known |= {one.name for one in function.arguments}
    named = {one.identifier for one in nodes if isinstance(one, tree.Name)}
    called = {one.function for one in nodes if isinstance(one, tree.Call | tree.Reduction)}
    return file if named <= known and called <= {"range", *prelude(), *MEANINGS, *REDUCTIONS} else None


def meant(subject: Subject, signature: Signature, inputs: Mapping[str, Any], sizes: Mapping[str, int]) -> list[Term]:
    """What is to be required of inputs, where that is told. Errors: NO_MEANING."""
    files, *source = subject.in_source(signature, inputs, sizes)
    told = files or _by_messages(subject, signature)
    assert told
    conditions = required(told, *source)
    found = [terms.bare(terms.term(condition)) for condition in conditions]
    return list(dict.fromkeys(condition for condition in found if condition is not terms.ONE))


def _points(prover: Prover, one: _Side, other: _Side) -> Iterator[Evaluation]:
    """Where the two may differ: points that either takes, of a lattice, and on the edges of their conditions."""
    if set(one.required) == set(other.required):
        return
    conditions = [*one.required, *other.required]
    symbols = prover.instance.symbols()
    for side in (one, other):
        yield from Samples(symbols, (), 0, conditions, required=side.required).first(SPECIAL)
    free = Samples(symbols, (), 1, conditions)
    yield from free.first(SPECIAL)
    yield from free.lattice(SPECIAL)
    compared = [node for node in terms.topological(conditions) if node.op in terms.COMPARISONS]
    for node in compared[:SPECIAL]:
        starts = [*Samples(symbols, (), 2, required=other.required).first(1), *free.first(1)]
        yield from (point for _, point in roots(node.args[0] - node.args[1], starts))


def _told(instance: instances.Instance, one: _Side, other: _Side, point: Evaluation) -> Falsehood:
    refusing = other if one.takes(point) else one
    condition = next(condition for condition in refusing.required if not holds(point, condition))
    verbs = ("takes", "refuses") if one.takes(point) else ("refuses", "takes")
    what = f"{one.name} {verbs[0]} what {other.name} {verbs[1]}: {condition} is required"
    signature = instance.signature
    line = signature.line_of(one.name)
    return Falsehood(one.name, what, line, signature.source_line, where=call_at(instance, point, one.name))
