"""Lines of Python that are too long -> several."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

INDENT = "    "
WIDTH = 88  # the formatter's


def wrapped(code: list[str], depth: int) -> list[str]:
    """The lines, a first one that is too long being broken at its operators as the formatter does it."""
    width = WIDTH - len(INDENT) * depth
    if len(code[0]) <= width:
        return code
    found = re.match(r"(if |return |\S+ [+*]?= )(.*?)(:?)$", code[0])
    if found is None:
        return code
    start, expression, end = found.groups()
    pieces = [expression] if len(expression) <= width - len(INDENT) else _pieces(expression)
    return [f"{start}(", *[INDENT + piece for piece in pieces], f"){end}", *code[1:]] if pieces else code


_BREAKS = [re.compile(rf"[(\[)\]]| (?:{operators}) ") for operators in ("if|else", "or", "and", "[+-]", "[*/]")]


def _pieces(expression: str) -> list[str]:
    """An expression cut before its weakest operators outside all brackets."""
    for operators in _BREAKS:
        depth, cuts = 0, [0]
        for found in operators.finditer(expression):
            depth += (found[0] in "([") - (found[0] in ")]")
            if not depth and found[0].startswith(" "):
                cuts.append(found.start() + 1)
        if len(cuts) > 1:
            return [expression[a:b].rstrip() for a, b in zip(cuts, [*cuts[1:], len(expression)], strict=True)]
    return []


def listed(prefix: str, elements: Sequence[str], shape: Sequence[int], depth: int = 2) -> list[str]:
    """An array literal, a row a line where it does not fit on one; `depth` is the least indentation it may have."""
    line = prefix + _one_line(elements, shape)
    if len(line) + len(INDENT) * depth <= WIDTH:
        return [line]
    if len(shape) == 1:
        return [f"{prefix}[", *[f"{INDENT}{element}," for element in elements], "]"]
    lines = [f"{prefix}["]
    for row in _rows(elements, shape):
        inner = listed("", row, shape[1:], depth + 1)
        lines += [f"{INDENT}{line}" for line in inner[:-1]] + [f"{INDENT}{inner[-1]},"]
    return [*lines, "]"]


def _one_line(elements: Sequence[str], shape: Sequence[int]) -> str:
    for size in reversed(shape[1:]):
        elements = [f"[{', '.join(elements[at : at + size])}]" for at in range(0, len(elements), size or 1)]
    return f"[{', '.join(elements)}]"


def _rows(elements: Sequence[str], shape: Sequence[int]) -> list[Sequence[str]]:
    row = math.prod(shape[1:])
    return [elements[place * row : (place + 1) * row] for place in range(shape[0])]
