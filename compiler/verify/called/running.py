"""The functions of a text as they are called: on doubles, or on the numbers of a tape. Either counts the turns of its
loops, so that it stops where work or time ends.

On a tape `math` and the helpers of known names are those of the table of values, all else is CPython's.

>>> tree = ast.parse("def f(n):\\n    return sum([1.0 for i in range(n)])")
>>> count = counted(tree, {})["f"]
>>> with clock.seconds(-1.0):
...     count(10 ** 9)
Traceback (most recent call last):
mgc.compiler.verify.clock.OutOfTime
"""

from __future__ import annotations

import ast
import builtins
import copy
import math
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from operator import length_hint
from types import SimpleNamespace
from typing import Any

from mgc.compiler.verify import clock
from mgc.compiler.verify.called.tape import Number, Tape, Unfollowed, applied, by_value, read
from mgc.compiler.verify.terms.functions import FUNCTIONS
from mgc.compiler.verify.text.reading import functions, is_own

TURNS = " turns"  # no name of a text
STEPS = frozenset(
    "abs add ceil clip copysign div eq floor floordiv ge gt le lt max min mod mul ne neg relu sign sub".split()
)  # helpers that are comparisons: run as they are written
BUILTINS = (
    "abs", "enumerate", "isinstance", "len", "list", "max", "min", "range", "reversed", "zip",
    "ArithmeticError", "IndexError", "OverflowError", "TypeError", "ValueError", "ZeroDivisionError",
)  # fmt: skip  # a list to read by kind: functions, exceptions


# --- turns are counted


class _Counting(ast.NodeTransformer):
    """What each loop and comprehension runs over is counted, and a turn for each function."""

    def visit_For(self, node: ast.For) -> ast.For:
        self.generic_visit(node)
        node.iter = _counted(node.iter)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self.generic_visit(node)
        node.iter = _counted(node.iter)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.body.insert(0, ast.copy_location(ast.Expr(_counted(ast.Constant(" "))), node.body[0]))
        return node


def _counted(iterable: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(TURNS, ast.Load()), [iterable], [])


@lru_cache(1)  # each function of a text asks for it
def counting(tree: ast.Module) -> ast.Module:
    """An audited text, its functions made to count; lines are as they were."""
    changed: ast.Module = _Counting().visit(copy.deepcopy(tree))
    return ast.fix_missing_locations(changed)


def _counter() -> Callable[[Any], Any]:
    """What the functions call. Errors: OutOfWork, OutOfTime."""
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

    return turns


# --- the two ways


def counted(tree: ast.Module, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The namespace of an audited text, with its functions made to count; what stands in their place stays."""
    own = [node for name, node in functions(counting(tree)).items() if _is_own(name, namespace)]
    return _defined(own, dict(namespace))


def _is_own(name: str, namespace: Mapping[str, Any]) -> bool:
    """Whether what a namespace has under the name of a function is the one that the text defines."""
    found = namespace.get(name)
    return found is None or getattr(getattr(found, "__code__", None), "co_name", "") == name


def _defined(own: Collection[ast.FunctionDef], known: dict[str, Any]) -> dict[str, Any]:
    known[TURNS] = _counter()
    exec(compile(ast.Module(list(own), []), "<counted>", "exec", dont_inherit=True), known)  # audited before
    return known


def space(tree: ast.Module, standing: Collection[str]) -> Mapping[str, Any]:
    """The functions of an audited text on a tape's numbers; `standing`: helpers that are the function of their name."""
    allowed = {name: getattr(builtins, name) for name in BUILTINS}
    mathematics = {name: library(name) for name, one in vars(math).items() if callable(one) and name[0] != "_"}
    mathematics |= {"isnan": _plainly(math.isnan, False), "isinf": _plainly(math.isinf, False)}
    mathematics |= {"isfinite": _plainly(math.isfinite, True)}
    mathematics |= {name: getattr(math, name) for name in ("inf", "nan", "pi", "e", "tau")}
    known: dict[str, Any] = {
        "__builtins__": allowed | {"float": _float, "pow": mathematics["pow"]},
        "math": SimpleNamespace(**mathematics),
    }
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "math":
            known |= {alias.asname or alias.name: mathematics[alias.name] for alias in node.names}
    _defined(functions(counting(tree)).values(), known)
    known |= {name: _operation(known[name]) for name, node in functions(tree).items() if is_own(node)}
    known |= {name: library(name) for name in standing if name in FUNCTIONS and name not in STEPS}
    return known


def library(name: str) -> Callable[..., Any]:
    """A function of `math`, or a helper, on numbers of a tape and others."""

    def call(*given: Any) -> Any:
        if not any(one.__class__ is Number for one in given):
            return _plain(name, *given)
        if name == "pow":
            return given[0] ** given[1]
        return abs(given[0]) if name == "fabs" else applied(name, *given)

    return call


def _operation(function: Callable[..., Any]) -> Callable[..., Any]:
    """An operation that the model declares: the rule for its slope may be written in its value."""

    def value(*point: Any) -> Any:
        return read(function(*map(Tape().variable, point)))[0]

    def call(*given: Any) -> Any:
        found = function(*given)
        return by_value(found, value, [read(one)[0] for one in given]) if found.__class__ is Number else found

    return call


def _plain(name: str, *given: Any) -> Any:
    """On CPython's own numbers. Errors: Unfollowed, and those of the function."""
    if hasattr(math, name):
        return getattr(math, name)(*given)
    if name not in FUNCTIONS:
        raise Unfollowed(name)
    return float(FUNCTIONS[name](*given))


def _plainly(question: Callable[[float], bool], of_tapes: bool) -> Callable[[Any], bool]:
    """A question about a double, to which all numbers of a tape have one answer."""
    return lambda given: of_tapes if given.__class__ is Number else question(given)


def _float(given: Any) -> Any:
    return given if given.__class__ is Number else float(given)
