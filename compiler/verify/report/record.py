"""A verification report -> what JSON can hold: NaN and the infinities, which JSON lacks, are strings.

>>> record(Findings("f.mg", ()))["ok"]
True
>>> plain((1.5, float("nan"), None))
[1.5, 'nan', None]
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from mgc.compiler.verify.findings import Findings, FunctionReport, Row

Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


def record(report: Findings) -> dict[str, Json]:
    """The fields of the report, with each verdict beside the status that was claimed."""
    return {
        "path": report.path,
        "ok": report.ok,
        "functions": [_function(function) for function in report.functions],
        "helpers": [_row(row) for row in report.helpers],
        "of_helpers": plain(report.of_helpers),
        "notes": plain(report.notes),
        "seconds": plain(report.seconds),
    }


def _function(function: FunctionReport) -> dict[str, Json]:
    fields = {name: plain(getattr(function, name)) for name in _names(function)}
    return {**fields, "verdict": function.verdict, "rows": [_row(row) for row in function.rows]}


def _row(row: Row) -> dict[str, Json]:
    return {**{name: plain(getattr(row, name)) for name in _names(row)}, "verdict": row.verdict}


def _names(data: FunctionReport | Row) -> list[str]:
    return [field.name for field in dataclasses.fields(data)]


def plain(value: object) -> Json:
    """Numbers, text, tuples and dataclasses as JSON has them; 'nan', 'inf' and '-inf' for what it lacks."""
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    assert isinstance(value, Sequence)
    return [plain(item) for item in value]
