"""Tokens and nodes -> declaration: for each action of mg.lark a function of the values of its alternative.

>>> from mgc.grammar.tree import Span
>>> size(Token("NAME", "m", Span(1, 1, 1, 2))).name
'm'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias, TypeVar, cast

from msgspec.structs import replace

from mgc.grammar.expression_actions import join
from mgc.grammar.lexer import Mistake, Token
from mgc.grammar.literals import docstring_text, unquoted
from mgc.grammar.tree import (
    Argument,
    Assign,
    Const,
    Derivative,
    Expression,
    For,
    Function,
    Import,
    Name,
    Native,
    Op,
    Param,
    Requirement,
    Return,
    SizeParameter,
    Span,
    Statement,
)

FACTS = ("overflows", "steep")  # what a row of an operation can say in one word
TARGETS = ("python", "c")

Value = TypeVar("Value")


class Suite(NamedTuple):
    docstring: str | None
    requirements: list[Requirement]
    body: list[Statement]


class Domain(NamedTuple):
    condition: Expression
    span: Span


OpRow: TypeAlias = Statement | Derivative | Domain | Native | Name


class Spelling(NamedTuple):
    target: str
    name: str | None  # None: as the operation itself
    span: Span


class OpSuite(NamedTuple):
    docstring: str | None
    rows: list[OpRow]


# --- lists and optional parts


def empty() -> list[Value]:
    return []


def first(item: Value) -> list[Value]:
    return [item]


def append(items: list[Value], item: Value) -> list[Value]:
    items.append(item)
    return items


def more(items: list[Value], comma: Token, item: Value) -> list[Value]:
    items.append(item)
    return items


def trailing_comma(items: list[Value], comma: Token) -> list[Value]:
    return items


def line(item: Value, newline: Token) -> Value:
    return item


def absent() -> None:
    return None


def second(sign: Token, value: Value) -> Value:
    return value


# --- declarations


def import_file(keyword: Token, path: Token, newline: Token) -> Import:
    if path.text.startswith(('"""', "'''")):
        raise Mistake("the name of a file is a string in single quotes", path.span, 'import "file.mg"')
    return Import(unquoted(path.text), join(keyword.span, path.span))


def const(keyword: Token, name: Token, equal: Token, value: Expression, newline: Token) -> Const:
    return Const(name.text, value, join(keyword.span, value.span))


def function(
    keyword: Token,
    name: Token,
    opener: Token,
    arguments: list[Argument],
    closer: Token,
    colon: Token,
    suite: Suite,
) -> Function:
    return _function(keyword, name, [], arguments, closer, suite)


def layer(
    keyword: Token,
    name: Token,
    size_opener: Token,
    sizes: list[SizeParameter],
    size_closer: Token,
    opener: Token,
    arguments: list[Argument],
    closer: Token,
    colon: Token,
    suite: Suite,
) -> Function:
    return _function(keyword, name, sizes, arguments, closer, suite)


def _function(
    keyword: Token,
    name: Token,
    sizes: list[SizeParameter],
    arguments: list[Argument],
    closer: Token,
    suite: Suite,
) -> Function:
    kind = cast(Literal["def", "layer", "model"], keyword.text)
    span = join(keyword.span, closer.span)
    if kind == "layer" and suite.requirements:
        hint = "write it in the `def` or the `model` that is called from outside, where it is checked"
        raise Mistake("a layer requires nothing", suite.requirements[0].span, hint)
    required = tuple(suite.requirements)
    return Function(kind, name.text, tuple(sizes), tuple(arguments), suite.docstring, required, tuple(suite.body), span)


def size(name: Token) -> SizeParameter:
    return SizeParameter(name.text, False, name.span)


def size_list(star: Token, name: Token) -> SizeParameter:
    return SizeParameter(name.text, True, join(star.span, name.span))


def argument(name: Token, annotation: Token | None, default: Expression | None) -> Argument:
    return _argument(name, [], name.span, annotation, default)


def array_argument(
    name: Token,
    opener: Token,
    dimensions: list[Expression],
    closer: Token,
    annotation: Token | None,
    default: Expression | None,
) -> Argument:
    return _argument(name, dimensions, closer.span, annotation, default)


def _argument(
    name: Token,
    dimensions: list[Expression],
    end: Span,
    annotation: Token | None,
    default: Expression | None,
) -> Argument:
    dtype: Literal["float", "int"] = "float"
    if annotation is not None:
        if annotation.text not in ("float", "int"):
            hint = f"an integer is `{name.text}: int`, a float `{name.text}` alone, an array of floats `{name.text}[n]`"
            raise Mistake(f"expected `int` or `float`, found `{annotation.text}`", annotation.span, hint)
        dtype, end = cast(Literal["float", "int"], annotation.text), annotation.span
    end = default.span if default is not None else end
    return Argument(name.text, tuple(dimensions), dtype, default, join(name.span, end))


def param(keyword: Token, name: Token, equal: Token, initialiser: Expression) -> Param:
    return Param(name.text, (), initialiser, join(keyword.span, initialiser.span))


def array_param(
    keyword: Token,
    name: Token,
    opener: Token,
    dimensions: list[Expression],
    closer: Token,
    equal: Token,
    initialiser: Expression,
) -> Param:
    return Param(name.text, tuple(dimensions), initialiser, join(keyword.span, initialiser.span))


# --- operations


