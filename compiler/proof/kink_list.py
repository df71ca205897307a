"""The kinks of a function for a report: where a local derivative differs on the two sides of a condition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mgc.compiler.proof import adjoints, symbolic, terms
from mgc.compiler.proof.normal import ONE, Poly, TooLarge
from mgc.compiler.proof.oracle import KINKS, spelled
from mgc.compiler.proof.report import Kink
from mgc.compiler.proof.terms import Term

if TYPE_CHECKING:
    from mgc.compiler.proof.certificate import Prover



def listed(prover: Prover, text: str) -> list[Kink]:
    """The kinks of the forward statements: where a local derivative differs on the two sides of a condition."""
    found: dict[tuple[int, str], Kink] = {}
    lines = text.splitlines()
    variables = set(prover.instance.variables())
    active = adjoints._active(prover.instance.again, variables)
    seen: set[int] = set()
    for stored in prover.instance.stored:
        node = stored.cell
        if node.op != "cell" or node not in active or stored.line in seen:
            continue
        if prover.adjoints is None or prover.adjoints.of(node) is terms.ZERO:
            continue
        seen.add(stored.line)
        for kink in _of_statement(prover, node.args[0], stored.line, active, lines):
            found.setdefault((kink.line, kink.variable), kink)
    return list(found.values())


def _of_statement(prover: Prover, statement: Term, line: int, active: set[Term], lines: list[str]) -> Iterator[Kink]:
    if not any(_branches(node) for node in terms.topological([statement], adjoints._within)):
        return
    space = prover.space
    try:
        for leaf, local in adjoints.local_derivatives(statement, active):
            slope = space.normal(local)
            for condition in space.conditions(slope)[:2]:
                sides = [space.assuming(slope, {condition: sign}) for sign in (-1, 1)]
                if sides[0] != sides[1] and all(set(side) <= {ONE} for side in sides):
                    here = space.assuming(slope, {condition: 0})
                    yield _kink(statement, line, leaf, sides, here, lines)
    except (TooLarge, ZeroDivisionError, symbolic.Untranslated):
        return


def _branches(node: Term) -> bool:
    return node.op == "select" or node.op in KINKS


def _kink(statement: Term, line: int, leaf: Term, sides: list[Poly], here: Poly, lines: list[str]) -> Kink:
    below, above = (_number(side) for side in sides)
    name, emitted = _operation(statement), _number(here)
    if {below, above} == {"-1", "1"}:
        emitted = "0"
    if name in ("max", "min"):
        emitted = "1/2"
    convention = next((spelled(one) for one in KINKS.get(name, ())), "the branch taken")
    edge = _edge(statement, leaf)
    return Kink(line, _source_line(lines, line), edge, terms.spelled(leaf), (below, above), emitted, convention)


def _number(poly: Poly) -> str:
    return str(poly.get(ONE, 0))


def _operation(statement: Term) -> str:
    """The operation that makes the kink; `0 if x <= 0 else x` is relu."""
    for node in terms.topological([statement], adjoints._within):
        if node.op in KINKS:
            return node.op
        if node.op == "select" and node.args[0].op == "le" and node.args[1] is terms.ZERO:
            if node.args[0].args == (node.args[2], terms.ZERO):
                return "relu"
    return ""


def _edge(statement: Term, leaf: Term) -> str:
    for node in terms.topological([statement], adjoints._within):
        if node.op in terms.COMPARISONS:
            return f"{terms.spelled(node.args[0], 60)} = {terms.spelled(node.args[1], 60)}"
    for node in terms.topological([statement], adjoints._within):
        if node.op in ("max", "min"):
            return f"{terms.spelled(node.args[0], 60)} = {terms.spelled(node.args[1], 60)}"
    return f"{terms.spelled(leaf, 60)} = 0"


def _source_line(lines: list[str], line: int) -> int | None:
    import re

    for text in reversed(lines[:line]):
        said = re.search(r"# line (\d+)", text)
        if said:
            return int(said[1])
    return None
