"""Rows of `ops.mg` -> plain Python: of each operation its value, and its slopes by its operands.

>>> of("tanh(x)").value(0.0), of("x * y").slopes(3.0, 4.0)
(0.0, (12.0, (4.0, 3.0)))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, cast

from mgc.runtime.load import loads

Slopes = Callable[..., tuple[float, tuple[float, ...]]]


class Rule(NamedTuple):
    """`value(x, y)`, and `slopes(x, y)`: the value again, and with it the derivative by each operand."""

    value: Callable[..., float]
    slopes: Slopes


def of(expression: str, by: str = "", ieee: bool = False) -> Rule:
    """The rule of an expression in `x`, or in `x` and `y`. by: "x" leaves out the slope by y. ieee: see `mgc.loads`."""
    arguments = "x, y" if "y" in expression else "x"
    made = loads(f"def f({arguments}): return {expression}", "<micrograd>", wrt=by, ieee=ieee).code.namespace
    return Rule(cast("Callable[..., float]", made["f"]), cast("Slopes", made["f_value_and_grad"]))