def op(
    keyword: Token,
    name: Token,
    opener: Token,
    names: list[Token],
    closer: Token,
    colon: Token,
    suite: OpSuite,
) -> Op:
    derivative_of = {f"d{argument.text}": argument.text for argument in names}
    derivatives, body = _rules_and_body(suite.rows, derivative_of)
    if body and not isinstance(body[-1], Return):
        hint = f"a derivative is named {_either(list(derivative_of))}; a body ends with `return`"
        raise Mistake("neither a derivative nor part of a body that returns", body[-1].span, hint)
    domains = [row for row in suite.rows if isinstance(row, Domain)]
    natives = [row for row in suite.rows if isinstance(row, Native)]
    if len(domains) > 1:
        raise Mistake("an op has one domain", domains[1].span, "join the conditions with `and`")
    if len(natives) > 1:
        raise Mistake("an op says once where it is native", natives[1].span, "write `native python, c`")
    return Op(
        name.text,
        tuple(Name(argument.text, argument.span) for argument in names),
        suite.docstring,
        tuple(body),
        tuple(derivatives),
        domains[0].condition if domains else None,
        natives[0] if natives else None,
        tuple(row for row in suite.rows if isinstance(row, Name)),
        join(keyword.span, closer.span),
    )


def _rules_and_body(
    rows: Sequence[OpRow], derivative_of: Mapping[str, str]
) -> tuple[list[Derivative], list[Statement]]:
    """The rows that say a derivative, and those that compute the value."""
    derivatives: list[Derivative] = []
    body: list[Statement] = []
    for row in rows:
        match row:
            case Domain() | Native() | Name():
                continue
            case Derivative(argument=written) if written not in derivative_of:
                hint = f"expected {_either(list(derivative_of))}"
                raise Mistake(f"`{written}` is no derivative of this op", row.span, hint)
            case Derivative():
                derivatives.append(replace(row, argument=derivative_of[row.argument]))
            case Assign(targets=(target,)) if target.identifier in derivative_of:
                derivatives.append(Derivative(derivative_of[target.identifier], row.value, False, row.span))
            case Param():
                raise Mistake("an op has no parameters", row.span, "a `layer` or a `model` has")
            case _:
                body.append(row)
    return derivatives, body


def op_line(row: OpRow, newline: Token) -> OpSuite:
    return OpSuite(None, [row])


def op_line_block(row: OpRow, newline: Token, indent: Token, rows: list[OpRow], dedent: Token) -> OpSuite:
    return OpSuite(None, [row, *rows])


def op_block(newline: Token, indent: Token, rows: list[OpRow], dedent: Token) -> OpSuite:
    return OpSuite(None, rows)


def op_documented(
    newline: Token, indent: Token, docstring: Token, end: Token, rows: list[OpRow], dedent: Token
) -> OpSuite:
    return OpSuite(docstring_text(docstring), rows)


def accurate(keyword: Token, name: Token, equal: Token, rule: Expression) -> Derivative:
    """`argument` is still the written name, `dx`: only `op` knows the arguments."""
    return Derivative(name.text, rule, True, join(keyword.span, rule.span))


def domain(keyword: Token, condition: Expression) -> Domain:
    return Domain(condition, join(keyword.span, condition.span))


def native(keyword: Token, spellings: list[Spelling]) -> Native:
    spelt = tuple((one.target, one.name) for one in spellings)
    return Native(spelt, join(keyword.span, spellings[-1].span))


def spelling(target: Token) -> Spelling:
    if target.text not in TARGETS:
        raise Mistake(f"`{target.text}` is no target", target.span, f"expected {_either(TARGETS)}")
    return Spelling(target.text, None, target.span)


def other_spelling(target: Token, as_: Token, name: Token) -> Spelling:
    if as_.text != "as":
        raise Mistake(f"expected `as`, found `{as_.text}`", as_.span, "write `native c as fabs`")
    return Spelling(spelling(target).target, name.text, join(target.span, name.span))


def fact(word: Token) -> Name:
    if word.text not in FACTS:
        raise Mistake(f"`{word.text}` alone says nothing", word.span, f"of an op one says {_either(FACTS)}")
    return Name(word.text, word.span)


def _either(words: Sequence[str]) -> str:
    return " or ".join(f"`{word}`" for word in words)


# --- statements


def suite_line(statement: Statement, newline: Token) -> Suite:
    return Suite(None, [], [statement])


def suite_block(
    newline: Token, indent: Token, requirements: list[Requirement], body: list[Statement], dedent: Token
) -> Suite:
    return Suite(None, requirements, body)


def suite_documented(
    newline: Token,
    indent: Token,
    docstring: Token,
    end: Token,
    requirements: list[Requirement],
    body: list[Statement],
    dedent: Token,
) -> Suite:
    return Suite(docstring_text(docstring), requirements, body)


def requirement(keyword: Token, condition: Expression, newline: Token) -> Requirement:
    return Requirement(condition, join(keyword.span, condition.span))


def assign(targets: list[Token], equal: Token, value: Expression) -> Assign:
    names = tuple(Name(target.text, target.span) for target in targets)
    return Assign(names, value, join(targets[0].span, value.span))


def return_values(keyword: Token, values: list[Expression]) -> Return:
    return Return(tuple(values), join(keyword.span, values[-1].span))


def for_loop(keyword: Token, names: list[Token], in_: Token, iterable: Expression, colon: Token, suite: Suite) -> For:
    if suite.docstring is not None:
        raise Mistake("a loop has no docstring", keyword.span, "write a comment: `# ...`")
    if suite.requirements:
        hint = "it speaks of what is given: move it to the beginning of the definition"
        raise Mistake("a loop requires nothing", suite.requirements[0].span, hint)
    targets = tuple(Name(name.text, name.span) for name in names)
    return For(targets, iterable, tuple(suite.body), join(keyword.span, iterable.span))
