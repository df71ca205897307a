"""Text -> the same program in its canonical layout: four spaces a level, signs spaced by binding strength.

>>> print(format_source("def f( x,y ):\\n  z=x *y+ 1   # note\\n  return z**2", "f.mg"), end="")
def f(x, y):
    z = x*y + 1  # note
    return z**2
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from mgc.grammar.lexer import TAB, Token, scan
from mgc.grammar.parser import parse
from mgc.grammar.spacing import INDENT, spaced


class Line(Struct, frozen=True):
    """A logical line: its columns of indentation and its tokens, with COMMENTs and inner NEWLINEs."""

    width: int
    tokens: tuple[Token, ...]

    @property
    def is_code(self) -> bool:
        return bool(self.tokens) and self.tokens[0].kind != "COMMENT"


class Blocks(Struct):
    """The open blocks: their columns in the source and in the result, the innermost last."""

    widths: list[int] = field(default_factory=lambda: [0])
    indents: list[int] = field(default_factory=lambda: [0])
    body: int = INDENT  # where a block below the line before would be indented to

    def copy(self) -> Blocks:
        return Blocks(self.widths.copy(), self.indents.copy(), self.body)

    def enter(self, line: Line) -> None:
        """Opens or closes blocks, so that `line` stands in the innermost."""
        if line.width > self.widths[-1]:
            self.widths.append(line.width)
            self.indents.append(self.body)
        while line.width < self.widths[-1]:
            self.widths.pop()
            self.indents.pop()


def format_source(text: str, path: str) -> str:
    """The program with canonical spaces, indentation and blank lines; its comments and line breaks are kept.

    Raises ModelError where the text does not parse.
    """
    source = parse(text, path).source
    blocks = Blocks()
    written: list[str] = []
    waiting: list[Line] = []  # comments and blank lines: the next line of code says which block they stand in
    for line in _logical_lines(source if source.endswith("\n") else source + "\n"):
        if not line.is_code:
            waiting.append(line)
            continue
        before = blocks.copy()
        blocks.enter(line)
        written += _between(waiting, before, blocks, bool(written))
        waiting = []
        rendered = spaced(line.tokens, blocks.indents[-1])
        blocks.body = _body_indent(line, rendered, blocks.indents[-1])
        written += rendered
    written += _between(waiting, blocks, Blocks(), bool(written))
    while written and not written[-1]:
        written.pop()
    return "".join(f"{line}\n" for line in written)


def _logical_lines(source: str) -> Iterator[Line]:
    tokens: list[Token] = []
    depth = 0
    indentation = source[: len(source) - len(source.lstrip(" \t"))]
    for token in scan(source):
        if token.kind == "NEWLINE" and depth == 0:
            yield Line(len(indentation.expandtabs(TAB)), tuple(tokens))
            tokens, indentation = [], token.text[1:]
        elif token.kind != "CONTINUATION":
            tokens.append(token)
            depth += (token.kind in ("LPAR", "LSQB")) - (token.kind in ("RPAR", "RSQB"))
    if tokens:  # the text ends with a backslash
        yield Line(len(indentation.expandtabs(TAB)), tuple(tokens))


def _body_indent(line: Line, rendered: list[str], indent: int) -> int:
    """Rows of an `op` that begin on its own line go on below the first one; all else is one level in."""
    head, separator, row = rendered[0].partition("): ")
    if line.tokens[0].text != "op" or not separator or row.lstrip().startswith("#"):
        return indent + INDENT
    return len(head) + len(separator)


def _between(waiting: list[Line], before: Blocks, after: Blocks, follows: bool) -> list[str]:
    """Comments and blank lines between lines of code: at most one blank line, and one below a definition."""
    opens = len(after.widths) > len(before.widths)
    owed = len(after.widths) == 1 and len(before.widths) > 1 and before.indents[1] == INDENT
    written: list[str] = []
    blank = False
    for line in waiting:
        if not line.tokens:
            blank = True
            continue
        indent = after.indents[-1] if opens else _comment_indent(line, before, after)
        blank = blank or (owed and indent == 0)
        owed = owed and indent > 0
        if blank and (written or (follows and not opens)):
            written.append("")
        written.append(" " * indent + line.tokens[0].text.rstrip())
        blank = False
    if (blank or owed) and (written or (follows and not opens)):
        written.append("")
    return written


def _comment_indent(line: Line, before: Blocks, after: Blocks) -> int:
    """A comment belongs to the innermost of the blocks ending below it that it is indented as far as."""
    ending = list(zip(before.widths, before.indents, strict=True))[len(after.widths) - 1 :]
    return max((indent for width, indent in ending if width <= line.width), default=after.indents[-1])
