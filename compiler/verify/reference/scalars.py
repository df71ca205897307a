"""What the numbers of the evaluator are: a `Domain` names operations and reductions; `TERMS` is that of exact terms.

>>> x = terms.symbol("x")
>>> str(TERMS.operation("sigmoid", x)), TERMS.operation("lt", 1, 2)
('sigmoid(x)', True)
>>> str(TERMS.reduction("max", [(True, x), (True, 2)]))
'max(x, 2)'
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from msgspec import Struct, field

from mgc.compiler.verify import clock
from mgc.compiler.verify.reference.arrays import Misfit, Scalar, Value
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term, constant, function, term

Guarded = Sequence[tuple[Scalar, Scalar]]  # (condition, number): only the numbers whose condition holds count


class Domain(Struct, frozen=True):
    """`literal`: what a float of the source is. `operation`: an operation of the language by its name (add, lt, exp).

    `reduction`: sum, prod, mean, max, min, argmax or argmin. `direct`: functions that stand for definitions of the
    prelude, by name: they take whole arrays. `detached`: what a number is of which no derivative is.
    """

    literal: Callable[[float], Scalar]
    operation: Callable[..., Scalar]
    reduction: Callable[[str, Guarded], Scalar]
    direct: Mapping[str, Callable[..., Value]] = field(default_factory=dict)
    detached: Callable[[Scalar], Scalar] = lambda value: value


def decided(condition: Scalar) -> bool | None:
    """The truth of a condition, None where that depends on symbols."""
    if isinstance(condition, Term):
        return bool(condition) if condition.op == "constant" else None
    return bool(condition)


# --- operations of terms


def _operation(name: str, *args: Scalar) -> Scalar:
    """Whole numbers stay ints but under `/` and `**`, decided conditions are bools. Errors: ZeroDivisionError."""
    clock.check()
    if name in _OF_INTEGERS and all(isinstance(argument, int) for argument in args):
        return _OF_INTEGERS[name](*args)
    rule = _OF_TERMS.get(name)
    result = rule(*[term(argument) for argument in args]) if rule is not None else function(name, *args)
    if name in _CONDITIONS and result.op == "constant":
        return bool(result)
    return result


_OF_INTEGERS: Mapping[str, Callable[..., int]] = {
    **{name: getattr(operator, name) for name in "add sub mul neg floordiv mod lt le gt ge eq ne".split()},
    "abs": abs,
    "max": max,
    "min": min,
}
_OF_TERMS: Mapping[str, Callable[..., Term]] = {
    "max_const": lambda a, b: function("max", a, b),  # differ from max and min in their derivatives alone
    "min_const": lambda a, b: function("min", a, b),
    "eq": lambda a, b: _same(a, b),
    "ne": lambda a, b: terms.negation(_same(a, b)) if _is_condition(a) and _is_condition(b) else terms.unequal(a, b),
}
_CONDITIONS = terms.COMPARISONS | terms.LOGIC


def _is_condition(value: Term) -> bool:
    return value.op in _CONDITIONS or value in (terms.ZERO, terms.ONE)


def _same(a: Term, b: Term) -> Term:
    """`a == b`; of two conditions one of which is decided, the other or its opposite."""
    for one, other in ((a, b), (b, a)):
        if one.op in _CONDITIONS and other.op == "constant":
            return one if bool(other) else terms.negation(one)
    return terms.equal(a, b)


# --- reductions of terms


def _reduction(kind: str, guarded: Guarded) -> Scalar:
    """From the left, as a loop does it. Errors: ZeroDivisionError (the mean of nothing), Misfit (argmax of nothing)."""
    pairs = [(guard, _as_number(value)) for guard, value in guarded]
    match kind:
        case "sum" | "prod":
            return _folded(kind, pairs)
        case "mean":
            count = _folded("sum", [(guard, 1) for guard, _ in pairs])
            return _operation("div", _folded("sum", pairs), count)
        case "max" | "min":
            return _extremum(kind, pairs)
        case _:
            return _place(kind.removeprefix("arg"), [value for _, value in pairs])


def _as_number(value: Scalar) -> Scalar:
    """A condition counts 1 where it holds."""
    if isinstance(value, Term) and value.op in _CONDITIONS:
        return terms.select(value, 1, 0)
    return int(value) if isinstance(value, bool) else value


def _folded(kind: str, pairs: Guarded) -> Scalar:
    combine, neutral = ("add", 0) if kind == "sum" else ("mul", 1)
    total: Scalar = neutral
    for guard, value in pairs:
        total = _operation(combine, total, value if guard is True else terms.select(guard, value, neutral))
    return total


def _extremum(kind: str, pairs: Guarded) -> Scalar:
    """Of nothing it is infinite; no infinity is compared with, so that every part has a value where it is used."""
    most: Scalar = constant(float("-inf" if kind == "max" else "inf"))
    nothing = most
    found: Scalar = False  # whether there is an element yet: `most` means nothing where there is none
    for guard, value in pairs:
        if found is False:
            most = value
        else:
            beyond = _operation(kind, most, value)
            beyond = beyond if found is True else terms.select(found, beyond, value)
            most = beyond if guard is True else terms.select(guard, beyond, most)
        found = True if True in (guard, found) else terms.either(found, guard)
    return most if isinstance(found, bool) else terms.select(found, most, nothing)


def _place(kind: str, values: Sequence[Scalar]) -> Scalar:
    """The least of the places that hold the largest or smallest."""
    if not values:
        raise Misfit(f"arg{kind} of nothing")
    most = values[0]
    for value in values[1:]:
        most = _operation(kind, most, value)
    places = [terms.select(terms.equal(value, most), k, len(values)) for k, value in enumerate(values)]
    known = [terms.number(place) for place in places]
    if None not in known:
        return min(int(place) for place in known if place is not None)
    return reduce(lambda first, place: function("min", place, first), places)


TERMS = Domain(constant, _operation, _reduction)
UNDEFINED = function("undefined")  # the value of an arm that raises: nobody may take it
