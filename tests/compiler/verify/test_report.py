"""A report says what its data say: no NaN is hidden, no word stands for another, nothing from a file is believed."""

from __future__ import annotations

import json
import math
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec.structs import replace

from mgc.compiler.verify.findings import ALONE, STATUSES, Falsehood, FunctionReport, Kink, Row, Status
from mgc.compiler.verify.report import rendering
from mgc.compiler.verify.report.report import Report, record
from mgc.compiler.verify.report.webpage import html

NAN = math.nan
DOCUMENT = (Path(__file__).parents[3] / "docs" / "verification.md").read_text(encoding="utf-8")
ROWS = (
    Row("W", "parameter", "proved", "certificate", -0.73, 0.42, 0.42, 0.42, 0.0, count=32),
    Row("b", "parameter", "tested", "50 digits at 20 points", 0.0, 1 / 3, 1 / 3, 1 / 3, 1.0, note="not simplified"),
    Row("h", "intermediate", "not checked", "", note="not simplified"),
)
FOUND = Falsehood(
    "loss_value_and_grad",
    "dW1 is not the derivative of the result by score.linear1.W",
    line=57,
    source_line=11,
    statement="    dW1_i[j] -= dh_in * x[j]",
    expected="    dW1_i[j] += dh_in * x[j]",
    where="x[0] = 2",
    found="-0.25",
    wanted="0.25",
)
KINK = Kink(57, 11, "h_in = 0", "h_in", ("0", "1"), "relu'(0) = 0")
HOSTILE = "\x1b[31m<script>alert('&')</script>\u202e"


def function(name: str = "loss", status: Status = "proved", **changes: object) -> FunctionReport:
    plain = FunctionReport(name, status, "proved", "", "proved", (), (), (), (), (), 1.25)
    return replace(plain, **changes)


def report(*functions: FunctionReport, path: str = "f.mg", helpers: tuple[Row, ...] = ()) -> Report:
    return Report(path, functions, helpers, 2.5)


# --- verdicts


@pytest.mark.parametrize("status", STATUSES)
def test_a_verdict_is_the_status(status: Status) -> None:
    assert function(status=status).verdict == status
    assert report(function(status=status)).ok is (status in ("proved", "tested"))


@pytest.mark.parametrize("number", ["emitted", "symbolic", "difference", "ulp"])
def test_nan_is_false_and_shown(number: str) -> None:
    row = replace(ROWS[0], **{number: NAN})
    nan = report(function(rows=(row,)))
    assert not nan.ok
    assert str(nan).splitlines()[2].startswith("FALSE  loss")
    shown = next(line for line in str(nan).splitlines() if line.startswith("  W "))
    assert "false: NaN" in shown
    assert "nan" in shown.split()
    assert "32 false" in str(nan).splitlines()[-1]


def test_a_column_of_nan_is_not_an_empty_column() -> None:
    assert "ulp" in rendering.table([Row("x", "argument", "proved", "", ulp=NAN)]).headings
    assert "ulp" not in rendering.table([Row("x", "argument", "proved", "")]).headings


def test_a_function_is_no_better_than_what_is_found_of_it() -> None:
    row = ROWS[0]
    assert function(falsehoods=(FOUND,)).verdict == "false"
    assert function(faithful="false").verdict == "false"
    assert function(consistent="false").verdict == "false"
    assert function(rows=(row,), consistent="not checked").verdict == "not checked"
    assert function(rows=(row, ROWS[1])).verdict == "tested"
    assert function(rows=(row, replace(row, status="false"))).verdict == "false"
    assert function(rows=(replace(ROWS[2], status="false"),)).verdict == "false"
    assert function(rows=(row, ROWS[2])).verdict == "proved"  # an intermediate is not a result
    assert function(rows=(row,), faithful="tested").verdict == "tested"
    assert function(faithful="not checked", faithful_note="nests too deep").verdict == "not checked"
    assert function(faithful="not checked", faithful_note=ALONE).verdict == "proved"  # there is no source to compare
    assert not report(function(), helpers=(replace(row, status="false"),)).ok


# --- text


