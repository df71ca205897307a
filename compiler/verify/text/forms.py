"""What is read at all: the statements and expressions in which emitted text is written, and edits of it may be.

A reader says of a node how its parts are to be read; what none knows is not read. All that is read does its work in
statements: an expression has no effect but its value, so that what is run on symbols is what CPython runs.

>>> tree = ast.parse("def f(x):\\n    return {x: 1.0}[x]")
>>> refused(tree, ["f"])
'line 2: `{x: 1.0}` is not a form that is read'
>>> refused(ast.parse("def f(x):\\n    y = x * x\\n    return y"), ["f"])
''
"""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from msgspec import Struct

from mgc.compiler.verify.text import reading
from mgc.compiler.verify.text.indices import OF_INDICES, is_index, is_key, is_row, without_whole_numbers
from mgc.compiler.verify.text.library import is_library

BUILTINS = frozenset({"abs", "float", "len", "list", "max", "min", "pow"})
TURNS = frozenset({"range", "reversed", "zip"})  # what a loop goes over
CONSTANTS = frozenset({"math.inf", "math.nan", "math.pi", "math.e"})
ARITHMETIC = (*OF_INDICES, ast.Div, ast.Pow)
COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
ENDLESS = (ast.While,)  # CPython, which is asked what it makes of a text, cannot be stopped
LONGEST = 60  # characters of code or of a condition that are shown


class Scope(Struct, frozen=True):
    """What is known where a node stands: how many arguments the file's functions take, and the names from `math`."""

    functions: dict[str, tuple[int, int]]
    imported: frozenset[str]
    arguments: frozenset[str]
    is_model: bool


Reader = Callable[[Any, Scope], "Sequence[Part] | None"]  # None: the node is not read
Part = tuple[Reader, ast.AST]  # how a node is to be read


def foreign(tree: ast.Module) -> str:
    """What stands in the text that mgc never emits and that could give a name another meaning; empty for nothing."""
    seen = {"*"}
    for node in tree.body:
        match node:
            case ast.Expr(value=ast.Constant()):
                continue  # the docstring
            case ast.If() if ast.unparse(node.test) == "__name__ == '__main__'":
                continue  # the self-check's last lines
            case ast.Import() | ast.ImportFrom() if not seen & (names := _given(node)):
                seen |= names
            case ast.FunctionDef(decorator_list=[]) if node.name not in seen:
                seen.add(node.name)
            case _:
                return _is_nothing(node)
    return next((_is_nothing(node) for node in ast.walk(tree) if isinstance(node, ENDLESS)), "")


def _given(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The names that an import gives their own meaning; anything else is the name `*`."""
    return {"*" if alias.asname is not None else alias.name.split(".")[0] for alias in node.names}


def _is_nothing(node: ast.stmt) -> str:
    return f"line {node.lineno}: `{shown(node)}` is nothing that mgc emits"


def refused(tree: ast.Module, names: Collection[str]) -> str:
    """The first thing in those functions, or in what they call, that is not read; empty where there is none.

    `names`: the functions of the model, and their derivatives.
    """
    nodes = reading.functions(tree)
    taken = {name: _taken(node) for name, node in nodes.items()}
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    imported = frozenset(alias.asname or alias.name for node in imports for alias in node.names)
    for node in (nodes[name] for name in dict.fromkeys([*names, *reading.reached(tree, names)]) if name in nodes):
        if is_library(node):
            continue
        arguments = frozenset(argument.arg for argument in node.args.args)
        found = next(_in_function(node, Scope(taken, imported, arguments, node.name in names)), None)
        if found is not None:
            return f"line {getattr(found, 'lineno', node.lineno)}: `{shown(found)}` is not a form that is read"
    return ""


def shown(node: ast.AST) -> str:
    """The first line of a node's text."""
    line = ast.unparse(node).splitlines()[0]
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def _taken(node: ast.FunctionDef) -> tuple[int, int]:
    """The fewest and the most arguments of a function."""
    count = len(node.args.args)
    return count - len(node.args.defaults), 1000 if node.args.vararg else count


def _in_function(node: ast.FunctionDef, scope: Scope) -> Iterator[ast.AST]:
    """What is not read of a function's definition and of its body."""
    given = node.args
    if node.decorator_list or given.vararg or given.kwarg or given.kwonlyargs or given.posonlyargs:
        yield node
    yield from (default for default in given.defaults if not _is_number(default))
    called = {part.func.id for part in ast.walk(node) if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)}
    outside = {
        *scope.imported,
        "math",
        *(called & {*scope.functions, *BUILTINS, *TURNS}),
    }  # whose meaning is the file's
    for part in ast.walk(node):
        match part:
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store() | ast.Del()) if name in outside:
                yield part
    yield from _unread(_each(_statement, node.body), scope)
    yield from without_whole_numbers(list(ast.walk(node)))


