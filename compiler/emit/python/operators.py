"""Operations as Python spells them: expression -> operators, calls and literals.

>>> number(-0.0), number(float("inf"))
('-0.0', 'inf')
"""

from __future__ import annotations

import math

from mgc.compiler.emit.spelling import (
    AND,
    ATOM,
    COMPARE,
    NEGATION,
    NOT,
    OR,
    POWER,
    PRODUCT,
    REMAINDER,
    SUM,
    TERNARY,
    Row,
    Target,
    Text,
    small_power,
    whole_exponent,
)
from mgc.compiler.emit.tokens import Token, bracketed, text
from mgc.compiler.names import words
from mgc.compiler.schedule.loopnest import Apply
from mgc.compiler.schedule.placement import SMALL_POWER

_ROWS = {
    "add": Row("{0} + {1}", SUM, (SUM, REMAINDER)),
    "sub": Row("{0} - {1}", SUM, (SUM, REMAINDER)),
    "mul": Row("{0} * {1}", PRODUCT, (PRODUCT, NEGATION)),
    "div": Row("{0} / {1}", PRODUCT, (PRODUCT, NEGATION)),
    "floordiv": Row("{0} // {1}", REMAINDER, (PRODUCT, NEGATION)),
    "floordiv of floats": Row("{0} // {1}", REMAINDER, (PRODUCT, NEGATION)),
    "exactdiv": Row("{0} // {1}", REMAINDER, (PRODUCT, NEGATION)),
    "mod": Row("{0} % {1}", REMAINDER, (PRODUCT, NEGATION)),
    "mod of floats": Row("{0} % {1}", REMAINDER, (PRODUCT, NEGATION)),
    "neg": Row("-{0}", NEGATION, (POWER,)),
    "lt": Row("{0} < {1}", COMPARE, (SUM, SUM)),
    "le": Row("{0} <= {1}", COMPARE, (SUM, SUM)),
    "gt": Row("{0} > {1}", COMPARE, (SUM, SUM)),
    "ge": Row("{0} >= {1}", COMPARE, (SUM, SUM)),
    "eq": Row("{0} == {1}", COMPARE, (SUM, SUM)),
    "ne": Row("{0} != {1}", COMPARE, (SUM, SUM)),
    "and": Row("{0} and {1}", AND, (AND, NOT)),
    "or": Row("{0} or {1}", OR, (OR, AND)),
    "not": Row("not {0}", NOT, (NOT,)),
    "select": Row("{1} if {0} else {2}", TERNARY, (OR, OR, TERNARY)),
    "abs": Row("abs({0})", ATOM, (TERNARY,)),
    "real": Row("float({0})", ATOM, (TERNARY,)),
    "relu": Row("0.0 if {0} <= 0.0 else {0}", TERNARY, (SUM,)),
    "bound": Row("element({0}, {1})", ATOM, (TERNARY, TERNARY)),
}


def target(ieee: bool) -> Target:
    """The spelling of expressions in Python: bare operators, or guarded functions where Python would raise."""
    guarded = ("div", "mod of floats", "floordiv of floats") if ieee else ()
    rows = {op: row for op, row in _ROWS.items() if op not in guarded} | {"div by a number": _ROWS["div"]}
    power = _power_ieee if ieee else _power
    return Target(rows, number, _element, _call, power, of_integers=frozenset({"max", "min"}))


def _call(apply: Apply) -> str:
    return words.operation(apply.op)


def number(value: float | int) -> str:
    """The literal that reads back as exactly this number."""
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return repr(value)


def _element(array: str, indices: list[str], _sizes: list[str]) -> str:
    return array + "".join(f"[{index}]" for index in indices)


def _power(apply: Apply, texts: list[Text]) -> Text | None:
    exponent = whole_exponent(apply)
    grows = apply.args[0].dtype == "int" and exponent is not None and exponent > SMALL_POWER  # beyond all doubles
    if exponent is None or grows:
        return None
    said = text(texts[0][0])
    if 1 < exponent <= SMALL_POWER and said.isidentifier():
        return small_power(texts, exponent)
    base = texts[0][0] if texts[0][1] >= ATOM else bracketed(texts[0][0])
    sign = "**" if said.isidentifier() or text(base)[0].isdigit() else " ** "
    return (*base, Token(sign, None, "", POWER), Token(str(exponent))), POWER


def _power_ieee(apply: Apply, texts: list[Text]) -> Text | None:
    exponent = whole_exponent(apply)
    if exponent is not None and 1 < exponent <= SMALL_POWER and texts[0][1] >= ATOM:
        return small_power(texts, exponent)
    return None
