"""The lines of a function -> a drawing of what its values are made of: a node for each, arrows to what reads it.

>>> import mgc
>>> from mgc.runtime.explain.code import code
>>> f = mgc.loads("def f(x, w):\\n    n = x*w\\n    return exp(n)\\n", style="lesson").f
>>> drawn = graph(f, code(f))
>>> [(node.name, node.role, node.formula, node.derivative) for node in drawn.nodes[1:]]
[('w', 'argument', '', 'dw'), ('n', 'value', 'x * w', 'dn'), ('out', 'result', 'exp(n)', 'dout')]
>>> [(arrow.start, arrow.end) for arrow in drawn.arrows]
[('x', 'n'), ('w', 'n'), ('n', 'out')]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from mgc.runtime.explain.code import Code, CodeLine
from mgc.runtime.explain.layout import Box, Edge, layout
from mgc.runtime.model import Function

HEIGHT = 58.0
WIDEST = 26  # characters of a formula in a node
_WIDTHS = 7.0, 92.0, 132.0, 20.0  # of a character, of the narrowest number and array, around the text

Role = Literal["argument", "parameter", "value", "result"]


class Node(Struct, frozen=True):
    """A value: a number, or an array of a `shape`. `derivative` is the variable of the derivative by it, if any."""

    name: str
    role: Role
    shape: tuple[str, ...]
    said: str
    formula: str
    sources: tuple[int, ...]
    key: str
    derivative: str | None
    box: Box


class Arrow(Struct, frozen=True):
    start: str
    end: str
    points: tuple[tuple[float, float], ...]


class Graph(Struct, frozen=True):
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    width: float
    height: float


class _Value(Struct, frozen=True):
    name: str
    role: Role
    shape: tuple[str, ...]
    said: str
    lines: tuple[CodeLine, ...]

    @property
    def formula(self) -> str:
        """What it is set to, if that is one short statement."""
        whole = [line for line in self.lines if line.reads and not line.loops]
        if len(self.lines) != 1 or not whole:
            return ""
        right = whole[0].text.partition(" = ")[2].split("  #")[0]
        return right if len(right) <= WIDEST and not right.endswith("(") else ""


def graph(function: Function, code: Code) -> Graph:
    """The values of the forward pass, from the inputs to the result."""
    lines = [line for line in code.lines if line.kind == "statement" and line.section == "forward"]
    filled = [line for line in lines if line.reads]  # a line that reads nothing may only start what others fill
    made = dict.fromkeys(line.sets for line in (*filled, *lines) if line.sets)
    by = {name: line.sets for line in reversed(code.lines) if line.kind == "statement" for name in reversed(line.by)}
    read = {name for line in code.lines for name in (*line.reads, *[place.name for place in line.places])}
    read |= set(code.results)
    values = {value.name: value for value in _inputs(function, code) if value.name in read}
    for name in made:
        own = tuple([line for line in lines if line.sets == name])
        role: Role = "result" if name in code.results else "value"
        values[str(name)] = _Value(str(name), role, _axes(own), str(name), own)
    order = {name: place for place, name in enumerate(values)}
    edges = sorted(_edges(code, lines, order), key=lambda edge: (order[edge[0]], order[edge[1]]))
    widths = {name: _width(value) for name, value in values.items()}
    drawn = layout(widths, edges, HEIGHT)
    nodes = tuple([_node(value, by.get(name), drawn.boxes[name]) for name, value in values.items()])
    arrows = tuple([Arrow(*edge, drawn.paths[edge]) for edge in edges])
    return Graph(nodes, arrows, drawn.width, drawn.height)


def local_names(function: Function, code: Code) -> dict[str, str]:
    """What each input is called in the emitted text, by the name that a caller knows."""
    found = {argument.name: argument.emitted_name for argument in function.info.arguments}
    for line in code.lines:
        for dotted in function.info.parameters:
            if line.section == "start" and line.text.strip().endswith(f'= params["{dotted}"]'):
                found[dotted] = line.text.split("=")[0].strip()
    return found


def _inputs(function: Function, code: Code) -> Iterator[_Value]:
    info, local = function.info, local_names(function, code)
    for argument in info.arguments:
        yield _Value(argument.emitted_name, "argument", argument.shape, argument.name, ())
    for name, shape in zip(info.parameters, info.parameter_shapes, strict=True):
        if name in local:
            yield _Value(local[name], "parameter", shape, name, ())


def _axes(lines: Sequence[CodeLine]) -> tuple[str, ...]:
    """The indices at which an array is set."""
    at = [place.at for line in lines for place in line.places if place.sets and place.at]
    return tuple(index if isinstance(index, str) else "·" for index in at[-1]) if at else ()


def _edges(code: Code, lines: Sequence[CodeLine], order: dict[str, int]) -> set[Edge]:
    """From each value to those that its statement, or a branch or a loop around that, reads it for."""
    blocks = [line for line in code.lines if line.kind in ("branch", "loop")]
    found = set[Edge]()
    for line in lines:
        around = [block for block in blocks if block.number < line.number <= block.end]
        asked = [place.name for block in around for place in block.places]
        for name in (*line.reads, *asked):
            if line.sets and order.get(name, len(order)) < order[line.sets]:
                found.add((name, line.sets))
    return found


def _width(value: _Value) -> float:
    per, number, array, around = _WIDTHS
    head = value.name + (f"[{', '.join(value.shape)}]" if value.shape else "")
    return max(array if value.shape else number, per * max(len(head), len(value.formula)) + around)


def _node(value: _Value, derivative: str | None, box: Box) -> Node:
    sources = tuple(dict.fromkeys(source for line in value.lines for source in line.sources[:1]))
    key = value.lines[-1].key if value.lines else ""
    return Node(value.name, value.role, value.shape, value.said, value.formula, sources, key, derivative, box)
