"""In which order a lesson is told, statements -> their turns: forward as the source has it, then backward.

What the graph keeps is told in the order in which it was made, and what is added to an adjoint in the opposite order of
the values that read it. What has no name is told with its first reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mgc.compiler.graph.graph import Graph
from mgc.compiler.graph.nodes import Node
from mgc.compiler.schedule.statements import Turn, Work


def take_turns(graph: Graph, works: Sequence[Work], readers: Mapping[Node, Sequence[Work]]) -> None:
    """Give each statement, in order, its turn; statements of different turns share no loop."""
    for work in reversed(works):
        later = [reader.turn for reader in readers.get(work.node, ()) if reader.turn]
        work.turn = _own(work) if work.step or work.node in graph.kept or not later else min(later)
    for work in works:
        work.turn = max([work.turn, *[wait.work.turn for wait in work.after]])


def _own(work: Work) -> Turn:
    if work.step is not None:
        return True, -work.step.statement
    return work.node.origin.section == "backward", work.node.serial
