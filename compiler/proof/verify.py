"""Emitted text -> a report on it: is every function the source's, and every derivative the derivative?"""

from __future__ import annotations

import ast
import gc
import math
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from mgc.compiler.module import Module
from mgc.compiler.proof import agreement, clock, helpers, instances, reading, sizes
from mgc.compiler.proof.certificate import Claim, Prover, by_name
from mgc.compiler.proof.faithful import faithful
from mgc.compiler.proof.instances import FAILURES, Instance, Shapes
from mgc.compiler.proof.machine.values import NotRun
from mgc.compiler.proof.reading import Signature
from mgc.compiler.proof.report import ALONE, UNREACHED, Falsehood, FunctionReport, Kink, Report, Row, Status, worst
from mgc.compiler.proof.sampling import Known, Samples
from mgc.compiler.proof.telling import intermediates
from mgc.compiler.proof.telling.blame import Blame
from mgc.compiler.proof.telling.helper_blame import helper_falsehood
from mgc.compiler.proof.telling.kink_list import listed
from mgc.compiler.proof.telling.native import Raised
from mgc.compiler.proof.telling.numbers import Numbers
from mgc.compiler.proof.telling.trial import Trial
from mgc.compiler.proof.unreachable import Arms
from mgc.grammar import tree

Namespace = Mapping[str, Any]

LARGEST = 70  # a size at which CPython is asked whether it gets through
AWAY = 7  # and one at which it is asked for slopes
SOON = 0.7  # seconds of the processor that an instance may take for a larger one to be run as well


def verify_text(
    text: str,
    path: str = "<text>",
    *,
    functions: Sequence[str] = (),
    module: Module | None = None,
    file: tree.File | Sequence[tree.File] | None = None,
    constants: Mapping[str, float] = {},  # never changed
    namespace: Namespace | None = None,
    time_limit: float = 60.0,
    seed: int = 0,
) -> Report:
    """Verify emitted Python as it stands.

    `module` and `file` (and those that it imports) are given where the text was just compiled: the source's meaning is
    then checked too, and parameters have the shapes that it gives. `namespace` holds the functions as CPython runs
    them; without it the report has no numbers of CPython. `time_limit`: seconds per function.
    Errors: SyntaxError (not Python), ValueError (no function of the text is known to be a model's, or it
    holds what mgc never emits).
    """
    started = time.monotonic()
    syntax = ast.parse(text)
    foreign = reading.foreign(syntax)
    if foreign is not None:
        raise ValueError(foreign)
    everything = signatures = reading.read(syntax)
    if functions:
        signatures = tuple(s for s in everything if s.name in functions or s.name.rstrip("_") in functions)
    if not signatures:
        raise ValueError("no function of the text has the docstring of an emitted one: `NAME of FILE, line N`")
    with _uncollected():
        try:
            with clock.until(started + _most(time_limit)):
                tried = helpers.tried(syntax, namespace)
        except clock.OutOfTime:
            tried = helpers.Tried(())  # they are then part of the functions that call them
        subject = _Subject(text, syntax, module, file, constants, namespace, tried.statuses, time_limit, seed)
        reports = tuple(_function(subject, signature) for signature in signatures)
    notes = [f"not looked at: {name}, which has no docstring of an emitted function, `NAME of FILE, line N`"
             for name in helpers.unread(syntax, everything)]  # fmt: skip
    rows, told = _of_helpers(syntax, tried, module)
    return Report(path, reports, rows, time.monotonic() - started, tuple(notes), told)


def _of_helpers(
    syntax: ast.Module, tried: helpers.Tried, module: Module | None
) -> tuple[tuple[Row, ...], tuple[Falsehood, ...]]:
    """What is known of the helpers and of `init_params`, and what is false of it."""
    told = [helper_falsehood(syntax, row.variable, row.note) for row in tried.rows if row.status == "false"]
    created = agreement.of_parameters(syntax, module) if module is not None else ""
    if not created:
        return tried.rows, tuple(told)
    row = Row("init_params", "intermediate", "false", "other parameters", note=created)
    return (*tried.rows, row), (*told, Falsehood("init_params", created, helpers.parameter_line(syntax)))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: it would walk millions of terms, which have none, again and again."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


