"""Whether the text of a helper is, for all arguments, the function whose name it bears.

Arms are compared under each combination of signs of their conditions, then on every edge. A logarithm is compared by
the exponential of both sides, which is one-to-one: log(1 + exp(x)) is x + log1p(exp(-x)).
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

import sympy

from mgc.compiler.proof import symbolic
from mgc.compiler.proof.algebra import terms
from mgc.compiler.proof.algebra.assumptions import on_edge, solved
from mgc.compiler.proof.algebra.deciding import settle
from mgc.compiler.proof.algebra.monomials import Poly
from mgc.compiler.proof.algebra.normal import normal
from mgc.compiler.proof.algebra.polynomials import Space
from mgc.compiler.proof.algebra.terms import ONE, ZERO, Term, select
from mgc.compiler.proof.certificate import UNDECIDED
from mgc.compiler.proof.instances import FAILURES
from mgc.compiler.proof.machine.execution import Machine
from mgc.compiler.proof.machine.values import NotRun
from mgc.compiler.proof.oracle import MEANINGS

CHOICES = ("max", "min")  # run as they are, so that conditions meet conditions


def is_proved(syntax: ast.Module, node: ast.FunctionDef, primitives: Collection[str]) -> bool:
    """Whether the helper's text, run on symbols, is what the table of meanings says."""
    arguments = [terms.symbol(argument.arg) for argument in node.args.args]
    try:
        meant = _meant(node.name, arguments)
        if meant is None:
            return False
        text = terms.bare(terms.term(Machine(syntax, frozenset(primitives) - {*CHOICES}).call(node.name, arguments)))
        if meant.op == "log":
            text, meant = _exponential(text), _exponential(meant)
        space = Space(symbolic.template, symbolic.constant)
        return _vanishes(space, space.minus(normal(space, text), normal(space, meant)))
    except (NotRun, *UNDECIDED, *FAILURES, RecursionError):
        return False


def _meant(name: str, arguments: Sequence[Term]) -> Term | None:
    meaning = MEANINGS.get(name)
    if meaning is None:
        return None
    return symbolic.from_sympy(meaning(*[sympy.Symbol(str(one.payload), real=True) for one in arguments]))


def _exponential(exponent: Term) -> Term:
    """Its exponential, without the logarithms that are summands."""
    match exponent.op, exponent.args:
        case "add", (a, b):
            return _exponential(a) * _exponential(b)
        case "select", (condition, a, b):
            return select(condition, _exponential(a), _exponential(b))
        case ("max" | "min") as op, (a, b):
            return select(a >= b if op == "max" else a <= b, _exponential(a), _exponential(b))
        case "log", (a,):
            return _in_arms(a)
        case "log1p", (a,):
            return ONE + _in_arms(a)
        case "undefined", _:
            return exponent
    return ONE if exponent is ZERO else terms.function("exp", exponent)


def _in_arms(value: Term) -> Term:
    """The term with exp(-abs(u)) as exp(-u) in one arm and exp(u) in the other."""
    if value.op == "exp":
        (exponent,) = value.args
        if exponent.op == "neg" and exponent.args[0].op == "abs":
            (inside,) = exponent.args[0].args
            falling, rising = terms.function("exp", -inside), terms.function("exp", inside)
            return select(inside >= ZERO, falling, rising)
    return value


def _vanishes(space: Space, poly: Poly, gone: frozenset[int] = frozenset()) -> bool:
    """Whether a polynomial is zero everywhere: off the edges of all conditions, and on each of them.

    `gone`: the symbols that edges have put others for.
    """
    verdict = settle(space, poly)
    if verdict != "zero off kinks":
        return verdict == "zero"
    for edge in [atom for atom, key in enumerate(space.atoms) if key[0] == "P"]:
        if gone & _inside(space, space.polys[edge]):
            continue
        explicit = solved(space, edge)
        if explicit is None or ((explicit[0], 1),) not in space.polys[edge]:  # x*y = 0 has two branches
            return False
        if not _vanishes(space, on_edge(space, poly, edge), gone | {explicit[0]}):
            return False
    return True


def _inside(space: Space, poly: Poly) -> set[int]:
    """The atoms of a polynomial, those inside of others too."""
    found: set[int] = set()
    stack = [poly]
    while stack:
        atoms = {atom for monomial in stack.pop() for atom, _ in monomial} - found
        found |= atoms
        stack += [inner for atom in atoms for inner in space.inside(atom)]
    return found
