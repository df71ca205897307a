"""A function -> what a picture of it shows: values, the operations between them, and the calls that they stand in.

What is drawn is the emitted lesson: a statement is an operation, and what it sets a value. A function of a few numbers
has a statement for each of its operations. An array is one value, and so is a number that a loop sets anew each turn.

>>> import mgc
>>> drawn = picture(mgc.loads("def f(x, w):\\n    n = x*w\\n    return tanh(n)\\n").f, "forward")
>>> [(node.kind, node.label) for node in drawn.nodes]
[('value', 'n'), ('operation', '*'), ('argument', 'x'), ('argument', 'w'), ('result', 'out'), ('operation', 'tanh')]
>>> [(drawn.nodes[one.start].label, drawn.nodes[one.end].label) for one in drawn.edges][:3]
[('x', '*'), ('w', '*'), ('*', 'n')]
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from mgc.runtime.see.steps import Step, names, parameters, steps, syntax
from mgc.runtime.subscripts import root_and_indices

if TYPE_CHECKING:
    from mgc.runtime.see.subject import Function

Half = Literal["forward", "backward", "both"]
Kind = Literal["argument", "parameter", "value", "result", "derivative", "operation", "box"]
MOST = 80  # nodes of a picture whose calls are opened unasked, and operations that are all drawn
SIGNS = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "div": "/",
    "pow": "**",
    "neg": "-",
    "mod": "%",
    "floordiv": "//",
    "bound": "index <",
}
LONGEST = 34  # characters of an expression in a node
SHORT = 8  # of one that is told of a closed box


class Box(NamedTuple):
    """A call, a layer or a model around a part of a picture: its name, and the line of the call."""

    name: str
    line: int

    @property
    def label(self) -> str:
        return self.name.rpartition(".")[2]


Boxes = tuple[Box, ...]


class Node(Struct, frozen=True):
    """A value or an operation, or a closed box. `name` is that of the emitted text, `detail` its sizes."""

    kind: Kind
    label: str
    boxes: Boxes = ()
    detail: str = ""
    name: str = ""


class Edge(Struct, frozen=True):
    """From what is read to what reads it; the numbers are places in `Picture.nodes`. `label` names a hidden value."""

    start: int
    end: int
    label: str = ""


class Picture(Struct, frozen=True):
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    title: str
    depth: int


def picture(function: Function, half: Half, depth: int | None = None) -> Picture:
    """A picture of the forward pass, the backward pass, or both; calls deeper than `depth` are closed boxes.

    Without a depth, as deep as there are no more than 80 nodes. Errors: ModelError.
    """
    whole = _whole(function, half)
    deepest = max((len(node.boxes) for node in whole.nodes), default=0)
    if depth is not None:
        return _closed(whole, depth) if depth < deepest else whole
    for known in range(deepest, -1, -1):
        found = whole if known == deepest else _closed(whole, known)
        if len(found.nodes) <= MOST:
            break
    return found


def as_drawn(function: Function) -> Function:
    """The function as a lesson; one of a few numbers alone, with a statement for each operation."""
    info = function.info
    shapes = (*[argument.shape for argument in info.arguments], *info.parameter_shapes)
    if not any(shapes):
        each = function.model.retold("lesson", (info.name,), each_number=True)[info.name]
        if len(steps(each.model, info.emitted_name)) <= MOST:
            return each
    return function.model.retold("lesson", (info.name,))[info.name]


class _Drawing(Struct):
    """What is drawn so far: the place of each node by its key, and what is known of arguments and arrays."""

    given: Mapping[str, Node]
    sizes: Mapping[str, str]  # of what is started before it is filled
    result: frozenset[str]
    known: frozenset[str]  # all that is set or given
    fixed: frozenset[str]  # the places that are made of no value
    nodes: list[Node] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    edges: dict[tuple[int, int], None] = field(default_factory=dict)

    def add(self, key: str, node: Node) -> int:
        if key not in self.places:
            self.places[key] = len(self.nodes)
            self.nodes.append(node)
        return self.places[key]

    def value(self, name: str, step: Step | None) -> int:
        """The node of what is called so, which the step sets; one that nothing sets here is given."""
        if name in self.places:
            return self.places[name]
        if name in self.given or step is None:
            return self.add(name, self.given.get(name, Node("value", name, (), self.sizes.get(name, ""), name)))
        kind: Kind = "derivative" if step.is_backward else "result" if name in self.result else "value"
        return self.add(name, Node(kind, name, _boxes(step), self.sizes.get(name, _turns(step)), name))

    def draw(self, step: Step) -> None:
        """A statement; one that only copies, or adds, is an arrow."""
        said, label = step.statement, _label(step)
        target = self.value(said.name, step)
        end = self.add(f"line {step.line}", Node("operation", label, _boxes(step))) if label else target
        around = [name for header in step.around for name in header.reads if name in self.known]
        for name in dict.fromkeys((*said.reads, *around)):
            if name != said.name and name not in self.fixed:
                self.edges[self.value(name, None), end] = None
        if label:
            self.edges[end, target] = None


def _whole(function: Function, half: Half) -> Picture:
    """The picture with every box open."""
    shown = as_drawn(function)
    name = shown.info.gradient_name or shown.info.emitted_name
    every = steps(shown.model, name)
    filled = {step.statement.name: step.target for step in reversed(every) if not step.statement.starts}
    sizes = {
        step.statement.name: _sizes(step.node.value, filled.get(step.statement.name)) or _turns(step)
        for step in every
        if step.statement.starts
    }
    fixed = {step.statement.name for step in every if _is_fixed(step)}
    shown_half = [step for step in every if half == "both" or step.is_backward == (half == "backward")]
    told = [step for step in shown_half if step.statement.name not in fixed]
    known = given(shown)
    names_known = frozenset([*known, *[step.statement.name for step in every]])
    drawing = _Drawing(known, sizes, frozenset(_results(shown)), names_known, frozenset(fixed))
    for step in told:
        if not step.statement.starts:
            drawing.draw(step)
    edges = tuple(Edge(start, end) for start, end in drawing.edges)
    return Picture(tuple(drawing.nodes), edges, f"{function.info.name}, {half}", 0)


def given(function: Function) -> dict[str, Node]:
    """The arguments and parameters of a function by their emitted names."""
    info = function.info
    found = {
        one.emitted_name: Node("argument", one.name, (), _listed(one.shape), one.emitted_name) for one in info.arguments
    }
    shapes = dict(zip(info.parameters, info.parameter_shapes, strict=True))
    named = parameters(function.model, info.gradient_name or info.emitted_name)
    return found | {name: Node("parameter", full, (), _listed(shapes[full]), name) for name, full in named.items()}


def _results(function: Function) -> tuple[str, ...]:
    """The names that the function of the value returns."""
    return names(syntax(function.model, function.info.emitted_name).body[-1])


def _listed(shape: Sequence[str]) -> str:
    return f"[{', '.join(shape)}]" if shape else ""


def _sizes(value: ast.expr, filled: ast.expr | None) -> str:
    """`[[0.0] * m[row] for row in range(k)]` -> `[k, m[i]]`, where `filled` is the entry `a[i][j]` that is set."""
    indices = [ast.unparse(index) for index in root_and_indices(filled)[1]] if filled else []
    sizes: list[str] = []
    called: dict[str, str] = {}  # the rows of the array's start, by the index in what fills it
    while isinstance(value, ast.ListComp):
        runs = value.generators[0]
        sizes.append(ast.unparse(runs.iter.args[-1]) if isinstance(runs.iter, ast.Call) else "")
        called |= dict(zip(names(runs.target), indices[len(sizes) - 1 :], strict=False))
        value = value.elt
    if not isinstance(value, ast.BinOp):
        return ""
    sizes.append(ast.unparse(value.right))
    return _listed([re.sub(r"\w+", lambda word: called.get(word[0], word[0]), size) for size in sizes])


def _is_fixed(step: Step) -> bool:
    """Whether it is a place that numbers and loops alone say, such as that of `x[0]`: it is made of no value."""
    value = step.node.value
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "element" and not step.statement.reads


def _boxes(step: Step) -> Boxes:
    return tuple(Box(call.name, call.span.line) for call in step.statement.origin.calls)


def _turns(step: Step) -> str:
    """Of a number that loops set anew: in which turns."""
    return f"each {', '.join(step.loops)}" if step.loops and not isinstance(step.target, ast.Subscript) else ""


def _label(step: Step) -> str:
    """The operation of a statement: its sign, its name or an expression, and what adds it up; nothing for a copy."""
    value = step.node.value
    copied = isinstance(value, ast.Name | ast.Subscript) or (isinstance(value, ast.Constant) and step.is_backward)
    if step.statement.operation:
        said = " ".join(SIGNS.get(part, part) for part in step.statement.operation.split())
    else:
        said = "" if copied else ast.unparse(value)
    if isinstance(step.node, ast.AugAssign):
        sums = [name for name in step.loops if name not in names(step.target)] and not step.is_backward
        sign = {ast.Add: "Σ" if sums else "", ast.Sub: "-", ast.Mult: "Π"}.get(type(step.node.op), "")
        said = f"{sign} {'' if copied else said}".strip()
    elif step.code.startswith("if "):  # a value that is the largest so far
        said = "max" if " > " in step.code else "min"
    conditions = [header.condition for header in step.around if header.condition]
    said = " ".join([said, *conditions]).strip()
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


def _closed(whole: Picture, depth: int) -> Picture:
    """The picture with what stands deeper than that in closed boxes, and what only they read inside them."""
    nodes: list[Node] = []
    places: dict[Box | int, int] = {}
    inside: dict[int, list[Node]] = {}
    for place, node in enumerate(whole.nodes):
        key: Box | int = node.boxes[depth] if len(node.boxes) > depth else place
        if key not in places:
            places[key] = len(nodes)
            nodes.append(Node("box", key.label, node.boxes[:depth]) if isinstance(key, Box) else node)
        if isinstance(key, Box):
            inside.setdefault(places[key], []).append(node)
        places[place] = places[key]
    for key, place in places.items():
        if isinstance(key, Box):
            nodes[place] = replace(nodes[place], detail=_content(key, inside[place], whole.nodes))
    return replace(whole, nodes=tuple(nodes), edges=tuple(_moved(whole, places)), depth=depth)


def _content(box: Box, inside: Sequence[Node], nodes: Sequence[Node]) -> str:
    """What is in a closed box: `W[16, 2], b[16]: 2 operations (Σ *, +)`."""
    prefix = f"{box.name}."
    own = [
        node.label.removeprefix(prefix) + node.detail
        for node in nodes
        if node.kind == "parameter" and node.label.startswith(prefix)
    ]
    done = [node.label for node in inside if node.kind == "operation"]
    short = list(dict.fromkeys(label for label in done if len(label) <= SHORT))
    said = f"{len(done)} operation{'s' * (len(done) != 1)}" + (f" ({', '.join(short[:4])})" if short else "")
    return f"{', '.join([*own[:4], *['…'] * (len(own) > 4)])}: {said}" if own else said


def _moved(whole: Picture, places: Mapping[Box | int, int]) -> Iterator[Edge]:
    """The edges between what is left; one that leaves a box has the name of the value that it carries."""
    found: dict[tuple[int, int], list[str]] = {}
    for edge in whole.edges:
        start, end = places[edge.start], places[edge.end]
        if start != end:
            carried = whole.nodes[edge.start]
            said = found.setdefault((start, end), [])
            said += [carried.label] if carried.kind == "value" and sum(p == start for p in places.values()) > 2 else []
    for (start, end), said in found.items():
        yield Edge(start, end, ", ".join(dict.fromkeys(said)))
