"""Loop nest -> C99 without allocation or globals: the text of one function's body.

Arrays are flat, row by row. Small ones of known size lie on the stack, others are carved out of `work`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from mgc.compiler import library, names, sizes
from mgc.compiler.graph import Builder, Node
from mgc.compiler.loopnest import Allocate, Assign, Declare, For, If, Item, LoopNest, Update, Variable, span, walk
from mgc.compiler.placement import SMALL_POWER
from mgc.compiler.spelling import (
    AND,
    ATOM,
    COMPARE,
    NEGATION,
    NOT,
    OR,
    POWER,
    PRODUCT,
    SUM,
    TERNARY,
    Row,
    Scope,
    Target,
    Text,
    small_power,
)

INDENT = "    "
STACK_ELEMENTS = 1024  # 8 KiB: an array larger than this, or of unknown size, comes from the caller's workspace

_ROWS = {
    "add": Row("{0} + {1}", SUM, (SUM, PRODUCT)),
    "sub": Row("{0} - {1}", SUM, (SUM, PRODUCT)),
    "mul": Row("{0} * {1}", PRODUCT, (PRODUCT, NEGATION)),
    "div": Row("{0} / {1}", PRODUCT, (PRODUCT, NEGATION)),
    "exactdiv": Row("{0} / {1}", PRODUCT, (PRODUCT, NEGATION)),
    "neg": Row("-{0}", NEGATION, (POWER,)),
    "lt": Row("{0} < {1}", COMPARE, (SUM, SUM)),
    "le": Row("{0} <= {1}", COMPARE, (SUM, SUM)),
    "gt": Row("{0} > {1}", COMPARE, (SUM, SUM)),
    "ge": Row("{0} >= {1}", COMPARE, (SUM, SUM)),
    "eq": Row("{0} == {1}", COMPARE, (SUM, SUM)),
    "ne": Row("{0} != {1}", COMPARE, (SUM, SUM)),
    "and": Row("{0} && {1}", AND, (NOT, NOT)),
    "or": Row("{0} || {1}", OR, (NOT, NOT)),
    "not": Row("!{0}", NEGATION, (POWER,)),
    "select": Row("{0} ? {1} : {2}", TERNARY, (OR, OR, TERNARY)),
    "relu": Row("{0} <= 0.0 ? 0.0 : {0}", TERNARY, (SUM,)),
    "bound": Row("{0}", TERNARY, (TERNARY, TERNARY)),
}
_COMBINE = {"sum": "+=", "prod": "*="}
_TYPES = {"float": "double", "int": "long", "bool": "int"}


class Unbounded(Exception):
    """A row's length depends on a loop in a way that has no simple upper bound."""


@dataclass(slots=True)
class Writer:
    """The lines of one function in the making; `failure` is what it returns for an index out of range."""

    scope: Scope
    naming: names.Naming
    outputs: frozenset[str]  # arrays that are the caller's
    failure: str
    checked: bool = False
    declared: set[int] = field(default_factory=set)
    allocated: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    workspace: list[tuple[str, tuple[Node, ...]]] = field(default_factory=list)
    said: int | None = None

    def add(self, depth: int, text: str) -> None:
        self.lines.append(INDENT * depth + text)


def target(integers: frozenset[str] = frozenset()) -> Target:
    """The spelling of expressions in C. `integers` are arrays of integers in the workspace, which holds doubles."""

    def element(array: str, indices: list[str], sizes: list[str]) -> str:
        return f"(long){_element(array, indices, sizes)}" if array in integers else _element(array, indices, sizes)

    return Target(_ROWS, number, element, _call, _power, cast_division=True)


def count(scope: Scope, sizes_: Sequence[Node]) -> str:
    """The number of elements; known sizes are multiplied here, where nothing overflows."""
    known = math.prod(max(0, a) for size in sizes_ if size.op == "const" and isinstance(a := size.attribute, int))
    together = sizes.count(sizes_)
    others = [
        scope.write(size, NEGATION) if together or sizes.count([size]) else f"larger({scope.write(size)}, 0)"
        for size in sizes_
        if size.op != "const"
    ]
    literal = f"{known}L" if known > 2**31 - 1 else str(known)
    return " * ".join([literal, *others] if known != 1 or not others else others)


