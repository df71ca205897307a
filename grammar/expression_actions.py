"""Tokens and nodes -> expression: for each action of mg.lark a function of the values of its alternative.

>>> at = Span(1, 1, 1, 2)
>>> binary(Number(1, at), Token("PLUS", "+", at), Number(2, at)).operator
'+'
"""

from __future__ import annotations

from typing import Literal, NamedTuple, cast

from msgspec.structs import replace

from mgc.grammar.lexer import Mistake, Token, shortened
from mgc.grammar.literals import number_value
from mgc.grammar.tree import (
    ArrayLiteral,
    Binary,
    Call,
    Clause,
    Comparison,
    Comprehension,
    Conditional,
    Expression,
    Index,
    Logical,
    Name,
    Number,
    Reduction,
    Slice,
    Span,
    Transpose,
    Unary,
)

Sign = Literal["<", "<=", ">", ">=", "==", "!="]


class Keyword(NamedTuple):
    name: Token
    value: Expression


class Chain(NamedTuple):
    operators: list[Sign]
    operands: list[Expression]


def join(first: Span, last: Span) -> Span:
    """From the beginning of one span to the end of another."""
    return Span(first[0], first[1], last[2], last[3])


def conditional(
    value: Expression, if_: Token, condition: Expression, else_: Token, otherwise: Expression
) -> Conditional:
    return Conditional(value, condition, otherwise, join(value.span, otherwise.span))


def logical(left: Expression, operator: Token, right: Expression) -> Logical:
    return Logical(cast(Literal["and", "or"], operator.text), left, right, join(left.span, right.span))


def unary(operator: Token, operand: Expression) -> Unary:
    sign = cast(Literal["-", "+", "not"], operator.text)
    return Unary(sign, operand, join(operator.span, operand.span))


def binary(left: Expression, operator: Token, right: Expression) -> Binary:
    sign = cast(Literal["+", "-", "*", "/", "//", "%", "**", "@"], operator.text)
    return Binary(sign, left, right, join(left.span, right.span))


def chain(left: Expression, operator: Token, right: Expression) -> Chain:
    return Chain([cast(Sign, operator.text)], [left, right])


def longer_chain(start: Chain, operator: Token, right: Expression) -> Chain:
    start.operators.append(cast(Sign, operator.text))
    start.operands.append(right)
    return start


def comparison(links: Chain) -> Comparison:
    operands = tuple(links.operands)
    return Comparison(tuple(links.operators), operands, join(operands[0].span, operands[-1].span))


def name(token: Token) -> Name:
    return Name(token.text, token.span)


def number(token: Token) -> Number:
    return Number(number_value(token), token.span)


def group(opener: Token, inner: Expression, closer: Token) -> Expression:
    """The inner expression, its span widened to the parentheses."""
    return replace(inner, span=join(opener.span, closer.span))


def array(opener: Token, elements: list[Expression], *closers: Token) -> ArrayLiteral:
    return ArrayLiteral(tuple(elements), join(opener.span, closers[-1].span))


def comprehension(opener: Token, body: Expression, clauses: list[Clause], closer: Token) -> Comprehension:
    return Comprehension(body, tuple(clauses), join(opener.span, closer.span))


def of_every(body: Expression, clauses: list[Clause]) -> Comprehension:
    return Comprehension(body, tuple(clauses), join(body.span, clauses[-1].span))


def index(base: Expression, opener: Token, items: list[Expression | Slice], closer: Token) -> Index:
    return Index(base, tuple(items), join(base.span, closer.span))


def bounds(start: Expression | None, *rest: Token | Expression | None) -> Slice:
    """`rest` is colon, stop, or colon, stop, colon, step."""
    parts = [part for part in (start, *rest) if part is not None]
    stop, step = rest[1], rest[3] if len(rest) > 2 else None
    span = join(parts[0].span, parts[-1].span)
    return Slice(start, cast("Expression | None", stop), cast("Expression | None", step), span)


def transpose(base: Expression, dot: Token, attribute: Token) -> Transpose:
    if attribute.text != "T":
        message = f"there is no `.{shortened(attribute.text)}`: the only attribute is `.T`, the transpose"
        hint = f"a function stands alone: `{shortened(attribute.text)}(...)`"
        if attribute.text == "forward":
            hint = "a model is called by its name: `net(x)`"
        if attribute.text in ("shape", "size", "ndim"):
            hint = "a size is a name that an argument binds, as `n` in `def f(x[n])`"
        raise Mistake(message, join(dot.span, attribute.span), hint)
    return Transpose(base, join(base.span, attribute.span))


def call(target: Expression, opener: Token, inputs: list[Expression | Keyword], closer: Token) -> Call:
    function, sizes = _callee(target)
    positional: list[Expression] = []
    keywords: dict[str, Expression] = {}
    for item in inputs:
        if not isinstance(item, Keyword):
            if keywords:
                hint = "arguments by position come before arguments by name"
                raise Mistake("an argument by position follows one by name", item.span, hint)
            positional.append(item)
        elif item.name.text in keywords:
            raise Mistake(f"the argument `{item.name.text}` is given twice", item.name.span)
        else:
            keywords[item.name.text] = item.value
    span = join(target.span, closer.span)
    return Call(function, sizes, tuple(positional), tuple(keywords.items()), span)


def reduction(target: Expression, opener: Token, body: Expression, clauses: list[Clause], closer: Token) -> Reduction:
    function, sizes = _callee(target)
    if sizes is not None:
        hint = f"give it an array: `{function}[...]([e for i])`"
        raise Mistake("a call with sizes in brackets takes no `for`", target.span, hint)
    return Reduction(function, body, tuple(clauses), join(target.span, closer.span))


def keyword(name: Token, equal: Token, value: Expression) -> Keyword:
    return Keyword(name, value)


def inferred_clause(for_: Token, names: list[Token], conditions: list[Expression]) -> Clause:
    end = conditions[-1] if conditions else names[-1]
    return Clause(tuple(name.text for name in names), None, tuple(conditions), join(for_.span, end.span))


def ranged_clause(
    for_: Token, names: list[Token], in_: Token, iterable: Expression, conditions: list[Expression]
) -> Clause:
    end = conditions[-1] if conditions else iterable
    return Clause(tuple(name.text for name in names), iterable, tuple(conditions), join(for_.span, end.span))


def condition(conditions: list[Expression], if_: Token, test: Expression) -> list[Expression]:
    conditions.append(test)
    return conditions


def _callee(target: Expression) -> tuple[str, tuple[Expression, ...] | None]:
    if isinstance(target, Name):
        return target.identifier, None
    if isinstance(target, Call) and target.sizes is None and not target.keywords:
        from mgc.grammar.spelling import format_expression  # for a mistake only

        sizes_text = ", ".join(format_expression(size) for size in target.arguments)
        hint = f"the sizes of a layer stand in square brackets: `{shortened(target.function)}[{sizes_text}](...)`"
        raise Mistake("the result of a call is not called", target.span, hint)
    if not isinstance(target, Index) or not isinstance(target.base, Name):
        raise Mistake("only a name can be called", target.span, "a product is written with `*`")
    sizes: list[Expression] = []
    for item in target.items:
        if isinstance(item, Slice):
            hint = "sizes are numbers or names; a list of sizes is sliced as in `mlp[widths[1:]](x)`"
            raise Mistake("a slice is no size", item.span, hint)
        sizes.append(item)
    return target.base.identifier, tuple(sizes)
