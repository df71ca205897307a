"""Every small mistake that one could make in emitted code: text of a file, names of functions -> mutants.

>>> text = "def f(x):\\n    dx = 2.0 * x\\n    return dx\\n"
>>> for mutant in mutants(text, {"f": {"x": (), "dx": ()}}):
...     print(mutant.kind, "|", mutant.before, "->", mutant.after)
sign | dx = 2.0 * x -> dx = -(2.0 * x)
deletion | dx = 2.0 * x -> pass
constant | dx = 2.0 * x -> dx = 3.0 * x
name | return dx -> return x
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from mutation.edits import Edit, ahead_of, edited, over, replaced, without
from mutation.expressions import INTEGER, Scope, Shape, Variant, variants

Names = Mapping[str, Shape]
Change = tuple[str, str, list[Edit]]  # kind, the statement after, edits
NAN = "(1e999 - 1e999)"


class Mutant(Struct, frozen=True):
    """One change. `number` counts those of the same function that read the same."""

    function: str
    line: int
    part: str  # forward, backward: of the derivative's function, as its comments say
    kind: str
    before: str
    after: str
    number: int
    edits: tuple[Edit, ...]
    probe: tuple[Edit, ...] = ()  # nan wherever the change could matter: if no result shows it, it does not

    @property
    def identity(self) -> str:
        """What names it in the list of equivalent mutants: no line, which changes with every line above."""
        again = f" #{self.number}" if self.number > 1 else ""
        return f"{self.function}: {self.kind}: {self.before} -> {self.after}{again}"

    def text(self, original: str) -> str:
        return edited(original, self.edits)

    def probed(self, original: str) -> str | None:
        return edited(original, self.probe) if self.probe else None


class Place(Struct):
    """A statement with what stands around it."""

    statement: ast.stmt
    block: Sequence[ast.stmt]
    loops: tuple[ast.For, ...]
    seen: dict[str, Shape]
    functions: frozenset[str]
    imports: ast.ImportFrom | None

    @property
    def scope(self) -> Scope:
        indices = [loop.target.id for loop in self.loops if isinstance(loop.target, ast.Name)]
        return Scope(self.seen, tuple(indices), self.functions)


def mutants(text: str, functions: Mapping[str, Names]) -> Iterator[Mutant]:
    """Mutants of these functions of the text, each given with the shapes of its variables, in the order of lines."""
    tree = ast.parse(text)
    lines = text.splitlines()
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "math"]
    for name, shapes in functions.items():
        met: dict[tuple[str, str, str], int] = {}
        seen: set[tuple[Edit, ...]] = set()
        for place in _places(defined[name], shapes, frozenset(defined), imports[0] if imports else None):
            before = _head(place.statement)
            for kind, after, edits in _changes(place):
                if tuple(edits) in seen or before == after:
                    continue
                seen.add(tuple(edits))
                key = (kind, before, after)
                met[key] = met.get(key, 0) + 1
                line = place.statement.lineno
                part = _part(lines, defined[name].lineno, line)
                probe = _probe(place.statement, kind)
                yield Mutant(name, line, part, kind, before, after, met[key], tuple(edits), probe)


def _part(lines: Sequence[str], first: int, line: int) -> str:
    """What the last comment above says, `forward` or `backward`."""
    for above in reversed(lines[first:line]):
        for part in ("forward", "backward"):
            if above.strip().startswith(f"# {part}"):
                return part
    return "forward"


def _probe(statement: ast.stmt, kind: str) -> tuple[Edit, ...]:
    """nan for what an array or a number starts with, or for a sum that something was in before."""
    match statement:
        case ast.Assign(value=value) if kind in ("initialisation", "moved", "deletion") and _is_start(value):
            numbers = [node for node in ast.walk(value) if isinstance(node, ast.Constant) and _is_filling(node, value)]
            return tuple(over(node, NAN) for node in numbers)
        case ast.AugAssign(target=target, value=value, op=ast.Add()) if kind == "accumulation":
            there, added = ast.unparse(target), ast.unparse(value)
            return (over(statement, f"{there} = ({added}) if {there} == 0.0 else {NAN}"),)
    return ()


def _is_filling(node: ast.Constant, start: ast.expr) -> bool:
    """Whether a number of an initialisation is an element, and not a size."""
    lists = [part for part in ast.walk(start) if isinstance(part, ast.List)]
    return node is start or any(node is element for part in lists for element in part.elts)


def _head(statement: ast.stmt) -> str:
    """The statement on one line, without its block."""
    return ast.unparse(statement).splitlines()[0]


# --- statements in their surroundings


def _places(
    function: ast.FunctionDef, shapes: Names, functions: frozenset[str], imports: ast.ImportFrom | None
) -> Iterator[Place]:
    seen = {argument.arg: shapes[argument.arg] for argument in function.args.args if argument.arg in shapes}

    def inside(block: Sequence[ast.stmt], loops: tuple[ast.For, ...]) -> Iterator[Place]:
        for statement in block:
            if not _only_sizes(statement):
                yield Place(statement, block, loops, dict(seen), functions, imports)
            for name in _written(statement):
                if name in shapes:
                    seen[name] = shapes[name]
            if isinstance(statement, ast.For):
                yield from inside(statement.body, (*loops, statement))
            if isinstance(statement, ast.If):
                yield from inside(statement.body, loops)
                yield from inside(statement.orelse, loops)

    return inside(function.body, ())


def _only_sizes(statement: ast.stmt) -> bool:
    """Docstrings, checks of arguments, sizes and parameters taken out of them: no part of a derivative."""
    if isinstance(statement, ast.Expr | ast.Raise):
        return True
    if not isinstance(statement, ast.Assign):
        return False
    parts = list(ast.walk(statement.value))
    takes_size = any(isinstance(part, ast.Name) and part.id == "len" for part in parts)
    return takes_size or any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in parts[:3])


def _written(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.For(target=ast.Name(id=name)):
            yield name


# --- changes of a statement


def _changes(place: Place) -> Iterator[Change]:
    statement = place.statement
    match statement:
        case ast.Assign():
            yield from _of_assignment(statement, statement.value)
            yield from _moved(place)
            yield from _within(place, statement.value)
            yield from _within(place, statement.targets[0])
            if isinstance(statement.value, ast.Dict):
                yield from _dictionary(statement, statement.value)
        case ast.AugAssign():
            yield from _of_assignment(statement, statement.value)
            yield from _of_accumulation(statement)
            yield from _within(place, statement.value)
            yield from _within(place, statement.target)
        case ast.For():
            yield "loop", f"for {ast.unparse(statement.target)} in range(0):", [over(statement.iter, "range(0)")]
            yield from _within(place, statement.iter)
        case ast.If():
            test = ast.unparse(statement.test)
            for wrong in ("True", "False", f"not ({test})"):
                yield "guard", f"if {wrong}:", [over(statement.test, wrong)]
            yield from _within(place, statement.test)
        case ast.Return(value=ast.expr() as value):
            yield from _results(statement, value)
            yield from _within(place, value)


def _of_assignment(statement: ast.Assign | ast.AugAssign, value: ast.expr) -> Iterator[Change]:
    if isinstance(value, ast.BoolOp | ast.Compare):
        after = _with_value(statement, ast.UnaryOp(ast.Not(), value))
        yield "guard", _head(after), [over(statement, _head(after))]
    elif not isinstance(value, ast.List | ast.ListComp | ast.Dict) and not _is_start(value):
        after = _with_value(statement, ast.UnaryOp(ast.USub(), value))
        yield "sign", _head(after), [over(statement, _head(after))]
    yield "deletion", "pass", [over(statement, "pass")]


def _of_accumulation(statement: ast.AugAssign) -> Iterator[Change]:
    plain = ast.unparse(ast.Assign([statement.target], statement.value, lineno=0))
    yield "accumulation", plain, [over(statement, plain)]
    other = ast.Sub() if isinstance(statement.op, ast.Add) else ast.Add()
    if isinstance(statement.op, ast.Add | ast.Sub):
        after = ast.unparse(ast.AugAssign(statement.target, other, statement.value))
        yield "accumulation", after, [over(statement, after)]


def _with_value(statement: ast.Assign | ast.AugAssign, value: ast.expr) -> ast.stmt:
    if isinstance(statement, ast.Assign):
        return ast.Assign(statement.targets, value, lineno=0)
    return ast.AugAssign(statement.target, statement.op, value)


def _is_start(value: ast.expr) -> bool:
    """What a sum, a product or an array begins with: numbers, `-inf`, nested lists of them."""
    match value:
        case ast.Constant(value=float() | int()):
            return True
        case ast.UnaryOp(operand=operand):
            return _is_start(operand) or (isinstance(operand, ast.Name) and operand.id == "inf")
        case ast.BinOp(left=ast.List(elts=elements), op=ast.Mult()) | ast.List(elts=elements):
            return all(_is_start(element) for element in elements)
        case ast.ListComp(elt=element):
            return _is_start(element)
    return False


def _numbers(start: ast.expr) -> list[str]:
    """What the list of an initialisation holds."""
    lists: list[ast.expr] = [node for node in ast.walk(start) if isinstance(node, ast.List)]
    return [ast.unparse(node) for node in lists or [start]]


def _within(place: Place, root: ast.expr) -> Iterator[Change]:
    """One expression inside the statement changed."""
    starts = _is_start(root) and isinstance(place.statement, ast.Assign)
    kind_of_start = {"constant": "initialisation"} if starts else {}
    for variant in variants(root, place.scope):
        if starts and _numbers(variant.node) == _numbers(root):
            continue  # only a list is longer: that none is too short shows when it runs
        after = _put(place.statement, root, variant.node)
        edits = [over(root, ast.unparse(variant.node)), *_import(place, variant)]
        yield kind_of_start.get(variant.kind, variant.kind), after, edits


def _put(statement: ast.stmt, root: ast.expr, new: ast.expr) -> str:
    """The statement's first line with one of its expressions replaced."""
    changed = copy.copy(statement)
    for name, field in ast.iter_fields(statement):
        setattr(changed, name, new if field is root else field)
        if isinstance(field, list):
            setattr(changed, name, [new if item is root else item for item in field])
    return _head(changed)


