"""Emitted text -> a report on it: is every function the source's, and every derivative the derivative?"""

from __future__ import annotations

import ast
import math
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

from msgspec.structs import replace

from mgc.compiler.collector import without_collector
from mgc.compiler.module import Module
from mgc.compiler.options import given
from mgc.compiler.verify import clock, detached, requirements, unreachable
from mgc.compiler.verify.blame.blame import Blame
from mgc.compiler.verify.blame.helper import of_helper
from mgc.compiler.verify.blame.listing import within
from mgc.compiler.verify.called import judging
from mgc.compiler.verify.called.running import counted
from mgc.compiler.verify.certificate import SAME, Claim, Prover
from mgc.compiler.verify.equal.points import NO_POINT, Samples
from mgc.compiler.verify.faithful import faithful
from mgc.compiler.verify.findings import Falsehood, FunctionReport, Row, Status, worst
from mgc.compiler.verify.found import Found, conclude, reported, too_much
from mgc.compiler.verify.native.compared import with_native
from mgc.compiler.verify.numbers import intermediates
from mgc.compiler.verify.numbers.kinks import listed
from mgc.compiler.verify.numbers.numbers import Numbers, by_name
from mgc.compiler.verify.report.report import Report
from mgc.compiler.verify.terms.terms import ONE
from mgc.compiler.verify.text import agreement, forms, instances, parameters, reading, sizes
from mgc.compiler.verify.text.instances import FAILURES, Instance
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.text.subject import Namespace, Subject
from mgc.compiler.verify.trace.values import NotRun, Refused
from mgc.grammar import tree

WORK = 11_000_000  # steps of one text, some twenty seconds: a function may take a third of those that are left
CONFIRMING = WORK // 5  # in which a text with one statement changed is verified
SOON = WORK // 25  # that a larger instance may take to be run as well


def verify_text(
    text: str,
    path: str = "<text>",
    *,
    functions: Sequence[str] = (),
    module: Module | None = None,
    file: tree.File | Sequence[tree.File] | None = None,
    constants: Mapping[str, float] = {},  # never changed
    namespace: Namespace | None = None,
    time_limit: float = math.inf,
    seed: int = 0,
    blame: bool = True,
    native: Module | None = None,
) -> Report:
    """Verify emitted Python as it stands.

    `module` and `file` (and those that it imports) are given where the text was just compiled: the source's meaning is
    then checked too, and parameters have the shapes that it gives. `namespace` holds the functions as CPython runs
    them; without it the report has no numbers of CPython. `time_limit`: seconds after which a function is left, not
    checked; without one, no verdict depends on the machine. Without `blame` only the first falsehood of a function is
    told, no statement that it comes from, and no arm that is never reached. `native`: what was emitted for C of the
    same model, which is then compiled and called beside the text.
    Errors: SyntaxError (not Python), ValueError (no function of the text is known to be a model's, or it
    holds what mgc never emits).
    """
    started = time.monotonic()
    syntax = ast.parse(text)
    foreign = forms.foreign(syntax)
    if foreign:
        raise ValueError(foreign)
    everything = signatures = reading.read(syntax)
    if functions:
        signatures = tuple(s for s in everything if s.name in functions or s.model in functions)
    if not signatures:
        raise ValueError("no function of the text has the docstring of an emitted one: `NAME of FILE, line N`")
    namespace = counted(syntax, namespace) if namespace is not None else None
    with without_collector():
        subject = Subject(text, syntax, module, file, constants, namespace, time_limit, seed, blame)
        with clock.until(clock.now() + WORK):
            sharing = [min(3, len(signatures) - place) for place in range(len(signatures))]
            reports = tuple(map(partial(_function, subject), signatures, sharing))
        if native is not None:
            reports = with_native(subject, signatures, reports, native)
    notes = [f"not looked at: {name}, which has no docstring of an emitted function, `NAME of FILE, line N`"
             for name in reading.unread(syntax, everything)]  # fmt: skip
    rows, told = _of_helpers(subject)
    options = " ".join(given(replace(module.options, functions=())).values()) if module is not None else ""
    return Report(path, reports, rows, time.monotonic() - started, tuple(notes), told, options)


