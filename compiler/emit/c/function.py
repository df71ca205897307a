"""Loop nest -> C99 without allocation or globals: the text of one function's body.

Arrays are flat, row by row. Small ones of known size lie on the stack, others are carved out of `work`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from mgc.compiler.emit.spelling import (
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
    whole_exponent,
)
from mgc.compiler.language import library
from mgc.compiler.names import names, words
from mgc.compiler.schedule.loopnest import (
    Allocate,
    Apply,
    Assign,
    Declare,
    Expression,
    For,
    If,
    Item,
    Load,
    Number,
    Pack,
    Update,
    Variable,
    origin,
    variables,
    walk,
)
from mgc.compiler.schedule.placement import SMALL_POWER

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
    outputs: frozenset[str]  # arrays that are the caller's
    failure: str
    checked: bool = False
    declared: set[int] = field(default_factory=set)
    allocated: set[int] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    workspace: list[Variable] = field(default_factory=list)
    said: int | None = None

    def add(self, depth: int, text: str) -> None:
        self.lines.append(INDENT * depth + text)


def target(as_doubles: frozenset[int] = frozenset()) -> Target:
    """The spelling of expressions in C. `as_doubles` are arrays of integers in the workspace, which holds doubles."""
    return Target(
        _ROWS, number, _element, _call, _power, cast_division=True, flat_arrays=True, extrema_of_two=True,
        as_doubles=as_doubles,
    )  # fmt: skip


def count(scope: Scope, sizes: Sequence[Expression]) -> str:
    """The number of elements; known sizes are multiplied here, where nothing overflows."""
    known = math.prod(_known(sizes))
    others = [scope.write(size, NEGATION) for size in sizes if not isinstance(size, Number)]
    literal = f"{known}L" if known > 2**31 - 1 else str(known)
    return " * ".join([literal, *others] if known != 1 or not others else others)


def _known(sizes: Sequence[Expression]) -> list[int]:
    return [int(size.value) for size in sizes if isinstance(size, Number)]


def _bounds(variable: Variable) -> tuple[Expression, ...]:
    """Sizes that do not depend on a loop. Errors: Unbounded."""
    if variable.bounds is None:
        raise Unbounded
    return variable.bounds


def _on_stack(variable: Variable) -> bool:
    known = _known(_bounds(variable))
    return len(known) == len(variable.sizes) and math.prod(known) <= STACK_ELEMENTS


def number(value: float | int) -> str:
    """The literal that reads back as exactly this number."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NAN" if math.isnan(value) else "INFINITY" if value > 0 else "-INFINITY"
    if isinstance(value, bool):
        return str(int(value))
    return repr(value)


def _call(apply: Apply) -> str:
    integers = all(argument.dtype == "int" for argument in apply.args)
    if integers and apply.op in ("mod", "floordiv", "abs", "max", "min"):
        return {"mod": "modulo", "floordiv": "floor_divide", "abs": "magnitude", "max": "larger", "min": "smaller"}[
            apply.op
        ]
    if apply.op in ("max", "min"):
        return {"max": "maximum", "min": "minimum"}[apply.op]
    return library.native(apply.op, "c") or words.operation(apply.op)


def _element(array: str, indices: list[str], inner_sizes: list[str]) -> str:
    """Row by row: `a[(i * n + j) * m + k]`."""
    place = indices[0]
    for index, size in zip(indices[1:], inner_sizes, strict=True):
        place = f"{place} * {size}" if place.isalnum() else f"({place}) * {size}"
        if index != "0":
            place = f"{place} + {index}"
        if place.startswith("0 * "):
            place = index
    return f"{array}[{place}]"


def _power(apply: Apply, texts: list[Text]) -> Text | None:
    exponent = whole_exponent(apply)
    cast = "(double)" if apply.args[0].dtype == "int" else ""  # or the product is one of integers
    if exponent is not None and 1 < exponent <= SMALL_POWER and texts[0][1] >= ATOM:
        product, strength = small_power(texts, exponent)
        return cast + product, strength
    return None


def body(named: names.NamedNest, outputs: frozenset[str], failure: str) -> Writer:
    """The statements of a function, without what it returns. Errors: Unbounded."""
    made = variables(named.nest)
    as_doubles = frozenset(one.serial for one in made if one.sizes and not _on_stack(one) and one.dtype == "int")
    scope = Scope(target(as_doubles), named.variables, named.loops, named.sizes)
    writer = Writer(scope, outputs, failure)
    for item in walk(named.nest.body):
        if isinstance(item, Declare):
            writer.declared.add(item.variable.serial)
    _block(writer, named.nest.body, 1)
    return writer


