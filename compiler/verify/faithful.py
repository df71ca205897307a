"""Whether the emitted function computes what its source means: the syntax tree's own meaning against the text's."""

from __future__ import annotations

from collections.abc import Sequence

from mgc.compiler.verify.blame.evidence import shown
from mgc.compiler.verify.certificate import Prover
from mgc.compiler.verify.equal.points import Samples
from mgc.compiler.verify.findings import Status, worst
from mgc.compiler.verify.reference.arrays import Misfit, Outside
from mgc.compiler.verify.reference.reference import meaning
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.instances import shape_in
from mgc.compiler.verify.text.reading import UnknownSize
from mgc.compiler.verify.text.subject import Subject
from mgc.compiler.verify.trace.values import flat


def faithful(subject: Subject, prover: Prover) -> tuple[Status, str]:
    """The status of `source = text` for every result, and how it was settled or why not.

    Errors: reading.UnknownSize, where a size is read off rows and there are none, or the source has no value at some
    sizes or integers.
    """
    instance = prover.instance
    try:
        meant = meaning(*subject.in_source(instance.signature, instance.inputs, instance.sizes))
    except RecursionError:
        return "not checked", "the source nests too deep"
    except (Misfit, ZeroDivisionError, terms.Undecided) as error:
        if isinstance(error, ZeroDivisionError | Outside) and _may_be_left(prover):
            raise UnknownSize("the source has no value") from None
        at = f" at {instance.said}" if instance.said else ""
        return "not checked", f"the source has no value{at}: {error}"
    wanted = [terms.term(number) for _, number in flat(meant)]
    if len(wanted) != len(instance.value):
        if not instance.value and 0 in instance.sizes.values():
            raise UnknownSize("a size of the result is not known")
        return "false", f"{len(instance.value)} numbers where the source has {len(wanted)}"
    shape = shape_in(meant)
    if shape != instance.shape and 0 not in instance.sizes.values():
        return "false", f"it has the shape {instance.shape} where the source has {shape}"
    if prover.is_nowhere and not Samples(instance.symbols(), wanted).first(1):
        raise UnknownSize("there it has a value at no point that was tried")
    return _compared(prover, wanted)


def _compared(prover: Prover, wanted: Sequence[Term]) -> tuple[Status, str]:
    """Errors: reading.UnknownSize."""
    status: Status = "proved"
    how = ""
    for mine, theirs in zip(prover.instance.value, wanted, strict=True):
        one, method = prover.equal(mine, theirs)
        if one == "false":
            at, found, expected = shown(prover, mine, theirs, prover.instance.signature.name)
            if expected == "nan" and _may_be_left(prover):
                raise UnknownSize("the source has no value everywhere")
            return "false", f"at {at}: {found} where the source has {expected}"
        if worst(one, status) != status or not how:
            how = method
        status = worst(status, one)
    return status, how or "no results"


def _may_be_left(prover: Prover) -> bool:
    """Whether the source may have no value here for what the text need not compute, as an index outside has none."""
    return prover.is_small or bool(prover.instance.integers)
