"""The numbers that a right backward half may compute: adjoints, contributions to them, and what these are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mpmath import mp  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.proof.adjoints import Adjoints
from mgc.compiler.proof.algebra import terms
from mgc.compiler.proof.algebra.terms import Term
from mgc.compiler.proof.instances import Instance
from mgc.compiler.proof.numeric import Evaluation
from mgc.compiler.proof.telling.point_values import Known

PATHS = 16  # products along paths from the result that are followed to one variable


def right_values(instance: Instance, adjoints: Adjoints, points: Sequence[Evaluation]) -> tuple[Known, Known]:
    """What flows, a contribution or one path's share of it; and with it all that is computed on the way."""
    known, every = Known(points), Known(points)
    flowing = [product for parts in adjoints.contributions.values() for _, product in parts]
    every.add(terms.topological([*instance.again, *flowing]))
    known.add([*instance.seeds, *flowing])
    known.add([terms.ONE])
    known.add([adjoints.of(node) for node in adjoints.contributions])
    shares = [_shares(instance, adjoints, point) for point in points]
    for node in adjoints.contributions:
        columns = [share.get(node, []) for share in shares]
        for numbers in zip(*columns, strict=False):
            known.add_values(tuple(None if one is None else float(one) for one in numbers))
    every.add_known(known)
    return known, every


def whole_values(instance: Instance, adjoints: Adjoints, points: Sequence[Evaluation]) -> Known:
    """Adjoints and contributions, without the share of single paths."""
    known = Known(points)
    known.add([*instance.seeds, *(product for parts in adjoints.contributions.values() for _, product in parts)])
    known.add([adjoints.of(node) for node in adjoints.contributions])
    return known


def _shares(instance: Instance, adjoints: Adjoints, point: Evaluation) -> dict[Term, list[Any]]:
    """For each node what single paths from the results contribute to its adjoint."""
    found: dict[Term, list[Any]] = {}
    computed = dict.fromkeys(reversed(list(terms.topological(instance.again))))
    outputs = [node for node in adjoints.contributions if node not in computed]
    for node in (*outputs, *(node for node in computed if node in adjoints.contributions)):
        shares: list[Any] = []
        for reader, product in adjoints.contributions[node]:
            whole, above = point.get(product), point.get(adjoints.of(reader))
            shares.append(whole)
            if whole is not None and above and reader in found:
                with mp.workdps(point.digits):
                    shares += [None if one is None else one * whole / above for one in found[reader]]
        found[node] = shares[:PATHS]
    return found
