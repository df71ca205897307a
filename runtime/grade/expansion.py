"""An emitted function -> the forward pass as an exercise: one name for each number, and the statements in order.

A name that is stored in a loop gets an axis for the loop (`h` in a loop over i is `h[i]`), short names for rows
(`W1_j = W1[j]`) are written out, and the result has a name. The statements remain what the function computes.

>>> text = '''def f(x):
...     n = len(x)
...     s = 0.0
...     for i in range(n):
...         y = sin(x[i])  # line 2
...         s += y * y
...     return s'''
>>> print(forward(ast.parse(text).body[0], {"x": ("n",)}).text())
s = 0.0
for i in range(n):
    y[i] = sin(x[i])
    s += y[i] * y[i]
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from mgc.runtime.grade.exercise import Forward, Name, NoExercise, bounds, is_read, reads, statements_in, variable
from mgc.runtime.subscripts import root_name

Loops = tuple[ast.For, ...]


def forward(
    node: ast.FunctionDef,
    shapes: Mapping[str, tuple[str, ...]],
    whole: tuple[str, ...] = (),
    places: bool = False,
    called: Sequence[str] = (),
) -> Forward:
    """The exercise of an emitted function. `shapes` has its arguments' and, by dotted name, its parameters' shapes;
    `whole` names the arguments that are integers; `places`: indices keep their names; `called`: what results
    without a name are called, where there are several. Errors: NoExercise."""
    alike = _alike(node.body, places)
    homes = _homes(node.body, alike)
    counters = {variable(loop) for loop in ast.walk(node) if isinstance(loop, ast.For)}
    expand = _Expand(node, homes, alike, {*whole, *counters}, called)
    body = expand.block(node.body)
    taken = [argument.arg for argument in node.args.args if argument.arg in shapes]
    names = {name: Name(name, "argument", shapes[name], whole=name in whole) for name in taken}
    for name, dotted in expand.parameters.items():
        names[name] = Name(name, "parameter", shapes[dotted], dotted=dotted)
    names |= {name: _intermediate(name, homes[name], expand) for name in homes if name in expand.stored}
    results = tuple(expand.results)
    for name in results:
        names.setdefault(name, Name(name, "intermediate"))
    read = _read(body)
    return Forward(node.name, names, tuple(body), results, tuple(name for name in results if name not in read))


def _read(body: Sequence[ast.stmt]) -> set[str]:
    """The names that statements read, and conditions."""
    nodes = [node for part in body for node in ast.walk(part)]
    read = [node.value for node in nodes if isinstance(node, ast.Assign | ast.AugAssign)]
    return {
        name for node in [*read, *(node.test for node in nodes if isinstance(node, ast.If))] for name in reads(node)
    }


# --- where names live


def _alike(body: list[ast.stmt], places: bool) -> set[str]:
    """The names that stand for one expression wherever they are assigned, as a row's: `W1_j = W1[j]`."""
    found: dict[str, set[str]] = {}
    kept = _places(body) if places else set[str]()
    for statement in statements_in(tuple(body), ()):
        match statement.node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name not in kept:
                found.setdefault(name, set()).add(ast.unparse(value))
            case ast.AugAssign(target=ast.Name(id=name)):
                found.setdefault(name, set()).add("")
    return {name for name, values in found.items() if len(values) == 1}


def _places(body: list[ast.stmt]) -> set[str]:
    """The names of indices, but for those that say how far a loop runs."""
    statements = list(statements_in(tuple(body), ()))
    far = {name for statement in statements for loop in statement.loops for name in reads(loop.iter)}
    for statement in reversed(statements):
        if statement.target in far:
            far |= reads(statement.node.value)
    return {statement.target for statement in statements if _is_index(statement.node.value)} - far


def _is_alias(name: str, value: ast.expr) -> bool:
    return _is_index(value) or (is_read(value) and name.startswith(f"{root_name(value)}_"))