def _of_helpers(subject: Subject) -> tuple[tuple[Row, ...], tuple[Falsehood, ...]]:
    """What is known of the helpers and of `init_params`, and what is false of that."""
    rows = [Row(name, "intermediate", status, "as mgc writes it") for name, status in subject.helpers.items()]
    created = agreement.of_parameters(subject.syntax, subject.module) if subject.module is not None else ""
    if not created:
        return tuple(rows), ()
    row = Row("init_params", "intermediate", "false", "other parameters", note=created)
    return (*rows, row), (Falsehood("init_params", created, parameters.line(subject.syntax)),)


def _function(subject: Subject, signature: Signature, sharing: int = 1) -> FunctionReport:
    """What is shown of one function; as many as are `sharing` it have parts of the work that is left."""
    started, work = time.monotonic(), clock.left() / sharing
    found = Found()
    try:
        with clock.seconds(subject.time_limit), clock.until(clock.now() + work):
            found.called = judging.tried(subject, signature)
            if subject.blame or found.called.falsehood is None:
                _instances(subject, signature, found)
    except NotRun as error:
        found.status = found.consistent = "not checked"
        found.notes.append(f"not checked: {error}")
    except clock.OutOfTime:
        found.status = "not checked"
        found.notes.append(f"not checked: not in {subject.time_limit:g} s")
    except clock.OutOfWork:
        if found.ran or found.claims:
            found.status = worst(found.status, "tested")
            found.notes.append("not everything was tried: too much work")
        else:
            found.status = "not checked"
            found.notes.append(f"not checked: {too_much(subject.files, subject.constants)}")
    except Exception as error:  # a user is told so; the tests fail on it
        found.status = "not checked"
        found.notes.append(f"internal error: {type(error).__name__}: {error} ({_place(error)})")
    if found.called.left_out:
        said = "; ".join(sizes.said(chosen) or "any point" for chosen in found.called.left_out)
        found.notes.append(f"only values were compared, too much work: {said}")
    if found.called.stopped:
        found.notes.append("not called at every point that there is: too much work")
    if found.called.falsehood is not None and not found.falsehoods:
        found.falsehoods.append(within(subject, signature, found.called.falsehood))
    _tell_helpers(subject, signature, found)
    found.falsehoods += agreement.of_signature(subject.syntax, signature, subject.module)
    conclude(subject, signature, found)
    return reported(subject, signature, found, time.monotonic() - started)


def _tell_helpers(subject: Subject, signature: Signature, found: Found) -> None:
    """What is false by a helper that is not mgc's own is told of that; what has a statement already is not."""
    if not subject.blame or not found.falsehoods or found.falsehoods[0].expected:
        return

    def is_right(changed: ast.Module) -> bool:
        return _is_right(replace(subject, syntax=changed), signature)

    with suppress(clock.OutOfWork):
        asked = subject.rewritten(signature)
        told = (of_helper(found.falsehoods[0], subject.syntax, name, is_right) for name in asked)
        found.falsehoods = next(([one] for one in told if one is not None), found.falsehoods)


def _place(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename.rsplit('/', 1)[-1]}, line {last.lineno}"


