"""Whether emitted derivatives are the true ones, at concrete sizes: traced instance -> a claim for each variable.

Three methods, the strongest that settles it: `sympy.diff` of the whole expression where it is small and smooth; the
certificate, each statement differentiated and summed over its readers, which is linear in the code; and exact
evaluation at random points to 50 digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, reduce

from msgspec import Struct, field
from msgspec.structs import replace

from mgc.compiler.verify import clock
from mgc.compiler.verify.equal.adjoints import Adjoints
from mgc.compiler.verify.equal.deciding import Residues, Settled, on_edge
from mgc.compiler.verify.equal.domain import Domain, Unguarded, ends
from mgc.compiler.verify.equal.edges import of_domains, on_both_sides
from mgc.compiler.verify.equal.points import NO_POINT, POINTS, SPECIAL, Samples, both_values, close, nowhere
from mgc.compiler.verify.equal.required import parts
from mgc.compiler.verify.equal.special import SpecialPoints
from mgc.compiler.verify.equal.subgradients import Subgradients
from mgc.compiler.verify.findings import Status
from mgc.compiler.verify.pasted import call_at
from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.derivatives import without_cells
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.instances import Instance
from mgc.compiler.verify.trace.values import Stored

VALUES = "algebra"
SAME = "the same expression"
ON_A_KINK = "differs on a kink"
WHOLE = "sympy.diff of the whole"
STATEMENTS = "sympy.diff of each statement"
UNKNOWN = "a function of no known meaning"
NOWHERE = "there an operation has no derivative, as sqrt has none at 0"
LARGE = 300  # statements from which on equal forms are evaluated at two points
SMALL = 120  # operations of an expression that is differentiated as a whole
ON_EACH = 0.75  # of the work: on the claims one by one; what is left over shows all of them at points, and numbers
UNDECIDED = (ZeroDivisionError, derivatives.Untranslated)


class Claim(Struct):
    """`truth` is the symbolic derivative (None where it could not be formed), `emitted` that of the text. Of a value,
    which is by no variable, `variable` is 1."""

    name: str
    variable: Term
    status: Status
    method: str
    emitted: Term
    truth: Term | None


class Prover(Struct, dict=True):
    """The residues and the points of one instance, shared by all of its claims."""

    instance: Instance
    samples: Samples
    deadline: float  # by `clock.now`: after it no algebra is tried
    residues: Residues = field(default_factory=Residues)
    adjoints: Adjoints | None = None
    first: bool = False  # whether one false claim is enough
    _never: dict[Term, bool] = field(default_factory=dict)

    def claims(self) -> list[Claim]:
        """One for each variable that the derivative's function returns something for."""
        outputs = list(zip(self.instance.again, self.instance.seeds, strict=False))
        try:
            self.adjoints = Adjoints(outputs, set(self.instance.variables()), self._is_zero)
            pairs = [pair for of_name in self.instance.gradients.values() for pair in of_name]
            emitted = {one: terms.bare(self.domain.within(slope)) for one, slope in pairs}
            told = [(one, slope, terms.bare(self.adjoints.of(one))) for one, slope in emitted.items()]
            self.special.subgradients = Subgradients(self.instance.value, told)
        except derivatives.Untranslated:
            self.adjoints = None
        settled = self._settled()
        if self.first and _any_false(settled):
            return settled
        found = self.on_both_sides(settled, self.instance.stored)
        truths = [claim.truth for claim in found]
        statements = self.instance.stored, self.instance.plain
        failing = self.special.failing(*statements, truths, self._crossings)
        if failing is not None:
            signature, line, at = self.instance.signature, failing[0], call_at(self.instance, failing[1])
            said = f"{signature.derivative} fails where {signature.name} has a value: line {line}, at {at}"
            self.instance.misshapen.append(said)
        return found

    def _settled(self) -> list[Claim]:
        """The claims, first those that differ at a point: what is false is said also where the time ends before all."""
        whole = self._small_whole()
        pairs = [(name, *pair) for name, of_name in self.instance.gradients.items() for pair in of_name]

        def settle(place: int) -> Claim:
            nonlocal whole
            claim = self._claim(*pairs[place], whole)
            if claim.method != WHOLE:
                whole = None  # what does not settle one of them costs much, and seldom settles another
            return claim

        places = self._in_turn([pair[1:] for pair in pairs])
        found = self.one_by_one(places, settle)
        if _any_false(found.values()):
            return [found[place] for place in sorted(found)]
        return [found.get(place) or self.at_points(*one, self._truth(one[1])) for place, one in enumerate(pairs)]

    def one_by_one(self, places: Iterable[int], settle: Callable[[int], Claim]) -> dict[int, Claim]:
        """Claims by their places, as many as there is work for; one that is false may be enough."""
        found: dict[int, Claim] = {}
        try:
            with clock.until(clock.now() + clock.left() * ON_EACH):
                for place in places:
                    found[place] = settle(place)
                    if (self.first or clock.now() > self.deadline) and _any_false(found.values()):
                        break
        except clock.OutOfWork as end:
            if isinstance(end, clock.OutOfTime) and not _any_false(found.values()):
                raise
        return found

    def at_points(self, name: str, variable: Term, emitted: Term, truth: Term | None) -> Claim:
        """A claim for which there is no more work than that of the points at which all are evaluated."""
        if truth is None:
            return Claim(name, variable, "not checked", UNKNOWN, emitted, None)
        compared = terms.bare(emitted), terms.bare(truth)
        status, method = self.samples.compare(*compared, self.tried, self.special.is_singular)
        return Claim(name, variable, status, method, emitted, truth)

    def _in_turn(self, pairs: Sequence[tuple[Term, Term]]) -> Iterator[int]:
        """The places of variables and their derivatives, first of those that differ at a point."""
        agreeing = []
        for place, pair in enumerate(pairs):
            if self._agrees(*pair):
                agreeing.append(place)
            else:
                yield place
        yield from agreeing

    def on_both_sides(self, claims: list[Claim], stored: Iterable[Stored] = ()) -> list[Claim]:
        """The claims, held also on both sides of the edges that they and what is stored have; of a large text as they
        are."""
        if len(self.instance.stored) > LARGE or 0 in self.instance.sizes.values():
            return claims
        value = self.instance.value
        computed = [*(claim.emitted for claim in claims), *(one.cell for one in stored)]
        truths = [claim.truth for claim in claims if claim.truth is not None]
        points = self.special.ordinary = list(self.samples.first(self.tried))
        own = [height for node in terms.topological(map(terms.bare, [*value, *truths])) for height in ends(node)]
        ending = on_both_sides(of_domains(value, computed), self.samples, points)
        may_end = any(not any(self.is_zero(height - one) for one in own) for height in ending)
        return [self._beside_edges(claim, may_end) for claim in claims]

    def _beside_edges(self, claim: Claim, may_end: bool) -> Claim:
        """A claim, held on both sides of edges; `may_end`: the text may have no value where no point was found."""
        if claim.status not in ("proved", "tested") or claim.truth is None:
            return claim
        emitted = self.domain.within(claim.emitted)
        others = self._where_constants_share(emitted, claim.variable)
        unmet = (self.special.unmet(emitted, terms.bare(truth)) for truth in (claim.truth, *others))
        ways = next((found for found in unmet if found is not None), None)
        if ways is None:
            return replace(claim, status="false", method="differs at a point")
        if claim.status == "proved" and (may_end or not all(map(self.is_never, ways))):
            return replace(claim, status="tested", method=f"{claim.method}, an arm or an edge at no point")
        return claim

    def is_zero(self, term: Term) -> bool:
        """Whether it is shown that a term is 0 everywhere."""
        return self.residues.settle(term, terms.ZERO).verdict == "zero"

    def is_never(self, condition: Term) -> bool:
        """Whether it is shown that a condition holds nowhere that the function has a value, and takes its arguments."""
        if condition not in self._never:  # several derivatives come to an arm in the same way
            there = terms.bare(self.domain.within(terms.bare(condition)))
            within = (terms.both(there, fact) for fact in (terms.ONE, *self.domain.of_choices))
            self._never[condition] = any(self.is_zero(derivatives.substituted(one, self._positive)) for one in within)
        return self._never[condition]

    @cached_property
    def _positive(self) -> dict[Term, Term]:
        """For each symbol that is required to be positive an exponential: what is positive is one."""
        stated = [part for condition in self.instance.required for part in parts(condition)]
        pairs = [one.args if one.op == "gt" else one.args[::-1] for one in stated if one.op in ("gt", "lt")]
        return {one: terms.function("exp", one) for one, other in pairs if one.op == "symbol" and other is terms.ZERO}

    def _agrees(self, variable: Term, emitted: Term) -> bool:
        """Whether a derivative is the true one at the first points, where it is evaluated anyway."""
        if self.adjoints is None:
            return True
        a, b = terms.bare(emitted), terms.bare(self.adjoints.of(variable))
        if self.residues.equal(a, b):
            return True
        found = (both_values(point, a, b) for point in self.samples.first(self.tried))
        return all(values is None or close(*values) for values in found)

    @property
    def _crossings(self) -> int:
        """How many points of the lattice are tried. Of nothing what is hoisted out of loops may fail anywhere."""
        if 0 in self.instance.sizes.values():
            return 0
        return SPECIAL if len(self.instance.stored) <= LARGE else 2

    @property
    def is_small(self) -> bool:
        """Whether a sum or a product may be a constant at these sizes, as it is not in general."""
        return self.instance.idle or min(self.instance.sizes.values(), default=2) <= 1

    @property
    def tried(self) -> int:
        """At how many points equal forms are evaluated, too."""
        return POINTS if len(self.instance.stored) <= LARGE else 2

    def _is_zero(self, term: Term, compared: Sequence[Term]) -> bool:
        """As the numbers are that a max compares, or, where that is not enough, whatever they are."""
        if self.is_zero(term):  # most of which is known from others
            return True
        given = dict.fromkeys(map(terms.bare, compared))
        any_numbers = {one: terms.symbol(f"compared {place}") for place, one in enumerate(given)}
        return self.is_zero(derivatives.substituted(terms.bare(term), any_numbers))

    def equal(self, a: Term, b: Term) -> tuple[Status, str]:
        """Whether two terms are the same function."""
        if terms.bare(a) is terms.bare(b):
            return "proved", SAME
        return self.compared(a, b, VALUES)

    def _small_whole(self) -> Term | None:
        """sum(adjoint * result) as one expression without cells, where that is small."""
        pairs = zip(self.instance.again, self.instance.seeds, strict=False)
        return without_cells(sum((seed * result for result, seed in pairs), terms.ZERO), SMALL)

    def _truth(self, variable: Term) -> Term | None:
        return self.adjoints.of(variable) if self.adjoints is not None else None

    def _claim(self, name: str, variable: Term, emitted: Term, whole: Term | None) -> Claim:
        truth = self._truth(variable)
        if whole is not None:
            try:
                complete = derivatives.of_whole(whole, variable)
                status, method = self.compared(emitted, complete, WHOLE)
                if status == "proved" or truth is None:
                    truth = complete if truth is None else truth
                    return Claim(name, variable, status, method, emitted, truth)
            except UNDECIDED:
                pass
        if truth is None:  # of nothing it may have none: 0**(1/r) has no logarithm
            return Claim(name, variable, "not checked", NO_POINT if self.is_small else UNKNOWN, emitted, None)
        status, method = self.compared(emitted, truth, STATEMENTS)
        if status == "false" and method.startswith(ON_A_KINK):
            for other in self._where_constants_share(emitted, variable):
                again, how = self.compared(emitted, other, STATEMENTS)
                if again != "false":
                    return Claim(name, variable, again, how, emitted, other)
        return Claim(name, variable, status, method, emitted, truth)

    def _where_constants_share(self, emitted: Term, variable: Term) -> Iterator[Term]:
        """The derivatives where a constant takes its share of a tie: at these sizes it is one, in general perhaps not.

        Where it stands for several, the truth is between that and the one in which it takes all.
        """
        if variable.op == "symbol" and (self.is_small or self.instance.sided or self.instance.tied):
            equal, whole = (adjoints.of(variable) for adjoints in self._constants_sharing)
            yield equal
            if self.instance.tied:
                yield _between(terms.bare(emitted), equal, whole)

    @cached_property
    def _constants_sharing(self) -> tuple[Adjoints, Adjoints]:
        outputs = list(zip(self.instance.again, self.instance.seeds, strict=False))
        variables = set(self.instance.variables())
        equal = Adjoints(outputs, variables, self._is_zero, "equal")
        return equal, Adjoints(outputs, variables, self._is_zero, "whole")

    def compared(self, emitted: Term, truth: Term, method: str) -> tuple[Status, str]:
        emitted, truth = terms.bare(self.domain.within(emitted)), terms.bare(truth)
        plain = self.unguarded.of(emitted)
        spared = nowhere if method == VALUES else self.special.is_singular
        if emitted is truth or plain is truth:
            return "proved", method
        if clock.now() < self.deadline:
            same = self.residues.equal(plain, truth)
            if self.samples.counterexample(emitted, truth, self.tried if same else POINTS, spared) is not None:
                return "false", "differs at a point"  # as where the algebra itself is mistaken
            settled = self.residues.settle(plain, truth)
            if settled.verdict == "zero":
                return self._on_lattice(emitted, truth, method)
            if settled.verdict == "zero off kinks":
                return self._on_kinks(emitted, truth, method, settled)
        status, said = self.samples.compare(emitted, truth, spared=spared)
        of_nothing = 0 in self.instance.sizes.values()
        if (
            status == "tested"
            and not of_nothing
            and not self.special.agree(emitted, truth, max(SPECIAL // 2, self._crossings), edges=True)
        ):
            return "false", ON_A_KINK
        return status, said

    def _on_kinks(self, emitted: Term, truth: Term, method: str, settled: Settled) -> tuple[Status, str]:
        """What is equal off kinks, on them."""
        if method != VALUES and 0 in self.instance.sizes.values():
            return "proved", method  # of nothing a sum is a constant here, which takes a tie whole
        if not self.special.agree(emitted, truth, self._crossings):
            return "false", ON_A_KINK
        accepted = {heights: self._accepted_on(heights, emitted, truth) for heights in settled.edges}
        refused = [heights for heights, is_right in accepted.items() if is_right is False]
        if refused and not self.special.agree(emitted, truth, self._crossings, edges=True):
            return "false", f"{ON_A_KINK}, {', '.join(f'{height} = 0' for height in refused[0])}"
        return ("proved", method) if all(accepted.values()) else ("tested", f"{method}, kinks at points")

    def _accepted_on(self, heights: Sequence[Term], emitted: Term, truth: Term) -> bool | None:
        """Whether what is emitted is right where some terms are 0; None where no point is found, nor algebra tells."""
        accepted = self.special.accepts_on(heights, emitted, truth)
        if accepted is None and self.is_never(reduce(terms.both, [terms.equal(height, 0) for height in heights])):
            return True  # no arguments that the function takes lie there
        if accepted is None and len(heights) == 1:
            there = on_edge(self.residues, heights[0], emitted, truth)
            return True if there is not None and self.residues.settle(*there).verdict != "open" else None
        return accepted

    def _on_lattice(self, emitted: Term, truth: Term, method: str) -> tuple[Status, str]:
        """What is equal wherever both have a value may still have none where the other has."""
        agreed = self.special.agree(emitted, truth, self._crossings)
        return ("proved", method) if agreed else ("false", ON_A_KINK)

    @cached_property
    def domain(self) -> Domain:
        """What holds wherever the function has a value."""
        return Domain(self.instance.value)

    @cached_property
    def unguarded(self) -> Unguarded:
        """What takes the guards of IEEE code for what they are."""
        return Unguarded(self.instance.value)

    @cached_property
    def special(self) -> SpecialPoints:
        """Zeros, ties, bounds and edges."""
        slopes = [slope for pairs in self.instance.gradients.values() for _, slope in pairs]
        instance = self.instance
        return SpecialPoints(self.samples, instance.value, instance.computed(), slopes, self.unguarded, self.is_small)

    @property
    def is_nowhere(self) -> bool:
        """Whether the function has a value at no point that was tried, at sizes of 0 or 1."""
        return self.is_small and not self.samples.first(1)

    @property
    def undefined(self) -> str:
        """Why the function has no derivative anywhere at these sizes, as the root of a variance of one number has none;
        empty where it has one."""
        if self.is_nowhere:
            return "there it has a value at no point that was tried"
        if len(self.instance.stored) > LARGE:
            return ""
        points = self.samples.points
        return NOWHERE if points and all(map(self.special.is_singular, points)) else ""


def _between(emitted: Term, one: Term, other: Term) -> Term:
    """What is emitted where that is between two others, else the nearer one of these."""
    low, high = terms.make("min", one, other), terms.make("max", one, other)
    return terms.make("max", low, terms.make("min", emitted, high))


def _any_false(claims: Iterable[Claim]) -> bool:
    return any(claim.status == "false" for claim in claims)