def _homes(body: list[ast.stmt], alike: set[str]) -> dict[str, Loops]:
    """The loops around the outermost assignment to each name. Errors: NoExercise where a name has two homes."""
    found: dict[str, list[Loops]] = {}
    for statement in statements_in(tuple(body), ()):
        targets = statement.node.targets if isinstance(statement.node, ast.Assign) else [statement.node.target]
        for target in targets:
            if isinstance(target, ast.Name) and not (target.id in alike and _is_alias(target.id, statement.node.value)):
                found.setdefault(target.id, []).append(statement.loops)
    homes = {name: min(places, key=len) for name, places in found.items()}
    for name, places in found.items():
        if any(place[: len(homes[name])] != homes[name] for place in places):
            raise NoExercise(f"the emitted code uses the name {name} in two loops")
    return homes


def _intermediate(name: str, home: Loops, expand: _Expand) -> Name:
    outer = [_axis(loop) for loop in home]
    inner = expand.rooms.get(name, ())
    whole = name in expand.whole
    return Name(name, "intermediate", (*outer, *inner), tuple(loop.lineno for loop in home), whole)


def _axis(loop: ast.For) -> str | None:
    arguments = bounds(loop)
    stop = arguments[0] if len(arguments) == 1 else arguments[1]
    return ast.unparse(stop)


def _room(node: ast.expr) -> tuple[str | None, ...]:
    """The axes of a list of zeros as text."""
    match node:
        case ast.BinOp(op=ast.Mult(), left=ast.List(), right=size):
            return (ast.unparse(size),)
        case ast.ListComp(generators=[ast.comprehension(iter=ast.Call(args=[size]))]):
            return (ast.unparse(size), *_room(node.elt))
        case ast.List(elts=[first, *_]):
            return (str(len(node.elts)), *_room(first))
    return ()


def _zeros(shape: Sequence[str | None]) -> ast.expr:
    """Room for an array of this shape."""
    text = f"[0.0] * {shape[-1]}"
    for size in reversed(shape[:-1]):
        text = f"[{text} for _ in range({size})]"
    return ast.parse(text, mode="eval").body


# --- rewriting


