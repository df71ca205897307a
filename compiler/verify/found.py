"""What the sizes and integers of one function have shown -> the report on it.

>>> "too much work" in too_much((), {})
True
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from mgc.compiler.verify.called.judging import Tried
from mgc.compiler.verify.certificate import Claim
from mgc.compiler.verify.findings import ALONE, UNREACHED, Falsehood, FunctionReport, Kink, Row, Status, worst
from mgc.compiler.verify.numbers.numbers import Numbers
from mgc.compiler.verify.text import agreement
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.text.subject import Subject
from mgc.compiler.verify.unreachable import Arms
from mgc.grammar import tree


class Found(Struct):
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
    ran: int = 0  # sizes, the first of which are those of the table
    deadline: float = math.inf  # by `clock.now`: after it no further size is tried, and no algebra
    untaken: dict[int, str] = field(default_factory=dict)  # arms of derivatives that are tested, by their lines
    untried: list[str] = field(default_factory=list)
    called: Tried = field(default_factory=Tried)
    numbers: Numbers | None = None  # of the main sizes

    def leave_out(self, reason: str, said: str) -> None:
        """Of a size nothing is claimed; the first reason is the one that is told."""
        if not any(said in known for known in self.undefined.values()):
            self.undefined.setdefault(reason, []).append(said)


def conclude(subject: Subject, signature: Signature, found: Found) -> None:
    """What is said of all instances together."""
    for status, note in _remarks(subject, signature, found):
        found.status = worst(found.status, status)
        found.notes.append(note)


def _remarks(subject: Subject, signature: Signature, found: Found) -> Iterator[tuple[Status, str]]:
    """What a function is at best, and why; some is asked only of what is not known to be worse by then."""
    if renamed := agreement.renamed(signature):
        yield "proved", renamed
    if subject.module is None and (reordered := agreement.reordered(signature)):
        yield "not checked", reordered
    if signature.is_detached and subject.file is None:
        yield "proved", "not checked: its derivatives stop where the model says detach, and are not those of its value"
    if signature.derivative is None and subject.file is None and not found.falsehoods:
        yield "not checked", "not checked: it has no derivative, and its source is not at hand"
    for reason, said in found.undefined.items():
        yield "proved", f"not defined at {'; '.join(said)} ({reason})"
    if found.untried:
        yield "proved", f"the sizes above took all the work, and not tried are: {'; '.join(found.untried)}"
    if not found.ran and found.status == "proved":
        yield "not checked", "not checked: no sizes were found that the function accepts"
    if signature.derivative is not None and not any(found.claims.values()) and found.status in ("proved", "tested"):
        yield "not checked", "not checked: it has a derivative, and there was none to compare at any size"
    for line, condition, holds in found.arms.unreachable():
        always = "never true" if holds else "always true"
        yield "proved", f"emitted line {line} has an arm that is never reached: `{condition}` is {always} there"
    for line, happens in sorted(found.untaken.items()) if not found.falsehoods else ():
        yield "proved", f"emitted line {line} has an arm of which no point was found: none at which {happens}"
    if subject.sizes(signature) or any(argument.dtype == "int" for argument in signature.arguments):
        for line, happens in found.arms.left_out():
            yield "tested", f"emitted line {line}: at none of the sizes and integers that were run {happens}"
    if other := subject.rewritten(signature):
        yield "proved", f"not as mgc writes it, and run as it is written: {', '.join(other)}"
    if given := subject.taken(signature):  # of special functions no more than tests can be had
        yield "proved", f"given {', '.join(given)}, which {'is' if len(given) == 1 else 'are'} tested"


def reported(subject: Subject, signature: Signature, found: Found, seconds: float) -> FunctionReport:
    rows = []
    wrong = {one.variable for one in found.falsehoods}
    for row in found.rows:
        claims = found.claims.get(row.variable, []) if row.role != "intermediate" else []
        status = worst(row.status, *(claim.status for claim in claims))
        method = next((claim.method for claim in claims if claim.status == status), row.method)
        if row.role != "intermediate" and row.variable in wrong:
            status, method = "false", "differs where CPython calls it"
        rows.append(replace(row, status=status, method=method))
    shown = {row.variable for row in rows if row.role != "intermediate"}
    for name, claims in found.claims.items():
        if name not in shown and claims:
            status = worst(*(claim.status for claim in claims))
            rows.append(Row(name, "argument", status, claims[0].method, count=len(claims)))
    status = worst(found.status, *(row.status for row in rows if row.role != "intermediate"))
    return FunctionReport(
        signature.model,
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


def too_much(files: Sequence[tree.File], constants: Mapping[str, float]) -> str:
    """That it is too much work, and what makes it less: smaller sizes among the constants of the model."""
    declared = [one for file in files for one in file.declarations if isinstance(one, tree.Const)]
    values = {
        one.name: constants.get(one.name, one.value.value) for one in declared if isinstance(one.value, tree.Number)
    }
    found = {name: int(value) for name, value in values.items() if value > 2 and int(value) == value}
    if not found:
        return "too much work"
    said = ", ".join(f"{name} = {value}" for name, value in found.items())
    return f"too much work with {said}; smaller ones take less, as with --set {max(found, key=found.__getitem__)}=2"
