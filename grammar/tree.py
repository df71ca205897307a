"""The syntax tree of a `.mg` file: plain data, one class per construct, a span on every node.

Nodes compare by identity: structural equality would recurse as deep as the model is.

>>> Number(2, Span(1, 1, 1, 2)).value
2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple


class Span(NamedTuple):
    """Where a construct stands in its file: 1-based lines and columns, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


# --- expressions


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A literal. An `int` where it is written as one and exact in a double, else a `float`."""

    value: int | float
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    identifier: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Unary:
    operator: Literal["-", "+", "not"]
    operand: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Binary:
    operator: Literal["+", "-", "*", "/", "//", "%", "**", "@"]
    left: Expression
    right: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """`a < b`, or a chain `a < b <= c` (each operand is evaluated once)."""

    operators: tuple[Literal["<", "<=", ">", ">=", "==", "!="], ...]
    operands: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Logical:
    operator: Literal["and", "or"]
    left: Expression
    right: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Conditional:
    """`value if condition else otherwise`."""

    value: Expression
    condition: Expression
    otherwise: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """`f(a, b, k=c)`, or with sizes `linear[16](x)` (`sizes` is None where no brackets stand)."""

    function: str
    sizes: tuple[Expression, ...] | None
    arguments: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression], ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """`for i, j in range(n) if condition`; `iterable` is None where the range is inferred."""

    names: tuple[str, ...]
    iterable: Expression | None
    conditions: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Reduction:
    """`sum(body for i, j)`: a call of `function` whose one argument carries `for` clauses."""

    function: str
    body: Expression
    clauses: tuple[Clause, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Comprehension:
    """`[body for i, j]`: an array."""

    body: Expression
    clauses: tuple[Clause, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """`start:stop:step` between brackets; each part may be missing."""

    start: Expression | None
    stop: Expression | None
    step: Expression | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """`base[i, j]`; a partial index is a row, a `Slice` keeps its axis."""

    base: Expression
    items: tuple[Expression | Slice, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Transpose:
    """`base.T`."""

    base: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class ArrayLiteral:
    elements: tuple[Expression, ...]
    span: Span


Expression = (
    Number
    | Name
    | Unary
    | Binary
    | Comparison
    | Logical
    | Conditional
    | Call
    | Reduction
    | Comprehension
    | Index
    | Transpose
    | ArrayLiteral
)


# --- statements


@dataclass(frozen=True, slots=True, eq=False)
class Assign:
    """`h = value`, or `a, b = value` for a call of several results."""

    targets: tuple[Name, ...]
    value: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Return:
    values: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Param:
    """`param W[m, n] = uniform(-1, 1)`; also a declaration, where it stands at file level."""

    name: str
    dimensions: tuple[Expression, ...]
    initialiser: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class For:
    """`for m in widths: ...` over a list of sizes, or over `range(T)`."""

    names: tuple[Name, ...]
    iterable: Expression
    body: tuple[Statement, ...]
    span: Span


Statement = Assign | Return | Param | For


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """`require n > 1`, `require x[i] > 0 for i`: of an array of conditions all must hold."""

    condition: Expression
    span: Span


# --- declarations


@dataclass(frozen=True, slots=True, eq=False)
class Argument:
    """`x`, `x[n]`, `tok[n]: int`, `lam = 0.1`."""

    name: str
    dimensions: tuple[Expression, ...]
    dtype: Literal["float", "int"]
    default: Expression | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class SizeParameter:
    """A size of a layer, given at the call; `*widths` takes all that remain, as a list."""

    name: str
    variadic: bool
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    kind: Literal["def", "layer", "model"]
    name: str
    sizes: tuple[SizeParameter, ...]
    arguments: tuple[Argument, ...]
    docstring: str | None
    requirements: tuple[Requirement, ...]
    body: tuple[Statement, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Const:
    name: str
    value: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Derivative:
    """`dx = rule` in an `op`; `accurate dx = rule` is the form that keeps more digits."""

    argument: str
    rule: Expression
    accurate: bool
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Native:
    """`native python, c as fabs`: (target, name or None for the operation's own) where a library has the operation."""

    spellings: tuple[tuple[str, str | None], ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Op:
    """An operation: its arguments, its derivatives, and a body where no target has it built in.

    `domain` is the condition under which the operation is defined on the reals, if it is not everywhere; `native` says
    which targets have it, where a row does; `facts` are the words that stand alone.
    """

    name: str
    arguments: tuple[Name, ...]
    docstring: str | None
    body: tuple[Statement, ...]
    derivatives: tuple[Derivative, ...]
    domain: Expression | None
    native: Native | None
    facts: tuple[Name, ...]
    span: Span

    def says(self, fact: str) -> bool:
        """Whether the row holds this word."""
        return any(said.identifier == fact for said in self.facts)


@dataclass(frozen=True, slots=True, eq=False)
class Import:
    path: str
    span: Span


Declaration = Function | Const | Op | Import | Param


@dataclass(frozen=True, slots=True, eq=False)
class File:
    path: str
    source: str
    declarations: tuple[Declaration, ...]


def replaced(node: Expression, names: Mapping[str, Expression]) -> Expression:
    """An expression with others in the place of names."""
    if isinstance(node, Name):
        return names.get(node.identifier, node)
    made: dict[str, Any] = {}
    for field in node.__dataclass_fields__:
        value = getattr(node, field)
        if isinstance(value, Expression):
            made[field] = replaced(value, names)
        elif isinstance(value, tuple):
            made[field] = tuple([replaced(one, names) if isinstance(one, Expression) else one for one in value])
    return replace(node, **made)


def walk(root: object) -> Iterator[object]:
    """Every node of a tree, or of a tuple of trees, parents first; without recursion."""
    waiting = [root]
    while waiting:
        item = waiting.pop()
        if type(item) is tuple:
            waiting.extend(reversed(item))
        elif hasattr(item, "__dataclass_fields__"):
            yield item
            waiting.extend(getattr(item, field) for field in reversed(item.__dataclass_fields__))
