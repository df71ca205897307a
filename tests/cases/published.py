"""An emitted derivative and what others say that it is: the same function, by algebra or at points with 50 digits.

>>> from cases.sources import cases
>>> pendulum = next(case for case in cases("own") if case.id == "own/pendulum")
>>> agrees(pendulum, "theta", slope("9.81*length*sin(theta)", ["theta", "length"]))
'proved'
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from fractions import Fraction

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

import mgc
from cases.case import Case
from cases.notation import definition
from cases.trial import compiled
from mgc.compiler.proof import symbolic
from mgc.compiler.proof.certificate import without_cells
from mgc.compiler.proof.execution import Machine
from mgc.compiler.proof.normal import Space, TooLarge
from mgc.compiler.proof.numeric import Evaluation, NoValue
from mgc.compiler.proof.oracle import MEANINGS
from mgc.compiler.proof.report import Status
from mgc.compiler.proof.terms import Term, symbol

LARGEST = 5_000  # operations of an expression
NEARBY = (Fraction(0), Fraction(1, 1009), Fraction(-1, 997))  # the points of the case, and some beside each
FOLDED = mpf(10) ** -15  # relative: constants were folded in doubles, and what they are in may cancel


def agrees(case: Case, variable: str, published: str) -> Status:
    """Whether the emitted derivative by `variable` is what the model `published` computes."""
    function, said = compiled(case), mgc.loads(published)["slope"]
    arguments = [symbol(argument.emitted_name) for argument in function.info.arguments]
    value, gradient = _machine(function).call(str(function.info.gradient_name), arguments)
    place = case.wrt.index(variable)
    ours, theirs = gradient[place], _machine(said).call(said.info.emitted_name, arguments)
    if _same(ours, theirs):
        return "proved"
    return _tested(case, arguments, (ours, theirs, value / symbol(variable)))


def slope(text: str, variables: Sequence[str]) -> str:
    return definition("slope", variables, [], text)


def _machine(function: mgc.Function) -> Machine:
    return Machine(ast.parse(function.model.source), MEANINGS)


def _same(ours: Term, theirs: Term) -> bool:
    written_out = [without_cells(one, LARGEST) for one in (ours, theirs)]
    space = Space(symbolic.template, symbolic.constant)
    try:
        normal = [space.normal(one) for one in written_out if one is not None]
        if len(normal) < 2:
            return False
        difference = space.minus(*normal)
        return not difference or space.settle(difference) != "open"
    except (TooLarge, ZeroDivisionError, RecursionError):
        return False


def _tested(case: Case, arguments: Sequence[Term], both: tuple[Term, Term, Term]) -> Status:
    """`both` derivatives at points, and what they are made of: the value over the variable."""
    compared = 0
    for place in _places(case):
        point = Evaluation(dict(zip((str(one.payload) for one in arguments), place, strict=True)))
        try:
            ours, theirs, scale = (point.value(one) for one in both)
        except NoValue:
            continue
        with mp.workdps(point.digits):
            if not abs(ours - theirs) <= FOLDED * (abs(scale) + 10_000 * max(abs(ours), abs(theirs))):
                return "false"
        compared += 1
    return "tested" if compared >= len(case.points) else "not checked"


def _places(case: Case) -> Iterator[list[mpf]]:
    """The points of the case, exactly, and some near each."""
    for point in case.points:
        for step in NEARBY:
            with mp.workdps(60):
                exact = [Fraction(repr(x)) * (1 + step * place) for place, x in enumerate(point.arguments, 1)]
                yield [mpf(x.numerator) / x.denominator for x in exact]
