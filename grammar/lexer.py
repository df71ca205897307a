"""Text -> tokens: names, numbers, signs, and the layout (ends of lines, indentation) of statements.

>>> [token.kind for token in tokens("for t in T:\\n    x = t", Progress())][4:]
['COLON', '_NEWLINE', '_INDENT', 'NAME', 'EQUAL', 'NAME', '_NEWLINE', '_DEDENT', '$END']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from msgspec import Struct, field

from mgc.grammar import tables
from mgc.grammar.tree import Span

MAX_NAME = 64
MAX_TOKENS = 4_000_000
TAB = 8  # a tab in the indentation goes to the next multiple of 8, as in Python

SOFT = ("accurate", "const", "domain", "layer", "model", "native", "op", "param", "require")
CLOSER = {"(": ")", "[": "]"}
OPENER = {")": "(", "]": "["}

# Spellings of other languages, taken whole so that a message can name them.
FOREIGN = r"\*\*=|//=|<<=|>>=|===|!==|[-+*/%@&|^]=|:=|->|=>|&&|\|\||<<|>>|<>"
UNCLOSED = "\"\"\"|'''|[\"']"


class Token(NamedTuple):
    kind: str
    text: str
    span: Span


class Mistake(Exception):
    """A syntax error, not yet tied to its file.

    `related` are messages about second places; after a `final` one nothing can be said of what follows.
    """

    def __init__(
        self,
        message: str,
        span: Span,
        hint: str | None = None,
        related: tuple[tuple[str, Span], ...] = (),
        final: bool = False,
    ) -> None:
        super().__init__(message)
        self.message, self.span, self.hint, self.related, self.final = message, span, hint, related, final


class Progress(Struct):
    """How far the reading has come: what a message about the next token has to know."""

    brackets: list[Token] = field(default_factory=list)  # open ones, the innermost last
    statement: Token | None = None  # the first token of the current statement


def scan(text: str, first_line: int = 1) -> Iterator[Token]:
    """Every token of a text that ends with a newline, COMMENTs and CONTINUATIONs too.

    The text of a NEWLINE is the newline and the indentation of the line that follows.
    """
    line, line_start = first_line, 0
    reserved, fixed = _reserved(), tables.load().fixed
    for match in _pattern().finditer(text):
        kind = match.lastgroup
        assert kind is not None
        start, end = match.span(kind)
        lexeme = text[start:end]
        if kind == "NAME":
            kind = reserved.get(lexeme, kind)
        elif kind == "FIXED":
            kind = fixed[lexeme]
        elif kind in _MULTILINE and "\n" in lexeme:
            last = line + lexeme.count("\n")
            last_start = start + lexeme.rindex("\n") + 1
            span = Span(line, start - line_start + 1, last, end - last_start + 1)
            line, line_start = last, last_start
            yield Token(kind, lexeme, span)
            continue
        yield Token(kind, lexeme, Span(line, start - line_start + 1, line, end - line_start + 1))


def tokens(text: str, progress: Progress, first_line: int = 1) -> Iterator[Token]:
    """The tokens of the grammar: comments dropped, layout told by _NEWLINE, _INDENT and _DEDENT, $END last.

    Raises Mistake for brackets that do not pair, indentation that fits no level, names that are not allowed,
    and for more than MAX_TOKENS.
    """
    brackets, levels = progress.brackets, [""]
    newline: Token | None = Token("NEWLINE", text[: len(text) - len(text.lstrip(" \t"))], _NOWHERE)
    opens_statement = True
    previous: Token | None = None
    for count, token in enumerate(scan(text, first_line)):
        kind = token.kind
        if kind == "NEWLINE":
            newline = token if not brackets else newline
            continue
        if kind in _SKIPPED:
            continue
        if newline is not None:
            if previous is not None:
                yield Token("_NEWLINE", "", _end_of(previous))
            yield from _indentation(newline.text.lstrip("\n"), levels, token)
            newline, opens_statement = None, True
        if kind == "SOFT":
            token = Token(token.text.upper() if opens_statement else "NAME", token.text, token.span)
        elif kind == "NAME":
            token = token if token.text.isascii() else Token(kind, latin(token.text), token.span)
            _check_name(token)
        elif kind in _BRACKETS:
            _balance(token, brackets)
        if opens_statement:
            progress.statement = token
        if count > MAX_TOKENS:
            raise Mistake(f"limit: more than {MAX_TOKENS:,} tokens in one file", token.span)
        yield token
        opens_statement = kind == "COLON" and not brackets
        previous = token
    yield from _ending(previous, brackets, levels, first_line)


def _ending(previous: Token | None, brackets: list[Token], levels: list[str], first_line: int) -> Iterator[Token]:
    """What the end of the text closes: its last line, and all blocks; brackets it leaves open."""
    if brackets:
        opener = brackets[-1]
        hint = f"add the missing `{CLOSER[opener.text]}`"
        raise Mistake(f"`{opener.text}` is never closed", opener.span, hint)
    end = _end_of(previous) if previous is not None else Span(first_line, 1, first_line, 1)
    if previous is not None:
        yield Token("_NEWLINE", "", end)
    for _ in levels[1:]:
        yield Token("_DEDENT", "", end)
    yield Token(tables.END, "", end)


_MULTILINE = frozenset(["NEWLINE", "STRING", "CONTINUATION"])
_SKIPPED = frozenset(["COMMENT", "CONTINUATION"])
_BRACKETS = frozenset(["LPAR", "RPAR", "LSQB", "RSQB"])
_NOWHERE = Span(0, 0, 0, 0)


def is_reserved(word: str) -> bool:
    """Whether a word is one of the language's own everywhere, and no name."""
    return word in _reserved()


