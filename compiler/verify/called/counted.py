"""Functions of a text that count the turns of their loops -> what CPython is called with stops where work or time ends.

>>> tree = ast.parse("def f(n):\\n    return sum([1.0 for i in range(n)])")
>>> count = counted(tree, {})["f"]
>>> with clock.seconds(-1.0):
...     count(10 ** 9)
Traceback (most recent call last):
mgc.compiler.verify.clock.OutOfTime
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import length_hint
from typing import Any

from mgc.compiler.verify import clock

TURNS = " turns"  # no name of a text


class _Counting(ast.NodeTransformer):
    """What each loop and comprehension runs over is counted, and a turn for each function."""

    def visit_For(self, node: ast.For) -> ast.For:
        self.generic_visit(node)
        node.iter = _counted(node.iter)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.body.insert(0, ast.copy_location(ast.Expr(_counted(ast.Constant(" "))), node.body[0]))
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self.generic_visit(node)
        node.iter = _counted(node.iter)
        return node


def _counted(iterable: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(TURNS, ast.Load()), [iterable], [])


@lru_cache(1)  # each function of a text asks for it
def counting(tree: ast.Module) -> ast.Module:
    """An audited text, its functions made to count; lines are as they were."""
    changed: ast.Module = _Counting().visit(copy.deepcopy(tree))
    return ast.fix_missing_locations(changed)


def counted(tree: ast.Module, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The namespace of an audited text, with its functions made to count; what stands in their place stays."""
    known = {**namespace, **counter()}
    functions: list[ast.stmt] = [
        node for node in counting(tree).body if isinstance(node, ast.FunctionDef) and _is_own(node, namespace)
    ]
    exec(compile(ast.Module(functions, []), "<counted>", "exec", dont_inherit=True), known)
    return known


def _is_own(node: ast.FunctionDef, namespace: Mapping[str, Any]) -> bool:
    """Whether what a namespace has under the name of a function is the one that the text defines."""
    found = namespace.get(node.name)
    return found is None or getattr(getattr(found, "__code__", None), "co_name", "") == node.name


def counter() -> dict[str, Callable[[Any], Any]]:
    """What the functions call, by its name. Errors: OutOfWork, OutOfTime."""
    taken = 0

    def turns(over: Any) -> Any:
        """The same iterable; one that is long, or of no known length, is counted turn by turn."""
        nonlocal taken
        length = length_hint(over, clock.AT_ONCE)
        if length >= clock.AT_ONCE:
            return (one for one in over if turns(" "))
        taken += length
        if taken >= clock.AT_ONCE:
            clock.check(taken // 8)
            taken = 0
        return over

    return {TURNS: turns}
