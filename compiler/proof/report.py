"""What verification found: plain data. Words are exact: *proved*, *tested*, *not checked* and *false* never mix."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Status = Literal["proved", "tested", "not checked", "false"]


@dataclass(frozen=True, slots=True)
class Row:
    """One derivative, of the result by one variable, or one value that two texts must agree on.

    `status` and `method` are the claim; the numbers illustrate it at one point. `value`: the variable there.
    `emitted`: what CPython got from the emitted text. `symbolic`: the symbolic derivative there, to 50 digits, rounded.
    `difference`: the central difference of the forward function. `ulp`: |emitted - symbolic| in units in the last
    place. None where there is no such number (an array of size 0, an intermediate that has no adjoint of its own).
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


@dataclass(frozen=True, slots=True)
class Kink:
    """A place where the derivative jumps: `at a kink: one-sided 0 and 1, emitted 0`."""

    line: int
    source_line: int | None
    condition: str
    variable: str
    one_sided: tuple[str, ...]
    emitted: str
    convention: str


@dataclass(frozen=True, slots=True)
class Falsehood:
    """Something the emitted text says that is not so.

    `statement` stands on `line` of the emitted text and comes from `source_line` of the model; `expected` is what it
    should be, as code; `where` is a point that shows it, `found` and `wanted` the two numbers there.
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


@dataclass(frozen=True, slots=True)
class FunctionReport:
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


@dataclass(frozen=True, slots=True)
class Report:
    path: str
    functions: tuple[FunctionReport, ...]
    helpers: tuple[Row, ...] = ()
    seconds: float = 0.0
    notes: tuple[str, ...] = field(default=())

    @property
    def falsehoods(self) -> tuple[Falsehood, ...]:
        return tuple(found for function in self.functions for found in function.falsehoods)

    @property
    def ok(self) -> bool:
        """No falsehood was found. Errors: none; what was not checked does not make it false."""
        return not self.falsehoods and all(f.status != "false" for f in self.functions)
