"""A function on its way to text: the graphs of its value and derivative, and the loop nest of one."""

from __future__ import annotations

from dataclasses import dataclass

from mgc.compiler.graph import control
from mgc.compiler.graph.graph import Graph
from mgc.compiler.language.program import Program, error
from mgc.compiler.lower.lower import Lowered
from mgc.compiler.schedule import placement
from mgc.compiler.schedule.loopnest import LoopNest
from mgc.compiler.schedule.schedule import schedule


@dataclass(frozen=True, slots=True)
class Compiled:
    """A function on its way: its value's graph and, where it has a derivative, the graph of value and adjoints."""

    lowered: Lowered
    value: Graph
    derivative: Graph | None


def loop_nest(program: Program, lowered: Lowered, graph: Graph) -> LoopNest:
    """The schedule of a function's graph. Errors: ModelError."""
    try:
        return schedule(graph)
    except (control.TooDeep, RecursionError):
        limit = f"limits: {placement.MAX_LOOPS} loops, {control.MAX_BRANCHES} branches"
        raise error(program.main, lowered.function.span, "loops or branches are nested too deeply", limit) from None
