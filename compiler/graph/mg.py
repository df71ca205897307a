"""`.mg` text -> the graph that it is the text of: see `mg_text.py`, which writes it.

What follows is in no program of the language, and only this reader knows it. An axis is a statement, `i = range(n)`,
and what depends on it is a number where the axis is not bound. `parameter(score, W)[2, n]` and `adjoint(dy)` are
inputs; `scatter(shape(n), over(i), at(x, k))` adds x at k, `total(x, y)` adds what branches lead to, `bound(k, n)`
checks an index, `exactdiv` divides sizes, `zero()` is 0 by structure, `own(f, x)` an operation of the model. `int(...)`
and `float(...)` are of that type; `t_3` is a value without a name, `h__2` another called `h`, and `mlp1__h` the `h` of
the instance `mlp1`. What is returned is results, then `grad(x, dx)`, or `grad(x)` where the derivative is 0 by
structure, and of a lesson the values that are `kept(h)`, without why their adjoints are added to: scatters that differ
in that alone read back as one. `read(x)` reads the one element of an array without axes.

>>> text = '''def f(x[n]):
...     i = range(n)
...     norm = sum(x[i]**2 for i)
...     return norm
... '''
>>> graph = read(text, "f.mg")
>>> spell(graph) == text, list(graph.names.values())
(True, ['norm'])
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from mgc.compiler.graph import algebra
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.graph import Graph, Input
from mgc.compiler.graph.mg_text import UNNAMED, name_of, spell
from mgc.compiler.graph.nodes import Attribute, AxisName, Dtype, Node, ScatterLayout
from mgc.compiler.graph.spec import kind_of
from mgc.compiler.language.program import error
from mgc.compiler.language.signs import OPERATIONS
from mgc.grammar.parser import parse
from mgc.grammar.tree import (
    Argument,
    ArrayLiteral,
    Assign,
    Binary,
    Call,
    Comparison,
    Comprehension,
    Conditional,
    Expression,
    File,
    Function,
    Index,
    Logical,
    Name,
    Number,
    Reduction,
    Return,
    Slice,
    Span,
    Unary,
)

__all__ = ["read", "spell"]


def read(text: str, path: str) -> Graph:
    """The graph that a text says. Errors: ModelError where it says none."""
    file = parse(text, path)
    if len(file.declarations) != 1 or not isinstance(file.declarations[0], Function):
        raise error(file, Span(1, 1, 1, 1), "the text of a graph is one def")
    return _Reader(file).graph(file.declarations[0])


class _Reader:
    """The values read so far, by their labels."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.build = Builder()
        self.labels: dict[str, Node] = {}
        self.names: dict[Node, str] = {}
        self.inputs: list[Input] = []

    def graph(self, function: Function) -> Graph:
        for given in function.arguments:
            self.argument(given)
        for statement in function.body[:-1]:
            if not isinstance(statement, Assign) or len(statement.targets) != 1:
                self.fail(statement.span, "a value of a graph is assigned to one label")
            self.assign(statement.targets[0].identifier, statement.value)
        last = function.body[-1]
        if not isinstance(last, Return):
            self.fail(function.span, "a graph returns its results")
        gradients, kept = (self.calls(last, function) for function in ("grad", "kept"))
        said = [*gradients, *kept]
        outputs = self.all([tree for tree in last.values if tree not in said])
        inputs = tuple(sorted(self.inputs, key=lambda given: _KINDS.index(given.kind)))
        return Graph(
            self.build, function.name, inputs, outputs, tuple(map(self.gradient, gradients)), self.names,
            kept=frozenset(node for tree in kept for node in self.all(tree.arguments)),
        )  # fmt: skip

    def calls(self, last: Return, function: str) -> list[Call]:
        """What is returned as `grad(...)`, say."""
        return [tree for tree in last.values if isinstance(tree, Call) and tree.function == function]

    def argument(self, given: Argument) -> None:
        node = self.build.make("input", self.all(given.dimensions), given.name, given.dtype)
        default = None if given.default is None else algebra.number(self.node(given.default))
        self.labels[given.name] = node
        self.inputs.append(Input(node, given.name, "argument", default, None))

    def gradient(self, tree: Call) -> tuple[Input, Node | None]:
        parts = self.all(tree.arguments)
        found = [given for given in self.inputs if given.node in parts[:1]]
        if not found or len(parts) > 2:
            self.fail(tree.span, "a derivative is by one input: grad(x, dx)")
        return found[0], parts[1] if len(parts) > 1 else None

    def assign(self, label: str, tree: Expression) -> None:
        source = tree.base if isinstance(tree, Index) else tree
        if isinstance(source, Call) and source.function in ("parameter", "adjoint"):
            self.labels[label] = self.input(source, tree.items if isinstance(tree, Index) else ())
        elif isinstance(tree, Call) and tree.function == "range":
            self.labels[label] = self.axis(label, tree)
        else:
            self.labels[label] = node = self.node(tree)
            if not UNNAMED.fullmatch(label):
                self.names[node] = name_of(label)

    def input(self, call: Call, sizes: Sequence[Expression | Slice]) -> Node:
        """`parameter(score, W)[2, n]` or `adjoint(dy)[n]`."""
        name = ".".join(part.identifier for part in call.arguments if isinstance(part, Name))
        is_parameter = call.function == "parameter"
        node = self.build.make("input", self.all(sizes), f"{'params' if is_parameter else 'adjoint'}.{name}", "float")
        self.inputs.append(Input(node, name, "parameter" if is_parameter else "adjoint", None, None))
        return node

    def axis(self, label: str, call: Call) -> Node:
        """`range(n)`, `range(1, n)`, or `range(0, n, 2)` for the second axis in loop order."""
        ends = self.all(call.arguments)
        if not 1 <= len(ends) <= 3:
            self.fail(call.span, "an axis is written range(stop), range(start, stop) or range(start, stop, place)")
        start, stop, *place = ends if len(ends) > 1 else (self.build.integer(0), *ends)
        name = "" if UNNAMED.fullmatch(label) else name_of(label)
        if not place:
            return self.build.axis(name, start, stop)
        number = place[0].attribute
        if not isinstance(number, int):
            self.fail(call.span, "the place of an axis in loop order is a number")
        return self.build.make("index", (start, stop), AxisName(name, number), "int")

    def all(self, trees: Sequence[Expression | Slice]) -> tuple[Node, ...]:
        return tuple([self.node(tree) for tree in trees])

    def node(self, tree: Expression | Slice) -> Node:
        """The node of an expression; as deep as it is written, which `spell` keeps small."""
        build = self.build
        match tree:
            case Number(value=int() as value):
                return build.integer(value)
            case Number(value=value):
                return build.number(value)
            case Name(identifier=name):
                return self.named(name)
            case Unary(operator="-", operand=Number() | Name(identifier="inf" | "nan")):
                number = algebra.number(self.node(tree.operand))
                assert number is not None
                return build.integer(-number) if isinstance(number, int) else build.number(-number)
            case Unary(operator=sign):
                return self.made("not" if sign == "not" else "neg", [tree.operand])
            case Binary(operator=sign):
                return self.made(OPERATIONS[sign], [tree.left, tree.right])
            case Comparison(operators=(sign,)):
                return self.made(OPERATIONS[sign], tree.operands)
            case Logical():
                return self.made(tree.operator, [tree.left, tree.right])
            case Conditional():
                return self.made("select", [tree.condition, tree.value, tree.otherwise])
            case Index():
                return self.made("read", [tree.base, *tree.items])
            case Call() | Comprehension() | Reduction() | ArrayLiteral():
                return self.structure(tree)
        self.fail(tree.span, "no value of a graph is written so")

    def named(self, name: str) -> Node:
        if name in ("inf", "nan"):
            return self.build.number(float(name))
        return self.labels.get(name) or self.build.size(name)

    def made(self, op: str, trees: Sequence[Expression | Slice], attribute: Attribute = None) -> Node:
        return self.build.make(op, self.all(trees), attribute)

    def structure(self, tree: Call | Comprehension | Reduction | ArrayLiteral, dtype: Dtype | None = None) -> Node:
        """What is of a type of its own, perhaps: an array, a reduction, a call."""
        build = self.build
        match tree:
            case Comprehension():
                return build.make("array", (self.node(tree.body), *self.axes(tree)), None, dtype)
            case Reduction():
                return build.make("reduce", (self.node(tree.body), *self.axes(tree)), tree.function, dtype)
            case ArrayLiteral():
                elements, sizes = _rows(tree)
                return build.make("pack", self.all(elements), sizes, dtype)
        return self.call(tree)

    def axes(self, tree: Comprehension | Reduction) -> tuple[Node, ...]:
        axes = [self.named(name) for clause in tree.clauses for name in clause.names]
        if any(axis.op != "index" for axis in axes):
            self.fail(tree.span, "an axis is a range of its own before it is bound: i = range(n)")
        return tuple(axes)

    def call(self, tree: Call) -> Node:
        match tree:
            case Call(function="int", arguments=(Comprehension() | Reduction() | ArrayLiteral() as of,)):
                return self.structure(of, "int")
            case Call(function="float", arguments=(Comprehension() | Reduction() | ArrayLiteral() as of,)):
                return self.structure(of, "float")
            case Call(function="true" | "false", arguments=()):
                return self.build.boolean(tree.function == "true")
            case Call(function="scatter"):
                return self.scatter(tree)
            case Call(function="own", arguments=(Name(identifier=name), *arguments)):
                return self.made(f"op:{name}", arguments)
        if kind_of(tree.function) is None:
            self.fail(tree.span, f"no operation of graphs is called '{tree.function}'")
        return self.made(tree.function, tree.arguments)

    def scatter(self, tree: Call) -> Node:
        parts = [part for part in tree.arguments if isinstance(part, Call)]
        if len(parts) < max(2, len(tree.arguments)) or parts[0].function != "shape":
            self.fail(tree.span, "a scatter is written scatter(shape(n), over(i), at(x, k))")
        sizes, *rest = parts
        free = rest[0].arguments if rest[0].function == "over" else ()
        flat = [argument for part in parts for argument in part.arguments]
        return self.build.make("scatter", self.all(flat), ScatterLayout(len(sizes.arguments), len(free)), "float")

    def fail(self, span: Span, message: str) -> NoReturn:
        raise error(self.file, span, message)


_KINDS = ("parameter", "argument", "adjoint")


def _rows(tree: ArrayLiteral) -> tuple[list[Expression], tuple[int, ...]]:
    """The elements of a literal and of the literals in it, and its sizes."""
    elements: list[Expression] = list(tree.elements)
    sizes = [len(elements)]
    while isinstance(elements[0], ArrayLiteral):
        rows = [row.elements for row in elements if isinstance(row, ArrayLiteral)]
        elements = [element for row in rows for element in row]
        sizes.append(len(rows[0]))
    return elements, tuple(sizes)
