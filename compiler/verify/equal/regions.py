"""Both sides of every edge that a text has: where its conditions change, and where its roots and logarithms begin.

Random points meet few of them. There the text is run as CPython runs it, where 0 times what has no value has none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import reduce

from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct, field

from mgc.compiler.verify.equal.domain import ALWAYS
from mgc.compiler.verify.equal.edges import MOST_EDGES, STARTS, SpecialPoints, has_value, meeting, roots
from mgc.compiler.verify.equal.facts import is_not_negative
from mgc.compiler.verify.equal.points import MANY, Samples, close, rounded, scale_of
from mgc.compiler.verify.findings import Status
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term

STEPS = (mpf("1e-9"), mpf("0.001"), mpf("0.1"), mpf(1))  # relative, to either side of an edge
ORDERED = frozenset({"lt", "le", "gt", "ge"})
EQUALITIES = frozenset({"eq", "ne"})
ENDING = frozenset({"sqrt", "log", "log2", "log10", "pow"})


class Regions(Struct):
    """Of one instance: `value` is the function, `computed` what its derivative's text computes, `truths` what is true.

    `points` are those that are known already; more are looked for where they leave a side out. `is_never` is asked
    whether a condition holds nowhere, `is_zero` whether a number is 0 everywhere, `is_guard` whether a choice
    stands for a product.
    """

    samples: Samples
    special: SpecialPoints
    value: Sequence[Term]
    computed: Sequence[Term]
    truths: Sequence[Term]
    points: list[Evaluation]
    is_never: Callable[[Term], bool]
    is_zero: Callable[[Term], bool]
    is_guard: Callable[[Term], bool]
    _may_end: bool = False
    _never: dict[Term, bool] = field(default_factory=dict)
    _met: dict[Term, Evaluation | None] = field(default_factory=dict)

    def look(self) -> None:
        """Add points next to the edges where the text ends, and on sides of others that have none; note whether the
        text may have no value where none was found."""
        ending = [
            node.args[0] for node in terms.topological(map(terms.bare, [*self.value, *self.truths])) if _ends(node)
        ]
        heights = sorted(self._heights().items(), key=lambda one: not one[1])
        for place, (height, ends) in enumerate(heights):
            sides = self._sides(height)
            if place < MOST_EDGES and ends:
                for factor in _factors(height):
                    self.points += self._beside(factor, set())
                sides = self._sides(height)
            elif place < MOST_EDGES and len(sides) < 2:
                self.points += self._beside(height, sides)
            if ends and False not in sides and not is_not_negative(height):
                self._may_end = self._may_end or not any(self.is_zero(height - one) for one in ending)

    def _sides(self, height: Term) -> set[bool]:
        """Those on which there are points."""
        return {bool(point.value(height) > 0) for point in self.points if has_value(point, height)}

    def _heights(self) -> dict[Term, bool]:
        """What is 0 on the edges, without those where the function itself ends, and whether the text ends below one."""
        found: dict[Term, bool] = {}
        own = set(terms.topological(map(terms.bare, self.value)))
        for node in terms.topological([*map(terms.bare, self.value), *map(terms.bare, self.computed)]):
            if node.op in ORDERED:
                found.setdefault(node.args[0] - node.args[1], False)
            elif node not in own and (node.op == "div" or _ends(node)):
                height = node.args[-1 if node.op == "div" else 0]
                found[height] = found.get(height, False) or _ends(node)
        return {height: ends for height, ends in found.items() if height.args or height.op == "symbol"}

    def _beside(self, height: Term, sides: set[bool]) -> Iterator[Evaluation]:
        """A point on each side that has none, where one is found."""
        for point in self._around(height):
            if len(sides) == 2:
                return
            if not has_value(point, height) or (side := bool(point.value(height) > 0)) in sides:
                continue
            if self.samples.works(point):
                sides.add(side)
                yield point

    def _around(self, height: Term) -> Iterator[Evaluation]:
        for name, found in roots(height, self.samples.first(STARTS)):
            edge = found.point[name]
            for step in STEPS:
                for sign in (1, -1):
                    yield Evaluation({**found.point, name: edge + sign * step * (1 + abs(edge))})

    def verdict(self, emitted: Term, truth: Term) -> Status:
        """What the points say of an emitted derivative that algebra has proved; `tested` where an arm has none."""
        sides: dict[Term, set[bool]] = {node: set() for node in terms.topological([emitted]) if node.op == "select"}
        inner = _within_equalities(sides)
        for point in self.points:
            if self._differs(point, emitted, truth, sides):
                return "false"
        choices = (node for node, found in sides.items() if _is_missed(node, found, inner))
        missed = [node for node in choices if not self.is_guard(node)]
        for point in self._more(missed) if missed else ():
            if self._differs(point, emitted, truth, sides):
                return "false"
            missed = [node for node in missed if _is_missed(node, sides[node], inner)]
            if not missed:
                break
        ways = (one for node in missed for one in _alternatives(reaching(emitted, node, True not in sides[node])))
        return "proved" if not self._may_end and all(map(self._is_never, ways)) else "tested"

    def _is_never(self, condition: Term) -> bool:
        """Asked once: several derivatives come to an arm in the same way."""
        if condition not in self._never:
            self._never[condition] = self.is_never(condition)
        return self._never[condition]

    def _more(self, missed: Sequence[Term]) -> Iterator[Evaluation]:
        for choice in missed[:MOST_EDGES]:
            if choice not in self._met:
                self._met[choice] = self._meeting(choice)
            point = self._met[choice]
            if point is not None:
                yield point
        for count in range(1, MANY + 1):
            yield from self.samples.lattice(count)[count - 1 :]
        for count in range(len(self.points) + 1, MANY + 1):
            yield from self.samples.first(count)[count - 1 :]

    def _meeting(self, choice: Term) -> Evaluation | None:
        """A point where all equalities of a choice hold, as many as can be solved; None if that is none."""
        equalities = [node for node in terms.topological([terms.bare(choice)]) if node.op in EQUALITIES]
        for start in self.samples.first(1):
            point = meeting(start, [terms.bare(node.args[0] - node.args[1]) for node in equalities])
            if point is not start and self.samples.works(point):
                return point
        return None

    def _differs(self, point: Evaluation, emitted: Term, truth: Term, sides: dict[Term, set[bool]]) -> bool:
        """Whether the text gives another value, or none, at a point where the truth has one; on an edge, or none."""
        strict = point.strictly
        given = strict.get(emitted)
        exact = point.get(truth)
        if exact is None:
            return False
        if given is None:
            if not all(has_value(strict, one) for one in self.value):
                return False  # the function itself fails there, as 0*f(x) does where f has no value
            return (has_value(point, emitted) or point in self.points) and not self.special.is_singular(point)
        for node, found in sides.items():
            side = strict.chosen(node.args[0])
            if side is not None:
                found.add(side)
        if point not in self.points:
            return not self.special.agrees_at(point, terms.bare(emitted), truth)
        scale = scale_of(self.samples.points, truth) if close(given, exact) and not close(given, exact, 0) else 1
        return not close(given, exact, scale) and not rounded(point, terms.bare(emitted), truth)


def reaching(root: Term, choice: Term, side: bool) -> Term:
    """The condition under which one arm of a choice is computed on the way to a term."""
    known: dict[Term, Term] = {}
    for node in terms.topological([root]):
        reached = [known[argument] for argument in node.args]
        if node is choice:
            reached[1 if side else 2] = terms.ONE
        if node.op == "select":
            found = terms.either(reached[0], terms.select(node.args[0], *reached[1:]))
        else:
            found = reduce(terms.either, reached, terms.ZERO)
        known[node] = found
    return known[root]


def _alternatives(condition: Term) -> Iterator[Term]:
    """Those of which one holds where a condition does: `a` and `b if c else 0` where it is `(a or b) if c else a`.

    >>> a, b, c = map(terms.symbol, "abc")
    >>> list(_alternatives(terms.select(c, terms.either(a, b), a)))
    [<Term b if c else 0>, <Term a>]
    """
    stack = [condition]
    while stack:
        node = stack.pop()
        either = node.args[1].args if node.op == "select" and node.args[1].op == "or" else ()
        if node.op == "or":
            stack += node.args
        elif either and node.args[2] in either:
            when, _, other = node.args
            stack += [other, *(terms.select(when, one, terms.ZERO) for one in either if one is not other)]
        else:
            yield node


def _factors(height: Term) -> list[Term]:
    """What has to be 0 where a term is, none of it a number."""
    found: dict[Term, None] = {}
    stack = [height]
    while stack:
        node = stack.pop()
        if node.op in ("mul", "div", "neg", "cell"):
            stack += node.args
        elif node.args or node.op == "symbol":
            found[node] = None
    return list(found)


def _ends(node: Term) -> bool:
    """Whether an operation has no value where its first argument is below 0: a root, a power that is not whole."""
    exponent = terms.number(node.args[1]) if node.op == "pow" else None
    return node.op in ENDING and (exponent is None or exponent.denominator != 1)


def _within_equalities(choices: Iterable[Term]) -> set[Term]:
    """The choices by an equality in an arm where another one holds."""
    arms = [node.args[1 if node.args[0].op == "eq" else 2] for node in choices if node.args[0].op in EQUALITIES]
    inside = (node for arm in arms for node in terms.topological([arm]) if node.op == "select")
    return {node for node in inside if _has_equality(node.args[0])}


def _is_missed(choice: Term, sides: set[bool], inner: Collection[Term]) -> bool:
    """Whether an arm has been met at no point though it may have no value, or is that of several equalities.

    One inside an arm that has not been met is no more than that. Where an arm has a value algebra says which.
    """
    condition, *arms = choice.args
    if choice in inner:
        return len(sides) < 2
    if len(sides) != 1:
        return False
    arm = arms[1 if True in sides else 0]
    if condition.op in terms.LOGIC and _has_equality(condition):
        return True
    return any(_is_partial(node) for node in terms.topological([arm]))


def _has_equality(condition: Term) -> bool:
    return any(node.op in EQUALITIES for node in terms.topological([condition]))


def _is_partial(node: Term) -> bool:
    """Whether an operation may have no value."""
    if node.op == "constant":
        return terms.number(node) is None
    if node.op == "div":
        return terms.number(node.args[1]) is None
    return node.op not in ALWAYS
