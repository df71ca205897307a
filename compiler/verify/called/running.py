"""The text's own functions, run by CPython on the numbers of a tape: `math` and the helpers of known names are those of
the table of values, all else is CPython's."""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Callable, Collection, Mapping
from types import SimpleNamespace
from typing import Any

from mgc.compiler.verify.called.counted import counter
from mgc.compiler.verify.called.tape import Number, Unfollowed, applied
from mgc.compiler.verify.terms.functions import FUNCTIONS

STEPS = frozenset(
    "abs add ceil clip copysign div eq floor floordiv ge gt le lt max min mod mul ne neg relu sign sub".split()
)  # helpers that are comparisons: run as they are written
BUILTINS = (
    "abs", "enumerate", "isinstance", "len", "list", "range", "reversed", "zip", "ArithmeticError", "IndexError",
    "OverflowError", "TypeError", "ValueError", "ZeroDivisionError",
)  # fmt: skip  # a list to read by kind: functions, exceptions


def space(tree: ast.Module, standing: Collection[str]) -> Mapping[str, Any]:
    """The functions of an audited text on a tape's numbers; `standing`: helpers that are the function of their name."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    allowed: dict[str, Any] = {name: getattr(builtins, name) for name in BUILTINS}
    allowed |= {"float": _float, "max": max, "min": min, "pow": _library("pow")}
    mathematics = {name: _library(name) for name in dir(math) if callable(getattr(math, name)) and name[0] != "_"}
    mathematics |= {"isnan": _is_nan, "isfinite": _is_finite, "isinf": _is_infinite}
    mathematics |= {name: getattr(math, name) for name in ("inf", "nan", "pi", "e", "tau")}
    known: dict[str, Any] = {"__builtins__": allowed, "math": SimpleNamespace(**mathematics)}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "math":
            known |= {alias.asname or alias.name: mathematics[alias.name] for alias in node.names}
    known |= counter()
    module = ast.Module(list(functions), [])
    exec(compile(module, "<on a tape>", "exec", dont_inherit=True), known)  # the tree was audited before
    known |= {name: _library(name) for name in standing if name in FUNCTIONS and name not in STEPS}
    return known


def _library(name: str) -> Callable[..., Any]:
    """A function of `math`, or a helper, on numbers of a tape and others."""

    def call(*given: Any) -> Any:
        if not any(one.__class__ is Number for one in given):
            return _plain(name, *given)
        if name == "pow":
            return given[0] ** given[1]
        if name in ("fabs", "abs"):
            return abs(given[0])
        return applied(name, *given)

    return call


def _plain(name: str, *given: Any) -> Any:
    """On CPython's own numbers. Errors: Unfollowed, and those of the function."""
    own = getattr(math, name, None)
    if own is not None:
        return own(*given)
    return float(FUNCTIONS[name](*given)) if name in FUNCTIONS else _unknown(name)


def _unknown(name: str) -> Any:
    raise Unfollowed(name)


def _float(given: Any) -> Any:
    return given if given.__class__ is Number else float(given)


def _is_nan(given: Any) -> bool:
    return given.__class__ is not Number and math.isnan(given)


def _is_finite(given: Any) -> bool:
    return given.__class__ is Number or math.isfinite(given)


def _is_infinite(given: Any) -> bool:
    return given.__class__ is not Number and math.isinf(given)
