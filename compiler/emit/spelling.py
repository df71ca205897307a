"""Expressions as text: expression -> code, for any target that is a table of operators with their binding strengths.

A row says how an operation is written, how strongly it binds, and how strongly each argument must bind to stand
without parentheses. Nothing is decided here: which values are variables is settled by the schedule.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct, field

from mgc.compiler.emit.tokens import Code, Token, bracketed, call, spelt, text
from mgc.compiler.graph.nodes import EXTREMA, Dtype, Origin
from mgc.compiler.schedule.loopnest import Apply, Expression, Load, LoopIndex, Number, RowIndex, Size, Update, Variable

# Python's `%` and `//` bind as `*` does; here more weakly, so that a product's sign is never taken for that of `a % b`.
TERNARY, OR, AND, NOT, COMPARE, SUM, REMAINDER, PRODUCT, NEGATION, POWER, ATOM = range(11)

COMBINE = {"sum": "+=", "prod": "*="}
_ARITHMETIC = frozenset({"add", "sub", "mul", "div", "neg"})

Text = tuple[Code, int]  # code, and how strongly it binds
Key = tuple[int | tuple[float], ...]  # a variable's serial number, then loops, and (number,) for numbers


class Row(Struct, frozen=True):
    """`{0} + {1}`, its binding strength, and the strengths that its arguments need."""

    form: str
    strength: int
    needs: tuple[int, ...]


class Target(Struct, frozen=True):
    """A target's spelling: operators, how numbers and elements are written, and what a call becomes."""

    rows: Mapping[str, Row]
    number: Callable[[float | int], str]
    element: Callable[[str, list[str], list[str]], str]  # (array, indices, inner sizes if arrays are flat) -> code
    call: Callable[[Apply], str]  # the name of the function that computes an operation
    power: Callable[[Apply, list[Text]], Text | None]  # None: a call
    types: Mapping[Dtype, str] = field(default_factory=dict)  # arithmetic of integers that makes a float says so
    flat_arrays: bool = False
    extrema_of_two: bool = False  # max and min take no more than two numbers
    of_integers: frozenset[str] = frozenset()  # operations that the target itself has for integers
    checked: frozenset[str] = frozenset()  # the functions that are told where they are called


