"""The table of delicate points, numbers.json -> docs/numbers.md; run as a script, it rewrites that page.

A row of numbers.json is an expression, its arguments, a point, and the value and derivatives there. `bare` is
what bare Python does instead: "raises" already for the value, or only in the "gradient"; or its own value and
derivatives.

>>> ROWS[0].expression
'sqrt(x) if x > 0 else 0'
"""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from mgc.compiler.language import library
from support.samples import SAMPLES

DATA = Path(__file__).parents[1] / "compiler" / "emit" / "numbers.json"
PAGE = Path(__file__).parents[2] / "docs" / "numbers.md"
OPERATORS = {"x / y": "div", "x % y": "mod", "x**y": "pow"}

Number = float | list[float]


class Expected(Struct, frozen=True):
    value: float
    derivatives: tuple[Number, ...]


class Row(Struct, frozen=True):
    section: str
    arguments: tuple[str, ...]
    expression: str
    at: tuple[Number, ...]
    ieee: Expected
    bare: Expected | Literal["raises", "gradient"]
    note: str

    def __str__(self) -> str:
        return f"{self.expression} at {point(self)}"


def number(written: str | list[str]) -> Number:
    return [float(entry) for entry in written] if isinstance(written, list) else float(written)


def expected(row: dict[str, Any]) -> Expected:
    return Expected(float(row["value"]), tuple(number(slope) for slope in row["derivatives"]))


def read(row: dict[str, Any]) -> Row:
    arguments = tuple(row["arguments"].split(", "))
    ieee = expected(row)
    bare = row.get("bare", ieee)
    if isinstance(bare, dict):
        bare = expected(bare)
    return Row(
        row["section"],
        arguments,
        row["expression"],
        tuple(map(number, row["at"])),
        ieee,
        bare,
        row.get("note", ""),
    )


ROWS: tuple[Row, ...] = tuple(read(row) for row in json.loads(DATA.read_text()))


# --- as the documentation shows it


def short(value: Number) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(short, value)) + "]"
    return repr(value).removesuffix(".0")


def point(row: Row) -> str:
    names = (argument.partition("[")[0] for argument in row.arguments)
    return ", ".join(f"{name} = {short(value)}" for name, value in zip(names, row.at, strict=True))


def answer(exact: Expected) -> tuple[str, str]:
    return short(exact.value), ", ".join(map(short, exact.derivatives))


@cache
def domain(expression: str) -> str:
    """The domain that ops.mg gives the one operation of `expression`, or nothing."""
    call = re.fullmatch(r"(\w+)\([a-z, ]*\)", expression)
    declared = library.lookup(call[1] if call else OPERATORS.get(expression, ""))
    found = getattr(declared and declared.declaration, "domain", None)
    if declared is None or found is None:
        return ""
    line = declared.file.source.splitlines()[found.span.line - 1]
    return f"`{line[found.span.column - 1 : found.span.end_column - 1]}`"


def remarks(row: Row) -> str:
    match row.bare:
        case "raises":
            bare = "bare Python raises"
        case "gradient":
            bare = "bare Python raises in the gradient"
        case row.ieee:
            bare = ""
        case other:
            bare = "bare Python: " + " and ".join(answer(other))
    return "; ".join(part for part in (row.note, bare) if part)


def line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


HEAD = "expression", "domain", "at", "value", "derivatives", "remarks"


def delicate_points() -> str:
    parts = []
    for section, rows in groupby(ROWS, key=lambda row: row.section):
        parts += [f"\n### {section}\n", line(*HEAD), line(*len(HEAD) * ["---"]), *map(table_row, rows)]
    return "\n".join(parts) + "\n"


def table_row(row: Row) -> str:
    return line(f"`{row.expression}`", domain(row.expression), point(row), *answer(row.ieee), remarks(row))


def accuracy() -> str:
    parts = [line("operation", "value", "derivatives", "with `--accurate`"), line(*4 * ["---"])]
    for name, allowed in SAMPLES.items():
        bounds = (allowed.value_ulp, allowed.slope_ulp, allowed.accurate_ulp)
        scales = (allowed.value_scale, allowed.slope_scale, allowed.accurate_scale)
        cells = [
            f"{bound:g}" + (f" of {scale:g}" if scale else "") for bound, scale in zip(bounds, scales, strict=True)
        ]
        parts.append(line(f"`{name}`", *cells[:2], cells[2] if cells[2] != cells[1] else ""))
    return "\n".join(parts) + "\n"


def page(text: str) -> str:
    """`text` with what stands between its markers made anew."""
    for marker, table in (("points", delicate_points()), ("accuracy", accuracy())):
        begin, end = f"<!-- {marker}: tests/support/numbers_table.py writes this -->\n", f"<!-- end of {marker} -->"
        head, _, rest = text.partition(begin)
        text = head + begin + table + end + rest.partition(end)[2]
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