def _instances(subject: Subject, signature: Signature, found: Found) -> None:
    """The function at one size after another, until it is false; at larger ones if those before took little work."""
    names = subject.sizes(signature)
    refused = forms.refused(subject.syntax, [name for name in (signature.name, signature.derivative) if name])
    if refused:
        found.status = found.consistent = "not checked"
        found.notes.append(f"not checked: {refused}")
        return
    started = clock.now()
    found.deadline = started + clock.left() / 2
    asked = sizes.asked(*subject.written(signature))
    first: Mapping[str, int] = {}
    took = 0
    equal, accepts_distinct = sizes.equal(names), False
    for chosen in sizes.choices(names, subject.fixed(signature), asked):
        if found.falsehoods:
            return
        if chosen in equal and accepts_distinct:
            continue
        more = math.prod(chosen.values()) / max(1, math.prod(first.values()))  # as large an instance, or larger
        if found.ran and chosen == sizes.larger(names) and took * more > SOON:
            continue
        if found.ran and clock.now() + took * more > found.deadline:
            found.untried.append(sizes.said(chosen))
            if any(size in asked for size in chosen.values()):
                found.status = worst(found.status, "tested")
        else:
            _at(subject, signature, chosen, found)
            accepts_distinct = accepts_distinct or (found.ran > 0 and chosen not in equal)
            first, took = first or chosen, took or clock.now() - started
    if found.numbers is not None and not found.falsehoods and found.called.falsehood is None:
        with clock.as_far_as(clock.now() + clock.left() / 2):
            found.falsehoods += [within(subject, signature, one) for one in found.numbers.judged()]


def _at(subject: Subject, signature: Signature, chosen: Mapping[str, int], found: Found) -> None:
    """The function at one size, and there with some integers. Errors: NotRun."""
    started = clock.now()
    try:
        if not reading.are_told(chosen, signature):
            return
        instance = instances.attempt(subject.syntax, signature, chosen, subject.parameters, subject.primitives)
    except (*FAILURES, reading.UnknownSize) as error:
        found.leave_out(str(error), sizes.said(chosen) or "any point")
        found.arms.undefined.append(chosen)
        if isinstance(error, Refused):
            found.falsehoods += requirements.refused_alone(subject, signature, chosen)
        return
    if not _one(subject, instance, found):
        return
    found.ran += 1
    if found.ran == 1 and clock.now() + (clock.now() - started) * instances.OTHERS < found.deadline:
        integers = [argument.name for argument in signature.arguments if argument.dtype == "int"]
        asked = sizes.compared(integers, *subject.written(signature))
        for other in instances.others(
            subject.syntax, signature, instance, subject.parameters, subject.primitives, asked
        ):
            if found.falsehoods or clock.now() > found.deadline:
                break
            _one(subject, other, found)


def _one(subject: Subject, instance: Instance, found: Found) -> bool:
    """Check one instance; False where the function has no derivative at its sizes."""
    slopes = [slope for pairs in instance.gradients.values() for _, slope in pairs]
    samples = Samples(instance.symbols(), instance.computed(), subject.seed, slopes, instance.required)
    prover = Prover(instance, samples, found.deadline, first=not subject.blame)
    required, falsehoods, note = requirements.judged(subject, prover)
    found.status = worst(found.status, required)
    found.falsehoods += falsehoods
    if note:
        found.leave_out(note, instance.said or "any size")
        return False
    found.arms.add(instance)
    defined = subject.file is None or _check_source(subject, prover, found)
    has_one = instance.signature.derivative is None or _check_derivatives(subject, prover, found)
    if subject.blame:
        found.arms.look(prover)
    if not has_one:
        return False
    if defined and instance.said and instance.said not in found.sizes:
        found.sizes.append(instance.said)
    return True