def test_the_words_are_counted_apart() -> None:
    last = str(report(function(rows=ROWS), function(status="not checked"))).splitlines()[-1]
    assert last == (
        "f.mg: 2 functions: 1 tested, 1 not checked; "
        "33 derivatives: 32 proved, 1 tested; 1 inside: 1 not checked; nothing false; 2.5 s"
    )


def test_what_is_tested_of_an_intermediate_is_counted_apart_from_a_proof() -> None:
    """The verdict is of what is returned; the sums say of each what was found of it."""
    found = function(rows=(ROWS[0], replace(ROWS[2], status="tested", count=18)))
    assert found.verdict == "proved"
    assert "1 proved; 32 derivatives: 32 proved; 18 inside: 18 tested;" in rendering.summary((report(found),))


def test_a_table_has_one_row_for_each_variable() -> None:
    lines = str(report(function(rows=ROWS, sizes=("n = 1", "n = 2")))).splitlines()
    assert lines[2] == "tested  loss at n = 1, 2: 33 derivatives (1.2 s)"
    heading = next(line for line in lines if line.startswith("  variable"))
    assert heading.split() == [name for name in rendering.HEADINGS if name != "worst"]
    assert [line.split()[:2] for line in lines if line.startswith(("  W ", "  b ", "  h "))] == [
        ["W", "32"],
        ["b", "1"],
        ["h", "1"],
    ]
    assert [line.strip() for line in lines if line.endswith("s:")] == ["parameters:", "intermediates:"]
    assert "  b, h: not simplified" in lines


def test_the_worst_entry_of_an_array_has_a_column() -> None:
    table = rendering.table([replace(ROWS[0], note="W[3][1]"), replace(ROWS[1], note="W[3][1]")])
    assert [line[table.headings.index("worst")] for line in table.rows] == ["[3][1]", "-"]
    assert rendering.row_notes([replace(ROWS[0], note="W[3][1]"), ROWS[1]]) == ["b: not simplified"]


def test_a_reason_is_told_whole() -> None:
    reason = "no point was found at which all of the arms have a value"
    lines = str(report(function(rows=(replace(ROWS[2], method=reason, note=""),)))).splitlines()
    assert f"  h: {reason}" in lines
    assert any(line.endswith(f"{reason[: rendering.MAX_CELL - 1]}…") for line in lines)


def test_what_is_not_checked_says_why_without_a_table_too() -> None:
    rows = (ROWS[0], Row("t", "argument", "not checked", "no point was found"), replace(ROWS[2], method="nothing"))
    said = rendering.text(report(function(rows=rows)), tables=False)
    assert "NOT CHECKED  loss" in said and "  t: no point was found\n" in said and "nothing\n" not in said


def test_a_falsehood_looks_like_an_error_of_a_compiler() -> None:
    false = function(falsehoods=(FOUND,))
    shown = str(report(false, path="moons.py")).split("\n\n")[2]
    assert shown.splitlines()[1:3] == ["   57 |     dW1_i[j] -= dh_in * x[j]", f"      |     {'^' * 24}"]
    of_a_model = str(report(false)).split("\n\n")[2].splitlines()
    assert of_a_model[0].startswith("f.mg:11: error: ")
    assert of_a_model[-1] == "      = line 57 is of the emitted Python: mgc compile f.mg"
    of_a_lesson = str(replace(report(false), options="--style lesson")).split("\n\n")[2].splitlines()
    assert of_a_lesson[-1] == "      = line 57 is of the emitted Python: mgc compile f.mg --style lesson"


def test_a_falsehood_may_know_little() -> None:
    found = Falsehood("f", "the value is not the source's")
    assert rendering.falsehood_text(found, "f.mg") == "f.mg: error: f: the value is not the source's"


def test_a_kink_says_its_convention_once() -> None:
    text = str(report(function(kinks=(KINK, KINK, replace(KINK, source_line=None)))))
    said = "at a kink, h_in = 0: derivative by h_in one-sided 0 and 1; convention relu'(0) = 0"
    assert text.count(f"  line 11: {said}\n") == 1
    assert f"  emitted line 57: {said}\n" in text
    assert f"\nline 11: {said}\n" in DOCUMENT


