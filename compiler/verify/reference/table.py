"""Which handler evaluates which kind of expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mgc.compiler.verify.reference import comprehensions
from mgc.compiler.verify.reference.calls import call
from mgc.compiler.verify.reference.operators import OPERATORS
from mgc.compiler.verify.reference.scope import Frame, Machine, Meaning
from mgc.grammar import tree

HANDLERS: dict[type, Callable[[Machine, Frame, Any], Meaning]] = {
    **OPERATORS,
    tree.Call: call,
    tree.Comprehension: comprehensions.comprehension,
    tree.Reduction: comprehensions.reduction,
}
