"""Arms of derivatives, which random points may not enter -> a point in each, at which CPython is called.

>>> x, y = terms.symbol("x"), terms.symbol("y")
>>> slope = terms.select(terms.both(x * x > 900, y < -31), x, y)
>>> found = list(inside([slope], [Evaluation({"x": mpf(1), "y": mpf(2)})], []))
>>> [bool(point.value(slope.args[0])) for point in found]
[True, False]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.certificate import SMALL
from mgc.compiler.verify.equal import domain
from mgc.compiler.verify.equal.arms import reaching
from mgc.compiler.verify.equal.edges import roots, zeros
from mgc.compiler.verify.equal.points import SPECIAL
from mgc.compiler.verify.equal.required import holds, moved
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term


def inside(slopes: Sequence[Term], known: Sequence[Evaluation], required: Sequence[Term]) -> Iterator[Evaluation]:
    """A point in each arm of the slopes, where one is found: one of those that are known, or one that is moved."""
    source = Random(0)
    for condition in _ways(slopes):
        point = next((one for one in known if holds(one, condition)), None)
        if point is not None:
            yield point
        elif known and len(list(terms.topological([condition]))) <= SMALL:
            start = {name: float(value) for name, value in known[0].point.items()}
            found = moved(start, [condition, *required], source)
            if found is not None:
                yield Evaluation({name: mpf(value) for name, value in found.items()})


def poles(slopes: Sequence[Term], values: Sequence[Term], known: Sequence[Evaluation]) -> Iterator[Evaluation]:
    """The doubles nearest to the poles of slopes that are none of the function."""
    own = set(terms.topological(values))
    nodes = [node for node in terms.topological(slopes) if node not in own]
    singular = (pole for node in nodes for pole in (*domain.poles(node), *domain.ends(node)))
    for height in list(dict.fromkeys(zero for pole in singular for zero in zeros(pole)))[:SPECIAL]:
        for name, point in roots(height, known[:1]):
            yield Evaluation({**point.point, name: mpf(float(point.point[name]))})


def _ways(slopes: Sequence[Term]) -> list[Term]:
    """The conditions under which the arms are taken."""
    found: dict[Term, list[Term]] = {}
    for slope in slopes:
        for node in terms.topological([slope]) if len(found) < SPECIAL else ():
            if node.op == "select" and node not in found:
                found[node] = [reaching(slope, node, side) for side in (True, False)]
    return [condition for both in found.values() for condition in both if condition.op != "constant"]
