"""Statements of Python that are too long for a line -> several lines, broken as the formatter breaks them.

An expression is broken inside its last bracket where a single operator stands outside of brackets, else between
brackets of its own, before its weakest operators.

>>> from mgc.compiler.emit.tokens import Token, call, text
>>> value = (Token("a" * 40), Token(" + ", strength=5), *call("f", [(Token("b" * 40),)]))
>>> for extra, code in wrapped((Token("x = "),), value, (), 1):
...     print("    " * extra + text(code))
x = aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa + f(
    bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from mgc.compiler.emit.spelling import AND, OR
from mgc.compiler.emit.tokens import CLOSE, INDENT, OPEN, Code, Token, separated

WIDTH = 88  # the formatter's

_COMMA = (Token(","),)

Lines = list[tuple[int, Code]]  # how much deeper than the statement each stands


def wrapped(start: Code, value: Code, end: Code, depth: int) -> Lines:
    """The lines of `start value end`, a statement that stands at that depth."""
    width = WIDTH - len(INDENT) * depth
    if _length((*start, *value, *end)) <= width:
        return [(0, (*start, *value, *end))]
    if _keeps_its_brackets(value):
        lines = _in_brackets(start, value, end, width)
        if lines is not None:
            return lines
    inner = _inside(value, width - len(INDENT), always=True)
    return [(0, (*start, OPEN)), *_deeper(inner), (0, (CLOSE, *end))]


def _length(code: Sequence[Token]) -> int:
    return sum([len(token.text) for token in code])


def _deeper(lines: Lines) -> Lines:
    return [(extra + 1, code) for extra, code in lines]


def _outside(code: Code) -> list[int]:
    """The places of the tokens that stand outside of all brackets; of brackets only the opening ones."""
    found, depth = [], 0
    for place, token in enumerate(code):
        depth -= token.role == "close"
        if not depth and token.role != "close":
            found.append(place)
        depth += token.role in ("open", "call")
    return found


def _weakest(code: Code) -> list[int]:
    """The places of the weakest operators outside of brackets; one that the code begins with is none."""
    operators = [place for place in _outside(code) if place and code[place].strength is not None]
    least = min([code[place].strength or 0 for place in operators], default=0)
    least = AND if least == OR else least  # the formatter breaks before both kinds at once
    return [place for place in operators if (code[place].strength or 0) <= least]


def _keeps_its_brackets(code: Code) -> bool:
    """Whether an expression is broken inside its own brackets rather than between additional ones."""
    weakest = _weakest(code)
    brackets = [place for place in _outside(code) if code[place].role in ("open", "call")]
    if len(weakest) > 1 or not brackets or any(code[place].role == "comma" for place in _outside(code)):
        return False
    begins = brackets[0] == 0 and code[0].text in ("(", "[")  # a call begins with its name
    return begins or code[-1].role == "close" or not weakest


def _in_brackets(start: Code, code: Code, end: Code, width: int) -> Lines | None:
    """Lines that are broken inside brackets; None where the first bracket stands too far to the right."""
    lines: Lines = []
    here, done = start, 0
    brackets = [place for place in _outside(code) if code[place].role in ("open", "call")]
    for place, following in pairwise([*brackets, len(code)]):
        closing = _closing(code, place)
        after = code[place + 1 : following + 1] if following < len(code) else (*code[place + 1 :], *end)
        here = (*here, *code[done : place + 1])
        done = closing
        if _length((*here, *after)) <= width or closing == place + 1:
            here = (*here, *code[place + 1 : closing])
            continue
        if _length(here) > width:
            return None
        inner = code[place + 1 : closing]
        lines += [(0, here), *_deeper(_inside(inner, width - len(INDENT)))]
        here = ()
    return [*lines, (0, (*here, *code[done:], *end))] if lines else None


def _closing(code: Code, place: int) -> int:
    depth = 0
    for other in range(place, len(code)):
        depth += (code[other].role in ("open", "call")) - (code[other].role == "close")
        if not depth:
            return other
    raise AssertionError("a bracket is not closed")


def _inside(code: Code, width: int, end: Code = (), always: bool = False) -> Lines:
    """The lines of an expression, or of several with commas between them (`always` broken), between brackets."""
    commas = [place for place in _outside(code) if code[place].role == "comma"]
    if _length((*code, *end)) <= width and not (commas and always):
        return [(0, (*code, *end))]
    if commas:
        parts = [code[a + 1 : b] for a, b in pairwise([-1, *commas, len(code)])]
        return [line for part in parts for line in _inside(part, width, _COMMA)]
    weakest = _weakest(code)
    if not weakest:
        return _in_brackets((), code, end, width) or [(0, (*code, *end))]
    first, *pieces = [code[a:b] for a, b in pairwise([0, *weakest, len(code)])]
    ends = [()] * (len(pieces) - 1) + [end]
    lines = _inside(first, width)
    return [
        *lines,
        *[line for piece, end in zip(pieces, ends, strict=True) for line in _inside(_begun(piece), width, end)],
    ]


def _begun(code: Code) -> Code:
    """A piece without the blank before its operator."""
    return (replace(code[0], text=code[0].text.lstrip()), *code[1:])


def listed(start: Code, elements: Sequence[Code], shape: Sequence[int], depth: int) -> Lines:
    """An array literal that begins at that depth, a row a line where it does not fit on one."""
    line = (*start, *_one_line(elements, shape))
    width = WIDTH - len(INDENT) * depth
    if _length(line) <= width:
        return [(0, line)]
    return [(0, (*start, Token("["))), *_deeper(_in_list(elements, shape, width - len(INDENT))), (0, (Token("]"),))]


def _in_list(elements: Sequence[Code], shape: Sequence[int], width: int) -> Lines:
    """The lines between the brackets of an array literal."""
    if len(shape) == 1:
        return [line for element in elements for line in _inside(element, width, _COMMA)]
    found: Lines = []
    for row in _rows(elements, shape):
        line = (*_one_line(row, shape[1:]), *_COMMA)
        if _length(line) <= width:
            found.append((0, line))
        else:
            inner = _deeper(_in_list(row, shape[1:], width - len(INDENT)))
            found += [(0, (Token("["),)), *inner, (0, (Token("],"),))]
    return found


def _one_line(elements: Sequence[Code], shape: Sequence[int]) -> Code:
    for size in reversed(shape[1:]):
        rows = [elements[at : at + size] for at in range(0, len(elements), size or 1)]
        elements = [_list(row) for row in rows]
    return _list(elements)


def _list(elements: Sequence[Code]) -> Code:
    return (Token("[", role="call"), *separated(elements), Token("]", role="close"))


def _rows(elements: Sequence[Code], shape: Sequence[int]) -> list[Sequence[Code]]:
    row = math.prod(shape[1:])
    return [elements[place * row : (place + 1) * row] for place in range(shape[0])]
