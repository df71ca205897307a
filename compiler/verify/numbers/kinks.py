"""Where derivatives jump: the operations of the forward half that the table of kinks has -> lines of a report.

What is listed is mgc's convention. That a text takes another slope there is found where the two are compared, and told
in a note (`equal/subgradients.py`). Branches that a model writes are not listed: their arms may meet with one slope.

>>> x = terms.symbol("x")
>>> size = terms.function("abs", x)
>>> y = terms.function("max", size, 1)
>>> [(str(edge.condition), edge.convention) for edge in edges(y, {x, size, y})]
[('x == 0', "abs'(0) = 0"), ('abs(x) == 1', 'max(x, c) of a constant c: dx = 0 where x == c')]
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import suppress

from msgspec import Struct

from mgc.compiler.module import Module
from mgc.compiler.verify.blame.listing import source_line as line_of_source
from mgc.compiler.verify.equal import adjoints
from mgc.compiler.verify.findings import Kink
from mgc.compiler.verify.numbers.numbers import Numbers
from mgc.compiler.verify.terms import derivatives, oracle, terms
from mgc.compiler.verify.terms.derivatives import STEPS
from mgc.compiler.verify.terms.oracle import KINKS
from mgc.compiler.verify.terms.terms import Term, spelled
from mgc.compiler.verify.text.names import BOOKKEEPING
from mgc.compiler.verify.trace.trace import Machine
from mgc.compiler.verify.trace.values import NotRun

SHORT = 6  # terms of what is shown in the place of a name that the compiler made up


class Edge(Struct, frozen=True):
    """The set on which a statement has a kink, and its derivatives by `leaf` on both sides."""

    condition: Term
    leaf: Term
    below: Term
    above: Term
    convention: str


def listed(numbers: Numbers, text: str, module: Module | None) -> list[Kink]:
    """The kinks of the forward statements through which a derivative flows, each once."""
    lines = text.splitlines()
    found: dict[tuple[object, ...], Kink] = {}
    for line, kept in _statements(numbers).items():
        source_line = line_of_source(lines, module, line)
        for edge in edges(kept.args[0], numbers.active):
            said = (spelled(_readable(part), 60) for part in (edge.condition, edge.leaf, edge.below, edge.above))
            condition, leaf, *sides = said
            kink = Kink(line, source_line, condition.replace(" == ", " = "), leaf, tuple(sides), edge.convention)
            found.setdefault((source_line, kink.condition, kink.variable, kink.convention), kink)
    return list(found.values())


def _statements(numbers: Numbers) -> dict[int, Term]:
    """The lines of the forward half that a derivative flows to, each with a cell of it."""
    flow = numbers.prover.adjoints
    found: dict[int, Term] = {}
    for stored in numbers.instance.stored if flow is not None else ():
        kept = stored.cell
        is_own = kept.op == "cell" and isinstance(kept.payload, tuple) and int(kept.payload[1]) == stored.line
        if not is_own or kept not in numbers.active or stored.line in found:
            continue
        if kept.args[0].op in STEPS or (flow is not None and flow.of(kept) is not terms.ZERO):
            found[stored.line] = kept
    return found


def _readable(term: Term) -> Term:
    """The term with what the author has no name for written out, where that is short."""
    nameless = {}
    for node in terms.topological([term], adjoints.within):
        made_up = isinstance(node.payload, tuple) and BOOKKEEPING.fullmatch(node.payload[0])
        if made_up and len(list(terms.topological(node.args, adjoints.within))) <= SHORT:
            nameless[node] = node.args[0]
    return derivatives.substituted(term, nameless) if nameless else term


def edges(statement: Term, active: set[Term]) -> Iterator[Edge]:
    """Of one statement; `active`: what is differentiated, and all that depends on it."""
    for node in terms.topological([statement], adjoints.within):
        for one, held in _of_two(node, active) if node in active else ():
            operation, arguments = _operation(one, held)
            for convention in KINKS.get(operation, ()):
                names = dict(zip(convention.arguments.split(", "), arguments, strict=True))
                leaf = names[convention.argument]
                told = (convention.where, convention.below, convention.above)
                if convention.kind not in ("kink", "jump") or not all(told) or leaf not in active:
                    continue
                with suppress(NotRun, ZeroDivisionError):
                    where, below, above = (_meant(text, names) for text in told)
                    if where.op != "constant":  # max(x, 1) has no tie of two constants
                        yield Edge(where, leaf, below, above, oracle.spelled(convention))


def _meant(text: str, names: Mapping[str, Term]) -> Term:
    """Errors: NotRun, ZeroDivisionError."""
    return terms.term(Machine(ast.Module([], [])).value(ast.parse(text, mode="eval").body, dict(names)))


def _of_two(node: Term, active: set[Term]) -> Iterator[tuple[Term, set[Term]]]:
    """The operation; of the largest of several, each beside the largest of the others."""
    if node.op not in ("max", "min") or len(node.args) == 2:
        yield node, active
        return
    for place, one in enumerate(node.args):
        others = node.args[:place] + node.args[place + 1 :]
        rest = terms.function(node.op, *others)
        yield terms.function(node.op, one, rest), active | ({rest} if active.intersection(others) else set())


def _operation(node: Term, active: set[Term]) -> tuple[str, tuple[Term, ...]]:
    """What an operation is called in the table: `0 if x <= 0 else x` is relu(x), max(x, 1) max_const(x, 1).

    A choice that takes x at 0 is a branch of the model, of which the arm that is taken has the slope.
    """
    name, arguments = node.op, node.args
    if node.op == "select" and node.args[0].op in ("gt", "ge", "lt", "le"):
        condition, then, otherwise = node.args
        larger = condition.args[0 if condition.op in ("gt", "ge") else 1]
        tied, other = (then, otherwise) if condition.op in ("ge", "le") else (otherwise, then)
        if tied is terms.ZERO and {*condition.args} == {tied, other} and then is larger:
            return "relu", (other,)
    if name in ("max", "min"):
        constant = [argument for argument in arguments if argument not in active]
        if constant:
            (free,) = [argument for argument in arguments if argument in active]
            if name == "max" and constant[0] is terms.ZERO:
                return "relu", (free,)
            return f"{name}_const", (free, constant[0])
    return name, arguments
