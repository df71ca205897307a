"""Arms of branches that no input reaches, those that none of the sizes and whole numbers reaches that were run, and
those of derivatives that none of the points does.

The conditions on the way to the first contradict each other.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from msgspec import Struct, field

from mgc.compiler.verify import clock
from mgc.compiler.verify.certificate import ON_EACH, Claim, Prover
from mgc.compiler.verify.equal.adjoints import within
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation, NoValue
from mgc.compiler.verify.terms.terms import Term, spelled
from mgc.compiler.verify.text import forms
from mgc.compiler.verify.text.instances import Instance
from mgc.compiler.verify.text.reading import UnknownSize, size
from mgc.compiler.verify.trace.operations import COMPARE
from mgc.compiler.verify.trace.values import Arm

Place = tuple[int, str, bool]  # the line of a condition, its text, and whether it holds


class Arms(Struct):
    """Every arm of a function that was met in some instance, and whether one may have been taken.

    `undefined`: sizes that were run and at which the function has no value.
    """

    reached: dict[Place, bool] = field(default_factory=dict)
    undefined: list[Mapping[str, int]] = field(default_factory=list)
    decided: dict[ast.expr | ast.For, set[bool]] = field(default_factory=dict)

    def add(self, instance: Instance) -> None:
        """The ways that one instance went."""
        for decided in instance.decided:
            for test, ways in decided.items():
                self.decided.setdefault(test, set()).update(ways)

    def look(self, prover: Prover) -> None:
        """Which arms of an instance may be taken. Of those that there is no work for it is assumed."""
        end = clock.now() + clock.left() * (1 - ON_EACH)
        places: dict[ast.expr, tuple[int, str]] = {}
        for arm in prover.instance.arms:
            if arm.condition not in places:
                places[arm.condition] = arm.condition.lineno, ast.unparse(arm.condition)
            place = (*places[arm.condition], arm.holds)
            if not self.reached.get(place, False):
                self.reached[place] = True
                with clock.as_far_as(end):
                    self.reached[place] = _may_be_taken(prover, arm)

    def unreachable(self) -> list[Place]:
        """Those that were shown never to be taken, in the order of the text."""
        return sorted(place for place, reached in self.reached.items() if not reached)

    def _is_undefined(self, test: ast.expr, ways: set[bool]) -> bool:
        """Whether the other way is that of sizes at which the function has no value."""
        return any(_of_sizes(test, sizes) not in (None, *ways) for sizes in self.undefined)

    def left_out(self) -> list[tuple[int, str]]:
        """What no size and no whole number that was run made true, or false: the line, and how the text says it."""
        found = [(test.lineno, self._missed(test, ways)) for test, ways in self.decided.items()]
        return sorted(one for one in found if one[1])

    def _missed(self, test: ast.expr | ast.For, ways: set[bool]) -> str:
        """What never happened, as the text says it; empty where all did."""
        said = f"`{ast.unparse(test).splitlines()[0]}`"
        match test:
            case ast.For():
                return "" if True in ways else f"{said} has a turn"
            case ast.BinOp(left=left, right=right):
                return "" if True in ways else f"`{ast.unparse(left)}` reaches {ast.unparse(right)}"
            case ast.Call(func=ast.Name(id="max"), args=[_, ast.Constant(value=0)]) if True in ways:
                return ""  # a count that is below 0 only at sizes that are refused
            case ast.Call(func=ast.Name(id="max" | "min"), args=[first, *_]) if len(ways) == 1:
                return f"{said} is {'not ' if True in ways else ''}{ast.unparse(first)}"
        if len(ways) == 2 or _of_reals(test) in ways or self._is_undefined(test, ways):
            return ""
        return f"{said} is {'false' if True in ways else 'true'}"


def at_no_point(prover: Prover, claim: Claim, called: Sequence[Evaluation]) -> dict[int, str]:
    """Of lines that a derivative is computed in, a condition that is the same at each of the points that were tried:
    those of the proof, and those at which CPython was `called`."""
    points = [*prover.samples.found, *prover.special.edges(), *called]
    found: dict[int, str] = {}
    for line, condition in _conditions(claim.emitted):
        ways = {bool(value) for point in points if (value := point.get(terms.bare(condition))) is not None}
        if len(ways) == 1 and line not in found:
            found[line] = f"`{spelled(condition, forms.LONGEST)}` is {'false' if True in ways else 'true'}"
    return found


def _conditions(root: Term) -> Iterator[tuple[int, Term]]:
    """Those that a term depends on, with the lines that they stand in."""
    for cell in terms.topological([root]):
        if cell.op == "cell" and isinstance(cell.payload, tuple):
            for node in terms.topological(cell.args, within):
                if node.op == "select":
                    yield int(cell.payload[1]), node.args[0]


def _of_sizes(test: ast.expr, sizes: Mapping[str, int]) -> bool | None:
    """A comparison of sizes, decided; None of another test."""
    match test:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARE:
            with suppress(UnknownSize, ValueError, ZeroDivisionError):
                return bool(
                    getattr(operator, COMPARE[type(op)])(*(size(ast.unparse(one), sizes) for one in (left, right)))
                )
    return None


def _of_reals(test: ast.expr) -> bool | None:
    """What a test of infinities or of nan says of every real number; None of another test.

    >>> [_of_reals(ast.parse(test, mode="eval").body) for test in ("x != x or x == -inf", "x < inf", "x < 2.0")]
    [False, True, None]
    """
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _of_reals(operand)
            return None if inner is None else not inner
        case ast.BoolOp(op=op, values=values):
            known, decisive = [_of_reals(value) for value in values], isinstance(op, ast.Or)
            return decisive if decisive in known else None if None in known else not decisive
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compared(left, op, right)
    return None


def _compared(left: ast.expr, op: ast.cmpop, right: ast.expr) -> bool | None:
    if ast.dump(left) == ast.dump(right):
        return isinstance(op, ast.Eq | ast.LtE | ast.GtE)
    for bound, below in ((right, ast.Lt | ast.LtE), (left, ast.Gt | ast.GtE)):
        said = ast.unparse(bound).removeprefix("math.").replace("-math.", "-")
        if said in ("inf", "-inf"):
            holds = isinstance(op, below) is (said == "inf")
            return isinstance(op, ast.NotEq) or (holds and not isinstance(op, ast.Eq))
    return None


def _may_be_taken(prover: Prover, arm: Arm) -> bool:
    if arm.path is None:
        return False
    if any(_is_on(point, arm) for point in prover.samples.each(prover.tried)):
        return True
    taken = terms.ONE
    for condition, holds in arm.path.items():
        taken = terms.both(taken, condition if holds else terms.negation(condition))
    return not prover.is_zero(taken)


def _is_on(point: Evaluation, arm: Arm) -> bool:
    assert arm.path is not None
    try:
        return all(bool(point.value(terms.bare(condition))) is holds for condition, holds in arm.path.items())
    except NoValue:
        return False
