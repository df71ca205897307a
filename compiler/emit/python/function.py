"""Loop nest -> Python that imports nothing but `math`: the text of one function."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mgc.compiler.emit.python import told
from mgc.compiler.emit.python.layout import INDENT, WIDTH, listed, wrapped
from mgc.compiler.emit.python.rows import key, rows
from mgc.compiler.emit.real import real_gradients
from mgc.compiler.emit.spelling import (
    AND,
    ATOM,
    COMPARE,
    NEGATION,
    NOT,
    OR,
    POWER,
    PRODUCT,
    REMAINDER,
    SUM,
    TERNARY,
    Row,
    Scope,
    Target,
    Text,
    small_power,
    whole_exponent,
)
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
    LoopNest,
    Number,
    Pack,
    RowIndex,
    Update,
    Variable,
    origin,
    parts,
    sections,
)
from mgc.compiler.schedule.placement import SMALL_POWER
from mgc.grammar.tree import Span

_ROWS = {
    "add": Row("{0} + {1}", SUM, (SUM, REMAINDER)),
    "sub": Row("{0} - {1}", SUM, (SUM, REMAINDER)),
    "mul": Row("{0} * {1}", PRODUCT, (PRODUCT, NEGATION)),
    "div": Row("{0} / {1}", PRODUCT, (PRODUCT, NEGATION)),
    "floordiv": Row("{0} // {1}", REMAINDER, (PRODUCT, NEGATION)),
    "floordiv of floats": Row("{0} // {1}", REMAINDER, (PRODUCT, NEGATION)),
    "exactdiv": Row("{0} // {1}", REMAINDER, (PRODUCT, NEGATION)),
    "mod": Row("{0} % {1}", REMAINDER, (PRODUCT, NEGATION)),
    "mod of floats": Row("{0} % {1}", REMAINDER, (PRODUCT, NEGATION)),
    "neg": Row("-{0}", NEGATION, (POWER,)),
    "lt": Row("{0} < {1}", COMPARE, (SUM, SUM)),
    "le": Row("{0} <= {1}", COMPARE, (SUM, SUM)),
    "gt": Row("{0} > {1}", COMPARE, (SUM, SUM)),
    "ge": Row("{0} >= {1}", COMPARE, (SUM, SUM)),
    "eq": Row("{0} == {1}", COMPARE, (SUM, SUM)),
    "ne": Row("{0} != {1}", COMPARE, (SUM, SUM)),
    "and": Row("{0} and {1}", AND, (AND, NOT)),
    "or": Row("{0} or {1}", OR, (OR, AND)),
    "not": Row("not {0}", NOT, (NOT,)),
    "select": Row("{1} if {0} else {2}", TERNARY, (OR, OR, TERNARY)),
    "abs": Row("abs({0})", ATOM, (TERNARY,)),
    "real": Row("float({0})", ATOM, (TERNARY,)),
    "relu": Row("0.0 if {0} <= 0.0 else {0}", TERNARY, (SUM,)),
    "bound": Row("element({0}, {1})", ATOM, (TERNARY, TERNARY)),
}
_COMBINE = {"sum": "+=", "prod": "*="}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of emitted code and the statement of the model that it comes from."""

    text: str
    span: Span | None = None


@dataclass(slots=True)
class Writer:
    """The lines of one function in the making."""

    scope: Scope
    nest: LoopNest
    source: Sequence[str] | None
    rows: Mapping[int, list[tuple[Variable, tuple[Expression, ...]]]]  # what to name before an item
    values: frozenset[str]  # the names of what is no row
    taken: dict[str, None]  # all names
    named: dict[str, str] = field(default_factory=dict)  # rows that had a name before, in other loops: text -> name
    lines: list[Line] = field(default_factory=list)
    said: int | None = None  # the model's line that was last named
    legend_given: bool = False

    def add(self, depth: int, text: str, place: Span | None = None) -> None:
        self.lines.append(Line(INDENT * depth + text if text else "", place))


