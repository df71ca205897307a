"""A verification report -> text: a verdict and a table for each function, what is false as a compiler tells it.

>>> row = Row("x", "argument", "proved", "symbolic", 2.0, 4.0, 4.0, 4.0, 0.0)
>>> f = FunctionReport("f", "proved", "proved", "", "proved", (row,), (), (), ("n = 3",), (), 0.0)
>>> print(text(Findings("f.mg", (f,))))
f.mg
<BLANKLINE>
PROVED  f for n = 3 and every value: 1 derivative (0.0 s)
  the value is what the source says: proved
  the forward half of the derivative's function is the function: proved
  variable  status  method    value  emitted  symbolic  difference  ulp
  x         proved  symbolic      2        4         4           4    0
<BLANKLINE>
f.mg: 1 function: 1 proved; 1 derivative: 1 proved; nothing false; 0.0 s
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from msgspec import Struct

from mgc.compiler.text_table import plain_table
from mgc.compiler.verify.findings import (
    NO_ADJOINT,
    NOISE,
    STATUSES,
    Falsehood,
    Findings,
    FunctionReport,
    Kink,
    Row,
    Status,
)
from mgc.grammar.diagnostics import printable

VERDICTS: dict[Status, str] = {
    "proved": "PROVED", "tested": "tested", "not checked": "NOT CHECKED", "false": "FALSE",
}  # fmt: skip
HEADINGS = ("variable", "entries", "worst", "status", "method", "value", "emitted", "symbolic", "difference", "ulp")
NUMERIC = frozenset({"entries", "value", "emitted", "symbolic", "difference", "ulp"})
ROLES = ("parameter", "argument", "intermediate")
MAX_ROWS = 40  # of a function's table, kinks or falsehoods, unless all are asked for
MAX_CELL = 36  # characters
MAX_LINE = 400  # characters of a message, and of a line of code, which is of no use in part
MAX_STATEMENT = 6  # lines of one
ELSEWHERE = "false at other numbers than these: at other sizes, on an edge or on one path"
WIDTH = 120  # of running text, where nothing is narrower
INDENT = "  "


class Heading(Struct, frozen=True):
    """The line that opens a function: its verdict, and what it is said of."""

    verdict: Status
    text: str


class Table(Struct, frozen=True):
    """Cells as text. `verdicts` has that of each row; None for a row that only names the role of those below it."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    verdicts: tuple[Status | None, ...]
    numeric: frozenset[int]


class Text(Struct, frozen=True):
    """A line, a paragraph below a heading, or what is false: lines that stay as they are."""

    text: str
    kind: Literal["line", "remark", "excerpt"] = "line"


Block = Heading | Table | Text


def text(report: Findings, *, every: bool = False, tables: bool = True) -> str:
    """The report as plain text: a line for each function, its table, and what there is to say.

    `every` row, or the first ones and those that are worst; without `tables` only of what is false.
    """
    return "\n".join(map(spelled, blocks(report, every=every, tables=tables)))


def spelled(block: Block, width: int = WIDTH) -> str:
    """A block as plain text, running text in lines of that `width`."""
    match block:
        case Heading(verdict, said):
            return textwrap.fill(f"{VERDICTS[verdict]}  {said}", width, subsequent_indent=INDENT * 2)
        case Table(headings, rows, _, numeric):
            return textwrap.indent(plain_table(headings, rows, numeric), INDENT)
        case Text(said, "remark"):
            return textwrap.fill(printable(said), width, initial_indent=INDENT, subsequent_indent=INDENT * 2)
        case Text(said):
            return said


def blocks(report: Findings, *, every: bool = False, tables: bool = True) -> Iterator[Block]:
    """What a reader meets, in order: each piece of text is one line or several, safe to show in a terminal."""
    yield from (Text(printable(report.path)), Text(""))
    for function in report.functions:
        yield Heading(function.verdict, title(function))
        if tables or function.verdict == "false":
            yield from _remarks(remarks(function))
            yield from _table(function.rows, every)
            yield from _remarks(limited(kink_lines(function.kinks), every, "kinks"))
        elif function.verdict == "not checked":
            yield from _remarks(reasons(function))
        yield from _remarks(f"note: {note}" for note in function.notes)
        yield from _falsehoods(function.falsehoods, report, every)
        yield Text("")
    if report.helpers and (tables or report.of_helpers):
        yield Text("helper functions of the file")
        yield from _table(report.helpers, every)
        yield from _falsehoods(report.of_helpers, report, every)
        yield Text("")
    yield from _remarks(f"note: {note}" for note in report.notes)
    yield Text(summary((report,)))


def _remarks(said: Iterable[str]) -> Iterator[Block]:
    return (Text(one, "remark") for one in said)


def _falsehoods(falsehoods: Iterable[Falsehood], report: Findings, every: bool) -> Iterator[Block]:
    for said in limited([falsehood_text(one, report.path, report.options) for one in falsehoods], every, "errors"):
        yield from (Text(""), Text(said, "excerpt"))


def limited(lines: Sequence[str], every: bool, what: str) -> list[str]:
    if every or len(lines) <= MAX_ROWS:
        return list(lines)
    return [*lines[:MAX_ROWS], f"… and {len(lines) - MAX_ROWS} more {what} (--all shows them)"]