class _Expand(ast.NodeTransformer):
    """Statements of the emitted function, rewritten: `parameters`, `rooms`, `stored` and `results` are found by it."""

    def __init__(
        self,
        function: ast.FunctionDef,
        homes: Mapping[str, Loops],
        alike: set[str],
        whole: set[str],
        called: Sequence[str],
    ) -> None:
        self.homes, self.whole, self._called = homes, whole, called
        self.parameters: dict[str, str] = {}
        self.rooms: dict[str, tuple[str | None, ...]] = {}
        self.stored: set[str] = set()
        self.results: list[str] = []
        self._aliases: dict[str, ast.expr] = {}
        self._taken = {argument.arg for argument in function.args.args} | set(homes) | alike
        self._alike = alike

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        kept: list[ast.stmt] = []
        for node in body:
            found = self.visit(node)
            kept += found if isinstance(found, list) else [found] if found is not None else []
        return kept

    def visit_Expr(self, node: ast.Expr) -> None:
        """Docstrings and checks of shapes."""

    def visit_For(self, node: ast.For) -> ast.For | None:
        body = self.block(node.body)
        return ast.copy_location(ast.For(node.target, self.visit(node.iter), body, []), node) if body else None

    def visit_If(self, node: ast.If) -> ast.If | None:
        test = self.visit(node.test)
        body, orelse = self.block(node.body), self.block(node.orelse)
        if not body and not orelse:
            return None
        return ast.copy_location(ast.If(test, body or [ast.Pass()], orelse), node)

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt] | None:
        if len(node.targets) != 1:
            raise NoExercise(f"line {node.lineno} of the emitted code stores to several places")
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name):
            if _is_size(value):
                self.whole.add(target.id)
                return None
            match value:
                case ast.Subscript(value=ast.Name(id="params"), slice=ast.Constant(value=str() as dotted)):
                    self.parameters[target.id] = dotted
                    return None
            if target.id in self._alike and _is_alias(target.id, value):
                self._aliases[target.id] = self.visit(value)
                return None
        return self._kept(node, self.visit(target), self.visit(value), isinstance(target, ast.Name))

    def _kept(self, node: ast.stmt, target: ast.expr, value: ast.expr, first: bool) -> list[ast.stmt]:
        """The store; of a written-out list room for it, and a store for each of its elements."""
        name = root_name(target)
        if first:
            self.rooms.setdefault(name, _room(value))
        if _is_whole(value, self.whole) or (isinstance(node, ast.Assign) and _is_index(node.value)):
            self.whole.add(name)
        self.stored.add(name)
        if not isinstance(value, ast.List) or not value.elts:
            return [ast.copy_location(ast.Assign([target], value), node)]
        stores: list[ast.stmt] = [ast.copy_location(ast.Assign([target], _zeros(_room(value))), node)] if first else []
        for place, element in enumerate(value.elts):
            part = ast.copy_location(ast.Subscript(target, ast.Constant(place), ast.Load()), node)
            stores += self._kept(ast.copy_location(ast.Pass(), node), part, element, False)
        return stores

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if _is_index(node):
            found: ast.expr = self.visit(node.args[0])
            return found
        arguments = [self.visit(argument) for argument in node.args]
        return ast.copy_location(ast.Call(node.func, arguments, []), node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        """Without `or x != x`, which is for NaN."""
        values: list[ast.expr] = [self.visit(value) for value in node.values]
        if isinstance(node.op, ast.Or):
            values = [value for value in values if not _is_nan_test(value)]
        return values[0] if len(values) == 1 else ast.copy_location(ast.BoolOp(node.op, values), node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._aliases:
            return self._aliases[node.id]
        result: ast.expr = node
        for loop in self.homes.get(node.id, ()):
            result = ast.copy_location(ast.Subscript(result, ast.Name(variable(loop), ast.Load()), ast.Load()), node)
        return result

    def visit_Return(self, node: ast.Return) -> list[ast.stmt]:
        parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value] if node.value else []
        stores: list[ast.stmt] = []
        for place, part in enumerate(parts):
            value = self.visit(part)
            if isinstance(value, ast.Name) and value.id in self.stored and value.id not in self.results:
                self.results.append(value.id)
                continue
            name = self._fresh(self._called[place] if self._called else "out")
            self.results.append(name)
            stores += self._kept(ast.copy_location(ast.Pass(), node), ast.Name(name, ast.Store()), value, True)
        return stores

    def _fresh(self, name: str) -> str:
        number = 1
        spelt = name
        while spelt in self._taken:
            number += 1
            spelt = f"{name}_{number}"
        self._taken.add(spelt)
        return spelt


def _is_index(node: ast.expr) -> bool:
    """Whether the expression is an index that is tested: `element(i + 1, n)`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "element"


def _is_nan_test(node: ast.expr) -> bool:
    match node:
        case ast.Compare(left=left, ops=[ast.NotEq()], comparators=[right]):
            return ast.dump(left) == ast.dump(right)
    return False


def _is_size(value: ast.expr) -> bool:
    return any(isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "len" for n in ast.walk(value))


def _is_whole(value: ast.expr, whole: set[str]) -> bool:
    """Whether an integer is stored: by a literal, or read from integers."""
    match value:
        case ast.Constant():
            return isinstance(value.value, int)
        case ast.BinOp(op=ast.Mult(), left=ast.List(elts=[first])):
            return _is_whole(first, whole)
        case ast.ListComp():
            return _is_whole(value.elt, whole)
        case ast.IfExp():
            return _is_whole(value.body, whole) and _is_whole(value.orelse, whole)
    return is_read(value) and root_name(value) in whole