def target(ieee: bool) -> Target:
    """The spelling of expressions in Python: bare operators, or guarded functions where Python would raise."""
    guarded = ("div", "mod of floats", "floordiv of floats") if ieee else ()
    rows = {op: row for op, row in _ROWS.items() if op not in guarded} | {"div by a number": _ROWS["div"]}
    power = _power_ieee if ieee else _power
    return Target(rows, number, _element, _call, power, of_integers=frozenset({"max", "min"}))


def _call(apply: Apply) -> str:
    return words.operation(apply.op)


def number(value: float | int) -> str:
    """The literal that reads back as exactly this number."""
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return repr(value)


def _element(array: str, indices: list[str], _sizes: list[str]) -> str:
    return array + "".join(f"[{index}]" for index in indices)


def _power(apply: Apply, texts: list[Text]) -> Text | None:
    exponent = whole_exponent(apply)
    grows = apply.args[0].dtype == "int" and exponent is not None and exponent > SMALL_POWER  # beyond all doubles
    if exponent is not None and not grows:
        if 1 < exponent <= SMALL_POWER and texts[0][0].isidentifier():
            return small_power(texts, exponent)
        base = texts[0][0] if texts[0][1] >= ATOM else f"({texts[0][0]})"
        return f"{base}**{exponent}" if base.isidentifier() or base[0].isdigit() else f"{base} ** {exponent}", POWER
    return None


def _power_ieee(apply: Apply, texts: list[Text]) -> Text | None:
    exponent = whole_exponent(apply)
    if exponent is not None and 1 < exponent <= SMALL_POWER and texts[0][1] >= ATOM:
        return small_power(texts, exponent)
    return None


def function(named: names.NamedNest, source: Sequence[str] | None, ieee: bool) -> tuple[list[Line], Scope]:
    """The statements of a function, and what they use. Without `source` none says which line it comes from."""
    nest = real_gradients(named.nest)
    scope = Scope(target(ieee), named.variables, named.loops, named.sizes)
    writer = Writer(
        scope, nest, source, {} if nest.in_steps else rows(nest), frozenset(named.taken), dict.fromkeys(named.taken)
    )
    _block(writer, nest.body, 1)
    for line in wrapped(_result(writer), 1):
        writer.add(1, line, nest.origin.span)
    return writer.lines, scope


def _block(writer: Writer, items: Sequence[Item], depth: int) -> None:
    """Items in order, marked where the forward pass starts and where nothing but the backward pass is left."""
    backward = _backward_from(items) if writer.nest.gradients else None
    outer = dict(writer.scope.rows)
    for place, item in enumerate(items):
        if backward and place == 0:
            writer.add(depth, "# forward")
            writer.said = None
        if place == backward and place:
            writer.add(depth, "# backward" if writer.legend_given else _LEGEND)
            writer.legend_given = True
            writer.said = None
        _name_rows(writer, item, depth)
        if writer.nest.in_steps:
            _head(writer, items[place:], depth)
        if not isinstance(item, Declare):
            _item(writer, item, depth)
    writer.scope.rows = outer


def _head(writer: Writer, items: Sequence[Item], depth: int) -> None:
    """The line of the model above what a lesson makes of it."""
    place = told.heading(items)
    if place is not None and place.line != writer.said and writer.source is not None:
        writer.said = place.line
        writer.add(depth, _quoted(writer.source, place))


def _name_rows(writer: Writer, item: Item, depth: int) -> None:
    """`W_j = W[j]`, and a row of numbers at once: `w_0, w_1 = w`."""
    scope = writer.scope
    for variable, indices in writer.rows.get(item.serial, ()):
        text = scope.reference(variable, indices)
        if text not in writer.named:
            array = scope.variables[variable.serial]
            writer.named[text] = _row_name(writer, "_".join([array, *[scope.write(index) for index in indices]]))
        scope.rows[key(variable, indices)] = writer.named[text]
        writer.add(depth, f"{writer.named[text]} = {text}")


def _row_name(writer: Writer, said: str) -> str:
    taken = writer.taken
    chosen = words.safe(said, taken)
    while chosen[1:] in writer.values and chosen.startswith("d"):  # a row is no derivative by another variable
        taken[chosen] = None
        chosen = words.safe(said, taken)
    taken[chosen] = None
    return chosen


