"""Where the parser stopped, and the words for what stands there and for what could.

>>> from mgc.grammar.tree import Span
>>> at = Span(3, 9, 3, 10)
>>> described(Token("NAME", "x", at)), described(Token("_NEWLINE", "", at)), expected(frozenset(["NAME", "RPAR"]))
('`x`', 'the end of the line', 'a name or `)`')
"""

from __future__ import annotations

from msgspec import Struct

from mgc.grammar import tables
from mgc.grammar.lexer import Token, shortened


class Situation(Struct, frozen=True):
    """A token that cannot stand where it does, what came before it, and the kinds that could stand there."""

    found: Token
    previous: Token | None
    statement: Token | None  # the first token of the statement
    brackets: tuple[Token, ...]  # the innermost open one, if any
    acceptable: frozenset[str]
    line: str  # on which the token stands

    @property
    def opens_statement(self) -> bool:
        return self.found is self.statement

    @property
    def follows(self) -> str:
        """What kind of token stood before; empty at the beginning."""
        return self.previous.kind if self.previous else ""

    def is_in(self, bracket: str) -> bool:
        """Whether the innermost open bracket is this one."""
        return bool(self.brackets) and self.brackets[-1].text == bracket


# --- kinds of tokens

WORDS = {
    "_NEWLINE": "the end of the line",
    "_INDENT": "an indented block",
    "_DEDENT": "the end of the block",
    tables.END: "the end of the file",
    "NAME": "a name",
    "NUMBER": "a number",
    "STRING": "a string",
}

OPERATORS = {
    *("AND", "OR", "IF", "PLUS", "MINUS", "STAR", "SLASH", "DOUBLESLASH", "PERCENT", "AT", "POWER", "DOT"),
    *("LESS", "LESSEQUAL", "GREATER", "GREATEREQUAL", "EQEQUAL", "NOTEQUAL", "LSQB", "LPAR"),
}
STARTERS = {"NAME", "NUMBER", "LPAR", "LSQB", "MINUS", "PLUS", "NOT"}  # of an expression
DECLARATIONS = {"DEF", "LAYER", "MODEL", "PARAM", "CONST", "OP", "IMPORT"}
OPERANDS = {"NAME", "NUMBER", "RPAR", "RSQB"}  # that an operand may end with


# --- words


def described(token: Token) -> str:
    if token.kind in ("NAME", "NUMBER") or token.kind not in WORDS:
        return f"`{shortened(token.text)}`"
    return WORDS[token.kind]


def expected(acceptable: frozenset[str]) -> str:
    """The kinds in words: an expression or an operator stands for all that begin or continue one."""
    words, rest = [], set(acceptable)
    if {"NAME", "NUMBER"} <= rest:
        words.append("an expression")
        rest -= STARTERS
    elif {"PLUS", "STAR"} <= rest:
        rest -= OPERATORS  # an operator may always follow: what could end the expression says more
    if rest >= DECLARATIONS:
        words.append("a declaration")
        rest -= DECLARATIONS
    words += [WORDS[kind] for kind in sorted(rest) if kind in WORDS]
    words += [f"`{text}`" for text in _spellings(rest)]
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def listed(kinds: set[str]) -> str:
    return ", ".join(_spellings(kinds))


def _spellings(kinds: set[str]) -> list[str]:
    return [text for text, kind in sorted(tables.load().fixed.items()) if kind in kinds]
