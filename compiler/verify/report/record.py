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
    members = ("path", "ok", "functions", "helpers", "of_helpers", "notes", "seconds")
    return {name: plain(getattr(report, name)) for name in members}


def plain(value: object) -> Json:
    """Numbers, text, tuples and dataclasses as JSON has them; 'nan', 'inf' and '-inf' for what it lacks."""
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
        names += ["verdict"] if isinstance(value, FunctionReport | Row) else []
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    assert isinstance(value, Sequence)
    return [plain(item) for item in value]
