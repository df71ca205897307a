"""The true derivative of a traced computation, statement by statement: cells -> adjoints.

adjoint(v) = sum over the statements r that read v of adjoint(r) * d r / d v, each local derivative by `derivatives`.
Statements of one form are differentiated once. The result is linear in the code that was run.
Source: Griewank and Walther, Evaluating Derivatives (2008), section 3.2.

>>> x = terms.symbol("x")
>>> y = terms.cell(x * x, "y", 1, 1)
>>> found = Adjoints([(y + x, terms.ONE)], {x})
>>> str(found.of(x))
'1 + 2*x'
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache

from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.terms import Term

CHOICES = frozenset({"max", "min"})


class Adjoints:
    """Adjoints of everything that results depend on, and the contribution of each reader to them."""

    def __init__(
        self,
        results: Sequence[tuple[Term, Term]],
        variables: Collection[Term],
        is_zero: Callable[[Term, Sequence[Term]], bool] = lambda adjoint, compared: False,
        share: derivatives.Share = "as written",
    ) -> None:
        """`results`: terms and their own adjoints. Errors: symbolic.Untranslated.

        `is_zero` is asked for the adjoint of a max, and told what that compares: often the contributions cancel there
        (the shift of a logsumexp), and what does not flow need not be followed.
        """
        self._share = share
        self.contributions: dict[Term, list[tuple[Term, Term]]] = {}
        self._known: dict[Term, Term] = {}
        outputs = [terms.intern("cell", (term,), ("result", 0, -1 - place)) for place, (term, _) in enumerate(results)]
        for output, (_, seed) in zip(outputs, results, strict=True):
            self.contributions[output] = [(output, seed)]
        order = list(terms.topological(outputs))
        self._active = _depending(order, variables, derivatives.flowing)
        for node in reversed(order):
            if node.op == "cell" and node in self._active:
                self._spread(node, is_zero)

    def of(self, node: Term) -> Term:
        """The adjoint of a cell or symbol; zero of one that nothing reads."""
        if node not in self._known:
            total: Term | None = None
            for _, contribution in self.contributions.get(node, ()):
                total = contribution if total is None else total + contribution
            self._known[node] = total if total is not None else terms.ZERO
        return self._known[node]

    def _spread(self, node: Term, is_zero: Callable[[Term, Sequence[Term]], bool]) -> None:
        adjoint = self.of(node)
        several = node.args[0].op in CHOICES and len(self.contributions.get(node, ())) > 1
        if several and is_zero(adjoint, _statement(node).args):
            adjoint = self._known[node] = terms.ZERO
        if adjoint is terms.ZERO:
            return
        statement = _statement(node)
        is_of_loop = statement is not node.args[0] and self._share == "as written"
        for leaf, local in local_derivatives(statement, self._active, "equal" if is_of_loop else self._share):
            if local is not terms.ZERO:
                product = local if adjoint is terms.ONE else adjoint if local is terms.ONE else adjoint * local
                self.contributions.setdefault(leaf, []).append((node, product))


def local_derivatives(
    statement: Term, active: Collection[Term], share: derivatives.Share = "as written"
) -> list[tuple[Term, Term]]:
    """d statement / d v for every cell or symbol v that it reads and that is differentiated."""
    if statement.op in ("cell", "symbol"):
        return [(statement, terms.ONE)] if statement in active else []
    read = leaves(statement)
    holes = {leaf: _hole(place) for place, leaf in enumerate(read)}
    filled = {hole: leaf for leaf, hole in holes.items()}
    form = derivatives.substituted(statement, holes)
    found = []
    differentiated = frozenset(_hole(place) for place, leaf in enumerate(read) if leaf in active)
    for place, leaf in enumerate(read):
        if leaf in active:
            local = derivatives.derivative(form, _hole(place), differentiated, share)
            if local.args or local.op == "symbol":
                local = filled[local] if local in filled else derivatives.substituted(local, filled)
            found.append((leaf, local))
    return found


def _statement(node: Term) -> Term:
    """What a cell's statement computes; of a maximum over a loop, the maximum of all that its turns compared.

    Each turn stores, on one line and under one name, the larger of one more value and of what the turn before stored.
    """
    inner = node.args[0]
    if inner.op not in CHOICES:
        return inner
    *compared, rest = inner.args
    while rest.op == "cell" and rest.payload[:2] == node.payload[:2] and rest.args[0].op == inner.op:  # type: ignore[index]
        compared.append(rest.args[0].args[0])
        rest = rest.args[0].args[1]
    return terms.function(inner.op, *compared, rest)


@cache
def _hole(place: int) -> Term:
    return terms.symbol(f"v {place}")


def leaves(statement: Term) -> list[Term]:
    """The cells and symbols that a statement reads, in the order in which it names them."""
    found: dict[Term, None] = {}
    seen: set[Term] = set()
    stack = [statement]
    while stack:
        node = stack.pop()
        if node.op == "cell" or node.op == "symbol":
            found[node] = None
        elif node not in seen:
            seen.add(node)
            stack += reversed(node.args)
    return list(found)


def within(node: Term) -> tuple[Term, ...]:
    return () if node.op == "cell" else node.args


def _depending(
    order: Iterable[Term], variables: Collection[Term], arguments: Callable[[Term], Sequence[Term]]
) -> set[Term]:
    """Everything that depends on the variables by way of the given arguments: those that a derivative can flow to."""
    active = set(variables)
    for node in order:
        if not active.isdisjoint(arguments(node)):
            active.add(node)
    return active
