"""A picture of a function -> Graphviz, from left to right: boxes for values, rounded ones for operations.

Colours are those of Okabe and Ito (2008), which colour-blind people tell apart; text is dark on light nodes, and what
stands on the page itself is of a grey that reads on white and on black.

>>> import mgc
>>> drawing = draw(mgc.loads("def f(x): return x*x").f, "forward", [3.0])
>>> "x | data 3 | grad 6" in drawing.source
True
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from mgc.grammar.diagnostics import DataError, printable
from mgc.runtime.conversion import Nested, flat, shape_of
from mgc.runtime.files import write_atomically
from mgc.runtime.see.events import events_of
from mgc.runtime.see.picture import Box, Half, Kind, Node, Picture, as_drawn, given, picture

if TYPE_CHECKING:
    from graphviz import Digraph

    from mgc.runtime.see.subject import Function

FORMATS = ("svg", "png", "dot")
GREY = "#7f7f7f"
FILLS: Mapping[Kind, tuple[str, str]] = {  # the light inside, and the colour itself around it
    "argument": ("#d5edfa", "#56b4e9"),
    "parameter": ("#fae7bf", "#e69f00"),
    "value": ("#ffffff", GREY),
    "result": ("#bfe7dc", "#009e73"),
    "derivative": ("#f5d7bf", "#d55e00"),
    "operation": ("#fbf8d0", "#c8bd1f"),
    "box": ("#f2dee9", "#cc79a7"),
}
FEW = 4  # numbers of an array that are written out
_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\{}|<>"})  # of Graphviz's records
HELP = "drawing needs Graphviz: its program dot (apt install graphviz, brew install graphviz, or graphviz.org/download)"


class Numbers(Struct, frozen=True):
    """What a value holds, and the derivative of the result by it, where these are known."""

    data: Nested | None = None
    grad: Nested | None = None


class Drawing:
    """A picture of a function; a notebook shows it. `source` is its text in Graphviz's language."""

    def __init__(self, shown: Picture, numbers: Mapping[str, Numbers]) -> None:
        """Errors: DataError where the package graphviz is not installed."""
        self.picture = shown
        self._digraph = _digraph(shown, numbers)

    @property
    def source(self) -> str:
        text: str = self._digraph.source
        return text

    def render(self, kind: str) -> bytes:
        """The picture as "svg" or "png", or its source as "dot". Errors: DataError without the program dot."""
        check_format(kind)
        if kind == "dot":
            return self.source.encode()
        if shutil.which("dot") is None:
            raise DataError(HELP)
        found: bytes = self._digraph.pipe(format=kind)
        return found

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture; the end of the name says as what. Errors: DataError."""
        write_atomically(path, self.render(Path(path).suffix.removeprefix(".")))

    def _repr_svg_(self) -> str | None:
        return None if shutil.which("dot") is None else self.render("svg").decode()

    def __repr__(self) -> str:
        return f"<Drawing of {self.picture.title}: {len(self.picture.nodes)} nodes>"


def check_format(kind: str) -> None:
    """Refuse what no picture is, before it is drawn. Errors: DataError."""
    if kind not in FORMATS:
        raise DataError(f"a picture is svg, png or dot, not {printable(kind) or 'a file without an ending'}")


def draw(function: Function, half: Half, bound: Sequence[object] | None = None, depth: int | None = None) -> Drawing:
    """A drawing of a function, with the numbers of a run where `bound` has arguments. Errors: DataError, ModelError."""
    function = function.model.emitted[function.info.name]
    shown = picture(function, half, depth)
    return Drawing(shown, {} if bound is None else numbers_at(function, bound))


def numbers_at(function: Function, bound: Sequence[object]) -> dict[str, Numbers]:
    """What each emitted name of a drawn function holds at a point; numbers that a loop sets anew are left out."""
    function.model.check_branches(function.info.emitted_name, bound)
    shown = as_drawn(function)
    info = shown.info
    data: dict[str, object] = {}
    by: dict[str, str] = {}
    for event in events_of(shown, bound):
        said = event.step.statement
        if not event.element and (not event.step.loops or said.name in data):
            data[said.name] = event.value
        by |= {value: said.name for value in (said.by, *said.also_by) if value is not None}
    params = bound[0] if info.parameters else {}
    assert isinstance(params, Mapping)
    data |= {one.emitted_name: bound[place] for place, one in enumerate(info.arguments, bool(info.parameters))}
    data |= {name: params[node.label] for name, node in given(shown).items() if node.kind == "parameter"}
    numbers = cast("dict[str, Nested]", data)
    return {name: Numbers(value, numbers.get(by.get(name, ""))) for name, value in numbers.items()}


def _digraph(shown: Picture, numbers: Mapping[str, Numbers]) -> Digraph:
    try:
        from graphviz import Digraph
    except ImportError:
        raise DataError("drawing needs the package graphviz: pip install 'mgc[draw]'") from None
    font = {"fontname": "Helvetica", "fontsize": "11"}
    graph = Digraph(
        name=shown.title,
        graph_attr={
            "rankdir": "LR",
            "bgcolor": "transparent",
            "fontcolor": GREY,
            "color": GREY,
            "nodesep": "0.15",
            "ranksep": "0.3",
            **font,
        },
        node_attr={"shape": "record", "style": "filled", "fontcolor": "black", "height": "0.3", **font},
        edge_attr={"color": GREY, "fontcolor": GREY, "arrowsize": "0.6", **font},
    )
    _fill(graph, shown, numbers, ())
    for edge in shown.edges:
        graph.edge(str(edge.start), str(edge.end), label=_plain(edge.label))
    return graph


def _fill(graph: Digraph, shown: Picture, numbers: Mapping[str, Numbers], around: tuple[Box, ...]) -> None:
    """The nodes that stand in these boxes and no other, and the boxes inside."""
    inner: dict[Box, None] = {}
    for place, node in enumerate(shown.nodes):
        if node.boxes == around:
            inside, border = FILLS[node.kind]
            shape = {"shape": "box", "style": "filled,rounded"} if node.kind == "operation" else {}
            label = _label(node, numbers.get(node.name))
            graph.node(str(place), label=label, fillcolor=inside, color=border, **shape)
        elif node.boxes[: len(around)] == around:
            inner[node.boxes[len(around)]] = None
    for number, box in enumerate(inner):
        with graph.subgraph(name=f"cluster_{'_'.join(str(b.line) for b in around)}_{number}_{box.line}") as part:
            part.attr(label=_plain(box.label), style="rounded", labeljust="l", color=FILLS["box"][1], penwidth="1.5")
            _fill(part, shown, numbers, (*around, box))


def _label(node: Node, numbers: Numbers | None) -> str:
    if node.kind == "operation":
        return _plain(node.label)
    parts = [f"{node.label}{node.detail}" if node.detail.startswith("[") else node.label]
    parts += [node.detail] if node.detail and not node.detail.startswith("[") else []
    if numbers is not None:
        parts += _spelt("data", numbers.data) if node.kind != "derivative" else _spelt("", numbers.data)
        parts += _spelt("grad", numbers.grad)
    return " | ".join(part.translate(_SPECIAL) for part in parts)


def _plain(text: str) -> str:
    r"""Text in which Graphviz sees no escape: a backslash is its own."""
    return text.replace("\\", "\\\\")


def _spelt(what: str, value: Nested | None) -> Iterator[str]:
    """`data 0.7071`; of an array its numbers, or how far they reach."""
    if value is None:
        return
    numbers = list(flat(value))
    said = ", ".join(f"{number:.4g}" for number in numbers)
    if len(numbers) > FEW:
        said = f"{min(numbers):.4g} … {max(numbers):.4g}"
    yield f"{what} {said}".strip() if numbers else f"{what} of shape {list(shape_of(value))}".strip()
