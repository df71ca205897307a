"""The report of a verification: what was found, and how a reader sees it.

>>> Report("f.mg", ()).ok
True
"""

from __future__ import annotations

from dataclasses import dataclass

from mgc.compiler.verify.findings import Findings


@dataclass(frozen=True, slots=True)
class Report(Findings):
    """What was found, as text, JSON and a page."""

    def json(self) -> str:
        """The report as one JSON object; docs/verification.md has its members."""
        import json

        from mgc.compiler.verify.report.record import record

        return json.dumps(record(self), indent=2, allow_nan=False)

    def __str__(self) -> str:
        from mgc.compiler.verify.report.rendering import text

        return text(self)

    def __repr__(self) -> str:
        from mgc.compiler.verify.report.rendering import summary

        return f"<Report {summary((self,))}>"

    def _repr_html_(self) -> str:
        from mgc.compiler.verify.report.webpage import html

        return html(self)
