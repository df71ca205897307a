"""A graph -> `.mg` text that `mg.py` reads back: a value a line, in the order in which they were made.

A value that is read once and has no name of its author's is written where it is read, if that keeps the order.

>>> from mgc.compiler.graph.builder import Builder
>>> build = Builder()
>>> n = build.size("n")
>>> x = build.make("input", (n,), "x", "float")
>>> i = build.axis("i", build.integer(0), n)
>>> norm = build.reduce("sum", [i], build.make("pow", (build.read(x, i), build.integer(2))))
>>> print(spell(Graph(build, "f", (Input(x, "x", "argument", None, None),), (norm,), names={norm: "norm"})), end="")
def f(x[n]):
    i = range(n)
    norm = sum(x[i]**2 for i)
    return norm
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, count

from msgspec import Struct, field

from mgc.compiler.graph.graph import Graph, Input, topological_order
from mgc.compiler.graph.nodes import (
    AxisName,
    Node,
    ScatterLayout,
    axis_order,
    contributions,
    dtype_of,
    pack_shape,
    serial,
)
from mgc.compiler.language.signs import BINARY, COMPARE
from mgc.grammar.lexer import is_reserved
from mgc.grammar.spelling import format_expression
from mgc.grammar.tree import (
    ArrayLiteral,
    Binary,
    Call,
    Clause,
    Comparison,
    Comprehension,
    Conditional,
    Expression,
    Index,
    Logical,
    Name,
    Number,
    Reduction,
    Span,
    Unary,
)

UNNAMED = re.compile(r"t_\d+")
REPEATED = re.compile(r"__\d+$")
INSTANCE = re.compile(r"(?<!_)__(?=[^\W\d_])")
MAX_WRITTEN = 12  # nodes of an expression: what is larger is written in parts
_AT = Span(1, 1, 1, 1)
_LABELLED = frozenset({"index", "array", "pack", "scatter"})
_OF_SIZES = frozenset({"add", "sub", "mul", "exactdiv"})


def spell(graph: Graph) -> str:
    """The graph as `.mg`, but for its hints, derivatives, layouts and steps, and for where its values come from.

    A name with two underscores of its author's, which would be read as that of an instance, is left out.
    """
    return "".join(f"{line}\n" for line in _Speller(graph, frozenset(graph.names) | graph.kept).lines())


class _Speller(Struct):
    """What is written so far: labels of values, and the expressions that wait to be read, in order."""

    graph: Graph
    named: frozenset[Node]
    labels: dict[Node, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=lambda: {"inf", "nan"})
    waiting: list[Node] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    places: dict[Node, int] = field(default_factory=dict)  # of the axes in loop order, where it is not that of the text

    def lines(self) -> Iterator[str]:
        graph = self.graph
        order = topological_order([*graph.roots(), *[given.node for given in graph.inputs]])
        self.taken |= {str(node.attribute) for node in order if node.op == "size"}
        yield self.header()
        axes = sorted([node for node in order if node.op == "index"], key=self.is_ragged)
        if axes != sorted(axes, key=axis_order):
            self.places = {axis: place for place, axis in enumerate(sorted(axes, key=axis_order), 1)}
        uses = Counter(argument for node in order for argument in node.args)
        uses.update(dict.fromkeys(graph.roots(), 2))
        first = [axis for axis in axes if not self.is_ragged(axis)]
        sizes = topological_order([size for given in graph.inputs for size in given.sizes])
        for node in dict.fromkeys([*sizes, *first, *order]):
            if node.op != "input" and not self.is_plain(node):
                self.add(node, uses[node])
        self.flush()
        yield from self.written
        yield f"    return {', '.join(self.result())}"

    def header(self) -> str:
        arguments = []
        for given in self.graph.inputs:
            if given.kind == "argument":
                arguments.append(self.argument(given))
        for given in self.graph.inputs:
            if given.kind != "argument":
                path = str(given.node.attribute).removeprefix("params.").removeprefix("adjoint.").split(".")
                self.labels[given.node] = label = self.free(path[-1])
                kind = _call(given.kind, *[Name(part, _AT) for part in path])
                self.written.append(f"    {label} = {format_expression(self.with_sizes(kind, given))}")
        return f"def {self.graph.name}({', '.join(arguments)}):"

    def argument(self, given: Input) -> str:
        self.labels[given.node] = given.name
        self.taken.add(given.name)
        text = format_expression(self.with_sizes(Name(given.name, _AT), given))
        text += ": int" if given.node.dtype == "int" else ""
        return text if given.default is None else f"{text} = {given.default!r}"

    def with_sizes(self, name: Expression, given: Input) -> Expression:
        return Index(name, tuple(map(self.tree, given.sizes)), _AT) if given.sizes else name

    def result(self) -> Iterator[str]:
        yield from (format_expression(self.tree(output)) for output in self.graph.outputs)
        for given, adjoint in self.graph.gradients:
            parts = [given.node] if adjoint is None else [given.node, adjoint]
            yield format_expression(_call("grad", *map(self.tree, parts)))
        kept = [node for node in sorted(self.graph.kept, key=serial) if node in self.labels]
        yield from (format_expression(_call("kept", self.tree(node))) for node in kept)

    def add(self, node: Node, uses: int) -> None:
        """Have a node written, or wait to be written where it is read."""
        mine = [argument for argument in node.args if argument not in self.labels and not self.is_plain(argument)]
        if mine and mine == self.waiting[-len(mine) :]:
            del self.waiting[-len(mine) :]
        elif mine:
            self.flush()
        if node.op in _LABELLED or node in self.named or uses != 1 or _written(node, self.labels) > MAX_WRITTEN:
            self.flush()
            self.write(node)
        else:
            self.waiting.append(node)

    def is_plain(self, node: Node) -> bool:
        """Whether a node is written wherever it is read, as often as it is."""
        return _is_of_sizes(node) and node not in self.named

    def is_ragged(self, axis: Node) -> bool:
        """Whether an axis runs over more than sizes and arguments: all others are written first."""
        return not all(end.op == "input" or self.is_plain(end) for end in axis.args)

    def flush(self) -> None:
        waiting, self.waiting = self.waiting, []
        for node in waiting:
            self.write(node)

    def write(self, node: Node) -> None:
        """A line for a node."""
        text = format_expression(self.operation(node))
        name = self.graph.names.get(node)
        if isinstance(node.attribute, AxisName):
            name = node.attribute.name or None
        if name is not None and name_of(f"{name.replace('.', '__')}__2") != name:
            name = None
        label = self.free(name) if name is not None else self.take(f"t_{number}" for number in self.numbers)
        self.labels[node] = label
        self.written.append(f"    {label} = {text}")

    def free(self, name: str) -> str:
        """The author's name, numbered where it would be read as another."""
        label = name.replace(".", "__")
        plain = not (is_reserved(label) or UNNAMED.fullmatch(label) or REPEATED.search(label))
        numbered = (f"{label}__{number}" for number in count(2))
        return self.take(chain([label] if plain else [], numbered))

    def take(self, labels: Iterator[str]) -> str:
        label = next(label for label in labels if label not in self.taken)
        self.taken.add(label)
        return label

    def tree(self, node: Node) -> Expression:
        """What reads a node where it is an argument."""
        return Name(self.labels[node], _AT) if node in self.labels else self.operation(node)

    def operation(self, node: Node) -> Expression:
        """What makes a node."""
        tree = self.shape(node)
        if node.op in ("pack", "reduce", "array") and node.dtype != dtype_of(node.op, node.args):
            return _call(node.dtype, tree)
        return tree

    def shape(self, node: Node) -> Expression:
        match node.op:
            case "const":
                return _constant(node)
            case "size":
                return Name(str(node.attribute), _AT)
            case "index":
                return self.range(node)
            case "pack":
                return self.listed(node.args, pack_shape(node))
            case "scatter":
                return self.scatter(node)
        args = tuple(map(self.tree, node.args))
        match node.op:
            case "array":
                return Comprehension(args[0], self.clauses(node), _AT)
            case "reduce":
                return Reduction(str(node.attribute), args[0], self.clauses(node), _AT)
            case "read":
                return Index(args[0], args[1:], _AT) if len(args) > 1 else _call("read", *args)
        return _scalar(node, args)

    def clauses(self, node: Node) -> tuple[Clause, ...]:
        return (Clause(tuple(self.labels[axis] for axis in node.args[1:]), None, (), _AT),)

    def range(self, axis: Node) -> Expression:
        """`range(n)`, or `range(0, n, 2)` with the place in loop order."""
        ends = list(map(self.tree, axis.args))
        if axis in self.places:
            return _call("range", *ends, Number(self.places[axis], _AT))
        return _call("range", *(ends[1:] if axis.args[0].attribute == 0 else ends))

    def listed(self, elements: Sequence[Node], sizes: Sequence[int]) -> Expression:
        if len(sizes) == 1:
            return ArrayLiteral(tuple(map(self.tree, elements)), _AT)
        row = math.prod(sizes[1:])
        rows = [elements[place : place + row] for place in range(0, len(elements), row)]
        return ArrayLiteral(tuple(self.listed(one, sizes[1:]) for one in rows), _AT)

    def scatter(self, node: Node) -> Expression:
        assert isinstance(node.attribute, ScatterLayout)
        rank, free, _ = node.attribute
        parts = [_call("shape", *map(self.tree, node.args[:rank]))]
        if free:
            parts.append(_call("over", *map(self.tree, node.args[rank : rank + free])))
        added = [_call("at", *map(self.tree, (value, *indices))) for value, indices in contributions(node)]
        return _call("scatter", *parts, *added)


