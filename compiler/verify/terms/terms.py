"""Exact expressions, hash-consed: what emitted text, or a model's source, computes on symbols.

A `Term` behaves as a number in Python code: its operators build terms, and numbers among them are exact fractions.
A comparison is a term too, of value 0 or 1, and `select` chooses by it; `bool` of one that is not decided is an error.

>>> x = symbol("x")
>>> select(x > 0, x * x, 0) is select(x > 0, x**2, 0)
True
>>> str(2 * x + 0.1)
'2*x + 1/10'
"""

from __future__ import annotations

import itertools
import math
import operator
import sys
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any, cast

from mgc.compiler.verify import clock
from mgc.compiler.verify.terms.doubles import simplest
from mgc.compiler.verify.terms.spelling import spelled_last

Number = int | float | Fraction
Fold = Callable[..., "Term | None"]  # the term that an operation makes of its operands, where that is another one
COMPARISONS = frozenset({"lt", "le", "gt", "ge", "eq", "ne"})
LOGIC = frozenset({"and", "or", "not"})


class Undecided(Exception):
    """A condition on symbols was used where plain Python needs to know."""


def _operator(op: str) -> Callable[[Term, Operand], Term]:
    return lambda self, other: make(op, self, term(other))


def _reflected(op: str) -> Callable[[Term, Operand], Term]:
    return lambda self, other: make(op, term(other), self)


class Term:
    """An immutable node. `op`: constant, symbol, cell, add, sub, mul, div, neg, pow, select, a comparison, logic,
    or the name of a function. Equal terms are one object, so `is` compares. `flat`: its form without
    cells that other ways to write it share, operands in the order of their `serial`; None for the term itself."""

    __slots__ = ("args", "flat", "op", "payload", "serial")

    op: str
    args: tuple[Term, ...]
    payload: object
    flat: Term | None
    serial: int

    __add__, __radd__ = _operator("add"), _reflected("add")
    __sub__, __rsub__ = _operator("sub"), _reflected("sub")
    __mul__, __rmul__ = _operator("mul"), _reflected("mul")
    __truediv__, __rtruediv__ = _operator("div"), _reflected("div")
    __mod__, __rmod__ = _operator("mod"), _reflected("mod")
    __floordiv__, __rfloordiv__ = _operator("floordiv"), _reflected("floordiv")
    __pow__, __rpow__ = _operator("pow"), _reflected("pow")
    __lt__, __le__, __gt__, __ge__ = map(_operator, ("lt", "le", "gt", "ge"))

    def __neg__(self) -> Term:
        return make("neg", self)

    def __abs__(self) -> Term:
        return make("abs", self)

    def __bool__(self) -> bool:
        if self.op != "constant":
            raise Undecided(f"{self} has no truth value of its own")
        return self.payload != 0

    def __str__(self) -> str:
        return spelled(self)

    def __repr__(self) -> str:
        return f"<Term {self}>"


Operand = Term | int | float | Fraction

_table: dict[tuple[object, ...], Term] = {}
FEWEST = 200_000  # terms from which on those that nobody uses any more are looked for
_UNUSED = 2  # references to a term that the table alone holds: its own, and that of the question
_limit = FEWEST
_serial = itertools.count()


def intern(op: str, args: tuple[Term, ...], payload: object) -> Term:
    """The one term of an operation, its arguments, and what else it consists of. Errors: clock.OutOfTime."""
    key = (op, args, payload)
    found = _table.get(key)
    if found is None:
        if len(_table) >= _limit:
            _forget()
        if len(_table) % clock.AT_ONCE == 0:
            clock.check_time()
        found = Term.__new__(Term)
        found.op, found.args, found.payload, found.flat = op, args, payload, _flat(op, args) if args else None
        found.serial = next(_serial)
        _table[key] = found
    return found


def _flat(op: str, args: tuple[Term, ...]) -> Term | None:
    if op == "cell":
        return bare(args[0])
    flat = args
    for argument in args:
        if argument.flat is not None:
            flat = tuple(map(bare, args))
            break
    rule = _FORMS.get(op)
    try:
        shared = rule(op, *flat) if rule is not None else None
        if shared is not None:
            return bare(shared)
        return None if flat is args else bare(make(op, *flat))
    except ZeroDivisionError:
        return None if flat is args else intern(op, flat, None)


def bare(value: Term) -> Term:
    """The term with every cell replaced by what it holds, and in one order where operands may change places."""
    return value if value.flat is None else value.flat


def _forget() -> None:
    """Drop what nobody uses, later terms first: arguments are older than what is made of them."""
    global _limit
    keys = list(_table)
    while keys:
        key = keys.pop()
        if sys.getrefcount(_table[key]) == _UNUSED:
            del _table[key]
    _limit = max(FEWEST, 2 * len(_table))


