"""What a mistake in a model file looks like: file, line, column, the line with a caret, and a hint.

>>> from mgc.grammar.tree import Span
>>> print(Diagnostic("unknown name 'z'", "f.mg", "y = z", Span(1, 5, 1, 6), "did you mean 'x'?"))
f.mg:1:5: error: unknown name 'z'
    1 | y = z
      |     ^
      hint: did you mean 'x'?
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from mgc.grammar.tree import Span

NO_LINE = Span(0, 0, 0, 0)  # of what is asked of a file, which no line of it is to blame for
MAX_SHOWN_COLUMNS = 200  # a line of a hostile file may be megabytes long


class Note(Struct, frozen=True):
    """A second place that a message speaks of: where a shape or an earlier name came from."""

    message: str
    path: str
    span: Span


class Diagnostic(Struct, frozen=True):
    """One located message. `source` is the text of the line at `span.line`; with NO_LINE only the file is named."""

    message: str
    path: str
    source: str
    span: Span
    hint: str | None = None
    notes: tuple[Note, ...] = ()
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        line, column = self.span.line, self.span.column
        place = f":{line}:{column}" if line else ""
        lines = [f"{printable(self.path)}{place}: {self.severity}: {printable(self.message)}"]
        if self.source.strip():
            lines += _excerpt(self.source, self.span)
        lines += [
            f"      note: {printable(note.path)}:{note.span.line}:{note.span.column}: {printable(note.message)}"
            for note in self.notes
        ]
        if self.hint:
            lines.append(f"      hint: {printable(self.hint)}")
        return "\n".join(lines)


class ModelError(Exception):
    """A mistake in a model file, in its data or in how it is called: one or several located messages."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n".join(str(diagnostic) for diagnostic in self.diagnostics)


class DataError(Exception):
    """A mistake outside any model file (an argument, a data file, a shape at run time); its text is for the user."""


class ModelWarning(UserWarning):
    """What is no mistake in a model file and looks like one."""


def printable(text: str) -> str:
    """The text with control and bidirectional characters escaped, so that a message cannot drive a terminal."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def did_you_mean(name: str, candidates: Iterable[str]) -> str | None:
    """A hint that names the closest candidate, or None; case says little, and letters are swapped more than lost.

    >>> did_you_mean("scroe", ["core", "score"]), did_you_mean("Loss", ["loss"])
    ("did you mean 'score'?", "did you mean 'loss'?")
    """
    import difflib  # for a mistake alone

    lowered = {candidate.lower(): candidate for candidate in sorted(set(candidates))}
    matches = difflib.get_close_matches(name.lower(), lowered, n=5)
    swapped = [match for match in matches if sorted(match) == sorted(name.lower())]
    return f"did you mean '{lowered[[*swapped, *matches][0]]}'?" if matches else None


def _excerpt(source: str, span: Span) -> list[str]:
    start = max(0, span.column - 1 - MAX_SHOWN_COLUMNS // 2) if span.column > MAX_SHOWN_COLUMNS else 0
    shown = source[start : start + MAX_SHOWN_COLUMNS].rstrip("\r\n").replace("\t", " ")
    first = span.column - 1 - start
    last = span.end_column - 1 - start if span.end_line == span.line else len(shown)
    caret = " " * first + "^" * max(1, min(last, len(shown)) - first)
    number = str(span.line)
    return [f"{number:>5} | {printable(shown)}", f"      | {caret}"]
