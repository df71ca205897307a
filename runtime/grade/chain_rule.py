"""The chain rule for a statement of a forward pass, as code and in words: what `d` of a name is made of.

>>> from mgc.runtime.grade.expansion import forward
>>> forward_ = forward(ast.parse("def f(x, w):\\n    y = x * w\\n    return log(y)").body[0], {"x": (), "w": ()})
>>> print(answer(forward_, "x", Setting(ast.parse(""))))
dx = dy * w
>>> hint(forward_, "y")
['y is read by: out = log(y)', '    c = log(a): da += dc / a']
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from mgc.compiler.emit.python import operators as python
from mgc.compiler.emit.spelling import Scope
from mgc.compiler.gradient.guarded import times
from mgc.compiler.gradient.rules import rules
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.nodes import Origin
from mgc.compiler.language import library
from mgc.compiler.language.program import Program
from mgc.compiler.schedule.freeze import Place
from mgc.compiler.schedule.loopnest import Variable
from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.terms import spelled
from mgc.compiler.verify.text.instances import FAILURES
from mgc.compiler.verify.trace.trace import Machine
from mgc.compiler.verify.trace.values import NotRun
from mgc.runtime.grade.exercise import Forward, Statement, is_read, reads, variable
from mgc.runtime.grade.forward_run import Setting
from mgc.runtime.subscripts import root_and_indices, root_name

OPERATORS = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.USub: "neg"}
POWER = "c = a ** n: da += dc * n * a**(n - 1)"
CHOICE = "c = a if p else b: da += dc where p holds, and db += dc where it does not; the other one gets 0"
SUMS = terms.COMPARISONS | {"add", "sub", "mul", "div", "select"}  # what is in parentheses as a factor
LARGEST = "c is the largest of several: dc goes to the one that was largest, and the others get 0"


def readers(given: Forward, name: str) -> list[Statement]:
    """The statements that read the name, in order: those that store a number which has a derivative."""
    found = []
    for statement in given.statements():
        value = statement.node.value
        if statement.target in given.names and given.names[statement.target].whole:
            continue
        if name in reads(value) and any(_is_float_read(given, node, name) for node in ast.walk(value)):
            found.append(statement)
    return found


def needed(given: Forward, name: str) -> list[str]:
    """The names whose derivatives that by this one is made of, those of the last statements first."""
    targets = [statement.target for statement in readers(given, name) if statement.target != name]
    return list(dict.fromkeys(reversed(targets)))


def backward_order(given: Forward) -> list[str]:
    """The names that have a derivative, each after everything that its own needs."""
    statements = given.statements()
    last = {statement.target: place for place, statement in enumerate(statements)}
    keys: dict[str, tuple[int, int]] = {}
    for name, known in given.names.items():
        if known.whole:
            continue
        if known.role == "intermediate":
            keys[name] = (-last.get(name, -1), 0)
        else:
            places = [place for place, statement in enumerate(statements) if name in reads(statement.node.value)]
            keys[name] = (-min(places, default=-1), 1)
    return sorted(keys, key=lambda name: keys[name])


def _is_float_read(given: Forward, node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name | ast.Subscript) and root_name(node) == name and not given.names[name].whole


# --- as code


def answer(given: Forward, name: str, setting: Setting) -> str:
    """The statements that compute the derivative by a name, each in its loops; those that read the name last first."""
    blocks = [list(_contributions(given, name, statement, setting)) for statement in reversed(readers(given, name))]
    if name in given.results and name not in given.ends:
        blocks.insert(0, [f"{given.derivative(name)} = {given.incoming(name)}"])
    lines = [line for block in blocks for line in block]
    stores = [line for line in lines if " += " in line or " -= " in line]
    if len(blocks) == len(stores) == 1 and _is_once(given, readers(given, name), name):
        lines = [line.replace(" += ", " = ").replace(" -= ", " = -") for line in lines]
    return "\n".join(lines)


def _contributions(given: Forward, name: str, statement: Statement, setting: Setting) -> Iterator[str]:
    """What one statement adds: `dv += d<target> * local`, once for each element of v that the statement reads."""
    indent = ""
    replaces = isinstance(statement.node, ast.Assign) and _is_replaced(statement)
    for node in statement.around:
        if isinstance(node, ast.For):
            yield f"{indent}for {variable(node)} in {ast.unparse(node.iter)}:"
        elif replaces and node is statement.around[-1]:
            target = ast.unparse(_target(statement))
            yield f"{indent}if {ast.unparse(statement.node.value)} == {target}:  # it was the one"
        else:
            yield f"{indent}if {ast.unparse(node.test)}:"
        indent += "    "
    into = _derivative(given, _target(statement))
    if _is_product(statement):
        into += f" * {ast.unparse(_target(statement))} / {_in_parentheses(statement.node.value)}"
    elements = _elements(given, statement.node.value)
    for text, element in elements.items():
        if root_name(element) == name:
            product = _product(into, _local(statement.node.value, text, elements, setting))
            sign, product = ("-", product[1:]) if product.startswith("-") else ("+", product)
            yield f"{indent}{_derivative(given, element)} {sign}= {product}"


def _derivative(given: Forward, node: ast.expr) -> str:
    """`dW[i][j]` of `W[i][j]`."""
    return given.derivative(root_name(node)) + ast.unparse(node)[len(root_name(node)) :]


def _is_once(given: Forward, found: Sequence[Statement], name: str) -> bool:
    """Whether one statement reads every element once: by the variables of all of its loops."""
    if not found:
        return True
    elements = [node for node in _elements(given, found[0].node.value).values() if root_name(node) == name]
    variables = [variable(loop) for loop in found[0].loops]
    return all(sorted(map(ast.unparse, root_and_indices(node)[1])) == sorted(variables) for node in elements)


def _again(given: Forward, statement: Statement, name: str) -> dict[str, list[str]]:
    """The elements of a name that a statement reads in several turns of its loops, and the loops' variables."""
    elements = [node for node in _elements(given, statement.node.value).values() if root_name(node) == name]
    turns = {
        ast.unparse(node): [variable(loop) for loop in statement.loops if variable(loop) not in reads(node)]
        for node in elements
    }
    return {text: variables for text, variables in turns.items() if variables}