def _block(writer: Writer, items: Sequence[Item], depth: int) -> None:
    for item in items:
        match item:
            case Allocate():
                _allocate(writer, item, depth)
            case Declare():
                kind = _TYPES[item.variable.dtype]
                writer.add(depth, f"{kind} {writer.scope.variables[item.variable.serial]} = 0;")
            case For():
                _loop(writer, item, depth)
            case If():
                _branch(writer, item, depth)
            case Assign() | Update():
                _statement(writer, item, depth)


def _allocate(writer: Writer, item: Allocate, depth: int) -> None:
    variable, fill = item.variable, number(item.fill)
    name = writer.scope.variables[variable.serial]
    if not variable.sizes:
        kind = "" if variable.serial in writer.declared else f"{_TYPES[variable.dtype]} "
        writer.add(depth, f"{kind}{name} = {fill};")
        return
    writer.allocated.add(variable.serial)
    _bounds(variable)
    total = count(writer.scope, variable.counts)
    if name not in writer.outputs:
        if _on_stack(variable):
            writer.add(depth, f"{_TYPES[variable.dtype]} {name}[{max(1, int(total))}];")
        else:
            writer.workspace.append(variable)
    loop = "at" if name != "at" else "at_"
    writer.add(depth, f"for (long {loop} = 0; {loop} < {total}; {loop}++) {name}[{loop}] = {fill};")


def _loop(writer: Writer, item: For, depth: int) -> None:
    name = writer.scope.loops[item.serial]
    start, stop = writer.scope.write(item.start, SUM), writer.scope.write(item.stop, SUM)
    step = f"{name}++" if item.step == 1 else f"{name} += {item.step}" if item.step > 0 else f"{name} -= {-item.step}"
    writer.add(depth, f"for (long {name} = {start}; {name} {'<' if item.step > 0 else '>'} {stop}; {step}) {{")
    _block(writer, item.body, depth + 1)
    writer.add(depth, "}")


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
    comment = _comment(writer, item)
    if isinstance(item, Assign) and isinstance(item.value, Pack):
        _pack(writer, item, item.value, depth, comment)
        return
    reference = scope.reference(item.variable, item.indices)
    if isinstance(item, Update):
        _update(writer, item, reference, depth, comment)
        return
    assert not isinstance(item.value, Pack)
    kind = ""
    if not item.indices and not item.variable.sizes and item.variable.serial not in writer.declared:
        kind = f"const {_TYPES[item.variable.dtype]} "
    writer.add(depth, f"{kind}{reference} = {scope.write(item.value)};{comment}")
    if isinstance(item.value, Apply) and item.value.op == "bound":
        writer.checked = True
        size = scope.write(item.value.args[1], SUM)
        writer.add(depth, f"if ({reference} < 0 || {reference} >= {size}) {{")
        writer.add(depth + 1, "*status = 1;")
        writer.add(depth + 1, f"{writer.failure};")
        writer.add(depth, "}")


def _comment(writer: Writer, item: Assign | Update) -> str:
    """The line of the model that a statement comes from, said once for statements that follow each other."""
    place = origin(item).span
    is_total = isinstance(item.value, Load) and item.value.variable.role == "total"  # said where it is summed
    if place is None or place.line == writer.said or is_total:
        return ""
    writer.said = place.line
    return f"  /* line {place.line} */"


def _update(writer: Writer, item: Update, reference: str, depth: int, comment: str) -> None:
    value = writer.scope.write(item.value)
    if item.kind in _COMBINE:
        writer.add(depth, f"{reference} {_COMBINE[item.kind]} {value};{comment}")
    else:
        sign = ">" if item.kind == "max" else "<"
        value = writer.scope.write(item.value, SUM)
        unordered = f" || {value} != {value}" if item.value.dtype == "float" else ""  # nan stays
        writer.add(depth, f"if ({value} {sign} {reference}{unordered}) {reference} = {value};{comment}")


def _pack(writer: Writer, item: Assign, pack: Pack, depth: int, comment: str) -> None:
    """An array literal, element by element."""
    variable = item.variable
    name = writer.scope.variables[variable.serial]
    if name not in writer.outputs and variable.serial not in writer.allocated:
        known = max(1, len(pack.elements))
        if known <= STACK_ELEMENTS:
            writer.add(depth, f"{_TYPES[variable.dtype]} {name}[{known}];{comment}")
        else:
            writer.workspace.append(variable)
    scope, outer = writer.scope, len(item.indices)
    places = [scope.write(index, PRODUCT) for index in item.indices]
    offset = (
        _element("", places, [scope.write(size, ATOM) for size in _bounds(variable)[1:outer]])[1:-1] if outer else ""
    )
    for place, element in enumerate(pack.elements):
        at = f"({offset}) * {len(pack.elements)} + {place}" if offset else str(place)
        writer.add(depth, f"{name}[{at}] = {scope.write(element)};")
