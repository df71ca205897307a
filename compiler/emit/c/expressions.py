"""How C spells expressions: operators with their binding strengths, literals, elements of flat arrays, and calls.

>>> from mgc.compiler.emit.c.types import DOUBLE, FLOAT
>>> number(DOUBLE, 2**40), number(FLOAT, 0.1), element("a", ["i", "j"], ["n"])
('INT64_C(1099511627776)', '0.1f', 'a[i * n + j]')
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from functools import partial

from mgc.compiler.emit.c import vectors
from mgc.compiler.emit.c.helpers import CHECKED, INTEGER_CALLS, is_helper
from mgc.compiler.emit.c.types import Real, types
from mgc.compiler.emit.spelling import (
    AND,
    ATOM,
    COMPARE,
    NEGATION,
    NOT,
    OR,
    POWER,
    PRODUCT,
    SUM,
    TERNARY,
    Row,
    Target,
    Text,
    small_power,
    whole_exponent,
)
from mgc.compiler.emit.tokens import Token
from mgc.compiler.graph.nodes import Dtype
from mgc.compiler.language import library
from mgc.compiler.names import words
from mgc.compiler.schedule.loopnest import Apply, Expression, Number, Variable
from mgc.compiler.schedule.placement import SMALL_POWER

INT_MAX = 2**31 - 1  # beyond it a literal needs a type of its own

_ROWS = {
    "add": Row("{0} + {1}", SUM, (SUM, PRODUCT)),
    "sub": Row("{0} - {1}", SUM, (SUM, PRODUCT)),
    "mul": Row("{0} * {1}", PRODUCT, (PRODUCT, NEGATION)),
    "div": Row("{0} / {1}", PRODUCT, (PRODUCT, NEGATION)),
    "exactdiv": Row("{0} / {1}", PRODUCT, (PRODUCT, NEGATION)),
    "neg": Row("-{0}", NEGATION, (POWER,)),
    "lt": Row("{0} < {1}", COMPARE, (SUM, SUM)),
    "le": Row("{0} <= {1}", COMPARE, (SUM, SUM)),
    "gt": Row("{0} > {1}", COMPARE, (SUM, SUM)),
    "ge": Row("{0} >= {1}", COMPARE, (SUM, SUM)),
    "eq": Row("{0} == {1}", COMPARE, (SUM, SUM)),
    "ne": Row("{0} != {1}", COMPARE, (SUM, SUM)),
    "and": Row("{0} && {1}", AND, (NOT, NOT)),
    "or": Row("{0} || {1}", OR, (NOT, NOT)),
    "not": Row("!{0}", NEGATION, (POWER,)),
    "select": Row("{0} ? {1} : {2}", TERNARY, (OR, OR, TERNARY)),
    "bound": Row("{0}", TERNARY, (TERNARY, TERNARY)),
    **vectors.ROWS,
}


@functools.cache
def target(real: Real) -> Target:
    """The spelling of expressions in C."""
    zero = real.literal(0.0)
    rows = {
        **_ROWS,
        "relu": Row(f"{{0}} <= {zero} ? {zero} : {{0}}", TERNARY, (SUM,)),
        "real": Row(f"({real.name}){{0}}", NEGATION, (NEGATION,)),
    }
    return Target(
        rows,
        partial(number, real),
        element,
        partial(_call, real),
        partial(_power, real),
        types=types(real),
        flat_arrays=True,
        extrema_of_two=True,
        checked=CHECKED,
    )


def number(real: Real, value: float | int) -> str:
    """The literal that reads back as this number, as the nearest of its type where that is `float`."""
    if isinstance(value, float):
        return real.literal(value)
    if isinstance(value, int) and abs(value) > INT_MAX:
        return f"{'-' if value < 0 else ''}INT64_C({abs(value)})"
    return str(int(value))


def element(array: str, indices: list[str], inner_sizes: list[str]) -> str:
    """Row by row: `a[(i * n + j) * m + k]`."""
    place = indices[0]
    for index, size in zip(indices[1:], inner_sizes, strict=True):
        is_atom = place.isalnum() or (place[0] == "(" and place.find(")") == len(place) - 1)
        place = f"{place} * {size}" if is_atom else f"({place}) * {size}"
        if index != "0":
            place = f"{place} + {index}"
        if place.startswith("0 * "):
            place = index
    return f"{array}[{place}]"


def kind(variable: Variable, known: Mapping[Dtype, str]) -> str:
    """The type of a variable, or of its elements; `known` are those of numbers."""
    return vectors.TYPES[variable.dtype] if variable.lanes else known[variable.dtype]


def scalar_call(real: Real, apply: Apply) -> str:
    """The function that computes in each lane what an operation of lanes does."""
    return _call(real, Apply(apply.op.removeprefix(vectors.PREFIX), apply.args, apply.dtype))


def _call(real: Real, apply: Apply) -> str:
    if apply.op.startswith(vectors.PREFIX):
        return vectors.called(apply) or f"mgc_{scalar_call(real, apply)}"
    if apply.dtype == "int" and apply.op in INTEGER_CALLS:
        return INTEGER_CALLS[apply.op]
    if apply.op in ("max", "min"):
        return {"max": "maximum", "min": "minimum"}[apply.op]
    name = library.native(apply.op, "c")
    if name is None:
        return words.operation(apply.op)
    return name if is_helper(name) else f"{name}{real.suffix}"


def _power(real: Real, apply: Apply, texts: list[Text]) -> Text | None:
    exponent = whole_exponent(apply)
    cast = (Token(f"({real.name})"),) if apply.args[0].dtype == "int" else ()  # or the product is one of integers
    if exponent is not None and 1 < exponent <= SMALL_POWER and texts[0][1] >= ATOM:
        product, strength = small_power(texts, exponent)
        return (*cast, *product), strength
    return None


def known(sizes: tuple[Expression, ...]) -> list[int]:
    """Those of the sizes that are numbers."""
    return [int(size.value) for size in sizes if isinstance(size, Number)]
