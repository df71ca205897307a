"""What the sizes and integers of one function have shown -> the report on it.

>>> "too much work" in too_much((), {})
True
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    ran: int = 0
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
    renamed = agreement.renamed(signature)
    if renamed:
        found.notes.append(renamed)
    reordered = agreement.reordered(signature) if subject.module is None else ""
    if reordered:
        found.status = worst(found.status, "not checked")
        found.notes.append(reordered)
    if signature.is_detached and subject.file is None:
        found.notes.append(
            "not checked: its derivatives stop where the model says detach, and are not those of its value"
        )
    if signature.derivative is None and subject.file is None and not found.falsehoods:
        found.status = "not checked"
        found.notes.append("not checked: it has no derivative, and its source is not at hand")
    for reason, said in found.undefined.items():
        found.notes.append(f"not defined at {'; '.join(said)} ({reason})")
    if found.untried:
        found.notes.append(f"the sizes above took all the work, and not tried are: {'; '.join(found.untried)}")
    if not found.ran and found.status == "proved":
        found.status = "not checked"
        found.notes.append("not checked: no sizes were found that the function accepts")
    if signature.derivative is not None and not any(found.claims.values()) and found.status in ("proved", "tested"):
        found.status = "not checked"
        found.notes.append("not checked: it has a derivative, and there was none to compare at any size")
    for line, condition, holds in found.arms.unreachable():
        always = "never true" if holds else "always true"
        found.notes.append(f"emitted line {line} has an arm that is never reached: `{condition}` is {always} there")
    for line, happens in sorted(found.untaken.items()):
        found.notes.append(f"emitted line {line} has an arm of which no point was found: none at which {happens}")
    if subject.sizes(signature) or any(argument.dtype == "int" for argument in signature.arguments):
        for line, happens in found.arms.left_out():
            found.notes.append(f"emitted line {line}: at none of the sizes and integers that were run {happens}")
            found.status = worst(found.status, "tested")
    for status in ("tested", "not checked", "false"):
        given = [name for name, known in subject.taken(signature) if known == status]
        if given:
            found.notes.append(f"given {', '.join(given)}, which {'is' if len(given) == 1 else 'are'} {status}")
            if status != "tested":  # of special functions no more can be had, and the note says so
                found.status = worst(found.status, status)


def reported(subject: Subject, signature: Signature, found: Found, seconds: float) -> FunctionReport:
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
