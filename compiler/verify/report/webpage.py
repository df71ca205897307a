"""A verification report -> a piece of HTML for a notebook: small, self-contained, readable on light and on dark.

>>> print(html(Findings("<b>.mg", ())).splitlines()[-3])
<p><code>&lt;b&gt;.mg</code></p>
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from mgc.compiler.verify.findings import Falsehood, Findings, FunctionReport, Row, Status
from mgc.compiler.verify.report import rendering

# The page's own colours are kept; a verdict is white on a colour that stands out from white and from black.
STYLE = """<style>
.mgc-report {font-size: 13px; line-height: 1.45; overflow-x: auto}
.mgc-report h4 {margin: 0.8em 0 0.2em; font-size: 13px}
.mgc-report table {border-collapse: collapse; margin: 0.3em 0; font-size: inherit; color: inherit}
.mgc-report th, .mgc-report td {padding: 1px 8px; text-align: left; white-space: nowrap}
.mgc-report th {border-bottom: 1px solid rgba(128, 128, 128, 0.6); font-weight: 600}
.mgc-report td.number {font-family: monospace}
.mgc-report .number {text-align: right}
.mgc-report .role {font-style: italic}
.mgc-report pre {margin: 0.4em 0; padding: 0.4em 0.8em; border-left: 3px solid #b42318}
.mgc-report pre {background: none; color: inherit}
.mgc-report p {margin: 0.1em 0}
.mgc-report .verdict {border-radius: 3px; padding: 0 6px; color: #fff; font-weight: 600}
.mgc-report .proved {background: #1a7f37}
.mgc-report .tested {background: #0b69b7}
.mgc-report .not-checked {background: #8a6100}
.mgc-report .false {background: #b42318}
</style>"""
MAX_ROWS = 400  # of a table: a browser scrolls


def html(report: Findings) -> str:
    """The report; everything that comes from a file is escaped."""
    return "\n".join(["<div class='mgc-report'>", STYLE, *_body(report), "</div>"])


def _body(report: Findings) -> Iterator[str]:
    yield f"<p><code>{_text(report.path)}</code></p>"
    for function in report.functions:
        yield from _function(function, report)
    if report.helpers:
        yield "<h4>helper functions of the file</h4>"
        yield from _rows(report.helpers)
        yield from _errors(report.of_helpers, report)
    yield from _paragraphs(f"note: {note}" for note in report.notes)
    yield f"<p>{_badge('false') if report.is_false else ''} {_text(rendering.summary((report,)))}</p>"


def _function(function: FunctionReport, report: Findings) -> Iterator[str]:
    yield f"<h4>{_badge(function.verdict)} {_text(rendering.title(function))}</h4>"
    yield from _paragraphs(rendering.remarks(function))
    yield from _rows(function.rows)
    yield from _paragraphs(rendering.limited(rendering.kink_lines(function.kinks), False, "kinks"))
    yield from _paragraphs(f"note: {note}" for note in function.notes)
    yield from _errors(function.falsehoods, report)


def _errors(falsehoods: Sequence[Falsehood], report: Findings) -> Iterator[str]:
    for found in falsehoods[: rendering.MAX_ROWS]:
        yield f"<pre>{escape(rendering.falsehood_text(found, report.path, report.options))}</pre>"


def _rows(rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        return
    table = rendering.table(rows[:MAX_ROWS])
    marks = [" class='number'" if place in table.numeric else "" for place in range(len(table.headings))]
    status = table.headings.index("status")
    yield "<table>"
    yield _line("th", marks, [escape(heading) for heading in table.headings])
    for verdict, cells in zip(table.verdicts, table.rows, strict=True):
        shown = [escape(cell) for cell in cells]
        if verdict is None:
            yield f"<tr><td class='role' colspan='{len(cells)}'>{shown[0]}</td></tr>"
            continue
        shown[status] = _badge(verdict, cells[status])
        yield _line("td", marks, shown)
    yield "</table>"
    if len(rows) > MAX_ROWS:
        yield f"<p>… and {len(rows) - MAX_ROWS} more: {rendering.counted(rows[MAX_ROWS:])}</p>"
    yield from _paragraphs(rendering.row_notes(rows))


def _line(tag: str, marks: Sequence[str], cells: Sequence[str]) -> str:
    inner = "".join(f"<{tag}{mark}>{cell}</{tag}>" for mark, cell in zip(marks, cells, strict=True))
    return f"<tr>{inner}</tr>"


def _badge(status: Status, said: str = "") -> str:
    kind = status.replace(" ", "-")
    return f"<span class='verdict {kind}'>{escape(said or rendering.VERDICTS[status])}</span>"


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"<p>{_text(line)}</p>"


def _text(line: str) -> str:
    return escape(rendering.shown(line))
