"""What the compiler computes twice, once again: a forward pass -> one that reads the number where it was computed.

Of an array that is read at one index the compiler computes that element alone, beside the array: `z[label]` anew, as
fast code may. In an exercise it would split the derivative of z in two. Numbers are the same where their terms are.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term
from mgc.runtime.grade.exercise import Forward, Name, Statement, is_read, reads, variable, without
from mgc.runtime.grade.forward_run import Run, Setting, is_copy, numbers, traced
from mgc.runtime.subscripts import root_name


def shared(given: Forward, setting: Setting, sizes: Mapping[str, int], integers: Mapping[str, Any]) -> Forward:
    """The forward pass without second computations of array elements. Errors: NoExercise."""
    indices = [name for name, known in given.names.items() if known.whole and name in integers]
    if not indices:
        return given
    probes = list(_probes(given))
    run = traced(_with_probes(given, probes), setting, sizes, integers)
    same = _Bare()
    found: dict[ast.expr, ast.expr] = {}
    for probe in probes:
        inside = any(probe.expression in set(ast.walk(outer)) for outer in found)
        element = None if inside else _element(given, run, probe, indices, same)
        if element is not None:
            found[probe.expression] = element
    return _cleared(replace(given, body=tuple(_replaced(node, found) for node in given.body))) if found else given


class _Probe(Struct, frozen=True, eq=False):
    """An expression of a statement, the outer before the inner, and the name under which its values are kept."""

    name: str
    statement: Statement
    expression: ast.expr


def _probes(given: Forward) -> Iterator[_Probe]:
    serial = itertools.count()
    for statement in given.statements():
        for node in ast.walk(statement.node.value):
            computed = isinstance(node, ast.BinOp) and _is_intermediate(given, node)
            if computed or (isinstance(node, ast.Name | ast.Subscript) and _is_number(given, node)):
                assert isinstance(node, ast.expr)
                yield _Probe(f"probe {next(serial)}", statement, node)


def _is_intermediate(given: Forward, node: ast.AST) -> bool:
    return any(given.names[name].role == "intermediate" for name in reads(node) if name in given.names)


def _is_number(given: Forward, node: ast.expr) -> bool:
    """Whether this is a whole read of an intermediate number."""
    known = given.names.get(root_name(node))
    depth = len([n for n in ast.walk(node) if isinstance(n, ast.Subscript) and root_name(n) == root_name(node)])
    return known is not None and known.role == "intermediate" and not known.whole and depth == len(known.shape)


def _with_probes(given: Forward, probes: Sequence[_Probe]) -> Forward:
    before: dict[ast.stmt, list[ast.stmt]] = {}
    names = dict(given.names)
    for probe in probes:
        loops = probe.statement.loops
        names[probe.name] = Name(probe.name, "intermediate", (None,) * len(loops), tuple(loop.lineno for loop in loops))
        target: ast.expr = ast.Name(probe.name, ast.Load())
        for loop in loops:
            target = ast.Subscript(target, ast.Name(variable(loop), ast.Load()), ast.Load())
        node = ast.copy_location(ast.Assign([target], probe.expression), probe.statement.node)
        before.setdefault(probe.statement.node, []).append(node)
    return replace(given, names=names, body=tuple(_inserted(given.body, before)))


def _inserted(body: Iterable[ast.stmt], before: Mapping[ast.stmt, list[ast.stmt]]) -> Iterator[ast.stmt]:
    for node in body:
        yield from before.get(node, ())
        match node:
            case ast.For():
                inner = list(_inserted(node.body, before))
                yield ast.copy_location(ast.For(node.target, node.iter, inner, []), node)
            case ast.If():
                arms = [list(_inserted(arm, before)) for arm in (node.body, node.orelse)]
                yield ast.copy_location(ast.If(node.test, *arms), node)
            case _:
                yield node


# --- which element it is


def _element(given: Forward, run: Run, probe: _Probe, indices: Sequence[str], same: _Bare) -> ast.expr | None:
    """The array element that the expression is in every turn, as an expression; None where there is none."""
    loops = probe.statement.loops
    lines = tuple(loop.lineno for loop in loops)
    turns = list(itertools.product(*[range(run.extents[line]) for line in lines]))
    for name, known in given.names.items():
        fits = len(known.shape) == len(lines) + 1 and known.loops[: len(lines)] == lines
        if known.role != "intermediate" or known.whole or not fits or not _before(given, name, probe.statement):
            continue
        for index in indices:
            position = _index(given, index, loops)
            if position is None or name == root_name(probe.expression) or not turns:
                continue
            if all(_agree(run, probe.name, name, index, turn, position, same) for turn in turns):
                return _subscript(name, loops, position)
    return None


def _before(given: Forward, name: str, statement: Statement) -> bool:
    """Whether the name is complete when the statement is run."""
    order = [s.node for s in given.statements()]
    stores = [place for place, s in enumerate(given.statements()) if s.target == name]
    return bool(stores) and max(stores) < order.index(statement.node)


def _index(given: Forward, index: str, loops: Sequence[ast.For]) -> ast.expr | None:
    """The integer as this place reads it: `label[i]`, or `k`; None where it is not one number here."""
    axes = len(given.names[index].shape)
    node: ast.expr = ast.Name(index, ast.Load())
    if axes > len(loops):
        return None
    for loop in loops[:axes]:
        node = ast.Subscript(node, ast.Name(variable(loop), ast.Load()), ast.Load())
    return node


def _agree(run: Run, probe: str, name: str, index: str, turn: tuple[int, ...], position: ast.expr, same: _Bare) -> bool:
    value, array, place = run.entries[probe], run.entries[name], run.entries[index]
    for step in turn:
        value, array = value[step], array[step]
    for step in turn[: len([n for n in ast.walk(position) if isinstance(n, ast.Subscript)])]:
        place = place[step]
    if not 0 <= place < len(array):
        return False
    one, other = same.of(value), same.of(array[place])
    return one is other and one.op not in ("constant", "symbol")


def _subscript(name: str, loops: Sequence[ast.For], position: ast.expr) -> ast.expr:
    node: ast.expr = ast.Name(name, ast.Load())
    for loop in loops:
        node = ast.Subscript(node, ast.Name(variable(loop), ast.Load()), ast.Load())
    return ast.Subscript(node, position, ast.Load())


class _Bare:
    """Terms with every cell replaced by what it holds: equal numbers that were computed twice are then one term."""

    def __init__(self) -> None:
        self._known: dict[Term, Term] = {}

    def of(self, value: Any) -> Term:
        (root,) = numbers(value)
        known = self._known
        for node in terms.topological([root], lambda t: () if t in known else t.args):
            if node in known:
                continue
            args = [known[argument] for argument in node.args]
            through = node.op == "cell" or is_copy(node)
            known[node] = args[0] if through else terms.make(node.op, *args) if args else node
        return known[root]


# --- the code without it


class _Replace(ast.NodeTransformer):
    """Expressions, found by identity, replaced by others."""

    def __init__(self, found: Mapping[ast.expr, ast.expr]) -> None:
        self._found = found

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.expr) and node in self._found:
            return self._found[node]
        if isinstance(node, ast.expr) and is_read(node):
            return node
        return _rebuilt(node, self.visit)


def _rebuilt(node: ast.AST, visit: Any) -> ast.AST:
    """A copy with visited children: the tree itself is shared."""
    fields = {}
    for name, value in ast.iter_fields(node):
        if isinstance(value, list):
            fields[name] = [visit(part) if isinstance(part, ast.AST) else part for part in value]
        else:
            fields[name] = visit(value) if isinstance(value, ast.AST) else value
    return ast.copy_location(type(node)(**fields), node)


def _replaced(node: ast.stmt, found: Mapping[ast.expr, ast.expr]) -> ast.stmt:
    result = _Replace(found).visit(node)
    assert isinstance(result, ast.stmt)
    return result


def _cleared(given: Forward) -> Forward:
    """Without what nothing reads any more."""
    while True:
        read = {name for s in given.statements() for name in reads(s.node.value) | _tests(s) if s.target != name}
        dead = {
            name
            for name, known in given.names.items()
            if known.role == "intermediate" and name not in read and name not in given.results
        }
        if not dead:
            return given
        given = without(given, dead)


def _tests(statement: Statement) -> set[str]:
    return {name for node in statement.around if isinstance(node, ast.If) for name in reads(node.test)}
