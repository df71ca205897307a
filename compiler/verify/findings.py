"""What verification found: plain data. Words are exact: *proved*, *tested*, *not checked* and *false* never mix.

A report trusts no summary that its own rows deny: one false row, or one number that is NaN, makes the whole false.

>>> row = Row("x", "argument", "proved", "symbolic", emitted=float("nan"))
>>> f = FunctionReport("f", "proved", "proved", "", "proved", (row,), (), (), (), (), 0.1)
>>> f.verdict, Findings("f.mg", (f,)).ok
('false', False)
"""

from __future__ import annotations

import math
from typing import Literal

from msgspec import Struct, field

Status = Literal["proved", "tested", "not checked", "false"]
ALONE = "the text stands alone"  # why a value was not compared with its source: there is none
UNREACHED = "at none of the sizes"  # or the function was not run
NO_ADJOINT = "the text keeps no adjoint of its own"  # of an intermediate: nothing is claimed of the text
NOISE = 1e-45  # what 50 digits leave of 0
STATUSES: tuple[Status, ...] = ("proved", "tested", "not checked", "false")  # from the best to the worst


class Row(Struct, frozen=True):
    """One derivative, of the result by one variable (an array: all of its `count` entries).

    `status` and `method` are the claim; the numbers illustrate it at one point. `value`: the variable there.
    `emitted`: what CPython got from the emitted text. `symbolic`: the symbolic derivative there, to 50 digits, rounded.
    `difference`: the central difference of the forward function. `ulp`: |emitted - symbolic| in units in the last
    place. None where there is no such number (an array of size 0, an intermediate that has no adjoint of its own).
    Of an array they are those of one entry, the worst of those evaluated, which `note` then names: `W[3][1]`.
    """

    variable: str
    role: Literal["argument", "parameter", "intermediate"]
    status: Status
    method: str
    value: float | None = None
    emitted: float | None = None
    symbolic: float | None = None
    difference: float | None = None
    ulp: float | None = None
    count: int = 1
    note: str = ""

    @property
    def verdict(self) -> Status:
        """The status; false where a number that was compared is NaN."""
        compared = (self.emitted, self.symbolic, self.difference, self.ulp)
        return "false" if any(number is not None and math.isnan(number) for number in compared) else self.status


class Kink(Struct, frozen=True):
    """A place where the derivative jumps: its slopes on both sides, and what mgc takes there."""

    line: int
    source_line: int | None
    condition: str
    variable: str
    one_sided: tuple[str, ...]
    convention: str


class Falsehood(Struct, frozen=True):
    """Something the emitted text says that is not so.

    `statement` stands on `line` of the emitted text and comes from `source_line` of the model; `expected` is what it
    should be, as code; `where` is a call that shows it, all of it, `found` and `wanted` the two numbers there.
    `within`: the first and the last line that the mistake may be in, where no statement is known to be it; `statement`
    is then those lines, if they are few, and `line` the first. `variable`: the derivative by which a call showed wrong.
    """

    function: str
    what: str
    line: int | None = None
    source_line: int | None = None
    statement: str = ""
    expected: str = ""
    where: str = ""
    found: str = ""
    wanted: str = ""
    within: tuple[int, int] | None = None
    variable: str = ""


class FunctionReport(Struct, frozen=True):
    """One function of the text at the sizes that were tried.

    `faithful`: whether the value is the source's (not checked where the text stands alone).
    `consistent`: whether the forward half of the derivative's function is the function.
    `paths`: how many branch paths were covered, and which cannot be reached.
    """

    name: str
    status: Status
    faithful: Status
    faithful_note: str
    consistent: Status
    rows: tuple[Row, ...]
    kinks: tuple[Kink, ...]
    falsehoods: tuple[Falsehood, ...]
    sizes: tuple[str, ...]
    notes: tuple[str, ...]
    seconds: float

    @property
    def verdict(self) -> Status:
        """The status, or what is worse: of the value, of the forward half, of a row (an intermediate if it is false).

        A text that stands alone has no source, so there is nothing that its value could fail to be.
        """
        if self.falsehoods:
            return "false"
        counted = [row.verdict for row in self.rows if row.role != "intermediate" or row.verdict == "false"]
        if self.rows or self.consistent == "false":  # without a derivative there is no forward half
            counted.append(self.consistent)
        if self.faithful != "not checked" or self.faithful_note != ALONE:
            counted.append(self.faithful)
        return worst(self.status, *counted)


class Findings(Struct, frozen=True):
    """All that a verification found of a file."""

    path: str
    functions: tuple[FunctionReport, ...]
    helpers: tuple[Row, ...] = ()
    seconds: float = 0.0
    notes: tuple[str, ...] = field(default=())
    of_helpers: tuple[Falsehood, ...] = ()
    options: str = ""  # of the command line, with which `mgc compile` emits what was verified

    @property
    def falsehoods(self) -> tuple[Falsehood, ...]:
        return (*self.of_helpers, *(found for function in self.functions for found in function.falsehoods))

    @property
    def ok(self) -> bool:
        """Every function is proved or tested, and no helper is false."""
        return not self.is_false and all(one.verdict in ("proved", "tested") for one in self.functions)

    @property
    def is_proved(self) -> bool:
        """Every function is proved, given the helpers that are only tested."""
        return not self.is_false and all(one.verdict == "proved" for one in self.functions)

    @property
    def is_false(self) -> bool:
        """Something is false, of a function or of a helper."""
        return "false" in (*(one.verdict for one in self.functions), *(row.verdict for row in self.helpers))


def worst(*statuses: Status) -> Status:
    """The worst of several.

    >>> worst("proved", "tested", "proved")
    'tested'
    """
    return max(statuses, key=STATUSES.index)
