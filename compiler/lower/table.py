"""Which handler reads which kind of expression."""

from __future__ import annotations

from collections.abc import Callable

from mgc.compiler.lower import comprehensions
from mgc.compiler.lower.calls import call
from mgc.compiler.lower.indexing import index
from mgc.compiler.lower.operators import conditional, name, operator
from mgc.compiler.lower.scope import Meaning, Steps
from mgc.grammar.tree import (
    ArrayLiteral,
    Binary,
    Call,
    Comparison,
    Comprehension,
    Conditional,
    Index,
    Logical,
    Name,
    Number,
    Reduction,
    Transpose,
    Unary,
)

HANDLERS: dict[type, Callable[..., Steps[Meaning]]] = {
    **dict.fromkeys([Number, Unary, Binary, Comparison, Logical, Transpose, ArrayLiteral], operator),
    Name: name,
    Conditional: conditional,
    Call: call,
    Index: index,
    Comprehension: comprehensions.array,
    Reduction: comprehensions.reduction,
}
