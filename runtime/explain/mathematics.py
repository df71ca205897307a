"""Statements of a model, and of what is emitted for it -> MathML, as plain nested lists: no text is ever markup.

>>> from mgc.grammar.parser import parse
>>> [made] = parse("def f(x): return x/2", "f.mg").declarations
>>> expression(made.body[0].values[0])
['mfrac', ['mi', 'x'], ['mn', '2']]
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from mgc.grammar import tree
from mgc.grammar.diagnostics import ModelError
from mgc.grammar.parser import parse
from mgc.runtime.explain.places import Index, Rows

MathML = list["str | MathML"]
TEST, SUM, PRODUCT, SIGN, POWER, ATOM = range(6)  # how strongly what is written holds together
DEEPEST = 60  # levels of an expression that is set; a deeper one stays as it is written

GREEK = dict(
    zip(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lamda lambda mu nu xi pi rho sigma tau phi chi psi "
        "omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split(),
        "αβγδεζηθικλλμνξπρστφχψωΓΔΘΛΞΠΣΦΨΩ",
        strict=True,
    )
)
SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠", "==": "=", "<": "<", ">": ">"}
BIG = {"sum": "∑", "prod": "∏"}
NAME = re.compile(r"([A-Za-z]+?)_?(\d+|(?<=_)[A-Za-z]{1,2})?")
Reduction = tuple[str, Sequence[str]]  # a big sign, and the indices below it
Condition = tuple[str, str]  # "if" or "unless", and what is asked
RULE = re.compile(r"d ?(.+)/d(\w+) = (.+)")


class Derivatives(Struct, frozen=True):
    """How emitted text is read: each name of a derivative with what it is by, what is differentiated, named rows.

    `reads` are names that only stand for something that is read.
    """

    by: Mapping[str, str]
    of: str
    rows: Rows
    reads: Mapping[str, Read]


class Read(Struct, frozen=True):
    """What a name with indices stands for: `w_2[i]` for `w[2*i + 1]`."""

    indices: tuple[str, ...]
    value: tree.Expression

    def at(self, items: Sequence[tree.Expression | tree.Slice]) -> tree.Expression:
        given = [item for item in items if not isinstance(item, tree.Slice)]
        return tree.replaced(self.value, dict(zip(self.indices, given, strict=False)))


def statement(node: tree.Statement, function: str) -> MathML | None:
    """An assignment, a result or a parameter as an equation; None for what says no more than its lines do."""
    match node:
        case tree.Assign(targets=targets, value=tree.Comprehension(body=body, clauses=clauses)) if len(targets) == 1:
            index = _listed([symbol(name) for clause in clauses for name in clause.names])
            return _row(_below(symbol(targets[0].identifier), index), _sign("="), expression(body), _ranges(clauses))
        case tree.Assign(targets=targets, value=value):
            return _row(_listed([symbol(name.identifier) for name in targets]), _sign("="), expression(value))
        case tree.Return(values=values):
            return _row(["mi", function], _sign("="), _listed([expression(value) for value in values]))
        case tree.Param(name=name, dimensions=dimensions):
            return _row(symbol(name), _sign("∈"), _space("ℝ", dimensions))
    return None


def arguments(function: tree.Function) -> MathML:
    """What a function is given: `x ∈ ℝ^n`."""
    given = [
        _row(symbol(one.name), _sign("∈"), _space("ℤ" if one.dtype == "int" else "ℝ", one.dimensions))
        for one in function.arguments
    ]
    return _listed(given)


def emitted(
    target: str, sign: str, value: str, reduction: Reduction, conditions: Sequence[Condition], derivatives: Derivatives
) -> MathML | None:
    """A statement of emitted text, in which `d<name>` is a derivative; None for what is no equation.

    `conditions`: under which it is executed.
    """
    left, right = read(target), read(value)
    asked = [(word, read(test)) for word, test in conditions]
    if left is None or right is None:
        return None
    big, over = reduction
    made = expression(right, derivatives, PRODUCT if over or sign == "−=" else SUM)
    if over:
        made = _row(["munder", ["mo", big], _listed([symbol(index) for index in over])], made)
    told: list[MathML] = []
    for word, test in asked:
        said: MathML = ["mtext", "…"] if test is None else expression(test, derivatives, TEST)
        told += [["mtext", f", {word} " if told else f"   {word} "], said]
    return _row(expression(left, derivatives), _sign(sign), made, *told)


def rule(text: str) -> MathML | None:
    """`d tanh(u)/du = 1 - tanh(u)**2`, or several with semicolons between them; None for what is said in words."""
    parts: list[MathML] = []
    for part in text.split("; "):
        found = RULE.fullmatch(part)
        operation, slope = (read(found[1]), read(found[3])) if found else (None, None)
        if found is not None and operation is not None and slope is not None:
            above, below = expression(operation, None, SIGN), symbol(found[2])
            left: MathML = ["mfrac", _row(["mo", "∂"], above), _row(["mo", "∂"], below)]
            parts.append(_row(left, _sign("="), expression(slope)))
    return _listed(parts) if parts else None


def symbol(name: str) -> MathML:
    """`x1` with its number below, `alpha` as the letter."""
    found = NAME.fullmatch(name)
    if found is None or not found[2]:
        return ["mi", GREEK.get(name, name)]
    return ["msub", ["mi", GREEK.get(found[1], found[1])], ["mn" if found[2].isdigit() else "mi", found[2]]]


def read(text: str) -> tree.Expression | None:
    """An expression of emitted text, whose spelling is the model language's where it is plain arithmetic."""
    try:
        [made] = parse(f"def f(): return {text}", "").declarations
    except ModelError:
        return None
    assert isinstance(made, tree.Function) and isinstance(made.body[0], tree.Return)
    return made.body[0].values[0] if len(made.body[0].values) == 1 else None


