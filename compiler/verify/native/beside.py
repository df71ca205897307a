"""The report on a function of emitted Python, with what calls of the emitted C beside it showed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mgc.compiler.module import Module
from mgc.compiler.verify.findings import FunctionReport
from mgc.compiler.verify.native.compared import compared
from mgc.compiler.verify.native.library import NotBuilt, built
from mgc.compiler.verify.text.reading import Signature
from mgc.compiler.verify.text.subject import Subject


def with_native(
    subject: Subject, signatures: Sequence[Signature], reports: Sequence[FunctionReport], module: Module
) -> tuple[FunctionReport, ...]:
    """`module` is what was emitted for C; where it cannot be built the functions are not checked."""
    try:
        library = built(module.text)
    except NotBuilt as error:
        note = f"not checked: the emitted C was not run, {error}"
        return tuple(replace(one, notes=(*one.notes, note), status="not checked") for one in reports)
    found = []
    for signature, report in zip(signatures, reports, strict=True):
        result = compared(subject, signature, module, library)
        if result.falsehood is None:
            found.append(replace(report, notes=(str(result), *report.notes)))
        else:
            told = (*report.falsehoods, result.falsehood)
            found.append(replace(report, falsehoods=told, status="false"))
    return tuple(found)
