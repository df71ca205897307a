"""The syntax tree of a `.mg` file: plain data, one class per construct, a span on every node.

Nodes compare by identity: structural equality would recurse as deep as the model is.

>>> Number(2, Span(1, 1, 1, 2)).value
2
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace


class Span(NamedTuple):
    """Where a construct stands in its file: 1-based lines and columns, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


# --- expressions


class Number(Struct, frozen=True, eq=False):
    """A literal. An `int` where it is written as one and exact in a double, else a `float`."""

    value: int | float
    span: Span


class Name(Struct, frozen=True, eq=False):
    identifier: str
    span: Span


class Unary(Struct, frozen=True, eq=False):
    operator: Literal["-", "+", "not"]
    operand: Expression
    span: Span


class Binary(Struct, frozen=True, eq=False):
    operator: Literal["+", "-", "*", "/", "//", "%", "**", "@"]
    left: Expression
    right: Expression
    span: Span


class Comparison(Struct, frozen=True, eq=False):
    """`a < b`, or a chain `a < b <= c` (each operand is evaluated once)."""

    operators: tuple[Literal["<", "<=", ">", ">=", "==", "!="], ...]
    operands: tuple[Expression, ...]
    span: Span


class Logical(Struct, frozen=True, eq=False):
    operator: Literal["and", "or"]
    left: Expression
    right: Expression
    span: Span


class Conditional(Struct, frozen=True, eq=False):
    """`value if condition else otherwise`."""

    value: Expression
    condition: Expression
    otherwise: Expression
    span: Span


class Call(Struct, frozen=True, eq=False):
    """`f(a, b, k=c)`, or with sizes `linear[16](x)` (`sizes` is None where no brackets stand)."""

    function: str
    sizes: tuple[Expression, ...] | None
    arguments: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression], ...]
    span: Span


class Clause(Struct, frozen=True, eq=False):
    """`for i, j in range(n) if condition`; `iterable` is None where the range is inferred."""

    names: tuple[str, ...]
    iterable: Expression | None
    conditions: tuple[Expression, ...]
    span: Span


class Reduction(Struct, frozen=True, eq=False):
    """`sum(body for i, j)`: a call of `function` whose one argument carries `for` clauses."""

    function: str
    body: Expression
    clauses: tuple[Clause, ...]
    span: Span


class Comprehension(Struct, frozen=True, eq=False):
    """`[body for i, j]`: an array."""

    body: Expression
    clauses: tuple[Clause, ...]
    span: Span


class Slice(Struct, frozen=True, eq=False):
    """`start:stop:step` between brackets; each part may be missing."""

    start: Expression | None
    stop: Expression | None
    step: Expression | None
    span: Span


class Index(Struct, frozen=True, eq=False):
    """`base[i, j]`; a partial index is a row, a `Slice` keeps its axis."""

    base: Expression
    items: tuple[Expression | Slice, ...]
    span: Span


class Transpose(Struct, frozen=True, eq=False):
    """`base.T`."""

    base: Expression
    span: Span


class ArrayLiteral(Struct, frozen=True, eq=False):
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


class Assign(Struct, frozen=True, eq=False):
    """`h = value`, or `a, b = value` for a call of several results."""

    targets: tuple[Name, ...]
    value: Expression
    span: Span


class Return(Struct, frozen=True, eq=False):
    values: tuple[Expression, ...]
    span: Span


class Param(Struct, frozen=True, eq=False):
    """`param W[m, n] = uniform(-1, 1)`; also a declaration, where it stands at file level."""

    name: str
    dimensions: tuple[Expression, ...]
    initialiser: Expression
    span: Span


class For(Struct, frozen=True, eq=False):
    """`for m in widths: ...` over a list of sizes, or over `range(T)`."""

    names: tuple[Name, ...]
    iterable: Expression
    body: tuple[Statement, ...]
    span: Span


Statement = Assign | Return | Param | For


class Requirement(Struct, frozen=True, eq=False):
    """`require n > 1`, `require x[i] > 0 for i`: of an array of conditions all must hold."""

    condition: Expression
    span: Span


# --- declarations


class Argument(Struct, frozen=True, eq=False):
    """`x`, `x[n]`, `tok[n]: int`, `lam = 0.1`."""

    name: str
    dimensions: tuple[Expression, ...]
    dtype: Literal["float", "int"]
    default: Expression | None
    span: Span


class SizeParameter(Struct, frozen=True, eq=False):
    """A size of a layer, given at the call; `*widths` takes all that remain, as a list."""

    name: str
    variadic: bool
    span: Span


class Function(Struct, frozen=True, eq=False):
    kind: Literal["def", "layer", "model"]
    name: str
    sizes: tuple[SizeParameter, ...]
    arguments: tuple[Argument, ...]
    docstring: str | None
    requirements: tuple[Requirement, ...]
    body: tuple[Statement, ...]
    span: Span


class Const(Struct, frozen=True, eq=False):
    name: str
    value: Expression
    span: Span


class Derivative(Struct, frozen=True, eq=False):
    """`dx = rule` in an `op`; `accurate dx = rule` is the form that keeps more digits."""

    argument: str
    rule: Expression
    accurate: bool
    span: Span


class Native(Struct, frozen=True, eq=False):
    """`native python, c as fabs`: (target, name or None for the operation's own) where a library has the operation."""

    spellings: tuple[tuple[str, str | None], ...]
    span: Span


class Op(Struct, frozen=True, eq=False):
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


class Import(Struct, frozen=True, eq=False):
    path: str
    span: Span


Declaration = Function | Const | Op | Import | Param


class File(Struct, frozen=True, eq=False):
    path: str
    source: str
    declarations: tuple[Declaration, ...]


def replaced(node: Expression, names: Mapping[str, Expression]) -> Expression:
    """An expression with others in the place of names."""
    if isinstance(node, Name):
        return names.get(node.identifier, node)
    made: dict[str, Any] = {}
    for field in node.__struct_fields__:
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
        elif hasattr(item, "__struct_fields__"):
            yield item
            waiting.extend(getattr(item, field) for field in reversed(item.__struct_fields__))


def axes_of(name: str, parts: Iterable[Expression]) -> Iterator[tuple[str, int]]:
    """The named arrays that an index alone indexes, and the axis of each: ("X", 1) of `X[i][j]` for j."""
    waiting: list[object] = [tuple(parts)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, tuple):
            waiting.extend(reversed(item))
        elif hasattr(item, "__struct_fields__"):
            if isinstance(item, Index):
                yield from _axes_at(name, item)
            if not (isinstance(item, Reduction | Comprehension) and any(name in one.names for one in item.clauses)):
                waiting.extend(getattr(item, field) for field in reversed(item.__struct_fields__))


def _axes_at(name: str, index: Index) -> Iterator[tuple[str, int]]:
    base, skipped = index.base, 0
    while isinstance(base, Index):  # X[i][j]: j indexes the second axis
        if any(isinstance(item, Slice) for item in base.items):
            return
        skipped += len(base.items)
        base = base.base
    if isinstance(base, Name):
        for axis, item in enumerate(index.items, skipped):
            if isinstance(item, Name) and item.identifier == name:
                yield base.identifier, axis
