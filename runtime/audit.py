"""The last gate before emitted text runs, text -> namespace: only what the printer can mean is let through.

The compiler never copies a model's text into code; this check does not rely on that.

>>> run("def f(x):\\n    return x * x\\n", "<emitted>").lines
{'f': (1, 2)}
>>> audit("import os\\n")  # doctest: +IGNORE_EXCEPTION_DETAIL
Traceback (most recent call last):
AuditError: line 1: import of 'os'
"""

from __future__ import annotations

import ast
import builtins
import math
import sys
from collections.abc import Callable, Mapping

from msgspec import Struct

from mgc.compiler.collector import without_collector

PLAIN_NODES = (
    ast.Module, ast.arguments, ast.alias, ast.Expr, ast.Return, ast.Pass,
    ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.While, ast.If, ast.Break, ast.Continue,
    ast.Raise, ast.Try,
    ast.Subscript, ast.Slice, ast.Starred, ast.Tuple, ast.List, ast.Dict, ast.ListComp, ast.GeneratorExp,
    ast.comprehension, ast.IfExp, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.JoinedStr,
    *ast.operator.__subclasses__(), *ast.unaryop.__subclasses__(), *ast.boolop.__subclasses__(),
    *ast.cmpop.__subclasses__(), ast.Load, ast.Store,
)  # fmt: skip  # a list to read by kind: structure, statements, expressions, operators

BUILTINS = (
    "abs", "all", "any", "bool", "dict", "divmod", "enumerate", "float", "int", "isinstance", "len", "list",
    "max", "min", "pow", "range", "reversed", "round", "sorted", "str", "sum", "tuple", "zip",
    "ArithmeticError", "IndexError", "KeyError", "OverflowError", "TypeError", "ValueError",
    "ZeroDivisionError",
)  # fmt: skip  # a list to read by kind: functions, exceptions

MODULES = {
    "math": frozenset(name for name in dir(math) if not name.startswith("_")),
    "random": frozenset({"Random"}),  # a generator of its own seed; nothing that touches the shared one
}
METHODS = frozenset(
    {"append", "extend", "items", "keys", "values", "copy", "get"}  # lists and dicts
    | {"random", "uniform", "gauss", "normalvariate"}  # random.Random
    | {"as_integer_ratio", "is_integer", "join"}  # floats, text of messages
)

MOST_QUOTED = 60  # characters


class AuditError(Exception):
    """Emitted text holds something that the printer never emits: a bug in mgc, and the text was not run."""


class Emitted(Struct, frozen=True):
    """Text that ran: its names, and the first and last line of each function."""

    namespace: dict[str, object]
    lines: dict[str, tuple[int, int]]


def audit(text: str) -> ast.Module:
    """The parsed text, if it may run. Errors: AuditError with the emitted line."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        said = f"{error.msg}, line {error.lineno}" if isinstance(error, SyntaxError) else error
        raise AuditError(f"emitted text does not parse: {said}") from None
    functions = frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))
    if tree.body and _is_guard(tree.body[-1], functions):
        del tree.body[-1]  # the file run alone does this; mgc only ever defines
    for statement in tree.body:
        if not _defines(statement):
            raise AuditError(f"line {statement.lineno}: {_quoted(statement, text)} outside a function")
    nodes = list(ast.walk(tree))
    names = _callable_names(nodes)
    for node in nodes:
        kind = type(node)
        if kind in _PLAIN:
            continue
        check = _CHECKS.get(kind)
        problem = check(node, names) if check else _quoted(node, text)
        if problem is not None:
            raise AuditError(f"line {getattr(node, 'lineno', 0)}: {problem}")
    return tree


def run(text: str, filename: str) -> Emitted:
    """Audit and execute emitted text. What runs is the very tree that was audited. Errors: AuditError."""
    with without_collector():
        tree = audit(text)
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        lines = {node.name: (node.lineno, node.end_lineno or node.lineno) for node in functions}
        return Emitted(execute(tree, filename, {}), lines)


def execute(tree: ast.Module, filename: str, more: Mapping[str, object]) -> dict[str, object]:
    """The names of an audited tree, to which mgc itself may have added calls of `more`."""
    code = compile(tree, filename, "exec", dont_inherit=True)
    allowed: dict[str, object] = {name: getattr(builtins, name) for name in BUILTINS}
    namespace = {"__builtins__": {**allowed, "__import__": _import}, "__name__": "emitted", **more}
    exec(code, namespace)  # the one place where emitted text runs, after the audit above
    return namespace


def _import(
    name: str, globals_: object = None, locals_: object = None, fromlist: object = (), level: int = 0
) -> object:
    if level != 0 or name not in (*MODULES, "__future__"):
        raise AuditError(f"import of {name!r}")
    __import__(name)
    return sys.modules[name]


def _callable_names(nodes: list[ast.AST]) -> frozenset[str]:
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    aliases = [alias for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names]
    return frozenset(defined | {alias.asname or alias.name for alias in aliases} | set(BUILTINS))


def _is_guard(node: ast.stmt, functions: frozenset[str]) -> bool:
    """Whether this is what a self-check ends with, to the letter.

    if __name__ == "__main__":
        table, status = self_check()
        print(table)
        raise SystemExit(status)
    """
    match node:
        case ast.If(
            test=ast.Compare(ast.Name("__name__"), [ast.Eq()], [ast.Constant("__main__")]),
            body=[
                ast.Assign([ast.Tuple([ast.Name("table"), ast.Name("status")])], ast.Call(ast.Name(check), [], [])),
                ast.Expr(ast.Call(ast.Name("print"), [ast.Name("table")], [])),
                ast.Raise(ast.Call(ast.Name("SystemExit"), [ast.Name("status")], []), None),
            ],
            orelse=[],
        ):
            return check in functions
        case _:
            return False


def _defines(node: ast.stmt) -> bool:
    """Whether a statement outside of functions does nothing but define."""
    match node:
        case ast.FunctionDef() | ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign() | ast.AnnAssign():
            return not any(isinstance(inner, _WORK) for inner in ast.walk(node))
        case _:
            return False


def _quoted(node: ast.AST, text: str) -> str:
    """The line that a node begins on."""
    lines, number = text.splitlines(), getattr(node, "lineno", 0)
    return f"`{lines[number - 1].strip()[:MOST_QUOTED]}`" if 0 < number <= len(lines) else type(node).__name__


def _reserved(name: str) -> bool:
    """Dunder names reach Python's machinery, and names that are not ASCII are not what they look like."""
    return name.startswith("__") or not name.isascii()