def _check_derivatives(subject: Subject, prover: Prover, found: Found) -> bool:
    """Check the function of the derivatives; False where the function has none at these sizes."""
    instance, signature = prover.instance, prover.instance.signature
    consistent = _check_forward(prover)
    if not prover.is_nowhere:
        found.consistent = worst(found.consistent, consistent)
    if consistent != "false" and prover.undefined:
        found.leave_out(prover.undefined, instance.said or "any point")
        return False
    blame = Blame(
        *(subject.text, subject.syntax, subject.module, prover, subject.primitives),
        lambda changed: _is_right(replace(subject, syntax=changed), signature),
        subject.blame,
    )
    if consistent == "false":
        found.falsehoods += blame.of_value()
        if found.falsehoods and not subject.blame:
            return True
    claims = _claims(subject, prover)
    if claims is None:
        found.status = worst(found.status, "not checked")
        return True
    if prover.special.subgradients is not None:
        found.notes += prover.special.subgradients.said.values()
    nowhere = dict.fromkeys(claim.name for claim in claims if claim.method == NO_POINT and found.ran)
    if nowhere:  # which does not undo what is shown at other sizes
        found.leave_out(f"no point was found where the derivative by {', '.join(nowhere)} has a value", instance.said)
    for name, of_name in by_name(claims).items():
        found.claims.setdefault(name, []).extend(claim for claim in of_name if name not in nowhere)
    called = found.called.seen(instance)
    for claim in claims:
        if claim.status == "tested":
            found.untaken = unreachable.at_no_point(prover, claim, called) | found.untaken
    if consistent != "false":
        blamed = detached.told(claims, prover) if signature.is_detached else blame.of_derivatives(claims)
        found.falsehoods += blamed
    elif not instance.again:
        found.falsehoods += blame.of_failure([*filter(None, [found.called.falsehood])])
    if not found.ran and (subject.blame or not found.falsehoods):
        _illustrate(subject, Numbers(prover, claims, found.called.pair), found)
    return not nowhere


def _claims(subject: Subject, prover: Prover) -> list[Claim] | None:
    """What each derivative comes to; None where the source, which says what is detached, is not at hand."""
    if not prover.instance.signature.is_detached:
        return prover.claims()
    return None if subject.file is None else detached.claims(subject, prover)


def _illustrate(subject: Subject, numbers: Numbers, found: Found) -> None:
    """The rows and kinks of the report, at the first sizes."""
    signature = numbers.instance.signature
    found.numbers = numbers
    found.rows = numbers.rows()
    if not signature.is_detached:
        found.rows += intermediates.rows(numbers)
        found.kinks = listed(numbers, subject.text, subject.module)
    if not found.falsehoods:
        found.falsehoods += [within(subject, signature, one) for one in numbers.falsehoods]
    found.notes += numbers.notes


def _is_right(changed: Subject, signature: Signature) -> bool:
    """Whether nothing is found false of a text with one statement changed, in some steps."""
    namespace = None if changed.namespace is None else counted(changed.syntax, changed.namespace)
    with clock.until(clock.now() + CONFIRMING):
        report = _function(replace(changed, namespace=namespace, blame=False), signature)
    return report.verdict in ("proved", "tested")


def _check_source(subject: Subject, prover: Prover, found: Found) -> bool:
    """Check the function against its source; False where that has no meaning at these sizes."""
    try:
        status, note = faithful(subject, prover)
    except reading.UnknownSize as error:
        found.leave_out(str(error), prover.instance.said)
        return False
    if status == "not checked" and prover.is_nowhere:
        return True
    found.faithful = worst(found.faithful, status)
    found.faithful_note = found.faithful_note if status == "proved" and found.faithful_note else note
    if status == "false":
        signature, what = prover.instance.signature, f"the value is not what the source means: {note}"
        found.falsehoods.append(Falsehood(signature.name, what, signature.line, signature.source_line))
    return True


def _check_forward(prover: Prover) -> Status:
    """Whether the forward half of the derivative's function is the function, on both sides of its edges, too."""
    instance = prover.instance
    if len(instance.value) != len(instance.again):
        return "false"
    claims = []
    for plain, again in zip(instance.value, instance.again, strict=True):
        claim = Claim("", ONE, *prover.equal(again, plain), again, plain)
        if claim.method != SAME:
            claims.append(claim)
        if claim.status == "false":
            return "false"
    return worst("proved", *(claim.status for claim in prover.on_both_sides(claims))) if claims else "proved"