@dataclass(frozen=True, slots=True)
class _Subject:
    """The text and everything that is known of it."""

    text: str
    syntax: ast.Module
    module: Module | None
    file: tree.File | Sequence[tree.File] | None
    constants: Mapping[str, float]
    namespace: Namespace | None
    helpers: Mapping[str, Status]
    time_limit: float
    seed: int

    @property
    def primitives(self) -> frozenset[str]:
        """The helpers that stand for the function of their name."""
        return frozenset(self.helpers) - helpers.misfits(self.syntax)

    def taken(self, signature: Signature) -> list[tuple[str, Status]]:
        """The helpers that a function relies on and that are not proved, each with what is known of it."""
        called = helpers.reached(self.syntax, (signature.name, signature.derivative or signature.name))
        return [(name, status) for name, status in self.helpers.items() if name in called and status != "proved"]

    def written(self, signature: Signature) -> list[ast.stmt]:
        """What is run of the text for a function and its derivative."""
        own = (signature.name, signature.derivative or signature.name)
        called = {*own, *helpers.reached(self.syntax, own)} - self.primitives - {"check_shape", "element"}
        return [node for node in self.syntax.body if getattr(node, "name", "") in called]

    def parameters(self, known: Mapping[str, int]) -> Shapes:
        """The parameters' shapes: from the module, or from what the text's own `init_params` returns."""
        if self.module is not None:
            return {
                parameter.name: tuple(reading.size(text, known) for text in parameter.shape)
                for parameter in self.module.parameters
            }
        return helpers.parameter_shapes(self.syntax, known)

    def fixed(self, signature: Signature) -> int:
        """How many parameters a function has whatever its sizes are."""
        try:
            shapes = self.parameters({}) if signature.takes_params else {}
        except (reading.UnknownSize, NotRun, ValueError):
            return 0
        return sum(math.prod(shape) for shape in shapes.values())


