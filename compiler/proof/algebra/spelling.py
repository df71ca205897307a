"""Terms as Python would write them.

>>> from mgc.compiler.proof.algebra.terms import symbol
>>> x = symbol("x")
>>> spelled((x + 1) * -x)
'(x + 1)*-x'
"""

from __future__ import annotations

from fractions import Fraction

from mgc.compiler.proof.algebra.terms import Term, topological

_INFIX = {
    "add": ("+", 1), "sub": ("-", 1), "mul": ("*", 2), "div": ("/", 2), "mod": ("%", 2), "pow": ("**", 4),
    "lt": ("<", 0), "le": ("<=", 0), "gt": (">", 0), "ge": (">=", 0), "eq": ("==", 0), "ne": ("!=", 0),
    "and": ("and", -1), "or": ("or", -2),
}  # fmt: skip


def spelled(value: Term, limit: int = 400) -> str:
    """The term as Python would write it, cells by their names; cut where it is too long to read."""
    texts: dict[int, tuple[str, int]] = {}
    for node in topological([value], lambda t: () if t.op == "cell" else t.args):
        text, level = _spelled_one(node, [texts[id(argument)] for argument in node.args if id(argument) in texts])
        texts[id(node)] = (text if len(text) <= limit else text[: limit - 3] + "...", level)
    return texts[id(value)][0]


def _spelled_one(node: Term, parts: list[tuple[str, int]]) -> tuple[str, int]:
    def at(place: int, level: int) -> str:
        text, own = parts[place]
        return text if own >= level else f"({text})"

    if node.op == "constant":
        return str(node.payload), 9 if isinstance(node.payload, Fraction) and node.payload.denominator == 1 else 2
    if node.op == "symbol":
        return str(node.payload), 9
    if node.op == "cell":
        assert isinstance(node.payload, tuple)
        return str(node.payload[0]), 9
    if node.op == "neg":
        return f"-{at(0, 3)}", 3
    if node.op == "select":
        return f"{at(1, -2)} if {at(0, -2)} else {at(2, -3)}", -3
    if node.op in _INFIX:
        sign, level = _INFIX[node.op]
        space = "" if level > 1 else " "
        return f"{at(0, level)}{space}{sign}{space}{at(1, level + 1)}", level
    name = "atan2" if node.op == "angle" else node.op  # which is atan2 away from the origin
    return f"{name}({', '.join(text for text, _ in parts)})", 9