# --- what may be wrong with a node of each kind, or None


def _name(node: ast.Name, names: frozenset[str]) -> str | None:
    return f"name {node.id!r}" if _reserved(node.id) else None


def _argument(node: ast.arg | ast.keyword, names: frozenset[str]) -> str | None:
    if node.arg is None:
        return "a double-starred argument"
    return f"name {node.arg!r}" if _reserved(node.arg) else None


def _definition(node: ast.FunctionDef, names: frozenset[str]) -> str | None:
    if node.decorator_list:
        return "a decorator"
    return f"name {node.name!r}" if _reserved(node.name) else None


def _constant(node: ast.Constant, names: frozenset[str]) -> str | None:
    plain = node.value is None or isinstance(node.value, int | float | str)
    return None if plain else f"constant {node.value!r:.40}"


def _call(node: ast.Call, names: frozenset[str]) -> str | None:
    match node.func:
        case ast.Name(id=name):
            return None if name in names else f"call of {name!r}"
        case ast.Attribute():
            return None
        case _:
            return "call of an expression"


def _attribute(node: ast.Attribute, names: frozenset[str]) -> str | None:
    owner = node.value.id if isinstance(node.value, ast.Name) else ""
    known = MODULES.get(owner, METHODS)
    return None if node.attr in known and isinstance(node.ctx, ast.Load) else f"attribute {node.attr!r}"


def _import_statement(node: ast.Import, names: frozenset[str]) -> str | None:
    bad = [alias.name for alias in node.names if alias.name not in MODULES or alias.asname]
    return f"import of {bad[0]!r}" if bad else None


def _import_from(node: ast.ImportFrom, names: frozenset[str]) -> str | None:
    if node.module == "__future__" and [alias.name for alias in node.names] == ["annotations"]:
        return None
    if node.level or node.module not in MODULES:
        return f"import of {node.module!r}"
    known = MODULES[node.module]
    bad = [a.name for a in node.names if a.name not in known or _reserved(a.asname or "")]
    return f"import of {bad[0]!r}" if bad else None


def _handler(node: ast.ExceptHandler, names: frozenset[str]) -> str | None:
    return None if node.type is not None and node.name is None else "an except clause without an exception"


def _formatted(node: ast.FormattedValue, names: frozenset[str]) -> str | None:
    return None if node.format_spec is None else "a format specification"


_CHECKS: dict[type[ast.AST], Callable[..., str | None]] = {
    ast.Name: _name,
    ast.arg: _argument,
    ast.keyword: _argument,
    ast.FunctionDef: _definition,
    ast.Constant: _constant,
    ast.Call: _call,
    ast.Attribute: _attribute,
    ast.Import: _import_statement,
    ast.ImportFrom: _import_from,
    ast.ExceptHandler: _handler,
    ast.FormattedValue: _formatted,
}
_PLAIN = frozenset(PLAIN_NODES)
_WORK = (ast.Call, ast.ListComp, ast.GeneratorExp, ast.Pow)