def _on_stack(variable: Variable) -> bool:
    known = [size.attribute for size in variable.sizes if size.op == "const" and isinstance(size.attribute, int)]
    return len(known) == len(variable.sizes) and math.prod(known) <= STACK_ELEMENTS


def number(value: float | int) -> str:
    """The literal that reads back as exactly this number."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NAN" if math.isnan(value) else "INFINITY" if value > 0 else "-INFINITY"
    if isinstance(value, bool):
        return str(int(value))
    return repr(value)


def _call(node: Node) -> str:
    integers = all(argument.dtype == "int" for argument in node.args)
    if integers and node.op in ("mod", "floordiv", "abs", "max", "min"):
        return {"mod": "modulo", "floordiv": "floor_divide", "abs": "magnitude", "max": "larger", "min": "smaller"}[
            node.op
        ]
    if node.op in ("max", "min"):
        return {"max": "maximum", "min": "minimum"}[node.op]
    return library.native(node.op, "c") or names.operation(node.op)


def _element(array: str, indices: list[str], sizes: list[str]) -> str:
    """Row by row: `a[(i * n + j) * m + k]`."""
    place = indices[0]
    for index, size in zip(indices[1:], sizes[1:], strict=True):
        place = f"{place} * {size}" if place.isalnum() else f"({place}) * {size}"
        if index != "0":
            place = f"{place} + {index}"
        if place.startswith("0 * "):
            place = index
    return f"{array}[{place}]"


def _power(node: Node, texts: list[Text]) -> Text:
    exponent = node.args[1].attribute
    cast = "(double)" if node.args[0].dtype == "int" else ""  # or the product is one of integers
    if node.args[1].op == "const" and isinstance(exponent, int) and 1 < exponent <= SMALL_POWER and texts[0][1] >= ATOM:
        product, strength = small_power(texts, exponent)
        return cast + product, strength
    return f"pow({texts[0][0]}, {texts[1][0]})", ATOM


def body(nest: LoopNest, naming: names.Naming, outputs: frozenset[str], failure: str) -> Writer:
    """The statements of a function, without what it returns."""
    build = nest.graph.builder
    for variable in nest.variables.values():  # a row's length must not depend on a loop
        variable.sizes = tuple(_largest(build, size) for size in variable.sizes)
    integers = {v.name for v in nest.variables.values() if v.dtype == "int" and v.sizes and not _on_stack(v)}
    writer = Writer(Scope(target(frozenset(integers)), nest.variables, naming.inputs), naming, outputs, failure)
    for item in walk(nest.body):
        if isinstance(item, Declare):
            writer.declared.add(id(item.variable))
    _block(writer, nest.body, 1)
    return writer


def _largest(build: Builder, size: Node) -> Node:
    """The size that is enough for every run of the loops that it depends on. Errors: Unbounded."""
    bound = sizes.largest(build, size) if size.axes else size
    if bound is None:
        raise Unbounded
    return bound


def _block(writer: Writer, items: Sequence[Item], depth: int) -> None:
    for item in items:
        match item:
            case Allocate():
                _allocate(writer, item, depth)
            case Declare():
                kind = _TYPES[item.variable.dtype]
                writer.add(depth, f"{kind} {item.variable.name} = 0;")
            case For():
                _loop(writer, item, depth)
            case If():
                _branch(writer, item, depth)
            case Assign() | Update():
                _statement(writer, item, depth)


def _allocate(writer: Writer, item: Allocate, depth: int) -> None:
    variable = item.variable
    writer.allocated.add(variable.name)
    total = count(writer.scope, variable.sizes)
    if variable.name not in writer.outputs:
        if _on_stack(variable):
            writer.add(depth, f"{_TYPES[variable.dtype]} {variable.name}[{max(1, int(total))}];")
        else:
            writer.workspace.append((variable.name, variable.sizes))
    loop = "at" if variable.name != "at" else "at_"
    writer.add(
        depth, f"for (long {loop} = 0; {loop} < {total}; {loop}++) {variable.name}[{loop}] = {number(item.fill)};"
    )


def _loop(writer: Writer, item: For, depth: int) -> None:
    name = writer.naming.loops[id(item)]
    before = writer.scope.loops.get(item.axis)
    start, stop = (writer.scope.write(end, SUM) for end in item.axis.args)
    writer.scope.loops[item.axis] = name
    writer.add(depth, f"for (long {name} = {start}; {name} < {stop}; {name}++) {{")
    _block(writer, item.body, depth + 1)
    writer.add(depth, "}")
    if before is not None:
        writer.scope.loops[item.axis] = before


def _branch(writer: Writer, item: If, depth: int) -> None:
    if item.then:
        writer.add(depth, f"if ({writer.scope.write(item.condition)}) {{")
        _block(writer, item.then, depth + 1)
    else:
        writer.add(depth, f"if (!({writer.scope.write(item.condition)})) {{")
        _block(writer, item.otherwise, depth + 1)
    if item.then and item.otherwise:
        writer.add(depth, "} else {")
        _block(writer, item.otherwise, depth + 1)
    writer.add(depth, "}")


def _statement(writer: Writer, item: Assign | Update, depth: int) -> None:
    scope = writer.scope
    variable = item.variable
    place = span(item)
    comment = ""
    if place is not None and place.line != writer.said and not isinstance(item.value, int | float | Variable):
        writer.said = place.line
        comment = f"  /* line {place.line} */"
    if isinstance(item, Assign) and isinstance(item.value, Node) and item.value.op == "pack":
        _pack(writer, item, item.value, depth, comment)
        return
    reference = scope.reference(variable, item.indices).removeprefix("(long)")
    if isinstance(item, Update):
        _update(writer, item, reference, depth, comment)
        return
    if isinstance(item.value, Variable):
        value = item.value.name
    elif isinstance(item.value, Node):
        value = scope.value(item.value) if item.value is variable.node else scope.write(item.value)
    else:
        value = number(item.value)
    kind = ""
    if not item.indices and not variable.sizes and id(variable) not in writer.declared:
        updated = not isinstance(item.value, Node)
        kind = f"{'' if updated else 'const '}{_TYPES[variable.dtype]} "
    writer.add(depth, f"{kind}{reference} = {value};{comment}")
    if isinstance(item.value, Node) and item.value.op == "bound":
        writer.checked = True
        size = scope.write(item.value.args[1], SUM)
        writer.add(depth, f"if ({reference} < 0 || {reference} >= {size}) {{")
        writer.add(depth + 1, "*status = 1;")
        writer.add(depth + 1, f"{writer.failure};")
        writer.add(depth, "}")


def _update(writer: Writer, item: Update, reference: str, depth: int, comment: str) -> None:
    value = writer.scope.write(item.value)
    if item.kind in _COMBINE:
        writer.add(depth, f"{reference} {_COMBINE[item.kind]} {value};{comment}")
    else:
        sign = ">" if item.kind == "max" else "<"
        value = writer.scope.write(item.value, SUM)
        unordered = f" || {value} != {value}" if item.value.dtype == "float" else ""  # nan stays
        writer.add(depth, f"if ({value} {sign} {reference}{unordered}) {reference} = {value};{comment}")


def _pack(writer: Writer, item: Assign, pack: Node, depth: int, comment: str) -> None:
    """An array literal, element by element."""
    variable = item.variable
    assert isinstance(pack.attribute, tuple)
    if variable.name not in writer.outputs and variable.name not in writer.allocated:
        known = max(1, len(pack.args))
        if known <= STACK_ELEMENTS:
            writer.add(depth, f"{_TYPES[variable.dtype]} {variable.name}[{known}];{comment}")
        else:
            writer.workspace.append((variable.name, variable.sizes))
    scope, outer = writer.scope, len(item.indices)
    places = [scope.write(index, PRODUCT) for index in item.indices]
    offset = _element("", places, [scope.write(size, ATOM) for size in variable.sizes[:outer]])[1:-1] if outer else ""
    for place, element in enumerate(pack.args):
        text = writer.scope.write(element)
        at = f"({offset}) * {len(pack.args)} + {place}" if offset else str(place)
        writer.add(depth, f"{variable.name}[{at}] = {text};")