# --- a function


def title(function: FunctionReport) -> str:
    """`loss for n = 3, 4, 1 and every value: 337 derivatives (0.3 s)`."""
    count = sum(row.count for row in function.rows if row.role != "intermediate")
    claim = f": {_plural(count, 'derivative')}" if count else ""
    at = _sizes(function.sizes)
    what = f" for {at} and every value" if at else " for every value"
    said = f"{function.name}{what if function.verdict == 'proved' else f' at {at}' if at else ''}{claim}"
    return f"{cut(said, MAX_LINE)} ({function.seconds:.1f} s)"


def _sizes(sizes: Sequence[str]) -> str:
    """`n = 3, 4, 1` of one name, `n = 3, d = 2; n = 4, d = 6` of several."""
    pairs = [one.split(" = ") for one in sizes]
    if all(len(pair) == 2 and pair[0] == pairs[0][0] for pair in pairs):
        return f"{pairs[0][0]} = {', '.join(size for _, size in pairs)}" if pairs else ""
    return "; ".join(sizes)


def remarks(function: FunctionReport) -> Iterator[str]:
    """What is claimed of the function besides its derivatives."""
    note = f" ({function.faithful_note})" if function.faithful_note else ""
    yield f"the value is what the source says: {function.faithful}{note}"
    if function.rows:
        yield f"the forward half of the derivative's function is the function: {function.consistent}"


def reasons(function: FunctionReport) -> list[str]:
    """What is not checked and why, where no table shows it: `t: no point was found where it has a value`."""
    unchecked = [row for row in function.rows if row.verdict == "not checked" and row.role != "intermediate"]
    return _by_reason((row.method, row.variable) for row in unchecked if row.method)