def name_of(label: str) -> str:
    """The author's name: `h` of `h__2`, and `mlp1.h`, the `h` of an instance, of `mlp1__h`."""
    return INSTANCE.sub(".", REPEATED.sub("", label))


def _call(function: str, *arguments: Expression) -> Call:
    return Call(function, None, arguments, (), _AT)


def _constant(node: Node) -> Expression:
    value = node.attribute
    if isinstance(value, bool):
        return _call("true" if value else "false")
    assert isinstance(value, int | float)
    if math.isfinite(value):
        return Number(value, _AT)
    name = Name("nan" if math.isnan(value) else "inf", _AT)
    return Unary("-", name, _AT) if value < 0 else name


def _scalar(node: Node, args: tuple[Expression, ...]) -> Expression:
    """An operation of numbers and conditions, as the language writes it where it can."""
    match node.op:
        case "select":
            return Conditional(args[1], args[0], args[2], _AT)
        case "and" | "or":
            return Logical("and" if node.op == "and" else "or", args[0], args[1], _AT)
        case "not":
            return Unary("not", args[0], _AT)
        case "neg" if node.args[0].op != "const":
            return Unary("-", args[0], _AT)
    if node.op in BINARY:
        return Binary(BINARY[node.op], args[0], args[1], _AT)
    if node.op in COMPARE:
        return Comparison((COMPARE[node.op],), args, _AT)
    own = node.op.removeprefix("op:")
    return _call(node.op, *args) if own == node.op else _call("own", Name(own, _AT), *args)


def _is_of_sizes(node: Node) -> bool:
    """Whether a node is a number, a size, or a little arithmetic of these."""
    if node.op in ("const", "size", "zero"):
        return True
    return node.op in _OF_SIZES and node.dtype == "int" and node.weight <= 7 and all(map(_is_of_sizes, node.args))


def _written(node: Node, labels: dict[Node, str]) -> int:
    """How many nodes are written where this one is."""
    return 1 + sum(1 if argument in labels else _written(argument, labels) for argument in node.args)
