"""The kinks of a function for a report: each condition on which a derivative jumps, and what is emitted there.

A statement of the forward half has a kink wherever an operation of the table of kinks does (`abs`, `max`, `clip`,
`floor`), and wherever the arms of a branch have different derivatives. What is emitted there is not read off the table:
the emitted derivative is evaluated on the kink and beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.module import Module
from mgc.compiler.verify import clock
from mgc.compiler.verify.blame.listing import source_line as line_of_source
from mgc.compiler.verify.certificate import Claim
from mgc.compiler.verify.equal import adjoints
from mgc.compiler.verify.findings import Kink
from mgc.compiler.verify.numbers.kink_edges import Edge, edges
from mgc.compiler.verify.numbers.numbers import Numbers
from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.derivatives import STEPS
from mgc.compiler.verify.terms.evaluation import DIGITS, Dependents, Evaluation, NoValue
from mgc.compiler.verify.terms.terms import Term, spelled
from mgc.compiler.verify.text.names import BOOKKEEPING

BESIDE = mpf(10) ** -30  # how far from a kink its sides are evaluated
NEARER = (mpf(10) ** -3, mpf(10) ** -6)  # of that, where it shows whether a slope grows without end
HUGE = mpf(10) ** 12  # a slope that far from 0 next to a kink is infinite there
GROWING = mpf("0.01")  # at least, from one of these points to the next
TRIED = 8  # derivatives that are asked what they are on a kink
SHORT = 6  # terms of what is shown in the place of a name that the compiler made up
PLACES = 3  # points on a kink
UNKNOWN = "not evaluated"


def listed(numbers: Numbers, text: str, module: Module | None) -> list[Kink]:
    """The kinks of the forward statements through which a derivative flows, each condition once."""
    lines = text.splitlines()
    found: dict[tuple[object, ...], Kink] = {}
    for kept, line in _statements(numbers).items():
        source_line = line_of_source(lines, module, line)
        for edge in edges(kept.args[0], numbers.active):
            if clock.now() > numbers.prover.deadline:
                return list(found.values())
            kink = _kink(numbers, edge, kept, line, source_line)
            if kink is not None:
                found.setdefault((source_line, kink.condition, kink.variable, kink.convention), kink)
    return list(found.values())


def _statements(numbers: Numbers) -> dict[Term, int]:
    """A cell of each line of the forward half that a derivative flows to, and that line."""
    flow = numbers.prover.adjoints
    found: dict[int, Term] = {}
    for stored in numbers.instance.stored if flow is not None else ():
        kept = stored.cell
        if kept.op == "cell" and stored.line not in found and isinstance(kept.payload, tuple):
            line = int(kept.payload[1])
            flows = flow is not None and (flow.of(kept) is not terms.ZERO or kept.args[0].op in STEPS)
            if line == stored.line and flows and kept in numbers.active:
                found[line] = kept
    return {kept: line for line, kept in found.items()}


# --- what is emitted there


def _kink(numbers: Numbers, edge: Edge, cell: Term, line: int, source_line: int | None) -> Kink | None:
    measured = _Measured(numbers, edge, cell)
    if edge.switch is not None and not measured.differs:
        return None  # the arms meet with one slope, or the edge is out of reach
    sides = [_shown(edge, side, measured) for side in measured.ordered()]
    if edge.switch is not None and sides[0] == sides[1]:
        return None
    condition = spelled(_readable(edge.condition), 80).replace(" == ", " = ")
    variable = spelled(_readable(edge.leaf), 60)
    return Kink(line, source_line, condition, variable, tuple(sides), measured.emitted(sides), edge.convention)


def _shown(edge: Edge, slope: Term, measured: _Measured) -> str:
    """A slope as text: a number where the kink alone settles it, else its expression."""
    free = [leaf for read in (slope, edge.condition) for leaf in adjoints.leaves(read) if leaf is not edge.leaf]
    if slope.op == "constant" or free or not measured.values:
        return spelled(_readable(slope), 40)
    return _number(measured.slope(slope))


def _readable(term: Term) -> Term:
    """The term with what the author has no name for written out, where that is short."""
    nameless = {}
    for node in terms.topological([term], adjoints.within):
        made_up = isinstance(node.payload, tuple) and BOOKKEEPING.fullmatch(node.payload[0])
        if made_up and len(list(terms.topological(node.args, adjoints.within))) <= SHORT:
            nameless[node] = node.args[0]
    return derivatives.substituted(term, nameless) if nameless else term


def _number(value: Any) -> str:
    """A short number as text; one that is out of bounds is infinite."""
    if value is None:
        return UNKNOWN
    if abs(value) > HUGE:
        return "inf" if value > 0 else "-inf"
    with mp.workdps(15):
        short = mpf(mp.nstr(value, 12))
        for denominator in (1, 2):
            if short * denominator == mp.nint(short * denominator):
                whole = int(short * denominator)
                return str(whole) if denominator == 1 else f"{whole}/2"
        return str(mp.nstr(short, 6))


@dataclass(frozen=True, slots=True)
class _Beside:
    """One derivative of the result, on a kink and on both sides of it: what is emitted and what is true."""

    emitted: Any
    truth: Any
    below: Any
    above: Any
    sides: tuple[Evaluation, Evaluation]

    @property
    def differs(self) -> bool:
        return self.below is not None and self.above is not None and not _close(self.below, self.above)


class _Measured:
    """The derivatives that go through one kink, measured on it."""

    def __init__(self, numbers: Numbers, edge: Edge, cell: Term) -> None:
        self.edge = edge
        self.values: list[_Beside] = []
        symbols = [node for node in terms.topological([cell]) if node.op == "symbol"]
        by_variable = {claim.variable: claim for claim in numbers.claims if claim.truth is not None}
        claims = [by_variable[one] for one in reversed(symbols) if one in by_variable][:TRIED]
        roots = [edge.condition, edge.below, edge.above, *([edge.switch] if edge.switch is not None else [])]
        roots += [term for claim in claims for term in (claim.emitted, claim.truth) if term is not None]
        self.dependents = dependents = numbers.dependents
        dependents.add(roots)
        points = [numbers.place.point] if numbers.place is not None else []
        for point in points if numbers.large else [*points, *numbers.prover.samples.first(PLACES)]:
            found = (
                _on_edge(point, edge.condition, dependents)
                if edge.switch is None
                else _on_switch(point, edge, dependents)
            )
            if found is not None:
                self._measure(claims, *found)
            if self.differs:
                break

    def _measure(self, claims: Sequence[Claim], on: Evaluation, below: Evaluation, above: Evaluation) -> None:
        for claim in claims:
            assert claim.truth is not None
            one = _Beside(
                on.get(claim.emitted),
                on.get(claim.truth),
                below.get(claim.truth),
                above.get(claim.truth),
                (below, above),
            )
            if one.differs:
                self.values.insert(0, one)
                return
            self.values.append(one)

    @property
    def differs(self) -> bool:
        return bool(self.values) and self.values[0].differs

    def slope(self, term: Term) -> Any:
        """A local derivative next to the kink, on the side where it has a value; infinite where it grows on and on."""
        sides = self.values[0].sides
        for side, other in (sides, sides[::-1]):
            try:
                here = side.value(term)
                near, nearer = (self._towards(side, other, share).value(term) for share in NEARER)
            except NoValue:
                continue
            with mp.workdps(DIGITS):
                first, second = abs(near) - abs(here), abs(nearer) - abs(near)
                return here if first < GROWING or second < first / 2 else mpf("inf") * mp.sign(here)
        return None

    def _towards(self, side: Evaluation, other: Evaluation, share: Any) -> Evaluation:
        """A point between the kink and a side."""
        with mp.workdps(DIGITS):
            a, b = side.value(self.edge.leaf), other.value(self.edge.leaf)
            return side.having(self.edge.leaf, (a + b) / 2 + share * (a - b) / 2, self.dependents)

    def ordered(self) -> tuple[Term, Term]:
        """The slopes where the leaf is smaller and where it is larger: by the condition of a branch."""
        edge = self.edge
        if edge.switch is not None and self.values:
            left, right = edge.condition.args
            larger = self.values[0].sides[1]
            if larger.value(left) < larger.value(right):
                return edge.above, edge.below
        return edge.below, edge.above

    def emitted(self, sides: Sequence[str]) -> str:
        """The local derivative that the emitted one has on the kink."""
        for one in self.values:
            if one.emitted is None:
                continue
            share = self._share(one, sides)
            if share is not None and (self.edge.taken is None or share == spelled(self.edge.taken)):
                return share
            if one.truth is not None and _close(one.emitted, one.truth) and self.edge.taken is not None:
                return spelled(self.edge.taken)
            if share is not None:
                return share
        return UNKNOWN

    def _share(self, one: _Beside, sides: Sequence[str]) -> str | None:
        """below + share * (above - below), the share being that of the derivative of the whole."""
        if not one.differs:
            return None
        share = (one.emitted - one.below) / (one.above - one.below)
        for side, at in zip(sides, (0, 1), strict=True):
            if _close(share, at):
                return side
        try:
            low, high = (mpf(side) for side in sides)
        except ValueError:
            return None
        return _number(low + share * (high - low))


def _close(a: Any, b: Any) -> bool:
    with mp.workdps(DIGITS):
        return bool(abs(a - b) <= mpf(10) ** -12 * max(1, abs(a), abs(b)))


def _on_edge(
    point: Evaluation, condition: Term, dependents: Dependents
) -> tuple[Evaluation, Evaluation, Evaluation] | None:
    """A point on a kink, and those next to it below and above; None where none is found."""
    equations = [node for node in terms.topological([condition]) if node.op == "eq"]
    on = below = above = point
    try:
        for equation in equations:
            moved, target = _aim(on, *equation.args)
            on = on.having(moved, target, dependents)
            with mp.workdps(DIGITS):
                below, above = (on.having(moved, target + sign * BESIDE, dependents) for sign in (-1, 1))
        return (on, below, above) if on.value(condition) else None
    except NoValue:
        return None


def _on_switch(
    point: Evaluation, edge: Edge, dependents: Dependents
) -> tuple[Evaluation, Evaluation, Evaluation] | None:
    """The same of a branch, whose condition is then as it is on its edge."""
    assert edge.switch is not None
    try:
        root = _root(point, edge, dependents)
        if root is None:
            return None
        with mp.workdps(DIGITS):
            below, above = (point.having(edge.leaf, root + sign * BESIDE, dependents) for sign in (-1, 1))
        return below.having(edge.switch, edge.switch.op in ("ge", "le"), dependents), below, above
    except NoValue:
        return None


def _root(point: Evaluation, edge: Edge, dependents: Dependents) -> Any:
    """The value of the leaf on the edge; None where none is found."""

    def gap(value: Any) -> Any:
        there = point.having(edge.leaf, value, dependents)
        return there.value(edge.condition.args[0]) - there.value(edge.condition.args[1])

    try:
        with mp.workdps(DIGITS):
            start = point.value(edge.leaf)
            return mp.findroot(gap, (start, start + mpf(1) / 8), solver="secant", tol=mpf(10) ** -88)
    except (ValueError, ZeroDivisionError):
        return None


def _aim(point: Evaluation, left: Term, right: Term) -> tuple[Term, Any]:
    """The term to change, and its value, so that left == right: `x == floor(x)` asks for a whole number."""
    with mp.workdps(DIGITS):
        if right.op != "floor":
            return (right, point.value(left)) if left.op == "constant" else (left, point.value(right))
        shift, inner = mpf(0), left
        if left.op == "sub":
            shift, inner = point.value(left.args[1]), left.args[0]
        target = mp.nint(point.value(left)) + shift
        if inner.op == "div":
            return inner.args[0], target * point.value(inner.args[1])
        return inner, target
