"""The report of a verification: what was found, and how a reader sees it; JSON lacks NaN and the infinities.

>>> Report("f.mg", ()).ok, record(Report("f.mg", ()))["ok"]
(True, True)
>>> plain((1.5, float("nan"), None))
[1.5, 'nan', None]
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from msgspec import Struct

from mgc.compiler.verify.findings import Findings, FunctionReport, Row
from mgc.compiler.verify.report.rendering import summary, text
from mgc.compiler.verify.report.webpage import html

Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


class Report(Findings, frozen=True):
    """What was found, as text, JSON and a page."""

    def json(self) -> str:
        """The report as one JSON object; docs/verification.md has its members."""
        return json.dumps(record(self), indent=2, allow_nan=False)

    def __str__(self) -> str:
        return text(self)

    def __repr__(self) -> str:
        return f"<Report {summary((self,))}>"

    def _repr_html_(self) -> str:
        return html(self)


def record(report: Findings) -> dict[str, Json]:
    """The fields of the report, with each verdict beside the status that was claimed."""
    members = ("path", "ok", "functions", "helpers", "of_helpers", "notes", "seconds")
    return {name: plain(getattr(report, name)) for name in members}


def plain(value: object) -> Json:
    """Numbers, text, tuples and structs as JSON has them; 'nan', 'inf' and '-inf' for what it lacks."""
    if isinstance(value, Struct):
        names = list(value.__struct_fields__)
        names += ["verdict"] if isinstance(value, FunctionReport | Row) else []
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    assert isinstance(value, Sequence)
    return [plain(item) for item in value]
