"""Terms -> numbers at a point: to 50 digits with mpmath, taking of each branch only what its condition chooses.

>>> from mgc.compiler.verify.terms.terms import symbol, function
>>> x = symbol("x")
>>> float(Evaluation({"x": mpf("0.5")}).value(function("exp", x) - 1))
0.6487212707001282
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types
from mpmath.libmp import dps_to_prec  # type: ignore[import-untyped]

from mgc.compiler.verify import clock
from mgc.compiler.verify.terms.doubles import ROUNDING, is_short
from mgc.compiler.verify.terms.functions import FUNCTIONS, RING
from mgc.compiler.verify.terms.terms import COMPARISONS, Term

DIGITS = 50
FINE = 3 * DIGITS  # beside an edge, where terms cancel
UNDEFINED = None  # the value of a variable that no arm has set
BOUNDED = COMPARISONS | {"max", "min", "clip"}  # have a value also where an operand is infinite


PASSING = frozenset({"select", "mul", "cell", "neg"})  # 0 wherever an arm in them is

WHOLE = 1000  # the largest power that is products
LARGEST = 4096  # bits before the point of an operand, but of these
CHEAP = COMPARISONS | frozenset(
    {"div", "neg", "abs", "sqrt", "cbrt", "log", "log2", "log10", "log1p", "max", "min", "hypot", "sign"}
)


class NoValue(Exception):
    """The expression has no real value at the point: outside a domain, or a pole."""


class NotReal(NoValue):
    """An infinity or nan among the numbers, with which CPython goes on."""


class Dependents:
    """Which terms are computed from which, of all that were added."""

    def __init__(self) -> None:
        self._users: dict[Term, list[Term]] = {}  # every term that was added is a key

    def add(self, roots: Iterable[Term]) -> None:
        users = self._users
        stack = [root for root in dict.fromkeys(roots) if root not in users]
        users.update({root: [] for root in stack})
        while stack:
            node = stack.pop()
            for argument in node.args:
                known = users.get(argument)
                if known is None:
                    users[argument] = [node]
                    stack.append(argument)
                else:
                    known.append(node)

    def __len__(self) -> int:
        return len(self._users)

    def of(self, *nodes: Term) -> set[Term]:
        """All that is computed from terms, directly or not."""
        found: set[Term] = set()
        stack = list(nodes)
        while stack:
            for user in self._users.get(stack.pop(), ()):
                if user not in found:
                    found.add(user)
                    stack.append(user)
        return found


class Evaluation:
    """Values of terms at one point, each computed once. Iterative: a term may be as deep as a loop is long."""

    def __init__(
        self, point: Mapping[str, Any], digits: int = DIGITS, slip: int = 0, near: Any = 0, strict: bool = False
    ) -> None:
        """`strict`: as CPython runs it, 0 times what has no value has none.

        `slip` moves every literal that is no short fraction by that many ROUNDING, to see what its rounding does.

        `near`: numbers that differ by no more than this compare as equal, for a point that is on an edge but for the
        last digits.
        """
        self.near = near
        self.strict = strict
        self.point = point
        self.digits = digits
        self._bits = dps_to_prec(digits)
        self.slip = slip
        self._known: dict[Term, Any] = {}

    @cached_property
    def strictly(self) -> Evaluation:
        """The same point, where all is evaluated as CPython does."""
        return Evaluation(self.point, self.digits, self.slip, self.near, strict=True)

    def having(self, node: Term, value: Any, dependents: Dependents) -> Evaluation:
        """The point at which a term has another value, and what depends on it with it; all else is kept."""
        there = Evaluation(self.point, self.digits, self.slip, strict=self.strict)
        there._known = {**self._known, node: value}
        for one in dependents.of(node):
            there._known.pop(one, None)
        return there

    def value(self, root: Term) -> Any:
        """An mpf. Errors: NoValue; clock.OutOfWork."""
        clock.check()
        if root not in self._known:
            before, mp.prec = mp.prec, self._bits  # as `mp.workdps`, which takes its time
            try:
                self._fill(root)
            finally:
                mp.prec = before
        result = self._known[root]
        if isinstance(result, NoValue):
            raise type(result)(*result.args)
        if result is UNDEFINED:
            raise NoValue("a variable of an arm that is not taken")
        if result.__class__ is float:
            raise NotReal("an infinity")
        return result

    def get(self, root: Term) -> Any | None:
        """An mpf, or None where there is no value. Errors: clock.OutOfWork."""
        try:
            return self.value(root)
        except NoValue:
            return None

    def chosen(self, condition: Term) -> bool | None:
        """Whether a condition holds; None where no value that was asked for has needed it."""
        found = self._known.get(condition)
        return None if found is None or isinstance(found, NoValue) else bool(found)

    def _fill(self, root: Term) -> None:
        known, stack, turns = self._known, [root], 0
        while stack:
            node = stack[-1]
            if node in known:
                stack.pop()
                continue
            op, args = node.op, node.args
            ring = RING.get(op)
            if ring is not None and (x := known.get(args[0])).__class__ is (y := known.get(args[1])).__class__ is mpf:
                known[node] = ring(x, y)  # most are sums and products of numbers
            elif op == "select" or op == "cell":
                wanted = self._chosen(node) if op == "select" else args[0]
                if wanted in known:
                    known[node] = known[wanted]
                else:
                    stack.append(wanted)
            elif op in ("and", "or") and args[0] not in known:
                stack.append(args[0])
            elif op in ("and", "or") and _is_settled(op, known[args[0]]):  # as in Python, the other one is not asked
                known[node] = op == "or"
            elif missing := [argument for argument in args if argument not in known]:
                stack += missing
            else:
                known[node] = self._computed(node)
            turns += 1
            if turns % clock.AT_ONCE == 0:
                clock.check(clock.AT_ONCE)

    def _chosen(self, node: Term) -> Term:
        """What a `select` needs next: its condition, or the arm that this chooses."""
        condition = node.args[0]
        if condition not in self._known or isinstance(self._known[condition], NoValue):
            return condition
        return node.args[1 if self._known[condition] else 2]

    def _computed(self, node: Term) -> Any:
        """The value of what is computed of known ones, or else the error. Of a product that a 0 of an arm is a factor
        of, the others need not have a value."""
        try:
            return self._compute(node, [self._known[argument] for argument in node.args])
        except NoValue as error:
            if node.op == "mul" and not self.strict and not all(self._known[one] for one in node.args if is_guard(one)):
                return mpf(0)
            return type(error)(*error.args)  # without what it was raised from, which holds this point

    def _slipped(self, constant: Fraction) -> int:
        """By how many ROUNDING a constant is moved: all one way, or with `slip` 2 half of them the other way."""
        opposite = abs(self.slip) == 2 and constant.numerator % 2
        return -self.slip if opposite else self.slip

    def _leaf(self, node: Term) -> Any:
        payload = node.payload
        if node.op == "symbol":
            return self.point[str(payload)]
        if node.op == "undefined":
            return UNDEFINED
        if isinstance(payload, Fraction):
            if self.slip and not is_short(payload):
                payload *= 1 + self._slipped(payload) * ROUNDING
            return mpf(payload.numerator) / payload.denominator
        if isinstance(payload, float):
            return payload  # an infinity, which no mpf is
        if node.op != "constant":
            raise NoValue(f"the function {node.op}")
        raise NotReal(f"{payload}")

    def _compute(self, node: Term, values: list[Any]) -> Any:
        if not values:
            return self._leaf(node)
        for value in values:
            if isinstance(value, NoValue):
                raise type(value)(*value.args)
        if any(value.__class__ is float for value in values) and node.op not in BOUNDED:
            raise NotReal(f"{node.op} of an infinity")
        if any(value is UNDEFINED for value in values):  # an arm that is not taken, and to which no adjoint flows
            if self.strict:
                raise NoValue("a variable that is not set")
            flows = node.op != "mul" or all(value is UNDEFINED or value for value in values)
            return UNDEFINED if flows else mpf(0)
        if self.near and node.op in COMPARISONS and abs(values[0] - values[1]) <= self.near:
            return node.op in ("le", "ge", "eq")
        if self.near and node.op == "sign" and abs(values[0]) <= self.near:
            return mpf(0)
        if self.near and node.op == "pow" and abs(values[1]) <= self.near:
            return mpf(1)  # also of 0
        compute = FUNCTIONS.get(node.op)
        if compute is None:
            raise NoValue(f"the function {node.op}")
        if node.op in RING:
            return compute(*values)
        if not _is_cheap(node.op, values) and any(
            value.__class__ is mpf and value and mp.mag(value) > LARGEST for value in values
        ):
            raise NoValue(f"{node.op} of a number beyond all doubles")  # as many digits of pi or log(2) would be needed
        try:
            result = compute(*values)
        except (ZeroDivisionError, ValueError, OverflowError) as error:
            raise NoValue(str(error)) from None
        if isinstance(result, mp.mpc):
            if result.imag != 0:
                raise NoValue(f"{node.op} outside its domain")
            result = result.real
        if not isinstance(result, bool) and not mp.isfinite(result):
            raise NoValue(f"{node.op} is not finite")
        return result


def _is_settled(op: str, first: Any) -> bool:
    """Whether the first operand alone decides an `and` or an `or`: a truth, or the 1 or 0 that stands for it."""
    return first is not UNDEFINED and not isinstance(first, NoValue) and bool(first) is (op == "or")


def _is_cheap(op: str, values: list[Any]) -> bool:
    """Whether a function of a huge number takes no more digits than another: a whole power is products."""
    return op in CHEAP or (op == "pow" and abs(values[1]) <= WHOLE and values[1] == int(values[1]))


def is_guard(node: Term, depth: int = 5) -> bool:
    """Whether it may be the 0 of an arm that is not taken, so that the other factor need not have a value."""
    passes = depth > 0 and node.op in PASSING
    return passes and (node.op == "select" or any(is_guard(factor, depth - 1) for factor in node.args))
