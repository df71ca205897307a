"""What is read at all: the statements and expressions in which emitted text is written, and edits of it may be.

One table says of each kind of syntax node when it is read; what has no row is not. All that is read does its work in
statements: an expression has no effect but its value, so that what is run on symbols is what CPython runs.

>>> tree = ast.parse("def f(x):\\n    return {x: 1.0}[x]")
>>> refused(tree, ["f"])
'line 2: `{x: 1.0}` is not a form that is read'
>>> refused(ast.parse("def f(x):\\n    y = x * x\\n    return y"), ["f"])
''
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import Any

from mgc.compiler.verify.text import reading
from mgc.compiler.verify.text.expression_forms import (
    ARITHMETIC,
    BUILTINS,
    Scope,
    is_number,
    turns,
    unread,
)

TURNS = frozenset({"range", "reversed", "zip"})  # what a loop goes over
ENDLESS = (ast.While,)  # CPython, which is asked what it makes of a text, cannot be stopped
LONGEST = 60  # characters of a refused form that are shown


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
                return _refused(node)
    return next((_refused(node) for node in ast.walk(tree) if isinstance(node, ENDLESS)), "")


def _given(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The names that an import gives their own meaning; anything else is the name `*`."""
    return {"*" if alias.asname is not None else alias.name.split(".")[0] for alias in node.names}


def _refused(node: ast.stmt) -> str:
    return f"line {node.lineno}: `{shown(node)}` is nothing that mgc emits"


def refused(tree: ast.Module, names: Collection[str]) -> str:
    """The first thing in those functions, or in what they call, that is not read; empty where there is none.

    `names`: the functions of the model, and their derivatives.
    """
    nodes = reading.functions(tree)
    taken = {name: _taken(node) for name, node in nodes.items()}
    imported = frozenset(_imported(tree))
    for node in (nodes[name] for name in dict.fromkeys([*names, *reading.reached(tree, names)]) if name in nodes):
        if _library().get(node.name) == ast.dump(node):
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


@cache
def _library() -> dict[str, str]:
    """The functions that are emitted to the letter, which may do what no other one does: raise, catch, take rows."""
    from mgc.compiler.emit.python import helpers, ieee

    texts = (helpers.CHECK_SHAPE, helpers.ELEMENT, inspect.getsource(ieee))
    found = {}
    for node in (node for text in texts for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)):
        node.returns = None
        for argument in (*node.args.args, node.args.vararg):
            if argument is not None:
                argument.annotation = None
        found[node.name] = ast.dump(node)
    return found


def _taken(node: ast.FunctionDef) -> tuple[int, int]:
    """The fewest and the most arguments of a function."""
    count = len(node.args.args)
    return count - len(node.args.defaults), 1000 if node.args.vararg else count


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)


def _in_function(node: ast.FunctionDef, scope: Scope) -> Iterator[ast.AST]:
    """What is not read of a function's definition and of its body."""
    given = node.args
    if node.decorator_list or given.vararg or given.kwarg or given.kwonlyargs or given.posonlyargs:
        yield node
    yield from (default for default in given.defaults if not is_number(default))
    outside = {*scope.imported, *scope.functions, *BUILTINS, *TURNS, "math"}
    for part in ast.walk(node):
        name = part.arg if isinstance(part, ast.arg) else part.id if isinstance(part, ast.Name) else ""
        is_bound = isinstance(part, ast.arg) or (isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load))
        if is_bound and name in outside and _is_read_outside(node, name, scope):
            yield part
    yield from _in_block(node.body, scope, is_whole=True)


def _is_read_outside(node: ast.FunctionDef, name: str, scope: Scope) -> bool:
    """Whether a name that a function binds would also be one of the file's: it is called, or `math` has it."""
    called = any(
        isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == name
        for part in ast.walk(node)
    )
    return called or name in scope.imported or name == "math"


def _in_block(body: list[ast.stmt], scope: Scope, is_whole: bool = False) -> Iterator[ast.AST]:
    """What is not read of statements; `is_whole`: they are a function's own, and no arm's or loop's, and may return."""
    for statement in body:
        if isinstance(statement, ast.Return) and scope.is_model and not is_whole:
            yield statement
            continue
        check = _STATEMENTS.get(type(statement))
        if check is None:
            yield statement
            continue
        yield from check(statement, scope)


