"""Mutants that are the same function: `equivalents.txt` -> arguments, each for the mutants that it covers.

The file has paragraphs: an argument, which starts at the margin, then the mutants that it is about, one an indented
line, as `FILE.FUNCTION: EMITTED FUNCTION: KIND: BEFORE -> AFTER`. There `…` stands for anything; an entry speaks of
those mutants that it fits whose results are the same at every point that is tried, and of no other. A mark stands
before some: `~` what may be called false all the same; `=` what is the same over the real numbers, though doubles may
overflow; `!` what is another function, on a surface that no point meets, and has to be called false.

>>> entries = parsed("Nothing is added to 0.\\n  f.f…: sign: … -> x = …\\n")
>>> entries[0].argument, entries[0].fits("f.f --ieee: f_value_and_grad: sign: x = -y -> x = y")
('Nothing is added to 0.', True)
>>> entries[0].fits("g.f: f_value_and_grad: sign: x = -y -> x = y")
False
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from msgspec import Struct

FILE = Path(__file__).parent / "equivalents.txt"
ANYTHING = "…"
MARKS = ("~ ", "= ", "! ")


class Entry(Struct, frozen=True):
    """What is claimed, why, and the line of the file."""

    pattern: str
    argument: str
    line: int
    mark: str = ""

    def fits(self, name: str) -> bool:
        return _expression(self.pattern).fullmatch(name) is not None


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split(ANYTHING)))


def parsed(text: str) -> tuple[Entry, ...]:
    entries, paragraph, finished = [], "", False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(" "):
            mark = line.strip()[0] if line.strip()[:2] in MARKS else ""
            entries.append(Entry(line.strip().removeprefix(f"{mark} "), paragraph, number, mark))
            finished = True
        elif line and not line.startswith("#"):
            paragraph = line if finished else f"{paragraph} {line}".strip()
            finished = False
    return tuple(entries)


@cache
def listed() -> tuple[Entry, ...]:
    return parsed(FILE.read_text(encoding="utf-8"))


def entry(name: str) -> Entry | None:
    """The first entry that fits the mutant."""
    return next((one for one in listed() if one.fits(name)), None)