def expression(node: tree.Expression, derivatives: Derivatives | None = None, least: int = SUM) -> MathML:
    """An expression, in brackets where it holds together less strongly than is needed."""
    if _depth(node) > DEEPEST:
        return ["mtext", "…"]
    made, strength = _written(node, derivatives)
    return _row(["mo", "("], made, ["mo", ")"]) if strength < least else made


def _written(node: tree.Expression, d: Derivatives | None) -> tuple[MathML, int]:
    match node:
        case tree.Number(value=value):
            return _numeral(repr(value).removesuffix(".0")), ATOM
        case tree.Name(identifier=name):
            if d and name in d.reads and not d.reads[name].indices:
                return _written(d.reads[name].value, d)
            return _named(name, [], d), ATOM
        case tree.Unary(operator="not", operand=operand):
            return _row(["mo", "¬"], expression(operand, d, SIGN)), SIGN
        case tree.Unary(operator=operator, operand=operand):
            return _row(["mo", "−" if operator == "-" else "+"], expression(operand, d, SIGN)), SUM
        case tree.Binary():
            return _binary(node, d)
        case tree.Comparison():
            return _comparison(node, d), TEST
        case tree.Logical(operator=operator, left=left, right=right):
            between = _sign("∧" if operator == "and" else "∨")
            return _row(expression(left, d, TEST), between, expression(right, d, TEST)), TEST
        case tree.Conditional():
            return _cases(node, d), ATOM
        case tree.Call():
            return _call(node, d)
        case tree.Reduction():
            return _reduction(node, d), PRODUCT
        case tree.Comprehension(body=body, clauses=clauses):
            return _below(_bracketed([expression(body, d)]), _under(clauses)), ATOM
        case tree.Index():
            return _index(node, d)
        case tree.Transpose(base=base):
            return ["msup", expression(base, d, ATOM), ["mo", "⊤"]], POWER
        case tree.ArrayLiteral(elements=elements):
            return _bracketed([expression(one, d) for one in elements]), ATOM


def _comparison(node: tree.Comparison, d: Derivatives | None) -> MathML:
    parts = [expression(node.operands[0], d)]
    for sign, operand in zip(node.operators, node.operands[1:], strict=True):
        parts += [_sign(SIGNS[sign]), expression(operand, d)]
    return _row(*parts)


