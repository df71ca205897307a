"""The helper functions of an emitted file, and the parameters that it creates.

A helper that bears the name of a known function (sigmoid, digamma, hypot) stands for that function once its text has
been tried: at points all over its domain, against the function itself. Any other helper is run like the rest.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.proof import reading, terms
from mgc.compiler.proof.execution import Machine, NotRun, Row
from mgc.compiler.proof.instances import FAILURES, Shapes
from mgc.compiler.proof.numeric import FUNCTIONS, Evaluation, NoValue
from mgc.compiler.proof.report import Row as ReportRow

POINTS = (0.0, 0.25, -0.25, 0.5, 0.75, 1.0, -1.0, 1.5, -1.75, 2.5, -2.5, 3.25, 7.0, -6.5, 12.5, 20.0, -20.25)
ULPS = 2.0**10  # a helper made of many operations rounds more than once


@dataclass(frozen=True, slots=True)
class Tried:
    primitives: tuple[str, ...]
    rows: tuple[ReportRow, ...]


def tried(syntax: ast.Module, namespace: Mapping[str, Any] | None) -> Tried:
    """The helpers that stand for the function of their name, and a row for each."""
    models = {name for s in reading.read(syntax) for name in (s.name, s.derivative)}
    primitives, rows = [], []
    for node in syntax.body:
        if not isinstance(node, ast.FunctionDef) or node.name not in FUNCTIONS or node.name in models:
            continue
        row = _compared(syntax, node, namespace)
        if row is not None:
            primitives.append(node.name)
            rows.append(row)
    return Tried(tuple(primitives), tuple(rows))


def _compared(syntax: ast.Module, node: ast.FunctionDef, namespace: Mapping[str, Any] | None) -> ReportRow | None:
    """A row for a helper that agrees with the function of its name; None where it does not, and is run as it is."""
    count = len(node.args.args)
    agreed, worst = 0, 0.0
    for place in range(len(POINTS)):
        point = tuple(POINTS[(place * (k + 1) + 3 * k) % len(POINTS)] for k in range(count))
        exact = _exact(node.name, point)
        if exact is None:
            continue
        found = _by_text(syntax, node.name, point) if namespace is None else _by_cpython(namespace[node.name], point)
        if found is None:
            continue
        error = abs(found - exact) / mpf(math.ulp(float(exact) or 1e-16))
        if not error <= ULPS:
            return None
        agreed, worst = agreed + 1, max(worst, float(error))
    if not agreed:
        return ReportRow(node.name, "intermediate", "not checked", "no point has a value", note="a helper")
    return ReportRow(node.name, "intermediate", "tested", f"{agreed} points, 50 digits", ulp=worst, note="a helper")


def _exact(name: str, point: tuple[float, ...]) -> Any:
    try:
        return Evaluation({}).value(terms.function(name, *point))
    except (NoValue, ZeroDivisionError):
        return None


def _by_cpython(function: Any, point: tuple[float, ...]) -> Any:
    try:
        value = function(*point)
    except (ArithmeticError, ValueError):
        return mpf("nan")
    return mpf(value)


def _by_text(syntax: ast.Module, name: str, point: tuple[float, ...]) -> Any:
    """The helper's own text, evaluated to 50 digits; None where it does what only CPython can follow."""
    try:
        value = Machine(syntax).call(name, [terms.constant(x) for x in point])
        with mp.workdps(50):
            return Evaluation({}).value(terms.term(value))
    except (NotRun, NoValue, *FAILURES):
        return None


# --- parameters


def parameter_sizes(syntax: ast.Module) -> tuple[str, ...]:
    """The sizes that `init_params` takes."""
    node = _initialiser(syntax)
    if node is None:
        return ()
    return tuple(a.arg for a in (*node.args.args, *node.args.kwonlyargs) if a.arg != "seed")


def parameter_shapes(syntax: ast.Module, sizes: Mapping[str, int]) -> Shapes:
    """The shapes of the parameters, read off the lists that `init_params` returns. Errors: NotRun."""
    node = _initialiser(syntax)
    if node is None:
        return {}
    returned = node.body[-1]
    if not isinstance(returned, ast.Return) or not isinstance(returned.value, ast.Dict):
        raise NotRun(node.lineno, "init_params does not return a dict")
    found = {}
    for key, value in zip(returned.value.keys, returned.value.values, strict=True):
        if not isinstance(key, ast.Constant):
            raise NotRun(node.lineno, "init_params has a key that is not text")
        found[str(key.value)] = _list_shape(value, sizes)
    return found


def _initialiser(syntax: ast.Module) -> ast.FunctionDef | None:
    found = [node for node in syntax.body if isinstance(node, ast.FunctionDef) and node.name == "init_params"]
    return found[0] if found else None


def _list_shape(node: ast.expr, sizes: Mapping[str, int]) -> tuple[int, ...]:
    match node:
        case ast.ListComp(generators=[ast.comprehension(iter=ast.Call(args=[length]))]):
            return (_length(length, sizes), *_list_shape(node.elt, sizes))
        case ast.BinOp(op=ast.Mult(), left=ast.List(elts=[inner]), right=length):
            return (_length(length, sizes), *_list_shape(inner, sizes))
        case ast.List():
            return (len(node.elts), *(_list_shape(node.elts[0], sizes) if node.elts else ()))
    return ()


def _length(node: ast.expr, sizes: Mapping[str, int]) -> int:
    return reading.size(ast.unparse(node), sizes)


__all__ = ["Row", "Tried", "parameter_shapes", "parameter_sizes", "tried"]