def _backward_from(items: Sequence[Item]) -> int | None:
    """The place from which on all statements are of the backward pass; None where none, or all, are."""
    found = [sections(item) for item in items]
    if not any("forward" in one for one in found):
        return None
    place = len(items)
    while place and "forward" not in found[place - 1]:
        place -= 1
    return place if any("backward" in one for one in found[place:]) else None


_LEGEND = "# backward: d<name> is the derivative of the result with respect to <name>"


def _item(writer: Writer, item: Item, depth: int) -> None:
    scope = writer.scope
    match item:
        case Allocate():
            _allocate(writer, item, depth)
        case For():
            writer.add(depth, f"for {scope.loops[item.serial]} in range({_bounds(scope, item)}):")
            _block(writer, item.body, depth + 1)
        case If():
            _branch(writer, item, depth)
        case Assign() | Update():
            _statement(writer, item, depth)


def _allocate(writer: Writer, item: Allocate, depth: int) -> None:
    name = writer.scope.variables[item.variable.serial]
    fill = writer.scope.number(item.fill)
    remark = told.remark(item, writer.scope)
    said = f"  {remark}" if remark else ""
    if item.variable.sizes:
        writer.add(depth, f"{name} = {_filled(writer.scope, item.variable.sizes, fill)}{said}")
    else:
        writer.add(depth, f"{name} = {fill}{said}", item.variable.origin.span)


def _bounds(scope: Scope, loop: For) -> str:
    start, stop = scope.write(loop.start), scope.write(loop.stop)
    if loop.step != 1:
        return f"{start}, {stop}, {loop.step}"
    return stop if isinstance(loop.start, Number) and loop.start.value == 0 else f"{start}, {stop}"


def _branch(writer: Writer, item: If, depth: int) -> None:
    condition = writer.scope.write(item.condition)
    if item.then:
        writer.add(depth, f"if {condition}:")
        _block(writer, item.then, depth + 1)
        if item.otherwise:
            writer.add(depth, "else:")
            _block(writer, item.otherwise, depth + 1)
    else:
        writer.add(depth, f"if {_negated(writer.scope, item.condition)}:")
        _block(writer, item.otherwise, depth + 1)


def _negated(scope: Scope, condition: Expression) -> str:
    if isinstance(condition, Apply) and condition.op == "not":
        return scope.write(condition.args[0])
    return f"not {scope.write(condition, NOT + 1)}"


def _statement(writer: Writer, item: Assign | Update, depth: int) -> None:
    place = origin(item).span
    rule = told.remark(item, writer.scope)
    comment = rule or _comment(writer, item, place)
    code = _code(writer, item)
    first = INDENT * depth + code[0]
    is_above = origin(item).section == "backward" and not rule
    if comment is not None and (is_above or len(first) + len(comment) + 2 > WIDTH):
        writer.add(depth, comment)
        comment = None
    for number_, line in enumerate(wrapped(code, depth)):
        writer.add(depth, f"{line}  {comment}" if comment and not number_ else line, place)


def _code(writer: Writer, item: Assign | Update) -> list[str]:
    """The lines of a statement."""
    scope = writer.scope
    target_ = scope.reference(item.variable, item.indices)
    if isinstance(item, Update):
        value = scope.write(item.value, TERNARY if item.kind in _COMBINE else SUM)
        if item.kind in _COMBINE:
            return [f"{target_} {_COMBINE[item.kind]} {value}"]
        sign = ">" if item.kind == "max" else "<"
        unordered = f" or {value} != {value}" if item.value.dtype == "float" else ""  # nan stays
        return [f"if {value} {sign} {target_}{unordered}:", f"{INDENT}{target_} = {value}"]
    if isinstance(item.value, Pack):
        return listed(f"{target_} = ", [scope.write(element) for element in item.value.elements], item.value.shape)
    return [f"{target_} = {scope.write(item.value)}"]