def symbol(name: str) -> Term:
    """A real number that nothing is known of."""
    return intern("symbol", (), name)


def cell(value: Term, name: str, line: int, serial: int) -> Term:
    """What one execution of a statement stored: `value`, under a name of the emitted text; the cells of one name have
    serial numbers. A cell of a constant is that constant."""
    if value.op in ("constant", "symbol"):
        return value
    return intern("cell", (value,), (name, line, serial))


def constant(value: Number) -> Term:
    """A number: an int or Fraction as it is, a float as the simplest fraction that rounds to it; inf and nan stay."""
    if isinstance(value, bool):
        value = int(value)
    if isinstance(value, float):
        value = simplest(value) if math.isfinite(value) else ("nan" if math.isnan(value) else value)  # type: ignore[assignment]
    elif isinstance(value, int):
        value = Fraction(value)
    if isinstance(value, Fraction):
        clock.check_bits(value.numerator.bit_length() + value.denominator.bit_length())
    return intern("constant", (), value)


def term(value: Operand) -> Term:
    return value if isinstance(value, Term) else constant(value)


ZERO = constant(0)
ONE = constant(1)


def function(name: str, *args: Operand) -> Term:
    """A function of that name, `function("exp", x)`: nothing is evaluated or simplified."""
    return make(name, *map(term, args))


select = partial(function, "select")  # by a condition, the value where it holds and that where not
both, either, negation = partial(function, "and"), partial(function, "or"), partial(function, "not")
equal, unequal = partial(function, "eq"), partial(function, "ne")  # `==` itself is left to Python, for dictionaries


# --- construction: numbers fold exactly, and nothing else does but what is true of all real numbers


def make(op: str, *args: Term) -> Term:
    rule = _FOLDS.get(op)
    if rule is not None:
        folded = rule(*args)
        if folded is not None:
            return folded
    return intern(op, args, None)


def number(value: Term) -> Fraction | None:
    """The number that a term is, None for anything else."""
    payload = value.payload
    return payload if value.op == "constant" and isinstance(payload, Fraction) else None


def _arithmetic(compute: Callable[[Any, Any], Any], left: int | None, right: int | None) -> Fold:
    """Two numbers give one; with the neutral number on its `left` or its `right` an operand is what it was."""

    def fold(a: Term, b: Term) -> Term | None:
        x, y = number(a), number(b)
        if x is not None and y is not None:
            return constant(compute(x, y))
        if x is not None:
            return b if x == left else None
        return a if y is not None and y == right else None

    return fold


def _divided(fold: Fold) -> Fold:
    def checked(a: Term, b: Term) -> Term | None:
        if number(b) == 0:
            raise ZeroDivisionError("division by zero")
        return fold(a, b)

    return checked


def _pow(a: Term, b: Term) -> Term | None:
    x, y = number(a), number(b)
    if y is None:
        return None
    if x is not None and y.denominator == 1 and abs(y) < 1000:
        if x == 0 and y < 0:
            raise ZeroDivisionError("zero to a negative power")
        return constant(x**y.numerator)
    if y == 2:
        return make("mul", a, a)
    return a if y == 1 else ONE if y == 0 else None


def _neg(a: Term) -> Term | None:
    return constant(-cast(Any, a.payload)) if a.op == "constant" and a.payload != "nan" else None


def _select(condition: Term, then: Term, otherwise: Term) -> Term | None:
    if condition.op == "constant":
        return then if condition.payload != 0 else otherwise
    if condition.op == "not":
        return make("select", condition.args[0], otherwise, then)
    return then if then is otherwise else None


def _compare(op: str) -> Fold:
    compute: Callable[[Any, Any], bool] = getattr(operator, op)

    def fold(a: Term, b: Term) -> Term | None:
        if a is b:
            return constant(compute(0, 0))
        if a.op == b.op == "constant" and "nan" not in (a.payload, b.payload):
            return constant(compute(a.payload, b.payload))
        for value, other, sign in ((a, b, -1), (b, a, 1)):  # every real number lies between the infinities
            inner = other.args[0].args if other.op == "cell" else other.args
            if _is_infinite(value) and not any(map(_is_infinite, inner)):
                return constant(compute(0, sign * cast(float, value.payload)))
        if a.op == "select" and _settles(a):
            return _distributed(op, a, b, left=True)
        if b.op == "select" and _settles(b):
            return _distributed(op, b, a, left=False)
        return None

    return fold


def _is_infinite(value: Term) -> bool:
    return value.op == "constant" and isinstance(value.payload, float)


def _settles(chosen: Term) -> bool:
    """Whether comparing the arms one by one says more than comparing the whole: an arm is a number."""
    return any(arm.op == "constant" or (arm.op == "select" and _settles(arm)) for arm in chosen.args[1:])