def _is_product(statement: Statement) -> bool:
    return isinstance(statement.node, ast.AugAssign) and isinstance(statement.node.op, ast.Mult)


def _in_parentheses(node: ast.expr) -> str:
    return ast.unparse(node) if is_read(node) else f"({ast.unparse(node)})"


def _target(statement: Statement) -> ast.expr:
    return statement.node.targets[0] if isinstance(statement.node, ast.Assign) else statement.node.target


def _is_replaced(statement: Statement) -> bool:
    """Whether the statement replaces a number by one that it was compared with, as the largest so far."""
    compared = [ast.unparse(_target(statement)), ast.unparse(statement.node.value)]
    match statement.around[-1:]:
        case (ast.If(test=ast.Compare(left=left, ops=[ast.Lt() | ast.Gt()], comparators=[right])),):
            return sorted(map(ast.unparse, (left, right))) == sorted(compared)
    return False


def _elements(given: Forward, value: ast.expr) -> dict[str, ast.expr]:
    """The numbers that an expression reads, by their text."""
    found: dict[str, ast.expr] = {}
    stack: list[ast.AST] = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name | ast.Subscript) and root_name(node) in given.names:
            if not given.names[root_name(node)].whole:
                found[ast.unparse(node)] = node
        elif not isinstance(node, ast.Subscript):
            stack += reversed(list(ast.iter_child_nodes(node)))
    return found