def _unread(parts: Iterable[Part], scope: Scope) -> Iterator[ast.AST]:
    stack = [*parts][::-1]
    while stack:
        read, node = stack.pop()
        inner = read(node, scope)
        if inner is None:
            yield node
        else:
            stack += inner[::-1]


def _each(read: Reader, nodes: Iterable[ast.AST]) -> list[Part]:
    return [(read, node) for node in nodes]


# --- statements


def _statement(node: ast.stmt, scope: Scope) -> Sequence[Part] | None:
    match node:
        case ast.Pass() | ast.Expr(value=ast.Constant(value=str())):
            return []
        case ast.Assign(targets=[target], value=value) if _is_place(target, scope):
            return [(_expression, target), (_result if isinstance(target, ast.Name) else _expression, value)]
        case ast.AugAssign(target=target, op=op, value=value) if isinstance(op, ARITHMETIC) and _is_place(
            target, scope
        ):
            return _each(_expression, [target, value])
        case ast.For(target=target, iter=turns, body=body, orelse=[]) if count := _targets(target):
            return [(partial(_turns, count), turns), *_each(_inner, body)]
        case ast.If(test=test, body=[ast.Raise() as refusal], orelse=[]):
            return [(_expression, test), (_refusal, refusal)]
        case ast.If(test=test, body=body, orelse=orelse):
            return [(_expression, test), *_each(_inner, [*body, *orelse])]
        case ast.Return(value=ast.expr() as value):
            return [(_result, value)]
        case ast.Expr(
            value=ast.Call(func=ast.Name(id="check_shape"), args=[ast.Constant(value=str()), *rest], keywords=[])
        ):
            return _each(_expression, rest)
        case ast.Expr(value=ast.Call(func=ast.Name(id=name)) as call) if (
            name in scope.functions and name != "check_shape"
        ):
            return [(_expression, call)]  # it checks what is required
    return None


def _inner(node: ast.stmt, scope: Scope) -> Sequence[Part] | None:
    """In an arm or a loop, where a model's function does not return."""
    return None if isinstance(node, ast.Return) and scope.is_model else _statement(node, scope)


def _is_place(target: ast.expr, scope: Scope) -> bool:
    """A name, or an element of a list that is no argument."""
    root = target
    while isinstance(root, ast.Subscript):
        root = root.value
    return isinstance(root, ast.Name) and (root is target or root.id not in scope.arguments)


def _targets(target: ast.expr) -> int:
    """How many names a loop binds; 0 where it is not read."""
    targets = target.elts if isinstance(target, ast.Tuple) else [target]
    return len(targets) if all(isinstance(one, ast.Name) for one in targets) else 0


def _refusal(node: ast.Raise, scope: Scope) -> Sequence[Part] | None:
    """`raise ValueError(f"... {x[i]}")`, and nothing else."""
    match node:
        case ast.Raise(exc=ast.Call(func=ast.Name(id="ValueError"), args=[said], keywords=[]), cause=None):
            return _each(_said, said.values if isinstance(said, ast.JoinedStr) else [said])
    return None


