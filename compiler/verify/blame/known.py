"""What a right text may store -> which statements of a text store something else, and read nothing that is wrong.

Right are the values of the function, the adjoints of all that it computes, the contributions to these, sums of some of
them, and the parts of each (Griewank and Walther, Evaluating Derivatives, 2008, section 3.2): numbers at a few points,
to the digits that tell one from another.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterable, Mapping, Sequence

from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.equal.adjoints import Adjoints
from mgc.compiler.verify.equal.facts import factors
from mgc.compiler.verify.equal.points import Samples
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation, NoValue
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.instances import Instance
from mgc.compiler.verify.trace.values import Stored

Values = tuple[float | None, ...]
MILD = ((0.2, 1.3), (-1.1, 1.2), (1.1, 1.9), (-1.3, -0.2))
POINTS = 4
DRAWN = POINTS * len(MILD)  # of which POINTS are taken, those that show most
SUBSETS = 6  # contributions of which any sum may be one statement


class Known:
    """Numbers that are right, at each point; of some names only some of them."""

    def __init__(self, points: Sequence[Evaluation]) -> None:
        self.points = points
        self.numbers: list[set[float]] = [set() for _ in points]
        self.named: dict[str, Known] = {}

    def of_name(self, name: str) -> Known:
        return self.named.setdefault(name, Known(self.points))

    def add(self, nodes: Iterable[Term]) -> None:
        for node in nodes:
            self._add(values(self.points, node))

    def add_sums(self, parts: Sequence[Term]) -> None:
        """What may be added up before there is an adjoint of these parts: any few, and those up to or from each."""
        each = [values(self.points, part) for part in parts]
        some = itertools.chain.from_iterable(itertools.combinations(each, k) for k in range(1, len(each) + 1))
        ends = [each[:k] for k in range(1, len(each) + 1)] + [each[k:] for k in range(len(each))]
        for chosen in [*map(list, some)] if len(each) <= SUBSETS else [*([one] for one in each), *ends]:
            self._add(tuple(None if None in column else sum(column) for column in zip(*chosen, strict=True)))

    def add_products(self, product: Term) -> None:
        """What may be multiplied before there is a product: any few of its factors."""
        each = [values(self.points, one) for one in factors(product)]
        for count in range(2, len(each) if len(each) <= SUBSETS else 0):
            for chosen in itertools.combinations(each, count):
                self._add(tuple(None if None in column else math.prod(column) for column in zip(*chosen, strict=True)))

    def _add(self, numbers: Values) -> None:
        for known, value in zip(self.numbers, numbers, strict=True):
            if value is not None:
                known |= _digits(value)

    def has(self, stored: Stored) -> bool:
        """Whether what was stored is known, under its name, or what was added; of 0 that is not to be told."""
        whole = terms.ZERO if stored.before is None else stored.before
        found = [values(self.points, term, stored.guard) for term in (stored.cell, stored.cell - whole)]
        asked = [self, self.named[stored.base]] if stored.base in self.named else [self]
        return all(any(map(one._has, found)) for one in asked)

    def _has(self, numbers: Values) -> bool:
        return all(
            value == 0 or (value is not None and not known.isdisjoint(_digits(value)))
            for known, value in zip(self.numbers, numbers, strict=True)
        )


def known_numbers(
    instance: Instance, adjoints: Adjoints | None, names: Mapping[Term, str], points: Sequence[Evaluation]
) -> Known:
    """Of one text; `names`: those of the variables in it."""
    known = Known(points)
    known.add([*instance.seeds, *terms.topological([*instance.value, *(one.cell for one in instance.plain)])])
    for stored in instance.plain:
        known.of_name(stored.base).add([stored.cell])
    if adjoints is None:
        return known
    called = {**{stored.cell: stored.base for stored in instance.stored}, **names}
    flowing = [product for parts in adjoints.contributions.values() for _, product in parts]
    known.add(terms.topological([*instance.again, *flowing]))
    for node, contributions in adjoints.contributions.items():
        parts = [product for _, product in contributions]
        for one in (known, *([known.of_name(f"d{called[node]}")] if node in called else [])):
            one.add_sums(parts)
            one.add([adjoints.of(node)])
        for part in parts:
            known.add_products(part)
    return known


def mild_points(samples: Samples, instance: Instance) -> list[Evaluation]:
    """A few points at which no number is huge or tiny, so that none hides another; else those of the samples."""
    source = random.Random(0)
    names = [str(symbol.payload) for symbol in instance.symbols()]
    found: list[Evaluation] = []
    for attempt in range(POINTS * DRAWN):
        low, high = MILD[attempt % len(MILD)]
        point = Evaluation({name: mpf(source.uniform(low, high)) for name in names})
        if len(found) < DRAWN and samples.works(point):
            found.append(point)
    return [*found, *samples.first(DRAWN - len(found))]


def values(points: Sequence[Evaluation], node: Term, guard: Term = terms.ONE) -> Values:
    """At each point; 0 where the guard does not hold, None where there is no value."""
    found: list[float | None] = []
    for point in points:
        try:
            found.append(float(point.value(node)) if bool(point.value(guard)) else 0.0)
        except NoValue:
            found.append(None)
    return tuple(found)


def _digits(value: float) -> set[float]:
    """A number to eleven digits, rounded both ways, so that neighbours share one."""
    return {float(f"{value * (1 + slip):.11g}") for slip in (-2e-12, 2e-12)}


class Suspects:
    """The lines that store what is not known: the `first`, which read nothing that is not, and those `after` them."""

    def __init__(self, records: Sequence[Stored], used: set[Term], known: Known) -> None:
        self.first: dict[int, Stored] = {}
        self.after: dict[int, Stored] = {}
        wrong: set[Term] = set()
        for stored in records:
            read = reads(stored.cell)
            if stored.merged:
                wrong |= {stored.cell} if not wrong.isdisjoint(read) else set()
            elif stored.cell in used and not known.has(stored):
                is_first = stored.cell not in wrong and wrong.isdisjoint(read)
                (self.first if is_first else self.after).setdefault(stored.line, stored)
                wrong.add(stored.cell)

    @property
    def lines(self) -> set[int]:
        return {*self.first, *self.after}


def reads(cell: Term) -> set[Term]:
    """The cells that the statement of one reads."""
    roots = cell.args if cell.op == "cell" else [cell]
    return {node for node in terms.topological(roots, _inside) if node.op == "cell"}


def _inside(node: Term) -> tuple[Term, ...]:
    return () if node.op == "cell" else node.args
