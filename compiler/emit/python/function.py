"""Loop nest -> Python that imports nothing but `math`: the text of one function."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct, field

from mgc.compiler.emit.python import told
from mgc.compiler.emit.python.layout import WIDTH, Lines, listed, wrapped
from mgc.compiler.emit.python.operators import target
from mgc.compiler.emit.python.requirements import failing
from mgc.compiler.emit.python.rows import rows
from mgc.compiler.emit.real import real_gradients
from mgc.compiler.emit.spelling import COMBINE, COMPARE, OR, PRODUCT, SUM, Scope, combining, key
from mgc.compiler.emit.tokens import COMMA, INDENT, Code, Line, Token, bracketed, separated, text
from mgc.compiler.graph.nodes import Origin
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
    LoopNest,
    Number,
    Pack,
    Require,
    RowIndex,
    Update,
    Variable,
    origin,
    parts,
    sections,
)
from mgc.grammar.tree import Function, Span

Told = Allocate | Assign | Update


class Writer(Struct):
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
    call: str = ""  # and the call that it was read in
    explained: dict[str, None] = field(default_factory=dict)  # the library's functions that are told
    place: str = ""  # `f of model.mg`, where what it requires is checked

    def add(
        self, depth: int, code: str | Code, source: Origin | None = None, comment: str = "", item: Told | None = None
    ) -> None:
        """A line, the first of the item where one is given."""
        tokens = (Token(code),) if isinstance(code, str) else code
        tell = None if item is None else partial(told.statement, item, self.scope)
        self.lines.append(Line(tokens, source, depth, comment, tell))

    def add_all(
        self, depth: int, lines: Lines, source: Origin | None = None, comment: str = "", item: Told | None = None
    ) -> None:
        """The lines of one statement, the comment beside the first."""
        for place, (extra, code) in enumerate(lines):
            self.add(depth + extra, code, source, "" if place else comment, None if place else item)


def function(
    named: names.NamedNest, source: Sequence[str] | None, ieee: bool, place: str = ""
) -> tuple[list[Line], Scope]:
    """The statements of a function, and what they use. No `source`: none says its line. `place`: what checks name."""
    nest = real_gradients(named.nest)
    scope = Scope(target(ieee), named.variables, named.loops, named.sizes)
    names_of_rows = {} if nest.in_steps else rows(nest)
    writer = Writer(scope, nest, source, names_of_rows, frozenset(named.taken), dict.fromkeys(named.taken), place=place)
    _block(writer, nest.body, 1)
    if nest.outputs:
        _result(writer)
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
            writer.add(depth, "# backward")
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
    if place is None or place.span is None or writer.source is None:
        return
    call = told.within(place)
    if (place.span.line, call) != (writer.said, writer.call):
        writer.said, writer.call = place.span.line, call
        writer.add(depth, _quoted(writer.source, place.span, depth, call))
        for name in told.library(items, place.span.line):
            _explained(writer, name, depth)


def _explained(writer: Writer, name: str, depth: int) -> None:
    """What a function of the library is, where it is met first."""
    found = library.lookup(name)
    about = found.declaration.docstring if found is not None and isinstance(found.declaration, Function) else None
    if about is None or name in writer.explained:
        return
    writer.explained[name] = None
    width = WIDTH - len(INDENT) * depth - 2
    for line in textwrap.wrap(f"{name}: {about[:1].lower()}{about[1:]}", width, subsequent_indent="  "):
        writer.add(depth, f"# {line}")


def _name_rows(writer: Writer, item: Item, depth: int) -> None:
    """`W_j = W[j]`, and a row of numbers at once: `w_0, w_1 = w`."""
    scope = writer.scope
    for variable, indices in writer.rows.get(item.serial, ()):
        row = scope.reference(variable, indices)
        if row not in writer.named:
            array = scope.variables[variable.serial]
            writer.named[row] = _row_name(writer, "_".join([array, *[scope.write(index) for index in indices]]))
        scope.rows[key(variable, indices)] = writer.named[row]
        writer.add(depth, f"{writer.named[row]} = {row}", variable.origin)


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
        case Require():
            _require(writer, item, depth)


def _require(writer: Writer, item: Require, depth: int) -> None:
    place = Origin(item.span)
    head = wrapped((Token("if "),), writer.scope.tokens(item.failed), (Token(":"),), depth)
    writer.add_all(depth, head, place, f"# line {item.span.line}" if len(head) == 1 else "")
    writer.add_all(depth + 1, failing(item, writer.place, writer.scope, depth + 1), place)


def _allocate(writer: Writer, item: Allocate, depth: int) -> None:
    name = writer.scope.variables[item.variable.serial]
    fill = writer.scope.number(item.fill)
    remark = told.remark(item, writer.scope) or ""
    sizes, place = item.variable.sizes, item.variable.origin
    code = f"{name} = {_filled(writer.scope, sizes, fill) if sizes else fill}"
    if remark and len(INDENT) * depth + len(code) + len(remark) + 2 > WIDTH:
        _add_above(writer, remark, depth)
        remark = ""
    writer.add(depth, code, None if sizes else place, remark, item)


def _bounds(scope: Scope, loop: For) -> str:
    start, stop = scope.write(loop.start), scope.write(loop.stop)
    if loop.step != 1:
        return f"{start}, {stop}, {loop.step}"
    return stop if isinstance(loop.start, Number) and loop.start.value == 0 else f"{start}, {stop}"


def _branch(writer: Writer, item: If, depth: int) -> None:
    item = _merged(writer, _positive(item))
    writer.add_all(depth, wrapped((Token("if "),), writer.scope.tokens(item.condition), (Token(":"),), depth))
    _block(writer, item.then, depth + 1)
    if item.otherwise:
        writer.add(depth, "else:")
        _block(writer, item.otherwise, depth + 1)


def _positive(item: If) -> If:
    """A branch with nothing where its condition holds as one of the opposite."""
    return item if item.then else If(item.serial, Apply("not", (item.condition,), "bool"), item.otherwise)


def _merged(writer: Writer, item: If) -> If:
    """Branches in each other as one, where nothing else stands in the outer one."""
    while not item.otherwise and len(written := _written(item.then)) == 1 and isinstance(written[0], If):
        inner = _positive(written[0])
        if inner.serial in writer.rows or inner.otherwise:
            break
        item = If(item.serial, Apply("and", (item.condition, inner.condition), "bool"), inner.then)
    return item


def _written(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if not isinstance(item, Declare)]


def _statement(writer: Writer, item: Assign | Update, depth: int) -> None:
    source = writer.scope.origin = origin(item)
    rule = told.remark(item, writer.scope)
    comment = rule or _comment(writer, item, source.span, depth)
    lines = _code(writer, item, depth)
    width = len(INDENT) * depth + len(text(lines[0][1]))
    is_above = source.section == "backward" and not rule
    if comment is not None and (is_above or width + len(comment) + 2 > WIDTH):
        _add_above(writer, comment, depth)
        comment = None
    writer.add_all(depth, lines, source, comment or "", item)


def _add_above(writer: Writer, comment: str, depth: int) -> None:
    """A comment on lines of its own, broken between rules where it is longer than a line."""
    line, *rules = comment.split("; ")
    for rule in rules:
        if len(INDENT) * depth + len(f"{line}; {rule};") > WIDTH:
            writer.lines.append(Line((), None, depth, f"{line};"))
            line = f"# {rule}"
        else:
            line = f"{line}; {rule}"
    writer.lines.append(Line((), None, depth, line))


def _code(writer: Writer, item: Assign | Update, depth: int) -> Lines:
    """The lines of a statement."""
    scope = writer.scope
    target_ = Token(scope.reference(item.variable, item.indices), item.variable.origin)
    if isinstance(item, Assign) and isinstance(item.value, Pack):
        elements = [scope.tokens(element) for element in item.value.elements]
        return listed((target_, Token(" = ")), elements, item.value.shape, depth)
    if isinstance(item, Assign):
        assert not isinstance(item.value, Pack)
        return wrapped((target_, Token(" = ")), scope.tokens(item.value), (), depth)
    if item.kind in COMBINE:
        operator, value = combining(item)
        return wrapped((target_, Token(f" {operator} ")), scope.tokens(value), (), depth)
    return _extremum(scope, target_, item, depth)


def _extremum(scope: Scope, target_: Token, item: Update, depth: int) -> Lines:
    """`if x > largest or x != x: largest = x`, in two lines: nan stays."""
    value = scope.tokens(item.value, SUM)
    test: Code = (*value, Token(" > " if item.kind == "max" else " < ", None, "", COMPARE), target_)
    if item.value.dtype == "float":
        test = (*test, Token(" or ", None, "", OR), *value, Token(" != ", None, "", COMPARE), *value)
    head = wrapped((Token("if "),), test, (Token(":"),), depth)
    return [*head, *[(1 + extra, code) for extra, code in wrapped((target_, Token(" = ")), value, (), depth + 1)]]


def _comment(writer: Writer, item: Assign | Update, place: Span | None, depth: int) -> str | None:
    """The line of the model that a statement comes from, said once for statements that follow each other."""
    is_copy = isinstance(item.value, Load) and item.value.variable.role == "total"  # said where it is summed
    is_copy |= isinstance(item, Update) and not isinstance(item.value, Apply) and bool(item.variable.derivative_of)
    if writer.source is None or place is None or place.line == writer.said or is_copy:
        return None
    writer.said = place.line
    return _quoted(writer.source, place, depth) if origin(item).section == "backward" else f"# line {place.line}"


def _quoted(source: Sequence[str], place: Span, depth: int, call: str = "") -> str:
    said = f"# line {place.line} in {call}" if call else f"# line {place.line}"
    quoted = source[place.line - 1].split("#")[0].strip() if place.line <= len(source) else ""
    return f"{said}: {_printable(quoted, WIDTH - len(INDENT) * depth - len(said) - 2)}" if quoted else said


def _printable(source: str, width: int) -> str:
    shown = source if source.isprintable() else "".join(c if c.isprintable() else " " for c in source)
    return shown if len(shown) <= width else f"{shown[: max(width - 3, 0)]}..."


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


def _result(writer: Writer) -> None:
    """The lines that return what a function gives."""
    scope, nest = writer.scope, writer.nest
    scope.origin = nest.origin
    written: set[str] = set()
    outputs = [_own(scope, output, written) for output in nest.outputs]
    if not nest.gradients:
        _return(writer, separated(outputs))
        return
    value = outputs[0] if len(outputs) == 1 else bracketed(separated(outputs))
    gradients = [(given, _gradient(scope, given, adjoint, written)) for given, adjoint in nest.gradients]
    parameters = [(given, code) for given, code in gradients if given.role == "parameter"]
    grads = [code for given, code in gradients if given.role != "parameter"]
    if parameters:
        writer.add(1, "grads = {")
        for given, code in parameters:
            writer.add(2, (Token(f'"{given.said[0]}": '), *code, Token(",")))
        writer.add(1, "}")
        place = next(place for place, (given, _) in enumerate(gradients) if given.role == "parameter")
        grads.insert(place, (Token("grads"),))  # as --wrt has them
    if parameters and len(grads) == 1:
        _return(writer, (*value, COMMA, *grads[0]))
        return
    together = bracketed((*grads[0], Token(","))) if len(grads) == 1 else bracketed(separated(grads))
    if len(INDENT) + len(f"return {text(value)}, {text(together)}") > WIDTH:
        writer.add(1, "grads = (")
        for one in grads:
            writer.add(2, (*one, Token(",")))
        writer.add(1, ")")
        together = (Token("grads"),)
    _return(writer, (*value, COMMA, *together))


def _return(writer: Writer, value: Code) -> None:
    writer.add_all(1, wrapped((Token("return "),), value, (), 1), writer.nest.origin)


def _gradient(scope: Scope, given: Variable, adjoint: Expression | None, written: set[str]) -> Code:
    if isinstance(adjoint, Apply) and adjoint.op == "real" and isinstance(adjoint.args[0], Load):
        return (Token(_real_entries(scope.write(adjoint.args[0]), len(adjoint.args[0].variable.sizes))),)
    if adjoint is not None:
        return _own(scope, adjoint, written)
    return (Token(_filled(scope, given.sizes, "0.0") if given.sizes else "0.0"),)


def _real_entries(said: str, rank: int) -> str:
    """The floats of a nested list of integers."""
    if not rank:
        return f"float({said})"
    part = "entry" if rank == 1 else "row"
    return f"[{_real_entries(part, rank - 1)} for {part} in {said}]"


def _own(scope: Scope, result: Expression, written: set[str]) -> Code:
    """A result; an array that is one already is copied, since who gets two lists may change one."""
    code = scope.tokens(result)
    axes = len(result.variable.sizes) - len(result.indices) if isinstance(result, Load) else 0
    if not axes or text(code) not in written:
        written.add(text(code))
        return code
    return (Token(_copied(text(code), axes)),)


def _copied(array: str, axes: int) -> str:
    """`list(x)`, `[list(row) for row in X]`."""
    if axes == 1:
        return f"list({array})"
    part = "row" if axes == 2 else f"rows_{axes}"
    return f"[{_copied(part, axes - 1)} for {part} in {array}]"
