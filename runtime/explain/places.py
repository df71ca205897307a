"""Which entries a piece of emitted text sets and reads, syntax -> places: `W[j][k + 1]` is W at j and at k + 1.

>>> text = ast.parse("W_j = W[j]; s = W_j[k + 1]")
>>> for found in places(text, rows(text.body[:1])):
...     print(found.name, found.at, found.sets)
W ('j',) True
W ('j',) False
s () True
W ('j', ('+', 'k', 1)) False
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from mgc.runtime.subscripts import root_and_indices

Index = int | str | tuple["Index", ...]  # a number, a name, (sign, left, right) or ("[]", name, index, ...)

_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%"}


class Place(Struct, frozen=True):
    """A mention of a variable or of an entry: where it stands in its line, and whether it is set there."""

    name: str
    at: tuple[Index, ...]
    line: int
    start: int
    end: int
    sets: bool


Rows = Mapping[str, tuple[str, tuple[Index, ...]]]  # the name of a row -> the array, and the indices of the row in it


def places(root: ast.AST, named: Rows) -> Iterator[Place]:
    """The outermost mentions below a piece of syntax: of `W[j][k]` it is one of W, and none of W[j], j or k."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        found = _place(node, named)
        if found is not None:
            yield found
        else:
            inner = node.args if isinstance(node, ast.Call) else [*ast.iter_child_nodes(node)]
            waiting.extend(reversed(inner))


def rows(statements: Iterable[ast.stmt]) -> Rows:
    """The rows that statements such as `W_j = W[j]` and `w_0, w_1 = w` name."""
    found: dict[str, tuple[str, tuple[Index, ...]]] = {}
    for node in statements:
        if not isinstance(node, ast.Assign) or (row := _place(node.value, found)) is None:
            continue
        target = node.targets[0]
        if isinstance(target, ast.Name):
            found[target.id] = (row.name, row.at)
        elif isinstance(target, ast.Tuple):
            for number, one in enumerate(target.elts):
                if isinstance(one, ast.Name):
                    found[one.id] = (row.name, (*row.at, number))
    return found


def _place(node: ast.AST, named: Rows) -> Place | None:
    if not isinstance(node, ast.Name | ast.Subscript):
        return None
    root, subscripts = root_and_indices(node)
    indices = [index for one in subscripts if (index := _index(one, named)) is not None]
    if not isinstance(root, ast.Name) or len(indices) < len(subscripts):
        return None
    name, before = named.get(root.id, (root.id, ()))
    sets = isinstance(node.ctx, ast.Store)
    return Place(name, (*before, *indices), node.lineno, node.col_offset, node.end_col_offset or 0, sets)


def _index(node: ast.expr, named: Rows) -> Index | None:
    match node:
        case ast.Constant(value=int(number)):
            return number
        case ast.Name(id=name):
            return name
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            parts = [part for part in (_index(left, named), _index(right, named)) if part is not None]
            return (_SIGNS[type(sign)], *parts) if len(parts) == 2 else None
        case ast.Subscript() if (found := _place(node, named)) is not None:
            return ("[]", found.name, *found.at)
    return None