class _Holes(ast.NodeTransformer):
    """Numbers that are read, and integers and what is computed of them, become arguments."""

    def __init__(self, floats: set[str]) -> None:
        self.floats = floats
        self.names: dict[str, str] = {}

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        if reads(node) and not reads(node) & self.floats:
            return self._hole(node)
        return ast.BinOp(self.visit(node.left), node.op, self.visit(node.right))

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return self._hole(node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return node if node.id in ("inf", "nan") else self._hole(node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        return ast.Call(node.func, [self.visit(argument) for argument in node.args], [])

    def _hole(self, node: ast.expr) -> ast.expr:
        return ast.Name(self.names.setdefault(ast.unparse(node), f"v{len(self.names)}"), ast.Load())


def _local(value: ast.expr, text: str, elements: Mapping[str, ast.expr], setting: Setting) -> terms.Term | None:
    """d value / d element, on symbols that are spelt as the elements; None where it is not known."""
    holes = _Holes({root_name(node) for node in elements.values()})
    rewritten = holes.visit(ast.parse(ast.unparse(value), mode="eval").body)
    names = [ast.arg(name) for name in holes.names.values()]
    arguments = ast.arguments([], names, None, [], [], None, [])
    function = ast.FunctionDef("a statement", arguments, [ast.Return(rewritten)], [], lineno=1, col_offset=0)
    module = ast.fix_missing_locations(ast.Module([*setting.syntax.body, function], []))
    symbols = [terms.symbol(name) for name in holes.names.values()]
    floats = frozenset(terms.symbol(hole) for read, hole in holes.names.items() if read in elements)
    try:
        term = terms.term(Machine(module, setting.primitives).call("a statement", symbols))
        found = derivatives.derivative(term, terms.symbol(holes.names[text]), floats)
    except (NotRun, derivatives.Untranslated, *FAILURES):
        return None
    said = {
        hole: text if is_read(ast.parse(text, mode="eval").body) else f"({text})" for text, hole in holes.names.items()
    }
    return derivatives.substituted(found, {terms.symbol(hole): terms.symbol(text) for hole, text in said.items()})


def _product(into: str, local: terms.Term | None) -> str:
    if local is None:
        return f"{into} * ...  # the local derivative has no short form"
    if local is terms.ONE:
        return into
    if terms.number(local) == -1:
        return f"-{into}"
    if local.op == "div" and local.args[0] is terms.ONE:
        return f"{into} / {_factor(local.args[1])}"
    if local.op == "neg" or (local.op == "mul" and terms.number(local.args[0]) == -1):
        return f"-{into} * {_factor(local.args[-1])}"
    return f"{into} * {_factor(local)}"


def _factor(term: terms.Term) -> str:
    text = spelled(term, 2000)
    sums = term.op in SUMS or (term.op == "constant" and "/" in text)
    return f"({text})" if sums else text


# --- in words


def hint(given: Forward, name: str, lines: Mapping[int, int] | None = None) -> list[str]:
    """The statements that read a name, each with the general rules for what it does with it: not the answer."""
    said: list[str] = []
    if name in given.results and name not in given.ends:
        said.append(f"{name} is returned: {given.incoming(name)} is part of its derivative")
    found = readers(given, name)
    for statement in found:
        line = (lines or {}).get(statement.node.lineno)
        said.append(f"{name} is read by: {statement.text}{f'  # line {line}' if line else ''}")
        said += [f"    {rule}" for rule in dict.fromkeys(_rules(given, statement, name)) if f"    {rule}" not in said]
    if len(found) > 1:
        said.append(f"{name} is read in {len(found)} places: what each of them contributes is added up")
    return said


def _rules(given: Forward, statement: Statement, name: str) -> Iterator[str]:
    node = statement.node
    if _is_product(statement):
        yield "c *= a, in a loop: da += dc * c / a, the product of all the others"
    elif isinstance(node, ast.AugAssign):
        yield "c += a, in a loop: da += dc in every turn, the dc of the whole sum"
    if isinstance(node, ast.Assign) and _is_replaced(statement):
        yield LARGEST
    yield from _on_the_way(node.value, name)
    for text, variables in _again(given, statement, name).items():
        yield f"{text} is read again in every turn of the loop over {' and '.join(variables)}: add up"


def _on_the_way(node: ast.expr, name: str) -> Iterator[str]:
    """The rules of the operations between the expression's value and the name."""
    if is_read(node) or name not in reads(node):
        return
    match node:
        case ast.BinOp(op=ast.Pow()):
            yield POWER
        case ast.BinOp() | ast.UnaryOp() if type(node.op) in OPERATORS:
            yield textbook(OPERATORS[type(node.op)])
        case ast.IfExp():
            yield CHOICE
        case ast.Call(func=ast.Name(id=called)):
            yield textbook(called)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr) and not (isinstance(node, ast.IfExp) and child is node.test):
            yield from _on_the_way(child, name)


@cache
def textbook(name: str) -> str:
    """The rules of an operation of the table, where `d` of its arguments is wanted: `c` is its value.

    >>> textbook("hypot")
    'c = hypot(a, b): da += dc * (a / c) if c != 0.0 else 0.0; db += dc * (b / c) if c != 0.0 else 0.0'
    """
    row = library.operation(name)
    if row is None or not row.derivatives:
        return f"c = {name}(a): da += dc * (the derivative of {name} at a)"
    build = Builder()
    build.origin = Origin(section="backward")
    arguments = {letter: build.make("input", (), letter, "float") for letter in "abd"[: len(row.arguments)]}
    incoming = build.make("input", (), "dc", "float")
    value = build.make(name, tuple(arguments.values()))
    spelt = [*arguments.items(), ("dc", incoming), ("c", value)]
    held = {node: (Variable(serial, "argument", "float"), ()) for serial, (_, node) in enumerate(spelt)}
    here, scope = Place(held, {}), Scope(python.target(False), {serial: said for serial, (said, _) in enumerate(spelt)})
    rule = rules(Program(library.file("ops.mg"), {}), False, False)
    said = []
    for place, letter in enumerate(arguments):
        local = rule(build, value, place)
        term = times(build, incoming, local) if local is not None else None
        text = scope.write(here.value(term)) if term is not None else "0"
        said.append(f"d{letter} -= {text[1:]}" if text.startswith("-") else f"d{letter} += {text}")
    return f"c = {scope.write(here.operation(value))}: " + (
        "; " if any(" if " in one for one in said) else " and "
    ).join(said)
