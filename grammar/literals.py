"""Spelling of a literal -> its value: numbers, strings and docstrings.

>>> unquoted("'file.mg'")
'file.mg'
"""

from __future__ import annotations

import math
import re

from mgc.grammar.lexer import Mistake, Token, shortened

LARGEST_EXACT = 2**53  # beyond it a double does not hold every integer

_DIGITS = "[0-9]++(?:_[0-9]++)*+"
_INTEGER = re.compile(_DIGITS)
_DECIMAL = re.compile(rf"(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?")


def number_value(token: Token) -> int | float:
    """An int where it is written as one and exact in a double, else the nearest double."""
    text = token.text
    integral = _INTEGER.fullmatch(text) is not None
    if not _DECIMAL.fullmatch(text):
        raise Mistake(f"`{shortened(text)}` is not a number", token.span, _number_hint(text))
    value = float(text)
    if math.isinf(value):
        message = f"`{shortened(text)}` is too large for a float"
        raise Mistake(message, token.span, "the largest is 1.7976931348623157e308")
    if not integral:
        return value
    if text[0] == "0" and value:
        raise Mistake("a number does not begin with 0", token.span, f"write {shortened(text.lstrip('0_'))}")
    digits = text.replace("_", "").lstrip("0") or "0"  # int() refuses very long texts
    exact = len(digits) <= len(str(LARGEST_EXACT)) and int(digits) <= LARGEST_EXACT
    return int(digits) if exact else value


def _number_hint(text: str) -> str | None:
    lower = text.lower()
    if lower[:2] in ("0x", "0o", "0b"):
        return "numbers are decimal, as 255, 0.5 or 1e-3"
    if _DECIMAL.fullmatch(lower.rstrip("j")):
        return "there are no imaginary numbers"
    if _DECIMAL.fullmatch(lower.rstrip("fl")):
        return "numbers carry no suffix: they are all doubles"
    if match := re.match(r"[0-9]++(?:\.[0-9]*+)?+(?=[A-Za-z])(?![eE][0-9+-]*$)", text):
        return f"a product is written `{shortened(match.group())}*{shortened(text[match.end() :])}`"
    return "numbers are decimal, as 255, 0.5 or 1e-3"


def unquoted(text: str) -> str:
    """What stands between the quotes: a backslash goes where it protects a quote or a backslash."""
    width = 3 if text.startswith(('"""', "'''")) else 1
    return re.sub(r"""\\(["'\\])""", r"\1", text[width:-width])


def docstring_text(token: Token) -> str:
    """The text without its quotes, its common indentation and the blank lines around it."""
    head, *rest = unquoted(token.text).split("\n")
    rest = [line.expandtabs() for line in rest]
    margin = min((len(line) - len(line.lstrip(" ")) for line in rest if line.strip(" ")), default=0)
    return "\n".join([head.strip(" "), *(line[margin:].rstrip(" ") for line in rest)]).strip("\n")
