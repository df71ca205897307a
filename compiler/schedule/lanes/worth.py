"""Whether a loop is sooner done several turns at once: the work that lanes share out, beside what they do one by one.

Weights are rough, in additions of two numbers; a loop whose length nobody knows counts as eight turns.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from mgc.compiler.schedule.lanes.facts import Facts
from mgc.compiler.schedule.lanes.values import NUMBERS, PREFIX, is_address
from mgc.compiler.schedule.loopnest import (
    Apply,
    Assign,
    Expression,
    For,
    If,
    Item,
    Number,
    Scatter,
    Update,
    expressions,
    parts,
)

TURNS = 8
_PLAIN = frozenset("add sub mul neg div relu max min abs sqrt not and or select pow checked".split())
_OF_LANES = frozenset(
    ["each", "index", "load", "real", "address", "behind 1", "behind 2", "max extremum", "min extremum"]
)
_FUNCTION = 10.0
_VECTOR_FUNCTION = 4.0  # for each lane; where there are no vector mathematics nothing is gained, nor lost
_LANE_BY_LANE = {"lanes strided": 1.5, "lanes gather": 3.0, "lanes pick": 3.0, "lanes total": 1.0}
_SCATTERED = 3.0
_SHARED = 0.25  # of what one instruction does for all lanes


def cost_of_turn(facts: Facts) -> float:
    """What a turn costs by itself."""
    return _cost(facts.loop.body, in_lanes=False)


def cost_in_lanes(block: Iterable[Item]) -> float:
    """What a turn costs in a block."""
    return _cost(block, in_lanes=True)


def turns(loop: For) -> float:
    if isinstance(loop.start, Number) and isinstance(loop.stop, Number):
        return max(0.0, math.ceil((loop.stop.value - loop.start.value) / loop.step))
    return TURNS


def _cost(items: Iterable[Item], in_lanes: bool) -> float:
    total = 0.0
    for item in items:
        total += sum([_part(part, in_lanes) for part in parts(expressions(item))])
        if isinstance(item, Assign | Update):
            total += _SHARED if in_lanes else 1.0
        elif isinstance(item, Scatter):
            total += _SHARED if is_address(item.at) else _SCATTERED
        elif isinstance(item, For):
            total += turns(item) * _cost(item.body, in_lanes)
        elif isinstance(item, If):
            total += _cost((*item.then, *item.otherwise), in_lanes)
    return total


def _part(part: Expression, in_lanes: bool) -> float:
    if not isinstance(part, Apply) or part.op == "lanes mask":
        return 0.0
    op = part.op.removeprefix(PREFIX)
    if part.op in _LANE_BY_LANE:
        return _LANE_BY_LANE[part.op]
    shared = _SHARED if in_lanes else 1.0
    if op in _PLAIN or op in _OF_LANES or part.dtype == "bool" or part.op in NUMBERS:
        return shared
    return _VECTOR_FUNCTION if in_lanes and part.op.startswith(PREFIX) else _FUNCTION
