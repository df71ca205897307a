"""A function on its way to text: its graphs, their loop nests, and the names of all that is in these."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from mgc.compiler.graph.graph import Graph
from mgc.compiler.language.library import Declared
from mgc.compiler.lower.lower import Lowered
from mgc.compiler.names.names import NamedNest
from mgc.compiler.schedule.loopnest import LoopNest

Body = Callable[[Declared], NamedNest]  # the loop nest of an operation's body


class Compiled(Struct, frozen=True):
    """A function on its way: the graph of its value and, where it has a derivative, that of value and adjoints.

    `nests` and `named` belong to these graphs, and are empty where the pipeline stopped before. `required` checks what
    the function requires of its inputs, if anything.
    """

    lowered: Lowered
    graphs: tuple[Graph, ...]
    nests: tuple[LoopNest, ...] = ()
    named: tuple[NamedNest, ...] = ()
    required: NamedNest | None = None

    @property
    def value(self) -> Graph:
        return self.graphs[0]

    @property
    def derivative(self) -> Graph | None:
        return self.graphs[1] if len(self.graphs) > 1 else None
