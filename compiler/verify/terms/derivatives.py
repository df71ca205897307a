"""Terms <-> sympy, and the derivative of one statement by `sympy.diff`: the truth that emitted code is held against.

Sympy is told what an operation *is* (`oracle.MEANINGS`) and never how mgc differentiates it. Conditions stay outside:
the derivative of `a if c else b` is that of the arm that is taken.

>>> x = terms.symbol("x")
>>> str(derivative(x * terms.function("exp", x), x))
'x*exp(x) + exp(x)'
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache, reduce
from typing import Any, Literal

import sympy

from mgc.compiler.verify import clock
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.doubles import simplest
from mgc.compiler.verify.terms.evaluation import Evaluation, NoValue
from mgc.compiler.verify.terms.functions import FUNCTIONS
from mgc.compiler.verify.terms.oracle import MEANINGS, SHARED
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
} | {"ceiling": "ceil", "loggamma": "lgamma", "cube_root": "cbrt", "square_root": "sqrt"}
_POLYGAMMA = ("digamma", "trigamma", "tetragamma")


class Untranslated(Exception):
    """An expression that has no counterpart."""


# --- terms -> sympy

_ARITHMETIC: Mapping[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "pow": lambda a, b: a**b if a.is_number or b.is_number else general_power(a, b),
    "cell": lambda a: a,
    "cbrt": lambda a: cube_root(a),
    "sqrt": lambda a: square_root(a),
    "angle": lambda a, b: sympy.atan2(a, b),  # atan2 away from the origin
}


class square_root(sympy.Function):  # type: ignore[misc]  # named as a function
    """The square root as it is computed; sympy's own makes abs(x) of that of x**2, which has a slope at 0."""

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / (2 * self)


class cube_root(sympy.Function):  # type: ignore[misc]  # named as it is spelt
    """The real cube root, which sympy has for positive numbers only: y**3 = x gives 3*y**2*dy = dx."""

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / (3 * self**2)


class general_power(sympy.Function):  # type: ignore[misc]
    """x**y of two variables, which has slopes also where the formulas y*x**(y - 1) and x**y*log(x) have no value."""

    def fdiff(self, argindex: int = 1) -> Any:
        x, y = self.args
        return power_by_base(x, y) if argindex == 1 else power_by_exponent(x, y)


class power_by_base(sympy.Function):  # type: ignore[misc]
    """0 where y is."""


class power_by_exponent(sympy.Function):  # type: ignore[misc]
    """0 where x is."""


def to_sympy(term: Term) -> Any:
    """An expression on real symbols. Errors: Untranslated (conditions, infinities, functions of no known meaning)."""
    known: dict[Term, Any] = {}
    for node in terms.topological([term]):
        known[node] = _one_to_sympy(node, [known[argument] for argument in node.args])
    return known[term]


def _one_to_sympy(node: Term, args: list[Any]) -> Any:
    if node.op == "constant":
        if not isinstance(node.payload, Fraction):
            raise Untranslated(str(node.payload))
        return sympy.Rational(node.payload.numerator, node.payload.denominator)
    if node.op == "symbol":
        return sympy.Symbol(str(node.payload), real=True)
    build = _ARITHMETIC.get(node.op) or ELEMENTARY.get(node.op) or MEANINGS.get(node.op)
    if build is None or node.op in ("select", "and", "or", "not") or node.op in terms.COMPARISONS:
        raise Untranslated(node.op)
    return build(*args)


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
    "general_power": lambda x, y: x**y,
    "power_by_base": lambda x, y: terms.select(terms.equal(y, 0), 0, y * x ** (y - 1)),
    "power_by_exponent": lambda x, y: terms.select(terms.equal(x, 0), 0, x**y * terms.function("log", x)),
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
        return names, from_sympy(meaning(*[sympy.Symbol(n, real=True) for n in names]))
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


# --- derivatives

Share = Literal["as written", "equal", "whole"]  # of a tie a constant gets: all where it is written, or always


@cache
def derivative(term: Term, by: Term, active: frozenset[Term] = frozenset(), share: Share = "as written") -> Term:
    """d term / d by, by `sympy.diff`, `term` being what one statement computes.

    `active` are the symbols that are differentiated by at all (`by` is one): in a tie of max or min they share, and
    what is not among them is a constant, and gets `share` (what is one at these sizes may be none in general, and equal
    ones are one here). Errors: Untranslated.
    """
    with clock.uncounted():
        return _derivative(term, by, active | {by}, share)


