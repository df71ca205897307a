"""Two large terms -> two small ones: what both compute, and compare or choose by, becomes a symbol.

If those are equal for every value of the new symbols, the large ones are equal. The converse does not hold: where the
small ones differ, nothing is known.

>>> x, y = terms.symbol("x"), terms.symbol("y")
>>> a = terms.select(x + y > 1, x * 2, 0)
>>> b = terms.select(terms.negation(y + x <= 1), x + x, 0)
>>> [str(one) for one in generalised(Space(), a, b)]
['x*2 if shared 0 > 1 else 0', '0 if shared 0 <= 1 else x + x']
"""

from __future__ import annotations

from mgc.compiler.verify.algebra.monomials import Monomial
from mgc.compiler.verify.algebra.normal import normal
from mgc.compiler.verify.algebra.polynomials import Space, TooLarge
from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.terms import Term

SUMS = frozenset({"add", "sub"})
CHOOSING = terms.COMPARISONS | {"max", "min"}
Key = frozenset[tuple[Monomial, object]]


def generalised(space: Space, a: Term, b: Term) -> tuple[Term, Term]:
    """The two terms with a symbol for each sum that both compare; terms without cells."""
    ours, theirs = _compared_sums(space, a), _compared_sums(space, b)
    common = [key for key in ours if key in theirs]
    values = {}
    for place, key in enumerate(common):
        fresh = terms.symbol(f"shared {place}")
        values.update(dict.fromkeys((*ours[key], *theirs[key]), fresh))
    return derivatives.substituted(a, values), derivatives.substituted(b, values)


def _compared_sums(space: Space, term: Term) -> dict[Key, list[Term]]:
    """The sums that a term compares or takes the largest of, by their normal form."""
    found: dict[Key, dict[Term, None]] = {}
    for node in terms.topological([term]):
        for argument in node.args if node.op in CHOOSING else ():
            if argument.op in SUMS:
                try:
                    key: Key = frozenset(normal(space, argument).items())
                except (TooLarge, ZeroDivisionError, derivatives.Untranslated):
                    continue
                found.setdefault(key, {})[argument] = None
    return {key: list(nodes) for key, nodes in found.items()}