def _import(place: Place, variant: Variant) -> list[Edit]:
    """What brings in the function that the variant needs."""
    if not variant.imported or place.imports is None:
        return []
    present = [alias.name for alias in place.imports.names]
    if variant.imported in present:
        return []
    return [over(place.imports, f"from math import {', '.join([*present, variant.imported])}")]


def _moved(place: Place) -> Iterator[Change]:
    """An initialisation moved into the next loop that uses it, or out of the loop that it stands in."""
    statement = place.statement
    assert isinstance(statement, ast.Assign)
    if not _is_start(statement.value) or not isinstance(statement.targets[0], ast.Name):
        return
    text, name = ast.unparse(statement), statement.targets[0].id
    later = place.block[list(place.block).index(statement) + 1 :]
    users = [node for node in later if isinstance(node, ast.For) and _mentions(node, {name})]
    if users:
        yield (
            "moved",
            f"into for {ast.unparse(users[0].target)}",
            [without(statement), ahead_of(users[0].body[0], text)],
        )
    if place.loops and statement in place.loops[-1].body and len(place.block) > 1:
        loop = place.loops[-1]
        if not _mentions(statement, {node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)}):
            yield "moved", f"out of for {ast.unparse(loop.target)}", [without(statement), ahead_of(loop, text)]


def _mentions(node: ast.AST, names: Iterable[str]) -> bool:
    return any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(node))


def _results(statement: ast.Return, value: ast.expr) -> Iterator[Change]:
    """Two neighbours of a tuple exchanged."""
    for node in ast.walk(value):
        if isinstance(node, ast.Tuple):
            for place in range(len(node.elts) - 1):
                a, b = node.elts[place], node.elts[place + 1]
                swapped = ast.Tuple([*node.elts[:place], b, a, *node.elts[place + 2 :]])
                after = replaced(value, node, swapped)
                yield "results", _put(statement, value, after), [over(value, ast.unparse(after))]


def _dictionary(statement: ast.Assign, value: ast.Dict) -> Iterator[Change]:
    """The values of two neighbouring keys exchanged."""
    for place in range(len(value.values) - 1):
        order = [*value.values[:place], value.values[place + 1], value.values[place], *value.values[place + 2 :]]
        after = ast.Dict(value.keys, order)
        yield "results", f"{ast.unparse(value.values[place])} under the next key", [over(value, ast.unparse(after))]


__all__ = ["INTEGER", "Mutant", "mutants"]