def _reduction(node: tree.Reduction, d: Derivatives | None) -> MathML:
    """A big sign, or the name of what reduces, over the indices."""
    is_big = node.function in BIG
    sign: MathML = ["mo", BIG[node.function]] if is_big else ["mi", node.function]
    beside: MathML = ["mrow"] if is_big else ["mspace"]
    return _row(["munder", sign, _under(node.clauses)], beside, expression(node.body, d, PRODUCT))


def _binary(node: tree.Binary, d: Derivatives | None) -> tuple[MathML, int]:
    left, right = node.left, node.right
    match node.operator:
        case "/":
            return ["mfrac", expression(left, d), expression(right, d)], PRODUCT
        case "//":
            inner: MathML = ["mfrac", expression(left, d), expression(right, d)]
            return _row(["mo", "⌊"], inner, ["mo", "⌋"]), ATOM
        case "**":
            return ["msup", expression(left, d, ATOM), expression(right, d)], POWER
        case "+" | "-" as sign:
            after = expression(right, d, SUM if sign == "+" and not isinstance(right, tree.Unary) else PRODUCT)
            return _row(expression(left, d), _sign("−" if sign == "-" else "+"), after), SUM
        case "%":
            return _row(expression(left, d, PRODUCT), _sign("mod"), expression(right, d, SIGN)), PRODUCT
        case sign:
            parts = expression(left, d, PRODUCT), expression(right, d, PRODUCT)
            beside = sign == "@" or (_is_short(parts[0]) and _is_short(parts[1]) and parts[1][0] != "mn")
            return _row(parts[0], ["mspace"] if beside else _sign("⋅"), parts[1]), PRODUCT


def _call(node: tree.Call, d: Derivatives | None) -> tuple[MathML, int]:
    given = [expression(one, d) for one in node.arguments]
    given += [_row(symbol(name), _sign("="), expression(value, d)) for name, value in node.keywords]
    match node.function, len(given):
        case "exp", 1:
            return ["msup", ["mi", "e"], given[0]], POWER
        case "sqrt", 1:
            return ["msqrt", given[0]], ATOM
        case "abs", 1:
            return _row(["mo", "|"], given[0], ["mo", "|"]), ATOM
        case ("sum" | "prod") as name, 1:
            return _row(["mo", BIG[name]], expression(node.arguments[0], d, PRODUCT)), PRODUCT
    called = symbol(node.function)
    if node.sizes:
        called = _below(called, _listed([expression(size) for size in node.sizes]))
    return _row(called, ["mo", "("], _listed(given), ["mo", ")"]), ATOM


def _index(node: tree.Index, d: Derivatives | None) -> tuple[MathML, int]:
    """`W[i, j]` and `W[i][j]`, with the indices below; of a derivative they stand below what it is by."""
    base: tree.Expression = node
    items: list[tree.Expression | tree.Slice] = []
    while isinstance(base, tree.Index):
        items[:0] = base.items
        base = base.base
    if isinstance(base, tree.Name) and d and base.identifier in d.reads:
        return _written(d.reads[base.identifier].at(items), d)
    below = [_item(item, d) for item in items]
    if isinstance(base, tree.Name):
        return _named(base.identifier, below, d), ATOM
    return _below(expression(base, d, ATOM), _listed(below)), ATOM


def _named(name: str, below: list[MathML], d: Derivatives | None) -> MathML:
    """A name with indices: that of a row as the array's, that of a derivative as `∂out/∂x`."""
    if d and name in d.rows:
        name, row = d.rows[name]
        below = [*map(_position, row), *below]
    by = d.by.get(name) if d else None
    made = symbol(name if by is None else by)
    made = _below(made, _listed(below)) if below else made
    if d is None or by is None:
        return made
    return ["mfrac", _row(["mo", "∂"], symbol(d.of)), _row(["mo", "∂"], made)]


def _position(index: Index) -> MathML:
    """The place of a row in its array."""
    if isinstance(index, int):
        return ["mn", str(index)]
    if isinstance(index, str):
        return symbol(index)
    sign, *parts = index
    if sign == "[]":
        return _below(symbol(str(parts[0])), _listed([_position(part) for part in parts[1:]]))
    return _row(_position(parts[0]), _sign(str(sign)), _position(parts[1]))


