"""What the tests of this folder share: comparison of trees without recursion, and random expressions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from mgc.grammar import tree
from mgc.grammar.tree import Span

HERE = Span(1, 1, 1, 1)


def flattened(root: object) -> Iterator[object]:
    """The classes and leaves of a tree in a fixed order, spans and the source left out."""
    pending = [root]
    while pending:
        item = pending.pop()
        if isinstance(item, tuple) and not isinstance(item, Span):
            yield ("tuple", len(item))
            pending.extend(reversed(item))
        elif isinstance(item, Struct):
            yield type(item).__name__
            names = [name for name in item.__struct_fields__ if name not in ("span", "source", "path")]
            pending.extend(getattr(item, name) for name in reversed(names))
        else:
            yield (type(item).__name__, item)


def same(left: object, right: object) -> bool:
    return list(flattened(left)) == list(flattened(right))


def random_expression(source: random.Random, size: int) -> tree.Expression:
    """An expression of about `size` nodes, built from the leaves up."""
    stack: list[tree.Expression] = [_leaf(source) for _ in range(2)]
    for _ in range(size):
        stack.append(_node(source, stack) if source.random() < 0.7 else _leaf(source))
    while len(stack) > 1:
        stack.append(tree.Binary(source.choice(BINARY), stack.pop(), stack.pop(), HERE))
    return stack[0]


BINARY: tuple[Literal["+", "-", "*", "/", "//", "%", "**", "@"], ...] = (
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "@",
)
COMPARISONS: tuple[Literal["<", "<=", ">", ">=", "==", "!="], ...] = ("<", "<=", ">", ">=", "==", "!=")


def _leaf(source: random.Random) -> tree.Expression:
    numbers = (0, 1, 2**53, 0.5, 1e-300, 1e300, 2.0, source.random(), source.randrange(10**6))
    if source.random() < 0.5:
        return tree.Number(source.choice(numbers), HERE)
    return tree.Name(source.choice(("x", "y", "T", "op", "model", "lambda", "alpha_1")), HERE)


def _node(source: random.Random, stack: list[tree.Expression]) -> tree.Expression:
    def take() -> tree.Expression:
        return stack.pop() if stack else _leaf(source)

    def several() -> tuple[tree.Expression, ...]:
        return tuple(take() for _ in range(source.randint(1, 3)))

    def clauses() -> tuple[tree.Clause, ...]:
        iterable = take() if source.random() < 0.5 else None
        conditions = tuple(take() for _ in range(source.randint(0, 2)))
        clause = tree.Clause(("i", "j")[: source.randint(1, 2)], iterable, conditions, HERE)
        return (clause,) if source.random() < 0.7 else (clause, tree.Clause(("k",), None, (), HERE))

    def item() -> tree.Expression | tree.Slice:
        if source.random() < 0.6:
            return take()
        start, stop, step = (take() if source.random() < 0.5 else None for _ in range(3))
        return tree.Slice(start, stop, step, HERE)

    match source.randrange(13):
        case 0 | 1 | 2:
            return tree.Binary(source.choice(BINARY), take(), take(), HERE)
        case 3:
            return tree.Unary(source.choice(("-", "+", "not")), take(), HERE)
        case 4:
            operands = (take(), *several())
            operators = tuple(source.choice(COMPARISONS) for _ in operands[1:])
            return tree.Comparison(operators, operands, HERE)
        case 5:
            return tree.Logical(source.choice(("and", "or")), take(), take(), HERE)
        case 6:
            return tree.Conditional(take(), take(), take(), HERE)
        case 7:
            sizes = several() if source.random() < 0.3 else None
            keywords = (("k", take()), ("op", take()))[: source.randint(0, 2)]
            return tree.Call("f", sizes, several()[source.randint(0, 1) :], keywords, HERE)
        case 8:
            return tree.Reduction("sum", take(), clauses(), HERE)
        case 9:
            return tree.Comprehension(take(), clauses(), HERE)
        case 10:
            return tree.Index(take(), tuple(item() for _ in range(source.randint(1, 2))), HERE)
        case 11:
            return tree.Transpose(take(), HERE)
        case _:
            return tree.ArrayLiteral(several(), HERE)
