"""How large a term is when it is written out, without the cells that its text shares.

>>> x = terms.symbol("x")
>>> tree_size(x * x + 1, 10), tree_size(x * x + 1, 1)
(2, 2)
"""

from __future__ import annotations

from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term


def without_cells(term: Term, largest: int) -> Term | None:
    """The term with every cell replaced by what it holds; None where written out it would be too large."""
    return terms.bare(term) if tree_size(term, largest) <= largest else None


def tree_size(term: Term, largest: int) -> int:
    """How many operations a term has when it is written out; of a larger one than `largest`, one more than that."""
    sizes: dict[Term, int] = {}
    for node in terms.topological([term]):
        own = node.op not in ("cell", "constant", "symbol")
        sizes[node] = own + sum(sizes[argument] for argument in node.args)
        if sizes[node] > largest:  # so is all that is made of it
            return largest + 1
    return sizes[term]
