"""The tokens of one logical line -> its text: a space wherever both neighbours wish for one.

>>> from mgc.grammar.lexer import scan
>>> spaced(tuple(scan("y=a *-x [i + 1]**2")), 4)
['    y = a*-x[i+1]**2']
"""

from __future__ import annotations

from itertools import zip_longest
from typing import NamedTuple

from mgc.grammar.lexer import Token

INDENT = 4


class Wish(NamedTuple):
    """Whether a token wishes for a space before and after it."""

    before: bool
    after: bool


PLAIN = Wish(True, True)
PREFIX = Wish(True, False)
SUFFIX = Wish(False, True)
TIGHT = Wish(False, False)

ALWAYS = {
    "COMMA": SUFFIX,
    "RPAR": SUFFIX,
    "RSQB": SUFFIX,
    "DOT": TIGHT,
    "POWER": TIGHT,
    "SLASH": TIGHT,
    "DOUBLESLASH": TIGHT,
    "PERCENT": TIGHT,
}
OPERAND_ENDS = {"NAME", "NUMBER", "STRING", "RPAR", "RSQB"}
CLOSERS = ("RPAR", "RSQB")
BRACKETS = {  # by kind, and whether an operand stands before it
    ("LPAR", True): "call",
    ("LPAR", False): "group",
    ("LSQB", True): "index",
    ("LSQB", False): "array",
}


def spaced(tokens: tuple[Token, ...], indent: int) -> list[str]:
    """The physical lines of a logical line. What was broken stays broken, a level in for each bracket.

    A comma before a closing bracket goes, unless the bracket has a line of its own.
    """
    tokens = tuple(
        token
        for token, following in zip_longest(tokens, tokens[1:], fillvalue=tokens[-1])
        if token.kind != "COMMA" or following.kind not in CLOSERS
    )
    lines: list[str] = []
    text = " " * indent
    depth, space = 0, False
    for number, (token, wish) in enumerate(zip(tokens, _wishes(tokens), strict=True)):
        depth += (token.kind in ("LPAR", "LSQB")) - (token.kind in CLOSERS)
        if token.kind == "NEWLINE":
            if text.strip():
                lines.append(text.rstrip())
            text, space = " " * (indent + INDENT * (depth - _leading_closers(tokens, number + 1))), False
        elif token.kind == "COMMENT":
            text += ("  " if text.strip() else "") + token.text.rstrip()
        else:
            text += (" " if space and wish.before else "") + _spelled(token, indent)
            space = wish.after
    return [*lines, *text.rstrip().split("\n")]


def _wishes(tokens: tuple[Token, ...]) -> list[Wish]:
    wishes: list[Wish] = []
    brackets: list[str] = []  # the open ones, as named in BRACKETS
    previous = "_NEWLINE"
    in_header = tokens[0].text in ("def", "layer", "model", "op")
    for token in tokens:
        kind = "NAME" if token.kind == "SOFT" and previous not in ("_NEWLINE", "suite") else token.kind
        wishes.append(_wish(kind, previous, brackets, in_header))
        if kind in ("NEWLINE", "COMMENT"):
            continue
        if kind in ("LPAR", "LSQB"):
            brackets.append(BRACKETS[kind, previous in OPERAND_ENDS])
        elif kind in CLOSERS:
            brackets.pop()
        if kind == "COLON" and not brackets:
            kind, in_header = "suite", False
        previous = kind
    return wishes


def _wish(kind: str, previous: str, brackets: list[str], in_header: bool) -> Wish:
    """The wish of a token of this kind after one of the kind `previous`, inside `brackets`."""
    if kind in ALWAYS:
        return ALWAYS[kind]
    follows_operand = previous in OPERAND_ENDS
    match kind:
        case "LPAR" | "LSQB":
            return TIGHT if follows_operand else PREFIX
        case "STAR":
            return TIGHT if follows_operand else PREFIX
        case "PLUS" | "MINUS" if not follows_operand:
            return PREFIX
        case "PLUS" | "MINUS":
            return TIGHT if _is_close(brackets) else PLAIN
        case "COLON" if brackets and brackets[-1] == "index":
            return PREFIX if previous == "COMMA" else TIGHT
        case "COLON":
            return SUFFIX
        case "EQUAL":
            return PLAIN if not brackets or (in_header and len(brackets) == 1) else TIGHT
        case _:
            return PLAIN


def _is_close(brackets: list[str]) -> bool:
    """Sums are written close, `i+1`, in an index and in the parentheses that only group there."""
    for bracket in reversed(brackets):
        if bracket != "group":
            return bracket == "index"
    return False


def _leading_closers(tokens: tuple[Token, ...], start: int) -> int:
    count = 0
    while start + count < len(tokens) and tokens[start + count].kind in CLOSERS:
        count += 1
    return count


def _spelled(token: Token, indent: int) -> str:
    """The token as written; a docstring of several lines moves with its definition."""
    if token.kind != "STRING" or "\n" not in token.text:
        return token.text
    head, *rest = token.text.split("\n")
    rest = [line.expandtabs() for line in rest]
    texts = [line for line in rest if line.strip(" ")]
    margin = min((len(line) - len(line.lstrip(" ")) for line in texts), default=0)
    *middle, last = rest
    moved = [" " * indent + line[margin:].rstrip(" ") if line.strip(" ") else "" for line in middle]
    return "\n".join([head.rstrip(" "), *moved, " " * indent + last[margin:]])
