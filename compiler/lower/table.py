"""Which handler reads which kind of expression."""

from __future__ import annotations

from collections.abc import Callable

from mgc.compiler.lower import comprehensions
from mgc.compiler.lower.calls import call
from mgc.compiler.lower.indexing import index
from mgc.compiler.lower.operators import OPERATORS
from mgc.compiler.lower.scope import Steps
from mgc.grammar.tree import Call, Comprehension, Index, Reduction

HANDLERS: dict[type, Callable[..., Steps]] = {
    **OPERATORS,
    Call: call,
    Index: index,
    Comprehension: comprehensions.array,
    Reduction: comprehensions.reduction,
}
