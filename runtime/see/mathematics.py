"""Mathematics as MathML's nested lists -> Unicode in a terminal's lines, or LaTeX.

>>> half = ["mfrac", ["mrow", ["mo", "∂"], ["mi", "n"]], ["msub", ["mi", "x"], ["mn", "1"]]]
>>> unicode(half), latex(half)
('∂n/x₁', '\\\\frac{\\\\partial n}{x_{1}}')
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mgc.runtime.explain.equations import Equation, equations
from mgc.runtime.explain.mathematics import GREEK, MathML

if TYPE_CHECKING:
    from mgc.runtime.model import Function

BELOW = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
ABOVE = dict(zip("0123456789+-=()in⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿᵀ", strict=True))
_DIGITS = "₀₁₂₃₄₅₆₇₈₉"
SIGNS = {
    "∑": r"\sum", "∏": r"\prod", "⋅": r"\cdot", "−": "-", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "∈": r"\in",
    "∂": r"\partial", "×": r"\times", "⊤": r"\top", "∧": r"\land", "∨": r"\lor", "¬": r"\lnot", "⌊": r"\lfloor",
    "⌋": r"\rfloor", "…": r"\dots", "{": r"\{", "}": r"\}", "mod": r"\bmod",
    "+=": r"\mathrel{+}=", "−=": r"\mathrel{-}=",
}  # fmt: skip  # a table to read in pairs
LETTERS = {"ℝ": r"\mathbb{R}", "ℤ": r"\mathbb{Z}", "λ": r"\lambda", "π": r"\pi"}
LETTERS |= {letter: f"\\{name}" for name, letter in GREEK.items() if name not in ("lamda", "pi")}
_SPECIAL = str.maketrans({char: f"\\{char}" for char in "&%$#_{}"})
_WEAK = frozenset({"+", "−", "=", "<", ">", "≤", "≥", "≠", "∧", "∨", "⋅", "mod", "∈", "+=", "−="})


def told(function: Function) -> str:
    """A function and its derivatives as lines of Unicode, under the numbers of the model's lines."""
    shown: list[str] = []
    for one in equations(function):
        shown.append(f"{one.line:4} | {unicode(one.made)}")
        shown += [f"     where {unicode(part.made)}" for part in one.parts]
        for adjoint in one.adjoints:
            rule = "" if adjoint.rule is None else f"      since {unicode(adjoint.rule)}"
            shown.append(f"     ←   {unicode(adjoint.made)}{rule}")
    return "\n".join(shown)


def told_in_latex(function: Function) -> str:
    """The same as an `align*` of LaTeX, with the packages amsmath and amssymb."""
    rows = [row for one in equations(function) for row in _rows(one)]
    return "\n".join([r"\begin{align*}", *[f"  {row} \\\\" for row in rows], r"\end{align*}"])


def _rows(one: Equation) -> Iterator[str]:
    yield f"& {latex(one.made)} && \\text{{line {one.line}}}"
    for part in one.parts:
        yield f"& \\quad {latex(part.made)} && \\text{{where}}"
    for adjoint in one.adjoints:
        rule = "" if adjoint.rule is None else f" && {latex(adjoint.rule)}"
        yield f"& \\quad {latex(adjoint.made)}{rule}"


def unicode(made: MathML) -> str:
    """A line of Unicode: fractions with a stroke, in brackets where they need them."""
    tag, parts = made[0], made[1:]
    if tag in ("mi", "mn", "mtext"):
        return str(parts[0])
    if tag == "mo":
        return _operator(str(parts[0]))
    if tag == "mspace":
        return " "
    children = [part for part in parts if isinstance(part, list)]
    match tag:
        case "mfrac":
            return "/".join(_bracketed(child) for child in children)
        case "msub" | "munder":
            base, below = unicode(children[0]), _small(unicode(children[1]), BELOW, "_")
            comma = "," if base[-1] in _DIGITS and below[0] in _DIGITS else ""
            return f"{base}{comma}{below}{' ' * (tag == 'munder')}"
        case "msup":
            return f"{_bracketed(children[0])}{_small(unicode(children[1]), ABOVE, '^')}"
        case "msqrt":
            return f"√{_bracketed(children[0])}"
        case "mtable":
            return "; ".join(" ".join(unicode(cell) for cell in _lists(row)).strip() for row in children) + "}"
    return re.sub("  +", " ", "".join(_spaced(children)))