def _by_reason(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Each reason once, after the variables that have it."""
    found: dict[str, list[str]] = {}
    for reason, variable in pairs:
        found.setdefault(reason, []).append(variable)
    more = {reason: f" and {len(names) - 4} more" if len(names) > 4 else "" for reason, names in found.items()}
    return [f"{', '.join(names[:4])}{more[reason]}: {reason}" for reason, names in found.items()]


def kink_lines(kinks: Iterable[Kink]) -> list[str]:
    """A line for each kink, the same once: `line 11: at a kink, h = 0: derivative by h one-sided 0 and 1; …`."""
    return list(dict.fromkeys(map(_kink_line, kinks)))


def _kink_line(kink: Kink) -> str:
    place = f"line {kink.source_line}" if kink.source_line is not None else f"emitted line {kink.line}"
    sides = f"derivative by {kink.variable} one-sided {' and '.join(kink.one_sided)}"
    return f"{place}: at a kink, {kink.condition}: {sides}; convention {kink.convention}"


# --- what is false


def falsehood_text(found: Falsehood, path: str, options: str = "") -> str:
    """The falsehood as a compiler shows an error: place, statement, what it should be; `options` of `mgc compile`."""
    is_emitted = path.endswith(".py")  # its lines are those of the emitted text
    line = found.line if is_emitted else found.source_line
    place = printable(path) if line is None else f"{printable(path)}:{line}"
    said = found.what if found.what.startswith(found.function) else f"{found.function}: {found.what}"
    lines = [f"{place}: error: {cut(said, MAX_LINE)}", *_excerpt(found)]
    lines += [f"      | should be: {line}" for line in _statement(textwrap.dedent(found.expected))]
    if found.found or found.wanted:
        numbers = f"found {found.found or '-'}, should be {found.wanted or '-'}"
        lines += [f"      | {cut(numbers, MAX_LINE)}"]
    if found.where:
        more = " (--json has all of it)" if len(printable(found.where)) > MAX_LINE else ""
        lines += [f"      | at {cut(found.where, MAX_LINE)}{more}"]
    if found.within is not None:
        first, last = found.within
        inside = f"in line {first}" if first == last else f"somewhere in lines {first} to {last}"
        lines.append(f"      = the mistake is {inside}")
    if is_emitted and found.source_line is not None:
        lines.append(f"      = from line {found.source_line} of the model")
    elif not is_emitted and found.line is not None:
        command = f"mgc compile {printable(path)} {options}".rstrip()
        lines.append(f"      = line {found.line} is of the emitted Python: {command}")
    return "\n".join(lines)


def _excerpt(found: Falsehood) -> list[str]:
    lines = _statement(found.statement)
    if found.within is not None:
        return [f"{number:>5} | {line}" for number, line in enumerate(lines, found.within[0])]
    number = "" if found.line is None else str(found.line)
    marked = [f"{'' if at else number:>5} | {line}" for at, line in enumerate(lines)]
    if len(lines) == 1:
        start = len(lines[0]) - len(lines[0].lstrip())
        marked.append(f"      | {' ' * start}{'^' * (len(lines[0]) - start)}")
    return marked


def _statement(code: str) -> list[str]:
    lines = [cut(line.rstrip(), MAX_LINE) for line in code.splitlines() if line.strip()]
    return lines if len(lines) <= MAX_STATEMENT else [*lines[:MAX_STATEMENT], "…"]


# --- the table


def _table(rows: Sequence[Row], every: bool) -> Iterator[Block]:
    """Every row, or the worst in their order: then results before intermediates."""
    worst = rows if every else sorted(rows, key=_rank)[:MAX_ROWS]
    kept, hidden = ([row for row in rows if (row in worst) is here] for here in (True, False))
    if not kept:
        return
    yield table(kept)
    if hidden:
        yield Text(f"… and {_plural(len(hidden), 'row')} more: {counted(hidden)} (--all shows them)", "remark")
    yield from _remarks(row_notes(kept))


def _rank(row: Row) -> tuple[int, bool, float]:
    error = math.inf if row.ulp is None or math.isnan(row.ulp) else row.ulp
    return -STATUSES.index(row.verdict), row.role == "intermediate", -error


def table(rows: Sequence[Row]) -> Table:
    """The rows as text, under the name of their role where there are several; an empty column is left out."""
    several = len({row.role for row in rows}) > 1
    lines: list[tuple[Status | None, tuple[str, ...]]] = []
    for role in ROLES:
        group = [row for row in rows if row.role == role]
        if group and several:
            lines.append((None, (f"{role}s:", *[""] * (len(HEADINGS) - 1))))
        lines += [(row.verdict, _cells(row)) for row in group]
    kept = [column for column in range(len(HEADINGS)) if any(cells[column] not in ("", "-") for _, cells in lines)]
    if all(row.count == 1 for row in rows):
        kept.remove(HEADINGS.index("entries"))
    headings, *cells = (tuple(line[column] for column in kept) for line in (HEADINGS, *(line for _, line in lines)))
    numeric = frozenset(place for place, heading in enumerate(headings) if heading in NUMERIC)
    return Table(headings, tuple(cells), tuple(verdict for verdict, _ in lines), numeric)


def _cells(row: Row) -> tuple[str, ...]:
    is_noise = row.symbolic is not None and row.emitted == 0 and 0 < abs(row.symbolic) < NOISE  # the last of 50 digits
    return (
        *(cut(row.variable, MAX_CELL), str(row.count), cut(entry(row), MAX_CELL) or "-"),
        row.status if row.status == row.verdict else "false: NaN",
        cut(row.method, MAX_CELL) or "-",
        *(_number(row.value, 6), _number(row.emitted, 9), _number(0.0 if is_noise else row.symbolic, 9)),
        *(_number(row.difference, 9), _number(None if is_noise else row.ulp, 3)),
    )


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}g}"


def entry(row: Row) -> str:
    """The place of the entry that the numbers of an array are of: `[3][1]`, where the note names it."""
    place = row.note.removeprefix(row.variable)
    return place if place != row.note and re.fullmatch(r"(\[\d+\])+", place) else ""


def row_notes(rows: Iterable[Row]) -> list[str]:
    """The notes of the rows, and methods too long for the table, each said once."""
    notes: list[tuple[str, str]] = []
    for row in rows:
        is_equal = row.status == "false" and _number(row.emitted, 9) == _number(row.symbolic, 9) != "-"
        said = ("" if entry(row) else row.note, row.method if len(row.method) > MAX_CELL else "", ELSEWHERE * is_equal)
        notes += [(one, row.variable) for one in said if one]
    return _by_reason(notes)


def summary(reports: Sequence[Findings]) -> str:
    """One line that counts: `moons.mg: 3 functions: 3 proved; 347 derivatives: 347 proved; 9 inside: 9 tested; …`.

    Those by intermediates stand apart, *inside*: a function's verdict is that of what it returns.
    """
    functions = [function for report in reports for function in report.functions]
    rows = [row for function in functions for row in function.rows if row.note != NO_ADJOINT]
    returned = [row for row in rows if row.role != "intermediate"]
    inside = [row for row in rows if row.role == "intermediate"]
    derivatives = _plural(sum(row.count for row in returned), "derivative")
    parts = [
        f"{_plural(len(functions), 'function')}: {counted(functions)}",
        f"{derivatives}: {counted(returned)}" if returned else "no derivatives",
        *([f"{sum(row.count for row in inside):,} inside: {counted(inside)}"] if inside else []),
        "FALSE" if any(report.is_false for report in reports) else "nothing false",
        f"{sum(report.seconds for report in reports):.1f} s",
    ]
    subject = printable(reports[0].path) if len(reports) == 1 else _plural(len(reports), "file")
    return f"{subject}: {'; '.join(parts)}"


def counted(parts: Iterable[FunctionReport | Row]) -> str:
    """`3 proved, 1 tested`: the words apart, and those that do not occur left out; a row counts all its entries."""
    counts = dict.fromkeys(STATUSES, 0)
    for part in parts:
        counts[part.verdict] += part.count if isinstance(part, Row) else 1
    return ", ".join(f"{count:,} {status}" for status, count in counts.items() if count) or "none"


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def cut(line: str, width: int) -> str:
    """The printable text, at most `width` characters of it."""
    safe = printable(line[: width + 1])
    return safe if len(safe) <= width else f"{safe[: width - 1]}…"