class Scope(Struct):
    """What names stand for at one place of the code: variables, loops, sizes, and rows that have a name here."""

    target: Target
    variables: Mapping[int, str] = field(default_factory=dict)
    loops: Mapping[int, str] = field(default_factory=dict)
    sizes: Mapping[str, str] = field(default_factory=dict)
    used: dict[str, None] = field(default_factory=dict)  # the operations that are written as calls
    called: set[str] = field(default_factory=set)  # the functions of these calls
    special: set[str] = field(default_factory=set)  # numbers that have no digits: inf and nan
    mentioned: set[int | str] = field(default_factory=set)  # the variables and named sizes that are written
    rows: dict[Key, str] = field(default_factory=dict)
    dimensions: dict[int, str] = field(default_factory=dict)  # what a `RowIndex` is called
    told: tuple[str, ...] = ()  # what checked functions are told
    origin: Origin | None = None  # of the statement that is being written

    def write(self, expression: Expression, need: int = TERNARY) -> str:
        """The code as text, in parentheses if it binds less strongly than needed."""
        return text(self.tokens(expression, need))

    def tokens(self, expression: Expression, need: int = TERNARY) -> Code:
        """The code, in parentheses if it binds less strongly than needed."""
        code, strength = self._text(expression)
        return code if strength >= need else bracketed(code)

    def number(self, value: float | int) -> str:
        text = self.target.number(value)
        if not math.isfinite(value):
            self.special.add(text.lstrip("-"))
        return text

    def reference(self, variable: Variable, indices: tuple[Expression, ...]) -> str:
        """A variable, or one of its elements or rows, by the name of the longest row that has one."""
        self.mentioned.add(variable.serial)
        if not indices:
            return self.variables[variable.serial]
        sizes = (variable.bounds or ()) if self.target.flat_arrays else ()
        plain = key(variable, indices) if self.rows else ()
        for depth in range(len(plain) - 1, 0, -1):
            row = self.rows.get(plain[: 1 + depth])
            if row is not None:
                return self._at(row, indices[depth:], sizes[depth:])
        return self._at(self.variables[variable.serial], indices, sizes)

    def _at(self, name: str, indices: tuple[Expression, ...], sizes: tuple[Expression, ...]) -> str:
        if not indices:
            return name
        product = PRODUCT if len(indices) > 1 and self.target.flat_arrays else TERNARY
        return self.target.element(
            name, [self.write(i, product) for i in indices], [self.write(s, ATOM) for s in sizes[1:]]
        )

    def _text(self, expression: Expression) -> Text:
        match expression:
            case Load(variable=variable):
                return (Token(self.reference(variable, expression.indices), variable.origin),), ATOM
            case Apply():
                return self._operation(expression)
            case Number():
                said = self.number(expression.value)
                return self._word(said), NEGATION if said.startswith("-") else ATOM
            case LoopIndex():
                return self._word(self.loops[expression.loop]), ATOM
            case RowIndex():
                return self._word(self.dimensions[expression.dimension]), ATOM
            case Size():
                self.mentioned.add(expression.name)
                return self._word(self.sizes[expression.name]), ATOM

    def _word(self, said: str) -> Code:
        return (Token(said, self.origin),)

    def _operation(self, apply: Apply) -> Text:
        if apply.op in EXTREMA and len(apply.args) > 2 and self.target.extrema_of_two:
            largest = Apply(apply.op, apply.args[:-1], apply.dtype)
            return self._row(Apply(apply.op, (largest, apply.args[-1]), apply.dtype))
        if apply.op == "pow":
            product = self.target.power(apply, [self._text(argument) for argument in apply.args])
            return product or self._row(apply)
        first, *others = apply.args
        last = opposite(apply.args[-1])
        if apply.op == "checked":  # by statements of their own
            return self._text(first)
        if apply.op == "neg" and last is not None:
            return self._text(last)
        if apply.op == "neg" and isinstance(first, Apply) and first.op in ("mul", "div"):
            return (Token("-"), *self.tokens(first, PRODUCT)), PRODUCT
        if apply.op in _TURNED and others and last is not None:
            return self._row(Apply(_TURNED[apply.op], (first, last), apply.dtype))
        if apply.op == "not" and isinstance(first, Apply) and first.op in _DENIED:
            return self._row(Apply(_DENIED[first.op], first.args, "bool"))
        return self._row(apply)

    def _row(self, apply: Apply) -> Text:
        is_float = apply.op in ("floordiv", "mod") and apply.dtype == "float"
        row = self.target.rows.get(f"{apply.op} of floats" if is_float else apply.op)
        if row is None and apply.op == "div" and isinstance(apply.args[1], Number) and apply.args[1].value:
            row = self.target.rows["div by a number"]
        if row is None:
            name = self.target.call(apply)
            if apply.dtype != "int" or apply.op not in self.target.of_integers:
                self.used[apply.op] = None
            self.called.add(name)
            told = tuple([(Token(one),) for one in self.told]) if name in self.target.checked else ()
            return call(name, [*[self.tokens(argument) for argument in apply.args], *told]), ATOM
        parts = [self.tokens(argument, need) for argument, need in zip(apply.args, row.needs, strict=True)]
        if apply.op == "bound":
            self.used[apply.op] = None
        if self.target.types and apply.op in _ARITHMETIC and apply.dtype == "float" and _are_integers(apply.args):
            parts[0] = (Token(f"({self.target.types['float']})"), *self.tokens(apply.args[0], NEGATION))
        return spelt(row.form, parts, row.strength), row.strength


def key(variable: Variable, indices: Sequence[Expression]) -> Key:
    """What tells a row from others: the variable and its first indices, as long as they are loops' or numbers."""
    found: list[int | tuple[float]] = [variable.serial]
    for index in indices:
        if isinstance(index, LoopIndex):
            found.append(index.loop)
        elif isinstance(index, Number):
            found.append((index.value,))
        else:
            break
    return tuple(found)


_TURNED = {"add": "sub", "sub": "add"}  # what a sum becomes where its last term begins with a minus
_DENIED = {"eq": "ne", "ne": "eq"}  # `not a == b` is `a != b`, for nan too


def opposite(expression: Expression) -> Expression | None:
    """What stands behind the minus sign that an expression begins with; None where there is none."""
    match expression:
        case Apply(op="neg", args=(operand,)):
            return operand
        case Number(value=value, dtype=dtype) if value < 0:
            return Number(-value, dtype)
        case Apply(op="mul" | "div", args=(left, right)) if (turned := opposite(left)) is not None:
            return Apply(expression.op, (turned, right), expression.dtype)
    return None


def combining(update: Update) -> tuple[str, Expression]:
    """How a sum or product takes in another value: `x -= y` for `x += -y`."""
    taken_off = opposite(update.value) if update.kind == "sum" else None
    if taken_off is None:
        return COMBINE[update.kind], update.value
    added = opposite(taken_off)  # of a minus before a minus
    return ("-=", taken_off) if added is None else ("+=", added)


def _are_integers(args: tuple[Expression, ...]) -> bool:
    return all(argument.dtype == "int" for argument in args)


def small_power(texts: list[Text], exponent: int) -> Text:
    """`x * x * x` for a base that is an atom."""
    code, strength = texts[0]
    base = code if strength >= ATOM else bracketed(code)
    return (*base, *[token for _ in range(exponent - 1) for token in (Token(" * ", None, "", PRODUCT), *base)]), PRODUCT


def whole_exponent(power: Apply) -> int | None:
    """The exponent of a power if it is a whole number."""
    exponent = power.args[1]
    return exponent.value if isinstance(exponent, Number) and isinstance(exponent.value, int) else None
