"""Expressions as text: node -> code, for any target that is a table of operators with their binding strengths.

A row says how an operation is written, how strongly it binds, and how strongly each argument must bind to stand
without parentheses. Nothing is decided here: which values are variables is settled by the schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mgc.compiler.graph import Node
from mgc.compiler.loopnest import Variable

# Python's `%` and `//` bind as `*` does; here more weakly, so that a product's sign is never taken for that of `a % b`.
TERNARY, OR, AND, NOT, COMPARE, SUM, REMAINDER, PRODUCT, NEGATION, POWER, ATOM = range(11)

Text = tuple[str, int]  # code, and how strongly it binds


@dataclass(frozen=True, slots=True)
class Row:
    """`{0} + {1}`, its binding strength, and the strengths that its arguments need."""

    form: str
    strength: int
    needs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A target's spelling: operators, how numbers and elements are written, and what a call becomes."""

    rows: Mapping[str, Row]
    number: Callable[[float | int], str]
    element: Callable[[str, list[str], list[str]], str]  # (array, indices, sizes) -> code
    call: Callable[[Node], str]  # the name of the function that computes an operation
    power: Callable[[Node, list[Text]], Text]
    cast_division: bool = False


@dataclass(slots=True)
class Scope:
    """What names stand for at one place of the code: variables, inputs, and the loops around it."""

    target: Target
    variables: Mapping[Node, Variable]
    inputs: Mapping[Node, str]  # and the named sizes
    loops: dict[Node, str] = field(default_factory=dict)
    used: dict[str, None] = field(default_factory=dict)  # the operations that are written as calls
    rows: dict[tuple[object, ...], str] = field(default_factory=dict)  # rows of arrays that have a name here

    def write(self, node: Node, need: int = TERNARY) -> str:
        """The node's code, in parentheses if it binds less strongly than needed."""
        text, strength = self._text(node)
        return text if strength >= need else f"({text})"

    def value(self, node: Node) -> str:
        """The code that computes a node, even if it has a variable."""
        return self._operation(node)[0]

    def reference(self, variable: Variable, indices: tuple[Node, ...]) -> str:
        """A variable, or one of its elements."""
        if not indices:
            return variable.name
        return self.element(variable.name, indices, variable.sizes)

    def _text(self, node: Node) -> Text:
        variable = self.variables.get(node)
        if variable is None:
            return self._operation(node)
        return self.reference(variable, variable.axes), ATOM

    def element(self, name: str, indices: tuple[Node, ...], sizes: tuple[Node, ...] = ()) -> str:
        """An element or a row of an array, by the name of the longest row that has one."""
        for depth in range(len(indices), 0, -1):
            row = self.rows.get((name, *indices[:depth]))
            if row is not None:
                return self._at(row, indices[depth:], sizes[depth:])
        return self._at(name, indices, sizes)

    def _at(self, name: str, indices: tuple[Node, ...], sizes: tuple[Node, ...]) -> str:
        if not indices:
            return name
        product = PRODUCT if len(indices) > 1 and self.target.cast_division else TERNARY
        return self.target.element(
            name, [self.write(i, product) for i in indices], [self.write(s, ATOM) for s in sizes]
        )

    def _operation(self, node: Node) -> Text:
        match node.op:
            case "const":
                text = self.target.number(node.attribute)  # type: ignore[arg-type]  # a constant's attribute is its number
                return text, NEGATION if text.startswith("-") else ATOM
            case "zero":
                return self.target.number(0.0), ATOM
            case "index":
                return self.loops[node], ATOM
            case "size":
                return self.inputs[node], ATOM
            case "input":
                return self.inputs[node], ATOM
            case "read":
                return self._read(node)
            case "pow":
                return self.target.power(node, [self._text(argument) for argument in node.args])
            case "neg" if node.args[0].op in ("mul", "div") and node.args[0] not in self.variables:
                product = self.write(node.args[0], PRODUCT)
                return (f"-({product})" if product.startswith("-") else f"-{product}"), PRODUCT
            case "select":
                return self._select(node)
        return self._row(node)

    def _row(self, node: Node) -> Text:
        row = self.target.rows.get("floordiv of floats" if node.op == "floordiv" and node.dtype == "float" else node.op)
        if row is None and node.op == "div" and node.args[1].op == "const" and node.args[1].attribute:
            row = self.target.rows["div by a number"]
        if row is None:
            name = self.target.call(node)
            self.used[node.op] = None
            return f"{name}({', '.join(self.write(argument) for argument in node.args)})", ATOM
        parts = [self.write(argument, need) for argument, need in zip(node.args, row.needs, strict=True)]
        if node.op == "bound":
            self.used[node.op] = None
        if node.op == "div" and self.target.cast_division and all(argument.dtype == "int" for argument in node.args):
            parts[0] = f"(double){self.write(node.args[0], NEGATION)}"
        return row.form.format(*parts), row.strength

    def _select(self, node: Node) -> Text:
        row = self.target.rows["select"]
        parts = [self.write(argument, need) for argument, need in zip(node.args, row.needs, strict=True)]
        return row.form.format(*parts), row.strength

    def _read(self, node: Node) -> Text:
        source, *indices = node.args
        if source.op == "input":
            return self.element(self.inputs[source], tuple(indices), source.args), ATOM
        variable = self.variables[source]
        return self.element(variable.name, (*variable.axes, *indices), variable.sizes), ATOM


def small_power(texts: list[Text], exponent: int) -> Text:
    """`x * x * x` for a base that is an atom."""
    base = texts[0][0] if texts[0][1] >= ATOM else f"({texts[0][0]})"
    return " * ".join([base] * exponent), PRODUCT
