"""Terms -> text, as Python would write it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

_INFIX = {
    "add": ("+", 1), "sub": ("-", 1), "mul": ("*", 2), "div": ("/", 2), "mod": ("%", 2), "pow": ("**", 4),
    "lt": ("<", 0), "le": ("<=", 0), "gt": (">", 0), "ge": (">=", 0), "eq": ("==", 0), "ne": ("!=", 0),
    "and": ("and", -1), "or": ("or", -2),
}  # fmt: skip
LARGE = 10**16  # from which numbers are written with an exponent


def spelled_last(nodes: Iterable[Any], limit: int) -> str:
    """The last of terms that come after their arguments, cells by their names; cut where it is too long to read."""
    texts: dict[int, tuple[str, int]] = {}
    text = ""
    for node in nodes:
        parts = [texts[id(argument)] for argument in node.args if id(argument) in texts]
        text, level = _one(node.op, node.payload, parts)
        text = text if len(text) <= limit else text[: limit - 3] + "..."
        texts[id(node)] = text, level
    return text


def _one(op: str, payload: object, parts: list[tuple[str, int]]) -> tuple[str, int]:
    """The text of an operation and how strongly it binds, from those of its arguments."""

    def at(place: int, level: int) -> str:
        text, own = parts[place]
        return text if own >= level else f"({text})"

    if op == "constant":
        if isinstance(payload, Fraction) and abs(payload) >= LARGE and payload == float(payload):
            return repr(float(payload)), 9
        return str(payload), 9 if isinstance(payload, Fraction) and payload.denominator == 1 else 2
    if op == "symbol":
        return str(payload), 9
    if op == "cell":
        assert isinstance(payload, tuple)
        return str(payload[0]), 9
    if op == "neg":
        return f"-{at(0, 3)}", 3
    if op == "select":
        return f"{at(1, -2)} if {at(0, -2)} else {at(2, -3)}", -3
    if op in _INFIX:
        sign, level = _INFIX[op]
        space = "" if level > 1 else " "
        return f"{at(0, level)}{space}{sign}{space}{at(1, level + 1)}", level
    return f"{op}({', '.join(text for text, _ in parts)})", 9
