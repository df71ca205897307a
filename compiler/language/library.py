"""The language's own declarations, name -> declaration: `ops.mg` and `prelude.mg`, each parsed when it is first used.

>>> lookup("exp").declaration.name
'exp'
>>> lookup("no_such_thing") is None
True
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from msgspec import Struct

from mgc.compiler.options import Target
from mgc.grammar.parser import parse
from mgc.grammar.tree import Comparison, Declaration, Expression, File, Function, Logical, Op

FILES = ("ops.mg", "prelude.mg")
RULES_ONLY = frozenset({"max_const", "min_const"})  # rows for the derivatives of max and min: no model can say them
_HEADER = re.compile(r"^(?:op|def|layer) ([A-Za-z][A-Za-z0-9_]*)", re.MULTILINE)


class Declared(Struct, frozen=True):
    """A declaration and the file that it stands in."""

    declaration: Declaration
    file: File
    library: bool = False


@cache
def lookup(name: str) -> Declared | None:
    """The library's op, def or layer of that name."""
    for file_name in FILES:
        text, places = _index(file_name)
        if name in places:
            start, end, line = places[name]
            declaration = parse(text[start:end], file_name, line).declarations[0]
            return Declared(declaration, file(file_name), library=True)
    return None


@cache
def file(file_name: str) -> File:
    """A library file, for the messages about it; its declarations are parsed one by one."""
    return File(file_name, _index(file_name)[0], ())


def operation(name: str) -> Op | None:
    """The row of the op table, or None."""
    found = lookup(name) if name in names("ops.mg") else None
    return found.declaration if found is not None and isinstance(found.declaration, Op) else None


@cache
def native(name: str, target: Target) -> str | None:
    """What the target's own library calls an operation, or None where it has no such function.

    >>> native("abs", "c"), native("sin", "c"), native("sigmoid", "c")
    ('fabs', 'sin', None)
    """
    row = operation(name)
    if row is None or row.native is None:
        return name if row is not None and not row.body else None
    spellings = dict(row.native.spellings)
    return (spellings[target] or name) if target in spellings else None


@cache
def may_fail(name: str) -> bool:
    """Whether an operation has no number somewhere, or an infinite one; what is not in the table may."""
    row = operation(name)
    return row is None or row.domain is not None or row.says("overflows")


@cache
def has_domain(name: str) -> bool:
    """Whether an operation has no number somewhere; what is not in the table may have none."""
    row = operation(name)
    return row is None or row.domain is not None


@cache
def is_steep(name: str) -> bool:
    """Whether the slope of an operation of the table is infinite somewhere where its value is not.

    >>> is_steep("sqrt"), is_steep("log"), is_steep("sin")
    (True, False, False)
    """
    row = operation(name)
    return row is not None and (row.says("steep") or (row.domain is not None and _has_its_end(row.domain)))


def _has_its_end(domain: Expression) -> bool:
    """Whether a domain contains a point at which it ends: `x >= 0`, and not `x > 0`."""
    if isinstance(domain, Logical):
        return _has_its_end(domain.left) or _has_its_end(domain.right)
    return isinstance(domain, Comparison) and bool({"<=", ">=", "=="} & set(domain.operators))


def function(name: str) -> Function | None:
    """The prelude's def or layer, or None."""
    found = lookup(name)
    return found.declaration if found is not None and isinstance(found.declaration, Function) else None


def names(file_name: str) -> Iterable[str]:
    """The names that a library file declares, in order."""
    return _index(file_name)[1]


@cache
def _index(file_name: str) -> tuple[str, dict[str, tuple[int, int, int]]]:
    text = Path(__file__).with_name(file_name).read_text(encoding="utf-8")
    heads = list(_HEADER.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    places = {}
    for head, end in zip(heads, ends, strict=True):
        places[head.group(1)] = (head.start(), end, text.count("\n", 0, head.start()) + 1)
    return text, places
