"""Adjoints of arrays: what is read at some indices is added to at these indices."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Sequence

from mgc.compiler.gradient.guarded import accumulate, domain_of, sum_over, summed
from mgc.compiler.graph.builder import Builder, flat_place, stored_sizes
from mgc.compiler.graph.nodes import Adjoint, Node, ScatterLayout, axis_order, pack_shape

Contribution = tuple[Node, tuple[Node, ...]]  # an adjoint, and the indices at which it is added
DENSE = 4  # an adjoint with fewer elements than this for each that is read is written out element by element
MANY = 1 << 60  # elements of an array whose size is not known


def collect(build: Builder, array: Node, found: list[Contribution], adjoints: dict[Node, list[Node]]) -> None:
    """Make one adjoint of all that is read of a stored value, where it stands and elsewhere."""
    if not found:
        return
    array, found = _varying(build, array, found)
    body, axes = array.args[0], array.args[1:]
    whole = adjoints[body]
    if not axes:
        whole += [sum_over(build, [axis for axis in term.axes if axis not in body.axes], term) for term, _ in found]
        return
    if whole and set(axes) <= set(body.axes):
        found = [(accumulate(build, whole), axes), *found]
        whole.clear()
    term = build.read(_scattered(build, array, found), *axes)
    domain = tuple(sorted({*axes, *array.axes, *domain_of([body])}, key=axis_order))
    whole.append(summed(build, term, domain, body))


def _varying(build: Builder, array: Node, found: list[Contribution]) -> tuple[Node, list[Contribution]]:
    """The array and its reads along the axes on which its elements differ: along others all add to one."""
    body = array.args[0]
    varying = [axis in body.axes for axis in array.args[1:]]
    if all(varying):
        return array, found
    reads: list[Contribution] = []
    for term, indices in found:
        kept = tuple(itertools.compress(indices, varying))
        known = {*domain_of([term, *kept]), *array.axes}
        reads.append((sum_over(build, [axis for axis in domain_of(indices) if axis not in known], term), kept))
    return build.make("array", (body, *itertools.compress(array.args[1:], varying))), reads


def through_pack(
    build: Builder, source: Node, found: list[Contribution], active: set[Node], adjoints: dict[Node, list[Node]]
) -> None:
    """Hand the adjoint of an array literal on to its elements."""
    total = _scattered(build, source, found)
    build.adjoints.append(Adjoint(total, source))
    for indices, element in zip(places(build, source), source.args, strict=True):
        if element in active:
            term = build.read(total, *indices)
            adjoints[element].append(summed(build, term, source.axes, element))


def places(build: Builder, pack: Node) -> list[tuple[Node, ...]]:
    """The indices of an array literal's elements, in order."""
    ranges = [range(size) for size in pack_shape(pack)]
    return [tuple(build.integer(place) for place in places) for places in itertools.product(*ranges)]


def _scattered(build: Builder, source: Node, found: list[Contribution]) -> Node:
    """The adjoint of a source: an array to which every read of the source adds its own adjoint."""
    dimensions = _dimensions(build, source)
    if len(found) == 1:
        adjoint, indices = found[0]
        domain = domain_of([adjoint, *indices])
        if covers(indices, dimensions) and not any(axis in indices for axis in source.axes):
            extra = [axis for axis in domain if axis not in indices and axis not in source.axes]
            return build.array(sum_over(build, extra, adjoint), indices)
    count = math.prod(size.attribute if isinstance(size.attribute, int) else MANY for size in dimensions)
    listed = all(index.op == "const" for _, indices in found for index in indices)
    if not source.axes and listed and count <= DENSE * len(found):
        return _packed(build, found, dimensions)
    flat = [part for adjoint, indices in found for part in (adjoint, *indices)]
    layout = ScatterLayout(len(dimensions), len(source.axes))
    return build.make("scatter", (*dimensions, *source.axes, *flat), layout, "float")


def _packed(build: Builder, found: list[Contribution], dimensions: tuple[Node, ...]) -> Node:
    """The adjoint of a source whose elements are read one by one, element by element."""
    sizes = tuple(int(size.attribute) for size in dimensions if isinstance(size.attribute, int))
    terms: dict[int, list[Node]] = defaultdict(list)
    for adjoint, indices in found:
        terms[flat_place(indices, sizes)].append(sum_over(build, adjoint.axes, adjoint))
    elements = [accumulate(build, terms[place]) for place in range(math.prod(sizes))]
    return build.make("pack", tuple(elements), sizes, "float")


def _dimensions(build: Builder, source: Node) -> tuple[Node, ...]:
    return source.args if source.op == "input" else stored_sizes(build, source)


def covers(indices: Sequence[Node], dimensions: Sequence[Node]) -> bool:
    """Whether the indices are axes of their own that run over the whole array."""
    return len(set(indices)) == len(indices) and all(
        index.op == "index" and index.args[0].attribute == 0 and index.args[1] is size
        for index, size in zip(indices, dimensions, strict=True)
    )


def of_input(
    build: Builder, node: Node, adjoints: dict[Node, list[Node]], stored: dict[Node, list[Contribution]]
) -> Node | None:
    if not node.args:
        return accumulate(build, adjoints[node]) if adjoints[node] else None
    return _scattered(build, node, stored[node]) if stored[node] else None
