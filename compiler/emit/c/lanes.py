"""Blocks of lanes in C: their names, the loop of whole blocks, and what is done lane by lane."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from mgc.compiler.emit.c import vectors
from mgc.compiler.emit.c.expressions import scalar_call
from mgc.compiler.emit.c.filled import set_whole
from mgc.compiler.emit.c.helpers import Helpers
from mgc.compiler.names.names import NamedNest
from mgc.compiler.names.words import take
from mgc.compiler.schedule.lanes.blocks import in_lanes
from mgc.compiler.schedule.loopnest import (
    Apply,
    For,
    If,
    Item,
    Lanes,
    LoopNest,
    expressions,
    parts,
    variables,
    walk,
)
from mgc.compiler.schedule.rows import by_rows
from mgc.compiler.schedule.together import together


def with_lanes(nest: LoopNest, named: NamedNest, searches: int) -> tuple[LoopNest, NamedNest, set[int]]:
    """The nest with its loops in lanes, names for what that brings, and the `Allocate` items that need no first value.

    The first items, `searches`, are left as they are. A number is called as it is where its turn is taken by itself:
    the two stand in blocks of their own.
    """
    by_lanes = in_lanes(by_rows(nest), searches)
    nest = together(by_lanes)
    called, loops, taken = dict(named.variables), dict(named.loops), dict.fromkeys(named.taken)
    for variable in (*variables(by_lanes), *variables(nest)):
        if variable.serial not in called:
            of = called[variable.of] if variable.of is not None else ""
            said = variable.said[0].format(of)
            called[variable.serial] = said if said == of else take(said, taken)
    letters: list[str] = []
    for loop, depth in _new_loops(nest.body, loops, 0):
        while len(letters) <= depth:
            letters.append(take("at_lanes", taken))
        loops[loop.serial] = letters[depth]
    return nest, replace(named, variables=called, loops=loops, taken=tuple(taken)), set_whole(by_lanes.body)


def _new_loops(items: Sequence[Item], known: dict[int, str], depth: int) -> Iterator[tuple[For, int]]:
    for item in items:
        match item:
            case For():
                if item.serial not in known:
                    yield item, depth
                yield from _new_loops(item.body, known, depth + 1)
            case If():
                yield from _new_loops((*item.then, *item.otherwise), known, depth)
            case Lanes():
                yield from _new_loops((*item.block, *item.after), known, depth)


def helpers(nest: LoopNest, known: Helpers) -> None:
    """Have what the blocks call, where there are any; the functions of numbers are there already."""
    blocks = [item for item in walk(nest.body) if isinstance(item, Lanes)]
    if blocks:
        known.have("mgc_lanes", vectors.text(known.real))
    applied = [
        part
        for inner in walk([inner for item in blocks for inner in item.block])
        for part in parts(expressions(inner))
        if isinstance(part, Apply) and part.op.startswith(vectors.PREFIX) and part.op not in vectors.ROWS
    ]
    for part in applied:
        if vectors.called(part) is None:
            function = scalar_call(known.real, part)
            text = vectors.of_lanes(known.real, function, len(part.args), part.dtype == "int")
            known.have(f"mgc_{function}", f"#if MGC_LANES\n{text}\n#endif")
