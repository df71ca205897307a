"""Whether the gradient that a text has on a kink is a subgradient: it lies among the gradients around.

Clarke's generalised gradient is the convex hull of the limits of gradients nearby (Clarke, *Optimization and Nonsmooth
Analysis*, 1983, section 2.5); what lies outside is told from all of them along some direction.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct, field

from mgc.compiler.verify.equal.points import DIRECTIONS, STEP, STEPPED, close, near
from mgc.compiler.verify.terms.evaluation import DIGITS, FINE, Evaluation
from mgc.compiler.verify.terms.terms import Term

MOST = 40  # variables of which directions are looked at


class Subgradients(Struct):
    """Of one instance: its results, its variables, what the text says is the derivative by each, and what is.

    `said`: where it was another one than mgc's, by the variable's name.
    """

    results: Sequence[Term]
    pairs: Sequence[tuple[Term, Term, Term]]
    said: dict[str, str] = field(default_factory=dict)
    _known: dict[tuple[Any, ...], bool] = field(default_factory=dict)

    def accepts(self, point: Evaluation) -> bool:
        """Whether what the text says at a point is a subgradient there, though no convention's."""
        key = tuple(point.point.values())
        if key not in self._known:
            self._known[key] = len(self.pairs) <= MOST and self._is_one(point)
            if self._known[key]:
                self._note(point)
        return self._known[key]

    def _is_one(self, point: Evaluation) -> bool:
        given = [point.get(emitted) for _, emitted, _ in self.pairs]
        if any(one is None for one in given):
            return False
        directions = list(self._directions())
        near = [there for direction in directions for there in self._beside(point, direction)]
        if not all(_is_continuous(point, there, result) for there in near for result in self.results):
            return False
        gradients = ([there.get(truth) for *_, truth in self.pairs] for there in near)
        around = [one for one in gradients if None not in one]
        with mp.workdps(DIGITS):
            return bool(around) and all(_is_among(given, around, direction) for direction in directions)

    def _directions(self) -> Iterator[list[int]]:
        count = len(self.pairs)
        yield from ([int(place == one) for place in range(count)] for one in range(count))
        yield [1] * count
        source = random.Random(count)
        yield from ([source.randint(-9, 9) for _ in range(count)] for _ in range(DIRECTIONS))

    def _beside(self, point: Evaluation, direction: Sequence[int]) -> Iterator[Evaluation]:
        """Two points next to one, a little off the direction and off its opposite: off other kinks."""
        for sign in (1, -1):
            moved = dict(point.point)
            with mp.workdps(FINE):
                for place, ((variable, *_), by) in enumerate(zip(self.pairs, direction, strict=True)):
                    aside = STEP * mpf(1 + (5 * place + 3 * sign) % 7) / 1000
                    moved[str(variable.payload)] += sign * STEP * by + aside
            yield Evaluation(moved, digits=FINE)

    def _note(self, point: Evaluation) -> None:
        for variable, emitted, truth in self.pairs:
            given, usual = point.get(emitted), point.get(truth)
            if given is not None and usual is not None and not close(given, usual):
                at = ", ".join(f"{name} = {mp.nstr(value, 6)}" for name, value in list(point.point.items())[:4])
                what = f"the derivative by {variable.payload} is {mp.nstr(given, 6)}, a valid subgradient"
                said = f"at a kink, {at}: {what}; mgc's convention is {mp.nstr(usual, 6)}"
                self.said.setdefault(str(variable.payload), said)


def _is_continuous(point: Evaluation, there: Evaluation, result: Term) -> bool:
    """Whether a result does not jump: its kinks alone have subgradients."""
    here, beside = point.get(result), there.get(result)
    return here is None or beside is None or near(here, beside)


def _is_among(given: Sequence[Any], around: Sequence[Sequence[Any]], direction: Sequence[int]) -> bool:
    """Whether a gradient is, along a direction, no more and no less than all those around."""
    along = [sum(a * b for a, b in zip(one, direction, strict=True)) for one in (given, *around)]
    slack = STEPPED * max(sum(abs(a * b) for a, b in zip(one, direction, strict=True)) for one in around)
    return bool(min(along[1:]) - slack <= along[0] <= max(along[1:]) + slack)
