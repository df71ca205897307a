"""Would a text be right with one statement changed? The changed text has to pass the checks that are made of any text,
at the sizes and integers of the run that showed it false, and at others."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator

from mgc.compiler.verify import clock
from mgc.compiler.verify.blame.edits import Edits
from mgc.compiler.verify.certificate import Prover
from mgc.compiler.verify.equal.points import Samples
from mgc.compiler.verify.text import instances, reading, sizes
from mgc.compiler.verify.text.instances import FAILURES, Instance
from mgc.compiler.verify.trace.values import NotRun

STEPS = 600_000  # for one change; what is not checked in them at other sizes is left
OTHERS = 2  # sizes


def confirmed(edits: Edits, deadline: int, line: int, code: str) -> bool:
    """Whether nothing is found false of the text in which the statement of a line reads `code`."""
    own = False
    end = min(max(deadline, clock.now() + STEPS // 2), clock.now() + STEPS)
    with contextlib.suppress(clock.OutOfWork), clock.until(end):
        instance = edits.run(line, code)
        own = instance is not None and _is_right(instance, end)
        if own:
            return all(_is_right(one, end) for one in _others(edits, line, code))
    return own


def _others(edits: Edits, line: int, code: str) -> Iterator[Instance]:
    """The changed text at other sizes, and with other integers."""
    tree, signature = edits.changed(line, code), edits.instance.signature
    assert tree is not None
    own = (signature.name, signature.derivative)
    written = [node for node in tree.body if getattr(node, "name", "") in own]
    integers = [argument.name for argument in signature.arguments if argument.dtype == "int"]
    names = list(edits.instance.sizes)
    for chosen in itertools.islice(sizes.choices(names), OTHERS):
        try:
            first = instances.attempt(tree, signature, chosen, edits.parameters, edits.primitives)
            yield first
            asked = sizes.compared(integers, *written)
            yield from instances.others(tree, signature, first, edits.parameters, edits.primitives, asked)
        except (NotRun, RecursionError, reading.UnknownSize, *FAILURES):
            continue


def _is_right(instance: Instance, deadline: int) -> bool:
    """Whether nothing is found false of one run."""
    if instance.misshapen or len(instance.again) != len(instance.value):
        return False
    slopes = [slope for pairs in instance.gradients.values() for _, slope in pairs]
    prover = Prover(instance, Samples(instance.symbols(), instance.computed(), 0, slopes), deadline, first=True)
    pairs = zip(instance.again, instance.value, strict=True)
    if any(prover.equal(again, plain)[0] == "false" for again, plain in pairs):
        return False
    claims = prover.claims()
    return not instance.misshapen and all(claim.status != "false" for claim in claims)