def _distributed(op: str, chosen: Term, other: Term, left: bool) -> Term:
    condition, *arms = chosen.args
    return make("select", condition, *(make(op, *((arm, other) if left else (other, arm))) for arm in arms))


def _joined(conjunction: bool) -> Fold:
    """`and`, or else `or`."""

    def fold(a: Term, b: Term) -> Term | None:
        for x, y in ((a, b), (b, a)):
            if x.op == "constant":
                return y if (x.payload != 0) is conjunction else constant(not conjunction)
        return a if a is b else None

    return fold


def _not(a: Term) -> Term | None:
    if a.op == "constant":
        return constant(int(a.payload == 0))
    return a.args[0] if a.op == "not" else None


_FOLDS: dict[str, Fold] = {
    "add": _arithmetic(operator.add, 0, 0), "sub": _arithmetic(operator.sub, None, 0),
    "mul": _arithmetic(operator.mul, 1, 1), "div": _divided(_arithmetic(operator.truediv, None, 1)),
    "mod": _divided(_arithmetic(operator.mod, None, None)), "pow": _pow, "neg": _neg, "not": _not, "select": _select,
    **dict.fromkeys(("fmod", "remainder"), _divided(lambda a, b: None)), "and": _joined(True), "or": _joined(False),
    **{op: _compare(op) for op in sorted(COMPARISONS)},
}  # fmt: skip

# --- the form that different ways to write one thing share: None where a term has it


def _sorted(op: str, *of: Term) -> Term | None:
    return make(op, *of[::-1]) if len(of) == 2 and of[0].serial > of[1].serial else None


def _product(op: str, a: Term, b: Term) -> Term | None:
    """What is 0 in one arm is 0 there with any factor."""
    for chosen, other in ((a, b), (b, a)):
        if chosen.op == "select" and other.op != "select" and ZERO in chosen.args:
            condition, then, otherwise = chosen.args
            if then is ZERO and otherwise.op != "select":
                return select(condition, ZERO, otherwise * other)
            if otherwise is ZERO and then.op != "select":
                return select(condition, then * other, ZERO)
    return make(op, b, a) if a.serial < b.serial else None  # later terms first, as adjoints mostly stand


def _quotient(op: str, a: Term, b: Term) -> Term | None:
    if a not in (ZERO, ONE) and b is not ZERO and "constant" in (a.op, b.op):
        return a * (ONE / b)
    return None


def _extremum(op: str, *of: Term) -> Term | None:
    """Of a choice among numbers and a bound that none of them exceeds, the choice."""
    for chosen, other in (of, of[::-1]) if len(of) == 2 else ():
        arms = chosen.args[1:] if chosen.op == "select" else ()
        known = [one for part in (*arms, other) if (one := number(part)) is not None]
        if arms and len(known) == 3 and known[-1] == (max if op == "min" else min)(known):
            return chosen
    return _sorted(op, *of)


def _branch(op: str, condition: Term, then: Term, otherwise: Term) -> Term | None:
    """By `<` or `==`; and what both arms have as a summand, outside."""
    if condition.op in ("le", "ne"):
        a, b = condition.args
        turned = make("lt", b, a) if condition.op == "le" else make("eq", a, b)
        return select(turned, otherwise, then)
    if then is condition and otherwise is ZERO:
        return condition
    for total, alone in ((then, otherwise), (otherwise, then)):
        if total.op == "add" and alone in total.args:
            added = total.args[1 if total.args[0] is alone else 0]
            return alone + (select(condition, added, ZERO) if total is then else select(condition, ZERO, added))
    return None


_FORMS: dict[str, Callable[..., Term | None]] = {
    "add": _sorted, "mul": _product, "div": _quotient, "eq": _sorted, "ne": _sorted, "min": _extremum,
    "max": _extremum, "select": _branch, "relu": lambda op, a: select(a > ZERO, a, ZERO),
    "gt": lambda op, a, b: make("lt", b, a), "ge": lambda op, a, b: make("le", b, a),
}  # fmt: skip

# --- walks


def topological(roots: Iterable[Term], arguments: Callable[[Term], Iterable[Term]] | None = None) -> Iterator[Term]:
    """Every term once, after all of its arguments. Iterative: terms may be as deep as a loop is long."""
    done: set[Term] = set()
    stack = list(roots)
    while stack:
        node = stack[-1]
        if node in done:
            stack.pop()
            continue
        missing = [a for a in (node.args if arguments is None else arguments(node)) if a not in done]
        if missing:
            stack += missing
            continue
        stack.pop()
        done.add(node)
        if len(done) % clock.AT_ONCE == 0:
            clock.check(clock.AT_ONCE)
        yield node
    clock.check(len(done) % clock.AT_ONCE)


def spelled(value: Term, limit: int = 400) -> str:
    """The term as Python would write it, cells by their names."""
    return spelled_last(topological([value], lambda t: () if t.op == "cell" else t.args), limit)