def _said(node: ast.expr, scope: Scope) -> Sequence[Part] | None:
    match node:
        case ast.Constant(value=str()):
            return []
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return [(_expression, value)]
    return None


# --- expressions


def _result(node: ast.expr, scope: Scope) -> Sequence[Part] | None:
    """Numbers, lists, tuples of them, and a dictionary of derivatives by the parameters' names."""
    match node:
        case ast.Tuple(elts=parts):
            return _each(_result, parts)
        case ast.Dict(keys=keys, values=values) if _are_names(keys):
            return _each(_result, values)
    return _expression(node, scope)


def _are_names(keys: list[ast.expr | None]) -> bool:
    names = [key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    return len(names) == len(keys) == len(set(names))


def _expression(node: ast.AST, scope: Scope) -> Sequence[Part] | None:
    match node:
        case ast.Name() | ast.Constant(value=bool() | int() | float()):
            return []
        case ast.Attribute() if ast.unparse(node) in CONSTANTS:
            return []
        case ast.BinOp(left=ast.List() as row, op=op, right=one) | ast.BinOp(left=one, op=op, right=ast.List() as row):
            return [(_expression, row), (_index, one)] if isinstance(op, ast.Mult) else None  # [0.0] * n
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, ARITHMETIC):
            return _each(_expression, [left, right])
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            return [(_expression, operand)]
        case ast.BoolOp(values=parts) | ast.List(elts=parts):
            return _each(_expression, parts)
        case ast.Compare(left=left, ops=ops, comparators=rest) if all(isinstance(op, COMPARISONS) for op in ops):
            return _each(_expression, [left, *rest])
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _each(_expression, [test, body, orelse])
        case ast.Call(func=function, args=arguments, keywords=[]) if _is_called(function, len(arguments), scope):
            return _each(_expression, arguments)
        case ast.ListComp(elt=element, generators=[ast.comprehension(target, turns, [], 0)]) if count := _targets(
            target
        ):
            return [(partial(_turns, count), turns), (_expression, element)]
        case ast.Subscript(value=value, slice=place):
            return [(_expression, value)] if is_key(node) or is_index(place) else None
    return None


def _is_called(function: ast.expr, count: int, scope: Scope) -> bool:
    """Whether a function is known of so many arguments; or no one knows it: it is not run, and told so."""
    match function:
        case ast.Name(id=name) if name in scope.functions:
            fewest, most = scope.functions[name]
            return fewest <= count <= most
        case ast.Name(id=name) if name in scope.imported:
            return name in BUILTINS or callable(getattr(math, name, None))
        case ast.Name(id=name):
            return name in BUILTINS or not hasattr(builtins, name)
        case ast.Attribute(value=ast.Name(id="math"), attr=name):
            return callable(getattr(math, name, None))
    return False


def _is_number(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=bool()):
            return False
        case ast.Constant(value=int() | float()):
            return True
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _is_number(operand)
    return False


# --- indices, and what loops go over


def _turns(count: int, node: ast.expr, scope: Scope) -> Sequence[Part] | None:
    """`range(…)`, `reversed(range(…))`, `zip` of rows, or a row: of `count` at a time."""
    match node:
        case ast.Call(func=ast.Name(id="reversed"), args=[ast.Call(func=ast.Name(id="range")) as turns], keywords=[]):
            return [(partial(_turns, count), turns)]
        case ast.Call(func=ast.Name(id="range"), args=[_, *_] as ends, keywords=[]) if count == 1:
            return _each(_index, ends)
        case ast.Call(func=ast.Name(id="zip"), args=rows, keywords=[]) if count == len(rows):
            return _each(_row, rows)
    return [] if count == 1 and is_row(node) else None


def _row(node: ast.expr, scope: Scope) -> Sequence[Part] | None:
    return [] if is_row(node) else None


def _index(node: ast.expr, scope: Scope) -> Sequence[Part] | None:
    return [] if is_index(node) else None