@dataclass(slots=True)
class _Found:
    """What the instances of one function have shown so far."""

    claims: dict[str, list[Claim]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    kinks: list[Kink] = field(default_factory=list)
    falsehoods: list[Falsehood] = field(default_factory=list)
    sizes: list[str] = field(default_factory=list)
    undefined: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    status: Status = "proved"
    consistent: Status = "proved"
    faithful: Status = "proved"
    faithful_note: str = ""
    arms: Arms = field(default_factory=Arms)
    ran: int = 0


def _function(subject: _Subject, signature: Signature) -> FunctionReport:
    started = time.monotonic()
    found = _Found()
    try:
        with clock.until(started + _most(subject.time_limit)):
            _instances(subject, signature, found, started + subject.time_limit)
    except clock.OutOfTime:
        found.status = found.status if found.ran else worst(found.status, "not checked")
        found.notes.append("not checked: not in the time" if not found.ran else "not everything was tried in the time")
    except Exception as error:  # a user is told so; the tests fail on it
        found.status = "not checked"
        found.notes.append(f"internal error: {type(error).__name__}: {error} ({_place(error)})")
    differing = agreement.of_signature(subject.syntax, signature, subject.module)
    if differing:
        _accuse(found, signature, differing, None)
    if signature.derivative is None and subject.file is None and not found.falsehoods:
        found.status = "not checked"
        found.notes.append("not checked: it has no derivative, and its source is not at hand")
    for reason, said in found.undefined.items():
        found.notes.append(f"not defined at {'; '.join(said)} ({reason})")
    if not found.ran and found.status == "proved":
        found.status = "not checked"
        found.notes.append("not checked: no sizes were found that the function accepts")
        _refuted(subject, signature, next(sizes.choices(_size_names(subject, signature))), found)
    for line, condition, holds in found.arms.unreachable():
        always = "never true" if holds else "always true"
        found.notes.append(f"emitted line {line} has an arm that is never reached: `{condition}` is {always} there")
    for status in ("tested", "not checked", "false"):
        given = [name for name, known in subject.taken(signature) if known == status]
        if given:
            found.notes.append(f"given {', '.join(given)}, which {'is' if len(given) == 1 else 'are'} {status}")
            if status != "tested":  # of special functions no more can be had, and the note says so
                found.status = worst(found.status, status)
    return _reported(subject, signature, found, time.monotonic() - started)


def _most(time_limit: float) -> float:
    """Seconds after which nothing more is done; within the limit itself algebra is tried, and points after that."""
    return max(2 * time_limit, time_limit + 1)


def _place(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename.rsplit('/', 1)[-1]}, line {last.lineno}"


def _instances(subject: _Subject, signature: Signature, found: _Found, deadline: float) -> None:
    """The function at one size after another, until it is false; at larger ones if those before took no time."""
    names = _size_names(subject, signature)
    started = time.process_time()
    asked = sizes.asked(*subject.written(signature))
    for chosen in sizes.choices(names, subject.fixed(signature), asked):
        if found.falsehoods:
            return
        if found.ran and chosen == sizes.larger(names) and time.process_time() - started > SOON:
            continue
        if found.ran and time.monotonic() > deadline:
            found.notes.append(f"not tried in the time: {sizes.said(chosen)}")
            if any(size in asked for size in chosen.values()):
                found.status = worst(found.status, "tested")
        elif not _at(subject, signature, chosen, found, deadline):
            return
    if found.ran and not found.falsehoods:
        _elsewhere(subject, signature, names, found)


def _elsewhere(subject: _Subject, signature: Signature, names: Sequence[str], found: _Found) -> None:
    """At sizes that were not run on symbols CPython is asked: an index may leave an axis of 10 entries at n = 11."""
    large = sizes.longest(*subject.written(signature)) + 1
    if names and large <= LARGEST:
        raised = _raised(subject, signature, dict.fromkeys(names, large))
        if raised is not None and raised.function == signature.derivative and not raised.is_of_numbers:
            _accuse(found, signature, f"{raised}, at sizes of {large}", raised.line)
    trial = _trial(subject, signature, dict.fromkeys(names, AWAY)) if names and signature.derivative else None
    if trial is not None and not found.falsehoods:
        with suppress(Raised, *FAILURES):
            said = trial.wrong_slope()
            if said:
                _accuse(found, signature, f"at sizes of {AWAY} the derivatives give a slope of {said}", None)


def _accuse(found: _Found, signature: Signature, what: str, line: int | None) -> None:
    name = signature.derivative or signature.name
    found.falsehoods.append(Falsehood(name, what, line or signature.line, signature.source_line))


def _at(subject: _Subject, signature: Signature, chosen: Mapping[str, int], found: _Found, deadline: float) -> bool:
    """One instance; False where no size is of any use, since the text is not followed."""
    started = time.process_time()
    try:
        instance = instances.attempt(subject.syntax, signature, chosen, subject.parameters, subject.primitives)
    except NotRun as error:
        found.status = found.consistent = "not checked"
        found.notes.append(f"not checked: {error}")
        _refuted(subject, signature, chosen, found)
        return False
    except (*FAILURES, reading.UnknownSize) as error:
        found.undefined.setdefault(str(error), []).append(sizes.said(chosen) or "any point")
        return True
    known: Known = {}
    _one(subject, signature, instance, found, deadline, found.ran == 0, known)
    found.ran += 1
    if found.ran == 1 and time.process_time() - started < SOON:
        integers = [argument.name for argument in signature.arguments if argument.dtype == "int"]
        asked = sizes.compared(integers, *subject.written(signature))
        for other in instances.others(
            subject.syntax, signature, instance, subject.parameters, subject.primitives, asked
        ):
            if found.falsehoods:
                break
            _one(subject, signature, other, found, deadline, False, known)
    return True


def _refuted(subject: _Subject, signature: Signature, chosen: Mapping[str, int], found: _Found) -> None:
    """A text that the machine does not follow, or that has no value, is false if CPython does not run it either."""
    raised = _raised(subject, signature, chosen)
    if raised is not None and not raised.is_of_numbers and not isinstance(raised.error, IndexError):
        line = raised.line or signature.line
        found.falsehoods.append(Falsehood(raised.function, str(raised), line, signature.source_line))


def _raised(subject: _Subject, signature: Signature, chosen: Mapping[str, int]) -> Raised | None:
    """What CPython raises in a function or its derivative, on random doubles."""
    trial = _trial(subject, signature, chosen)
    try:
        if trial is not None:
            trial.run()
    except Raised as raised:
        return raised
    except FAILURES:
        pass
    return None


def _trial(subject: _Subject, signature: Signature, chosen: Mapping[str, int]) -> Trial | None:
    """What CPython is called with at some sizes; None where it is not at hand, or a size is not known."""
    if subject.namespace is None:
        return None
    try:
        integers = next(instances.integer_choices(signature, chosen))
        parameters = subject.parameters(chosen) if signature.takes_params else {}
        return Trial(subject.namespace, signature, chosen, integers, parameters, subject.seed)
    except (*FAILURES, NotRun, reading.UnknownSize):
        return None


def _size_names(subject: _Subject, signature: Signature) -> tuple[str, ...]:
    """The free sizes of a function, and of the parameters that it takes."""
    known = reading.size_names(signature)
    if not signature.takes_params:
        return known
    of_parameters = subject.module.sizes if subject.module is not None else helpers.parameter_sizes(subject.syntax)
    return (*known, *(size for size in of_parameters if size not in known))


def _one(
    subject: _Subject,
    signature: Signature,
    instance: Instance,
    found: _Found,
    deadline: float,
    main: bool,
    known: Known,
) -> None:
    if instance.said and instance.said not in found.sizes:
        found.sizes.append(instance.said)
    slopes = [slope for pairs in instance.gradients.values() for _, slope in pairs]
    samples = Samples(instance.symbols(), instance.computed(), subject.seed, slopes, known)
    prover = Prover(instance, samples, deadline)
    found.arms.add(prover)
    if subject.file is not None:
        _check_source(subject, signature, instance, prover, found)
    if signature.derivative is None:
        return
    consistent = _check_forward(instance, prover)
    found.consistent = worst(found.consistent, consistent)
    blame = Blame(subject.text, subject.syntax, subject.module, prover)
    if consistent == "false":
        found.falsehoods += blame.of_value()
    claims = prover.claims()
    for name, of_name in by_name(claims).items():
        found.claims.setdefault(name, []).extend(of_name)
    if consistent != "false":
        found.falsehoods += blame.of_derivatives(claims)
    numbers = Numbers(prover, claims, subject.namespace, subject.seed)
    if main:
        found.rows = [*numbers.rows(), *intermediates.rows(numbers)]
        found.kinks = listed(numbers, subject.text, subject.module)
    false_helper = any(status == "false" for _, status in subject.taken(signature))  # CPython then differs, too
    if consistent == "false" and not instance.again:
        found.falsehoods += blame.of_failure(numbers.falsehoods)
    elif not found.falsehoods and not false_helper:
        found.falsehoods += numbers.falsehoods
    found.notes += numbers.notes
    if numbers.place is None and main:
        _refuted(subject, signature, instance.sizes, found)


def _check_source(subject: _Subject, signature: Signature, instance: Instance, prover: Prover, found: _Found) -> None:
    assert subject.file is not None
    try:
        status, note = faithful(subject.file, signature, instance, prover, subject.constants, subject.module)
    except reading.UnknownSize as error:
        found.undefined.setdefault(str(error), []).append(instance.said)
        found.sizes.remove(instance.said)
        return
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


def _check_forward(instance: Instance, prover: Prover) -> Status:
    """Whether the forward half of the derivative's function is the function."""
    if len(instance.value) != len(instance.again):
        return "false"
    status: Status = "proved"
    for plain, again in zip(instance.value, instance.again, strict=True):
        status = worst(status, prover.equal(again, plain)[0])
        if status == "false":
            break
    return status


def _reported(subject: _Subject, signature: Signature, found: _Found, seconds: float) -> FunctionReport:
    rows = []
    for row in found.rows:
        claims = found.claims.get(row.variable, []) if row.role != "intermediate" else []
        status = worst(row.status, *(claim.status for claim in claims))
        method = next((claim.method for claim in claims if claim.status == status), row.method)
        rows.append(replace(row, status=status, method=method))
    shown = {row.variable for row in rows if row.role != "intermediate"}
    for name, claims in found.claims.items():
        if name not in shown and claims:
            status = worst(*(claim.status for claim in claims))
            rows.append(Row(name, "argument", status, claims[0].method, count=len(claims)))
    status = worst(found.status, *(row.status for row in rows if row.role != "intermediate"))
    return FunctionReport(
        signature.name,
        "false" if found.falsehoods else status,
        found.faithful if found.faithful_note else "not checked",
        found.faithful_note or (ALONE if subject.file is None else UNREACHED),
        found.consistent,
        tuple(rows),
        tuple(found.kinks),
        tuple(dict.fromkeys(found.falsehoods)),
        tuple(found.sizes),
        tuple(dict.fromkeys(found.notes)),
        seconds,
    )