def _comment(writer: Writer, item: Assign | Update, place: Span | None) -> str | None:
    """The line of the model that a statement comes from, said once for statements that follow each other."""
    is_copy = isinstance(item.value, Load) and item.value.variable.role == "total"  # said where it is summed
    if writer.source is None or place is None or place.line == writer.said or is_copy:
        return None
    writer.said = place.line
    return _quoted(writer.source, place) if origin(item).section == "backward" else f"# line {place.line}"


def _quoted(source: Sequence[str], place: Span) -> str:
    text = source[place.line - 1].split("#")[0].strip() if place.line <= len(source) else ""
    return f"# line {place.line}: {_printable(text)}" if text else f"# line {place.line}"


def _printable(text: str) -> str:
    shown = "".join(c if c.isprintable() else " " for c in text)
    return shown if len(shown) <= WIDTH - 20 else f"{shown[: WIDTH - 23]}..."


def _filled(scope: Scope, sizes: Sequence[Expression], fill: str) -> str:
    """A nested list of the sizes, every element `fill`."""
    runs = []
    for dimension, size in enumerate(sizes[:-1]):
        name = "_"
        if any(isinstance(part, RowIndex) and part.dimension == dimension for part in parts(sizes[dimension + 1 :])):
            name = scope.dimensions[dimension] = f"row_{dimension + 1}"
        runs.append(f"for {name} in range({scope.write(size)})")
    text = f"[{fill}] * {scope.write(sizes[-1], PRODUCT + 1)}"
    for run in reversed(runs):
        text = f"[{text} {run}]"
    return text


def _result(writer: Writer) -> list[str]:
    scope, nest = writer.scope, writer.nest
    written: set[str] = set()
    outputs = [_own(scope, output, written) for output in nest.outputs]
    value = outputs[0] if len(outputs) == 1 else f"({', '.join(outputs)})"
    if not nest.gradients:
        return [f"return {', '.join(outputs)}"]
    gradients = [(given, _gradient(scope, given, adjoint, written)) for given, adjoint in nest.gradients]
    parameters = [(given, text) for given, text in gradients if given.role == "parameter"]
    others = [text for given, text in gradients if given.role != "parameter"]
    lines = []
    if parameters:
        lines.append("grads = {")
        lines += [f'{INDENT}"{given.said[0]}": {text},' for given, text in parameters]
        lines.append("}")
        if not others:
            return [*lines, f"return {value}, grads"]
        others = ["grads", *others]
    grads = f"({others[0]},)" if len(others) == 1 else f"({', '.join(others)})"
    if len(f"return {value}, {grads}") + len(INDENT) <= WIDTH:
        return [*lines, f"return {value}, {grads}"]
    return [*lines, "grads = (", *[f"{INDENT}{one}," for one in others], ")", f"return {value}, grads"]


def _gradient(scope: Scope, given: Variable, adjoint: Expression | None, written: set[str]) -> str:
    if isinstance(adjoint, Apply) and adjoint.op == "real" and isinstance(adjoint.args[0], Load):
        return _real_entries(scope.write(adjoint.args[0]), len(adjoint.args[0].variable.sizes))
    if adjoint is not None:
        return _own(scope, adjoint, written)
    return _filled(scope, given.sizes, "0.0") if given.sizes else "0.0"


def _real_entries(text: str, rank: int) -> str:
    """The floats of a nested list of integers."""
    if not rank:
        return f"float({text})"
    return (
        f"[{_real_entries('entry' if rank == 1 else 'row', rank - 1)} for {'entry' if rank == 1 else 'row'} in {text}]"
    )


def _own(scope: Scope, result: Expression, written: set[str]) -> str:
    """A result; an array that is one already is copied, since who gets two lists may change one."""
    text = scope.write(result)
    axes = len(result.variable.sizes) - len(result.indices) if isinstance(result, Load) else 0
    if not axes or text not in written:
        written.add(text)
        return text
    return _copied(text, axes)


def _copied(array: str, axes: int) -> str:
    """`list(x)`, `[list(row) for row in X]`."""
    if axes == 1:
        return f"list({array})"
    part = "row" if axes == 2 else f"rows_{axes}"
    return f"[{_copied(part, axes - 1)} for {part} in {array}]"