def test_long_tables_keep_what_matters() -> None:
    many = [replace(ROWS[0], variable=f"x{place}", count=1) for place in range(500)]
    many[300] = replace(many[300], status="tested")
    many[400] = replace(many[400], ulp=7.0)
    many[450] = replace(many[450], symbolic=NAN)
    text = str(report(function(rows=tuple(many))))
    shown = [line.split()[0] for line in text.splitlines() if line.startswith("  x")]
    assert len(shown) == rendering.MAX_ROWS
    assert {"x300", "x400", "x450"} < set(shown)
    assert shown == sorted(shown, key=lambda name: int(name[1:]))
    assert "… and 460 rows more: 460 proved (--all shows them)" in text
    full = rendering.text(report(function(rows=tuple(many))), every=True)
    assert len([line for line in full.splitlines() if line.startswith("  x")]) == 500


def test_nothing_from_a_file_drives_a_terminal() -> None:
    lines = str(hostile()).splitlines()
    assert all(line.isprintable() for line in lines)
    assert max(map(len, lines)) < 500


def test_a_long_call_is_cut_in_the_text_alone() -> None:
    long = replace(FOUND, where=f"f({', '.join(map(str, range(1000)))})")
    found = report(function(falsehoods=(FOUND, long)))
    lines = [line for line in str(found).splitlines() if line.startswith("      | at ")]
    assert lines[0] == f"      | at {FOUND.where}"
    assert lines[1].endswith("… (--json has all of it)")
    assert json.loads(found.json())["functions"][0]["falsehoods"][1]["where"] == long.where


def hostile() -> Report:
    text, long = HOSTILE, HOSTILE + "y" * 5000
    row = Row(text, "argument", "proved", long, 1.0, note=long)
    found = Falsehood(text, long, 1, 2, long, f"{text}\n{text}", long, long, long)
    kink = Kink(1, 2, text, text, (text, text), long)
    return report(
        function(
            long, rows=(row,), kinks=(kink,), falsehoods=(found,), sizes=(long,), notes=(long,), faithful_note=long
        ),
        path=text,
        helpers=(row,),
    )


# --- HTML


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_escapes_everything() -> None:
    tags = Tags()
    tags.feed(html(hostile()))
    assert tags.open == []
    assert tags.seen == {"div", "style", "h4", "p", "code", "table", "tr", "th", "td", "span", "pre"}


def test_html_says_what_the_text_says() -> None:
    page = report(function(rows=ROWS, kinks=(KINK,), falsehoods=(FOUND,)))._repr_html_()
    for said in (
        "<span class='verdict false'>FALSE</span>",
        "<span class='verdict not-checked'>not checked</span>",
        "relu&#x27;(0) = 0",
        "dW1_i[j] += dh_in * x[j]",
        "32 proved",
    ):
        assert said in page
    assert "false: NaN" in html(report(function(rows=(replace(ROWS[0], ulp=NAN),))))


# --- JSON


def test_json_has_every_field_and_no_nan() -> None:
    rows = (*ROWS, Row("z", "argument", "proved", "symbolic", math.inf, NAN, -math.inf))
    content = json.loads(
        report(function(rows=rows, falsehoods=(FOUND,), kinks=(KINK,))).json(), parse_constant=pytest.fail
    )
    (found,) = content["functions"]
    assert (content["ok"], found["verdict"], found["status"]) == (False, "false", "proved")
    assert [found["rows"][3][name] for name in ("value", "emitted", "symbolic")] == ["inf", "nan", "-inf"]
    assert found["rows"][0]["count"] == 32
    assert found["rows"][0]["emitted"] == 0.42
    assert found["falsehoods"][0]["expected"] == FOUND.expected
    assert found["kinks"][0]["one_sided"] == ["0", "1"]
    assert record(report())["functions"] == []


def test_the_document_names_every_member() -> None:
    filled = function(rows=ROWS, kinks=(KINK,), falsehoods=(FOUND,))
    content = json.loads(report(filled, helpers=ROWS).json())
    (found,) = content["functions"]
    members = [*content, *found, *found["rows"][0], *found["kinks"][0], *found["falsehoods"][0]]
    assert [name for name in members if f"`{name}`" not in DOCUMENT] == []


def test_a_report_is_short_in_a_session() -> None:
    assert repr(report(function())) == "<Report f.mg: 1 function: 1 proved; no derivatives; nothing false; 2.5 s>"
