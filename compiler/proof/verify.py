"""Emitted text -> a report on it: is every function the source's, and every derivative the derivative?"""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mgc.compiler.module import Module
from mgc.compiler.proof import helpers, instances, reading, terms
from mgc.compiler.proof.blame import Blame
from mgc.compiler.proof.certificate import Claim, Prover, by_name
from mgc.compiler.proof.execution import NotRun
from mgc.compiler.proof.faithful import faithful
from mgc.compiler.proof.instances import FAILURES, Instance, Shapes
from mgc.compiler.proof.kink_list import listed
from mgc.compiler.proof.numbers import Numbers
from mgc.compiler.proof.reading import Signature
from mgc.compiler.proof.report import Falsehood, FunctionReport, Kink, Report, Row, Status, worst
from mgc.compiler.proof.sampling import Samples
from mgc.grammar import tree

Namespace = Mapping[str, Any]


def verify_text(
    text: str,
    path: str = "<text>",
    *,
    functions: Sequence[str] = (),
    module: Module | None = None,
    file: tree.File | Sequence[tree.File] | None = None,
    constants: Mapping[str, float] = {},  # noqa: B006  # never changed
    namespace: Namespace | None = None,
    time_limit: float = 60.0,
    seed: int = 0,
) -> Report:
    """Verify emitted Python as it stands.

    `module` and `file` (and those that it imports) are given where the text was just compiled: the source's meaning is
    then checked too, and parameters have the shapes that it gives. `namespace` holds the functions as CPython runs
    them; without it the numbers of the report are those of the exact expressions. `time_limit`: seconds per function.
    Errors: SyntaxError (not Python), ValueError (no function of the text is known to be a model's).
    """
    started = time.monotonic()
    syntax = ast.parse(text)
    signatures = reading.read(syntax)
    if functions:
        signatures = tuple(s for s in signatures if s.name in functions or s.name.rstrip("_") in functions)
    if not signatures:
        raise ValueError("no function of the text has the docstring of an emitted one: `NAME of FILE, line N`")
    tried = helpers.tried(syntax, namespace)
    subject = _Subject(text, syntax, module, file, constants, namespace, frozenset(tried.primitives), time_limit, seed)
    reports = tuple(_function(subject, signature) for signature in signatures)
    return Report(path, reports, tried.rows, time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class _Subject:
    """The text and everything that is known of it."""

    text: str
    syntax: ast.Module
    module: Module | None
    file: tree.File | Sequence[tree.File] | None
    constants: Mapping[str, float]
    namespace: Namespace | None
    primitives: frozenset[str]
    time_limit: float
    seed: int

    def parameters(self, sizes: Mapping[str, int]) -> Shapes:
        """The parameters' shapes: from the module, or from what the text's own `init_params` returns."""
        if self.module is not None:
            return {
                parameter.name: tuple(reading.size(text, sizes) for text in parameter.shape)
                for parameter in self.module.parameters
            }
        return helpers.parameter_shapes(self.syntax, sizes)


@dataclass(slots=True)
class _Found:
    """What the instances of one function have shown so far."""

    claims: dict[str, list[Claim]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    kinks: list[Kink] = field(default_factory=list)
    falsehoods: list[Falsehood] = field(default_factory=list)
    sizes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    consistent: Status = "proved"
    faithful: Status = "proved"
    faithful_note: str = ""


def _function(subject: _Subject, signature: Signature) -> FunctionReport:
    started = time.monotonic()
    found = _Found()
    first: FunctionReport | None = None
    names = reading.size_names(signature) + _free_parameter_sizes(subject, signature)
    ran = 0
    for place, sizes in enumerate(instances.choices(names)):
        if place == len(PATTERNS) - 1 and ran:
            break  # the larger sizes are for functions that none of the others fit
        try:
            instance = instances.attempt(subject.syntax, signature, sizes, subject.parameters, subject.primitives)
        except NotRun as error:
            found.notes.append(f"not checked: {error}")
            found.consistent = worst(found.consistent, "not checked")
            break
        except (*FAILURES, reading.UnknownSize) as error:
            found.notes.append(f"{_said(sizes)}: not defined ({error})")
            continue
        _one(subject, signature, instance, found, started + subject.time_limit, ran == 0)
        ran += 1
    del first
    if not ran and "not checked" not in "".join(found.notes):
        found.notes.append("not checked: no sizes were found that the function accepts")
    return _reported(signature, found, ran, time.monotonic() - started)


PATTERNS = ("distinct", "ones", "zeros", "larger")


def _free_parameter_sizes(subject: _Subject, signature: Signature) -> tuple[str, ...]:
    if not signature.takes_params:
        return ()
    known = set(reading.size_names(signature))
    if subject.module is not None:
        return tuple(size for size in subject.module.sizes if size not in known)
    return tuple(size for size in helpers.parameter_sizes(subject.syntax) if size not in known)


def _said(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{name} = {size}" for name, size in sizes.items()) or "as it is"


def _one(
    subject: _Subject, signature: Signature, instance: Instance, found: _Found, deadline: float, main: bool
) -> None:
    if instance.said:
        found.sizes.append(instance.said)
    samples = Samples(instance.symbols(), instance.value, subject.seed)
    prover = Prover(instance, samples, deadline)
    if subject.file is not None:
        _check_source(subject, signature, instance, prover, found)
    if signature.derivative is None:
        return
    _check_forward(signature, instance, prover, found)
    claims = prover.claims()
    for name, of_name in by_name(claims).items():
        found.claims.setdefault(name, []).extend(of_name)
    blame = Blame(subject.text, subject.module, prover)
    for said in instance.misshapen:
        found.falsehoods.append(Falsehood(signature.name, said, signature.line, signature.source_line))
    false = [claim for claim in claims if claim.status == "false"]
    if false:
        found.falsehoods += blame.of(false)
    if main:
        numbers = Numbers(prover, subject.namespace)
        found.rows = numbers.rows(claims)
        for row in found.rows:
            if row.note.startswith("the symbolic"):
                found.falsehoods.append(Falsehood(signature.name, f"{row.variable}: {row.note}", signature.line))
        found.kinks = listed(prover, subject.text)


def _check_source(
    subject: _Subject, signature: Signature, instance: Instance, prover: Prover, found: _Found
) -> None:
    assert subject.file is not None
    status, note = faithful(subject.file, signature, instance, prover, subject.constants, subject.module)
    found.faithful = worst(found.faithful, status)
    found.faithful_note = found.faithful_note if status == "proved" and found.faithful_note else note
    if status == "false":
        found.falsehoods.append(
            Falsehood(
                signature.name,
                f"the value is not what the source means: {note}",
                signature.line,
                signature.source_line,
            )
        )


def _check_forward(signature: Signature, instance: Instance, prover: Prover, found: _Found) -> None:
    """The forward half of the derivative's function is the function."""
    if len(instance.value) != len(instance.again):
        what = f"{signature.derivative} returns {len(instance.again)} numbers, {signature.name} {len(instance.value)}"
        found.falsehoods.append(Falsehood(signature.name, what, signature.line, signature.source_line))
        found.consistent = "false"
        return
    for plain, again in zip(instance.value, instance.again, strict=True):
        status, method = prover.equal(again, plain)
        found.consistent = worst(found.consistent, status)
        if status == "false":
            what = f"the value that {signature.derivative} returns is not that of {signature.name}"
            shown = prover.samples.shown(again, plain)
            found.falsehoods.append(
                Falsehood(signature.name, what, signature.line, signature.source_line, "", "", *shown)
            )
            return


def _reported(signature: Signature, found: _Found, ran: int, seconds: float) -> FunctionReport:
    rows = []
    for row in found.rows:
        claims = found.claims.get(row.variable)
        if claims is None:
            rows.append(row)
            continue
        status = worst(row.status, *(claim.status for claim in claims))
        method = next((c.method for c in claims if c.status == status), row.method)
        rows.append(_with_status(row, status, method))
    missing = [name for name in found.claims if name not in {row.variable for row in rows}]
    for name in missing:
        status = worst(*(claim.status for claim in found.claims[name]), "proved")
        rows.append(Row(name, "argument", status, found.claims[name][0].method if found.claims[name] else ""))
    statuses: list[Status] = [row.status for row in rows if row.role != "intermediate"]
    status: Status = worst("proved" if ran else "not checked", *statuses)
    if found.falsehoods:
        status = "false"
    return FunctionReport(
        signature.name,
        status,
        found.faithful if found.faithful_note else "not checked",
        found.faithful_note or "the text stands alone",
        found.consistent,
        tuple(rows),
        tuple(found.kinks),
        tuple(dict.fromkeys(found.falsehoods)),
        tuple(found.sizes),
        tuple(found.notes),
        seconds,
    )


def _with_status(row: Row, status: Status, method: str) -> Row:
    from dataclasses import replace

    return replace(row, status=status, method=method)


__all__ = ["Callable", "terms", "verify_text"]
