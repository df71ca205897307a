"""Emitted lines as tokens: each has its text, and what it comes from in the model.

>>> text((Token("x"), Token(" + ", strength=5), Token("1")))
'x + 1'
>>> [token.role for token in spelt("f({0}, 2)", ((Token("x"),),))]
['call', '', 'comma', '', 'close']
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Literal

from msgspec import Struct

from mgc.compiler.graph.nodes import Origin
from mgc.compiler.module import Statement

INDENT = "    "

Role = Literal["", "open", "call", "close", "comma"]


class Token(Struct, frozen=True):
    """A piece of a line. `strength` is that with which an operator binds; a bracket that opens a call is a `call`."""

    text: str
    origin: Origin | None = None
    role: Role = ""
    strength: int | None = None


Code = tuple[Token, ...]

OPEN, CLOSE, COMMA = Token("(", role="open"), Token(")", role="close"), Token(", ", role="comma")


class Line(Struct, frozen=True):
    """A line of emitted code: how deep it stands, its tokens, what is said beside it, what it comes from and does."""

    code: Code = ()
    origin: Origin | None = None
    depth: int = 0
    comment: str = ""
    tell: Callable[[], Statement] | None = None

    @property
    def text(self) -> str:
        said = text(self.code)
        beside = f"{said}  {self.comment}" if said and self.comment else said or self.comment
        return INDENT * self.depth + beside if beside else ""


def plain(said: str, depth: int = 0) -> Line:
    """A line that is made of nothing but words."""
    return Line((Token(said),) if said else (), None, depth)


def text(code: Iterable[Token]) -> str:
    return "".join([token.text for token in code])


def bracketed(code: Code) -> Code:
    return (OPEN, *code, CLOSE)


def call(name: str, arguments: Sequence[Code]) -> Code:
    """`f(a, b)`."""
    return (Token(f"{name}(", role="call"), *separated(arguments), CLOSE)


def separated(parts: Sequence[Code]) -> Code:
    found: list[Token] = []
    for part in parts:
        found += [COMMA, *part] if found else part
    return tuple(found)


def spelt(form: str, arguments: Sequence[Code], strength: int | None = None) -> Code:
    """A form such as `{0} + {1}` with its arguments; its operators bind with that strength."""
    found: list[Token] = []
    for piece in _pieces(form):
        if isinstance(piece, int):
            found += arguments[piece]
        else:
            operator = piece.startswith(" ") and piece.endswith(" ")
            found.append(Token(piece, None, _role(piece), strength if operator else None))
    return tuple(found)


@cache
def _pieces(form: str) -> tuple[int | str, ...]:
    found = re.findall(r"\{\d\}|\w*\(|\)|, | [^\w\s{}()]+ | (?:if|else|and|or) |[^{}(), ]+ ?", form)
    return tuple([int(piece[1:-1]) if piece[0] == "{" else piece for piece in found])


def _role(piece: str) -> Role:
    if piece.endswith("("):
        return "open" if piece == "(" else "call"
    return "close" if piece == ")" else "comma" if piece == ", " else ""