# --- statements: each yields what is not read of it


def _assign(node: ast.Assign, scope: Scope) -> Iterator[ast.AST]:
    if len(node.targets) != 1 or not _is_place(node.targets[0], scope):
        yield node
    yield from unread(node.targets[0], scope)
    yield from _results(node.value, scope) if isinstance(node.targets[0], ast.Name) else unread(node.value, scope)


def _grow(node: ast.AugAssign, scope: Scope) -> Iterator[ast.AST]:
    if not isinstance(node.op, ARITHMETIC) or not _is_place(node.target, scope):
        yield node
    yield from unread(node.target, scope)
    yield from unread(node.value, scope)


def _for(node: ast.For, scope: Scope) -> Iterator[ast.AST]:
    targets = node.target.elts if isinstance(node.target, ast.Tuple) else [node.target]
    if node.orelse or not all(isinstance(target, ast.Name) for target in targets):
        yield node
    yield from turns(node.iter, len(targets), scope)
    yield from _in_block(node.body, scope)


def _if(node: ast.If, scope: Scope) -> Iterator[ast.AST]:
    yield from unread(node.test, scope)
    if not node.orelse and isinstance(node.body[0], ast.Raise):
        yield from _refusal(node.body, scope)
        return
    yield from _in_block(node.body, scope)
    yield from _in_block(node.orelse, scope)


def _refusal(body: list[ast.stmt], scope: Scope) -> Iterator[ast.AST]:
    """`raise ValueError(f"... {x[i]}")`, and nothing else."""
    match body:
        case [ast.Raise(exc=ast.Call(func=ast.Name(id="ValueError"), args=[said], keywords=[]), cause=None)]:
            parts = said.values if isinstance(said, ast.JoinedStr) else [said]
            for part in parts:
                match part:
                    case ast.Constant(value=str()):
                        pass
                    case ast.FormattedValue(conversion=-1, format_spec=None):
                        yield from unread(part.value, scope)
                    case _:
                        yield part
        case _:
            yield body[0]


def _return(node: ast.Return, scope: Scope) -> Iterator[ast.AST]:
    if node.value is None:
        yield node
    else:
        yield from _results(node.value, scope)


def _results(node: ast.expr, scope: Scope) -> Iterator[ast.AST]:
    """Numbers, lists, tuples of them, and a dictionary of derivatives by the parameters' names."""
    stack = [node]
    while stack:
        part = stack.pop()
        match part:
            case ast.Tuple():
                stack += part.elts[::-1]
            case ast.Dict(keys=keys) if _are_names(keys):
                stack += part.values[::-1]
            case _:
                yield from unread(part, scope)


def _alone(node: ast.Expr, scope: Scope) -> Iterator[ast.AST]:
    """A docstring, the check of a shape, or a function of the file that checks what is required."""
    match node.value:
        case ast.Constant(value=str()):
            return
        case ast.Call(func=ast.Name(id="check_shape"), args=[ast.Constant(value=str()), *rest], keywords=[]):
            for argument in rest:
                yield from unread(argument, scope)
        case ast.Call(func=ast.Name(id=name)) if name in scope.functions and name != "check_shape":
            yield from unread(node.value, scope)
        case _:
            yield node


_STATEMENTS: dict[type[ast.stmt], Callable[[Any, Scope], Iterator[ast.AST]]] = {
    ast.Assign: _assign,
    ast.AugAssign: _grow,
    ast.For: _for,
    ast.If: _if,
    ast.Return: _return,
    ast.Expr: _alone,
    ast.Pass: lambda node, scope: iter(()),
}


def _is_place(target: ast.expr, scope: Scope) -> bool:
    """A name, or an element of a list that is no argument."""
    root = target
    while isinstance(root, ast.Subscript):
        root = root.value
    return isinstance(root, ast.Name) and (root is target or root.id not in scope.arguments)


def _are_names(keys: list[ast.expr | None]) -> bool:
    names = [key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    return len(names) == len(keys) == len(set(names))
