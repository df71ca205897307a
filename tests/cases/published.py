"""An emitted derivative and what others say that it is: the same function, by algebra or at points with many digits.

>>> from cases.sources import cases
>>> pendulum = next(case for case in cases("own") if case.id == "own/pendulum")
>>> agrees(pendulum, "theta", slope("9.81*length*sin(theta)", ["theta", "length"]))
'proved'
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Sequence
from fractions import Fraction

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

import mgc
from cases.case import Case
from cases.notation import definition
from cases.trial import compiled
from mgc.compiler.verify.equal.deciding import Residues
from mgc.compiler.verify.findings import Status
from mgc.compiler.verify.terms.derivatives import without_cells
from mgc.compiler.verify.terms.evaluation import Evaluation, NoValue
from mgc.compiler.verify.terms.oracle import MEANINGS
from mgc.compiler.verify.terms.terms import Term, constant, make, number, symbol, topological
from mgc.compiler.verify.trace.trace import Machine

LARGEST = 5_000  # operations of an expression
NEARBY = (Fraction(0), Fraction(1, 1009), Fraction(-1, 997))  # the points of the case, and some beside each
ULP = Fraction(1, 10**15)  # what folding constants in doubles may be off by, and a little more
LONG = 10**6  # a constant of a larger denominator is a folded one: sqrt(2), and not 0.1
MOVES = 5  # times that the folded constants are moved, to see what they matter
DIGITS = 130  # of which terms that cancel may take a hundred
TOLERANCE = mpf(10) ** -25  # relative, beside that; and absolute, of a difference that should be 0


def agrees(case: Case, variable: str, published: str) -> Status:
    """Whether the emitted derivative by `variable` is what the model `published` computes."""
    model, said = compiled(case), mgc.loads(published)["slope"]
    arguments = [symbol(argument.emitted_name) for argument in model.info.arguments]
    _, gradient = _machine(model).call(str(model.info.gradient_name), arguments)
    ours, theirs = gradient[case.wrt.index(variable)], _machine(said).call(said.info.emitted_name, arguments)
    if _same(ours, theirs):
        return "proved"
    return _tested(case, arguments, ours, theirs)


def slope(text: str, variables: Sequence[str]) -> str:
    return definition("slope", variables, [], text)


def _machine(model: mgc.Function) -> Machine:
    return Machine(ast.parse(model.model.source), MEANINGS)


def _same(ours: Term, theirs: Term) -> bool:
    written_out = [without_cells(one, LARGEST) for one in (ours, theirs)]
    try:
        return None not in written_out and Residues().settle(ours, theirs).verdict != "open"
    except (ZeroDivisionError, RecursionError):
        return False


def _tested(case: Case, arguments: Sequence[Term], ours: Term, theirs: Term) -> Status:
    names = [str(one.payload) for one in arguments]
    variants = [(moved(ours, seed), moved(theirs, seed)) for seed in range(1, MOVES + 1)]
    compared = 0
    for place in _places(case):
        point = Evaluation(dict(zip(names, place, strict=True)), DIGITS)
        try:
            found, wanted = point.value(ours), point.value(theirs)
            moves = [(point.value(a) - found, point.value(b) - wanted) for a, b in variants]
        except NoValue:
            continue
        with mp.workdps(point.digits):
            allowed = TOLERANCE * max(abs(found), abs(wanted), TOLERANCE) + 10 * max(abs(a) + abs(b) for a, b in moves)
            if not abs(found - wanted) <= allowed:
                return "false"
        compared += 1
    return "tested" if compared >= len(case.points) else "not checked"


def moved(root: Term, seed: int) -> Term:
    """The term with every folded constant a little larger or smaller."""
    source, known = random.Random(seed), dict[Term, Term]()
    for node in topological([root]):
        args = [known[argument] for argument in node.args]
        exact = number(node)
        if exact is not None and exact.denominator > LONG:
            known[node] = constant(exact * (1 + Fraction(source.uniform(-1, 1)) * ULP))
        else:
            known[node] = args[0] if node.op == "cell" else make(node.op, *args) if args else node
    return known[root]


def _places(case: Case) -> Iterator[list[mpf]]:
    """The points of the case, exactly, and some near each."""
    for point in case.points:
        for step in NEARBY:
            with mp.workdps(DIGITS):
                exact = [Fraction(repr(x)) * (1 + step * place) for place, x in enumerate(point.arguments, 1)]
                yield [mpf(x.numerator) / x.denominator for x in exact]
