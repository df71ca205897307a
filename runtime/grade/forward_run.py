"""The forward pass of an exercise at concrete sizes, on symbols: each name -> the terms of its entries.

>>> from mgc.runtime.grade.expansion import forward
>>> tree = ast.parse("def f(x):\\n    y = x * x\\n    return y * x")
>>> run = traced(forward(tree.body[0], {"x": ()}), Setting(tree), {}, {})
>>> str(run.entries["y"]), str(run.entries["out"])
('y', 'out')
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text import reading
from mgc.compiler.verify.text.instances import FAILURES
from mgc.compiler.verify.trace.trace import Machine
from mgc.compiler.verify.trace.values import UNDEFINED, NotRun, Row, flat, symbols
from mgc.runtime.grade.exercise import Forward, NoExercise, bounds, is_room, reads, variable
from mgc.runtime.subscripts import root_name

Nested = Any  # a Term or int, or nested lists of them
RUN = "the forward pass"  # no function of the text is called so
COPY = "fma"


class Setting(Struct, frozen=True):
    """What the text defines besides the function. `primitives`: helpers that stand for the function of their name."""

    syntax: ast.Module
    primitives: Container[str] = ()


class Run(Struct, frozen=True):
    """`entries`: what each name holds at the end, as nested lists. `extents`: the turns of each loop, by line."""

    forward: Forward
    sizes: Mapping[str, int]
    entries: Mapping[str, Nested]
    extents: Mapping[int, int] = field(default_factory=dict)

    def shape(self, name: str) -> tuple[int, ...]:
        return extents_of(self.entries[name])

    def results(self) -> list[tuple[str, Nested]]:
        return [(name, self.entries[name]) for name in self.forward.results]


def traced(
    given: Forward,
    setting: Setting,
    sizes: Mapping[str, int],
    integers: Mapping[str, Nested],
) -> Run:
    """Run it. `integers` are the values of the arguments that are whole numbers. Errors: NoExercise."""
    extents = turns(given, sizes, integers)
    inputs = {name: _input(given, name, sizes, integers) for name in given.names if _is_input(given, name)}
    wanted = [name for name in given.names if name not in inputs]
    returned = ast.Dict([ast.Constant(name) for name in wanted], [ast.Name(name, ast.Load()) for name in wanted])
    body = [*[_runnable(given, node) for node in given.body], ast.Return(returned)]
    if any(isinstance(node, ast.FunctionDef) and node.name == "element" for node in setting.syntax.body):
        body = [_Tested().visit(copy.deepcopy(node)) for node in body]
    function = as_function(RUN, given, body, [*inputs, *sizes, *wanted], extents)
    module = ast.fix_missing_locations(ast.Module([*setting.syntax.body, function], []))
    try:
        found = Machine(module, setting.primitives, unset=True).call(
            RUN, [*inputs.values(), *sizes.values(), *[UNDEFINED] * len(wanted)]
        )
    except (NotRun, *FAILURES) as error:
        raise NoExercise(f"the forward pass cannot be followed: {error}") from None
    never = {name: 0 for name, value in found.items() if value is UNDEFINED}  # in an arm that integers exclude
    return Run(given, sizes, {**inputs, **found, **never}, extents)


def extents_of(value: Nested) -> tuple[int, ...]:
    shape = []
    while isinstance(value, list):
        shape.append(len(value))
        value = value[0] if value else None
    return tuple(shape)


def numbers(value: Nested) -> list[Term]:
    """The entries in order, as terms."""
    return [terms.term(entry) for _, entry in flat(value)]


def _is_input(given: Forward, name: str) -> bool:
    return given.names[name].role != "intermediate"


def _input(given: Forward, name: str, sizes: Mapping[str, int], integers: Mapping[str, Nested]) -> Nested:
    if name in integers:
        return rows(integers[name])
    return symbols(name, [max(0, reading.size(str(text), sizes)) for text in given.names[name].shape])


def rows(value: Nested) -> Nested:
    """Nested lists as those of the machine."""
    return Row(rows(inner) for inner in value) if isinstance(value, list) else value


# --- loops


def turns(given: Forward, sizes: Mapping[str, int], integers: Mapping[str, Nested]) -> dict[int, int]:
    """How long the axis of each loop is, by its line: one more than the last value of its variable."""
    found: dict[int, int] = {}
    _walk(given.body, {**integers, **sizes}, found)
    return found


def _walk(body: Iterable[ast.stmt], known: dict[str, Nested], found: dict[int, int]) -> None:
    for node in body:
        match node:
            case ast.For():
                values = range(*[_bound(argument, known) for argument in bounds(node)])
                found[node.lineno] = max(found.get(node.lineno, 0), *[value + 1 for value in values], 0)
                inner = [n for n in ast.walk(node) if isinstance(n, ast.For) and n is not node]
                for loop in inner:
                    found.setdefault(loop.lineno, 0)
                depends = any(variable(node) in reads(loop.iter) for loop in inner)
                for value in values if depends else values[-1:] if inner else ():
                    _walk(node.body, {**known, variable(node): value}, found)
            case ast.If():
                _walk(node.body, known, found)
                _walk(node.orelse, known, found)


def _bound(node: ast.expr, known: Mapping[str, Nested]) -> int:
    try:
        return reading.size(ast.unparse(_Entries(known).visit(copy.deepcopy(node))), known)
    except (reading.UnknownSize, LookupError, ValueError):
        raise NoExercise(f"the bound {ast.unparse(node)} of a loop is not a size") from None


class _Entries(ast.NodeTransformer):
    """Entries of arguments that are whole numbers, as numbers: `m[i]` at i = 1 is 3. Errors: LookupError."""

    def __init__(self, known: Mapping[str, Nested]) -> None:
        self._known = known

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return ast.Constant(self._entry(node))

    def _entry(self, node: ast.expr) -> Nested:
        if isinstance(node, ast.Subscript):
            return self._entry(node.value)[_bound(node.slice, self._known)]
        return self._known[root_name(node)]


# --- what is run


def as_function(
    name: str, given: Forward, body: Sequence[ast.stmt], inputs: Sequence[str], extents: Mapping[int, int]
) -> ast.FunctionDef:
    """The statements as a function of the inputs, after room is made for what is stored in loops."""
    room = [_room(name, [extents[line] for line in known.loops]) for name, known in given.names.items() if known.loops]
    arguments = ast.arguments([], [ast.arg(name) for name in inputs], None, [], [], None, [])
    return ast.FunctionDef(name, arguments, [*room, *body], [], lineno=1, col_offset=0)


def _room(name: str, extents: Sequence[int]) -> ast.stmt:
    value: ast.expr = ast.Constant(0.0)
    for extent in reversed(extents):
        value = ast.List([value] * extent, ast.Load())
    return ast.Assign([ast.Name(name, ast.Store())], value)


def _runnable(given: Forward, node: ast.stmt) -> ast.stmt:
    """The statement with a number of its own for each copy, so that `y = x` and x have derivatives of their own."""
    match node:
        case ast.For():
            body = [_runnable(given, inner) for inner in node.body]
            return ast.copy_location(ast.For(node.target, node.iter, body, []), node)
        case ast.If():
            then, other = ([_runnable(given, inner) for inner in arm] for arm in (node.body, node.orelse))
            return ast.copy_location(ast.If(node.test, then, other), node)
        case ast.Assign():
            return ast.copy_location(ast.Assign(node.targets, _copied(given, node.targets[0], node.value)), node)
    return node


def _copied(given: Forward, target: ast.expr, value: ast.expr) -> ast.expr:
    """fma(x, 1, 0) for x, which no simplification takes for x itself. Integers, infinities and room stay."""
    names = given.names.get(root_name(target))
    if is_room(value) or (names is not None and names.whole) or reads(value) & {"inf", "nan"}:
        return value
    return ast.Call(ast.Name(COPY, ast.Load()), [value, ast.Constant(1.0), ast.Constant(0.0)], [])


class _Tested(ast.NodeTransformer):
    """Every index that is computed is tested again, as in the emitted text: `x[element(k - 1, len(x))]`."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.Subscript:
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load) and not isinstance(node.slice, ast.Constant):
            length = ast.Call(ast.Name("len", ast.Load()), [node.value], [])
            node.slice = ast.Call(ast.Name("element", ast.Load()), [node.slice, length], [])
        return node


def is_copy(term: Term) -> bool:
    return term.op == COPY and term.args[1:] == (terms.ONE, terms.ZERO)


def paths(shape: Sequence[int]) -> Iterator[str]:
    """The entries of an array as text: `[0][1]`."""
    if not shape:
        yield ""
        return
    for place in range(shape[0]):
        for rest in paths(shape[1:]):
            yield f"[{place}]{rest}"