@cache
def _reserved() -> dict[str, str]:
    return {word: kind for word, kind in tables.load().fixed.items() if word.isalpha() and word not in SOFT}


@cache
def _pattern() -> re.Pattern[str]:
    grammar = tables.load()
    signs = sorted((text for text in grammar.fixed if not text.isalpha()), key=len, reverse=True)
    alternatives = {
        "SOFT": rf"(?:{'|'.join(SOFT)})(?!\w)(?![ \t]*+[=,:\n])",
        "NAME": grammar.patterns["NAME"],
        "NUMBER": grammar.patterns["NUMBER"],
        "STRING": grammar.patterns["STRING"],
        "COMMENT": r"\#[^\n]*+",
        "NEWLINE": r"\n[ \t]*+",
        "CONTINUATION": r"\\\n",
        "FOREIGN": FOREIGN,
        "FIXED": "|".join(map(re.escape, signs)),
        "OTHER": rf"{UNCLOSED}|(?!{grammar.patterns['NAME']})[^\x00-\x7f]++|[^\n]",
    }
    groups = "|".join(f"(?P<{name}>{part})" for name, part in alternatives.items())
    return re.compile(f"[ \t]*+(?:{groups})")


def _end_of(token: Token) -> Span:
    line, column = token.span.end_line, token.span.end_column
    return Span(line, column, line, column + 1)


def _indentation(indent: str, levels: list[str], token: Token) -> Iterator[Token]:
    """The _INDENT or _DEDENTs between a line of the innermost of `levels` and the next, `indent`."""
    if indent == levels[-1]:
        return
    width, current = _width(indent), _width(levels[-1])
    if width == current or (width > current) != (len(indent) > len(levels[-1])):
        hint = "use 4 spaces for each level"
        raise Mistake("tabs and spaces are mixed in the indentation", token.span, hint)
    if width > current:
        levels.append(indent)
        yield Token("_INDENT", "", token.span)
        return
    if indent not in levels:
        known = " or ".join(str(_width(level)) for level in levels)
        hint = f"indent it by {known} columns, as the blocks that it can belong to"
        raise Mistake("the indentation matches no line above", token.span, hint)
    while levels[-1] != indent:
        levels.pop()
        yield Token("_DEDENT", "", token.span)


def _width(indent: str) -> int:
    return len(indent.expandtabs(TAB))


def _check_name(token: Token) -> None:
    name = token.text
    if name[0] == "_":
        message = f"the name `{shortened(name)}` begins with an underscore"
        raise Mistake(message, token.span, "begin it with a letter")
    if len(name) > MAX_NAME:
        message = f"limit: the name `{shortened(name)}` has {len(name)} characters"
        raise Mistake(message, token.span, f"at most {MAX_NAME}")


def latin(name: str) -> str:
    """The name in Latin letters, as emitted code and messages have it.

    >>> latin("θ_1"), latin("Δx")
    ('theta_1', 'Deltax')
    """
    if name.isascii():
        return name
    import unicodedata  # for Greek letters only

    return "".join(_spelt(letter, unicodedata.name(letter, "")) for letter in name)


def _spelt(letter: str, called: str) -> str:
    """What a letter is called, GREEK SMALL LETTER THETA -> theta; one that is not Greek stays."""
    match called.split():
        case ["GREEK", "SMALL", "LETTER", *_, word]:
            return word.lower()
        case ["GREEK", "CAPITAL", "LETTER", word]:
            return word.capitalize()
        case _:
            return letter


def shortened(text: str) -> str:
    """The text, cut where it is too long for a message."""
    return text if len(text) <= MAX_NAME else text[:20] + "..."


def _balance(token: Token, brackets: list[Token]) -> None:
    if token.text in CLOSER:
        brackets.append(token)
        return
    if not brackets:
        hint = f"remove it, or add `{OPENER[token.text]}` before"
        raise Mistake(f"`{token.text}` closes nothing", token.span, hint)
    opener = brackets.pop()
    if CLOSER[opener.text] != token.text:
        raise Mistake(
            f"`{token.text}` does not close `{opener.text}`",
            token.span,
            f"expected `{CLOSER[opener.text]}`",
            (("opened here", opener.span),),
        )
