"""What CPython makes of a text where nothing is proved: at other sizes, and of what the machine does not follow."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from mgc.compiler.verify.findings import Falsehood
from mgc.compiler.verify.numbers.native import Raised
from mgc.compiler.verify.numbers.trial import Trial
from mgc.compiler.verify.text import instances, reading, sizes
from mgc.compiler.verify.text.instances import FAILURES
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.text.subject import Subject
from mgc.compiler.verify.trace.values import NotRun

LARGEST = 70  # a size at which CPython is asked whether it gets through
CALLS = 8  # at random numbers, of what the machine does not follow: a branch may be taken at few
AWAY = 7  # and one at which it is asked for slopes


def elsewhere(subject: Subject, signature: Signature) -> list[Falsehood]:
    """At sizes that were not run on symbols: an index may leave an axis of 10 entries at n = 11."""
    names = subject.sizes(signature)
    if not names or signature.derivative is None:
        return []
    large = sizes.longest(*subject.written(signature)) + 1
    raised = _raised(subject, signature, dict.fromkeys(names, large)) if large <= LARGEST else None
    if raised is not None and raised.function == signature.derivative and not raised.is_of_numbers:
        return [_of(signature, f"{raised}, at sizes of {large}", raised.line)]
    said = _wrong_slope(subject, signature, dict.fromkeys(names, AWAY))
    return [_of(signature, f"at sizes of {AWAY} the derivatives give a slope of {said}", None)] if said else []


def refuted(subject: Subject, signature: Signature, chosen: Mapping[str, int]) -> list[Falsehood]:
    """A text that the machine does not follow, or that has no value, is false if CPython does not run it either."""
    for seed in range(CALLS):
        raised = _raised(subject, signature, chosen, seed)
        if raised is None or raised.is_of_numbers or isinstance(raised.error, IndexError):
            continue
        return [
            Falsehood(
                raised.function, str(raised), raised.line or signature.line_of(raised.function), signature.source_line
            )
        ]
    for seed in range(2):
        said = _wrong_slope(subject, signature, chosen, seed)
        if said:
            return [_of(signature, f"the derivatives give a slope of {said}", None)]
    return []


def _wrong_slope(subject: Subject, signature: Signature, chosen: Mapping[str, int], seed: int = 0) -> str:
    """Where the derivatives that CPython gets are not slopes; empty where they are, or it gets none."""
    if signature.derivative is None or signature.is_detached:
        return ""
    trial = _trial(subject, signature, chosen, seed)
    with suppress(Raised, *FAILURES):
        return trial.wrong_slope() if trial is not None else ""
    return ""


def _of(signature: Signature, what: str, line: int | None) -> Falsehood:
    name = signature.derivative or signature.name
    return Falsehood(name, what, line or signature.line_of(name), signature.source_line)


def _raised(subject: Subject, signature: Signature, chosen: Mapping[str, int], seed: int = 0) -> Raised | None:
    """What CPython raises in a function or its derivative, on random doubles."""
    trial = _trial(subject, signature, chosen, seed)
    try:
        if trial is not None:
            trial.run()
    except Raised as raised:
        return raised
    except FAILURES:
        pass
    return None


def _trial(subject: Subject, signature: Signature, chosen: Mapping[str, int], seed: int = 0) -> Trial | None:
    """What CPython is called with at some sizes; None where it is not at hand, or a size is not known."""
    if subject.namespace is None:
        return None
    try:
        integers = next(instances.integer_choices(signature, chosen))
        parameters = subject.parameters(chosen) if signature.takes_params else {}
        return Trial(
            subject.namespace, signature, chosen, integers, parameters, subject.seed + seed, wide=seed % 2 == 1
        )
    except (*FAILURES, NotRun, reading.UnknownSize):
        return None