def _derivative(term: Term, by: Term, active: frozenset[Term], share: Share) -> Term:
    if not _is_active(term, frozenset({by})):
        return terms.ZERO
    inner: dict[str, Term] = {}
    skeleton = _without_conditions(_elementary(term, active, share), inner)
    expression = to_sympy(skeleton)
    result = from_sympy(sympy.diff(expression, to_sympy(by)))
    for name, arm in inner.items():
        if not _is_active(arm, frozenset({by})):
            continue
        outer = from_sympy(sympy.diff(expression, sympy.Symbol(name, real=True)))
        slopes = [derivative(one, by, active, share) for one in flowing(arm)]
        chosen = terms.select(arm.args[0], *slopes) if arm.op == "select" else _shares(arm, slopes, active, share)
        result = result + outer * chosen
    return substituted(result, {terms.symbol(name): arm for name, arm in inner.items()})


def _elementary(term: Term, active: frozenset[Term], share: Share) -> Term:
    """Functions with conditions in their meaning (abs, max, clip) written out, with what they are at their kinks."""
    known: dict[Term, Term] = {}
    for node in terms.topological([term]):
        args = [known[argument] for argument in node.args]
        found = template(node.op, len(node.args))
        if node.op in EXTREMES:
            known[node] = node if len(args) > 2 else _larger(node, args, active, share)
        elif node.op in ("hypot", "atan2"):  # 0 at the origin, where no direction is preferred
            here = terms.function("angle", *args)
            if found is not None:
                here = substituted(found[1], dict(zip(map(terms.symbol, found[0]), args, strict=True)))
            known[node] = terms.select(terms.equal(terms.function("hypot", *node.args), 0), 0, here)
        elif node.op in ("xlogy", "xlog1py"):  # its derivative by x is that of the product also where x is 0
            known[node] = args[0] * terms.function("log" if node.op == "xlogy" else "log1p", args[1])
        elif found is not None and any(n.op == "select" or n.op in STEPS for n in terms.topological([found[1]])):
            known[node] = substituted(found[1], dict(zip(map(terms.symbol, found[0]), args, strict=True)))
        else:
            known[node] = terms.make(node.op, *args) if node.args else node
    return known[term]


def _larger(node: Term, args: list[Term], active: frozenset[Term], share: Share) -> Term:
    """max or min of two; of a tie both have equal shares, or a constant has its own."""
    constants = _constants(node, active, share)
    larger, smaller = node.args if node.op == "max" else node.args[::-1]
    tie = constants[0] if constants else (args[0] + args[1]) / 2
    return terms.select(larger > smaller, args[0], terms.select(larger < smaller, args[1], tie))


def _shares(node: Term, slopes: list[Term], active: frozenset[Term], share: Share) -> Term:
    """The slope of max or min of several, from theirs: as many as equal it have equal shares, or a constant its own."""
    constants = _constants(node, active, share)
    ties = {place: terms.equal(one, node) for place, one in enumerate(node.args) if one not in constants}
    total = terms.ZERO
    for place, tie in ties.items():
        if slopes[place] is not terms.ZERO:
            others = [terms.select(other, 1, 0) for at, other in ties.items() if at != place]
            total = total + terms.select(tie, slopes[place] / sum(others, start=terms.ONE), 0)
    for one in constants:
        total = terms.select(terms.equal(one, node), 0, total)
    return total


def _constants(node: Term, active: frozenset[Term], share: Share) -> list[Term]:
    """The arguments that get all of a tie."""
    return [] if share == "equal" else [one for one in node.args if not _is_active(one, active)]


def _is_active(term: Term, active: frozenset[Term]) -> bool:
    return any(node in active for node in terms.topological([term], flowing))


def flowing(node: Term) -> tuple[Term, ...]:
    """The arguments that a derivative can flow to: not the condition of a choice, and none of a step."""
    if node.op in STEPS or node.op in terms.COMPARISONS or node.op in terms.LOGIC:
        return ()
    return node.args[1:] if node.op == "select" else node.args


def _without_conditions(term: Term, inner: dict[str, Term]) -> Term:
    """The term with each outermost condition and step function as a symbol of its own, which `inner` explains."""
    known: dict[Term, Term] = {}
    for node in terms.topological([term], lambda t: () if _is_step(t) else t.args):
        if _is_step(node):
            name = f"branch {len(inner)}"  # no identifier can be that
            inner[name] = node
            known[node] = terms.symbol(name)
        else:
            known[node] = terms.make(node.op, *[known[a] for a in node.args]) if node.args else node
    return known[term]


def _is_step(node: Term) -> bool:
    kind = node.op
    return (
        kind in STEPS or kind in terms.COMPARISONS or kind in terms.LOGIC or kind in ("select", "undefined", *EXTREMES)
    )


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
