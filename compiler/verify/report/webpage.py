"""A verification report -> a piece of HTML for a notebook: small, self-contained, readable on light and on dark.

>>> print(html(Findings("<b>.mg", ())).splitlines()[-3])
<p><code>&lt;b&gt;.mg</code></p>
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from mgc.compiler.verify.findings import Findings, Status
from mgc.compiler.verify.report import rendering
from mgc.grammar.diagnostics import printable

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
.mgc-report pre {margin: 0.4em 0; padding: 0.4em; border-left: 3px solid #b42318; background: none; color: inherit}
.mgc-report p {margin: 0.1em 0}
.mgc-report .verdict {border-radius: 3px; padding: 0 6px; color: #fff; font-weight: 600}
.mgc-report .proved {background: #1a7f37}
.mgc-report .tested {background: #0b69b7}
.mgc-report .not-checked {background: #8a6100}
.mgc-report .false {background: #b42318}
</style>"""


def html(report: Findings) -> str:
    """The report; everything that comes from a file is escaped."""
    path, *blocks = rendering.blocks(report, every=True)
    assert isinstance(path, rendering.Text)
    inside = [f"<p><code>{escape(path.text)}</code></p>", *(line for block in blocks for line in _block(block))]
    return "\n".join(["<div class='mgc-report'>", STYLE, *inside, "</div>"])


def _block(block: rendering.Block) -> Iterator[str]:
    match block:
        case rendering.Heading(verdict, said):
            yield f"<h4>{_badge(verdict)} {escape(printable(said))}</h4>"
        case rendering.Table():
            yield from _table(block)
        case rendering.Text(said, "excerpt"):
            yield f"<pre>{escape(said)}</pre>"
        case rendering.Text(said) if said:
            yield f"<p>{escape(printable(said))}</p>"


def _table(table: rendering.Table) -> Iterator[str]:
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


def _line(tag: str, marks: Sequence[str], cells: Sequence[str]) -> str:
    inner = "".join(f"<{tag}{mark}>{cell}</{tag}>" for mark, cell in zip(marks, cells, strict=True))
    return f"<tr>{inner}</tr>"


def _badge(status: Status, said: str = "") -> str:
    kind = status.replace(" ", "-")
    return f"<span class='verdict {kind}'>{escape(said or rendering.VERDICTS[status])}</span>"
