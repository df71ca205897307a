"""A layered drawing, nodes and edges -> places: each node right of what it is made of, with few crossings.

>>> placed = layout({"x": 40, "n": 40, "out": 40}, [("x", "n"), ("n", "out")], height=20)
>>> [(name, box.x, box.y) for name, box in placed.boxes.items()]
[('x', 0.0, 0.0), ('n', 84.0, 0.0), ('out', 168.0, 0.0)]

Longest paths give the layers, inputs stand just before what reads them first, and the nodes of a layer are ordered by
the mean place of their neighbours, back and forth (Sugiyama, Tagawa and Toda 1981).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

GAP_X, GAP_Y = 44.0, 14.0
SWEEPS = 8
Edge = tuple[str, str]


class Box(Struct, frozen=True):
    x: float
    y: float
    width: float
    height: float


class Layout(Struct, frozen=True):
    """`paths` are the points that each edge passes, from the right of one box to the left of another."""

    boxes: Mapping[str, Box]
    paths: Mapping[Edge, tuple[tuple[float, float], ...]]
    width: float
    height: float


def layout(widths: Mapping[str, float], edges: Sequence[Edge], height: float) -> Layout:
    """Where nodes of these widths stand; the edges, which make no circle, lead from left to right."""
    layers = _layers(widths, edges)
    chains = {edge: _chain(edge, layers) for edge in edges}
    columns = _columns(layers, chains)
    pairs = [pair for chain in chains.values() for pair in pairwise(chain)]
    for sweep in range(SWEEPS):
        _order(columns, pairs, forwards=sweep % 2 == 0)
    rows = _rows(columns, pairs, layers, height)
    lefts = _lefts(columns, widths)
    boxes = {name: Box(lefts[layers[name]][0], rows[name], widths[name], height) for name in widths}
    paths = {edge: _path(edge, chains[edge], boxes, rows, lefts, layers, height) for edge in edges}
    right = max([box.x + box.width for box in boxes.values()], default=0.0)
    bottom = max([row + (0.0 if " > " in name else height) for name, row in rows.items()], default=0.0)
    return Layout(boxes, paths, right, bottom)


def _layers(names: Iterable[str], edges: Sequence[Edge]) -> dict[str, int]:
    """The column of each node: after all that lead to it; one that nothing leads to stands before its first reader."""
    before, after = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for start, end in edges:
        before[end].append(start)
        after[start].append(end)
    found: dict[str, int] = {}
    waiting = list(names)
    while waiting:
        ready = [name for name in waiting if all(one in found for one in before[name])]
        assert ready, "the edges make a circle"
        for name in ready:
            found[name] = max((found[one] + 1 for one in before[name]), default=0)
        waiting = [name for name in waiting if name not in found]
    for name in found:
        if not before[name] and after[name]:
            found[name] = min(found[one] for one in after[name]) - 1
    return found


def _chain(edge: Edge, layers: dict[str, int]) -> list[str]:
    """The nodes of an edge, with one that is not drawn in each column that it crosses."""
    start, end = edge
    crossed = [f"{start} > {end} {layer}" for layer in range(layers[start] + 1, layers[end])]
    for place, name in enumerate(crossed):
        layers[name] = layers[start] + 1 + place
    return [start, *crossed, end]


def _columns(layers: Mapping[str, int], chains: Mapping[Edge, Sequence[str]]) -> list[list[str]]:
    columns: list[list[str]] = [[] for _ in range(max(layers.values(), default=-1) + 1)]
    placed = dict.fromkeys(name for chain in chains.values() for name in chain)
    for name in [*placed, *[name for name in layers if name not in placed]]:
        columns[layers[name]].append(name)
    return columns


def _order(columns: list[list[str]], pairs: Sequence[Edge], forwards: bool) -> None:
    """Order each column by where its neighbours stand in the one before (or after) it."""
    near = defaultdict[str, list[str]](list)
    for left, right in pairs:
        near[right if forwards else left].append(left if forwards else right)
    for column in columns if forwards else reversed(columns):
        place = {name: number for one in columns for number, name in enumerate(one)}
        mean = {name: _mean([place[one] for one in near[name]], place[name]) for name in column}
        column.sort(key=lambda name: mean[name])


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def _rows(
    columns: Sequence[Sequence[str]], pairs: Sequence[Edge], layers: Mapping[str, int], height: float
) -> dict[str, float]:
    """How far down each node stands: as near to its neighbours as those above it allow."""
    near = defaultdict[str, list[str]](list)
    for left, right in pairs:
        near[left].append(right)
        near[right].append(left)
    step = {name: (6.0 if " > " in name else height) + GAP_Y for name in layers}
    rows: dict[str, float] = {}
    for column in columns:
        down = 0.0
        for name in column:
            rows[name] = down
            down += step[name]
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 else reversed(columns):
            wanted = [_mean([rows[one] for one in near[name]], rows[name]) for name in column]
            rows.update(zip(column, _apart(wanted, [step[name] for name in column]), strict=True))
    top = min(rows.values(), default=0.0)
    return {name: row - top for name, row in rows.items()}


def _apart(wanted: Sequence[float], steps: Sequence[float]) -> list[float]:
    """Rows near the wanted ones, in order, none nearer to the next than its step."""
    down: list[float] = []
    for place, row in enumerate(wanted):
        down.append(max(row, down[-1] + steps[place - 1]) if down else row)
    up: list[float] = []
    for place in reversed(range(len(wanted))):
        up.append(min(wanted[place], up[-1] - steps[place]) if up else wanted[place])
    up.reverse()
    return [(a + b) / 2 for a, b in zip(down, up, strict=True)]


def _lefts(columns: Sequence[Sequence[str]], widths: Mapping[str, float]) -> list[tuple[float, float]]:
    """Where each column begins and ends."""
    found, here = [], 0.0
    for column in columns:
        width = max([widths.get(name, 0.0) for name in column], default=0.0)
        found.append((here, here + width))
        here += width + GAP_X
    return found


def _path(
    edge: Edge,
    chain: Sequence[str],
    boxes: Mapping[str, Box],
    rows: Mapping[str, float],
    lefts: Sequence[tuple[float, float]],
    layers: Mapping[str, int],
    height: float,
) -> tuple[tuple[float, float], ...]:
    start, end = boxes[edge[0]], boxes[edge[1]]
    points = [(start.x + start.width, start.y + height / 2)]
    if len(chain) > 2 or start.x + start.width < lefts[layers[edge[0]]][1]:
        points.append((lefts[layers[edge[0]]][1], start.y + height / 2))
    for name in chain[1:-1]:
        left, right = lefts[layers[name]]
        points += [(left, rows[name] + 3), (right, rows[name] + 3)]
    return (*points, (end.x, end.y + height / 2))
