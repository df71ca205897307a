"""Derivatives: of each operation by `sympy.diff`, once, and by the chain rule of what is made of them.

Sympy is told what an operation *is* (`oracle.MEANINGS`) and never how mgc differentiates it. Conditions stay outside:
the derivative of `a if c else b` is that of the arm that is taken.

>>> x = terms.symbol("x")
>>> str(derivative(x * terms.function("exp", x), x)), str(of_whole(x * terms.function("exp", x), x))
('exp(x) + x*exp(x)', 'x*exp(x) + exp(x)')
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache, reduce
from typing import Any, Literal

import sympy

from mgc.compiler.verify import clock
from mgc.compiler.verify.terms import oracle, terms
from mgc.compiler.verify.terms.doubles import simplest
from mgc.compiler.verify.terms.evaluation import Evaluation, NoValue
from mgc.compiler.verify.terms.functions import FUNCTIONS
from mgc.compiler.verify.terms.oracle import KINKS, MEANINGS, SHARED
from mgc.compiler.verify.terms.terms import Term

STEPS = frozenset({"floor", "ceil", "round", "trunc", "floordiv"})  # constant between jumps: their derivative is 0
EXTREMES = ("max", "min")
ELEMENTARY: Mapping[str, Any] = {name: getattr(sympy, name) for name in (*SHARED, "log", "atan2", "floor")} | {
    "ceil": sympy.ceiling,
    "lgamma": sympy.loggamma,
    "digamma": lambda x: sympy.polygamma(0, x),
    "trigamma": lambda x: sympy.polygamma(1, x),
    "tetragamma": lambda x: sympy.polygamma(2, x),
}  # log(abs(gamma)) is differentiated as loggamma: they differ by a constant between poles
_NAMES = {
    value.__name__: name
    for name, value in ELEMENTARY.items()
    if isinstance(value, type) and name not in ("ceil", "lgamma")
} | {"ceiling": "ceil", "loggamma": "lgamma"}
_POLYGAMMA = ("digamma", "trigamma", "tetragamma")


class Untranslated(Exception):
    """An expression that has no counterpart."""


def _symbol(name: str) -> Any:
    return sympy.Symbol(name, real=True)


def _rational(constant: Term) -> Any:
    number = terms.number(constant)
    if number is None:
        raise Untranslated(str(constant))
    return sympy.Rational(number.numerator, number.denominator)


# --- sympy -> terms


def from_sympy(expression: Any) -> Term:
    """The term. Pi and e are the doubles of that name. Errors: Untranslated."""
    if isinstance(expression, sympy.Symbol):
        return terms.symbol(expression.name)
    if isinstance(expression, sympy.Rational):
        return terms.constant(Fraction(int(expression.p), int(expression.q)))
    if expression.is_number and isinstance(expression, sympy.Float | sympy.NumberSymbol):
        return terms.constant(float(expression))
    if expression in (sympy.true, sympy.false):
        return terms.constant(int(expression is sympy.true))
    if isinstance(expression, sympy.Piecewise):
        result = terms.function("undefined")
        for value, condition in reversed(expression.args):
            result = terms.select(from_sympy(condition), from_sympy(value), result)
        return result
    args = [from_sympy(argument) for argument in expression.args]
    return _compound(expression, args)


def _compound(expression: Any, args: list[Term]) -> Term:
    name = type(expression).__name__
    if name in _FOLDED:
        return reduce(_FOLDED[name], args)
    if isinstance(expression, sympy.Pow):
        return args[0] ** args[1] if args[1] is not terms.constant(-1) else 1 / args[0]
    if name in _RELATIONS:
        return terms.make(_RELATIONS[name], *args)
    if name == "Not":
        return terms.negation(args[0])
    if name == "Abs":
        return terms.select(args[0] > 0, args[0], terms.select(args[0] < 0, -args[0], 0))
    if name == "sign":
        return terms.select(args[0] > 0, 1, terms.select(args[0] < 0, -1, 0))
    if name == "polygamma" and terms.number(args[0]) in (0, 1, 2):
        return terms.function(_POLYGAMMA[int(terms.number(args[0]) or 0)], args[1])
    if name in _NAMES:
        return terms.function(_NAMES[name], *args)
    raise Untranslated(str(expression))


def _product(a: Term, b: Term) -> Term:
    """A quotient where a factor is 1/c: x*(1/x) rounds, and is then not 1."""
    for one, other in ((a, b), (b, a)):
        if other.op == "div" and other.args[0] is terms.ONE:
            return one / other.args[1]
    return a * b


_FOLDED: Mapping[str, Callable[[Term, Term], Term]] = {
    "Add": lambda a, b: a - b.args[0] if b.op == "neg" else b - a.args[0] if a.op == "neg" else a + b,
    "Mul": lambda a, b: -b if terms.number(a) == -1 else _product(a, b),
    "And": terms.both,
    "Or": terms.either,
    "Max": lambda a, b: terms.select(a > b, a, b),
    "Min": lambda a, b: terms.select(a < b, a, b),
}
_RELATIONS = {
    "StrictGreaterThan": "gt", "GreaterThan": "ge", "StrictLessThan": "lt", "LessThan": "le",
    "Equality": "eq", "Unequality": "ne",
}  # fmt: skip


# --- what functions are


@cache
def template(name: str, count: int) -> tuple[tuple[str, ...], Term] | None:
    """The meaning of a function of `count` arguments: its parameters and a term of elementary functions; else None."""
    meaning = MEANINGS.get(name)
    if count > 2 and name in EXTREMES:
        return None
    if meaning is None or name in ELEMENTARY or name in STEPS or name == "cbrt":
        return None
    names = tuple(f"u {place}" for place in range(count))
    try:
        return names, from_sympy(meaning(*map(_symbol, names)))
    except Untranslated:
        return None


@cache
def constant(name: str, values: tuple[Fraction, ...]) -> Fraction | None:
    """An elementary function at numbers, as the simplest fraction that rounds to the same double.

    It is 0 where the rounding of its arguments may make it either positive or negative, as the sine of pi.
    """
    if name not in FUNCTIONS:
        return None
    try:
        with clock.uncounted():
            there = terms.function(name, *values)
            exact, above, below = (Evaluation({}, slip=slip).value(there) for slip in (0, 1, -1))
        value = float(exact)
        if exact == 0 or above * below < 0:
            return Fraction(0)
        return simplest(value) if value and math.isfinite(value) else None  # exp(-1600) is small, and not 0
    except (NoValue, ZeroDivisionError, OverflowError):
        return None


# --- the slopes of one operation

_AS: Mapping[str, Callable[..., Any]] = {  # what is differentiated for it: the derivative by x also where x is 0
    "xlogy": lambda x, y: x * sympy.log(y),
    "xlog1py": lambda x, y: x * sympy.log(1 + y),
}
_RULES: Mapping[str, Callable[..., Sequence[Term]]] = {  # of the value and the arguments: no formula holds everywhere
    "cell": lambda value, x: [terms.ONE],
    "sqrt": lambda value, x: [1 / (2 * value)],  # sympy's own makes abs(x) of that of x**2, which has a slope at 0
    "cbrt": lambda value, x: [1 / (3 * value**2)],  # and has cube roots of positive numbers only
    "hypot": lambda value, *of: [terms.select(terms.equal(value, 0), 0, one / value) for one in of],  # of no direction
    "atan2": lambda value, y, x: [
        terms.select(terms.equal(terms.function("hypot", y, x), 0), 0, one / (x * x + y * y)) for one in (x, -y)
    ],
    "pow": lambda value, x, y: [
        terms.select(terms.equal(y, 0), 0, y * x ** (y - 1)),
        terms.select(terms.equal(x, 0), 0, value * terms.function("log", x)),
    ],
}


def _slopes(node: Term) -> list[tuple[Term, Term]]:
    """The derivatives of an operation by its arguments. Errors: Untranslated."""
    is_written = node.op == "pow" and any(one.op == "constant" for one in node.args)
    if node.op in _RULES and not is_written:
        return list(zip(node.args, _RULES[node.op](node, *node.args), strict=True))
    if any(one.op == "constant" and terms.number(one) is None for one in node.args):
        raise Untranslated(f"{node.op} of an infinity")
    distinct = [one for one in dict.fromkeys(node.args) if not (is_written and one.op == "constant")]
    places = tuple(distinct.index(one) if one in distinct else one for one in node.args)
    values = {terms.symbol(f"u {place}"): one for place, one in enumerate(distinct)}
    formulas = _formulas(node.op, places, len(distinct))
    return [(one, substituted(formula, values)) for one, formula in zip(distinct, formulas, strict=True)]


@cache
def _formulas(op: str, places: tuple[int | Term, ...], count: int) -> list[Term]:
    """By each of `count` arguments: an operation has them at some places, and numbers at the others."""
    meaning = _AS.get(op) or ELEMENTARY.get(op) or MEANINGS.get(op)
    if meaning is None:
        raise Untranslated(op)
    arguments = [_symbol(f"u {place}") for place in range(count)]
    expression = meaning(*[arguments[one] if isinstance(one, int) else _rational(one) for one in places])
    return [from_sympy(oracle.derivative(expression, one)) for one in arguments]


# --- derivatives

Share = Literal["as written", "equal", "whole"]  # of a tie a constant gets: all where it is written, or always


@cache
def derivative(term: Term, by: Term, active: frozenset[Term] = frozenset(), share: Share = "as written") -> Term:
    """d term / d by, `term` being what one statement computes.

    `active` are the symbols that are differentiated by at all (`by` is one): in a tie of max or min they share, and
    what is not among them is a constant, and gets `share` (what is one at these sizes may be none in general, and equal
    ones are one here). Errors: Untranslated.
    """
    with clock.uncounted():
        known = {by: terms.ONE}
        for node in terms.topological([term], flowing):
            if node is not by:
                known[node] = _chained(node, known, active | {by}, share)
        return known[term]


def _chained(node: Term, known: Mapping[Term, Term], active: frozenset[Term], share: Share) -> Term:
    """The derivative of an operation, from those of its arguments."""
    inner = [known[one] for one in flowing(node)]
    if all(slope is terms.ZERO for slope in inner):
        return terms.ZERO
    if node.op == "select":
        return terms.select(node.args[0], *inner)
    if node.op in EXTREMES:
        constants = [] if share == "equal" else [one for one in node.args if not _is_active(one, active)]
        return (_of_two if len(inner) == 2 else _of_several)(node, inner, constants)
    flowing_in = [(slope, known[argument]) for argument, slope in _slopes(node)]
    parts = [_times(*pair) for pair in flowing_in if terms.ZERO not in pair]
    return reduce(_FOLDED["Add"], parts) if parts else terms.ZERO


def _times(slope: Term, inner: Term) -> Term:
    """A product as a person writes it: one number first, then what has a name."""
    (a, one), (b, other) = _with_number(slope), _with_number(inner)
    first, then = (other, one) if one.args and not other.args else (one, other)
    product = _product(first, then) if terms.ONE not in (one, other) else one * other
    return -product if a * b == -1 else terms.constant(a * b) * product


def _with_number(term: Term) -> tuple[Fraction, Term]:
    """A number and the rest of a product."""
    if term.op == "neg":
        return Fraction(-1), term.args[0]
    number = terms.number(term.args[0] if term.op == "mul" else term)
    return (Fraction(1), term) if number is None else (number, term.args[1] if term.op == "mul" else terms.ONE)


def _of_two(node: Term, slopes: Sequence[Term], constants: Sequence[Term]) -> Term:
    """The slope of max or min; of a tie both have equal shares, or a constant all of it."""
    larger, smaller = node.args if node.op == "max" else node.args[::-1]
    tie = terms.ZERO if constants else (slopes[0] + slopes[1]) / 2
    return terms.select(larger > smaller, slopes[0], terms.select(larger < smaller, slopes[1], tie))


def _of_several(node: Term, slopes: Sequence[Term], constants: Sequence[Term]) -> Term:
    """The same of several: as many as equal it have equal shares, or a constant all."""
    ties = {place: terms.equal(one, node) for place, one in enumerate(node.args) if one not in constants}
    total = terms.ZERO
    for place, tie in ties.items():
        if slopes[place] is not terms.ZERO:
            others = [terms.select(other, 1, 0) for at, other in ties.items() if at != place]
            total = total + terms.select(tie, slopes[place] / sum(others, start=terms.ONE), 0)
    for one in constants:
        total = terms.select(terms.equal(one, node), 0, total)
    return total


def _is_active(term: Term, active: frozenset[Term]) -> bool:
    return any(node in active for node in terms.topological([term], flowing))


def flowing(node: Term) -> tuple[Term, ...]:
    """The arguments that a derivative can flow to: not the condition of a choice, and none of a step."""
    if node.op in STEPS or node.op in terms.COMPARISONS or node.op in terms.LOGIC:
        return ()
    return node.args[1:] if node.op == "select" else node.args


def of_whole(term: Term, by: Term) -> Term:
    """d term / d by, by `sympy.diff` of all of it. Errors: Untranslated (what may have a kink, or no counterpart)."""
    with clock.uncounted():
        return from_sympy(sympy.diff(_in_sympy(term), _symbol(str(by.payload))))


@cache
def _in_sympy(term: Term) -> Any:
    known: dict[Term, Any] = {}
    for node in terms.topological([term]):
        if node.op == "constant":
            known[node] = _rational(node)
        elif node.op == "symbol":
            known[node] = _symbol(str(node.payload))
        elif node.op in MEANINGS and (node.op not in KINKS or _is_whole_power(node)):
            build = ELEMENTARY.get(node.op) or MEANINGS[node.op]
            known[node] = build(*[known[argument] for argument in node.args])
        else:
            raise Untranslated(node.op)
    return known[term]


def without_cells(term: Term, largest: int) -> Term | None:
    """The term with every cell replaced by what it holds; None where, each part written out, it has more operations.

    >>> x = terms.symbol("x")
    >>> str(without_cells(x * x + 1, 2)), without_cells(x * x + 1, 1)
    ('1 + x*x', None)
    """
    sizes: dict[Term, int] = {}
    for node in terms.topological([term]):
        own = node.op not in ("cell", "constant", "symbol")
        sizes[node] = own + sum(sizes[argument] for argument in node.args)
        if sizes[node] > largest:  # so is all that is made of it
            return None
    return terms.bare(term)


def _is_whole_power(node: Term) -> bool:
    exponent = terms.number(node.args[1]) if node.op == "pow" else None
    return exponent is not None and exponent.denominator == 1


def substituted(term: Term, values: Mapping[Term, Term]) -> Term:
    """The term with others in the place of some subterms. Cells are passed through as they are."""
    return all_substituted([term], values)[0]


def all_substituted(roots: Sequence[Term], values: Mapping[Term, Term]) -> list[Term]:
    """The same of several terms, what they share once."""
    known: dict[Term, Term] = dict(values)
    stack = list(roots)
    while stack:
        node = stack[-1]
        if node in known:
            stack.pop()
            continue
        if node.op == "cell" or not node.args:
            known[node] = node
            stack.pop()
            continue
        missing = [argument for argument in node.args if argument not in known]
        if missing:
            stack += missing
            continue
        args = [known[argument] for argument in node.args]
        known[node] = node if all(a is b for a, b in zip(args, node.args, strict=True)) else terms.make(node.op, *args)
        stack.pop()
    clock.check(len(known) - len(values))
    return [known[root] for root in roots]
