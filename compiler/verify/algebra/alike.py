"""Whether two terms are the same but for the order and the grouping of their sums, without any other algebra.

>>> from mgc.compiler.verify.terms import terms
>>> x, y, z = map(terms.symbol, "xyz")
>>> Alike()(z * ((x + y) + z), (y + (z + x)) * z)
True
"""

from __future__ import annotations

from mgc.compiler.verify.terms.terms import Term

COMMUTATIVE = frozenset({"add", "mul", "max", "min", "eq", "ne"})
DEEPEST = 8  # operations above the sums that differ
LONGEST = 100  # summands


class Alike:
    """Answers for pairs of terms without cells, each found once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Term, Term], bool] = {}

    def __call__(self, a: Term, b: Term, depth: int = DEEPEST) -> bool:
        """False says nothing: another algebra may still find them equal."""
        if a is b:
            return True
        if a.op != b.op or len(a.args) != len(b.args) or not a.args or not depth:
            return False
        found = self._known.get((a, b))
        if found is None:
            found = self._known[a, b] = self._same(a, b, depth - 1)
        return found

    def _same(self, a: Term, b: Term, depth: int) -> bool:
        if a.op == "add":
            ours, theirs = _summands(a), _summands(b)
            if ours is not None and ours == theirs:
                return True
        if a.payload != b.payload:
            return False
        if all(self(x, y, depth) for x, y in zip(a.args, b.args, strict=True)):
            return True
        crossed = a.op in COMMUTATIVE and len(a.args) == 2
        return crossed and self(a.args[0], b.args[1], depth) and self(a.args[1], b.args[0], depth)


def _summands(total: Term) -> list[int] | None:
    """The serial numbers of what is added up, sorted; None where that is long."""
    found: list[int] = []
    stack = [total]
    while stack:
        node = stack.pop()
        if node.op == "add":
            stack += node.args
        else:
            found.append(node.serial)
        if len(found) + len(stack) > LONGEST:
            return None
    return sorted(found)
