"""The parameters of a text: what its own `init_params` says of their shapes.

>>> tree = ast.parse("def init_params(n, seed=0):\\n    return {'W': [[0.0] * n for _ in range(2)]}")
>>> sizes(tree), shapes(tree, {"n": 3})
(('n',), {'W': (2, 3)})
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from mgc.compiler.verify.text import reading
from mgc.compiler.verify.text.instances import Shapes
from mgc.compiler.verify.trace.values import NotRun


def sizes(syntax: ast.Module) -> tuple[str, ...]:
    """The sizes that `init_params` takes."""
    node = reading.functions(syntax).get("init_params")
    if node is None:
        return ()
    return tuple(a.arg for a in (*node.args.args, *node.args.kwonlyargs) if a.arg != "seed")


def shapes(syntax: ast.Module, known: Mapping[str, int]) -> Shapes:
    """The shapes of the parameters, read off the lists that `init_params` returns. Errors: NotRun."""
    node = reading.functions(syntax).get("init_params")
    if node is None:
        return {}
    returned = node.body[-1]
    if not isinstance(returned, ast.Return) or not isinstance(returned.value, ast.Dict):
        raise NotRun(node.lineno, "init_params does not return a dict")
    found = {}
    for key, value in zip(returned.value.keys, returned.value.values, strict=True):
        if not isinstance(key, ast.Constant):
            raise NotRun(node.lineno, "init_params has a key that is not text")
        found[str(key.value)] = _list_shape(value, known)
    return found


def line(syntax: ast.Module) -> int | None:
    """That of `init_params`, where the text has one."""
    node = reading.functions(syntax).get("init_params")
    return node.lineno if node is not None else None


def _list_shape(node: ast.expr, known: Mapping[str, int]) -> tuple[int, ...]:
    match node:
        case ast.ListComp(generators=[ast.comprehension(iter=ast.Call(args=[length]))]):
            return (_length(length, known), *_list_shape(node.elt, known))
        case ast.BinOp(op=ast.Mult(), left=ast.List(elts=[inner]), right=length):
            return (_length(length, known), *_list_shape(inner, known))
        case ast.List():
            return (len(node.elts), *(_list_shape(node.elts[0], known) if node.elts else ()))
    return ()


def _length(node: ast.expr, known: Mapping[str, int]) -> int:
    return reading.size(ast.unparse(node), known)