def _lists(row: MathML) -> list[MathML]:
    return [part for part in row[1:] if isinstance(part, list)]


def _spaced(children: Sequence[MathML]) -> Iterator[str]:
    """The parts of a row, with a gap between two letters or numbers that stand beside each other."""
    before = ""
    for child in children:
        said = unicode(child)
        if child[0] == "mo" and child[1] in ("−", "+") and not before.strip():
            said = said.strip()  # a sign, and no operation
        if before and (before[-1].isalnum() or before[-1] in ")]") and said[:1].isalnum() and child[0] != "mtext":
            yield " "
        yield said
        before = said or before


def _operator(said: str) -> str:
    if said == ",":
        return ", "
    return f" {said} " if said in _WEAK else said


def _bracketed(made: MathML) -> str:
    """In brackets, where something in it binds less than a stroke or a power."""
    said = unicode(made)
    return f"({said})" if made[0] == "mfrac" or _is_weak(made) else said


def _is_weak(made: MathML) -> bool:
    """Whether an operation stands outside of all brackets."""
    if made[0] != "mrow":
        return made[0] == "mspace" or (made[0] == "mo" and made[1] in _WEAK)
    depth = 0
    for child in _lists(made):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(str(child[1]), 0) if child[0] == "mo" else 0
        if not depth and _is_weak(child):
            return True
    return False


def _small(said: str, letters: dict[str, str], mark: str) -> str:
    """`ᵢⱼ`, `₃,₀`; `_(i, label)` where no such letters exist."""
    plain = re.sub(r"(?<=\D), (?=\D)", "", said).replace(", ", ",").replace("−", "-").replace(" ", "")
    if plain and all(char in letters or char == "," for char in plain):
        return "".join(letters.get(char, char) for char in plain)
    return f"{mark}{said}" if said.isalnum() else f"{mark}({said})"


def latex(made: MathML) -> str:
    """LaTeX for mathematics mode."""
    tag, parts = made[0], made[1:]
    if tag in ("mi", "mn", "mo", "mtext"):
        return _leaf(tag, str(parts[0]))
    if tag == "mspace":
        return r"\,"
    children = [part for part in parts if isinstance(part, list)]
    said = [latex(child) for child in children]
    match tag:
        case "mfrac":
            return rf"\frac{{{said[0]}}}{{{said[1]}}}"
        case "msub" | "munder":
            base = f"{{{said[0]}}}" if children[0][0] == "msub" else said[0]  # TeX has no second index of one base
            below = f"{base}_{{{said[1]}}}"
            return below if said[0] in (r"\sum", r"\prod") or tag == "msub" else rf"\mathop{{{said[0]}}}_{{{said[1]}}}"
        case "msup":
            return f"{{{said[0]}}}^{{{said[1]}}}" if children[0][0] != "mi" else f"{said[0]}^{{{said[1]}}}"
        case "msqrt":
            return rf"\sqrt{{{''.join(said)}}}"
        case "mtable":
            rows = [" & ".join(latex(cell) for cell in _lists(row)) for row in children]
            return r"\begin{array}{ll} " + r" \\ ".join(rows) + r" \end{array} \right."
    return " ".join(r"\left\{" if one == SIGNS["{"] else one for one in said if one)


def _leaf(tag: object, said: str) -> str:
    if tag == "mtext":
        return rf"\text{{{said.translate(_SPECIAL)}}}"
    if tag == "mo":
        return SIGNS.get(said, said)
    if tag == "mn" or len(said) == 1:
        return LETTERS.get(said, said.replace("−", "-"))
    return LETTERS.get(said, rf"\mathrm{{{said.translate(_SPECIAL)}}}")