def _numeral(said: str) -> MathML:
    """A number, its power of ten written as one."""
    digits, _, exponent = said.partition("e")
    if not exponent:
        return ["mn", digits]
    power: MathML = ["msup", ["mn", "10"], ["mn", str(int(exponent)).replace("-", "−")]]
    return power if digits == "1" else _row(["mn", digits], _sign("⋅"), power)


def _item(item: tree.Expression | tree.Slice, d: Derivatives | None) -> MathML:
    if not isinstance(item, tree.Slice):
        return expression(item, d)
    ends: list[MathML] = [["mi", ""] if end is None else expression(end, d) for end in (item.start, item.stop)]
    return _row(ends[0], ["mo", ":"], ends[1])


def _below(base: MathML, index: MathML) -> MathML:
    return ["msub", base, index]


def _cases(node: tree.Conditional, d: Derivatives | None) -> MathML:
    rows: list[MathML] = []
    arm: tree.Expression = node
    while isinstance(arm, tree.Conditional):
        condition = _row(["mtext", "if "], expression(arm.condition, d, TEST))
        rows.append(["mtr", ["mtd", expression(arm.value, d)], ["mtd", condition]])
        arm = arm.otherwise
    rows.append(["mtr", ["mtd", expression(arm, d)], ["mtd", ["mtext", "else"]]])
    return _row(["mo", "{"], ["mtable", *rows])


def _under(clauses: Sequence[tree.Clause]) -> MathML:
    parts: list[MathML] = []
    for clause in clauses:
        names = _listed([symbol(name) for name in clause.names])
        parts.append(names if clause.iterable is None else _row(names, *_within(clause.iterable)))
        parts += [expression(condition, None, TEST) for condition in clause.conditions]
    return _listed(parts)


def _within(iterable: tree.Expression) -> list[MathML]:
    match iterable:
        case tree.Call(function="range", arguments=(stop,)):
            return [_sign("<"), expression(stop)]
        case tree.Call(function="range", arguments=(start, stop)):
            return [_sign("="), expression(start), ["mo", "…"], _row(expression(stop), _sign("−"), ["mn", "1"])]
    return [_sign("∈"), expression(iterable)]


def _ranges(clauses: Sequence[tree.Clause]) -> MathML:
    """Where the entries of an array are, if its line says so."""
    told = [clause for clause in clauses if clause.iterable is not None or clause.conditions]
    return _row(["mtext", "   for "], _under(told)) if told else ["mrow"]


def _space(numbers: str, dimensions: Sequence[tree.Expression]) -> MathML:
    parts: list[MathML] = []
    for size in dimensions:
        parts += [_sign("×"), expression(size, None, PRODUCT)] if parts else [expression(size, None, PRODUCT)]
    return ["msup", ["mi", numbers], _row(*parts)] if parts else ["mi", numbers]


def _listed(parts: Sequence[MathML]) -> MathML:
    found: list[MathML] = []
    for part in parts:
        found += [["mo", ","], part] if found else [part]
    return found[0] if len(found) == 1 else _row(*found)


def _bracketed(parts: Sequence[MathML]) -> MathML:
    return _row(["mo", "["], _listed(parts), ["mo", "]"])


def _row(*parts: MathML) -> MathML:
    return ["mrow", *parts]


def _sign(said: str) -> MathML:
    return ["mo", said]


def _is_short(made: MathML) -> bool:
    """Whether it is a letter, perhaps with an index, or a number: such factors stand beside each other."""
    inner = made[1] if made[0] == "msub" else made
    return inner[0] in ("mi", "mn") and (inner[0] == "mn" or len(str(inner[1])) == 1)


def _depth(root: tree.Expression) -> int:
    """How many expressions stand in each other."""
    deepest, waiting = 0, [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(inner, depth + 1) for inner in _inner(node)]
    return deepest


def _inner(node: object) -> list[tree.Expression]:
    found: list[tree.Expression] = []
    for name in getattr(node, "__struct_fields__", ()):
        value = getattr(node, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, tree.Clause):
                found += _inner(one)
            elif isinstance(one, tree.Expression):
                found.append(one)
    return found
